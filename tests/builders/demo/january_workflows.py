"""January's workflows, their instances and executions."""

from __future__ import annotations

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
    january_ref,
    resource,
    who,
)
from tests.builders.demo.january_agents import RECONCILER
from tests.builders.demo.january_base import PRODUCTION
from tests.builders.demo.january_runs import token
from tests.builders.demo.prose import sentence

NIGHTLY = who("workflow", "Nightly invoice run", "2026-01-21 11:08:45")
CONFLICTS = who("workflow", "Berth conflict check", "2026-01-23 09:27:13")
BROKEN_YAML = who("workflow", "Demurrage reminder", "2026-01-27 16:55:02")

ON_PRODUCTION = who("workflow_instance", "Nightly on production", "2026-01-21 11:30:00")

TUESDAY = who("workflow_execution", "nightly-2026-01-22", "2026-01-22 01:00:02")
WEDNESDAY = who("workflow_execution", "nightly-2026-01-23", "2026-01-23 01:00:02")
CHECK = who("workflow_execution", "berth-check-0117", "2026-01-27 06:30:00")
WAITING = who("workflow_execution", "berth-check-0118", "2026-01-28 06:30:00")


def default_instance(workflow: Identity) -> Identity:
    """The instance the daemon makes beside a workflow."""
    created = after(workflow.created, seconds=1)
    return Identity("workflow_instance", f"{workflow.name}-default", created)


def _task(name: str, kind: str, config: Json, then: str = "continue") -> dict[str, object]:
    return {
        "name": name,
        "kind": f"WORKFLOW_TASK_KIND_{kind}",
        "taskConfig": config,
        "export": {"as": "${ . }"},
        "flow": {"then": then},
    }


def _tasks() -> list[dict[str, object]]:
    return [
        _task("prepare", "SET", {"variables": {"month": "2025-12", "dry.run": False}}),
        _task(
            "fetch",
            "HTTP_CALL",
            {
                "method": "POST",
                "endpoint": {"uri": "https://ledger.tidewater.example/v2/invoices"},
                "body": {"pages": [1, 2, 3], "since": None, "tolerance": 0.005},
                "timeout_seconds": 30,
            },
        ),
        _task(
            "decide",
            "SWITCH",
            {"cases": [{"when": "${ .count > 0 }", "then": "reconcile"}, {"then": "end"}]},
        ),
        _task(
            "reconcile",
            "AGENT_CALL",
            {
                "agent": RECONCILER.slug,
                "message": "Reconcile ${ .month }",
                'odd "keys"': {"a.b": {"c[0]": {"": "empty key"}}, "7": [[], {}, [[1e21, -0.5]]]},
            },
            "end",
        ),
    ]


def workflows() -> list[Record]:
    """One valid, one that waits for validation, one refused."""
    state = {NIGHTLY: "VALID", CONFLICTS: "PENDING", BROKEN_YAML: "INVALID"}
    return [
        resource(
            SECOND if workflow is BROKEN_YAML else FIRST,
            workflow,
            {
                "description": sentence(f"workflow/{workflow.name}"),
                "document": {
                    "dsl": "1.0.0",
                    "namespace": "tidewater",
                    "name": workflow.slug,
                    "version": "0.3.1",
                },
                "tasks": _tasks(),
                "envSpec": {
                    "data": {
                        "PORTAL_KEY": {"value": f"{SECRET}-{workflow.slug}", "isSecret": True},
                        "REGION": {"value": "eu-north"},
                    }
                },
            },
            {
                "defaultInstanceId": default_instance(workflow).id,
                "serverlessWorkflowValidation": {
                    "state": word,
                    "yaml": f"document:\n  dsl: 1.0.0\n  name: {workflow.slug}\ndo: []\n",
                    "errors": ["do: needs at least one task"] if word == "INVALID" else [],
                    "warnings": ["timeout is not set"],
                    "validatedAt": "2026-01-27T16:55:09.000120Z",
                    "validationWorkflowId": f"validate-{workflow.slug}",
                },
            },
        )
        for workflow, word in state.items()
    ]


