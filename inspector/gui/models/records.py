"""The records of a kind: any number of rows, of which only pages in sight are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from inspector.errors import CancelledError, InspectorError, StoreError
from inspector.gui.columns import Column, head
from inspector.gui.models.orders import FirstRows, Kept, KeysetOrder, Order
from inspector.gui.models.pages import First, PageCache, Rows
from inspector.gui.models.record_cells import TITLES, cell_of, speech_of, tip_of
from inspector.gui.runs import CELL_ROLE
from inspector.gui.source import PAGE
from inspector.gui.tasks import Tasks
from inspector.gui.times import TimeStyle, head_name
from inspector.session.lines import Key
from inspector.session.types import RecordHead

Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()
_AT_ONCE: Final = 4 * PAGE  #: rows asked for together: what a screen can show, with a margin

RECORD_COLUMNS: Final = (
    Column("mark", "", 8),
    Column("name", "Name", 140, stretch=True),
    Column("state", "State", 114, drop=6, sample="In progress 00"),
    Column("id", "Id", 116, drop=3),
    Column("key", "Key", 264, drop=7, off=True),
    Column("updated", "Updated", 160, drop=4, sample="2026-11-21 05:32:48"),
    Column("bytes", "Bytes", 64, right=True, drop=2, sample="99,999,999"),
    Column("versions", "Ver.", 44, right=True, drop=5, off=True),
    Column("org", "Organisation", 110, drop=1, off=True),
)
KEYS: Final = tuple(column.key for column in RECORD_COLUMNS)


class RecordsModel(QAbstractTableModel):
    """Rows of record heads.

    ``counted`` tells the exact number of rows; ``failed`` why rows are missing; ``ready`` that the
    first page is there; ``working`` how far counting is.
    """

    counted = Signal(int)
    failed = Signal(object)
    ready = Signal()
    working = Signal(int, int)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._rows: Rows | None = None
        self._cache = PageCache()
        self._order: Order = FirstRows(())
        self._keyset: KeysetOrder | None = None
        self._broken: StoreError | None = None
        self._wanted: dict[int, None] = {}
        self._asked: set[int] = set()
        self._seeking: tuple[Key, Callable[[int], None]] | None = None
        self._times = TimeStyle.UTC
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._ask)

    # What is listed

    def show(self, rows: Rows | None, *, read: bool = True) -> None:
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
        for number, page in pages.items():
            self._cache.put(number, page, len(order.span(number)))

    def grow(self, order: Order) -> None:
        """Take an order that has the same rows and more after them."""
        self._insert(order)

    @property
    def order(self) -> Order:
        """Where every row is."""
        return self._order

    @property
    def keyset(self) -> KeysetOrder | None:
        """The order of the ids, once it is counted."""
        return self._keyset

    @property
    def keyed(self) -> bool:
        """Whether records of several kinds are listed, called by kind and id."""
        return self._rows is not None and self._rows.keyed

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

    def seek(self, key: Key, found: Callable[[int], None]) -> None:
        """Find the row of a record; ``found`` is called with it, or with -1, once it is known."""
        self._seeking = (key, found)
        self._seek()

    def starting(self, text: str, after: int, found: Callable[[int], None]) -> None:
        """Find a row whose id or name begins so.

        Names are looked at only in what is in memory, the rows behind ``after`` first; ids in all
        of the list. ``found`` is called with the row, or with -1.
        """
        rows = [
            self._order.row_of(number, offset)
            for number, page in self._cache.pages()
            for offset, head in enumerate(page)
            if head is not None and _begins(head, text, keyed=self.keyed)
        ]
        if rows:
            found(min(rows, key=lambda row: (row <= after, row)))
            return
        order = self._order
        self._tasks.run(
            "letters", lambda cancel, _: order.starting(text, cancel), found, lambda _: None
        )

    def set_times(self, style: TimeStyle) -> None:
        """Write times in another way."""
        self._times = style
        column = KEYS.index("updated")
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, column, column)
        if self._total():
            self.dataChanged.emit(self.index(0, column), self.index(self._total() - 1, column))

    def _total(self) -> int:
        return self._order.total + (self._broken is not None)

    def _found(self, row: int) -> RecordHead | StoreError | None:
        if not 0 <= row < self._order.total:
            return self._broken if row == self._order.total else None
        return self._cache.row(*self._order.place(row))

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Number of rows, exact once ``counted`` was told; one more where reading broke off."""
        return 0 if parent.isValid() else self._total()

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Number of columns, hidden ones too."""
        return 0 if parent.isValid() else len(RECORD_COLUMNS)

    def broken_row(self) -> int:
        """The row that says where reading broke off, or -1."""
        return self._order.total if self._broken is not None else -1

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Head of a column."""
        told = head(RECORD_COLUMNS, section, orientation, role)
        timed = told is not None and KEYS[section] == "updated"
        if timed and role == Qt.ItemDataRole.DisplayRole:
            return head_name(str(told), self._times)
        return told

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Cell, text, tooltip and speech; asks for the page of a row that is not read."""
        row, column = index.row(), index.column()
        if not 0 <= row < self._total() or not 0 <= column < len(KEYS):
            return None
        found = self._found(row)
        if found is None and row < self._order.total:
            self._want(self._order.place(row)[0])
        key = KEYS[column]
        if role == CELL_ROLE:
            return cell_of(found, key, self._times)
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_of(found, key, self._times).text
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_of(found, key)
        if role == Qt.ItemDataRole.AccessibleTextRole and key in TITLES:
            return speech_of(found, key, self._times)
        return None

    # Reading

    def _forget(self) -> None:
        for channel in ("rows", "seek", "letters"):
            self._tasks.forget(channel)

    def _reset(self, order: Order) -> None:
        self.beginResetModel()
        self._order, self._cache, self._broken = order, PageCache(), None
        self._wanted.clear()
        self._asked.clear()
        self._seeking = None
        self.endResetModel()

    def _first(self, first: First) -> None:
        self._insert(FirstRows(first.rows))
        self._cache.put(0, Kept(first.rows), len(first.rows))
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
        if isinstance(self._order, FirstRows):
            before = [self.head_at(row) for row in range(self._order.total)]
            self._cache = PageCache()
            self._insert(order)
            row = 0
            while row < min(len(before), order.total):
                number, span = order.place(row)[0], order.span(order.place(row)[0])
                rows = before[span.start : span.stop]
                self._cache.put(number, Kept(rows), len(rows))
                row = span.stop
        self.counted.emit(order.total)
        self._seek()

    def _insert(self, order: Order) -> None:
        """Take an order that may have rows after those of the one before."""
        count = self._order.total
        if order.total > count:
            self.beginInsertRows(QModelIndex(), count, order.total - 1)
            self._order = order
            self.endInsertRows()
        elif order.total < count:
            self.beginRemoveRows(QModelIndex(), order.total, count - 1)
            self._order = order
            self.endRemoveRows()
        else:
            self._order = order

    def _break(self, error: StoreError) -> None:
        if self._broken is None:
            row = self._order.total
            self.beginInsertRows(QModelIndex(), row, row)
            self._broken = error
            self.endInsertRows()

    def _fail(self, error: InspectorError) -> None:
        if isinstance(error, StoreError):
            self._break(error)
        if not isinstance(error, CancelledError):
            self.ready.emit()
        self.failed.emit(error)
        self._seek()

    def _want(self, number: int) -> None:
        if number in self._asked or self._cache.has(number, len(self._order.span(number))):
            return
        # What was wanted again is wanted last.
        self._wanted.pop(number, None)
        self._wanted[number] = None
        self._later.start()

    def _ask(self) -> None:
        """Ask for the pages wanted last: what scrolled by is of no interest any more."""
        numbers, rows = list[int](), 0
        order = self._order
        for number in reversed(self._wanted):
            if rows < _AT_ONCE:
                numbers.append(number)
                rows += len(order.span(number))
        self._wanted.clear()
        if not numbers:
            return
        self._asked = set(numbers)
        self._tasks.run(
            "rows",
            lambda cancel, _: {n: order.read(n, cancel) for n in numbers},
            lambda pages: self._take(pages, order),
            self._fail,
        )

    def _take(self, pages: Mapping[int, Kept], order: Order) -> None:
        self._asked.clear()
        for number, page in pages.items():
            self._cache.put(number, page, len(order.span(number)))
        for number, page in pages.items():
            self._changed(self._order.span(number))
            self._tell_damage(page.damage, number)

    def _changed(self, rows: range) -> None:
        if rows:
            last = len(RECORD_COLUMNS) - 1
            self.dataChanged.emit(self.index(rows.start, 0), self.index(rows.stop - 1, last))

    def _tell_damage(self, damage: StoreError | None, number: int | None = None) -> None:
        """Say what ended a page early; behind the last row it stands in the list."""
        if damage is not None:
            if number is None or self._order.span(number).stop == self._order.total:
                self._break(damage)
            self.failed.emit(damage)

    def _seek(self) -> None:
        reading = self._tasks.is_busy("rows") or self._tasks.is_busy("anchors")
        if self._seeking is None or (isinstance(self._order, FirstRows) and reading):
            return
        key, found = self._seeking
        order = self._order

        def done(row: int) -> None:
            self._seeking = None
            found(row)

        self._tasks.run("seek", lambda cancel, _: order.find(key, cancel), done, lambda _: None)


def _begins(head: RecordHead, text: str, *, keyed: bool) -> bool:
    names = (head.name or head.slug or "", head.id, f"{head.kind}/{head.id}" if keyed else "")
    return any(name.casefold().startswith(text.casefold()) for name in names)
