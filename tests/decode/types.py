"""Message types to test with: all that a kind can hold, and one that has every type there is."""

from __future__ import annotations

from functools import cache

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
)
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from inspector.schema.catalog import release
from inspector.schema.secrets_table import json_name
from inspector.schema.types import MessageType, Release, ScalarType
from tests.decode.compiled import COMPILED, compiled_class, compiled_types
from tests.decode.descriptors import message_types
from tests.releases import SOME, message_class

#: The name under which :func:`type_of` and :func:`class_of` know the made-up types.
MADE = "made"
EVERYTHING = "test.Everything"
#: A number whose tag takes three bytes; its low eleven bits are those of number 1.
FAR = 2049

_OPTIONAL = FieldDescriptorProto.LABEL_OPTIONAL
_REPEATED = FieldDescriptorProto.LABEL_REPEATED
_SCALARS = [one for one in ScalarType if one not in (ScalarType.GROUP, ScalarType.MESSAGE)]
_KEYS = [
    one
    for one in _SCALARS
    if one not in (ScalarType.DOUBLE, ScalarType.FLOAT, ScalarType.BYTES, ScalarType.ENUM)
]
_KNOWN = ("struct", "timestamp", "duration")
_REFERRED: dict[int, str] = {
    ScalarType.ENUM: ".test.Colour",
    ScalarType.MESSAGE: ".test.Everything",
}


def _add(
    message: DescriptorProto,
    number: int,
    name: str,
    type_: int,
    label: FieldDescriptorProto.Label.ValueType = _OPTIONAL,
    type_name: str = "",
) -> FieldDescriptorProto:
    field = message.field.add(number=number, name=name, label=label, json_name=json_name(name))
    field.type = FieldDescriptorProto.Type.ValueType(type_)
    referred = type_name or _REFERRED.get(type_)
    if referred:
        field.type_name = referred
    return field


def _add_map(
    message: DescriptorProto, number: int, key: int, value: int, type_name: str = ""
) -> None:
    entry = message.nested_type.add(name=f"Map{number}Entry")
    entry.options.map_entry = True
    _add(entry, 1, "key", key)
    _add(entry, 2, "value", value, type_name=type_name)
    own = f".test.Everything.{entry.name}"
    _add(message, number, f"map{number}", ScalarType.MESSAGE, _REPEATED, own)


def _file() -> FileDescriptorProto:
    file = FileDescriptorProto(name="everything.proto", package="test", syntax="proto3")
    file.dependency.extend(f"google/protobuf/{name}.proto" for name in _KNOWN)
    colours = file.enum_type.add(name="Colour")
    for number, name in enumerate(("NONE", "RED", "GREEN")):
        colours.value.add(name=name, number=number)
    message = file.message_type.add(name="Everything")
    message.oneof_decl.add(name="one")
    _add(message, FAR, "far", ScalarType.STRING)
    for place, type_ in enumerate([*_SCALARS, ScalarType.MESSAGE], 1):
        name = type_.name.lower()
        _add(message, place, f"a_{name}", type_)
        _add(message, 100 + place, f"some_{name}", type_, _REPEATED)
        _add(message, 200 + place, f"one_{name}", type_).oneof_index = 0
        _add_map(message, 400 + place, ScalarType.STRING, type_)
    for place, type_ in enumerate(_SCALARS, 1):
        field = _add(message, 300 + place, f"perhaps_{type_.name.lower()}", type_)
        field.proto3_optional = True
        field.oneof_index = place
        message.oneof_decl.add(name=f"_{field.name}")
    for place, key in enumerate(_KEYS, 1):
        _add_map(message, 500 + place, key, ScalarType.INT32)
    for place, name in enumerate(("Struct", "Value", "ListValue", "Timestamp", "Duration"), 1):
        known = f".google.protobuf.{name}"
        for number, label in ((600 + place, _OPTIONAL), (700 + place, _REPEATED)):
            _add(message, number, f"known{number}", ScalarType.MESSAGE, label, known)
        _add_map(message, 800 + place, ScalarType.STRING, ScalarType.MESSAGE, known)
    return file


@cache
def _made_set() -> FileDescriptorSet:
    from google.protobuf import duration_pb2, struct_pb2, timestamp_pb2

    files = FileDescriptorSet()
    for module in (struct_pb2, timestamp_pb2, duration_pb2):
        module.DESCRIPTOR.CopyToProto(files.file.add())
    files.file.append(_file())
    return files


@cache
def made() -> Release:
    """The made-up types as a release."""
    return Release(MADE, message_types(_made_set()), {})


@cache
def _made_pool() -> DescriptorPool:
    pool = DescriptorPool()
    for file in _made_set().file:
        pool.Add(file)
    return pool


def type_of(name: str, full_name: str) -> MessageType:
    """A message type of a release, of the made-up one, or of the compiled files."""
    if name == COMPILED:
        return compiled_types()[full_name]
    return (made() if name == MADE else release(name)).messages[full_name]


def class_of(name: str, full_name: str) -> type[Message]:
    """The class that google.protobuf has for it."""
    if name == COMPILED:
        return compiled_class(full_name)
    if name == MADE:
        return GetMessageClass(_made_pool().FindMessageTypeByName(full_name))
    return message_class(name, full_name)


@cache
def storable() -> tuple[tuple[str, str], ...]:
    """(release, full name) of every message type that a record can hold."""
    found: list[tuple[str, str]] = [(MADE, EVERYTHING)]
    for name in SOME:
        pending = [info.message for info in release(name).kinds.values()]
        seen: dict[str, None] = {}
        while pending:
            message = pending.pop()
            if message is None or message.full_name in seen:
                continue
            if not message.full_name.endswith("Entry"):
                seen[message.full_name] = None
            pending += [field.message for field in message.fields.values()]
            pending += [f.map_value.message for f in message.fields.values() if f.map_value]
        found += [(name, full_name) for full_name in sorted(seen)]
    return tuple(found)
