"""Stores of every layout, and stores that only have the same tables and columns."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from inspector.store.rows import Form, Journal, Label, Row
from inspector.store.store import Store
from tests.builders import layouts
from tests.builders.layouts import Arc, Rec

RECORDS = [
    Rec("skill", "skl-2", b"two", "2026-01-25T20:38:39.123456789Z"),
    Rec("agent", "agt-2", b"b", "2026-01-25T20:38:38Z"),
    Rec("agent", "agt-10", b"a"),
    Rec("AgentExecution", "aex-1", b"c"),
    Rec("agent-instance", "agi-1", b"d"),
]
ARCHIVE = [Arc("skill", "skl-2", b"two", version_hash="h2", tag="v2"), Arc("skill", "skl-9")]


def test_the_first_layout_has_no_version_table(tmp_path: Path) -> None:
    facts = Store(layouts.v0(tmp_path / "s.db", RECORDS)).facts()
    assert (facts.form, facts.layout, facts.journal) == (Form.SQLITE, 0, Journal.CLEAN)


@pytest.mark.parametrize(
    "script",
    [
        layouts.AUDIT,
        layouts.SEARCH_INDEX,
        layouts.SCHEMA_VERSION + layouts.AUDIT,
        "CREATE TABLE schema_version (at TEXT); CREATE TABLE Bootstrap_State (key TEXT);",
        "CREATE TABLE pending_oauth_state (state TEXT);",
        "ALTER TABLE resources ADD COLUMN list_org TEXT;",
    ],
)
def test_tables_of_later_layouts_tell_that_the_layout_is_lost(script: str, tmp_path: Path) -> None:
    """A copy of some of a store's tables is not of the first layout."""
    path = layouts.create(tmp_path / "s.db", layouts.RESOURCES, script, records=RECORDS)
    facts = Store(path).facts()
    assert (facts.form, facts.layout, facts.layouts) == (Form.SQLITE, None, ())
    other = layouts.create(tmp_path / "o.db", layouts.RESOURCES, "CREATE TABLE notes (a);")
    assert Store(other).facts().layout == 0


def test_the_layout_is_the_newest_version_applied(tmp_path: Path) -> None:
    path = layouts.v2(tmp_path / "s.db", RECORDS)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO schema_version (version) VALUES (1), (99)")
        connection.commit()
    assert Store(path).facts().layout == 99


@pytest.mark.parametrize("rows", ["('3')", "(NULL)", "(2.5), ('abc')"])
def test_versions_that_are_no_numbers_name_no_layout(rows: str, tmp_path: Path) -> None:
    script = f"CREATE TABLE schema_version (version); INSERT INTO schema_version VALUES {rows};"
    path = layouts.create(tmp_path / "s.db", layouts.RESOURCES, script, records=RECORDS)
    assert Store(path).facts().layout is None


@pytest.mark.parametrize(
    ("columns", "rows", "expected"),
    [
        (
            "version INTEGER PRIMARY KEY, applied_at TEXT",
            "(9, '2026-09-14 00:00:00'), (1, '2026-01-26 03:00:00'), (2, NULL)",
            ((1, "2026-01-26 03:00:00"), (2, ""), (9, "2026-09-14 00:00:00")),
        ),
        ("version INTEGER, applied_at TEXT", "(26, 'a'), (26, 'b')", ((26, "a"), (26, "b"))),
        ("version, applied_at", "(1, 5), ('x', 'b'), (2, x'ff')", ((1, "5"), (2, "\udcff"))),
        ("version INTEGER", "(3), (1)", ((1, ""), (3, ""))),
        ("applied_at TEXT", "('2026-01-26 03:00:00')", ()),
        ("version INTEGER, applied_at TEXT", f"(4, '{'9' * 65}')", ((4, ""),)),
    ],
)
def test_each_layout_says_when_it_was_applied(
    columns: str, rows: str, expected: tuple[tuple[int, str], ...], tmp_path: Path
) -> None:
    path = layouts.v0(tmp_path / "s.db", RECORDS)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"CREATE TABLE schema_version ({columns})")
        connection.execute(f"INSERT INTO schema_version VALUES {rows}")
        connection.commit()
    assert Store(path).facts().layouts == expected


