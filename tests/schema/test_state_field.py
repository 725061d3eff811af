"""Where the state of a record lies."""

from __future__ import annotations

import pytest

from inspector.schema.catalog import release
from inspector.schema.state_field import state_field
from inspector.schema.types import EnumType, Field, MessageType, ScalarType
from tests.releases import kind_info

JANUARY = {
    "agent_execution": "status.phase",
    "skill": "status.state",
    "workflow": "status.serverless_workflow_validation.state",
    "workflow_execution": "status.phase",
}
STATES = {
    "2026-01-25": JANUARY,
    "2026-01-26": {**JANUARY, "mcp_server": "status.validation_state"},
    "3.41.0": {
        **JANUARY,
        "agent_channel": "status.install_state",
        "artifact": "status.storage_state",
        "invitation": "status.state",
        "mcp_server": "status.validation_state",
        "memory": "status.lifecycle_state",
        "plan": "status.lifecycle",
        "plugin": "status.state",
        "subscription": "status.state",
    },
    "2026-10": {
        "agent_run": "status.phase",
        "channel": "status.install_state",
        "eval_run": "status.phase",
        "invitation": "status.state",
        "memory": "status.lifecycle_state",
        "plan": "status.lifecycle",
        "run": "status.phase",
        "score": "status.state",
        "skill": "status.state",
        "subscription": "status.state",
    },
}


@pytest.mark.parametrize("name", STATES)
def test_the_state_of_every_kind(name: str) -> None:
    found = {}
    for info in release(name).kinds.values():
        path = state_field(info.message) if info.message else None
        if path:
            assert path[-1].enum is not None
            found[info.kind] = ".".join(field.name for field in path)
    assert found == STATES[name]


def test_the_path_leads_from_message_to_message() -> None:
    info = kind_info("2026-01-26", "workflow")
    assert info is not None
    assert info.message is not None
    path = state_field(info.message)
    assert path is not None
    here: MessageType | None = info.message
    for field in path:
        assert here is not None
        assert here.fields[field.number] is field
        here = field.message


def status(*fields: Field) -> MessageType:
    inner = MessageType("x.Status", {field.number: field for field in fields})
    outer = Field(5, "status", "status", ScalarType.MESSAGE, message=inner)
    return MessageType("x.Thing", {5: outer})


def enum_field(number: int, name: str, *, repeated: bool = False) -> Field:
    mood = EnumType("x.Mood", {0: "CALM"})
    return Field(number, name, name, ScalarType.ENUM, repeated=repeated, enum=mood)


def test_the_first_by_number_wins() -> None:
    first, second = enum_field(2, "sync_state"), enum_field(7, "phase")
    path = state_field(status(first, second))
    assert path is not None
    assert path[-1] is first


def test_what_is_no_state() -> None:
    text = Field(1, "state", "state", ScalarType.STRING)
    assert state_field(status(text)) is None
    assert state_field(status(enum_field(1, "estate"))) is None
    assert state_field(status(enum_field(1, "old_states"))) is None
    assert state_field(status(enum_field(1, "state", repeated=True))) is None
    assert state_field(MessageType("x.Bare")) is None
    assert state_field(MessageType("ai.stigmer.agentic.workflow.v1.Workflow")) is None
