"""Browsing any table of a file: columns, number of rows, pages of values as they are stored."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import apsw

from inspector.errors import NotFoundError, StoreErrorKind
from inspector.store.keys import quoted
from inspector.store.layout import Layout, columns_of, encoding_of, rowid_name
from inspector.store.reader import DAMAGE, Snapshot
from inspector.store.records import HUGE, PAGE_BYTES
from inspector.store.sentences import store_error
from inspector.store.text import can_be_named, decode
from inspector.store.types import Column, TablePage

#: Columns of a table that are shown; SQLite itself allows no more than some thousands.
_MOST_COLUMNS: Final = 500


class Slice(NamedTuple):
    """Which rows of a table to read: those after a row number, then ``offset`` further on."""

    after: int | None
    offset: int
    limit: int


def check_table(layout: Layout, name: str) -> None:
    """Refuse what is no table to be browsed.

    Raises:
        NotFoundError: there is no such table.
        StoreError: it is a virtual one, whose code is not run.
    """
    if name not in layout.tables:
        raise NotFoundError(f"There is no table {name} in this file.")
    if not can_be_named(name):
        raise store_error(
            StoreErrorKind.FOREIGN,
            "This table's name is broken; SQLite cannot be asked for it.",
            "The other tables can be browsed.",
        )
    if name in layout.virtual:
        raise store_error(
            StoreErrorKind.FOREIGN,
            f"{name} is a virtual table; it is not read.",
            "The tables that it keeps its rows in can be browsed.",
        )


def count(snapshot: Snapshot, name: str) -> int | None:
    """Number of rows, None where the table cannot be counted."""
    if not can_be_named(name):
        return None
    try:
        row = snapshot.one(f"SELECT count(*) FROM {quoted(name)}")
    except (*DAMAGE, apsw.SQLError, apsw.AuthError):
        return None
    return row[0] if row else None


def page(snapshot: Snapshot, name: str, wanted: Slice) -> TablePage:
    """A page of rows in the order they are stored; it ends early when it grows large."""
    columns = tuple(columns_of(snapshot, name)[:_MOST_COLUMNS])
    if not columns:
        return TablePage((), (), more=False, last=None)
    rowid = rowid_name(snapshot, name, columns)
    sql = _select(name, columns, rowid, wanted)
    values = {"after": wanted.after, "limit": wanted.limit + 1, "offset": wanted.offset}
    filling = _Filling(len(columns), encoding_of(snapshot))
    damage = None
    more = False
    try:
        for row in snapshot.each(sql, **values):
            more = len(filling.rows) == wanted.limit or filling.size > PAGE_BYTES
            if more:
                break
            filling.add(row)
    except DAMAGE:
        damage = store_error(
            StoreErrorKind.DAMAGED,
            f"The file is damaged after {len(filling.rows)} rows of this page of {name}.",
        )
    return TablePage(columns, tuple(filling.rows), more, filling.last, tuple(filling.cut), damage)


class _Filling:
    """A page while it is read. A row is its number, then value, type and bytes of each column."""

    def __init__(self, columns: int, encoding: str) -> None:
        self._columns = columns
        self._encoding = encoding
        self.rows: list[tuple[Any, ...]] = []
        self.cut: list[tuple[int, int, int]] = []
        self.size = 0
        self.last: int | None = None

    def add(self, row: tuple[Any, ...]) -> None:
        cells = [row[start : start + 3] for start in range(1, 3 * self._columns, 3)]
        for column, (_, _, size) in enumerate(cells):
            if (size or 0) > HUGE:
                self.cut.append((len(self.rows), column, size))
            else:
                self.size += size or 0
        self.rows.append(
            tuple(
                decode(value, self._encoding) if kind == "text" and value is not None else value
                for value, kind, _ in cells
            )
        )
        self.last = row[0]


def _select(name: str, columns: tuple[Column, ...], rowid: str | None, wanted: Slice) -> str:
    cells = ", ".join(map(_cell, columns))
    where = f"WHERE {rowid} > :after" if rowid and wanted.after is not None else ""
    order = f"ORDER BY {rowid}" if rowid else ""
    return (
        f"SELECT {rowid or 'NULL'}, {cells} FROM {quoted(name)} NOT INDEXED {where} {order}"
        " LIMIT :limit OFFSET :offset"
    )


def _cell(column: Column) -> str:
    name = quoted(column.name)
    size = f"octet_length({name})"
    value = f"CASE typeof({name}) WHEN 'text' THEN CAST({name} AS BLOB) ELSE {name} END"
    return f"CASE WHEN {size} > {HUGE} THEN NULL ELSE {value} END, typeof({name}), {size}"
