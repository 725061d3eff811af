"""Messages as the daemon's protojson writes them, and a note on what it would refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders.demo import wire
from tests.builders.layouts import Rec
from tests.cli.calls import Answer, call, failed
from tests.cli.made import v2

HEAD = wire.text(1, "agentic.stigmer.ai/v1") + wire.text(2, "Agent")
NAMED = HEAD + wire.text(3, wire.text(1, "case"))
SHOWN = (
    b'{\n  "apiVersion": "agentic.stigmer.ai/v1",\n  "kind": "Agent",\n'
    b'  "metadata": {\n    "name": "case"\n  }\n}\n'
)
LONG = wire.tag(900, 0) + b"\x80" * 9 + b"\x02"


def shown(folder: Path, kind: str, data: bytes, *options: str) -> Answer:
    return call("show", kind, "one", *options, "--db", v2(folder, Rec(kind, "one", data)))


def output(*entries: tuple[str, bytes]) -> bytes:
    """A workflow's run whose output is a Struct of these Values."""
    struct = b"".join(wire.struct_entry(key, value) for key, value in entries)
    return wire.text(2, "WorkflowExecution") + wire.text(5, wire.text(3, struct))


def test_numbers_of_a_struct(tmp_path: Path) -> None:
    numbers = {
        "cost": (1e-5, "0.00001"),
        "e16": (1e16, "10000000000000000"),
        "e20": (1e20, "100000000000000000000"),
        "e21": (1e21, "1e+21"),
        "nanos": (1.7689412345678902e18, "1768941234567890200"),
        "tiny": (1e-7, "1e-7"),
        "two53": (2.0**53, "9007199254740992"),
        "zero": (-0.0, "-0"),
    }
    data = output(*((key, wire.double(2, value)) for key, (value, _) in numbers.items()))
    answer = shown(tmp_path, "workflow_execution", data)
    assert (answer.code, answer.notes) == (0, [])
    lines = [line.strip().rstrip(",") for line in answer.out.decode().splitlines()]
    assert [line for line in lines if line.startswith(tuple(f'"{key}"' for key in numbers))] == [
        f'"{key}": {text}' for key, (_, text) in numbers.items()
    ]


@pytest.mark.parametrize(
    ("entries", "texts", "note"),
    [
        ([("a", b"")], ['"a": null'],
         'note: without any content, written as null: 1 value (status.output["a"])'),
        ([("a", b""), ("b", wire.text(6, wire.text(1, b"")))], ['"a": null'],
         "note: without any content, written as null: 2 values "
         '(status.output["a"], status.output["b"][0])'),
        ([("a", wire.double(2, float("nan")))], ['"a": "NaN"'],
         'note: no JSON number, written as text: 1 number (status.output["a"])'),
        ([("a", wire.double(2, float("inf"))), ("b", wire.double(2, float("-inf")))],
         ['"a": "Infinity"', '"b": "-Infinity"'],
         "note: no JSON number, written as text: 2 numbers "
         '(status.output["a"], status.output["b"])'),
    ],
)  # fmt: skip
def test_what_protojson_refuses_in_a_struct_is_noted(
    tmp_path: Path, entries: list[tuple[str, bytes]], texts: list[str], note: str
) -> None:
    answer = shown(tmp_path, "workflow_execution", output(*entries))
    assert (answer.code, answer.notes) == (0, [note])
    assert all(text in answer.out.decode() for text in texts)


@pytest.mark.parametrize(
    "data",
    [
        HEAD + wire.tag(3, 2) + b"\x86\x80\x80\x80\x80\x00" + wire.text(1, "case"),
        HEAD + b"\x9a\x80\x80\x80\x80\x00" + b"\x06" + wire.text(1, "case"),
    ],
    ids=["length", "tag"],
)
def test_a_tag_or_length_of_six_bytes_is_read(tmp_path: Path, data: bytes) -> None:
    answer = shown(tmp_path, "agent", data)
    assert (answer.code, answer.out, answer.notes) == (0, SHOWN, [])
    assert call("check", "--json", "--db", tmp_path / "stigmer.db").json["problems"] == []


class TestMoreThan64Bits:
    """The daemon cannot load such a record, so it has no JSON; all that can be read is shown."""

    def test_check_calls_it_undecodable(self, tmp_path: Path) -> None:
        path = v2(tmp_path, Rec("agent", "one", NAMED + LONG))
        answer = call("check", "--json", "--db", path)
        [found] = answer.json["problems"]
        assert (answer.code, answer.json["decoded"]) == (1, 0)
        assert (found["severity"], found["code"]) == ("error", "undecodable")
        assert "the daemon cannot load" in found["message"]

    def test_show_refuses_and_says_why(self, tmp_path: Path) -> None:
        sentence = failed(shown(tmp_path, "agent", NAMED + LONG), 5)
        assert "more than 64 bits" in sentence

    def test_the_tree_shows_every_field(self, tmp_path: Path) -> None:
        answer = shown(tmp_path, "agent", HEAD + LONG + wire.text(3, wire.text(1, "x")), "--tree")
        assert [line.split(":")[0].strip() for line in answer.out.decode().splitlines()] == [
            "api_version", "kind", "metadata", "name", "<900>", "! undecodable",
        ]  # fmt: skip

    def test_the_envelope_gives_its_bytes(self, tmp_path: Path) -> None:
        data = NAMED + LONG
        answer = shown(tmp_path, "agent", data, "--envelope", "--reveal-secrets")
        assert answer.json["message"] is None
        assert [one["code"] for one in answer.json["problems"]] == ["undecodable"]
        assert answer.json["data"] is not None


def test_what_nests_too_deep_is_said_and_shown(tmp_path: Path) -> None:
    value = wire.text(3, "the bottom")
    for _ in range(3400):
        value = wire.text(5, wire.struct_entry("k", value))
    data = output(("a", value))
    answer = shown(tmp_path, "workflow_execution", data)
    assert answer.code == 0
    assert b"the bottom" in answer.out
    checked = call("check", "--json", "--db", tmp_path / "stigmer.db")
    [found] = checked.json["problems"]
    assert (checked.code, found["code"], found["path"]) == (1, "undecodable", "")
    assert "10,000" in found["message"]
