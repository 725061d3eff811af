"""Qt's text edit, read-only: exact copies, offsets of the text, marks of what was found."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from inspector.gui.style.theme import tokens_of
from inspector.gui.text.text_search import TextMarks
from inspector.gui.widgets.scroll_bars import slim

_SHOWN_HITS: Final = 500  #: hits that are marked, around the current one
_MODES: Final = (QTextCursor.MoveMode.MoveAnchor, QTextCursor.MoveMode.KeepAnchor)


class PlainEdit(QPlainTextEdit):
    """A text that is read, selected by mouse and keys, copied and dragged as it is.

    Qt's own copy (6.11) has a space for a no-break space, though it has kept it:
    ``findings/text_edits_copy_other_characters.sh``. Offsets are those of the text; Qt counts
    characters beyond the first 65,536 as two.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._wide: list[int] = []  #: offsets of the characters that Qt counts as two
        self._marks = TextMarks()
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)
        flags = Qt.TextInteractionFlag
        self.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
        slim(self)

    def text(self) -> str:
        """The whole text, which ``toPlainText`` gives with other spaces."""
        return self._text

    def show_text(self, text: str) -> None:
        """Show another text from its beginning, nothing marked."""
        self._text, self._marks = text, TextMarks()
        self._wide = [] if text.isascii() else [at for at, one in enumerate(text) if one > "\uffff"]
        self.setExtraSelections([])
        self.setPlainText(text)

    def update_text(self, text: str) -> None:
        """Show a text that differs in little from the one there is, without moving it."""
        cursor, bar, marks = self.textCursor(), self.verticalScrollBar(), self._marks
        ends, top = (cursor.anchor(), cursor.position()), bar.value()
        self.show_text(text)
        self._marks = marks
        for end, mode in zip(ends, _MODES, strict=True):
            cursor.setPosition(min(end, len(text)), mode)
        self.setTextCursor(cursor)
        bar.setValue(top)

    def selected_text(self) -> str:
        """What is selected."""
        cursor = self.textCursor()
        first, last = self.offset(cursor.selectionStart()), self.offset(cursor.selectionEnd())
        return self._text[first:last]

    def createMimeDataFromSelection(self) -> QMimeData:
        """The selection as text."""
        data = QMimeData()
        data.setText(self.selected_text())
        return data

    # Offsets

    def unit(self, offset: int) -> int:
        """An offset as Qt counts it."""
        return offset + bisect_left(self._wide, offset)

    def offset(self, unit: int) -> int:
        """The offset of a unit of UTF-16; of the second one of a character, the character's end."""
        return unit - bisect_left(range(len(self._wide)), unit, key=lambda at: self._wide[at] + at)

    # Marks

    @property
    def marks(self) -> TextMarks:
        """What stands out."""
        return self._marks

    def set_marks(self, marks: TextMarks) -> None:
        """Let other parts of the text stand out; of many hits those around the current one."""
        self._marks = marks
        tokens = tokens_of(self.palette())
        found = []
        if marks.place is not None:
            found.append(self._selection(*marks.place, tokens.color("tint_span")))
        starts, ends, current = marks.hits.starts, marks.hits.ends, marks.current
        first = max(0, current - _SHOWN_HITS // 2)
        for at in range(first, min(len(starts), first + _SHOWN_HITS)):
            ground = tokens.color("selection" if at == current else "found")
            ink = tokens.color("selected_text") if at == current else None
            found.append(self._selection(starts[at], ends[at], ground, ink))
        self.setExtraSelections(found)

    def _selection(
        self, first: int, last: int, ground: QColor, ink: QColor | None = None
    ) -> QTextEdit.ExtraSelection:
        look = QTextCharFormat()
        look.setBackground(ground)
        if ink is not None:
            look.setForeground(ink)
        cursor = QTextCursor(self.document())
        for end, mode in zip((first, last), _MODES, strict=True):
            cursor.setPosition(self.unit(end), mode)
        selection = QTextEdit.ExtraSelection()
        selection.cursor, selection.format = cursor, look
        return selection
