"""Agents, workflows and what they use, as 3.41.0 wrote them, with histories."""

from __future__ import annotations

from collections.abc import Sequence

from tests.builders.demo.core import (
    SECRET,
    SEPTEMBER,
    Part,
    Record,
    Version,
    after,
    ref,
    resource,
    sealed_value,
    sha256,
    version_of,
    who,
)
from tests.builders.demo.prose import markdown, sentence

LOCKS = who("agent", "Lock Keeper", "2026-10-01 09:00:00")
LOCKS_INSTANCE = who("agent_instance", "Lock Keeper-default", "2026-10-01 09:00:01")
ON_BOARD = who("environment", "on board", "2026-10-01 09:10:00")
CHARTS_MCP = who("mcp_server", "Charts", "2026-10-01 09:15:00")
DEPTHS = who("skill", "Read a depth table", "2026-10-01 09:20:00")
LOCK_TOOLS = who("plugin", "Lock tools", "2026-10-01 09:30:00")
PASSAGE = who("workflow", "Passage of the day", "2026-10-01 09:40:00")
PASSAGE_INSTANCE = who("workflow_instance", "Passage of the day-default", "2026-10-01 09:40:01")
SHARE = who("agent_share", "Lock Keeper for skippers", "2026-10-01 09:50:00")
CHAT_APP = who("channel_app", "Barge chat", "2026-10-01 09:55:00")
CHAT = who("agent_channel", "Lock talk", "2026-10-01 10:00:00")
PHONE = who("agent_channel", "Lock line", "2026-10-01 10:05:00")
DAILY = who("schedule", "Depths, every morning", "2026-10-01 10:10:00")


def used() -> list[Record]:
    """An environment with a sealed value, a server, an agent and its instance."""
    return [
        resource(
            SEPTEMBER,
            ON_BOARD,
            {
                "description": "Variables of the barges.",
                "data": {
                    "CHARTS_TOKEN": {
                        "value": sealed_value(f"{SECRET}-sealed-charts"),
                        "isSecret": True,
                    },
                    "UNITS": {"value": "decimetres"},
                },
            },
        ),
        resource(
            SEPTEMBER,
            CHARTS_MCP,
            {
                "description": "Depths along the river.",
                "http": {
                    "url": "https://charts.example/mcp",
                    "headers": {"Authorization": f"Bearer {SECRET}-charts-bearer"},
                    "queryParams": {"access_token": f"{SECRET}-charts-query", "river": "north"},
                },
                "env": {"CHARTS_TOKEN": {"isSecret": True, "description": "To read charts."}},
            },
            {"validationState": "valid"},
        ),
        resource(
            SEPTEMBER,
            LOCKS,
            {
                "description": sentence(f"agent/{LOCKS.slug}"),
                "instructions": markdown(LOCKS.name, f"agent/{LOCKS.slug}", 3),
                "mcpServerUsages": [{"mcpServerRef": ref(CHARTS_MCP), "enabledTools": ["depth"]}],
                "skillRefs": [ref(DEPTHS)],
                "subAgents": [
                    {
                        "name": "gauge-reader",
                        "description": "Reads the gauges.",
                        "mcpAccess": [{"mcpServer": CHARTS_MCP.slug, "enabledTools": ["depth"]}],
                        "modelOverride": "small-2026-09",
                    }
                ],
                "env": {"UNITS": {"description": "Of depths.", "optional": True}},
            },
            {"defaultInstanceId": LOCKS_INSTANCE.id},
        ),
        resource(
            SEPTEMBER,
            LOCKS_INSTANCE,
            {"agentId": LOCKS.id, "environmentRefs": [ref(ON_BOARD)]},
        ),
    ]


def _versions(states: Sequence[tuple[Record, str, str]]) -> tuple[Record, list[Version]]:
    """The newest of some states, and a version of each."""
    versions = []
    for record, version_hash, tag in states:
        archived = version_of(record, version_hash, tag, DEPTHS.created)
        versions.append(archived._replace(archived_at=record.updated_at[:19]))
    return states[-1][0], versions


def _skill(revision: int, tag: str) -> tuple[Record, str, str]:
    text = markdown(DEPTHS.name, f"skill/{DEPTHS.slug}", 2, revision)
    version_hash = sha256(text)
    spec = {"skillMd": text, "name": DEPTHS.slug, "description": "Depths.", "tag": tag}
    status = {"versionHash": version_hash, "state": "SKILL_STATE_READY"}
    time = after(DEPTHS.created, hours=5 * revision)
    record = resource(SEPTEMBER, DEPTHS, spec, status, updated=time if revision else None)
    return record, version_hash, tag


