"""Walking a tree, and the names of places in it.

A path names a value by schema names, so that ``r.`` before it makes it a CEL expression:
``spec.tasks[2].task_config["a.b"]["c"][0]``; an unknown field is ``spec.<7>``, its repeats
``spec.<7>[1]``; the root is the empty path. In a JSON document the names are its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from json.encoder import encode_basestring

from inspector.decode.field_runs import foremost
from inspector.decode.node import Node, NodeKind


class NodePlace:
    """A node and the way to it. ``repeat`` counts earlier unknown siblings of the same number."""

    __slots__ = ("_known", "node", "parent", "repeat")

    def __init__(self, node: Node, parent: NodePlace | None, repeat: int = 0) -> None:
        self.node = node
        self.parent = parent
        self.repeat = repeat
        self._known: tuple[str, int] | None = None

    @property
    def path(self) -> str:
        """The place's path; built only when asked, since a deep tree has long ones."""
        text, size = self._known or self._name()
        return text[:size]

    def _name(self) -> tuple[str, int]:
        """Builds the path; the places on the way share the text, each up to its own end."""
        way: list[NodePlace] = []
        place: NodePlace | None = self
        while place is not None and place._known is None:
            way.append(place)
            place = place.parent
        text, size = place._known if place is not None and place._known is not None else ("", 0)
        parts = [text[:size]]
        ends: list[int] = []
        for place in reversed(way):
            step = _step(place)
            parts.append(step if size else step.removeprefix("."))
            size += len(parts[-1])
            ends.append(size)
        text = "".join(parts)
        for place, end in zip(way, reversed(ends), strict=True):
            place._known = (text, end)
        return text, size


def _step(place: NodePlace) -> str:
    node = place.node
    if place.parent is None:
        return ""
    if node.kind == NodeKind.MALFORMED:
        return ""
    if node.kind == NodeKind.UNKNOWN:
        return f".<{node.number}>" + (f"[{place.repeat}]" if place.repeat else "")
    if node.label is None:
        return f".{node.field.name}" if node.field is not None else ""
    return label_step(node)


def label_step(node: Node) -> str:
    """What an element, an entry or a member of a document adds to a path.

    A member of a document is called by its own name, where that can stand without quotes; only
    there a node with a label has no field.
    """
    label = node.label
    assert label is not None
    if node.field is None and isinstance(label, str) and label.isascii() and label.isidentifier():
        return f".{label}"
    return f"[{key_text(label)}]"


def key_text(label: str | int | bool) -> str:
    """A map key or index as it stands in brackets: text JSON-quoted, the rest bare."""
    if isinstance(label, str):
        return encode_basestring(label)
    if isinstance(label, bool):
        return "true" if label else "false"
    return str(label)


def children(place: NodePlace) -> list[NodePlace]:
    """The places below one, in order."""
    return list(below(place))


def below(place: NodePlace) -> Iterator[NodePlace]:
    """The places below one, in order, each made when it is asked for: there may be a million."""
    return _places(place, place.node.children)


def _places(place: NodePlace, nodes: Iterable[Node]) -> Iterator[NodePlace]:
    seen: dict[int, int] = {}
    for node in nodes:
        repeat = 0
        if node.kind == NodeKind.UNKNOWN:
            repeat = seen.get(node.number, 0)
            seen[node.number] = repeat + 1
        yield NodePlace(node, place, repeat)


def walk(root: Node) -> Iterator[NodePlace]:
    """Every place of a tree, depth first in order, whatever its depth."""
    return walk_from(NodePlace(root, None))


def walk_from(top: NodePlace) -> Iterator[NodePlace]:
    """A place and every one below it."""
    return _walk(top, NodeKind.MALFORMED)


def walk_known(top: NodePlace) -> Iterator[NodePlace]:
    """A place and every one below it, but for what lies within unknown fields."""
    return _walk(top, NodeKind.UNKNOWN - 1)


def walk_first(top: NodePlace) -> Iterator[NodePlace]:
    """What :func:`walk_known` gives, and of very many unknown fields of a message the first."""
    return _walk(top, NodeKind.UNKNOWN - 1, foremost)


def walk_kept(root: Node) -> Iterator[NodePlace]:
    """The places of a tree whose nodes stay the same ones as long as it is there."""
    return _walk(NodePlace(root, None), NodeKind.MALFORMED, foremost)


def _walk(
    top: NodePlace, last: int, among: Callable[[Sequence[Node]], Iterable[Node]] = iter
) -> Iterator[NodePlace]:
    """Goes into nodes up to the ``last`` kind, to those ``among`` their children."""
    # Of what lies side by side only one place is made at a time: there may be a million.
    stack = [iter((top,))]
    while stack:
        place = next(stack[-1], None)
        if place is None:
            stack.pop()
            continue
        yield place
        if place.node.kind <= last and place.node.children:
            stack.append(_places(place, among(place.node.children)))
