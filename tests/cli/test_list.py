from __future__ import annotations

import json
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from inspector.decode import decoder
from tests.builders import layouts
from tests.builders.demo import wire
from tests.builders.layouts import Arc, Rec
from tests.cli.calls import call, document, failed
from tests.cli.made import bare, blank_root, blobs, v2

KEYS = ["id", "name", "state", "org", "updatedAt", "size", "versions"]


def ids(*arguments: str | Path) -> list[str]:
    return [one["id"] for one in call("list", *arguments, "--json").json]


def test_a_line_says_what_the_record_is(tmp_path: Path) -> None:
    skill = blobs("skill")[0]
    path = v2(tmp_path, Rec("skill", "s", skill), Arc("skill", "s", skill))
    answer = call("list", "skill", "--json", "--db", path)
    (line,) = answer.json
    assert list(line) == KEYS
    assert answer.out == document([line])
    message = call("show", "skill", "s", "--db", path).json
    assert line == {
        "id": "s",
        "name": message["metadata"]["name"],
        "state": message["status"]["state"],
        "org": message["metadata"]["org"],
        "updatedAt": "2026-01-25T20:38:38Z",
        "size": len(skill),
        "versions": 1,
    }


def test_what_cannot_be_read_says_why() -> None:
    lines = call("list", "run", "--json", "--demo").json
    (bad,) = [one for one in lines if "problem" in one]
    assert list(bad) == [*KEYS, "problem"]
    assert (bad["name"], bad["state"], bad["org"]) == (None, None, None)
    assert "valid protobuf" in bad["problem"]


@pytest.mark.parametrize("more", [(), ("--json",), ("--org", "nobody"), ("--state", "1")])
def test_rows_that_a_damaged_file_only_names_end_a_list_with_1(
    more: tuple[str, ...], tmp_path: Path
) -> None:
    path = v2(tmp_path, *(Rec("run", f"r-{number:03}", bytes(2000)) for number in range(100)))
    blank_root(path, "resources")
    answer = call("list", "run", *more, "--db", path)
    assert answer.code == 1
    assert answer.notes == ["note: 100 of the records cannot be read; their problems say why"]


def test_an_unknown_kind_is_listed_without_names() -> None:
    lines = call("list", "quantum_widget", "--json", "--demo").json
    assert [list(one) for one in lines] == [KEYS, KEYS]
    assert {one["name"] for one in lines} == {None}


def test_limit_and_after_cut_the_order_of_bytes(tmp_path: Path) -> None:
    names = ["", "B", "a", "a/b", "z", "é", "\U0001f98a"]
    path = v2(tmp_path, *(Rec("agent", name, b"") for name in reversed(names)))
    assert ids("agent", "--db", path) == names
    assert ids("agent", "--limit", "0", "--db", path) == []
    assert ids("agent", "--limit", "2", "--db", path) == names[:2]
    assert ids("agent", "--after", "a", "--db", path) == names[3:]
    assert ids("agent", "--after", "b", "--limit", "1", "--db", path) == ["z"]


def test_many_pages_give_each_record_once(tmp_path: Path) -> None:
    names = [f"a{number:04d}" for number in range(600)]
    path = v2(tmp_path, *(Rec("agent", name, b"") for name in names))
    assert ids("agent", "--db", path) == names
    assert ids("agent", "--limit", "300", "--after", "a0100", "--db", path) == names[101:401]
    assert call("list", "agent", "--db", path).out.count(b"\n") == 601


def test_an_organisation_is_a_filter() -> None:
    lines = call("list", "agent", "--json", "--demo").json
    wanted = [one for one in lines if one["org"] == "tidewater"]
    assert call("list", "agent", "--org", "tidewater", "--json", "--demo").json == wanted
    few = call("list", "agent", "--org", "tidewater", "--limit", "2", "--json", "--demo")
    assert few.json == wanted[:2]
    none = call("list", "agent", "--org", "nobody", "--json", "--demo")
    assert (none.code, none.out) == (0, b"[]\n")


