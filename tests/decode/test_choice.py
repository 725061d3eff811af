"""Which releases a blob is read with, why, and what is said where it cannot be known."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inspector.decode.choice import NO_SCHEMA, Expectation, Reading, read
from inspector.decode.json_writer import write
from inspector.decode.node import NodeKind
from inspector.schema.catalog import merged_schema, release
from inspector.schema.clues import Clue
from inspector.schema.kind_names import normal_kind
from tests.builders.demo import wire
from tests.builders.demo.core import FIRST, OCTOBER, SECOND, encode
from tests.decode.blobs import KINDS, SEEDS, as_written
from tests.decode.damage import real_blobs
from tests.decode.readings import among, read_kind
from tests.releases import NEWEST, SOME, message_class

AGENT = "ai.stigmer.agentic.agent.v1.Agent"
SCHEDULE = "ai.stigmer.agentic.schedule.v1.Schedule"
SESSION = "ai.stigmer.agentic.session.v1.Session"


def agent(name: str, *sub_agents: Any) -> bytes:
    value = {"metadata": {"name": "helper"}, "spec": {"subAgents": list(sub_agents)}}
    return encode(name, AGENT, value)


def shown(reading: Reading) -> str:
    return write(reading.tree.root, indent=None)


def others(reading: Reading) -> str:
    return "".join(write(rival.tree.root, indent=None) for rival in reading.choice.rivals)


@pytest.mark.parametrize("layout", [0, 2])
@pytest.mark.parametrize(
    ("store", "name"), [("v0", FIRST), ("v2-clean", SECOND), ("v2-migrated", FIRST)]
)
def test_real_records_of_january(store: str, name: str, layout: int) -> None:
    for blob in real_blobs(store):
        reading = read_kind(blob.data, blob.kind, layout)
        assert name in among(reading)
        assert not reading.choice.rivals
        assert NEWEST not in among(reading)


def test_real_records_of_january_in_a_newer_store() -> None:
    """Read as January, or else said to be ambiguous: nothing else tells the two apart."""
    for store, name in (("v0", FIRST), ("v2-clean", SECOND)):
        for blob in real_blobs(store):
            reading = read_kind(blob.data, blob.kind, 8)
            wanted: Any = message_class(name, blob.full_name).FromString(blob.data)
            same = "ownerScope" in shown(reading) or not wanted.metadata.owner_scope
            assert same or "ownerScope" in others(reading)


def test_records_of_the_newest(shared: Path) -> None:
    file = shared / "stigmer" / "made" / "v8" / "stigmer.sqlite"
    connection = sqlite3.connect(f"{file.as_uri()}?immutable=1", uri=True)
    rows = connection.execute("SELECT kind, data FROM resources").fetchall()
    connection.close()
    assert len(rows) > 50
    for kind, data in rows:
        assert NEWEST in among(read_kind(data, kind, 27))


def test_without_sub_agents_both_days_of_january_read_the_same() -> None:
    reading = read_kind(agent(FIRST), "agent", 2)
    assert among(reading) == {FIRST, SECOND}
    assert reading.choice.schema == f"{FIRST}..{SECOND}"
    assert not reading.choice.rivals


@pytest.mark.parametrize("layout", [0, 2, 8])
def test_the_form_of_sub_agents_tells_the_days_of_january_apart(layout: int) -> None:
    inline = {"inlineSpec": {"name": "one", "instructions": "Look it up."}}
    reference = {"agentInstanceRefs": {"kind": "agent_instance", "slug": "two"}}
    old = read_kind(agent(FIRST, inline, reference), "agent", layout)
    assert among(old) == {FIRST}
    assert not old.choice.rivals
    new = read_kind(agent(SECOND, {"name": "one", "instructions": "Look it up."}), "agent", layout)
    assert SECOND in among(new) or layout == 8
    assert FIRST not in among(new)
    assert '"subAgents":[{"name":"one","instructions":"Look it up."}]' in shown(new)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param('" ' + "a" * 32, id="reads as one MCP server of 32 letters"),
        pytest.param('"!' + "a" * 33 + '"!' + "b" * 33, id="as two"),
    ],
)
def test_a_name_that_reads_as_a_sub_agent_is_ambiguous(name: str) -> None:
    """What a person may have typed as a name, and what parses as InlineSubAgentSpec as well."""
    reading = read_kind(agent(SECOND, {"name": name}), "agent", 2)
    assert reading.choice.rivals
    both = shown(reading) + others(reading)
    assert '"inlineSpec"' in both
    assert '"name":"' in both


def test_a_name_nobody_types_is_not_ambiguous() -> None:
    """A spec's bytes hold control characters, which are no part of a name."""
    reading = read_kind(agent(FIRST, {"inlineSpec": {"name": "one"}}), "agent", 2)
    assert among(reading) == {FIRST}
    assert not reading.choice.rivals


