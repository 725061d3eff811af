"""Splitters whose handle is a line of one pixel; Qt widens the area to grab by itself."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSplitter, QSplitterHandle, QWidget

from inspector.gui.theme import tokens_of


class _Handle(QSplitterHandle):
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), tokens_of(self.palette()).color("line"))
        painter.end()


class LineSplitter(QSplitter):
    """Panes with a line between them; none can be dragged away."""

    def __init__(self, orientation: Qt.Orientation, parent: QWidget | None = None) -> None:
        super().__init__(orientation, parent)
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)

    def createHandle(self) -> QSplitterHandle:
        """A handle that is a line."""
        return _Handle(self.orientation(), self)
