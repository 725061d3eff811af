"""Queries of archived rows, by the two ways stores keep them.

``resource_audit`` rows are found by their number, legacy rows of ``resources`` by their id.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Final

import apsw

from inspector.named_tuple import NamedTuple
from inspector.store import legacy
from inspector.store.allocator import expect_blocks
from inspector.store.error_sentences import UNREADABLE_ROW, row_problem
from inspector.store.keys import ROUTES
from inspector.store.layout import Audit, Layout, Resources
from inspector.store.reader import DAMAGE, Snapshot, SqlRow, Value, advanced
from inspector.store.records import HUGE, problem_of, rescue
from inspector.store.rows import VersionHead, VersionRow
from inspector.store.text import decode, decode_or_none, encode

#: Version heads, or resource ids, read at a time.
_CHUNK: Final = 500
#: Ids looked through at a time.
_STRETCH: Final = 10_000
_UNREADABLE: Final = "The file is damaged where this version lies."
_GONE: Final = "This version is no longer in the file."


class LegacyPlace(NamedTuple):
    """Where legacy rows of a resource's kind lie: the stored kind, and what their ids begin with.

    ``prefix`` is empty for rows that are legacy by their kind.
    """

    kind: str
    prefix: bytes


class AuditHeads(NamedTuple):
    """Archived rows; not ``complete`` where the file is damaged."""

    heads: list[VersionHead]
    complete: bool


def audit_heads(
    snapshot: Snapshot, table: Audit, kind: str, key: str, after: int
) -> tuple[AuditHeads, int | None]:
    """Some archived rows of a resource by number, and the number to go on after or None.

    The numbers come first, from an index; so a row that cannot be read costs only itself.
    """
    numbers, complete = _numbers(snapshot, table, kind, key, after)
    heads = _audit_heads(snapshot, table, kind, key, numbers)
    last = numbers[-1] if complete and len(numbers) == _CHUNK else None
    return AuditHeads(heads, complete), last


def legacy_heads(
    snapshot: Snapshot, table: Resources, kind: str, key: str, place: LegacyPlace
) -> list[VersionHead]:
    """The legacy rows of a resource in one place."""
    stem = place.prefix + encode(key) + b"/"
    found = _legacy_sizes(snapshot, table, place, _bounds(place, stem))
    return [
        VersionHead(
            kind,
            key,
            None,
            decode(stored),
            place.kind,
            decode(stored[len(stem) :]),
            None,
            None,
            size,
        )
        for stored, size in found
    ]


def _legacy_sizes(
    snapshot: Snapshot, table: Resources, place: LegacyPlace, bounds: dict[str, bytes]
) -> list[SqlRow]:
    """Ids and sizes of legacy rows; where some are damaged, the ids from an index."""
    sql = f"SELECT {{}} FROM resources WHERE {_of_place(table, place)}"
    size = _size(table)
    try:
        return snapshot.rows(sql.format(f"{table.id.value}, {size}"), **bounds)
    except DAMAGE:
        ids = [one for (one,) in snapshot.each(sql.format(table.id.value), **bounds)]
        sizes = rescue(snapshot, table, place.kind, ids, size)
        return [(one, *sizes.get(one, (0,))) for one in ids]


def version_row(snapshot: Snapshot, layout: Layout, head: VersionHead) -> VersionRow:
    """An archived row with its blob."""
    values: dict[str, Value] = {"kind": encode(head.stored_kind)}
    if head.audit_id is not None and layout.audit:
        columns = _blob(layout.audit)
        where = f"resource_audit WHERE {_of_resource(layout.audit)}"
        where += f" AND {layout.audit.number} = :number"
        values |= {"id": encode(head.id), "number": head.audit_id}
    elif head.legacy_key is not None and layout.resources:
        table = layout.resources
        columns = _blob(table)
        where = f"resources WHERE {table.kind.compared('=', 'kind')}"
        where += f" AND {table.id.compared('=', 'id')}"
        values |= {"id": encode(head.legacy_key)}
    else:
        return VersionRow(head, None, _GONE)
    try:
        row = snapshot.one(f"SELECT {columns} FROM {where}", **values)
    except DAMAGE as error:
        row, problem = None, row_problem(error)
        if head.legacy_key is not None and layout.resources and not layout.resources.rowid:
            key = encode(head.legacy_key)
            row = rescue(snapshot, layout.resources, head.stored_kind, [key], columns).get(key)
        if row is None:
            return VersionRow(head, None, _UNREADABLE if problem == UNREADABLE_ROW else problem)
    if row is None:
        return VersionRow(head, None, _GONE)
    expect_blocks(row[1])
    return VersionRow(head, row[0], problem_of(*row))


def count_audit(
    snapshot: Snapshot, table: Audit, kind: str, ids: Iterable[bytes]
) -> dict[bytes, int]:
    """How many archived rows each of the resources has; those without are left out."""
    of_kind = table.kind.compared("=", "kind")
    key = table.resource_id
    if not table.keyed:
        sql = (
            f"SELECT {key.value}, count(*) FROM resource_audit WHERE {of_kind} GROUP BY {key.value}"
        )
        wanted = set(ids)
        return {one: n for one, n in snapshot.each(sql, kind=encode(kind)) if one in wanted}
    sql = f"SELECT count(*) FROM resource_audit WHERE {_of_resource(table)}"
    counts = ((one, snapshot.one(sql, kind=encode(kind), id=one)) for one in ids)
    return {one: row[0] for one, row in counts if row and row[0]}


def count_legacy(
    snapshot: Snapshot, table: Resources, place: LegacyPlace, ids: Iterable[bytes]
) -> dict[bytes, int]:
    """How many legacy rows in one place each of the resources has."""
    if not table.keyed:
        wanted = set(ids)
        found, _ = legacy_ids(snapshot, table, place, None)
        return {one: count for one, count in found.items() if one in wanted}
    sql = f"SELECT count(*) FROM resources WHERE {_of_place(table, place)}"
    counts = {}
    for one in ids:
        row = snapshot.one(sql, **_bounds(place, place.prefix + one + b"/"))
        if row and row[0]:
            counts[one] = row[0]
    return counts


def legacy_ids(
    snapshot: Snapshot, table: Resources, place: LegacyPlace, after: bytes | None
) -> tuple[dict[bytes, int], bytes | None]:
    """Resources with legacy rows in a stretch of a place, how many, and where to go on."""
    of_kind = table.kind.compared("=", "kind")
    # One bound at each end: SQLite would take any of several.
    start_at = after if after is not None or not place.prefix else place.prefix
    begun = f"{of_kind} AND {table.id.within(start_at is not None, bounded=True)}"
    bounds = f"{of_kind} AND {table.id.within(start_at is not None)}"
    if place.prefix:
        bounds = f"{begun} AND {table.id.compared('<', 'high')}"
    values: dict[str, Value] = {
        "kind": encode(place.kind),
        "after": start_at,
        "high": _following(place.prefix),
    }
    last, more = _end_of_stretch(snapshot, table, bounds, values, after)
    stem = legacy.stem_sql(table.id)
    sql = (
        f"SELECT {stem}, count(*) FROM resources WHERE {begun} AND {_form(table, place)}"
        f" AND {table.id.compared('<=', 'last')} GROUP BY {stem}"
    )
    start = len(place.prefix)
    found = {row[0][start:-1]: row[1] for row in snapshot.each(sql, **values, last=last)}
    return found, last if more else None


def audit_ids(
    snapshot: Snapshot, table: Audit, kind: str, after: bytes | None
) -> tuple[list[bytes], bytes | None]:
    """Some ids of resources with archived rows, and the id to go on after or None."""
    key = table.resource_id
    sql = (
        f"SELECT DISTINCT {key.value} FROM resource_audit WHERE {table.kind.compared('=', 'kind')}"
        f" AND {key.within(after is not None)} ORDER BY {key.order} LIMIT {_CHUNK}"
    )
    ids = [row[0] for row in snapshot.each(sql, kind=encode(kind), after=after)]
    return ids, advanced(after, ids[-1]) if len(ids) == _CHUNK else None


def readable_ids(snapshot: Snapshot, table: Audit, kind: str) -> set[bytes]:
    """Every id with archived rows that a damaged table still gives, by its index and without."""
    found: set[bytes] = set()
    for route in ROUTES:
        sql = (
            f"SELECT {table.resource_id.value} FROM resource_audit {route.access}"
            f" WHERE {table.kind.compared('=', 'kind')} AND {route.condition}"
        )
        try:
            for (one,) in snapshot.each(sql, kind=encode(kind)):
                found.add(one)
        except DAMAGE:
            continue
        break
    return found


def prefixes(
    snapshot: Snapshot, table: Resources, kind: str, after: bytes | None
) -> tuple[set[bytes], bytes | None]:
    """What the ids of legacy rows begin with in a stretch of a kind, and where to go on."""
    of_kind = table.kind.compared("=", "kind")
    bounds = f"{of_kind} AND {table.id.within(after is not None)}"
    values: dict[str, Value] = {"kind": encode(kind), "after": after}
    last, more = _end_of_stretch(snapshot, table, bounds, values, after)
    stretch = f"{of_kind} AND {table.id.within(after is not None, bounded=True)}"
    sql = (
        f"SELECT DISTINCT {legacy.prefix_sql(table.id)} FROM resources WHERE {stretch}"
        f" AND {table.id.compared('<=', 'last')} AND {legacy.in_id_sql(table.id)}"
    )
    found = {row[0] for row in snapshot.each(sql, **values, last=last)}
    return found, last if more else None


def _end_of_stretch(
    snapshot: Snapshot,
    table: Resources,
    bounds: str,
    values: dict[str, Value],
    after: bytes | None,
) -> tuple[bytes, bool]:
    """The last id of the next stretch, and whether there may be more after it."""
    limit = _STRETCH if table.keyed else -1
    sql = (
        f"SELECT max(key), count(*) FROM (SELECT {table.id.value} AS key FROM resources"
        f" WHERE {bounds} ORDER BY {table.id.order} LIMIT :limit)"
    )
    last, rows = snapshot.one(sql, **values, limit=limit) or (None, 0)
    if last is None:
        return b"", False
    return advanced(after, last), rows == limit


def _numbers(
    snapshot: Snapshot, table: Audit, kind: str, key: str, after: int
) -> tuple[list[int], bool]:
    best: list[int] = []
    for route in ROUTES:
        numbers: list[int] = []
        sql = (
            f"SELECT {table.number} FROM resource_audit {route.access}"
            f" WHERE {_of_resource(table)} AND {route.condition}"
            f" AND {table.number} > :after ORDER BY {table.number} LIMIT {_CHUNK}"
        )
        rows = snapshot.each(sql, kind=encode(kind), id=encode(key), after=after)
        try:
            numbers.extend(row[0] for row in rows)
            if any(number <= after for number in numbers):
                raise apsw.CorruptError("row numbers are out of order")
        except DAMAGE:
            best = max(best, numbers, key=len)
        else:
            return numbers, True
    return best, False


def _audit_heads(
    snapshot: Snapshot, table: Audit, kind: str, key: str, numbers: list[int]
) -> list[VersionHead]:
    """The rows of these numbers at once, or where that does not give them all, one by one."""
    if not numbers:
        return []
    sql = (
        f"SELECT {table.number}, {_columns(table)} FROM resource_audit WHERE {_of_resource(table)}"
        f" AND {table.number} BETWEEN :first AND :last ORDER BY {table.number}"
    )
    values: dict[str, Value] = {"kind": encode(kind), "id": encode(key)}
    with suppress(*DAMAGE):
        rows = snapshot.rows(sql, **values, first=numbers[0], last=numbers[-1])
        if [row[0] for row in rows] == numbers:
            return [_head(kind, key, *row) for row in rows]
    return [_audit_head(snapshot, table, kind, key, number) for number in numbers]


def _audit_head(snapshot: Snapshot, table: Audit, kind: str, key: str, number: int) -> VersionHead:
    where = f"FROM resource_audit WHERE {_of_resource(table)} AND {table.number} = :number"
    values: dict[str, Value] = {"kind": encode(kind), "id": encode(key), "number": number}
    row = None
    try:
        row = snapshot.one(f"SELECT {_columns(table)} {where}", **values)
    except DAMAGE:
        with suppress(*DAMAGE):
            # The other columns lie behind the blob and are lost with it.
            row = snapshot.one(f"SELECT {_size(table)}, NULL, NULL, NULL {where}", **values)
    return _head(kind, key, number, *(row or (0, None, None, None)))


def _head(kind: str, key: str, number: int, size: int, *texts: bytes | None) -> VersionHead:
    at, version_hash, tag = map(decode_or_none, texts)
    return VersionHead(kind, key, number, None, kind, at, version_hash, tag, size)


def _columns(table: Audit) -> str:
    return f"{_size(table)}, {table.archived_at}, {table.version_hash}, {table.tag}"


def _size(table: Resources | Audit) -> str:
    return f"coalesce({table.data.size}, 0)"


def _blob(table: Resources | Audit) -> str:
    return f"CASE WHEN {table.data.size} <= {HUGE} THEN {table.data.value} END, {_size(table)}"


def _of_resource(table: Audit) -> str:
    return f"{table.kind.compared('=', 'kind')} AND {table.resource_id.compared('=', 'id')}"


def _of_place(table: Resources, place: LegacyPlace) -> str:
    return (
        f"{table.kind.compared('=', 'kind')} AND {table.id.compared('>', 'low')}"
        f" AND {table.id.compared('<', 'high')} AND {_form(table, place)}"
        f" AND {legacy.stem_sql(table.id)} = :low"
    )


def _form(table: Resources, place: LegacyPlace) -> str:
    in_id = legacy.in_id_sql(table.id)
    return in_id if place.prefix else f"{legacy.in_kind_sql(table.id)} AND NOT {in_id}"


def _bounds(place: LegacyPlace, stem: bytes) -> dict[str, bytes]:
    return {"kind": encode(place.kind), "low": stem, "high": _following(stem)}


def _following(prefix: bytes) -> bytes:
    """The first key after all those that begin with a prefix, which ends in ``/``."""
    return prefix[:-1] + b"0"
