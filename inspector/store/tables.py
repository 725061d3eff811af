"""Browsing any table of a file: columns, computed ones, the order of rows, pages of values.

A computed column's values are computed where :func:`computable` says that they may be, with
short values and little time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, cast

import apsw

from inspector.errors import NotFoundError, StoreError, StoreErrorKind
from inspector.invisible import named
from inspector.named_tuple import NamedTuple
from inspector.store.deadline import OutOfTime
from inspector.store.error_sentences import damaged_after, store_error, undefined
from inspector.store.keys import quoted
from inspector.store.layout import Layout, all_columns_of, columns_of, encoding_of, rowid_name
from inspector.store.reader import DAMAGE, Snapshot, Value
from inspector.store.records import HUGE, PAGE_BYTES
from inspector.store.rows import Form, KeyValues, RowKey, TableColumn, TablePage
from inspector.store.text import can_be_named, decode, folded

# Which computed columns may be computed: those whose expressions call known functions alone.
#
# Whoever wrote the file wrote the expression, too. SQLite tells which functions it calls while it
# prepares the table's definition, which is done in an empty database in memory.

#: Functions that take little more time and room than their arguments are long.
_KNOWN: Final = frozenset(
    (
        *("->", "->>", "abs", "acos", "acosh", "asin", "asinh", "atan", "atan2"),
        *("atanh", "ceil", "ceiling", "char", "coalesce", "cos", "cosh", "date", "datetime"),
        *("degrees", "exp", "floor", "hex", "if", "ifnull", "iif", "instr", "json"),
        *("json_array", "json_array_length", "json_extract", "json_object", "json_type"),
        *("json_valid", "julianday", "length", "ln"),
        *("log", "log10", "log2", "lower", "ltrim", "max", "min", "mod", "nullif"),
        *("octet_length", "pi", "pow", "power", "radians", "round", "rtrim", "sign", "sin"),
        *("sinh", "sqrt", "strftime", "substr", "substring", "tan", "tanh", "time", "timediff"),
        *("trim", "trunc", "typeof", "unicode", "unixepoch", "upper"),
    )
)
#: What SQLite does to prepare the definition of a table. No query is among it: a definition that
#: is one would be run.
_DEFINING: Final = frozenset(
    (
        *(apsw.SQLITE_CREATE_TABLE, apsw.SQLITE_CREATE_INDEX),
        *(apsw.SQLITE_INSERT, apsw.SQLITE_UPDATE, apsw.SQLITE_READ),
    )
)


def computable(snapshot: Snapshot, table: str) -> bool:
    """Whether a table's computed columns call nothing but known functions.

    Its checks count, too: SQLite does not say what calls a function.
    """
    row = snapshot.one(
        "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = :name COLLATE NOCASE",
        name=table,
    )
    return row is not None and isinstance(row[0], str) and _is_harmless(row[0])


def _is_harmless(definition: str) -> bool:
    """Whether SQLite prepares a table's definition without calling for anything unknown."""
    scratch = apsw.Connection(":memory:")
    try:
        scratch.authorizer = _authorize
        # Nothing of it is run.
        scratch.execute(f"EXPLAIN {definition}")
    except (apsw.Error, UnicodeError):
        return False
    finally:
        scratch.close()
    return True


def _authorize(
    action: int, _first: str | None, second: str | None, _database: str | None, _by: str | None
) -> int:
    if action == apsw.SQLITE_FUNCTION:
        known = second is not None and folded(second) in _KNOWN
        return apsw.SQLITE_OK if known else apsw.SQLITE_DENY
    return apsw.SQLITE_OK if action in _DEFINING else apsw.SQLITE_DENY


# In what order the rows of a table lie: by their numbers, or by the primary key of one without.
#
# A key is each of its values with its type, a text as its bytes.

#: The orders that SQLite itself knows; any other is known to who wrote the file alone.
_COLLATIONS: Final = frozenset(("BINARY", "NOCASE", "RTRIM"))


class OrderColumn(NamedTuple):
    """A column by which a table's rows are ordered.

    Attributes:
        column: as SQL writes it.
        collation: how its texts are compared, as SQL writes it; empty for a row number.
        descending: the largest comes first.
    """

    column: str
    collation: str = ""
    descending: bool = False

    @property
    def compared(self) -> str:
        """SQL for the column in the order of the key."""
        return f"{self.column} COLLATE {self.collation}" if self.collation else self.column


