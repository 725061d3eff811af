"""A record's tree as lines for people: name, value, type, number and bytes of every field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from inspector.cli.notes import Covered
from inspector.cli.output import Output
from inspector.decode.encrypted_values import sealed
from inspector.decode.field_runs import FieldRuns, behind_first, foremost
from inspector.decode.json_writer import beginning
from inspector.decode.node import Node, NodeKind, Tree
from inspector.decode.paths import key_text
from inspector.decode.problems import wire_name
from inspector.decode.secrets import COVERED
from inspector.export.record_text import Written
from inspector.history.record import Record
from inspector.plurals import counted

_LONGEST: Final = 100
#: Elements of a list, or fields of one number, that are written one by one.
MOST: Final = 1000
_DEEPEST_INDENT: Final = 40
_UNKNOWN: Final = int(NodeKind.UNKNOWN)
_NAMES: Final = {
    NodeKind.UNKNOWN: "unknown",
    NodeKind.SHADOWED: "replaced by a later one",
    NodeKind.MALFORMED: "not valid protobuf",
}


def write_tree(record: Record, output: Output, covered: Covered, *, reveal: bool) -> None:
    """Writes a record's tree, and notes what of it is covered."""
    tree = TreeText(record, reveal=reveal)
    for line in tree.lines():
        output.line(line)
    covered.add(tree.written)


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
        stack = [] if tree is None else [_folded(tree.root.children)]
        while tree is not None and stack:
            found = next(stack[-1], None)
            if found is None:
                stack.pop()
            elif isinstance(found, _More):
                yield f"{_indent(len(stack) - 1)}{found.text}"
            else:
                yield self._line(tree, found, len(stack) - 1)
                if id(found) not in self._hidden:
                    stack.append(_folded(found.children))
        for problem in self._record.problems:
            where = f"{problem.path}: " if problem.path else ""
            yield f"! {problem.code}: {where}{problem.message}"

    def _line(self, tree: Tree, node: Node, depth: int) -> str:
        value = self._value(tree, node)
        return f"{_indent(depth)}{_name(node)}{': ' if value else ''}{value}  ({_facts(node)})"

    def _value(self, tree: Tree, node: Node) -> str:
        seal = sealed(node.value)
        words = f" {seal.words}" if seal is not None else ""
        if id(node) in self._hidden:
            self._secrets += 1
            return f"{COVERED}{words}"
        if node.kind in _NAMES:
            size = counted(node.end - node.body, "byte")
            if self._reveal:
                return f"{size} {tree.data[node.body : node.end].hex()[:_LONGEST]}"
            self._payloads += 1
            return size
        return f"{_value(node)}{words}"


class _More:
    """Nodes of one kind side by side, or of any, that are not written one by one."""

    __slots__ = ("count", "end", "first", "start")

    def __init__(self, first: Node | None, end: int, count: int, start: int = 0) -> None:
        self.first = first
        self.end = end
        self.count = count
        self.start = start

    @property
    def text(self) -> str:
        """What stands for them."""
        what, start = counted(self.count, "more unknown field", "more unknown fields"), self.start
        what += " of other numbers"
        if self.first is not None:
            what = counted(self.count, "more element", "more elements")
            if self.first.label is None:
                what = f"{self.count:,} more of {_name(self.first)}"
            start = self.first.start
        return f"… {what}  (bytes {start} to {self.end})"


def _folded(nodes: Sequence[Node]) -> Iterator[Node | _More]:
    """Nodes side by side, of each kind the first :data:`MOST`, and what stands for the others."""
    if len(nodes) <= MOST:
        yield from nodes
        return
    seen: Counter[tuple[int, int]] = Counter()
    rest: dict[tuple[int, int], _More] = {}
    for node in foremost(nodes):
        kind = (node.kind, node.tag)
        if node.label is not None:
            kind = (0, 0)  # whatever the elements of a list are
        seen[kind] += 1
        if seen[kind] <= MOST:
            yield node
        elif kind in rest:
            rest[kind].end = node.end
            rest[kind].count += 1
        else:
            rest[kind] = _More(node, node.end, 1)
    behind = behind_first(nodes)
    if behind is not None:
        yield from _folded_behind(behind, seen, rest)
    yield from rest.values()


def _folded_behind(
    behind: FieldRuns, seen: Counter[tuple[int, int]], rest: dict[tuple[int, int], _More]
) -> Iterator[Node | _More]:
    """The same of the unknown fields that are no nodes, as far as their numbers are few."""
    others: _More | None = None
    for start, _, end, tag in behind.occurrences():
        kind = (_UNKNOWN, tag)
        if kind in rest:
            rest[kind].end = end
            rest[kind].count += 1
        elif kind not in seen and len(seen) > MOST:
            others = others or _More(None, end, 0, start)
            others.end = end
            others.count += 1
        elif seen[kind] >= MOST:
            rest[kind] = _More(behind.made(start), end, 1)
        else:
            seen[kind] += 1
            yield behind.made(start)
    if others is not None:
        yield others


def _indent(depth: int) -> str:
    return "  " * min(depth, _DEEPEST_INDENT)


def _name(node: Node) -> str:
    if node.kind in (NodeKind.UNKNOWN, NodeKind.MALFORMED):
        return f"<{node.number}>" if node.tag else "<?>"
    if node.label is not None:
        return f"[{key_text(node.label)}]"
    return node.field.name if node.field is not None else ""


def _value(node: Node) -> str:
    if node.kind in (NodeKind.SCALAR, NodeKind.DYNAMIC):
        text, length = beginning(node, _LONGEST)
    elif node.kind == NodeKind.ENUM:
        text = f"{beginning(node, _LONGEST)[0].strip(chr(34))} {node.value}"
        length = len(text)
    else:
        return f"{len(node.children)} {'items' if node.kind == NodeKind.LIST else 'fields'}"
    return text if length <= _LONGEST else f"{text[:_LONGEST]}… {length} characters"


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
