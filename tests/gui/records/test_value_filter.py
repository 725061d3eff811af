"""A field's menu lists the records that have the same value."""

from __future__ import annotations

import pytest

from inspector.expression.grammar import parse
from inspector.gui.fields.filter_by_value import literal
from inspector.schema.types import ScalarType
from inspector.session.expression_filter import ExpressionFilter
from inspector.session.session import Session
from tests.gui.records.test_filter_sort import KIND, STORE, Lists


def test_the_records_with_the_same_value_are_listed(executions: Lists) -> None:
    records = executions.window.records
    kept = executions.at()[1]
    executions.choose("status.phase")
    executions.press("filter_by_value")
    expression = "r.status.phase == EXECUTION_CANCELLED"
    assert records.filter.text() == f"= {expression}"
    executions.wait(executions.quiet)
    wanted = [row.id for row in ExpressionFilter(Session.open(STORE), KIND, expression).rows()]
    assert kept in wanted
    assert len(wanted) < 16
    listed = executions.keys()
    assert [key.id for key in listed] == wanted


def test_elements_and_texts_are_written_as_cel(executions: Lists) -> None:
    executions.choose("status.messages[2].content")
    executions.press("filter_by_value")
    executions.wait(executions.quiet)
    field = executions.window.records.filter
    assert field.text().startswith('= r.status.messages[2].content == "')
    assert not field.is_wrong
    listed = executions.keys()
    assert executions.at()[1] in [key.id for key in listed]


def test_secrets_and_what_is_no_single_value_are_not_offered(executions: Lists) -> None:
    action = executions.window.actions_["filter_by_value"]
    for path in ("spec.callback_token", "status", "status.messages"):
        executions.choose("status.phase")
        executions.wait(action.isEnabled)
        executions.choose(path)
        executions.wait(lambda: not action.isEnabled())
    assert executions.window.records.filter.text() == ""


@pytest.mark.parametrize(
    "value",
    ['a "quoted" \\ text', "line\nline\t\x00\x7f", "\u2028 \U000e0001 é 漢", b"\x00\xff'\"", True],
)
def test_a_literal_is_read_as_the_value_it_was_written_for(value: object) -> None:
    assert parse(literal(value, None)).value == value


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (5, ScalarType.UINT32, "5u"),
        (-5, ScalarType.SINT64, "-5"),
        (1e300, ScalarType.DOUBLE, "1e+300"),
        (float("nan"), ScalarType.DOUBLE, ""),
        ("\ud800", ScalarType.STRING, ""),
    ],
)
def test_numbers_have_their_type_and_what_cel_cannot_write_is_left(
    value: object, kind: ScalarType, text: str
) -> None:
    assert literal(value, kind) == text


def test_another_value_is_asked_for_as_well_and_the_same_field_anew(executions: Lists) -> None:
    field = executions.window.records.filter
    executions.choose("status.phase")
    executions.press("filter_by_value")
    executions.wait(executions.quiet)
    executions.choose("api_version")
    executions.press("filter_by_value")
    executions.wait(executions.quiet)
    first, _, second = field.text().partition(" && ")
    assert first == "= r.status.phase == EXECUTION_CANCELLED"
    assert second.startswith("r.api_version == ")
    executions.choose("status.phase")
    executions.press("filter_by_value")
    assert field.text() == f"= {second} && {first.removeprefix('= ')}"
