"""The wire format: one field at a time, unknown groups, payload bytes to Python values.

Where protobuf's parsers differ it is read as the daemon reads it, with Go's ``protowire``: a tag
and a length may take ten bytes as any varint, and no varint may have more than 64 bits.
"""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, overload

from inspector.decode.node import Node, NodeKind, WireType
from inspector.schema.types import ScalarType

# Payload bytes to Python values, as the protobuf encoding says.

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


#: The highest number of a field.
MAX_NUMBER: Final = (1 << 29) - 1
#: What a field within an unknown group may have: Go's parser does not mind there.
_MAX_GROUPED: Final = (1 << 31) - 1
#: So many groups may stand within each other where no schema says what they hold, as Go has it.
_DEEPEST: Final = 10_001
#: So many known groups are looked into for their ends: messages nest less deep, unknown groups too.
DEEPEST_KNOWN: Final = 2 * _DEEPEST

_LEN: Final = int(WireType.LEN)  # an attribute of an enum costs as much as the work it guards
_SGROUP: Final = int(WireType.SGROUP)
_GROUPED: Final = frozenset((_SGROUP, int(WireType.EGROUP)))
_FIXED: Final = {int(WireType.I64): 8, int(WireType.I32): 4}

#: A field on the wire: start, body, end, tag. Of a group only its opening tag.
Occurrence = tuple[int, int, int, int]
#: Of a group, where its closing tag begins and ends, by the offset of its opening tag.
Closings = dict[int, tuple[int, int]]


def read_tag(data: bytes, start: int, end: int) -> tuple[int, int]:
    """The tag at ``start`` and the offset behind it, -1 where there is none."""
    tag, body = read_varint(data, start, end)
    return (tag, body) if 1 <= tag >> 3 <= _MAX_GROUPED else (0, -1)


def read_length(data: bytes, pos: int, end: int) -> tuple[int, int]:
    """Start and end of a length-delimited payload; the end is -1 where it does not fit."""
    length, body = read_varint(data, pos, end)
    if body < 0 or body + length > end:
        return pos, -1
    return body, body + length


def read_field(data: bytes, start: int, end: int) -> Occurrence | None:
    """The field that begins at ``start``, or None where the bytes up to ``end`` are no field."""
    if start + 1 < end and 8 <= data[start] < 0x80 and data[start + 1] < 0x80:  # as most begin
        tag, body = data[start], start + 1
        if not tag & 7:
            return start, body, body + 1, tag
        if tag & 7 == _LEN:
            stop = body + 1 + data[body]
            return (start, body + 1, stop, tag) if stop <= end else None
    if start < end and 8 <= data[start] < 0x80:
        tag, body = data[start], start + 1
    else:
        tag, body = read_tag(data, start, end)
        if body < 0:
            return None
    wire = tag & 7
    stop = body
    if wire in _GROUPED:
        return start, body, body, tag
    if wire == _LEN:
        body, stop = read_length(data, body, end)
    elif not wire:
        stop = read_varint(data, body, end)[1]
    elif wire in _FIXED:
        stop = body + _FIXED[wire]
    else:
        return None
    return (start, body, stop, tag) if 0 <= stop <= end else None


def members(data: bytes, start: int, end: int) -> Iterator[Occurrence]:
    """The fields within the message whose own field is at ``start``, as far as they can be read."""
    outer = read_field(data, start, end)
    pos = outer[1] if outer is not None else end
    while pos < end and (found := read_field(data, pos, end)) is not None:
        yield found
        pos = found[2]


def overlong(data: bytes, start: int, end: int) -> Occurrence | None:
    """The field at ``start`` where nothing but the length of its varint is wrong."""
    tag, body = read_tag(data, start, end)
    if not 1 <= tag >> 3 <= MAX_NUMBER or tag & 7 != WireType.VARINT:
        return None
    stop = overlong_varint(data, body, end)
    return (start, body, stop, tag) if stop >= 0 else None


def read_unknown(data: bytes, start: int, end: int, problem: str | None = None) -> Node | None:
    """The field at ``start`` as an UNKNOWN node, groups with what they hold, or None."""
    found = read_field(data, start, end)
    if found is None or found[3] >> 3 > MAX_NUMBER or found[3] & 7 == WireType.EGROUP:
        return None
    if found[3] & 7 != WireType.SGROUP:
        return _unknown(found, (), found[2], problem)
    inner, stop = group_end(data, found, end)
    if stop < 0:
        return None
    held = Group(data, found[2], inner) if inner > found[2] else ()
    return _unknown(found, held, stop, problem)


