"""Which kinds a store holds, how many rows of each, and where in them a page begins."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from itertools import product

from inspector.named_tuple import NamedTuple
from inspector.store import legacy
from inspector.store.keys import ROUTES, KeyColumn
from inspector.store.layout import Audit, Resources, distinct
from inspector.store.reader import DAMAGE, Snapshot, Value, advanced
from inspector.store.records import legacy_sql
from inspector.store.text import decode, encode


class Counted(NamedTuple):
    """Rows of one stored kind in a stretch of a table."""

    kind: str
    live: int
    in_id: int  #: legacy rows by their id
    in_kind: int  #: legacy rows by their kind


class Hop(NamedTuple):
    """One step along a kind: the last id of a page (None at the end), and rows passed."""

    anchor: bytes | None
    rows: int


class _Part(NamedTuple):
    """Rows of a kind that lie side by side.

    Attributes:
        where: the condition for them.
        values: what it is asked with.
        end: their last key; None where there are no rows behind them.
        rows: how many they are, where that is known.
    """

    where: str
    values: dict[str, Value]
    end: bytes | None = None
    rows: int | None = None


class KindList(NamedTuple):
    """Kinds by their bytes; not ``complete`` where the file is damaged."""

    kinds: list[str]
    complete: bool


def stored_kinds(snapshot: Snapshot, table: Resources) -> KindList:
    """The kinds of live rows, those of legacy rows too."""
    return _kinds(snapshot, "resources", table.kind, table.keyed)


def audit_kinds(snapshot: Snapshot, table: Audit) -> KindList:
    """The kinds of archived rows."""
    return _kinds(snapshot, "resource_audit", table.kind, table.keyed)


def has_live(snapshot: Snapshot, table: Resources, kind: str) -> bool:
    """Whether a kind has a live row."""
    sql = (
        f"SELECT 1 FROM resources WHERE {table.kind.compared('=', 'kind')}"
        f" AND {table.id.within()} AND NOT {legacy_sql(table, kind)} LIMIT 1"
    )
    return snapshot.one(sql, kind=encode(kind)) is not None


def record_kinds(snapshot: Snapshot, table: Resources) -> list[str]:
    """The kinds of live rows and those whose history legacy rows are by their kind's name."""
    stored = stored_kinds(snapshot, table).kinds
    archived = [one for one in stored if table.has_legacy and legacy.is_audit_kind(one)]
    live = [one for one in stored if has_live(snapshot, table, one)] if archived else []
    return [*stored, *(legacy.resource_kind(one, live) for one in archived)]


def holders(snapshot: Snapshot, table: Resources, kinds: Iterable[str], kind: str) -> list[str]:
    """Those of the stored kinds that hold the history of ``kind`` by their name."""
    audit = [one for one in kinds if table.has_legacy and legacy.is_audit_kind(one)]
    if not audit:
        return []
    live = [one for one in kinds if has_live(snapshot, table, one)]
    return [one for one in audit if legacy.resource_kind(one, live) == kind]


def count_chunk(
    snapshot: Snapshot, table: Resources, place: tuple[str, bytes | None], rows: int
) -> tuple[Counted, tuple[str, bytes | None] | None]:
    """Count about so many ``rows`` of a kind from an id on, and say where to go on."""
    passed = _passed(snapshot, table, place, rows)
    if passed is not None:
        return passed
    stretch = _stretch(snapshot, "resources", table.kind, table.id, place, rows)
    kind, end = place[0], stretch.end
    every = stretch.rows
    if every is None:
        sql = f"SELECT count(*) FROM resources WHERE {stretch.where}"
        every = (snapshot.one(sql, **stretch.values) or (0,))[0]
    by_any = by_id = 0
    if table.has_legacy:
        # In most kinds the two forms are one, and asking twice would take twice the time.
        in_id = _in_id(table) if legacy.is_audit_kind(kind) else "1"
        row = snapshot.one(
            f"SELECT count(*), coalesce(sum({in_id}), 0) FROM resources"
            f" WHERE {stretch.where} AND {legacy_sql(table, kind)}",
            **stretch.values,
        )
        by_any, by_id = row or (0, 0)
    counted = Counted(kind, every - by_any, by_id, by_any - by_id)
    return counted, None if end is None else (kind, end)


def _passed(
    snapshot: Snapshot, table: Resources, place: tuple[str, bytes | None], rows: int
) -> tuple[Counted, tuple[str, bytes | None] | None] | None:
    """The same in a quicker way; None where there is none."""
    kind, after = place
    if after is None:
        # Of a small store that is all, and what is quicker takes longer to load.
        return None
    from inspector.store.blob_finder import pass_rows  # noqa: PLC0415 - for large stores alone

    found = pass_rows(snapshot, table, kind, after, rows)
    if found is None:
        return None
    counted = Counted(kind, found.records, found.versions, 0)
    return counted, None if found.end is None else (kind, found.end)


def count_readable(snapshot: Snapshot, table: Resources, kind: str) -> Counted:
    """Count the rows of a kind that a damaged table still gives, by its index or without."""
    sql = (
        f"SELECT {_in_id(table)}, {legacy_sql(table, kind)} FROM resources {{0.access}}"
        f" WHERE {table.kind.compared('=', 'kind')} AND {table.id.within()} AND {{0.condition}}"
    )
    best = Counted(kind, 0, 0, 0)
    for route in ROUTES:
        live = by_id = by_kind = 0
        try:
            for in_id, any_form in snapshot.each(sql.format(route), kind=encode(kind)):
                live += not any_form
                by_id += in_id
                by_kind += any_form - in_id
        except DAMAGE:
            best = max(best, Counted(kind, live, by_id, by_kind), key=lambda one: sum(one[1:]))
        else:
            return Counted(kind, live, by_id, by_kind)
    return best


