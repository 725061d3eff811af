"""A schema that a person brought as message types, by itself: no release is mixed into it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from inspector.schema.own_types import OwnEnum, OwnField, OwnTypes
from inspector.schema.secrets_table import secret_table
from inspector.schema.types import ANY, EnumType, Field, MessageType, ScalarType, SecretRule

#: Tells by a message's full name and a field's name whether the field is a secret.
IsSecret = Callable[[str, str], bool]

_PAYLOAD: Final = 2  #: of an Any: what it holds


def message_types(
    types: OwnTypes, is_secret: IsSecret = lambda _message, _field: False
) -> dict[str, MessageType]:
    """All messages of a schema but the entries of its maps, by full name.

    Args:
        types: what the schema declares.
        is_secret: names secrets besides those that the schema itself marks (``debug_redact``).
    """
    enums = {name: _enum(name, own) for name, own in types.enums.items()}
    made = {name: MessageType(name, key=name) for name in types.messages}
    for name in sorted(made, key=lambda one: one not in types.entries):
        if name in types.message_sets:  # in a wire format of its own; shown by number
            continue
        for own in types.messages[name]:
            field = _field(own, made, enums, own.type_name in types.entries)
            field.secret = _rule(name, own, is_secret)
            made[name].fields[own.number] = field
    _mark_holders(made.values())
    found = {name: one for name, one in made.items() if name not in types.entries}
    if ANY in found:
        found[ANY].packable = found
    return found


def _enum(name: str, own: OwnEnum) -> EnumType:
    names: dict[int, str] = {}
    for number, value in own.values:
        names.setdefault(number, value)
    return EnumType(name, names, own.closed)


def _field(
    own: OwnField, messages: dict[str, MessageType], enums: dict[str, EnumType], is_map: bool
) -> Field:
    message = messages.get(own.type_name)
    made = Field(
        own.number,
        f"[{own.extension}]" if own.extension is not None else own.name,
        own.json_name,
        ScalarType(own.type),
        own.repeated,
        own.presence,
        own.oneof,
        message,
        enums.get(own.type_name),
        required=own.required,
        utf8=own.utf8,
        extension=own.extension is not None,
    )
    if is_map and message is not None:
        made.is_map = True
        made.map_key, made.map_value = message.fields[1], message.fields[2]
    return made


def _rule(message: str, own: OwnField, is_secret: IsSecret) -> SecretRule | None:
    if own.redacted or is_secret(message, own.name):
        return SecretRule.ALWAYS
    if message == ANY and own.number == _PAYLOAD:
        # Bytes that no schema reads may hold what is a secret.
        return SecretRule.ALWAYS
    return secret_table().fields.get((message, own.name))


def _mark_holders(messages: Iterable[MessageType]) -> None:
    """Say of messages with a secret, and of all that can hold one, that they may have one."""
    holders: dict[str, list[MessageType]] = {}
    pending: list[MessageType] = []
    for one in messages:
        if any(field.secret is not None for field in one.fields.values()):
            pending.append(one)
        for field in one.fields.values():
            if field.message is not None:
                holders.setdefault(field.message.full_name, []).append(one)
    while pending:
        one = pending.pop()
        if not one.has_secrets:
            one.has_secrets = True
            pending += holders.get(one.full_name, ())
