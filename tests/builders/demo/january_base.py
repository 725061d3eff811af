"""January's organizations, accounts, keys, environments and MCP servers."""

from __future__ import annotations

from datetime import timedelta

from tests.builders.demo.core import (
    FIRST,
    SECOND,
    SECRET,
    Identity,
    Part,
    Record,
    at,
    resource,
    sha256,
    who,
)

TIDEWATER = who(
    "organization", "Tidewater Freight", "2026-01-19 07:58:12", "", given_slug="tidewater"
)
HARBOURLINE = who(
    "organization", "Harbourline Claims", "2026-01-19 08:03:44", "", given_slug="harbourline"
)
GATE_BOT = who("identity_account", "gate-bot", "2026-01-19 08:10:02", "tidewater")
GATE_KEY = who("api_key", "gate-bot key", "2026-01-19 08:10:40", "tidewater")
GATE_POLICY = who("iam_policy", "gate-bot runs agents", "2026-01-19 08:11:15", "tidewater")

STAGING = who("environment", "staging", "2026-01-19 09:20:00")
PRODUCTION = who("environment", "production", "2026-01-19 09:24:31")
SANDBOX = who("environment", "sandbox", "2026-01-26 14:02:09")

LEDGER_MCP = who("mcp_server", "Ledger", "2026-01-26 14:30:12")
PORTAL_MCP = who("mcp_server", "Carrier portal", "2026-01-26 14:36:55")
SCANNER_MCP = who("mcp_server", "Page scanner", "2026-01-27 08:15:20")


def organizations() -> list[Record]:
    """One that only January can read whole, and one that October reads as well."""
    return [
        resource(
            FIRST,
            TIDEWATER,
            {"description": "Freight forwarding, four ports, one overnight team."},
            metadata={
                "ownerScope": "platform",
                "labels": {"region": "north-sea", "size": "medium"},
                "annotations": {"imported-from": "ledger 4.2", "note": "keep the old slug"},
            },
        ),
        resource(
            FIRST,
            HARBOURLINE,
            {
                "description": "Claims and insurance, a sister company.",
                "logoUrl": "https://harbourline.example/logo.svg",
            },
            metadata={"ownerScope": "platform"},
        ),
    ]


def access() -> list[Record]:
    """A machine account, its key and what it may do."""
    used = at("2026-01-30 22:15:41")
    return [
        resource(
            FIRST,
            GATE_BOT,
            {
                "idpId": "machine|4f1c",
                "email": "gate-bot@tidewater.example",
                "isMachineAccount": True,
            },
            metadata={"annotations": {"owner": "platform team"}},
        ),
        resource(
            FIRST,
            GATE_KEY,
            {
                "keyHash": f"{SECRET}-{sha256('gate-bot key')}",
                "fingerprint": "3f:9a:5c:11",
                "expiresAt": "2026-07-19T08:10:40Z",
            },
            {"lastUsedAt": "2026-01-30T22:15:41.250Z"},
            metadata={"annotations": {"rotate": "every six months"}},
            updated=used,
        ),
        resource(
            FIRST,
            GATE_POLICY,
            {
                "principal": {"kind": "identity_account", "id": GATE_BOT.id},
                "resource": {"kind": "organization", "id": TIDEWATER.id},
                "relation": "executor",
            },
        ),
    ]


def _variables(name: str) -> dict[str, object]:
    return {
        "LEDGER_URL": {"value": f"https://ledger.{name}.tidewater.example"},
        "LEDGER_TOKEN": {
            "value": f"{SECRET}-{name}-ledger-token",
            "isSecret": True,
            "description": "Read-only token of the ledger, rotated on the first of the month.",
        },
        "PORTAL_PASSWORD": {"value": f"{SECRET}-{name}-portal-password", "isSecret": True},
        "REGION": {"value": "eu-north", "description": "Where the buckets are."},
        "EMPTY_SECRET": {"isSecret": True, "description": "Not filled in yet."},
        "MAX_PAGES": {"value": "250"},
    }


def environments() -> list[Record]:
    """Plain and secret variables side by side."""
    saved = {STAGING: FIRST, PRODUCTION: FIRST, SANDBOX: SECOND}
    return [
        resource(
            release,
            identity,
            {
                "description": f"Variables of the {identity.name} systems.",
                "data": _variables(identity.name),
            },
            metadata={"labels": {"tier": identity.name}, "tags": ["ledger", "portal"]},
            updated=identity.created + timedelta(days=2, hours=3),
        )
        for identity, release in saved.items()
    ]


def _server(identity: Identity, spec: dict[str, object], status: dict[str, object]) -> Record:
    return resource(SECOND, identity, {"tags": ["finance", "documents"], **spec}, status)


def mcp_servers() -> list[Record]:
    """One of each transport."""
    return [
        _server(
            LEDGER_MCP,
            {
                "description": "Invoices and credit notes.",
                "stdio": {
                    "command": "npx",
                    "args": ["-y", "@tidewater/ledger-mcp", "--read-only"],
                    "workingDir": "/srv/ledger",
                },
                "defaultEnabledTools": ["list_invoices", "read_invoice"],
                "envSpec": {"data": {"LEDGER_TOKEN": {"isSecret": True}}},
            },
            {"validationState": "VALIDATION_STATE_VALID"},
        ),
        _server(
            PORTAL_MCP,
            {
                "description": "Sailing schedules of the carriers.",
                "http": {
                    "url": "https://portal.example/mcp",
                    "headers": {
                        "Authorization": f"Bearer {SECRET}-portal-bearer",
                        "X-Api-Key": f"{SECRET}-portal-api-key",
                        "X-Trace": "tidewater",
                    },
                    "queryParams": {"port": "north", "api_key": f"{SECRET}-portal-query"},
                    "timeoutSeconds": 30,
                },
            },
            {
                "validationState": "VALIDATION_STATE_INVALID",
                "validationMessage": "The server answered 401 to tools/list.",
            },
        ),
        _server(
            SCANNER_MCP,
            {
                "description": "Reads scanned pages.",
                "docker": {
                    "image": "registry.tidewater.example/page-scanner:2.4",
                    "args": ["--language", "eng+nld"],
                    "volumes": [
                        {"hostPath": "/data/scans", "containerPath": "/scans", "readOnly": True}
                    ],
                    "network": "bridge",
                    "ports": [{"hostPort": 8090, "containerPort": 80, "protocol": "tcp"}],
                    "containerName": "page-scanner",
                },
            },
            {},
        ),
    ]


def part() -> Part:
    """All of it."""
    return Part([*organizations(), *access(), *environments(), *mcp_servers()])
