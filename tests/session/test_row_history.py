"""The former states of a row of any file, as a map names them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from inspector.foreign.map_file import read_map
from inspector.session.foreign_rows import foreign_reading
from inspector.session.row_documents import RowAddress
from inspector.session.row_history import records_of, row_states
from inspector.session.session import Session

_MAP = """version = 1
[[records]]
table = "now"
key = "id"
history = { table = "past", key = "of", order = "n" }
"""


def orders(path: Path) -> list[object]:
    """What the states of the first row of ``now`` are ordered by."""
    mapped = path.with_suffix(".toml")
    mapped.write_text(_MAP)
    with closing(Session.open(path)) as session:
        reading = foreign_reading(session, str(mapped), None, reveal=True)
        records = records_of(read_map(mapped), "now")
        assert records is not None
        return [one.order for one in row_states(reading, records, RowAddress(None, 0))]


@pytest.mark.parametrize(
    ("key", "states"),
    [
        # node:sqlite of Node 24.22.3 and libsql 0.5.29 bind each number of JavaScript's as a real
        # one: it becomes an integer in the column `id`, and stays 7.0 in one without a type.
        (7, ["1", "2"]),
        # sql.js 1.17.0 does so from 2**31 on.
        (1782864000000, ["3"]),
        # Of 2**53 and more not each is a real number; what is next to one is another key.
        (2**53 + 1, []),
        (8, []),
    ],
)
def test_a_key_is_the_same_number_whichever_driver_stored_it(
    tmp_path: Path, key: int, states: list[str]
) -> None:
    """As SQLite compares them; findings/javascript_stores_other_keys.sh shows who writes so."""
    path = tmp_path / "f.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE now (id INTEGER PRIMARY KEY)")
        connection.execute("INSERT INTO now VALUES (?)", (float(key) if key < 2**53 else key,))
        connection.execute("CREATE TABLE past (of, n)")
        rows = [(7.0, 2), (7, 1), (1782864000000.0, 3), (float(2**53), 4), ("8", 5), (b"8", 6)]
        connection.executemany("INSERT INTO past VALUES (?, ?)", rows)
    joined = "SELECT n FROM past, now WHERE past.of = id AND typeof(of) != 'text' ORDER BY n"
    with closing(sqlite3.connect(path)) as connection:
        assert [str(n) for (n,) in connection.execute(joined)] == states
    assert orders(path) == states


@pytest.mark.parametrize(
    ("own", "key", "past", "states"),
    [
        ("INTEGER", 7, "TEXT", ["1", "2"]),
        ("REAL", 7, "VARCHAR(9)", ["1", "2"]),
        ("", 7.0, "VARCHAR(9)", []),
        # A text of a column of texts is the text it is; which of them names the row is not known.
        ("TEXT", "7", "TEXT", ["1"]),
        ("TEXT", "7", "INTEGER", ["1", "2", "3"]),
        # Where a column has no type a number and a text are not the same, as for SQLite.
        ("TEXT", 7.0, "", []),
        ("INTEGER", 7, "", ["1", "2"]),
        ("INTEGER", 8, "TEXT", []),
    ],
)
def test_a_number_that_a_column_of_texts_holds_is_the_key_it_was(
    tmp_path: Path, own: str, key: object, past: str, states: list[str]
) -> None:
    path = tmp_path / "f.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"CREATE TABLE now (id {own})")
        connection.execute("INSERT INTO now VALUES (?)", (key,))
        connection.execute(f"CREATE TABLE past (of {past}, n)")
        rows = [
            (7, 1),
            (7.0, 2),
            ("7", 3),
            ("07", 4),
            ("7.00", 5),
            (" 7", 6),
            ("seven", 7),
            (70, 8),
        ]
        if past in ("TEXT", "VARCHAR(9)"):
            rows = [one for one in rows if one[1] != 3]  # the same text as that of the first
        if past == "INTEGER":
            rows = [one for one in rows if one[1] < 4]
        connection.executemany("INSERT INTO past VALUES (?, ?)", rows)
    assert orders(path) == states
