"""Files of other programs, whole and unlike a store: read, or said why not; none is damaged."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from inspector.errors import StoreError, StoreErrorKind
from inspector.store import tables
from inspector.store.reader import StoreReader
from inspector.store.rows import Form, TableInfo, TableType
from inspector.store.store import Store
from tests.builders import layouts
from tests.builders.layouts import Arc, Rec
from tests.places import ROOT

CASES = ROOT.parent / "shared" / "cases" / "foreign"


def made(path: Path, *scripts: str) -> Store:
    with closing(sqlite3.connect(path)) as connection:
        for script in scripts:
            connection.executescript(script)
        connection.commit()
    return Store(path)


def redefined(path: Path, name: str, sql: str) -> Store:
    """A file with a definition that this SQLite does not take."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("UPDATE sqlite_schema SET sql = ? WHERE name = ?", (sql, name))
        connection.commit()
    return Store(path)


def ors(count: int) -> str:
    return " OR ".join(f"a = 'x{number}'" for number in range(count))


# What is whole is read


@pytest.mark.parametrize(
    ("name", "script"),
    [
        ("check", f"CREATE TABLE t (a TEXT CHECK ({ors(500)}))"),
        ("index", f"CREATE TABLE t (a TEXT); CREATE INDEX i ON t (a) WHERE {ors(500)}"),
        ("view", f"CREATE TABLE t (a); CREATE VIEW v AS {' UNION ALL '.join(['SELECT 1'] * 100)}"),
        (
            "trigger",
            "CREATE TABLE t (a); CREATE TRIGGER g AFTER INSERT ON t WHEN"
            f" {ors(60).replace('a ', 'new.a ')} BEGIN SELECT 1; END",
        ),
        ("columns", f"CREATE TABLE t (a, {', '.join(f'c{number}' for number in range(1999))})"),
    ],
)
def test_what_sqlite_takes_is_taken(name: str, script: str, tmp_path: Path) -> None:
    store = made(tmp_path / "s.db", script, "INSERT INTO t (a) VALUES ('x1')")
    assert store.facts().form is Form.FOREIGN
    assert store.tables()[0] == TableInfo("t", 1)
    assert store.table_page("t").rows[0][0] == "x1"
    assert store.damage is None


def test_a_store_beside_large_definitions_is_whole(tmp_path: Path) -> None:
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", "a")], [Arc("agent", "a")])
    store = made(
        path,
        f"CREATE TRIGGER g AFTER INSERT ON resources WHEN {ors(60).replace('a ', 'new.kind ')}"
        " BEGIN SELECT 1; END",
        f"CREATE VIEW many AS {' UNION ALL '.join(['SELECT 1'] * 100)}",
    )
    assert [tuple(kind) for kind in store.kinds()] == [("agent", 1, 1)]
    assert len(store.rows("agent").rows) == 1
    assert store.damage is None


TOO_MUCH = {
    "terms": ("v", "CREATE VIEW v AS " + " UNION ALL ".join(["SELECT 1"] * 600)),
    "depth": ("t", f"CREATE TABLE t (a CHECK ({ors(1500)}))"),
    "columns": ("t", f"CREATE TABLE t ({', '.join(f'c{number}' for number in range(2500))})"),
    "newer words": ("t", "CREATE TABLE t (a, UNIQUE NEARLY (a))"),
}


@pytest.mark.parametrize("what", TOO_MUCH)
def test_a_definition_that_is_not_understood_costs_only_itself(what: str, tmp_path: Path) -> None:
    """Another SQLite, with other limits or newer, has made the file."""
    name, sql = TOO_MUCH[what]
    path = tmp_path / "s.db"
    made(path, "CREATE TABLE t (a)", "CREATE TABLE u (b)", "CREATE VIEW v AS SELECT 1")
    made(path, "INSERT INTO t VALUES (1)", "INSERT INTO u VALUES (2)")
    store = redefined(path, name, sql)
    rows = {table.name: table.rows for table in store.tables()}
    assert rows == {"t": None if name == "t" else 1, "u": 1, "v": None}
    assert store.table_page("u").rows == ((2,),)
    assert store.damage is None
    if name == "t":
        with pytest.raises(StoreError, match="The definition of t is not understood: ") as caught:
            store.table_page("t")
        assert caught.value.kind is StoreErrorKind.UNSUPPORTED
        assert "damaged" not in caught.value.message


@pytest.mark.parametrize("name", ["resources", "resource_audit"])
def test_a_store_that_lost_one_of_its_tables_so_says_so(name: str, tmp_path: Path) -> None:
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", "a")], [Arc("agent", "a")])
    store = redefined(path, name, f"CREATE TABLE {name} (kind TEXT, UNIQUE NEARLY (kind))")
    kinds = store.kinds()
    assert [kind.kind for kind in kinds] == ["agent"]
    assert store.damage is not None
    assert store.damage.kind is StoreErrorKind.UNSUPPORTED
    assert store.damage.message.startswith(f"The definition of {name} is not understood: near ")


