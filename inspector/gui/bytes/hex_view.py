"""Bytes of any number as offset, hex and text: only the lines in sight are painted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from inspector.decode.byte_map import Range
from inspector.gui.bytes.byte_ranges import Marks, within
from inspector.gui.bytes.hex_painter import HexLayout, HexPainter, grounds, looks, text_of
from inspector.gui.style.theme import tokens_of
from inspector.gui.widgets.scroll_bars import slim

_NOTHING = Marks()


class HexView(QAbstractScrollArea):
    """Shows bytes with one of them current.

    ``moved`` tells the byte the person went to; ``activated`` that Enter was pressed on it.
    """

    moved = Signal(int)
    activated = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data = b""
        self._hidden: Sequence[Range] | None = None
        self._marks = _NOTHING
        self._cursor = 0
        self.is_lit: Callable[[], bool] = self.hasFocus
        self.setFrameShape(QFrame.Shape.NoFrame)
        slim(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Bytes")
        self._grid = HexLayout(self, 0, 0)
        self._fit()

    def set_data(self, data: bytes) -> None:
        """Show other bytes; all of them covered until it is said which are."""
        self._data, self._hidden, self._marks, self._cursor = data, None, _NOTHING, 0
        self._fit()
        self.verticalScrollBar().setValue(0)
        self._tell()

    def set_hidden(self, hidden: Sequence[Range] | None) -> None:
        """Cover these ranges, which are in order; None covers everything."""
        self._hidden = hidden
        self.viewport().update()
        self._tell()

    def set_marks(self, marks: Marks) -> None:
        """Mark the bytes of a value."""
        self._marks = marks
        self.viewport().update()

    @property
    def data(self) -> bytes:
        """What is shown."""
        return self._data

    @property
    def marks(self) -> Marks:
        """What is marked."""
        return self._marks

    @property
    def grid(self) -> HexLayout:
        """Where everything stands."""
        return self._grid

    def cursor_at(self) -> int:
        """The current byte."""
        return self._cursor

    def is_covered(self, offset: int) -> bool:
        """Whether a byte is shown as a dot."""
        return self._hidden is None or within(self._hidden, offset)

    def go_to(self, offset: int) -> None:
        """Make a byte the current one and bring it into sight; nobody is told."""
        if not self._data:
            return
        self._cursor = max(0, min(offset, len(self._data) - 1))
        line, bar = self._cursor // self._grid.per_line, self.verticalScrollBar()
        if not bar.value() <= line < bar.value() + self._rows():
            bar.setValue(line - self._rows() // 3)
        self.viewport().update()
        self._tell()

    def words(self) -> str:
        """The current byte, read out."""
        if not self._data:
            return "no bytes"
        at, byte = self._cursor, self._data[self._cursor]
        if self.is_covered(at):
            return f"offset {at:x}, hidden"
        text = text_of(byte) if 32 <= byte < 127 else "no character"
        return f"offset {at:x}, {byte:02x}, {text}"

    def _tell(self) -> None:
        self.setAccessibleDescription(self.words())
        event = QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
        QAccessible.updateAccessibility(event)

    # Geometry

    def _rows(self) -> int:
        return max(1, (self.viewport().height() - 4) // self._grid.row)

    def _fit(self) -> None:
        first = self.verticalScrollBar().value() * self._grid.per_line
        self._grid = HexLayout(self, len(self._data), self.viewport().width())
        bar, across = self.verticalScrollBar(), self.horizontalScrollBar()
        bar.setRange(0, max(0, self._grid.lines - self._rows()))
        bar.setPageStep(self._rows())
        bar.setValue(first // self._grid.per_line)
        across.setRange(0, max(0, self._grid.width - self.viewport().width()))
        across.setPageStep(self.viewport().width())
        self.viewport().update()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines in sight."""
        tokens = tokens_of(self.palette())
        grid, first = self._grid, self.verticalScrollBar().value()
        painter = QPainter(self.viewport())
        painter.translate(-self.horizontalScrollBar().value(), 0)
        painter.setFont(grid.font)
        ink = HexPainter(painter, grid, tokens, lit=self.is_lit())
        for line in range(first, min(grid.lines, first + self._rows() + 2)):
            top, start = grid.top(line, first), line * grid.per_line
            data = self._data[start : start + grid.per_line]
            ink.offset(start, top)
            for token, begin, end in grounds(len(data), start, self._marks):
                ink.ground(token, begin, end, top)
            for look, begin, end in looks(data, start, self._marks, self._hidden):
                ink.run(data, look, begin, end, top)
            if self.hasFocus() and start <= self._cursor < start + len(data):
                chosen = within(self._marks.value, self._cursor)
                ink.cursor(self._cursor - start, top, chosen=chosen)
        painter.end()

    # Input

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move byte by byte, line by line, page by page."""
        line, page = self._grid.per_line, self._grid.per_line * max(1, self._rows() - 1)
        column, last = self._cursor % line, len(self._data) - 1
        whole = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        goals = {
            Qt.Key.Key_Left: self._cursor - 1,
            Qt.Key.Key_Right: self._cursor + 1,
            Qt.Key.Key_Up: self._cursor - line,
            Qt.Key.Key_Down: self._cursor + line,
            Qt.Key.Key_PageUp: max(column, self._cursor - page),
            Qt.Key.Key_PageDown: min(last, self._cursor + page),
            Qt.Key.Key_Home: 0 if whole else self._cursor - column,
            Qt.Key.Key_End: last if whole else min(last, self._cursor - column + line - 1),
        }
        allowed = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.KeypadModifier
        goal = goals.get(Qt.Key(event.key()))
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.activated.emit()
        elif goal is None or event.modifiers() & ~allowed:
            super().keyPressEvent(event)
        elif 0 <= goal <= last:
            self._move(goal)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the byte under the pointer."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._move_to_point(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer while the button is held."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._move_to_point(event)

    def _move_to_point(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        point.setX(point.x() + self.horizontalScrollBar().value())
        at = self._grid.byte_at(point, self.verticalScrollBar().value())
        if at < len(self._data):
            self._move(at)

    def _move(self, offset: int) -> None:
        self.go_to(offset)
        self.moved.emit(self._cursor)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Paint anew: lines are not moved as pixels."""
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out for the new width; the current byte stays in sight."""
        before, first = event.oldSize().height(), self.verticalScrollBar().value()
        rows = max(1, (before - 4) // self._grid.row)
        seen = before <= 0 or first <= self._cursor // self._grid.per_line < first + rows
        super().resizeEvent(event)
        self._fit()
        if seen:
            self.go_to(self._cursor)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the current byte."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide it."""
        super().focusOutEvent(event)
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()
