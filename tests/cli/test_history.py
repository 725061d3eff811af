from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import layouts
from tests.builders.layouts import Arc, Rec
from tests.cli.calls import call, document, failed
from tests.cli.made import blank_root, blobs, v2

FULL, OTHER = "ab" * 32, "abababcd" * 8
KEYS = ["auditId", "legacyKey", "archivedAt", "versionHash", "tag", "size", "live"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A skill with five versions; their order is not that of their numbers."""
    one, two, three = blobs("skill", "resource_audit")[:3]
    return v2(
        tmp_path,
        Rec("skill", "s", two),
        Arc("skill", "s", one, "2026-01-25 20:38:38", FULL, "mine"),
        Arc("skill", "s", two, "2026-01-25 20:38:38.5", OTHER, "mine"),
        Arc("skill", "s", three, "2026-01-25T20:38:40+01:00", FULL, "audit:1"),
        Arc("skill", "s", b"\xff", "no time", "short", "abababcd"),
        Arc("skill", "s", two, "2026-01-25 20:38:38.5", OTHER, ""),
    )


def test_a_row_says_what_the_version_is(path: Path) -> None:
    answer = call("history", "s", "--json", "--db", path)
    assert answer.out == document(answer.json)
    assert [list(one) for one in answer.json] == [KEYS] * 5
    assert [
        (one["auditId"], one["archivedAt"], one["versionHash"], one["live"]) for one in answer.json
    ] == [
        (5, "2026-01-25T20:38:38.5Z", OTHER, True),
        (2, "2026-01-25T20:38:38.5Z", OTHER, False),
        (1, "2026-01-25T20:38:38Z", FULL, False),
        (3, "2026-01-25T19:38:40Z", FULL, False),
        (4, "no time", "short", False),
    ]
    # A row without a tag has its message's.
    message = call("show", "s", "--version", "audit:5", "--db", path).json
    assert answer.json[0]["tag"] == message["spec"]["tag"]


@pytest.mark.parametrize(
    ("named", "number"),
    [
        ("live", None),
        ("previous", 1),
        ("audit:4", 4),
        ("audit:1", 1),  # the number before the tag of that name
        ("tag:audit:1", 3),
        ("tag:mine", 2),
        ("mine", 2),
        (FULL, 1),
        (FULL.upper(), 1),
        (f"hash:{FULL}", 1),
        ("hash:short", 4),
        ("short", 4),
        ("abababcd", 4),  # the tag before the beginning of a hash
        ("hash:abababcd", 5),
        ("ABABABAB", 1),
        ("abababa", 1),
    ],
)
def test_a_version_by_its_names(named: str, number: int | None, path: Path) -> None:
    envelope = call("show", "s", "--version", named, "--envelope", "--db", path).json
    version = envelope["version"]
    assert (version and version["auditId"]) == number
    if version is not None:
        assert list(version) == KEYS[:5]


@pytest.mark.parametrize("named", ["ababab", "hash:ababab", "hash:ABABAB"])
def test_a_beginning_of_two_hashes_names_the_candidates(named: str, path: Path) -> None:
    sentence = failed(call("show", "s", "--version", named, "--db", path), 2)
    assert "audit:5" in sentence and "audit:1" in sentence


@pytest.mark.parametrize(
    "named", ["", "audit:9", "audit:", "tag:", "tag:nothing", "hash:abab", "ababa", "legacy:1", "x"]
)
def test_a_name_of_no_version_is_4(named: str, path: Path) -> None:
    failed(call("show", "s", "--version", named, "--db", path), 4)


def test_previous_is_the_newest_that_differs(tmp_path: Path) -> None:
    one, two = blobs("skill", "resource_audit")[:2]
    path = v2(
        tmp_path,
        Rec("skill", "s", two), Arc("skill", "s", one), Arc("skill", "s", two),
        Rec("skill", "same", two), Arc("skill", "same", two),
        Rec("skill", "none", two),
    )  # fmt: skip
    shown = call("show", "s", "--version", "previous", "--envelope", "--db", path).json
    assert shown["version"]["auditId"] == 1
    for id_ in ("same", "none"):
        failed(call("show", id_, "--version", "previous", "--db", path), 4)
    assert call("history", "none", "--json", "--db", path).out == b"[]\n"


def test_live_is_by_bytes_and_else_by_hash(tmp_path: Path) -> None:
    def live(*rows: Rec | Arc) -> list[int]:
        (tmp_path / "stigmer.db").unlink(missing_ok=True)
        path = v2(tmp_path, *rows)
        return [
            one["auditId"]
            for one in call("history", "s", "--json", "--db", path).json
            if one["live"]
        ]

    one, two = blobs("skill", "resource_audit")[:2]
    saved_again = two + b"\x5a\x00"  # an unknown field: other bytes, the same hash
    assert live(Rec("skill", "s", two), Arc("skill", "s", two), Arc("skill", "s", one)) == [1]
    assert live(Rec("skill", "s", two), Arc("skill", "s", two), Arc("skill", "s", two)) == [2]
    assert live(Rec("skill", "s", saved_again), Arc("skill", "s", two)) == [1]
    assert live(
        Rec("skill", "s", two), Arc("skill", "s", two), Arc("skill", "s", saved_again)
    ) == [1]  # fmt: skip
    assert live(Rec("skill", "s", one), Arc("skill", "s", two)) == []
    assert live(Arc("skill", "s", two)) == []


@pytest.mark.parametrize("script", [layouts.RESOURCES, layouts.RESOURCES_BARE])
def test_both_legacy_forms(script: str, tmp_path: Path) -> None:
    one, two = blobs("skill", "resource_audit")[:2]
    path = layouts.create(
        tmp_path / "stigmer.db",
        script,
        records=[
            Rec("Skill", "s", two),
            Rec("Skill", "skill_audit/s/1769373518", one),
            Rec("Skill", "other_audit/s/1769373518120", two),
            Rec("Skill", "skill_audit/gone/1769373518120456", one),
            Rec("SKILL_AUDIT", "s/1769373519000000001", one),
            Rec("SKILL_AUDIT", "s/17", one),
        ],
    )
    versions = call("history", "skill", "s", "--json", "--db", path).json
    assert [(one["legacyKey"], one["archivedAt"], one["live"]) for one in versions] == [
        ("s/1769373519000000001", "2026-01-25T20:38:39.000000001Z", False),
        ("other_audit/s/1769373518120", "2026-01-25T20:38:38.120Z", True),
        ("skill_audit/s/1769373518", "2026-01-25T20:38:38Z", False),
        ("s/17", "17", False),
    ]
    assert {one["auditId"] for one in versions} == {None}
    assert [one["id"] for one in call("list", "skill", "--json", "--db", path).json] == ["s"]
    shown = call("show", "s", "--version", "legacy:17", "--envelope", "--db", path).json
    assert shown["version"]["legacyKey"] == "s/17"
    (gone,) = call("list", "skill", "--gone", "--json", "--db", path).json
    assert (gone["id"], gone["updatedAt"]) == ("gone", "2026-01-25T20:38:38.120456Z")
    (kind,) = call("kinds", "--json", "--db", path).json
    assert (kind["kind"], kind["count"], kind["auditCount"]) == ("Skill", 1, 5)


@pytest.mark.parametrize("more", [(), ("--json",), ("--summary",)])
def test_versions_that_a_damaged_file_only_names_end_a_history_with_1(
    more: tuple[str, ...], tmp_path: Path
) -> None:
    path = v2(tmp_path, Rec("agent", "a"), *(Arc("agent", "a", bytes(2000)) for _ in range(100)))
    blank_root(path, "resource_audit")
    answer = call("history", "a", *more, "--db", path)
    assert answer.code == 1
    assert answer.notes == [
        "note: 100 versions cannot be read: The file is damaged where this version lies."
    ]
