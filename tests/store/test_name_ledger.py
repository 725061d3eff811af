"""Who has or had a name, by the table of names."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.store.name_ledger import NamedRow
from inspector.store.store import Store
from tests.builders import events, layouts
from tests.builders.events import OfName


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return layouts.v2(tmp_path / "s.db")


def test_all_that_have_or_had_exactly_this_name(path: Path) -> None:
    rows = [
        OfName("skill", "b", "tidy", "skl-1"),
        OfName("skill", "a", "tidy", "skl-2", state="active"),
        OfName("agent", "a", "tidy", "agt-1"),
        OfName("agent", "a", "Tidy", "agt-2"),
        OfName("agent", "a", "tidy-up", "agt-3"),
    ]
    events.add(path, events.NAMES, rows)
    store = Store(path)
    assert store.rows_with_name("tidy") == [
        NamedRow("agent", "a", "agt-1"),
        NamedRow("skill", "a", "skl-2"),
        NamedRow("skill", "b", "skl-1"),
    ]
    assert store.rows_with_name("none") == []


@pytest.mark.parametrize(
    "script",
    [
        "",
        "CREATE TABLE resource_names (kind TEXT, name TEXT);",
        "CREATE VIEW resource_names AS SELECT kind, id AS name, id FROM resources;",
    ],
)
def test_a_store_without_such_a_table_has_no_names(path: Path, script: str) -> None:
    events.add(path, script)
    assert Store(path).rows_with_name("tidy") == []


def test_a_table_without_organisations_is_read_as_well(path: Path) -> None:
    script = (
        "CREATE TABLE resource_names (kind TEXT, name TEXT, id TEXT);"
        "INSERT INTO resource_names VALUES ('agent', 'tidy', 'agt-1');"
    )
    events.add(path, script)
    assert Store(path).rows_with_name("tidy") == [NamedRow("agent", "", "agt-1")]
