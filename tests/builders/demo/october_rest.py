"""October's channels, schedules, eval runs and billing."""

from __future__ import annotations

from tests.builders.demo.core import (
    OCTOBER,
    SECRET,
    Json,
    Part,
    Record,
    at,
    october_ref,
    resource,
    sha256,
    who,
)
from tests.builders.demo.october_agents import CASES, CLERK, REEFERS, SHARED_VAULT, TOOLBOX
from tests.builders.demo.october_people import NIGHT_DESK
from tests.builders.demo.october_runs import NIGHT, REPAIR

CHAT_APP = who("channel_app", "Desk chat", "2026-10-23 09:00:00")
PHONE_APP = who("channel_app", "Gate phone", "2026-10-23 09:10:00")
CHAT = who("channel", "Night desk chat", "2026-10-23 09:30:00")
PHONE = who("channel", "Drivers at the gate", "2026-10-23 09:40:00")
PAGE = who("channel", "Public help page", "2026-10-23 09:50:00")
NIGHTLY = who("schedule", "Alarms, every night", "2026-10-26 20:00:00")
PAUSED = who("schedule", "Weekly tariff summary", "2026-10-26 20:10:00")
COMPARISON = who("eval_run", "Toolbox against none", "2026-10-28 13:00:00")
PARTIAL = who("eval_run", "Clerk, nightly", "2026-10-29 02:00:00")
TEAM_PLAN = who("plan", "Team", "2026-10-21 08:00:00", "")
OLD_PLAN = who("plan", "Starter", "2026-10-21 08:05:00", "")
PAID = who("subscription", "tidewater on Team", "2026-10-21 08:30:00")
LICENSE = who("license", "tidewater on its own servers", "2026-10-21 08:40:00")


def channels() -> list[Record]:
    """One of each type with the app it comes through."""
    chat = {
        "clientId": "4410.2207",
        "clientSecret": f"{SECRET}-chat-client",
        "signingSecret": f"{SECRET}-chat-signing",
    }
    phone = {
        "appId": "990177",
        "appSecret": f"{SECRET}-phone-app",
        "accessToken": f"{SECRET}-phone-access",
        "verifyToken": f"{SECRET}-phone-verify",
    }
    installed = {
        "teamId": "T0417",
        "teamName": "Tidewater",
        "grantedScopes": ["chat:write", "channels:history"],
        "installedAt": "2026-10-23T09:31:44Z",
        "channelAppId": CHAT_APP.id,
    }
    base = {"agentRef": october_ref(REEFERS), "enabled": True}
    messages = {"rateLimited": "Please wait a minute.", "unavailable": "We are back at six."}
    return [
        resource(OCTOBER, CHAT_APP, {"slack": chat}),
        resource(OCTOBER, PHONE_APP, {"whatsapp": phone}),
        resource(
            OCTOBER,
            CHAT,
            {**base, "slack": {"appRef": october_ref(CHAT_APP)}},
            {"installState": "installed", "slack": installed},
        ),
        resource(
            OCTOBER,
            PHONE,
            {**base, "whatsapp": {"phoneNumberId": "4977", "appRef": october_ref(PHONE_APP)}},
            {"installState": "revoked", "whatsapp": {"displayPhoneNumber": "+00 555 0117"}},
        ),
        resource(
            OCTOBER,
            PAGE,
            {
                **base,
                "enabled": False,
                "vaults": [october_ref(SHARED_VAULT)],
                "web": {
                    "audience": "channel_audience_public",
                    "allowedOrigins": ["https://help.tidewater.example"],
                    "messages": messages,
                },
            },
            {"installState": "pending_install", "web": {"linkToken": f"{SECRET}-link-token"}},
        ),
    ]


def schedules() -> list[Record]:
    """One that fires and one that was paused after failing."""
    invocation = {
        "agentRef": october_ref(REEFERS),
        "message": "List the alarms of the night.",
        "harness": "HARNESS_NATIVE",
        "runConfig": {"maxCostUsd": 1.0},
    }
    return [
        resource(
            OCTOBER,
            NIGHTLY,
            {
                "cron": "0 4 * * *",
                "timeZone": "Europe/Amsterdam",
                "enabled": True,
                "agent": invocation,
            },
            {
                "nextFireAt": "2026-11-04T02:00:00Z",
                "lastFireAt": "2026-11-03T02:00:00Z",
                "lastRunId": NIGHT.id,
                "vaultAttachers": {SHARED_VAULT.id: NIGHT_DESK.id},
            },
            updated=at("2026-11-03 02:00:01"),
        ),
        resource(
            OCTOBER,
            PAUSED,
            {"cron": "0 7 * * 1", "timeZone": "UTC", "agent": invocation},
            {"consecutiveFailures": 5, "pausedReason": "failed five times in a row"},
        ),
    ]


