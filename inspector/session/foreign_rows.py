"""Rows of any table as JSON has them, blobs decoded where the person said what they are."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain, islice, product
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from inspector.decode.json_text import number as number_text
from inspector.decode.secrets import COVERED
from inspector.errors import InspectorError, NotFoundError, StoreError, UsageError
from inspector.export.json_object import Raw
from inspector.export.record_text import Written, message_text
from inspector.foreign.cell_reading import read_cell, stored_bytes
from inspector.foreign.column_map import ColumnReading, FileMap, ReadAs
from inspector.foreign.map_file import check_match, read_map
from inspector.foreign.message_set import MessageSet, message_set
from inspector.foreign.wrappers import Wrapper, unwrapped
from inspector.invisible import named
from inspector.named_tuple import NamedTuple
from inspector.session.browse import TableCell, as_cells
from inspector.store.rows import (
    PAGE,
    Cancel,
    Form,
    KeyValues,
    RowKey,
    TableColumn,
    TablePage,
)
from inspector.store.text import encode

if TYPE_CHECKING:
    from inspector.session.session import Session

_MOST_DIGITS: Final = 19
_MOST_MEANT: Final = 64  #: ways in which one key is read
_TYPES: Final = {str: "text", int: "integer", float: "real", bytes: "blob"}
Stored = bytes | str | int | float | None


class ForeignCell(NamedTuple):
    """A value of a row: its column, as JSON, and what its text does not say.

    Attributes:
        computed: it is computed when it is read, which it was not: ``value`` is None for all that.
    """

    column: str
    value: object
    written: Written | None = None
    computed: bool = False


class ForeignRow(NamedTuple):
    """A row: its key as JSON, its values, and as it is stored."""

    key: object
    cells: tuple[ForeignCell, ...]
    stored: tuple[Stored, ...]


class ForeignReading:
    """How the tables of a file are read: as a map says, with the messages of its schemas.

    Attributes:
        decodes: whether what the map names is decoded; in a store of Stigmer's it is not unless
            secrets are shown, since only the records say what is one.
        level: how many levels deep the JSON of a value will stand.
        indent: its spaces a level; None for one line.
    """

    def __init__(
        self,
        session: Session,
        mapped: FileMap | None = None,
        sets: Sequence[MessageSet] = (),
        *,
        reveal: bool = False,
        level: int = 0,
        indent: int | None = 2,
    ) -> None:
        self.level, self.indent = level, indent
        self.session = session
        self.reveal = reveal
        self._mapped = mapped
        self.sets = sets
        self._secrets = frozenset(mapped.secrets if mapped is not None else ())
        foreign = session.known_facts().form is Form.FOREIGN
        self.decodes = mapped is not None and (reveal or foreign)

    @property
    def problems(self) -> tuple[str, ...]:
        """What of the schemas is not shown by name."""
        return tuple(f"{one.name}: {problem}" for one in self.sets for problem in one.problems)

    def columns_of(self, table: str) -> dict[str, list[ColumnReading]]:
        """What the map says of the columns of a table."""
        found: dict[str, list[ColumnReading]] = {}
        for one in self._mapped.columns if self._mapped is not None and self.decodes else ():
            if one.table == table:
                found.setdefault(one.column, []).append(one)
        return found

    def absent(self, table: str, cancel: Cancel | None = None) -> list[str]:
        """The columns that the map names and the table has not, such as another release's.

        Raises:
            NotFoundError: there is no such table.
            StoreError: it cannot be read.
        """
        named = self.columns_of(table)
        if not named:
            return []
        page = self.session.store.table_page(table, limit=1, cancel=cancel)
        there = {column.name for column in page.columns}
        return [name for name in named if name not in there]

    def rows(
        self,
        table: str,
        after: str | None = None,
        limit: int | None = None,
        cancel: Cancel | None = None,
    ) -> Iterator[ForeignRow]:
        """Rows of a table in the order they are stored, those behind a key.

        Raises:
            NotFoundError: there is no such table or key.
            StoreError: it cannot be read; what could be has been given.
        """
        readings = self.columns_of(table)
        if limit == 0:
            return
        waiting, start = after, None
        if after is not None:
            start = self._start(table, after, cancel)
            waiting = None if start is not None else after
        for page in self._pages(table, start, limit if waiting is None else None, cancel):
            cells = as_cells(page, table, reveal=self.reveal)
            for index, stored in enumerate(page.rows):
                if waiting is not None:
                    waiting = None if _is_key(page, index, waiting) else waiting
                    continue
                yield self._row(page, index, cells.rows[index], stored, readings)
                if limit is not None:
                    limit -= 1
                    if not limit:
                        return
            if page.damage is not None:
                raise page.damage
        if waiting is not None:
            raise self._no_row(table, waiting)

    def row(self, table: str, key: str, cancel: Cancel | None = None) -> ForeignRow:
        """The row of a key.

        Raises:
            NotFoundError: there is none.
        """
        missing = self._no_row(table, key)
        pages: Iterator[TablePage] = iter(self._at(table, key, cancel))
        if not self._has_numbers(table, cancel):
            # A key may be written in more ways than are tried.
            pages = chain(pages, self._pages(table, None, None, cancel))
        damage: StoreError | None = None
        readings = self.columns_of(table)
        for page in pages:
            cells = as_cells(page, table, reveal=self.reveal)
            for index, stored in enumerate(page.rows):
                if _is_key(page, index, key):
                    return self._row(page, index, cells.rows[index], stored, readings)
            damage = damage or page.damage
        raise damage or missing

    def blobs(
        self,
        table: str,
        column: str,
        cancel: Cancel | None = None,
        unpack: Sequence[Wrapper] | None = None,
    ) -> Iterator[bytes]:
        """The blobs of a column, texts as their UTF-8, unwrapped where they can be.

        Args:
            table: of which table.
            column: of which column.
            cancel: ends it when set.
            unpack: what they are wrapped in; None where the map says it.
        """
        for page in self._pages(table, None, None, cancel):
            at = column_at(page.columns, table, column)
            names = [one.name for one in page.columns]
            for row in page.rows:
                value = row[at]
                if not isinstance(value, bytes | str):
                    continue
                steps = unpack
                if steps is None:
                    own = dict(zip(names, row, strict=True))
                    readings = self.columns_of(table).get(column, ())
                    steps = next((one.unpack for one in readings if one.applies(own)), ())
                data = _unwrapped(stored_bytes(value), steps)
                if data is not None:
                    yield data

    def pages(
        self, table: str, cancel: Cancel | None = None, only: frozenset[str] | None = None
    ) -> Iterator[TablePage]:
        """All rows of a table as they are stored, page by page.

        Args:
            table: of which table.
            cancel: ends it when set.
            only: the columns that are read, the others stand as None; None for all of them.
        """
        return self._pages(table, None, None, cancel, only)

    def cells(self, page: TablePage, table: str) -> tuple[tuple[TableCell, ...], ...]:
        """The rows of a page, with what is a secret, or may be one, covered."""
        return as_cells(page, table, reveal=self.reveal).rows

    def row_of(self, page: TablePage, index: int, table: str) -> ForeignRow:
        """A row of a page, blobs decoded."""
        [cells] = as_cells(_alone(page, index), table, reveal=self.reveal).rows
        return self._row(page, index, cells, page.rows[index], self.columns_of(table))

    def decoded(
        self,
        page: TablePage,
        index: int,
        cells: Sequence[TableCell],
        readings: Mapping[str, list[ColumnReading]],
    ) -> tuple[ForeignCell, ...]:
        """The values of a row, blobs decoded; ``readings`` is what the map says of its columns."""
        return self._row(page, index, cells, page.rows[index], readings).cells

    def _start(self, table: str, key: str, cancel: Cancel | None) -> RowKey | None:
        """What the rows behind a key begin after; None where they are to be looked through."""
        if self._has_numbers(table, cancel):
            return _number(key)
        for page in self._at(table, key, cancel):
            for index in range(len(page.rows)):
                if _is_key(page, index, key):
                    return page.keys[index]
        return None

    def _no_row(self, table: str, key: str) -> NotFoundError:
        covered = not self.reveal and ('{"blob":' in key or COVERED in key)
        whole = "What is covered of a key names no row; --reveal-secrets prints it whole."
        return NotFoundError(
            f"{named(table)} has no row with the key {named(key)}.", whole if covered else ""
        )

    def _at(self, table: str, key: str, cancel: Cancel | None) -> list[TablePage]:
        """The rows of a key as far as they are found by it, without looking through the table."""
        page = self.session.store.table_page(table, limit=1, cancel=cancel)
        if not page.keys or page.keys[0] is None:
            return []
        keys: list[RowKey] = [_number(key)] if page.numbers[0] is not None else [*_keys(page, key)]
        read = self.session.store.table_page
        return [read(table, keys=[one], cancel=cancel) for one in keys]

    def _pages(
        self,
        table: str,
        after: RowKey | None,
        limit: int | None,
        cancel: Cancel | None,
        only: frozenset[str] | None = None,
    ) -> Iterator[TablePage]:
        offset, left = 0, limit
        while True:
            size = PAGE if left is None else min(PAGE, left)
            page = self.session.store.table_page(
                table, after=after, offset=offset, limit=size, cancel=cancel, only=only
            )
            yield page
            if left is not None:
                left -= len(page.rows)
            if not page.more or not page.rows or left == 0 or page.damage is not None:
                return
            if page.last is not None:
                after = page.last
            else:
                offset += len(page.rows)

    def _has_numbers(self, table: str, cancel: Cancel | None) -> bool:
        page = self.session.store.table_page(table, limit=1, cancel=cancel)
        return bool(page.numbers) and page.numbers[0] is not None

    def _row(
        self,
        page: TablePage,
        index: int,
        cells: Sequence[TableCell],
        stored: tuple[Stored, ...],
        readings: Mapping[str, list[ColumnReading]],
    ) -> ForeignRow:
        cut = {column: size for row, column, size in page.cut if row == index}
        own = {one.name: value for one, value in zip(page.columns, stored, strict=True)}
        made = []
        for number, column in enumerate(page.columns):
            cell, value = cells[number], stored[number]
            found = next((r for r in readings.get(column.name, ()) if r.applies(own)), None)
            if number in cut:
                made.append(ForeignCell(column.name, {"blob": cut[number]}))
            elif cell.covered and not cell.blob:
                # A column whose name says that it is a secret is one, whatever it is read as.
                made.append(ForeignCell(column.name, _plain(cell, value)))
            elif found is not None and isinstance(value, bytes | str):
                made.append(self._decoded(column.name, value, found, own, page, index))
            else:
                left_out = number in page.not_computed
                made.append(ForeignCell(column.name, _plain(cell, value), computed=left_out))
        return ForeignRow(_key(page, index, cells), tuple(made), stored)

    def _decoded(
        self,
        column: str,
        value: bytes | str,
        reading: ColumnReading,
        row: Mapping[str, object],
        page: TablePage,
        index: int,
    ) -> ForeignCell:
        data = stored_bytes(value)
        try:
            return self.read_cell(column, data, reading, row, str(page.numbers[index] or index))
        except InspectorError as error:
            return ForeignCell(column, {"blob": len(data), "problem": error.message})

    def read_cell(
        self, column: str, data: bytes, reading: ColumnReading, row: Mapping[str, object], key: str
    ) -> ForeignCell:
        """A value as the map has it.

        Raises:
            InspectorError: it is not of that form.
        """
        if reading.read_as is ReadAs.RAW:
            return ForeignCell(column, _blob(unwrapped(data, reading.unpack), self.reveal))
        found = read_cell(data, reading, row, self.sets, key=key, secrets=self._secrets)
        if found.record is None:
            return ForeignCell(column, found.text)
        written = message_text(
            found.record, reveal=self.reveal, indent=self.indent, level=self.level
        )
        return ForeignCell(column, Raw(written.text), written)


def foreign_reading(
    session: Session,
    map_path: str | None,
    schema: str | None,
    *,
    reveal: bool,
    level: int = 0,
    indent: int | None = 2,
) -> ForeignReading:
    """How a file is read with a map, and a schema besides that the map does not name.

    Raises:
        InspectorError: one of them cannot be read, or the map is not of this file.
    """
    stores = (session.store.real_path,)
    mapped = map_of(session, map_path) if map_path is not None else None
    paths = [*(mapped.schemas if mapped is not None else ()), *([schema] if schema else [])]
    secrets = mapped.secrets if mapped is not None else ()
    sets = [message_set(one, secrets, stores=stores) for one in paths]
    return ForeignReading(session, mapped, sets, reveal=reveal, level=level, indent=indent)


def map_of(session: Session, path: str, cancel: Cancel | None = None) -> FileMap:
    """A map of a file.

    Raises:
        InspectorError: it cannot be read, or it is a map of other tables.
    """
    # Whoever opens and closes a database takes its locks from everyone in this process.
    if Path(path).exists() and Path(path).samefile(session.store.real_path):
        raise UsageError(f"{path} is the database itself, not a map of it.")
    found = read_map(path)
    check_match(found, [one.name for one in session.store.table_names(cancel)])
    return found


def column_at(columns: Sequence[TableColumn], table: str, column: str) -> int:
    """Where a column is.

    Raises:
        NotFoundError: there is none of that name.
    """
    for number, one in enumerate(columns):
        if one.name == column:
            return number
    raise NotFoundError(f"The table {named(table)} has no column {named(column)}.")


def _alone(page: TablePage, index: int) -> TablePage:
    """One row of a page as a page."""
    cut = tuple((0, column, size) for row, column, size in page.cut if row == index)
    return page._replace(rows=(page.rows[index],), cut=cut)


def _unwrapped(data: bytes, steps: Sequence[Wrapper]) -> bytes | None:
    try:
        return unwrapped(data, steps)
    except InspectorError:
        return None


def _number(key: str) -> int:
    digits = key.removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS:
        number = int(key)
        if _is_stored(number):
            return number
    raise UsageError(f"The key {key} is no row number.", "The rows of this table have numbers.")


def _keys(page: TablePage, key: str) -> Iterator[KeyValues]:
    """The primary keys that a text may mean: it is one value's text, or several as JSON."""
    for parts in _meant(len(_primary(page)), key):
        if all(map(_is_stored, parts)):
            yield tuple((encode(v) if isinstance(v, str) else v, _TYPES[type(v)]) for v in parts)


