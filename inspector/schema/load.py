"""A FileDescriptorSet -> the plain objects of one generation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorSet,
)

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

_REPEATED = FieldDescriptorProto.LABEL_REPEATED
_SCALARS = {int(scalar): scalar for scalar in ScalarType}


def load(name: str, data: bytes, rows: Iterable[KindRow], rules: Rules) -> Generation:
    """Build a generation.

    Args:
        name: the generation's name, such as ``2026-10``.
        data: a serialized FileDescriptorSet (proto3) that holds everything it refers to.
        rows: the lines of the kind table; those of other generations, and those whose message the
            set does not have, are passed over.
        rules: secret rules by message full name and field name.

    Raises:
        google.protobuf.message.DecodeError: ``data`` is no FileDescriptorSet.
        KeyError: a field refers to a type that the set does not have.
    """
    loader = _Loader(rules)
    for file in FileDescriptorSet.FromString(data).file:
        loader.declare(file.package, file.message_type, file.enum_type)
    loader.fill()
    _mark_secrets(loader.messages.values())
    own = {key: value for key, value in loader.messages.items() if key not in loader.entries}
    return Generation(name, own, dict(_kinds(name, rows, own)))


class _Loader:
    """Declares all types first, then fills in the fields, which may refer to any of them."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.messages: dict[str, MessageType] = {}
        self.enums: dict[str, EnumType] = {}
        self.entries: set[str] = set()
        self._protos: dict[str, DescriptorProto] = {}

    def declare(
        self,
        scope: str,
        messages: Iterable[DescriptorProto],
        enums: Iterable[EnumDescriptorProto],
    ) -> None:
        """Make an empty object for every type in a scope and the scopes within it."""
        prefix = f"{scope}." if scope else ""
        for enum in enums:
            names: dict[int, str] = {}
            for value in enum.value:
                names.setdefault(value.number, value.name)
            self.enums[prefix + enum.name] = EnumType(prefix + enum.name, names)
        for message in messages:
            full_name = prefix + message.name
            self.messages[full_name] = MessageType(full_name)
            self._protos[full_name] = message
            if message.options.map_entry:
                self.entries.add(full_name)
            self.declare(full_name, message.nested_type, message.enum_type)

    def fill(self) -> None:
        """Give every message its fields, map entries first since map fields look into them."""
        for full_name in sorted(self._protos, key=lambda name: name not in self.entries):
            proto = self._protos[full_name]
            fields = sorted(self._fields(full_name, proto), key=lambda field: field.number)
            self.messages[full_name].fields = {field.number: field for field in fields}

    def _fields(self, full_name: str, message: DescriptorProto) -> Iterator[Field]:
        oneofs = [oneof.name for oneof in message.oneof_decl]
        for proto in message.field:
            number, name, scalar = proto.number, proto.name, _SCALARS[proto.type]
            field = Field(number, name, proto.json_name, scalar)
            field.repeated = proto.label == _REPEATED
            field.secret = self.rules.get((full_name, name))
            if proto.HasField("oneof_index"):
                field.presence = True
                field.oneof = None if proto.proto3_optional else oneofs[proto.oneof_index]
            if scalar is ScalarType.ENUM:
                field.enum = self.enums[proto.type_name[1:]]
            elif scalar in (ScalarType.MESSAGE, ScalarType.GROUP):
                self._refer(field, proto.type_name[1:])
            yield field

    def _refer(self, field: Field, type_name: str) -> None:
        field.message = self.messages[type_name]
        if type_name in self.entries:
            field.is_map = True
            field.map_key, field.map_value = field.message.fields[1], field.message.fields[2]
        elif not field.repeated:
            field.presence = True


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
