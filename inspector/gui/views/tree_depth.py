"""Deep records: how far rows are indented, and from which level on they are shown.

Qt lays open rows out by recursion and indents without end. So a tree shows at most
:data:`LEVELS` levels at a time, from a row that takes the place of the root; and rows that would be
indented out of their column stand at its last place, with their level before them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex

from inspector.gui.fonts import px
from inspector.gui.models.items import Item

if TYPE_CHECKING:
    from inspector.gui.views.tree import FieldTree

LEVELS: Final = 500
_ROOM: Final = 104  #: of the name column that is left for names, for a 13 px font
_BELOW: Final = 2000  #: rows that are opened at once


def shift(tree: FieldTree, item: Item) -> int:
    """How many pixels a row stands left of where Qt would put it."""
    own = tree.indentation() * level(tree, item)
    most = max(4 * tree.indentation(), tree.columnWidth(0) - px(tree, _ROOM))
    return max(0, own - most)


def level(tree: FieldTree, item: Item) -> int:
    """The level of a row below the row that the tree shows as its root; 1 is the first."""
    return item.depth - tree.fields.item(tree.rootIndex()).depth


def root_for(tree: FieldTree, item: Item) -> Item:
    """The row to be shown as the root so that a row is in reach: the present one if it can be."""
    now = tree.fields.item(tree.rootIndex())
    wanted = ((item.depth - 1) // LEVELS) * LEVELS
    near = 0 < item.depth - now.depth <= LEVELS
    here: Item = item
    found = now
    while here.parent is not None:
        here = here.parent
        if here is now and near:
            return now
        if here.depth == wanted:
            found = here
    return found


def open_way(tree: FieldTree, item: Item) -> None:
    """Open every row above a row, the uppermost first, so that nothing is laid out in depth."""
    root = tree.fields.item(tree.rootIndex())
    above: list[Item] = []
    here = item.parent
    while here is not None and here is not root:
        above.append(here)
        here = here.parent
    for one in reversed(above):
        tree.expand(tree.fields.index_of(one))


def open_below(tree: FieldTree, top: Item) -> bool:
    """Open a row and all below it, level by level; False where that was cut.

    At most :data:`_BELOW` rows come into sight, and no more levels than can be shown.
    """
    queue, rows = [top], 0
    for item in queue:
        below = tree.fields.rows_below(item) if item.has_children() else []
        if not below:
            continue
        rows += len(below)
        if (rows > _BELOW and item is not top) or level(tree, item) >= LEVELS:
            return False
        tree.expand(tree.fields.index_of(item))
        queue.extend(child for child in below if child.has_children())
    return True


def show_from(tree: FieldTree, item: Item) -> None:
    """Show the tree from a row on; what was shown is closed, so that it is not laid out again."""
    before = tree.fields.item(tree.rootIndex())
    if before is item:
        return
    if before.parent is not None:
        tree.collapse(tree.fields.index_of(before))
    index = tree.fields.index_of(item) if item.parent is not None else QModelIndex()
    tree.setRootIndex(index)