def _meant(width: int, key: str) -> Iterator[tuple[bytes | str | int | float, ...]]:
    """The values that a key of so many columns may stand for, as rows print it, likeliest first."""
    if width == 1:
        numbers: list[int | float] = []
        for number in (int, float):
            with suppress(ValueError):
                numbers.append(number(key))
        # A number is printed so; a text in quotation marks, which who types one leaves out.
        printed = [one for one in numbers if _printed(one) == key]
        yield from ((one,) for one in (*printed, key, *numbers))
    try:
        parts = json.loads(key)
    except (ValueError, RecursionError):
        return
    if width == 1:
        parts = [parts] if isinstance(parts, str | dict) else []
    if width and isinstance(parts, list) and len(parts) == width:
        yield from islice(product(*map(_readings, parts)), _MOST_MEANT)


def _printed(number: int | float) -> str:
    return str(number) if isinstance(number, int) else number_text(number)


def _readings(part: object) -> Iterator[bytes | str | int | float]:
    """What a part of a key may be: a blob is written with its bytes, and JSON has no infinity."""
    if type(part) in _TYPES:
        yield cast("str | int | float", part)
    if isinstance(part, str) and part.removeprefix("-") == "Infinity":
        yield float(part)
    if isinstance(part, dict) and isinstance(part.get("data", ""), str):
        with suppress(ValueError):
            blob = b64decode(part.get("data", ""), validate=True)
            if part.get("blob") == len(blob):
                yield blob


