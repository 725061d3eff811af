"""Which messages two generations read alike."""

from __future__ import annotations

import pytest

from inspector.schema.catalog import generation
from inspector.schema.compare import same_shape
from inspector.schema.types import EnumType, Field, MessageType, ScalarType, SecretRule

AGENT = "ai.stigmer.agentic.agent.v1"


def test_the_january_generations_differ_in_sub_agents_and_in_what_holds_them() -> None:
    first, second = generation("2026-01-25").messages, generation("2026-01-26").messages
    differing = {
        name for name in first.keys() & second if not same_shape(first[name], second[name])
    }
    assert differing == {f"{AGENT}.{name}" for name in ("Agent", "AgentSpec", "SubAgent")}


def test_names_of_messages_do_not_matter() -> None:
    inline = generation("2026-01-25").messages[f"{AGENT}.InlineSubAgentSpec"]
    later = generation("2026-01-26").messages[f"{AGENT}.SubAgent"]
    assert same_shape(inline, later)


@pytest.mark.parametrize("kind", ["session", "agent", "skill", "organization", "identityaccount"])
def test_january_and_october_read_no_kind_alike(kind: str) -> None:
    january = generation("2026-01-26").kinds[kind].message
    october = generation("2026-10").kinds[kind].message
    assert january is not None
    assert october is not None
    assert not same_shape(january, october)


def test_messages_that_hold_themselves_are_compared_to_the_end() -> None:
    name = "google.protobuf.Struct"
    assert same_shape(generation("2026-01-25").messages[name], generation("2026-10").messages[name])


def one(full_name: str = "x.A", /, **facts: object) -> MessageType:
    field = Field(1, "mood", "mood", ScalarType.ENUM, enum=EnumType("x.Mood", {0: "CALM"}))
    for name, value in facts.items():
        setattr(field, name, value)
    return MessageType(full_name, {field.number: field})


@pytest.mark.parametrize(
    "facts",
    [
        {"number": 2},
        {"name": "humour"},
        {"json_name": "humour"},
        {"type": ScalarType.INT32},
        {"repeated": True},
        {"presence": True},
        {"oneof": "choice"},
        {"is_map": True},
        {"secret": SecretRule.ALWAYS},
        {"enum": EnumType("x.Mood", {0: "QUIET"})},
        {"enum": None},
    ],
    ids=lambda facts: next(iter(facts)),
)
def test_every_fact_that_shows_is_compared(facts: dict[str, object]) -> None:
    assert same_shape(one(), one("y.B"))
    assert not same_shape(one(), one(**facts))


def test_a_difference_far_below_is_found() -> None:
    def nested(leaf: MessageType) -> MessageType:
        for level in range(2000):
            inner = Field(1, "inner", "inner", ScalarType.MESSAGE, message=leaf)
            leaf = MessageType(f"x.Level{level}", {1: inner})
        return leaf

    assert same_shape(nested(one()), nested(one()))
    assert not same_shape(nested(one()), nested(one(name="humour")))


def test_a_well_known_type_is_like_no_other_of_its_fields() -> None:
    timestamp = generation("2026-10").messages["google.protobuf.Timestamp"]
    assert not same_shape(timestamp, MessageType("x.Timestamp", timestamp.fields))
