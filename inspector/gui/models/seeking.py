"""Finding names and values within a record."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection
from threading import Event
from typing import Final, NamedTuple

from inspector.decode.json_text import timestamp
from inspector.decode.node import Node, NodeKind, Tree
from inspector.errors import CancelledError
from inspector.gui.models.items import is_flat
from inspector.gui.models.values import OPAQUE, number_text, parts
from inspector.invisible import holds

MOST: Final = 10_000  #: hits that are found
_ROUND: Final = 5_000  #: nodes between two looks at the cancel flag
Way = list[int]


class Sought(NamedTuple):
    """The ways to what was found, in the order of the tree; ``more`` says they are not all."""

    ways: list[Way]
    more: bool = False


def seek(tree: Tree, needle: str, hidden: Collection[int], *, case: bool, cancel: Event) -> Sought:
    """Every value whose name or text holds the needle; for the worker.

    Args:
        tree: the record.
        needle: what is sought.
        hidden: ``id()`` of nodes whose value is covered: only their names are looked at.
        case: whether upper and lower case differ.
        cancel: set when nobody wants it any more.

    Raises:
        CancelledError: it is set.
    """
    sought = needle if case else needle.lower()
    ways: list[Way] = []
    # Where the walk is: the children on each level, and which of them. No object is made for a
    # node: millions of them would have the garbage collector stop the window.
    levels, way = [tree.root.children], [-1]
    seen = 0
    while levels:
        way[-1] += 1
        if way[-1] == len(levels[-1]):
            levels.pop()
            way.pop()
            continue
        node = levels[-1][way[-1]]
        seen += 1
        if seen % _ROUND == 0 and cancel.is_set():
            raise CancelledError("Cancelled.")
        covered = id(node) in hidden
        if _holds(_name(node), sought, case) or (not covered and _holds(_text(node), sought, case)):
            if len(ways) == MOST:
                return Sought(ways, more=True)
            ways.append(list(way))
        if node.children and not covered and not is_flat(node):
            levels.append(node.children)
            way.append(-1)
    return Sought(ways)


def _holds(words: str, sought: str, case: bool) -> bool:
    return holds(words if case else words.lower(), sought)


def _name(node: Node) -> str:
    if node.label is not None:
        return node.label if isinstance(node.label, str) else ""
    return node.field.name if node.field is not None else ""


def _text(node: Node) -> str:
    value = node.value
    if isinstance(value, str):
        return value
    if node.kind == NodeKind.ENUM:
        enum = node.field.enum if node.field is not None else None
        return f"{enum.names.get(value, '') if enum is not None else ''} {value}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is not None and not isinstance(value, bytes) and node.kind not in OPAQUE:
        return number_text(value)
    return (timestamp(*parts(node)) or "").replace("T", " ") if is_flat(node) else ""


def next_way(sought: Sought, current: int, by: int, here: Way) -> int:
    """The number of the next hit in a direction; from where the cursor is if none is current."""
    count = len(sought.ways)
    if not count:
        return -1
    if current >= 0:
        return (current + by) % count
    at = bisect_left(sought.ways, here)
    return (at if by > 0 else at - 1) % count


def sought_words(sought: Sought, current: int) -> str:
    """Which hit of how many."""
    count = len(sought.ways)
    if not count:
        return "Nothing found."
    total = f"more than {count:,}" if sought.more else f"{count:,}"
    return f"{current + 1:,} of {total}" if current >= 0 else total
