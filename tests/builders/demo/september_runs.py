"""What ran under 3.41.0, and a run that was such an execution before a migration renamed it."""

from __future__ import annotations

from tests.builders.demo.core import (
    OCTOBER,
    SECRET,
    SEPTEMBER,
    Identity,
    Json,
    Part,
    Record,
    after,
    encode,
    iso,
    message_json,
    milliseconds,
    ref,
    resource,
    sha256,
    who,
)
from tests.builders.demo.prose import markdown, paragraph, sentence
from tests.builders.demo.september_agents import (
    CHARTS_MCP,
    DEPTHS,
    LOCKS,
    LOCKS_INSTANCE,
    PASSAGE,
    PASSAGE_INSTANCE,
)
from tests.builders.demo.september_people import SKIPPER

TALK = who("session", "Low water at the north lock", "2026-10-02 05:00:00")
ASKED = who("agent_execution", "depths-1002", "2026-10-02 05:00:05")
ASKED_CONTEXT = who("execution_context", "context of depths-1002", "2026-10-02 05:00:06")
GOOD = who("workflow_execution", "passage-1003", "2026-10-03 05:30:00")
BAD = who("workflow_execution", "passage-1004", "2026-10-04 05:30:00")
REPORT = who("artifact", "passage-1003.csv", "2026-10-03 05:33:00")
HABIT = who("memory", "the north lock closes at low water", "2026-10-02 05:30:00")


def _was_execution(kind: str, name: str, created: str) -> Identity:
    """Its id is the one that it had as an execution."""
    given = who("agent_execution", name, created).id
    return who(kind, name, created, given_id=given)


WAS_EXECUTION = _was_execution("run", "low-water-1003", "2026-10-03 06:12:40")
LEFT_BEHIND = _was_execution("agent_run", "low-water-1004", "2026-10-04 06:12:40")


def conversation(identity: Identity) -> dict[str, object]:
    """A conversation as an AgentExecutionStatus of 3.41.0 keeps it."""
    start = identity.created
    call = {
        "id": f"call_{identity.slug}",
        "name": "depth",
        "args": {"lock": "north", "at": ["05:00", "06:00"]},
        "result": paragraph(f"{identity.slug}/depth", 2),
        "status": "TOOL_CALL_COMPLETED",
        "startedAt": iso(after(start, seconds=9)),
        "completedAt": iso(after(start, seconds=14)),
        "mcpServerSlug": CHARTS_MCP.slug,
        "toolKind": "TOOL_KIND_FETCH",
    }
    told: list[tuple[str, int, str, dict[str, object]]] = [
        ("MESSAGE_HUMAN", 1, "How deep is it at the north lock, and may we pass?", {}),
        ("MESSAGE_THINKING", 5, sentence(f"{identity.slug}/thinking"), {}),
        ("MESSAGE_AI", 8, "I look it up.", {"toolCalls": [call]}),
        ("MESSAGE_AI", 20, markdown("North lock", f"{identity.slug}/answer", 1), {}),
        ("MESSAGE_HUMAN", 60, "And tomorrow?", {}),
        ("MESSAGE_AI", 75, paragraph(f"{identity.slug}/tomorrow", 2), {}),
    ]
    return {
        "phase": "EXECUTION_COMPLETED",
        "startedAt": iso(after(start, seconds=1)),
        "completedAt": iso(after(start, seconds=80)),
        "messages": [
            {"type": type_, "content": text, "timestamp": iso(after(start, seconds=at)), **more}
            for type_, at, text, more in told
        ],
        "subAgentExecutions": [
            {
                "id": "sub-0",
                "name": "gauge-reader",
                "input": "Gauge of the north lock.",
                "output": "31 dm, falling.",
                "status": "SUB_AGENT_COMPLETED",
                "startedAt": iso(after(start, seconds=10)),
                "completedAt": iso(after(start, seconds=13)),
            }
        ],
        "streamingUsage": {
            "inputTokens": "20411",
            "outputTokens": "733",
            "totalTokens": "21144",
            "turnCount": 3,
            "model": "large-2026-09",
        },
    }


