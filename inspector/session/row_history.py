"""The former states of a row, where a map says which table keeps them."""

from __future__ import annotations

import re
from typing import Final

from inspector.errors import CancelledError, NotFoundError
from inspector.foreign.column_map import FileMap, RecordsOf
from inspector.named_tuple import NamedTuple
from inspector.session.foreign_rows import ForeignReading, column_at
from inspector.session.row_documents import RowAddress
from inspector.session.row_query import sort_key
from inspector.store.keys import keeps_text, makes_text
from inspector.store.rows import Cancel, TableColumn

#: A whole number as SQLite writes it into a column of texts, of a real one as far as it is exact.
_WHOLE_NUMBER: Final = r"0(?:\.0)?|-?[1-9][0-9]{0,14}\.0|-?[1-9][0-9]{0,18}"


class _KeyValue(NamedTuple):
    """A key as it is stored, and its column."""

    value: bytes | str | int | float | None
    column: TableColumn

    def is_same(self, value: bytes | str | int | float | None, column: TableColumn) -> bool:
        """Whether the value of another column is the same key.

        In a column of texts none can tell whether a number was given, so there 7 is ``7``, and
        ``7.0`` from a driver that gives each number as a real one; but only beside a column of
        numbers, as SQLite compares them. In one without a type a number is not that text.
        """
        own = self.value
        if own is None:
            return False
        if isinstance(own, str) and isinstance(value, int | float):
            own = _number(own, self.column, column)
        elif isinstance(value, str) and isinstance(own, int | float):
            value = _number(value, column, self.column)
        return value == own


def _number(text: str, column: TableColumn, other: TableColumn) -> int | str:
    """The number that a text was made of, where its column makes texts of numbers."""
    may_be = makes_text(column.type) and not keeps_text(other.type)
    if may_be and re.fullmatch(_WHOLE_NUMBER, text):
        return int(text.removesuffix(".0"))
    return text


class RowState(NamedTuple):
    """A former state of a row.

    Attributes:
        order: the value that orders it among the others, as it is shown.
        address: where the row of it is in the table of states.
        time: its time as it is shown, where the table of states has the records' column of times.
    """

    order: str
    address: RowAddress
    time: str = ""


def records_of(mapped: FileMap, table: str) -> RecordsOf | None:
    """What a map says of the rows of a table as records; None where it says nothing."""
    return next((one for one in mapped.records if one.table == table), None)


def row_states(
    reading: ForeignReading, records: RecordsOf, address: RowAddress, cancel: Cancel | None = None
) -> list[RowState]:
    """The former states of a row, in the order that the map names.

    Args:
        reading: reads the file.
        records: what the map says of the row's table; it names a table of states.
        address: where the row is.
        cancel: ends it when set.

    Raises:
        NotFoundError: the row is gone, or there is no such table or column.
        StoreError: it cannot be read.
    """
    history = records.history
    if history is None:
        return []
    table_page = reading.session.store.table_page
    own = table_page(
        *(records.table,),
        after=address.after,
        offset=address.offset,
        limit=1,
        cancel=cancel,
        keys=address.keys,
    )
    if not own.rows:
        raise own.damage or NotFoundError("The row is no longer in the table.")
    at = column_at(own.columns, records.table, records.key)
    key = _KeyValue(own.rows[0][at], own.columns[at])
    found = []
    offset = 0
    only = frozenset(filter(None, (history.key, history.order, records.time)))
    for page in reading.pages(history.table, cancel, only):
        if cancel is not None and cancel.is_set():
            raise CancelledError("Cancelled.")
        at = column_at(page.columns, history.table, history.key)
        order = column_at(page.columns, history.table, history.order)
        cells = reading.cells(page, history.table)
        names = [column.name for column in page.columns]
        timed = names.index(records.time) if records.time in names else None
        for index, row in enumerate(page.rows):
            # A number is no text, even where both are written alike. But 7 is 7.0, as it is for
            # SQLite: which is stored depends on the driver where the column has no type.
            if key.is_same(row[at], page.columns[at]):
                place = page.keys[index] if page.keys else None
                where = RowAddress(None, offset if place is None else 0, place)
                cell = cells[index][order]
                time = cells[index][timed].text if timed is not None else ""
                found.append((sort_key(cell), RowState(cell.text, where, time)))
            offset += 1
        if page.damage is not None:
            raise page.damage
    return [state for _, state in sorted(found, key=lambda one: one[0])]
