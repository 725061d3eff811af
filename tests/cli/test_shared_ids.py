"""Records that share one ID, as a table without a key may hold them: each is counted once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.builders import layouts
from tests.builders.layouts import Arc, Rec
from tests.cli.calls import call
from tests.cli.made import blobs


@pytest.fixture
def file(tmp_path: Path) -> Path:
    one, two, three, first, second, *_ = blobs("agent_execution")
    records = [Rec("agent_execution", "a", data) for data in (one, two, three)] + [
        Rec("agent_execution", "b", one)
    ]
    archive = [Arc("agent_execution", "a", data) for data in (first, second)] + [
        Arc("agent_execution", "c", first)
    ]
    return layouts.create(
        tmp_path / "shared.db",
        layouts.RESOURCES_BARE,
        layouts.AUDIT.partition(";")[0] + ";",
        records=records,
        archived=archive,
        journal_mode="DELETE",
    )


ORDER = [("a", False)] * 3 + [("a", True)] * 2 + [("b", False), ("c", True)]


@pytest.mark.parametrize("more", [(), ("agent_execution",), ("agent_execution", "--where", "true")])
def test_an_export_writes_their_versions_once(file: Path, more: tuple[str, ...]) -> None:
    written = call("export", *more, "--history", "--db", file)
    found = [(line["id"], line["version"] is not None) for line in written.lines]
    # What has versions alone is no record that an expression could hold for.
    wanted = ORDER if "--where" not in more else [one for one in ORDER if one[0] != "c"]
    assert found == wanted
    versions = sum(archived for _, archived in wanted)
    assert f"4 records (4 of agent_execution) and {versions} versions written" in written.err
    messages = [str(line["message"]) for line in written.lines]
    assert len(set(messages[:3])) == 3


def test_a_check_counts_their_versions_once(file: Path) -> None:
    checked = call("check", "--json", "--db", file).json
    assert (checked["records"], checked["versions"], checked["decoded"]) == (4, 3, 7)


def test_a_search_counts_and_lists_their_versions_once(file: Path) -> None:
    found = call("search", "a", "--history", "--kind", "agent_execution", "--db", file, "--json")
    assert "searched 4 records, 3 versions" in found.err
    places = [(line["auditId"], line["id"], line["path"]) for line in found.lines]
    archived = [one for one in places if one[0] is not None]
    assert archived
    assert len(set(archived)) == len(archived)


def test_a_comparison_counts_each_of_them(file: Path, tmp_path: Path) -> None:
    assert "4 records compared: 0 added" in call("compare", file, file).err
    one, two, *_ = blobs("agent_execution")
    pair = [Rec("agent_execution", "a", two), Rec("agent_execution", "a", one)]
    less = layouts.create(
        tmp_path / "less.db", layouts.RESOURCES_BARE, records=pair, journal_mode="DELETE"
    )
    assert "4 records compared: 0 added, 2 removed, 0 changed" in call("compare", file, less).err


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """The same ID in three rows, and another in one, in a table without a key."""
    one, two, three, *_ = blobs("agent_execution")
    records = [Rec("agent_execution", "a", data) for data in (one, two, three)]
    return layouts.create(
        tmp_path / "bare.db",
        layouts.RESOURCES_BARE,
        records=[*records, Rec("agent_execution", "b", one)],
        journal_mode="DELETE",
    )


SAID = (
    "note: 3 rows of agent_execution have the ID 'a'; the last of them in the table is taken for"
    " the record.\n"
)


@pytest.mark.parametrize("index", ["", "CREATE INDEX i ON resources (kind, id)"])
@pytest.mark.parametrize(
    "words", [("show",), ("history",), ("export",), ("show", "--envelope"), ("export", "--history")]
)
def test_which_of_them_is_shown_is_said(words: tuple[str, ...], index: str, bare: Path) -> None:
    with closing(sqlite3.connect(bare)) as connection, connection:
        connection.execute(index)
    command, *options = words
    answer = call(command, "agent_execution", "a", *options, "--db", bare)
    assert answer.code == 0
    assert SAID in answer.err
    assert "rows" not in call(command, "agent_execution", "b", *options, "--db", bare).err


@pytest.mark.parametrize("index", ["", "CREATE INDEX i ON resources (kind, id)"])
def test_it_is_the_last_of_them_whatever_finds_it(index: str, bare: Path) -> None:
    with closing(sqlite3.connect(bare)) as connection, connection:
        connection.execute(index)
    last = call("export", "agent_execution", "--db", bare).lines[2]
    assert call("show", "agent_execution", "a", "--db", bare).json == last


def test_a_slug_that_only_they_have_names_them(bare: Path) -> None:
    slug = call("show", "agent_execution", "a", "--db", bare).json["metadata"]["slug"]
    with closing(sqlite3.connect(bare)) as connection, connection:
        connection.execute(
            "UPDATE resources SET data = (SELECT data FROM resources WHERE rowid = 3)"
            " WHERE id = 'a'"
        )
        connection.execute("DELETE FROM resources WHERE id = 'b'")
    answer = call("show", "agent_execution", slug, "--db", bare)
    assert answer.code == 0
    assert SAID in answer.err
