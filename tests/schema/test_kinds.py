"""Kinds by every spelling, and what each generation knows of them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from inspector.schema.catalog import GENERATIONS, catalog, display, generation, kind_info
from inspector.schema.kinds import kind_rows, normal_kind


@pytest.mark.parametrize("text", ["agent_execution", "AgentExecution", "AGENT-EXECUTION"])
def test_a_kind_is_the_same_in_every_spelling(text: str) -> None:
    assert normal_kind(text) == "agentexecution"
    info = kind_info("2026-01-26", text)
    assert info is not None
    assert (info.kind, info.number, info.id_prefix) == ("agent_execution", 41, "aex")
    assert info.message is not None
    assert info.message.name == "AgentExecution"


def test_the_january_lines_hold_for_both_january_generations_but_mcp_servers_came_later() -> None:
    january = {normal_kind(row.kind) for row in kind_rows() if row.generation == "2026-01"}
    assert generation("2026-01-26").kinds.keys() == january
    assert generation("2026-01-25").kinds.keys() == january - {"mcpserver"}


def test_october_knows_its_own_kinds_only() -> None:
    assert kind_info("2026-10", "run") is not None
    assert kind_info("2026-10", "agent_execution") is None
    assert kind_info("2026-01-26", "run") is None
    assert kind_info("2026-10", "quantum_widget") is None


@pytest.mark.parametrize("name", GENERATIONS)
def test_a_kind_without_a_message_is_known_all_the_same(name: str) -> None:
    info = kind_info(name, "platform")
    assert info is not None
    assert info.message is None
    assert (info.display_name, info.group) == ("Platform", "tenancy")


def test_every_message_named_in_the_table_is_one_of_its_generation() -> None:
    rows = [row for row in kind_rows() if row.generation != "2026-01" or row.kind != "mcp_server"]
    for row in rows:
        for name in (name for name in GENERATIONS if row.holds_for(name)):
            info = kind_info(name, row.kind)
            assert info is not None
            assert (info.message and info.message.full_name) == row.message
            assert info.versioned is row.versioned


def test_versioned_kinds() -> None:
    versioned = {
        name: sorted(info.kind for info in found.kinds.values() if info.versioned)
        for name, found in catalog().items()
    }
    assert versioned["2026-01-26"] == ["skill"]
    assert versioned["2026-10"] == ["agent", "eval", "plugin", "skill"]


def test_a_generation_is_not_mistaken_for_one_that_begins_alike() -> None:
    october = next(row for row in kind_rows() if row.generation == "2026-10")
    january = next(row for row in kind_rows() if row.generation == "2026-01")
    assert not january.holds_for("2026-10")
    assert not october.holds_for("2026-01-26")


def test_a_kind_is_displayed_as_the_newest_generation_calls_it() -> None:
    assert display("OauthApp") == ("OAuth App", "iam")
    assert display("mcp-server") == ("MCP Server", "agentic")
    assert display("AGENT_INSTANCE") == ("Agent Instance", "agentic")
    assert display("quantum_widget") is None


def test_kinds_are_known_without_protobuf() -> None:
    code = (
        "import sys; from inspector.schema.catalog import display; assert display('run');"
        "assert not [name for name in sys.modules if name.startswith('google')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_there_is_no_generation_but_the_known() -> None:
    assert list(catalog()) == list(GENERATIONS)
    assert len(catalog()) == len(GENERATIONS)
    with pytest.raises(KeyError):
        kind_info("2026-02", "agent")
