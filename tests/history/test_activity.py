"""Times inside executions, against what the daemon answered and on records made for it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inspector.decode.decoder import decode
from inspector.decode.document import read_document
from inspector.decode.paths import walk
from inspector.history.activity import (
    Activity,
    ActivityItem,
    Role,
    Shape,
    activity,
    has_activity,
    reason,
)
from inspector.history.record import Record
from inspector.session.session import Session
from inspector.times import instant
from tests.choices import chosen
from tests.places import REAL
from tests.releases import kind_info, message_class

GENERATION = "2026-01-26"


def made(kind: str, value: Any, generation: str = GENERATION) -> Activity:
    """The activity of a record given as JSON."""
    from google.protobuf.json_format import ParseDict

    info = kind_info(generation, kind)
    assert info is not None
    assert info.message is not None
    message = ParseDict(value, message_class(generation, info.message.full_name)())
    tree = decode(message.SerializeToString(), info.message)
    record = Record(kind, "id", 0, None, None, chosen(generation, ""), tree)
    found = activity(record)
    assert found is not None
    return found


def rows(found: Activity) -> list[tuple[str, str]]:
    return [(item.role.value, item.name or item.text) for item in found.items()]


def call(id_: str, start: str = "", end: str = "", state: str = "COMPLETED") -> dict[str, Any]:
    times = {"startedAt": start, "completedAt": end}
    return {"id": id_, "name": id_, "status": f"TOOL_CALL_{state}", **times}


def message(role: str, text: str, when: str, *calls: dict[str, Any]) -> dict[str, Any]:
    return {"type": f"MESSAGE_{role}", "content": text, "timestamp": when, "toolCalls": calls}


def at(second: int) -> str:
    return f"2026-01-22T10:00:{second:02d}Z"


def execution(**status: Any) -> Activity:
    return made("agent_execution", {"metadata": {"name": "e"}, "status": status})


def test_items_come_in_the_order_of_time_calls_below_their_message() -> None:
    found = execution(
        phase="EXECUTION_COMPLETED",
        startedAt=at(0),
        completedAt=at(30),
        messages=[
            message("HUMAN", "hi\nthere", at(1)),
            message("AI", "yes", at(9), call("c", at(5))),
        ],
        toolCalls=[call("c", at(5)), call("d", at(4), at(6))],
        subAgentExecutions=[{"name": "s", "startedAt": at(3), "completedAt": at(8)}],
        todos={"t": {"content": "todo", "createdAt": at(2), "updatedAt": at(20)}},
    )
    assert rows(found) == [
        ("Execution", "e"),
        ("Human", "hi\nthere"),
        ("Task", "todo"),
        ("Sub-agent", "s"),
        ("Tool call", "d"),
        ("AI", "yes"),
        ("Tool call", "c"),
    ]
    assert found.words == "2 messages, 2 tool calls, 1 sub-agent, 1 task"
    assert (found.begin, found.end) == (instant(at(0)), instant(at(30)))
    shapes = {item.role: item.shape for item in found.items()}
    assert shapes[Role.EXECUTION] == shapes[Role.TASK] == Shape.FRAME
    assert shapes[Role.SUB_AGENT] == shapes[Role.TOOL_CALL] == Shape.BAR
    assert shapes[Role.HUMAN] == Shape.POINT
    paths = {item.name or item.text: item.place.path for item in found.items()}
    assert paths["c"] == "status.messages[1].tool_calls[0]"
    assert paths["d"] == "status.tool_calls[1]"
    assert paths["todo"] == 'status.todos["t"]'


def test_a_call_that_is_told_otherwise_elsewhere_is_shown_twice() -> None:
    inner, outer = call("c", at(5), at(6)), call("c", at(5), at(6), "FAILED")
    found = execution(messages=[message("AI", "yes", at(4), inner)], toolCalls=[inner, outer])
    states = [item.state for item in found.items() if item.role == Role.TOOL_CALL]
    assert states == ["TOOL_CALL_COMPLETED", "TOOL_CALL_FAILED"]
    assert found.words == "1 message, 2 tool calls, 1 failed"


def test_answers_within_a_second_fold() -> None:
    answers = [message("TOOL", text, at(second)) for text, second in (("a", 1), ("b", 1), ("c", 2))]
    found = execution(messages=answers)
    assert rows(found)[1:] == [
        ("Tool results", "2 tool results"),
        ("Tool result", "a"),
        ("Tool result", "b"),
        ("Tool result", "c"),
    ]
    assert found.words == "3 messages"


@pytest.mark.parametrize(
    ("phase", "state", "end", "expected"),
    [
        ("EXECUTION_COMPLETED", "RUNNING", "", True),
        ("EXECUTION_IN_PROGRESS", "RUNNING", "", False),
        ("EXECUTION_IN_PROGRESS", "COMPLETED", "", True),
        ("EXECUTION_COMPLETED", "COMPLETED", at(9), False),
    ],
)
def test_what_should_have_an_end_and_has_none_is_marked(
    phase: str, state: str, end: str, expected: bool
) -> None:
    found = execution(phase=phase, toolCalls=[call("c", at(5), end, state)])
    (item,) = found.root.children
    assert item.no_end == expected
    assert (item.length is None) == (not end)


@pytest.mark.parametrize(
    ("phase", "state", "expected"),
    [
        ("EXECUTION_COMPLETED", "TODO_PENDING", True),
        ("EXECUTION_FAILED", "TODO_IN_PROGRESS", True),
        ("EXECUTION_COMPLETED", "TODO_COMPLETED", False),
        ("EXECUTION_COMPLETED", "TODO_CANCELLED", False),
        ("EXECUTION_COMPLETED", "TODO_STATUS_UNSPECIFIED", False),
        ("EXECUTION_IN_PROGRESS", "TODO_IN_PROGRESS", False),
    ],
)
def test_a_task_that_an_ended_execution_left_unfinished_has_no_end(
    phase: str, state: str, expected: bool
) -> None:
    """What is stored of it is its last change."""
    todo = {"content": "x", "status": state, "createdAt": at(2), "updatedAt": at(20)}
    (item,) = execution(phase=phase, todos={"t": todo}).root.children
    assert (item.no_end, item.length is None) == (expected, expected)
    assert item.end == instant(at(20))


def test_a_workflow_task_that_is_over_and_has_no_end_is_marked() -> None:
    tasks = [
        {"taskName": "a", "status": "WORKFLOW_TASK_COMPLETED", "startedAt": at(1)},
        {"taskName": "b", "status": "WORKFLOW_TASK_COMPLETED", "startedAt": at(2)},
    ]
    tasks[1]["completedAt"] = at(2)
    status = {"phase": "EXECUTION_COMPLETED", "tasks": tasks}
    found = made("workflow_execution", {"status": status})
    assert [(item.no_end, item.length) for item in found.root.children] == [
        (True, None),
        (False, 0),
    ]
    assert [item.notes for item in found.root.children] == [(), ()]


def test_an_execution_tells_the_whole_reason_of_its_failure() -> None:
    error = "LLM said no:\n" + "quota " * 100
    found = execution(phase="EXECUTION_FAILED", error=error, messages=[message("AI", "a", at(1))])
    assert found.root.text == error[:200]
    place = reason(found.root)
    assert place is not None
    assert (place.path, place.node.value) == ("status.error", error)
    assert reason(execution(phase="EXECUTION_COMPLETED").root) is None


def test_names_are_one_line() -> None:
    found = execution(toolCalls=[{**call("c", at(1)), "name": "a\nb"}])
    assert [item.name for item in found.root.children] == ["a"]


def test_times_that_are_none_are_said_and_not_guessed() -> None:
    found = execution(
        startedAt=at(9),
        completedAt=at(3),
        toolCalls=[call("c", "yesterday", "2026-13-01T00:00:00Z")],
    )
    (item,) = found.root.children
    assert (item.start, item.end, item.length) == (None, None, None)
    assert item.notes == (
        "started_at is not a time: 'yesterday'.",
        "completed_at is not a time: '2026-13-01T00:00:00Z'.",
    )
    assert found.root.notes == ("It ends before it starts.",)
    assert execution().begin is None


def test_what_has_no_time_stays_behind_what_it_is_stored_after() -> None:
    texts = (("a", at(1)), ("b", ""), ("c", at(3)))
    found = execution(
        messages=[message("AI", text, when) for text, when in texts],
        subAgentExecutions=[{"name": "s", "startedAt": at(2)}],
    )
    assert [name for _, name in rows(found)[1:]] == ["a", "b", "s", "c"]


def test_a_covered_text_stays_covered() -> None:
    info = kind_info(GENERATION, "agent_execution")
    assert info is not None
    from google.protobuf.json_format import ParseDict

    value = {"status": {"messages": [message("AI", "hidden", at(1))]}}
    assert info.message is not None
    data = ParseDict(value, message_class(GENERATION, info.message.full_name)())
    tree = decode(data.SerializeToString(), info.message)
    covered = frozenset(id(p.node) for p in walk(tree.root) if p.path.endswith("content"))
    record = Record("agent_execution", "", 0, None, None, chosen(GENERATION, ""), tree, covered)
    found = activity(record)
    assert found is not None
    assert found.root.children[0].text == "[covered]"


def test_runs_of_october() -> None:
    status = {
        "phase": "RUN_COMPLETED",
        "startedAt": at(0),
        "completedAt": at(30),
        "artifacts": [{"name": "report.md", "createdAt": at(20)}],
        "workspaceWriteBacks": [{"workspaceEntryName": "w", "error": "refused"}],
        "streamingUsage": {"model": "m", "observedAt": at(30)},
    }
    found = made("run", {"status": status}, "2026-10")
    assert rows(found)[1:] == [
        ("Write-back", "w"),
        ("Artifact", "report.md"),
        ("Usage", "m"),
    ]


def test_documents_of_the_json_store() -> None:
    status = {"phase": "EXECUTION_FAILED", "messages": [message("HUMAN", "hi", at(1), call("c"))]}
    tree = read_document(json.dumps({"metadata": {"name": "e"}, "status": status}).encode())
    record = Record("AgentExecution", "", 0, None, None, chosen(None, ""), tree, json_store=True)
    found = activity(record)
    assert found is not None
    assert rows(found) == [("Execution", "e"), ("Human", "hi"), ("Tool call", "c")]
    assert found.root.failed


def test_other_kinds_have_none() -> None:
    for kind in ("workflow-execution", "WorkflowRun", "agent_run", "run"):
        assert has_activity(kind)
    assert not has_activity("eval_run")
    assert not has_activity("skill")
    session = Session.open(REAL / "v2-clean" / "stigmer.db")
    head = session.records("skill", limit=1).rows[0]
    assert activity(session.record("skill", head.id)) is None


def test_every_time_of_the_real_executions_is_on_the_axis() -> None:
    session = Session.open(REAL / "v2-clean" / "stigmer.db")
    truth = json.loads((REAL / "v2-clean" / "truth.json").read_text())
    seen = 0
    for record in truth["records"]:
        if not has_activity(record["kind"]):
            continue
        found = activity(session.record(record["kind"], record["id"]))
        assert found is not None
        status = record["value"].get("status", {})
        assert {time for item in found.items() for time in _times(item)} == {
            instant(time) for time in _stored(status)
        }
        nested = sum(len(one.get("toolCalls", ())) for one in status.get("messages", ()))
        calls = [item for item in found.items() if item.role == Role.TOOL_CALL]
        assert len(calls) == max(nested, len(status.get("toolCalls", ())))
        seen += len(calls)
    assert seen > 40


def _times(item: ActivityItem) -> list[int]:
    return [time for time in (item.start, item.end) if time is not None]


def _stored(value: Any, key: str = "") -> list[str]:
    names = {"startedAt", "completedAt", "timestamp", "createdAt", "updatedAt"}
    if isinstance(value, dict):
        # Arguments and results may hold the same names; the audit is no part of what happened.
        inner = {k: v for k, v in value.items() if k not in ("audit", "args", "metadata")}
        return [time for name, one in inner.items() for time in _stored(one, name)]
    if isinstance(value, list):
        return [time for one in value for time in _stored(one, key)]
    return [value] if key in names and isinstance(value, str) else []