def instances() -> list[Record]:
    """The default instances, and one for production."""
    text = "Default instance (auto-created, no custom configuration)"
    made = [
        resource(FIRST, default_instance(flow), {"workflowId": flow.id, "description": text})
        for flow in (NIGHTLY, CONFLICTS, BROKEN_YAML)
    ]
    spec = {
        "workflowId": NIGHTLY.id,
        "description": "Every night at one.",
        "envRefs": [january_ref("environment", PRODUCTION.slug)],
    }
    return [*made, resource(FIRST, ON_PRODUCTION, spec)]


def _ran(execution: Identity, names: tuple[str, ...], last: str) -> list[dict[str, object]]:
    tasks: list[dict[str, object]] = []
    for index, name in enumerate(names):
        start = after(execution.created, seconds=4 + 40 * index)
        is_last = index == len(names) - 1
        tasks.append(
            {
                "taskId": f"task-{index}",
                "taskName": name,
                "taskType": "WORKFLOW_TASK_AGENT_INVOCATION" if is_last else "WORKFLOW_TASK_CUSTOM",
                "status": f"WORKFLOW_TASK_{last if is_last else 'COMPLETED'}",
                "startedAt": iso(start),
                "completedAt": iso(after(start, seconds=31)),
                "input": {
                    "month": "2025-12",
                    "page": index,
                    "carry": {"total": 1204.5, "ok": True},
                },
                "output": {
                    "invoices": [
                        {"number": f"TW-{4400 + row}", "amount": 99.95 * row, "paid": row % 2 == 0}
                        for row in range(6)
                    ],
                    "summary": {"by": {"carrier": {"NORDLINE": {"count": 4, "late": [1, 3]}}}},
                },
                "metadata": {"attempt": 1, "worker": "local-2"},
            }
        )
    return tasks


def _execution(execution: Identity, instance: Identity, flow: Identity, status: Json) -> Record:
    spec = {
        "workflowInstanceId": instance.id,
        "workflowId": flow.id,
        "triggerMessage": "by the clock",
        "triggerMetadata": {"cron": "0 1 * * *", "host": "local"},
        "runtimeEnv": {"TOKEN": {"value": f"{SECRET}-{execution.slug}", "isSecret": True}},
        "callbackToken": token(execution.slug),
    }
    started = {"startedAt": iso(after(execution.created, seconds=3))}
    temporal = {"temporalWorkflowId": f"stigmer/workflow/{execution.slug}"}
    changed = after(execution.created, minutes=9)
    return resource(FIRST, execution, spec, {**started, **temporal, **status}, updated=changed)


def executions() -> list[Record]:
    """A good night, a bad night, and one still waiting for the engine."""
    names = ("prepare", "fetch", "decide", "reconcile")
    good = {
        "phase": "EXECUTION_COMPLETED",
        "tasks": _ran(TUESDAY, names, "COMPLETED"),
        "output": {"reconciled": 41, "differences": [{"invoice": "TW-4403", "by": -12.5}]},
        "completedAt": iso(after(TUESDAY.created, minutes=3)),
    }
    bad = {
        "phase": "EXECUTION_FAILED",
        "tasks": _ran(WEDNESDAY, names[:2], "FAILED"),
        "error": "task fetch: 503 from the ledger",
        "completedAt": iso(after(WEDNESDAY.created, minutes=2)),
    }
    running = {"phase": "EXECUTION_IN_PROGRESS", "tasks": _ran(CHECK, names[:3], "IN_PROGRESS")}
    return [
        _execution(TUESDAY, ON_PRODUCTION, NIGHTLY, good),
        _execution(WEDNESDAY, ON_PRODUCTION, NIGHTLY, bad),
        _execution(CHECK, default_instance(CONFLICTS), CONFLICTS, running),
        _execution(WAITING, default_instance(CONFLICTS), CONFLICTS, {"phase": "EXECUTION_PENDING"}),
    ]


def part() -> Part:
    """All of it."""
    return Part([*workflows(), *instances(), *executions()])
