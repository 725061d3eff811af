"""What is copied of a field: its value as text, covered values as covered."""

from __future__ import annotations

from base64 import b64encode

from inspector.decode.json_writer import write
from inspector.decode.node import NodeKind
from inspector.decode.secrets import COVERED
from inspector.gui.cells.value_cells import OPAQUE
from inspector.gui.fields.field_cells import FieldLook, data_of
from inspector.gui.fields.field_items import FieldItem


def value(item: FieldItem | None, look: FieldLook) -> str:
    """The value of a row: text as it is, everything else as its JSON."""
    node = item.node if item is not None else None
    if item is None or node is None:
        return ""
    if look.hides(node):
        return COVERED
    if node.kind in OPAQUE:
        return b64encode(data_of(item, look)[node.body : node.end]).decode()
    if node.kind == NodeKind.SCALAR and isinstance(node.value, str):
        return node.value
    text = write(node, frozenset(look.hidden()))
    plain = node.kind in (NodeKind.ENUM, NodeKind.SCALAR, NodeKind.MESSAGE)
    return text[1:-1] if plain and text.startswith('"') and "\\" not in text else text


def subtree(item: FieldItem | None, look: FieldLook) -> str:
    """The JSON of a row and all below it; text and numbers as JSON has them too."""
    node = item.node if item is not None else None
    if item is None or node is None:
        return ""
    if look.hides(node) or node.kind in OPAQUE:
        return value(item, look)
    return write(node, frozenset(look.hidden()))