def _is_stored(value: object) -> bool:
    """Whether SQLite has such a value: its integers have 64 bits."""
    return not isinstance(value, int) or -(1 << 63) <= value < 1 << 63


def _primary(page: TablePage) -> list[int]:
    keyed = [(one.primary_key, at) for at, one in enumerate(page.columns) if one.primary_key]
    return [at for _, at in sorted(keyed)]


def _key(page: TablePage, index: int, cells: Sequence[TableCell]) -> object:
    if page.numbers[index] is not None:
        return page.numbers[index]
    parts = [_plain(cells[at], page.rows[index][at]) for at in _primary(page)]
    if len(parts) == 1:
        return parts[0]
    # Within a list a number is written as JSON's own, or as a text where JSON has none.
    return [_of_list(one) for one in parts] or None


def _of_list(value: object) -> object:
    if not isinstance(value, Raw):
        return value
    return value.strip('"') if value.startswith('"') else float(value)


def _is_key(page: TablePage, index: int, key: str) -> bool:
    if page.numbers[index] is not None:
        return str(page.numbers[index]) == key
    parts = tuple(page.rows[index][at] for at in _primary(page))
    return any(parts == meant for meant in _meant(len(parts), key))


def _plain(cell: TableCell, value: Stored) -> object:
    if cell.null or cell.missing:
        return None
    if isinstance(value, bytes):
        return _blob(value, not cell.covered)
    if cell.covered:
        return COVERED
    return Raw(number_text(value)) if isinstance(value, float) else value


def _blob(value: bytes, shown: bool) -> dict[str, object]:
    data: dict[str, object] = {"data": b64encode(value).decode()} if shown and value else {}
    return {"blob": len(value), **data}
