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
    at,
    encode,
    iso,
    message_json,
    milliseconds,
    ref,
    resource,
    sha256,
    version_of,
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


_CREATED = "2026-10-03 06:12:40"
WAS_EXECUTION = who(
    "run",
    "low-water-1003",
    _CREATED,
    given_id=who("agent_execution", "low-water-1003", _CREATED).id,
)


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
            {"type": type_, "content": text, "timestamp": iso(after(start, seconds=second)), **more}
            for type_, second, text, more in told
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


def renamed() -> Part:
    """Its kind was renamed in place, and what the newest messages do not know was kept.

    It was archived between two renamings, when its kind had the name in the middle.
    """
    run = WAS_EXECUTION
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

    def under(kind: str, name: str) -> Record:
        # A migration wrote it last, so the newest release is the one that it is read with.
        data = encode(SEPTEMBER, full_name, {**value, "kind": name})
        return Record(kind, run.id, data, milliseconds(done), OCTOBER)

    archived = version_of(under("agent_run", "AgentRun"), None, None, at("2026-10-20 08:00:04"))
    return Part([under("run", "Run")], [archived])


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
    kept = renamed()
    return Part([*talks(), *kept.records, *passages()], kept.versions)
