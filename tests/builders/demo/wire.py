"""Wire format by hand, for what no pool would write."""

from __future__ import annotations

import struct
from collections.abc import Iterator

VARINT, I64, LEN, SGROUP, EGROUP, I32 = range(6)


def varint(value: int) -> bytes:
    """A varint; a negative value takes ten bytes."""
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def tag(number: int, wire_type: int) -> bytes:
    """What stands before a field's payload."""
    return varint(number << 3 | wire_type)


def text(number: int, value: str | bytes) -> bytes:
    """A length-delimited field."""
    payload = value.encode() if isinstance(value, str) else value
    return tag(number, LEN) + varint(len(payload)) + payload


def integer(number: int, value: int) -> bytes:
    """A varint field."""
    return tag(number, VARINT) + varint(value)


def double(number: int, value: float) -> bytes:
    """A 64-bit field."""
    return tag(number, I64) + struct.pack("<d", value)


def fixed32(number: int, value: int) -> bytes:
    """A 32-bit field."""
    return tag(number, I32) + struct.pack("<I", value)


def group(number: int, payload: bytes) -> bytes:
    """A group, as proto2 had it."""
    return tag(number, SGROUP) + payload + tag(number, EGROUP)


def _read_varint(data: bytes, start: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[start]
        start += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, start


def fields(data: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Number, start, body and end of each field of a message without groups."""
    start = 0
    while start < len(data):
        key, body = _read_varint(data, start)
        kind, end = key & 7, body
        if kind == VARINT:
            end = _read_varint(data, body)[1]
        elif kind == LEN:
            length, body = _read_varint(data, body)
            end = body + length
        else:
            end = body + (8 if kind == I64 else 4)
        yield key >> 3, start, body, end
        start = end


def within(data: bytes, path: tuple[int, ...], addition: bytes) -> bytes:
    """``data`` with a field added at the end of the message that ``path`` leads to.

    Raises:
        LookupError: there is no message at ``path``.
    """
    if not path:
        return data + addition
    for number, start, body, end in fields(data):
        if number == path[0]:
            inner = within(data[body:end], path[1:], addition)
            return data[:start] + text(number, inner) + data[end:]
    raise LookupError(path)


def struct_value(value: bytes) -> bytes:
    """A Value that holds the Struct whose bytes are given."""
    return text(5, value)


def struct_entry(key: str, value: bytes) -> bytes:
    """A Struct's entry, and so a Struct of one entry; ``value`` are the bytes of a Value."""
    return text(1, text(1, key) + text(2, value))


def nested_struct(levels: int, key: str, innermost: bytes) -> bytes:
    """A Struct ``levels`` deep; ``innermost`` are the bytes of the Value at the bottom."""
    value = innermost
    for level in range(levels, 1, -1):
        value = struct_value(struct_entry(f"{key}_{level}", value))
    return struct_entry(f"{key}_1", value)
