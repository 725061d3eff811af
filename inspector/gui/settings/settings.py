"""What is remembered between two starts: a typed record of which only differences are stored.

Another running process may write the file of it as well.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any, Final

from PySide6.QtCore import QByteArray, QStandardPaths

from inspector.gui.settings.file_memory import FileMemory
from inspector.gui.style.fonts import ZOOMS
from inspector.gui.style.time_format import TimeStyle
from inspector.named_tuple import NamedTuple

RECENT: Final = 10
FILES: Final = 50
APPEARANCES: Final = ("system", "light", "dark")

#: What the preferences offer and their reset takes back.
PREFERENCES: Final = (
    *("appearance", "zoom", "times", "wrap", "wrap_json"),
    *("types", "unset", "reader"),
)


class Settings:
    """All settings.

    Attributes:
        appearance: ``system``, ``light`` or ``dark``.
        zoom: text size in per cent.
        times: a value of :class:`inspector.gui.style.time_format.TimeStyle`.
        wrap: whether long lines are wrapped in the reader.
        wrap_json: whether they are in JSON.
        types: whether the tree shows types and numbers.
        unset: whether a new window's tree shows fields that are not set.
        reader: whether the reader is shown.
        only_changes: whether a difference leaves out what is the same.
        side_by_side: whether its texts stand beside each other where there is room.
        export_folder: where the last export went.
        open_folder: where the last file was opened.
        geometry: the window's, as base64.
        panes: widths of the three panes.
        recent: path and time of the last opening of files, newest first.
        filters: expressions that were saved: name, kind, expression.
        files: what is remembered of each file, by real path, last used last.
        ignored: names of what was stored and could not be used; not stored.
    """

    def __init__(self, **values: Any) -> None:
        """The defaults, but for some values by their names."""
        self.appearance = "system"
        self.zoom = 100
        self.times = "UTC"
        self.wrap = True
        self.wrap_json = True
        self.types = True
        self.unset = False
        self.reader = True
        self.only_changes = True
        self.side_by_side = True
        self.export_folder = ""
        self.open_folder = ""
        self.geometry = ""
        self.panes: list[int] = []
        self.recent: list[list[str]] = []
        self.filters: list[list[str]] = []
        self.files: dict[str, Any] = {}
        self.ignored: list[str] = []
        if unknown := values.keys() - vars(self).keys():
            raise TypeError(f"there is no {', '.join(sorted(unknown))}")
        vars(self).update(values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Settings) and self._compared() == other._compared()

    __hash__ = None  # type: ignore[assignment]  # its values change

    def _compared(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "ignored"}

    def differences(self) -> dict[str, Any]:
        """The values that are not the defaults."""
        own = vars(Settings())
        return {name: value for name, value in self._compared().items() if value != own[name]}

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Settings:
        """Settings out of stored values; one that cannot be used is left out and named.

        A name that is not known may be a newer version's: it is left out without a word.
        """
        settings = cls()
        for name, default in settings._compared().items():
            if name not in stored:
                continue
            value = stored[name]
            valid = _VALID.get(name, lambda _: True)
            if type(value) is type(default) and valid(value):
                setattr(settings, name, value)
            else:
                settings.ignored.append(name)
        whole, settings.recent = settings.recent, recent_pairs(settings.recent)
        if len(settings.recent) < len(whole):
            settings.ignored.append("part of recent")
        return settings

    def reset_preferences(self) -> None:
        """Take back what the preferences offer; files and where windows lie stay remembered."""
        own = Settings()
        for name in PREFERENCES:
            setattr(self, name, getattr(own, name))

    # Files

    def recent_files(self) -> list[tuple[str, str]]:
        """Path and time of the last opening of recent files, newest first."""
        return [(path, opened) for path, opened in self.recent][:RECENT]

    def add_recent(self, path: str, opened: str) -> None:
        """Put a file at the top of the recent ones."""
        others = [[p, time] for p, time in self.recent_files() if p != path]
        self.recent = [[path, opened], *others][:RECENT]

    def forget_recent(self, path: str | None = None) -> None:
        """Take a file, or all of them, off the recent ones."""
        self.recent = [[p, t] for p, t in self.recent_files() if path is not None and p != path]

    def remembered(self, file: str) -> FileMemory:
        """What is remembered of a file by its real path; what is broken is left out and named."""
        if file not in self.files:
            return FileMemory()
        made, broken = FileMemory.of(self.files[file])
        self.ignored += [f"{name} of {file}" for name in broken]
        return made

    def remember(self, file: str, what: FileMemory) -> None:
        """Keep what is to be remembered of a file, and of the last few others."""
        self.files.pop(file, None)
        self.files[file] = what.stored()
        while len(self.files) > FILES:
            del self.files[next(iter(self.files))]


def recent_pairs(value: object) -> list[list[str]]:
    """The entries of a stored list of recent files that are as they should be."""
    entries = value if isinstance(value, list) else []
    return [list(map(str, each)) for each in entries if _are_texts(each, 2)]


def _are_texts(value: object, count: int) -> bool:
    if not isinstance(value, list) or len(value) != count:
        return False
    return all(isinstance(each, str) for each in value)


#: What a value has to be beside its type.
_VALID: Final[dict[str, Callable[[Any], bool]]] = {
    "appearance": APPEARANCES.__contains__,
    "zoom": range(ZOOMS[0], ZOOMS[-1] + 1).__contains__,
    "times": [style.value for style in TimeStyle].__contains__,
    "filters": lambda kept: all(_are_texts(one, 3) for one in kept),
    "panes": lambda sizes: all(type(size) is int and size >= 0 for size in sizes),
}


_PATIENCE: Final = 1000  #: milliseconds to wait while another process writes

Values = dict[str, Any]


class Draft(NamedTuple):
    """Settings to be written; a higher number is newer."""

    number: int
    values: Values


def default_path() -> Path:
    """The settings file of this account."""
    place = QStandardPaths.StandardLocation.AppConfigLocation
    return Path(QStandardPaths.writableLocation(place)) / "settings.json"


class SettingsFile:
    """Reads settings and writes what was changed here into what stands there by then.

    What is not ours is kept: names of a newer version, and what another process changed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._base: Values = {}  #: what we had when it was read or written last
        self._broken: tuple[str, ...] = ()  #: names whose values were told to be left out
        self._drafts = count(1)
        self._written = 0  #: number of the draft that was written last
        self._one_writes = Lock()

    def load(self) -> Settings:
        """Read settings; a missing file gives the defaults, a damaged one does and is named."""
        stored = _read(self.path)
        settings = Settings(ignored=["all"]) if stored is None else Settings.of(stored)
        self._base = plain(settings)
        self._broken = tuple(settings.ignored)
        return settings

    def save(self, settings: Settings) -> bool:
        """Write settings, all or nothing.

        Returns:
            False where the folder cannot be written: nothing is lost but the memory.
        """
        return self.write(self.draft(settings))

    def draft(self, settings: Settings) -> Draft:
        """Settings as they are now, to be written by a worker."""
        return Draft(next(self._drafts), plain(settings))

    def write(self, draft: Draft) -> bool:
        """Write a draft, unless a newer one was written; may be called in a worker."""
        with self._one_writes:
            if draft.number < self._written:
                return True
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            except OSError:
                return False
            from PySide6.QtCore import QLockFile  # noqa: PLC0415 - not to read

            lock = QLockFile(f"{self.path}.lock")
            # Where it cannot be had, a lost line is better than a lost setting.
            lock.tryLock(_PATIENCE)
            try:
                return self._write(draft)
            finally:
                lock.unlock()

    def _write(self, draft: Draft) -> bool:
        stored = _read(self.path)
        there = {n: v for n, v in (stored or {}).items() if n not in self._broken}
        merged = merge(self._base, draft.values, there) if there else draft.values
        written = _write(self.path, merged)
        if written:
            self._base, self._broken, self._written = draft.values, (), draft.number
        return written


