"""Message types of proto2, of editions and of google.protobuf, compiled from ``protos/``.

The objects are made of what google.protobuf says of its descriptors; whoever reads a schema of
one's own has to make the same of them.
"""

from __future__ import annotations

import importlib.resources
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.descriptor_pb2 import FeatureSet, FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from inspector.schema.types import ANY, EnumType, Field, MessageType, ScalarType

#: The name under which ``type_of`` and ``class_of`` know these types.
COMPILED: Final = "compiled"
OLD, EDITION, KNOWN = "old.Base", "edition.Base", "known.Base"

_PROTOS: Final = Path(__file__).parent / "protos"


@cache
def pool() -> DescriptorPool:
    """What the files declare."""
    protoc: Any = pytest.importorskip("grpc_tools.protoc", reason="grpcio-tools is not installed")
    made = DescriptorPool()
    with (
        importlib.resources.as_file(importlib.resources.files("grpc_tools") / "_proto") as google,
        tempfile.TemporaryDirectory() as folder,
    ):
        target = Path(folder) / "set"
        files = sorted(str(one) for one in _PROTOS.glob("*.proto"))
        call = ["protoc", f"-I{_PROTOS}", f"-I{google}", "--include_imports"]
        assert protoc.main([*call, f"--descriptor_set_out={target}", *files]) == 0
        for file in FileDescriptorSet.FromString(target.read_bytes()).file:
            made.Add(file)
    return made


def compiled_class(full_name: str) -> type[Message]:
    """The class that google.protobuf has for a message type."""
    return GetMessageClass(pool().FindMessageTypeByName(full_name))


@cache
def compiled_types() -> dict[str, MessageType]:
    """All message types that one of the files can hold, by full name."""
    types: dict[str, MessageType] = {}
    for name in (OLD, EDITION, KNOWN):
        _declare(pool().FindMessageTypeByName(name), types)
    # Entries of maps come first, since map fields look into them.
    for name in sorted(types, key=lambda one: not one.endswith("Entry")):
        _fill(types[name], types)
    types[ANY].packable = types
    return types


def _declare(root: Descriptor, types: dict[str, MessageType]) -> None:
    """A message and all that it can hold, which may be itself."""
    pending = [root]
    while pending:
        descriptor = pending.pop()
        if descriptor.full_name not in types:
            types[descriptor.full_name] = MessageType(descriptor.full_name)
            pending += [one.message_type for one in _fields(descriptor) if one.message_type]


def _fields(descriptor: Descriptor) -> list[FieldDescriptor]:
    """A message's fields and extensions by number."""
    found = [*descriptor.fields, *pool().FindAllExtensions(descriptor)]
    return sorted(found, key=lambda one: one.number)


def _fill(made: MessageType, types: dict[str, MessageType]) -> None:
    for one in _fields(pool().FindMessageTypeByName(made.full_name)):
        made.fields[one.number] = field = _field(one)
        if one.message_type is None:
            continue
        field.message = types[one.message_type.full_name]
        if one.message_type.GetOptions().map_entry:
            field.is_map = True
            field.map_key, field.map_value = field.message.fields[1], field.message.fields[2]


def _field(one: FieldDescriptor) -> Field:
    extension, oneof = one.is_extension, one.containing_oneof
    features: Any = one._GetFeatures()  # type: ignore[attr-defined]
    return Field(
        one.number,
        f"[{one.full_name}]" if extension else one.name,
        f"[{one.full_name}]" if extension else one.json_name,
        ScalarType(one.type),
        repeated=one.is_repeated,
        presence=one.has_presence,
        oneof=None if oneof is None or oneof.name.startswith("_") else oneof.name,
        enum=_enum(one.enum_type) if one.enum_type is not None else None,
        required=one.is_required,
        utf8=features.utf8_validation == FeatureSet.Utf8Validation.VERIFY,
        extension=extension,
    )


def _enum(descriptor: Any) -> EnumType:
    names: dict[int, str] = {}
    for one in descriptor.values:
        names.setdefault(one.number, one.name)
    return EnumType(descriptor.full_name, names, descriptor.is_closed)
