"""Splitters whose handle is a line of one pixel; Qt widens the area to grab by itself."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QSplitterHandle, QWidget

from inspector.gui.style.theme import fill, tokens_of


class _Handle(QSplitterHandle):
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill(painter, self.rect(), tokens_of(self.palette()).color("line"))
        painter.end()


class LineSplitter(QSplitter):
    """Panes with a line between them; none can be dragged away.

    Args:
        orientation: whether the panes stand beside or below each other.
        name: what is divided, for those who hear it.
    """

    def __init__(
        self, orientation: Qt.Orientation, parent: QWidget | None = None, *, name: str
    ) -> None:
        super().__init__(orientation, parent)
        self._name = name
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        self.setAccessibleName(name)

    def createHandle(self) -> QSplitterHandle:
        """A handle that is a line."""
        handle = _Handle(self.orientation(), self)
        handle.setAccessibleName(f"Divider: {self._name}")
        return handle

    def keep_order(self) -> None:
        """Have the panes read and entered in the order they are seen in; Qt puts the last first."""
        for place in range(self.count()):
            if (pane := self.widget(place)) is not None:
                pane.raise_()
        # What is grabbed lies over the edges of the panes.
        for place in range(self.count()):
            if (handle := self.handle(place)) is not None:
                handle.raise_()

    def showEvent(self, event: QShowEvent) -> None:
        """Put the panes into their order."""
        super().showEvent(event)
        self.keep_order()
