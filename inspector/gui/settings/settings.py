"""What is remembered between two starts: a typed record of which only differences are stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from inspector.gui.settings.file_state import FileMemory
from inspector.gui.style.fonts import ZOOMS
from inspector.gui.style.time_format import TimeStyle

RECENT: Final = 10
FILES: Final = 50
APPEARANCES: Final = ("system", "light", "dark")

#: What the preferences offer and their reset takes back.
PREFERENCES: Final = (
    *("appearance", "zoom", "times", "wrap", "wrap_json"),
    *("types", "unset", "reader"),
)


@dataclass
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
        files: what is remembered of each file, by real path, last used last.
        ignored: names of what was stored and could not be used; not stored.
    """

    appearance: str = "system"
    zoom: int = 100
    times: str = "UTC"
    wrap: bool = True
    wrap_json: bool = True
    types: bool = True
    unset: bool = False
    reader: bool = True
    only_changes: bool = True
    side_by_side: bool = True
    export_folder: str = ""
    open_folder: str = ""
    geometry: str = ""
    panes: list[int] = field(default_factory=list)
    recent: list[list[str]] = field(default_factory=list)
    files: dict[str, Any] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list, compare=False)

    def differences(self) -> dict[str, Any]:
        """The values that are not the defaults."""
        own = Settings()
        names = [each.name for each in fields(self) if each.compare]
        return {n: getattr(self, n) for n in names if getattr(self, n) != getattr(own, n)}

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Settings:
        """Settings out of stored values; one that cannot be used is left out and named.

        A name that is not known may be a newer version's: it is left out without a word.
        """
        settings = cls()
        for each in fields(cls):
            if each.name not in stored or not each.compare:
                continue
            value = stored[each.name]
            valid = _VALID.get(each.name, lambda _: True)
            if type(value) is type(getattr(settings, each.name)) and valid(value):
                setattr(settings, each.name, value)
            else:
                settings.ignored.append(each.name)
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
    return [list(map(str, each)) for each in entries if _is_pair(each)]


def _is_pair(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(v, str) for v in value)


#: What a value has to be beside its type.
_VALID: Final[dict[str, Callable[[Any], bool]]] = {
    "appearance": APPEARANCES.__contains__,
    "zoom": range(ZOOMS[0], ZOOMS[-1] + 1).__contains__,
    "times": [style.value for style in TimeStyle].__contains__,
    "panes": lambda sizes: all(type(size) is int and size >= 0 for size in sizes),
}
