"""What the daemon keeps beside executions and sessions: an event for each thing that happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from inspector.history.stored_events import MESSAGES
from inspector.schema.secrets_table import json_name
from inspector.store.event_log import EXECUTION_EVENTS, SESSION_EVENTS
from tests.builders.demo.core import (
    OCTOBER,
    ORG,
    SEPTEMBER,
    Identity,
    Json,
    after,
    encode,
    iso,
    milliseconds,
    sha256,
)
from tests.builders.demo.october_runs import ALARMS, APPROVAL, ENTRIES, NIGHT
from tests.builders.demo.prose import paragraph, sentence
from tests.builders.demo.september_agents import LOCKS, PASSAGE, PASSAGE_INSTANCE
from tests.builders.demo.september_runs import ASKED, BAD, GOOD, REPORT

OF_EXECUTION: Final = MESSAGES[EXECUTION_EVENTS]
OF_SESSION: Final = MESSAGES[SESSION_EVENTS]
_NAMES: Final = ("depths", "advise")
_STEP: Final = 40  #: seconds between the beginnings of two tasks
_TOOK: Final = 31

Row = tuple[object, ...]


class Happened(NamedTuple):
    """An event: when, which, of which task or with what more in its row, and what it says."""

    time: datetime
    type: str
    task: str
    payload: Json


def _row(execution: Identity, number: int, happened: Happened) -> Row:
    time, type_, task, payload = happened
    value = {
        "eventId": f"{execution.id}:{number}",
        "eventType": type_,
        "sequenceNumber": number,
        "occurredAt": iso(time),
        "taskName": task,
        json_name(type_): payload,
    }
    data = encode(SEPTEMBER, OF_EXECUTION, value)
    return execution.id, number, type_, task, data, f"{milliseconds(time).replace(' ', 'T')}Z"


def _task(execution: Identity, index: int, name: str) -> Iterator[Happened]:
    start = after(execution.created, seconds=4 + _STEP * index)
    kind = ("http_call", "agent_call")[index]
    begun = {"taskKind": kind, "inputSummary": {"lock": "north"}, "attemptNumber": 1}
    yield Happened(start, "task_started", name, begun)
    if kind == "agent_call":
        asked = {"childExecutionId": ASKED.id, "agentSlug": LOCKS.slug}
        yield Happened(after(start, seconds=1), "agent_call_started", name, asked)
    if execution is BAD and kind == "agent_call":
        retry = {"failedAttempt": 1, "nextAttempt": 2, "delayMs": 4000}
        yield Happened(after(start, seconds=9), "task_retrying", name, retry)
        error = "503 from the model\nupstream connect error, retries are used up"
        tried = {"taskKind": kind, "error": error, "attemptNumber": 2, "maxAttempts": 2}
        yield Happened(after(start, seconds=_TOOK), "task_failed", name, tried)
        return
    done = {
        "taskKind": kind,
        "durationMs": 1000 * _TOOK,
        "outputSummary": {"depth": 31},
        "tokensUsed": 900 + index,
    }
    yield Happened(after(start, seconds=_TOOK), "task_completed", name, done)


def _of(execution: Identity) -> Iterator[Happened]:
    total = {
        "totalTasks": len(_NAMES),
        "workflowId": PASSAGE.id,
        "workflowInstanceId": PASSAGE_INSTANCE.id,
    }
    yield Happened(after(execution.created, seconds=3), "execution_started", "", total)
    for index, name in enumerate(_NAMES):
        yield from _task(execution, index, name)
    if execution is BAD:
        failed = {"error": "task advise: 503 from the model", "failedTaskName": "advise"}
        yield Happened(after(execution.created, minutes=2), "execution_failed", "", failed)
        return
    kept = {"artifactId": REPORT.id, "displayName": REPORT.name, "sizeBytes": 2114}
    yield Happened(after(execution.created, seconds=160), "artifact_created", "advise", kept)
    done = {"durationMs": 177_000, "totalTokens": 1801, "outputSummary": {"passage": "north"}}
    yield Happened(after(execution.created, minutes=3), "execution_completed", "", done)


def execution_events() -> list[Row]:
    """A good morning and a bad one."""
    return [
        _row(execution, number, happened)
        for execution in (GOOD, BAD)
        for number, happened in enumerate(_of(execution), 1)
    ]


def _texts(text: str) -> Mapping[str, object]:
    return {"content": [{"type": "text", "text": text}]}


def _session_row(
    session: Identity, run: Identity, number: int, happened: Happened, more: Json
) -> Row:
    time, type_, thread, payload = happened
    id_ = f"sevt_{sha256(f'{session.slug} {number}')[:20]}"
    field = json_name(type_.replace(".", "_"))
    value = {field: {"id": id_, **payload}, **more}
    run_id = run.id if type_ != "user.message" else ""
    processed = f"{milliseconds(time).replace(' ', 'T')}Z"
    data = encode(OCTOBER, OF_SESSION, value)
    return session.id, number, id_, run_id, thread, type_, ORG, processed, data


def _night() -> Iterator[Happened]:
    """What a finished night says, with a thread of its own in the middle."""
    clock = NIGHT.created
    read = {"name": "list_alarms", "input": {"since": "22:00", "open": True}}
    told: tuple[tuple[int, str, str, Json], ...] = (
        (0, "user.message", "", _texts("List the alarms of the night.")),
        (2, "session.status_running", "", {}),
        (5, "stigmer.agent_thinking", "", {"text": sentence("events/thinking")}),
        (9, "agent.mcp_tool_use", "", {"mcpServerName": "alarms", **read}),
        (14, "agent.mcp_tool_result", "", _texts(paragraph("events/alarms", 2))),
        (20, "session.thread_created", "", {"agentName": "seal-reader", "sessionThreadId": "t-1"}),
        (26, "agent.message", "t-1", _texts(sentence("events/seal"))),
        (31, "session.thread_status_idle", "", {"sessionThreadId": "t-1"}),
        (55, "stigmer.memory_recalled", "", {"selectionActive": True}),
        (70, "agent.message", "", _texts(paragraph("events/report", 3))),
        (75, "stigmer.run_status", "", {"phase": "RUN_COMPLETED", "stopCause": "finished"}),
        (76, "session.status_idle", "", {"stopReason": {"type": "end_turn"}}),
    )
    for seconds, type_, thread, payload in told:
        yield Happened(after(clock, seconds=seconds), type_, thread, payload)


def _entries() -> Iterator[Happened]:
    """Sending entries, which somebody has to allow."""
    clock = APPROVAL.created
    asked = {"message": "Send 41 entries?", "argsPreview": '{"batch": 9}', "policySource": "hook"}
    failed = {"error": {"type": "mcp", "message": "portal: 502", "mcpServerName": "portal"}}
    told: tuple[tuple[int, str, Json], ...] = (
        (0, "user.message", _texts("Send batch 9.")),
        (1, "session.status_running", {}),
        (8, "session.error", failed),
        (12, "agent.tool_use", {"name": "send_entries", "input": {"batch": 9}}),
        (13, "stigmer.permission_asked", asked),
    )
    for seconds, type_, payload in told:
        yield Happened(after(clock, seconds=seconds), type_, "", payload)


#: An event of ``ENTRIES`` whose message tells another run than its row.
DISAGREES: Final = 4


def session_events() -> list[Row]:
    """A night and a batch; a message leaves out what stands in its row, but for one."""
    rows = [
        _session_row(ALARMS, NIGHT, number, happened, {})
        for number, happened in enumerate(_night(), 1)
    ]
    for number, happened in enumerate(_entries(), 1):
        more = {"runId": NIGHT.id} if number == DISAGREES else {}
        rows.append(_session_row(ENTRIES, APPROVAL, number, happened, more))
    return rows