def test_a_definition_that_lost_its_page_is_damage(tmp_path: Path) -> None:
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", "a")])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("UPDATE sqlite_schema SET rootpage = 9999 WHERE name = 'schema_version'")
        connection.commit()
    store = Store(path)
    assert [kind.kind for kind in store.kinds()] == ["agent"]
    assert store.damage is not None
    assert store.damage.kind is StoreErrorKind.DAMAGED


def test_what_sqlite_refuses_is_a_sentence(tmp_path: Path) -> None:
    path = layouts.v2(tmp_path / "s.db")
    with pytest.raises(StoreError) as caught:
        StoreReader(str(path)).read(lambda snapshot: snapshot.rows("SELECT missing FROM resources"))
    assert caught.value.kind is StoreErrorKind.UNSUPPORTED
    assert caught.value.message == "SQLite cannot read this: no such column: missing."


# Orders that only their program knows


def _with_unknown_order(path: Path, *scripts: str) -> Store:
    with closing(sqlite3.connect(path)) as connection:
        connection.create_collation("unicase", lambda one, other: (one > other) - (one < other))
        for script in scripts:
            connection.executescript(script)
        connection.commit()
    return Store(path)


@pytest.mark.parametrize("bare", ["", " WITHOUT ROWID"])
def test_a_store_whose_keys_have_an_unknown_order_is_read_by_its_bytes(
    bare: str, tmp_path: Path
) -> None:
    store = _with_unknown_order(
        tmp_path / "s.db",
        "CREATE TABLE resources (kind TEXT COLLATE unicase, id TEXT COLLATE unicase, data BLOB,"
        f" updated_at TEXT COLLATE unicase, PRIMARY KEY (kind, id)){bare};"
        "CREATE TABLE schema_version (version INTEGER COLLATE unicase);"
        "INSERT INTO resources VALUES ('agent', 'b', x'01', 'now'), ('agent', 'B', x'02', ''),"
        " ('skill', 'a', x'03', ''), ('agent', 'x_audit/b/17', x'04', '');"
        "INSERT INTO schema_version VALUES (2)",
    )
    assert store.facts().layout == 2
    assert [tuple(kind) for kind in store.kinds()] == [("agent", 2, 1), ("skill", 1, 0)]
    assert [row.data for row in store.rows("agent").rows] == [b"\x02", b"\x01"]
    assert [head.id for head in store.heads("agent", after="B").rows] == ["b"]
    row = store.row("agent", "b")
    assert row is not None
    assert (row.data, row.updated_at) == (b"\x01", "now")
    assert [row.data for row in store.history.rows_of("agent", "b")] == [b"\x04"]
    assert store.anchors("agent", 1) == (["B", "b"], 2)
    assert [table.rows for table in store.tables()] == [4, 1]
    assert store.damage is None


def test_rows_of_a_table_with_an_unknown_order_come_as_they_lie(tmp_path: Path) -> None:
    store = _with_unknown_order(
        tmp_path / "s.db",
        "CREATE TABLE decks (id INTEGER PRIMARY KEY, name TEXT COLLATE unicase);"
        "CREATE UNIQUE INDEX names ON decks (name);"
        "INSERT INTO decks VALUES (2, 'b'), (1, 'a'), (3, 'A');"
        "CREATE TABLE keyed (name TEXT COLLATE unicase PRIMARY KEY) WITHOUT ROWID;"
        "INSERT INTO keyed VALUES ('z'), ('y')",
    )
    assert store.tables() == [TableInfo("decks", 3), TableInfo("keyed", 2)]
    assert store.table_page("decks").rows == ((1, "a"), (2, "b"), (3, "A"))
    assert store.table_page("decks", after=1).rows == ((2, "b"), (3, "A"))
    assert store.table_page("keyed", offset=1).rows == (("z",),)


