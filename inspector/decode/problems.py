"""What is odd within a tree: one walk, each oddity with its path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from inspector.decode.json_writer import out_of_range
from inspector.decode.node import Node, NodeKind, Tree, WireType
from inspector.decode.paths import Place, walk, walk_from

_NAMES: Final = {
    WireType.VARINT: "varint",
    WireType.I64: "64-bit",
    WireType.LEN: "length-delimited",
    WireType.SGROUP: "group",
    WireType.I32: "32-bit",
}


class Finding(NamedTuple):
    """Something odd at a place of a tree; ``code`` as the command line's ``check`` has it."""

    code: str
    place: Place
    message: str


class UnknownField(NamedTuple):
    """A field without a name. Offset and length are of the whole field, ``data`` its payload."""

    path: str
    number: int
    wire_type: int
    offset: int
    length: int
    data: bytes


def findings(tree: Tree) -> Iterator[Finding]:
    """Everything odd in a tree, in field order; nothing below an unknown field.

    Of a tree that protobuf would refuse for its wire format one at least says so.
    """
    broken = False
    for place in walk(tree.root):
        node = place.node
        parent = place.parent
        if parent is not None and parent.node.kind == NodeKind.UNKNOWN:
            continue
        found = _finding(node)
        if found is not None:
            broken = broken or node.kind == NodeKind.MALFORMED
            yield Finding(found[0], place, found[1])
    if tree.malformed and not broken:
        message = "Within bytes that a later value replaces, there are some that do not decode."
        yield Finding("undecodable", Place(tree.root, None), message)


def unknown_fields(tree: Tree) -> list[UnknownField]:
    """The fields no schema names, in the order of the messages that hold them."""
    if not tree.odd:
        return []
    return [
        _unknown_field(tree, place)
        for place in walk(tree.root)
        if place.node.kind == NodeKind.UNKNOWN
        and (place.parent is None or place.parent.node.kind != NodeKind.UNKNOWN)
    ]


def inexpressible(tree: Tree) -> list[tuple[str, Place]]:
    """What the JSON text of a tree leaves out or changes, as (what, where)."""
    return inexpressible_in(Place(tree.root, None))


def inexpressible_in(top: Place) -> list[tuple[str, Place]]:
    """The same of a value within a tree."""
    found: list[tuple[str, Place]] = []
    for place in walk_from(top):
        node = place.node
        if place.parent is not None and place.parent.node.kind == NodeKind.UNKNOWN:
            continue
        if node.kind == NodeKind.UNKNOWN:
            found.append(("unknown", place))
        elif node.problem == "invalid-utf8" and node.kind != NodeKind.SHADOWED:
            found.append(("invalid-utf8", place))
        elif out_of_range(node):
            found.append(("out-of-range", place))
    return found


def payload(tree: Tree, node: Node) -> bytes:
    """The payload of a node: of a group what lies between its tags."""
    if node.tag & 7 == WireType.SGROUP and node.kind == NodeKind.UNKNOWN:
        return tree.data[node.body : node.children[-1].end if node.children else node.body]
    return tree.data[node.body : node.end]


def wire_name(node: Node) -> str:
    """The wire type in words."""
    return _NAMES.get(WireType(node.wire_type), str(node.wire_type))


def _unknown_field(tree: Tree, place: Place) -> UnknownField:
    node = place.node
    return UnknownField(
        place.path,
        node.number,
        node.wire_type,
        node.start,
        node.end - node.start,
        payload(tree, node),
    )


def _finding(node: Node) -> tuple[str, str] | None:
    kind = node.kind
    if kind == NodeKind.MALFORMED:
        code = node.problem or "undecodable"
        if code == "not-json":
            return code, f"The text is no JSON from byte {node.start} on."
        return code, f"The bytes from {node.start} to {node.end} are no wire format."
    if node.problem == "invalid-utf8":
        return "invalid-utf8", f"The text at byte {node.body} is not valid UTF-8."
    if kind == NodeKind.UNKNOWN:
        reason = "has another wire type than declared" if node.problem else "is not in the schema"
        size = node.end - node.body
        return "unknown-field", f"Field {node.number}, {wire_name(node)}, {size} bytes, {reason}."
    enum = node.field.enum if kind == NodeKind.ENUM and node.field is not None else None
    if enum is not None and node.value not in enum.names:
        return "unknown-enum", f"{node.value} has no name in {enum.full_name}."
    return None
