"""What all trees have in common: columns as data, whole rows, chevrons of the icon set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFocusEvent, QPainter
from PySide6.QtWidgets import QFrame, QStyle, QTreeView, QWidget

from inspector.gui.cells.cell_delegate import ground, paint_bar
from inspector.gui.cells.columns import Column, ColumnKeeper
from inspector.gui.style.fonts import px
from inspector.gui.style.fusion_style import FlatHeader
from inspector.gui.style.icons import pixmap
from inspector.gui.style.theme import tokens_of
from inspector.gui.widgets.scroll_bars import slim

Index = QModelIndex | QPersistentModelIndex
_State = QStyle.StateFlag
_STEP: Final = 16  #: indentation of a level, and the edge of a chevron


class TreeView(QTreeView):
    """A tree of rows of one height; the caller sets its model and its delegate."""

    def __init__(
        self,
        columns: Sequence[Column],
        header: type[FlatHeader] = FlatHeader,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setHeader(header(Qt.Orientation.Horizontal, self))
        self.header().setSectionsClickable(False)
        self.columns = ColumnKeeper(self, columns)
        self.setFrameShape(QFrame.Shape.NoFrame)
        slim(self)
        self.setUniformRowHeights(True)
        self.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QTreeView.SelectionBehavior.SelectRows)
        self.setIndentation(px(self, _STEP))

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

    def viewportEvent(self, event: QEvent) -> bool:
        """Follow the width."""
        if event.type() == QEvent.Type.Resize:
            self.columns.arrange()  # before the view lays itself out in the new width
        return super().viewportEvent(event)

    def state_of(self, index: Index) -> QStyle.StateFlag:
        """How the row of an index stands out."""
        selected = isinstance(index, QModelIndex) and self.selectionModel().isSelected(index)
        return QStyle.StateFlag.State_Selected if selected else QStyle.StateFlag.State_None

    def ink_of(self, index: Index, *, dim: bool = False) -> QColor:
        """The colour of what is drawn on a row."""
        lit = self.hasFocus() and bool(self.state_of(index) & QStyle.StateFlag.State_Selected)
        names = ("selected_dim", "dim") if dim else ("selected_text", "text")
        return tokens_of(self.palette()).color(names[0] if lit else names[1])

    def paint_ground(
        self, painter: QPainter, rect: QRect, index: Index, tint: str = "", *, bar: bool
    ) -> None:
        """Draw the row's ground left of its words, and its bar where it is selected."""
        tokens, state = tokens_of(self.palette()), self.state_of(index)
        selected, hovered = (
            bool(state & _State.State_Selected),
            bool(state & _State.State_MouseOver),
        )
        color = ground(tokens, self, tint, selected=selected, hovered=hovered)
        if color is not None:
            painter.fillRect(rect, color)
        if bar and selected:
            paint_bar(painter, rect, tokens, self)

    def paint_chevron(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Draw a chevron at the right of a rectangle where the row opens."""
        assert isinstance(index, QModelIndex)
        first = index.siblingAtColumn(0)
        if not self.model().hasChildren(first):
            return
        edge = px(self, _STEP)
        name = "down" if self.isExpanded(first) else "right"
        corner = QPoint(rect.right() - edge + 1, rect.center().y() - edge // 2 + 1)
        ink = self.ink_of(index)
        painter.drawPixmap(corner, pixmap(name, ink, edge, self.devicePixelRatioF()))