def group_end(
    data: bytes,
    opening: Occurrence,
    end: int,
    deepest: int = _DEEPEST,
    closings: Closings | None = None,
) -> tuple[int, int]:
    """Where the closing tag of a group begins and ends, -1 where there is none.

    Args:
        data: the blob.
        opening: the group's opening tag.
        end: the end of the message that holds it.
        deepest: how many groups may stand within each other.
        closings: takes the closing tag of this group and of each one within it.
    """
    opened = [opening]
    pos = opening[2]
    while pos < end and (found := read_field(data, pos, end)) is not None:
        start, _, pos, tag = found
        if tag & 7 not in _GROUPED:
            continue
        if tag & 7 == _SGROUP:
            if len(opened) >= deepest:
                break
            opened.append(found)
        else:
            first = opened.pop()
            if first[3] >> 3 != tag >> 3:
                break
            if closings is not None:
                closings[first[0]] = (start, pos)
            if not opened:
                return start, pos
    return -1, -1


class Group(Sequence[Node]):
    """The fields within an unknown group, made when they are first asked for.

    Mostly they are not, and a few bytes of a group make a thousand of nodes.
    """

    __slots__ = ("_data", "_end", "_nodes", "_start")

    def __init__(self, data: bytes, start: int, end: int) -> None:
        self._data, self._start, self._end = data, start, end
        self._nodes: list[Node] | None = None

    @property
    def end(self) -> int:
        """The offset of the group's closing tag."""
        return self._end

    def __bool__(self) -> bool:
        return self._start < self._end

    def __len__(self) -> int:
        return len(self._made())

    @overload
    def __getitem__(self, index: int) -> Node: ...
    @overload
    def __getitem__(self, index: slice) -> list[Node]: ...
    def __getitem__(self, index: int | slice) -> Node | list[Node]:
        return self._made()[index]

    def __iter__(self) -> Iterator[Node]:
        return iter(self._made())

    def _made(self) -> list[Node]:
        if self._nodes is None:
            self._nodes = _grouped(self._data, self._start, self._end)
        return self._nodes


def _grouped(data: bytes, pos: int, end: int) -> list[Node]:
    """The fields between a group's tags in one pass, whatever the depth of groups within it."""
    opened: list[Occurrence] = []
    levels: list[list[Node]] = [[]]
    while pos < end:
        found = read_field(data, pos, end)
        assert found is not None  # it has been read before
        _, _, pos, tag = found
        if tag & 7 == WireType.SGROUP:
            opened.append(found)
            levels.append([])
        elif tag & 7 == WireType.EGROUP:
            children = levels.pop()
            levels[-1].append(_unknown(opened.pop(), children, pos))
        else:
            levels[-1].append(_unknown(found, (), pos))
    return levels[0]


def _unknown(
    found: Occurrence, children: Sequence[Node], end: int, problem: str | None = None
) -> Node:
    start, body, _, tag = found
    return Node(int(NodeKind.UNKNOWN), None, None, None, children, start, body, end, tag, problem)


# Stretches of a blob, asked for by offset.


class WireSpans:
    """Byte ranges, merged, to be asked in logarithmic time."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self.starts = array("I")
        self.ends = array("I")
        # There may be a million: two numbers that are one take a fraction of a pair.
        found = array("Q", (begin << 32 | stop for begin, stop in spans))
        if any(one > other for one, other in pairwise(found)):
            found = array("Q", sorted(found))
        for begin, stop in ((one >> 32, one & 0xFFFFFFFF) for one in found):
            if self.ends and begin <= self.ends[-1]:
                self.ends[-1] = max(self.ends[-1], stop)
            else:
                self.starts.append(begin)
                self.ends.append(stop)

    def __bool__(self) -> bool:
        return bool(self.starts)

    def touch(self, start: int, end: int) -> bool:
        """Whether any range has a byte between the offsets."""
        after = bisect_right(self.ends, start)
        return after < len(self.ends) and self.starts[after] < end

    def hold(self, start: int, end: int) -> bool:
        """Whether one range has all bytes between the offsets."""
        at = bisect_right(self.starts, start) - 1
        return at >= 0 and end <= self.ends[at]
