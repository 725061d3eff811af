"""Rows that cannot be sought because another row is damaged.

In a table without row numbers the way to a row compares it with others, and a long one is loaded
whole for that. So one damaged row hides its neighbours, or high up in the tree half of the table.
Whoever goes through the table from its beginning compares nothing, and finds all the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from inspector.store.layout import Resources
from inspector.store.reader import DAMAGE, Snapshot, SqlRow
from inspector.store.text import encode

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
