"""A FileDescriptorSet as the plain types that the decoder works with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorSet,
)

from inspector.schema.types import EnumType, Field, MessageType, ScalarType

_REPEATED = FieldDescriptorProto.LABEL_REPEATED
_MESSAGES = (FieldDescriptorProto.TYPE_MESSAGE, FieldDescriptorProto.TYPE_GROUP)


def message_types(files: FileDescriptorSet) -> Mapping[str, MessageType]:
    """The message types of proto3 files by full name, entries of maps left out."""
    found: dict[str, DescriptorProto] = {}
    enums: dict[str, EnumType] = {}
    for file in files.file:
        _declare(found, enums, file.package, file.message_type, file.enum_type)
    messages = {full: MessageType(full) for full in found}
    entries = {full for full, one in found.items() if one.options.map_entry}
    # Map entries come first, since map fields look into them.
    for full in sorted(messages, key=lambda one: one not in entries):
        for field in _fields(found[full], messages, enums, entries):
            messages[full].fields[field.number] = field
    return {full: one for full, one in messages.items() if full not in entries}


def _declare(
    found: dict[str, DescriptorProto],
    enums: dict[str, EnumType],
    scope: str,
    messages: Iterable[DescriptorProto],
    own_enums: Iterable[EnumDescriptorProto],
) -> None:
    prefix = f"{scope}." if scope else ""
    for enum in own_enums:
        names: dict[int, str] = {}
        for value in enum.value:
            names.setdefault(value.number, value.name)
        enums[prefix + enum.name] = EnumType(prefix + enum.name, names)
    for message in messages:
        found[prefix + message.name] = message
        _declare(found, enums, prefix + message.name, message.nested_type, message.enum_type)


def _fields(
    message: DescriptorProto,
    messages: Mapping[str, MessageType],
    enums: Mapping[str, EnumType],
    entries: set[str],
) -> Iterator[Field]:
    oneofs = [oneof.name for oneof in message.oneof_decl]
    for one in sorted(message.field, key=lambda field: field.number):
        repeated = one.label == _REPEATED
        field = Field(one.number, one.name, one.json_name, ScalarType(one.type), repeated=repeated)
        field.presence = one.type in _MESSAGES and not repeated
        if one.HasField("oneof_index"):
            field.presence = True
            field.oneof = None if one.proto3_optional else oneofs[one.oneof_index]
        type_name = one.type_name.removeprefix(".")
        if field.type is ScalarType.ENUM:
            field.enum = enums[type_name]
        elif type_name:
            field.message = messages[type_name]
            if type_name in entries:
                field.is_map = True
                field.map_key, field.map_value = field.message.fields[1], field.message.fields[2]
        yield field
