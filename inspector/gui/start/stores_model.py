"""Files that can be opened: what each is, as far as that is known yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from inspector.gui.cells.cell_delegate import ELLIPSIS, TwoLines, icon_run
from inspector.gui.cells.columns import Column
from inspector.gui.style.text_format import count, short_path
from inspector.gui.style.text_runs import CELL_ROLE, DIM, TEXT, Elide, Run
from inspector.gui.style.time_format import TimeStyle, ago, from_seconds, parse, show
from inspector.session.store_probe import StoreProbe
from inspector.store.default_store import NAMES as STORE_NAMES
from inspector.store.rows import Form, Journal

Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()
PLACE_COLUMNS: Final = (Column("place", "File", 200, stretch=True),)
_NAMES: Final = {
    Form.SQLITE: "Stigmer store",
    Form.JSON: "JSON store",
    Form.FOREIGN: "SQLite database (not Stigmer)",
}
_JOURNALS: Final = {
    Journal.CLEAN: "Not in use",
    Journal.LIVE: "Daemon running",
    Journal.LEFT: "Daemon was killed; WAL included",
    Journal.ROLLBACK: "Has a rollback journal; fully readable",
}


@dataclass(frozen=True, slots=True)
class StoreFile:
    """A file in a list.

    Attributes:
        path: as it is opened.
        opened: when it was last opened, as ISO 8601; empty where it is listed for being there.
        seen: what it is; None while that is not known.
        note: what else is to be said, such as that a newer one lies beside it.
    """

    path: str
    opened: str = ""
    seen: StoreProbe | None = None
    note: str = ""


def sentence(place: StoreFile) -> str:
    """What a file is, in a few words."""
    seen = place.seen
    if seen is None:
        return ELLIPSIS
    if seen.facts is None:
        what = "File not found" if seen.missing else str(seen.problem and seen.problem.message)
        return ". ".join(part for part in (what.rstrip("."), place.note) if part)
    facts = seen.facts
    parts = ["Test database"] if facts.is_test else []
    if not facts.is_test or facts.form is not Form.SQLITE:
        parts.append(_NAMES.get(facts.form, ""))
    if facts.layout is not None:
        parts.append(f"layout {facts.layout}")
    if seen.records is not None:
        parts.append(count(seen.records, "record"))
    daemon = _JOURNALS.get(facts.journal, "") if facts.form is Form.SQLITE else ""
    if facts.journal is Journal.CLEAN and not facts.asleep:
        daemon = ""  # somebody may have it open who does nothing with it
    if daemon and facts.daemon_pid is not None:
        daemon += f", pid {facts.daemon_pid}"
    damaged = "Damaged; what can be read is shown" if seen.problem else ""
    return ". ".join(part for part in (", ".join(parts), damaged, place.note, daemon) if part)


def with_newer(places: Sequence[StoreFile]) -> list[StoreFile]:
    """The places, the older of two stores of one daemon with a word about the newer one."""
    result = []
    for place in places:
        later = [
            other
            for other in places
            if _is_daemons(place) and _is_daemons(other)
            if Path(other.path).parent == Path(place.path).parent
            and _written(other) > _written(place) > 0
        ]
        newest = max(later, key=_written, default=None)
        note = f"{short_path(Path(newest.path).name)} beside it is newer" if newest else ""
        result.append(replace(place, note=note or place.note))
    return result


def _is_daemons(place: StoreFile) -> bool:
    """Whether it is a store by a name a daemon gives: others in its folder are no newer ones."""
    facts = place.seen.facts if place.seen is not None else None
    stored = facts is not None and facts.form in (Form.SQLITE, Form.JSON)
    return stored and Path(place.path).name in STORE_NAMES


def _written(place: StoreFile) -> int:
    seen = place.seen
    return (seen.modified or 0) if seen is not None and seen.facts is not None else 0


def _time(place: StoreFile, style: TimeStyle) -> str:
    """When it was opened, or else modified, and which of the two that is."""
    now = datetime.now(UTC)
    seen = place.seen
    written = None
    if seen is not None and seen.modified is not None:
        written = from_seconds(*divmod(seen.modified, 1_000_000_000))
    if written is not None and seen is not None and seen.running:
        return f"modified {ago(now - written)}"
    opened = parse(place.opened)
    moment = opened or written
    verb = "opened" if opened is not None else "modified"
    return f"{verb} {show(moment, style, now)}" if moment is not None else ""


class StoresModel(QAbstractTableModel):
    """Rows of :class:`StoreFile`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._places: list[StoreFile] = []
        self._style = TimeStyle.UTC

    def set_places(self, places: Sequence[StoreFile]) -> None:
        """Show other rows; a file that was there keeps what is known of it."""
        known = {place.path: place.seen for place in self._places}
        self.beginResetModel()
        self._places = with_newer(
            [
                place if place.seen else replace(place, seen=known.get(place.path))
                for place in places
            ]
        )
        self.endResetModel()

    def tell(self, seen: StoreProbe) -> None:
        """Say what a file is."""
        self._places = with_newer(
            [replace(p, seen=seen) if p.path == seen.path else p for p in self._places]
        )
        if self._places:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._places) - 1, 0))

    def set_times(self, style: TimeStyle) -> None:
        """Write times in another way."""
        self._style = style
        if self._places:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._places) - 1, 0))

    def places(self) -> tuple[StoreFile, ...]:
        """All rows."""
        return tuple(self._places)

    def place(self, row: int) -> StoreFile | None:
        """The file of a row."""
        return self._places[row] if 0 <= row < len(self._places) else None

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Number of files."""
        return 0 if parent.isValid() else len(self._places)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """One column."""
        return 0 if parent.isValid() else len(PLACE_COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Both lines, the path, and what a screen reader says."""
        place = self.place(index.row())
        if place is None:
            return None
        if role == CELL_ROLE:
            return self._cell(place)
        if role == Qt.ItemDataRole.DisplayRole:
            return short_path(place.path)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._speech(place)
        return None

    def _cell(self, place: StoreFile) -> TwoLines:
        gone = place.seen is not None and place.seen.facts is None
        side = Run(_time(place, self._style), DIM)
        return TwoLines(
            (Run(short_path(place.path), DIM if gone else TEXT, Elide.ElideLeft),),
            second=(Run(sentence(place), DIM, Elide.ElideRight),),
            side=side if side.text else None,
            icon=icon_run(_icon(place)),
        )

    def _speech(self, place: StoreFile) -> str:
        when = _time(place, self._style)
        words = sentence(place) if place.seen is not None else "not looked at yet"
        return ", ".join(part for part in (short_path(place.path), words, when) if part)


def _icon(place: StoreFile) -> str:
    seen = place.seen
    if seen is None or seen.missing or (seen.facts is not None and seen.problem is None):
        return "file"
    return "warning" if seen.facts is not None else "error"
