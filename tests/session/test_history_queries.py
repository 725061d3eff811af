"""What the window asks of a history, on a real store and one made for it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from inspector.decode.paths import NodePlace, walk
from inspector.errors import CancelledError, NotFoundError, UnwritableError
from inspector.history.record import Record
from inspector.history.versions import Version
from inspector.session import history_queries
from inspector.session.session import Session
from inspector.session.version_outline import versions_of
from tests.builders.demo import wire
from tests.places import REAL

ID = "skl-01m7y9fcz1p3v35da0551j8827"


class Flag:
    """Set after being asked so many times."""

    def __init__(self, after: int = 0) -> None:
        self.left = after

    def is_set(self) -> bool:
        self.left -= 1
        return self.left < 0


class Counted(Session):
    """Counts the records that are read."""

    reads = 0

    def record(self, *args: object, **options: object) -> Record:
        self.reads += 1
        return super().record(*args, **options)  # type: ignore[arg-type]


@pytest.fixture
def session() -> Counted:
    found = Counted.open(REAL / "v2-clean" / "stigmer.db")
    assert isinstance(found, Counted)
    return found


def leaf(record: Record, path: str) -> NodePlace:
    assert record.tree is not None
    (place,) = [one for one in walk(record.tree.root) if one.path == path]
    return place


def test_only_the_rows_in_view_and_the_one_below_are_read(session: Counted) -> None:
    versions = versions_of(session, "skill", ID)
    session.reads = 0
    rows = history_queries.timeline_rows(session, versions, range(3, 8))
    assert session.reads == 6
    assert sorted(rows) == [3, 4, 5, 6, 7]
    every = history_queries.timeline_rows(session, versions, range(len(versions)))
    assert {at: every[at] for at in rows} == rows
    assert [row.grown for row in every.values() if row.grown is None] == [None]
    assert every[0].grown == versions[0].size - versions[1].size
    live = history_queries.live_row(session, session.record("skill", ID), versions)
    assert live.summary is not None
    assert (live.summary.text, live.grown) == ("no field changed", 0)


def test_the_line_of_the_picture(session: Counted) -> None:
    versions = versions_of(session, "skill", ID)
    row = history_queries.timeline_rows(session, versions, range(2))[1]
    assert row.summary is not None
    assert row.summary.text == "spec.tag v1 → stable; spec.skill_md +8 \N{MINUS SIGN}8 lines"
    assert row.summary.bookkeeping == 6
    assert row.grown == -129


def test_any_two_versions_or_records_compare(session: Counted) -> None:
    versions = versions_of(session, "skill", ID)
    found = history_queries.compare(session, "skill", ID, versions[2], versions[1])
    assert "spec.tag" in {entry.path for entry in found.difference.entries}
    back = history_queries.compare(session, "skill", ID, versions[1], versions[2])
    assert len(back.difference.entries) == len(found.difference.entries)
    assert history_queries.compare(session, "skill", ID, versions[0], None).difference.entries == []
    other = next(one.id for one in session.records("skill").rows if one.id != ID)
    two = history_queries.compare(session, "skill", ID, None, None, other=other)
    assert "metadata.name" in {entry.path for entry in two.difference.entries}
    with pytest.raises(NotFoundError):
        history_queries.compare(session, "skill", ID, None, None, other="nothing")


def test_blame_is_that_of_the_picture(session: Counted) -> None:
    versions = versions_of(session, "skill", ID)
    record = session.record("skill", ID, versions[1])
    told: list[tuple[int, int]] = []
    found = history_queries.blame(
        session, record, progress=lambda done, of: told.append((done, of))
    )
    assert found is not None
    tag = found.since(leaf(record, "spec.tag"))
    assert tag == (versions[1], 0, False, False)
    name = found.since(leaf(record, "metadata.name"))
    assert name is not None
    assert name.first
    event = found.since(leaf(record, "status.audit.spec_audit.event"))
    assert event is not None
    assert event.version is not None
    assert event.version.version_hash is not None
    assert (event.version.version_hash[:8], event.version.tag, event.ago) == ("a9c1d84d", "v1", 21)
    assert found.since(leaf(record, "status")) is None
    assert told[-1] == (22, 22)


def test_blame_of_the_live_state_goes_on_to_the_version_that_is_equal(session: Counted) -> None:
    record = session.record("skill", ID)
    versions = versions_of(session, "skill", ID)
    found = history_queries.blame(session, record)
    assert found is not None
    assert found.since(leaf(record, "spec.tag")) == (versions[0], 1, False, False)


def test_a_field_through_all_versions(session: Counted) -> None:
    record = session.record("skill", ID)
    states = list(history_queries.field_history(session, record, leaf(record, "spec.tag")))
    values = [one.place.node.value if one.place else "unset" for one in states]
    assert values[0] == values[1] == "canary"
    versions = versions_of(session, "skill", ID)
    assert [one.version for one in states] == [None, *versions]
    assert values[1:] == [version.tag or "unset" for version in versions]
    changed = [one != other for one, other in zip(values[1:], values, strict=False)]
    assert [one.changed for one in states[1:]] == changed
    assert not any(one.covered or one.problem for one in states)


def test_an_artifact_is_found_beside_the_store(
    session: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STORAGE_PATH", raising=False)
    found = history_queries.artifact(session, session.record("skill", ID))
    assert found is not None
    assert found.matches
    agent = session.records("agent", limit=1).rows[0].id
    assert history_queries.artifact(session, session.record("agent", agent)) is None


def test_activity_of_an_execution(session: Counted) -> None:
    id_ = next(
        h.id for h in session.records("agent_execution").rows if h.name == "exec rotate deploy 2"
    )
    found = history_queries.activity(session.record("agent_execution", id_))
    assert found is not None
    assert found.words == "19 messages, 11 tool calls, 3 failed, 2 sub-agents, 2 tasks"


@pytest.mark.parametrize("after", [0, 3])
def test_a_set_flag_ends_every_call(session: Counted, after: int) -> None:
    versions: list[Version] = versions_of(session, "skill", ID)
    record = session.record("skill", ID)
    calls: list[Callable[[Flag], object]] = [
        lambda flag: history_queries.timeline_rows(session, versions, range(24), flag),
        lambda flag: history_queries.blame(session, record, flag),
        lambda flag: list(
            history_queries.field_history(session, record, leaf(record, "spec.tag"), flag)
        ),
    ]
    if after == 0:
        calls += [
            lambda flag: history_queries.live_row(session, record, versions, flag),
            lambda flag: history_queries.compare(
                session, "skill", ID, None, versions[3], cancel=flag
            ),
            lambda flag: history_queries.artifact(session, record, flag),
            lambda flag: history_queries.activity(record, flag),
        ]
    for call in calls:
        with pytest.raises(CancelledError):
            call(Flag(after))


@pytest.fixture
def odd(tmp_path: Path) -> Session:
    """A store with a skill whose middle version does not decode."""
    path = tmp_path / "stigmer.db"
    with sqlite3.connect(path) as made:
        made.execute(
            "CREATE TABLE resources (kind TEXT, id TEXT, data BLOB, updated_at TEXT,"
            " PRIMARY KEY (kind, id))"
        )
        made.execute(
            "CREATE TABLE resource_audit (id INTEGER PRIMARY KEY, kind TEXT, resource_id TEXT,"
            " data BLOB, archived_at TEXT, version_hash TEXT, tag TEXT)"
        )
        made.execute("CREATE TABLE schema_version (version INTEGER, applied_at TEXT)")
        made.execute("INSERT INTO schema_version VALUES (2, '')")
        blobs = [_skill("a", "one"), b"\xff\xff", _skill("b", "one"), _skill("b", "two")]
        for number, data in enumerate(blobs):
            made.execute(
                "INSERT INTO resource_audit VALUES (?, 'skill', 's', ?, ?, ?, ?)",
                (number + 1, data, f"2026-01-2{number} 00:00:00", f"{number}" * 64, "t"),
            )
        made.execute("INSERT INTO resources VALUES ('skill', 's', ?, '')", (blobs[-1],))
    made.close()
    return Session.open(path)


def _skill(tag: str, md: str) -> bytes:
    return wire.text(4, wire.text(1, md) + wire.text(2, tag))


def test_versions_that_do_not_decode_stand_in_the_line(odd: Session) -> None:
    versions = versions_of(odd, "skill", "s")
    rows = history_queries.timeline_rows(odd, versions, range(4))
    assert rows[0].summary is not None
    assert rows[0].summary.text == "spec.skill_md one → two"
    assert rows[1].problem == "The version before it does not decode."
    assert "not valid protobuf" in rows[2].problem
    assert rows[3] == (None, None, "")
    with pytest.raises(UnwritableError, match="not valid protobuf"):
        history_queries.compare(odd, "skill", "s", versions[2], None)
    record = odd.record("skill", "s")
    found = history_queries.blame(odd, record)
    assert found is not None
    assert found.since(leaf(record, "spec.tag")) == (versions[1], 2, False, True)
    assert found.since(leaf(record, "spec.skill_md")) == (versions[0], 1, False, False)
    states = list(history_queries.field_history(odd, record, leaf(record, "spec.tag")))
    assert [bool(one.problem) for one in states] == [False, False, False, True, False]
    assert history_queries.blame(odd, odd.record("skill", "s", versions[2])) is None
