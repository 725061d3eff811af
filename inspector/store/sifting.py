"""Rows whose blobs may hold what is sought, told by their bytes while SQLite goes through them.

What cannot hold it is let go within SQLite, so that it costs no row in Python, and a look at a
large store takes little memory.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from inspector.errors import StoreError
from inspector.store.blob_finder import BEYOND, PASSED_OVER, MayHold, blob_sieve
from inspector.store.in_order import in_order_sql, is_sought
from inspector.store.layout import Audit, Resources
from inspector.store.reader import DAMAGE, Snapshot, advanced
from inspector.store.records import HUGE, PAGE_BYTES, Range, legacy_sql, page_of_rows
from inspector.store.rows import Row
from inspector.store.text import decode, decode_or_none, encode

#: The name by which SQL calls what looks at a blob.
_TEST: Final = "may_hold"


class SiftedRows(NamedTuple):
    """What of some rows that lie side by side is worth a closer look.

    Attributes:
        rows: those that may hold it, and those that cannot be read, by id.
        looked: how many rows there were.
        end: the last id that was looked at; None where there are no more.
        damage: what ended the reading of the kind early.
    """

    rows: tuple[Row, ...]
    looked: int
    end: bytes | None
    damage: StoreError | None = None


class VersionPlace(NamedTuple):
    """A place among the archived rows of a kind: behind this row of this resource."""

    id: bytes
    number: int


class SiftedVersions(NamedTuple):
    """The same of archived rows: their resources, and by number which of their rows.

    A row that cannot be read is among them.
    """

    found: tuple[VersionPlace, ...]
    looked: int
    end: VersionPlace | None


def sift_rows(
    snapshot: Snapshot, table: Resources, kind: str, after: bytes | None, may_hold: MayHold
) -> SiftedRows:
    """Live rows of a kind behind an id."""
    if table.keyed:
        try:
            found = _sift_rows(snapshot, table, kind, after, may_hold)
        except DAMAGE:
            found = None
        if found is not None:
            return found
    # Row by row, so that one that is damaged costs only itself.
    page = page_of_rows(snapshot, table, Range(kind, None if after is None else decode(after)))
    kept = tuple(row for row in page.rows if row.data is None or may_hold(row.data))
    end = encode(page.rows[-1].id) if page.rows and page.more else None
    return SiftedRows(kept, len(page.rows), end, page.damage)


def _sift_rows(
    snapshot: Snapshot, table: Resources, kind: str, after: bytes | None, may_hold: MayHold
) -> SiftedRows | None:
    """The same by one statement; None where there is a row that it cannot read.

    The first row of the next kind ends the statement.
    """
    data = f"CASE WHEN {table.data.size} <= {HUGE} THEN {table.data.value} END"
    tested = (
        f"CASE WHEN NOT {table.kind.compared('=', 'kind')} THEN {BEYOND}"
        f" WHEN {legacy_sql(table, kind)} THEN {PASSED_OVER} ELSE {data} END"
    )
    columns = f"{table.id.value}, {data}, nullif({table.updated_at}, x'')"
    sql = in_order_sql(table, columns, f"{_TEST}({tested})", beyond=after is not None)
    sieve = blob_sieve(may_hold, PAGE_BYTES)
    snapshot.calls(_TEST, sieve)
    snapshot.goes_on()
    place = {"kind": encode(kind), "start": after or b""}
    if not is_sought(snapshot, sql, **place):
        return None
    rows = []
    for id_, blob, updated in snapshot.each(sql, **place):
        if sieve.over:
            break
        if sieve.unread:
            return None
        if sieve.found:
            rows.append(Row(kind, decode(id_), blob, len(blob), decode_or_none(updated)))
        if sieve.full:
            return SiftedRows(tuple(rows), sieve.looked, advanced(after, id_))
    return SiftedRows(tuple(rows), sieve.looked, None)


def sift_versions(
    snapshot: Snapshot, table: Audit, kind: str, after: VersionPlace | None, may_hold: MayHold
) -> SiftedVersions:
    """Archived rows of a kind behind one of them, by resource and number."""
    key, number = table.resource_id, table.number
    beyond = ""
    if after is not None:
        beyond = (
            f" AND {key.compared('>=', 'id')} AND ({key.compared('>', 'id')} OR {number} > :number)"
        )
    data = f"CASE WHEN {table.data.size} <= {HUGE} THEN {table.data.value} END"
    sql = (
        f"SELECT {key.value}, {number} FROM resource_audit"
        f" WHERE {table.kind.compared('=', 'kind')} AND {key.within()}{beyond}"
        f" AND {_TEST}({data}) ORDER BY {key.order}, {number}"
    )
    id_, at = after if after is not None else (None, None)
    sieve = blob_sieve(may_hold, PAGE_BYTES)
    snapshot.calls(_TEST, sieve)
    snapshot.goes_on()
    found: list[VersionPlace] = []
    for row in snapshot.each(sql, kind=encode(kind), id=id_, number=at):
        place = VersionPlace(*row)
        if sieve.found:
            found.append(place)
        if sieve.full:
            return SiftedVersions(tuple(found), sieve.looked, place)
    return SiftedVersions(tuple(found), sieve.looked, None)
