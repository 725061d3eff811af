"""In what order the rows of a table lie: by their numbers, or by the primary key of one without.

A key is each of its values with its type, a text as its bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from inspector.store.keys import quoted
from inspector.store.layout import columns_of, encoding_of, rowid_name
from inspector.store.reader import Snapshot, Value
from inspector.store.rows import KeyValues
from inspector.store.text import decode

#: The orders that SQLite itself knows; any other is known to who wrote the file alone.
_COLLATIONS: Final = frozenset(("BINARY", "NOCASE", "RTRIM"))


class OrderColumn(NamedTuple):
    """A column by which a table's rows are ordered.

    Attributes:
        column: as SQL writes it.
        collation: how its texts are compared, as SQL writes it; empty for a row number.
        descending: the largest comes first.
    """

    column: str
    collation: str = ""
    descending: bool = False

    @property
    def compared(self) -> str:
        """SQL for the column in the order of the key."""
        return f"{self.column} COLLATE {self.collation}" if self.collation else self.column


class TableOrder(NamedTuple):
    """SQL by which a table is gone through.

    Attributes:
        table: as SQL writes it.
        keys: the columns that order its rows, or its row number.
    """

    table: str
    keys: tuple[OrderColumn, ...]

    def queries(self, after: KeyValues | None) -> Iterator[tuple[str, dict[str, Value]]]:
        """SQL for the rows behind one, in order, and the values to be bound.

        First come those that share all but the last column of its key with it, then those that
        share one column less, and so on: where one column ascends and another descends, no single
        comparison finds them all.
        """
        if after is None:
            yield self._query("1", 0), {}
            return
        values, bound = _bound(after)
        for last in reversed(range(len(self.keys))):
            signs = ["="] * last + ["<" if self.keys[last].descending else ">"]
            terms = zip(self.keys, signs, bound, strict=False)
            where = " AND ".join(f"{key.compared} {sign} {value}" for key, sign, value in terms)
            used = {f"key{number}": values[f"key{number}"] for number in range(last + 1)}
            yield self._query(where, last), used

    def query_at(self, key: KeyValues) -> tuple[str, dict[str, Value]]:
        """SQL for the row with a key, and the values to be bound."""
        values, bound = _bound(key)
        terms = zip(self.keys, bound, strict=True)
        where = " AND ".join(f"{key.compared} = {value}" for key, value in terms)
        return f"FROM {self.table} NOT INDEXED WHERE {where}", values

    def _query(self, where: str, first: int) -> str:
        order = ", ".join(key.compared + " DESC" * key.descending for key in self.keys[first:])
        return f"FROM {self.table} NOT INDEXED WHERE {where} ORDER BY {order}"

    @property
    def values(self) -> str:
        """SQL for a row's key: for each column its value, a text as bytes, and its type."""
        return ", ".join(
            f"CASE typeof({key.column}) WHEN 'text' THEN CAST({key.column} AS BLOB)"
            f" ELSE {key.column} END, typeof({key.column})"
            for key in self.keys
        )


def _bound(key: KeyValues) -> tuple[dict[str, Value], list[str]]:
    """The values of a key to be bound, and SQL for each."""
    values = {f"key{number}": value for number, (value, _) in enumerate(key)}
    # The sign takes away the type of the cast, for which no column would be searched.
    bound = [
        f"+CAST(:key{number} AS TEXT)" if kind == "text" else f":key{number}"
        for number, (_, kind) in enumerate(key)
    ]
    return values, bound


def row_number_order(snapshot: Snapshot, name: str) -> TableOrder | None:
    """The row numbers of a table, None where it has none."""
    rowid = rowid_name(snapshot, name, columns_of(snapshot, name))
    return TableOrder(quoted(name), (OrderColumn(rowid),)) if rowid else None


def primary_key_order(snapshot: Snapshot, name: str) -> TableOrder | None:
    """The primary key of a table without row numbers, None where its order cannot be asked for."""
    # SQLite takes the name of such a table for that of its primary key.
    rows = snapshot.rows(
        'SELECT CAST(name AS BLOB), "desc", upper(coll) FROM temp.pragma_index_xinfo(:table)'
        ' WHERE "key"',
        table=name,
    )
    encoding = encoding_of(snapshot)
    if not rows or any(collation not in _COLLATIONS for *_, collation in rows):
        return None
    keys = ((decode(column, encoding), *more) for column, *more in rows)
    columns = [OrderColumn(quoted(column), coll, bool(down)) for column, down, coll in keys]
    way = TableOrder(quoted(name), tuple(columns))
    for sql, values in way.queries([(b"", "text")] * len(way.keys)):
        plan = snapshot.rows(f"EXPLAIN QUERY PLAN SELECT 1 {sql}", **values)
        if len(plan) != 1 or "SEARCH" not in str(plan[0][-1]):
            return None
    return way
