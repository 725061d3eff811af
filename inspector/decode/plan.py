"""What to do on each tag of a message type, worked out once a type."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from functools import cache
from struct import Struct
from typing import Any, Final, NamedTuple

from inspector.decode.node import WireType
from inspector.decode.scalars import FIXED, VARINTS, WIRE_OF
from inspector.schema.types import Field, MessageType, ScalarType

STRUCT: Final = "google.protobuf.Struct"
VALUE: Final = "google.protobuf.Value"
LIST_VALUE: Final = "google.protobuf.ListValue"
FOLDED: Final = frozenset((STRUCT, VALUE, LIST_VALUE))


class Op(IntEnum):
    """How a field's payload becomes nodes; the first four are length-delimited."""

    STRING = 0
    MESSAGE = 1
    MAP = 2
    FOLDED = 3  #: Struct, Value or ListValue
    BYTES = 4
    PACKED = 5
    VARINT = 6
    ENUM = 7
    FIXED = 8
    GROUP = 9  #: a field declared as a group


class Step(NamedTuple):
    """What a tag means. ``convert`` reads a varint, ``fixed`` a fixed-width payload."""

    op: int
    field: Field
    number: int
    repeated: bool
    oneof: str | None
    convert: Callable[[int], Any]
    fixed: Struct


class Plan(NamedTuple):
    """A message type as the decoder sees it: what to do by tag, and by field number.

    ``splice`` says that the children of its one field are its own (Struct, ListValue), ``folded``
    that it is one of the dynamic types.
    """

    message: MessageType | None
    steps: dict[int, Step]
    fields: dict[int, Step]
    splice: bool
    folded: bool


@cache
def plan(message: MessageType | None) -> Plan:
    """The plan of a message type; None is a message of which nothing is known."""
    steps: dict[int, Step] = {}
    if message is None:
        return Plan(None, steps, {}, False, False)
    for field in message.fields.values():
        own = WIRE_OF[field.type]
        steps[field.number << 3 | own] = _step(field, _op(field))
        if field.repeated and own not in (WireType.LEN, WireType.SGROUP):
            steps[field.number << 3 | WireType.LEN] = _step(field, Op.PACKED)
    fields = {step.number: step for step in reversed(steps.values())}
    name = message.full_name
    return Plan(message, steps, fields, name in (STRUCT, LIST_VALUE), name in FOLDED)


def _step(field: Field, op: Op) -> Step:
    convert = VARINTS.get(field.type, int)
    fixed = FIXED.get(field.type, FIXED[ScalarType.DOUBLE])
    return Step(int(op), field, field.number, field.repeated, field.oneof, convert, fixed)


def _op(field: Field) -> Op:
    if field.is_map:
        return Op.MAP
    if field.type == ScalarType.MESSAGE:
        folded = field.message is not None and field.message.full_name in FOLDED
        return Op.FOLDED if folded else Op.MESSAGE
    if field.type in (ScalarType.STRING, ScalarType.BYTES):
        return Op.STRING if field.type == ScalarType.STRING else Op.BYTES
    if field.type == ScalarType.GROUP:
        return Op.GROUP
    if WIRE_OF[field.type] == WireType.VARINT:
        return Op.ENUM if field.type == ScalarType.ENUM else Op.VARINT
    return Op.FIXED
