"""What rows hold in one column beside their ids, for orders: whole pages, and no row in Python.

It goes by the same two ways as a page of rows, the index and the table, which have to agree. Where
they do not, where a row cannot be read, and where an id is no text, there is no such page, and the
rows have to be read as such.
"""

from __future__ import annotations

from operator import lt
from typing import Final, Literal, NamedTuple, TypeAlias

from inspector.store import legacy
from inspector.store.in_order import in_order_sql, is_sought
from inspector.store.layout import Resources
from inspector.store.reader import DAMAGE, Snapshot, Value
from inspector.store.records import Range
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


def page_of_values(
    snapshot: Snapshot, table: Resources, wanted: Range, column: ValueColumn
) -> ColumnPage | None:
    """A page of a column, ascending; None where only reading the rows gives it."""
    if not table.keyed or table.kind.mixed or table.id.mixed:
        return None
    try:
        return _page_of_values(snapshot, table, wanted, column)
    except DAMAGE:
        return None


def _page_of_values(
    snapshot: Snapshot, table: Resources, wanted: Range, column: ValueColumn
) -> ColumnPage | None:
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
    ids: list[str] = [row[0] for row in snapshot.rows(keys, **place)]
    more = len(ids) > wanted.limit
    del ids[wanted.limit :]
    if not ids:
        return ColumnPage([], [], None)
    # Ids that are there twice, or out of order, are for those who read rows.
    if not all(map(lt, ids, ids[1:])) or (wanted.after is not None and ids[0] <= wanted.after):
        return None
    value = (
        f"coalesce({table.data.size}, 0)"
        if column == "size"
        else f"nullif(CAST({table.updated_at} AS TEXT), '')"
    )
    columns = f"CASE WHEN {same_kind} THEN {table.id.column} END, {value}"
    sql = f"{in_order_sql(table, columns, '1', beyond=False)} LIMIT :limit"
    place = {"kind": encode(wanted.kind), "start": encode(ids[0]), "limit": len(ids)}
    if not is_sought(snapshot, sql, **place):
        return None
    rows = snapshot.rows(sql, **place)
    if [row[0] for row in rows] != ids:
        return None
    values = [row[1] for row in rows]
    end = ids[-1] if more else None
    return _live(table, wanted.kind, ColumnPage(ids, values, end))


def _live(table: Resources, kind: str, page: ColumnPage) -> ColumnPage:
    """A page without rows that are versions."""
    if not table.has_legacy or _SLASH not in "".join(page.ids):
        return page
    in_audit_kind = legacy.is_audit_kind(kind)
    kept = [
        (id_, value)
        for id_, value in zip(page.ids, page.values, strict=True)
        if legacy.parse(encode(id_), in_audit_kind=in_audit_kind) is None
    ]
    return page._replace(ids=[one for one, _ in kept], values=[value for _, value in kept])
