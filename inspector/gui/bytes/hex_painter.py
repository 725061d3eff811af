"""Where offset, hex and text of each byte stand, and how the bytes of a line look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple, TypeVar

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from inspector.decode.byte_map import Range
from inspector.gui.bytes.byte_ranges import Marks, within
from inspector.gui.style.fonts import fonts_of, px
from inspector.gui.style.theme import ColourTokens

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
        """The same for characters."""
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
        ByteLook(within(marks.value, at), hidden is None or within(hidden, at), _TEXT[byte] == _DOT)
        for at, byte in enumerate(data, start)
    ]
    return _runs(found)


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
