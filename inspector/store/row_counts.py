"""How many rows each table has, counted in steps in which nobody waits long.

Most tables are counted by one query, and many of them in one read. One that takes longer than a
step is gone through along its row numbers, or its primary key, in steps that become as large as
the disk allows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from math import inf
from typing import Any, Final, NamedTuple, TypeAlias

import apsw

from inspector.errors import StoreError
from inspector.store.keys import quoted
from inspector.store.layout import Layout, columns_of, encoding_of, rowid_name
from inspector.store.reader import DAMAGE, Snapshot, StoreReader, Value
from inspector.store.rows import Cancel, TableInfo, TableType
from inspector.store.sentences import uncounted
from inspector.store.text import can_be_named, decode
from inspector.store.watch import OutOfTime

#: Seconds that a whole table, or a step along one, may take.
_STEP: Final = 0.1
#: Seconds that a table may take which cannot be gone through in steps.
_AT_MOST: Final = 1.0
#: A read goes on to the next table for as many times as long as its first one took with the
#: opening of the file, which grows with the number of tables.
_SHARE: Final = 4
_FIRST_STEP: Final = 10_000  #: rows
_SMALLER: Final = 8
_LARGER: Final = 2
_QUICK: Final = 0.01
#: The orders that SQLite itself knows; any other is known to who wrote the file alone.
_COLLATIONS: Final = frozenset(("BINARY", "NOCASE", "RTRIM"))
_DAMAGED: Final = (apsw.CorruptError, apsw.NotADBError, apsw.IOError)
_UNCOUNTABLE: Final = (*DAMAGE, apsw.SQLError, apsw.AuthError, StoreError)


def listed(layout: Layout) -> list[TableInfo]:
    """All tables and views by the bytes of their names, not counted."""
    names = [TableInfo(name, None) for name in layout.tables]
    names += [TableInfo(name, None, TableType.VIEW) for name in layout.views]
    return sorted(names, key=lambda one: one.name.encode("utf-8", "surrogatepass"))


def counted(
    reader: StoreReader,
    layout: Callable[[Snapshot], Layout],
    cancel: Cancel | None,
    on_damage: Callable[[StoreError], None] = lambda _: None,
) -> Iterator[TableInfo]:
    """All tables and views by the bytes of their names, each as soon as it is counted.

    A virtual table's code is not run to count it, and neither is a view's. ``on_damage`` is told
    of a table that damage keeps from being counted.
    """
    tables = reader.read(lambda snapshot: _CountedTables.of(layout(snapshot), on_damage), cancel)
    place: _CountPlace | None = _CountPlace(0)
    while place is not None:
        found, place = reader.read(partial(_several, tables, place), cancel)
        yield from found


class _CountedTables(NamedTuple):
    all: list[TableInfo]
    virtual: frozenset[str]
    on_damage: Callable[[StoreError], None]

    @classmethod
    def of(cls, layout: Layout, on_damage: Callable[[StoreError], None]) -> _CountedTables:
        return cls(listed(layout), layout.virtual, on_damage)

    def counts(self, table: TableInfo) -> bool:
        """Whether a table's rows are counted."""
        plain = table.type is TableType.TABLE and table.name not in self.virtual
        return plain and can_be_named(table.name)


#: The key of a row: each value, a text as bytes, and its type.
_After: TypeAlias = Sequence[tuple[Any, str]]


class _Walk(NamedTuple):
    """How far a table has been gone through.

    Attributes:
        rows: that were passed.
        step: rows of the next step.
        after: the key of the last row passed, None at the start.
    """

    rows: int
    step: int
    after: _After | None = None


class _CountPlace(NamedTuple):
    """Where to go on: at which table, and how far it has been gone through, if it is."""

    table: int
    walk: _Walk | None = None


def _several(
    tables: _CountedTables, place: _CountPlace, snapshot: Snapshot
) -> tuple[list[TableInfo], _CountPlace | None]:
    """Count some tables in one read."""
    snapshot.allow(*(table.name for table in tables.all))
    found: list[TableInfo] = []
    at: _CountPlace | None = place
    until: float | None = None
    while at is not None:
        table = tables.all[at.table]
        rows: int | None = None
        if tables.counts(table):
            try:
                rows, walk = _count(snapshot, table.name, at.walk)
            except OutOfTime:
                return found, at._replace(walk=_smaller(at.walk))
            except _DAMAGED:
                tables.on_damage(uncounted(table.name))
                walk = None
            if walk is not None:
                return found, at._replace(walk=walk)
        found.append(table._replace(rows=rows))
        at = _CountPlace(at.table + 1) if at.table + 1 < len(tables.all) else None
        until = until or snapshot.age * _SHARE
        if not (snapshot.fresh or snapshot.age < until):
            break
    return found, at


