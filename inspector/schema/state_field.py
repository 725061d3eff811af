"""Where a record says what state it is in."""

from __future__ import annotations

from functools import cache

from inspector.schema.types import Field, MessageType

_STATE_NAMES = ("phase", "state", "lifecycle")
_WORKFLOW = "ai.stigmer.agentic.workflow.v1.Workflow"
_WORKFLOW_PATH = ("status", "serverless_workflow_validation", "state")


@cache
def state_field(message: MessageType) -> tuple[Field, ...] | None:
    """The path of fields from a kind's message to its state, or None where it has none.

    The state is the first field by number in ``status`` that is an enum and is named ``phase``,
    ``state``, ``lifecycle`` or ends in ``_state``; a workflow's lies one message deeper.
    """
    if message.full_name == _WORKFLOW:
        return _follow(message, _WORKFLOW_PATH)
    status = _named(message, "status")
    if status is None or status.message is None:
        return None
    for field in status.message.fields.values():
        if field.enum is not None and not field.repeated and _names_a_state(field.name):
            return (status, field)
    return None


def _names_a_state(name: str) -> bool:
    return name in _STATE_NAMES or name.endswith("_state")


def _named(message: MessageType, name: str) -> Field | None:
    return next((field for field in message.fields.values() if field.name == name), None)


def _follow(message: MessageType, names: tuple[str, ...]) -> tuple[Field, ...] | None:
    path: list[Field] = []
    here: MessageType | None = message
    for name in names:
        field = _named(here, name) if here is not None else None
        if field is None:
            return None
        path.append(field)
        here = field.message
    return tuple(path)