def talks() -> list[Record]:
    """A session, an execution in it and the values that it ran with."""
    return [
        resource(
            SEPTEMBER,
            TALK,
            {
                "agentInstanceId": LOCKS_INSTANCE.id,
                "subject": TALK.name,
                "harnessStateId": "hs-1002",
                "skillRefs": [ref(DEPTHS)],
                "harness": "HARNESS_NATIVE",
                "executionTarget": "EXECUTION_TARGET_LOCAL",
            },
        ),
        resource(
            SEPTEMBER,
            ASKED,
            {
                "sessionId": TALK.id,
                "agentId": LOCKS.id,
                "message": "How deep is it at the north lock, and may we pass?",
                "executionConfig": {"modelName": "large-2026-09", "maxToolRounds": 10},
            },
            conversation(ASKED),
            updated=after(ASKED.created, seconds=80),
        ),
        resource(
            SEPTEMBER,
            ASKED_CONTEXT,
            {
                "executionId": ASKED.id,
                "data": {"CHARTS_TOKEN": {"value": f"{SECRET}-context-charts", "isSecret": True}},
            },
        ),
        resource(
            SEPTEMBER,
            HABIT,
            {
                "content": "The north lock closes at low water.",
                "subjectIdentityAccountId": SKIPPER.id,
                "provenance": {
                    "agentId": LOCKS.id,
                    "sessionId": TALK.id,
                    "agentExecutionId": ASKED.id,
                },
            },
            {"lifecycleState": "lifecycle_state_confirmed"},
        ),
    ]


def _renamed(run: Identity, kind: str) -> Record:
    """An execution of 3.41.0 after its kind was renamed, in its row and in its message."""
    execution = Identity("agent_execution", run.name, run.created, given_id=run.id)
    spec = {
        "sessionId": TALK.id,
        "message": "How deep is it at the north lock, and may we pass?",
        "autoApproveAll": True,
    }
    done = after(execution.created, seconds=80)
    full_name, value = message_json(
        SEPTEMBER, execution, spec, conversation(execution), updated=done
    )
    data = encode(SEPTEMBER, full_name, {**value, "kind": kind})
    # The migration wrote it last: what it does not know it has kept.
    return Record(run.kind, run.id, data, milliseconds(done), OCTOBER)


def renamed() -> list[Record]:
    """A run that was an execution, and one that the second renaming has left behind."""
    return [_renamed(WAS_EXECUTION, "Run"), _renamed(LEFT_BEHIND, "AgentRun")]


def _task(execution: Identity, index: int, name: str, state: str) -> dict[str, object]:
    start = after(execution.created, seconds=4 + 40 * index)
    return {
        "taskId": f"task-{index}",
        "taskName": name,
        "taskType": "WORKFLOW_TASK_API_CALL" if index == 0 else "WORKFLOW_TASK_AGENT_INVOCATION",
        "status": f"WORKFLOW_TASK_{state}",
        "startedAt": iso(start),
        "completedAt": iso(after(start, seconds=31)),
        "output": {"depth": 31, "falling": True} if state == "COMPLETED" else {},
        "costMicros": str(1500 * (1 + index)),
    }


def passages() -> list[Record]:
    """A good morning and a bad one, and the file that the good one made."""

    def execution(identity: Identity, status: Json) -> Record:
        spec = {
            "workflowInstanceId": PASSAGE_INSTANCE.id,
            "workflowId": PASSAGE.id,
            "triggerMessage": "by the clock",
            "runtimeEnv": {"UNITS": {"value": "decimetres"}},
        }
        times = {"startedAt": iso(after(identity.created, seconds=3))}
        version = {"workflowVersionHash": sha256(f"{PASSAGE.slug} 1")}
        changed = after(identity.created, minutes=3)
        return resource(SEPTEMBER, identity, spec, {**times, **version, **status}, updated=changed)

    return [
        execution(
            GOOD,
            {
                "phase": "EXECUTION_COMPLETED",
                "tasks": [
                    _task(GOOD, 0, "depths", "COMPLETED"),
                    _task(GOOD, 1, "advise", "COMPLETED"),
                ],
                "output": {"passage": "north", "at": "06:10"},
                "completedAt": iso(after(GOOD.created, minutes=3)),
                "totalCostMicros": "4500",
            },
        ),
        execution(
            BAD,
            {
                "phase": "EXECUTION_FAILED",
                "tasks": [
                    _task(BAD, 0, "depths", "COMPLETED"),
                    _task(BAD, 1, "advise", "FAILED"),
                ],
                "error": "task advise: 503 from the model",
                "completedAt": iso(after(BAD.created, minutes=2)),
            },
        ),
        resource(
            SEPTEMBER,
            REPORT,
            {
                "contentType": "text/csv",
                "displayName": REPORT.name,
                "source": {"workflowExecutionId": GOOD.id, "taskName": "advise"},
                "retention": {"ttlDays": 30},
            },
            {
                "contentHash": sha256(REPORT.name),
                "sizeBytes": "2114",
                "storageState": "storage_state_stored",
            },
        ),
    ]


def part() -> Part:
    """All of it."""
    return Part([*talks(), *renamed(), *passages()])