def _arm(score: float, state: str) -> Json:
    tries = [
        {
            "index": index,
            "runId": REPAIR.id,
            "state": f"eval_run_try_state_{state}",
            "score": score,
            "costUsd": 0.0125,
            "durationSeconds": 41.5 + index,
        }
        for index in range(3)
    ]
    return {"score": score, "perfectRuns": 0, "gradedTries": 3, "tries": tries}


def _case(name: str) -> Json:
    target = {
        "target": {"harness": "HARNESS_NATIVE", "modelName": "large-2026-09"},
        "withPlugin": _arm(1.0, "graded"),
        # A score of zero that was set is not the same as no score.
        "withoutPlugin": _arm(0.0, "graded"),
        "delta": 1.0,
        "passed": True,
    }
    mocked = {"name": "portal", "tools": ["sailings"], "notStartedReason": "port in use"}
    path = f"cases/{name}"
    return {"caseName": name, "path": path, "targets": [target], "mockedServers": [mocked]}


def eval_runs() -> list[Record]:
    """A comparison with and without a plugin, and a run that its limit ended."""
    aggregates = {"overallScore": 0.5, "casesPassed": 1, "casesTotal": 2, "meanDelta": 0.0}
    plugin = {
        "pluginId": TOOLBOX.id,
        "pluginSlug": TOOLBOX.slug,
        "pluginDigest": sha256(f"{TOOLBOX.slug} 2"),
        "attached": True,
        "compared": True,
        "cases": [_case("two-seals"), _case("no-seal")],
        "aggregates": aggregates,
    }
    suite = {
        "evalId": CASES.id,
        "evalSlug": CASES.slug,
        "evalDigest": sha256(f"{CASES.slug} 2"),
        "notRunReason": "cost ceiling",
    }
    return [
        resource(
            OCTOBER,
            COMPARISON,
            {
                "agentId": REEFERS.id,
                "comparedPluginId": TOOLBOX.id,
                "cases": [{"plugin": october_ref(TOOLBOX)}],
                "targets": [{"harness": "HARNESS_NATIVE", "modelName": "large-2026-09"}],
                "runs": 3,
                "ablation": "eval_run_ablation_with_without",
                "threshold": 0.0,
                "judgeModel": "small-2026-09",
            },
            {
                "phase": "eval_run_phase_completed",
                "plugins": [plugin],
                "aggregates": aggregates,
                "costUsd": 0.075,
                "triesTotal": 12,
                "triesFinished": 12,
                "startedAt": "2026-10-28T13:00:02.000000001Z",
                "finishedAt": "2026-10-28T13:24:00Z",
            },
        ),
        resource(
            OCTOBER,
            PARTIAL,
            {"agentId": CLERK.id, "cases": [{"eval": october_ref(CASES)}], "maxCostUsd": 0.01},
            {
                "phase": "eval_run_phase_partial",
                "partialReason": "eval_run_partial_reason_cost_ceiling",
                "evals": [suite],
            },
        ),
    ]


def billing() -> list[Record]:
    """A plan in force and one retired, a subscription and a license."""
    limits = {"maxOrgs": 3, "maxUsers": 40, "includedAgentHours": 500}
    entitlements = {"limits": limits, "features": ["channels", "teams", "access_history"]}
    terms = {"monthlyMinimumMicros": "49000000", "perAgentHourMicros": "9007199254740993"}
    return [
        resource(
            OCTOBER,
            TEAM_PLAN,
            {"instrument": "subscription", "entitlements": entitlements, "terms": terms},
            {"lifecycle": "active"},
        ),
        resource(
            OCTOBER,
            OLD_PLAN,
            {"instrument": "license", "description": "Until September."},
            {"lifecycle": "retired", "retiredAt": "2026-09-30T00:00:00Z"},
        ),
        resource(
            OCTOBER,
            PAID,
            {"planId": TEAM_PLAN.id},
            {
                "state": "past_due",
                "currentPeriodStart": "2026-10-21T00:00:00Z",
                "currentPeriodEnd": "2026-11-01T00:00:00Z",
            },
        ),
        resource(
            OCTOBER,
            LICENSE,
            {
                "customer": {"id": "crm-118", "displayName": "Tidewater Freight"},
                "planId": OLD_PLAN.id,
                "entitlements": entitlements,
                "term": "trial",
                "expiresAt": "2026-12-31T00:00:00Z",
            },
            {"keyId": "key-2026-a", "issuedAt": "2026-10-21T08:40:00Z", "ticket": "T-2201"},
        ),
    ]


def part() -> Part:
    """All of it."""
    return Part([*channels(), *schedules(), *eval_runs(), *billing()])
