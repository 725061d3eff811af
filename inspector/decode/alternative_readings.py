"""The contested parts of a blob, read as other releases would.

Where all of a blob is as its message expects, readings of it differ in these parts alone. To weigh
them, nothing else has to be read again.
"""

from __future__ import annotations

from collections.abc import Set
from typing import Final

from inspector.decode.contested import contested
from inspector.decode.decoder import decode_parts
from inspector.decode.evidence import place_of
from inspector.decode.field_runs import LARGE
from inspector.decode.node import Node, NodeKind, Seen, Tree
from inspector.named_tuple import NamedTuple
from inspector.schema.merged import SchemaView
from inspector.schema.types import MessageType, Place

_MESSAGE, _LIST = int(NodeKind.MESSAGE), int(NodeKind.LIST)
_SCALAR, _ENUM = int(NodeKind.SCALAR), int(NodeKind.ENUM)
_MALFORMED: Final = int(NodeKind.MALFORMED)


class _Part(NamedTuple):
    """A contested node, and the key of the message that has it."""

    key: str
    node: Node


class ContestedParts:
    """What is contested in a tree."""

    def __init__(self, tree: Tree, view: SchemaView, parts: list[_Part]) -> None:
        self._tree = tree
        self._view = view
        self._parts = parts

    def as_read(self) -> Tree:
        """The parts as the tree has them, in the form of :meth:`read`."""
        whole = self._tree
        return self._in_list(whole, [_alone(part.node) for part in self._parts], whole.within)

    def read(self, view: SchemaView) -> Tree | None:
        """The parts as another view reads them.

        Returns:
            A list with a message for each part, which has what was seen of the whole tree; None
            where only all of the blob can say it.
        """
        listed: list[Node] = []
        within: set[Seen] = set()
        again: list[tuple[int, MessageType, Node]] = []
        for key, node in self._parts:
            field, own, other = node.field, self._view.message(key), view.message(key)
            assert field is not None
            if field.contested is None:
                listed.append(_alone(node._replace(field=other.fields[field.number])))
                continue
            if other is own and node.kind == _ENUM and field.enum is not None:
                if field.enum.releases:
                    within.add((field.enum, node.value))
            elif other is not own or node.kind != _SCALAR:
                if not _is_alone(node, own, other):
                    return None
                again.append((len(listed), other, node))
            listed.append(_alone(node))
        tree = decode_parts(self._tree.data, [(own, one.start, one.end) for _, own, one in again])
        for part, (at, _, node) in zip(tree.root.children, again, strict=True):
            # Occurrences may lie apart, and others between them.
            if any(one.number != node.number and one.kind != _MALFORMED for one in part.children):
                return None
            listed[at] = part
        return self._in_list(tree, listed, within | tree.within)

    def _in_list(self, tree: Tree, listed: list[Node], within: Set[Seen]) -> Tree:
        whole = self._tree
        root = Node(_LIST, None, None, None, listed, 0, 0, len(whole.data), 0, None)
        return Tree(
            whole.data,
            root,
            None,
            tree.malformed,
            tree.odd,
            tree.bad_text,
            whole.seen,
            within,
        )


def _alone(node: Node) -> Node:
    """A message that has nothing but a node."""
    return Node(_MESSAGE, None, 0, None, [node], node.start, node.start, node.end, 0, None)


def contested_parts(tree: Tree, view: SchemaView, key: str) -> ContestedParts | None:
    """What is contested in a tree; None where more of it may be read in another way.

    Args:
        tree: of a record.
        view: what it was read with.
        key: of the record's message.
    """
    merged = view.merged
    if tree.odd or len(tree.data) >= LARGE or key in merged.holding_any:
        return None
    parts: list[_Part] = []
    places: set[Place] = set()
    for node in contested(tree, merged.unsettled):
        field = node.field
        own = merged.keys.get(field.owner) if field is not None else None
        if field is None or own is None:
            return None
        if field.contested is not None:
            places.add(field.contested)
        elif field.enum is not None and not field.enum.closed:
            places.add((field.enum.full_name, node.value))
        else:
            return None
        parts.append(_Part(own, node))
    return ContestedParts(tree, view, parts) if places == _places(tree) else None


def _places(tree: Tree) -> set[Place]:
    """Where something contested was seen that does not stand within what is."""
    return set(filter(None, map(place_of, tree.seen)))


def _is_alone(node: Node, own: MessageType, other: MessageType) -> bool:
    """Whether no field beside it bears on what another reading takes a field for.

    Of a oneof one member clears another. In the reading at hand none did, so it is enough that the
    other one has the same members.
    """
    field = other.fields.get(node.number)
    if field is None or field.oneof is None:
        return True
    return node.field is not None and _members(own, node.field.oneof) == _members(
        other, field.oneof
    )


def _members(message: MessageType, oneof: str | None) -> set[int]:
    """The numbers of the fields of a oneof."""
    fields = message.fields.values()
    return {one.number for one in fields if oneof is not None and one.oneof == oneof}
