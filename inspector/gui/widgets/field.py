"""The search and filter field: an icon before the text, its key as a reminder behind it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from inspector.gui.fonts import fonts_of, px
from inspector.gui.icons import icon
from inspector.gui.theme import tokens_of


class HeadField(QLineEdit):
    """A line edit that gives the list back when Esc is pressed twice.

    ``left`` is emitted by Esc in the empty field and by Down: the focus belongs to the list.
    """

    left = Signal()

    def __init__(self, icon_name: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self._key = key
        self._leading = QAction(self)
        self.addAction(self._leading, QLineEdit.ActionPosition.LeadingPosition)
        self.setClearButtonEnabled(True)
        self._dress()

    def set_words(self, placeholder: str, name: str) -> None:
        """Set the placeholder and the accessible name."""
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name)

    def put(self, text: str) -> None:
        """Set the text without telling anybody; Qt's clear button goes by what is told."""
        blocked = QSignalBlocker(self)
        self.setText(text)
        blocked.unblock()
        self.setClearButtonEnabled(False)
        self.setClearButtonEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc clears, and in an empty field goes back to the list; so does Down."""
        empty_escape = event.key() == Qt.Key.Key_Escape and not self.text()
        if empty_escape or event.key() == Qt.Key.Key_Down:
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.clear()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the key where the empty field has room for it."""
        super().paintEvent(event)
        font = fonts_of(self.font()).small
        if self.text() or not self._key:
            return
        painter = QPainter(self)
        painter.setFont(font)
        painter.setPen(tokens_of(self.palette()).color("dim"))
        words = self.fontMetrics().horizontalAdvance(self.placeholderText())
        room = self.width() - words - px(self, 48)
        if painter.fontMetrics().horizontalAdvance(self._key) <= room:
            area = QRect(self.rect()).adjusted(0, 0, -px(self, 8), 0)
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(area, side, self._key)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
        super().changeEvent(event)

    def _dress(self) -> None:
        self._leading.setIcon(icon(self._icon_name, tokens_of(self.palette()).color("dim")))
