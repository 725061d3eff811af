"""The releases as google.protobuf knows them: a descriptor set and a pool each, made when asked.

The releases share full names, so each has a pool of its own. Reading a record does not need them;
they serve expressions, tests and the writing of the demo store.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from google.protobuf import (
    any_pb2,
    duration_pb2,
    empty_pb2,
    field_mask_pb2,
    struct_pb2,
    timestamp_pb2,
)
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
)
from google.protobuf.descriptor_pool import DescriptorPool

from inspector.schema.catalog import merged_schema
from inspector.schema.merged import MAP_LABEL, OPTIONAL, REPEATED, MergedSchema, Variant
from inspector.schema.releases import ALIASES
from inspector.schema.secrets_table import json_name
from inspector.schema.types import ScalarType

_KNOWN: Final = (*(any_pb2, duration_pb2, empty_pb2, field_mask_pb2, struct_pb2, timestamp_pb2),)
_PACKAGE: Final = "ai.stigmer"


def descriptor_set(name: str) -> bytes:
    """The serialized FileDescriptorSet of a release, well-known types included.

    All messages stand in one file, packages below the first as messages that hold them: their
    full names are the same, and no file has to be imported.

    Raises:
        KeyError: no such release.
    """
    return _set_of(merged_schema(), ALIASES.get(name, name)).SerializeToString(deterministic=True)


@cache
def pool(name: str) -> DescriptorPool:
    """The descriptor pool of a release.

    Raises:
        KeyError: no such release.
    """
    made = DescriptorPool()
    for file in _set_of(merged_schema(), ALIASES.get(name, name)).file:
        made.Add(file)
    return made


def _set_of(merged: MergedSchema, name: str) -> FileDescriptorSet:
    number = merged.number(name)
    found = FileDescriptorSet()
    for module in _KNOWN:
        module.DESCRIPTOR.CopyToProto(found.file.add())
    file = found.file.add(name=f"{name}.proto", package=_PACKAGE, syntax="proto3")
    file.dependency.extend(module.DESCRIPTOR.name for module in _KNOWN)
    writer = _PoolWriter(merged, number, file)
    for key in merged.message_keys():
        writer.message(key)
    for enum in merged.enum_names():
        writer.enum(enum)
    return found


class _PoolWriter:
    def __init__(self, merged: MergedSchema, number: int, file: FileDescriptorProto) -> None:
        self._merged = merged
        self._bit = 1 << number
        self._file = file
        self._scopes: dict[str, DescriptorProto] = {}

    def _scope(self, full_name: str) -> FileDescriptorProto | DescriptorProto:
        """The message, or package written as one, that a name stands in."""
        parent = full_name.rpartition(".")[0]
        if parent == _PACKAGE:
            return self._file
        return self._declared(parent)

    def _declared(self, full_name: str) -> DescriptorProto:
        found = self._scopes.get(full_name)
        if found is None:
            scope = self._scope(full_name)
            inner = (
                scope.message_type
                if isinstance(scope, FileDescriptorProto)
                else (scope.nested_type)
            )
            found = self._scopes[full_name] = inner.add(name=full_name.rpartition(".")[2])
        return found

    def _name(self, key: str) -> str | None:
        """The name a message has in the release, None where it has none."""
        names = self._merged.message_names(key)
        return next((name for name, mask in names if mask & self._bit), None)

    def message(self, key: str) -> None:
        name = self._name(key)
        if name is None:
            return
        message = self._declared(name)
        oneofs: dict[str, int] = {}
        optional: list[FieldDescriptorProto] = []
        known = [
            (number, variant)
            for number, variants in self._merged.variants(key).items()
            for variant in variants
            if variant.releases & self._bit
        ]
        # The members of a oneof have to stand together: protobuf in C++ refuses the whole file.
        first: dict[str, int] = {}
        for number, variant in known:
            first.setdefault(variant.oneof, number)
        known.sort(key=lambda one: (first[one[1].oneof] if one[1].oneof else one[0], one[0]))
        for number, variant in known:
            field = self._field(message, name, number, variant)
            if variant.oneof:
                if variant.oneof not in oneofs:
                    oneofs[variant.oneof] = len(message.oneof_decl)
                    message.oneof_decl.add(name=variant.oneof)
                field.oneof_index = oneofs[variant.oneof]
            elif variant.label == OPTIONAL:
                optional.append(field)
        for field in optional:
            field.proto3_optional = True
            field.oneof_index = len(message.oneof_decl)
            message.oneof_decl.add(name=f"_{field.name}")

    def _field(
        self, message: DescriptorProto, name: str, number: int, variant: Variant
    ) -> FieldDescriptorProto:
        field = message.field.add(
            number=number, name=variant.name, json_name=json_name(variant.name)
        )
        listed = variant.label == REPEATED or variant.label >= MAP_LABEL
        field.label = (
            FieldDescriptorProto.LABEL_REPEATED if listed else FieldDescriptorProto.LABEL_OPTIONAL
        )
        if variant.label >= MAP_LABEL:
            camel = json_name(variant.name)
            entry = message.nested_type.add(name=f"{camel[:1].upper()}{camel[1:]}Entry")
            entry.options.map_entry = True
            key = entry.field.add(number=1, name="key", json_name="key", label=1)
            key.type = FieldDescriptorProto.Type.ValueType(variant.label - MAP_LABEL)
            value = entry.field.add(number=2, name="value", json_name="value", label=1)
            self._refer(value, variant.type)
            field.type = FieldDescriptorProto.TYPE_MESSAGE
            field.type_name = f".{name}.{entry.name}"
        else:
            self._refer(field, variant.type)
        return field

    def _refer(self, field: FieldDescriptorProto, type_: int | str) -> None:
        if isinstance(type_, int):
            field.type = FieldDescriptorProto.Type.ValueType(type_)
            return
        is_message = self._merged.is_message(type_)
        scalar = ScalarType.MESSAGE if is_message else ScalarType.ENUM
        field.type = FieldDescriptorProto.Type.ValueType(scalar)
        known = type_.startswith("google.")
        field.type_name = f".{type_ if known or not is_message else self._name(type_)}"

    def enum(self, name: str) -> None:
        values = [
            (number, text)
            for number, known in self._merged.values(name).items()
            for text, mask in known
            if mask & self._bit
        ]
        if not values:
            return
        scope = self._scope(name)
        enum: EnumDescriptorProto = scope.enum_type.add(name=name.rpartition(".")[2])
        # An open enum begins with its zero.
        for number, text in sorted(values, key=lambda one: (one[0] != 0, one[0])):
            enum.value.add(number=number, name=text)
