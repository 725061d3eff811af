"""A record's tree as lines for people: name, value, type, number and bytes of every field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inspector.decode.json_writer import write
from inspector.decode.node import Node, NodeKind, Tree
from inspector.decode.paths import key_text
from inspector.decode.problems import wire_name
from inspector.decode.sealed import sealed
from inspector.decode.secrets import COVERED
from inspector.export.record_text import Written
from inspector.history.record import Record

_LONGEST: Final = 100
_DEEPEST_INDENT: Final = 40
_NAMES: Final = {
    NodeKind.UNKNOWN: "unknown",
    NodeKind.SHADOWED: "replaced by a later one",
    NodeKind.MALFORMED: "not valid protobuf",
}


class TreeText:
    """The lines of a record's tree, and how much of it they cover."""

    def __init__(self, record: Record, *, reveal: bool = False) -> None:
        self._record = record
        self._reveal = reveal
        self._hidden = frozenset[int]() if reveal else record.covered
        self._secrets = self._payloads = 0

    @property
    def written(self) -> Written:
        """What the lines given so far do not say."""
        return Written("", (), self._secrets, self._payloads)

    def lines(self) -> Iterator[str]:
        """Every field, depth first, and then what is odd."""
        tree = self._record.tree
        stack = [] if tree is None else [(node, 0) for node in reversed(tree.root.children)]
        while tree is not None and stack:
            node, depth = stack.pop()
            yield self._line(tree, node, depth)
            if id(node) not in self._hidden:
                stack.extend((child, depth + 1) for child in reversed(node.children))
        for problem in self._record.problems:
            where = f"{problem.path}: " if problem.path else ""
            yield f"! {problem.code}: {where}{problem.message}"

    def _line(self, tree: Tree, node: Node, depth: int) -> str:
        indent = "  " * min(depth, _DEEPEST_INDENT)
        value = self._value(tree, node)
        return f"{indent}{_name(node)}{': ' if value else ''}{value}  ({_facts(node)})"

    def _value(self, tree: Tree, node: Node) -> str:
        seal = sealed(node.value)
        words = f" {seal.words}" if seal is not None else ""
        if id(node) in self._hidden:
            self._secrets += 1
            return f"{COVERED}{words}"
        if node.kind in _NAMES:
            size = f"{node.end - node.body} bytes"
            if self._reveal:
                return f"{size} {tree.data[node.body : node.end].hex()[:_LONGEST]}"
            self._payloads += 1
            return size
        return f"{_value(node)}{words}"


def _name(node: Node) -> str:
    if node.kind in (NodeKind.UNKNOWN, NodeKind.MALFORMED):
        return f"<{node.number}>" if node.tag else "<?>"
    if node.label is not None:
        return f"[{key_text(node.label)}]"
    return node.field.name if node.field is not None else ""


def _value(node: Node) -> str:
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
            if node.field.last:
                parts.append(f"not known to the newest release, last in {node.field.last}")
    parts.append(f"bytes {node.start} to {node.end}")
    return ", ".join(parts)
