"""Any table can be browsed, as it is stored."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from inspector.errors import NotFoundError
from inspector.store import tables
from inspector.store.rows import RowKey, TableColumn, TableInfo
from inspector.store.store import Store
from tests.builders import layouts
from tests.builders.layouts import Rec


@pytest.fixture
def store(tmp_path: Path) -> Store:
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", "a"), Rec("agent", "b")])
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            'CREATE TABLE "odd ""name"" \u00fc" (one, "two words" TEXT, rowid TEXT);'
            "CREATE TABLE many (id INTEGER PRIMARY KEY, note TEXT);"
            "CREATE TABLE pairs (a TEXT, b TEXT, PRIMARY KEY (b, a)) WITHOUT ROWID;"
            "INSERT INTO pairs VALUES ('1', 'z'), ('2', 'y'), ('3', 'x');"
        )
        connection.execute(
            'INSERT INTO "odd ""name"" \u00fc" VALUES (x\'00ff\', CAST(x\'61ff\' AS TEXT), 7), '
            "(1.5, NULL, 'r'), (9223372036854775807, '', NULL)"
        )
        connection.executemany(
            "INSERT INTO many VALUES (?, ?)", [(n * 3, f"note {n}") for n in range(-5, 20)]
        )
        connection.commit()
    return Store(path)


def test_all_tables_by_name_with_their_rows(store: Store) -> None:
    assert store.tables() == [
        TableInfo("many", 25),
        TableInfo('odd "name" ü', 3),
        TableInfo("pairs", 3),
        TableInfo("resource_audit", 0),
        TableInfo("resources", 2),
        TableInfo("schema_version", 1),
        TableInfo("sqlite_sequence", 0),
    ]


def test_values_are_given_as_stored(store: Store) -> None:
    page = store.table_page('odd "name" ü')
    assert [column.name for column in page.columns] == ["one", "two words", "rowid"]
    assert page.rows == (
        (b"\x00\xff", "a\udcff", "7"),
        (1.5, None, "r"),
        (9223372036854775807, "", None),
    )
    assert not page.more


def test_columns(store: Store) -> None:
    assert store.table_page("pairs", limit=0).columns == (
        TableColumn("a", "TEXT", 2),
        TableColumn("b", "TEXT", 1),
    )


def test_pages_by_row_number_and_by_offset(store: Store) -> None:
    expected = tuple((n * 3, f"note {n}") for n in range(-5, 20))
    by_number: list[tuple[object, ...]] = []
    page = store.table_page("many", limit=7)
    by_number += page.rows
    while page.more:
        page = store.table_page("many", after=page.last, limit=7)
        by_number += page.rows
    assert tuple(by_number) == expected
    assert store.table_page("many", offset=20, limit=100).rows == expected[20:]
    assert store.table_page("many", after=0, offset=2, limit=1).rows == expected[8:9]


def test_a_table_without_row_numbers_is_paged_by_its_key_and_by_offset(store: Store) -> None:
    first = store.table_page("pairs", limit=2)
    assert (first.rows, first.more) == ((("3", "x"), ("2", "y")), True)
    assert first.last == ((b"y", "text"), (b"2", "text"))
    assert store.table_page("pairs", offset=2, limit=2).rows == (("1", "z"),)
    behind = store.table_page("pairs", after=first.last, limit=2)
    assert (behind.rows, behind.more) == ((("1", "z"),), False)
    assert store.table_page("pairs", after=first.keys[0], offset=1, limit=2).rows == behind.rows


@pytest.mark.parametrize(
    "key",
    ["a, b", "a DESC, b", "a COLLATE NOCASE, b DESC", "b, a"],
)
def test_pages_by_key_are_all_rows_in_order(tmp_path: Path, key: str) -> None:
    path = tmp_path / "s.db"
    values = [None, "A", "a", "B", b"A", 3, 2.5, "\udcff", "", -7]
    rows = [(a, b) for a in values[1:] for b in (1, "x", b"", "X")]
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"CREATE TABLE t (a, b, n, PRIMARY KEY ({key})) WITHOUT ROWID")
        for number, (a, b) in enumerate(rows):
            raw = a.encode("utf-8", "surrogateescape") if isinstance(a, str) else a
            cast = "CAST(? AS TEXT)" if isinstance(a, str) else "?"
            connection.execute(f"INSERT OR IGNORE INTO t VALUES ({cast}, ?, ?)", (raw, b, number))
        connection.commit()
        expected = [n for (n,) in connection.execute(f"SELECT n FROM t ORDER BY {key}")]
    store = Store(path)
    page = store.table_page("t", limit=3)
    found = list(page.rows)
    keys: list[RowKey | None] = list(page.keys)
    while page.more:
        page = store.table_page("t", after=page.last, limit=3)
        found += page.rows
        keys += page.keys
    assert [row[2] for row in found] == expected
    for offset in (1, 7, 20):
        rest = store.table_page("t", after=keys[4], offset=offset, limit=100).rows
        assert [row[2] for row in rest] == expected[5 + offset :]
    some = [key for key in (keys[9], keys[0], keys[17]) if key is not None]
    gone: RowKey = ((b"gone", "text"), (1, "integer"))
    picked = store.table_page("t", keys=[*some, gone])
    assert [row[2] for row in picked.rows] == [expected[at] for at in (9, 0, 17)]
    assert (picked.more, picked.keys) == (False, tuple(some))


def test_rows_are_read_by_their_numbers_in_the_order_asked_for(store: Store) -> None:
    page = store.table_page("many", keys=[9, 3, 4, 6])
    assert [row[0] for row in page.rows] == [9, 3, 6]
    assert page.numbers == (9, 3, 6)


def test_a_key_in_an_order_of_the_writers_own_is_paged_by_offset(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.create_collation("unicase", lambda a, b: (a > b) - (a < b))
        connection.execute("CREATE TABLE t (a TEXT COLLATE unicase, PRIMARY KEY (a)) WITHOUT ROWID")
        connection.executemany("INSERT INTO t VALUES (?)", [("a",), ("b",), ("c",)])
        connection.commit()
    page = Store(path).table_page("t", limit=2)
    assert (page.rows, page.last, page.more) == ((("a",), ("b",)), None, True)
    assert Store(path).table_page("t", offset=2).rows == (("c",),)


def test_a_page_ends_when_it_grows_large_and_huge_values_are_named(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "PAGE_BYTES", 20)
    page = store.table_page("many")
    assert (len(page.rows), page.more) == (3, True)
    monkeypatch.setattr(tables, "HUGE", 6)
    page = store.table_page("many", after=24, limit=3)
    assert page.rows == ((27, "note 9"), (30, None), (33, None))
    assert page.cut == ((1, 1, 7), (2, 1, 7))


def test_an_unknown_table_is_not_found(store: Store) -> None:
    with pytest.raises(NotFoundError):
        store.table_page("nothing")


@pytest.mark.parametrize("encoding", ["UTF-16le", "UTF-16be"])
def test_half_a_character_of_utf_16_is_kept_as_the_bytes_that_sqlite_gives(
    encoding: str, tmp_path: Path
) -> None:
    path = tmp_path / "s.db"
    halves = [b"\x00\xd8", b"\xd8\x00", b"a\x00\x00\xdc", b"\x00a\xdc\x80"]
    with closing(sqlite3.connect(path)) as connection:
        connection.text_factory = bytes
        connection.execute(f"PRAGMA encoding='{encoding}'")
        connection.execute("CREATE TABLE t (a TEXT)")
        for half in halves:  # bound, it would be taken for UTF-8
            connection.execute(f"INSERT INTO t VALUES (CAST(x'{half.hex()}' AS TEXT))")
        connection.commit()
        expected = [row for (row,) in connection.execute("SELECT a FROM t")]
    rows = Store(path).table_page("t").rows
    found = [str(value).encode("utf-8", "surrogateescape") for (value,) in rows]
    assert found == expected
    assert any(b"\xed" in one for one in found)
