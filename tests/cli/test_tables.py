"""``tables``: tables and views of any SQLite file."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.builders.layouts import Rec
from tests.cli.calls import call, document, failed
from tests.cli.made import v2


def _foreign(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE t (a); INSERT INTO t VALUES (1), (2); CREATE VIEW a AS SELECT * FROM t;"
            "CREATE VIRTUAL TABLE words USING fts5(text)"
        )
        connection.commit()
    return path


def test_tables_and_views_by_name(tmp_path: Path) -> None:
    path = _foreign(tmp_path / "f.db")
    answer = call("tables", "--json", "--db", path)
    assert answer.code == 0
    assert answer.out == document(answer.json)
    assert answer.json[0] == {"name": "a", "type": "view", "rows": None}
    assert answer.json[1] == {"name": "t", "type": "table", "rows": 2}
    assert answer.json[2] == {"name": "words", "type": "table", "rows": None}
    assert [list(one) for one in answer.json] == [["name", "type", "rows"]] * len(answer.json)
    lines = call("tables", "--db", path).out.decode().splitlines()
    assert lines[1].split() == ["a", "view", "not", "run"]
    assert lines[2].split() == ["t", "table", "2"]


def test_a_store_has_tables_too(tmp_path: Path) -> None:
    found = call("tables", "--json", "--db", v2(tmp_path, Rec("agent", "a"))).json
    assert {"name": "resources", "type": "table", "rows": 1} in found


def test_views_are_no_tables_for_info(tmp_path: Path) -> None:
    path = _foreign(tmp_path / "f.db")
    names = [one["name"] for one in call("info", "--json", "--db", path).json["tables"]]
    assert "t" in names
    assert "a" not in names
    assert "Views:    a (not run)" in call("info", "--db", path).out.decode()


def test_other_commands_name_it_for_a_file_that_is_no_store(tmp_path: Path) -> None:
    sentence = failed(call("kinds", "--db", _foreign(tmp_path / "f.db")), 3)
    assert "Use the command tables to list its tables." in sentence


def test_a_store_whose_table_is_not_understood_is_not_called_foreign(tmp_path: Path) -> None:
    path = v2(tmp_path, Rec("agent", "a"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("DELETE FROM sqlite_schema WHERE name LIKE '%audit%'")
        connection.execute(
            "UPDATE sqlite_schema SET sql = 'CREATE TABLE resources (kind TEXT, UNIQUE NEARLY (x))'"
            " WHERE name = 'resources'"
        )
        connection.commit()
    assert "The definition of resources is not understood" in failed(call("kinds", "--db", path), 3)


def test_a_table_that_damage_keeps_from_being_counted_is_said(tmp_path: Path) -> None:
    path = tmp_path / "f.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE whole (a)")
        connection.execute("INSERT INTO whole VALUES (1)")
        connection.execute("CREATE TABLE t (a)")
        connection.executemany("INSERT INTO t VALUES (?)", [("x" * 3000,)] * 9)
        root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 't'").fetchone()[
            0
        ]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        connection.commit()
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    for form in ((), ("--json",)):
        answer = call("tables", *form, "--db", path)
        assert answer.code == 1
        assert "rows of t cannot be counted" in answer.err
    assert answer.json == [
        {"name": "t", "type": "table", "rows": None},
        {"name": "whole", "type": "table", "rows": 1},
    ]
    info = call("info", "--db", path)
    assert info.code == 1
    assert "rows of t cannot be counted" in info.out.decode()
    assert "rows of t cannot be counted" in info.err


@pytest.mark.parametrize("size", [512, 4096, 65536])
def test_a_database_without_a_table_is_no_fault(size: int, tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA page_size={size}")
        connection.execute("CREATE TABLE t (a)")
        connection.execute("DROP TABLE t")
        connection.commit()
    answer = call("tables", "--json", "--db", path)
    assert (answer.code, answer.out, answer.err) == (0, b"[]\n", "")
    assert call("info", "--json", "--db", path).json["tables"] == []
    assert "not a Stigmer store" in failed(call("kinds", "--db", path), 3)
    # Of less than a page SQLite makes an empty database.
    os.truncate(path, size - 1)
    for command in ("tables", "info"):
        assert "damaged" in failed(call(command, "--db", path), 3)


def test_one_of_a_thing_is_spoken_of_as_one(tmp_path: Path) -> None:
    path = tmp_path / "foreign.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"CREATE TABLE t ({', '.join('abcdefghi')})")
        connection.execute("INSERT INTO t (a) VALUES (x'ff')")
    answer = call("rows", "t", "--db", path)
    assert "1 byte " in answer.out.decode()
    assert "note: 1 more column; --json gives all" in answer.notes
