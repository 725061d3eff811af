"""Rows of a table that hold a text, or in the order of a column, found without keeping them.

What stands covered is neither looked into nor ordered by: both would tell of it.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from inspector.decode.secrets import COVERED
from inspector.errors import CancelledError, NotFoundError
from inspector.export.json_object import Raw
from inspector.foreign.column_map import ColumnReading
from inspector.invisible import named
from inspector.named_tuple import NamedTuple
from inspector.session.browse import TableCell, TableRows, table_rows
from inspector.session.foreign_rows import ForeignReading
from inspector.session.row_documents import RowAddress
from inspector.store.rows import Cancel, RowKey, TablePage

#: Characters of a text that count for its place in the order.
_COMPARED: Final = 1024
_GONE: Final = "deleted since"
_SortKey = tuple[int, float, str | bytes]


class RowQuery(NamedTuple):
    """Which rows, and in what order.

    Attributes:
        text: what they hold somewhere, as it is shown or as it is decoded, in any case; empty for
            all rows.
        sort: the column they are ordered by; empty for the order in which they are stored.
        descending: the largest first.
    """

    text: str = ""
    sort: str = ""
    descending: bool = False


@dataclass
class FoundRows:
    """Where rows of a table are, in order, and what was looked at.

    Attributes:
        numbers: their row numbers, where they have any.
        keys: their keys, where they have none.
        offsets: how many rows lie before each, where they have no key that can be asked for.
        examined: rows that were looked at.
        undecoded: values that are not what their column is read as.
        problem: what ended it early; empty where nothing did.
        covered: whether something was covered, and so not looked into.
    """

    numbers: array[int] = field(default_factory=lambda: array("q"))
    keys: list[RowKey] = field(default_factory=list)
    offsets: array[int] = field(default_factory=lambda: array("q"))
    examined: int = 0
    undecoded: int = 0
    problem: str = ""
    covered: bool = False

    def __len__(self) -> int:
        return len(self.numbers) + len(self.keys) + len(self.offsets)

    def add(self, key: RowKey | None, offset: int) -> None:
        """Another row."""
        if isinstance(key, int):
            self.numbers.append(key)
        elif key is not None:
            self.keys.append(key)
        else:
            self.offsets.append(offset)

    def key_at(self, place: int) -> RowKey | None:
        """What finds a row, None where only its offset does."""
        if self.numbers:
            return self.numbers[place]
        return self.keys[place] if self.keys else None

    def arrange(self, places: Sequence[int]) -> None:
        """Put the rows in another order, each by its place in this one."""
        self.numbers = (
            array("q", (self.numbers[at] for at in places)) if self.numbers else array("q")
        )
        self.keys = [self.keys[at] for at in places] if self.keys else []
        self.offsets = (
            array("q", (self.offsets[at] for at in places)) if self.offsets else array("q")
        )


def find_rows(
    reading: ForeignReading,
    table: str,
    query: RowQuery,
    cancel: Cancel | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> FoundRows:
    """The rows that a query asks for.

    Args:
        reading: reads the rows, and says what may be shown.
        table: of which table.
        query: what is asked for.
        cancel: ends it when set.
        progress: told how many rows were looked at, and how many were found.

    Raises:
        CancelledError: it was cancelled.
        NotFoundError: there is no such table, or no such column to order by.
        StoreError: the table cannot be read.
    """
    found, sought = FoundRows(), _Sought(query.text)
    order: list[_SortKey] = []
    readings = reading.columns_of(table)
    only = None if query.text else frozenset((query.sort,))
    for page in reading.pages(table, cancel, only):
        if cancel is not None and cancel.is_set():
            raise CancelledError("Cancelled.")
        at = _column(page, table, query.sort)
        rows = reading.cells(page, table)
        for index, cells in enumerate(rows):
            column = sought.column(reading, page, index, cells, readings, found)
            if column is not None:
                found.add(page.keys[index] if page.keys else None, found.examined)
                if at is not None:
                    order.append(sort_key(cells[at]))
            found.examined += 1
        if progress is not None:
            progress(found.examined, len(found))
        if page.damage is not None:
            found.problem = str(page.damage)
    if query.sort:
        # Equal ones stay in the order in which they are stored, whichever way.
        found.arrange(sorted(range(len(order)), key=order.__getitem__, reverse=query.descending))
    return found


def holding_column(
    reading: ForeignReading,
    table: str,
    address: RowAddress,
    text: str,
    cancel: Cancel | None = None,
) -> int | None:
    """The number of the first column of a row that holds a text, as :func:`find_rows` looks.

    Args:
        reading: reads the row, and says what may be shown.
        table: of which table.
        address: where the row is.
        text: what is sought.
        cancel: ends it when set.

    Raises:
        StoreError: the row cannot be read.
    """
    page = reading.session.store.table_page(
        *(table,),
        after=address.after,
        offset=address.offset,
        limit=1,
        cancel=cancel,
        keys=address.keys,
    )
    if not page.rows:
        return None
    [cells] = reading.cells(page._replace(rows=page.rows[:1]), table)
    return _Sought(text).column(*(reading, page, 0, cells, reading.columns_of(table), FoundRows()))


def rows_at(
    reading: ForeignReading,
    table: str,
    found: FoundRows,
    places: range,
    cancel: Cancel | None = None,
) -> TableRows:
    """Some of the rows that were found, one for each place; one that is gone says so."""
    session, reveal = reading.session, reading.reveal
    if found.offsets:
        pages = [
            table_rows(
                session, table, offset=found.offsets[at], limit=1, reveal=reveal, cancel=cancel
            )
            for at in places
        ]
        columns = pages[0].columns
        rows = [page.rows[0] if page.rows else _gone(len(columns)) for page in pages]
        return TableRows(columns, tuple(rows), False, None, None, (None,) * len(rows))
    wanted = [key for key in map(found.key_at, places) if key is not None]
    there: dict[RowKey, tuple[TableCell, ...]] = {}
    left, columns, problem = wanted, (), None
    while left:
        page = table_rows(session, table, keys=left, reveal=reveal, cancel=cancel)
        columns, problem = page.columns, page.problem or problem
        read = {key: row for key, row in zip(page.keys, page.rows, strict=True) if key is not None}
        there.update(read)
        last = next(reversed(read), None)
        if not page.more or last is None:
            break
        left = left[left.index(last) + 1 :]
    rows = [there.get(key) or _gone(len(columns)) for key in wanted]
    return TableRows(columns, tuple(rows), False, None, problem, tuple(wanted))


def _gone(columns: int) -> tuple[TableCell, ...]:
    return (TableCell(_GONE, missing=True),) * columns


def _column(page: TablePage, table: str, name: str) -> int | None:
    """Where the column is that rows are ordered by."""
    if not name:
        return None
    for at, column in enumerate(page.columns):
        if column.name == name:
            return at
    raise NotFoundError(f"The table {named(table)} has no column {named(name)}.")


def sort_key(cell: TableCell) -> _SortKey:
    """NULL, numbers, texts, bytes, as SQLite orders them; what is covered is all alike."""
    value = cell.value
    if cell.covered and cell.blob:
        return (3, 0.0, "")
    if cell.covered or cell.missing:
        return (4, 0.0, "")
    if value is None:
        return (0, 0.0, "")
    if isinstance(value, int | float):
        return (1, value, "")
    if isinstance(value, str):
        return (2, 0.0, value[:_COMPARED])
    return (3, 0.0, value[:_COMPARED].hex())


class _Sought:
    """A text that is sought in rows, in any case."""

    def __init__(self, text: str) -> None:
        self._text = text.casefold()
        # In JSON some characters stand as escapes.
        self._in_json = json.dumps(text, ensure_ascii=False)[1:-1].casefold()
        self._bytes = self._text.encode("utf-8", "surrogateescape")

    def column(
        self,
        reading: ForeignReading,
        page: TablePage,
        index: int,
        cells: Sequence[TableCell],
        readings: Mapping[str, list[ColumnReading]],
        found: FoundRows,
    ) -> int | None:
        """The first column of a row that holds it in what is shown of it, else in what is decoded.

        None where none does; of a text that is empty the first.
        """
        if not self._text:
            return 0
        for number, shown in enumerate(cells):
            if self._is_shown(shown):
                return number
        if not readings:
            found.covered = found.covered or any(cell.covered for cell in cells)
            return None
        for number, cell in enumerate(reading.decoded(page, index, cells, readings)):
            value = cell.value
            if value == COVERED or (cell.written is not None and cell.written.covered):
                found.covered = True
            if isinstance(value, dict):
                found.covered = found.covered or (bool(value["blob"]) and "data" not in value)
                found.undecoded += "problem" in value
            elif isinstance(value, Raw):
                if self._in_json in value.casefold():
                    return number
            elif isinstance(value, str) and value != COVERED and self._text in value.casefold():
                return number
        return None

    def _is_shown(self, cell: TableCell) -> bool:
        if cell.covered or cell.missing:
            return False
        if isinstance(cell.value, bytes):
            return self._bytes in cell.value.lower()
        return self._text in cell.text.casefold()
