"""Rows of a kind from one id to another, as many as a short read holds."""

from __future__ import annotations

from inspector.named_tuple import NamedTuple
from inspector.store.allocator import expect_blocks
from inspector.store.known_rows import StoredRow
from inspector.store.layout import Resources, distinct
from inspector.store.reader import DAMAGE, Snapshot, Value
from inspector.store.records import HUGE, PAGE_BYTES, Range, page_of_rows
from inspector.store.text import decode, encode


class RowRange(NamedTuple):
    """Rows that lie side by side.

    Attributes:
        rows: in order.
        unreadable: ids of those that are there and cannot be read.
        end: the last id that was looked at, None where there are no more.
        damaged: what lies behind cannot be read.
    """

    rows: list[StoredRow]
    unreadable: list[bytes]
    end: bytes | None
    damaged: bool = False


def rows_after(
    snapshot: Snapshot, table: Resources, kind: bytes, after: bytes | None, limit: int
) -> RowRange:
    """Rows of a kind behind an id, legacy rows too."""
    sql = (
        f"SELECT {table.id.value}, {_columns(table)} FROM resources"
        f" WHERE {table.kind.compared('=', 'kind')} AND {table.id.within(after is not None)}"
        f" ORDER BY {table.id.order} LIMIT :limit"
    )
    found = RowRange([], [], None)
    total = 0
    try:
        for id_, data, updated in snapshot.each(sql, kind=kind, after=after, limit=limit):
            if data is None:
                found.unreadable.append(id_)
            else:
                found.rows.append(StoredRow(id_, data, updated))
                total += len(data)
            expect_blocks(total)
            if total > PAGE_BYTES or len(found.rows) + len(found.unreadable) == limit:
                return found._replace(end=id_)
    except DAMAGE:
        return _one_by_one(snapshot, table, kind, after, limit)
    return found


class Side(NamedTuple):
    """Rows that lie side by side, of one that cannot be read its id, and the id behind them."""

    rows: list[StoredRow | bytes]
    following: bytes | None


def rows_between(
    snapshot: Snapshot, table: Resources, kind: bytes, first: bytes, last: bytes, limit: int
) -> Side | None:
    """Rows of a kind from one id to another.

    Returns:
        None where there are more than ``limit``.
    """
    sql = (
        f"SELECT {table.id.value}, {_columns(table)} FROM resources"
        f" WHERE {table.kind.compared('=', 'kind')} AND {table.id.compared('>=', 'first')}"
        # All text lies before blobs.
        f" AND {table.id.column} COLLATE BINARY < x'' ORDER BY {table.id.order} LIMIT :limit"
    )
    found: list[StoredRow | bytes] = []
    rows = snapshot.each(sql, kind=kind, first=first, limit=limit + 1)
    for id_, data, updated in rows:
        if id_ > last:
            return Side(found, id_)
        found.append(id_ if data is None else StoredRow(id_, data, updated))
    return Side(found, None) if len(found) <= limit else None


def row_of_key(
    snapshot: Snapshot, table: Resources, kind: bytes, id_: bytes
) -> StoredRow | bytes | None:
    """A row by its key; its id where it cannot be read, None where there is none."""
    sql = (
        f"SELECT {_columns(table)} FROM resources"
        f" WHERE {table.kind.compared('=', 'kind')} AND {table.id.compared('=', 'id')} LIMIT 1"
    )
    row = snapshot.one(sql, kind=kind, id=id_)
    if row is None:
        return None
    data, updated = row
    return id_ if data is None else StoredRow(id_, data, updated)


def ids_between(
    snapshot: Snapshot, table: Resources, kind: bytes, first: bytes, last: bytes, limit: int
) -> list[bytes] | None:
    """Ids of a kind from one to another, None where there are more than ``limit``."""
    sql = (
        f"SELECT {table.id.value} FROM resources"
        f" WHERE {_within(table)} ORDER BY {table.id.order} LIMIT :limit"
    )
    found = [row[0] for row in snapshot.each(sql, **_bound(kind, first, last, limit))]
    return found if len(found) <= limit else None


def neighbour(
    snapshot: Snapshot, table: Resources, kind: bytes, id_: bytes | None, *, before: bool
) -> bytes | None:
    """The id of a kind that comes next to another, None where there is none.

    Without another it is the last one, or where ``before`` is false the first.
    """
    sql = (
        f"SELECT {table.id.value} FROM resources WHERE {table.kind.compared('=', 'kind')}"
        f" AND {table.id.within(after=id_ is not None, descending=before)}"
        f" ORDER BY {table.id.order} {'DESC' if before else 'ASC'} LIMIT 1"
    )
    row = snapshot.one(sql, kind=kind, after=id_)
    return row[0] if row else None


def kinds_of(snapshot: Snapshot, table: Resources) -> list[bytes]:
    """The kinds that have a row, in order."""
    if table.keyed:
        return list(distinct(snapshot, "resources", table.kind))
    sql = f"SELECT DISTINCT {table.kind.value} FROM resources"
    return sorted(row[0] for row in snapshot.each(sql))


def _one_by_one(
    snapshot: Snapshot, table: Resources, kind: bytes, after: bytes | None, limit: int
) -> RowRange:
    """The same row by row, so that one that is damaged costs only itself."""
    start = None if after is None else decode(after)
    page = page_of_rows(snapshot, table, Range(decode(kind), start, limit, as_they_lie=True))
    found = RowRange([], [], None)
    for row in page.rows:
        if row.data is None:
            found.unreadable.append(encode(row.id))
        else:
            updated = None if row.updated_at is None else encode(row.updated_at)
            found.rows.append(StoredRow(encode(row.id), row.data, updated))
    end = encode(page.rows[-1].id) if page.rows and page.more else None
    return found._replace(end=end, damaged=page.damage is not None)


def _columns(table: Resources) -> str:
    data = f"CASE WHEN {table.data.size} <= {HUGE} THEN {table.data.value} END"
    return f"{data}, nullif({table.updated_at}, x'')"


def _within(table: Resources) -> str:
    return (
        f"{table.kind.compared('=', 'kind')} AND {table.id.compared('>=', 'first')}"
        f" AND {table.id.compared('<=', 'last')}"
    )


def _bound(kind: bytes, first: bytes, last: bytes, limit: int) -> dict[str, Value]:
    return {"kind": kind, "first": first, "last": last, "limit": limit + 1}
