"""Strips of the bars' ground with a line where they end: heads, facts, tabs."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from inspector.gui.style.fonts import px
from inspector.gui.style.theme import tokens_of


class Bar(QWidget):
    """A row of controls.

    Args:
        height: at least, for a 13 px font.
        left: margin at its left, for a 13 px font.
        right: margin at its right.
        line: whether a line is drawn at its lower edge.
        ground: the token of its ground.
    """

    def __init__(
        self,
        height: int,
        *,
        left: int = 8,
        right: int = 8,
        line: bool = False,
        ground: str = "bars",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._height = height
        self._line = line
        self._ground = ground
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(px(self, left), 0, px(self, right), 0)
        self.row.setSpacing(px(self, 4))
        self._fit()

    def _fit(self) -> None:
        self.setMinimumHeight(max(self._height, px(self, self._height)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground and line."""
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.fillRect(self.rect(), tokens.color(self._ground))
        if self._line:
            painter.fillRect(0, self.height() - 1, self.width(), 1, tokens.color("line"))
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()
