"""A FileDescriptorSet -> plain tables of types, and the objects of one generation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorSet,
)

from inspector.schema.build import FieldLine, Rules, Types, build
from inspector.schema.kinds import KindRow
from inspector.schema.types import Generation

_REPEATED = FieldDescriptorProto.LABEL_REPEATED
_MESSAGES = (FieldDescriptorProto.TYPE_MESSAGE, FieldDescriptorProto.TYPE_GROUP)


def load(name: str, data: bytes, rows: Iterable[KindRow], rules: Rules) -> Generation:
    """Build a generation from a serialized FileDescriptorSet; see :func:`types_of` and ``build``.

    Raises:
        google.protobuf.message.DecodeError: ``data`` is no FileDescriptorSet.
        KeyError: a field refers to a type that the set does not have.
    """
    return build(name, types_of(data), rows, rules)


def types_of(data: bytes) -> Types:
    """What a FileDescriptorSet says.

    Args:
        data: a serialized set (proto3) that holds everything it refers to.

    Raises:
        google.protobuf.message.DecodeError: it is none.
    """
    found = Types(enums={}, messages={}, entries=[])
    for file in FileDescriptorSet.FromString(data).file:
        _declare(found, file.package, file.message_type, file.enum_type)
    return found


def _declare(
    found: Types,
    scope: str,
    messages: Iterable[DescriptorProto],
    enums: Iterable[EnumDescriptorProto],
) -> None:
    prefix = f"{scope}." if scope else ""
    for enum in enums:
        names: dict[int, str] = {}
        for value in enum.value:
            names.setdefault(value.number, value.name)
        found["enums"][prefix + enum.name] = list(names.items())
    for message in messages:
        full_name = prefix + message.name
        found["messages"][full_name] = sorted(_fields(message))
        if message.options.map_entry:
            found["entries"].append(full_name)
        _declare(found, full_name, message.nested_type, message.enum_type)


def _fields(message: DescriptorProto) -> Iterator[FieldLine]:
    oneofs = [oneof.name for oneof in message.oneof_decl]
    for field in message.field:
        repeated, oneof = field.label == _REPEATED, None
        presence = field.type in _MESSAGES and not repeated
        if field.HasField("oneof_index"):
            presence = True
            oneof = None if field.proto3_optional else oneofs[field.oneof_index]
        type_name = field.type_name.removeprefix(".")
        yield (
            *(field.number, field.name, field.json_name, field.type),
            *(repeated, presence, oneof, type_name),
        )
