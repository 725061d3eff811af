"""The text of a JSON pane: Qt's edit, folded and coloured, or for long texts a view of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextBlock,
    QTextLayout,
)
from PySide6.QtWidgets import QPlainTextEdit, QStackedWidget, QWidget

from inspector.gui.cells.cell_delegate import ELLIPSIS
from inspector.gui.style.fonts import fonts_of, px
from inspector.gui.style.icons import pixmap
from inspector.gui.style.theme import tokens_of
from inspector.gui.text.json_highlighter import json_spans
from inspector.gui.text.plain_edit import PlainEdit
from inspector.gui.text.text_layout import FoldingLines
from inspector.gui.text.text_search import TextMarks
from inspector.gui.text.text_view import TextView
from inspector.invisible import hides_something

_MARGIN: Final = 18  #: width of what folds a part, for a 13 px font
_CHEVRON: Final = 14
_LOOK: Final = 600  #: characters of a line that are coloured


class JsonEdit(PlainEdit):
    """Shows :class:`FoldingLines`, whose lines are its blocks.

    ``clicked`` tells the offset of a click that selected nothing, and of the cursor where Enter was
    pressed.
    """

    clicked = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._lines = FoldingLines()
        self._look = 0  #: goes up when all colours are others
        self._margin = _FoldMargin(self)
        self.setUndoRedoEnabled(False)
        # That of the view is the one around it.
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.updateRequest.connect(self._follow)
        self._fit()

    def set_lines(self, lines: FoldingLines) -> None:
        """Show another text from its beginning."""
        self._lines = lines
        self.show_text(lines.text)
        self._margin.update()

    def set_wrap(self, on: bool) -> None:
        """Wrap long lines, or scroll sideways."""
        top = self.top_offset()
        mode = QPlainTextEdit.LineWrapMode
        self.setLineWrapMode(mode.WidgetWidth if on else mode.NoWrap)
        self.verticalScrollBar().setValue(self._block(top).firstLineNumber())

    def top_offset(self) -> int:
        """The first character in sight."""
        return self.offset(self.firstVisibleBlock().position())

    def show_offset(self, offset: int) -> None:
        """Put the cursor on a character, a third down where it was out of sight."""
        offset = max(0, min(offset, len(self.text())))
        if self._lines.show(offset):
            self._show_blocks(0, self.document().blockCount() - 1)
        cursor = self.textCursor()
        cursor.setPosition(self.unit(offset))
        seen = self.viewport().rect()
        here = self.cursorRect(cursor)
        if here.top() < seen.top() or here.bottom() > seen.bottom():
            rows = max(1, seen.height() // max(1, here.height()))
            self.blockBoundingRect(cursor.block())  # lays it out
            row = cursor.block().layout().lineForTextPosition(cursor.positionInBlock())
            line = cursor.block().firstLineNumber() + (row.lineNumber() if row.isValid() else 0)
            self.verticalScrollBar().setValue(line - rows // 3)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    # Folds

    @property
    def lines(self) -> FoldingLines:
        """The text, and what of it is folded away."""
        return self._lines

    def fold(self, line: int, *, on: bool) -> None:
        """Fold the part that begins with a line, or show it again."""
        if self._lines.can_fold(line) and self._lines.is_folded(line) != on:
            self._lines.fold(line, on=on)
            if not self.document().findBlockByNumber(line).isVisible():
                return  # within another part that is folded away
            self._show_blocks(line, self._lines.end_of(line))
            cursor = self.textCursor()
            if not cursor.block().isVisible():
                cursor.setPosition(self.document().findBlockByNumber(line).position())
                self.setTextCursor(cursor)

    def fold_all(self, on: bool) -> None:
        """Fold every part but the whole, or show all of it."""
        top = self.top_offset()
        if on:
            self._lines.fold_all()
        else:
            self._lines.unfold_all()
        self._show_blocks(0, self.document().blockCount() - 1)
        self.verticalScrollBar().setValue(self._seen_block(top).firstLineNumber())

    def toggle_at(self, y: int) -> None:
        """Fold or show the part that begins with the line at a height in the viewport."""
        line = self.cursorForPosition(QPoint(0, y)).blockNumber()
        self.fold(line, on=not self._lines.is_folded(line))

    def _show_blocks(self, first: int, last: int) -> None:
        """Show the blocks from one to another, but those that are folded away."""
        lines, number = self._lines, first
        block = self.document().findBlockByNumber(first)
        start, stop = block.position(), block.position()
        hidden_until = -1
        while block.isValid() and number <= last:
            block.setVisible(number > hidden_until)
            if number > hidden_until and lines.is_folded(number):
                hidden_until = lines.end_of(number)
            stop = block.position() + block.length()
            block, number = block.next(), number + 1
        self.document().markContentsDirty(start, stop - start)
        self.viewport().update()
        self._margin.update()

    def _seen_block(self, offset: int) -> QTextBlock:
        """The block of an offset, or the one that it is folded into."""
        block = self._block(offset)
        while block.isValid() and not block.isVisible():
            block = block.previous()
        return block

    def _block(self, offset: int) -> QTextBlock:
        return self.document().findBlock(self.unit(offset))

    # Painting

    def _in_sight(self) -> Iterator[tuple[QTextBlock, float]]:
        """The blocks in sight, laid out, each with its upper edge in the viewport."""
        block, top = self.firstVisibleBlock(), self.contentOffset().y()
        while block.isValid() and top <= self.viewport().height():
            if block.isVisible():
                height = self.blockBoundingRect(block).height()
                yield block, top
                top += height
            block = block.next()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Colour what is in sight for the first time, and say what is folded away."""
        shown = [block for block, _ in self._in_sight()]
        for block in shown:
            self._colour(block)
        folded = [block for block in shown if self._lines.is_folded(block.blockNumber())]
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setFont(self.font())
        painter.setPen(tokens_of(self.palette()).color("dim"))
        for one in folded:
            # There is none yet where it is below the edge.
            if not one.layout().lineCount():
                continue
            row = one.layout().lineAt(one.layout().lineCount() - 1)
            place = self.blockBoundingGeometry(one).translated(self.contentOffset()).topLeft()
            edge = row.naturalTextRect().topRight() + place
            words = f" {ELLIPSIS} {self._lines.closing(one.blockNumber())}"
            painter.drawText(edge + QPointF(0, row.ascent()), words)
        painter.end()

    def _colour(self, block: QTextBlock) -> None:
        """Colours are set line by line as they come into sight: a text may have 30,000 lines."""
        if block.userState() == self._look:
            return
        block.setUserState(self._look)
        tokens, line = tokens_of(self.palette()), block.text()
        formats = []
        for first, last, token in json_spans(line[:_LOOK]):
            part = QTextLayout.FormatRange()
            part.start, part.length = _units(line[:first]), _units(line[first:last])
            part.format.setForeground(tokens.color(token))
            formats.append(part)
        block.layout().setFormats(formats)

    # Input

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses what the cursor is on."""
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.clicked.emit(self.offset(self.textCursor().position()))
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell a click that selected nothing."""
        super().mouseReleaseEvent(event)
        cursor = self.textCursor()
        if event.button() == Qt.MouseButton.LeftButton and not cursor.hasSelection():
            self.clicked.emit(self.offset(cursor.position()))

    # Geometry

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the margin beside the text."""
        super().resizeEvent(event)
        place = self.contentsRect()
        self._margin.setGeometry(
            QRect(place.left(), place.top(), px(self, _MARGIN), self.viewport().height())
        )

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size and the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()
        elif event.type() == QEvent.Type.PaletteChange:
            self._look += 1
            self.set_marks(self._marks)
            self._margin.update()

    def _fit(self) -> None:
        self.document().setDefaultFont(fonts_of(self.font()).fixed)
        self.setViewportMargins(px(self, _MARGIN), 0, 0, 0)

    def _follow(self, _area: QRect, _scrolled: int) -> None:
        self._margin.update()

    def draw_folds(self, painter: QPainter, width: int) -> None:
        """Draw a chevron beside each part in sight that can be folded."""
        color, edge = tokens_of(self.palette()).color("dim"), px(self, _CHEVRON)
        row = self.fontMetrics().height()
        for block, top in self._in_sight():
            number = block.blockNumber()
            if self._lines.can_fold(number):
                name = "right" if self._lines.is_folded(number) else "down"
                drawn = pixmap(name, color, edge, self.devicePixelRatioF())
                painter.drawPixmap((width - edge) // 2, round(top + (row - edge) / 2), drawn)


class _FoldMargin(QWidget):
    """The chevrons at the left of the text; a click folds or shows a part."""

    def __init__(self, edit: JsonEdit) -> None:
        super().__init__(edit)
        self._edit = edit
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        self.setAccessibleName("Folds")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw them."""
        painter = QPainter(self)
        painter.setClipRect(event.rect())
        self._edit.draw_folds(painter, self.width())
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Fold the part that begins there, or show it again."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._edit.toggle_at(round(event.position().y()))


