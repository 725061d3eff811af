"""Runs that were executions: links, Go to, names and histories go across the names of a kind."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from inspector.decode.json_writer import write
from inspector.errors import NotFoundError
from inspector.schema.ids import created_at
from inspector.schema.kind_names import normal_kind
from inspector.session.check import check_store
from inspector.session.record_links import links, named, referrers
from inspector.session.record_lookup import resolve
from inspector.session.session import Session
from inspector.session.version_outline import versions_of
from inspector.session.walking import every_record
from tests.builders import layouts
from tests.builders.demo import wire
from tests.builders.layouts import Arc, Rec
from tests.cli.calls import call, failed
from tests.places import REAL, shared

RUN = "aex_01m7y9fzwf75bytj0yyjq8931k"
CONTEXT = "ectx_01m7y9g086c1y2np9cha2x9st2"


def execution(name: str, *, kind: str = "AgentExecution") -> bytes:
    """What is the same in all releases: kind, id, and a name."""
    metadata = wire.text(1, name) + wire.text(3, RUN)
    return wire.text(1, "v1") + wire.text(2, kind) + wire.text(3, metadata)


def context() -> bytes:
    """A record that names an execution by its id, in a field that is named for executions."""
    return wire.text(2, "ExecutionContext") + wire.text(4, wire.text(1, RUN))


def made(path: Path, live: str, archived: str) -> Session:
    records = [Rec(live, RUN, execution("now")), Rec("execution_context", CONTEXT, context())]
    arcs = [Arc(archived, RUN, execution("then"), "2026-09-01 10:00:00")]
    return Session.open(layouts.v2(path / "s.db", records, arcs))


@pytest.fixture(params=[("run", "agent_execution"), ("agent_execution", "agent_run")])
def renamed(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Session, str, str]:
    live, archived = request.param
    return made(tmp_path, live, archived), live, archived


def test_a_link_to_an_execution_finds_it_under_any_name(renamed: tuple[Session, str, str]) -> None:
    session, live, _ = renamed
    (link,) = links(session, session.record("execution_context", CONTEXT))
    assert link.reference.id == RUN
    assert set(link.reference.kinds) >= {"run", "agentrun", "agentexecution"}
    assert link.target is not None
    assert (link.target.kind, link.target.id, link.target.live) == (live, RUN, True)
    found = [one for one in referrers(session, live, RUN) if one.id == CONTEXT]
    assert [(one.kind, one.path) for one in found] == [("execution_context", "spec.execution_id")]


@pytest.mark.parametrize(
    "text",
    [
        RUN, f"run/{RUN}", f"agent_execution/{RUN}", f"AgentRun/{RUN}",
        f'level=info run="{RUN}" msg=done', f"agent-run-{RUN}-attempt-1",
    ],
)  # fmt: skip
def test_go_to_finds_it_under_any_name(renamed: tuple[Session, str, str], text: str) -> None:
    session, live, _ = renamed
    assert [(one.kind, one.id, one.live) for one in named(session, text)] == [(live, RUN, True)]


@pytest.mark.parametrize("kind", ["run", "agent_run", "AgentExecution", None])
def test_a_name_leads_to_the_record_under_another(
    renamed: tuple[Session, str, str], kind: str | None
) -> None:
    session, live, _ = renamed
    assert resolve(session, kind, RUN) == (live, RUN)


def test_what_is_not_there_is_said_as_before(renamed: tuple[Session, str, str]) -> None:
    session, _, _ = renamed
    for kind in ("run", "agent_run", "grant", "skill"):
        with pytest.raises(NotFoundError):
            resolve(session, kind, "aex_nothing")


def test_a_history_goes_across_the_names(renamed: tuple[Session, str, str]) -> None:
    session, live, archived = renamed
    (version,) = versions_of(session, live, RUN)
    assert (version.kind, version.stored_kind) == (live, archived)
    assert session.record(live, RUN).kind == live
    past = session.record(live, RUN, version)
    assert (past.kind, past.id) == (live, RUN)
    assert past.tree is not None
    assert b"then" in past.tree.data
    assert [head.versions for head in session.records(live).rows] == [1]
    assert session.gone(archived).rows == ()


@pytest.mark.parametrize("archived", ["agent_execution", "agent_run", "run"])
def test_what_was_archived_before_a_renaming_is_read_as_it_was_written(
    tmp_path: Path, archived: str
) -> None:
    """The migration gave archived rows the new name, and left what stands in them."""
    phase = wire.text(5, wire.integer(2, 3))
    live = Rec("run", RUN, execution("now", kind="Run") + phase)
    arcs = [Arc(archived, RUN, execution("then") + phase, "2026-09-01 10:00:00")]
    with closing(Session.open(layouts.v2(tmp_path / "s.db", [live], arcs))) as session:
        (version,) = versions_of(session, "run", RUN)
        texts = []
        for record in (session.record("run", RUN), session.record("run", RUN, version)):
            assert record.tree is not None
            texts.append(write(record.tree.root, indent=None))
    assert '"phase":"RUN_' in texts[0]
    assert '"phase":"EXECUTION_' in texts[1]


def test_each_version_is_counted_and_checked_once(renamed: tuple[Session, str, str]) -> None:
    session, live, archived = renamed
    counts = {one.kind: (one.records, one.versions) for one in session.kinds()}
    assert counts == {live: (1, 0), archived: (0, 1), "execution_context": (1, 0)}
    checked = check_store(session)
    assert (checked.records, checked.versions) == (2, 1)
    codes = {found.problem.code for found in checked.problems}
    assert not codes & {"orphan-history", "kind-mismatch"}
    kinds = [one.kind for one in session.kinds()]
    every = list(every_record(session, kinds, history=True))
    assert sorted(one.kind for one in every) == sorted([live, live, "execution_context"])


def test_what_was_archived_of_a_gone_record_is_read_by_the_name_it_has(tmp_path: Path) -> None:
    arcs = [Arc("agent_execution", RUN, execution("then"))]
    session = Session.open(layouts.v2(tmp_path / "s.db", [Rec("run", "run_1")], arcs))
    (head,) = session.gone("agent_execution").rows
    assert (head.kind, head.name) == ("agent_execution", "then")
    assert resolve(session, "run", RUN) == ("agent_execution", RUN)


def test_the_command_line_goes_across_the_names(tmp_path: Path) -> None:
    made(tmp_path, "run", "agent_execution")
    path = tmp_path / "s.db"
    answer = call("history", "agent_execution", RUN, "--json", "--db", path)
    assert [row["auditId"] for row in answer.json] == [1]
    assert call("show", "agent_execution", RUN, "--db", path).code == 0
    assert call("show", RUN, "--version", "audit:1", "--db", path).code == 0
    # A kind is what the store calls so.
    assert call("list", "agent_run", "--db", path).code == 4
    assert call("list", "run", "--json", "--db", path).json[0]["versions"] == 1


@pytest.mark.parametrize("command", ["list", "export"])
def test_where_a_kind_is_wanted_its_other_name_is_told(tmp_path: Path, command: str) -> None:
    path = layouts.v2(tmp_path / "s.db", [Rec("run", RUN, execution("now", kind="Run"))])
    said = failed(call(command, "AgentExecution", "--db", path), 4)
    assert said == (
        "This store has no kind 'AgentExecution'. Its records go by another name here: run."
    )


def test_every_kind_a_field_is_named_for_is_found(tmp_path: Path) -> None:
    document = {
        "spec": {
            "agentRunId": "a", "run_id": "b", "workflowRunId": "c", "executionId": "d",
            "artifact_ids": ["e"], "vaultId": "f", "teamId": "g", "defaultInstanceId": "h",
            "temporalWorkflowId": "i", "runnerName": "j", "id": "k", "valid": "l",
        }
    }  # fmt: skip
    path = layouts.create(tmp_path / "s.db", layouts.RESOURCES_JSON)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "INSERT INTO resources (id, kind, data) VALUES ('agent-1', 'Agent', ?)",
            (json.dumps(document),),
        )
        connection.commit()
    session = Session.open(path)
    leading = links(session, session.record("Agent", "agent-1"))
    found = {link.reference.id: link.reference.kinds for link in leading}
    run, workflow = ("run", "agentrun", "agentexecution"), ("workflowrun", "workflowexecution")
    assert found == {
        "a": run, "b": run, "c": workflow, "d": run + workflow, "e": ("artifact",),
        "f": ("vault",), "g": ("team",), "h": ("agentinstance", "workflowinstance"),
    }  # fmt: skip


def test_ids_with_an_underscore_tell_their_time_and_are_found() -> None:
    session = Session.open(shared("cases", "releases", "underscore-ids.sqlite"))
    ids = [
        (kind.kind, head.id) for kind in session.kinds() for head in session.records(kind.kind).rows
    ]
    assert len(ids) == 8
    for kind, id_ in ids:
        made = created_at(id_, kind)
        assert made is not None and made.date() in (date(2026, 9, 30), date(2026, 10, 1))
        assert [(one.kind, one.id) for one in named(session, f"id={id_};")] == [(kind, id_)]


def test_ids_with_an_underscore_are_links() -> None:
    session = Session.open(shared("stigmer", "history", "lived", "3.41.0", "stigmer.sqlite"))
    leading = 0
    for kind in session.kinds():
        for head in session.records(kind.kind).rows:
            for reference, target in links(session, session.record(kind.kind, head.id)):
                if target is not None and "_" in (reference.id or ""):
                    assert (target.id, target.live) == (reference.id, True)
                    assert normal_kind(target.kind) in reference.kinds
                    leading += 1
    assert leading


def test_every_link_of_a_store_that_lived_leads_to_the_kind_it_names() -> None:
    session = Session.open(shared("stigmer", "history", "lived", "renamed", "stigmer.sqlite"))
    across = 0
    for kind in session.kinds():
        for head in session.records(kind.kind).rows:
            for link in links(session, session.record(kind.kind, head.id)):
                if link.target is not None:
                    named = link.reference.kinds
                    assert normal_kind(link.target.kind) in named
                    across += normal_kind(link.target.kind) != named[0]
    assert across


def test_real_stores_have_the_histories_they_had() -> None:
    session = Session.open(REAL / "v2-clean" / "stigmer.db")
    counts = {one.kind: one.versions for one in session.kinds()}
    own = {
        kind: sum(len(versions_of(session, kind, head.id)) for head in session.records(kind).rows)
        + sum(len(versions_of(session, kind, id_)) for id_ in session.gone_ids(kind))
        for kind in counts
    }
    assert own == counts
