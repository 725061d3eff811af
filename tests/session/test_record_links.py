from __future__ import annotations

from pathlib import Path

import pytest
from google.protobuf.json_format import ParseDict

from inspector.session.record_links import LinkTarget, links, named, referrers
from inspector.session.session import Session
from tests.builders import layouts
from tests.builders.layouts import Rec
from tests.places import REAL
from tests.releases import message_class


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
    assert LinkTarget("skill", head.id, head.name, True) in named(session, head.slug)
    assert named(session, "no-such-thing") == []
    assert named(session, "   ") == []


def test_a_record_that_is_gone_is_found_as_such() -> None:
    session = Session.demo()
    gone = [(kind.kind, one) for kind in session.kinds() for one in session.gone_ids(kind.kind)]
    assert gone
    for kind, id_ in gone:
        assert LinkTarget(kind, id_, None, False) in named(session, id_)


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


def _blob(name: str, slug: str, org: str, *skills: tuple[str, str]) -> bytes:
    """An agent that names skills by slug and organisation, or a skill where it names none."""
    lower = name.lower()
    message = message_class("2026-01-26", f"ai.stigmer.agentic.{lower}.v1.{name}")()
    references = [{"kind": "skill", "slug": one, "org": of} for one, of in skills]
    spec = {"skillRefs": references} if references else {}
    value = {"metadata": {"name": slug, "slug": slug, "org": org}, "spec": spec}
    return ParseDict(value, message).SerializeToString()


def _store(folder: Path, *skills: tuple[str, str, str]) -> Session:
    """Skills of (id, slug, organisation), and an agent that names ``a`` of each and of none."""
    records = [Rec("skill", id_, _blob("Skill", slug, org)) for id_, slug, org in skills]
    named_skills = [("a", "acme"), ("a", "initech"), ("a", "")]
    agent = Rec("agent", "agt-1", _blob("Agent", "one", "acme", *named_skills))
    return Session.open(layouts.v2(folder / "stigmer.db", [*records, agent]))


@pytest.mark.parametrize(
    ("skills", "leading"),
    [
        ([("s1", "a", "acme"), ("s2", "a", "initech")], ["s1", "s2", None]),
        ([("s2", "a", "initech"), ("s1", "a", "acme")], ["s1", "s2", None]),
        ([("s1", "a", "acme")], ["s1", None, "s1"]),
        ([("s1", "a", "")], ["s1", "s1", "s1"]),
        ([("s1", "a", ""), ("s2", "a", "acme")], ["s2", "s1", "s1"]),
        ([("s1", "a", "acme"), ("s2", "a", "acme")], [None, None, None]),
        ([("s1", "a", "x"), ("s2", "a", "y"), ("s3", "a", "z")], [None, None, None]),
        ([("s1", "b", "acme"), ("s2", "ab", "acme")], [None, None, None]),
    ],
)
def test_a_slug_leads_to_the_one_record_of_its_organisation(
    tmp_path: Path, skills: list[tuple[str, str, str]], leading: list[str | None]
) -> None:
    """Never to one of another organisation, and to none where several may be meant."""
    session = _store(tmp_path, *skills)
    found = [one.target for one in links(session, session.record("agent", "agt-1"))]
    assert [target.id if target is not None else None for target in found] == leading
    backward = {(id_, one.path) for id_, _, _ in skills for one in referrers(session, "skill", id_)}
    paths = [f"spec.skill_refs[{at}]" for at in range(3)]
    assert {(to, path) for to, path in zip(leading, paths, strict=True) if to} == backward


def test_a_pasted_slug_finds_every_record_that_has_it(tmp_path: Path) -> None:
    session = _store(tmp_path, ("s1", "a", "acme"), ("s2", "a", "acme"), ("s3", "a", "other"))
    assert [target.id for target in named(session, "a")] == ["s1", "s2", "s3"]


def test_links_need_the_names_of_kinds_and_no_words_for_them(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert session.kind_names() == [one.kind for one in session.kinds()]
    record = session.record("agent_execution", _first(session, "agent_execution"))
    expected = [link.target for link in links(session, record)]

    def described(*_: object) -> None:
        raise AssertionError("asked for words")

    monkeypatch.setattr("inspector.session.session.described", described)
    assert [link.target for link in links(session, record)] == expected
    assert named(session, record.id)
