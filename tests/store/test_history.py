"""Histories out of the archive and out of both legacy forms, newest first."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.store import audit, legacy
from inspector.store.rows import VersionHead
from inspector.store.store import Store
from inspector.times import instant
from tests.builders import layouts
from tests.builders.layouts import Arc, Rec


def _names(heads: list[VersionHead]) -> list[int | str | None]:
    return [head.audit_id or head.legacy_key for head in heads]


def test_newest_first_by_instant_then_by_number(tmp_path: Path) -> None:
    archived = [
        Arc("skill", "s", archived_at="2026-01-25 20:38:38"),
        Arc("skill", "s", archived_at="2026-01-25T22:38:39+02:00"),
        Arc("skill", "s", archived_at="2026-01-25 20:38:38"),
        Arc("skill", "s", archived_at="2026-01-25T20:38:38.5Z"),
        Arc("skill", "s", archived_at="no time"),
        Arc("skill", "other"),
    ]
    store = Store(layouts.v2(tmp_path / "s.db", [], archived))
    assert _names(store.history.versions("skill", "s")) == [2, 4, 3, 1, 5]


@pytest.mark.parametrize(
    ("number", "ids", "told"),
    [
        ("INTEGER PRIMARY KEY", (7, 5, 9), {7, 5, 9}),
        ("INTEGER", (7, 5, 9), {7, 5, 9}),
        ("TEXT UNIQUE", ("7", "5", "9"), {7, 5, 9}),
        # SQLite takes this for no row number, and lets it hold NULL.
        ("INTEGER PRIMARY KEY DESC", (None, None, None), {1, 2, 3}),
        ("INTEGER", (None, None, 9), {1, 2, 3}),
        ("INTEGER", (5, 5, 5), {1, 2, 3}),
        ("TEXT", ("a", "b", None), {1, 2, 3}),
    ],
)
def test_every_archived_row_is_a_version_of_its_own(
    tmp_path: Path, number: str, ids: tuple[int | str | None, ...], told: set[int]
) -> None:
    path = layouts.v2(tmp_path / "s.db", [Rec("skill", "s")])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE resource_audit")
        connection.execute(
            f"CREATE TABLE resource_audit (id {number}, kind TEXT, resource_id TEXT, data BLOB,"
            " archived_at TEXT, version_hash TEXT, tag TEXT)"
        )
        rows = [(one, bytes([10, 1, 65 + at])) for at, one in enumerate(ids)]
        connection.executemany(
            "INSERT INTO resource_audit VALUES (?, 'skill', 's', ?, '2026-01-25', '', '')", rows
        )
        connection.commit()
    store = Store(path)
    assert [tuple(kind) for kind in store.kinds()] == [("skill", 1, 3)]
    assert store.history.counts("skill", ["s"]) == {"s": 3}
    found = list(store.history.rows_of("skill", "s"))
    assert {row.head.audit_id for row in found} == told
    assert {row.data for row in found} == {data for _, data in rows}


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16le"])
@pytest.mark.parametrize("index", ["", "CREATE INDEX by_id ON resources(kind, id)"])
def test_a_row_without_an_id_is_counted_and_listed(
    tmp_path: Path, encoding: str, index: str
) -> None:
    path = tmp_path / "s.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA encoding='{encoding}'")
        connection.executescript(f"{layouts.RESOURCES_BARE}{index}")
        connection.executemany(
            "INSERT INTO resources VALUES (?, ?, x'0a0178', '')",
            [("agent", None), ("agent", "a"), ("x_audit", None), ("x_audit", "a/5"), (None, None)],
        )
        connection.commit()
    store = Store(path)
    kinds = store.kinds()
    expected = [("", 1, 0), ("agent", 2, 0), ("x", 0, 1), ("x_audit", 1, 0)]
    assert [tuple(kind) for kind in kinds] == expected
    for one in kinds:
        assert len(store.rows(one.kind).rows) == len(store.heads(one.kind).rows) == one.records


def test_legacy_rows_of_the_first_form_belong_to_their_own_kind(tmp_path: Path) -> None:
    times = ["1769373518", "1769373518001", "1769373517000002", "1769373519000000003", "12"]
    records = [Rec("skill", "s"), *(Rec("skill", f"skill_audit/s/{one}") for one in times)]
    records += [Rec("skill", "skill_audit/s2/5"), Rec("skill", "x_audit/s/1769373520")]
    store = Store(layouts.v0(tmp_path / "s.db", records))
    heads = store.history.versions("skill", "s")
    assert [head.archived_at for head in heads] == [
        "1769373520",
        "1769373519000000003",
        "1769373518001",
        "1769373518",
        "1769373517000002",
        "12",
    ]
    assert heads[0].legacy_key == "x_audit/s/1769373520"
    assert all(head.audit_id is None and head.stored_kind == "skill" for head in heads)
    assert [tuple(kind) for kind in store.kinds()] == [("skill", 1, 7)]
    assert [row.id for row in store.rows("skill").rows] == ["s"]
    assert store.row("skill", "skill_audit/s/12") is None
    assert store.history.counts("skill", ["s", "s2"]) == {"s": 6, "s2": 1}
    assert store.history.gone("skill").rows == ("s2",)


@pytest.mark.parametrize(
    ("audit_kind", "live", "expected"),
    [
        ("SKILL_AUDIT", "skill", "skill"),
        ("skill_audit", "SKILL", "SKILL"),
        ("Agent_Execution_Audit", "agent-execution", "agent-execution"),
        ("SKILL_AUDIT", None, "SKILL"),
    ],
)
def test_legacy_rows_of_the_second_form_belong_to_the_kind_they_are_named_after(
    audit_kind: str, live: str | None, expected: str, tmp_path: Path
) -> None:
    records = [Rec(audit_kind, f"s/{n}", b"%d" % n) for n in (1769373518, 1769373519)]
    records += [Rec(audit_kind, "a/b/7"), Rec(audit_kind, "no version")]
    records += [Rec(live, "s")] if live else []
    store = Store(layouts.v0(tmp_path / "s.db", records))
    counts = {kind.kind: (kind.records, kind.versions) for kind in store.kinds()}
    assert counts == {expected: (1 if live else 0, 3), audit_kind: (1, 0)}
    heads = store.history.versions(expected, "s")
    assert [(head.stored_kind, head.legacy_key) for head in heads] == [
        (audit_kind, "s/1769373519"),
        (audit_kind, "s/1769373518"),
    ]
    assert store.history.row(heads[0]).data == b"1769373519"
    assert store.history.gone(expected).rows == (("a/b",) if live else ("a/b", "s"))
    assert [row.id for row in store.rows(audit_kind).rows] == ["no version"]


def test_left_over_legacy_rows_join_the_archive(tmp_path: Path) -> None:
    records = [Rec("skill", "s"), Rec("skill", "skill_audit/s/1769373518000000000", b"old")]
    archived = [Arc("skill", "s", b"new", "2026-01-25 20:38:39")]
    store = Store(layouts.v2(tmp_path / "s.db", records, archived))
    found = list(store.history.rows_of("skill", "s"))
    assert [row.data for row in found] == [b"new", b"old"]
    assert [tuple(kind) for kind in store.kinds()] == [("skill", 1, 2)]
    assert store.history.versions("skill", "nobody") == []


def test_a_version_that_was_deleted_meanwhile_says_so(tmp_path: Path) -> None:
    store = Store(layouts.v2(tmp_path / "s.db", [], [Arc("skill", "s")]))
    (head,) = store.history.versions("skill", "s")
    gone = store.history.row(head._replace(audit_id=99))
    assert (gone.data, gone.problem) == (None, "This version is no longer in the file.")


def test_many_versions_are_read_in_several_goes(tmp_path: Path) -> None:
    archived = [Arc("skill", "s", b"%d" % n) for n in range(1300)]
    store = Store(layouts.v2(tmp_path / "s.db", [], archived))
    assert _names(store.history.versions("skill", "s")) == list(range(1300, 0, -1))


def test_new_legacy_rows_are_found_in_a_store_that_was_asked_before(tmp_path: Path) -> None:
    path = layouts.v0(tmp_path / "s.db", [Rec("skill", "s")])
    store = Store(path)
    assert store.history.versions("skill", "s") == []
    with closing(sqlite3.connect(path)) as connection:
        layouts.put(connection, [Rec("skill", "other_audit/s/1769373518")])
        connection.commit()
    assert len(store.history.versions("skill", "s")) == 1


def test_new_legacy_rows_are_found_at_once_on_a_slow_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long it took to look through a kind, another state of the file is another matter."""
    clock = [0.0]
    real = audit.prefixes

    def slow(*args: Any) -> Any:
        clock[0] += 5
        return real(*args)

    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(audit, "prefixes", slow)
    path = layouts.v2(tmp_path / "s.db", [Rec("skill", "s")])
    store = Store(path)
    assert store.history.versions("skill", "s") == []
    for number in range(3):
        with closing(sqlite3.connect(path)) as connection:
            layouts.put(connection, [Rec("skill", f"p{number}_audit/s/1769373518")])
            connection.commit()
        assert len(store.history.versions("skill", "s")) == number + 1
        assert store.history.counts("skill", ["s"]) == {"s": number + 1}


