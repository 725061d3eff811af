"""A list in the order of a column beside SQL's own order, the file in memory.

What is compared is the time that the processors spent, see :mod:`tests.bench.searching`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from inspector.session.scan import Scan
from inspector.session.session import Session
from tests.bench.large_stores import large_store
from tests.bench.paired import Line
from tests.bench.searching import compared, spent

_RECORDS: Final = 100_000
_ROUNDS: Final = 5
#: By what a list is sorted, and SQL for the same.
_COLUMNS: Final = {"updated": "updated_at", "size": "length(data)"}
_GOAL: Final = 2.0


def lines(rounds: int) -> Iterator[Line]:
    """By time and by size."""
    path = large_store(_RECORDS)
    for column, sql in _COLUMNS.items():
        pairs = []
        for _ in range(min(rounds, _ROUNDS) + 1):
            ours = spent(lambda: _ours(path, column))  # noqa: B023
            pairs.append((ours, spent(lambda: _theirs(path, sql))))  # noqa: B023
        name = f"{_RECORDS:,} records sorted by {column}"
        yield compared(name, pairs[1:], "SQL's ORDER BY", _GOAL)


def _ours(path: Path, column: str) -> int:
    session = Session.open(path)
    kinds = [one.kind for one in session.store.kinds_at_once()[0]]
    return len(Scan(session, kinds, column=column).run())


def _theirs(path: Path, sql: str) -> int:
    uri = f"{path.as_uri()}?immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        return len(connection.execute(f"SELECT kind, id FROM resources ORDER BY {sql}").fetchall())
