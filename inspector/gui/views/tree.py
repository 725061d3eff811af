"""The field tree: whole rows, chevrons of the icon set, the path of the focus kept in grey."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QHoverEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QFrame, QStyle, QTreeView, QWidget

from inspector.gui.cells import CellDelegate, ground, paint_bar
from inspector.gui.columns import ColumnKeeper
from inspector.gui.fonts import px
from inspector.gui.icons import pixmap
from inspector.gui.models.fields import FIELD_COLUMNS, FieldsModel
from inspector.gui.models.items import Item, path_of
from inspector.gui.style import FlatHeader
from inspector.gui.theme import tokens_of

Index = QModelIndex | QPersistentModelIndex
_VALUE = [column.key for column in FIELD_COLUMNS].index("value")
_STEP = 16  #: indentation of a level
_OPEN_AT_FIRST = ("spec", "status")
_MANY = 100  #: a message with more rows than this is not opened by itself


class _TreeDelegate(CellDelegate):
    def draws_bar(self, view: QWidget, index: Index) -> bool:
        return False

    def lead(self, index: Index) -> int:
        return 2 if index.column() == 0 else super().lead(index)


class FieldTree(QTreeView):
    """The fields of a record. ``selected`` tells the :class:`Item` the cursor is on, or None.

    ``pressed_value`` tells a click on the value of the row the cursor is on.
    """

    selected = Signal(object)
    pressed_value = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields = FieldsModel(self)
        self._hovered: Item | None = None
        self.setAccessibleName("Fields")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformRowHeights(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHeader(FlatHeader(Qt.Orientation.Horizontal, self))
        self.header().setSectionsClickable(False)
        self.setItemDelegate(_TreeDelegate(self))
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setIndentation(px(self, _STEP))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.columns = ColumnKeeper(self, FIELD_COLUMNS)
        self.setModel(self.fields)
        self.clicked.connect(self._click)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Show the fields of a model."""
        super().setModel(model)
        self.columns.reset_widths()
        self.selectionModel().currentRowChanged.connect(self._tell)

    def current(self) -> Item | None:
        """The item the cursor is on."""
        index = self.currentIndex()
        return self.fields.item(index) if index.isValid() else None

    def open_first(self) -> None:
        """Open what most people look at first."""
        for item in self.fields.rows_below(self.fields.item(QModelIndex())):
            named = item.field is not None and item.field.name in _OPEN_AT_FIRST
            if named and item.node is not None and len(item.node.children) <= _MANY:
                self.expand(self.fields.index_of(item))

    def opened(self) -> set[str]:
        """Paths of the rows that are open."""
        return {path_of(item) for item in self._open_items()}

    def open_paths(self, paths: set[str]) -> None:
        """Open the rows with these paths, as far as they are there."""
        stack = [self.fields.item(QModelIndex())]
        while stack:
            for item in self.fields.rows_below(stack.pop()):
                if item.has_children() and path_of(item) in paths:
                    self.expand(self.fields.index_of(item))
                    stack.append(item)

    def set_unset(self, on: bool) -> None:
        """Show or hide unset fields; what was open stays open."""
        paths, item = self.opened(), self.current()
        path = path_of(item) if item is not None else ""
        self.fields.set_unset(on)
        self.open_paths(paths)
        self.go_to(path)

    def go_to(self, path: str) -> bool:
        """Put the cursor on the row with a path, if it is among the rows made so far."""
        stack = [self.fields.item(QModelIndex())]
        while path and stack:
            for item in stack.pop().made() or ():
                if path_of(item) == path:
                    self.setCurrentIndex(self.fields.index_of(item))
                    return True
                stack.append(item)
        return False

    def _open_items(self) -> list[Item]:
        found: list[Item] = []
        stack = [self.fields.item(QModelIndex())]
        while stack:
            for item in stack.pop().made() or ():
                if self.isExpanded(self.fields.index_of(item)):
                    found.append(item)
                    stack.append(item)
        return found

    def show_types(self, on: bool) -> None:
        """Show or hide types and numbers."""
        for key in ("type", "number"):
            self.columns.switch(key, on)

    def is_hovered(self, index: Index) -> bool:
        """Whether the pointer is on the row of an index."""
        return self._hovered is not None and self._hovered is self.fields.item(index)

    def _click(self, index: QModelIndex) -> None:
        if index.column() == _VALUE:
            self.pressed_value.emit()

    def _tell(self) -> None:
        self.selected.emit(self.current())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is told as ``activated``; the rest is Qt's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.activated.emit(self.currentIndex())
            event.accept()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Entering a tree in which nothing is selected selects its first row."""
        super().focusInEvent(event)
        if self.fields.rowCount() and not self.selectionModel().hasSelection():
            self.setCurrentIndex(QModelIndex())
            self.setCurrentIndex(self.fields.index(0, 0))
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Turn the selection grey in all of the row."""
        super().focusOutEvent(event)
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        """Follow the pointer row by row."""
        over = self._hovered
        if isinstance(event, QHoverEvent):
            index = self.indexAt(event.position().toPoint())
            over = self.fields.item(index) if index.isValid() else None
        if event.type() in (QEvent.Type.HoverLeave, QEvent.Type.Leave):
            over = None
        if over is not self._hovered:
            self._hovered = over
            self.viewport().update()
        return super().viewportEvent(event)

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Draw the row's ground left of the name, its bar, and a chevron where it opens."""
        assert isinstance(index, QModelIndex)
        tokens = tokens_of(self.palette())
        state = QStyle.StateFlag.State_None
        selected = self.selectionModel().isSelected(index)
        if selected:
            state |= QStyle.StateFlag.State_Selected
        if self.is_hovered(index):
            state |= QStyle.StateFlag.State_MouseOver
        color = ground(tokens, self, state, "")
        if color is not None:
            painter.fillRect(rect, color)
        if selected:
            paint_bar(painter, rect, tokens, self)
        if self.fields.hasChildren(index):
            lit = selected and self.hasFocus()
            ink = tokens.color("selected_text" if lit else "text")
            edge = px(self, 16)
            name = "down" if self.isExpanded(index) else "right"
            corner = QPoint(rect.right() - edge + 1, rect.center().y() - edge // 2 + 1)
            painter.drawPixmap(corner, pixmap(name, ink, edge, self.devicePixelRatioF()))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.setIndentation(px(self, _STEP))
            self.columns.reset_widths()
