"""Whether it matters which of two generations a message is read with."""

from __future__ import annotations

from functools import cache

from inspector.schema.types import EnumType, Field, MessageType


@cache
def same_shape(a: MessageType, b: MessageType) -> bool:
    """Whether two message types show any bytes the same way.

    They do when they, and all they can hold, agree in field numbers, names, JSON names, types,
    cardinality, presence, oneofs, secret rules and the names of enum values. Their own names may
    differ, except those of well-known types, which are shown in a form of their own.
    """
    seen: set[tuple[MessageType, MessageType]] = set()
    pending = [(a, b)]
    while pending:
        pair = pending.pop()
        if pair in seen or pair[0] is pair[1]:
            continue
        seen.add(pair)
        if not _same_fields(*pair):
            return False
        for number, field in pair[0].fields.items():
            inner, other = field.message, pair[1].fields[number].message
            if inner is not None and other is not None:
                pending.append((inner, other))
    return True


def _same_fields(a: MessageType, b: MessageType) -> bool:
    if a.full_name != b.full_name and (_is_special(a) or _is_special(b)):
        return False
    return a.fields.keys() == b.fields.keys() and all(
        _facts(field) == _facts(b.fields[number]) for number, field in a.fields.items()
    )


def _is_special(message: MessageType) -> bool:
    return message.full_name.startswith("google.protobuf.")


def _facts(field: Field) -> tuple[object, ...]:
    return (
        field.name,
        field.json_name,
        field.type,
        field.repeated,
        field.is_map,
        field.presence,
        field.oneof,
        field.secret,
        field.message is None,
        _names(field.enum),
    )


def _names(enum: EnumType | None) -> dict[int, str] | None:
    return None if enum is None else dict(enum.names)
