"""A record is found by a name it had, after ids and the slugs of now, and that is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.errors import NotFoundError, UsageError
from inspector.session.record_links import named
from inspector.session.record_lookup import resolve
from inspector.session.session import Session
from tests.builders import events
from tests.builders.demo import wire
from tests.builders.events import OfName
from tests.builders.layouts import Arc, Rec, v2


def record(id_: str, slug: str) -> bytes:
    """A message with an id and a slug, read the same by every release."""
    return wire.text(3, wire.text(1, slug) + wire.text(2, slug) + wire.text(3, id_))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = v2(
        tmp_path / "s.db",
        [
            Rec("agent", "agt-1", record("agt-1", "sorter")),
            Rec("agent", "agt-2", record("agt-2", "tidy")),
            Rec("skill", "skl-1", record("skl-1", "sweep")),
        ],
        [Arc("skill", "skl-2", record("skl-2", "scrub"))],
    )
    rows = [
        OfName("agent", "acme", "triage", "agt-1"),
        OfName("agent", "acme", "tidy", "agt-1"),
        OfName("agent", "acme", "agt-2", "agt-1"),
        OfName("agent", "acme", "away", "agt-9"),
        OfName("skill", "acme", "scour", "skl-2"),
        OfName("agent", "acme", "twice", "agt-1"),
        OfName("agent", "other", "twice", "agt-2"),
        OfName("skill", "acme", "triage", "skl-1"),
    ]
    return events.add(made, events.NAMES, rows)


def test_a_former_name_leads_to_the_record_and_is_said(path: Path) -> None:
    session = Session.open(path)
    assert resolve(session, "agent", "triage") == ("agent", "agt-1")
    assert resolve(session, "Agent", "triage") == ("agent", "agt-1")
    assert session.notes == ("'triage' is a former name of the agent 'agt-1'.",)


def test_an_id_and_a_slug_of_now_come_before_it(path: Path) -> None:
    session = Session.open(path)
    assert resolve(session, "agent", "agt-2") == ("agent", "agt-2")
    assert resolve(session, "agent", "tidy") == ("agent", "agt-2")
    assert session.notes == ()


def test_what_is_gone_is_found_by_it_too(path: Path) -> None:
    session = Session.open(path)
    assert resolve(session, None, "scour") == ("skill", "skl-2")
    (target,) = named(session, "scour")
    assert (target.id, target.live, target.former) == ("skl-2", False, True)


def test_a_name_of_a_record_that_is_not_there_leads_nowhere(path: Path) -> None:
    session = Session.open(path)
    with pytest.raises(NotFoundError, match="has the ID or slug 'away'"):
        resolve(session, "agent", "away")
    assert named(session, "away") == []


def test_several_with_one_former_name_are_named(path: Path) -> None:
    session = Session.open(path)
    with pytest.raises(UsageError, match="several records: agent/agt-1, agent/agt-2"):
        resolve(session, "agent", "twice")
    with pytest.raises(UsageError, match="several records: agent/agt-1, skill/skl-1"):
        resolve(session, None, "triage")
    found = [(one.kind, one.id, one.former) for one in named(session, "twice")]
    assert found == [("agent", "agt-1", True), ("agent", "agt-2", True)]


def test_go_to_says_that_it_is_a_former_name(path: Path) -> None:
    session = Session.open(path)
    (now,) = named(session, "tidy")
    assert (now.id, now.former) == ("agt-2", False)
    (by_id,) = named(session, "agt-2")
    assert (by_id.id, by_id.former) == ("agt-2", False)
