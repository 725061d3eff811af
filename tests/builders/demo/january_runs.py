"""January's sessions, agent executions and execution contexts."""

from __future__ import annotations

import base64

from tests.builders.demo.core import (
    FIRST,
    SECOND,
    SECRET,
    Identity,
    Json,
    Part,
    Record,
    after,
    iso,
    resource,
    who,
)
from tests.builders.demo.january_agents import (
    BERTHS,
    NOTES,
    ON_STAGING,
    RECONCILER,
    TRIAGE,
    default_instance,
)
from tests.builders.demo.prose import paragraph, sentence
from tests.builders.demo.transcript import transcript

MONTH_END = who("session", "Month end, staging ledger", "2026-01-21 06:55:03")
TICKETS = who("session", "Tickets of the night shift", "2026-01-22 05:31:40")
WINTER = who("session", "Release notes for 4.3", "2026-01-28 10:02:18")
QUAY = who("session", "Quay four, week five", "2026-01-29 07:44:52")
STRAY = who("session", "Instance deleted since", "2026-01-29 18:20:05")

LONG_RUN = who("agent_execution", "reconcile-december-7f3a", "2026-01-21 06:55:09")
FAILED = who("agent_execution", "reconcile-retry-19bc", "2026-01-21 09:12:44")
CANCELLED = who("agent_execution", "triage-batch-02", "2026-01-22 05:32:01")
PENDING = who("agent_execution", "notes-4-3-draft", "2026-01-28 10:02:31")
RUNNING = who("agent_execution", "berths-week-5", "2026-01-29 07:45:10")
NAMELESS = who("agent_execution", "phase-from-the-future", "2026-01-29 18:21:33")

CONTEXT = who("execution_context", "context of reconcile-december-7f3a", "2026-01-21 06:55:10")
LOST_CONTEXT = who("execution_context", "context of nothing", "2026-01-28 10:02:33")


def token(name: str) -> str:
    """A callback token as protojson has bytes."""
    return base64.b64encode(f"{SECRET}-callback-{name}".encode()).decode()


def sessions() -> list[Record]:
    """Four that lead somewhere and one that does not."""
    instance_of = {
        MONTH_END: ON_STAGING.id,
        TICKETS: default_instance(TRIAGE).id,
        WINTER: default_instance(NOTES).id,
        QUAY: default_instance(BERTHS).id,
        STRAY: "ain-01kg0000000000000000000000",
    }
    return [
        resource(
            FIRST if session.created < WINTER.created else SECOND,
            session,
            {
                "agentInstanceId": instance,
                "subject": session.name,
                "threadId": f"thread-{session.slug}",
                "sandboxId": f"sbx-{index}",
                "metadata": {"channel": "desktop", "client": "stigmer 0.9"},
            },
        )
        for index, (session, instance) in enumerate(instance_of.items())
    ]


def _execution(
    identity: Identity, session: Identity, agent: Identity, message: str, status: Json
) -> Record:
    started = after(identity.created, seconds=2)
    spec = {
        "sessionId": session.id,
        "agentId": agent.id,
        "message": message,
        "executionConfig": {"modelName": "large-2026-01"},
        "runtimeEnv": {
            "MODE": {"value": "careful"},
            "RUN_TOKEN": {"value": f"{SECRET}-run-{identity.slug}", "isSecret": True},
        },
        "callbackToken": token(identity.slug),
    }
    return resource(
        FIRST if identity.created < WINTER.created else SECOND,
        Identity(identity.kind, identity.name, identity.created, org=""),
        spec,
        {"startedAt": iso(started), **status},
        updated=after(identity.created, minutes=31),
    )


def _todos(identity: Identity) -> dict[str, object]:
    states = ("TODO_COMPLETED", "TODO_COMPLETED", "TODO_IN_PROGRESS", "TODO_PENDING")
    return {
        f"todo-{index}": {
            "id": f"todo-{index}",
            "content": sentence(f"{identity.name}/todo/{index}"),
            "status": state,
            "createdAt": iso(after(identity.created, seconds=20 + index)),
            "updatedAt": iso(after(identity.created, minutes=4 + index)),
        }
        for index, state in enumerate(states)
    }


def _sub_agents(identity: Identity) -> list[dict[str, object]]:
    first, second = "amount-checker", "letter-writer"
    return [
        {
            "id": "sub-0",
            "name": first,
            "input": sentence(f"{identity.name}/{first}"),
            "output": paragraph(f"{identity.name}/{first}/output"),
            "status": "SUB_AGENT_COMPLETED",
            "startedAt": iso(after(identity.created, minutes=3)),
            "completedAt": iso(after(identity.created, minutes=6, seconds=12)),
            "metadata": {"pages": 41, "confident": True, "sources": ["ledger", "portal", None]},
        },
        {
            "id": "sub-1",
            "name": second,
            "input": sentence(f"{identity.name}/{second}"),
            "status": "SUB_AGENT_FAILED",
            "startedAt": iso(after(identity.created, minutes=7)),
            "completedAt": iso(after(identity.created, minutes=7, seconds=30)),
            "error": "No template for this consignee.",
            "metadata": {},
        },
    ]


def executions() -> list[Record]:
    """One in every phase, and one in a phase that has no name."""
    done = {
        "phase": "EXECUTION_COMPLETED",
        "completedAt": iso(after(LONG_RUN.created, minutes=30, seconds=41)),
        "todos": _todos(LONG_RUN),
        "subAgentExecutions": _sub_agents(LONG_RUN),
        "callbackToken": token("status"),
        **transcript(LONG_RUN.created),
    }
    ask = "Reconcile the December invoices with the carrier statements and list what differs."
    failed = {
        "phase": "EXECUTION_FAILED",
        "completedAt": iso(after(FAILED.created, seconds=48)),
        "error": "ledger: connection refused after 3 attempts\n  at list_invoices (ledger.ts:88)",
    }
    cancelled = {
        "phase": "EXECUTION_CANCELLED",
        "completedAt": iso(after(CANCELLED.created, minutes=12)),
        "todos": _todos(CANCELLED),
    }
    return [
        _execution(LONG_RUN, MONTH_END, RECONCILER, ask, done),
        _execution(FAILED, MONTH_END, RECONCILER, "Once more, please.", failed),
        _execution(CANCELLED, TICKETS, TRIAGE, "Sort the tickets of tonight.", cancelled),
        _execution(PENDING, WINTER, NOTES, "Draft the notes.", {"phase": "EXECUTION_PENDING"}),
        _execution(RUNNING, QUAY, BERTHS, "Plan it.", {"phase": "EXECUTION_IN_PROGRESS"}),
        _execution(NAMELESS, STRAY, BERTHS, "Plan it again.", {"phase": 42}),
    ]


def contexts() -> list[Record]:
    """One for an execution that is there, one for an execution that is not."""
    data = {
        "LEDGER_TOKEN": {"value": f"{SECRET}-context-ledger", "isSecret": True},
        "REGION": {"value": "eu-north"},
    }
    executions_of = {CONTEXT: LONG_RUN.id, LOST_CONTEXT: "aex-01kg0000000000000000000000"}
    return [
        resource(
            SECOND,
            Identity(context.kind, context.name, context.created, org=""),
            {"executionId": execution, "data": data},
        )
        for context, execution in executions_of.items()
    ]


def part() -> Part:
    """All of it."""
    return Part([*sessions(), *executions(), *contexts()])
