"""Rows of a field tree by their paths: which are open, and where one is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QTreeView

from inspector.decode.node import Node, NodeKind
from inspector.decode.paths import label_step
from inspector.gui.fields.field_items import FieldItem, step_of
from inspector.gui.fields.fields_model import FieldsModel

_ROWS: Final = 2000  #: open rows that are remembered
_DEPTH: Final = 64  #: levels of them
_INDEX: Final = re.compile(r"\[(\d+)\]")
_FOLLOWS: Final = (".", "[", " ", "")


def opened(tree: QTreeView, fields: FieldsModel) -> set[str]:
    """Paths of the rows that are open."""
    found: set[str] = set()
    stack = [(fields.item(QModelIndex()), "")]
    while stack and len(found) < _ROWS:
        above, path = stack.pop()
        for item in above.made() or ():
            if item.depth <= _DEPTH and tree.isExpanded(fields.index_of(item)):
                own = path + _step(item, path)
                found.add(own)
                stack.append((item, own))
    return found


def open_paths(tree: QTreeView, fields: FieldsModel, paths: set[str]) -> None:
    """Open the rows with these paths, as far as they are there."""
    stack = [(fields.item(QModelIndex()), "")]
    while stack:
        above, path = stack.pop()
        for item in fields.rows_below(above):
            own = path + _step(item, path)
            if own in paths and item.has_children():
                tree.expand(fields.index_of(item))
                stack.append((item, own))


def find_path(fields: FieldsModel, path: str) -> FieldItem | None:
    """The row of a path, None where the record does not have it."""
    record = fields.tree
    if record is None or not path:
        return None
    way, rest = _way_at(record.root, path)
    item = fields.item_of(way)
    if not rest:
        return item
    rows = fields.rows_below(item)
    if len(rows) > _ROWS:
        return None
    return next(
        (row for row in rows if row.node is None and _step(row, "x" * len(way)) == rest), None
    )


def _step(item: FieldItem, path: str) -> str:
    if item.span is not None:
        return f"[{item.span[0]}:{item.span[1]}]"
    step = step_of(item)
    return step if path else step.removeprefix(".")


def _way_at(root: Node, path: str) -> tuple[list[int], str]:
    """The way along a path as far as it goes, and what is left of the path."""
    way: list[int] = []
    node, at = root, 0
    while at < len(path):
        index, size = _child(node, path, at)
        if index < 0:
            break
        way.append(index)
        node, at = node.children[index], at + size
    return way, path[at:]


def _child(node: Node, path: str, at: int) -> tuple[int, int]:
    """The child whose step stands at a place of a path, and the length of the step."""
    if node.kind in (NodeKind.LIST, NodeKind.ARRAY):
        found = _INDEX.match(path, at)
        index = int(found[1]) if found is not None else -1
        fits = found is not None and index < len(node.children)
        return (index, found.end() - at) if found is not None and fits else (-1, 0)
    for index, step in enumerate(_steps(node)):
        own = step if at else step.removeprefix(".")
        end = at + len(own)
        if own and path.startswith(own, at) and path[end : end + 1] in _FOLLOWS:
            return index, len(own)
    return -1, 0


def _steps(node: Node) -> Iterator[str]:
    seen: dict[int, int] = {}
    for child in node.children:
        if child.kind == NodeKind.UNKNOWN:
            repeat = seen.get(child.number, 0)
            seen[child.number] = repeat + 1
            yield f".<{child.number}>" + (f"[{repeat}]" if repeat else "")
        elif child.kind > NodeKind.UNKNOWN:
            yield ""
        elif child.label is not None:
            yield label_step(child)
        else:
            yield f".{child.field.name}" if child.field is not None else ""
