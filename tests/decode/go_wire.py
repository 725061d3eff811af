"""What the daemon's protobuf refuses: Go's ``protowire`` and ``proto.Unmarshal`` (v1.36) retold.

Written from their source, not from ours, function by function, so that the two can be compared:
``ConsumeVarint``, ``ConsumeTag``, ``ConsumeFieldValue`` and ``unmarshalPointerEager``. Nothing is
built, since only whether it can be read is asked.
"""

from __future__ import annotations

from inspector.decode.node import WireType
from inspector.schema.types import Field, MessageType, ScalarType

MAX_VALID_NUMBER = 2**29 - 1
MAX_INT32 = 2**31 - 1
RECURSION_LIMIT = 10_000

_VARINT = frozenset(
    (
        *(ScalarType.INT64, ScalarType.UINT64, ScalarType.INT32, ScalarType.BOOL),
        *(ScalarType.UINT32, ScalarType.ENUM, ScalarType.SINT32, ScalarType.SINT64),
    )
)
_FIXED32 = frozenset((ScalarType.FLOAT, ScalarType.FIXED32, ScalarType.SFIXED32))
_FIXED64 = frozenset((ScalarType.DOUBLE, ScalarType.FIXED64, ScalarType.SFIXED64))


class RefusedError(Exception):
    """What Go returns as an error."""


def refusal(data: bytes, message: MessageType) -> str | None:
    """Why Go would not unmarshal a blob; None where it would."""
    try:
        unmarshal(data, 0, message, 0, RECURSION_LIMIT)
    except RefusedError as error:
        return str(error)
    return None


def consume_varint(b: bytes, n: int) -> tuple[int, int]:
    value = 0
    for index in range(10):
        if n >= len(b):
            raise RefusedError("truncated")
        y = b[n]
        n += 1
        if index == 9 and y >= 2:
            raise RefusedError("variable length integer overflow")
        value |= (y & 0x7F) << 7 * index
        if y < 0x80:
            break
    return value, n


def consume_tag(b: bytes, n: int) -> tuple[int, int, int]:
    tag, n = consume_varint(b, n)
    number = tag >> 3
    if not 1 <= number <= MAX_INT32:
        raise RefusedError("invalid field number")
    return number, tag & 7, n


def consume_bytes(b: bytes, n: int) -> tuple[bytes, int]:
    size, n = consume_varint(b, n)
    return consume_fixed(b, n, size)


def consume_fixed(b: bytes, n: int, size: int) -> tuple[bytes, int]:
    if size > len(b) - n:
        raise RefusedError("truncated")
    return b[n : n + size], n + size


def consume_field_value(number: int, wire: int, b: bytes, n: int) -> int:
    """``consumeFieldValueD``, its recursion as a list of the groups that are open."""
    opened: list[int] = []
    while True:
        if wire == WireType.VARINT:
            n = consume_varint(b, n)[1]
        elif wire == WireType.I32:
            n = consume_fixed(b, n, 4)[1]
        elif wire == WireType.I64:
            n = consume_fixed(b, n, 8)[1]
        elif wire == WireType.LEN:
            n = consume_bytes(b, n)[1]
        elif wire == WireType.SGROUP:
            if RECURSION_LIMIT - len(opened) < 0:
                raise RefusedError("exceeded maximum recursion depth")
            opened.append(number)
        elif wire == WireType.EGROUP:
            if not opened or opened.pop() != number:
                raise RefusedError("mismatching end group marker")
        else:
            raise RefusedError("cannot parse reserved wire type")
        if not opened:
            return n
        number, wire, n = consume_tag(b, n)


def unmarshal(b: bytes, n: int, message: MessageType, group: int, depth: int) -> int:
    depth -= 1
    if depth < 0:
        raise RefusedError("exceeded maximum recursion depth")
    while n < len(b):
        tag, n = consume_varint(b, n)
        number, wire = tag >> 3, tag & 7
        if not 1 <= number <= MAX_VALID_NUMBER:
            raise RefusedError("cannot parse invalid wire-format data")
        if wire == WireType.EGROUP:
            if number != group:
                raise RefusedError("cannot parse invalid wire-format data")
            return n
        field = message.fields.get(number)
        after = None if field is None else unmarshal_field(field, wire, b, n, depth)
        n = consume_field_value(number, wire, b, n) if after is None else after
    if group:
        raise RefusedError("cannot parse invalid wire-format data")
    return n


def unmarshal_field(field: Field, wire: int, b: bytes, n: int, depth: int) -> int | None:
    """Where a field ends; None (``errUnknown``) where it is written as another type."""
    if field.is_map:
        return consume_map(field, wire, b, n, depth)
    if field.type == ScalarType.GROUP:
        if wire != WireType.SGROUP or field.message is None:
            return None
        return unmarshal(b, n, field.message, field.number, depth)
    own = wire_type(field)
    if field.repeated and wire == WireType.LEN != own:
        packed, n = consume_bytes(b, n)
        at = 0
        while at < len(packed):
            at = consume_field_value(field.number, own, packed, at)
        return n
    if wire != own:
        return None
    if field.message is not None:
        inside, n = consume_bytes(b, n)
        unmarshal(inside, 0, field.message, 0, depth)
        return n
    if field.type == ScalarType.STRING and field.utf8:
        text, n = consume_bytes(b, n)
        try:
            text.decode()
        except UnicodeDecodeError:
            raise RefusedError("string field contains invalid UTF-8") from None
        return n
    return consume_field_value(field.number, own, b, n)


def consume_map(field: Field, wire: int, b: bytes, n: int, depth: int) -> int | None:
    depth -= 1
    if depth < 0:
        raise RefusedError("exceeded maximum recursion depth")
    if wire != WireType.LEN:
        return None
    entry, n = consume_bytes(b, n)
    at = 0
    while at < len(entry):
        number, wire, at = consume_tag(entry, at)
        if number > MAX_VALID_NUMBER:
            raise RefusedError("cannot parse invalid wire-format data")
        member = {1: field.map_key, 2: field.map_value}.get(number)
        after = None if member is None else unmarshal_field(member, wire, entry, at, depth)
        at = consume_field_value(number, wire, entry, at) if after is None else after
    return n


def wire_type(field: Field) -> int:
    if field.type in _VARINT:
        return WireType.VARINT
    if field.type in _FIXED32:
        return WireType.I32
    return WireType.I64 if field.type in _FIXED64 else WireType.LEN
