"""What rows hold beside their ids, for orders and exports: whole pages, and no row of its own.

It goes by the same two ways as a page of rows, the index and the table, which have to agree. Where
they do not, where a row cannot be read, and where an id is no text, there is no such page, and the
rows have to be read as such.
"""

from __future__ import annotations

from itertools import islice
from operator import lt
from typing import Final, Literal, TypeAlias

from inspector.named_tuple import NamedTuple
from inspector.store import legacy
from inspector.store.in_order import in_order_sql, is_sought
from inspector.store.layout import Resources
from inspector.store.reader import DAMAGE, Snapshot, SqlRow, Value
from inspector.store.records import HUGE, Range
from inspector.store.rows import Row
from inspector.store.text import encode

#: A blob's length in bytes, or a time as it is stored.
ValueColumn: TypeAlias = Literal["size", "updated"]
#: What stands in every id of a row that is a version.
_SLASH: Final = "/"


class ColumnPage(NamedTuple):
    """Values of live rows by id.

    Attributes:
        ids: in order.
        values: of each row; None where it has none, which no size is.
        end: the last id that was looked at, None where there are no more.
    """

    ids: list[str]
    values: list[int | str | None]
    end: str | None


class BlobPage(NamedTuple):
    """Live rows with their blobs, by id.

    Attributes:
        ids: in order.
        blobs: of each row; None where it has none, or more than is loaded.
        times: of each row as stored, None where it has none.
        end: the last id that was looked at, None where there are no more.
    """

    ids: list[str]
    blobs: list[bytes | None]
    times: list[str | None]
    end: str | None

    def row(self, kind: str, at: int) -> Row | None:
        """One of them as a row, None where its blob is not there."""
        data = self.blobs[at]
        if data is None:
            return None
        return Row(kind, self.ids[at], data, len(data), self.times[at])


def page_of_values(
    snapshot: Snapshot, table: Resources, wanted: Range, column: ValueColumn
) -> ColumnPage | None:
    """A page of a column, ascending; None where only reading the rows gives it."""
    value = f"coalesce({table.data.size}, 0)" if column == "size" else _time(table)
    found = _beside_ids(snapshot, table, wanted, value)
    if found is None:
        return None
    rows, end = found
    return ColumnPage([row[0] for row in rows], [row[1] for row in rows], end)


def page_of_blobs(
    snapshot: Snapshot, table: Resources, wanted: Range, most: int
) -> BlobPage | None:
    """A page of blobs, ascending, at most about ``most`` bytes; None as for a column."""
    data = f"CASE WHEN {table.data.size} <= {HUGE} THEN {table.data.value} END"
    found = _beside_ids(snapshot, table, wanted, f"{data}, {_time(table)}", most)
    if found is None:
        return None
    rows, end = found
    ids, blobs, times = map(list, zip(*rows, strict=True)) if rows else ([], [], [])
    return BlobPage(ids, blobs, times, end)


def _time(table: Resources) -> str:
    return f"nullif(CAST({table.updated_at} AS TEXT), '')"


_Beside: TypeAlias = tuple[list[SqlRow], str | None]


def _beside_ids(
    snapshot: Snapshot, table: Resources, wanted: Range, columns: str, most: int | None = None
) -> _Beside | None:
    """Ids with what stands beside them, and the last one looked at, None where there are no more.

    ``most``: bytes of the first column after which the page ends.
    """
    if not table.keyed or table.kind.mixed or table.id.mixed:
        return None
    try:
        return _read(snapshot, table, wanted, columns, most)
    except DAMAGE:
        return None


def _read(
    snapshot: Snapshot, table: Resources, wanted: Range, columns: str, most: int | None
) -> _Beside | None:
    place: dict[str, Value] = {
        "kind": encode(wanted.kind),
        "after": encode(wanted.after or ""),
        "limit": wanted.limit + 1,
    }
    same_kind = table.kind.compared("=", "kind")
    keys = (
        f"SELECT {table.id.column} FROM resources WHERE {same_kind}"
        f" AND {table.id.within(wanted.after is not None)} ORDER BY {table.id.order} LIMIT :limit"
    )
    each = (row[0] for row in snapshot.each(keys, **place))
    # Of a page that ends at so many bytes no more keys are read than there are rows.
    ids: list[str] = list(each if most is None else islice(each, 1))
    if not ids:
        return [], None
    own = f"CASE WHEN {same_kind} THEN {table.id.column} END"
    sql = f"{in_order_sql(table, f'{own}, {columns}', '1', beyond=False)} LIMIT :limit"
    limit = wanted.limit if most is not None else min(len(ids), wanted.limit)
    place = {"kind": encode(wanted.kind), "start": encode(ids[0]), "limit": limit}
    if not is_sought(snapshot, sql, **place):
        return None
    rows = snapshot.rows(sql, **place) if most is None else _some(snapshot, sql, place, most)
    ids += islice(each, len(rows))
    more = len(ids) > len(rows)
    ends_early = more and len(rows) < wanted.limit
    if [row[0] for row in rows] != ids[: len(rows)] or not rows:
        return None
    if ends_early and (most is None or sum(len(row[1] or b"") for row in rows) < most):
        return None
    # Ids that are there twice, or out of order, are for those who read rows.
    if not all(map(lt, ids, ids[1:])) or (wanted.after is not None and ids[0] <= wanted.after):
        return None
    return _live(table, wanted.kind, rows), rows[-1][0] if more else None


def _some(snapshot: Snapshot, sql: str, place: dict[str, Value], most: int) -> list[SqlRow]:
    rows: list[SqlRow] = []
    snapshot.goes_on()
    for row in snapshot.each(sql, **place):
        if row[0] is None:  # of the next kind
            break
        rows.append(row)
        most -= len(row[1] or b"")
        if most <= 0:
            break
    return rows


def _live(table: Resources, kind: str, rows: list[SqlRow]) -> list[SqlRow]:
    """Rows without those that are versions."""
    if not table.has_legacy or _SLASH not in "".join([row[0] for row in rows]):
        return rows
    in_audit_kind = legacy.is_audit_kind(kind)
    return [
        row for row in rows if legacy.parse(encode(row[0]), in_audit_kind=in_audit_kind) is None
    ]
