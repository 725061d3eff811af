"""Kinds of a large file before they are counted."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from inspector.store import counting
from inspector.store.store import Store
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
