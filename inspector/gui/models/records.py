"""The records of a kind: any number of rows, of which only pages in sight are read."""

from __future__ import annotations

from collections.abc import Callable
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
from inspector.gui.models.pages import PageCache, Rows
from inspector.gui.models.record_cells import TITLES, cell_of, speech_of, tip_of
from inspector.gui.runs import CELL_ROLE
from inspector.gui.source import PAGE
from inspector.gui.tasks import Tasks
from inspector.gui.times import TimeStyle, head_name
from inspector.session.types import RecordHead
from inspector.store.types import Page

Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()
_AT_ONCE: Final = 4  #: pages asked for together: what a screen can show, with a margin

RECORD_COLUMNS: Final = (
    Column("mark", "", 8),
    Column("name", "Name", 140, stretch=True),
    Column("state", "State", 114, drop=6, sample="In progress 00"),
    Column("id", "Id", 116, drop=3),
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
        self._count = 0
        self._broken: StoreError | None = None
        self._wanted: dict[int, None] = {}
        self._asked: set[int] = set()
        self._seeking: tuple[str, Callable[[int], None]] | None = None
        self._times = TimeStyle.UTC
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._ask)

    def show(self, rows: Rows | None) -> None:
        """Show other rows; the first page is asked for at once."""
        self._tasks.forget("rows")
        self._tasks.forget("anchors")
        self.beginResetModel()
        self._rows, self._cache, self._count, self._broken = rows, PageCache(), 0, None
        self._wanted.clear()
        self._asked.clear()
        self._seeking = None
        self.endResetModel()
        if rows is not None:
            page = rows.page
            self._tasks.run("rows", lambda cancel, _: page(None, cancel), self._first, self._fail)

    def count_again(self) -> None:
        """Go on counting after it was cancelled."""
        if self._rows is not None:
            anchors = self._rows.anchors
            self._tasks.run("anchors", anchors, self._all, self._fail, self.working.emit, slow=True)

    def head_at(self, row: int) -> RecordHead | None:
        """The record of a row, None where it is not read or cannot be."""
        found = self._cache.row(row) if 0 <= row < self._count else None
        return found if isinstance(found, RecordHead) else None

    def seek(self, id_: str, found: Callable[[int], None]) -> None:
        """Find the row of an id; ``found`` is called with it, or with -1, once that is known."""
        self._seeking = (id_, found)
        self._seek()

    def set_times(self, style: TimeStyle) -> None:
        """Write times in another way."""
        self._times = style
        column = KEYS.index("updated")
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, column, column)
        if self._total():
            self.dataChanged.emit(self.index(0, column), self.index(self._total() - 1, column))

    def _total(self) -> int:
        return self._count + (self._broken is not None)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Number of rows, exact once ``counted`` was told; one more where reading broke off."""
        return 0 if parent.isValid() else self._total()

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Number of columns, hidden ones too."""
        return 0 if parent.isValid() else len(RECORD_COLUMNS)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Head of a column."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(RECORD_COLUMNS):
            return None
        column = RECORD_COLUMNS[section]
        if role == Qt.ItemDataRole.DisplayRole and column.key == "updated":
            return head_name(column.title, self._times)
        return head(column, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Cell, text, tooltip and speech; asks for the page of a row that is not read."""
        row, column = index.row(), index.column()
        if not 0 <= row < self._total() or not 0 <= column < len(KEYS):
            return None
        found = self._broken if row == self._count else self._cache.row(row)
        if found is None and not self._cache.has(row // PAGE):
            self._want(row // PAGE)
        if role == CELL_ROLE:
            return cell_of(found, KEYS[column], self._times)
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_of(found, KEYS[column], self._times).text
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_of(found, KEYS[column])
        if role == Qt.ItemDataRole.AccessibleTextRole and KEYS[column] in TITLES:
            return speech_of(found, KEYS[column], self._times)
        return None

    def _first(self, page: Page[RecordHead]) -> None:
        self._take({0: page}, len(page.rows))
        self.ready.emit()
        if page.more and page.damage is None:
            self.count_again()
        else:
            self.counted.emit(self._count)
            self._seek()

    def _all(self, answer: tuple[list[str], int]) -> None:
        self._cache.anchors, total = answer
        self._grow(max(total, self._count))
        self.counted.emit(self._count)
        self._seek()

    def _grow(self, count: int) -> None:
        if count > self._count:
            self.beginInsertRows(QModelIndex(), self._count, count - 1)
            self._count = count
            self.endInsertRows()

    def _break(self, error: StoreError) -> None:
        if self._broken is None:
            self.beginInsertRows(QModelIndex(), self._count, self._count)
            self._broken = error
            self.endInsertRows()

    def _fail(self, error: InspectorError) -> None:
        if isinstance(error, StoreError):
            self._break(error)
        if not isinstance(error, CancelledError):
            self.ready.emit()
        self.failed.emit(error)

    def _want(self, number: int) -> None:
        if number not in self._asked and self._rows is not None:
            self._wanted[number] = None
            self._later.start()

    def _ask(self) -> None:
        """Ask for the pages wanted last: what scrolled by is of no interest any more."""
        numbers = list(self._wanted)[-_AT_ONCE:]
        self._wanted.clear()
        rows = self._rows
        if rows is None or not numbers:
            return
        self._asked = set(numbers)
        wanted = [(number, self._cache.after(number)) for number in numbers]
        self._tasks.run(
            "rows",
            lambda cancel, _: {n: rows.page(after, cancel) for n, after in wanted},
            lambda pages: self._take(pages, self._count),
            self._fail,
        )

    def _take(self, pages: dict[int, Page[RecordHead]], count: int) -> None:
        self._asked.clear()
        for number, page in pages.items():
            self._cache.put(number, page)
        self._grow(count)
        last = len(RECORD_COLUMNS) - 1
        for number, page in pages.items():
            first, end = number * PAGE, min((number + 1) * PAGE, self._count)
            if first < end:
                self.dataChanged.emit(self.index(first, 0), self.index(end - 1, last))
            if page.damage is not None:
                if end == self._count:
                    self._break(page.damage)
                self.failed.emit(page.damage)
        self._seek()

    def _seek(self) -> None:
        if self._seeking is None or self._tasks.is_busy("anchors"):
            return
        id_, found = self._seeking
        number = self._cache.page_of(id_)
        if self._cache.has(number):
            self._seeking = None
            found(self._cache.find(number, id_))
        elif number * PAGE < self._count:
            self._want(number)
        elif not self._tasks.is_busy("rows"):
            self._seeking = None
            found(-1)
