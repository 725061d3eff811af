"""What differs between two decoded values, field by field."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from inspector.decode.field_runs import are_made
from inspector.decode.node import Node, NodeKind, Tree
from inspector.decode.paths import NodePlace
from inspector.history.alignment import Pair, Sides, differing, sides_of
from inspector.history.equality import leaf_key, same_bytes

_OPEN: Final = frozenset(
    (NodeKind.MESSAGE, NodeKind.LIST, NodeKind.MAP, NodeKind.STRUCT, NodeKind.ARRAY)
)
_LEAVES: Final = frozenset((NodeKind.SCALAR, NodeKind.ENUM, NodeKind.DYNAMIC))
MOST: Final = 1 << 17  #: children of a value, none of them kept, that are compared one by one
_NAMELESS: Final = frozenset((NodeKind.UNKNOWN, NodeKind.MALFORMED))
_NOTHING: Final[frozenset[int]] = frozenset()


class Change(StrEnum):
    """How a value differs."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


class Entry(NamedTuple):
    """One difference. ``before`` is None for what was added, ``after`` for what was removed.

    ``hidden`` says that one of the two is a secret, or bytes that may hold one: neither is shown.
    """

    change: Change
    before: NodePlace | None
    after: NodePlace | None
    hidden: bool = False

    @property
    def path(self) -> str:
        """As in the later value; of what was removed, as in the earlier one."""
        place = self.after if self.after is not None else self.before
        return place.path if place is not None else ""


class Difference(NamedTuple):
    """All differences of two trees, depth first; empty where they mean the same."""

    entries: list[Entry]
    same_bytes: bool


def difference(
    before: Tree, after: Tree, covered: frozenset[int] = _NOTHING, *, reveal: bool = False
) -> Difference:
    """Compares two trees, of any depth and of any generations.

    Args:
        before: the earlier one.
        after: the later one.
        covered: ``id()`` of the nodes of both trees that are secrets. Nothing within them is told.
        reveal: show secrets, and fields without a name, which may hold one.
    """
    if before.data == after.data and before.type is after.type:
        return Difference([], True)
    sides = sides_of(before.data, after.data)
    root = Pair(NodePlace(before.root, None), NodePlace(after.root, None))
    found = list(_entries(root, sides, _NOTHING if reveal else covered, reveal))
    return Difference(found, before.data == after.data)


def _entries(root: Pair, sides: Sides, covered: frozenset[int], reveal: bool) -> Iterator[Entry]:
    stack = [root]
    while stack:
        pair = stack.pop()
        before, after = pair.before, pair.after
        hidden = any(
            id(one.node) in covered or (one.node.kind in _NAMELESS and not reveal)
            for one in (before, after)
            if one is not None
        )
        if before is None or after is None:
            yield Entry(Change.ADDED if before is None else Change.REMOVED, before, after, hidden)
            continue
        if pair.moved:
            yield Entry(Change.MOVED, before, after, hidden)
        if same_bytes(before.node, after.node, sides.before, sides.after):
            continue
        if comparable(before.node, after.node) and not hidden:
            stack.extend(reversed(differing(before, after, sides)))
        elif not sides.same(before.node, after.node):
            yield Entry(Change.CHANGED, before, after, hidden)


def comparable(before: Node, after: Node) -> bool:
    """Whether two values are compared by what they hold, and not as wholes.

    What holds very many is, since a pair of each takes a hundred times their bytes.
    """
    if before.kind != after.kind or before.problem or after.problem:
        return False
    children = before.children, after.children
    if any(are_made(one) for one in children) and max(map(len, children)) > MOST:
        return False
    if before.kind in _LEAVES:
        # Unknown fields may lie around a value of a Struct.
        return bool(before.children or after.children) and leaf_key(before) == leaf_key(after)
    return before.kind in _OPEN and not before.is_time
