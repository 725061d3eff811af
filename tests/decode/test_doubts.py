"""A doubt stands at the field that another reading shows otherwise, with what that would be."""

from __future__ import annotations

from typing import Final

from inspector.decode.decoder import decode
from inspector.decode.doubts import MOST, Doubt, doubts
from inspector.decode.node import Tree
from inspector.decode.secrets import COVERED, covered, secret_spans
from inspector.schema.catalog import merged_schema
from tests.builders.demo import wire
from tests.builders.demo.core import FIRST, SECOND, encode
from tests.releases import NEWEST

MERGED: Final = merged_schema()
AGENT: Final = "ai.stigmer.agentic.agent.v1.Agent"
SESSION: Final = "ai.stigmer.agentic.session.v1.Session"


def tree(data: bytes, full_name: str, name: str) -> Tree:
    """Read with every field there is, and with one release where they mean two things."""
    return decode(data, MERGED.view(MERGED.number(name)).message(MERGED.keys[full_name]))


def found(data: bytes, full_name: str, shown: str, other: str) -> list[Doubt]:
    """What is a secret in either reading is covered in both."""
    one, two = tree(data, full_name, shown), tree(data, full_name, other)
    spans = secret_spans(one) + secret_spans(two)
    return list(doubts(one, covered(one, spans), two, covered(two, spans)))


def places(listed: list[Doubt]) -> list[tuple[str, str, str]]:
    return [(one.place.path, one.shown, one.other) for one in listed]


def test_a_field_of_another_name_and_value() -> None:
    value = {"metadata": {"name": "x", "visibility": "visibility_public"}, "spec": {"env": {}}}
    (one,) = found(encode("3.41.0", AGENT, value), AGENT, "3.41.0", SECOND)
    assert places([one]) == [
        (
            "metadata.visibility",
            'visibility: "visibility_public"',
            'owner_scope: "organization"',
        )
    ]
    assert one.sentence("2026-01-25..2026-01-26") == (
        'It may also be owner_scope: "organization", as 2026-01-25..2026-01-26 has it;'
        ' shown is visibility: "visibility_public".'
    )


def test_a_field_of_another_name_with_the_same_value() -> None:
    data = encode("1.0.4", SESSION, {"spec": {"threadId": "thread-1", "subject": "s"}})
    (one,) = found(data, SESSION, "3.41.0", "1.0.4")
    assert one.place.path == "spec.harness_state_id"
    assert one.sentence("0.0.36..1.0.4") == (
        "It may also be thread_id, as 0.0.36..1.0.4 names it; shown is harness_state_id."
    )


def test_where_all_is_the_same_there_is_none() -> None:
    data = encode("1.0.4", SESSION, {"spec": {"subject": "s"}, "metadata": {"name": "n"}})
    assert found(data, SESSION, "3.41.0", "1.0.4") == []


def test_within_a_list_the_element_that_differs() -> None:
    """The name of a sub-agent of one day of January is the spec of one of the day before."""
    agents = [{"description": "d"}, {"name": '" ' + "a" * 32}]
    data = encode(SECOND, AGENT, {"spec": {"subAgents": agents}})
    listed = found(data, AGENT, SECOND, FIRST)
    assert [one.place.path for one in listed] == [
        "spec.sub_agents[0].description",
        "spec.sub_agents[1].name",
    ]
    assert listed[1].other.startswith('inline_spec: {"mcpServers":["')


def test_what_one_reading_has_no_name_for() -> None:
    """Read strictly, a release has no name for what came later."""
    data = encode("3.41.0", SESSION, {"spec": {"executionTarget": "EXECUTION_TARGET_LOCAL"}})
    known = tree(data, SESSION, "3.41.0")
    unknown = decode(data, MERGED.strict(MERGED.number("1.0.4")).message(MERGED.keys[SESSION]))
    words = 'execution_target: "EXECUTION_TARGET_LOCAL"', "field 12 without a name"
    listed = list(doubts(known, frozenset(), unknown, frozenset()))
    assert places(listed) == [("spec.execution_target", *words)]
    (one,) = doubts(unknown, frozenset(), known, frozenset())
    assert (one.shown, one.other) == words[::-1]


def test_of_a_list_of_another_name_the_list_is_told_not_its_elements() -> None:
    data = wire.text(4, wire.text(7, b"") + wire.text(2, "s"))
    (one,) = found(data, SESSION, "3.41.0", "0.0.36")
    assert one.shown == "mcp_server_usages: [{}]"
    assert one.other == "workspace_entries: [{}]"


def test_a_secret_of_either_reading_is_covered_in_both() -> None:
    env = {"data": {"K": {"value": "hunter2", "isSecret": True}}}
    listed = found(encode(SECOND, AGENT, {"spec": {"envSpec": env}}), AGENT, SECOND, "3.41.0")
    text = " ".join(f"{one.shown} {one.other}" for one in listed)
    assert "env_spec" in text
    assert COVERED in text
    assert "hunter2" not in text


def test_what_lies_in_something_covered_is_not_told() -> None:
    value = {"metadata": {"visibility": "visibility_public"}, "spec": {"description": "d"}}
    data = encode("3.41.0", AGENT, value)
    one, two = tree(data, AGENT, "3.41.0"), tree(data, AGENT, SECOND)
    hidden = [frozenset((id(each.root.children[0]),)) for each in (one, two)]
    assert list(doubts(one, hidden[0], two, hidden[1])) == []


def test_what_the_other_reading_has_in_two_parts_stands_against_nothing() -> None:
    reference = wire.text(14, wire.text(1, "acme")), wire.text(14, wire.text(3, "helper"))
    data = wire.text(4, reference[0] + wire.text(2, "s") + reference[1])
    older = decode(data, MERGED.strict(MERGED.number("3.41.0")).message(MERGED.keys[SESSION]))
    listed = list(doubts(tree(data, SESSION, NEWEST), frozenset(), older, frozenset()))
    words = 'agent_ref: {"org":"acme","slug":"helper"}'
    assert places(listed) == [("spec.agent_ref", words, "nothing")]


def test_no_more_are_told_than_anybody_reads() -> None:
    agents = [{"name": f"n{number}"} for number in range(MOST + 20)]
    data = encode(SECOND, AGENT, {"spec": {"subAgents": agents}})
    assert len(found(data, AGENT, SECOND, FIRST)) == MOST


def test_a_long_value_is_cut() -> None:
    data = encode("1.0.4", SESSION, {"spec": {"threadId": "t" * 500}})
    (one,) = found(data, SESSION, "3.41.0", "1.0.4")
    assert len(one.shown) < 120
    assert one.shown.endswith("…")
