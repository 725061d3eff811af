"""January's agents, written before and after sub-agents changed, and their instances."""

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
    at,
    january_ref,
    resource,
    who,
)
from tests.builders.demo.january_base import STAGING
from tests.builders.demo.prose import markdown, sentence

RECONCILER = who("agent", "Invoice Reconciler", "2026-01-20 08:12:31")
TRIAGE = who("agent", "Support Triage", "2026-01-20 10:41:07")
TARIFFS = who("agent", "Tariff Lookup", "2026-01-21 15:30:58")
NOTES = who("agent", "Release Notes Writer", "2026-01-26 09:05:44")
BERTHS = who("agent", "Berth Planner", "2026-01-26 11:17:23")
CUSTOMS = who("agent", "Customs Form Checker", "2026-01-27 13:49:36")

RELEASE_OF = {
    RECONCILER: FIRST,
    TRIAGE: FIRST,
    TARIFFS: FIRST,
    NOTES: SECOND,
    BERTHS: SECOND,
    CUSTOMS: SECOND,
}


def default_instance(agent: Identity) -> Identity:
    """The instance the daemon makes beside an agent."""
    return Identity("agent_instance", f"{agent.name}-default", after(agent.created, seconds=1))


ON_STAGING = who("agent_instance", "Invoice Reconciler on staging", "2026-01-20 09:30:11")

_LEDGER = {
    "name": "ledger",
    "stdio": {
        "command": "npx",
        "args": ["-y", "@tidewater/ledger-mcp"],
        "envPlaceholders": {"LEDGER_TOKEN": "${LEDGER_TOKEN}"},
        "workingDir": "/srv/ledger",
    },
    "enabledTools": ["list_invoices", "read_invoice"],
}
_PORTAL = {
    "name": "portal",
    "http": {
        "url": "https://portal.example/mcp",
        "headers": {"authorization": f"Bearer {SECRET}-agent-portal", "X-Trace": "agents"},
        "timeoutSeconds": 20,
    },
}
_SCANNER = {
    "name": "scanner",
    "docker": {
        "image": "registry.tidewater.example/page-scanner:2.4",
        "envPlaceholders": {"LANGUAGE": "eng"},
        "ports": [{"hostPort": 8090, "containerPort": 80, "protocol": "tcp"}],
    },
}


def _sub_agent(name: str, tools: list[str]) -> dict[str, object]:
    """What InlineSubAgentSpec was before, and SubAgent is since."""
    return {
        "name": name,
        "description": sentence(f"sub-agent/{name}"),
        "instructions": markdown(f"You are {name}", f"sub-agent/{name}/instructions", 1),
        "mcpServers": ["ledger"],
        "mcpToolSelections": {"ledger": {"enabledTools": tools}},
        "skillRefs": [january_ref("skill", "read-a-bill-of-lading")],
    }


def _specs() -> dict[Identity, Json]:
    secret = {"API_KEY": {"value": f"{SECRET}-agent-api-key", "isSecret": True}}
    return {
        RECONCILER: {
            "mcpServers": [_LEDGER, _PORTAL],
            "skillRefs": [
                january_ref("skill", "reconcile-invoices"),
                january_ref("skill", "read-a-bill-of-lading", version="stable"),
            ],
            "subAgents": [
                {"inlineSpec": _sub_agent("amount-checker", ["read_invoice"])},
                {"inlineSpec": _sub_agent("letter-writer", ["list_invoices", "read_invoice"])},
                {"agentInstanceRefs": january_ref("agent_instance", "tariff-lookup-default")},
            ],
            "envSpec": {"description": "What it needs to run.", "data": secret},
        },
        TRIAGE: {
            "iconUrl": "https://tidewater.example/icons/triage.png",
            "subAgents": [
                {"agentInstanceRefs": january_ref("agent_instance", "tariff-lookup-default")},
                {"agentInstanceRefs": january_ref("agent_instance", "was-never-created")},
            ],
        },
        TARIFFS: {"mcpServers": [_PORTAL], "skillRefs": [january_ref("skill", "no-such-skill")]},
        NOTES: {
            "mcpServers": [_LEDGER],
            "subAgents": [
                _sub_agent("change-collector", ["list_invoices"]),
                _sub_agent("style-reader", []),
            ],
        },
        BERTHS: {
            "mcpServers": [_PORTAL, _SCANNER],
            "subAgents": [_sub_agent("tide-reader", ["read_invoice"])],
            "envSpec": {"data": {**secret, "PORT": {"value": "north"}}},
        },
        CUSTOMS: {"mcpServers": [_SCANNER], "skillRefs": [january_ref("skill", "customs-codes")]},
    }


def _instructions(agent: Identity) -> str:
    """Short ones, and one that fills a book."""
    return markdown(agent.name, f"agent/{agent.name}", 40 if agent is TRIAGE else 3)


def agents() -> list[Record]:
    """Every agent with its instructions and its default instance named."""
    return [
        resource(
            RELEASE_OF[agent],
            agent,
            {
                "description": sentence(f"agent/{agent.name}"),
                "instructions": _instructions(agent),
                **spec,
            },
            {"defaultInstanceId": default_instance(agent).id},
            updated=after(agent.created, days=1, minutes=7),
        )
        for agent, spec in _specs().items()
    ]


def instances() -> list[Record]:
    """The default instances, and one that was configured by hand."""
    text = "Default instance (auto-created, no custom configuration)"
    made = [
        resource(release, default_instance(agent), {"agentId": agent.id, "description": text})
        for agent, release in RELEASE_OF.items()
    ]
    configured = resource(
        FIRST,
        ON_STAGING,
        {
            "agentId": RECONCILER.id,
            "description": "Against the staging ledger.",
            # The daemon's own rule gives environments the number of workflow executions here.
            "environmentRefs": [
                january_ref("workflow_execution", STAGING.slug),
                january_ref("workflow_execution", "an-environment-that-is-gone"),
            ],
        },
        updated=at("2026-01-22 16:00:27"),
    )
    return [*made, configured]


def part() -> Part:
    """All of it."""
    return Part([*agents(), *instances()])