def test_without_a_table_of_versions_no_layout_was_applied(tmp_path: Path) -> None:
    assert Store(layouts.v0(tmp_path / "s.db", RECORDS)).facts().layouts == ()


@pytest.mark.parametrize(
    "resources", [layouts.RESOURCES, layouts.RESOURCES_ROWID, layouts.RESOURCES_BARE]
)
@pytest.mark.parametrize("archive", [layouts.AUDIT, layouts.AUDIT_BARE])
def test_tables_without_keys_and_indexes_are_as_good(
    resources: str, archive: str, tmp_path: Path
) -> None:
    path = layouts.create(tmp_path / "s.db", resources, records=RECORDS)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(archive)
        layouts.archive(connection, ARCHIVE)
        connection.execute("UPDATE resource_audit SET id = rowid")
        connection.commit()
    store = Store(path)
    assert [tuple(kind) for kind in store.kinds()] == [
        ("AgentExecution", 1, 0),
        ("agent", 2, 0),
        ("agent-instance", 1, 0),
        ("skill", 1, 2),
    ]
    assert [head.id for head in store.heads("agent").rows] == ["agt-10", "agt-2"]
    assert store.row("skill", "skl-2") == Row(
        "skill",
        "skl-2",
        b"two",
        3,
        "2026-01-25T20:38:39.123456789Z",
        None,
    )
    assert store.history.counts("skill", ["skl-2", "skl-9", "skl-0"]) == {
        "skl-2": 1,
        "skl-9": 1,
        "skl-0": 0,
    }
    (version,) = store.history.rows_of("skill", "skl-2")
    assert (version.head.version_hash, version.head.tag, version.data) == ("h2", "v2", b"two")
    assert store.history.gone("skill").rows == ("skl-9",)
    assert store.anchors("agent", 1) == (["agt-10", "agt-2"], 2)
    assert store.row("skill", "skl-9") is None
    assert store.history.counts("skill", ["skl-9"]) == {"skl-9": 1}
    assert store.row("agent", "agt-2") is not None


def test_missing_and_additional_columns_are_no_error(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE resources (extra, DATA BLOB, ID TEXT, Kind TEXT);"
            "CREATE TABLE resource_audit (kind TEXT, resource_id TEXT, data BLOB);"
            "INSERT INTO resources VALUES (1, x'0102', 'agt-1', 'agent');"
            "INSERT INTO resource_audit VALUES ('agent', 'agt-1', x'03');"
        )
    store = Store(path)
    assert store.facts().form is Form.SQLITE
    assert store.row("agent", "agt-1") == Row("agent", "agt-1", b"\x01\x02", 2, None)
    (version,) = store.history.rows_of("agent", "agt-1")
    assert version.data == b"\x03"
    assert version.head.archived_at is version.head.version_hash is version.head.tag is None


def test_an_archive_alone_is_a_store(tmp_path: Path) -> None:
    store = Store(layouts.create(tmp_path / "s.db", layouts.AUDIT, archived=ARCHIVE))
    assert store.facts().form is Form.SQLITE
    assert [tuple(kind) for kind in store.kinds()] == [("skill", 0, 2)]
    assert store.history.gone("skill").rows == ("skl-2", "skl-9")
    assert store.rows("skill").rows == ()


def test_the_json_store_holds_text_and_no_history(tmp_path: Path) -> None:
    path = layouts.create(tmp_path / "stigmer.db", layouts.RESOURCES_JSON)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "INSERT INTO resources (id, kind, data) VALUES ('agent-1', 'Agent', '{\"n\":\"ü\"}'),"
            " ('x_audit/a/1769373518', 'Agent', '{}')"
        )
        connection.commit()
    store = Store(path)
    assert (store.facts().form, store.facts().layout) == (Form.JSON, None)
    assert [tuple(kind) for kind in store.kinds()] == [("Agent", 2, 0)]
    row = store.row("Agent", "agent-1")
    assert row is not None
    assert row.data == '{"n":"ü"}'.encode()
    assert row.size == len(row.data)


def test_text_in_a_blob_column_is_given_as_bytes(tmp_path: Path) -> None:
    row = Store(layouts.v0(tmp_path / "s.db", [Rec("agent", "a", "text ü")])).row("agent", "a")
    assert row is not None
    assert (row.data, row.size) == ("text ü".encode(), 7)


