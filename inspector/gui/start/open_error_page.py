"""The page of a window whose file cannot be opened: what is wrong, where, what can be done."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from inspector.errors import InspectorError
from inspector.gui.style.fonts import fonts_of, px
from inspector.gui.style.icons import pixmap
from inspector.gui.style.text_format import short_path
from inspector.gui.style.theme import tokens_of
from inspector.gui.widgets.banner import plain_label

_WIDTH: Final = 420


class OpenErrorPage(QWidget):
    """Asks for another file (``another``), or to open the same again (``again``)."""

    another = Signal()
    again = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path = ""
        self._icon = QLabel()
        self.sentence, self.path, self.hint = plain_label(), plain_label(), plain_label()
        self.open = QPushButton("Open another\N{HORIZONTAL ELLIPSIS}")
        self.copy = QPushButton("Copy path")
        self.retry = QPushButton("Try again")
        self.open.clicked.connect(self.another)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._path))
        self.retry.clicked.connect(self.again)
        self._lay_out()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.open, self.copy, self.retry):
            button.setAutoDefault(True)
            button.setMinimumHeight(px(self, 28))
            buttons.addWidget(button)
        buttons.addStretch()
        self._body = QWidget()
        grid = QGridLayout(self._body)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(6)
        grid.addWidget(self._icon, 0, 0, Qt.AlignmentFlag.AlignTop)
        for row, part in enumerate((self.sentence, self.path, self.hint)):
            grid.addWidget(part, row, 1)
        grid.setRowMinimumHeight(3, 2)
        grid.addLayout(buttons, 4, 1)
        grid.setColumnStretch(1, 1)
        row_ = QHBoxLayout()
        row_.addStretch(1)
        row_.addWidget(self._body, 1000)
        row_.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.addStretch(1)
        column.addLayout(row_)
        column.addStretch(2)
        self._dress()

    def tell(self, error: InspectorError, path: str) -> None:
        """Say why a file cannot be opened.

        Args:
            error: the reason and what can be done.
            path: the file; empty where none was named.
        """
        self._path = path
        self.sentence.setText(error.message)
        self.path.setText(short_path(path))
        self.path.setVisible(bool(path))
        self.copy.setVisible(bool(path))
        self.hint.setText(error.hint)
        self.hint.setVisible(bool(error.hint))
        words = (error.message, short_path(path), error.hint)
        self.setAccessibleName(" ".join(part for part in words if part))
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def focus(self) -> None:
        """Give the focus to what most people want next."""
        self.open.setFocus(Qt.FocusReason.OtherFocusReason)

    def _dress(self) -> None:
        color = tokens_of(self.palette()).color("removed")
        self._icon.setPixmap(pixmap("error", color, px(self, 16), self.devicePixelRatioF()))
        self.sentence.setFont(fonts_of(self.font()).bold)
        self.hint.setForegroundRole(QPalette.ColorRole.Text)
        self._body.setMaximumWidth(px(self, _WIDTH))

    def changeEvent(self, event: QEvent) -> None:
        """Follow palette and text size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the views' ground."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), tokens_of(self.palette()).color("ground"))
        painter.end()
