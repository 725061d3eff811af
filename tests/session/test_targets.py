from __future__ import annotations

import pytest

from inspector.session.session import Session
from inspector.session.targets import Target, links, named, referrers
from tests.places import REAL


@pytest.fixture
def session() -> Session:
    return Session.open(REAL / "v2-clean" / "stigmer.db")


def _first(session: Session, kind: str) -> str:
    return session.records(kind, limit=1).rows[0].id


def test_a_link_leads_to_the_record_that_is_named(session: Session) -> None:
    leading = 0
    for head in session.records("agent_execution").rows:
        record = session.record("agent_execution", head.id)
        found = {link.reference.place.path: link.target for link in links(session, record)}
        target = found["spec.session_id"]
        if target is not None:
            assert session.record(target.kind, target.id).tree is not None
            assert (target.kind, target.live) == ("session", True)
            leading += 1
    assert leading


def test_a_link_by_slug_leads_to_the_record_with_that_slug(session: Session) -> None:
    leading = 0
    for head in session.records("agent").rows:
        record = session.record("agent", head.id)
        for link in links(session, record):
            if link.reference.slug and link.target:
                leading += 1
                (line,) = [h for h in session.records("skill").rows if h.id == link.target.id]
                assert line.slug == link.reference.slug
    assert leading


def test_january_calls_environments_workflow_executions(session: Session) -> None:
    seen = 0
    for head in session.records("agent_instance").rows:
        record = session.record("agent_instance", head.id)
        for link in links(session, record):
            if link.reference.place.path.startswith("spec.environment_refs"):
                seen += 1
                assert link.reference.kinds == ("environment",)
                assert link.target is None or link.target.kind == "environment"
    assert seen


def test_a_dangling_reference_leads_nowhere() -> None:
    session = Session.demo()
    dangling = [
        link
        for kind in session.kinds()
        for head in session.records(kind.kind).rows
        for link in links(session, session.record(kind.kind, head.id))
        if link.target is None
    ]
    assert dangling


@pytest.mark.parametrize("form", ["{id}", "agent/{id}", "Agent/{id}", " '{id}' ", "{upper}"])
def test_a_pasted_id_is_found(session: Session, form: str) -> None:
    id_ = _first(session, "agent")
    log = f'level=error msg="boom" id={id_} took=3ms'
    text = log.upper() if form == "{upper}" else form.format(id=id_)
    assert [(t.kind, t.id, t.live) for t in named(session, text)] == [("agent", id_, True)]
    assert [(t.kind, t.id) for t in named(session, log)] == [("agent", id_)]


def test_a_slug_is_found_and_nonsense_is_not(session: Session) -> None:
    head = session.records("skill").rows[0]
    assert head.slug is not None
    assert Target("skill", head.id, head.name, True) in named(session, head.slug)
    assert named(session, "no-such-thing") == []
    assert named(session, "   ") == []


def test_a_record_that_is_gone_is_found_as_such() -> None:
    session = Session.demo()
    gone = [(kind.kind, one) for kind in session.kinds() for one in session.gone_ids(kind.kind)]
    assert gone
    for kind, id_ in gone:
        assert Target(kind, id_, None, False) in named(session, id_)


def test_referrers_are_the_inverse_of_links(session: Session) -> None:
    forward = set()
    for kind in session.kinds():
        for head in session.records(kind.kind).rows:
            for link in links(session, session.record(kind.kind, head.id)):
                if link.target is not None:
                    to = (link.target.kind, link.target.id)
                    forward.add((*to, kind.kind, head.id, link.reference.place.path))
    backward = {
        (kind, id_, one.kind, one.id, one.path)
        for kind, id_ in {(entry[0], entry[1]) for entry in forward}
        for one in referrers(session, kind, id_)
    }
    assert forward
    assert forward <= backward
