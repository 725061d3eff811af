"""Whether two values mean the same: what google.protobuf calls equal, whatever the bytes."""

from __future__ import annotations

from typing import Any, Final

from inspector.decode.node import Node, NodeKind

_IGNORED: Final = frozenset((NodeKind.SHADOWED,))
_CONTAINERS: Final = frozenset((NodeKind.LIST, NodeKind.MAP))
_LEAVES: Final = frozenset((NodeKind.SCALAR, NodeKind.ENUM, NodeKind.DYNAMIC))


class Meanings:
    """Numbers for values: two nodes have the same number exactly where they mean the same.

    Works for nodes of any trees, whatever their depth; a number is computed once a node. Fields
    are told apart by name, so that trees of two generations can be compared.
    """

    def __init__(self) -> None:
        self._known: dict[Any, int] = {}
        self._of: dict[int, int] = {}
        self._keep: list[Node] = []

    def add(self, root: Node, data: bytes) -> int:
        """Numbers every node of a tree; returns the root's."""
        self._keep.append(root)
        stack: list[tuple[Node, bool]] = [(root, False)]
        while stack:
            node, ready = stack.pop()
            if node.children and not ready:
                stack.append((node, True))
                stack.extend((child, False) for child in node.children)
                continue
            key = self._key(node, data)
            self._of[id(node)] = self._known.setdefault(key, len(self._known))
        return self._of[id(root)]

    def of(self, node: Node) -> int:
        """The number of a node of an added tree."""
        return self._of[id(node)]

    def _key(self, node: Node, data: bytes) -> Any:
        kind = node.kind
        if kind in (NodeKind.UNKNOWN, NodeKind.MALFORMED):
            return (kind, node.tag, data[node.body : node.end])
        below = tuple(
            (member_name(child), self._of[id(child)]) for child in node.children if counts(child)
        )
        if kind in _LEAVES:
            return (kind, type(node.value), _plain(node.value), below)
        if kind == NodeKind.MESSAGE:
            # Unknown fields mean the same in any order.
            below = tuple(sorted(below, key=str))
        return (kind, below)


def counts(node: Node) -> bool:
    """Whether a node is part of what its message means."""
    if node.kind in _IGNORED:
        return False
    if node.kind in _CONTAINERS:
        return any(counts(child) for child in node.children)
    field = node.field
    if node.label is not None or field is None or field.presence or node.kind not in _LEAVES:
        return True
    # A set value that is the default of its type is an unset one, but for the negative zero.
    return bool(node.value) or str(node.value).startswith("-")


def member_name(node: Node) -> Any:
    """What a child is called among its siblings: field name, key or index, unknown number."""
    if node.kind in (NodeKind.UNKNOWN, NodeKind.MALFORMED):
        return (node.tag,)
    if node.label is not None:
        return node.label
    return node.field.name if node.field is not None else None


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        # NaN is the same as itself here, or nothing that holds one would equal itself.
        return "nan" if value != value else value + 0.0  # noqa: PLR0124
    return value