def count_all(snapshot: Snapshot, table: Resources) -> list[Counted]:
    """All kinds in one scan, for a table that no index serves."""
    in_id, in_kind = _in_id(table), legacy.in_kind_sql(table.id) if table.has_legacy else "0"
    sql = (
        f"SELECT {table.kind.value}, count(*), sum({in_id}), sum({in_kind}) FROM resources"
        f" WHERE {table.kind.within()} AND {table.id.within()} GROUP BY {table.kind.value}"
    )
    found = []
    for stored, rows, by_id, by_kind in snapshot.each(sql):
        kind = decode(stored)
        named = by_kind - by_id if legacy.is_audit_kind(kind) else 0
        found.append(Counted(kind, rows - by_id - named, by_id, named))
    return found


def count_audit_chunk(
    snapshot: Snapshot, table: Audit, place: tuple[str, bytes | None], rows: int
) -> tuple[int, tuple[str, bytes | None] | None]:
    """Count about so many archived rows of a kind from a resource id on; where to go on."""
    stretch = _stretch(snapshot, "resource_audit", table.kind, table.resource_id, place, rows)
    following = None if stretch.end is None else (place[0], stretch.end)
    if stretch.rows is not None:
        return stretch.rows, following
    sql = f"SELECT count(*) FROM resource_audit WHERE {stretch.where}"
    row = snapshot.one(sql, **stretch.values)
    return (row[0] if row else 0), following


def hop(snapshot: Snapshot, table: Resources, kind: str, after: bytes | None, step: int) -> Hop:
    """Pass a page of live rows."""
    where = (
        f"{table.kind.compared('=', 'kind')} AND {table.id.within(after is not None)}"
        f" AND NOT {legacy_sql(table, kind)}"
    )
    values: dict[str, Value] = {"kind": encode(kind), "after": after}
    row = snapshot.one(
        f"SELECT {table.id.value} FROM resources WHERE {where}"
        f" ORDER BY {table.id.order} LIMIT 1 OFFSET {step - 1}",
        **values,
    )
    if row is not None:
        return Hop(advanced(after, row[0]), step)
    rest = snapshot.one(f"SELECT count(*) FROM resources WHERE {where}", **values)
    return Hop(None, rest[0] if rest else 0)


def all_hops(snapshot: Snapshot, table: Resources, kind: str, step: int) -> list[Hop]:
    """The ends of all pages of live rows, in one scan, for a table that no index serves."""
    sql = (
        f"SELECT {table.id.value} FROM resources WHERE {table.kind.compared('=', 'kind')}"
        f" AND {table.id.within()} AND NOT {legacy_sql(table, kind)} ORDER BY {table.id.order}"
    )
    ids = [row[0] for row in snapshot.each(sql, kind=encode(kind))]
    hops = [Hop(one, step) for one in ids[step - 1 :: step]]
    return [*hops, Hop(None, len(ids) % step)]


def _in_id(table: Resources) -> str:
    return legacy.in_id_sql(table.id) if table.has_legacy else "0"


def _stretch(
    snapshot: Snapshot,
    name: str,
    kind: KeyColumn,
    key: KeyColumn,
    place: tuple[str, bytes | None],
    rows: int,
) -> _Part:
    """The next stretch of a kind.

    It ends with all rows of its last key, so that none is counted twice.
    """
    where = f"{kind.compared('=', 'kind')} AND {key.within(place[1] is not None)}"
    values: dict[str, Value] = {"kind": encode(place[0]), "after": place[1]}
    ends = snapshot.rows(
        f"SELECT {key.value} FROM {name} WHERE {where} ORDER BY {key.order} LIMIT 2 OFFSET {rows}",
        **values,
    )
    if not ends:
        return _Part(where, values)
    last = advanced(place[1], ends[0][0])
    where = (
        f"{kind.compared('=', 'kind')} AND {key.within(place[1] is not None, bounded=True)}"
        f" AND {key.compared('<=', 'last')}"
    )
    # Where another key follows, these are the rows that were passed, and this one.
    passed = None if ends[1:] == ends[:1] else rows + 1
    return _Part(where, {**values, "last": last}, last, passed)


def _kinds(snapshot: Snapshot, table: str, key: KeyColumn, keyed: bool) -> KindList:
    if not keyed:
        return _kinds_by_scan(snapshot, table, key)
    found: set[bytes] = set()
    # In a damaged file the way down finds the kinds that lie behind the damage.
    for route, descending in product(ROUTES, (False, True)):
        with suppress(*DAMAGE):
            found.update(distinct(snapshot, table, key, route, descending=descending))
            if not descending:
                return KindList(_sorted(found), complete=True)
    return KindList(_sorted(found), complete=False)


def _kinds_by_scan(snapshot: Snapshot, table: str, key: KeyColumn) -> KindList:
    found: set[bytes] = set()
    try:
        for row in snapshot.each(f"SELECT DISTINCT {key.value} FROM {table} WHERE {key.within()}"):
            found.add(row[0])
    except DAMAGE:
        return KindList(_sorted(found), complete=False)
    return KindList(_sorted(found), complete=True)


def _sorted(kinds: Iterable[bytes]) -> list[str]:
    return [decode(one) for one in sorted(kinds)]
