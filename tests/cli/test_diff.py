from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from inspector.schema.catalog import release
from tests.builders import layouts
from tests.builders.demo import wire
from tests.builders.layouts import Arc, Rec
from tests.cli.calls import call, document, failed
from tests.cli.made import v2
from tests.cli.stores import store, truth
from tests.releases import message_class

AGENT = "ai.stigmer.agentic.agent.v1.Agent"
ENVIRONMENT = "ai.stigmer.agentic.environment.v1.Environment"
SUB_AGENTS = {
    f.name: f.number for f in release("2026-01-26").messages[f"{AGENT}Spec"].fields.values()
}["sub_agents"]
SKILL = "ai.stigmer.agentic.skill.v1.Skill"


def blob(full_name: str, value: Any) -> bytes:
    from google.protobuf.json_format import ParseDict

    return ParseDict(value, message_class("2026-01-26", full_name)()).SerializeToString()


def agents(*names: str, **spec: Any) -> bytes:
    """An agent with sub-agents; each has its name as instructions too."""
    listed = [{"name": name, "instructions": f"do {name}"} for name in names]
    return blob(AGENT, {"metadata": {"name": "a"}, "spec": {"subAgents": listed, **spec}})


def two(folder: Path, before: bytes, after: bytes, kind: str = "agent") -> Path:
    return v2(folder, Rec(kind, "x", before), Rec(kind, "y", after))


def changes(path: Path, *more: str, kind: str = "agent") -> list[dict[str, Any]]:
    answer = call("diff", kind, "x", "--with", "y", "--json", "--db", path, *more)
    assert answer.out == document(answer.json)
    assert answer.code == (1 if answer.json else 0)
    found: list[dict[str, Any]] = answer.json
    return found


def test_added_removed_changed_and_moved(tmp_path: Path) -> None:
    before = agents("one", "two", "three", description="d", iconUrl="i")
    after = agents("three", "one", "four", description="e", instructions="go")
    found = changes(two(tmp_path, before, after))
    assert [list(one) for one in found] == [
        ["path", "change", "before", "after"],
        ["path", "change", "before"],
        ["path", "change", "after"],
        ["path", "change", "from", "before", "after"],
        ["path", "change", "before"],
        ["path", "change", "after"],
    ]
    three = {"name": "three", "instructions": "do three"}
    assert found == [
        {"path": "spec.description", "change": "changed", "before": "d", "after": "e"},
        {"path": "spec.icon_url", "change": "removed", "before": "i"},
        {"path": "spec.instructions", "change": "added", "after": "go"},
        {
            "path": "spec.sub_agents[0]",
            "change": "moved",
            "from": "spec.sub_agents[2]",
            "before": three,
            "after": three,
        },
        {
            "path": "spec.sub_agents[1]",
            "change": "removed",
            "before": {"name": "two", "instructions": "do two"},
        },
        {
            "path": "spec.sub_agents[2]",
            "change": "added",
            "after": {"name": "four", "instructions": "do four"},
        },
    ]


def test_an_added_message_is_one_entry_and_null_is_a_value(tmp_path: Path) -> None:
    task = "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecution"
    before = blob(task, {"status": {"output": {"a": None, "c": [1]}}})
    after = blob(task, {"status": {"output": {"a": 1, "b": None, "c": [1]}}, "spec": {}})
    path = two(tmp_path, before, after, "workflow_execution")
    assert changes(path, kind="workflow_execution") == [
        {"path": "spec", "change": "added", "after": {}},
        {"path": 'status.output["a"]', "change": "changed", "before": None, "after": 1},
        {"path": 'status.output["b"]', "change": "added", "after": None},
    ]


def secret(**values: tuple[str, bool]) -> bytes:
    data = {key: {"value": value, "isSecret": flag} for key, (value, flag) in values.items()}
    return blob(ENVIRONMENT, {"spec": {"data": data}})


