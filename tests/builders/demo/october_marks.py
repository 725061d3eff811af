"""What is remembered of October's runs, and how they are scored."""

from __future__ import annotations

from tests.builders.demo.core import OCTOBER, Part, Record, at, resource, who
from tests.builders.demo.october_agents import REEFERS
from tests.builders.demo.october_people import NIGHT_DESK
from tests.builders.demo.october_runs import ALARMS, FACT, NIGHT, STOPPED
from tests.builders.demo.prose import sentence

GUESS = who("memory", "carrier closes early on fridays", "2026-10-29 06:20:00")
JUDGED = who("score", "alarms-night-41 judged", "2026-10-28 06:30:00")
UNJUDGED = who("score", "stopped-by-limit not judged", "2026-10-29 22:00:00")
RULE = who("scoring_rule", "one run in ten", "2026-10-26 10:00:00")


def remembered() -> list[Record]:
    """A fact that was confirmed and one that waits."""
    provenance = {"agentId": REEFERS.id, "sessionId": ALARMS.id, "runId": NIGHT.id}
    return [
        resource(
            OCTOBER,
            memory,
            {
                "content": sentence(f"memory/{memory.slug}"),
                "subjectIdentityAccountId": NIGHT_DESK.id,
                "provenance": provenance,
            },
            {
                "lifecycleState": f"lifecycle_state_{state}",
                "stateChangedAt": "2026-10-29T07:00:00Z",
            },
        )
        for memory, state in ((FACT, "confirmed"), (GUESS, "proposed"))
    ]


def scores() -> list[Record]:
    """A judged run, a run that could not be judged, and the rule that asks for it."""
    criteria = [
        {"name": "all alarms named", "result": "criterion_result_passed"},
        {"name": "no guesses", "result": "criterion_result_failed", "reason": sentence("score")},
        {"name": "in one page", "result": "criterion_result_not_applicable"},
    ]
    graded = {
        "runId": NIGHT.id,
        "sessionId": ALARMS.id,
        "metric": "report-quality",
        "source": "score_source_judge",
        "passed": False,
        "criteria": criteria,
        "judgeModel": "small-2026-09",
    }
    return [
        resource(OCTOBER, JUDGED, graded, {"state": "score_state_graded", "agentId": REEFERS.id}),
        resource(
            OCTOBER,
            UNJUDGED,
            {"runId": STOPPED.id, "source": "score_source_judge"},
            {"state": "score_state_not_graded", "notGradedReason": "the run was stopped"},
        ),
        resource(
            OCTOBER,
            RULE,
            {
                "agentId": REEFERS.id,
                "enabled": True,
                "sampleRate": 0.1,
                "monthlyLimitUsd": 12.5,
                "modelName": "small-2026-09",
            },
            {"period": "2026-10", "spentUsd": 3.0625, "graded": 14, "notGraded": 1},
            updated=at("2026-10-30 00:00:05"),
        ),
    ]


def part() -> Part:
    """All of it."""
    return Part([*remembered(), *scores()])
