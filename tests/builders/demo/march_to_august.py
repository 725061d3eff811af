"""Records of the releases from March to August, some of kinds and fields that came and went."""

from __future__ import annotations

from tests.builders.demo.core import (
    AUGUST,
    JULY,
    MARCH_21,
    MARCH_27,
    MAY,
    SECRET,
    Part,
    Record,
    after,
    iso,
    ref,
    resource,
    who,
)
from tests.builders.demo.january_base import PRODUCTION, STAGING
from tests.builders.demo.january_workflows import CONFLICTS
from tests.builders.demo.prose import markdown, paragraph, sentence

ON_STAGING = who("workflow_instance", "Berth check on staging", "2026-03-22 10:15:00")

DEPOT = who("agent", "Depot Dispatcher", "2026-03-30 09:20:14")
DEPOT_INSTANCE = who("agent_instance", "Depot Dispatcher-default", "2026-03-30 09:20:15")
DEPOT_MCP = who("mcp_server", "Depot board", "2026-03-30 09:02:51")
MORNING = who("session", "Trucks of the morning", "2026-03-31 05:40:00")
DISPATCH = who("agent_execution", "dispatch-0331", "2026-03-31 05:40:12")
DEPOT_CONTEXT = who("execution_context", "context of dispatch-0331", "2026-03-31 05:40:13")
YARD = who("project", "Yard tools", "2026-03-30 08:45:00")

RUNNER = who("runner", "warehouse-7", "2026-05-20 07:00:30")
PALLETS = who("session", "Pallets without an owner", "2026-05-21 13:10:00")
COUNT = who("agent_execution", "count-pallets", "2026-05-21 13:10:09")

SHARED = who("agent", "Gate Greeter", "2026-07-12 16:30:00")

TARIFFS = who("datastore", "Tariff rows", "2026-08-06 11:00:00")
WEEKLY = who("schedule", "Weekly berth summary", "2026-08-06 11:20:00")


def in_doubt() -> list[Record]:
    """Written in the days when some daemons called its third field by another name."""
    spec = {
        "workflowId": CONFLICTS.id,
        "description": "Tries the check against staging.",
        "environmentRefs": [ref(STAGING)],
    }
    return [resource(MARCH_21, ON_STAGING, spec)]


def march() -> list[Record]:
    """An agent with a server of its own, and an execution that waits for somebody."""
    waits = {
        "toolCallId": "call_0331",
        "toolName": "assign_truck",
        "message": "Assign truck 14 to bay 3?",
        "argsPreview": '{"truck": 14, "bay": 3}',
        "requestedAt": iso(after(DISPATCH.created, minutes=2)),
        "childAgentExecutionId": "aex-01kmyyyyyyyyyyyyyyyyyyyyyy",
        "interruptId": "int-0331",
        "lifecycleState": "APPROVAL_LIFECYCLE_REQUESTED",
    }
    said = [
        ("MESSAGE_HUMAN", "Which trucks come before seven?", {}),
        ("MESSAGE_AI", paragraph("march/answer", 3), {"tokenCount": 412, "model": "large-2026-03"}),
    ]
    messages = [
        {"type": type_, "content": text, "timestamp": iso(DISPATCH.created), **more}
        for type_, text, more in said
    ]
    return [
        resource(MARCH_27, YARD, {"description": "What the yard uses.", "members": [ref(DEPOT)]}),
        resource(
            MARCH_27,
            DEPOT_MCP,
            {
                "description": "Bays and trucks.",
                "stdio": {"command": "depot-mcp"},
                "envSpec": {"data": {"BOARD_TOKEN": {"isSecret": True}}},
            },
        ),
        resource(
            MARCH_27,
            DEPOT,
            {
                "description": sentence("march/depot"),
                "instructions": markdown(DEPOT.name, "march/depot", 2),
                "mcpServerUsages": [{"mcpServerRef": ref(DEPOT_MCP)}],
                "subAgents": [{"name": "bay-reader", "mcpAccess": [{"mcpServer": "depot"}]}],
                "envSpec": {"data": {"BAYS": {"value": "12"}}},
            },
            {"defaultInstanceId": DEPOT_INSTANCE.id},
        ),
        resource(
            MARCH_27, DEPOT_INSTANCE, {"agentId": DEPOT.id, "environmentRefs": [ref(PRODUCTION)]}
        ),
        resource(
            MARCH_27,
            MORNING,
            {
                "agentInstanceId": DEPOT_INSTANCE.id,
                "subject": "Trucks before seven",
                "threadId": "thread-0331",
            },
        ),
        resource(
            MARCH_27,
            DISPATCH,
            {"sessionId": MORNING.id, "agentId": DEPOT.id, "message": said[0][1]},
            {
                "phase": "EXECUTION_WAITING_FOR_APPROVAL",
                "startedAt": iso(DISPATCH.created),
                "messages": messages,
                "pendingApprovals": [waits],
            },
        ),
        resource(
            MARCH_27,
            DEPOT_CONTEXT,
            {"executionId": DISPATCH.id, "data": {"BAYS": {"value": "12"}}},
        ),
    ]


def may() -> list[Record]:
    """A runner, which was a kind for a month, and a session with what it remembers."""
    usage = {"inputTokens": "48120", "outputTokens": "903", "turnCount": 4}
    return [
        resource(
            MAY,
            RUNNER,
            {"description": "The machine under the stairs."},
            {"phase": "RUNNER_PHASE_READY", "taskQueue": "warehouse-7", "currentExecutions": 1},
        ),
        resource(
            MAY,
            PALLETS,
            {
                "agentInstanceId": DEPOT_INSTANCE.id,
                "subject": PALLETS.name,
                "threadId": "thread-0521",
                "runnerId": RUNNER.id,
                "harness": "HARNESS_NATIVE",
            },
            {"sessionMemory": {"durableSummary": sentence("may/memory"), "openTasks": ["row 9"]}},
        ),
        resource(
            MAY,
            COUNT,
            {"sessionId": PALLETS.id, "agentId": DEPOT.id, "message": "Count them."},
            {
                "phase": "EXECUTION_COMPLETED",
                "startedAt": iso(COUNT.created),
                "completedAt": iso(after(COUNT.created, minutes=6)),
                "messages": [{"type": "MESSAGE_AI", "content": "There are 31."}],
                "runnerId": RUNNER.id,
                "runnerUsage": {**usage, "model": "large-2026-05"},
            },
        ),
    ]


def summer() -> list[Record]:
    """An agent shared by a link, rows of data, and a schedule that lost its agent."""
    status = {"shareLinkToken": f"{SECRET}-share-of-july", "defaultInstanceId": "ain_none"}
    price = {"name": "price", "type": "number", "required": True}
    return [
        resource(JULY, SHARED, {"instructions": "Say good morning."}, status),
        resource(
            AUGUST,
            TARIFFS,
            {
                "description": "Prices by port.",
                "timezone": "Europe/Amsterdam",
                "collections": [{"name": "tariffs", "fields": [price]}],
            },
            {"lastSyncOutcome": "synced"},
        ),
        resource(
            AUGUST,
            WEEKLY,
            {
                "cron": "0 6 * * 1",
                "timeZone": "Europe/Amsterdam",
                "enabled": False,
            },
            {"lastExecutionId": COUNT.id, "pausedReason": "its agent is gone"},
        ),
    ]


def part() -> Part:
    """All of it."""
    return Part([*in_doubt(), *march(), *may(), *summer()])