def test_covered_values_say_that_they_differ_and_nothing_else(tmp_path: Path) -> None:
    before = secret(A=("one", True), B=("same", True), C=("gone", True), D=("plain", False))
    after = secret(A=("two", True), B=("same", True), D=("hidden", True))
    path = two(tmp_path, before, after, "environment")
    found = changes(path, kind="environment")
    assert found == [
        {
            "path": 'spec.data["A"].value',
            "change": "changed",
            "before": "[covered]",
            "after": "[covered]",
        },
        {
            "path": 'spec.data["C"]',
            "change": "removed",
            "before": {"value": "[covered]", "isSecret": True},
        },
        {
            "path": 'spec.data["D"].value',
            "change": "changed",
            "before": "[covered]",
            "after": "[covered]",
        },
        {"path": 'spec.data["D"].is_secret', "change": "added", "after": True},
    ]
    answer = call("diff", "environment", "x", "--with", "y", "--db", path)
    assert "3 secrets are covered; --reveal-secrets shows them" in answer.err
    for text in (b"one", b"two", b"gone", b"hidden", b"plain"):
        assert text not in answer.out
    shown = changes(path, "--reveal-secrets", kind="environment")
    assert (shown[0]["before"], shown[0]["after"]) == ("one", "two")
    assert shown[2] == {
        "path": 'spec.data["D"].value', "change": "changed", "before": "plain", "after": "hidden",
    }  # fmt: skip


def test_unknown_fields_are_covered_unless_revealed(tmp_path: Path) -> None:
    before = agents() + wire.text(77, "one")
    after = agents() + wire.text(77, "two") + wire.integer(78, 5)
    path = two(tmp_path, before, after)
    assert changes(path) == [
        {"path": "<77>", "change": "changed", "before": "[covered]", "after": "[covered]"},
        {"path": "<78>", "change": "added", "after": "[covered]"},
    ]
    answer = call("diff", "agent", "x", "--with", "y", "--db", path)
    assert "2 raw payloads are covered; --reveal-secrets shows them" in answer.err
    assert changes(path, "--reveal-secrets") == [
        {"path": "<77>", "change": "changed", "before": "b25l", "after": "dHdv"},
        {"path": "<78>", "change": "added", "after": "BQ=="},
    ]


def test_an_unknown_field_within_an_added_message_is_said_to_be_left_out(tmp_path: Path) -> None:
    sub_agent = wire.text(1, "new") + wire.integer(77, 1)
    path = two(tmp_path, agents(), agents() + wire.text(4, wire.text(SUB_AGENTS, sub_agent)))
    answer = call("diff", "agent", "x", "--with", "y", "--json", "--db", path)
    assert answer.json == [
        {"path": "spec.sub_agents", "change": "added", "after": [{"name": "new"}]}
    ]
    assert "left out: 1 unknown field (spec.sub_agents[0].<77>)" in answer.err


def test_other_bytes_of_the_same_meaning(tmp_path: Path) -> None:
    one, other = blob(AGENT, {"metadata": {"name": "a"}}), blob(AGENT, {"spec": {"iconUrl": "i"}})
    path = two(tmp_path, one + other, other + one)
    answer = call("diff", "agent", "x", "--with", "y", "--json", "--db", path)
    assert (answer.code, answer.out) == (0, b"[]\n")
    assert answer.notes == ["note: the bytes differ, the meaning is the same"]
    same = call("diff", "agent", "x", "--with", "x", "--json", "--db", path)
    assert (same.code, same.out, same.err) == (0, b"[]\n", "")


