"""A tree and a message of google.protobuf as the same plain values, to be compared."""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from google.protobuf import __version__
from google.protobuf.internal import api_implementation
from google.protobuf.message import Message
from google.protobuf.unknown_fields import UnknownFieldSet
from packaging.version import Version

from inspector.decode.node import Node, NodeKind, WireType
from inspector.decode.well_known import packed
from inspector.decode.wire import default
from inspector.schema.types import MessageType

#: Until 7.36 the parser in C keeps 32 of the 64 bits of a number that is none of a packed closed
#: enum, see findings/packed_closed_enums_lose_their_upper_half.sh: there only those are compared.
_LOSES = api_implementation.Type() == "upb" and Version(__version__) < Version("7.36")
_BITS = 32 if _LOSES else 64
#: An entry whose value is none of its closed enum, which protobuf keeps in words of its own.
_ENTRY = "an entry"
_GATHERED = (NodeKind.LIST, NodeKind.MAP)

#: Fields by number, and what is unknown.
Plain = tuple[str, Any, list[str]]


def of_message(message: Any) -> Plain:
    """A message of google.protobuf; Struct, Value and ListValue as what they stand for."""
    unknown = _unknown_of(message)
    name = message.DESCRIPTOR.full_name
    if name == "google.protobuf.Struct":
        return "struct", {k: of_message(v) for k, v in message.fields.items()}, unknown
    if name == "google.protobuf.ListValue":
        return "array", [of_message(one) for one in message.values], unknown
    if name == "google.protobuf.Value":
        return _of_value(message, unknown)
    fields: dict[int, Any] = {}
    for field, value in message.ListFields():
        entry = field.message_type
        if entry is not None and entry.GetOptions().map_entry:
            fields[field.number] = {key: _value(value[key]) for key in value}
        elif field.is_repeated and not value:
            continue  # an extension may be listed though it is empty
        elif field.is_repeated:
            fields[field.number] = [_value(one) for one in value]
        else:
            fields[field.number] = _value(value)
    return "message", fields, unknown


def _of_value(message: Any, unknown: list[str]) -> Plain:
    member = message.WhichOneof("kind")
    if member in ("struct_value", "list_value"):
        kind, inside, below = of_message(getattr(message, member))
        return kind, inside, sorted(below + unknown)
    value = None if member in (None, "null_value") else getattr(message, member)
    return "value", _value(value), unknown


def _value(value: Any) -> Any:
    if isinstance(value, Message):
        return of_message(value)
    # So that one NaN equals another and the two zeros differ.
    return struct.pack("<d", value) if isinstance(value, float) else value


def _unknown_of(message: Any) -> list[str]:
    # The stubs do not say that the set is a sequence.
    fields: Any = UnknownFieldSet(message)
    declared = message.DESCRIPTOR.fields_by_number
    entries = {number for number, field in declared.items() if field.type == field.TYPE_MESSAGE}
    return sorted(_unknown_text(field, entries) for field in fields)


def _unknown_text(field: Any, entries: Collection[int] = ()) -> str:
    data = field.data
    if field.wire_type == WireType.LEN and field.field_number in entries:
        data = _ENTRY
    if field.wire_type == WireType.VARINT:
        data &= (1 << _BITS) - 1
    if field.wire_type == WireType.SGROUP:
        data = sorted(map(_unknown_text, data))
    return repr((field.field_number, field.wire_type, data))


def of_root(root: Node, type_: MessageType, data: bytes) -> Plain:
    """The root of a tree. A Struct or ListValue as the root of a blob is not folded."""
    if type_.full_name == "google.protobuf.Struct":
        return "struct", _entries(root.children, data), _unknown(root.children, data)
    if type_.full_name == "google.protobuf.ListValue":
        return "array", _elements(root.children, data), _unknown(root.children, data)
    if type_.full_name == "google.protobuf.Value":
        return _member(root, data)
    return "message", _fields(root, data), _unknown(root.children, data)


