"""Records are found by parts of their names, slugs and ids, the best first."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from inspector.errors import CancelledError
from inspector.session.goto_query import BY_KIND, EXACT, MOST, PART, PREFIX, QuickFind
from inspector.session.session import Session
from tests.builders.layouts import Arc, Rec
from tests.cli.made import v2
from tests.gui.builders import data


def _blob(name: str, slug: str = "") -> bytes:
    return data(3, data(1, name) + (data(2, slug) if slug else b""))


@pytest.fixture
def session(tmp_path: Path) -> Session:
    path = v2(
        tmp_path,
        Rec("agent", "agt-1", _blob("Customer survey", "customer-survey")),
        Rec("agent", "agt-2", _blob("Surveyor", "measures-land")),
        Rec("agent", "agt-3", _blob("surv", "something")),
        Rec("session", "ses-1", _blob("About the SURVEY of May")),
        Rec("session", "ses-2", _blob("Nothing of it")),
        Arc("agent", "agt-gone", _blob("Survey that went")),
    )
    return Session.open(path)


def found(session: Session, text: str, kind: str | None = None) -> list[tuple[int, str]]:
    return [(one.rank, one.target.id) for one in QuickFind(session, text, kind).run()]


def test_exact_names_come_before_prefixes_and_those_before_parts(session: Session) -> None:
    assert found(session, "surv") == [
        (EXACT, "agt-3"),
        (PREFIX, "agt-2"),
        (PART, "agt-1"),
        (PART, "ses-1"),
    ]


def test_a_slug_and_a_part_of_an_id_are_found(session: Session) -> None:
    assert found(session, "customer-survey") == [(EXACT, "agt-1")]
    assert found(session, "s-2") == [(PART, "ses-2")]
    assert found(session, "SES-") == [(PREFIX, "ses-1"), (PREFIX, "ses-2")]


def test_every_word_counts_and_may_name_the_kind(session: Session) -> None:
    assert found(session, "may survey") == [(PART, "ses-1")]
    assert found(session, "agent survey") == [(BY_KIND, "agt-1"), (BY_KIND, "agt-2")]
    assert found(session, "agent/surv") == [(EXACT, "agt-3"), (PREFIX, "agt-2"), (PART, "agt-1")]


def test_one_kind_alone(session: Session) -> None:
    assert found(session, "survey", "session") == [(PART, "ses-1")]


def test_a_whole_id_of_what_is_gone_is_found(session: Session) -> None:
    (match,) = QuickFind(session, "agt-gone").run()
    assert (match.target.id, match.target.live) == ("agt-gone", False)


def test_a_line_of_a_log_means_its_id_alone() -> None:
    session = Session.demo()
    head = session.records("agent", limit=1).rows[0]
    line = f'level=error msg="the agent is stuck" id={head.id} took=3ms'
    assert found(session, line) == [(EXACT, head.id)]
    assert found(session, line.replace(head.id, head.id[:-1] + "0")) == []


def test_of_very_many_the_best_are_kept(tmp_path: Path) -> None:
    many = [Rec("agent", f"agt-{n:04}", _blob(f"one of many {n}")) for n in range(MOST + 5)]
    last = Rec("agent", "agt-9999", _blob("many"))
    search = QuickFind(Session.open(v2(tmp_path, *many, last)), "many")
    matches = search.run()
    assert (matches[0].rank, matches[0].target.id) == (EXACT, "agt-9999")
    assert len(matches) == MOST + 1
    assert search.more
    assert search.looked == MOST + 6


def test_it_can_be_stopped(session: Session) -> None:
    cancel = Event()
    cancel.set()
    with pytest.raises(CancelledError):
        QuickFind(session, "surv").run(cancel)
