"""Where offset, hex and text of each byte stand, and which byte stands at a point."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QWidget

from inspector.gui.fonts import fonts_of, px

LEFT: Final = 12  #: margin, for a 13 px font
TOP: Final = 4
_WIDE, _NARROW = 16, 8
_GAP: Final = 2.0  #: characters between offset, hex and text
_CELL: Final = 3.0  #: characters a byte takes in hex
_HALF: Final = 0.5


class HexGrid:
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