class TableOrder(NamedTuple):
    """SQL by which a table is gone through.

    Attributes:
        table: as SQL writes it.
        keys: the columns that order its rows, or its row number.
    """

    table: str
    keys: tuple[OrderColumn, ...]

    def queries(self, after: KeyValues | None) -> Iterator[tuple[str, dict[str, Value]]]:
        """SQL for the rows behind one, in order, and the values to be bound.

        First come those that share all but the last column of its key with it, then those that
        share one column less, and so on: where one column ascends and another descends, no single
        comparison finds them all.
        """
        if after is None:
            yield self._query("1", 0), {}
            return
        values, bound = _bound(after)
        for last in reversed(range(len(self.keys))):
            signs = ["="] * last + ["<" if self.keys[last].descending else ">"]
            terms = zip(self.keys, signs, bound, strict=False)
            where = " AND ".join(f"{key.compared} {sign} {value}" for key, sign, value in terms)
            used = {f"key{number}": values[f"key{number}"] for number in range(last + 1)}
            yield self._query(where, last), used

    def query_at(self, key: KeyValues) -> tuple[str, dict[str, Value]]:
        """SQL for the row with a key, and the values to be bound."""
        values, bound = _bound(key)
        terms = zip(self.keys, bound, strict=True)
        where = " AND ".join(f"{key.compared} = {value}" for key, value in terms)
        return f"FROM {self.table} NOT INDEXED WHERE {where}", values

    def _query(self, where: str, first: int) -> str:
        order = ", ".join(key.compared + " DESC" * key.descending for key in self.keys[first:])
        return f"FROM {self.table} NOT INDEXED WHERE {where} ORDER BY {order}"

    @property
    def values(self) -> str:
        """SQL for a row's key: for each column its value, a text as bytes, and its type."""
        return ", ".join(
            f"CASE typeof({key.column}) WHEN 'text' THEN CAST({key.column} AS BLOB)"
            f" ELSE {key.column} END, typeof({key.column})"
            for key in self.keys
        )


def _bound(key: KeyValues) -> tuple[dict[str, Value], list[str]]:
    """The values of a key to be bound, and SQL for each."""
    values = {f"key{number}": value for number, (value, _) in enumerate(key)}
    # The sign takes away the type of the cast, for which no column would be searched.
    bound = [
        f"+CAST(:key{number} AS TEXT)" if kind == "text" else f":key{number}"
        for number, (_, kind) in enumerate(key)
    ]
    return values, bound


def row_number_order(snapshot: Snapshot, name: str) -> TableOrder | None:
    """The row numbers of a table, None where it has none."""
    rowid = rowid_name(snapshot, name, columns_of(snapshot, name))
    return TableOrder(quoted(name), (OrderColumn(rowid),)) if rowid else None


def primary_key_order(snapshot: Snapshot, name: str) -> TableOrder | None:
    """The primary key of a table without row numbers, None where its order cannot be asked for."""
    # SQLite takes the name of such a table for that of its primary key.
    rows = snapshot.rows(
        'SELECT CAST(name AS BLOB), "desc", upper(coll) FROM temp.pragma_index_xinfo(:table)'
        ' WHERE "key"',
        table=name,
    )
    encoding = encoding_of(snapshot)
    if not rows or any(collation not in _COLLATIONS for *_, collation in rows):
        return None
    keys = ((decode(column, encoding), *more) for column, *more in rows)
    columns = [OrderColumn(quoted(column), coll, bool(down)) for column, down, coll in keys]
    way = TableOrder(quoted(name), tuple(columns))
    for sql, values in way.queries([(b"", "text")] * len(way.keys)):
        plan = snapshot.rows(f"EXPLAIN QUERY PLAN SELECT 1 {sql}", **values)
        if len(plan) != 1 or "SEARCH" not in str(plan[0][-1]):
            return None
    return way


#: Columns asked for in one query, each for its value, type and size: SQLite gives 2,000 at most.
_AT_ONCE: Final = 600
#: The column of messages in every table of a store that has them.
_DATA: Final = "data"
#: What is said beside a table that is not read; what it reads itself is not known.
_PLAIN: Final = "Plain tables of the file can be browsed."
#: The longest value that is met while columns are computed, in bytes.
_LONGEST: Final = 1 << 20
#: Seconds in which the computed columns of a page must be there.
_LONGEST_COMPUTING: Final = 0.5

_Cells = list[tuple[Any, str, int]]


class Slice(NamedTuple):
    """Which rows of a table to read: those after one, then ``offset`` further on.

    With ``keys`` it is the rows that they are of, in their order; those that are gone are left out.
    ``only`` are the columns that are read, None for all of them.
    """

    after: RowKey | None
    offset: int
    limit: int
    keys: Sequence[RowKey] | None = None
    only: frozenset[str] | None = None

    def reads(self, column: TableColumn) -> bool:
        """Whether the values of a column are wanted."""
        return self.only is None or column.name in self.only


