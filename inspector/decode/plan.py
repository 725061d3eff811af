"""What to do on each tag of a message type, worked out once a type."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from struct import Struct
from typing import Any, Final, NamedTuple, cast

from inspector.decode.node import WireType
from inspector.decode.scalars import FIXED, VARINTS, WIRE_OF
from inspector.schema.types import Field, MessageType, ScalarType

STRUCT: Final = "google.protobuf.Struct"
VALUE: Final = "google.protobuf.Value"
LIST_VALUE: Final = "google.protobuf.ListValue"
FOLDED: Final = frozenset((STRUCT, VALUE, LIST_VALUE))


class Op(IntEnum):
    """How a field's payload becomes nodes; those before VARINT are length-delimited."""

    STRING = 0
    MESSAGE = 1
    MAP = 2
    FOLDED = 3  #: Struct, Value or ListValue
    BYTES = 4
    PACKED = 5
    VARINT = 6
    ENUM = 7
    FIXED = 8


class Plan:
    """A message type as the decoder sees it: what to do by tag, and by field number.

    ``quick`` are the steps as plain tuples, which are faster to take apart; ``splice`` says that
    the children of its one field are its own (Struct, ListValue), ``folded`` that it is one of
    the dynamic types.
    """

    __slots__ = ("fields", "folded", "message", "quick", "splice", "steps")

    def __init__(self, message: MessageType | None) -> None:
        name = message.full_name if message is not None else ""
        self.message = message
        self.steps: dict[int, Step] = {}
        self.fields: dict[int, Step] = {}
        self.quick: dict[int, Quick] = {}
        self.splice = name in (STRUCT, LIST_VALUE)
        self.folded = name in FOLDED


class Step(NamedTuple):
    """What a tag means.

    ``mark`` says what has to be minded besides, by the bits :data:`IN_ONEOF`, :data:`DATED`,
    :data:`DATED_VALUES` and :data:`CONTESTED`; ``convert`` reads a varint, ``fixed`` a fixed-width
    payload, ``inner`` is the plan of a message's own type.
    """

    op: int
    field: Field
    number: int
    repeated: bool
    mark: int
    convert: Callable[[int], Any]
    fixed: Struct
    inner: Plan


#: Bits of :attr:`Step.mark`: a member of a oneof; a field that tells releases apart; an enum whose
#: values do; a number that ever meant something else.
IN_ONEOF: Final = 1
DATED: Final = 2
DATED_VALUES: Final = 4
CONTESTED: Final = 8

Quick = tuple[int, Field, int, bool, int, Callable[[int], Any], Struct, Plan]

_NOTHING: Final = Plan(None)
_plans: dict[MessageType, Plan] = {}


def plan(message: MessageType | None) -> Plan:
    """The plan of a message type; None is a message of which nothing is known."""
    if message is None:
        return _NOTHING
    made = _plans.get(message)
    return _make(message) if made is None else made


def _make(message: MessageType) -> Plan:
    """Plans a message and all that it can hold, which may be itself."""
    made: dict[MessageType, Plan] = {}
    pending = [message]
    while pending:
        one = pending.pop()
        if one not in made and one not in _plans:
            made[one] = Plan(one)
            pending += [field.message for field in one.fields.values() if field.message]
    known = {**_plans, **made}
    for one, own in made.items():
        for field in one.fields.values():
            if field.type == ScalarType.GROUP:
                continue  # proto3 has none; what is written as one is shown as unknown
            _fill(own, field, known[field.message] if field.message else _NOTHING)
        own.quick = {tag: cast(Quick, tuple(step)) for tag, step in own.steps.items()}
    # Only whole plans are put where another thread may find them.
    _plans.update(made)
    return made.get(message) or _plans[message]


def _fill(own: Plan, field: Field, inner: Plan) -> None:
    wire = WIRE_OF[field.type]
    step = _step(field, _op(field), inner)
    own.fields[field.number] = own.steps[field.number << 3 | wire] = step
    if field.repeated and wire != WireType.LEN:
        own.steps[field.number << 3 | WireType.LEN] = _step(field, Op.PACKED, inner)


def _step(field: Field, op: Op, inner: Plan) -> Step:
    convert = VARINTS.get(field.type, int)
    fixed = FIXED.get(field.type, FIXED[ScalarType.DOUBLE])
    mark = IN_ONEOF * (field.oneof is not None) | DATED * field.dated
    if field.enum is not None and field.enum.releases:
        mark |= DATED_VALUES
    if field.contested is not None:
        mark |= CONTESTED
    return Step(int(op), field, field.number, field.repeated, mark, convert, fixed, inner)


def _op(field: Field) -> Op:
    if field.is_map:
        return Op.MAP
    if field.type == ScalarType.MESSAGE:
        folded = field.message is not None and field.message.full_name in FOLDED
        return Op.FOLDED if folded else Op.MESSAGE
    if field.type in (ScalarType.STRING, ScalarType.BYTES):
        return Op.STRING if field.type == ScalarType.STRING else Op.BYTES
    if WIRE_OF[field.type] == WireType.VARINT:
        return Op.ENUM if field.type == ScalarType.ENUM else Op.VARINT
    return Op.FIXED
