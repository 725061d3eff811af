"""Plain tables of types -> the objects of one generation; needs no ``google.protobuf``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypedDict

from inspector.schema.kinds import KindRow, normal_kind
from inspector.schema.types import (
    EnumType,
    Field,
    Generation,
    KindInfo,
    MessageType,
    ScalarType,
    SecretRule,
)

Rules = Mapping[tuple[str, str], SecretRule]

#: Number, name, JSON name, type, repeated, presence, oneof, and the full name of the type it
#: refers to (empty where it refers to none).
FieldLine = tuple[int, str, str, int, bool, bool, str | None, str]


class Types(TypedDict):
    """What a descriptor set says, as it is kept in ``types.json``.

    Attributes:
        enums: number and first name of the values, by full name.
        messages: fields by full name.
        entries: full names of the messages that are entries of maps.
    """

    enums: dict[str, list[tuple[int, str]]]
    messages: dict[str, list[FieldLine]]
    entries: list[str]


def build(name: str, types: Types, rows: Iterable[KindRow], rules: Rules) -> Generation:
    """Build a generation.

    Args:
        name: the generation's name, such as ``2026-10``.
        types: everything it holds and refers to.
        rows: the lines of the kind table; those of other generations, and those whose message the
            types do not have, are passed over.
        rules: secret rules by message full name and field name.

    Raises:
        KeyError: a field refers to a type that is not there.
    """
    enums = {full: EnumType(full, dict(values)) for full, values in types["enums"].items()}
    messages = {full: MessageType(full) for full in types["messages"]}
    entries = set(types["entries"])
    # Map entries come first, since map fields look into them.
    for full in sorted(messages, key=lambda one: one not in entries):
        for line in types["messages"][full]:
            field = _field(line, messages, enums, entries)
            field.secret = rules.get((full, field.name))
            messages[full].fields[field.number] = field
    _mark_secrets(messages.values())
    own = {key: value for key, value in messages.items() if key not in entries}
    return Generation(name, own, dict(_kinds(name, rows, own)))


def _field(
    line: FieldLine,
    messages: Mapping[str, MessageType],
    enums: Mapping[str, EnumType],
    entries: set[str],
) -> Field:
    number, name, json_name, scalar, repeated, presence, oneof, type_name = line
    field = Field(number, name, json_name, _SCALARS[scalar], repeated, presence, oneof)
    if field.type is ScalarType.ENUM:
        field.enum = enums[type_name]
    elif type_name:
        field.message = messages[type_name]
        if type_name in entries:
            field.is_map = True
            field.map_key, field.map_value = field.message.fields[1], field.message.fields[2]
    return field


_SCALARS = {int(scalar): scalar for scalar in ScalarType}


def _mark_secrets(messages: Iterable[MessageType]) -> None:
    """Set ``has_secrets`` on what has a secret field and, from there, on all that can hold it."""
    holders: dict[MessageType, list[MessageType]] = {}
    marked: list[MessageType] = []
    for message in messages:
        for field in message.fields.values():
            if field.message is not None:
                holders.setdefault(field.message, []).append(message)
        if any(field.secret for field in message.fields.values()):
            marked.append(message)
    while marked:
        message = marked.pop()
        if not message.has_secrets:
            message.has_secrets = True
            marked += holders.get(message, ())


def _kinds(
    generation: str, rows: Iterable[KindRow], messages: Mapping[str, MessageType]
) -> Iterator[tuple[str, KindInfo]]:
    for row in rows:
        if not row.holds_for(generation) or (row.message and row.message not in messages):
            continue
        message = messages[row.message] if row.message else None
        info = KindInfo(
            row.kind,
            row.number,
            row.display_name,
            row.group,
            row.id_prefix,
            row.versioned,
            message,
        )
        yield normal_kind(row.kind), info
