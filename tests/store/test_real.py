"""The stores that real daemons wrote: every record, every version, nothing touched."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from inspector.errors import StoreError
from inspector.store.rows import Form
from inspector.store.store import Store

STORES = ["real/v0", "real/v2-migrated", "real/v2-clean", "real/v2-killed", "made/v8", "made/json"]


def _opened(shared: Path, name: str, tmp_path: Path) -> Store:
    target = tmp_path / "copy"
    shutil.copytree(shared / "stigmer" / name, target, ignore=shutil.ignore_patterns("storage"))
    return Store(next(one for one in target.iterdir() if one.suffix in (".db", ".sqlite")))


@pytest.mark.parametrize("name", STORES)
def test_every_record_of_the_truth_is_there(name: str, shared: Path, tmp_path: Path) -> None:
    store = _opened(shared, name, tmp_path)
    truth = json.loads((shared / "stigmer" / name / "truth.json").read_text())
    expected = {(one["kind"], one["id"]) for one in truth["records"]}
    rows = [row for kind in store.kinds() for row in store.rows(kind.kind).rows]
    assert {(row.kind, row.id) for row in rows} == expected
    assert all(row.problem is None and row.data and len(row.data) == row.size for row in rows)
    assert sum(kind.records for kind in store.kinds()) == len(expected)
    assert store.damage is None


@pytest.mark.parametrize("name", STORES[:4])
def test_every_push_of_a_skill_is_a_version(name: str, shared: Path, tmp_path: Path) -> None:
    store = _opened(shared, name, tmp_path)
    truth = json.loads((shared / "stigmer" / name / "truth.json").read_text())
    for skill, pushes in truth["skillVersions"].items():
        assert len(store.history.versions("skill", skill)) == len(pushes)


def test_migration_keeps_histories(shared: Path, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    before = _opened(shared, "real/v0", tmp_path / "a")
    after = _opened(shared, "real/v2-migrated", tmp_path / "b")
    ids = [*(row.id for row in before.rows("skill").rows), *before.history.gone("skill").rows]
    assert ids
    for one in ids:
        old = [row.data for row in before.history.rows_of("skill", one)]
        assert [row.data for row in after.history.rows_of("skill", one)] == old
    assert before.kinds() == after.kinds()


def test_forms_and_layouts(shared: Path, tmp_path: Path) -> None:
    found = []
    for number, name in enumerate(STORES):
        (tmp_path / str(number)).mkdir()
        facts = _opened(shared, name, tmp_path / str(number)).facts()
        found.append((facts.form, facts.layout))
    assert found == [
        (Form.SQLITE, 0),
        (Form.SQLITE, 2),
        (Form.SQLITE, 2),
        (Form.SQLITE, 2),
        (Form.SQLITE, 8),
        (Form.JSON, None),
    ]


def test_the_badger_directory_is_named(shared: Path) -> None:
    with pytest.raises(StoreError, match="This is a BadgerDB directory, not a SQLite file"):
        Store(shared / "stigmer" / "real" / "badger" / "stigmer.db")
