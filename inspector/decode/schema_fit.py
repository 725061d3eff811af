"""How well bytes fit the message type they were read with."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Final

from inspector.decode.field_runs import known, many_replaced, many_unknown
from inspector.decode.node import Node, NodeKind, Tree
from inspector.decode.wire import default, members
from inspector.named_tuple import NamedTuple
from inspector.schema.types import ScalarType

# Plain numbers: an attribute of an enum costs as much as the work it guards.
_UNKNOWN, _SHADOWED, _ENUM = int(NodeKind.UNKNOWN), int(NodeKind.SHADOWED), int(NodeKind.ENUM)
_MESSAGE, _SCALAR, _STRING = int(NodeKind.MESSAGE), int(NodeKind.SCALAR), int(ScalarType.STRING)
_COMPOSITE: Final = frozenset(map(int, (NodeKind.MESSAGE, NodeKind.LIST, NodeKind.MAP)))
_KEYED: Final = frozenset(map(int, (NodeKind.MAP, NodeKind.STRUCT)))
_KEY_AND_VALUE: Final = frozenset((1, 2))
_BREAKS: Final = {ord(mark): " " for mark in "\n\r\t"}


class Misfit(NamedTuple):
    """What speaks against a message type, worst first; compares as it should be preferred.

    Attributes:
        malformed: protobuf would refuse the bytes.
        misplaced: unknown fields, wrong wire types, text that is no UTF-8.
        unusual: bytes no writer of this type makes, so that it would not write them back: unset
            values written out, map entries without key or value, fields that are replaced.
        unnamed: enum numbers without a name.
    """

    malformed: bool
    misplaced: int
    unusual: int
    unnamed: int

    @property
    def words(self) -> str:
        """What is wrong, as a phrase: ``1 field does not fit``; empty where nothing is."""
        if self.malformed:
            return "the bytes do not decode"
        if self.misplaced:
            return f"{self.misplaced} field{'s do' if self.misplaced > 1 else ' does'} not fit"
        if self.unusual:
            return "it would not be written back as the same bytes"
        return "an enum number has no name" if self.unnamed else ""


NO_MISFIT: Final = Misfit(False, 0, 0, 0)


def misfit(tree: Tree, nodes: Iterable[Node] | None = None) -> Misfit:
    """Measures a tree, or some of its nodes, and all that stands in them."""
    misplaced = unusual = unnamed = 0
    stack: list[Iterator[Node]] = [iter((tree.root,) if nodes is None else nodes)]
    while stack:
        # Of what lies side by side one node is made at a time: there may be a million.
        node = next(stack[-1], None)
        if node is None:
            stack.pop()
            continue
        kind, field, _, value, children, _, _, _, _, problem = node
        if kind == _UNKNOWN or problem is not None:
            misplaced += 1
            continue
        if kind == _SHADOWED or (not value and kind not in _COMPOSITE and _unusual(node)):
            unusual += 1
        elif kind in _KEYED:
            unusual += sum(_partial(tree.data, entry) for entry in children)
        elif kind == _ENUM and field is not None and field.enum is not None:
            unnamed += value not in field.enum.names
        if children:
            misplaced += many_unknown(children)
            unusual += many_replaced(children)
            stack.append(iter(known(children)))
    return Misfit(tree.malformed, misplaced, unusual, unnamed)


def has_misplaced(tree: Tree) -> bool:
    """Whether it is malformed or something in it is misplaced, told as soon as one is found."""
    if not tree.odd or tree.malformed:
        return tree.malformed
    stack: list[Iterator[Node]] = [iter((tree.root,))]
    while stack:
        for node in stack[-1]:
            if node.kind == _UNKNOWN or node.problem is not None:
                return True
            if node.children:
                if many_unknown(node.children):
                    return True
                stack.append(iter(known(node.children)))
                break
        else:
            stack.pop()
    return False


class PartsFit(NamedTuple):
    """How parts of a record fit what they are read as.

    Attributes:
        misfit: of these parts.
        messages: how often messages stand where others may have texts, which no text is by chance.
        unlikely: what may be a message is read as a text that no person would write.
    """

    misfit: Misfit
    messages: int
    unlikely: bool


def parts_fit(tree: Tree, nodes: Iterable[Node]) -> PartsFit:
    """Measures some nodes of a tree that is not odd, and all that stands in them."""
    unusual = unnamed = messages = 0
    unlikely = False
    stack: list[Iterator[Node]] = [iter(nodes)]
    while stack:
        for node in stack[-1]:
            kind, field, _, value, children, _, _, _, _, _ = node
            if kind == _SCALAR:
                if not value:
                    unusual += _unusual(node)
                elif field is not None and field.type == _STRING and not value.isprintable():
                    unlikely = unlikely or not has_lines(value)
                continue
            if kind == _MESSAGE:
                messages += field is not None
            elif not value and kind not in _COMPOSITE and _unusual(node):
                unusual += 1
            elif kind in _KEYED:
                unusual += sum(_partial(tree.data, entry) for entry in children)
            elif kind == _ENUM and field is not None and field.enum is not None:
                unnamed += value not in field.enum.names
            if children:
                stack.append(iter(known(children)))
                break
        else:
            stack.pop()
    return PartsFit(Misfit(tree.malformed, 0, unusual, unnamed), messages, unlikely)


def has_lines(text: str) -> bool:
    """Whether a text is one that a person may write, of lines and what stands in tables."""
    return text.translate(_BREAKS).isprintable()


def _unusual(node: Node) -> bool:
    """Whether an unset value is written out."""
    field = node.field
    if field is None or field.presence or node.label is not None:
        return False
    if node.value != default(field.type):
        return False
    return not (isinstance(node.value, float) and math.copysign(1.0, node.value) < 0)


def _partial(data: bytes, entry: Node) -> bool:
    """Whether a map entry is written without its key or its value, as no writer does."""
    if entry.kind >= NodeKind.UNKNOWN or (entry.label and entry.body < entry.end):
        return False
    numbers = {tag >> 3 for _, _, _, tag in members(data, entry.start, entry.end)}
    return not numbers >= _KEY_AND_VALUE
