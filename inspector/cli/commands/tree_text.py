"""A record's tree as lines for people: name, value, type, number and bytes of every field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inspector.decode.json_writer import write
from inspector.decode.node import Node, NodeKind, Tree
from inspector.decode.paths import key_text
from inspector.decode.problems import wire_name
from inspector.decode.secrets import COVERED
from inspector.history.record import Record

_LONGEST: Final = 100
_DEEPEST_INDENT: Final = 40
_NAMES: Final = {
    NodeKind.UNKNOWN: "unknown",
    NodeKind.SHADOWED: "replaced by a later one",
    NodeKind.MALFORMED: "no wire format",
}


def tree_lines(record: Record, *, reveal: bool = False) -> Iterator[str]:
    """Lines of a record's tree, depth first."""
    tree = record.tree
    if tree is None:
        yield record.problems[0].message
        return
    covered = frozenset[int]() if reveal else record.covered
    stack = [(node, 0) for node in reversed(tree.root.children)]
    while stack:
        node, depth = stack.pop()
        yield _line(tree, node, depth, covered, reveal)
        if id(node) not in covered:
            stack.extend((child, depth + 1) for child in reversed(node.children))
    for problem in record.problems:
        yield f"! {problem.code}: {problem.path + ': ' if problem.path else ''}{problem.message}"


def _line(tree: Tree, node: Node, depth: int, covered: frozenset[int], reveal: bool) -> str:
    indent = "  " * min(depth, _DEEPEST_INDENT)
    value = COVERED if id(node) in covered else _value(tree, node, reveal)
    facts = _facts(node)
    return f"{indent}{_name(node)}{': ' if value else ''}{value}  ({facts})"


def _name(node: Node) -> str:
    if node.kind in (NodeKind.UNKNOWN, NodeKind.MALFORMED):
        return f"<{node.number}>" if node.tag else "<?>"
    if node.label is not None:
        return f"[{key_text(node.label)}]"
    return node.field.name if node.field is not None else ""


def _value(tree: Tree, node: Node, reveal: bool) -> str:
    if node.kind in _NAMES:
        size = f"{node.end - node.body} bytes"
        return f"{size} {tree.data[node.body : node.end].hex()[:_LONGEST]}" if reveal else size
    if node.kind in (NodeKind.SCALAR, NodeKind.DYNAMIC):
        text = write(node, indent=None)
    elif node.kind == NodeKind.ENUM:
        text = f"{write(node, indent=None).strip(chr(34))} {node.value}"
    else:
        return f"{len(node.children)} {'items' if node.kind == NodeKind.LIST else 'fields'}"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… {len(text)} characters"


def _facts(node: Node) -> str:
    parts = []
    if node.kind in _NAMES:
        parts.append(_NAMES[NodeKind(node.kind)])
        if node.tag:
            parts.append(wire_name(node))
    elif node.field is not None:
        parts.append(node.field.type_name)
        if node.label is None:
            parts.append(f"no. {node.field.number}")
    parts.append(f"bytes {node.start} to {node.end}")
    return ", ".join(parts)
