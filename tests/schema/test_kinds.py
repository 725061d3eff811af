"""Kinds by every spelling, and what each release knows of them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from inspector.schema.catalog import display, merged_schema, release
from inspector.schema.kind_names import family, normal_kind
from tests.releases import JANUARY_25, JANUARY_26, NEWEST, kind_info


@pytest.mark.parametrize("text", ["agent_execution", "AgentExecution", "AGENT-EXECUTION"])
def test_a_kind_is_the_same_in_every_spelling(text: str) -> None:
    assert normal_kind(text) == "agentexecution"
    info = kind_info(JANUARY_26, text)
    assert info is not None
    assert (info.kind, info.number, info.id_prefix) == ("agent_execution", 41, "aex")
    assert info.message is not None
    assert info.message.name == "AgentExecution"


def test_january_has_two_days_and_mcp_servers_came_on_the_second() -> None:
    first, second = release(JANUARY_25).kinds.keys(), release(JANUARY_26).kinds.keys()
    assert second - first == {"mcpserver"}
    assert not first - second


def test_a_release_knows_its_own_kinds_only() -> None:
    assert kind_info(NEWEST, "run") is not None
    assert kind_info(NEWEST, "agent_execution") is None
    assert kind_info("3.41.0", "run") is None
    assert kind_info(NEWEST, "quantum_widget") is None
    with pytest.raises(KeyError):
        kind_info("2026-02", "agent")


def test_a_kind_without_a_message_is_known_all_the_same() -> None:
    info = kind_info(JANUARY_26, "platform")
    assert info is not None
    assert info.message is None
    assert (info.display_name, info.group) == ("Platform", "tenancy")
    assert display("credential") == ("Credential", "iam")


def test_a_number_was_given_to_several_kinds() -> None:
    by_number = {
        number: {row.kind for row in merged_schema().kinds if row.number == number and row.message}
        for number in (41, 46, 47)
    }
    assert by_number[41] == {"agent_execution", "agent_run", "run"}
    assert by_number[46] == {"runner", "agent_share"}
    assert by_number[47] == {"agent_channel", "channel"}


def test_versioned_kinds() -> None:
    def versioned(name: str) -> list[str]:
        return sorted(info.kind for info in release(name).kinds.values() if info.versioned)

    assert versioned(JANUARY_26) == ["skill"]
    assert versioned("1.0.4") == ["skill"]
    assert versioned("3.41.0") == ["plugin", "skill", "workflow"]
    assert versioned(NEWEST) == ["agent", "eval", "plugin", "skill"]


def test_a_kind_is_displayed_as_the_newest_release_calls_it() -> None:
    assert display("OauthApp") == ("OAuth App", "iam")
    assert display("mcp-server") == ("MCP Server", "agentic")
    assert display("AGENT_INSTANCE") == ("Agent Instance", "agentic")
    assert display("quantum_widget") is None
    assert display("run", "3.41.0") is None
    assert display("run", NEWEST) == ("Run", "agentic")


def test_renamed_kinds_are_one() -> None:
    assert family("run") == family("Agent-Execution") == ("agentexecution", "agentrun", "run")
    assert family("agent") == ("agent",)
    merged = merged_schema()
    assert merged.root("agent_run") == merged.root("run") == merged.root("agent_execution")
    assert merged.was_renamed("run")
    assert not merged.was_renamed("agent_execution")


def test_kinds_are_known_without_protobuf() -> None:
    code = (
        "import sys; from inspector.schema.catalog import display; assert display('run');"
        "assert not [name for name in sys.modules if name.startswith('google')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
