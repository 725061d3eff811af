"""Strips of the bars' ground with a line where they end: heads, facts, tabs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QEvent, QRect
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from inspector.gui.style.fonts import px
from inspector.gui.style.theme import fill, tokens_of

_GAP: Final = 4  #: between controls, for a 13 px font


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
        self.row.setSpacing(px(self, _GAP))
        self._fit()

    def _fit(self) -> None:
        self.setMinimumHeight(max(self._height, px(self, self._height)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground and line."""
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        fill(painter, self.rect(), tokens.color(self._ground))
        if self._line:
            line = QRect(0, self.height() - 1, self.width(), 1)
            fill(painter, line, tokens.color("line"))
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()


class OverflowBar(Bar):
    """A row below a head for what stands at the head's right end where that has room for it.

    Hidden while everything stands in the head. Where one line below it is too short for all of
    them the controls take several, so that no word of theirs is cut.

    Args:
        head: what the controls stand in as long as they have room there.
        height: at least, for a 13 px font.
    """

    def __init__(self, head: Bar, height: int) -> None:
        super().__init__(height, line=True)
        self._head = head
        self._controls = QWidget()
        self._within = QVBoxLayout(self._controls)
        self._within.setContentsMargins(0, 0, 0, 0)
        self._within.setSpacing(0)
        self._lines: list[list[QWidget]] = [[]]
        self.row.addStretch()
        self.hide()
        head.row.addWidget(self._controls)

    def add(self, control: QWidget) -> None:
        """Put a control behind those there are."""
        self._stand([[*self._all(), control]])

    def fit(self, room: int) -> None:
        """Put the controls where they have room; the one with the focus keeps it.

        Args:
            room: pixels that the head has for them.
        """
        below = room < self._width(self._all())
        if below == self.isHidden():
            focus = QApplication.focusWidget()
            held = focus if focus is not None and self._controls.isAncestorOf(focus) else None
            if below:
                self.row.insertWidget(0, self._controls)
            else:
                self._stand([self._all()])
                self._head.row.addWidget(self._controls)
            self.setVisible(below)
            if held is not None:
                held.setFocus()
        if below:
            self._wrap()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take as many lines as the controls need."""
        super().resizeEvent(event)
        if not self.isHidden():
            self._wrap()

    def _all(self) -> list[QWidget]:
        return [control for line in self._lines for control in line]

    def _width(self, line: Iterable[QWidget]) -> int:
        """Pixels that controls take side by side."""
        widths = [one.sizeHint().width() for one in line if not one.isHidden()]
        return sum(widths) + px(self, _GAP) * max(len(widths) - 1, 0)

    def _wrap(self) -> None:
        margins = self.row.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        lines: list[list[QWidget]] = [[]]
        for control in self._all():
            if lines[-1] and self._width([*lines[-1], control]) > room:
                lines.append([])
            lines[-1].append(control)
        self._stand(lines)

    def _stand(self, lines: list[list[QWidget]]) -> None:
        """Let the controls stand in lines."""
        if lines == self._lines:
            return
        self._lines = lines
        for old in self._within.findChildren(QHBoxLayout):
            self._within.removeItem(old)
            old.deleteLater()
        for controls in lines:
            line = QHBoxLayout()
            line.setSpacing(px(self, _GAP))
            self._within.addLayout(line)
            for control in controls:
                line.addWidget(control)
            if len(lines) > 1:
                line.addStretch()