def _plugin(revision: int, tag: str) -> tuple[Record, str, str]:
    digest = sha256(f"{LOCK_TOOLS.slug} {revision}")
    spec = {
        "name": LOCK_TOOLS.slug,
        "version": f"0.{revision}.0",
        "description": sentence(f"plugin/{LOCK_TOOLS.slug}"),
        "dialect": "PLUGIN_DIALECT_CLAUDE",
    }
    status = {
        "digest": digest,
        "artifactStorageKey": f"plugins/{digest}.zip",
        "state": "PLUGIN_STATE_READY",
        "materialized": {"skills": 1, "mcpServers": 1, "agents": 0, "workflows": 1 + revision},
    }
    time = after(LOCK_TOOLS.created, hours=4 * revision)
    record = resource(SEPTEMBER, LOCK_TOOLS, spec, status, updated=time if revision else None)
    return record, digest, tag


def _workflow(revision: int, tag: str) -> tuple[Record, str, str]:
    version_hash = sha256(f"{PASSAGE.slug} {revision}")
    tasks = [
        {
            "name": "depths",
            "kind": "http_call",
            "taskConfig": {"method": "GET", "endpoint": {"uri": "https://charts.example/depths"}},
            "export": {"as": "${ . }"},
            "flow": {"then": "continue"},
        },
        {
            "name": "advise",
            "kind": "agent_call",
            "taskConfig": {"agent": LOCKS.slug, "message": "Which passage, at ${ .depth } dm?"},
        },
        {
            "name": "confirm",
            "kind": "human_input",
            "taskConfig": {"prompt": "Go?", "timeout_seconds": 600 + 300 * revision},
        },
    ]
    spec = {
        "description": sentence(f"workflow/{PASSAGE.slug}"),
        "document": {"dsl": "1.0.0", "namespace": "lockside", "name": PASSAGE.slug},
        "tasks": tasks[: 2 + revision],
        "env": {"UNITS": {"description": "Of depths."}},
        "budget": {"maxCostMicros": "500000", "onExceeded": "budget_exceeded_human_review"},
    }
    status = {"defaultInstanceId": PASSAGE_INSTANCE.id, "versionHash": version_hash}
    time = after(PASSAGE.created, hours=7 * revision)
    record = resource(SEPTEMBER, PASSAGE, spec, status, updated=time if revision else None)
    return record, version_hash, tag


def reached() -> list[Record]:
    """How others reach the agent, and when it is asked by itself."""
    chat = {
        "clientId": "4410.3118",
        "clientSecret": f"{SECRET}-barge-chat-client",
        "signingSecret": f"{SECRET}-barge-chat-signing",
    }
    return [
        resource(
            SEPTEMBER,
            PASSAGE_INSTANCE,
            {"workflowId": PASSAGE.id, "environmentRefs": [ref(ON_BOARD)]},
        ),
        resource(
            SEPTEMBER,
            SHARE,
            {
                "agentRef": ref(LOCKS),
                "enabled": True,
                "audience": "agent_share_audience_public",
                "allowedOrigins": ["https://times.lockside.example"],
                "messages": {"rateLimited": "One at a time."},
            },
            {"shareLinkToken": f"{SECRET}-share-link", "agentId": LOCKS.id},
        ),
        resource(SEPTEMBER, CHAT_APP, {"slack": chat}),
        resource(
            SEPTEMBER,
            CHAT,
            {"agentRef": ref(LOCKS), "enabled": True, "slack": {}, "appRef": ref(CHAT_APP)},
            {"installState": "installed", "credentialsEnvironmentId": ON_BOARD.id},
        ),
        resource(
            SEPTEMBER,
            PHONE,
            {"agentRef": ref(LOCKS), "whatsapp": {"phoneNumberId": "3118"}},
            {"installState": "pending_install"},
        ),
        resource(
            SEPTEMBER,
            DAILY,
            {
                "cron": "0 5 * * *",
                "timeZone": "Europe/Amsterdam",
                "enabled": True,
                "agent": {
                    "agentRef": ref(LOCKS),
                    "message": "List the depths.",
                    "environmentRefs": [ref(ON_BOARD)],
                },
            },
        ),
    ]


def part() -> Part:
    """All of it."""
    records, versions = [*used(), *reached()], []
    for states in (
        [_skill(0, "stable"), _skill(1, "stable")],
        [_plugin(0, ""), _plugin(1, "stable")],
        [_workflow(0, "draft"), _workflow(1, "stable")],
    ):
        live, archived = _versions(states)
        records.append(live)
        versions += archived
    return Part(records, versions)
