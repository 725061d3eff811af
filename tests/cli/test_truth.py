"""Every record and version of every store equals what the daemon itself answered for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.calls import Answer, call, compact, document
from tests.cli.covering import cover
from tests.cli.stores import STORES, store, truth
from tests.places import shared
from tests.releases import NEWEST

SKILLS = ("v0", "v2-clean", "v2-migrated", "v2-killed")


@pytest.fixture(params=STORES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def path(name: str, tmp_path: Path) -> Path:
    return store(name, tmp_path)


def asked(name: str) -> tuple[str, ...]:
    """The schema to ask for: no daemon put the newest messages into layout 8, so none is found."""
    return ("--schema", NEWEST) if name == "v8" else ()


def values(answer: Answer) -> dict[str, Any]:
    """The values of a dump by key, without those of legacy rows."""
    assert answer.code == 0, answer.err
    records = answer.json["records"]
    assert all(set(one) == {"key", "size", "value"} for one in records)
    return {one["key"]: one["value"] for one in records if "_audit/" not in one["key"]}


def test_a_dump_with_secrets_is_what_the_daemon_answered(name: str, path: Path) -> None:
    answer = call("dump", "--reveal-secrets", *asked(name), "--db", path)
    assert values(answer) == {
        f"{one['kind']}/{one['id']}": one["value"] for one in truth(name)["records"]
    }
    assert answer.err == ""


def test_without_them_exactly_the_secret_leaves_are_covered(name: str, path: Path) -> None:
    expected, total = {}, 0
    for one in truth(name)["records"]:
        value, secrets = cover(one["value"], one["kind"])
        expected[f"{one['kind']}/{one['id']}"] = value
        total += secrets
    answer = call("dump", *asked(name), "--db", path)
    assert values(answer) == expected
    versions = sum(
        json.dumps(one["value"]).count('"[covered]"')
        for one in answer.json["records"]
        if "_audit/" in one["key"]
    )
    noun = "secret is" if total + versions == 1 else "secrets are"
    wanted = f"note: {total + versions} {noun} covered; --reveal-secrets shows them"
    assert answer.notes == ([wanted] if total + versions else [])


def test_show_is_the_message_of_the_dump(name: str, path: Path) -> None:
    dumped = values(call("dump", "--db", path))
    for key in list(dumped)[::7]:
        kind, id_ = key.split("/", 1)
        assert call("show", kind, id_, "--db", path).out == document(dumped[key])


def test_export_gives_every_message_in_order(name: str, path: Path) -> None:
    dumped = values(call("dump", "--db", path))
    order = sorted(dumped, key=lambda key: [part.encode() for part in key.split("/", 1)])
    assert call("export", "--db", path).out == compact(dumped[key] for key in order)


def test_lists_name_every_record(name: str, path: Path) -> None:
    wanted: dict[str, list[str]] = {}
    for one in truth(name)["records"]:
        wanted.setdefault(one["kind"], []).append(one["id"])
    kinds = call("kinds", "--json", "--db", path).json
    assert {one["kind"]: one["count"] for one in kinds if one["count"]} == {
        kind: len(ids) for kind, ids in wanted.items()
    }
    for kind, ids in wanted.items():
        listed = call("list", kind, "--json", "--db", path).json
        assert [one["id"] for one in listed] == sorted(ids)
    info = call("info", "--json", "--db", path).json
    assert info["records"] == len(truth(name)["records"])
    assert info["versions"] == sum(one["auditCount"] for one in kinds)


@pytest.mark.parametrize("name", SKILLS)
def test_every_push_of_a_skill_is_a_version(name: str, path: Path) -> None:
    for id_, pushes in truth(name)["skillVersions"].items():
        versions = call("history", "skill", id_, "--json", "--db", path).json
        assert [(one["versionHash"], one["tag"] or "") for one in reversed(versions)] == [
            (push["hash"], push["tag"]) for push in pushes
        ]
        assert [one["live"] for one in versions] == [True] + [False] * (len(pushes) - 1)
        for one, push in zip(reversed(versions), pushes, strict=True):
            by = f"audit:{one['auditId']}"
            if one["auditId"] is None:
                by = f"legacy:{one['legacyKey'].rpartition('/')[2]}"
            shown = call("show", "skill", id_, "--version", by, "--reveal-secrets", "--db", path)
            assert shown.json == push["value"]


@pytest.mark.parametrize("name", SKILLS)
def test_export_with_history_holds_every_push(name: str, path: Path) -> None:
    envelopes = call("export", "skill", "--history", "--reveal-secrets", "--db", path).lines
    for id_, pushes in truth(name)["skillVersions"].items():
        own = [one for one in envelopes if one["id"] == id_]
        assert [one["version"] is None for one in own] == [True] + [False] * len(pushes)
        assert [one["message"] for one in reversed(own[1:])] == [push["value"] for push in pushes]


def test_migrated_history_is_that_of_the_old_store(tmp_path: Path) -> None:
    def histories(name: str) -> list[Any]:
        path = store(name, tmp_path)
        return [
            [
                # The migration kept whole seconds of the digits' nanoseconds.
                one | {"auditId": 0, "legacyKey": 0, "archivedAt": one["archivedAt"][:19]}
                for one in call("history", "skill", id_, "--json", "--db", path).json
            ]
            for id_ in truth("v0")["skillVersions"]
        ]

    assert histories("v0") == histories("v2-migrated")


@pytest.mark.parametrize("name", ["v8"])
def test_the_history_of_the_made_store(name: str, path: Path) -> None:
    rows: dict[tuple[str, str], list[Any]] = {}
    for one in truth(name)["history"]:
        rows.setdefault((one["kind"], one["id"]), []).append(one)
    assert rows
    for (kind, id_), pushes in rows.items():
        versions = call("history", kind, id_, "--json", "--db", path).json
        # Where the row has no tag it is the message's own.
        assert [(one["versionHash"], one["tag"]) for one in reversed(versions)] == [
            (push["hash"], push["tag"] or push["value"].get("spec", {}).get("tag"))
            for push in pushes
        ]
        for one, push in zip(reversed(versions), pushes, strict=True):
            by = f"audit:{one['auditId']}"
            version = ("--version", by, "--reveal-secrets", *asked(name))
            shown = call("show", kind, id_, *version, "--db", path)
            assert shown.json == push["value"]


def test_a_dump_has_the_shape_of_the_removed_endpoint(tmp_path: Path) -> None:
    old = shared("stigmer", "real", "badger", "dump.json").read_bytes()
    new = call("dump", "--reveal-secrets", "--db", store("v0", tmp_path)).out
    for text in (old, new):
        assert text.startswith(b'{"count":') and text.endswith(b"]}\n") and text.count(b"\n") == 1
        found = json.loads(text)
        assert list(found) == ["count", "records"]
        assert found["count"] == len(found["records"])
        keys = [one["key"].encode() for one in found["records"]]
        assert keys == sorted(keys)
        assert {tuple(one) for one in found["records"]} <= {
            ("key", "size", "value"),
            ("key", "size", "error"),
        }
