"""The CEL expression that is true where a field has the value that a row shows."""

from __future__ import annotations

import math
import re
from typing import Final

from inspector.decode.node import Node, NodeKind
from inspector.decode.well_known import own_form, unsaid
from inspector.gui.fields.field_cells import FieldLook
from inspector.gui.fields.field_items import FieldItem
from inspector.schema.types import ScalarType

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_UNSIGNED: Final = frozenset(
    (ScalarType.UINT32, ScalarType.UINT64, ScalarType.FIXED32, ScalarType.FIXED64)
)
_HOLDERS: Final = frozenset(
    (NodeKind.MESSAGE, NodeKind.LIST, NodeKind.MAP, NodeKind.STRUCT, NodeKind.ARRAY)
)
_SINGLE: Final = frozenset((NodeKind.SCALAR, NodeKind.ENUM, NodeKind.DYNAMIC))
_WELL_KNOWN: Final = "google.protobuf."  #: types whose fields CEL has no names for
_LONGEST: Final = 4096  #: characters of an expression that can still be looked at in one line


def equality(item: FieldItem, look: FieldLook) -> str:
    """An expression over ``r`` for the value of a row.

    Returns:
        Empty where there is none: for what is no single value, for what is read out of another
        value, stands in a JSON document, is too long, and for secrets, covered now or not: no
        filter looks there.
    """
    node = item.node
    if node is None or not (node.kind in _SINGLE or node.is_time) or item.graft_root():
        return ""
    if look.document or (node.is_time and any(map(look.can_hide, node.children))):
        return ""
    value, path = _value(node), _path(item, look)
    whole = f"{path} == {value}"
    return whole if value and path and len(whole) <= _LONGEST else ""


def _path(item: FieldItem, look: FieldLook) -> str:
    steps: list[str] = []
    here: FieldItem | None = item
    while here is not None and here.node is not None:
        node, over = here.node, here.value_parent()
        if look.can_hide(node) or (here is not item and not _is_held_open(node)):
            return ""
        if over is None:
            break
        step = _step(node, over.node)
        if not step:
            return ""
        steps.append(step)
        here = over
    return f"r{''.join(reversed(steps))}"


def _is_held_open(node: Node) -> bool:
    message = node.message_type if node.kind == NodeKind.MESSAGE else None
    known = message is not None and message.full_name.startswith(_WELL_KNOWN)
    return node.kind in _HOLDERS and not known


def _step(node: Node, over: Node | None) -> str:
    if node.label is None:
        name = node.field.name if node.field is not None else ""
        return f".{name}" if _NAME.fullmatch(name) else ""
    key = over.field.map_key if over is not None and over.field is not None else None
    text = literal(node.label, key.type if key is not None else None)
    return f"[{text}]" if text else ""


def _value(node: Node) -> str:
    field, value = node.field, node.value
    if node.kind == NodeKind.DYNAMIC:
        if unsaid(node) is not None:
            return ""
        return "null" if value is None else literal(value, None)
    if field is None:
        return ""
    if node.is_time:
        return _time(node)
    if node.kind == NodeKind.ENUM and field.enum is not None and value in field.enum.names:
        return field.enum.names[value]
    return literal(value, field.type)


def _time(node: Node) -> str:
    form = own_form(node.field)
    message = node.message_type
    if form is None or message is None or unsaid(node) is not None:
        return ""
    return f"{message.name.lower()}({form(node)})"


def literal(value: object, kind: ScalarType | None) -> str:
    """A value as CEL writes it; empty for what it cannot write."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{value}u" if kind in _UNSIGNED else str(value)
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else ""
    if isinstance(value, bytes):
        signs = "".join(f"\\x{one:02x}" for one in value[:_LONGEST])
        return f'b"{signs}"'
    if isinstance(value, str) and len(value) <= _LONGEST:
        written = [_sign(one) for one in value]
        text = "".join(written)
        return f'"{text}"' if all(written) else ""
    return ""


def _sign(one: str) -> str:
    """A character within double quotes; empty for half a pair, which no text of CEL has."""
    if one in '"\\':
        return f"\\{one}"
    if one.isprintable():
        return one
    code = ord(one)
    if 0xD800 <= code < 0xE000:
        return ""
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
