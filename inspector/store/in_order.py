"""Rows from a place on, in the order of kind and id, by one statement that reads each page once.

It goes on into the next kind, and whoever reads it ends it. In a table without row numbers SQLite
would look for the end of a range in every row, and load the whole of it, blob and all, for a look
at its key: it would read the file twice.
"""

from __future__ import annotations

from typing import Final

from inspector.store.layout import Resources
from inspector.store.reader import Snapshot, Value

#: What the plan of such a statement says, and nothing else.
_SOUGHT_BY: Final = "(kind,id)>(?,?)"


def in_order_sql(table: Resources, columns: str, condition: str, *, beyond: bool) -> str:
    """The statement; ``:kind`` and ``:start`` are the place, itself among them unless ``beyond``.

    Args:
        table: one that is keyed.
        columns: what is read of each row.
        condition: what rows have to meet.
        beyond: rows behind the place alone.
    """
    # A plus takes away what keeps SQLite from seeking by both at once.
    start = "(+CAST(:kind AS TEXT), +CAST(:start AS TEXT))"
    return (
        f"SELECT {columns} FROM resources"
        f" WHERE ({table.kind.column}, {table.id.column}) {'>' if beyond else '>='} {start}"
        f" AND {condition} ORDER BY {table.kind.order}, {table.id.order}"
    )


def is_sought(snapshot: Snapshot, sql: str, **values: Value) -> bool:
    """Whether SQLite begins at the place and sorts nothing, which its planner tells."""
    plan = snapshot.rows(f"EXPLAIN QUERY PLAN {sql}", **values)
    return len(plan) == 1 and _SOUGHT_BY in str(plan[0][-1])
