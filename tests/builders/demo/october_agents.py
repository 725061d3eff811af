"""October's agents, plugins and evals with their versions, and the vaults they use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tests.builders.demo.core import (
    OCTOBER,
    SECRET,
    Identity,
    Json,
    Part,
    Record,
    Version,
    after,
    october_ref,
    resource,
    sha256,
    version_of,
    who,
)
from tests.builders.demo.october_people import NIGHT_DESK
from tests.builders.demo.prose import markdown, sentence
from tests.builders.demo.skills import HANDBOOK, NOTES

REEFERS = who("agent", "Reefer Watch", "2026-10-22 08:15:20")
CLERK = who("agent", "Customs Clerk", "2026-10-25 09:30:41")
GONE = who("agent", "Old Gate Assistant", "2026-10-23 14:00:00")
TOOLBOX = who("plugin", "Freight toolbox", "2026-10-24 10:10:10")
GONE_PLUGIN = who("plugin", "Scanner bridge", "2026-10-23 15:00:00")
CASES = who("eval", "Clerk regression cases", "2026-10-26 11:25:00")
GONE_EVAL = who("eval", "Gate cases", "2026-10-23 16:00:00")
DESK_VAULT = who("vault", "Night desk vault", "2026-10-22 22:05:00")
SHARED_VAULT = who("vault", "Shared freight vault", "2026-10-22 22:10:00")

Write = Callable[[Identity, int, datetime], tuple[Record, str]]


def _env() -> Json:
    return {
        "LEDGER_TOKEN": {"isSecret": True, "description": "Read-only token of the ledger."},
        "SCANNER_PIN": {"isSecret": True, "value": f"{SECRET}-declared-pin"},
        "PORT": {"description": "Which port.", "optional": True, "value": "north"},
    }


def _hooks() -> Json:
    handler = {
        "command": "/opt/hooks/check-amounts",
        "args": ["--limit", "5000"],
        "timeoutSeconds": 10,
        "failClosed": True,
    }
    groups = [{"event": "PreToolUse", "matcher": "write_.*", "handlers": [handler]}]
    return {"format": "HOOK_FORMAT_CLAUDE_CODE", "groups": groups}


def _agent(agent: Identity, revision: int, time: datetime) -> tuple[Record, str]:
    version_hash = sha256(f"{agent.slug} {revision}")
    spec = {
        "description": sentence(f"agent/{agent.name}"),
        "instructions": markdown(agent.name, f"agent/{agent.slug}", 3, revision),
        "skillRefs": [october_ref(HANDBOOK, version="stable"), october_ref(NOTES)],
        "env": _env(),
        "tools": ["read_file", "grep", "list_alarms"][: 2 + revision % 2],
        "disallowedTools": ["shell"],
        "hooks": [{"inline": _hooks()}],
        "runConfig": {
            "modelName": "large-2026-09",
            "maxCostUsd": 2.5 + revision,
            "maxToolRounds": 40,
            "serviceTier": "SERVICE_TIER_STANDARD",
            "thinkingMode": "THINKING_MODE_ENABLED",
        },
        "harness": "HARNESS_NATIVE",
        "plugins": [october_ref(TOOLBOX)],
        "subagents": [{"org": "tidewater", "kind": "agent", "slug": "nobody-yet"}],
        "mcpServers": [
            {
                "name": "alarms",
                "url": "https://alarms.tidewater.example/mcp",
                "headers": {"Authorization": f"Bearer {SECRET}-alarms", "X-Site": "north"},
            }
        ],
    }
    metadata = {
        "labels": {"desk": "night"},
        "version": {
            "id": f"{agent.slug}-{revision}",
            "message": sentence(f"{agent.slug}/{revision}/why"),
        },
    }
    updated = time if revision else None
    status = {"versionHash": version_hash}
    return resource(OCTOBER, agent, spec, status, metadata, updated=updated), version_hash


def _plugin(plugin: Identity, revision: int, time: datetime) -> tuple[Record, str]:
    digest = sha256(f"{plugin.slug} {revision}")
    spec = {
        "name": plugin.slug,
        "version": f"1.{revision}.0",
        "description": sentence(f"plugin/{plugin.name}"),
        "author": {"name": "Platform team", "email": "platform@tidewater.example"},
        "license": "Apache-2.0",
        "keywords": ["freight", "documents"],
        "dialect": "PLUGIN_DIALECT_AGENT_PLUGINS",
    }
    http = {
        "url": "https://portal.example/mcp",
        "headers": {"Cookie": f"session={SECRET}-plugin-cookie", "Accept": "application/json"},
        "timeoutSeconds": 15,
    }
    status = {
        "digest": digest,
        "artifactStorageKey": f"plugins/{digest}.zip",
        "warnings": [{"kind": "unused", "message": "icon.png is not used", "path": "icon.png"}],
        "hooks": _hooks(),
        "evals": {
            "dir": "evals",
            "caseCount": 1,
            "cases": [{"caseName": "two seals", "path": "evals/two-seals", "caseTags": ["seal"]}],
        },
        "skills": [{"name": "seal-check", "description": "Seals.", "path": "skills/seal-check"}],
        "agents": [
            {
                "name": "seal-reader",
                "description": "Reads seal numbers off photographs.",
                "instructions": markdown("Seal reader", f"plugin/{plugin.slug}", 1, revision),
                "tools": ["read_image"],
            }
        ],
        "mcpServers": [
            {"name": "portal", "http": http, "env": ["PORT"], "signIn": {"oauthOnly": True}},
            {"name": "local", "stdio": {"command": "freight-mcp", "args": ["--stdio"]}},
        ],
        "env": _env(),
    }
    updated = time if revision else None
    return resource(OCTOBER, plugin, spec, status, updated=updated), digest


def _eval(suite: Identity, revision: int, time: datetime) -> tuple[Record, str]:
    digest = sha256(f"{suite.slug} {revision}")
    cases = [
        {"caseName": name, "path": f"cases/{name}", "caseTags": ["customs", "smoke"]}
        for name in ("missing-code", "two-currencies", "scan-upside-down")[: 1 + revision]
    ]
    status = {
        "digest": digest,
        "caseCount": len(cases),
        "caseTags": ["customs", "smoke"],
        "cases": cases,
        "findings": [{"kind": "slow", "message": "takes 40 s", "path": "cases/missing-code"}],
        "mockServers": ["portal"],
    }
    spec = {"tag": "nightly" if revision else "draft"}
    updated = time if revision else None
    return resource(OCTOBER, suite, spec, status, updated=updated), digest


def _history(
    write: Write, identity: Identity, tags: tuple[str, ...]
) -> tuple[Record, list[Version]]:
    versions: list[Version] = []
    record: Record | None = None
    for revision, tag in enumerate(tags):
        time = after(identity.created, hours=20 * revision, minutes=revision)
        record, version_hash = write(identity, revision, time)
        versions.append(version_of(record, version_hash, tag, time))
    assert record is not None
    return record, versions


def _vaults() -> list[Record]:
    saved = {"savedBy": NIGHT_DESK.id, "savedAt": "2026-10-22T22:06:30Z"}
    sign_in = {
        "expiresAt": "1792800000",
        "clientId": "tidewater-stigmer",
        "authMethod": "client_secret_basic",
        "tokenEndpoint": "https://portal.example/token",
        "refreshToken": f"{SECRET}-vault-refresh",
        "loginApp": "Carrier portal",
    }
    return [
        resource(
            OCTOBER,
            DESK_VAULT,
            {
                "person": NIGHT_DESK.id,
                "description": "What the night desk signs in with.",
                "secrets": {
                    "LEDGER_TOKEN": {"value": f"{SECRET}-vault-ledger", **saved},
                    "SCANNER_PIN": {"value": f"{SECRET}-vault-pin", "description": "Six digits."},
                },
                "connections": {
                    "portal": {
                        "token": f"{SECRET}-vault-token",
                        "source": "sign_in",
                        "signIn": sign_in,
                        **saved,
                    },
                    "git": {"token": f"{SECRET}-vault-git", "source": "pasted"},
                },
            },
        ),
        resource(OCTOBER, SHARED_VAULT, {"org": "tidewater", "externalId": "vault-7"}),
    ]


def part() -> Part:
    """All of it; of the last identity of each kind only the history is left."""
    records: list[Record] = _vaults()
    versions: list[Version] = []
    for write, identity, tags in (
        (_agent, REEFERS, ("draft", "stable", "canary", "stable", "canary")),
        (_agent, CLERK, ("stable", "stable")),
        (_plugin, TOOLBOX, ("stable", "", "stable")),
        (_eval, CASES, ("", "nightly", "nightly")),
        (_agent, GONE, ("draft", "stable")),
        (_plugin, GONE_PLUGIN, ("",)),
        (_eval, GONE_EVAL, ("nightly", "nightly")),
    ):
        live, archived = _history(write, identity, tags)
        versions += archived
        if identity not in (GONE, GONE_PLUGIN, GONE_EVAL):
            records.append(live)
    return Part(records, versions)