def test_from_and_to_and_what_they_are_without(tmp_path: Path) -> None:
    blobs = [blob(SKILL, {"spec": {"tag": f"t{number}"}}) for number in range(3)]
    rows = [
        Arc("skill", "s", data, f"2026-01-25 20:00:0{n}", tag=f"t{n}")
        for n, data in enumerate(blobs)
    ]
    path = v2(tmp_path, Rec("skill", "s", blobs[2]), *rows)

    def tags(*more: str) -> list[str]:
        (one,) = call("diff", "s", "--json", "--db", path, *more).json
        return [one["before"], one["after"]]

    assert tags() == ["t1", "t2"]
    assert tags("--from", "t0") == ["t0", "t2"]
    assert tags("--to", "t0") == ["t1", "t0"]
    assert tags("--from", "audit:3", "--to", "audit:1") == ["t2", "t0"]
    assert call("diff", "s", "--from", "t2", "--db", path).code == 0
    (tmp_path / "lone").mkdir()
    lone = v2(tmp_path / "lone", Rec("skill", "s", blobs[0]), Arc("skill", "s", blobs[0]))
    assert "no version that differs" in failed(call("diff", "s", "--db", lone), 4)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["diff", "x", "--with", "y"], 2),
        (["diff", "agent", "x", "--with", "y", "--to", "live"], 2),
        (["diff", "agent", "x", "--with", "nothing"], 4),
        (["diff", "agent", "nothing", "--with", "x"], 4),
        (["diff", "agent", "x"], 4),
        (["diff", "agent", "x", "--with", "bad"], 5),
        (["diff", "agent", "x", "y", "z"], 2),
    ],
)
def test_what_cannot_be_compared(tmp_path: Path, arguments: list[str], code: int) -> None:
    path = v2(
        tmp_path, Rec("agent", "x", agents()), Rec("agent", "y"), Rec("agent", "bad", b"\xff\xff")
    )
    failed(call(*arguments, "--db", path), code)


def test_a_kind_without_a_schema_differs_by_number(tmp_path: Path) -> None:
    path = two(tmp_path, wire.text(1, "a"), wire.text(1, "b"), "no_such_kind")
    assert changes(path, kind="no_such_kind") == [
        {"path": "<1>", "change": "changed", "before": "[covered]", "after": "[covered]"}
    ]


def test_documents_differ_by_their_own_names(tmp_path: Path) -> None:
    records = [
        Rec("Agent", id_, json.dumps({"metadata": {"name": "a"}, "spec": {"iconUrl": icon}}))
        for id_, icon in (("x", "one"), ("y", "two"))
    ]
    path = layouts.create(tmp_path / "local.db", layouts.RESOURCES_JSON)
    with closing(sqlite3.connect(path)) as made, made:
        made.executemany(
            "INSERT INTO resources (kind, id, data) VALUES (?, ?, ?)", [one[:3] for one in records]
        )
    assert changes(path, kind="Agent") == [
        {"path": "spec.iconUrl", "change": "changed", "before": "one", "after": "two"}
    ]


def test_text_for_people_is_safe_to_show(tmp_path: Path) -> None:
    path = two(tmp_path, agents("a"), agents("a", description="\x1b[31mred"))
    answer = call("diff", "agent", "x", "--with", "y", "--db", path)
    assert answer.code == 1
    assert b"\x1b" not in answer.out
    assert answer.out.startswith(b"+ added   spec.description\n")


@pytest.mark.parametrize("name", ["v0", "v2-migrated", "v2-clean"])
def test_every_push_differs_from_the_one_before_as_the_truth_says(
    name: str, tmp_path: Path
) -> None:
    path = store(name, tmp_path)
    for id_, pushes in truth(name)["skillVersions"].items():
        rows = call("history", "skill", id_, "--summary", "--json", "--db", path).json[::-1]
        assert rows[0]["changes"] is None
        for at in range(1, len(pushes)):
            first, second = (
                f"audit:{row['auditId']}" if row["auditId"] else f"legacy:{row['legacyKey'][-19:]}"
                for row in rows[at - 1 : at + 1]
            )
            answer = call(
                "diff", "skill", id_, "--from", first, "--to", second, "--json", "--db", path
            )
            assert [one["path"] for one in answer.json] == rows[at]["changes"]
            before, after = pushes[at - 1]["value"], pushes[at]["value"]
            told = {one["path"]: (one.get("before"), one.get("after")) for one in answer.json}
            tags = before["spec"].get("tag"), after["spec"].get("tag")
            assert told.get("spec.tag") == (tags if tags[0] != tags[1] else None)
            assert told["status.version_hash"] == (pushes[at - 1]["hash"], pushes[at]["hash"])
