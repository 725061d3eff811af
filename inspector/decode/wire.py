"""One field of the wire format at a time, and unknown groups, without a schema."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.decode.node import Node, NodeKind, WireType
from inspector.decode.scalars import read_varint

_MAX_TAG = (1 << 32) - 1
_MAX_LENGTH = (1 << 31) - 1

#: A field on the wire: start, body, end, tag. Of a group only its opening tag.
Occurrence = tuple[int, int, int, int]


def read_tag(data: bytes, start: int, end: int) -> tuple[int, int]:
    """The tag at ``start`` and the offset behind it, -1 where there is none."""
    tag, body = read_varint(data, start, min(end, start + 5))
    return (tag, body) if 8 <= tag <= _MAX_TAG else (0, -1)


def read_length(data: bytes, pos: int, end: int) -> tuple[int, int]:
    """Start and end of a length-delimited payload; the end is -1 where it does not fit.

    A length takes five bytes at most, as a tag does.
    """
    length, body = read_varint(data, pos, min(end, pos + 5))
    if body < 0 or length > _MAX_LENGTH or body + length > end:
        return pos, -1
    return body, body + length


def read_field(data: bytes, start: int, end: int) -> Occurrence | None:
    """The field that begins at ``start``, or None where the bytes up to ``end`` are no field."""
    tag, body = read_tag(data, start, end)
    if body < 0:
        return None
    wire = tag & 7
    stop = body
    if wire == WireType.LEN:
        body, stop = read_length(data, body, end)
    elif wire == WireType.VARINT:
        stop = read_varint(data, body, end)[1]
    elif wire in (WireType.I64, WireType.I32):
        stop = body + (8 if wire == WireType.I64 else 4)
    elif wire not in (WireType.SGROUP, WireType.EGROUP):
        return None
    return (start, body, stop, tag) if 0 <= stop <= end else None


def members(data: bytes, start: int, end: int) -> Iterator[Occurrence]:
    """The fields within the message whose own field is at ``start``, as far as they can be read."""
    outer = read_field(data, start, end)
    pos = outer[1] if outer is not None else end
    while pos < end and (found := read_field(data, pos, end)) is not None:
        yield found
        pos = found[2]


def read_unknown(data: bytes, start: int, end: int, problem: str | None = None) -> Node | None:
    """The field at ``start`` as an UNKNOWN node, groups with what they hold, or None."""
    found = read_field(data, start, end)
    if found is None or found[3] & 7 == WireType.EGROUP:
        return None
    if found[3] & 7 != WireType.SGROUP:
        return _unknown(found, (), found[2], problem)
    return _read_group(data, found, end, problem)


def _read_group(data: bytes, opening: Occurrence, end: int, problem: str | None) -> Node | None:
    """A whole group in one pass, whatever its depth; None where it does not end."""
    open_groups: list[tuple[Occurrence, list[Node]]] = [(opening, [])]
    pos = opening[2]
    while pos < end:
        found = read_field(data, pos, end)
        if found is None:
            return None
        _, _, pos, tag = found
        if tag & 7 == WireType.SGROUP:
            open_groups.append((found, []))
            continue
        if tag & 7 != WireType.EGROUP:
            open_groups[-1][1].append(_unknown(found, (), pos))
            continue
        first, children = open_groups.pop()
        if first[3] >> 3 != tag >> 3:
            return None
        if not open_groups:
            return _unknown(first, children, pos, problem)
        open_groups[-1][1].append(_unknown(first, children, pos))
    return None


def _unknown(
    found: Occurrence, children: list[Node] | tuple[Node, ...], end: int, problem: str | None = None
) -> Node:
    start, body, _, tag = found
    return Node(int(NodeKind.UNKNOWN), None, None, None, children, start, body, end, tag, problem)
