"""Small stores made for a test, with blobs that a daemon wrote."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path

from tests.builders import layouts
from tests.builders.layouts import Arc, Rec
from tests.places import REAL


@cache
def blobs(kind: str, table: str = "resources") -> tuple[bytes, ...]:
    """The blobs of a kind in the real store of 2026-01-26, in the order they were written."""
    path = (REAL / "v2-clean" / "stigmer.db").as_uri()
    with closing(sqlite3.connect(f"{path}?immutable=1", uri=True)) as connection:
        order = "id" if table == "resource_audit" else "updated_at, id"
        rows = connection.execute(
            f"SELECT data FROM {table} WHERE kind = ? ORDER BY {order}", (kind,)
        )
        return tuple(row[0] for row in rows)


def v2(folder: Path, *rows: Rec | Arc) -> Path:
    """A store with an archive."""
    return layouts.v2(
        folder / "stigmer.db",
        [row for row in rows if isinstance(row, Rec)],
        [row for row in rows if isinstance(row, Arc)],
    )


def blank_root(path: Path, table: str) -> None:
    """Damages a table so that none of its rows can be read; its indexes stay."""
    with closing(sqlite3.connect(path)) as connection:
        sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
        [root] = connection.execute(sql, (table,)).fetchone()
        [size] = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(path.read_bytes())
    content[(root - 1) * size : root * size] = b"\xff" * size
    path.write_bytes(content)


def bare(folder: Path, *records: Rec) -> Path:
    """A store with the columns alone: no key, no index, no version."""
    return layouts.create(
        folder / "bare.db", layouts.RESOURCES_BARE, records=records, journal_mode="DELETE"
    )
