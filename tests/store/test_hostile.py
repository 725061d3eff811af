"""Files made to do harm: refused or read without running anything of theirs."""

from __future__ import annotations

import sqlite3
import struct
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from inspector.errors import InspectorError, StoreError, StoreErrorKind
from inspector.store import private_copies
from inspector.store.reader import StoreReader
from inspector.store.rows import Form, Row, TableInfo, TableType
from inspector.store.store import Store
from tests.builders import layouts
from tests.builders.layouts import Rec
from tests.builders.writer import Writer

#: Takes long enough to be noticed, and much more memory than a store.
BOMB = "hex(zeroblob(100000000))"


def _made(path: Path, *scripts: str) -> Store:
    with closing(sqlite3.connect(path)) as connection:
        for script in scripts:
            connection.executescript(script)
        connection.commit()
    return Store(path)


def test_a_view_in_place_of_the_table_is_not_read(tmp_path: Path) -> None:
    store = _made(
        tmp_path / "s.db",
        f"CREATE VIEW resources AS SELECT 'agent' AS kind, {BOMB} AS id, x'' AS data",
        "CREATE TABLE plain (one)",
    )
    assert store.facts().form is Form.FOREIGN
    assert store.kinds() == []
    assert store.tables() == [
        TableInfo("plain", 0),
        TableInfo("resources", None, TableType.VIEW),
    ]
    with pytest.raises(StoreError, match=r"resources is a view, .*\. It is not run\."):
        store.table_page("resources")


def test_computed_columns_are_not_computed(tmp_path: Path) -> None:
    store = _made(
        tmp_path / "s.db",
        "CREATE TABLE resources (kind TEXT, id TEXT, data BLOB,"
        f" updated_at TEXT AS ({BOMB}) VIRTUAL, more TEXT DEFAULT ({BOMB}))",
        "INSERT INTO resources VALUES ('agent', 'a', x'01', 'x')",
    )
    assert store.rows("agent").rows == (Row("agent", "a", b"\x01", 1, None),)
    assert [
        (column.name, column.computed) for column in store.table_page("resources", limit=0).columns
    ] == [
        ("kind", False),
        ("id", False),
        ("data", False),
        ("updated_at", True),
        ("more", False),
    ]
    page = store.table_page("resources")
    assert page.rows == (("agent", "a", b"\x01", None, "x"),)
    assert page.not_computed == {3}


def test_a_key_that_is_computed_makes_no_store(tmp_path: Path) -> None:
    store = _made(
        tmp_path / "s.db",
        f"CREATE TABLE resources (kind TEXT AS ({BOMB}) VIRTUAL, id TEXT, data BLOB)",
        "INSERT INTO resources (id, data) VALUES ('a', x'01')",
    )
    assert store.facts().form is Form.FOREIGN


def test_triggers_and_indexes_on_expressions_do_not_run(tmp_path: Path) -> None:
    store = _made(
        tmp_path / "s.db",
        layouts.RESOURCES_BARE,
        "INSERT INTO resources VALUES ('agent', 'a', x'01', '')",
        "CREATE INDEX strange ON resources (lower(kind), id) WHERE upper(id) = 'A'",
        f"CREATE TRIGGER harm AFTER INSERT ON resources BEGIN SELECT {BOMB}; END",
    )
    assert [row.id for row in store.rows("agent").rows] == ["a"]


def test_a_virtual_table_is_listed_but_its_code_is_not_run(tmp_path: Path) -> None:
    store = _made(tmp_path / "s.db", layouts.RESOURCES, layouts.SEARCH_INDEX)
    rows = {table.name: table.rows for table in store.tables()}
    assert rows["search_index"] is None
    assert rows["search_index_content"] == 1
    with pytest.raises(StoreError) as caught:
        store.table_page("search_index")
    assert caught.value.kind is StoreErrorKind.FOREIGN


def test_a_virtual_table_in_place_of_the_resources_makes_no_store(tmp_path: Path) -> None:
    store = _made(tmp_path / "s.db", "CREATE VIRTUAL TABLE resources USING fts5(kind, id, data)")
    assert store.facts().form is Form.FOREIGN
    assert store.kinds() == []


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO resources VALUES ('agent', 'b', x'01', '')",
        "DELETE FROM resources",
        "CREATE TABLE more (one)",
        "PRAGMA journal_mode=DELETE",
        "PRAGMA wal_checkpoint(TRUNCATE)",
        "ATTACH '/tmp/other.db' AS other",
        "VACUUM",
        "SELECT load_extension('x')",
        "SELECT * FROM secrets",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
    ],
)
def test_only_what_the_store_asks_is_let_through(sql: str, tmp_path: Path) -> None:
    path = layouts.create(tmp_path / "s.db", layouts.RESOURCES, "CREATE TABLE secrets (one)")
    before = path.read_bytes()
    reader = StoreReader(str(path))
    with pytest.raises((InspectorError, apsw.Error)):
        reader.read(lambda snapshot: snapshot.rows(sql))
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["s.db"]


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of POSIX")
def test_a_journal_cannot_have_a_file_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A journal can name another file, which SQLite deletes once it has been replayed.

    It looks whether that file names the journal in turn; here it names the copy's.
    """
    monkeypatch.setattr(private_copies, "token_hex", lambda _: "known")
    private = Path(tempfile.gettempdir()).resolve() / "stigmer-inspector-copy-known"
    folder = tmp_path / "store"
    folder.mkdir()
    path = layouts.create(
        folder / "s.db",
        layouts.RESOURCES,
        records=[Rec("agent", f"{n:03}", bytes(3000)) for n in range(50)],
        journal_mode="DELETE",
    )
    with Writer(path, "DELETE") as writer:
        writer.sql("PRAGMA cache_size=2", "BEGIN", "UPDATE resources SET data = x'01'")
        writer.kill()
    victim = folder / "s.db-mj0A1B2C9D3"
    victim.write_bytes(f"{private}/copy.db-journal\0".encode())
    _name_in_journal(folder / "s.db-journal", victim)
    before = {one.name: one.read_bytes() for one in folder.iterdir()}

    store = Store(path)
    assert [row.data for row in store.rows("agent").rows] == [bytes(3000)] * 50
    store.close()
    assert {one.name: one.read_bytes() for one in folder.iterdir()} == before


def _name_in_journal(journal: Path, other: Path) -> None:
    """Append the record that makes ``other`` the super-journal (SQLite's file format, 4.3)."""
    name = str(other).encode()
    lock_page = struct.pack(">I", (1 << 30) // 4096 + 1)
    check = struct.pack(">II", len(name), sum(name))
    with journal.open("ab") as file:
        file.write(lock_page + name + check + bytes.fromhex("d9d505f920a163d7"))
