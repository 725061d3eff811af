"""October's sessions and runs."""

from __future__ import annotations

from tests.builders.demo.core import (
    OCTOBER,
    SECRET,
    Identity,
    Json,
    Part,
    Record,
    after,
    iso,
    october_ref,
    resource,
    sha256,
    who,
)
from tests.builders.demo.october_agents import CASES, CLERK, DESK_VAULT, REEFERS, TOOLBOX
from tests.builders.demo.october_people import NIGHT_DESK
from tests.builders.demo.prose import markdown, paragraph, sentence
from tests.builders.demo.skills import HANDBOOK

ALARMS = who("session", "Alarms of week 41", "2026-10-27 22:03:12")
ENTRIES = who("session", "Customs entries, batch 9", "2026-10-28 08:40:55")

NIGHT = who("run", "alarms-night-41", "2026-10-27 22:03:20")
REPAIR = who("run", "fix-seal-parser", "2026-10-28 09:10:00")
APPROVAL = who("run", "send-entries-9", "2026-10-28 08:41:10")
QUEUED = who("run", "inline-session", "2026-10-29 07:00:00")
STOPPED = who("run", "stopped-by-limit", "2026-10-29 21:30:00")

FACT = who("memory", "free days at the north quay", "2026-10-28 06:15:00")


def sessions() -> list[Record]:
    """A workspace from a repository with a token, and one from a folder."""
    repository = {
        "url": "https://git.tidewater.example/seals.git",
        "branch": "main",
        "commit": sha256("seals")[:40],
        "depth": 1,
        "writeBackMode": "GIT_WRITE_BACK_BRANCH_AND_PR",
        "token": f"{SECRET}-repository-token",
    }
    return [
        resource(
            OCTOBER,
            ALARMS,
            {
                "subject": "What happened in the cold store overnight",
                "metadata": {"client": "desktop", "locale": "en"},
                "workspaceEntries": [
                    {"name": "seals", "source": {"gitRepo": repository}},
                    {"name": "notes", "source": {"localPath": {"path": "/srv/notes"}}},
                ],
                "skillRefs": [october_ref(HANDBOOK)],
                "harness": "HARNESS_NATIVE",
                "executionTarget": "EXECUTION_TARGET_LOCAL",
                "agentRef": october_ref(REEFERS),
                "vaults": [october_ref(DESK_VAULT)],
                "includeMyVault": True,
                "plugins": [october_ref(TOOLBOX)],
                "fileReview": True,
            },
            {
                "agentId": REEFERS.id,
                "agentVersionHash": sha256(f"{REEFERS.slug} 4"),
                "vaultAttachers": {DESK_VAULT.id: NIGHT_DESK.id},
                "state": "active",
                "harnessStateId": "hs-0009",
                "harnessStateIdHistory": ["hs-0007", "hs-0008"],
            },
        ),
        resource(
            OCTOBER,
            ENTRIES,
            {"subject": "Batch 9", "agentRef": october_ref(CLERK), "harness": "HARNESS_CURSOR"},
            {"agentId": CLERK.id, "state": "active"},
        ),
    ]