def test_an_unknown_order_is_never_guessed(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    _with_unknown_order(
        path,
        "CREATE TABLE resources (kind TEXT COLLATE unicase, id TEXT, data BLOB);"
        "INSERT INTO resources VALUES ('a', '', x''), ('b', '', x'')",
    )
    with pytest.raises(StoreError, match="This is ordered by unicase, which only the program"):
        StoreReader(str(path)).read(
            lambda snapshot: snapshot.rows("SELECT kind FROM resources ORDER BY kind")
        )


# Names of ours


@pytest.mark.parametrize("what", ["TABLE {} (x)", "VIEW {} AS SELECT 1", "TABLE {} (name, type)"])
def test_a_table_named_as_what_we_ask_stands_in_no_way(what: str, tmp_path: Path) -> None:
    names = ("pragma_table_xinfo", "PRAGMA_TABLE_INFO", "pragma_encoding", "pragma_schema_version")
    store = made(
        layouts.v2(tmp_path / "s.db", [Rec("agent", "a")], [Arc("agent", "a")]),
        *(f"CREATE {what.format(name)}" for name in names),
        "CREATE TABLE t (a, b INTEGER PRIMARY KEY)",
        "INSERT INTO t VALUES ('one', 5)",
    )
    assert store.facts().layout == 2
    assert [tuple(kind) for kind in store.kinds()] == [("agent", 1, 1)]
    assert store.table_page("t").rows == (("one", 5),)
    assert [column.name for column in store.table_page("t", limit=0).columns] == ["a", "b"]
    assert {table.name for table in store.tables()} >= set(names)


# Nothing is left out


def test_views_are_listed_and_not_run(tmp_path: Path) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    store = made(
        tmp_path / "s.db",
        "CREATE TABLE b (one)",
        f"CREATE VIEW a AS {endless}",
        "CREATE TABLE c (x)",
    )
    assert store.table_names() == [
        TableInfo("a", None, TableType.VIEW),
        TableInfo("b", None),
        TableInfo("c", None),
    ]
    assert store.tables() == [
        TableInfo("a", None, TableType.VIEW),
        TableInfo("b", 0),
        TableInfo("c", 0),
    ]
    with pytest.raises(StoreError) as caught:
        store.table_page("a")
    assert caught.value.kind is StoreErrorKind.FOREIGN
    assert caught.value.message == (
        "a is a view, a query that the file brings with it. It is not run."
    )
    # This one queries none.
    assert caught.value.hint == "Plain tables of the file can be browsed."


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("fts5(text)", "Tables whose names begin with Wörds_ can be browsed."),
        ("fts5vocab(Words, 'row')", "Plain tables of the file can be browsed."),
        ("nobodys_own(1)", "Plain tables of the file can be browsed."),
    ],
)
def test_of_a_virtual_table_it_is_said_where_rows_can_be_seen(
    tmp_path: Path, code: str, hint: str
) -> None:
    path = tmp_path / "s.db"
    made(
        path,
        "CREATE TABLE kept (text)",
        "CREATE TABLE w (x)",
        "CREATE VIRTUAL TABLE Wörds USING fts5(text)",
    ).close()
    if code != "fts5(text)":
        made(path, 'DROP TABLE "Wörds"').close()
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("PRAGMA writable_schema=ON")
            connection.execute(
                "INSERT INTO sqlite_schema VALUES ('table', 'Wörds', 'Wörds', 0, ?)",
                (f"CREATE VIRTUAL TABLE Wörds USING {code}",),
            )
    with pytest.raises(StoreError) as caught:
        Store(path).table_page("Wörds")
    assert caught.value.message == "Wörds is a virtual table; it is not read."
    assert caught.value.hint == hint


COMPUTED = (
    "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, loud TEXT AS (upper(name)),"
    " size INT AS (length(name)) VIRTUAL, kept TEXT AS (name || '!') STORED, data AS (NULL));"
    "INSERT INTO t (id, name) VALUES (1, 'one'), (2, 'üb'), (3, NULL)"
)


def test_computed_columns_are_computed_where_that_is_harmless(tmp_path: Path) -> None:
    store = made(tmp_path / "s.db", COMPUTED)
    page = store.table_page("t")
    assert [(column.name, column.computed) for column in page.columns] == [
        *(("id", False), ("name", False), ("loud", True)),
        *(("size", True), ("kept", False), ("data", True)),
    ]
    assert page.rows == (
        (1, "one", "ONE", 3, "one!", None),
        (2, "üb", "üB", 2, "üb!", None),
        (3, None, None, None, None, None),
    )
    assert page.not_computed == frozenset()
    assert store.table_page("t", after=1, limit=1).rows == (page.rows[1],)


@pytest.mark.parametrize(
    "expression",
    [
        "hex(zeroblob(100000000))",
        "printf('%.*c', 100000000, 'x')",
        "replace(name, 'o', 'oooo')",
        "name LIKE '%a%a%a%a%a%'",
        "randomblob(8)" if sqlite3.sqlite_version_info < (3, 31) else "char(name) GLOB '*'",
    ],
)
def test_what_may_run_long_is_named_and_not_computed(expression: str, tmp_path: Path) -> None:
    store = made(
        tmp_path / "s.db",
        f"CREATE TABLE t (name TEXT, harm AS ({expression}))",
        "INSERT INTO t VALUES ('one')",
    )
    page = store.table_page("t")
    assert [column.name for column in page.columns] == ["name", "harm"]
    assert page.rows == (("one", None),)
    assert page.not_computed == {1}


