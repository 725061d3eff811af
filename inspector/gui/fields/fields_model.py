"""The field tree of one record: a model over the decoded tree that owns its rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex

from inspector.decode.field_runs import kept_node
from inspector.decode.node import NodeKind, Tree
from inspector.decode.paths import walk_kept
from inspector.gui.cells.columns import Column
from inspector.gui.cells.tree_model import TreeModel
from inspector.gui.cells.value_cells import OPAQUE
from inspector.gui.fields.field_cells import (
    FieldLook,
    field_tip,
    name_cell,
    number_cell,
    since_cell,
    since_tip,
    speech_of,
    type_cell,
    value_cell,
    value_tip,
)
from inspector.gui.fields.field_items import CHUNK, FieldItem, Graft
from inspector.gui.fields.field_marks import FieldMarks
from inspector.gui.style.text_runs import EMPTY, Cell
from inspector.gui.style.time_format import TimeStyle
from inspector.schema.types import MessageType
from inspector.session.history_queries import Blamed
from inspector.session.record_links import Link
from inspector.session.summaries import Record

Index = QModelIndex | QPersistentModelIndex

FIELD_COLUMNS: Final = (
    Column("name", "Name", 176, narrow=104, after=2),
    Column("value", "Value", 200, stretch=True),
    Column("since", "Last changed", 232, drop=3, off=True, narrow=112),
    Column("type", "Type", 160, drop=2),
    Column("number", "No.", 44, right=True, drop=1),
)
KEYS: Final = tuple(column.key for column in FIELD_COLUMNS)
_DEEP: Final = 4  #: levels that are indented whatever the width; below them a level may be written
NAME: Final = KEYS.index("name")


class FieldsModel(TreeModel[FieldItem]):
    """Rows of :class:`FieldItem`; every index points at an item that the model keeps alive."""

    columns = FIELD_COLUMNS

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tree: Tree | None = None
        self._root = FieldItem(None, None, 0)
        self._unset = False
        self._release = 0
        self.look = FieldLook()

    @property
    def tree(self) -> Tree | None:
        """The decoded record."""
        return self._tree

    def show(self, record: Record | None) -> None:
        """Show the fields of a record, its secrets covered again."""
        self.beginResetModel()
        self._tree = record.tree if record is not None else None
        node = self._tree.root if self._tree is not None else None
        self._forget()
        self._root = FieldItem(node, None, 0)
        self.look = FieldLook(
            self._tree.data if self._tree is not None else b"",
            record.covered if record is not None else frozenset(),
            set(),
            self.look.all_revealed,
            self.look.times,
            record is not None and record.json_store,
            doubts=record.doubts if record is not None else {},
        )
        choice = record.choice if record is not None else None
        self._release = 1 << choice.release if choice is not None and choice.merged else 0
        self.endResetModel()

    def set_unset(self, on: bool) -> None:
        """Show or hide the fields that have no value."""
        self.beginResetModel()
        self._unset = on
        self._forget()
        self.endResetModel()

    def set_times(self, style: TimeStyle) -> None:
        """Write times in another way."""
        self.look.times = style
        self.repaint()

    def set_links(self, links: Sequence[Link]) -> None:
        """Say which values name other records; they may come after the record."""
        self.look.links = {id(link.reference.place.node): link for link in links}
        self.repaint()

    def set_found(self, found: tuple[re.Pattern[str], frozenset[int]] | None) -> None:
        """Let what was sought stand out, in the nodes with these ``id()``."""
        if found is not self.look.found:
            self.look.found = found
            self.repaint()

    def mark(self, index: Index) -> re.Pattern[str] | None:
        """What of a cell is to stand out."""
        return self.look.mark(self.item(index), KEYS[index.column()])

    def set_marks(self, marks: FieldMarks | None) -> None:
        """Mark what has changed since the record was looked at; None for nothing."""
        if marks is not self.look.marks:
            self.look.marks = marks
            self.repaint()

    def set_blamed(self, blamed: Blamed | None) -> None:
        """Say since when values are what they are."""
        self.look.blamed = blamed
        self.repaint()

    def reveal_all(self, on: bool) -> None:
        """Show or cover every secret."""
        self.layoutAboutToBeChanged.emit()
        self.look.all_revealed = on
        self.look.revealed.clear()
        self.layoutChanged.emit()

    def toggle(self, item: FieldItem) -> bool:
        """Show a covered value, or cover one that was shown; False where nothing is covered."""
        node = item.node
        if node is None or self.look.all_revealed or not self.look.can_hide(node):
            return False
        above = item.value_parent()
        if above is not None and above.node is not None:
            kept_node(above.node.children, node)
        if not item.has_children():
            self.look.revealed.symmetric_difference_update((id(node),))
            self.repaint()
            return True
        self.layoutAboutToBeChanged.emit()
        self.look.revealed.symmetric_difference_update((id(node),))
        self.layoutChanged.emit()
        return True

    def graft(self, item: FieldItem, graft: Graft) -> QModelIndex:
        """Show a tree that was read out of a value below its row; the index of its root."""
        above = self.index_of(item)
        row = len(self.rows_below(item))
        if item.node is not None and item.node.kind in OPAQUE:
            # It is made of the very bytes that were uncovered.
            self.look.revealed.update(id(one.node) for one in walk_kept(graft.tree.root))
        self.beginInsertRows(above, row, row)
        item.add_graft(graft)
        self.endInsertRows()
        return self.index(row, 0, above)

    def item_of(self, way: Iterable[int]) -> FieldItem:
        """The row of the value at the end of a way, or the last one above it that has a row."""
        item = self._root
        for index in way:
            below = self._row_at(self.rows_below(item), index)
            if below is None:
                break
            item = below
        return item

    def _row_at(self, rows: list[FieldItem], index: int) -> FieldItem | None:
        if rows and rows[0].span is not None:
            rows = self.rows_below(rows[min(index // CHUNK, len(rows) - 1)])
            index -= rows[0].index if rows else 0
            return rows[index] if index < len(rows) else None
        if index < len(rows) and rows[index].index == index:
            return rows[index]
        return next((row for row in rows if row.index == index), None)

    def repaint(self) -> None:
        """Tell that rows read differently; their number stays."""
        for parent in self._made():
            rows = parent.made()
            if rows:
                index = self.index_of(parent)
                last = self.index(len(rows) - 1, len(KEYS) - 1, index)
                self.dataChanged.emit(self.index(0, 0, index), last)

    def item(self, index: Index) -> FieldItem:
        """The item of an index; the root for an invalid one."""
        return self.row_of(index) or self._root

    def index_of(self, row: FieldItem | None, column: int = 0) -> QModelIndex:
        """The index of an item; none for the root."""
        return super().index_of(row if row is not self._root else None, column)

    def below(self, row: FieldItem | None) -> Sequence[FieldItem]:
        """The rows below an item: all of them at once."""
        return self.rows_below(row or self._root)

    def above(self, row: FieldItem) -> FieldItem | None:
        """The row above an item."""
        return row.parent if row.parent is not self._root else None

    def has_below(self, row: FieldItem | None) -> bool:
        """Whether an item can be opened; does not make the rows below it."""
        item = row or self._root
        return item.has_children() and not self._is_closed(item)

    def rows_below(self, item: FieldItem) -> list[FieldItem]:
        """The rows below an item."""
        if self._is_closed(item):
            return []
        return item.children(self._type_of(item) if self._unset else None, self._release)

    def _is_closed(self, item: FieldItem) -> bool:
        """Whether what lies below a row is covered with it; parts of unknown groups are by part."""
        node = item.node
        if node is None or not self.look.hides(node):
            return False
        return node.kind not in OPAQUE or not node.children

    def _type_of(self, item: FieldItem) -> MessageType | None:
        if item is self._root:
            return self._tree.type if self._tree is not None else None
        node = item.node
        if node is None or node.kind != NodeKind.MESSAGE or not item.has_children():
            return None
        return node.message_type

    def _forget(self) -> None:
        """Let go of all rows: each knows the one above, so nothing else would free them soon."""
        for item in list(self._made()):
            item.forget()

    def _made(self) -> Iterator[FieldItem]:
        stack = [self._root]
        while stack:
            item = stack.pop()
            yield item
            stack.extend(item.made() or ())

    def spoken(self, row: FieldItem) -> str:
        """A field in words."""
        return speech_of(row, self.look)

    def tip(self, row: FieldItem, key: str) -> str | None:
        """What a cell has no room for."""
        if key == "name" and row.depth >= _DEEP:
            level = f"{row.depth:,}"
            return f"{self.cell(row, key).text}\nLevel {level} of the record (L{level})"
        if key == "since":
            return since_tip(row, self.look.blamed)
        if key == "value":
            return value_tip(row, self.look)
        return field_tip(row, self.look) if key in ("name", "type") else None

    def cell(self, row: FieldItem, key: str) -> Cell:
        """A cell of a field."""
        cell = self._plain_cell(row, key)
        tint = self.look.marks.tint(row) if self.look.marks is not None else ""
        return Cell(cell.runs, cell.right, tint) if tint else cell

    def _plain_cell(self, row: FieldItem, key: str) -> Cell:
        if key == "name":
            return name_cell(row, self.look)
        if key == "value":
            return value_cell(row, self.look)
        if key == "since":
            return since_cell(row, self.look.blamed)
        if key == "type":
            return type_cell(row)
        return number_cell(row) if key == "number" else EMPTY
