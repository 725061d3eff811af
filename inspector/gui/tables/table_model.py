"""The rows of any table of the file, of which only pages in sight are read."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from threading import Event
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from inspector.decode.encrypted_values import Sealed
from inspector.errors import InspectorError, NotFoundError
from inspector.foreign.epochs import Epoch, time_of
from inspector.gui.cells.cell_delegate import ELLIPSIS
from inspector.gui.cells.page_requests import PageRequests
from inspector.gui.style.text_format import one_line, visible, visible_name
from inspector.gui.style.text_runs import CELL_ROLE, DIM, EMPTY, GUESS, TEXT, Cell, Elide, Run
from inspector.gui.style.time_format import TimeStyle, show, zone_name
from inspector.gui.tasks import Report, Tasks, Work
from inspector.named_tuple import NamedTuple
from inspector.session.blob_kind import uuid_of
from inspector.session.browse import TableCell as Value
from inspector.session.browse import TableRows, table_rows
from inspector.session.foreign_rows import ForeignReading
from inspector.session.row_documents import RowAddress
from inspector.session.row_query import FoundRows, rows_at
from inspector.store.rows import PAGE, RowKey, TableColumn

if TYPE_CHECKING:
    from inspector.session.session import Session

#: From when the numbers of a column of a table count; None where nothing says it.
ColumnEpochs = Callable[[str, str], Epoch | None]
#: What a column of a table is read as, in words; empty where nothing says it.
ColumnWords = Callable[[str, str], str]
Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()
_KEPT: Final = 32  #: pages that stay in memory
_AT_ONCE: Final = 3


class TableRow(NamedTuple):
    """A row that is looked at: of which table, its place from 0, and its values."""

    table: str
    row: int
    address: RowAddress
    columns: tuple[TableColumn, ...]
    cells: tuple[Value, ...]


class TableModel(QAbstractTableModel):
    """Rows of a table as they are stored.

    ``ready`` tells that the columns and the first rows are there; ``failed`` why they are not.
    """

    ready = Signal()
    failed = Signal(InspectorError)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._source: Session | None = None
        self._reveal = False
        self._said: ColumnWords = lambda _table, _column: ""
        self._epochs: ColumnEpochs = lambda _table, _column: None
        self._times = TimeStyle.UTC
        self._wanted = PageRequests(self, self._ask)
        self._clear("", None)

    def show(
        self,
        source: Session | None,
        table: str,
        total: int | None,
        found: FoundRows | None = None,
    ) -> None:
        """Show a table.

        Args:
            source: the file; None to show nothing.
            table: the table's name.
            total: its number of rows, None where that is not known.
            found: the rows of it that are shown, in their order; None for all as they are stored.
        """
        for channel in ("table", "table-rows"):
            self._tasks.forget(channel)
        self.beginResetModel()
        self._source = source
        self._clear(table, total if found is None else len(found), found)
        self.endResetModel()
        if source is not None:
            self._tasks.run("table", self._reading([0]), self._first, self.failed.emit)

    def reveal(self, on: bool) -> None:
        """Show or cover what is secret; everything in sight is read again."""
        if on != self._reveal:
            self._reveal = on
            if self._source is not None:
                self.show(self._source, self.table, self._total, self.found)

    def say_columns(self, said: ColumnWords) -> None:
        """Say in the heads what columns are read as: ``said`` gives it by table and column."""
        self._said = said
        if self.columns:
            last = len(self.columns) - 1
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, last)

    @property
    def reveals(self) -> bool:
        """Whether secrets are shown."""
        return self._reveal

    def _clear(self, table: str, total: int | None, found: FoundRows | None = None) -> None:
        self.table = table
        self.found = found  #: the rows that are shown; None for all as they are stored
        self.columns: tuple[TableColumn, ...] = ()
        self._total, self._count = total, 0
        self._pages: OrderedDict[int, tuple[tuple[Value, ...], ...]] = OrderedDict()
        self._ends: dict[int, RowKey | None] = {}
        self._wanted.clear()
        self._open_end = False  #: whether rows follow those that were read
        self.problem = ""  #: why the rows behind the last one cannot be read; empty where they can

    def tell_count(self, total: int | None) -> None:
        """The table's rows were counted."""
        if self.found is None and total is not None and total != self._total:
            self._total = total
            if self.columns and not self.problem:
                self._grow(total)

    @property
    def is_whole(self) -> bool:
        """Whether the number of rows is known to be all there are."""
        return self._total is not None or not self._open_end

    def row_at(self, row: int) -> TableRow | None:
        """A row, None where it is not read."""
        cells = self._cells(row)
        if cells is None:
            return None
        return TableRow(self.table, row, self._address(row), self.columns, cells)

    def show_times(self, epochs: ColumnEpochs) -> None:
        """Show numbers as times: ``epochs`` gives from when those of a column count."""
        self._epochs = epochs
        self._paint()

    def set_times(self, style: TimeStyle) -> None:
        """Write times in another way."""
        self._times = style
        self._paint()

    def _paint(self) -> None:
        if self.columns and self._count:
            last = self.index(self._count - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last, [CELL_ROLE, Qt.ItemDataRole.DisplayRole])

    def cell(self, column: str, value: Value | None) -> Cell:
        """How a value of a column is shown in a line."""
        epoch = self._epochs(self.table, column)
        return cell_of(value) if epoch is None else timed_cell(value, epoch, self._times)

    def address(self, row: int) -> RowAddress:
        """Where a row is."""
        return self._address(row)

    def reader_of(self, rows: Sequence[range]) -> Callable[[Event], list[tuple[Value, ...]]]:
        """What reads rows in the worker, covered as they are now; pages in memory are not read.

        It raises a :class:`NotFoundError` where one of them cannot be read any more.
        """
        source, table, reveal, chosen = self._source, self.table, self._reveal, self.found
        numbers = sorted({at // PAGE for part in rows for at in (*part[::PAGE], *part[-1:])})
        places = {number: self._address(number * PAGE) for number in numbers}
        kept = dict(self._pages)

        def read(cancel: Event) -> list[tuple[Value, ...]]:
            found: list[tuple[Value, ...]] = []
            held: dict[int, tuple[tuple[Value, ...], ...]] = {}
            last: tuple[int, RowKey | None] = (-1, None)
            for part in rows:
                row = part.start
                while row < part.stop:
                    number, offset = divmod(row, PAGE)
                    page = kept.get(number) or held.get(number)
                    if page is None and source is not None:
                        # The page before it tells where it begins, which is far quicker.
                        near = last[1] if last[0] == number - 1 else None
                        place = places[number] if near is None else RowAddress(near, 0)
                        if chosen is not None:
                            answer = _found(source, table, chosen, number, reveal, cancel)
                        else:
                            answer = _page(source, table, place, reveal=reveal, cancel=cancel)
                        page, last = answer.rows, (number, answer.last)
                        held = {number: page}
                    some = (page or ())[offset : offset + part.stop - row]
                    if not some:
                        raise NotFoundError(f"Row {row + 1:,} cannot be read. Nothing was copied.")
                    found += some
                    row += len(some)
            return found

        return read

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Number of rows."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Name and declared type of a column."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            said = visible(self._said(self.table, column.name))
        if role == Qt.ItemDataRole.DisplayRole:
            short = said.partition(" from ")[0].rpartition(".")[2]
            name = visible_name(column.name)
            return f"{name} as {short}" if short else name
        if role == Qt.ItemDataRole.ToolTipRole:
            key = ", in the primary key" if column.primary_key else ""
            key += ", computed whenever it is read" if column.computed else ""
            kind = f"{visible(column.type) or 'no type declared'}{key}"
            said = f"\nread as {said}" if said else ""
            return f"{visible_name(column.name)}\n{kind}{said}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Cell, text and speech; asks for the page of a row that is not read."""
        row, column = index.row(), index.column()
        if not (0 <= row < self._count and 0 <= column < len(self.columns)):
            return None
        cells = self._cells(row)
        if cells is None and row // PAGE not in self._pages:
            self._wanted.want(row // PAGE)
        value = cells[column] if cells is not None and column < len(cells) else None
        name = self.columns[column].name
        if role == CELL_ROLE:
            known = value is not None or column
            return self.cell(name, value) if known else Cell((Run(ELLIPSIS, DIM),))
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cell(name, value).text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            words = self.cell(name, value).text if value is not None else "not read yet"
            return f"{visible(self.columns[column].name)} {words or 'empty'}"
        return None

    def _cells(self, row: int) -> tuple[Value, ...] | None:
        number, offset = divmod(row, PAGE)
        page = self._pages.get(number)
        return page[offset] if page is not None and offset < len(page) else None

    # Reading

    def _first(self, pages: Mapping[int, TableRows]) -> None:
        page = pages[0]
        if page.columns:
            self.beginInsertColumns(QModelIndex(), 0, len(page.columns) - 1)
            self.columns = page.columns
            self.endInsertColumns()
        self._take(pages)
        self.ready.emit()

    def _take(self, pages: Mapping[int, TableRows]) -> None:
        self._wanted.asked.clear()
        for number, page in pages.items():
            self._pages[number] = page.rows
            self._ends[number] = page.last
            if page.problem is not None:
                self.problem = page.problem
            while len(self._pages) > _KEPT:
                self._pages.popitem(last=False)
            known = number * PAGE + len(page.rows)
            if page.problem:
                self._shrink(known)
            if self._total is None:
                self._open_end = known >= self._count - 1 and page.more
                self._grow(known + page.more)
            elif not page.more:
                self._grow(known)
            else:
                self._grow(max(self._total, known))
            first, end = number * PAGE, min((number + 1) * PAGE, self._count)
            if first < end:
                last = len(self.columns) - 1
                self.dataChanged.emit(self.index(first, 0), self.index(end - 1, last))

    def _grow(self, count: int) -> None:
        if count > self._count:
            self.beginInsertRows(QModelIndex(), self._count, count - 1)
            self._count = count
            self.endInsertRows()

    def _shrink(self, count: int) -> None:
        """Behind what can be read there is nothing to be shown."""
        if count < self._count:
            self.beginRemoveRows(QModelIndex(), count, self._count - 1)
            self._count = count
            self.endRemoveRows()

    def _ask(self) -> None:
        numbers = sorted(self._wanted.take()[:_AT_ONCE])
        if numbers:
            self._wanted.asked = set(numbers)
            self._tasks.run(
                "table-rows",
                self._reading(numbers),
                self._take,
                self._fail,
            )

    def _fail(self, error: InspectorError) -> None:
        self._wanted.asked.clear()
        self.failed.emit(error)

    def _address(self, row: int) -> RowAddress:
        """From the nearest page that was read before: few tables can be entered by number."""
        if self.found is not None:
            key = self.found.key_at(row) if row < len(self.found) else None
            offset = self.found.offsets[row] if key is None and self.found.offsets else 0
            return RowAddress(None, offset, key)
        number = row // PAGE
        read = [n for n, end in self._ends.items() if n < number and end is not None]
        near = max(read, default=-1)
        return RowAddress(self._ends.get(near), row - (near + 1) * PAGE)

    def _reading(self, numbers: Sequence[int]) -> Work[dict[int, TableRows]]:
        """What reads pages in the worker."""
        source, table, reveal, found = self._source, self.table, self._reveal, self.found
        places = {number: self._address(number * PAGE) for number in numbers}

        def work(cancel: Event, _report: Report) -> dict[int, TableRows]:
            if source is None:
                return {}
            if found is not None:
                return {one: _found(source, table, found, one, reveal, cancel) for one in numbers}
            return {
                number: _page(source, table, place, reveal=reveal, cancel=cancel)
                for number, place in places.items()
            }

        return work


def _page(
    source: Session, table: str, place: RowAddress, *, reveal: bool, cancel: Event
) -> TableRows:
    """A whole page; one with large values comes in several parts."""
    after, offset = place.after, place.offset
    rows: list[tuple[Value, ...]] = []
    while True:
        limit = PAGE - len(rows)
        page = table_rows(
            source, table, after=after, offset=offset, limit=limit, reveal=reveal, cancel=cancel
        )
        rows += page.rows
        if not page.more or not page.rows or len(rows) >= PAGE:
            return page._replace(rows=tuple(rows))
        if page.last is not None:
            after, offset = page.last, 0
        else:
            offset += len(page.rows)


def _found(
    source: Session, table: str, found: FoundRows, number: int, reveal: bool, cancel: Event
) -> TableRows:
    """A whole page of rows that were found."""
    places = range(number * PAGE, min((number + 1) * PAGE, len(found)))
    return rows_at(ForeignReading(source, reveal=reveal), table, found, places, cancel)


def cell_of(value: Value | None) -> Cell:
    """How a value is shown in a line; what is covered says so."""
    if value is None:
        return EMPTY
    if value.null:
        return Cell((Run("NULL", GUESS),))
    if value.missing:
        return Cell((Run(value.text, DIM, Elide.ElideRight),))
    maybe = uuid_of(value.value) if isinstance(value.value, bytes) else ""
    if maybe:
        guess = Run(f"UUID {maybe}?", GUESS, Elide.ElideRight, gap=12)
        return Cell((Run(value.text, DIM), guess))
    if isinstance(value.value, bytes) or (value.covered and value.text.endswith(" bytes")):
        return Cell((Run(value.text, DIM),))
    if value.seal is not None:
        return _sealed(value, value.seal)
    if value.covered:
        return Cell((Run("Hidden", TEXT, icon="covered"),))
    return Cell((Run(one_line(value.text), TEXT, Elide.ElideRight),))


def timed_cell(value: Value | None, epoch: Epoch, style: TimeStyle) -> Cell:
    """How a number is shown that was asked to be shown as a time: with what is stored behind it."""
    found = time_of(value.value, epoch) if value is not None and not value.covered else None
    if value is None or found is None:
        return cell_of(value)
    words = show(found, style, datetime.now(UTC), fine=True)
    zone = zone_name(found, style)
    return Cell((Run(f"{words} {zone}".strip(), TEXT), Run(one_line(value.text), DIM, gap=12)))


def _sealed(value: Value, seal: Sealed) -> Cell:
    """A value that the daemon encrypted: what with, and where it is not covered the value too."""
    if value.covered:
        return Cell((Run("Sealed", TEXT, icon="covered"), Run(seal.facts, DIM, Elide.ElideRight)))
    stored = Run(one_line(value.text), TEXT, Elide.ElideRight, gap=12)
    return Cell((Run("Sealed", TEXT, icon="lock"), Run(seal.facts, DIM), stored))
