"""Reading a tree out of one value: JSON in a text, a message in unknown bytes."""

from __future__ import annotations

from inspector.decode.decoder import decode
from inspector.decode.document import read_document
from inspector.decode.node import Node, NodeKind
from inspector.errors import InspectorError
from inspector.gui.models.field_cells import Look, data_of
from inspector.gui.models.items import Graft, Item
from inspector.gui.models.reading import JSON_GRAFT, MESSAGE_GRAFT


def graft_of(item: Item, look: Look) -> Graft:
    """The tree of a row's value; for the worker.

    Raises:
        InspectorError: the text is no JSON.
    """
    node = item.node
    assert node is not None
    root = item.graft_root()
    above = root.graft.base if root is not None and root.graft is not None else 0
    if not isinstance(node.value, str):
        payload = data_of(item, look)[node.body : node.end]
        return Graft(MESSAGE_GRAFT, decode(payload, None), above + node.body if above >= 0 else -1)
    text = node.value.encode(errors="replace")
    tree = read_document(text)
    if tree.malformed:
        broken = _first_break(tree.root)
        raise InspectorError(f"This text is no JSON: it breaks off at byte {broken:,}.")
    exact = above >= 0 and data_of(item, look)[node.body : node.end] == text
    return Graft(JSON_GRAFT, tree, above + node.body if exact else -1)


def _first_break(root: Node) -> int:
    return next((one.start for one in root.children if one.kind == NodeKind.MALFORMED), 0)