def plain(settings: Settings) -> Values:
    """The differences as they are written, apart from the settings themselves."""
    values: Values = json.loads(json.dumps(settings.differences()))
    return values


def merge(base: Mapping[str, Any], ours: Mapping[str, Any], there: Mapping[str, Any]) -> Values:
    """What is to be written.

    Args:
        base: our values when the file was read or written last.
        ours: our values now; those that are not in ``base`` or differ from it win.
        there: what the file holds now.
    """
    merged = _over(base, ours, there)
    files = _over(_mapping(base), _mapping(ours), _mapping(there))
    # The files of ours are in the order they were used in; those of others came before.
    order = [name for name in files if name not in _mapping(ours)]
    order += [name for name in _mapping(ours) if name in files]
    merged["files"] = {name: files[name] for name in order[-FILES:]}
    merged["recent"] = _recent(base, ours, there)
    return {name: value for name, value in merged.items() if value or name not in _LISTS}


_LISTS: Final = ("files", "recent")


def _over(base: Mapping[str, Any], ours: Mapping[str, Any], there: Mapping[str, Any]) -> Values:
    merged = dict(there)
    for name in {**base, **ours}:
        if name not in ours:
            merged.pop(name, None)
        elif name not in base or ours[name] != base[name]:
            merged[name] = ours[name]
    return merged


def _mapping(values: Mapping[str, Any]) -> Mapping[str, Any]:
    files = values.get("files")
    return files if isinstance(files, dict) else {}


def _recent(
    base: Mapping[str, Any], ours: Mapping[str, Any], there: Mapping[str, Any]
) -> list[list[str]]:
    """The files that were opened last by either, without those forgotten here."""
    before, own, others = (
        dict(recent_pairs(values.get("recent"))) for values in (base, ours, there)
    )
    # One that was forgotten here comes back where another process opened it since.
    kept = {p: t for p, t in others.items() if p in own or t > before.get(p, "")}
    times = {path: max(own.get(path, ""), kept.get(path, "")) for path in {**own, **kept}}
    newest = sorted(times.items(), key=lambda pair: pair[1], reverse=True)
    return [[path, time] for path, time in newest][:RECENT]


def _read(path: Path) -> Values | None:
    """What the file holds; nothing where there is none, None where it is damaged."""
    try:
        stored = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError):
        return None
    return stored if isinstance(stored, dict) else None


def _write(path: Path, values: Values) -> bool:
    from PySide6.QtCore import QIODevice, QSaveFile  # noqa: PLC0415 - not to read

    file = QSaveFile(str(path))
    if not file.open(QIODevice.OpenModeFlag.WriteOnly):
        return False
    # Paths and ids may hold what is no UTF-8, which only escapes can carry.
    file.write(QByteArray((json.dumps(values, indent=2) + "\n").encode()))
    return file.commit()