def test_gone_are_those_with_history_only(tmp_path: Path) -> None:
    first, second = blobs("skill", "resource_audit")[:2]
    path = v2(
        tmp_path,
        Rec("skill", "live", first),
        Arc("skill", "live", first),
        Arc("skill", "b", first, "2026-01-25 20:00:00"),
        Arc("skill", "b", second, "2026-01-25 21:00:00"),
        Arc("skill", "a", b"\xff"),
    )
    answer = call("list", "skill", "--gone", "--json", "--db", path).json
    assert [(one["id"], one["versions"], one["updatedAt"]) for one in answer] == [
        ("a", 1, "2026-01-25T20:38:38Z"),
        ("b", 2, "2026-01-25T21:00:00Z"),
    ]
    assert "problem" in answer[0]
    assert answer[1]["size"] == len(second)
    assert ids("skill", "--gone", "--after", "a", "--db", path) == ["b"]
    assert ids("skill", "--gone", "--limit", "1", "--db", path) == ["a"]


@pytest.mark.parametrize("kind", ["agent-execution", "AgentExecution", "AGENT_EXECUTION"])
def test_a_kind_in_any_spelling(kind: str, tmp_path: Path) -> None:
    path = bare(tmp_path, Rec(kind, "one", b"", "2026-01-25T20:38:38.25+02:00"))
    for asked in ("agent_execution", "agentExecution", kind):
        (line,) = call("list", asked, "--json", "--db", path).json
        assert line["updatedAt"] == "2026-01-25T18:38:38.25Z"
    assert call("kinds", "--json", "--db", path).json == [
        {
            "kind": kind,
            "displayName": "Agent Execution",
            "group": "agentic",
            "count": 1,
            "auditCount": 0,
        }
    ]


def test_a_kind_in_two_spellings_is_ambiguous(tmp_path: Path) -> None:
    path = v2(tmp_path, Rec("agent", "a", b""), Rec("Agent", "b", b""))
    assert ids("agent", "--db", path) == ["a"]
    assert ids("Agent", "--db", path) == ["b"]
    assert "Agent, agent" in failed(call("list", "AGENT", "--db", path), 2)


def test_tables_show_control_characters(tmp_path: Path) -> None:
    path = v2(tmp_path, Rec("agent", "a\x1b[31m\n\u202e", b""), Rec("agent", b"b\xff", b""))
    text = call("list", "agent", "--db", path).out.decode()
    assert all(line.isprintable() for line in text.splitlines())
    assert "a\\x1b[31m\\x0a\\u202e" in text
    assert "b\\xff" in text


def test_a_schema_that_does_not_know_a_kind_makes_it_unknown() -> None:
    def described(schema: str) -> dict[str, tuple[str, str]]:
        kinds = call("kinds", "--json", "--schema", schema, "--demo").json
        return {one["kind"]: (one["displayName"], one["group"]) for one in kinds}

    assert described("auto")["workflow"] == ("Workflow", "agentic")
    assert described("2026-10")["workflow"] == ("workflow", "")
    assert described("2026-01-26")["run"] == ("run", "")
    assert described("2026-10")["run"] == ("Run", "agentic")


LARGE = 1 << 20


def _padded(data: bytes, field: int = 990) -> bytes:
    return data + wire.text(field, b"x" * LARGE)


def test_the_line_of_a_large_record_says_the_same(tmp_path: Path) -> None:
    for number, kind in enumerate(("skill", "agent", "agent_execution", "session")):
        folder = tmp_path / str(number)
        folder.mkdir()
        data = blobs(kind)[0]
        records = [Rec(kind, "a", data), Rec(kind, "b", _padded(data))]
        small, large = call("list", kind, "--json", "--db", v2(folder, *records)).json
        assert large["size"] == small["size"] + LARGE + 5
        del small["size"], large["size"]
        assert large == small | {"id": "b"}


