"""The text of the reader: a text edit, or for long texts the view that draws what is seen."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QStackedWidget, QTextEdit, QWidget

from inspector.gui.style.fonts import fonts_of
from inspector.gui.style.theme import tokens_of
from inspector.gui.text.plain_edit import PlainEdit
from inspector.gui.text.text_lines import Lines
from inspector.gui.text.text_marks import TextMarks
from inspector.gui.text.text_view import TextView
from inspector.gui.widgets.scroll_bars import slim
from inspector.invisible import hides_something

EASY: Final = 50_000  #: characters that a text edit lays out at once
_EASY_LINE: Final = 5_000  #: the same for a single line
_SHOWN_HITS: Final = 500  #: hits that a text edit marks, around the current one


class ValueTextView(QStackedWidget):
    """Shows a text in the body font or the fixed one; can be found in like a TextView."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._easy = PlainEdit()
        self._easy.setReadOnly(True)
        self._easy.setFrameShape(QFrame.Shape.NoFrame)
        slim(self._easy)
        self._easy.setAccessibleName("Reader")
        self._easy.setTabChangesFocus(True)
        flags = Qt.TextInteractionFlag
        self._easy.setTextInteractionFlags(
            flags.TextSelectableByMouse | flags.TextSelectableByKeyboard
        )
        self._easy.document().setDocumentMargin(12)
        self._long = TextView("Reader")
        self.addWidget(self._easy)
        self.addWidget(self._long)
        self._fixed = False
        self._text = ""
        self._marks = TextMarks()

    def set_text(self, text: str, *, fixed: bool, lines: Lines | None = None) -> None:
        """Show another text.

        Args:
            text: the text.
            fixed: whether it belongs in the fixed font.
            lines: the text cut into lines, where that was done in the worker.
        """
        self._fixed, self._marks = fixed, TextMarks()
        if lines is None and self._is_easy(text):
            self._easy.setFont(self._font())
            self._easy.setExtraSelections([])
            self._text = text  # the text edit gives it back with other spaces
            self._easy.setPlainText(text)
            self._long.set_lines(Lines())
            self.setCurrentWidget(self._easy)
        else:
            self._text = ""
            self._easy.clear()
            self._long.set_lines(lines or Lines(text))
            self.setCurrentWidget(self._long)

    @staticmethod
    def _is_easy(text: str) -> bool:
        """Whether a text edit can show it; what cannot be seen it would leave unseen."""
        small = len(text) <= EASY and max(map(len, text.split("\n"))) <= _EASY_LINE
        return small and not hides_something(text)

    def update_text(self, text: str) -> None:
        """Show a text that differs in little from the one there is, without moving it."""
        if self._at_easy() and text != self._text:
            cursor, bar = self._easy.textCursor(), self._easy.verticalScrollBar()
            ends, top = (cursor.anchor(), cursor.position()), bar.value()
            self._text = text
            self._easy.setPlainText(text)
            for end, mode in zip(ends, _MODES, strict=True):
                cursor.setPosition(min(end, len(text)), mode)
            self._easy.setTextCursor(cursor)
            bar.setValue(top)

    def set_wrap(self, on: bool) -> None:
        """Wrap long lines, or scroll sideways."""
        mode = QPlainTextEdit.LineWrapMode
        self._easy.setLineWrapMode(mode.WidgetWidth if on else mode.NoWrap)
        self._long.set_wrap(on)

    def text(self) -> str:
        """What is shown."""
        return self._text if self._at_easy() else self._long.text()

    def selected_text(self) -> str:
        """What is selected."""
        if not self._at_easy():
            return self._long.selected_text()
        return self._easy.selected_text()

    def copy(self) -> bool:
        """Copy what is selected; False where nothing is."""
        chosen = self.selected_text()
        if chosen:
            QGuiApplication.clipboard().setText(chosen)
        return bool(chosen)

    def focus(self) -> None:
        """Give the focus to the text."""
        shown = self._easy if self._at_easy() else self._long
        shown.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # As a finder wants it

    @property
    def marks(self) -> TextMarks:
        """What stands out."""
        return self._marks if self._at_easy() else self._long.marks

    def set_marks(self, marks: TextMarks) -> None:
        """Let other parts of the text stand out."""
        self._marks = marks
        if not self._at_easy():
            self._long.set_marks(marks)
            return
        starts, current = marks.hits.starts, marks.current
        first = max(0, current - _SHOWN_HITS // 2)
        shown = range(first, min(len(starts), first + _SHOWN_HITS))
        ends = marks.hits.ends
        self._easy.setExtraSelections(
            [self._selection(starts[at], ends[at] - starts[at], at == current) for at in shown]
        )

    def marked_texts(self) -> list[str]:
        """The texts that are marked, as Qt sees them."""
        return [one.cursor.selectedText() for one in self._easy.extraSelections()]

    def top_offset(self) -> int:
        """The first character in sight."""
        if not self._at_easy():
            return self._long.top_offset()
        return self._easy.cursorForPosition(QPoint(0, 0)).position()

    def show_offset(self, offset: int) -> None:
        """Bring a character into sight."""
        if not self._at_easy():
            self._long.show_offset(offset)
            return
        cursor = self._easy.textCursor()
        cursor.setPosition(self._unit(offset))
        self._easy.setTextCursor(cursor)
        self._easy.ensureCursorVisible()

    def _selection(self, start: int, length: int, current: bool) -> QTextEdit.ExtraSelection:
        tokens = tokens_of(self.palette())
        look = QTextCharFormat()
        look.setBackground(QColor(tokens.selection if current else tokens.found))
        look.setForeground(QColor(tokens.selected_text if current else tokens.text))
        selection = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self._easy.document())
        for end, mode in zip((start, start + length), _MODES, strict=True):
            cursor.setPosition(self._unit(end), mode)
        selection.cursor, selection.format = cursor, look
        return selection

    def _unit(self, offset: int) -> int:
        """An offset as Qt counts it: characters beyond the first 65,536 are two."""
        wide = self._wide_before()
        return offset + bisect_left(wide, offset)

    def _wide_before(self) -> list[int]:
        text = self.text()
        if text.isascii():
            return []
        return [at for at, mark in enumerate(text) if mark > "\uffff"]

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


_MODES: Final = (QTextCursor.MoveMode.MoveAnchor, QTextCursor.MoveMode.KeepAnchor)