def _smaller(walk: _Walk | None) -> _Walk:
    """The same place with a smaller step, or the start of a walk where none was begun."""
    if walk is None:
        return _Walk(0, _FIRST_STEP)
    return walk._replace(step=max(1, walk.step // _SMALLER))


def _count(snapshot: Snapshot, name: str, walk: _Walk | None) -> tuple[int | None, _Walk | None]:
    """The rows of a table, None where it cannot be counted; or how far it was gone through.

    Raises:
        OutOfTime: it, or the next step of its walk, takes too long.
        apsw.Error: it is damaged, one of ``_DAMAGED``.
    """
    try:
        if walk is None:
            with snapshot.step(_STEP):
                return _whole(snapshot, name), None
        way = _row_number(snapshot, name) or _primary_key(snapshot, name)
        if way is None:
            return _at_most(snapshot, name), None
        return _walk_on(snapshot, way, walk)
    except _DAMAGED:
        raise
    except _UNCOUNTABLE:
        return None, None


def _whole(snapshot: Snapshot, name: str) -> int | None:
    row = snapshot.one(f"SELECT count(*) FROM {quoted(name)}")
    return row[0] if row else None


def _at_most(snapshot: Snapshot, name: str) -> int | None:
    """The rows of a table that cannot be gone through in steps, None where it takes too long."""
    try:
        with snapshot.step(_AT_MOST):
            return _whole(snapshot, name)
    except OutOfTime:
        return None


class _Key(NamedTuple):
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


class _Way(NamedTuple):
    """SQL by which a table is gone through.

    Attributes:
        table: as SQL writes it.
        keys: the columns that order its rows, or its row number.
    """

    table: str
    keys: tuple[_Key, ...]

    def queries(self, after: _After | None) -> Iterator[tuple[str, dict[str, Value]]]:
        """SQL for the rows behind one, in order, and the values to be bound.

        First come those that share all but the last column of its key with it, then those that
        share one column less, and so on: where one column ascends and another descends, no single
        comparison finds them all.
        """
        if after is None:
            yield self._query("1", 0), {}
            return
        values = {f"key{number}": value for number, (value, _) in enumerate(after)}
        # The sign takes away the type of the cast, for which no column would be searched.
        bound = [
            f"+CAST(:key{number} AS TEXT)" if kind == "text" else f":key{number}"
            for number, (_, kind) in enumerate(after)
        ]
        for last in reversed(range(len(self.keys))):
            signs = ["="] * last + ["<" if self.keys[last].descending else ">"]
            terms = zip(self.keys, signs, bound, strict=False)
            where = " AND ".join(f"{key.compared} {sign} {value}" for key, sign, value in terms)
            used = {f"key{number}": values[f"key{number}"] for number in range(last + 1)}
            yield self._query(where, last), used

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


def _row_number(snapshot: Snapshot, name: str) -> _Way | None:
    rowid = rowid_name(snapshot, name, columns_of(snapshot, name))
    return _Way(quoted(name), (_Key(rowid),)) if rowid else None


def _primary_key(snapshot: Snapshot, name: str) -> _Way | None:
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
    way = _Way(
        quoted(name),
        tuple(_Key(quoted(column), collation, bool(down)) for column, down, collation in keys),
    )
    for sql, values in way.queries([(b"", "text")] * len(way.keys)):
        plan = snapshot.rows(f"EXPLAIN QUERY PLAN SELECT 1 {sql}", **values)
        if len(plan) != 1 or "SEARCH" not in str(plan[0][-1]):
            return None
    return way


def _walk_on(snapshot: Snapshot, way: _Way, walk: _Walk) -> tuple[int | None, _Walk | None]:
    """One step; the number of rows where it is the last one, else how far it came."""
    started = snapshot.age
    # A single row is waited for, whatever it takes: there is no smaller step. Where to open the
    # file takes long, so may a step.
    limit = max(_STEP, started * _SHARE)
    left = walk.step
    with snapshot.step(limit if walk.step > 1 else inf):
        for sql, values in way.queries(walk.after):
            row = snapshot.one(f"SELECT {way.values} {sql} LIMIT 1 OFFSET {left - 1}", **values)
            if row is not None:
                break
            passed = snapshot.one(f"SELECT count(*) FROM (SELECT 1 {sql} LIMIT {left})", **values)
            left -= passed[0] if passed else 0
        else:
            return walk.rows + walk.step - left, None
    after = tuple(zip(row[::2], row[1::2], strict=True))
    if after == walk.after:
        raise apsw.CorruptError("keys are out of order")
    step = walk.step * (_LARGER if snapshot.age - started < _QUICK else 1)
    return None, _Walk(walk.rows + walk.step, step, after)