def test_ids_that_are_no_unicode_can_be_asked_for_again(tmp_path: Path) -> None:
    ids = [b"\xff\xfe", b"a\x00b", b"", "ü".encode(), b"\xed\xa0\x80", "\U0001f600".encode()]
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", one, one) for one in ids])
    store = Store(path)
    rows = store.rows("agent").rows
    assert [row.data for row in rows] == sorted(ids)
    assert [store.row("agent", row.id) for row in rows] == list(rows)
    assert [store.rows("agent", after=row.id).rows for row in rows] == [
        rows[n:] for n in range(1, len(rows) + 1)
    ]


@pytest.mark.parametrize("script", [layouts.RESOURCES_BARE, layouts.RESOURCES_ROWID])
def test_keys_that_are_no_text_are_shown_as_the_text_of_their_value(
    script: str, tmp_path: Path
) -> None:
    path = layouts.create(tmp_path / "s.db", script)
    with closing(sqlite3.connect(path)) as connection:
        connection.executemany(
            "INSERT INTO resources VALUES (?, ?, x'01', '')",
            [("agent", "b"), ("agent", b"\xff"), ("agent", b"a"), (b"agent", "c"), ("agent", 5)],
        )
        connection.commit()
    store = Store(path)
    assert [tuple(kind) for kind in store.kinds()] == [("agent", 5, 0)]
    assert [head.id for head in store.heads("agent").rows] == ["5", "a", "b", "c", "\udcff"]
    assert [head.id for head in store.heads("agent", after="a", limit=1).rows] == ["b"]
    assert store.row("agent", "5") is not None


def test_null_keys_and_data_do_no_harm(tmp_path: Path) -> None:
    path = layouts.create(tmp_path / "s.db", layouts.RESOURCES_BARE)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "INSERT INTO resources VALUES (NULL, 'a', x'01', NULL), ('agent', NULL, NULL, 7)"
        )
        connection.commit()
    store = Store(path)
    assert [tuple(kind) for kind in store.kinds()] == [("", 1, 0), ("agent", 1, 0)]
    (row,) = store.rows("agent").rows
    assert (row.id, row.data, row.updated_at, row.problem) == (
        "",
        None,
        "7",
        "The row holds no data.",
    )


def test_an_id_that_a_table_holds_twice_is_given_twice(tmp_path: Path) -> None:
    records = [Rec("agent", one, data) for one in "abc" for data in (b"1", b"2", b"3")]
    store = Store(layouts.create(tmp_path / "s.db", layouts.RESOURCES_BARE, records=records))
    found = []
    after = None
    while True:
        page = store.rows("agent", after, 2)
        found += [(row.id, row.data) for row in page.rows]
        if not page.more:
            break
        after = page.rows[-1].id
    assert found == [(rec.id, rec.data) for rec in records]


@pytest.mark.parametrize("encoding", ["UTF-16le", "UTF-16be"])
@pytest.mark.parametrize("script", [layouts.RESOURCES, layouts.RESOURCES_ROWID])
def test_a_store_in_utf_16_is_as_good(script: str, encoding: str, tmp_path: Path) -> None:
    """Ids come in the order of their UTF-8, which is not that of the file's own indexes."""
    ids = ["a", "b\u0100", "b\u00ff", "\U0001f600", "\ue000", "ü"]
    path = tmp_path / "s.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA encoding='{encoding}'")
        connection.executescript(script + ";" + layouts.AUDIT)
        for one in ids:
            row = ("agent", one, one.encode(), "2026-01-25 20:38:38")
            connection.execute("INSERT INTO resources VALUES (?, ?, ?, ?)", row)
            old = ("agent", f"agent_audit/{one}/1769373518", b"old", "")
            connection.execute("INSERT INTO resources VALUES (?, ?, ?, ?)", old)
        connection.execute("INSERT INTO resources VALUES ('skill', 's', 'text ü', '')")
        connection.execute(
            "INSERT INTO resource_audit (kind, resource_id, data, archived_at, version_hash, tag)"
            " VALUES ('agent', 'ü', 'text ü', '2026-01-25 20:38:38', 'h', 'v1')"
        )
        connection.commit()
    store = Store(path)
    assert store.facts().form is Form.SQLITE
    assert [tuple(kind) for kind in store.kinds()] == [("agent", 6, 7), ("skill", 1, 0)]
    expected = sorted(ids, key=str.encode)
    rows = store.rows("agent").rows
    assert [row.id for row in rows] == expected
    assert [row.data for row in rows] == [one.encode() for one in expected]
    assert {row.updated_at for row in rows} == {"2026-01-25 20:38:38"}
    assert [head.id for head in store.heads("agent", after="b\u00ff").rows] == expected[2:]
    assert store.row("skill", "s") == Row("skill", "s", "text ü".encode(), 7, None)
    audit, legacy = store.history.versions("agent", "ü")
    assert (audit.archived_at, audit.version_hash, audit.tag) == ("2026-01-25 20:38:38", "h", "v1")
    assert (legacy.legacy_key, legacy.size) == ("agent_audit/ü/1769373518", 3)
    assert [row.data for row in store.history.rows_of("agent", "ü")] == ["text ü".encode(), b"old"]
    assert store.anchors("agent", 4) == ([expected[3]], 6)
    assert store.table_page("resources", limit=1).rows[0][0] == "agent"
    assert store.damage is None


