"""A boxed list of files, two lines each."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from inspector.gui.cells.table_view import TableView
from inspector.gui.cells.two_line_delegate import HEIGHT, TwoLineDelegate
from inspector.gui.start.stores_model import PLACE_COLUMNS, StoreFile, StoresModel
from inspector.gui.style.fonts import px
from inspector.gui.style.theme import tokens_of


class StoresList(TableView):
    """The list. ``wanted`` tells the path of a file to open, ``unwanted`` one to forget.

    ``left`` tells that the cursor wants to go beyond the first (-1) or the last row (1).
    """

    wanted = Signal(str)
    unwanted = Signal(str)
    left = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(PLACE_COLUMNS, parent)
        self.places = StoresModel(self)
        self.setModel(self.places)
        self.setItemDelegate(TwoLineDelegate(self))
        self.setAccessibleName(name)
        self.horizontalHeader().hide()
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.activated.connect(self._want)
        self.places.modelReset.connect(self._fit)
        self._fit()

    def current(self) -> StoreFile | None:
        """The file the cursor is on."""
        return self.places.place(self.current_row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Delete forgets, the arrows leave at the ends."""
        key, row, last = event.key(), self.current_row(), self.places.rowCount() - 1
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._want()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.forget()
        elif (key == Qt.Key.Key_Down and row == last) or (key == Qt.Key.Key_Up and row <= 0):
            self.left.emit(1 if key == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def forget(self) -> None:
        """Take the file the cursor is on off the list, where the list allows it."""
        place = self.current()
        if place is not None:
            self.unwanted.emit(place.path)

    def _want(self) -> None:
        place = self.current()
        if place is not None:
            self.wanted.emit(place.path)

    def _fit(self) -> None:
        height = px(self, HEIGHT)
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(height)
        rows = self.model().rowCount() if self.model() is not None else 0
        self.setFixedHeight(height * rows)


class BoxedList(QWidget):
    """A line around a list."""

    def __init__(self, view: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(view)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line."""
        painter = QPainter(self)
        painter.setPen(tokens_of(self.palette()).color("line"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