def test_a_computed_value_that_grows_large_is_not_computed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "_LONGEST", 1000)
    store = made(
        tmp_path / "s.db",
        "CREATE TABLE t (name TEXT, twice AS (hex(name)), plain AS (1))",
        f"INSERT INTO t VALUES ('{'x' * 600}')",
    )
    page = store.table_page("t")
    assert page.rows == (("x" * 600, None, 1),)
    assert page.not_computed == {1}


def test_a_definition_that_is_a_query_is_not_run(tmp_path: Path) -> None:
    """What stands in the schema may be anything; a computed column makes it be prepared."""
    path = tmp_path / "s.db"
    made(path, "CREATE TABLE t (a, b AS (a))", "INSERT INTO t VALUES (1)")
    from inspector.store.tables import _is_harmless

    assert not _is_harmless("CREATE TABLE t AS SELECT hex(zeroblob(400000000)) AS a")
    assert not _is_harmless("SELECT 1")
    assert not _is_harmless("ATTACH 'other.db' AS other")
    assert _is_harmless("CREATE TABLE t (a, b AS (a)); SELECT hex(zeroblob(400000000))")
    assert not (tmp_path / "other.db").exists()
    assert Store(path).table_page("t").rows == ((1, 1),)


@pytest.mark.parametrize("columns", [501, 600, 601, 1201, 2000])
@pytest.mark.parametrize("bare", [False, True])
def test_every_column_is_given(columns: int, bare: bool, tmp_path: Path) -> None:
    names = [f"c{number}" for number in range(columns)]
    key = ", PRIMARY KEY (c0)) WITHOUT ROWID" if bare else ")"
    store = made(
        tmp_path / "s.db",
        f"CREATE TABLE w ({', '.join(names)}{key}",
        *(
            f"INSERT INTO w VALUES ({', '.join(str(row * columns + n) for n in range(columns))})"
            for row in range(3)
        ),
    )
    page = store.table_page("w", limit=2)
    assert [column.name for column in page.columns] == names
    assert page.rows == tuple(tuple(range(row * columns, (row + 1) * columns)) for row in range(2))
    assert page.more


def test_a_page_of_many_columns_ends_where_its_last_ones_grow_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "PAGE_BYTES", 100)
    names = ", ".join(f"c{number}" for number in range(700))
    store = made(
        tmp_path / "s.db",
        f"CREATE TABLE w ({names})",
        "INSERT INTO w (c0, c699) VALUES (1, zeroblob(90)), (2, zeroblob(90)), (3, zeroblob(90))",
    )
    page = store.table_page("w")
    assert [row[0] for row in page.rows] == [1, 2]
    assert [row[699] for row in page.rows] == [bytes(90)] * 2
    assert (page.more, page.last) == (True, 2)
    assert [row[0] for row in store.table_page("w", after=page.last).rows] == [3]


# The files that were found


def _cases(folder: str) -> list[str]:
    return sorted(path.name for path in (CASES / folder).glob("*.db"))


@pytest.mark.parametrize("name", _cases("1-healthy-called-damaged"))
def test_healthy_files_are_not_called_damaged(name: str) -> None:
    store = Store(CASES / "1-healthy-called-damaged" / name)
    for kind in store.kinds():
        assert all(row.problem is None for row in store.rows(kind.kind).rows)
    assert all(table.rows is not None for table in store.tables())
    for table in store.tables():
        store.table_page(table.name)
    assert store.damage is None


FOUND: list[tuple[str, Callable[[Store], object], object]] = [
    ("2-unknown-collation/count-by-unicase-index.db", lambda s: s.tables()[0].rows, 2),
    ("2-unknown-collation/store-keys-unicase.db", lambda s: s.kinds()[0][:2], ("agent", 1)),
    (
        "3-left-out-in-silence/501-columns.db",
        lambda s: len(s.table_page("w", limit=0).columns),
        501,
    ),
    ("3-left-out-in-silence/view-beside-table.db", lambda s: s.tables()[1].type, TableType.VIEW),
    ("3-left-out-in-silence/views-only.db", lambda s: [one.name for one in s.tables()], ["v"]),
    (
        "4-own-names-in-the-file/foreign-with-that-table.db",
        lambda s: len(s.table_page("t", limit=0).columns),
        1,
    ),
    ("9-other/store-in-capitals.db", lambda s: (s.facts().form, len(s.kinds())), (Form.SQLITE, 1)),
    ("9-other/store-in-utf16.db", lambda s: (s.facts().form, len(s.kinds())), (Form.SQLITE, 1)),
]


@pytest.mark.parametrize(("name", "ask", "expected"), FOUND, ids=[one[0] for one in FOUND])
def test_files_that_were_read_wrongly(
    name: str, ask: Callable[[Store], object], expected: object, shared: Path
) -> None:
    store = Store(shared / "cases" / "foreign" / name)
    assert ask(store) == expected
    assert store.damage is None
