"""Bytes of any number as offset, hex and text: only the lines in sight are painted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final, TypeVar

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from inspector.decode.byte_map import Range
from inspector.gui.bytes.byte_ranges import Marks, within
from inspector.gui.style.fonts import fonts_of, px
from inspector.gui.style.theme import ColourTokens, tokens_of
from inspector.gui.widgets.scroll_bars import slim
from inspector.named_tuple import NamedTuple

LEFT: Final = 12  #: margin, for a 13 px font
TOP: Final = 4
_WIDE, _NARROW = 16, 8
_GAP: Final = 2.0  #: characters between offset, hex and text
_CELL: Final = 3.0  #: characters a byte takes in hex
_HALF: Final = 0.5


class HexLayout:
    """The layout of a width: sixteen bytes a line, or eight where they have no room.

    Attributes:
        font: the fixed font.
        row: height of a line.
        per_line: bytes a line.
        digits: hex digits of an offset.
        width: of everything, in pixels.
    """

    def __init__(self, view: QWidget, size: int, room: int) -> None:
        self.font: QFont = fonts_of(view.font()).fixed
        metrics = QFontMetricsF(self.font)
        self._advance = max(1.0, metrics.horizontalAdvance("0"))
        self._left, self._top = px(view, LEFT), px(view, TOP)
        self.row = max(20, px(view, 20), round(metrics.height()) + 2)
        self.baseline = round((self.row + metrics.ascent() - metrics.descent()) / 2)
        self.digits = max(5, len(f"{max(0, size - 1):x}"))
        self.per_line = _WIDE
        if self._right() + self._left > room:
            self.per_line = _NARROW
        self.width = self._right() + self._left
        self.lines = -(-size // self.per_line)

    def _right(self) -> int:
        return round(self.text_x(self.per_line))

    def top(self, line: int, first: int) -> int:
        """The upper edge of a line when another is the first that is shown."""
        return self._top + (line - first) * self.row

    def offset_x(self) -> int:
        """The left edge of offsets."""
        return self._left

    def hex_x(self, column: int) -> float:
        """The left edge of a byte's first digit."""
        middle = 1 if column >= self.per_line // 2 else 0
        start = self.digits + _GAP + _CELL * column + middle
        return self._left + start * self._advance

    def text_x(self, column: int) -> float:
        """The left edge of a byte's character."""
        start = self.digits + _GAP + _CELL * self.per_line + _GAP + column
        return self._left + start * self._advance

    def hex_rect(self, first: int, last: int, top: int) -> QRect:
        """The ground of the bytes of a line from one column to another, both included."""
        left = self.hex_x(first) - _HALF * self._advance
        right = self.hex_x(last) + 2 * self._advance + _HALF * self._advance
        return QRect(round(left), top, round(right) - round(left), self.row)

    def text_rect(self, first: int, last: int, top: int) -> QRect:
        """The ground of the characters of a line from one column to another, both included."""
        left, right = self.text_x(first), self.text_x(last + 1)
        return QRect(round(left), top, round(right) - round(left), self.row)

    def column_at(self, x: int) -> int:
        """The column at a horizontal position, of hex or of text."""
        if x >= self.text_x(0) - self._advance:
            column = int((x - self.text_x(0)) // self._advance)
        else:
            edges = (self.hex_x(c) - _HALF * self._advance for c in range(self.per_line))
            column = sum(x >= edge for edge in edges) - 1
        return max(0, min(column, self.per_line - 1))

    def byte_at(self, point: QPoint, first: int) -> int:
        """The byte at a point when ``first`` is the first line shown; it may be past the end."""
        line = first + max(0, point.y() - self._top) // self.row
        return line * self.per_line + self.column_at(point.x())


COVERED_HEX: Final = "\N{BULLET}\N{BULLET}"
COVERED_TEXT: Final = "\N{BULLET}"
T = TypeVar("T")
_DOT: Final = "\N{MIDDLE DOT}"
_TEXT: Final = [chr(b) if 32 <= b < 127 else _DOT for b in range(256)]
_HEX: Final = [f"{b:02x}" for b in range(256)]


class ByteLook(NamedTuple):
    """How a byte looks: whether it is selected, covered, or no character."""

    chosen: bool
    covered: bool
    dim: bool


def text_of(byte: int) -> str:
    """A byte in the text column."""
    return _TEXT[byte]


def looks(
    data: bytes, start: int, marks: Marks, hidden: Sequence[Range] | None
) -> Iterator[tuple[ByteLook, int, int]]:
    """Columns of a line that look the same: their look, the first and the last of them.

    Args:
        data: the bytes of the line.
        start: offset of its first byte.
        marks: what is selected.
        hidden: what is covered; None while that is not known, when all of it is.
    """
    found = [
        ByteLook(_is_chosen(marks, at), hidden is None or within(hidden, at), _TEXT[byte] == _DOT)
        for at, byte in enumerate(data, start)
    ]
    return _runs(found)


def _is_chosen(marks: Marks, at: int) -> bool:
    """Whether a byte has the ground of a selection, and nothing over it."""
    return within(marks.value, at) and not within(marks.found, at)


def _runs(found: Iterable[T]) -> Iterator[tuple[T, int, int]]:
    """Equal neighbours together: what they are, the first and the last of them."""
    column = 0
    for look, same in groupby(found):
        count = len(list(same))
        yield look, column, column + count - 1
        column += count


def grounds(size: int, start: int, marks: Marks) -> Iterator[tuple[str, int, int]]:
    """Columns of a line with the same token behind them, those with none left out."""
    found = _runs([_ground(marks, at) for at in range(start, start + size)])
    return ((token, first, last) for token, first, last in found if token)


def _ground(marks: Marks, at: int) -> str:
    if within(marks.found, at):
        return "found"
    if within(marks.value, at):
        return "selection"
    if within(marks.head, at):
        return "unfocused"
    return "tint_span" if within(marks.around, at) else ""


class HexPainter:
    """Paints lines with one painter."""

    def __init__(
        self, painter: QPainter, grid: HexLayout, tokens: ColourTokens, *, lit: bool
    ) -> None:
        self._painter, self._grid, self._tokens, self._lit = painter, grid, tokens, lit

    def offset(self, start: int, top: int) -> None:
        """Write the offset of a line."""
        grid, painter = self._grid, self._painter
        painter.setPen(self._tokens.color("dim"))
        words = f"{start:0{grid.digits}x}"
        painter.drawText(grid.offset_x(), top + grid.baseline, words)

    def run(self, data: bytes, look: ByteLook, first: int, last: int, top: int) -> None:
        """Paint the bytes of some columns, in hex and as text."""
        grid, painter, middle = self._grid, self._painter, self._grid.per_line // 2
        chosen = look.chosen and self._lit
        plain = "selected_text" if chosen else "text"
        dim = "selected_dim" if chosen else "dim"
        y = top + grid.baseline
        painter.setPen(self._tokens.color(dim if look.covered else plain))
        for begin, end in ((first, min(last, middle - 1)), (max(first, middle), last)):
            if begin <= end:
                parts = [COVERED_HEX if look.covered else _HEX[b] for b in data[begin : end + 1]]
                painter.drawText(round(grid.hex_x(begin)), y, " ".join(parts))
        painter.setPen(self._tokens.color(dim if look.covered or look.dim else plain))
        words = "".join(COVERED_TEXT if look.covered else _TEXT[b] for b in data[first : last + 1])
        painter.drawText(round(grid.text_x(first)), y, words)

    def ground(self, token: str, first: int, last: int, top: int) -> None:
        """Paint what is behind the bytes of some columns."""
        name = "unfocused" if token == "selection" and not self._lit else token
        color = self._tokens.color(name)
        self._painter.fillRect(self._grid.hex_rect(first, last, top), color)
        self._painter.fillRect(self._grid.text_rect(first, last, top), color)

    def cursor(self, column: int, top: int, *, chosen: bool) -> None:
        """Frame the current byte."""
        ink = "selected_text" if chosen and self._lit else "link"
        self._painter.setPen(self._tokens.color(ink))
        for rect in (
            self._grid.hex_rect(column, column, top),
            self._grid.text_rect(column, column, top),
        ):
            self._painter.drawRect(rect.adjusted(0, 1, -1, -2))


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
                chosen = _is_chosen(self._marks, self._cursor)
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
