"""What is remembered between two starts: a typed record of which only differences are stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QIODevice, QSaveFile, QStandardPaths


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

    def differences(self) -> dict[str, Any]:
        """The values that are not the defaults."""
        own = Settings()
        names = [each.name for each in fields(self)]
        return {n: getattr(self, n) for n in names if getattr(self, n) != getattr(own, n)}

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Settings:
        """Settings out of stored values; what is unknown or of another type is left out."""
        settings = cls()
        for each in fields(cls):
            value = stored.get(each.name)
            if type(value) is type(getattr(settings, each.name)):
                setattr(settings, each.name, value)
        return settings


def default_path() -> Path:
    """The settings file of this account."""
    place = QStandardPaths.StandardLocation.AppConfigLocation
    return Path(QStandardPaths.writableLocation(place)) / "settings.json"


def load(path: Path) -> Settings:
    """Read settings; a file that is missing or damaged gives the defaults."""
    try:
        stored = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return Settings()
    return Settings.of(stored) if isinstance(stored, dict) else Settings()


def save(settings: Settings, path: Path) -> bool:
    """Write settings, all or nothing.

    Returns:
        False where the folder cannot be written: nothing is lost but the memory.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    file = QSaveFile(str(path))
    if not file.open(QIODevice.OpenModeFlag.WriteOnly):
        return False
    text = json.dumps(settings.differences(), indent=2, ensure_ascii=False) + "\n"
    file.write(QByteArray(text.encode()))
    return file.commit()
