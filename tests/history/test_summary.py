"""The one line of a timeline row."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inspector.decode.decoder import decode
from inspector.decode.document import read_document
from inspector.decode.secrets import covered
from inspector.history.difference import difference
from inspector.history.summary import summarise
from inspector.schema.catalog import release
from tests.builders.demo import wire
from tests.decode.types import EVERYTHING, MADE, type_of

MINUS = "\N{MINUS SIGN}"


def line(before: Any, after: Any, most: int = 3) -> str:
    first, second = (read_document(json.dumps({"spec": one}).encode()) for one in (before, after))
    text = summarise(difference(first, second), most).text
    return text.replace("spec.", "")


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        ({"tag": "stable"}, {"tag": "v2"}, "tag stable → v2"),
        ({}, {"tag": "v2"}, "tag none → v2"),
        ({"tag": "v2"}, {}, "tag v2 → none"),
        ({"n": 1}, {"n": 2}, "n 1 → 2"),
        ({"n": True}, {"n": False}, "n true → false"),
        ({"md": "a\nb\nc\n"}, {"md": "a\nx\nc\nd\n"}, f"md +2 {MINUS}1 lines"),
        ({}, {"md": "a\nb\n"}, "md +2 lines"),
        ({"md": "a\nb"}, {"md": "a\nb\n"}, "md newline at the end added"),
        ({"t": "x" * 30}, {"t": "y" * 30}, "t changed"),
        ({"t": ""}, {"t": "y"}, "t changed"),
        ({}, {"o": {"a": 1}}, "o added"),
        ({"l": ["a", "b"]}, {"l": ["b", "c", "d"]}, f"l +2 {MINUS}1 items"),
        ({"l": [{"id": 1}, {"id": 2}]}, {"l": [{"id": 2}, {"id": 1}]}, "l 1 moved"),
        ({"a": 1, "b": 1}, {"a": 2, "b": 2}, "a 1 → 2; b 1 → 2"),
        ({"a": 1}, {"a": 1}, "no field changed"),
    ],
)
def test_what_changed(before: Any, after: Any, text: str) -> None:
    assert line(before, after) == text


def test_at_most_so_many_and_how_many_more() -> None:
    before, after = (dict.fromkeys("abcde", value) for value in (1, 2))
    assert line(before, after, 2) == "a 1 → 2; b 1 → 2; 5 in all"
    assert line(before, after, 5).count(";") == 4


def test_what_was_changed_comes_before_the_id_of_the_version() -> None:
    def saved(number: int, cost: float, note: str) -> bytes:
        version = {"id": f"watch-{number}", "message": note}
        spec = {"cost": cost, "md": "a\n" * number}
        return json.dumps({"metadata": {"version": version}, "spec": spec}).encode()

    first, second = (read_document(saved(*one)) for one in ((1, 5.5, "x" * 30), (2, 6.5, "y" * 30)))
    assert [part.path for part in summarise(difference(first, second)).parts] == [
        "spec.cost", "spec.md", "metadata.version.id",
    ]  # fmt: skip


def skill(tag: str, md: str, digest: str, saved: int) -> bytes:
    audit = wire.text(1, wire.text(4, wire.integer(1, saved)))
    status = wire.text(1, digest) + wire.text(2, f"skills/{digest}.zip") + wire.text(99, audit)
    return wire.text(4, wire.text(1, md) + wire.text(2, tag)) + wire.text(5, status)


def test_hashes_and_audit_times_are_left_out() -> None:
    type_ = release("2026-01-26").messages["ai.stigmer.agentic.skill.v1.Skill"]
    first = decode(skill("stable", "a\nb\n", "0a", 1), type_)
    second = summarise(difference(first, decode(skill("v2", "a\nb\nc\n", "0b", 2), type_)))
    assert second.text == "spec.tag stable → v2; spec.skill_md +1 line"
    assert second.bookkeeping == 3
    again = summarise(difference(first, decode(skill("stable", "a\nb\n", "0a", 2), type_)))
    assert again.text == "only hashes and audit times"


def test_secrets_are_said_to_change_and_not_what_they_are() -> None:
    messages = release("2026-01-26").messages
    type_ = messages["ai.stigmer.agentic.environment.v1.EnvironmentValue"]
    flag = next(f.number for f in type_.fields.values() if f.name == "is_secret")
    value = next(f.number for f in type_.fields.values() if f.name == "value")
    first, second = (
        decode(wire.integer(flag, 1) + wire.text(value, text), type_) for text in ("one", "two")
    )
    found = difference(first, second, covered(first) | covered(second))
    assert summarise(found).text == "value changed"
    assert summarise(difference(first, second, reveal=True)).text == "value one → two"
    first, second = (decode(wire.text(77, text), type_) for text in ("one", "two"))
    assert summarise(difference(first, second)).text == "<77> changed"


def test_bytes_are_said_to_change() -> None:
    type_ = type_of(MADE, EVERYTHING)
    number = next(field.number for field in type_.fields.values() if field.name == "a_bytes")
    first, second = (decode(wire.text(number, data), type_) for data in (b"\x01", b"\x02"))
    assert summarise(difference(first, second)).text == "a_bytes changed"