def with_messages(layout: Layout, page: TablePage) -> TablePage:
    """A page that says which of its columns hold messages: those named ``data``, in any table.

    A table that a newer layout brings, or a copy of one that somebody made, has them there too.
    """
    if layout.form is Form.FOREIGN:
        return page
    found = (at for at, one in enumerate(page.columns) if folded(one.name) == _DATA)
    return page._replace(messages=frozenset(found))


def check_table(layout: Layout, name: str) -> None:
    """Refuse what is no table to be browsed.

    Raises:
        NotFoundError: there is no such table.
        StoreError: it is a view or a virtual table, whose code is not run.
    """
    if name in layout.views:
        raise store_error(
            StoreErrorKind.FOREIGN,
            f"{named(name)} is a view, a query that the file brings with it. It is not run.",
            _PLAIN,
        )
    if name not in layout.tables:
        raise NotFoundError(f"There is no table {named(name)} in this file.")
    if not can_be_named(name):
        raise store_error(
            StoreErrorKind.FOREIGN,
            "This table's name is broken; SQLite cannot be asked for it.",
            "The other tables can be browsed.",
        )
    if name in layout.virtual:
        # Where it keeps its rows only its own code knows; not all keep them in tables of the file.
        own = folded(f"{name}_")
        beside = any(folded(one).startswith(own) for one in layout.tables)
        raise store_error(
            StoreErrorKind.FOREIGN,
            f"{named(name)} is a virtual table; it is not read.",
            f"Tables whose names begin with {name}_ can be browsed." if beside else _PLAIN,
        )


def page(snapshot: Snapshot, name: str, wanted: Slice) -> TablePage:
    """A page of rows in the order they are stored; it ends early when it grows large.

    Raises:
        StoreError: SQLite does not understand the table's definition.
    """
    columns = tuple(all_columns_of(snapshot, name))
    if not columns:
        if snapshot.puzzle is not None:
            raise undefined(name, snapshot.puzzle)
        return TablePage((), (), more=False, last=None)
    rowid = rowid_name(snapshot, name, columns)
    wished = [(number, column) for number, column in enumerate(columns) if wanted.reads(column)]
    if any(column.derived for _, column in wished):
        # What it may show depends on what the others hold.
        wished = list(enumerate(columns))
    stored = [number for number, column in wished if not column.computed]
    order = primary_key_order(snapshot, name) if rowid is None else None
    reading = _Reading(snapshot, name, columns, rowid, order, wanted)
    filling = _Filling(len(columns), encoding_of(snapshot))
    for start in range(0, max(1, len(stored)), _AT_ONCE):
        _fill(filling, reading, stored[start : start + _AT_ONCE])
    computed = [number for number, column in wished if column.computed]
    missing = _compute(filling, reading, computed) if computed else frozenset[int]()
    damage = None
    if filling.damaged:
        damage = damaged_after(len(filling.rows), "row", f"this page of {named(name)}")
    return TablePage(
        columns,
        tuple(map(tuple, filling.rows)),
        bool(filling.more) and not filling.damaged,
        filling.keys[-1] if filling.keys else None,
        tuple(sorted(filling.cut)),
        damage,
        missing,
        tuple(key if isinstance(key, int) else None for key in filling.keys),
        tuple(filling.keys),
    )


