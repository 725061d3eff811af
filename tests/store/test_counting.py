"""Kinds of a large file before they are counted."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from inspector.compiled_part import VARIABLE
from inspector.store import blob_finder, counting
from inspector.store.blob_finder import PassedRows
from inspector.store.layout import Resources
from inspector.store.reader import Snapshot
from inspector.store.store import Store
from tests.builders import layouts
from tests.builders.layouts import Rec
from tests.builders.writer import Writer
from tests.places import REAL

STORES = ("v0", "v2-migrated", "v2-clean")


@pytest.mark.parametrize("name", STORES)
def test_a_small_file_is_counted_at_once(name: str) -> None:
    store = Store(REAL / name / "stigmer.db")
    assert store.kinds_at_once() == (store.kinds(), True)


@pytest.mark.parametrize("name", STORES)
def test_kinds_with_records_are_told_before_they_are_counted(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "_AT_ONCE", 0)
    found, counted = Store(REAL / name / "stigmer.db").kinds_at_once()
    assert not counted
    exact = Store(REAL / name / "stigmer.db").kinds()
    assert [one.kind for one in found if one.records] == [one.kind for one in exact if one.records]
    assert {one.records for one in found} == {1}


@pytest.mark.parametrize("name", STORES)
def test_what_counting_finds_of_legacy_rows_is_not_looked_for_again(
    name: str, tmp_path: Path
) -> None:
    path = shutil.copyfile(REAL / name / "stigmer.db", tmp_path / "store.db")
    counted, plain = Store(path), Store(REAL / name / "stigmer.db")
    for one in counted.kinds():
        ids = [row.id for row in plain.heads(one.kind).rows]
        assert counted.history.counts(one.kind, ids) == plain.history.counts(one.kind, ids)


@pytest.mark.parametrize("rows", range(1, 9))
@pytest.mark.parametrize("name", ["v0", "v2-clean"])
def test_stretches_of_any_size_count_each_row_once(
    name: str, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where many versions of a record lie at the end of one, too."""
    path = REAL / name / "stigmer.db"
    found = {one.kind: (one.records, one.versions) for one in Store(path).kinds()}
    monkeypatch.setattr(counting, "_FIRST", rows)
    monkeypatch.setattr(counting, "_MOST", rows)
    stretches = [(one.kind, (one.records, one.versions)) for one in Store(path).kinds()]
    assert dict(stretches) == found
    with closing(sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)) as connection:
        [total] = connection.execute("SELECT count(*) FROM resources").fetchone()
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema")}
        if "resource_audit" in names:
            total += connection.execute("SELECT count(*) FROM resource_audit").fetchone()[0]
    assert sum(map(sum, found.values())) == total


#: Ids that are versions and such that are nearly, odd ones, and one that does not end in its page.
_IDS: tuple[str | bytes, ...] = (
    *(f"agt-{number:04}" for number in range(300)),
    *(f"agt_audit/agt-{number:04}/{number}" for number in range(0, 300, 7)),
    *(f"agt-{number:04}/{number}" for number in range(0, 300, 11)),
    *("_audit//1", "_audit/a/1", "_audit/a/", "_audit/1", "a_audit/b/c", "a_AUDIT/b/1"),
    *(b"\xff_audit/\xfe/3", "\xe4_audit/\xf6/4", "z_audit/" + 900 * "a" + "/5", 900 * "z"),
)
_RECORDS = [Rec(kind, id_) for kind in ("agent", "agent_audit", "b") for id_ in _IDS]


@pytest.fixture
def passed(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Takes of each stretch behind the first whether it was counted by the pages of an index."""
    pytest.importorskip("inspector.store._blob_sieve")
    found: list[bool] = []
    real = blob_finder.pass_rows

    def told(
        snapshot: Snapshot, table: Resources, kind: str, after: bytes, rows: int
    ) -> PassedRows | None:
        answer = real(snapshot, table, kind, after, rows)
        found.append(answer is not None)
        return answer

    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(blob_finder, "pass_rows", told)
    monkeypatch.setattr(counting, "_FIRST", 5)
    return found


_TABLES = {
    "without row numbers": (layouts.RESOURCES, True),
    "with row numbers": (layouts.RESOURCES_ROWID, True),
    "without a second index": (layouts.RESOURCES.partition("CREATE INDEX")[0], False),
    "without an index": (layouts.RESOURCES_BARE, False),
    "of two bytes a letter": (f"PRAGMA encoding='UTF-16le';{layouts.RESOURCES}", False),
    "descending": (layouts.RESOURCES.replace("ON resources(kind, id)", "ON resources(id)"), False),
}


@pytest.mark.parametrize("page_size", [512, 4096])
@pytest.mark.parametrize("name", _TABLES)
def test_rows_counted_by_pages_are_those_that_sql_counts(
    name: str, page_size: int, tmp_path: Path, passed: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    script, by_pages = _TABLES[name]
    path = tmp_path / "s.db"
    layouts.create(path, script, records=_RECORDS, page_size=page_size)
    found = Store(path).kinds()
    # In short pages long ids do not end, nor do those that lead to others.
    assert any(passed) is (by_pages and page_size == 4096)
    assert sum(one.records + one.versions for one in found) == len(_RECORDS)
    assert all(one.versions for one in found)
    monkeypatch.setenv(VARIABLE, "python")
    assert Store(path).kinds() == found


def test_an_id_with_a_nul_is_counted_by_sql(tmp_path: Path, passed: list[bool]) -> None:
    """SQLite takes some texts to end there."""
    ids = [*_IDS, b"agt-0200\x00_audit/x/1"]
    path = layouts.v0(tmp_path / "s.db", [Rec("agent", id_) for id_ in ids])
    [found] = Store(path).kinds()
    assert False in passed
    assert found.records + found.versions == len(ids)


def test_rows_that_a_log_holds_are_counted_by_pages(tmp_path: Path, passed: list[bool]) -> None:
    path = layouts.v0(tmp_path / "s.db", _RECORDS)
    before = {one.kind: one.records for one in Store(path).kinds()}
    with Writer(path) as writer:
        writer.sql(
            "PRAGMA wal_autocheckpoint=0",
            "DELETE FROM resources WHERE kind = 'agent' AND id LIKE 'agt-01__'",
            "INSERT INTO resources (kind, id, data) VALUES ('b', 'b_audit/b/9', '')",
            "INSERT INTO resources (kind, id, data) VALUES ('b', 'b', '')",
        )
        passed.clear()
        after = {one.kind: one.records for one in Store(path).kinds()}
        assert any(passed)
    assert before["agent"] - after["agent"] == 100
    assert after["b"] - before["b"] == 1


def test_a_damaged_index_is_left_to_sql(tmp_path: Path, passed: list[bool]) -> None:
    path = layouts.v0(tmp_path / "s.db", _RECORDS)
    with closing(sqlite3.connect(path)) as connection:
        sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'idx_resources_kind_id'"
        [root] = connection.execute(sql).fetchone()
    data = bytearray(path.read_bytes())
    data[4096 * (root - 1)] = 13
    path.write_bytes(data)
    store = Store(path)
    assert sum(one.records + one.versions for one in store.kinds()) == len(_RECORDS)
    assert store.damage is not None
    assert not any(passed)
