"""The text of the reader: a text edit, or for long texts the view that draws what is seen."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QStackedWidget, QWidget

from inspector.gui.style.fonts import fonts_of
from inspector.gui.text.plain_edit import PlainEdit
from inspector.gui.text.text_lines import Lines
from inspector.gui.text.text_search import TextMarks
from inspector.gui.text.text_view import TextView
from inspector.invisible import hides_something

EASY: Final = 50_000  #: characters that a text edit lays out at once
_EASY_LINE: Final = 5_000  #: the same for a single line


class ValueTextView(QStackedWidget):
    """Shows a text in the body font or the fixed one; can be found in like a TextView."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._easy = PlainEdit("Reader")
        self._easy.document().setDocumentMargin(12)
        self._long = TextView("Reader")
        self.addWidget(self._easy)
        self.addWidget(self._long)
        self._fixed = False

    def set_text(self, text: str, *, fixed: bool, lines: Lines | None = None) -> None:
        """Show another text.

        Args:
            text: the text.
            fixed: whether it belongs in the fixed font.
            lines: the text cut into lines, where that was done in the worker.
        """
        self._fixed = fixed
        if lines is None and self._is_easy(text):
            self._easy.setFont(self._font())
            self._easy.show_text(text)
            if not self._at_easy():
                self._long.set_lines(Lines())
                self.setCurrentWidget(self._easy)
        else:
            self._easy.show_text("")
            self._long.set_lines(lines or Lines(text))
            self.setCurrentWidget(self._long)

    @staticmethod
    def _is_easy(text: str) -> bool:
        """Whether a text edit can show it; what cannot be seen it would leave unseen."""
        small = len(text) <= EASY and max(map(len, text.split("\n"))) <= _EASY_LINE
        return small and not hides_something(text)

    def update_text(self, text: str) -> None:
        """Show a text that differs in little from the one there is, without moving it."""
        if self._at_easy() and text != self._easy.text():
            self._easy.update_text(text)

    def set_wrap(self, on: bool) -> None:
        """Wrap long lines, or scroll sideways."""
        mode = QPlainTextEdit.LineWrapMode
        self._easy.setLineWrapMode(mode.WidgetWidth if on else mode.NoWrap)
        self._long.set_wrap(on)

    @property
    def _view(self) -> PlainEdit | TextView:
        return self._easy if self._at_easy() else self._long

    def text(self) -> str:
        """What is shown."""
        return self._view.text()

    def selected_text(self) -> str:
        """What is selected."""
        return self._view.selected_text()

    def copy(self) -> bool:
        """Copy what is selected; False where nothing is."""
        chosen = self.selected_text()
        if chosen:
            QGuiApplication.clipboard().setText(chosen)
        return bool(chosen)

    def focus(self) -> None:
        """Give the focus to the text."""
        self._view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # As a finder wants it

    @property
    def marks(self) -> TextMarks:
        """What stands out."""
        return self._view.marks

    def set_marks(self, marks: TextMarks) -> None:
        """Let other parts of the text stand out."""
        self._view.set_marks(marks)

    def marked_texts(self) -> list[str]:
        """The texts that are marked, as Qt sees them."""
        return [one.cursor.selectedText() for one in self._easy.extraSelections()]

    def top_offset(self) -> int:
        """The first character in sight."""
        if not self._at_easy():
            return self._long.top_offset()
        return self._easy.offset(self._easy.cursorForPosition(QPoint(0, 0)).position())

    def show_offset(self, offset: int) -> None:
        """Bring a character into sight."""
        if not self._at_easy():
            self._long.show_offset(offset)
            return
        cursor = self._easy.textCursor()
        cursor.setPosition(self._easy.unit(offset))
        self._easy.setTextCursor(cursor)
        self._easy.ensureCursorVisible()

    # Within

    def _at_easy(self) -> bool:
        return self.currentWidget() is self._easy

    def _font(self) -> QFont:
        fonts = fonts_of(self.font())
        return fonts.fixed if self._fixed else fonts.body

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._easy.setFont(self._font())