def test_ids_in_broken_utf_16_can_be_asked_for_again(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA encoding='UTF-16le'")
        connection.executescript(layouts.RESOURCES)
        for broken in (b"\x00\xd8a\x00", b"a\x00\x00\xdc", b"odd"):
            connection.execute(
                "INSERT INTO resources VALUES ('agent', CAST(? AS TEXT), ?, '')", (broken, broken)
            )
        connection.commit()
    store = Store(path)
    rows = store.rows("agent").rows
    assert len({row.id for row in rows}) == 3
    assert [store.row("agent", row.id) for row in rows] == list(rows)


@pytest.mark.parametrize("script", [layouts.RESOURCES, layouts.RESOURCES_BARE])
def test_tables_in_capitals_are_as_good(script: str, tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    scripts = (script, layouts.SCHEMA_VERSION, layouts.AUDIT)
    with closing(sqlite3.connect(path)) as connection:
        for one in scripts:
            connection.executescript(_with_capital_names(one))
        layouts.put(connection, RECORDS)
        layouts.archive(connection, ARCHIVE)
        connection.execute("INSERT INTO schema_version (version) VALUES (2)")
        connection.commit()
    store = Store(path)
    assert (store.facts().form, store.facts().layout) == (Form.SQLITE, 2)
    assert {table.name for table in store.tables()} >= {
        "RESOURCES",
        "RESOURCE_AUDIT",
        "SCHEMA_VERSION",
    }
    assert [head.id for head in store.heads("agent").rows] == ["agt-10", "agt-2"]
    assert len(store.history.versions("skill", "skl-2")) == 1
    assert len(store.table_page("RESOURCES").rows) == len(RECORDS)


def _with_capital_names(script: str) -> str:
    for name in ("resource_audit", "schema_version", "resources", "kind", "updated_at"):
        script = script.replace(name, name.upper())
    return script


def test_letters_beyond_ascii_are_no_capitals(tmp_path: Path) -> None:
    """SQLite does not take the sign of Kelvin for a k; Python does."""
    path = tmp_path / "s.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript('CREATE TABLE resources ("\u212aind" TEXT, id TEXT, data BLOB)')
    assert Store(path).facts().form is Form.FOREIGN


@pytest.mark.parametrize(
    ("folder", "label", "expected"),
    [
        ("stigmer-e2e-7", None, Label.TEST),
        ("plain", None, Label.TEST),
        ("plain", Label.DEMO, Label.DEMO),
    ],
)
def test_a_store_in_the_temporary_directory_is_a_test(
    folder: str,
    label: Label | None,
    expected: Label,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / folder).mkdir()
    path = layouts.v0(tmp_path / folder / "stigmer.db")
    assert Store(path, label=label).facts().label is expected


def test_a_store_elsewhere_is_production(tmp_path: Path) -> None:
    assert Store(layouts.v0(tmp_path / "stigmer.db")).facts().label is Label.PRODUCTION
    (tmp_path / "stigmer-e2e-1").mkdir()
    marked = layouts.v0(tmp_path / "stigmer-e2e-1" / "stigmer.db")
    assert Store(marked).facts().label is Label.TEST