def _changes(run: Identity) -> list[dict[str, object]]:
    names = ("parser/seal.py", "parser/digits.py", "tests/test_seal.py", "docs/seals.md")
    changes = [
        {
            "id": f"chg-{index}",
            "pathBefore": name if index else "",
            "pathAfter": name,
            "kind": "FILE_CHANGE_KIND_MODIFY" if index else "FILE_CHANGE_KIND_ADD",
            "captureClass": "FILE_CAPTURE_CLASS_GIT_TRACKED",
            "before": {"inline": paragraph(f"{name}/before", 2)},
            "after": {"inline": paragraph(f"{name}/after", 3)},
            "beforeSha256": sha256(f"{name} before"),
            "afterSha256": sha256(f"{name} after"),
            "diffComplete": True,
            "linesAdded": 4 + index,
            "linesRemoved": index,
        }
        for index, name in enumerate(names)
    ]
    withheld = {
        "id": "chg-9",
        "pathAfter": ".env",
        "kind": "FILE_CHANGE_KIND_ADD",
        "captureClass": "FILE_CAPTURE_CLASS_GIT_IGNORED_CAPTURED",
        "blockedReason": "FILE_REVIEW_BLOCK_REASON_SECRET_WITHHELD",
        "after": {"ref": {"storageKey": "outputs/9", "sizeBytes": "412"}},
    }
    return [
        {
            "id": "set-1",
            "turnId": f"{run.slug}-turn-3",
            "baselineSnapshot": {
                "kind": "SNAPSHOT_KIND_GIT_TREE_REF",
                "git": {"treeOid": sha256("tree")[:40], "ref": "refs/heads/main"},
            },
            "candidateSnapshot": {
                "kind": "SNAPSHOT_KIND_CAS_MANIFEST",
                "cas": {"manifestDigest": sha256("manifest")},
            },
            "changes": [*changes, withheld],
            "aggregateDigest": sha256("changes"),
            "diffCompleteness": "DIFF_COMPLETENESS_PARTIAL_BLOCKED",
        }
    ]


def _artifacts(run: Identity) -> list[dict[str, object]]:
    return [
        {
            "name": f"report-{index}.md",
            "sandboxPath": f"/sandbox/out/report-{index}.md",
            "kind": "RUN_ARTIFACT_KIND_FILE",
            "sizeBytes": str(18_000 * (index + 1)),
            "storageKey": f"artifacts/{run.slug}/{index}",
            "createdAt": iso(after(run.created, minutes=20 + index)),
            "contentHash": sha256(f"{run.slug} {index}"),
        }
        for index in range(12)
    ]


def _credentials() -> dict[str, object]:
    vault = {"key": "LEDGER_TOKEN", "origin": "RUN_VALUE_ORIGIN_VAULT", "vaultId": DESK_VAULT.id}
    declared = {"key": "PORT", "origin": "RUN_VALUE_ORIGIN_DECLARATION", "plainValue": "north"}
    agent = {"kind": "RUN_VALUE_DECLARER_KIND_AGENT", "agentId": REEFERS.id, "name": REEFERS.name}
    return {
        "person": NIGHT_DESK.id,
        "sources": [{**vault, "declarer": agent}, {**declared, "declarer": agent}],
    }


def _finished() -> dict[str, object]:
    usage = {
        "inputTokens": "1844674407",
        "outputTokens": "90211",
        "cacheReadTokens": "1700000000",
        "totalTokens": "1844764618",
        "turnCount": 61,
        "estimatedCostUsd": 1.8734,
        "model": "large-2026-09",
        "observedAt": iso(after(NIGHT.created, hours=2)),
    }
    return {
        "phase": "RUN_COMPLETED",
        "startedAt": iso(after(NIGHT.created, seconds=4)),
        "completedAt": iso(after(NIGHT.created, hours=2)),
        "agentId": REEFERS.id,
        "agentVersionHash": sha256(f"{REEFERS.slug} 4"),
        "artifacts": _artifacts(NIGHT),
        "streamingUsage": usage,
        "declaredPreferences": {"userContext": "Write dates as 2 October 2026."},
        "recalledMemories": {
            "enabled": True,
            "facts": [{"memoryId": FACT.id, "content": sentence("memory/fact")}],
        },
        "runConfig": {"modelName": "large-2026-09", "maxCostUsd": 3.0, "maxToolRounds": 40},
        "approvalMode": "APPROVAL_MODE_UNATTENDED",
        "credentials": _credentials(),
        "loadedVersions": {
            "skills": [october_ref(HANDBOOK, version="stable")],
            "plugins": [october_ref(TOOLBOX, version="1.2.0")],
        },
        "stopCause": "finished",
    }


