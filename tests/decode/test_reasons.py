"""What is said to bound the releases of a record is true of the releases themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.decode.choice import Expectation, Reading, read
from inspector.decode.decoder import decode
from inspector.decode.evidence import bounds
from inspector.schema.catalog import merged_schema
from inspector.schema.clues import Clue
from inspector.schema.dating import Dating
from inspector.schema.types import Field, MessageType
from tests.builders.demo.core import encode
from tests.decode.blobs import KINDS, SEEDS, as_written
from tests.decode.readings import among, read_kind

MERGED: Final = merged_schema()
AGENT: Final = "ai.stigmer.agentic.agent.v1.Agent"
SCHEDULE: Final = "ai.stigmer.agentic.schedule.v1.Schedule"
SESSION: Final = "ai.stigmer.agentic.session.v1.Session"

_FIELD: Final = re.compile(r"it has the field (\S+) of (\S+?)(?: with the number (\d+))?")
_VALUE: Final = re.compile(r"it has the value (\S+) of (\S+)")
_READ: Final = re.compile(
    r"field (\d+) of (\S+) is read as (\S+?)(?: of type ([^;]+?)(?: of (ai\.\S+))?)?"
)
_NAMED: Final = re.compile(r"value (\d+) of (\S+) is read as (\S+)")


def types(name: str, text: str) -> Iterator[MessageType]:
    """The messages of a release that a phrase can mean, under the names they went by later too."""
    keys = {key for full, key in MERGED.keys.items() if full.endswith(f".{text}") or full == text}
    strict = MERGED.strict(MERGED.number(name))
    return (strict.message(key) for key in keys if strict.has(key))


def enum_names(name: str, text: str) -> dict[int, str]:
    strict = MERGED.strict(MERGED.number(name))
    (full,) = (one for one in MERGED.enum_names() if one.endswith(f".{text}") or one == text)
    return dict(strict.enum(full).names)


def fits(name: str, words: str) -> bool:
    """Whether a release has what a phrase says a record has."""
    if found := _FIELD.fullmatch(words):
        field, owner, number = found.groups()
        return any(
            one.name == field and (number is None or one.number == int(number))
            for message in types(name, owner)
            for one in message.fields.values()
        )
    if found := _VALUE.fullmatch(words):
        return found[1] in enum_names(name, found[2]).values()
    if found := _NAMED.fullmatch(words):
        return enum_names(name, found[2]).get(int(found[1])) == found[3]
    found = _READ.fullmatch(words)
    assert found is not None, words
    number, owner, field, type_, package = found.groups()
    return any(
        one.name == field and type_ in (None, one.type_name) and package in (None, held_in(one))
        for message in types(name, owner)
        if (one := message.fields.get(int(number))) is not None
    )


def clues_of(kind: str, written: str | None) -> tuple[Clue, ...]:
    return (*MERGED.clue(kind), *Dating(MERGED, None).clues(written))


def held_in(field: Field) -> str:
    held = field.map_value or field
    named = held.message or held.enum
    assert named is not None
    return named.full_name.rpartition(".")[0]


def check(reading: Reading, clues: tuple[Clue, ...] = ()) -> None:
    """Every bound that is said: no release beyond it has all that is said to be there."""
    sides = [one for one in reading.choice.why.split("; ") if one.startswith("not ")]
    for side in sides:
        bound, reasons = side.split(", since ", 1)
        _, word, name = bound.split(" ")
        number = MERGED.number(name)
        assert (reading.choice.schema or "").split("..")[0 if word == "before" else -1] == name
        beyond = range(number) if word == "before" else range(number + 1, len(MERGED.names))
        said = reasons.split(" and ")
        given_ = [one for one in clues if one.words in said]
        others = [words for words in said if words not in {one.words for one in clues}]
        for at in beyond:
            possible = all(one.releases >> at & 1 for one in given_)
            assert not (possible and all(fits(MERGED.names[at], one) for one in others)), (
                MERGED.names[at],
                side,
            )


@pytest.mark.parametrize(
    ("kind", "full_name", "name", "written", "value", "why"),
    [
        (
            *("schedule", SCHEDULE, "3.6.0", "2026-08-05 10:00:00"),
            {"spec": {"agent": {"agentRef": {"slug": "helper"}}}},
            "not before 3.6.0, since it has the field agent_ref of AgentTarget; not after 3.8.0",
        ),
        (
            *("session", SESSION, "2.0.1", "2026-06-05 10:00:00"),
            {"spec": {"subject": "x"}, "status": {"audit": {"specAudit": {"event": "created"}}}},
            "not after 3.0.1, since it was written on",
        ),
    ],
    ids=["AgentTarget or AgentInvocation", "SessionStatus or ApiResourceAuditStatus"],
)
def test_types_that_show_the_same_are_all_possible(
    kind: str, full_name: str, name: str, written: str, value: dict[str, Any], why: str
) -> None:
    """What is shown is the same, so nothing is in doubt; but who wrote it is one of either."""
    reading = read_kind(encode(name, full_name, value), kind, written=written)
    assert not reading.choice.rivals
    assert name in among(reading)
    assert why in reading.choice.why
    check(reading, clues_of(kind, written))


def test_a_field_that_was_moved_is_named_with_its_number() -> None:
    value = {"spec": {"workspaceEntries": [{"name": "code"}]}}
    data = encode("0.0.49", SESSION, value)
    reading = read_kind(data, "session", written="2026-03-25 10:00:00")
    assert "the field workspace_entries of SessionSpec with the number 6" in reading.choice.why


def test_what_bounds_together_is_said_together() -> None:
    """A type that came, went and came again bounds only with a field of the second time."""
    value = {
        "spec": {"executionTarget": "EXECUTION_TARGET_LOCAL"},
        "status": {"audit": {"specAudit": {"event": "created"}}},
    }
    number = MERGED.number("3.0.0")
    data = encode("3.0.0", SESSION, value)
    tree = decode(data, MERGED.view(number).message(MERGED.keys[SESSION]))
    assert bounds(tree, MERGED, number, ()).first == (
        "it has the field execution_target of SessionSpec"
        " and field 5 of Session is read as status of type ApiResourceAuditStatus"
    )


def test_where_types_end_the_same_the_package_is_said() -> None:
    value = {"spec": {"env": {"K": {"description": "d"}}}}
    reading = read_kind(encode("3.41.0", AGENT, value), "agent", written="2026-10-01 10:00:00")
    assert reading.choice.schema == "0.0.80..3.41.0"
    tree, number = reading.tree, MERGED.number("3.41.0")
    assert "environment.v1.EnvVarDeclaration" in bounds(tree, MERGED, number, ()).last


def test_a_clue_that_the_bytes_contradict_bounds_nothing() -> None:
    """The clock of the machine was wrong: that day is no reason for any bound."""
    value = {"spec": {"env": {"K": {"description": "d"}}}, "metadata": {"visibility": 3}}
    data = encode("3.41.0", AGENT, value)
    reading = read_kind(data, "agent", written="2026-01-26 10:00:00")
    assert "2026-01-26" not in reading.choice.why


@given(st.sampled_from(KINDS), SEEDS, st.booleans())
def test_no_release_beyond_a_bound_has_what_bounds_it(
    case: tuple[str, str, str], random: Any, dated: bool
) -> None:
    name, kind, full_name = case
    data = as_written(random, name, full_name)
    clues = MERGED.clue(kind)
    if dated:
        number = MERGED.number(name)
        clues = (*clues, Clue((1 << number + 1) - 1, "no later one was there"))
    reading = read(data, Expectation(MERGED, MERGED.keys[full_name], clues))
    check(reading, clues)
