"""Strips of the bars' ground with a line where they end: heads, facts, tabs."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

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


class OverflowBar(Bar):
    """A row below a head for what stands at the head's right end where that has room for it.

    Hidden while everything stands in the head.

    Args:
        head: what the controls stand in as long as they have room there.
        height: at least, for a 13 px font.
    """

    def __init__(self, head: Bar, height: int) -> None:
        super().__init__(height, line=True)
        self._head = head
        self._controls = QWidget()
        self._within = QHBoxLayout(self._controls)
        self._within.setContentsMargins(0, 0, 0, 0)
        self._within.setSpacing(px(self, 4))
        self.row.addStretch()
        self.hide()
        head.row.addWidget(self._controls)

    def add(self, control: QWidget) -> None:
        """Put a control behind those there are."""
        self._within.addWidget(control)

    def fit(self, room: int) -> None:
        """Put the controls where they have room; the one with the focus keeps it.

        Args:
            room: pixels that the head has for them.
        """
        below = room < self._controls.sizeHint().width()
        if below != self.isHidden():
            return
        focus = QApplication.focusWidget()
        held = focus if focus is not None and self._controls.isAncestorOf(focus) else None
        if below:
            self.row.insertWidget(0, self._controls)
        else:
            self._head.row.addWidget(self._controls)
        self.setVisible(below)
        if held is not None:
            held.setFocus()
