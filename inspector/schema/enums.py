"""The enums that a message can hold."""

from __future__ import annotations

from functools import cache

from inspector.schema.types import EnumType, MessageType


@cache
def enums_of(message: MessageType) -> tuple[EnumType, ...]:
    """The enums of a message's fields and of all it can hold, each once."""
    found: dict[str, EnumType] = {}
    seen: set[int] = set()
    pending = [message]
    while pending:
        one = pending.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        for each in one.fields.values():
            if each.enum is not None:
                found.setdefault(each.enum.full_name, each.enum)
            if each.message is not None:
                pending.append(each.message)
    return tuple(found.values())
