"""Queries of live rows: pages by keyset, single rows, and reading on where a file is damaged.

A page is read in two steps within one snapshot: the keys, which an index gives without touching
a blob, then the rows, by one statement. Where that does not give exactly the rows of those keys,
each is read by its key. So a row that cannot be read costs only itself; what it hides of others is
rescued.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Final, TypeVar

import apsw

from inspector.errors import StoreError
from inspector.named_tuple import NamedTuple
from inspector.store import legacy
from inspector.store.allocator import expect_blocks
from inspector.store.error_sentences import UNREADABLE_ROW, damaged_after, row_problem
from inspector.store.in_order import in_order_sql, is_sought
from inspector.store.keys import ROUTES, Route
from inspector.store.layout import Resources
from inspector.store.reader import DAMAGE, Snapshot, SqlRow, Value, advanced
from inspector.store.rows import PAGE, Head, Page, Row
from inspector.store.text import decode, decode_or_none, encode

# Rows that cannot be sought because another row is damaged.
#
# In a table without row numbers the way to a row compares it with others, and a long one is loaded
# whole for that. So one damaged row hides its neighbours, or high up in the tree half of the table.
# Whoever goes through the table from its beginning compares nothing, and finds all the others.

#: How often the table is gone through, each time past one more row that is damaged.
_PASSES: Final = 16


def rescue(
    snapshot: Snapshot,
    table: Resources,
    kind: str,
    ids: Iterable[bytes],
    columns: str,
    condition: str = "1",
) -> dict[bytes, SqlRow]:
    """What stands in some columns of rows that were sought in vain.

    Args:
        snapshot: what is read.
        table: the table of the rows.
        kind: of the rows, as stored.
        ids: of the rows.
        columns: SQL.
        condition: SQL that holds for the rows that are wanted.
    """
    found: dict[bytes, SqlRow] = {}
    lost = sorted(ids)
    for _ in range(_PASSES):
        if not lost:
            break
        names = {f"id{number}": one for number, one in enumerate(lost)}
        sql = (
            f"SELECT {table.id.value}, {columns} FROM resources NOT INDEXED"
            f" WHERE {condition} AND {table.kind.value} = :kind"
            f" AND {table.id.value} IN ({', '.join(f':{name}' for name in names)})"
        )
        try:
            for key, *values in snapshot.each(sql, kind=encode(kind), **names):
                found[key] = tuple(values)
        except DAMAGE:
            # They come in their order: the first that is missing is the one that ended it.
            lost = [one for one in lost if one not in found][1:]
        else:
            break
    return found


#: A page of rows with blobs ends when it holds this many bytes.
PAGE_BYTES: Final = 8 << 20
#: A single blob larger than this is not loaded, in bytes.
HUGE: Final = 256 << 20

_ASTRAY: Final = "The file is damaged: its index names this row, but the row is not there."
_NO_DATA: Final = "The row holds no data."

R = TypeVar("R", Head, Row)


class RowKey(NamedTuple):
    """Where a live row is: its id's bytes, and its row number where the table has such.

    ``same`` is how many rows of its kind have the id, where it was sought by that.
    """

    id: bytes
    rowid: int | None
    same: int = 1


class Range(NamedTuple):
    """Which rows to page through.

    Attributes:
        kind: the kind as stored.
        after: the id after which to begin, None for the start.
        limit: the most rows.
        descending: from the last id to the first.
        as_they_lie: legacy rows too.
        timeless: their times are not wanted, which lie behind the blobs.
    """

    kind: str
    after: str | None = None
    limit: int = PAGE
    descending: bool = False
    as_they_lie: bool = False
    timeless: bool = False


class _LiveKeys(NamedTuple):
    keys: list[RowKey]
    more: bool = False
    damage: bool = False


def legacy_sql(table: Resources, kind: str) -> str:
    """SQL that is 1 for the legacy rows of a kind."""
    if not table.has_legacy:
        return "0"
    return (
        legacy.in_kind_sql(table.id) if legacy.is_audit_kind(kind) else legacy.in_id_sql(table.id)
    )


def page_of_heads(snapshot: Snapshot, table: Resources, wanted: Range) -> Page[Head]:
    """A page of live rows without blobs. A row that cannot be read has size 0 and no time."""
    found = _keys(snapshot, table, wanted)
    columns = _sizes(table) if wanted.timeless else _head_columns(table)
    together = _together(snapshot, table, wanted, found.keys, columns)
    if together is not None:
        made = (
            _head_of(wanted.kind, decode(key.id), values)
            for key, values in zip(found.keys, together, strict=True)
        )
        return _page(snapshot, table, wanted, found, tuple(made))
    heads = [_head(snapshot, table, wanted.kind, key) for key in found.keys]
    lost = [encode(head.id) for head in heads if head.size == 0 and head.updated_at is None]
    rescued = _rescue(snapshot, table, wanted.kind, lost, _head_columns(table))
    for at, head in enumerate(heads):
        if (values := rescued.get(encode(head.id))) is not None:
            heads[at] = _head_of(wanted.kind, head.id, values)
    return _page(snapshot, table, wanted, found, tuple(heads))


def page_of_rows(snapshot: Snapshot, table: Resources, wanted: Range) -> Page[Row]:
    """A page of live rows with blobs, at most about :data:`PAGE_BYTES` of them."""
    found = _keys(snapshot, table, wanted)
    together = _together(snapshot, table, wanted, found.keys, _row_columns(table, HUGE))
    if together is not None:
        # Fewer than there are keys where they are large.
        made = (
            _row_of(wanted.kind, decode(key.id), values)
            for key, values in zip(found.keys, together, strict=False)
        )
        return _page(snapshot, table, wanted, found, tuple(made))
    rows: list[Row] = []
    total = 0
    for key in found.keys:
        row = _row(snapshot, table, wanted.kind, key)
        rows.append(row)
        total += len(row.data or b"")
        if total >= PAGE_BYTES:
            break
    return _page(snapshot, table, wanted, found, _rescued(snapshot, table, wanted.kind, rows))


def small_row(snapshot: Snapshot, table: Resources, kind: str, id_: str, most: int) -> Row | None:
    """A live row; None where there is none, or several, or its blob is longer than ``most`` bytes.

    The length is looked at before the blob is read.

    Raises:
        apsw.Error: it cannot be read as that of a sound file.
    """
    key = find(snapshot, table, kind, (encode(id_),)).get(encode(id_))
    if key is None or key.same > 1:
        return None
    sql = _lookup(table, _row_columns(table, most))
    found = snapshot.one(sql, kind=encode(kind), id=key.id, rowid=key.rowid)
    row = _row_of(kind, id_, found) if found is not None else None
    return row if row is not None and row.data is not None else None


def rows_by_id(
    snapshot: Snapshot, table: Resources, kind: str, ids: Iterable[str]
) -> tuple[Row, ...]:
    """Live rows in the order asked; those that are not there are left out."""
    wanted = [encode(one) for one in ids]
    places = find(snapshot, table, kind, wanted)
    rows = [_row(snapshot, table, kind, places[one]) for one in wanted if one in places]
    return _rescued(snapshot, table, kind, rows)


def find(
    snapshot: Snapshot, table: Resources, kind: str, ids: Iterable[bytes]
) -> dict[bytes, RowKey]:
    """Where those of the ids are that are live rows; of several with one id the last."""
    same_kind, live = table.kind.compared("=", "kind"), f"NOT {legacy_sql(table, kind)}"
    rowid = table.rowid or "NULL"
    select = f"SELECT {table.id.value}, {rowid} FROM resources WHERE {same_kind} AND {live}"
    if not table.keyed:
        wanted = set(ids)
        every = snapshot.each(select, kind=encode(kind))
        return _last_ones(row for row in every if row[0] in wanted)
    found: dict[bytes, RowKey] = {}
    lost: list[bytes] = []
    sql = f"{select} AND {table.id.compared('=', 'id')}"
    for one in ids:
        try:
            rows = snapshot.rows(sql, kind=encode(kind), id=one)
        except DAMAGE:
            lost.append(one)
            continue
        if len(rows) == 1:
            found[one] = RowKey(*rows[0])
        elif rows:
            # An index that is not unique, of a table that has no key.
            found |= _last_ones(rows)
    rescued = rescue(snapshot, table, kind, lost, rowid, live) if lost else {}
    if len(rescued) < len(lost):
        # Whether the others are there cannot be told.
        raise apsw.CorruptError("rows cannot be sought")
    return found | {one: RowKey(one, *values) for one, values in rescued.items()}


def _last_ones(rows: Iterable[SqlRow]) -> dict[bytes, RowKey]:
    """The last row of each id in the table, which was written last, and how many have the id."""
    found: dict[bytes, RowKey] = {}
    for id_, rowid in rows:
        known = found.get(id_)
        if known is None:
            found[id_] = RowKey(id_, rowid)
            continue
        last = rowid if known.rowid is None else max(known.rowid, rowid)
        found[id_] = RowKey(id_, last, known.same + 1)
    return found


def _together(
    snapshot: Snapshot, table: Resources, wanted: Range, keys: list[RowKey], columns: str
) -> list[SqlRow] | None:
    """What the rows of some keys hold, by one statement, as many as :data:`PAGE_BYTES` are.

    Args:
        snapshot: where they are.
        table: the table.
        wanted: the page.
        keys: all of it, as they lie side by side.
        columns: what is read; the first one may be a blob.

    Returns:
        None where the table does not hold just those rows, or not all of them can be read.
    """
    if not table.keyed or not keys:
        return None
    ids = [key.id for key in keys]
    if wanted.descending:
        ids.reverse()
    live = "1" if wanted.as_they_lie else f"NOT {legacy_sql(table, wanted.kind)}"
    own = f"{table.id.value}, {table.kind.compared('=', 'kind')}"
    sql = f"{in_order_sql(table, f'{own}, {columns}', live, beyond=False)} LIMIT :limit"
    place: dict[str, Value] = {"kind": encode(wanted.kind), "start": ids[0], "limit": len(ids)}
    found: list[SqlRow] = []
    total = 0
    try:
        if not is_sought(snapshot, sql, **place):
            return None
        for id_, of_kind, *values in snapshot.each(sql, **place):
            if not of_kind or id_ != ids[len(found)]:
                return None
            found.append(tuple(values))
            total += len(values[0]) if isinstance(values[0], bytes) else 0
            if total >= PAGE_BYTES:
                break
    except DAMAGE:
        return None
    if len(found) < len(ids) and (wanted.descending or total < PAGE_BYTES):
        return None
    return found[::-1] if wanted.descending else found


def _page(
    snapshot: Snapshot, table: Resources, wanted: Range, found: _LiveKeys, rows: tuple[R, ...]
) -> Page[R]:
    if found.damage and len(rows) == len(found.keys):
        return Page(rows, more=False, damage=_damage(snapshot, table, wanted, rows))
    return Page(rows, more=found.more or len(found.keys) > len(rows))


def _damage(snapshot: Snapshot, table: Resources, wanted: Range, rows: tuple[R, ...]) -> StoreError:
    before = 0
    if wanted.after is not None and not wanted.descending:
        before = _count_to(snapshot, table, wanted.kind, wanted.after)
    return damaged_after(before + len(rows), "record", wanted.kind)


def _count_to(snapshot: Snapshot, table: Resources, kind: str, last: str) -> int:
    """Live rows of a kind up to and with an id, 0 where they cannot be counted."""
    for route in ROUTES:
        sql = (
            f"SELECT count(*) FROM resources {route.access}"
            f" WHERE {table.kind.compared('=', 'kind')} AND {table.id.compared('<=', 'last')}"
            f" AND {table.id.within(bounded=True)} AND {route.condition}"
            f" AND NOT {legacy_sql(table, kind)}"
        )
        with suppress(*DAMAGE):
            row = snapshot.one(sql, kind=encode(kind), last=encode(last))
            return int(row[0]) if row else 0
    return 0


def _keys(snapshot: Snapshot, table: Resources, wanted: Range) -> _LiveKeys:
    """The keys of a page; where the index is damaged, from the table itself."""
    best: list[RowKey] = []
    for route in ROUTES:
        keys: list[RowKey] = []
        try:
            for row in _select_keys(snapshot, table, wanted, route):
                keys.append(_in_order(wanted, keys, RowKey(*row)))
            return _cut(snapshot, table, wanted, keys)
        except DAMAGE:
            best = max(best, keys, key=len)
    return _LiveKeys(best[: wanted.limit], damage=True)


def _in_order(wanted: Range, keys: list[RowKey], key: RowKey) -> RowKey:
    before = keys[-1].id if keys else None
    if before == key.id:
        return key
    if before is None and wanted.after is not None:
        before = encode(wanted.after)
    if before is not None and wanted.descending:
        advanced(key.id, before)
    else:
        advanced(before, key.id)
    return key


def _cut(snapshot: Snapshot, table: Resources, wanted: Range, keys: list[RowKey]) -> _LiveKeys:
    """End a page after its limit, but never between two rows of one id.

    Only a table without a primary key can hold an id twice; the next page begins after the id.
    """
    if len(keys) <= wanted.limit:
        return _LiveKeys(keys)
    keys, following = keys[: wanted.limit], keys[wanted.limit]
    if keys and keys[-1].id == following.id:
        sql = (
            f"SELECT {table.id.value}, {table.rowid or 'NULL'} FROM resources"
            f" WHERE {table.kind.compared('=', 'kind')} AND {table.id.compared('=', 'id')}"
        )
        same = snapshot.rows(sql, kind=encode(wanted.kind), id=following.id)
        keys = [key for key in keys if key.id != following.id] + [RowKey(*row) for row in same]
    return _LiveKeys(keys, more=True)


def _select_keys(
    snapshot: Snapshot, table: Resources, wanted: Range, route: Route
) -> Iterator[tuple[bytes, int | None]]:
    conditions = [
        table.kind.compared("=", "kind"),
        table.id.within(wanted.after is not None, wanted.descending),
        route.condition,
    ]
    if not wanted.as_they_lie:
        conditions.append(f"NOT {legacy_sql(table, wanted.kind)}")
    direction = "DESC" if wanted.descending else "ASC"
    sql = (
        f"SELECT {table.id.value}, {table.rowid or 'NULL'} FROM resources {route.access}"
        f" WHERE {' AND '.join(conditions)} ORDER BY {table.id.order} {direction} LIMIT :limit"
    )
    return snapshot.each(
        sql, kind=encode(wanted.kind), after=encode(wanted.after or ""), limit=wanted.limit + 1
    )


def _lookup(table: Resources, columns: str) -> str:
    if table.rowid:
        return f"SELECT {columns} FROM resources WHERE {table.rowid} = :rowid"
    return (
        f"SELECT {columns} FROM resources NOT INDEXED WHERE {table.kind.compared('=', 'kind')}"
        f" AND {table.id.compared('=', 'id')}"
    )


def _sizes(table: Resources) -> str:
    return f"coalesce({table.data.size}, 0), NULL"


def _head_columns(table: Resources) -> str:
    return f"coalesce({table.data.size}, 0), {table.updated_at}"


def _row_columns(table: Resources, most: int) -> str:
    data = f"CASE WHEN {table.data.size} <= {most} THEN {table.data.value} END"
    return f"{data}, {_head_columns(table)}"


def _head(snapshot: Snapshot, table: Resources, kind: str, key: RowKey) -> Head:
    sql = _lookup(table, _head_columns(table))
    try:
        found = snapshot.one(sql, kind=encode(kind), id=key.id, rowid=key.rowid)
    except DAMAGE:
        found = None
    return _head_of(kind, decode(key.id), found or (0, None))


def _head_of(kind: str, id_: str, values: SqlRow) -> Head:
    size, updated = values
    return Head(kind, id_, size, decode_or_none(updated))


def _row(snapshot: Snapshot, table: Resources, kind: str, key: RowKey) -> Row:
    sql = _lookup(table, _row_columns(table, HUGE))
    try:
        found = snapshot.one(sql, kind=encode(kind), id=key.id, rowid=key.rowid)
    except DAMAGE as error:
        head = _head(snapshot, table, kind, key)
        return Row(kind, head.id, None, head.size, head.updated_at, row_problem(error))
    if found is None:
        return Row(kind, decode(key.id), None, 0, None, _ASTRAY)
    row = _row_of(kind, decode(key.id), found)
    return row if key.same == 1 else row._replace(same_id=key.same)


def _row_of(kind: str, id_: str, values: SqlRow) -> Row:
    blob, size, updated = values
    expect_blocks(size)
    return Row(kind, id_, blob, size, decode_or_none(updated), problem_of(blob, size))


def _rescue(
    snapshot: Snapshot, table: Resources, kind: str, lost: list[bytes], columns: str
) -> dict[bytes, SqlRow]:
    """What can be rescued of rows; with row numbers each was lost by its own damage."""
    return rescue(snapshot, table, kind, lost, columns) if table.rowid is None else {}


def _rescued(
    snapshot: Snapshot, table: Resources, kind: str, rows: Iterable[Row]
) -> tuple[Row, ...]:
    """The same rows, those that only could not be sought among them read in another way."""
    rows = tuple(rows)
    lost = [encode(row.id) for row in rows if row.problem == UNREADABLE_ROW]
    found = _rescue(snapshot, table, kind, lost, _row_columns(table, HUGE))
    if not found:
        return rows
    keys = [encode(row.id) for row in rows]
    return tuple(
        _row_of(kind, row.id, found[key]) if key in found else row
        for key, row in zip(keys, rows, strict=True)
    )


def problem_of(blob: bytes | None, size: int) -> str | None:
    """What to say of a blob that could not be loaded, None where it was."""
    if blob is not None:
        return None
    if size > HUGE:
        return f"The row holds {size} bytes; more than {HUGE >> 20} MiB are not loaded."
    return _NO_DATA
