"""What the parts of an expression are: types, and the values of nodes."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, Final

from inspector.decode.field_runs import known
from inspector.decode.node import Node, NodeKind
from inspector.decode.well_known import LIST_VALUE, STRUCT, VALUE, member, unsaid
from inspector.decode.wire import default
from inspector.named_tuple import NamedTuple
from inspector.schema.types import EnumType, Field, MessageType, ScalarType

_NANOS: Final = 10**9
_TIMESTAMP: Final = "google.protobuf.Timestamp"
_DURATION: Final = "google.protobuf.Duration"
_ANY: Final = "google.protobuf.Any"
_WRAPPER: Final = re.compile(r"google\.protobuf\.\w+Value")
_STAMP: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?(?:[Zz]|([-+]\d\d:[0-5]\d))"
)
_SPAN: Final = re.compile(
    r"([-+]?)((?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:h|ms|m|s|us|\u00b5s|ns))+|0)"
)
_SPAN_PART: Final = re.compile(r"([0-9]*)(?:\.([0-9]*))?(h|ms|m|s|us|\u00b5s|ns)")
#: The first and the last time that a Timestamp can be, and the longest Duration.
_FIRST: Final = -62_135_596_800 * _NANOS
_LAST: Final = 253_402_300_800 * _NANOS - 1
_LONGEST: Final = 315_576_000_001 * _NANOS - 1
#: How many there are of the longest in nanoseconds, and of an hour's smallest part that counts.
_DIGITS: Final = len(str(_LONGEST))
_DECIMALS: Final = 13
_UNITS: Final = {
    "h": 3600 * _NANOS, "m": 60 * _NANOS, "s": _NANOS, "ms": 10**6, "us": 1000, "\u00b5s": 1000,
    "ns": 1,
}  # fmt: skip


class FailedError(Exception):
    """An expression has no value for a record; the text says why."""


class CoveredError(FailedError):
    """It would have to look into a secret that is covered."""


class ValueType(NamedTuple):
    """The type of a part: ``name`` and of a list or map what it holds, of a message which."""

    name: str
    element: ValueType | None = None
    key: ValueType | None = None
    message: MessageType | None = None
    enum: EnumType | None = None

    @property
    def text(self) -> str:
        """The type as a message of an error has it."""
        if self.name == "message" and self.message is not None:
            return self.message.name
        if self.name == "list" and self.element is not None:
            return f"list({self.element.text})"
        if self.name == "map" and self.element is not None and self.key is not None:
            return f"map({self.key.text}, {self.element.text})"
        return self.name


BOOL, INT, UINT = ValueType("bool"), ValueType("int"), ValueType("uint")
DOUBLE, STRING, BYTES = ValueType("double"), ValueType("string"), ValueType("bytes")
NULL, DYN = ValueType("null"), ValueType("dyn")
TIMESTAMP, DURATION = ValueType("timestamp"), ValueType("duration")

_SCALARS: Final = {
    **dict.fromkeys((ScalarType.DOUBLE, ScalarType.FLOAT), DOUBLE),
    **dict.fromkeys(
        (ScalarType.INT64, ScalarType.INT32, ScalarType.SFIXED32, ScalarType.SFIXED64,
         ScalarType.SINT32, ScalarType.SINT64), INT,
    ),
    **dict.fromkeys(
        (ScalarType.UINT64, ScalarType.UINT32, ScalarType.FIXED32, ScalarType.FIXED64), UINT
    ),
    ScalarType.BOOL: BOOL, ScalarType.STRING: STRING, ScalarType.BYTES: BYTES,
}  # fmt: skip


def type_of(field: Field) -> ValueType:
    """The type of a field's value."""
    if field.is_map and field.map_key is not None and field.map_value is not None:
        return ValueType("map", _single(field.map_value), _single(field.map_key))
    one = _single(field)
    return ValueType("list", one) if field.repeated else one


def _single(field: Field) -> ValueType:
    if field.enum is not None:
        return ValueType("int", enum=field.enum)
    if field.message is None:
        return _SCALARS[field.type]
    name = field.message.full_name
    if name == _TIMESTAMP:
        return TIMESTAMP
    if name == _DURATION:
        return DURATION
    if name == STRUCT:
        return ValueType("map", DYN, STRING)
    if name == LIST_VALUE:
        return ValueType("list", DYN)
    # Wrappers and packed messages are told apart at run time alone.
    if name in (VALUE, _ANY) or _WRAPPER.fullmatch(name):
        return DYN
    return ValueType("message", message=field.message)


def unset(field: Field) -> Any:
    """What CEL takes a field for that is not set: its default, of a time 1970."""
    if field.repeated or field.is_map:
        return NOTHING
    if field.message is None:
        return default(field.type) if field.enum is None else 0
    name = field.message.full_name
    if name in (_TIMESTAMP, _DURATION):
        return 0
    if name == VALUE or _WRAPPER.fullmatch(name):
        return None
    return NOTHING


