"""How deep the messages of a tree nest, as the daemon's protobuf counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inspector.decode.field_runs import known
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
    pending = (root, max(1, _levels(root)))
    stack: list[tuple[Iterator[Node], int, Node | None]] = []
    while True:
        node, level = pending
        inner = level + (node.kind in _KEYED or node is keyed_root)
        deepest = max(deepest, inner if node.children else level)
        stack.append((iter(known(node.children)), inner, packed(node)))
        while stack:
            # Of what lies side by side one node is made at a time: there may be a million.
            left, inner, held = stack[-1]
            for child in left:
                if child.kind < NodeKind.UNKNOWN and child is not held:
                    reached = inner + _levels(child)
                    if child.children:
                        pending = (child, reached)
                        break
                    deepest = max(deepest, reached)
            else:
                stack.pop()
                continue
            break
        else:
            return deepest


def _levels(node: Node) -> int:
    """How many messages a node is: a Struct in a Value is two."""
    if node.kind not in _MESSAGES:
        return 0
    message = node.message_type
    in_value = message is not None and message.full_name == VALUE
    return 2 if in_value and node.kind in _OPENED else 1
