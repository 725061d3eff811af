"""Where another possible reading of a record would show something else, and what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inspector.decode.field_runs import among_many, known
from inspector.decode.json_writer import beginning
from inspector.decode.node import Node, NodeKind, Tree
from inspector.decode.paths import NodePlace, below
from inspector.named_tuple import NamedTuple

MOST: Final = 100  #: places that are told of a reading
_LONGEST: Final = 80  #: characters of a value
_COMPOSITE: Final = frozenset((NodeKind.MESSAGE, NodeKind.LIST, NodeKind.MAP))


class Doubt(NamedTuple):
    """A place where another reading shows something else; ``other`` is what that would be."""

    place: NodePlace
    shown: str
    other: str

    def sentence(self, releases: str) -> str:
        """What else it may be, and in which releases."""
        (name, _, value), (other, _, theirs) = (
            self.shown.partition(": "),
            self.other.partition(": "),
        )
        if value and value == theirs:
            return f"It may also be {other}, as {releases} names it; shown is {name}."
        return f"It may also be {self.other}, as {releases} has it; shown is {self.shown}."


def doubts(
    tree: Tree, hidden: frozenset[int], rival: Tree, rival_hidden: frozenset[int]
) -> Iterator[Doubt]:
    """The places of a tree that a rival reading of the same bytes would show otherwise, outermost.

    Args:
        tree: as it is read.
        hidden: ``id()`` of its covered nodes.
        rival: as it might be read.
        rival_hidden: ``id()`` of that one's covered nodes.
    """
    stack = [(NodePlace(tree.root, None), rival.root)]
    found = 0
    while stack and found < MOST:
        place, other = stack.pop()
        node = place.node
        if not _same_name(node, other) or id(node) in hidden or id(other) in rival_hidden:
            one, two = _words(node, hidden), _words(other, rival_hidden)
            if one != two:
                found += 1
                yield Doubt(place, one, two)
            continue
        if node.kind in _COMPOSITE and other.kind == node.kind:
            pairs, lone = _pairs(place, other)
            stack.extend(reversed(pairs))
            for left in lone:
                found += 1
                yield Doubt(left, _words(left.node, hidden), "nothing")
        elif _words(node, hidden) != _words(other, rival_hidden):
            found += 1
            yield Doubt(place, _words(node, hidden), _words(other, rival_hidden))


def _pairs(place: NodePlace, other: Node) -> tuple[list[tuple[NodePlace, Node]], list[NodePlace]]:
    """What stands at the same bytes on both sides, and what only the first has."""
    by_start = {(one.start, one.end): one for one in known(other.children)}
    pairs: list[tuple[NodePlace, Node]] = []
    lone: list[NodePlace] = []
    for one in below(place):
        node = one.node
        found = by_start.get((node.start, node.end))
        if found is None and node.kind < NodeKind.UNKNOWN:
            found = among_many(other.children, node.start)
            if found is None or found.end != node.end:
                lone.append(one)
                continue
        if found is not None:
            pairs.append((one, found))
    return pairs, lone


def _same_name(node: Node, other: Node) -> bool:
    if node.field is None or other.field is None:
        return node.field is other.field
    return node.label == other.label and node.field.name == other.field.name


def _words(node: Node, hidden: frozenset[int]) -> str:
    """A value as a short text: its name and its JSON, covered where it has to be."""
    if node.kind >= NodeKind.UNKNOWN:
        return f"field {node.number} without a name"
    name = node.field.name if node.field is not None else ""
    text, length = beginning(node, _LONGEST, hidden)
    shown = text if length <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return f"{name}: {shown}" if name else shown
