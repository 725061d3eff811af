"""That every byte of a blob belongs to a node, and every node to where it stands."""

from __future__ import annotations

from inspector.decode.node import Node, NodeKind, Tree
from inspector.decode.wire import read_field

_GATHERED = (NodeKind.LIST, NodeKind.MAP)


def check_spans(tree: Tree) -> None:
    """Asserts it for every node of a tree.

    A message that stands once is covered by its children from its first byte to its last; one that
    was merged, or gathered out of several places, spans more than its children do.
    """
    size = len(tree.data)
    assert (tree.root.start, tree.root.body, tree.root.end) == (0, 0, size)
    uncovered = _gaps(tree.root, 0, size)
    assert not uncovered, f"no node has the bytes {uncovered}"
    stack = [tree.root]
    while stack:
        node = stack.pop()
        assert 0 <= node.start <= node.body <= node.end <= size
        if node.kind == NodeKind.MESSAGE and _stands_once(tree, node):
            assert not _gaps(node, node.body, node.end)
        for child in node.children:
            assert node.start <= child.start, (node.start, child)
            assert child.end <= node.end, (node.end, child)
            if node.kind not in _GATHERED and child.kind >= NodeKind.SHADOWED:
                assert child.start <= child.body <= child.end
        stack.extend(node.children)


def _stands_once(tree: Tree, node: Node) -> bool:
    found = read_field(tree.data, node.start, node.end)
    return found == (node.start, node.body, node.end, node.tag)


def _gaps(node: Node, start: int, end: int) -> list[tuple[int, int]]:
    gaps: list[tuple[int, int]] = []
    reached = start
    for begin, stop in sorted((child.start, child.end) for child in node.children):
        if begin > reached:
            gaps.append((reached, begin))
        reached = max(reached, stop)
    return gaps + ([(reached, end)] if reached < end else [])
