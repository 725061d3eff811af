"""A read-only text of any size: only the lines in sight are drawn, in the fixed font.

A scroll step is a line, or where lines are wrapped a piece of one; ``_sub`` is the visual row
within it that stands at the top.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from inspector.gui.cells.cell_delegate import ELLIPSIS
from inspector.gui.style.fonts import px
from inspector.gui.style.icons import pixmap
from inspector.gui.style.text_format import visible
from inspector.gui.style.theme import tokens_of
from inspector.gui.text.json_highlighter import ColourSpan, json_spans, plain_spans
from inspector.gui.text.text_layout import FoldingLines, Lines, TextLayout, TextRow
from inspector.gui.text.text_search import TextMarks
from inspector.gui.widgets.scroll_bars import slim

_CHEVRON: Final = 14  #: edge of what folds a part, for a 13 px font
Spans = Callable[[str], Iterator[ColourSpan]]


class TextView(QAbstractScrollArea):
    """Shows :class:`Lines`; text can be selected with the mouse and copied.

    ``selection_changed`` tells whether there is a selection, ``clicked`` the offset of a click.
    """

    selection_changed = Signal(bool)
    clicked = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None, *, json: bool = False) -> None:
        super().__init__(parent)
        self._lines = Lines()
        self._spans: Spans = json_spans if json else plain_spans
        self._wrap = False
        self._sub = 0
        self._anchor = self._cursor = 0
        self._folding = False  #: whether the button was pressed beside the text
        self._marks = TextMarks()
        self.setFrameShape(QFrame.Shape.NoFrame)
        slim(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._fit()

    def set_lines(self, lines: Lines) -> None:
        """Show another text from its beginning."""
        self._lines = lines
        self._marks = TextMarks()
        self._anchor = self._cursor = self._sub = 0
        self._fit()
        self.verticalScrollBar().setValue(0)
        self.horizontalScrollBar().setValue(0)
        self.setAccessibleDescription(visible(lines.text[:200]))
        self.viewport().update()

    def text(self) -> str:
        """The whole text."""
        return self._lines.text

    def focus(self) -> None:
        """Give the focus to the text."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def marks(self) -> TextMarks:
        """What stands out."""
        return self._marks

    def set_marks(self, marks: TextMarks) -> None:
        """Let other parts of the text stand out."""
        self._marks = marks
        self.viewport().update()

    def top_offset(self) -> int:
        """The first character in sight."""
        return next((start for start, _, _ in self._visible()), 0)

    def show_offset(self, offset: int) -> None:
        """Bring a character into sight, a third down where it was out of it."""
        offset = max(0, min(offset, len(self._lines.text)))
        if isinstance(self._lines, FoldingLines) and self._lines.show(offset):
            self._fit()
        layout, shown = self._layout, list(self._visible())
        if not any(row.start <= offset <= row.end for row in shown[: layout.rows]):
            number = layout.at(offset)
            row = (offset - layout.span(number)[0]) // layout.width(number) if self._wrap else 0
            self.verticalScrollBar().setValue(number)
            self._sub = min(row, layout.height(number) - 1)
            self._move(-(layout.rows // 3))
        if not self._wrap:
            self._show_column(offset - layout.span(layout.at(offset))[0])
        self.viewport().update()

    def _show_column(self, column: int) -> None:
        across, columns = self.horizontalScrollBar(), self._layout.columns
        if not across.value() <= column < across.value() + columns - 8:
            across.setValue(max(0, column - columns // 3))

    def set_wrap(self, on: bool) -> None:
        """Wrap long lines, or scroll sideways."""
        offset = self._layout.span(self.verticalScrollBar().value())[0]
        self._wrap, self._sub = on, 0
        self._fit()
        self.verticalScrollBar().setValue(self._layout.at(offset))
        self.viewport().update()

    def selected_text(self) -> str:
        """What is selected."""
        first, last = sorted((self._anchor, self._cursor))
        return self._lines.text[first:last]

    def select_all(self) -> None:
        """Select everything."""
        self._select(0, len(self._lines.text))

    def copy(self) -> None:
        """Put what is selected on the clipboard."""
        if chosen := self.selected_text():
            QGuiApplication.clipboard().setText(chosen)

    # Folds

    def fold(self, line: int, *, on: bool) -> None:
        """Fold the part that begins with a line, or show it again."""
        if isinstance(self._lines, FoldingLines):
            self._fold(self._lines, line, on)

    def fold_all(self, on: bool) -> None:
        """Fold every part but the whole, or show all of it."""
        lines = self._lines
        if isinstance(lines, FoldingLines):
            top = self.top_offset()
            if on:
                lines.fold_all()
            else:
                lines.unfold_all()
            self._fit_at(top)

    def _fold(self, lines: FoldingLines, line: int, on: bool) -> None:
        top = self.top_offset()
        lines.fold(line, on=on)
        self._fit_at(top)

    def _fit_at(self, top: int) -> None:
        """Lay out anew, the same line at the top."""
        self._fit()
        self.verticalScrollBar().setValue(self._layout.at(top))
        self.viewport().update()

    # Geometry

    @property
    def layout_(self) -> TextLayout:
        """Where everything stands."""
        return self._layout

    def _fit(self) -> None:
        self._layout = layout = TextLayout(self, self._lines, wrap=self._wrap)
        bar, across = self.verticalScrollBar(), self.horizontalScrollBar()
        bar.setRange(0, layout.last_top())
        bar.setPageStep(layout.rows)
        across.setRange(0, 0 if self._wrap else max(0, self._lines.longest - layout.columns))
        across.setPageStep(layout.columns)

    def _visible(self) -> Iterator[TextRow]:
        left = 0 if self._wrap else self.horizontalScrollBar().value()
        return self._layout.visible(self.verticalScrollBar().value(), self._sub, left)

    def _offset_at(self, point: QPoint) -> int:
        found = 0
        for start, end, y in self._visible():
            found = self._layout.nearest(start, end, point.x())
            if point.y() < y + self._layout.row:
                break
        return found

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows in sight."""
        tokens = tokens_of(self.palette())
        painter = QPainter(self.viewport())
        painter.setFont(self._layout.font)
        lit = tokens.color("selection" if self.hasFocus() else "unfocused")
        chosen_ink = tokens.color("selected_text" if self.hasFocus() else "text")
        first, last = sorted((self._anchor, self._cursor))
        for start, end, y in self._visible():
            marks = list(self._marks.within(start, end))
            for begin, stop, token in marks:
                painter.fillRect(self._area(start, begin, stop, y), tokens.color(token))
            for begin, stop, token in self._inked(start, end):
                self._draw(painter, start, begin, stop, y, tokens.color(token))
            for begin, stop, token in marks:
                if token == "selection":
                    self._draw(painter, start, begin, stop, y, tokens.color("selected_text"))
            begin, stop = max(start, first), min(end, last)
            if begin < stop:
                painter.fillRect(self._area(start, begin, stop, y), lit)
                self._draw(painter, start, begin, stop, y, chosen_ink)
            if isinstance(self._lines, FoldingLines):
                self._draw_fold(painter, self._lines, TextRow(start, end, y), tokens.color("dim"))
        painter.end()

    def _draw_fold(
        self, painter: QPainter, lines: FoldingLines, row: TextRow, color: QColor
    ) -> None:
        """Draw a chevron where a part begins, and what stands for it where it is folded."""
        line = lines.line_of(row.start)
        if not lines.can_fold(line):
            return
        begin, close = lines.span(lines.at(row.start, pieces=False), pieces=False)
        folded, edge = lines.is_folded(line), px(self, _CHEVRON)
        if row.start == begin or not self._wrap:
            name = "right" if folded else "down"
            top = row.y + (self._layout.row - edge) // 2
            drawn = pixmap(name, color, edge, self.devicePixelRatioF())
            painter.drawPixmap(px(self, 3), top, drawn)
        if folded and row.end == close:
            words = f" {ELLIPSIS} {lines.closing(line)}"
            painter.setPen(color)
            x = self._layout.x(row.start, row.end)
            painter.drawText(x, row.y + self._layout.ascent, words)

    def _inked(self, start: int, end: int) -> Iterator[ColourSpan]:
        """The row's characters by colour, as offsets into the text."""
        line = self._lines.at(start, pieces=False)
        origin, close = self._lines.span(line, pieces=False)
        here = start
        for first, last, token in self._spans(self._lines.text[origin : min(close, origin + 600)]):
            begin, stop = max(origin + first, start), min(origin + last, end)
            if begin < stop:
                yield ColourSpan(here, begin, "text")
                yield ColourSpan(begin, stop, token)
                here = stop
        yield ColourSpan(here, end, "text")

    def _area(self, start: int, begin: int, stop: int, y: int) -> QRect:
        x = self._layout.x(start, begin)
        return QRect(x, y, self._layout.x(start, stop) - x, self._layout.row)

    def _draw(
        self, painter: QPainter, start: int, begin: int, stop: int, y: int, color: QColor
    ) -> None:
        if begin < stop:
            painter.setPen(color)
            words = visible(self._lines.text[begin:stop])
            painter.drawText(self._layout.x(start, begin), y + self._layout.ascent, words)

    # Input

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll, select all, copy."""
        bar, across = self.verticalScrollBar(), self.horizontalScrollBar()
        keys = QKeySequence.StandardKey
        moves: dict[int, Callable[[], object]] = {
            Qt.Key.Key_Up: lambda: self._move(-1),
            Qt.Key.Key_Down: lambda: self._move(1),
            Qt.Key.Key_PageUp: lambda: self._move(1 - self._layout.rows),
            Qt.Key.Key_PageDown: lambda: self._move(self._layout.rows - 1),
            Qt.Key.Key_Home: lambda: bar.setValue(0),
            Qt.Key.Key_End: lambda: bar.setValue(bar.maximum()),
            Qt.Key.Key_Left: lambda: across.setValue(across.value() - 4),
            Qt.Key.Key_Right: lambda: across.setValue(across.value() + 4),
        }
        if event.matches(keys.SelectAll):
            self.select_all()
        elif event.modifiers() == Qt.KeyboardModifier.NoModifier and event.key() in moves:
            moves[event.key()]()
        else:
            super().keyPressEvent(event)

    def _move(self, rows: int) -> None:
        """Scroll by visual rows."""
        bar = self.verticalScrollBar()
        number, sub = bar.value(), self._sub + rows
        while sub < 0 and number > 0:
            number -= 1
            sub += self._layout.height(number)
        while sub >= self._layout.height(number) and number < bar.maximum():
            sub -= self._layout.height(number)
            number += 1
        blocked = bar.blockSignals(True)
        bar.setValue(number)
        bar.blockSignals(blocked)
        self._sub = max(0, min(sub, self._layout.height(number) - 1))
        self.viewport().update()

    def _scrolled(self, _value: int) -> None:
        self._sub = 0
        self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Three rows a notch; sideways with Shift."""
        turn = event.angleDelta()
        if turn.x() or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            super().wheelEvent(event)
            return
        self._move(-round(turn.y() / 40))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a selection; at the left of the text, fold a part or show it."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        point, lines = event.position().toPoint(), self._lines
        offset = self._offset_at(point)
        self._folding = isinstance(lines, FoldingLines) and point.x() < self._layout.left
        if isinstance(lines, FoldingLines) and self._folding:
            line = lines.line_of(offset)
            self._fold(lines, line, on=not lines.is_folded(line))
            return
        self._select(offset, offset)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Extend the selection, scrolling at the edges."""
        if not event.buttons() & Qt.MouseButton.LeftButton or self._folding:
            return
        y = event.position().y()
        if y < 0 or y > self.viewport().height():
            self._move(-1 if y < 0 else 1)
        self._select(self._anchor, self._offset_at(event.position().toPoint()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell a click that selected nothing."""
        left = event.button() == Qt.MouseButton.LeftButton
        if left and self._anchor == self._cursor and not self._folding:
            self.clicked.emit(self._cursor)
        event.accept()

    def _select(self, anchor: int, cursor: int) -> None:
        self._anchor, self._cursor = anchor, cursor
        self.selection_changed.emit(anchor != cursor)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the scroll bars."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()
            self.viewport().update()
