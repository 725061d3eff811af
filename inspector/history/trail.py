"""One field through all versions of a record."""

from __future__ import annotations

from typing import Any, Final

from inspector.decode.node import NodeKind, Tree
from inspector.decode.paths import NodePlace
from inspector.history.alignment import align, by_name, identity, members, sides_of
from inspector.history.equality import member_name
from inspector.named_tuple import NamedTuple

_LISTS: Final = frozenset((NodeKind.LIST, NodeKind.ARRAY))


class TrailStep(NamedTuple):
    """A field in one version: its place there, None where it is not there.

    ``changed`` says that the version after it (the one asked before) has something else.
    """

    place: NodePlace | None
    changed: bool


class FieldTrail:
    """Follows a place of a tree into older versions, also past those that do not have it."""

    def __init__(self, tree: Tree, place: NodePlace) -> None:
        """Begins with a place of the newest tree."""
        self._data = tree.data
        self._way: list[NodePlace | None] = []
        at: NodePlace | None = place
        while at is not None:
            self._way.insert(0, at)
            at = at.parent
        self._names = [_Name(one) for one in self._way if one is not None]

    def older(self, tree: Tree) -> TrailStep:
        """The field in the next older version."""
        sides = sides_of(tree.data, self._data)
        way: list[NodePlace | None] = [NodePlace(tree.root, None)]
        for depth in range(1, len(self._way)):
            before, after = way[-1], self._way[depth - 1]
            here = self._way[depth]
            if before is None:
                way.append(None)
            elif after is None or here is None:
                way.append(self._names[depth].find(before))
            else:
                pairs = align(before, after, sides)
                way.append(next((p.before for p in pairs if _stands_for(p.after, here)), None))
        old, new = way[-1], self._way[-1]
        if old is None or new is None:
            changed = old is not new
        else:
            changed = not sides.same(old.node, new.node)
        for name, found in zip(self._names, way, strict=True):
            if found is not None:
                name.learn(found)
        self._way, self._data = way, tree.data
        return TrailStep(old, changed)


class _Name:
    """What a child is found by in a version after one that does not have it."""

    def __init__(self, place: NodePlace) -> None:
        self._name: Any = None
        self._identity: Any = None
        self._in_list = False
        self.learn(place)

    def learn(self, place: NodePlace) -> None:
        parent = place.parent
        self._in_list = parent is not None and parent.node.kind in _LISTS
        self._name = (member_name(place.node), place.repeat)
        self._identity = identity(place) if self._in_list else None

    def find(self, parent: NodePlace) -> NodePlace | None:
        if not self._in_list:
            return by_name(parent).get(self._name)
        if self._identity is None:
            return None
        return next((one for one in members(parent) if identity(one) == self._identity), None)


def _stands_for(place: NodePlace | None, other: NodePlace) -> bool:
    return place is not None and place.node is other.node
