"""A tree to canonical protojson (the contract in README, "Message JSON"), whatever its depth."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from typing import Final

from inspector.decode import json_text
from inspector.decode.json_text import TEXT_OF, quote
from inspector.decode.node import Node, NodeKind
from inspector.decode.secrets import COVERED
from inspector.schema.types import Field, ScalarType

_COVERED_TEXT: Final = quote(COVERED)
_NOTHING: Final[frozenset[int]] = frozenset()
_MESSAGE, _LIST, _MAP = int(NodeKind.MESSAGE), int(NodeKind.LIST), int(NodeKind.MAP)
_SCALAR, _ENUM, _DYNAMIC = int(NodeKind.SCALAR), int(NodeKind.ENUM), int(NodeKind.DYNAMIC)
_ARRAY, _UNKNOWN = int(NodeKind.ARRAY), int(NodeKind.UNKNOWN)
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
    return "".join(parts)


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
    break_ = "\n" + step * level if indent is not None else ""
    # The root stands as the only element of a list whose brackets are not written.
    stack: list[tuple[Iterator[Node], bool, str, str]] = []
    left, keyed, close, lead = iter((root,)), False, "", ""
    while True:
        for node in left:
            kind, field, label, value, children, *_ = node
            if kind >= _UNKNOWN:
                continue
            if covered and id(node) in covered:
                text = _COVERED_TEXT
            elif kind == _SCALAR:
                if not value and keyed and label is None and _unset(field, value):
                    continue
                type_ = field.type  # type: ignore[union-attr]
                text = quote(value) if type_ == _STRING else TEXT_OF[type_](value)
            elif kind == _DYNAMIC:
                text = quote(value) if type(value) is str else json_text.dynamic(value)
            elif kind == _ENUM:
                if not value and keyed and label is None and _unset(field, value):
                    continue
                text = _enum_text(field, value)
            else:
                known = None
                if kind == _MESSAGE and field is not None:
                    known = _WELL_KNOWN.get(field.message.full_name)  # type: ignore[union-attr]
                if known is None:
                    if kind in (_LIST, _MAP) and all(c.kind >= _UNKNOWN for c in children):
                        continue  # an empty packed field, or nothing that could be read
                    text = ""
                else:
                    text = known(node)
                    if text[0] == "{":
                        text = _laid_out(text, indent, level + len(stack))
            if keyed:
                if label is None:
                    head = f'{lead}"{field.json_name}"{colon}'  # type: ignore[union-attr]
                else:
                    head = f"{lead}{json_text.map_key(label)}{colon}"
            else:
                head = lead
            if lead and lead[0] != ",":
                lead = "," + lead
            elif not lead and stack:
                lead = ","
            if text:
                put(head + text)
                continue
            stack.append((left, keyed, close, lead))
            array = kind in (_LIST, _ARRAY)
            put(head + ("[" if array else "{"))
            left, keyed, close = iter(children), not array, "]" if array else "}"
            lead = break_ + step * len(stack) if indent is not None else ""
            break
        else:
            if not stack:
                return
            wrote = lead.startswith(",")
            left, keyed, ended, lead = stack[-1][0], stack[-1][1], close, stack[-1][3]
            close = stack.pop()[2]
            put(break_ + step * len(stack) + ended if wrote and indent is not None else ended)


def _unset(field: Field | None, value: object) -> bool:
    """Whether a field holds just what it would hold unset, and nothing tells the two apart."""
    if field is None or field.presence:
        return False
    return not (isinstance(value, float) and math.copysign(1.0, value) < 0)


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
    field = node.field
    if node.kind != _MESSAGE or field is None or field.message is None:
        return False
    known = _WELL_KNOWN.get(field.message.full_name)
    return known is not None and known(node).startswith("{")


_WELL_KNOWN: Final[dict[str, Callable[[Node], str]]] = {
    "google.protobuf.Timestamp": _moment,
    "google.protobuf.Duration": _span,
}
