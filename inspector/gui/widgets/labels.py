"""Labels for data: one line of plain text, cut where it says least; a field's path as a link."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolTip, QWidget

from inspector.gui.style.text_format import tooltip, visible
from inspector.gui.style.theme import tokens_of

_SIGNS: Final = {"+": "added", "\N{MINUS SIGN}": "removed"}
#: Where a line of facts can end: after a sentence, and at a comma.
_BETWEEN: Final = r", |(?<=\.) "


class ElidedLabel(QLabel):
    """One line of text that gives way, though not below ``keep`` pixels."""

    def __init__(
        self,
        elide: Qt.TextElideMode,
        parent: QWidget | None = None,
        *,
        dim: bool = False,
        keep: int = 24,
    ) -> None:
        super().__init__(parent)
        self._elide = elide
        self._token = "dim" if dim else "text"
        self._keep = keep
        self._text = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def setText(self, text: str) -> None:
        """Show another text."""
        self._text = visible(text)
        super().setText(self._text)
        self.setAccessibleName(self._text)
        self.setVisible(bool(text))
        self.updateGeometry()
        self.update()

    def set_keep(self, keep: int) -> None:
        """Do not give way below another width, in pixels."""
        if keep != self._keep:
            self._keep = keep
            self.updateGeometry()

    def text(self) -> str:
        """The whole text."""
        return self._text

    def sizeHint(self) -> QSize:
        """Room for all of it."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._text) + 2, metrics.height() + 2)

    def minimumSizeHint(self) -> QSize:
        """Room for what is kept."""
        return QSize(min(self.sizeHint().width(), self._keep), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what fits."""
        painter = QPainter(self)
        painter.setPen(tokens_of(self.palette()).color(self._token))
        metrics = self.fontMetrics()
        shown = metrics.elidedText(self.shown(), self._elide, self.width())
        rect = QRect(0, 0, self.width(), self.height())
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()

    def shown(self) -> str:
        """What of the text is to be drawn, as far as it fits."""
        return self._text

    def event(self, event: QEvent) -> bool:
        """Show in a tooltip what is cut."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            cut = self.sizeHint().width() > self.width()
            QToolTip.showText(event.globalPos(), tooltip(self._text) if cut else "", self)
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()


class PartsLabel(ElidedLabel):
    """Parts with commas between them, of which the last ones go whole: no time is cut in two.

    Attributes:
        least: what stands there where not even the first part fits; empty for that, cut.
    """

    least = ""

    def shown(self) -> str:
        """As many parts as there is room for, at least the first or what stands for it."""
        metrics, text = self.fontMetrics(), self.text()
        ends = [match.start() for match in re.finditer(_BETWEEN, text)]
        kept = [text, *(text[:end] for end in reversed(ends))]
        room = self.width()
        fits = (part for part in kept if metrics.horizontalAdvance(part) <= room)
        return next(fits, self.least or kept[-1])

    @property
    def first(self) -> str:
        """The first part."""
        return re.split(_BETWEEN, self.text(), maxsplit=1)[0]


class CountsLabel(ElidedLabel):
    """A dim line in which counts with a sign have the colours of what was added and removed."""

    def __init__(self) -> None:
        super().__init__(Qt.TextElideMode.ElideRight, dim=True)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw word by word, where all of it fits."""
        if self.sizeHint().width() > self.width():
            super().paintEvent(event)
            return
        painter, tokens, metrics = QPainter(self), tokens_of(self.palette()), self.fontMetrics()
        rect = QRect(0, 0, self.width(), self.height())
        for word in self.text().split(" "):
            painter.setPen(tokens.color(_SIGNS.get(word[:1], "dim")))
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, word)
            rect.setLeft(rect.left() + metrics.horizontalAdvance(f"{word} "))
        painter.end()


_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class PathLink(ElidedLabel):
    """A path that is cut at its start; a click or Enter tells ``followed``."""

    followed = Signal()

    def __init__(self, parent: QWidget | None = None, *, keep: int = 24) -> None:
        super().__init__(Qt.TextElideMode.ElideLeft, parent, keep=keep)
        self._token = "link"
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def setText(self, text: str) -> None:
        """Lead to another path."""
        super().setText(text)
        self.setAccessibleName(f"Go to the field {self.text()}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and space follow it."""
        if event.key() in _KEYS:
            self.followed.emit()
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """So does a click."""
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(
            event.position().toPoint()
        ):
            self.followed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Nothing else is done with it."""
        event.accept()

    def enterEvent(self, event: QEnterEvent) -> None:
        """It looks like a link where it is pointed at."""
        super().enterEvent(event)
        self._underline(True)

    def leaveEvent(self, event: QEvent) -> None:
        """And only there."""
        super().leaveEvent(event)
        self._underline(self.hasFocus())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The focus is seen as well."""
        super().focusInEvent(event)
        self._underline(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """And so is its going."""
        super().focusOutEvent(event)
        self._underline(self.underMouse())

    def _underline(self, on: bool) -> None:
        font = self.font()
        font.setUnderline(on)
        self.setFont(font)
