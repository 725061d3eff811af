"""The records of a kind: any number of rows, of which only pages in sight are read."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from inspector.errors import CancelledError, InspectorError, StoreError
from inspector.gui.cells.columns import head
from inspector.gui.records.page_cache import First, KindRowsSource, PagedRows
from inspector.gui.records.record_cells import (
    KEYS,
    RECORD_COLUMNS,
    TITLES,
    cell_of,
    speech_of,
    tip_of,
)
from inspector.gui.records.row_order import FirstRows, Kept, KeysetOrder, Order, ShownPages
from inspector.gui.style.text_runs import CELL_ROLE
from inspector.gui.style.time_format import TimeStyle, head_name
from inspector.gui.tasks import Tasks
from inspector.invisible import joined
from inspector.session.summaries import RecordHead, RecordKey

if TYPE_CHECKING:
    from inspector.gui.records.row_marks import RowMark, RowMarks


class RowFinder:
    """Finds rows in the worker; what is sought before all rows are known waits for them."""

    def __init__(self, tasks: Tasks, rows: PagedRows) -> None:
        self._tasks = tasks
        self._rows = rows
        self._seeking: tuple[RecordKey, Callable[[int], None]] | None = None

    def stop(self) -> None:
        """Seek nothing any more."""
        self._seeking = None
        for channel in ("seek", "letters"):
            self._tasks.forget(channel)

    def seek(self, key: RecordKey, found: Callable[[int], None]) -> None:
        """Find the row of a record; ``found`` is called with it, or with -1, once it is known.

        That is at once where the record is in memory, as the one that was looked at last mostly is
        when a file is opened again: its list is painted with the cursor on it.
        """
        rows = [row for row, head in self._rows.known() if RecordKey(head.kind, head.id) == key]
        if rows:
            self._seeking = None
            self._tasks.forget("seek")
            found(min(rows))
            return
        self._seeking = (key, found)
        self.go_on()

    def go_on(self) -> None:
        """Find what is sought, if there is now an order to look in."""
        reading = self._tasks.is_busy("rows") or self._tasks.is_busy("anchors")
        order = self._rows.order
        if self._seeking is None or (isinstance(order, FirstRows) and reading):
            return
        key, found = self._seeking

        def done(row: int) -> None:
            self._seeking = None
            found(row)

        self._tasks.run("seek", lambda cancel, _: order.find(key, cancel), done, lambda _: None)

    def starting(self, text: str, after: int, found: Callable[[int], None], *, keyed: bool) -> None:
        """Find a row whose id or name begins so.

        Names are looked at only in what is in memory, the rows behind ``after`` first; ids in all
        of the list. ``found`` is called with the row, or with -1. ``keyed``: records are called by
        kind and id.
        """
        rows = [row for row, head in self._rows.known() if _begins(head, text, keyed=keyed)]
        if rows:
            found(min(rows, key=lambda row: (row <= after, row)))
            return
        order = self._rows.order
        self._tasks.run(
            "letters", lambda cancel, _: order.starting(text, cancel), found, lambda _: None
        )


def _begins(head: RecordHead, text: str, *, keyed: bool) -> bool:
    names = (head.name or head.slug or "", head.id, f"{head.kind}/{head.id}" if keyed else "")
    begin = (joined(text) or text).casefold()
    return any(joined(name).casefold().startswith(begin) for name in names)


Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()


class RecordsModel(QAbstractTableModel):
    """Rows of record heads.

    ``counted`` tells the exact number of rows; ``failed`` why rows are missing; ``ready`` that the
    first page is there; ``working`` how far counting is.
    """

    counted = Signal(int)
    failed = Signal(InspectorError)
    ready = Signal()
    working = Signal(int, int)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._rows: KindRowsSource | None = None
        self._keyset: KeysetOrder | None = None
        self._broken: StoreError | None = None
        self._times = TimeStyle.UTC
        self._marks: RowMarks | None = None
        self._paged = PagedRows(tasks, self)
        self._paged.taken.connect(self._take)
        self._paged.failed.connect(self._fail)
        self._finder = RowFinder(tasks, self._paged)

    # What is listed

    def show(self, rows: KindRowsSource | None, *, read: bool = True) -> None:
        """Show other rows in the order of their ids.

        Args:
            rows: where they come from, None for none.
            read: ask for the first page at once; else nothing is shown before an order is given.
        """
        self._forget()
        self._tasks.forget("anchors")
        self._rows, self._keyset = rows, None
        self._reset(FirstRows(()))
        if rows is not None and read:
            first = rows.first
            self._tasks.run("rows", lambda cancel, _: first(cancel), self._first, self._fail)

    def show_order(self, order: Order, pages: Mapping[int, Kept]) -> None:
        """Show the rows in another order, or some of them.

        Args:
            order: where each row is.
            pages: those that were read already.
        """
        self._forget()
        self._reset(order)
        self._paged.put(pages)

    def grow(self, order: Order) -> None:
        """Take an order that has the same rows and more after them."""
        self._insert(order)

    @property
    def order(self) -> Order:
        """Where every row is."""
        return self._paged.order

    def shown(self) -> ShownPages:
        """The rows as they are on screen now, whatever is written or listed after."""
        return self._paged.shown()

    @property
    def keyset(self) -> KeysetOrder | None:
        """The order of the ids, once it is counted."""
        return self._keyset

    @property
    def keyed(self) -> bool:
        """Whether records of several kinds are listed, called by kind and id."""
        return self._rows is not None and self._rows.keyed

    def take_keyset(self, keyset: KeysetOrder) -> None:
        """The order of the ids was counted anew."""
        self._keyset = keyset

    def read_again(self, keys: Container[RecordKey]) -> None:
        """Read the rows in memory of some records anew; what was read is shown until then."""
        self._paged.read_again(keys)

    def set_marks(self, marks: RowMarks | None) -> None:
        """Show beside rows what has just happened to their records; None for nothing."""
        self._marks = marks

    def _mark(self, found: RecordHead | StoreError | None) -> RowMark | None:
        if self._marks is None or not isinstance(found, RecordHead):
            return None
        return self._marks.of(RecordKey(found.kind, found.id))

    def count_again(self) -> None:
        """Go on counting after it was cancelled."""
        if self._rows is not None:
            order = self._rows.order
            self._tasks.run("anchors", order, self._all, self._fail, self.working.emit, slow=True)

    # Single rows

    def head_at(self, row: int) -> RecordHead | None:
        """The record of a row, None where it is not read or cannot be."""
        found = self._found(row)
        return found if isinstance(found, RecordHead) else None

    def seek(self, key: RecordKey, found: Callable[[int], None]) -> None:
        """Find the row of a record; ``found`` is called with it, or with -1, once it is known."""
        self._finder.seek(key, found)

    def starting(self, text: str, after: int, found: Callable[[int], None]) -> None:
        """Find a row whose id or name begins so.

        Names are looked at only in what is in memory, the rows behind ``after`` first; ids in all
        of the list. ``found`` is called with the row, or with -1.
        """
        self._finder.starting(text, after, found, keyed=self.keyed)

    def set_times(self, style: TimeStyle) -> None:
        """Write times in another way."""
        self._times = style
        column = KEYS.index("updated")
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, column, column)
        if self._total():
            self.dataChanged.emit(self.index(0, column), self.index(self._total() - 1, column))

    def _total(self) -> int:
        return self._paged.order.total + (self._broken is not None)

    def _found(self, row: int) -> RecordHead | StoreError | None:
        if not 0 <= row < self._paged.order.total:
            return self._broken if row == self._paged.order.total else None
        return self._paged.at(row)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Number of rows, exact once ``counted`` was told; one more where reading broke off."""
        return 0 if parent.isValid() else self._total()

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Number of columns, hidden ones too."""
        return 0 if parent.isValid() else len(RECORD_COLUMNS)

    def broken_row(self) -> int:
        """The row that says where reading broke off, or -1."""
        return self._paged.order.total if self._broken is not None else -1

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Head of a column."""
        told = head(RECORD_COLUMNS, section, orientation, role)
        timed = told is not None and KEYS[section] == "updated"
        if timed and role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return head_name(str(told), self._times)
        return told

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Cell, text, tooltip and speech; asks for the page of a row that is not read."""
        row, column = index.row(), index.column()
        if not 0 <= row < self._total() or not 0 <= column < len(KEYS):
            return None
        found = self._found(row)
        if found is None and row < self._paged.order.total:
            self._paged.want(row)
        key = KEYS[column]
        if role == CELL_ROLE:
            return cell_of(found, key, self._times, self._mark(found))
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_of(found, key, self._times).text
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_of(found, key)
        if role == Qt.ItemDataRole.AccessibleTextRole and key in TITLES:
            return speech_of(found, key, self._times, self._mark(found))
        return None

    # Reading

    def _forget(self) -> None:
        self._tasks.forget("rows")
        self._finder.stop()

    def _reset(self, order: Order) -> None:
        self.beginResetModel()
        self._paged.reset(order)
        self._broken = None
        self.endResetModel()

    def _first(self, first: First) -> None:
        self._insert(FirstRows(first.rows))
        self._paged.put({0: Kept(first.rows)})
        self._changed(range(len(first.rows)))
        if first.order is not None:
            self._all(first.order)
        else:
            self.count_again()
        self._tell_damage(first.damage)
        self.ready.emit()

    def _all(self, order: KeysetOrder) -> None:
        """The rows on screen stay; they are only kept by other pages now."""
        self._keyset = order
        if isinstance(self._paged.order, FirstRows):
            before = [self.head_at(row) for row in range(self._paged.order.total)]
            self._paged.drop()
            self._insert(order)
            self._paged.put_rows(before)
        self.counted.emit(order.total)
        self._finder.go_on()

    def _insert(self, order: Order) -> None:
        """Take an order that may have rows after those of the one before."""
        count = self._paged.order.total
        if order.total > count:
            self.beginInsertRows(QModelIndex(), count, order.total - 1)
            self._paged.order = order
            self.endInsertRows()
        elif order.total < count:
            self.beginRemoveRows(QModelIndex(), order.total, count - 1)
            self._paged.order = order
            self.endRemoveRows()
        else:
            self._paged.order = order

    def _break(self, error: StoreError) -> None:
        if self._broken is None:
            row = self._paged.order.total
            self.beginInsertRows(QModelIndex(), row, row)
            self._broken = error
            self.endInsertRows()

    def _fail(self, error: InspectorError) -> None:
        if isinstance(error, StoreError):
            self._break(error)
        if not isinstance(error, CancelledError):
            self.ready.emit()
        self.failed.emit(error)
        self._finder.go_on()

    def _take(self, pages: Mapping[int, Kept]) -> None:
        for number, page in pages.items():
            self._changed(self.order.span(number))
            self._tell_damage(page.damage, number)

    def _changed(self, rows: range) -> None:
        if rows:
            last = len(RECORD_COLUMNS) - 1
            self.dataChanged.emit(self.index(rows.start, 0), self.index(rows.stop - 1, last))

    def _tell_damage(self, damage: StoreError | None, number: int | None = None) -> None:
        """Say what ended a page early; behind the last row it stands in the list."""
        if damage is not None:
            if number is None or self._paged.order.span(number).stop == self._paged.order.total:
                self._break(damage)
            self.failed.emit(damage)
