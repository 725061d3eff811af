"""The former states of a row of any file, as a map names them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from inspector.foreign.map_file import read_map
from inspector.session.foreign_rows import foreign_reading
from inspector.session.row_documents import RowAddress
from inspector.session.row_states import records_of, row_states
from inspector.session.session import Session

_MAP = """version = 1
[[records]]
table = "now"
key = "id"
history = { table = "past", key = "of", order = "n" }
"""


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
    path, mapped = tmp_path / "f.db", tmp_path / "f.toml"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE now (id INTEGER PRIMARY KEY)")
        connection.execute("INSERT INTO now VALUES (?)", (float(key) if key < 2**53 else key,))
        connection.execute("CREATE TABLE past (of, n)")
        rows = [(7.0, 2), (7, 1), (1782864000000.0, 3), (float(2**53), 4), ("8", 5), (b"8", 6)]
        connection.executemany("INSERT INTO past VALUES (?, ?)", rows)
    mapped.write_text(_MAP)
    with closing(Session.open(path)) as session:
        reading = foreign_reading(session, str(mapped), None, reveal=True)
        records = records_of(read_map(mapped), "now")
        assert records is not None
        found = row_states(reading, records, RowAddress(None, 0))
        joined = "SELECT n FROM past, now WHERE past.of = id AND typeof(of) != 'text' ORDER BY n"
        with closing(sqlite3.connect(path)) as connection:
            assert [str(n) for (n,) in connection.execute(joined)] == states
    assert [one.order for one in found] == states
