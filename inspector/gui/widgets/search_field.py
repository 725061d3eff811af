"""The search and filter field: an icon before the text, its key as a reminder behind it."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QEvent, QRect, QSignalBlocker, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QDialog, QLineEdit, QToolButton, QToolTip, QWidget

from inspector.gui.style.fonts import fonts_of, px
from inspector.gui.style.icons import icon, pixmap
from inspector.gui.style.text_format import tooltip
from inspector.gui.style.theme import tokens_of
from inspector.gui.widgets.buttons import fit_icon

_EDGE: Final = 16  #: of the icon, for a 13 px font
_LEFT: Final = 6  #: of the icon
_BUTTON: Final = 20  #: edge of the button that clears
_FRAME: Final = 8  #: of the frame and the blank within it, at both sides
#: Where words such as ``Filter by name, ID or org`` may end.
_BETWEEN: Final = ", | or "


class SearchField(QLineEdit):
    """A line edit that gives the list back when Esc is pressed twice.

    ``left`` is emitted by Esc in the empty field and by Down: the focus belongs to the list. In a
    dialog Esc in the empty field closes it, as everywhere in one.
    ``icon_clicked`` by a click on the icon.
    """

    left = Signal()
    icon_clicked = Signal()

    def __init__(self, icon_name: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self._key = key
        self._words = ""
        self._wrong = False
        self._clear = QToolButton(self)
        self._clear.setAutoRaise(True)
        self._clear.setCursor(Qt.CursorShape.ArrowCursor)
        self._clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Esc does the same
        self._clear.setAccessibleName("Clear")
        self._clear.setToolTip("Clear (Esc)")
        self._clear.clicked.connect(self.clear)
        self.textChanged.connect(lambda _: self._show_clear())
        self._dress()

    def set_words(self, placeholder: str, name: str) -> None:
        """Set the placeholder, of which a narrow field shows less, and the accessible name."""
        self._words = placeholder
        self.setAccessibleName(name)
        self._fit_words()

    def _fit_words(self) -> None:
        """Show as much of the placeholder as there is room for, but no cut word."""
        margins, metrics = self.textMargins(), self.fontMetrics()
        room = self.width() - margins.left() - margins.right() - px(self, _FRAME)
        ends = [found.start() for found in re.finditer(_BETWEEN, self._words)]
        kept = [self._words, *(self._words[:end] for end in reversed(ends))]
        least = self._words.partition(" ")[0]
        fits = (words for words in kept if metrics.horizontalAdvance(words) <= room)
        self.setPlaceholderText(next(fits, least))

    @property
    def is_wrong(self) -> bool:
        """Whether it is shown as wrong."""
        return self._wrong

    def mark_wrong(self, sentence: str) -> None:
        """Show the text as wrong, and say why to those who hear it; not for an empty sentence."""
        self._wrong = bool(sentence)
        self.setAccessibleDescription(sentence)
        self.update()

    def put(self, text: str) -> None:
        """Set the text without telling anybody."""
        blocked = QSignalBlocker(self)
        self.setText(text)
        blocked.unblock()
        self._show_clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc clears, and in an empty field goes back to the list; so does Down."""
        empty_escape = event.key() == Qt.Key.Key_Escape and not self.text()
        if empty_escape and isinstance(self.window(), QDialog):
            event.ignore()
        elif empty_escape or event.key() == Qt.Key.Key_Down:
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.clear()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The icon looks like a button, and is one where something listens."""
        super().mouseReleaseEvent(event)
        at_icon = event.position().x() < self.textMargins().left()
        if at_icon and event.button() == Qt.MouseButton.LeftButton:
            self.icon_clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the icon, and the key where the empty field has room for it."""
        super().paintEvent(event)
        self._paint_icon()
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

    def _paint_icon(self) -> None:
        tokens = tokens_of(self.palette())
        edge, color = px(self, _EDGE), tokens.color("removed" if self._wrong else "dim")
        name = "error" if self._wrong else self._icon_name
        painter = QPainter(self)
        if self._wrong:
            painter.setPen(color)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        drawn = pixmap(name, color, edge, self.devicePixelRatioF())
        painter.drawPixmap(px(self, _LEFT), (self.height() - edge) // 2, drawn)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Show in a tooltip what is left out, where there is no other."""
        asked = isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip
        if not asked or self.toolTip() or self.placeholderText() == self._words:
            return super().event(event)
        assert isinstance(event, QHelpEvent)
        QToolTip.showText(event.globalPos(), tooltip(self._words), self)
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the button at the right end, and the words as long as fits."""
        super().resizeEvent(event)
        self._show_clear()
        self._fit_words()

    def _show_clear(self) -> None:
        edge = self._clear.width()
        self._clear.move(self.width() - edge - 2, (self.height() - edge) // 2)
        self._clear.setVisible(bool(self.text()))

    def changeEvent(self, event: QEvent) -> None:
        """Follow palette and text size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()

    def _dress(self) -> None:
        edge = px(self, _EDGE)
        self._clear.setIcon(icon("close", tokens_of(self.palette()).color("dim")))
        fit_icon(self._clear, _BUTTON)
        self.setTextMargins(px(self, _LEFT) + edge, 0, px(self, _BUTTON), 0)
        self._show_clear()
        self._fit_words()