def _repaired() -> dict[str, object]:
    pull_request = {
        "workspaceEntryName": "seals",
        "branchName": "stigmer/fix-seal-parser",
        "baseBranch": "main",
        "commitSha": sha256("fix")[:40],
        "pullRequestUrl": "https://git.tidewater.example/seals/pulls/118",
        "pullRequestNumber": 118,
        "diffSummary": "4 files changed, 22 insertions, 6 deletions",
        "phase": "WORKSPACE_WRITE_BACK_PR_CREATED",
    }
    return {
        "phase": "RUN_FAILED",
        "error": "pytest ended with 1: 2 failed, 40 passed",
        "workspaceWriteBacks": [pull_request],
        "fileChanges": _changes(REPAIR),
        "fileChangeProgress": {"changeSetId": "set-1", "filesChanged": 5, "linesAdded": 22},
        "evalFiles": {
            "files": [
                {"path": "out.txt", "text": ""},
                {"path": "photo.png", "binary": True},
                {"path": "missing.txt", "absent": False},
            ]
        },
    }


def _run(run: Identity, spec: Json, status: Json) -> Record:
    return resource(OCTOBER, run, spec, status, updated=after(run.created, hours=2))


def runs() -> list[Record]:
    """A finished night, a repair, one that waits for a person, one queued, one stopped."""
    schema = {
        "type": "object",
        "properties": {"alarms": {"type": "array", "items": {"$ref": "#/$defs/alarm"}}},
        "$defs": {"alarm": {"required": ["container", "since"], "minProperties": 2}},
    }
    attachment = {
        "filename": "alarms.csv",
        "storageKey": "uploads/alarms.csv",
        "mountPath": "/sandbox/in",
        "contentType": "text/csv",
    }
    return [
        _run(
            NIGHT,
            {
                "sessionId": ALARMS.id,
                "message": markdown("Tonight", "run/night", 2),
                "autoApproveAll": True,
                "attachments": [attachment],
                "runConfig": {"thinkingMode": "THINKING_MODE_DISABLED"},
                "structuredOutputSchema": schema,
                "tools": ["list_alarms", "read_file"],
                "conversationCatchup": {
                    "digest": sentence("run/catchup"),
                    "windowEnd": "2026-10-27T22:00:00Z",
                },
            },
            _finished(),
        ),
        _run(
            REPAIR,
            {
                "sessionId": ALARMS.id,
                "message": "The seal parser drops leading zeros. Repair it and open a request.",
                "interactionMode": "INTERACTION_MODE_AGENT",
                "evalCase": {
                    "evalId": CASES.id,
                    "caseDir": "cases/missing-code",
                    "env": {"PORT": "north", "LEDGER_TOKEN": f"{SECRET}-eval-token"},
                },
                "reconcileFileReview": True,
            },
            _repaired(),
        ),
        _run(
            APPROVAL,
            {"sessionId": ENTRIES.id, "message": "Send batch 9.", "supersedesRunId": "run-gone"},
            {
                "phase": "RUN_WAITING_FOR_APPROVAL",
                "agentId": CLERK.id,
                "approvalMode": "APPROVAL_MODE_INTERACTIVE",
            },
        ),
        _run(
            QUEUED,
            {
                "sessionSpec": {"subject": "made with the run", "agentRef": october_ref(CLERK)},
                "message": "Count the entries.",
                "excludedPluginIds": [TOOLBOX.id],
            },
            {"phase": "RUN_PENDING", "setupProgress": {"currentPhase": "cloning seals"}},
        ),
        _run(
            STOPPED,
            {"sessionId": ENTRIES.id, "message": "Translate every manifest of the year."},
            {"phase": "RUN_TERMINATED", "stopCause": "cost ceiling", "error": "stopped at 2.50"},
        ),
    ]


def part() -> Part:
    """All of it."""
    return Part([*sessions(), *runs()])