@pytest.mark.parametrize("layout", [0, 1, 2])
def test_up_to_layout_2_only_january_is_possible(layout: int) -> None:
    value = {"metadata": {"name": "x", "visibility": "visibility_public"}}
    reading = read_kind(encode(OCTOBER, AGENT, value), "agent", layout)
    assert "ownerScope" in shown(reading)
    assert not reading.choice.rivals


def test_what_nothing_tells_apart_is_said_where_it_shows() -> None:
    """Owner scope and visibility are the same number: both fit."""
    value = {"metadata": {"name": "x", "visibility": "visibility_public"}}
    reading = read_kind(encode(OCTOBER, AGENT, value), "agent")
    assert '"visibility":"visibility_public"' in shown(reading)
    assert "ownerScope" in others(reading)


@pytest.mark.parametrize(
    ("layout", "first", "second"),
    [(2, '"ownerScope":4', '"visibility":"'), (None, '"visibility":"', '"ownerScope":4')],
    ids=["the layout counts more", "nothing else tells"],
)
def test_a_number_without_a_name_is_doubted_not_overruled(
    layout: int | None, first: str, second: str
) -> None:
    """A writer keeps the number of an enum that a newer one sent: the name is no proof."""
    value = {"metadata": {"name": "x", "visibility": "visibility_platform"}}
    reading = read_kind(encode("3.41.0", AGENT, value), "agent", layout)
    assert first in shown(reading)
    assert second in others(reading)


@pytest.mark.parametrize(
    ("written", "layout", "applied"),
    [
        ("2026-01-27 10:00:00", None, ()),
        ("2026-03-01 10:00:00", 6, ((1, "2026-01-26 09:00:00"), (3, "2026-03-12 09:00:00"))),
    ],
    ids=["by time", "by the layout of the time"],
)
def test_a_row_is_not_older_than_its_writer(
    written: str, layout: int | None, applied: tuple[tuple[int, str], ...]
) -> None:
    value = {"metadata": {"name": "x", "ownerScope": "organization"}}
    data = encode(SECOND, AGENT, value)
    reading = read_kind(data, "agent", layout, written=written, applied=applied)
    assert '"ownerScope":"organization"' in shown(reading)
    assert not reading.choice.rivals
    assert among(reading) == {FIRST, SECOND}


def test_a_row_written_after_a_layout_is_of_a_release_that_makes_it() -> None:
    data = encode("3.41.0", AGENT, {"metadata": {"name": "x", "visibility": "visibility_public"}})
    applied = tuple((layout, "2026-08-05 08:00:00") for layout in range(1, 7))
    written = "2026-08-06 08:00:00"
    reading = read_kind(data, "agent", 6, written=written, applied=applied)
    assert '"visibility":"visibility_public"' in shown(reading)
    assert not reading.choice.rivals
    assert (reading.choice.schema or "").startswith("3.6.0..")
    assert "layout 6" in reading.choice.why


def test_a_row_older_than_every_layout_is_not_bound_by_them() -> None:
    """A store that was migrated at once holds rows of any time before."""
    data = encode("3.41.0", AGENT, {"metadata": {"visibility": "visibility_public"}})
    applied = tuple((layout, "2026-10-02 12:00:00") for layout in range(1, 14))
    reading = read_kind(data, "agent", 13, written="2026-10-01 12:00:00", applied=applied)
    assert {FIRST, "3.41.0"} <= among(reading) | {
        name for one in reading.choice.rivals for name in _names(one.releases)
    }


def _names(mask: int) -> set[str]:
    return {name for at, name in enumerate(merged_schema().names) if mask >> at & 1}


