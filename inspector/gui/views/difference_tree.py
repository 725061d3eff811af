"""The tree of a difference: whole rows, the change at the left, chevrons at the field's name."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QPainter
from PySide6.QtWidgets import QFrame, QStyle, QTreeView, QWidget

from inspector.gui.cells import CellDelegate, ground
from inspector.gui.columns import ColumnKeeper
from inspector.gui.fonts import px, row_height
from inspector.gui.icons import pixmap
from inspector.gui.models.difference_rows import DiffRow
from inspector.gui.models.differences import DIFFERENCE_COLUMNS, DifferencesModel
from inspector.gui.runs import CELL_ROLE, Cell
from inspector.gui.style import FlatHeader
from inspector.gui.theme import tokens_of
from inspector.session.story import Compared

Index = QModelIndex | QPersistentModelIndex
_FIELD: Final = 1
_STEP: Final = 16
_MOST: Final = 100  #: rows that are counted


class _Delegate(CellDelegate):
    def draws_bar(self, view: QWidget, index: Index) -> bool:
        return index.column() == 0

    def lead(self, index: Index) -> int:
        return 2 if index.column() == _FIELD else super().lead(index)


class DifferenceTree(QTreeView):
    """What differs. ``selected`` tells the :class:`DiffRow` the cursor is on."""

    selected = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = DifferencesModel(self)
        self.setAccessibleName("Differences")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformRowHeights(True)
        self.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QTreeView.SelectionBehavior.SelectRows)
        self.setHeader(FlatHeader(Qt.Orientation.Horizontal, self))
        self.header().setSectionsClickable(False)
        self.setItemDelegate(_Delegate(self))
        self.setIndentation(px(self, _STEP))
        self.columns = ColumnKeeper(self, DIFFERENCE_COLUMNS)
        self.setModel(self.rows)
        self.setTreePosition(_FIELD)
        self.columns.reset_widths()
        self.selectionModel().currentRowChanged.connect(lambda *_: self._tell())

    def show_rows(self, compared: Compared | None, root: DiffRow, *, everything: bool) -> None:
        """Show another difference, the cursor on the first row that differs."""
        self.rows.show(compared, root)
        if everything:
            for row in root.changes():
                self._open(row)
        first = next(root.changes(), None)
        if first is not None:
            self.go_to(first)
        else:
            self.selected.emit(None)

    def height_of_rows(self) -> int:
        """The height that shows the head and all rows that are open."""
        count, index = 1, self.rows.index(0, 0)
        while (index := self.indexBelow(index)).isValid() and count < _MOST:
            count += 1
        return self.header().sizeHint().height() + count * row_height(self) + 2

    def current(self) -> DiffRow | None:
        """The row the cursor is on."""
        index = self.currentIndex()
        return self.rows.row(index) if index.isValid() else None

    def step(self, by: int) -> bool:
        """Go to the next (1) or previous (-1) row that differs; False where there is none."""
        changes = list(self.rows.root.changes())
        row = self.current()
        while row is not None and row.entry is None and row.parent is not None and not row.below:
            row = row.parent
        at = changes.index(row) if row in changes else (-1 if by > 0 else len(changes))
        if not 0 <= at + by < len(changes):
            return False
        self.go_to(changes[at + by])
        return True

    def go_to(self, row: DiffRow) -> None:
        """Put the cursor on a row."""
        self._open(row)
        index = self.rows.index_of(row)
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.scrollTo(index)

    def _open(self, row: DiffRow) -> None:
        above = row.parent
        while above is not None and above.parent is not None:
            self.expand(self.rows.index_of(above))
            above = above.parent

    def _tell(self) -> None:
        self.selected.emit(self.current())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Turn the selection blue in all of the row."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Turn the selection grey in all of the row."""
        super().focusOutEvent(event)
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.setIndentation(px(self, _STEP))
            self.columns.reset_widths()

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Draw the row's ground left of the name, and a chevron where it opens."""
        assert isinstance(index, QModelIndex)
        tokens = tokens_of(self.palette())
        selected = self.selectionModel().isSelected(index)
        state = QStyle.StateFlag.State_Selected if selected else QStyle.StateFlag.State_None
        cell = index.data(CELL_ROLE)
        color = ground(tokens, self, state, cell.tint if isinstance(cell, Cell) else "")
        if color is not None:
            painter.fillRect(rect, color)
        if self.rows.hasChildren(index.siblingAtColumn(0)):
            ink = tokens.color("selected_text" if selected and self.hasFocus() else "text")
            edge = px(self, _STEP)
            name = "down" if self.isExpanded(index.siblingAtColumn(0)) else "right"
            corner = QPoint(rect.right() - edge + 1, rect.center().y() - edge // 2 + 1)
            painter.drawPixmap(corner, pixmap(name, ink, edge, self.devicePixelRatioF()))
