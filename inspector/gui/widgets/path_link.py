"""The path of a field as a link that leads to it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from inspector.gui.widgets.labels import ElidedLabel

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
