"""Which rows of a field tree are open and where its cursor is, for when a record comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex

from inspector.decode.node import Node, NodeKind
from inspector.decode.paths import label_step
from inspector.gui.fields.field_items import FieldItem, path_of, step_of
from inspector.gui.settings.file_state import OpenedFields
from inspector.session.summaries import Record

if TYPE_CHECKING:
    from inspector.gui.fields.field_tree import FieldTree

_ROWS: Final = 2000  #: open rows that are remembered
_DEPTH: Final = 64  #: levels of them
_INDEX: Final = re.compile(r"\[(\d+)\]")
_FOLLOWS: Final = (".", "[", " ", "")


def opened(tree: FieldTree) -> set[str]:
    """Paths of the rows that are open."""
    found: set[str] = set()
    stack = [(tree.fields.item(QModelIndex()), "")]
    while stack and len(found) < _ROWS:
        above, path = stack.pop()
        for item in above.made() or ():
            if item.depth <= _DEPTH and tree.isExpanded(tree.fields.index_of(item)):
                own = path + _step(item, path)
                found.add(own)
                stack.append((item, own))
    return found


def open_paths(tree: FieldTree, paths: set[str]) -> None:
    """Open the rows with these paths, as far as they are there."""
    stack = [(tree.fields.item(QModelIndex()), "")]
    while stack:
        above, path = stack.pop()
        for item in tree.fields.rows_below(above):
            own = path + _step(item, path)
            if own in paths and item.has_children():
                tree.expand(tree.fields.index_of(item))
                stack.append((item, own))


def find_path(tree: FieldTree, path: str) -> FieldItem | None:
    """The row of a path, None where the record does not have it."""
    record = tree.fields.tree
    if record is None or not path:
        return None
    way, rest = _way_at(record.root, path)
    item = tree.fields.item_of(way)
    if not rest:
        return item
    rows = tree.fields.rows_below(item)
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


class ExpandedRows:
    """What one tree had open, record by record, the one that was left last at the end."""

    def __init__(self, tree: FieldTree) -> None:
        self._tree = tree
        self._opened: dict[tuple[str, str], tuple[set[str], str]] = {}

    def keep(self, record: Record) -> None:
        """Remember how the tree shows a record."""
        item = self._tree.current()
        path = path_of(item) if item is not None else ""
        self._opened.pop((record.kind, record.id), None)
        self._opened[record.kind, record.id] = (self._tree.opened(), path)

    def reopen(self, record: Record) -> bool:
        """Show a record as it was left; False where the cursor cannot be put back.

        A record that was never left is opened as far as its first levels.
        """
        opened, path = self._opened.get((record.kind, record.id), (set(), ""))
        if opened:
            self._tree.open_paths(opened)
        else:
            self._tree.open_first()
        return self._tree.go_to(path)

    def fields(self) -> list[OpenedFields]:
        """All that is remembered, newest record last."""
        return [
            OpenedFields(kind, id_, cursor, tuple(sorted(paths)))
            for (kind, id_), (paths, cursor) in self._opened.items()
        ]

    def take(self, opened: Sequence[OpenedFields]) -> None:
        """Remember these too."""
        for one in opened:
            self._opened[one.kind, one.id] = (set(one.paths), one.cursor)
