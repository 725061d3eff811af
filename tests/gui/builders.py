"""Messages and blobs made by hand, for trees of any shape."""

from __future__ import annotations

from inspector.decode.decoder import decode
from inspector.decode.node import Tree
from inspector.schema.types import EnumType, Field, MessageType, ScalarType
from inspector.session.summaries import Problem, Record
from tests.choices import chosen

COLOR = EnumType("demo.Color", {0: "COLOR_UNSPECIFIED", 1: "COLOR_RED", 2: "COLOR_BLUE"})
TIMESTAMP = MessageType("google.protobuf.Timestamp")
TIMESTAMP.fields = {
    1: Field(1, "seconds", "seconds", ScalarType.INT64),
    2: Field(2, "nanos", "nanos", ScalarType.INT32),
}
THING = MessageType("demo.Thing")
ENTRY = MessageType("demo.Thing.LabelsEntry")
_KEY = Field(1, "key", "key", ScalarType.STRING)
_VALUE = Field(2, "value", "value", ScalarType.STRING)
ENTRY.fields = {1: _KEY, 2: _VALUE}
THING.fields = {
    1: Field(1, "name", "name", ScalarType.STRING),
    2: Field(2, "count", "count", ScalarType.INT64),
    3: Field(3, "color", "color", ScalarType.ENUM, enum=COLOR),
    4: Field(4, "child", "child", ScalarType.MESSAGE, message=THING, presence=True),
    5: Field(5, "children", "children", ScalarType.MESSAGE, message=THING, repeated=True),
    6: Field(6, "numbers", "numbers", ScalarType.INT32, repeated=True),
    7: Field(
        *(7, "labels", "labels", ScalarType.MESSAGE),
        repeated=True,
        message=ENTRY,
        is_map=True,
        map_key=_KEY,
        map_value=_VALUE,
    ),
    8: Field(8, "at", "at", ScalarType.MESSAGE, message=TIMESTAMP, presence=True),
    9: Field(9, "raw", "raw", ScalarType.BYTES),
    10: Field(10, "flag", "flag", ScalarType.BOOL),
    11: Field(11, "one", "one", ScalarType.STRING, presence=True, oneof="choice"),
}


def varint(value: int) -> bytes:
    out = bytearray()
    value &= (1 << 64) - 1
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def data(field: int, value: bytes | str) -> bytes:
    payload = value.encode() if isinstance(value, str) else value
    return varint(field << 3 | 2) + varint(len(payload)) + payload


def label(key: str, value: str) -> bytes:
    return data(7, data(1, key) + data(2, value))


def tree(blob: bytes, message: MessageType | None = THING) -> Tree:
    return decode(blob, message)


def record(
    blob: bytes,
    *,
    covered: tuple[str, ...] = (),
    message: MessageType | None = THING,
    problems: tuple[Problem, ...] = (),
) -> Record:
    """A record of a blob; fields of these names at the top are secrets."""
    made = tree(blob, message)
    secrets = frozenset(
        id(node) for node in made.root.children if node.field and node.field.name in covered
    )
    choice = chosen("2026-01-26" if message else None, "it is made by hand")
    return Record(
        "thing", "thing-1", len(blob), "2026-01-25T20:38:38Z", None, choice, made, secrets, problems
    )
