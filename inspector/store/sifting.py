"""Rows whose blobs may hold what is sought, told by their bytes as they are read.

What cannot hold it is let go at once, so that a look at a large store takes little memory.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from inspector.errors import StoreError
from inspector.store import legacy
from inspector.store.layout import Audit, Resources
from inspector.store.reader import Snapshot, advanced
from inspector.store.records import HUGE, PAGE_BYTES, Range, page_of_rows
from inspector.store.row_ranges import rows_after
from inspector.store.rows import Row
from inspector.store.text import decode, decode_or_none, encode

#: Rows that are read at a time.
_CHUNK: Final = 1000

#: Whether a blob may hold what is sought; called within a read, so it has to be quick.
MayHold = Callable[[bytes], bool]


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
        found = rows_after(snapshot, table, encode(kind), after, _CHUNK)
        if not found.unreadable and not found.damaged:
            if found.end is not None:
                advanced(after, found.end)
            of_kind = legacy.is_audit_kind(kind)
            live = [
                row
                for row in found.rows
                if not table.has_legacy
                or b"/" not in row.id
                or legacy.parse(row.id, in_audit_kind=of_kind) is None
            ]
            rows = tuple(
                Row(kind, decode(id_), data, len(data), decode_or_none(updated))
                for id_, data, updated in live
                if may_hold(data)
            )
            return SiftedRows(rows, len(live), found.end)
    # Row by row, so that one that is damaged costs only itself.
    page = page_of_rows(snapshot, table, Range(kind, None if after is None else decode(after)))
    kept = tuple(row for row in page.rows if row.data is None or may_hold(row.data))
    end = encode(page.rows[-1].id) if page.rows and page.more else None
    return SiftedRows(kept, len(page.rows), end, page.damage)


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
        f"SELECT {key.value}, {number}, {data} FROM resource_audit"
        f" WHERE {table.kind.compared('=', 'kind')} AND {key.within()}{beyond}"
        f" ORDER BY {key.order}, {number} LIMIT :limit"
    )
    id_, at = after if after is not None else (None, None)
    found: list[VersionPlace] = []
    place, looked, total = after, 0, 0
    for one, counted, blob in snapshot.each(
        sql, kind=encode(kind), id=id_, number=at, limit=_CHUNK
    ):
        looked += 1
        place = VersionPlace(one, counted)
        if blob is None or may_hold(blob):
            found.append(place)
        total += len(blob or b"")
        if total > PAGE_BYTES:
            return SiftedVersions(tuple(found), looked, place)
    return SiftedVersions(tuple(found), looked, place if looked == _CHUNK else None)
