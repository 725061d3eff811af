"""A timeline: the versions of a record, newest first, the live state at their head."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from inspector.gui.cells.columns import head
from inspector.gui.cells.version_cells import (
    KEYS,
    RailMark,
    VersionLine,
    cell_of,
    name_of,
    spoken,
    tip_of,
    version_columns,
)
from inspector.gui.style.text_runs import CELL_ROLE
from inspector.gui.style.time_format import TimeStyle, head_name, parse
from inspector.session.history_queries import TimelineChange
from inspector.session.summaries import Version

__all__ = ["KEYS", "MARK_ROLE", "VersionsModel", "name_of"]

Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()
MARK_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 2  #: the :class:`RailMark` of a row


class VersionsModel(QAbstractTableModel):
    """Rows of versions; what each changed is told later, as rows come into view.

    A live state that equals none of the versions is a row of its own at the head.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._given: tuple[Version, ...] = ()
        self._versions: list[Version] = []
        self._silent: list[int] = []
        self._own_head = False
        self._live = -1
        self._rows: dict[str, int] = {}
        self._holders: dict[str, int] = {}
        self._changes: dict[int, TimelineChange] = {}
        self._base = -1
        self._times = TimeStyle.UTC

    def show(self, versions: Sequence[Version], *, gone: bool = True) -> bool:
        """Show other versions; False where they are those that are shown.

        Rows that could not be read are wanted once more.

        Args:
            versions: newest first.
            gone: whether the record has no live state.
        """
        live = next((i for i, each in enumerate(versions) if each.live), -1)
        own_head = bool(versions) and live < 0 and not gone
        if self._given and (tuple(versions), own_head) == (self._given, self._own_head):
            self._forget_problems()
            return False
        self.beginResetModel()
        self._given, self._own_head = tuple(versions), own_head
        self._versions = list(versions)
        self._silent = [at for at, version in enumerate(versions) if not version.whole]
        self._live = 0 if own_head else live
        self._changes, self._base = {}, -1
        self._rows = {version.name: row for row, version in enumerate(versions, int(own_head))}
        self._holders = {}
        for row, version in enumerate(versions, int(own_head)):
            self._holds(version.tag, row)
        self.endResetModel()
        return True

    def has_logged(self) -> bool:
        """Whether states out of the write-ahead log are among them."""
        return any(one.logged is not None for one in self.versions)

    @property
    def versions(self) -> Sequence[Version]:
        """The versions, newest first, without the live state's own row.

        It is the same sequence until others are shown.
        """
        return self._versions

    @property
    def own_head(self) -> bool:
        """Whether the first row is the live state and no version."""
        return self._own_head

    def live_row(self) -> int:
        """The row of the live state, or -1."""
        return self._live

    def version(self, row: int) -> Version | None:
        """The version of a row; None for the live state's own row."""
        row -= int(self._own_head)
        return self._versions[row] if 0 <= row < len(self._versions) else None

    def row_of(self, version: Version | None) -> int:
        """The row of a version, or -1."""
        row = self._rows.get(version.name, -1) if version is not None else -1
        here = self.version(row)
        if version is None or here is None:
            return -1
        # Not their names: one of the two may not be whole.
        same = (here.size, here.archived_at) == (version.size, version.archived_at)
        return row if same else -1

    def place(self, version: Version) -> str:
        """Which version it is, the first being 1; empty for one that is not listed."""
        row = self.row_of(version)
        return f"{self.rowCount() - row:,} of {len(self._versions):,}" if row >= 0 else ""

    # What only their blobs tell

    def silent(self, sight: range, most: int) -> list[int]:
        """Indices of some versions whose blobs were not asked yet, those in sight first."""
        shift = int(self._own_head)
        first = bisect_left(self._silent, sight.start - shift)
        last = bisect_left(self._silent, sight.stop - shift)
        return (self._silent[first:last] or self._silent)[:most]

    def complete(self, versions: Mapping[int, Version]) -> None:
        """What the blobs of some versions say, by their indices."""
        if not versions:
            return
        shift = int(self._own_head)
        for at, version in versions.items():
            self._versions[at] = version
            self._holds(version.tag, at + shift)
        self._silent = [at for at in self._silent if at not in versions]
        # A tag that is found may tell of every older row that it was there before.
        self._changed(min(versions) + shift, self.rowCount() - 1)

    def _holds(self, tag: str | None, row: int) -> None:
        if tag:
            self._holders[tag] = min(row, self._holders.get(tag, row))

    # What the rows changed

    def wanting(self, rows: range) -> range:
        """From the first to the last of some rows of which it is not known what they changed."""
        missing = [row for row in rows if row not in self._changes and row < self.rowCount()]
        return range(missing[0], missing[-1] + 1) if missing else range(0)

    def tell(self, changes: Mapping[int, TimelineChange]) -> None:
        """What some rows changed."""
        if not changes:
            return
        self._changes.update(changes)
        self._changed(min(changes), max(changes))

    def _forget_problems(self) -> None:
        failed = [row for row, change in self._changes.items() if change.problem]
        for row in failed:
            del self._changes[row]
            self._changed(row, row)
        for at, version in enumerate(self._versions):
            if version.problem and not self._given[at].whole:
                self._versions[at] = self._given[at]
                insort(self._silent, at)

    def set_base(self, row: int) -> None:
        """Mark the row that others are compared with; -1 for none."""
        before, self._base = self._base, row
        for one in {before, row}:
            self._changed(one, one)

    @property
    def base(self) -> int:
        """The row that others are compared with, or -1."""
        return self._base

    def set_times(self, style: TimeStyle) -> None:
        """Write times in another way."""
        self._times = style
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(KEYS) - 1)
        self._changed(0, self.rowCount() - 1)

    def _changed(self, first: int, last: int) -> None:
        if 0 <= first <= last < self.rowCount():
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(KEYS) - 1))

    # Qt's questions

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Number of rows."""
        return 0 if parent.isValid() else len(self._versions) + self._own_head

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Number of columns."""
        return 0 if parent.isValid() else len(KEYS)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Head of a column."""
        told = head(version_columns(self._times), section, orientation, role)
        timed = told is not None and KEYS[section] == "time"
        if timed and role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            style = TimeStyle.UTC if self._times is TimeStyle.RELATIVE else self._times
            return head_name(str(told), style)
        return told

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Cell, mark, text, tooltip and speech.

        The rail's text is the version's name, which the rail does not show: typing goes by it.
        """
        if not 0 <= index.row() < self.rowCount() or not 0 <= index.column() < len(KEYS):
            return None
        key, row = KEYS[index.column()], self.row(index.row())
        if role == MARK_ROLE:
            return row.mark
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_of(row, key)
        if role == Qt.ItemDataRole.AccessibleTextRole and key == "rail":
            return spoken(row, self._times)
        if role == CELL_ROLE:
            return cell_of(row, key, self._times) if key != "rail" else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return cell_of(row, "version" if key == "rail" else key, self._times).text
        return None

    def mark(self, row: int) -> RailMark:
        """How a row stands on the rail."""
        return self.row(row).mark

    def row(self, row: int) -> VersionLine:
        """What is known of a row."""
        version, change = self.version(row), self._changes.get(row)
        first = row + 1 >= self.rowCount()
        grown = change.grown if change is not None else None
        older = self.version(row + 1)
        if version is not None and older is not None:
            grown = version.size - older.size
        tag = version.tag if version is not None else None
        holds: bool | None = bool(tag) and self._holders.get(tag or "") == row
        if holds and self._silent and self._silent[0] + self._own_head < row:
            holds = None
        second = _second(version)
        near = (_second(self.version(row + by)) for by in (-1, 1))
        twin = second is not None and second in near
        return VersionLine(version, holds, grown, first, row == self._base, change, twin)


def _second(version: Version | None) -> datetime | None:
    """The second in which a version was archived; None where that is not known."""
    moment = parse(version.archived_at) if version is not None else None
    return moment.replace(microsecond=0) if moment is not None else None
