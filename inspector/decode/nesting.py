"""How deep the messages of a tree nest, as the daemon's protobuf counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inspector.decode.field_runs import are_made, known
from inspector.decode.node import Node, NodeKind
from inspector.decode.well_known import STRUCT, VALUE, packed
from inspector.schema.types import MessageType

#: Go reads no message that nests deeper, unless it is told to.
DEEPEST: Final = 10_000

_KEYED: Final = frozenset((NodeKind.MAP, NodeKind.STRUCT))
_MESSAGES: Final = frozenset((NodeKind.MESSAGE, NodeKind.STRUCT, NodeKind.ARRAY, NodeKind.DYNAMIC))
_OPENED: Final = frozenset((NodeKind.STRUCT, NodeKind.ARRAY))
_LEAST: Final = 2  #: bytes that a message takes, its tag and its length


def nesting(root: Node, type_: MessageType | None) -> int:
    """How many messages stand within each other, entries of maps among them.

    0 where it cannot be more than :data:`DEEPEST`, and for a JSON document. What an Any holds does
    not count, since it is read by itself, if at all.

    Args:
        root: a record's root, or what an Any holds.
        type_: the record's type, or that of what the Any holds; None for a document.
    """
    if type_ is None or root.end - root.body < _LEAST * (DEEPEST - 1):
        return 0
    deepest = 0
    keyed_root = root if type_.full_name == STRUCT else None
    stack: list[tuple[Node, int]] = [(root, max(1, _levels(root)))]
    begun: list[Iterator[Node]] = []  # of what is left of a million the rest, innermost last
    while stack:
        node, level = stack.pop()
        going_on = level < 0
        level = abs(level)
        inner = level + (node.kind in _KEYED or node is keyed_root)
        deepest = max(deepest, inner if node.children else level)
        held = packed(node)
        children = known(node.children)
        many = type(children) is not list and are_made(node.children)
        if many:
            children = begun.pop() if going_on else iter(children)
        for child in children:
            if child.kind < NodeKind.UNKNOWN and child is not held:
                reached = inner + _levels(child)
                if not child.children:
                    deepest = max(deepest, reached)
                    continue
                if many:  # of a million one is looked into at a time
                    stack += ((node, -level), (child, reached))
                    begun.append(children)  # type: ignore[arg-type]
                    break
                stack.append((child, reached))
    return deepest


def _levels(node: Node) -> int:
    """How many messages a node is: a Struct in a Value is two."""
    if node.kind not in _MESSAGES:
        return 0
    message = node.message_type
    in_value = message is not None and message.full_name == VALUE
    return 2 if in_value and node.kind in _OPENED else 1