#: A message, list or map with nothing in it.
NOTHING: Final = Node(NodeKind.MESSAGE, None, None, None, (), 0, 0, 0, 0, None)


def value_of(node: Node, hidden: frozenset[int]) -> Any:
    """The value of a node; of what holds others the node itself.

    Raises:
        CoveredError: it is a secret.
        FailedError: it is packed in an Any, or a time that none of protobuf's times can be.
    """
    if id(node) in hidden:
        raise CoveredError("a covered secret is not compared")
    kind = node.kind
    if kind in (NodeKind.SCALAR, NodeKind.ENUM, NodeKind.DYNAMIC):
        return node.value
    if kind == NodeKind.MESSAGE and node.field is not None and node.field.message is not None:
        name = node.field.message.full_name
        if name in (_TIMESTAMP, _DURATION):
            if hidden and any(id(one) in hidden for one in node.children):
                raise CoveredError("a covered secret is not compared")
            if unsaid(node) is not None:
                raise FailedError("a time is out of range")
            return member(node, 1) * _NANOS + member(node, 2)
        if name == _ANY:
            raise FailedError("what is packed in an Any is not compared")
        if name != VALUE and _WRAPPER.fullmatch(name):
            held = next((one for one in node.children if one.kind < NodeKind.UNKNOWN), None)
            [field] = node.field.message.fields.values()
            return default(field.type) if held is None else value_of(held, hidden)
    return node


class Elements(list[Any]):
    """The values of a repeated field, where a record was not decoded for them."""

    __slots__ = ()


#: What holds others; of a record that was not decoded a map is a dict.
_WHOLE: Final = (Node, Elements, dict)


def parts_of(node: Any) -> list[Node]:
    """The elements or entries of a list or map."""
    if not isinstance(node, Node):
        raise FailedError("it is not a list or map")
    return [one for one in known(node.children) if one.kind < NodeKind.UNKNOWN]


def moment(text: Any) -> int:
    """Nanoseconds since 1970 of a time in RFC 3339.

    Raises:
        FailedError: it is none, or one that no Timestamp can be.
    """
    found = _STAMP.fullmatch(text) if isinstance(text, str) and text.isascii() else None
    if found is None:
        raise FailedError(f"{_short(text)} is not a time")
    day, clock, fraction, zone = found.groups()
    try:
        whole = datetime.fromisoformat(f"{day}T{clock}{zone or '+00:00'}")
    except ValueError:
        raise FailedError(f"{_short(text)} is not a time") from None
    since = whole - datetime(1970, 1, 1, tzinfo=UTC)
    total = (since.days * 86400 + since.seconds) * _NANOS + int((fraction or "0").ljust(9, "0"))
    if not _FIRST <= total <= _LAST:  # the offset leads out of the years 1 to 9999
        raise FailedError(f"{_short(text)} is a time out of range")
    return total


def span(text: Any) -> int:
    """Nanoseconds of a duration such as ``1h30m``.

    Raises:
        FailedError: it is none, or longer than a Duration can be.
    """
    found = _SPAN.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise FailedError(f"{_short(text)} is not a duration")
    total = 0
    for whole, fraction, unit in _SPAN_PART.findall(found[2]):
        # A text of a record may have more digits than Python makes a number of.
        digits, decimals = whole.lstrip("0"), fraction[:_DECIMALS]
        if len(digits) > _DIGITS:
            raise FailedError(f"{_short(text)} is a duration out of range")
        total += int(digits or "0") * _UNITS[unit]
        total += int(decimals or "0") * _UNITS[unit] // 10 ** len(decimals)
    if total > _LONGEST:
        raise FailedError(f"{_short(text)} is a duration out of range")
    return -total if found[1] == "-" else total


def _short(text: Any) -> str:
    # A value of a record may be anything, and a sentence is no place for it.
    return "the text" if isinstance(text, str) else "the value"


def equal(one: Any, other: Any) -> bool:
    """Whether two values of any type are the same to CEL: numbers by their value."""
    if isinstance(one, _WHOLE) or isinstance(other, _WHOLE):
        if isinstance(one, _WHOLE) and isinstance(other, _WHOLE):
            raise FailedError("lists, maps and messages are not compared as wholes")
        return False
    if isinstance(one, bool) != isinstance(other, bool):
        return False
    return bool(one == other)


def key_in(node: Any, key: Any) -> Node | None:
    """The entry of a map."""
    for entry in parts_of(node):
        label = entry.label
        if label == key and isinstance(label, bool) == isinstance(key, bool):
            return entry
    return None


def has_key(node: Any, key: Any) -> bool:
    """Whether a map has an entry, whether it was decoded or not."""
    if isinstance(node, dict):
        return isinstance(key, str) and key in node
    return key_in(node, key) is not None
