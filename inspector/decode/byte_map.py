"""Which value a byte belongs to, and which bytes belong to a value."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Any, Final

from inspector.decode.field_runs import known
from inspector.decode.nested_runs import NestedRuns
from inspector.decode.node import Node, NodeKind, Tree, WireType
from inspector.decode.wire import DEEPEST_KNOWN, Closings, group_end, read_field

Range = tuple[int, int]  #: first byte, and the one behind the last
_Link = tuple[Node, int, Any]  #: a node, its index among its siblings, and the link above it

_START: Final = attrgetter("start")


def owner(tree: Tree, offset: int) -> list[int]:
    """The innermost value whose bytes hold the byte at an offset of the blob.

    Lists, maps and merged messages span bytes of their neighbours; a value that has the byte for
    certain comes before one that merely spans it.

    Returns:
        The way to it: its index among the children of each node from the root down.
    """
    root: _Link = (tree.root, -1, None)
    stack, spanning = [root], root
    groups: Closings = {}
    while stack:
        link = stack.pop()
        node = link[0]
        inner = _holding(node, offset)
        if inner:
            # The narrowest is looked at first, so it goes on top.
            inner.sort(key=lambda index: _width(node.children[index]), reverse=True)
            stack.extend((node.children[index], index, link) for index in inner)
        elif _stands_once(tree, node, groups) or offset < _head_end(tree, node):
            return _way(link)
        elif _width(node) <= _width(spanning[0]):
            spanning = link
    return _way(spanning)


def at(tree: Tree, way: Iterable[int]) -> Node:
    """The node at the end of a way."""
    node = tree.root
    for index in way:
        node = node.children[index]
    return node


def ranges(tree: Tree, node: Node) -> list[Range]:
    """The bytes of a value with its tags and lengths: one range where it stands in one piece."""
    found: list[Range] = []
    stack = [node]
    groups: Closings = {}
    while stack:
        one = stack.pop()
        if _stands_once(tree, one, groups) or _is_tiled(one):
            found.append((one.start, one.end))
        else:
            found.append((one.start, _head_end(tree, one)))
            for child in one.children:
                if child.children:
                    stack.append(child)
                    continue
                end = child.end if _stands_once(tree, child, groups) else _head_end(tree, child)
                if found[-1][1] == child.start:
                    found[-1] = (found[-1][0], end)
                else:
                    found.append((child.start, end))
    return merged(found)


def head(tree: Tree, node: Node) -> Range:
    """Tag and length of a value, of a map entry its key too; of several parts those of the first.

    Empty for the root, for an element of a packed field, and for a list, which has none.
    """
    if _stands_once(tree, node, {}):
        return node.start, node.body
    in_parts = node.kind in (NodeKind.LIST, NodeKind.MAP)
    return node.start, node.start if in_parts else _head_end(tree, node)


def unclaimed(tree: Tree) -> list[Range]:
    """The bytes that belong to no field: those that are no wire format, or no JSON."""
    claimed = merged(_joined((one.start, one.end) for one in tree.root.children))
    found: list[Range] = []
    if tree.type is not None or tree.root.kind == NodeKind.MESSAGE:
        reached = 0
        for start, end in [*claimed, (len(tree.data), len(tree.data))]:
            if start > reached:
                found.append((reached, start))
            reached = max(reached, end)
    stack = [tree.root] if tree.malformed else []
    while stack:
        for child in known(stack.pop().children):
            if child.kind == NodeKind.MALFORMED:
                found.append((child.start, child.end))
            elif child.children:
                stack.append(child)
    return merged(found)


def _joined(found: Iterable[Range]) -> Iterator[Range]:
    """Ranges, each with those that come next and lie behind it without a gap."""
    begin, stop = 0, 0
    for start, end in found:
        if start != stop:
            yield begin, stop
            begin = start
        stop = end
    yield begin, stop


def merged(found: Iterable[Range]) -> list[Range]:
    """Ranges in order, those that touch or overlap made one, empty ones left out."""
    result: list[Range] = []
    for start, end in sorted(found):
        if end <= start:
            continue
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result


def _way(link: _Link) -> list[int]:
    way: list[int] = []
    while link[2] is not None:
        way.append(link[1])
        link = link[2]
    return way[::-1]


def _holding(node: Node, offset: int) -> list[int]:
    """Indexes of the children that span an offset."""
    children = node.children
    if node.kind == NodeKind.LIST and children and children[-1].kind < NodeKind.UNKNOWN:
        # Its elements stand in the order of their bytes.
        index = bisect_right(children, offset, key=_START) - 1
        return [index] if index >= 0 and offset < children[index].end else []
    return [index for index, child in enumerate(children) if child.start <= offset < child.end]


def _stands_once(tree: Tree, node: Node, groups: Closings) -> bool:
    """Whether all bytes of a node's span are its own.

    Args:
        tree: what it is of.
        node: the node.
        groups: keeps where groups end, those within others found on the way.
    """
    if not node.tag:
        return True
    found = read_field(tree.data, node.start, node.end)
    if found is None or found[3] & 7 != WireType.SGROUP:
        return found is not None and found[2] == node.end
    if node.kind == NodeKind.UNKNOWN:
        return True
    if node.start not in groups:
        group_end(tree.data, found, node.end, DEEPEST_KNOWN, groups)
    return node.start in groups and groups[node.start][1] == node.end


def _is_tiled(node: Node) -> bool:
    """Whether the elements of a list or the entries of a map lie side by side without a gap."""
    if node.kind not in (NodeKind.LIST, NodeKind.MAP) or not node.children:
        return False
    children = node.children
    if isinstance(children, NestedRuns):
        spans = children.extents()
    else:
        spans = ((child.start, child.end) for child in children)
    return sum(end - start for start, end in spans) == node.end - node.start


def _head_end(tree: Tree, node: Node) -> int:
    """Where the tag and length of a node's first part end; ``body`` may be its last part's."""
    found = read_field(tree.data, node.start, node.end)
    return found[1] if found is not None else node.body


def _width(node: Node) -> int:
    return node.end - node.start
