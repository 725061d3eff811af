"""The file of the settings, which another running process may write as well."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any, Final, NamedTuple

from PySide6.QtCore import QByteArray, QIODevice, QLockFile, QSaveFile, QStandardPaths

from inspector.gui.settings.settings import FILES, RECENT, Settings, recent_pairs

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
    file = QSaveFile(str(path))
    if not file.open(QIODevice.OpenModeFlag.WriteOnly):
        return False
    # Paths and ids may hold what is no UTF-8, which only escapes can carry.
    file.write(QByteArray((json.dumps(values, indent=2) + "\n").encode()))
    return file.commit()
