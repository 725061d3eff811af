"""How many rows each table has, counted in steps in which nobody waits long.

Most tables are counted by one query, and many of them in one read. One that takes longer than a
step is gone through along its row numbers, or its primary key, in steps that become as large as
the disk allows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from math import inf
from typing import Final

import apsw

from inspector.errors import StoreError
from inspector.named_tuple import NamedTuple
from inspector.store.deadline import OutOfTime
from inspector.store.error_sentences import uncounted
from inspector.store.keys import quoted
from inspector.store.layout import Layout
from inspector.store.reader import DAMAGE, Snapshot, StoreReader
from inspector.store.rows import Cancel, KeyValues, TableInfo, TableType
from inspector.store.tables import (
    TableOrder,
    primary_key_order,
    row_number_order,
)
from inspector.store.text import can_be_named

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
    place = _CountPlace(0) if tables.all else None
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


class _Walk(NamedTuple):
    """How far a table has been gone through.

    Attributes:
        rows: that were passed.
        step: rows of the next step.
        after: the key of the last row passed, None at the start.
    """

    rows: int
    step: int
    after: KeyValues | None = None


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
        way = row_number_order(snapshot, name) or primary_key_order(snapshot, name)
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


def _walk_on(snapshot: Snapshot, way: TableOrder, walk: _Walk) -> tuple[int | None, _Walk | None]:
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
