"""What stands in a pane when there is nothing to show in it, and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.style.fonts import fonts_of
from inspector.gui.style.theme import fill, tokens_of
from inspector.gui.widgets.banner import Action, plain_label, set_buttons


class EmptyState(QWidget):
    """One sentence, one reason, and what can be done, at a third of the height."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence, self.reason = plain_label(), plain_label()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 0, 24, 0)
        column.addStretch(1)
        for label in (self.sentence, self.reason):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        self.reason.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        column.addSpacing(8)
        column.addLayout(self._buttons)
        column.addStretch(2)

    def tell(self, sentence: str, reason: str = "", actions: tuple[Action, ...] = ()) -> None:
        """Set the words, and a button for each action."""
        self.sentence.setText(sentence)
        self.sentence.setFont(fonts_of(self.font()).bold)
        self.reason.setText(reason)
        self.reason.setVisible(bool(reason))
        set_buttons(self._buttons, actions, centred=True)
        self.setAccessibleName(f"{sentence} {reason}".strip())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the views' ground."""
        painter = QPainter(self)
        fill(painter, self.rect(), tokens_of(self.palette()).color("ground"))
        painter.end()
