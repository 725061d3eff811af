"""Skills with their versions: pushed often, tagged and re-tagged, pushed in the same second,
deleted, and archived in the two ways that came before ``resource_audit``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from tests.builders.demo.core import (
    FIRST,
    OCTOBER,
    SECOND,
    Identity,
    Part,
    Record,
    Version,
    after,
    number,
    resource,
    sha256,
    version_of,
    who,
)
from tests.builders.demo.prose import markdown

RECONCILE = who("skill", "Reconcile invoices", "2026-01-20 08:30:00")
LADING = who("skill", "Read a bill of lading", "2026-01-20 12:00:00")
CUSTOMS = who("skill", "Customs codes", "2026-01-21 09:45:30")
DEMURRAGE = who("skill", "Demurrage rules", "2026-01-22 13:10:05")
RETIRED = who("skill", "Retired tariff codes", "2026-01-23 08:00:00")
HANDBOOK = who("skill", "Port operations handbook", "2026-10-22 07:20:11")
NOTES = who("skill", "Write release notes", "2026-10-26 15:42:50")

#: The tag of each push, oldest first: a tag moves on with every push that carries it.
TAGS = (
    "draft", "draft", None, "beta", "beta", "stable", "", "canary", "canary", "beta", "stable",
    "v1", "v1", None, "canary", "v1", "stable", "beta", "v2", "", "canary", "v2", "stable",
    "beta", "canary",
)  # fmt: skip

JANUARY_NOTE = {"annotations": {"source": "imported by the January daemon"}}


class Push(NamedTuple):
    """One push of a skill."""

    record: Record
    version_hash: str
    tag: str | None
    time: datetime


def _times(start: datetime, count: int) -> list[datetime]:
    """A push every few hours, every fifth within the second of the one before it."""
    times = [start]
    for index in range(1, count):
        gap = timedelta(0) if index % 5 == 4 else timedelta(hours=3, minutes=17 * index)
        times.append(times[-1] + gap)
    return times


def push(
    release: str, skill: Identity, revision: int, tag: str | None, time: datetime, sections: int
) -> Push:
    """The state a skill is saved in by one push."""
    text = markdown(skill.name, f"skill/{skill.slug}", sections, revision)
    version_hash = sha256(f"artifact of {skill.slug}\n{text}")
    spec: dict[str, object] = {"skillMd": text}
    status: dict[str, object] = {
        "versionHash": version_hash,
        "artifactStorageKey": f"skills/{version_hash}.zip",
        "state": "SKILL_STATE_READY",
    }
    metadata: dict[str, object] = {"tags": ["freight"]}
    if tag:
        spec["tag"] = tag
    if release == OCTOBER:
        spec |= {"name": skill.slug, "description": f"How we do it: {skill.name}."}
        status["gitProvenance"] = {
            "remoteUrl": "https://git.tidewater.example/skills.git",
            "ref": "refs/heads/main",
            "commit": sha256(f"commit {revision} of {skill.slug}")[:40],
            "subdir": skill.slug,
        }
        metadata["etag"] = f'W/"{revision + 1}"'
    elif skill is not LADING:
        metadata |= JANUARY_NOTE
    updated = time if time != skill.created else None
    record = resource(release, skill, spec, status, metadata, updated=updated)
    return Push(record, version_hash, tag, time)


def pushes(release: str, skill: Identity, tags: Sequence[str | None], sections: int) -> list[Push]:
    """All pushes of a skill, oldest first. The tenth brings back the text of the eighth."""
    times = _times(skill.created, len(tags))
    return [
        push(release, skill, 7 if index == 9 else index, tag, times[index], sections)
        for index, tag in enumerate(tags)
    ]


def _archived(made: Sequence[Push]) -> list[Version]:
    return [version_of(each.record, each.version_hash, each.tag, each.time) for each in made]


def _often_pushed() -> Part:
    records: list[Record] = []
    versions: list[Version] = []
    for release, skill, tags, sections in (
        (FIRST, RECONCILE, TAGS, 3),
        (FIRST, LADING, ("stable", "stable", "canary", "stable"), 2),
        (OCTOBER, HANDBOOK, TAGS, 7),
    ):
        made = pushes(release, skill, tags, sections)
        records.append(made[-1].record)
        versions += _archived(made)
    return Part(records, versions)


def _saved_again() -> Part:
    """The live row was saved once more after its last push: other bytes, same hash."""
    made = pushes(OCTOBER, NOTES, ("stable", "canary", "stable"), 2)
    saved_at = after(NOTES.created, days=3)
    live = push(OCTOBER, NOTES, 2, "stable", saved_at, 2).record
    return Part([live], _archived(made))


def _legacy() -> Part:
    """History in the ``resources`` table, by the daemon's rule and by another's."""
    records: list[Record] = []
    for skill, kind, prefix, unit in (
        (CUSTOMS, "skill", "skill_audit/", 10**9),
        (DEMURRAGE, "SKILL_AUDIT", "", 10**3),
    ):
        made = pushes(SECOND, skill, ("draft", "stable", None, "stable"), 2)
        records.append(made[-1].record)
        for index, each in enumerate(made):
            saved = _times(skill.created, len(made))[index]
            digits = int(saved.timestamp()) * unit + number(each.version_hash, unit)
            legacy_id = f"{prefix}{skill.id}/{digits}"
            records.append(each.record._replace(kind=kind, id=legacy_id))
    return Part(records)


def _deleted() -> Part:
    """A skill that is gone; its history was left behind."""
    return Part([], _archived(pushes(FIRST, RETIRED, ("draft", "stable", "", "stable"), 2)))


def part() -> Part:
    """All of it."""
    parts = (_often_pushed(), _saved_again(), _legacy(), _deleted())
    return Part(
        [record for each in parts for record in each.records],
        [version for each in parts for version in each.versions],
    )