def test_what_the_same_was_seen_in_has_one_choice() -> None:
    merged = merged_schema()
    expected = Expectation(merged, merged.keys[AGENT])
    one, two, other = (
        read(encode("3.41.0", AGENT, {"metadata": {"name": name, **more}}), expected)
        for name, more in (("one", {}), ("two", {}), ("one", {"annotations": {"a": "b"}}))
    )
    assert shown(one) != shown(two)
    assert one.choice is two.choice
    assert one.choice.why == "every release reads it the same"
    assert "the field annotations" in other.choice.why


def test_bytes_count_more_than_a_clock() -> None:
    """A store on a machine whose clock is wrong: what stands in the record is true."""
    value = {"spec": {"env": {"K": {"description": "d"}}}, "metadata": {"visibility": 3}}
    reading = read_kind(encode("3.41.0", AGENT, value), "agent", written="2026-01-26 10:00:00")
    assert '"visibility":"visibility_org"' in shown(reading)
    assert FIRST not in among(reading)


@pytest.mark.parametrize("written", ["2026-03-28 10:00:00", None])
@pytest.mark.parametrize(
    "usage",
    [
        {"mcpServerRef": {"org": "acme", "kind": "mcp_server", "slug": "github"}},
        {"mcpServerRef": {"slug": "github"}, "enabledTools": ["search"]},
        {"enabledTools": ["search", "find"]},
    ],
)
def test_mcp_servers_of_a_session_are_no_workspace_entries(
    usage: dict[str, Any], written: str | None
) -> None:
    """0.0.36 has those under the number; a reference is no name that anybody types."""
    data = encode("0.0.49", SESSION, {"spec": {"mcpServerUsages": [usage]}})
    reading = read_kind(data, "session", 4, written=written)
    assert '"mcpServerUsages":[{' in shown(reading)
    assert not reading.choice.rivals


def test_an_element_with_nothing_in_it_is_a_server_or_an_entry() -> None:
    data = encode("0.0.49", SESSION, {"spec": {"mcpServerUsages": [{}]}})
    reading = read_kind(data, "session", 4, written="2026-03-28 10:00:00")
    assert '"mcpServerUsages":[{}]' in shown(reading)
    assert '"workspaceEntries":[{}]' in others(reading)


def test_the_better_fit_wins() -> None:
    """Bytes that one release has no fields for, whatever the layout prefers."""
    january = encode(SECOND, AGENT, {"spec": {"envSpec": {"data": {"K": {"value": "v"}}}}})
    reading = read_kind(january, "agent", 13, written="2026-10-01 00:00:00")
    assert '"envSpec":{"data":{"K":{"value":"v"}}}' in shown(reading)
    assert NEWEST not in among(reading)


def test_both_bounds_are_explained() -> None:
    value = {"spec": {"env": {"K": {"description": "d"}}}}
    reading = read_kind(encode("0.0.80", AGENT, value), "agent", 4, written="2026-04-20 00:00:00")
    assert reading.choice.why.startswith("not before 0.0.80, since it has the field ")
    assert "not after " in reading.choice.why
    assert "2026-04-20" in reading.choice.why


def test_fields_that_a_migration_kept_are_named() -> None:
    """A run that was an execution keeps the conversation that no newer release knows."""
    value = {
        "metadata": {"name": "x"},
        "status": {"phase": "EXECUTION_COMPLETED", "messages": [{"content": "hello"}]},
    }
    data = encode("3.41.0", "ai.stigmer.agentic.agentexecution.v1.AgentExecution", value)
    for kind in ("run", "agent_run"):
        reading = read_kind(data, kind, 26)
        assert '"phase":"RUN_COMPLETED"' in shown(reading)
        assert '"messages":[{"content":"hello"}]' in shown(reading)
        assert among(reading) == {NEWEST}
    assert '"phase":"EXECUTION_COMPLETED"' in shown(read_kind(data, "agent_execution", 13))


@pytest.mark.parametrize("kind", ["quantum_widget", "", "credential"])
@pytest.mark.parametrize("schema", ["auto", *SOME])
def test_a_kind_nobody_knows_is_read_without_a_schema(kind: str, schema: str) -> None:
    reading = read_kind(wire.text(1, "x"), kind, 8, schema=schema)
    assert reading.choice.schema is None
    assert reading.tree.type is None
    assert [node.kind for node in reading.tree.root.children] == [NodeKind.UNKNOWN]
    if schema == "auto":
        assert reading.choice.why == NO_SCHEMA


