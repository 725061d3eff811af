"""What an event says of itself, and how events stand among what an execution did."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inspector.decode.choice import Choice
from inspector.decode.document import read_document
from inspector.history.activity import Activity, Role, event_at
from inspector.history.stored_events import StoredEvent
from inspector.session.event_pages import events_of, every_event
from inspector.session.history_queries import activity, first_events
from inspector.session.session import Session
from inspector.session.summaries import Record
from tests.builders import events, layouts
from tests.builders.demo import wire
from tests.builders.events import OfExecution, OfSession, execution_event
from tests.builders.layouts import Rec


def read(path: Path, kind: str, id_: str) -> list[StoredEvent]:
    of = events_of(kind, id_)
    assert of is not None
    return list(every_event(Session.open(path), of))


def of_execution(tmp_path: Path, *rows: OfExecution) -> Path:
    path = layouts.v2(tmp_path / "s.db", [Rec("workflow_execution", "wex-1", b"")])
    return events.add(path, events.EXECUTION_EVENTS, rows)


def of_session(tmp_path: Path, *payloads: bytes) -> Path:
    path = layouts.v2(tmp_path / "s.db", [Rec("session", "ses-1", b"")])
    rows = [OfSession("ses-1", number, data=data) for number, data in enumerate(payloads, 1)]
    return events.add(path, events.SESSION_EVENTS, rows)


def test_what_an_event_says_is_its_most_telling_text(tmp_path: Path) -> None:
    error = wire.text(1, wire.text(1, "model_error")) + wire.text(3, wire.text(2, "no\nmore"))
    payloads = (
        wire.text(16, wire.text(1, "tool-1") + wire.text(3, "execute") + wire.text(4, "2026")),
        wire.text(100, wire.text(1, "sev-1") + wire.text(4, "first line\nsecond")),
        wire.text(107, wire.text(1, "sev-1") + wire.text(5, "") + wire.text(6, "x" * 900)),
        wire.text(11, wire.text(2, "2026-10-24T19:04:45Z")),
        wire.text(13, error),
        b"",
    )
    found = read(of_session(tmp_path, *payloads), "session", "ses-1")
    assert [event.said for event in found[:4]] == ["execute", "first line", "x" * 200, ""]
    assert found[1].telling is not None
    assert found[1].telling.path == "stigmer_agent_thinking.text"
    assert found[3].telling is not None
    assert found[3].telling.path == "session_status_running"
    assert (found[5].said, found[5].telling) == ("", None)


def test_an_enum_says_more_than_an_id_and_less_than_a_text(tmp_path: Path) -> None:
    child, phase, error = wire.text(1, "aex-1"), wire.integer(2, 4), wire.text(6, "boom")
    rows = [
        OfExecution("wex-1", number, data=execution_event("wex-1", number, payload=payload))
        for number, payload in enumerate(
            (
                wire.text(32, child),
                wire.text(32, child + phase),
                wire.text(32, child + phase + error),
            ),
            1,
        )
    ]
    found = read(of_execution(tmp_path, *rows), "workflow_execution", "wex-1")
    assert found[0].said == "aex-1"
    assert found[1].said.upper().startswith("EXECUTION_")
    assert found[2].said == "boom"


def test_type_task_and_times_are_those_of_the_row(tmp_path: Path) -> None:
    occurred = wire.text(4, "2026-05-20T03:59:10Z")
    rows = [
        OfExecution("wex-1", 1, data=execution_event("wex-1", 1) + occurred),
        OfExecution("wex-1", 2, "", "", execution_event("wex-1", 2, "") + wire.text(20, b"")),
        OfExecution("wex-1", 3, data=b"\xff", created_at="soon"),
    ]
    first, second, third = read(of_execution(tmp_path, *rows), "workflow_execution", "wex-1")
    assert (first.type, first.task, first.stored_at) == ("task_started", "build", events.TIME)
    assert first.instant == 1_779_249_550 * 10**9
    assert (second.type, second.task) == ("task_started", "")
    assert second.instant == 1_779_500_466 * 10**9
    assert (third.stored_at, third.instant, third.lost) == ("soon", None, True)
    assert third.problem is not None


def shown(path: Path, kind: str, id_: str) -> tuple[Activity | None, bool]:
    session = Session.open(path)
    record = session.record(kind, id_)
    found, whole = first_events(session, record)
    return activity(record, None, found), whole


def test_events_of_a_session_are_its_activity(tmp_path: Path) -> None:
    path = of_session(tmp_path, wire.text(11, b""), wire.text(100, wire.text(4, "hm")), b"\xff")
    found, whole = shown(path, "session", "ses-1")
    assert found is not None
    assert whole
    root, *items = found.items()
    assert (root.role, found.words) == (Role.SESSION, "3 events")
    assert [(item.role, item.name, item.text, item.number) for item in items] == [
        (Role.EVENT, "session.status_running", "", 0),
        (Role.EVENT, "session.status_running", "hm", 1),
        (Role.EVENT, "session.status_running", "", 2),
    ]
    assert [event_at(item.way) for item in items] == [0, 1, 2]
    assert (event_at(root.way), event_at("status.tasks[0]")) == (None, None)
    assert items[2].notes == (items[2].event.problem if items[2].event else "",)
    assert found.begin == found.end == 1_779_500_466 * 10**9


def test_a_session_without_events_has_no_activity(tmp_path: Path) -> None:
    found, whole = shown(of_session(tmp_path), "session", "ses-1")
    assert (found, whole) == (None, True)


def test_events_of_an_execution_stand_where_their_time_is(tmp_path: Path) -> None:
    def task(name: str, start: str) -> bytes:
        return wire.text(2, wire.text(2, name) + wire.text(7, start))

    status = b"".join(
        task(name, f"2026-05-20T0{hour}:00:00Z") for name, hour in (("one", 1), ("two", 3))
    )
    path = layouts.v2(tmp_path / "s.db", [Rec("workflow_execution", "wex-1", wire.text(5, status))])
    rows = [
        OfExecution(
            "wex-1", n, data=execution_event("wex-1", n), created_at=f"2026-05-20 0{hour}:30:00"
        )
        for n, hour in ((1, 0), (2, 2))
    ]
    events.add(path, events.EXECUTION_EVENTS, rows)
    found, _ = shown(path, "workflow_execution", "wex-1")
    assert found is not None
    roles = [item.role for item in found.root.children]
    assert roles == [Role.EVENT, Role.TASK, Role.EVENT, Role.TASK]
    assert found.words == "2 tasks, 2 events"


def test_of_very_many_events_the_first_stand_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inspector.session.history_queries.MOST_EVENTS", 3)
    found, whole = shown(of_session(tmp_path, *[wire.text(11, b"")] * 4), "session", "ses-1")
    assert found is not None
    assert (len(found.root.children), whole) == (3, False)


def test_an_event_between_answers_of_one_second_leaves_them_one_row(tmp_path: Path) -> None:
    second = events.TIME.removesuffix(".000Z")
    messages = [
        {"type": "MESSAGE_TOOL", "content": "done", "timestamp": f"{second}{fraction}Z"}
        for fraction in ("", ".5", ".9")
    ]
    tree = read_document(json.dumps({"status": {"messages": messages}}).encode())
    record = Record("run", "run-1", 0, None, None, Choice(), tree, json_store=True)
    stored = read(of_session(tmp_path, wire.text(11, b"")), "session", "ses-1")
    found = activity(record, None, stored)
    assert found is not None
    roles = [item.role for item in found.root.children]
    assert sorted(roles) == [Role.EVENT, Role.TOOL_ANSWERS]
