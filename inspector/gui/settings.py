"""What is remembered between two starts: a typed record of which only differences are stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QByteArray, QIODevice, QSaveFile, QStandardPaths

from inspector.gui.remembered import Remembered

RECENT: Final = 10
_FILES: Final = 50


@dataclass
class Settings:
    """All settings.

    Attributes:
        appearance: ``system``, ``light`` or ``dark``.
        zoom: text size in per cent.
        times: a value of :class:`inspector.gui.times.TimeStyle`.
        wrap: whether long lines are wrapped in the reader.
        wrap_json: whether they are in JSON.
        types: whether the tree shows types and numbers.
        export_folder: where the last export went.
        open_folder: where the last file was opened.
        geometry: the window's, as base64.
        panes: widths of the three panes.
        recent: path and time of the last opening of files, newest first.
        files: what is remembered of each file, by real path, last used last.
        ignored: names of what was stored and could not be used; not stored.
    """

    appearance: str = "system"
    zoom: int = 100
    times: str = "UTC"
    wrap: bool = True
    wrap_json: bool = False
    types: bool = True
    reader: bool = True
    export_folder: str = ""
    open_folder: str = ""
    geometry: str = ""
    panes: list[int] = field(default_factory=list)
    recent: list[Any] = field(default_factory=list)
    files: dict[str, Any] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list, compare=False)

    def differences(self) -> dict[str, Any]:
        """The values that are not the defaults."""
        own = Settings()
        names = [each.name for each in fields(self) if each.compare]
        return {n: getattr(self, n) for n in names if getattr(self, n) != getattr(own, n)}

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Settings:
        """Settings out of stored values; one of another type is left out and named.

        A name that is not known may be a newer version's: it is left out without a word.
        """
        settings = cls()
        for each in fields(cls):
            if each.name not in stored or not each.compare:
                continue
            value = stored[each.name]
            if type(value) is type(getattr(settings, each.name)):
                setattr(settings, each.name, value)
            else:
                settings.ignored.append(each.name)
        return settings

    # Files

    def recent_files(self) -> list[tuple[str, str]]:
        """Path and time of the last opening of recent files, newest first."""
        pairs = [each for each in self.recent if isinstance(each, list) and len(each) == 2]
        return [(str(path), str(opened)) for path, opened in pairs][:RECENT]

    def add_recent(self, path: str, opened: str) -> None:
        """Put a file at the top of the recent ones."""
        others = [[p, time] for p, time in self.recent_files() if p != path]
        self.recent = [[path, opened], *others][:RECENT]

    def forget_recent(self, path: str | None = None) -> None:
        """Take a file, or all of them, off the recent ones."""
        self.recent = [[p, t] for p, t in self.recent_files() if path is not None and p != path]

    def remembered(self, file: str) -> Remembered:
        """What is remembered of a file by its real path; what is broken is left out and named."""
        if file not in self.files:
            return Remembered()
        made, broken = Remembered.of(self.files[file])
        self.ignored += [f"{name} of {file}" for name in broken]
        return made

    def remember(self, file: str, what: Remembered) -> None:
        """Keep what is to be remembered of a file, and of the last few others."""
        self.files.pop(file, None)
        self.files[file] = what.stored()
        while len(self.files) > _FILES:
            del self.files[next(iter(self.files))]


def default_path() -> Path:
    """The settings file of this account."""
    place = QStandardPaths.StandardLocation.AppConfigLocation
    return Path(QStandardPaths.writableLocation(place)) / "settings.json"


def load(path: Path) -> Settings:
    """Read settings; a file that is missing gives the defaults, a damaged one does and is named."""
    try:
        stored = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError, RecursionError):
        stored = None
    return Settings.of(stored) if isinstance(stored, dict) else Settings(ignored=["all"])


def save(settings: Settings, path: Path) -> bool:
    """Write settings, all or nothing.

    Returns:
        False where the folder cannot be written: nothing is lost but the memory.
    """
    return write(text_of(settings), path)


def text_of(settings: Settings) -> str:
    """Settings as they are written."""
    # Paths and ids may hold what is no UTF-8, which only escapes can carry.
    return json.dumps(settings.differences(), indent=2) + "\n"


def write(text: str, path: Path) -> bool:
    """Write what :func:`text_of` gave; may be called in a worker."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    file = QSaveFile(str(path))
    if not file.open(QIODevice.OpenModeFlag.WriteOnly):
        return False
    file.write(QByteArray(text.encode()))
    return file.commit()