@pytest.mark.parametrize("kind", ["AGENT", "Agent", "a-gent", "a_gent"])
def test_other_spellings_of_a_kind(kind: str) -> None:
    assert normal_kind(kind) == "agent"
    inline = {"inlineSpec": {"name": "one", "instructions": "Look it up."}}
    assert among(read_kind(agent(FIRST, inline), kind, 2)) == {FIRST}


def test_a_forced_release_is_taken_however_badly_it_fits() -> None:
    data = agent(FIRST, {"inlineSpec": {"name": "one", "instructions": "Look it up."}})
    for name in SOME:
        reading = read_kind(data, "agent", 0, schema=name)
        assert (reading.choice.schema, reading.choice.rivals) == (name, ())
    unknown = read_kind(data, "workflow", 0, schema=OCTOBER)
    assert unknown.choice.schema is None
    assert unknown.choice.why == f"{NEWEST} does not know this kind"


def test_a_forced_release_knows_only_its_own_fields() -> None:
    data = encode("3.41.0", AGENT, {"spec": {"env": {"K": {"description": "d"}}}})
    tree = read_kind(data, "agent", schema="0.0.36").tree
    known = release("0.0.36").messages[f"{AGENT}Spec"].fields
    assert {node.field.name for node in tree.root.children[0].children if node.field} <= {
        field.name for field in known.values()
    }
    assert tree.odd


@pytest.mark.parametrize("layout", [0, 2, 3, 8, None])
def test_a_blob_cut_off_anywhere_is_read_by_the_same_rules(layout: int | None) -> None:
    blob = next(one for one in real_blobs("v0") if one.kind == "agent" and len(one.data) > 1500)
    for size in range(0, len(blob.data), 7):
        reading = read_kind(blob.data[:size], "agent", layout)
        assert reading.choice.schema is not None
        assert reading.tree.data == blob.data[:size]


def test_a_clue_that_leaves_nothing_is_passed() -> None:
    merged = merged_schema()
    nothing = Clue(0, "nobody")
    key = merged.keys[AGENT]
    known = read(agent(FIRST), Expectation(merged, key, (nothing,)))
    assert known.choice.releases == read(agent(FIRST), Expectation(merged, key)).choice.releases


@pytest.mark.parametrize(
    ("kind", "full_name", "value", "asked"),
    [
        ("agent", AGENT, {"metadata": {"visibility": "visibility_public"}}, 1),
        ("schedule", SCHEDULE, {"spec": {"agent": {"agentRef": {"slug": "helper"}}}}, 0),
    ],
    ids=["two names for a field", "two types that show the same"],
)
def test_more_is_asked_for_only_where_it_shows(
    kind: str, full_name: str, value: dict[str, Any], asked: int
) -> None:
    """What the rows around say takes a look at all of them."""
    merged = merged_schema()
    calls: list[None] = []

    def further() -> tuple[Clue, ...]:
        calls.append(None)
        return ()

    expected = Expectation(merged, merged.keys[full_name], merged.clue(kind))
    read(encode("3.6.0", full_name, value), expected, further)
    assert len(calls) == asked


#: A text no person would write stands beside a message that others read as such a text.
_TWO_TEXTS = (
    "3.6.0",
    "workflow_execution",
    "ai.stigmer.agentic.workflowexecution.v1.WorkflowExecution",
)


#: An enum's number stands in it that no release has a name for.
_UNNAMED = ("2026-01-25", "agent", AGENT)


@example(_TWO_TEXTS, Random(328))
@example(_UNNAMED, Random(663186918))
@given(st.sampled_from(KINDS), SEEDS)
def test_a_record_of_any_release_is_shown_as_that_release_shows_it_or_doubted(
    case: tuple[str, str, str], random: Any
) -> None:
    """The law of the choice: what its own release shows is what is shown, or a rival."""
    name, kind, full_name = case
    data = as_written(random, name, full_name)
    merged = merged_schema()
    wanted = write(read_kind(data, kind, schema=name).tree.root)
    only = Clue(1 << merged.number(name), "its own release")
    told = read(data, Expectation(merged, merged.keys[full_name], (only,), merged.rewriter(kind)))
    assert write(told.tree.root) == wanted
    reading = read_kind(data, kind)
    possible = [write(reading.tree.root), *(write(one.tree.root) for one in reading.choice.rivals)]
    assert wanted in possible
