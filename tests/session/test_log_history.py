"""Versions out of the log in a session: differences, blame and fields through them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from inspector.errors import NotFoundError
from inspector.session.history_queries import blame, compare, field_history, timeline_rows
from inspector.session.log_history import (
    LogRecords,
    archived_contents,
    logged_history,
    merged_history,
    version_at,
)
from inspector.session.session import Session
from inspector.session.version_changes import summaries
from inspector.session.version_outline import versions_of
from tests.builders.layouts import Arc, Rec
from tests.builders.wal import copy_store
from tests.cli.made import blobs, v2
from tests.session.test_history_queries import leaf

SAVE = "INSERT OR REPLACE INTO resources VALUES ('skill', 's', ?, '2026-01-26 10:00:00')"


@pytest.fixture
def daemon(tmp_path: Path) -> Path:
    """A store with a skill that was saved in the commits 1, 3 and 4 of its log."""
    (tmp_path / "daemon").mkdir()
    one, two, three = blobs("skill", "resource_audit")[:3]
    store = v2(tmp_path / "daemon", Rec("skill", "s", one), Arc("skill", "s", one))
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_autocheckpoint=0")
        connection.execute(SAVE, (two,))
        connection.execute("INSERT INTO resources VALUES ('agent', 'a', x'0a', '')")
        connection.execute(SAVE, (three,))
        connection.execute(SAVE, (two,))
        copy_store(store, tmp_path / "stigmer.db")
    return tmp_path / "stigmer.db"


def test_versions_of_the_log_are_told_apart_from_the_archive(daemon: Path) -> None:
    session = Session.open(daemon)
    found = logged_history(session, "skill", "s").versions
    assert [one.name for one in found] == ["wal:4", "wal:3", "wal:1", "wal:0"]
    assert [one.live for one in found] == [True, False, False, False]
    words = [one.logged.words for one in found if one.logged]
    assert words[1] == "from the write-ahead log, commit 3 of 4"
    assert "before the first commit" in words[3]
    assert [one.name for one in versions_of(session, "skill", "s")] == ["audit:1"]


def test_a_state_with_the_hash_of_an_archived_one_and_other_content_is_listed(
    tmp_path: Path,
) -> None:
    (tmp_path / "daemon").mkdir()
    one, two = blobs("skill", "resource_audit")[:2]
    store = v2(tmp_path / "daemon", Rec("skill", "s", one), Arc("skill", "s", one))
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_autocheckpoint=0")
        # A field that the hash is not of, and another value of it.
        connection.execute(SAVE, (one + bytes.fromhex("807d01"),))
        connection.execute(SAVE, (one + bytes.fromhex("807d02"),))
        connection.execute(SAVE, (two,))
        copy_store(store, tmp_path / "stigmer.db")
    session = Session.open(tmp_path / "stigmer.db")
    found = logged_history(session, "skill", "s")
    assert [one.name for one in found.versions] == ["wal:3", "wal:2", "wal:1", "wal:0"]
    assert len({one.version_hash for one in found.versions[1:]}) == 1
    archived = versions_of(session, "skill", "s")
    contents = archived_contents(session, archived, found.versions)
    merged = merged_history(archived, found, contents)
    assert sorted(one.name for one in merged) == ["audit:1", "wal:1", "wal:2"]


def test_differences_and_blame_go_through_them(daemon: Path) -> None:
    session = Session.open(daemon)
    found = logged_history(session, "skill", "s").versions
    rows = timeline_rows(session, found, range(4))
    assert all(rows[n].summary is not None for n in range(3)) and rows[3].summary is None
    assert [bool(one) for one in summaries(session, found)] == [True, True, True, False]
    both = compare(session, "skill", "s", found[0], found[2])
    assert not both.difference.entries
    both = compare(session, "skill", "s", found[1], None)
    assert both.difference.entries

    record = session.record("skill", "s", found[0])
    blamed = blame(session, record)
    assert blamed is not None
    assert [one and one.name for one in blamed.versions[:2]] == ["wal:4", "wal:3"]
    since = blamed.since(leaf(record, "status.version_hash"))
    assert since is not None and since.version is not None and since.version.name == "wal:4"


def test_a_field_through_the_log(daemon: Path) -> None:
    session = Session.open(daemon)
    found = logged_history(session, "skill", "s").versions
    record = session.record("skill", "s", found[1])
    states = list(field_history(session, record, leaf(record, "status.version_hash")))
    values = [one.place.node.value if one.place else None for one in states]
    assert values == [one.version_hash for one in found[1:]]
    assert [one.version and one.version.name for one in states] == ["wal:3", "wal:1", "wal:0"]
    # For what is live those that are to be gone through are named: else it is the archive.
    live = session.record("skill", "s")
    whole = list(field_history(session, live, leaf(live, "status.version_hash"), versions=found))
    assert len(whole) == 5
    blamed = blame(session, live, versions=found)
    assert blamed is not None and blamed.has_versions


def test_any_commit_can_be_asked_for(daemon: Path) -> None:
    session = Session.open(daemon)
    assert session.row("skill", "s", version_at(session, "skill", "s", 2)).data == (
        session.row("skill", "s", version_at(session, "skill", "s", 1)).data
    )
    with pytest.raises(NotFoundError, match="as of commit 1"):
        version_at(session, "agent", "a", 1)
    assert session.at(2).record("agent", "a").size == 1
    assert session.at(2).notes == ("This is the store as of commit 2 of 4.",)


def test_a_log_that_began_anew_has_other_commits(daemon: Path) -> None:
    session = Session.open(daemon)
    version = version_at(session, "skill", "s", 1)
    with closing(sqlite3.connect(daemon, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        connection.execute(SAVE, (b"\x0a\x01x",))
        with pytest.raises(NotFoundError, match="restarted; its commit 1 is gone"):
            session.record("skill", "s", version)


def test_a_log_that_begins_anew_while_all_is_read_is_said(daemon: Path) -> None:
    """What was told of the older one is not taken for what the newer one holds."""
    session = Session.open(daemon)
    log = LogRecords(session)
    assert log.kinds() == ["agent", "skill"]
    first = log.of("skill", "s")
    assert next(first).version is not None
    with closing(sqlite3.connect(daemon, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        connection.execute(SAVE, (b"\x0a\x01x",))
        assert not log.begun_anew
        assert list(first) == []
        assert log.begun_anew
        log.begun_anew = False
        assert list(log.of("agent", "a")) == []
        assert log.begun_anew
