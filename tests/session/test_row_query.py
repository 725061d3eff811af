"""Rows of tables that hold a text, and in the order of a column."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest

from inspector.errors import CancelledError, NotFoundError
from inspector.foreign.column_map import FileMap
from inspector.foreign.map_file import read_map
from inspector.foreign.message_set import message_set
from inspector.session.foreign_rows import ForeignReading
from inspector.session.row_query import FoundRows, RowQuery, find_rows, rows_at
from inspector.session.session import Session
from tests.foreign.schemas import FIELDS, MAP, descriptors, foreign

VALUES = ["b", None, 10, 9, "a", b"\x01", 2.5, "B", b"", None, "b"]


def table(path: Path, *, rowid: bool) -> Session:
    """A table of odd values, in the order of :data:`VALUES`."""
    tail = "" if rowid else "WITHOUT ROWID"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"CREATE TABLE t (n INTEGER NOT NULL, v, PRIMARY KEY (n)) {tail}")
        connection.executemany("INSERT INTO t VALUES (?, ?)", enumerate(VALUES))
        connection.commit()
    return Session.open(path)


def shown(reading: ForeignReading, found: FoundRows, column: int = 0) -> list[str]:
    page = rows_at(reading, "t", found, range(len(found)))
    return [row[column].text for row in page.rows]


@pytest.mark.parametrize("rowid", [True, False])
@pytest.mark.parametrize("descending", [False, True])
def test_rows_are_ordered_as_sqlite_orders_them(
    tmp_path: Path, rowid: bool, descending: bool
) -> None:
    session = table(tmp_path / "f.db", rowid=rowid)
    reading = ForeignReading(session, reveal=True)
    found = find_rows(reading, "t", RowQuery(sort="v", descending=descending))
    with closing(sqlite3.connect(tmp_path / "f.db")) as connection:
        down = "DESC" if descending else ""
        expected = connection.execute(f"SELECT n FROM t ORDER BY v {down}, n").fetchall()
    assert shown(reading, found) == [str(n) for (n,) in expected]
    assert found.examined == len(VALUES)


def test_a_key_that_cannot_be_asked_for_is_found_by_its_offset(tmp_path: Path) -> None:
    path = tmp_path / "f.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.create_collation("unicase", lambda a, b: (a > b) - (a < b))
        connection.execute(
            "CREATE TABLE t (n TEXT COLLATE unicase, v, PRIMARY KEY (n)) WITHOUT ROWID"
        )
        connection.executemany("INSERT INTO t VALUES (?, ?)", [("a", 3), ("b", 1), ("c", 2)])
        connection.commit()
    reading = ForeignReading(Session.open(path))
    found = find_rows(reading, "t", RowQuery(sort="v"))
    assert shown(reading, found) == ["b", "c", "a"]
    assert list(found.offsets) == [1, 2, 0]


def test_what_is_covered_is_not_looked_into_and_orders_nothing(tmp_path: Path) -> None:
    path = tmp_path / "f.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, client_secret TEXT, body BLOB)")
        rows = [("zz-hidden", b"zz-hidden"), ("aa-hidden", b"aa-hidden"), ("mm", b"mm")]
        connection.executemany("INSERT INTO t (client_secret, body) VALUES (?, ?)", rows)
        connection.commit()
    covered, revealed = (ForeignReading(Session.open(path), reveal=on) for on in (False, True))
    assert len(find_rows(covered, "t", RowQuery("hidden"))) == 0
    assert shown(revealed, find_rows(revealed, "t", RowQuery("HIDDEN"))) == ["1", "2"]
    for column in ("client_secret", "body"):
        query = RowQuery(sort=column)
        assert shown(covered, find_rows(covered, "t", query)) == ["1", "2", "3"]
        assert shown(revealed, find_rows(revealed, "t", query)) == ["2", "3", "1"]


def mapped(tmp_path: Path, *, reveal: bool = False) -> ForeignReading:
    schema = descriptors(tmp_path / "own.binpb")
    (tmp_path / "f.inspect.toml").write_text(MAP)
    found: FileMap = read_map(tmp_path / "f.inspect.toml")
    session = Session.open(foreign(tmp_path / "f.db"))
    return ForeignReading(session, found, [message_set(str(schema), found.secrets)], reveal=reveal)


def test_a_text_is_found_in_what_is_decoded(tmp_path: Path) -> None:
    reading = mapped(tmp_path)
    found = find_rows(reading, "t", RowQuery("reserved_RANGE"))
    rows = [int(number) for number in shown(reading, found)]
    wanted = [at for at, one in enumerate(FIELDS, 1) if b"\x0a\x0ereserved_range" in one]
    assert rows == wanted != []
    assert found.undecoded == 0


def test_a_secret_of_a_message_is_not_found(tmp_path: Path) -> None:
    # json_name is one in the map; it holds what no other field does.
    assert len(find_rows(mapped(tmp_path), "t", RowQuery("reservedRange"))) == 0
    (tmp_path / "f.db").unlink()
    reading = mapped(tmp_path, reveal=True)
    assert len(find_rows(reading, "t", RowQuery("reservedRange"))) > 0


def test_values_that_are_not_what_they_are_read_as_are_counted(tmp_path: Path) -> None:
    reading = mapped(tmp_path)
    with closing(sqlite3.connect(tmp_path / "f.db")) as connection:
        connection.execute("UPDATE t SET data = x'00' WHERE id IN (2, 5)")
        connection.execute("UPDATE t SET data = ? WHERE id = 7", (gzip.compress(b"\xff"),))
        connection.commit()
    found = find_rows(reading, "t", RowQuery("nowhere at all"))
    assert (len(found), found.undecoded) == (0, 3)


def test_a_row_that_went_says_so(tmp_path: Path) -> None:
    session = table(tmp_path / "f.db", rowid=True)
    reading = ForeignReading(session, reveal=True)
    found = find_rows(reading, "t", RowQuery("b"))
    assert shown(reading, found) == ["0", "7", "10"]
    with closing(sqlite3.connect(tmp_path / "f.db")) as connection:
        connection.execute("DELETE FROM t WHERE n = 7")
        connection.commit()
    assert shown(reading, found) == ["0", "deleted since", "10"]


def test_rows_behind_damage_are_not_found_and_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "f.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE t (a)")
        connection.executemany("INSERT INTO t VALUES (?)", ((f"{n:0900}",) for n in range(50)))
    content = bytearray(path.read_bytes())
    content[6 * 4096 : 6 * 4096 + 12] = b"\xee" * 12
    path.write_bytes(content)
    found = find_rows(ForeignReading(Session.open(path)), "t", RowQuery("0"))
    assert 0 < len(found) < 50
    assert "damaged" in found.problem


def test_it_is_cancelled_and_a_column_that_is_not_there_is_refused(tmp_path: Path) -> None:
    reading = ForeignReading(table(tmp_path / "f.db", rowid=True))
    stop = Event()
    stop.set()
    with pytest.raises(CancelledError):
        find_rows(reading, "t", RowQuery("b"), stop)
    with pytest.raises(NotFoundError, match="no column x"):
        find_rows(reading, "t", RowQuery(sort="x"))
