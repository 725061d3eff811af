"""The table all lists are made of: flat, whole rows, fixed height, columns that give way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QFocusEvent, QHoverEvent, QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QTableView,
    QWidget,
)

from inspector.gui.cells.cell_delegate import HEIGHT, CellDelegate, TwoLineDelegate
from inspector.gui.cells.columns import Column, ColumnKeeper
from inspector.gui.style.fonts import px, row_height
from inspector.gui.style.fusion_style import FlatHeader
from inspector.gui.widgets.scroll_bars import slim

_Action: Final = QAbstractItemView.CursorAction
_Select: Final = QItemSelectionModel.SelectionFlag
_ENDS: Final = tuple(
    (key, Qt.KeyboardModifier.ControlModifier) for key in (Qt.Key.Key_Home, Qt.Key.Key_End)
)
_CLICK: Final = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease)


class TableView(QTableView):
    """A list of rows made of cells."""

    def __init__(self, columns: Sequence[Column], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # As Qt's own, which the bindings do not know: to name its type they make the classes of all
        # widgets there are.
        viewport = QWidget(self)
        viewport.setObjectName("qt_scrollarea_viewport")
        viewport.setBackgroundRole(QPalette.ColorRole.Base)
        viewport.setAutoFillBackground(True)
        self.setViewport(viewport)
        self._hovered_row = -1
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalHeader(FlatHeader(Qt.Orientation.Horizontal, self))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().hide()
        self.setItemDelegate(CellDelegate(self))
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        slim(self)
        self.columns = ColumnKeeper(self, columns)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Show a model, whose columns are those the table was made with."""
        super().setModel(model)
        self.columns.reset_widths()

    def setItemDelegate(self, delegate: QAbstractItemDelegate) -> None:
        """Paint the rows in another way, each as high as that takes."""
        super().setItemDelegate(delegate)
        self.fit_rows()

    def current_row(self) -> int:
        """The row the cursor is on, or -1."""
        return self.currentIndex().row()

    def selected_rows(self) -> list[range]:
        """The rows that are chosen, in the order of the list; cheap however many they are."""
        ranges = sorted(
            (one.top(), one.bottom() + 1) for one in self.selectionModel().selection().toList()
        )
        found: list[range] = []
        for first, end in ranges:
            if found and first <= found[-1].stop:
                found[-1] = range(found[-1].start, max(end, found[-1].stop))
            else:
                found.append(range(first, end))
        return found

    def is_hovered(self, index: QModelIndex | QPersistentModelIndex) -> bool:
        """Whether the pointer is on the row of an index: Qt itself knows only the cell."""
        return index.row() == self._hovered_row

    def first_row(self) -> int:
        """The row that the list begins with."""
        return 0

    def entered_row(self) -> int:
        """The row that is selected when the list is entered and none is; -1 for none."""
        return self.first_row()

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Home and End go to the first and the last row that can be selected.

        Qt has them go to columns of one row, which is of use where the list scrolls sideways only.
        """
        sideways = self.horizontalScrollBarPolicy() != Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if sideways or action not in (_Action.MoveHome, _Action.MoveEnd):
            return super().moveCursor(action, modifiers)
        rows = range(self.model().rowCount())
        found = filter(self._is_selectable, rows if action == _Action.MoveHome else reversed(rows))
        return self.model().index(next(found, -1), max(0, self.currentIndex().column()))

    def selectionCommand(
        self, index: QModelIndex | QPersistentModelIndex, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        """A click below the last row leaves what is selected; Ctrl+Home and Ctrl+End select.

        Qt lets them move the cursor alone where several rows can be selected: one row would be
        shown, and another one copied.
        """
        if event is not None and event.type() in _CLICK and not index.isValid():
            return QItemSelectionModel.SelectionFlag.NoUpdate
        if isinstance(event, QKeyEvent) and (event.key(), event.modifiers()) in _ENDS:
            return _Select.ClearAndSelect | _Select.Rows
        return super().selectionCommand(index, event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Entering a list in which nothing is selected selects its first row."""
        super().focusInEvent(event)
        model = self.model()
        if model is not None and model.rowCount() and not self.selectionModel().hasSelection():
            row = self.current_row()
            row = row if self._is_selectable(row) else self.entered_row()
            if row >= 0:
                self.selectRow(row)
        self.viewport().update()

    def _is_selectable(self, row: int) -> bool:
        index = self.model().index(row, 0)
        return index.isValid() and bool(index.flags() & Qt.ItemFlag.ItemIsSelectable)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Turn the selection grey in all of the row."""
        super().focusOutEvent(event)
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        """Follow the width, and the pointer row by row."""
        if event.type() == QEvent.Type.Resize:
            self.columns.arrange()  # before the view lays itself out in the new width
        row = self._hovered_row
        if isinstance(event, QHoverEvent):
            row = self.rowAt(event.position().toPoint().y())
        if event.type() in (QEvent.Type.HoverLeave, QEvent.Type.Leave):
            row = -1
        if row != self._hovered_row:
            self._hovered_row = row
            self.viewport().update()
        return super().viewportEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.fit_rows()
            self.columns.reset_widths()

    def fit_rows(self) -> None:
        """Make every row as high as the one or two lines that are painted in it."""
        self.verticalHeader().setMinimumSectionSize(1)
        two_lines = isinstance(self.itemDelegate(), TwoLineDelegate)
        height = px(self, HEIGHT) if two_lines else row_height(self)
        self.verticalHeader().setDefaultSectionSize(height)
