"""A tree to canonical protojson (the contract in README, "Message JSON"), whatever its depth."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from typing import Final

from inspector.decode import json_text
from inspector.decode.json_text import TEXT_OF, map_key, quote
from inspector.decode.node import Node, NodeKind
from inspector.decode.secrets import COVERED
from inspector.schema.types import Field, ScalarType

_JOINED: Final = 50_000
_COVERED_TEXT: Final = quote(COVERED)
_NOTHING: Final[frozenset[int]] = frozenset()
_MESSAGE, _LIST, _MAP = int(NodeKind.MESSAGE), int(NodeKind.LIST), int(NodeKind.MAP)
_SCALAR, _ENUM, _DYNAMIC = int(NodeKind.SCALAR), int(NodeKind.ENUM), int(NodeKind.DYNAMIC)
_UNKNOWN: Final = int(NodeKind.UNKNOWN)
_GATHERED: Final = (_LIST, _MAP)
_ARRAYS: Final = (_LIST, int(NodeKind.ARRAY))
_STRING: Final = int(ScalarType.STRING)


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
    # Part by part: one call for millions of them would hold other threads up.
    return "".join(
        "".join(parts[first : first + _JOINED]) for first in range(0, len(parts), _JOINED)
    )


def write_parts(  # noqa: C901, PLR0912, PLR0915 - one pass over all nodes: no calls for the usual ones
    root: Node,
    covered: frozenset[int],
    put: Callable[[str], object],
    *,
    indent: int | None = 2,
    level: int = 0,
) -> None:
    """Like :func:`write`, handing the text out in parts."""
    colon = ": " if indent is not None else ":"
    step = " " * (indent or 0)
    outer = "\n" + step * level if indent is not None else ""
    # The root stands as the only element of a list whose brackets are not written.
    left, keyed, close = iter((root,)), False, ""
    # What goes before the next element, and before all that follow it.
    lead = comma = ""
    stack: list[tuple[Iterator[Node], bool, str, str]] = []
    while True:
        for node in left:
            kind = node.kind
            if kind >= _UNKNOWN:
                continue
            text = ""
            if covered and id(node) in covered:
                text = _COVERED_TEXT
            elif kind == _SCALAR:
                value, field = node.value, node.field
                if not value and keyed and node.label is None and _unset(field, value):
                    continue
                type_ = field.type  # type: ignore[union-attr]
                text = quote(value) if type_ == _STRING else TEXT_OF[type_](value)
            elif kind == _DYNAMIC:
                value = node.value
                text = quote(value) if type(value) is str else json_text.dynamic(value)
            elif kind == _ENUM:
                if not node.value and keyed and node.label is None and _unset(node.field, 0):
                    continue
                text = _enum_text(node.field, node.value)
            elif kind == _MESSAGE:
                known = _well_known(node.field)
                if known is not None:
                    text = known(node)
                    if text[0] == "{":
                        text = _laid_out(text, indent, level + len(stack))
            elif kind in _GATHERED and all(child.kind >= _UNKNOWN for child in node.children):
                continue  # an empty packed field, or nothing that could be read
            if not keyed:
                head = lead
            elif (label := node.label) is None:
                head = f'{lead}"{node.field.json_name}"{colon}'  # type: ignore[union-attr]
            else:
                head = f"{lead}{quote(label) if type(label) is str else map_key(label)}{colon}"
            lead = comma
            if text:
                put(head + text)
                continue
            stack.append((left, keyed, close, comma))
            array = kind in _ARRAYS
            put(head + ("[" if array else "{"))
            left, keyed, close = iter(node.children), not array, "]" if array else "}"
            lead = outer + step * len(stack) if indent is not None else ""
            comma = "," + lead
            break
        else:
            if not stack:
                return
            wrote, ended = lead is comma, close
            left, keyed, close, comma = stack.pop()
            lead = comma
            put(outer + step * len(stack) + ended if wrote and indent is not None else ended)


def _unset(field: Field | None, value: object) -> bool:
    """Whether a field holds just what it would hold unset, and nothing tells the two apart."""
    if field is None or field.presence:
        return False
    return not (isinstance(value, float) and math.copysign(1.0, value) < 0)


def _well_known(field: Field | None) -> Callable[[Node], str] | None:
    """How a message of a type with a text form of its own is written."""
    if field is None or field.message is None:
        return None
    return _WELL_KNOWN.get(field.message.full_name)


def _enum_text(field: Field | None, value: int) -> str:
    """An enum by name, a number without a name as it is."""
    assert field is not None and field.enum is not None
    name = field.enum.names.get(value)
    return str(value) if name is None else f'"{name}"'


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
    known = _well_known(node.field) if node.kind == _MESSAGE else None
    return known is not None and known(node).startswith("{")


_WELL_KNOWN: Final[dict[str, Callable[[Node], str]]] = {
    "google.protobuf.Timestamp": _moment,
    "google.protobuf.Duration": _span,
}