class _Reading(NamedTuple):
    """What is asked for, again for each of several groups of columns."""

    snapshot: Snapshot
    name: str
    columns: Sequence[TableColumn]
    rowid: str | None
    order: TableOrder | None
    wanted: Slice

    def rows(self, numbers: Sequence[int], limit: int) -> Iterator[tuple[RowKey | None, _Cells]]:
        """Rows with some of the columns, each with what finds the row again."""
        cells = "".join(f", {_cell(self.columns[number])}" for number in numbers)
        key = self.rowid or (self.order.values if self.order is not None else "NULL")
        width = 2 * len(self.order.keys) if self.order is not None else 1
        left, skip = limit, self.wanted.offset
        for sql, values in self._queries():
            if left <= 0:
                return
            asked = f"SELECT {key}{cells} {sql} LIMIT :limit OFFSET :offset"
            for row in self.snapshot.each(asked, **values, limit=left, offset=skip):
                left -= 1
                parts = [row[start : start + 3] for start in range(width, len(row), 3)]
                yield (self._key(row[:width]), parts)
            if skip and left > 0:
                passed = f"SELECT count(*) FROM (SELECT 1 {sql} LIMIT :limit)"
                counted = self.snapshot.one(passed, **values, limit=skip)
                skip -= counted[0] if counted is not None else 0

    def _key(self, head: Sequence[Any]) -> RowKey | None:
        if self.order is None:
            return cast("int | None", head[0])
        return tuple(zip(head[::2], head[1::2], strict=True))

    def _queries(self) -> Iterator[tuple[str, dict[str, Value]]]:
        """SQL for the rows that are wanted, one after the other, and the values to be bound."""
        after, table = self.wanted.after, f"FROM {quoted(self.name)} NOT INDEXED"
        if self.wanted.keys is not None:
            for key in self.wanted.keys:
                if isinstance(key, int):
                    yield f"{table} WHERE {self.rowid} = :key", {"key": key}
                elif self.order is not None:
                    yield self.order.query_at(key)
        elif self.order is not None:
            yield from self.order.queries(after if not isinstance(after, int) else None)
        elif self.rowid and isinstance(after, int):
            yield f"{table} WHERE {self.rowid} > :after ORDER BY {self.rowid}", {"after": after}
        else:
            yield f"{table} ORDER BY {self.rowid}" if self.rowid else table, {}


class _Filling:
    """A page while it is read, group of columns by group of columns.

    Attributes:
        rows: the values, None where a column is not read yet.
        keys: what finds each row again, None where nothing does.
        cut: row, column and bytes of values that are too large.
        more: whether rows follow; None until the first group is read.
        damaged: something of the page could not be read.
    """

    def __init__(self, columns: int, encoding: str) -> None:
        self._columns = columns
        self._encoding = encoding
        self.rows: list[list[Any]] = []
        self.keys: list[RowKey | None] = []
        self.cut: list[tuple[int, int, int]] = []
        self.more: bool | None = None
        self.damaged = False

    def put(self, row: int, numbers: Sequence[int], cells: _Cells) -> int:
        """Take the values of a row's columns; gives how many bytes they are."""
        total = 0
        for number, (value, kind, size) in zip(numbers, cells, strict=True):
            if (size or 0) > HUGE:
                self.cut.append((row, number, size))
                continue
            total += size or 0
            text = kind == "text" and value is not None
            self.rows[row][number] = decode(value, self._encoding) if text else value
        return total

    def begin(self, key: RowKey | None) -> int:
        """Another row, and its place."""
        self.rows.append([None] * self._columns)
        self.keys.append(key)
        return len(self.rows) - 1

    def cut_off(self, rows: int) -> None:
        """Keep only so many rows."""
        del self.rows[rows:], self.keys[rows:]
        self.cut = [one for one in self.cut if one[0] < rows]


def _fill(filling: _Filling, reading: _Reading, numbers: Sequence[int]) -> None:
    """Read a group of columns. The first one says which rows; another may end the page earlier."""
    first = filling.more is None
    limit = reading.wanted.limit if first else len(filling.rows)
    total = read = 0
    more = False
    try:
        for key, cells in reading.rows(numbers, limit + first):
            more = read == limit or total > PAGE_BYTES
            if more:
                break
            row = filling.begin(key) if first else read
            total += filling.put(row, numbers, cells)
            read += 1
    except DAMAGE:
        filling.damaged = True
    if first:
        filling.more = more
    elif read < len(filling.rows):
        filling.more = True
        filling.cut_off(read)


def _compute(filling: _Filling, reading: _Reading, numbers: Sequence[int]) -> frozenset[int]:
    """Compute the columns of a page; gives those that were not."""
    snapshot = reading.snapshot
    safe = computable(snapshot, reading.name)
    done: set[int] = set()
    for number in numbers if safe else ():
        before = list(filling.cut)
        try:
            with snapshot.longest_value(_LONGEST), snapshot.step(_LONGEST_COMPUTING):
                found = list(reading.rows([number], len(filling.rows)))
        except OutOfTime:
            break
        except apsw.InterruptError:
            raise
        except (apsw.Error, StoreError, UnicodeDecodeError):
            continue
        if len(found) == len(filling.rows):
            for row, (_, cells) in enumerate(found):
                filling.put(row, [number], cells)
            done.add(number)
        else:
            filling.cut = before
    return frozenset(numbers) - done


def _cell(column: TableColumn) -> str:
    name = quoted(column.name)
    size = f"octet_length({name})"
    value = f"CASE typeof({name}) WHEN 'text' THEN CAST({name} AS BLOB) ELSE {name} END"
    return f"CASE WHEN {size} > {HUGE} THEN NULL ELSE {value} END, typeof({name}), {size}"
