"""A tree to canonical protojson (the contract in README, "Message JSON"), whatever its depth."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from inspector.decode import json_text
from inspector.decode.json_text import TEXT_OF, quote
from inspector.decode.node import Node, NodeKind
from inspector.decode.secrets import COVERED

_HIDDEN: Final = frozenset((NodeKind.UNKNOWN, NodeKind.SHADOWED, NodeKind.MALFORMED))
_COVERED_TEXT: Final = quote(COVERED)
_NOTHING: Final[frozenset[int]] = frozenset()
_MESSAGE, _LIST, _MAP = int(NodeKind.MESSAGE), int(NodeKind.LIST), int(NodeKind.MAP)
_SCALAR, _ENUM, _DYNAMIC = int(NodeKind.SCALAR), int(NodeKind.ENUM), int(NodeKind.DYNAMIC)
_ARRAYS: Final = frozenset((NodeKind.LIST, NodeKind.ARRAY))


class _Open(NamedTuple):
    """A container that is being written: what is left of it, and how it ends."""

    left: Iterator[Node]
    keyed: bool
    close: str


class Place(NamedTuple):
    """Where a node's value stands in the text (offsets in characters)."""

    start: int
    end: int


def write(
    root: Node,
    covered: frozenset[int] = _NOTHING,
    *,
    indent: int | None = 2,
    level: int = 0,
) -> str:
    """JSON text of a node.

    Args:
        root: any node of a tree that stands for a value.
        covered: ``id()`` of the nodes that are written as ``[covered]``.
        indent: spaces a level, or None for one compact line.
        level: how many levels deep the text will stand; the first line is not indented.
    """
    parts: list[str] = []
    write_parts(root, covered, parts.append, indent=indent, level=level)
    return "".join(parts)


def write_parts(
    root: Node,
    covered: frozenset[int],
    put: Callable[[str], object],
    *,
    indent: int | None = 2,
    level: int = 0,
) -> None:
    """Like :func:`write`, handing the text out in parts."""
    colon = ": " if indent is not None else ":"
    text = _leaf(root, covered)
    if text is not None:
        put(text if text[0] != "{" else _laid_out(text, indent, level))
        return
    step = " " * (indent or 0)
    stack = [_open(root, put)]
    first = True
    while stack:
        left, keyed, close = stack[-1]
        node = next(left, None)
        if node is None:
            stack.pop()
            if not first and indent is not None:
                put("\n" + step * (level + len(stack)))
            put(close)
            first = False
            continue
        text = _leaf(node, covered)
        if text is None and _left_out(node):
            continue
        if text is not None and _unset(node, keyed):
            continue
        head = "" if first else ","
        if indent is not None:
            head += "\n" + step * (level + len(stack))
        if keyed:
            head += _key(node) + colon
        if text is not None and text[0] == "{":
            text = _laid_out(text, indent, level + len(stack))
        put(head if text is None else head + text)
        first = text is None
        if text is None:
            stack.append(_open(node, put))


def _open(node: Node, put: Callable[[str], object]) -> _Open:
    array = node.kind in _ARRAYS
    put("[" if array else "{")
    children = node.children
    if any(child.kind in _HIDDEN for child in children[-1:]):
        children = [child for child in children if child.kind not in _HIDDEN]
    return _Open(iter(children), not array, "]" if array else "}")


def _key(node: Node) -> str:
    if node.label is not None:
        return json_text.map_key(node.label)
    assert node.field is not None
    return f'"{node.field.json_name}"'


def _unset(node: Node, keyed: bool) -> bool:
    """Whether a field holds just what it would hold unset, and nothing tells the two apart."""
    field = node.field
    if not keyed or field is None or field.presence or node.label is not None:
        return False
    value = node.value
    return not value and not (value == 0.0 and math.copysign(1.0, value) < 0)


def _left_out(node: Node) -> bool:
    """Whether a repeated field came without a single element (an empty packed one)."""
    return node.kind in (_LIST, _MAP) and not any(c.kind not in _HIDDEN for c in node.children)


def _leaf(node: Node, covered: frozenset[int]) -> str | None:
    """Text of what is no container, None for containers."""
    if covered and id(node) in covered:
        return _COVERED_TEXT
    kind = node.kind
    field = node.field
    if kind == _SCALAR:
        assert field is not None
        return TEXT_OF[field.type](node.value)
    if kind == _ENUM:
        assert field is not None and field.enum is not None
        name = field.enum.names.get(node.value)
        return str(node.value) if name is None else f'"{name}"'
    if kind == _DYNAMIC:
        return json_text.dynamic(node.value)
    if kind == _MESSAGE and field is not None and field.message is not None:
        known = _WELL_KNOWN.get(field.message.full_name)
        return known(node) if known is not None else None
    return None


def member(node: Node, number: int, absent: int = 0) -> int:
    """The value of a message's integer field, ``absent`` where it is unset."""
    for child in node.children:
        if child.field is not None and child.field.number == number and child.kind == _SCALAR:
            return int(child.value)
    return absent


def _moment(node: Node) -> str:
    seconds, nanos = member(node, 1), member(node, 2)
    text = json_text.timestamp(seconds, nanos)
    return _odd_time(seconds, nanos) if text is None else f'"{text}"'


def _span(node: Node) -> str:
    seconds, nanos = member(node, 1), member(node, 2)
    text = json_text.duration(seconds, nanos)
    return _odd_time(seconds, nanos) if text is None else f'"{text}"'


def _odd_time(seconds: int, nanos: int) -> str:
    return f'{{"seconds":"{seconds}","nanos":{nanos}}}'


def _laid_out(text: str, indent: int | None, level: int) -> str:
    """The text of a small object in the layout of what it stands in."""
    if indent is None:
        return text
    return json.dumps(json.loads(text), indent=indent).replace("\n", "\n" + " " * indent * level)


def out_of_range(node: Node) -> bool:
    """Whether a node is a Timestamp or Duration that has no text form."""
    field = node.field
    if node.kind != _MESSAGE or field is None or field.message is None:
        return False
    known = _WELL_KNOWN.get(field.message.full_name)
    return known is not None and known(node).startswith("{")


_WELL_KNOWN: Final[dict[str, Callable[[Node], str]]] = {
    "google.protobuf.Timestamp": _moment,
    "google.protobuf.Duration": _span,
}
