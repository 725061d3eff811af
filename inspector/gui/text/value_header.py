"""The line over the reader and over the bytes: where a value is, what is known of it, buttons."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from inspector.gui.style.fonts import fonts_of, px
from inspector.gui.style.theme import tokens_of
from inspector.gui.widgets.labels import ElidedLabel

_KEEP: Final = 120  #: pixels of a path that stay


class ValueHeader(QWidget):
    """A path in the fixed font, dim facts, and at the right what is added with :meth:`add`."""

    def __init__(
        self,
        parent: QWidget | None = None,
        path: ElidedLabel | None = None,
        facts: ElidedLabel | None = None,
    ) -> None:
        super().__init__(parent)
        self.path = path or ElidedLabel(Qt.TextElideMode.ElideLeft, keep=_KEEP)
        self.facts = facts or ElidedLabel(Qt.TextElideMode.ElideRight, dim=True)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 2, 8, 2)
        self._row.setSpacing(12)
        self._row.addWidget(self.path, 2)
        self._row.addWidget(self.facts, 3)
        self._row.addStretch()
        self._dress()

    def add(self, widget: QWidget) -> None:
        """Put a control at the right end."""
        self._row.addWidget(widget)

    def tell(self, path: str, facts: str) -> None:
        """Say where and what."""
        self.path.setText(path)
        self.facts.setText(facts)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._dress()

    def _dress(self) -> None:
        self.setMinimumHeight(px(self, 28))
        self.path.setFont(fonts_of(self.font()).fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The path comes before the facts, up to most of the width."""
        super().resizeEvent(event)
        self.path.set_keep(event.size().width() * 3 // 5)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars' ground with a line below; above it a splitter has one."""
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.fillRect(self.rect(), tokens.color("bars"))
        painter.setPen(tokens.color("line"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.end()