key_parts = st.lists(
    st.sampled_from([b"_audit/", b"skill", b"/", b"1", b"23", b"a", b"\xff", b"\0", b"_audit"]),
    max_size=7,
).map(b"".join)


@settings(max_examples=30, deadline=None)
@given(st.lists(key_parts, min_size=1, max_size=20, unique=True))
def test_sql_and_python_agree_on_what_is_legacy(
    tmp_path_factory: pytest.TempPathFactory, keys: list[bytes]
) -> None:
    folder = tmp_path_factory.mktemp("legacy")
    records = [Rec(kind, key) for kind in ("skill", "SKILL_AUDIT") for key in keys]
    store = Store(layouts.v0(folder / "s.db", records))
    for kind, named in (("skill", False), ("SKILL_AUDIT", True)):
        live = {key for key in keys if legacy.parse(key, in_audit_kind=named) is None}
        page = store.heads(kind)
        assert {head.id.encode("utf-8", "surrogateescape") for head in page.rows} == live
    for key in keys:
        parts = legacy.parse(key, in_audit_kind=False)
        if parts:
            resource = parts.resource_id.decode("utf-8", "surrogateescape")
            found = [head.legacy_key for head in store.history.versions("skill", resource)]
            assert key.decode("utf-8", "surrogateescape") in found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01 00:00:01", 1_000_000_000),
        ("1970-01-01T00:00:01Z", 1_000_000_000),
        ("1970-01-01T02:00:01.000000001+02:00", 1_000_000_001),
        ("1970-01-01T00:00:01.5", 1_500_000_000),
        ("1970-01-01", 0),
        ("1970-01-01 01:00:02 +01", 2_000_000_000),
        ("1970-01-01T00:00:01+25:00", None),
        (" 1970-01-01 00:00:01\n", 1_000_000_000),
        ("1969-12-31 23:59:59", -1_000_000_000),
        ("1769373518", 1_769_373_518_000_000_000),
        ("1769373518001", 1_769_373_518_001_000_000),
        ("1769373518001002", 1_769_373_518_001_002_000),
        ("1769373518001002003", 1_769_373_518_001_002_003),
        ("17693735180", None),
        ("2026-13-01 00:00:00", None),
        ("yesterday", None),
        ("", None),
        (None, None),
        ("٣٣٣٣٣٣٣٣٣٣", None),
    ],
)
def test_times_become_nanoseconds(text: str | None, expected: int | None) -> None:
    assert instant(text) == expected
