"""Since which version each value of a record is what it is, and what one field was in each.

Both are fed with one older version after the other and hold two trees at a time, so that a long
history is never in memory. Values are followed as differences pair them: an element of a list that
moved keeps its history.
"""

from __future__ import annotations

from collections.abc import Iterator

from inspector.decode.node import Tree
from inspector.decode.paths import NodePlace
from inspector.history.alignment import Sides, align, by_name, sides_of
from inspector.history.difference import comparable
from inspector.history.equality import same_bytes
from inspector.named_tuple import NamedTuple


class Since(NamedTuple):
    """Since when a value is what it is.

    Attributes:
        version: which of the trees, 0 is the one that is asked about.
        first: no older one was seen to be otherwise: it is so since the first version.
        unsure: older versions right before it could not be read; it may be so for longer.
    """

    version: int
    first: bool
    unsure: bool


class _OpenValue:
    """A value that all versions so far have: as asked about, and as the oldest of them has it.

    ``parts`` are what it holds, once some of that is closed; None while it is one whole.
    """

    __slots__ = ("current", "newest", "parts")

    def __init__(self, newest: NodePlace, current: NodePlace) -> None:
        self.newest = newest
        self.current = current
        self.parts: list[_OpenValue] | None = None


class Blame:
    """Since when each value of a tree is what it is."""

    def __init__(self, tree: Tree) -> None:
        """Begins with the tree that is asked about, version 0."""
        self._tree = tree
        self._root: _OpenValue | None = _OpenValue(
            NodePlace(tree.root, None), NodePlace(tree.root, None)
        )
        self._index = self._seen = 0
        self._closed: dict[int, Since] = {}
        self._split: set[int] = set()

    @property
    def open(self) -> bool:
        """Whether a still older version could tell more."""
        return self._root is not None

    def older(self, tree: Tree | None) -> None:
        """Takes the next older version; None where it cannot be read."""
        self._index += 1
        if tree is None or self._root is None:
            return
        sides = sides_of(tree.data, self._tree.data)
        since = Since(self._seen, False, self._index > self._seen + 1)
        stack: list[tuple[_OpenValue, NodePlace | None]] = [
            (self._root, NodePlace(tree.root, None))
        ]
        while stack:
            one, before = stack.pop()
            if before is None or not self._carry(one, before, sides):
                self._close(one, since)
            elif one.parts is not None:
                stack += self._partners(one, before, sides)
            if before is not None:
                one.current = before
        self._root = _still_open(self._root, self._closed)
        self._tree, self._seen = tree, self._index

    def since(self, place: NodePlace) -> Since | None:
        """Since when a value of the tree is what it is; None for one whose parts differ in this."""
        if id(place.node) in self._split:
            return None
        at: NodePlace | None = place
        while at is not None:
            found = self._closed.get(id(at.node))
            if found is not None:
                return found
            at = at.parent
        return Since(self._seen, True, self._index > self._seen)

    def _carry(self, one: _OpenValue, before: NodePlace, sides: Sides) -> bool:
        """Whether the older version has the value, whole or in parts."""
        old, new = before.node, one.current.node
        if one.parts is None:
            if same_bytes(old, new, sides.before, sides.after):
                return True
            if not comparable(old, new):
                return sides.same(old, new)
            self._split_up(one)
        return comparable(old, new)

    def _split_up(self, one: _OpenValue) -> None:
        current = by_name(one.current)
        newest = by_name(one.newest)
        one.parts = [_OpenValue(place, current[name]) for name, place in newest.items()]
        self._split.add(id(one.newest.node))

    def _partners(
        self, one: _OpenValue, before: NodePlace, sides: Sides
    ) -> Iterator[tuple[_OpenValue, NodePlace | None]]:
        partner = {
            id(pair.after.node): pair.before
            for pair in align(before, one.current, sides)
            if pair.after is not None
        }
        for part in one.parts or ():
            yield part, partner.get(id(part.current.node))

    def _close(self, one: _OpenValue, since: Since) -> None:
        stack = [one]
        while stack:
            closed = stack.pop()
            if closed.parts is None:
                self._closed[id(closed.newest.node)] = since
            stack += closed.parts or ()


def _still_open(root: _OpenValue, closed: dict[int, Since]) -> _OpenValue | None:
    """What is left when the closed parts, and what only had such, are taken away."""
    order = [root]
    for one in order:
        order += one.parts or ()
    gone: set[int] = set()
    for one in reversed(order):
        if one.parts is None:
            if id(one.newest.node) in closed:
                gone.add(id(one))
            continue
        one.parts = [part for part in one.parts if id(part) not in gone]
        if not one.parts:
            gone.add(id(one))
    return None if id(root) in gone else root
