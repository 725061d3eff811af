"""The demo store's histories: versions, tags that moved, legacy rows, and what was left behind."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pytest

from tests.builders.demo import skills
from tests.builders.demo.core import Identity
from tests.builders.demo.reading import LEGACY_KIND, history, live, made, parsed

LEGACY_ID = re.compile(r"(?:.+_audit/)?(?P<id>.+)/(?P<digits>\d{13}|\d{19})")


@pytest.mark.parametrize("skill", [skills.RECONCILE, skills.HANDBOOK], ids=["January", "October"])
def test_25_versions_and_the_newest_is_the_live_record(skill: Identity) -> None:
    versions = history(skill)
    assert len(versions) == 25
    assert versions[-1].data == live["skill", skill.id].data
    assert len({version.data for version in versions}) == 25
    for version in versions:
        assert re.fullmatch(r"[0-9a-f]{64}", version.version_hash or "")
        assert parsed(version).status.version_hash == version.version_hash
        assert parsed(version).spec.tag == (version.tag or "")


def test_tags_moved_hashes_came_back_and_seconds_are_shared() -> None:
    versions = history(skills.HANDBOOK)
    rows_of = defaultdict(list)
    for index, version in enumerate(versions):
        rows_of[version.tag].append(index)
    assert {None, "", "stable", "canary", "beta", "v1", "v2", "draft"} == rows_of.keys()
    assert rows_of["stable"] == [5, 10, 16, 22]
    assert versions[7].version_hash == versions[9].version_hash
    times = Counter(version.archived_at for version in versions)
    assert max(times.values()) == 2


def test_a_live_record_saved_again_has_the_newest_hash_but_other_bytes() -> None:
    record, newest = live["skill", skills.NOTES.id], history(skills.NOTES)[-1]
    assert record.data != newest.data
    assert parsed(record).status.version_hash == newest.version_hash


def test_history_without_a_record() -> None:
    ids = {record.id for record in made.records}
    gone = Counter(version.kind for version in made.versions if version.id not in ids)
    assert gone == {"skill": 4, "agent": 2, "plugin": 1, "eval": 2, "quantum_widget": 1}
    assert len(history(skills.RETIRED)) == 4


def test_legacy_history_in_both_forms() -> None:
    found = defaultdict(list)
    for record in made.records:
        match = LEGACY_ID.fullmatch(record.id)
        if match and match["id"] in (skills.CUSTOMS.id, skills.DEMURRAGE.id):
            found[record.kind, match["id"], len(match["digits"])].append(record.data)
    assert found.keys() == {
        ("skill", skills.CUSTOMS.id, 19),
        (LEGACY_KIND, skills.DEMURRAGE.id, 13),
    }
    for (_, id_, _), blobs in found.items():
        assert len(blobs) == 4
        assert blobs[-1] == live["skill", id_].data