def test_no_tree_is_made_for_the_line_of_a_large_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of what is in it only the way to name and state is read, however deep or wide it is."""
    path = v2(tmp_path, Rec("skill", "s", _padded(blobs("skill")[0])))
    name = call("show", "skill", "s", "--db", path).json["metadata"]["name"]

    def decoded(*_: object) -> None:
        pytest.fail("it was decoded")

    monkeypatch.setattr(decoder.Decoder, "run", decoded)
    (line,) = call("list", "skill", "--json", "--db", path).json
    assert line["name"] == name


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (
            wire.text(3, wire.text(1, "n" * LARGE) + wire.text(3, "slug")),
            "Its name takes more than 64 KB, and is not shown in a list.",
        ),
        (_padded(wire.text(3, wire.text(1, "name"))) + b"\xff", "are not valid protobuf."),
        (
            b"\x0b" * LARGE,
            "What lies from byte 0 on, in and behind a group, is not read for a list.",
        ),
    ],
)
def test_the_line_of_a_large_record_says_what_is_missing(
    data: bytes, problem: str, tmp_path: Path
) -> None:
    path = v2(tmp_path, Rec("skill", "s", data))
    (line,) = call("list", "skill", "--json", "--db", path).json
    assert line["problem"].endswith(problem)
    assert "n" * 100 not in str(line)


def test_a_large_document_is_not_looked_into(tmp_path: Path) -> None:
    path = layouts.create(tmp_path / "stigmer.db", layouts.RESOURCES_JSON)
    document_ = json.dumps({"metadata": {"name": "one"}, "spec": "x" * 3 * LARGE})
    with closing(sqlite3.connect(path)) as connection:
        for id_, text in (("a", document_), ("b", document_.replace("x" * LARGE, ""))):
            connection.execute(
                "INSERT INTO resources (id, kind, data) VALUES (?, 'Agent', ?)", (id_, text)
            )
        connection.commit()
    large, small = call("list", "Agent", "--json", "--db", path).json
    assert (large["name"], small["name"]) == (None, "one")
    assert large["problem"].endswith("bytes is not looked into for a list.")


def test_state_since_and_error_list_what_the_lines_say() -> None:
    kind = ("agent_execution", "--demo")
    lines = call("list", *kind, "--json").json
    failed_ids = [one["id"] for one in lines if one["state"] == "EXECUTION_FAILED"]
    assert failed_ids
    for spelled in ("failed", "EXECUTION_FAILED", "Execution failed"):
        assert ids(*kind, "--state", spelled) == failed_ids
    both = ids(*kind, "--state", "failed", "--state", "pending")
    wanted = ("EXECUTION_FAILED", "EXECUTION_PENDING")
    assert both == [one["id"] for one in lines if one["state"] in wanted]
    assert ids(*kind, "--has-error") == failed_ids
    since = ids(*kind, "--since", "2026-03-01")
    assert since == [one["id"] for one in lines if one["updatedAt"] >= "2026-03-01"] != []
    assert ids(*kind, "--since", "2026-03-01", "--limit", "1") == since[:1]
    assert ids(*kind, "--since", "2026-03-01", "--has-error") == []


def test_a_state_in_small_letters_is_one() -> None:
    kind = ("invitation", "--demo")
    lines = call("list", *kind, "--json").json
    states = {one["state"] for one in lines}
    assert {"active", "fully_redeemed"} <= states
    for state in states:
        wanted = [one["id"] for one in lines if one["state"] == state]
        for spelled in (state, state.upper(), state.replace("_", " ").title()):
            assert ids(*kind, "--state", spelled) == wanted
    # One that is the end of another is that one alone, where it is written as it is.
    agents = call("list", "mcp_server", "--demo", "--counts", "--json").json["states"]
    for state in (one["value"] for one in agents if one["value"]):
        listed = call("list", "mcp_server", "--demo", "--json", "--state", state).json
        assert {one["state"] for one in listed} == {state}


def test_a_damaged_record_is_listed_with_what_it_is_counted_with(tmp_path: Path) -> None:
    skills = blobs("skill")
    path = v2(tmp_path, Rec("skill", "a", skills[0]), Rec("skill", "b", skills[1] + b"\xff"))
    kind = ("skill", "--db", path)
    for facet, option in (("states", "--state"), ("orgs", "--org")):
        for value in call("list", *kind, "--counts", "--json").json[facet]:
            listed = ids(*kind, option, value["value"])
            assert len(listed) == value["count"]
            exported = call("export", *kind, "--envelope", option, value["value"]).out
            assert [json.loads(line)["id"] for line in exported.splitlines()] == listed
    (bad,) = [one for one in call("list", *kind, "--json").json if one["id"] == "b"]
    assert "valid protobuf" in bad["problem"]


@pytest.mark.parametrize("when", ["9999-12-31 23:59:59", "0001-01-01 00:00:00"])
def test_the_last_and_the_first_time_of_all_are_read(tmp_path: Path, when: str) -> None:
    skill = blobs("skill")[0]
    path = v2(tmp_path, Rec("skill", "s", skill, when))
    with closing(sqlite3.connect(path)) as connection:
        connection.executemany(
            "INSERT OR REPLACE INTO schema_version VALUES (?, ?)", [(4, when), (10, when)]
        )
        connection.commit()
    (line,) = call("list", "skill", "--json", "--db", path).json
    assert line["updatedAt"] == when.replace(" ", "T") + "Z"
    assert call("check", "--db", path).code == 0


def test_a_state_without_a_name_is_its_number(tmp_path: Path) -> None:
    for number, value in (("-1", b"\xff" * 9 + b"\x01"), ("77", b"\x4d")):
        status = b"\x18" + value  # state
        folder = tmp_path / number
        folder.mkdir()
        path = v2(folder, Rec("skill", "s", wire.text(5, status)))
        (line,) = call("list", "skill", "--json", "--db", path).json
        assert line["state"] == number
        assert ids("skill", f"--state={number}", "--db", path) == ["s"]
        assert ids("skill", "--state=5", "--db", path) == []


def test_counts_are_those_of_what_is_listed() -> None:
    kind = ("list", "agent_execution", "--demo")
    lines = call(*kind, "--json").json
    every = call(*kind, "--counts", "--json")
    assert every.code == 0
    assert list(every.json) == ["records", "matches", "states", "orgs", "since", "errors"]
    assert every.json["records"] == every.json["matches"] == len(lines)
    told = {one["value"]: one["count"] for one in every.json["states"]}
    assert told == Counter(one["state"] for one in lines)
    since = call(*kind, "--counts", "--since", "2026-03-01", "--state", "failed", "--json").json
    late = [one for one in lines if one["updatedAt"] >= "2026-03-01"]
    # Of each facet those are counted that the others leave.
    assert {one["value"]: one["count"] for one in since["states"]} == Counter(
        one["state"] for one in late
    )
    failed_lines = [one for one in late if one["state"] == "EXECUTION_FAILED"]
    assert since["matches"] == len(failed_lines)
    assert sum(one["count"] for one in since["orgs"]) == len(failed_lines)
    assert b"EXECUTION_FAILED" in call(*kind, "--counts").out
    assert "Leave out --limit and --after." in failed(call(*kind, "--counts", "--limit", "1"), 2)
    find = ("find", "true", "--kind", "agent_execution", "--demo", "--counts", "--limit", "1")
    assert "Leave out --limit." in failed(call(*find), 2)


def test_a_state_or_a_time_that_is_none_is_refused() -> None:
    kind = ("list", "agent_execution", "--demo")
    told = failed(call(*kind, "--state", "bogus"), 2)
    assert "no state 'bogus'. It has EXECUTION_PHASE_UNSPECIFIED, EXECUTION_PENDING" in told
    assert "'soon' is not a time" in failed(call(*kind, "--since", "soon"), 2)
    assert "names no time" in failed(call(*kind, "--since", ""), 2)
    assert "live records only" in failed(call(*kind, "--gone", "--has-error"), 2)
    assert "It has no states." in failed(call("list", "team", "--demo", "--state", "x"), 2)
