"""What is offered at a place of an expression is what could stand there."""

from __future__ import annotations

import pytest

from inspector.expression.completion import completions
from inspector.expression.grammar import ExpressionError
from inspector.expression.program import Program
from inspector.schema.catalog import merged_schema
from inspector.schema.releases import newest
from inspector.schema.types import MessageType


def message_of(kind: str) -> MessageType:
    merged = merged_schema()
    key = merged.root(kind)
    assert key is not None
    return merged.view(newest(merged.releases_of(kind))).message(key)


EXECUTION = message_of("agent_execution")


def offered(text: str) -> list[str]:
    return [one.text for one in completions(text, len(text), [EXECUTION]).found]


def test_fields_stand_behind_a_dot_however_deep() -> None:
    assert offered("r.") == [one.name for one in EXECUTION.fields.values()]
    assert {"phase", "messages", "tool_calls"} <= set(offered("r.status."))
    assert offered("r.status.pha")[0] == "phase"
    assert "content" in offered("r.status.messages[2].")
    assert "created_at" in offered("id != '' && (size > 2 || r.status.audit.spec_audit.")


def test_a_field_is_found_by_its_name_without_the_way_to_it() -> None:
    """Who types ``status`` does not know of ``r`` yet; values of enums alone were offered."""
    assert offered("status")[0] == "r.status"
    assert offered("pha")[0] == "r.status.phase"
    assert "r.metadata.name" in offered("size > 2 && nam")
    assert offered("siz")[0] == "size"
    assert "r.status" not in offered("")
    for one in offered("a"):
        if one.startswith("r."):
            Program(f"has({one})", EXECUTION)


def test_behind_a_text_stand_its_tests_and_behind_a_list_those_of_lists() -> None:
    assert offered("r.metadata.name.")[0] == "contains("
    assert offered("r.status.messages.")[0].startswith("exists(")
    assert offered("r.metadata.labels['a'].st") == ["startsWith("]
    assert offered("r.status.phase.") == []


def test_values_of_the_enum_come_first_where_one_is_compared() -> None:
    for text in (
        "r.status.phase == ",
        "r.status.phase in [",
        "r.status.phase in [A, ",
    ):
        assert "EXECUTION_PENDING" in offered(text)[:3]
    assert offered("r.status.phase == cancel") == ["EXECUTION_CANCELLED"]
    assert "EXECUTION_PENDING" not in offered("r.metadata.name == ")


def test_what_exists_looks_at_has_its_type() -> None:
    assert "content" in offered("r.status.messages.exists(m, m.")
    assert "m" in offered("r.status.messages.exists(m, ")


def test_nothing_is_offered_within_a_text_or_behind_a_whole_value() -> None:
    for text in (
        "r.metadata.name == 'r.",
        "size > 10",
        "id ",
        "r.nothing.",
        "f(r).",
        "= ",
        "r..",
        ").",
    ):
        assert offered(text) == [], text
    assert offered("")[:2] == ["r", "id"]


def test_what_is_typed_is_replaced_to_the_end_of_its_word() -> None:
    found = completions("r.status.pha == 1", 11, [EXECUTION])
    assert (found.start, found.end) == (9, 12)


@pytest.mark.parametrize("kind", ["agent", "workflow_execution", "agent_execution", "skill"])
def test_each_field_that_is_offered_is_one_the_expression_knows(kind: str) -> None:
    message = message_of(kind)
    for text in ("r.", "r.metadata.", "r.spec.", "r.status."):
        for one in completions(text, len(text), [message]).found:
            try:
                Program(f"has({text}{one.text})", message)
            except ExpressionError as error:
                pytest.fail(f"{text}{one.text}: {error}")
