"""Which generation a blob is read with, and what is said where it cannot be known."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from inspector.decode.choice import Reading, read_blob, static_choice
from inspector.decode.json_writer import write
from inspector.decode.node import NodeKind
from inspector.schema.catalog import GENERATIONS, kind_info
from inspector.schema.kinds import normal_kind
from tests.builders.demo import wire
from tests.builders.demo.core import FIRST, OCTOBER, SECOND, encode
from tests.decode.damage import real_blobs

AGENT = "ai.stigmer.agentic.agent.v1.Agent"


def agent(generation: str, *sub_agents: Any, name: str = "helper") -> bytes:
    value = {"metadata": {"name": name}, "spec": {"subAgents": list(sub_agents)}}
    return encode(generation, AGENT, value)


def read(data: bytes, layout: int | None = 2, kind: str = "agent") -> Reading:
    return read_blob(data, kind, layout)


def known(reading: Reading) -> set[str]:
    return {reading.generation or "", *reading.also}


@pytest.mark.parametrize("layout", [0, 2])
@pytest.mark.parametrize(
    ("store", "generation"), [("v0", FIRST), ("v2-clean", SECOND), ("v2-migrated", FIRST)]
)
def test_real_records_of_january(store: str, generation: str, layout: int) -> None:
    for blob in real_blobs(store):
        reading = read(blob.data, layout, blob.kind)
        assert generation in known(reading)
        assert reading.rival is None
        assert OCTOBER not in known(reading)


def test_real_records_of_january_in_a_newer_store() -> None:
    """Read as January, or else said to be ambiguous: nothing else tells the two apart."""
    for store, generation in (("v0", FIRST), ("v2-clean", SECOND)):
        for blob in real_blobs(store):
            reading = read(blob.data, 8, blob.kind)
            assert generation in known(reading) or reading.rival is not None


def test_records_of_october(shared: Path) -> None:
    file = shared / "stigmer" / "made" / "v8" / "stigmer.sqlite"
    connection = sqlite3.connect(f"{file.as_uri()}?immutable=1", uri=True)
    rows = connection.execute("SELECT kind, data FROM resources").fetchall()
    connection.close()
    assert len(rows) > 50
    for kind, data in rows:
        reading = read(data, 8, kind)
        assert (reading.generation, reading.rival) == (OCTOBER, None)


def test_without_sub_agents_both_days_of_january_read_the_same() -> None:
    reading = read(agent(FIRST))
    assert known(reading) == {FIRST, SECOND}
    assert reading.rival is None


@pytest.mark.parametrize("layout", [0, 2, 8])
def test_the_form_of_sub_agents_tells_the_days_of_january_apart(layout: int) -> None:
    inline = {"inlineSpec": {"name": "one", "instructions": "Look it up."}}
    reference = {"agentInstanceRefs": {"kind": "agent_instance", "slug": "two"}}
    old = read(agent(FIRST, inline, reference), layout)
    assert (old.generation, old.rival) == (FIRST, None)
    new = read(agent(SECOND, {"name": "one", "instructions": "Look it up."}), layout)
    assert (new.generation, new.rival) == (SECOND, None)
    assert FIRST in old.why
    assert SECOND in new.why


def test_one_sub_agent_of_another_form_decides() -> None:
    """On 01-25 every one has exactly one field, so one that has two is of 01-26."""
    forged = '" ' + "a" * 32
    reading = read(agent(SECOND, {"name": forged}, {"name": "b", "instructions": "c"}))
    assert (reading.generation, reading.rival) == (SECOND, None)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param('" ' + "a" * 32, id="reads as one MCP server of 32 letters"),
        pytest.param('"!' + "a" * 33 + '"!' + "b" * 33, id="as two"),
    ],
)
def test_a_name_that_reads_as_a_sub_agent_is_ambiguous(name: str) -> None:
    """What a person may have typed as a name, and what parses as InlineSubAgentSpec as well."""
    for layout in (2, 8):
        reading = read(agent(SECOND, {"name": name}), layout)
        assert {reading.generation, *reading.also} == {FIRST, SECOND}
        assert reading.rival is not None
        shown = write(reading.tree.root) + write(reading.rival.root)
        assert '"inlineSpec"' in shown
        assert SECOND in reading.why


def test_a_name_nobody_types_is_not_ambiguous() -> None:
    """A spec's bytes hold control characters, which are no part of a name."""
    reading = read(agent(FIRST, {"inlineSpec": {"name": "one"}}))
    assert (reading.generation, reading.rival) == (FIRST, None)


