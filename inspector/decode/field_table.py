"""What to do on each tag of a message type, worked out once a type."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from struct import Struct
from typing import Any, Final, cast

from inspector.decode.node import WireType
from inspector.decode.well_known import FOLDED, LIST_VALUE, OWN_FORM, STRUCT
from inspector.decode.wire import FIXED, VARINTS, WIRE_OF
from inspector.named_tuple import NamedTuple
from inspector.schema.types import Field, MessageType, ScalarType


class Op(IntEnum):
    """How a field's payload becomes nodes; those before VARINT are length-delimited."""

    STRING = 0
    MESSAGE = 1
    MAP = 2
    FOLDED = 3  #: Struct, Value or ListValue, perhaps as a group
    BYTES = 4
    PACKED = 5
    VARINT = 6
    ENUM = 7
    FIXED = 8
    GROUP = 9  #: a message between two tags


class FieldTable:
    """A message type as the decoder sees it: what to do by tag, and by field number.

    ``quick`` are the steps as plain tuples, which are faster to take apart; ``careful`` are the
    tags that are not among them, since more than the tag decides what they mean: groups, and enums
    that are closed. ``splice`` says that the children of its one field are its own (Struct,
    ListValue), ``folded`` that it is one of the dynamic types, ``packable`` what it can hold as an
    Any. ``root`` is a field for a whole blob that JSON writes in a form of its type's own.
    """

    __slots__ = (
        "careful", "fields", "folded", "message", "packable", "quick", "root", "splice", "steps",
    )  # fmt: skip

    def __init__(self, message: MessageType | None) -> None:
        name = message.full_name if message is not None else ""
        self.message = message
        self.steps: dict[int, TagStep] = {}
        self.fields: dict[int, TagStep] = {}
        self.quick: dict[int, Quick] = {}
        self.careful: frozenset[int] = frozenset()
        self.splice = name in (STRUCT, LIST_VALUE)
        self.folded = name in FOLDED
        self.packable = message.packable if message is not None else None
        whole = Field(0, "", "", ScalarType.MESSAGE, presence=True, message=message)
        self.root = whole if name in OWN_FORM else None

    def misfit(self, tag: int) -> str | None:
        """The problem of a field with a tag that the message type does not have, as a code."""
        if tag in self.careful and tag & 7 == WireType.VARINT:
            return CLOSED
        return "wire-type" if tag >> 3 in self.fields else None


class TagStep(NamedTuple):
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
    inner: FieldTable


#: Bits of :attr:`TagStep.mark`: a member of a oneof; a field that tells releases apart; an enum
#: whose values do; a number that ever meant something else.
IN_ONEOF: Final = 1
DATED: Final = 2
DATED_VALUES: Final = 4
CONTESTED: Final = 8

#: The problem of a number that has no name in an enum that is closed: it is an unknown field.
CLOSED: Final = "closed-enum"

Quick = tuple[int, Field, int, bool, int, Callable[[int], Any], Struct, FieldTable]

_NOTHING: Final = FieldTable(None)
_plans: dict[MessageType, FieldTable] = {}


def plan(message: MessageType | None) -> FieldTable:
    """The plan of a message type; None is a message of which nothing is known."""
    if message is None:
        return _NOTHING
    made = _plans.get(message)
    return _make(message) if made is None else made


def _make(message: MessageType) -> FieldTable:
    """Plans a message and all that it can hold, which may be itself."""
    made: dict[MessageType, FieldTable] = {}
    pending = [message]
    while pending:
        one = pending.pop()
        if one not in made and one not in _plans:
            made[one] = FieldTable(one)
            pending += [field.message for field in one.fields.values() if field.message]
    known = {**_plans, **made}
    for one, own in made.items():
        for field in one.fields.values():
            _fill(own, field, known[field.message] if field.message else _NOTHING)
        own.careful = frozenset(tag for tag, step in own.steps.items() if _is_careful(tag, step))
        own.quick = {
            tag: cast(Quick, tuple(step))
            for tag, step in own.steps.items()
            if tag not in own.careful
        }
    # Only whole plans are put where another thread may find them.
    _plans.update(made)
    return made.get(message) or _plans[message]


def _fill(own: FieldTable, field: Field, inner: FieldTable) -> None:
    wire = WIRE_OF[field.type]
    step = _step(field, _op(field), inner)
    own.fields[field.number] = own.steps[field.number << 3 | wire] = step
    if field.repeated and wire not in (WireType.LEN, WireType.SGROUP):
        own.steps[field.number << 3 | WireType.LEN] = _step(field, Op.PACKED, inner)


def _is_careful(tag: int, step: TagStep) -> bool:
    return tag & 7 == WireType.SGROUP or is_closed(step.field)


def is_closed(field: Field) -> bool:
    """Whether a field, or the values of a map, are of a closed enum."""
    enum = field.map_value.enum if field.map_value is not None else field.enum
    return enum is not None and enum.closed


def _step(field: Field, op: Op, inner: FieldTable) -> TagStep:
    convert = VARINTS.get(field.type, int)
    fixed = FIXED.get(field.type, FIXED[ScalarType.DOUBLE])
    mark = IN_ONEOF * (field.oneof is not None) | DATED * field.dated
    if field.enum is not None and field.enum.releases:
        mark |= DATED_VALUES
    if field.contested is not None:
        mark |= CONTESTED
    return TagStep(int(op), field, field.number, field.repeated, mark, convert, fixed, inner)


def _op(field: Field) -> Op:
    if field.is_map:
        return Op.MAP
    if field.type in (ScalarType.MESSAGE, ScalarType.GROUP):
        if field.message is not None and field.message.full_name in FOLDED:
            return Op.FOLDED
        return Op.MESSAGE if field.type == ScalarType.MESSAGE else Op.GROUP
    if field.type in (ScalarType.STRING, ScalarType.BYTES):
        return Op.STRING if field.type == ScalarType.STRING else Op.BYTES
    if WIRE_OF[field.type] == WireType.VARINT:
        return Op.ENUM if field.type == ScalarType.ENUM else Op.VARINT
    return Op.FIXED