def _member(root: Node, data: bytes) -> Plain:
    unknown = _unknown(root.children, data)
    member = next((one for one in root.children if one.kind < NodeKind.UNKNOWN), None)
    if member is None or member.kind == NodeKind.ENUM:
        return "value", None, unknown
    if member.kind == NodeKind.SCALAR:
        return "value", _value(member.value), unknown
    kind, inside, below = of_node(member, data)
    return kind, inside, sorted(below + unknown)


def of_node(node: Node, data: bytes) -> Any:
    """A node that stands for a value."""
    children, kind = node.children, node.kind
    if kind == NodeKind.MESSAGE:
        return "message", _fields(node, data), _unknown(children, data)
    if kind == NodeKind.LIST:
        return _elements(children, data)
    if kind == NodeKind.MAP:
        return _entries(children, data)
    if kind == NodeKind.STRUCT:
        return "struct", _entries(children, data), _unknown(children, data)
    if kind == NodeKind.ARRAY:
        return "array", _elements(children, data), _unknown(children, data)
    if kind == NodeKind.DYNAMIC:
        return "value", _value(node.value), _unknown(children, data)
    return _value(node.value)


def _elements(children: Iterable[Node], data: bytes) -> list[Any]:
    return [of_node(one, data) for one in children if one.kind < NodeKind.UNKNOWN]


def _entries(children: Iterable[Node], data: bytes) -> dict[Any, Any]:
    return {one.label: of_node(one, data) for one in children if one.kind < NodeKind.UNKNOWN}


def _fields(node: Node, data: bytes) -> dict[int, Any]:
    found: dict[int, Any] = {}
    held = packed(node)
    for child in node.children:
        if child is held:  # to protobuf what an Any holds is bytes
            payload = _payload(child, data)
            if payload:
                found[2] = payload
            continue
        if child.kind < NodeKind.UNKNOWN and not _unset(child):
            assert child.field is not None
            assert child.field.number not in found, "a field stands twice"
            found[child.field.number] = of_node(child, data)
    return found


def _payload(node: Node, data: bytes) -> bytes:
    """The bytes after the tag and the length; of a folded Value, its body is its member's."""
    pos = node.start
    for _ in ("tag", "length"):
        while data[pos] >= 0x80:
            pos += 1
        pos += 1
    return data[pos : node.end]


def _unset(node: Node) -> bool:
    """Whether protobuf would not list a field: absent, or nothing tells it from absent."""
    field = node.field
    assert field is not None
    if node.kind in (NodeKind.LIST, NodeKind.MAP):
        return all(child.kind >= NodeKind.UNKNOWN for child in node.children)
    if field.presence or field.message is not None:
        return False
    return bool(_value(node.value) == _value(default(field.type)))


def _unknown(children: Sequence[Node], data: bytes) -> list[str]:
    # What is no value of a closed enum is unknown to the message; in a list it stays in its place.
    listed = [one for child in children if child.kind in _GATHERED for one in child.children]
    return sorted(
        repr(_unknown_node(one, data))
        for one in (*children, *listed)
        if one.kind == NodeKind.UNKNOWN
    )


def _unknown_node(node: Node, data: bytes) -> tuple[int, int, Any]:
    number, wire_type = node.tag >> 3, node.tag & 7
    payload = data[node.body : node.end]
    value: Any = payload
    if wire_type == WireType.VARINT:
        value = sum((byte & 0x7F) << 7 * place for place, byte in enumerate(payload))
        value &= (1 << _BITS) - 1
    elif wire_type in (WireType.I32, WireType.I64):
        value = int.from_bytes(payload, "little")
    elif wire_type == WireType.SGROUP:
        value = sorted(repr(_unknown_node(one, data)) for one in node.children)
    elif node.problem == "closed-enum":
        value = _ENTRY
    return number, wire_type, value
