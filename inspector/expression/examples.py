"""Expressions to begin with, of which only those are given that are right for a message."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inspector.expression.grammar import ExpressionError
from inspector.expression.program import Program
from inspector.named_tuple import NamedTuple
from inspector.schema.state_field import state_field
from inspector.schema.types import MessageType

_COMMON: Final = (
    ("Says what went wrong", "r.status.error != ''"),
    ("Name contains a text", "r.metadata.name.contains('test')"),
    ("Has a label", "'env' in r.metadata.labels"),
    ("Created since a day", "r.status.audit.spec_audit.created_at > timestamp('{day}')"),
    ("Updated since a day", "updated_at > timestamp('{day}')"),
    ("Larger than 10,000 bytes", "size > 10000"),
    ("Has earlier versions", "versions > 0"),
)
_DAY: Final = "2026-01-01T00:00:00Z"
_TROUBLE: Final = ("FAILED", "ERROR", "REVOKED", "INACTIVE", "SUSPENDED")
_LISTS: Final = 2


class Example(NamedTuple):
    """An expression, and what it asks."""

    title: str
    expression: str


def examples(message: MessageType) -> tuple[Example, ...]:
    """Expressions that are right for a message."""
    made = (
        *_of_state(message),
        *_of_lists(message),
        *(Example(title, text.format(day=_DAY)) for title, text in _COMMON),
    )
    return tuple(one for one in made if _is_right(one.expression, message))


def _of_state(message: MessageType) -> Iterator[Example]:
    path = state_field(message)
    enum = path[-1].enum if path is not None else None
    if path is None or enum is None:
        return
    names = list(enum.names.values())
    bad = next((name for name in names if name.endswith(_TROUBLE)), names[-1])
    way = ".".join(field.name for field in path)
    yield Example(f"State is {bad}", f"r.{way} == {bad}")
    yield Example(f"State is not {bad}", f"r.{way} != {bad}")


def _of_lists(message: MessageType) -> Iterator[Example]:
    found = 0
    for part in ("status", "spec"):
        holder = next((one for one in message.fields.values() if one.name == part), None)
        fields = holder.message.fields.values() if holder is not None and holder.message else ()
        for field in fields:
            if field.repeated and not field.is_map and found < _LISTS:
                found += 1
                words = field.name.replace("_", " ")
                yield Example(f"More than 10 {words}", f"size(r.{part}.{field.name}) > 10")


def _is_right(text: str, message: MessageType) -> bool:
    try:
        Program(text, message)
    except ExpressionError:
        return False
    return True
