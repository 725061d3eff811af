"""Stores of many releases, each record beside what its own package says of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from inspector.decode.json_writer import write
from inspector.session.session import Session
from inspector.session.summaries import Record
from inspector.session.walking import archived
from tests.cli.covering import cover
from tests.places import SHARED, shared

HISTORY = SHARED / "stigmer" / "history"
STORES = sorted(
    f"{place.parent.parent.name}/{place.parent.name}" for place in HISTORY.glob("*/*/truth.json")
) or ["stores/none"]


@pytest.fixture(scope="module", params=STORES)
def opened(request: pytest.FixtureRequest) -> Iterator[tuple[Session, dict[str, Any]]]:
    folder = shared("stigmer", "history", *str(request.param).split("/"))
    file = next(one for one in folder.iterdir() if one.name in ("stigmer.db", "stigmer.sqlite"))
    session = Session.open(file)
    yield session, json.loads((folder / "truth.json").read_bytes())
    session.close()


def compared(session: Session, truth: dict[str, Any]) -> Iterator[tuple[Record, Any]]:
    """Every record and version with what it says."""
    for one in truth["records"]:
        yield session.record(one["kind"], one["id"]), one["value"]
    wanted: dict[tuple[str, str], list[Any]] = {}
    for one in truth["versions"]:
        wanted.setdefault((one["kind"], one["id"]), []).append(one)
    for (kind, id_), pushes in wanted.items():
        versions = list(archived(session, kind, id_))
        assert len(versions) == len(pushes)
        for record in versions:
            assert record.version is not None
            hash_ = record.version.version_hash
            push = next(one for one in pushes if one["hash"] == hash_)
            pushes.remove(push)
            yield record, push["value"]


def without_older(value: Any, wanted: Any) -> Any:
    """A value without members that are not wanted, which a migrated run has kept."""
    if isinstance(value, dict) and isinstance(wanted, dict):
        return {key: without_older(value[key], wanted[key]) for key in value if key in wanted}
    if isinstance(value, list) and isinstance(wanted, list) and len(value) == len(wanted):
        return [without_older(a, b) for a, b in zip(value, wanted, strict=True)]
    return value


def test_nothing_is_wrong_in_silence(opened: tuple[Session, dict[str, Any]]) -> None:
    session, truth = opened
    found: Counter[str] = Counter()
    for record, wanted in compared(session, truth):
        assert record.tree is not None
        assert not record.tree.malformed
        assert record.choice.schema is not None, (record.kind, record.id)
        value = json.loads(write(record.tree.root))
        if record.kind == "run":
            value = without_older(value, wanted)
        right = value == wanted
        doubted = any(one.code == "schema-ambiguous" for one in record.problems)
        assert right or doubted, (record.kind, record.id, record.choice.schema)
        found["right" if right else "wrong but said"] += 1
    assert found["right"] >= 0.97 * found.total()


def test_who_wrote_a_record_is_among_those_that_can_have(
    opened: tuple[Session, dict[str, Any]],
) -> None:
    session, truth = opened
    for one in truth["records"]:
        choice = session.record(one["kind"], one["id"]).choice
        assert choice.merged is not None
        if one["kind"] == "run":
            continue  # a migration is what wrote it last
        writer = choice.merged.number(one.get("release") or truth["release"])
        possible = (choice.releases, *(rival.releases for rival in choice.rivals))
        assert any(mask >> writer & 1 for mask in possible), (one["id"], choice.schema, choice.why)


def test_nothing_healthy_has_a_problem(opened: tuple[Session, dict[str, Any]]) -> None:
    session, truth = opened
    for record, _ in compared(session, truth):
        codes = {one.code for one in record.problems if one.severity == "error"}
        codes |= {one.code for one in record.problems if one.code.startswith("unknown")}
        assert not codes, (record.kind, record.id, record.problems)


def test_no_secret_is_shown(opened: tuple[Session, dict[str, Any]]) -> None:
    session, truth = opened
    secrets = 0
    for record, wanted in compared(session, truth):
        assert record.tree is not None
        covered, count = cover(wanted, record.kind)
        value = json.loads(write(record.tree.root, record.covered))
        if record.kind == "run":
            value = without_older(value, covered)
        doubted = any(one.code == "schema-ambiguous" for one in record.problems)
        assert value == covered or doubted, (record.kind, record.id)
        assert len(record.covered) >= count
        secrets += count
    assert secrets


def test_all_stores_together_are_right(shared: Path) -> None:
    right = total = 0
    for name in STORES:
        folder = shared / "stigmer" / "history" / name
        file = next(one for one in folder.iterdir() if one.name in ("stigmer.db", "stigmer.sqlite"))
        session = Session.open(file)
        for record, wanted in compared(session, json.loads((folder / "truth.json").read_bytes())):
            assert record.tree is not None
            value = json.loads(write(record.tree.root))
            total += 1
            right += (without_older(value, wanted) if record.kind == "run" else value) == wanted
        session.close()
    assert total > 3500
    assert right / total >= 0.999