def _units(text: str) -> int:
    """The length of a text as Qt counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


MOST: Final = 1_000_000  #: characters of which a text edit lays out the lines at once
_LONGEST: Final = 20_000  #: characters of a line that it lays out at once


class JsonView(QStackedWidget):
    """Shows :class:`FoldingLines`. ``clicked`` tells the offset of a click.

    A text edit is read out by screen readers and has the keys everybody knows; it lays out all of a
    text, so that a long one would hold the window up, and it shows nothing for what has no width.
    """

    clicked = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = JsonEdit(name)
        self.long = TextView(name, json=True)
        self._lines = FoldingLines()
        for view in (self.edit, self.long):
            self.addWidget(view)
            view.clicked.connect(self.clicked)
        self.setFocusProxy(self.edit)

    def set_lines(self, lines: FoldingLines) -> None:
        """Show another text from its beginning."""
        self._lines = lines
        shown: QWidget = self.edit if _is_easy(lines) else self.long
        focused = self.hasFocus()
        for view in (self.edit, self.long):
            view.set_lines(lines if view is shown else FoldingLines())
        self.setCurrentWidget(shown)
        self.setFocusProxy(shown)
        if focused:
            shown.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def _view(self) -> JsonEdit | TextView:
        return self.edit if self.currentWidget() is self.edit else self.long

    @property
    def lines(self) -> FoldingLines:
        """The text, and what of it is folded away."""
        return self._lines

    def text(self) -> str:
        """The whole text."""
        return self._lines.text

    def set_wrap(self, on: bool) -> None:
        """Wrap long lines, or scroll sideways."""
        self.edit.set_wrap(on)
        self.long.set_wrap(on)

    def selected_text(self) -> str:
        """What is selected."""
        return self._view.selected_text()

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

    def top_offset(self) -> int:
        """The first character in sight."""
        return self._view.top_offset()

    def show_offset(self, offset: int) -> None:
        """Bring a character into sight, a third down where it was out of it."""
        self._view.show_offset(offset)

    # Folds

    def fold(self, on: bool) -> None:
        """Fold the innermost part around the marked place, or the first row; or show it again."""
        place = self.marks.place
        offset = place[0] if place is not None else self.top_offset()
        line = self._lines.around(offset)
        if line >= 0:
            self._view.fold(line, on=on)

    def fold_all(self, on: bool) -> None:
        """Fold every part but the whole, or show all of it."""
        self._view.fold_all(on)


def _is_easy(lines: FoldingLines) -> bool:
    """Whether a text edit can show it; what cannot be seen it would leave unseen."""
    small = len(lines.text) <= MOST and lines.longest <= _LONGEST
    return small and not hides_something(lines.text)