@pytest.mark.parametrize("layout", [0, 1, 2])
def test_up_to_layout_2_only_january_is_possible(layout: int) -> None:
    value = {"metadata": {"name": "x", "visibility": "visibility_public"}}
    data = encode(OCTOBER, AGENT, value)
    assert read(data, layout).generation in (FIRST, SECOND)
    assert read(data, layout).rival is None


@pytest.mark.parametrize("layout", [3, 7, 8, 9, None])
def test_from_layout_3_october_comes_first(layout: int | None) -> None:
    """Owner scope and visibility are the same number: both fit, and that is said."""
    value = {"metadata": {"name": "x", "visibility": "visibility_public"}}
    reading = read(encode(OCTOBER, AGENT, value), layout)
    assert reading.generation == OCTOBER
    assert reading.rival is not None
    assert "ownerScope" in write(reading.rival.root)
    assert SECOND in reading.also


def test_where_both_show_the_same_nothing_is_ambiguous() -> None:
    reading = read(encode(OCTOBER, AGENT, {"metadata": {"name": "x"}}), 8)
    assert (reading.generation, reading.rival) == (OCTOBER, None)
    assert SECOND in reading.also


def test_the_better_fit_wins() -> None:
    """Bytes that one generation has no fields for, whatever the layout prefers."""
    january = encode(SECOND, AGENT, {"spec": {"envSpec": {"data": {"K": {"value": "v"}}}}})
    reading = read(january, 8)
    assert reading.generation == SECOND
    assert f"it fits better than {OCTOBER}" in reading.why


@pytest.mark.parametrize("name", GENERATIONS)
def test_kinds_only_one_generation_knows(name: str) -> None:
    others = [other for other in GENERATIONS if other[:7] != name[:7]]
    for kind in ("workflow", "mcp_server", "run", "grant", "environment"):
        info = kind_info(name, kind)
        if info is None or info.message is None or any(_has(one, kind) for one in others):
            continue
        for layout in (0, 2, 8, None):
            assert name in known(read(wire.text(1, "x"), layout, kind))


def _has(name: str, kind: str) -> bool:
    info = kind_info(name, kind)
    return info is not None and info.message is not None


@pytest.mark.parametrize("kind", ["quantum_widget", "", "credential"])
@pytest.mark.parametrize("schema", ["auto", *GENERATIONS])
def test_a_kind_nobody_knows_is_read_without_a_schema(kind: str, schema: str) -> None:
    reading = read_blob(wire.text(1, "x"), kind, 8, schema)
    assert reading.generation is None
    assert reading.tree.type is None
    assert [node.kind for node in reading.tree.root.children] == [NodeKind.UNKNOWN]


@pytest.mark.parametrize("kind", ["AGENT", "Agent", "a-gent", "a_gent"])
def test_other_spellings_of_a_kind(kind: str) -> None:
    assert normal_kind(kind) == "agent"
    inline = {"inlineSpec": {"name": "one", "instructions": "Look it up."}}
    assert read(agent(FIRST, inline), kind=kind).generation == FIRST


def test_a_forced_generation_is_taken_however_badly_it_fits() -> None:
    data = agent(FIRST, {"inlineSpec": {"name": "one", "instructions": "Look it up."}})
    for name in GENERATIONS:
        reading = read_blob(data, "agent", 0, name)
        assert (reading.generation, reading.also, reading.rival) == (name, (), None)
    assert read_blob(data, "workflow", 0, OCTOBER).generation is None


@pytest.mark.parametrize("layout", [0, 2, 3, 8, None])
def test_a_blob_cut_off_anywhere_is_read_by_the_same_rules(layout: int | None) -> None:
    blob = next(one for one in real_blobs("v0") if one.kind == "agent" and len(one.data) > 1500)
    for size in range(0, len(blob.data), 7):
        reading = read(blob.data[:size], layout)
        assert reading.generation in GENERATIONS
        assert reading.tree.data == blob.data[:size]
        if layout is not None and layout < 3:
            assert OCTOBER not in known(reading)


def test_a_choice_that_is_the_same_for_all_records_is_known_beforehand() -> None:
    assert static_choice("agent", 2) is None
    assert static_choice("agent", 8) is None
    for kind, layout, schema in (
        ("workflow", 8, "auto"),
        ("run", 8, "auto"),
        ("session", 2, "auto"),
        ("nobody", 8, "auto"),
        ("agent", 2, OCTOBER),
        ("workflow", 2, OCTOBER),
    ):
        expected = read_blob(b"", kind, layout, schema)
        assert static_choice(kind, layout, schema) == (expected.generation, expected.why)
