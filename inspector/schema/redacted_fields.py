"""Which fields a schema marks as secrets in a roundabout way, as protobuf itself counts them.

``debug_redact`` may stand at a value of an enum too. A field is then not to be shown where one of
its own options, or a part of one, has that value, though nothing at the field is called so. In
C++ ``DebugString`` and in Java ``DebugFormat`` leave it out; the rule is that of
``FieldDescriptor.getRedactionState`` in protobuf-java 4.33.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.descriptor_pb2 import (
    FieldDescriptorProto,
    FileDescriptorProto,
    UninterpretedOption,
)
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.text_format import ParseError

from inspector.schema.declared import enums_of, messages_of
from inspector.schema.linking import Linked
from inspector.schema.own_types import OwnTypes
from inspector.schema.proto_source import interpret
from inspector.schema.scopes import Symbol

_OPTIONS: Final = "google.protobuf.FieldOptions"

#: Numbers of the values that are marked, by the full name of their enum.
_Marked = Mapping[str, frozenset[int]]


def with_redacted(linked: Linked) -> OwnTypes:
    """The types of a schema; of their fields those that an option marks are ``redacted`` too.

    An option that cannot be made out, since what it is declared in is missing, marks nothing.
    """
    marked = {
        full_name: numbers
        for file in linked.files.values()
        for full_name, enum in enums_of(file)
        if (numbers := frozenset(one.number for one in enum.value if one.options.debug_redact))
    }
    if not marked:
        return linked.types
    try:
        options: Any = GetMessageClass(linked.pool.FindMessageTypeByName(_OPTIONS))
    except KeyError:  # no file extends any options
        return linked.types
    found: dict[str, set[int]] = {}
    for name, file in linked.files.items():
        for message, scope, field in _fields(file):
            if field.HasField("options") and _is_marked(
                _read(linked, options, name, scope, field), marked
            ):
                found.setdefault(message, set()).add(field.number)
    messages = dict(linked.types.messages)
    for message in found.keys() & messages.keys():
        messages[message] = tuple(
            replace(one, redacted=True) if one.number in found[message] else one
            for one in messages[message]
        )
    return replace(linked.types, messages=messages)


def _fields(file: FileDescriptorProto) -> Iterator[tuple[str, str, FieldDescriptorProto]]:
    """The fields of a file, each behind its message and the scope that it is declared in."""
    for one in file.extension:
        yield one.extendee.lstrip("."), file.package, one
    for full_name, message in messages_of(file):
        for one in message.field:
            yield full_name, full_name, one
        for one in message.extension:
            yield one.extendee.lstrip("."), full_name, one


def _read(
    linked: Linked, options: Any, file: str, scope: str, field: FieldDescriptorProto
) -> Message | None:
    """The options of a field with all that the schema adds to them; None if they are damaged."""
    try:
        made: Message = options.FromString(field.options.SerializeToString())
    except DecodeError:
        return None
    for one in field.options.uninterpreted_option:
        meant = UninterpretedOption()
        meant.CopyFrom(one)
        for part in meant.name:
            if part.is_extension:
                wanted = (Symbol.EXTENSION,)
                named = linked.scopes.resolve(part.name_part, scope, file, wanted)
                part.name_part = named.full_name or part.name_part
        try:
            interpret(meant, meant.name, made, linked.pool)
        except (ParseError, ValueError):
            continue
    return made


def _is_marked(message: Message | None, marked: _Marked) -> bool:
    """Whether a value that is marked stands anywhere in a message."""
    return message is not None and any(
        _holds(field, value, marked) for field, value in message.ListFields()
    )


def _holds(field: FieldDescriptor, value: Any, marked: _Marked) -> bool:
    message = field.message_type
    if message is not None and message.GetOptions().map_entry:
        held = message.fields_by_name["value"]
        return any(_holds(held, value[key], marked) for key in value)
    values = value if field.is_repeated else (value,)
    if message is not None:
        return any(_is_marked(one, marked) for one in values)
    if field.enum_type is None:
        return False
    return not marked.get(field.enum_type.full_name, frozenset()).isdisjoint(values)
