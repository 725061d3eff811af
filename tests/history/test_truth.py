"""The histories of real stores, as the daemons that wrote them answered."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from inspector.export.record_text import message_text
from inspector.history.difference import difference
from inspector.history.versions import Version
from inspector.session.history_queries import timeline_rows
from inspector.session.record_lookup import find_version
from inspector.session.session import Session
from inspector.session.version_outline import versions_of
from tests.places import REAL, shared

STORES = ("v0", "v2-migrated", "v2-clean")
KILLED = "v2-killed"  #: only in the reference material


@cache
def truth(store: str) -> dict[str, list[dict[str, Any]]]:
    """What each push of each skill returned, oldest first."""
    place = shared("stigmer", "real", store) if store == KILLED else REAL / store
    found: dict[str, list[dict[str, Any]]] = json.loads((place / "truth.json").read_text())[
        "skillVersions"
    ]
    return found


@cache
def session(store: str) -> Session:
    if store == KILLED:
        # Its WAL is to stay as it is.
        copy = Path(tempfile.mkdtemp(prefix="stigmer-e2e-"))
        atexit.register(shutil.rmtree, copy)
        for file in shared("stigmer", "real", store).glob("stigmer.db*"):
            shutil.copyfile(file, copy / file.name)
        return Session.open(copy / "stigmer.db")
    return Session.open(REAL / store / "stigmer.db")


@cache
def history(store: str, id_: str) -> tuple[Version, ...]:
    return tuple(versions_of(session(store), "skill", id_))


def message(store: str, version: Version) -> Any:
    record = session(store).record("skill", version.id, version)
    return json.loads(message_text(record, reveal=True).text)


PUSHED = [(store, id_) for store in STORES for id_ in truth(store)]


@pytest.fixture(params=[*PUSHED, (KILLED, "")], ids="-".join)
def pushed(request: pytest.FixtureRequest) -> list[tuple[str, str]]:
    """A store and a skill of it; all skills of the store that was killed."""
    store, id_ = request.param
    return [(store, id_)] if id_ else [(store, one) for one in truth(store)]


def test_every_push_is_a_version_in_its_order(pushed: list[tuple[str, str]]) -> None:
    for store, id_ in pushed:
        _check_order(store, id_)


def _check_order(store: str, id_: str) -> None:
    pushes = truth(store)[id_]
    versions = history(store, id_)[::-1]
    assert [one.live for one in versions] == [False] * (len(pushes) - 1) + [True]
    assert [one.version_hash for one in versions] == [push["hash"] for push in pushes]
    assert [one.tag or "" for one in versions] == [push["tag"] for push in pushes]
    assert [message(store, one) for one in versions] == [push["value"] for push in pushes]


def test_a_tag_means_the_newest_push_that_had_it(pushed: list[tuple[str, str]]) -> None:
    for store, id_ in pushed:
        _check_tags(store, id_)


def _check_tags(store: str, id_: str) -> None:
    tags: dict[str, str] = {}
    pushes = truth(store)[id_]
    for push in pushes:
        tags[push["tag"]] = push["hash"]
    for tag, digest in tags.items():
        if tag:
            found = find_version(session(store), "skill", id_, tag)
            assert found is not None
            assert found.version_hash == digest


def test_every_row_tells_how_the_tag_moved(pushed: list[tuple[str, str]]) -> None:
    for store, id_ in pushed:
        _check_rows(store, id_)


def _check_rows(store: str, id_: str) -> None:
    pushes = truth(store)[id_][::-1]
    rows = timeline_rows(session(store), history(store, id_), range(len(pushes)))
    assert sorted(rows) == list(range(len(pushes)))
    for at, (push, before) in enumerate(pairwise(pushes)):
        summary = rows[at].summary
        assert summary is not None
        told = [part.words for part in summary.parts if part.path == "spec.tag"]
        moved = f"{before['tag'] or 'none'} → {push['tag'] or 'none'}"
        assert told == ([moved] if before["tag"] != push["tag"] else [])
        texts = [push["value"]["spec"].get("skillMd"), before["value"]["spec"].get("skillMd")]
        told = [part.words for part in summary.parts if part.path == "spec.skill_md"]
        assert bool(told) == (texts[0] != texts[1])
        assert not any(part.path.startswith("status") for part in summary.parts)
    assert rows[len(pushes) - 1] == (None, None, "")


def test_the_migrated_store_tells_the_same_story() -> None:
    assert truth("v0").keys() == truth("v2-migrated").keys()
    compared = 0
    for id_ in truth("v0"):
        old, new = history("v0", id_), history("v2-migrated", id_)
        same = ("archived_at", "version_hash", "tag", "size", "live")
        shown = [[_seconds(getattr(one, name)) for name in same] for one in old]
        assert shown == [[_seconds(getattr(one, name)) for name in same] for one in new]
        rows = [
            timeline_rows(session(store), versions, range(len(versions)))
            for store, versions in (("v0", old), ("v2-migrated", new))
        ]
        assert rows[0] == rows[1]
        for one, other in zip(old, new, strict=True):
            trees = [
                session(store).record("skill", id_, version).tree
                for store, version in (("v0", one), ("v2-migrated", other))
            ]
            assert trees[0] is not None
            assert trees[1] is not None
            assert difference(trees[0], trees[1]).entries == []
            compared += 1
    assert compared == sum(len(pushes) for pushes in truth("v0").values()) > 30


def _seconds(value: Any) -> Any:
    """Times without their fraction: the migration keeps whole seconds."""
    return value.partition(".")[0].removesuffix("Z") if isinstance(value, str) else value


def test_difference_between_any_two_pushes_is_that_of_their_values() -> None:
    (id_, pushes) = max(truth("v2-clean").items(), key=lambda item: len(item[1]))
    versions = history("v2-clean", id_)[::-1]
    records = [session("v2-clean").record("skill", id_, version) for version in versions]
    for first, push in zip(records, pushes, strict=True):
        for second, other in zip(records, pushes, strict=True):
            assert first.tree is not None
            assert second.tree is not None
            found = {entry.path for entry in difference(first.tree, second.tree).entries}
            spec, last = push["value"]["spec"], other["value"]["spec"]
            assert ("spec.tag" in found) == (spec.get("tag") != last.get("tag"))
            assert ("spec.skill_md" in found) == (spec.get("skillMd") != last.get("skillMd"))
            assert ("status.version_hash" in found) == (push["hash"] != other["hash"])
            assert bool(found) == (push["value"] != other["value"])
