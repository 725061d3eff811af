"""What differs between two decoded values, field by field."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from inspector.decode.node import Node, NodeKind, Tree
from inspector.decode.paths import Place
from inspector.history.alignment import Pair, align
from inspector.history.equality import Meanings

_OPEN: Final = frozenset(
    (NodeKind.MESSAGE, NodeKind.LIST, NodeKind.MAP, NodeKind.STRUCT, NodeKind.ARRAY)
)
_WHOLE: Final = frozenset(("google.protobuf.Timestamp", "google.protobuf.Duration"))


class Change(StrEnum):
    """How a value differs."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


class Entry(NamedTuple):
    """One difference. ``before`` is None for what was added, ``after`` for what was removed."""

    change: Change
    before: Place | None
    after: Place | None

    @property
    def path(self) -> str:
        """As in the later value; of what was removed, as in the earlier one."""
        place = self.after if self.after is not None else self.before
        return place.path if place is not None else ""


class Difference(NamedTuple):
    """All differences of two trees, depth first; empty where they mean the same."""

    entries: list[Entry]
    same_bytes: bool


def difference(before: Tree, after: Tree) -> Difference:
    """Compares two trees, of any depth and of any generations."""
    if before.data == after.data and before.type is after.type:
        return Difference([], True)
    meanings = Meanings()
    meanings.add(before.root, before.data)
    meanings.add(after.root, after.data)
    root = Pair(Place(before.root, None), Place(after.root, None))
    return Difference(list(_entries(root, meanings)), before.data == after.data)


def _entries(root: Pair, meanings: Meanings) -> Iterator[Entry]:
    stack = [root]
    while stack:
        pair = stack.pop()
        before, after = pair.before, pair.after
        if before is None or after is None:
            change = Change.ADDED if before is None else Change.REMOVED
            yield Entry(change, before, after)
            continue
        if pair.moved:
            yield Entry(Change.MOVED, before, after)
        if meanings.of(before.node) == meanings.of(after.node):
            continue
        if comparable(before.node, after.node):
            stack.extend(reversed(align(before, after, meanings)))
        else:
            yield Entry(Change.CHANGED, before, after)


def comparable(before: Node, after: Node) -> bool:
    """Whether two values are compared by what they hold, and not as wholes."""
    return before.kind == after.kind and before.kind in _OPEN and not _is_whole(before)


def _is_whole(node: Node) -> bool:
    field = node.field
    message = field.message if field is not None and node.kind == NodeKind.MESSAGE else None
    return message is not None and message.full_name in _WHOLE
