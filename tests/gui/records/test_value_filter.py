"""A field's menu lists the records that have the same value."""

from __future__ import annotations

import pytest

from inspector.expression.grammar import parse
from inspector.gui.fields.field_cells import FieldLook
from inspector.gui.fields.field_items import FieldItem
from inspector.gui.fields.filter_by_value import equality, literal
from inspector.gui.store_request import RecordRequest
from inspector.schema.types import Field, MessageType, ScalarType
from inspector.session.expression_filter import ExpressionFilter
from inspector.session.session import Session
from tests.gui.builders import data, number, tree
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


RUN = "aex-01m7y9fj1ggf0hgha2whh6gvsk"
SPAN = MessageType("google.protobuf.Duration")
SPAN.fields = {
    1: Field(1, "seconds", "seconds", ScalarType.INT64),
    2: Field(2, "nanos", "nanos", ScalarType.INT32),
}
CALL = MessageType("demo.Call")
CALL.fields = {1: Field(1, "took", "took", ScalarType.MESSAGE, message=SPAN, presence=True)}
_NESTED = 'status.sub_agent_executions[0].metadata["review"]["review1"]["invoice1"]'


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("status.audit.spec_audit.created_at", 'timestamp("2026-11-21T05:32:48.048419956Z")'),
        ('status.sub_agent_executions[0].metadata["support"]', '"check review import plan report"'),
        ('status.sub_agent_executions[0].metadata["search"]', "1.0"),
        (_NESTED, "true"),
        ('status.tool_calls[5].args["invoice"]', "null"),
        ('status.tool_calls[4].args["triage"]["report0"][2]', "-2.25"),
        ("status.tool_calls[4].status", "TOOL_CALL_COMPLETED"),
        ('status.todos["td0"].id', '"td0"'),
    ],
)
def test_times_maps_lists_and_what_a_struct_holds_are_filtered_by(
    executions: Lists, path: str, value: str
) -> None:
    executions.window.store_controller.show(RecordRequest(KIND, RUN, None), list)
    executions.wait(lambda: executions.at()[1] == RUN)
    executions.choose(path)
    executions.press("filter_by_value")
    field = executions.window.records.filter
    assert field.text() == f"= r.{path} == {value}"
    executions.wait(executions.quiet)
    assert not field.is_wrong
    listed = executions.keys()
    assert RUN in [key.id for key in listed]
    assert len(listed) < 16


@pytest.mark.parametrize(
    ("seconds", "nanos", "expression"),
    [
        (90, 500_000_000, 'r.took == duration("90.500s")'),
        (0, 0, 'r.took == duration("0s")'),
        (0, 2_000_000_000, ""),  # more than a second: no duration
    ],
)
def test_a_span_of_time_is_filtered_by_where_it_is_one(
    seconds: int, nanos: int, expression: str
) -> None:
    found = tree(data(1, number(1, seconds) + number(2, nanos)), CALL)
    item = FieldItem(found.root, None, 0).children()[0]
    assert equality(item, FieldLook()) == expression
    assert equality(item, FieldLook(covered=frozenset(map(id, found.root.children)))) == ""


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
