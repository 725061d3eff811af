"""The reader below the tree: all of the value the cursor is on."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFont, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.actions import Actions
from inspector.gui.fonts import fonts_of, px
from inspector.gui.models.field_cells import Look
from inspector.gui.models.items import Item
from inspector.gui.models.reading import Reading, read
from inspector.gui.theme import tokens_of
from inspector.gui.views.lines import Lines
from inspector.gui.views.text_view import TextView
from inspector.gui.widgets.buttons import SMALL, IconButton
from inspector.gui.widgets.labels import ElidedLabel

_EASY: Final = 100_000  #: characters that a text edit lays out at once; above, lines in sight only
_EASY_LINE: Final = 5_000  #: the same for a single line


class _Head(QWidget):
    """Path, facts, and the buttons of the reader."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path = ElidedLabel(Qt.TextElideMode.ElideLeft, keep=240)
        self.facts = ElidedLabel(Qt.TextElideMode.ElideRight, dim=True)
        self.show_button = QPushButton("Show")
        self.show_button.clicked.connect(actions["uncover"].trigger)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 8, 2)
        row.setSpacing(12)
        row.addWidget(self.path, 2)
        row.addWidget(self.facts, 3)
        row.addStretch()
        row.addWidget(self.show_button)
        for name in ("wrap", "copy"):
            row.addWidget(IconButton(actions[name], self, SMALL))
        self.setMinimumHeight(px(self, 28))
        self.dress()

    def dress(self) -> None:
        """Follow the text size."""
        self.path.setFont(fonts_of(self.font()).fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars' ground with lines above and below."""
        tokens = tokens_of(self.palette())
        painter = QPainter(self)
        painter.fillRect(self.rect(), tokens.color("bars"))
        painter.setPen(tokens.color("line"))
        painter.drawLine(0, 0, self.width(), 0)
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        painter.end()


class Reader(QWidget):
    """Shows a :class:`Reading`; the longest texts are drawn by the view that draws what is seen."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._head = _Head(actions, self)
        self._easy = QPlainTextEdit()
        self._easy.setReadOnly(True)
        self._easy.setFrameShape(QFrame.Shape.NoFrame)
        self._easy.setAccessibleName("Reader")
        self._easy.setTabChangesFocus(True)
        self._easy.document().setDocumentMargin(12)
        self._long = TextView("Reader")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._easy)
        self._stack.addWidget(self._long)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._stack, 1)
        self._fixed = False
        self.tell(None)

    def show_item(self, item: Item | None, look: Look) -> None:
        """Read the value of a row of the tree."""
        self.tell(read(item, look) if item is not None else None)

    def tell(self, reading: Reading | None) -> None:
        """Show a reading, or nothing."""
        reading = reading or Reading("", "", "")
        self._head.path.setText(reading.path)
        self._head.facts.setText(reading.facts)
        self._head.show_button.setVisible(reading.covered)
        self._fixed = reading.fixed
        longest = max(map(len, reading.text.split("\n"))) if len(reading.text) <= _EASY else 0
        if len(reading.text) <= _EASY and longest <= _EASY_LINE:
            self._easy.setFont(self._font())
            self._easy.setPlainText(reading.text)
            self._stack.setCurrentWidget(self._easy)
        else:
            self._long.set_lines(Lines(reading.text))
            self._stack.setCurrentWidget(self._long)

    def text(self) -> str:
        """What is shown."""
        easy = self._stack.currentWidget() is self._easy
        return self._easy.toPlainText() if easy else self._long.text()

    def path(self) -> str:
        """The path of what is shown."""
        return self._head.path.text()

    def set_wrap(self, on: bool) -> None:
        """Wrap long lines, or scroll sideways."""
        mode = QPlainTextEdit.LineWrapMode
        self._easy.setLineWrapMode(mode.WidgetWidth if on else mode.NoWrap)
        self._long.set_wrap(on)

    def copy_selection(self) -> bool:
        """Copy what is selected; False where nothing is."""
        cursor = self._easy.textCursor()
        if self._stack.currentWidget() is self._easy and cursor.hasSelection():
            self._easy.copy()
            return True
        if chosen := self._long.selected_text():
            QGuiApplication.clipboard().setText(chosen)
            return True
        return False

    def focus(self) -> None:
        """Give the focus to the text."""
        easy = self._stack.currentWidget() is self._easy
        (self._easy if easy else self._long).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._easy.setFont(self._font())
            self._head.dress()

    def _font(self) -> QFont:
        fonts = fonts_of(self.font())
        return fonts.fixed if self._fixed else fonts.body
