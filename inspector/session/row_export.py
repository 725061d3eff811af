"""Rows of a table as JSON, as a line of JSON each, or as comma-separated values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum

from inspector.decode.secrets import COVERED
from inspector.errors import NotFoundError
from inspector.export.json_object import Raw, encode, object_text, value_text
from inspector.export.stream import Stream
from inspector.invisible import named
from inspector.session.foreign_rows import ForeignCell, ForeignReading, ForeignRow
from inspector.session.row_query import FoundRows
from inspector.store.rows import PAGE, Cancel, RowKey

_QUOTED = frozenset(',"\r\n')


class RowForm(StrEnum):
    """What rows are written as."""

    JSON = "json"  #: one array
    NDJSON = "ndjson"  #: an object a line
    CSV = "csv"  #: with a head; NULL is nothing, and an empty text is ""

    @property
    def indent(self) -> int | None:
        """Spaces a level of JSON; None where it stands on one line."""
        return 2 if self is RowForm.JSON else None

    @property
    def level(self) -> int:
        """How many levels deep the JSON of a value stands."""
        return 3 if self is RowForm.JSON else 0


class RowsWriter:
    """Writes rows one after the other.

    Attributes:
        rows: how many were written.
        notes: what is to be said of them, each with how many values it is said of.
        secrets: values that were written as covered.
        payloads: blobs that were, since nothing says what is in them.

    Args:
        write: takes the bytes.
        form: what they are written as.
        columns: the columns that are written, in their order; empty for all of them.
    """

    def __init__(
        self, write: Callable[[bytes], object], form: RowForm, columns: Sequence[str] = ()
    ) -> None:
        self._write, self._form, self._columns = write, form, tuple(columns)
        self._stream = Stream(write, array=form is RowForm.JSON)
        self.rows = self.secrets = self.payloads = 0
        self.notes: Counter[str] = Counter()

    def add(self, row: ForeignRow) -> None:
        """Write a row.

        Raises:
            NotFoundError: it has no column of a name that is asked for.
        """
        cells = [cell_named(row, name) for name in self._columns] if self._columns else [*row.cells]
        for cell in cells:
            self._take_notes(cell)
        if self._form is RowForm.CSV:
            if not self.rows:
                self._line(one.column for one in cells)
            self._line(map(_csv, cells))
        else:
            level = self._form.level
            indent = self._form.indent
            values = object_text(
                [(one.column, one.value) for one in cells],
                indent=indent,
                level=level - 1 if level else 0,
            )
            members = [("key", row.key), ("values", Raw(values))]
            self._stream.put(object_text(members, indent=indent, level=min(level, 1)))
        self.rows += 1

    def close(self) -> None:
        """End what was written."""
        if self._form is not RowForm.CSV:
            self._stream.close()
        elif not self.rows and self._columns:
            self._line(self._columns)

    def _line(self, fields: Iterable[str | None]) -> None:
        self._write(csv_line(fields))

    def _take_notes(self, cell: ForeignCell) -> None:
        if cell.written is not None:
            self.secrets += cell.written.covered
            self.notes.update(cell.written.notes)
        elif cell.computed:
            self.notes[f"left out: the column {cell.column}, which is not computed"] += 1
        elif cell.value == COVERED:
            self.secrets += 1
        elif isinstance(cell.value, dict) and "problem" in cell.value:
            self.notes[f"not decoded: {cell.value['problem']}"] += 1
        elif isinstance(cell.value, dict) and self._form is RowForm.CSV:
            self.payloads += "data" not in cell.value


def rows_in(
    reading: ForeignReading,
    table: str,
    found: FoundRows | None = None,
    ranges: Sequence[range] | None = None,
    cancel: Cancel | None = None,
) -> Iterator[ForeignRow]:
    """Rows of a table, blobs decoded.

    Args:
        reading: reads them.
        table: of which table.
        found: the rows that are listed, in their order; None for all as they are stored.
        ranges: which of those, ascending; None for all of them.
        cancel: ends it when set.

    Raises:
        StoreError: it cannot be read further; what could be has been given.
    """
    if found is None:
        yield from _stored(reading, table, ranges, cancel)
        return
    for part in ranges if ranges is not None else (range(len(found)),):
        for start in range(part.start, part.stop, PAGE):
            places = range(start, min(start + PAGE, part.stop))
            yield from _listed(reading, table, found, places, cancel)


def _stored(
    reading: ForeignReading, table: str, ranges: Sequence[range] | None, cancel: Cancel | None
) -> Iterator[ForeignRow]:
    number = 0
    left = list(ranges) if ranges is not None else None
    for page in reading.pages(table, cancel):
        for index in range(len(page.rows)):
            while left and number >= left[0].stop:
                left.pop(0)
            if left is not None and not left:
                return
            if left is None or number in left[0]:
                yield reading.row_of(page, index, table)
            number += 1
        if page.damage is not None:
            raise page.damage


def _listed(
    reading: ForeignReading, table: str, found: FoundRows, places: range, cancel: Cancel | None
) -> Iterator[ForeignRow]:
    read = reading.session.store.table_page
    if found.offsets:
        for at in places:
            page = read(table, offset=found.offsets[at], limit=1, cancel=cancel)
            if page.rows:
                yield reading.row_of(page, 0, table)
        return
    left: list[RowKey] = [key for key in map(found.key_at, places) if key is not None]
    while left:
        page = read(table, keys=left, cancel=cancel)
        for index in range(len(page.rows)):
            yield reading.row_of(page, index, table)
        last = page.keys[-1] if page.keys else None
        if not page.more or last is None:
            return
        left = left[left.index(last) + 1 :]


def cell_named(row: ForeignRow, name: str) -> ForeignCell:
    """The value of a column.

    Raises:
        NotFoundError: there is no such column.
    """
    for cell in row.cells:
        if cell.column == name:
            return cell
    names = ", ".join(named(one.column) for one in row.cells[:10])
    raise NotFoundError(f"There is no column {named(name)}.", f"There are {names}.")


def _csv(cell: ForeignCell) -> str | None:
    """A value as a text; a blob that is not decoded as its length, or as hex where it is shown."""
    value = cell.value
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, dict):
        return COVERED if "data" not in value else value_text(value, indent=None)
    return value_text(value, indent=None)


def csv_line(fields: Iterable[str | None]) -> bytes:
    """A line of comma-separated values; None is nothing, and an empty text is ``""``."""
    return encode(",".join(map(_field, fields)) + "\r\n")


def _field(text: str | None) -> str:
    if text is None:
        return ""
    if not text or not _QUOTED.isdisjoint(text) or text.strip() != text:
        return '"' + text.replace('"', '""') + '"'
    return text
