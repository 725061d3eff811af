"""Payload bytes to Python values, as the protobuf encoding says."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Final

from inspector.decode.node import WireType
from inspector.schema.types import ScalarType

_U32: Final = 0xFFFFFFFF
_U64: Final = 0xFFFFFFFFFFFFFFFF
_SIGN32: Final = 1 << 31
_SIGN64: Final = 1 << 63
_LONGEST_VARINT: Final = 10  #: bytes

#: The wire type each type is written with outside a packed field.
WIRE_OF: Final[dict[int, int]] = {
    ScalarType.DOUBLE: WireType.I64,
    ScalarType.FLOAT: WireType.I32,
    ScalarType.INT64: WireType.VARINT,
    ScalarType.UINT64: WireType.VARINT,
    ScalarType.INT32: WireType.VARINT,
    ScalarType.FIXED64: WireType.I64,
    ScalarType.FIXED32: WireType.I32,
    ScalarType.BOOL: WireType.VARINT,
    ScalarType.STRING: WireType.LEN,
    ScalarType.GROUP: WireType.SGROUP,
    ScalarType.MESSAGE: WireType.LEN,
    ScalarType.BYTES: WireType.LEN,
    ScalarType.UINT32: WireType.VARINT,
    ScalarType.ENUM: WireType.VARINT,
    ScalarType.SFIXED32: WireType.I32,
    ScalarType.SFIXED64: WireType.I64,
    ScalarType.SINT32: WireType.VARINT,
    ScalarType.SINT64: WireType.VARINT,
}


def int32(raw: int) -> int:
    """The low 32 bits of a varint as a signed number (a negative int32 takes ten bytes)."""
    raw &= _U32
    return raw - (1 << 32) if raw & _SIGN32 else raw


def int64(raw: int) -> int:
    """A 64-bit varint as a signed number."""
    return raw - (1 << 64) if raw & _SIGN64 else raw


def zigzag32(raw: int) -> int:
    """A sint32."""
    raw &= _U32
    return (raw >> 1) ^ -(raw & 1)


def zigzag64(raw: int) -> int:
    """A sint64."""
    return (raw >> 1) ^ -(raw & 1)


#: Type to the reading of a raw varint.
VARINTS: Final[dict[int, Callable[[int], int | bool]]] = {
    ScalarType.INT64: int64,
    ScalarType.UINT64: int,
    ScalarType.INT32: int32,
    ScalarType.BOOL: bool,
    ScalarType.UINT32: lambda raw: raw & _U32,
    ScalarType.ENUM: int32,
    ScalarType.SINT32: zigzag32,
    ScalarType.SINT64: zigzag64,
}

#: Type to the struct that reads a fixed-width payload.
FIXED: Final[dict[int, struct.Struct]] = {
    ScalarType.DOUBLE: struct.Struct("<d"),
    ScalarType.FLOAT: struct.Struct("<f"),
    ScalarType.FIXED64: struct.Struct("<Q"),
    ScalarType.FIXED32: struct.Struct("<I"),
    ScalarType.SFIXED32: struct.Struct("<i"),
    ScalarType.SFIXED64: struct.Struct("<q"),
}


def default(type_: int) -> object:
    """The value of an absent field of implicit presence."""
    if type_ == ScalarType.STRING:
        return ""
    if type_ == ScalarType.BYTES:
        return b""
    if type_ == ScalarType.BOOL:
        return False
    if type_ in (ScalarType.DOUBLE, ScalarType.FLOAT):
        return 0.0
    return 0


def read_varint(data: bytes, pos: int, end: int) -> tuple[int, int]:
    """Reads a varint of up to ten bytes at ``pos``.

    Returns:
        The unsigned 64-bit value and the offset behind it; the offset is -1 where the bytes up to
        ``end`` are no varint, or one of more than 64 bits, which Go refuses.
    """
    raw = shift = 0
    while pos < end and shift < 70:
        byte = data[pos]
        pos += 1
        raw |= (byte & 0x7F) << shift
        if byte < 0x80:
            return (raw, pos) if raw <= _U64 else (0, -1)
        shift += 7
    return 0, -1


def varint(number: int) -> bytes:
    """A number as it is written, in as few bytes as it takes."""
    made = bytearray()
    while number > 0x7F:
        made.append(number & 0x7F | 0x80)
        number >>= 7
    made.append(number)
    return bytes(made)


def overlong_varint(data: bytes, pos: int, end: int) -> int:
    """The offset behind a varint of ten bytes and more than 64 bits, -1 where there is none.

    Go refuses such a varint; others drop the bits past the 64th.
    """
    stop = pos + _LONGEST_VARINT
    if stop > end or not 1 < data[stop - 1] < 0x80:
        return -1
    return stop if all(byte >= 0x80 for byte in data[pos : stop - 1]) else -1
