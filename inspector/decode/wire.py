"""Bytes to occurrences of fields: one flat level of the wire format, and unknown groups.

Knows numbers, wire types and extents, nothing of what a field means.
"""

from __future__ import annotations

from typing import NamedTuple

from inspector.decode.node import Node, NodeKind, WireType
from inspector.decode.scalars import read_varint

_MAX_TAG = (1 << 32) - 1
_MAX_LENGTH = (1 << 31) - 1


class Occurrence(NamedTuple):
    """One field on the wire. ``raw`` is a varint's unsigned value, else 0."""

    start: int
    body: int
    end: int
    tag: int
    raw: int


def read_field(data: bytes, start: int, end: int) -> Occurrence | None:
    """Reads the field that begins at ``start``, groups excepted.

    Returns:
        The field, or None where the bytes up to ``end`` are no field. A start or end of a group
        is returned as its tag alone (``body == end``).
    """
    tag, body = read_varint(data, start, min(end, start + 5))
    if body < 0 or tag > _MAX_TAG or tag < 8:
        return None
    wire = tag & 7
    raw = 0
    if wire == WireType.LEN:
        raw, body = read_varint(data, body, end)
        if body < 0 or raw > _MAX_LENGTH:
            return None
        stop, raw = body + raw, 0
    elif wire == WireType.VARINT:
        raw, stop = read_varint(data, body, end)
        if stop < 0:
            return None
    elif wire in (WireType.SGROUP, WireType.EGROUP):
        stop = body
    elif wire in (WireType.I64, WireType.I32):
        stop = body + (8 if wire == WireType.I64 else 4)
    else:
        return None
    return Occurrence(start, body, stop, tag, raw) if stop <= end else None


def read_group(data: bytes, opening: Occurrence, end: int) -> Node | None:
    """Reads the unknown group that ``opening`` starts, in one pass whatever its depth.

    Returns:
        An UNKNOWN node with the group's fields as children, or None where it does not end.
    """
    open_groups: list[tuple[Occurrence, list[Node]]] = [(opening, [])]
    pos = opening.end
    while pos < end:
        found = read_field(data, pos, end)
        if found is None:
            return None
        pos = found.end
        wire = found.tag & 7
        if wire == WireType.SGROUP:
            open_groups.append((found, []))
            continue
        if wire != WireType.EGROUP:
            open_groups[-1][1].append(unknown(found))
            continue
        first, children = open_groups.pop()
        if first.tag >> 3 != found.tag >> 3:
            return None
        node = unknown(first, children, pos)
        if not open_groups:
            return node
        open_groups[-1][1].append(node)
    return None


def unknown(
    found: Occurrence,
    children: list[Node] | tuple[Node, ...] = (),
    end: int | None = None,
    problem: str | None = None,
) -> Node:
    """An UNKNOWN node for a field that no schema names."""
    return Node(
        NodeKind.UNKNOWN,
        None,
        None,
        None,
        children,
        found.start,
        found.body,
        found.end if end is None else end,
        found.tag,
        problem,
    )
