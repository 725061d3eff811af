"""Where the characters of a text stand: rows, columns, and wide ones among them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QAbstractScrollArea

from inspector.gui.style.fonts import fonts_of, px
from inspector.gui.style.text_format import visible
from inspector.gui.text.json_folding import FoldingLines
from inspector.gui.text.text_lines import PIECE, Lines
from inspector.gui.text.text_wrapping import characters_per_row

_LEFT: Final = 12  #: margin, for a 13 px font
_FOLDS: Final = 8  #: more of it where lines can be folded
_TOP: Final = 6
_FEWEST: Final = 10  #: columns of the narrowest view


class TextRow(NamedTuple):
    """A row in sight: its first character, the one behind its last, its upper edge."""

    start: int
    end: int
    y: int


class TextLayout:
    """A text laid out for the size and the font of a view.

    Attributes:
        font: the fixed font.
        advance: width of a character.
        row: height of a row.
        columns: characters that fit beside each other.
        rows: rows that fit below each other.
    """

    def __init__(self, view: QAbstractScrollArea, lines: Lines, *, wrap: bool) -> None:
        self.lines, self.wrap = lines, wrap
        self.font = fonts_of(view.font()).fixed
        self._metrics = QFontMetricsF(self.font)
        self.advance = max(1.0, self._metrics.horizontalAdvance("0"))
        self.row = round(self._metrics.height()) + px(view, 2)
        self.ascent = round(self._metrics.ascent()) + px(view, 1)
        folds = isinstance(lines, FoldingLines)
        self._left, self._top = px(view, _LEFT + (_FOLDS if folds else 0)), px(view, _TOP)
        size = view.viewport().size()
        self._height = size.height()
        self.columns = max(_FEWEST, int((size.width() - 2 * self._left) / self.advance))
        self.rows = max(1, size.height() // self.row)

    @property
    def left(self) -> int:
        """The left edge of the text."""
        return self._left

    @property
    def count(self) -> int:
        """How many lines there are, or pieces of lines where they are wrapped."""
        return self.lines.count(pieces=self.wrap)

    def span(self, number: int) -> tuple[int, int]:
        """The characters of a line or piece."""
        return self.lines.span(number, pieces=self.wrap)

    def at(self, offset: int) -> int:
        """The line or piece of a character."""
        return self.lines.at(offset, pieces=self.wrap)

    def height(self, number: int) -> int:
        """The rows of a line or piece."""
        if not self.wrap:
            return 1
        first, last = self.span(number)
        return max(1, -(-(last - first) // self.width(number)))

    def width(self, number: int) -> int:
        """Characters of a line or piece that fit beside each other, as many in each row."""
        first, last = self.span(number)
        part = self.lines.text[first : min(last, first + PIECE)]
        return self.columns if part.isascii() else characters_per_row(part, self.columns)

    def last_top(self) -> int:
        """The line or piece that stands at the top when the end of the text is in sight."""
        hidden, room = 0, self.rows
        while hidden < self.count and room > 0:
            hidden += 1
            room -= self.height(self.count - hidden)
        return max(0, self.count - hidden + (room < 0))

    def visible(self, number: int, sub: int, left: int) -> Iterator[TextRow]:
        """The rows in sight.

        Args:
            number: the line or piece at the top.
            sub: which of its rows.
            left: characters that are scrolled out at the left.
        """
        y = self._top
        while number < self.count and y < self._height:
            first, last = self.span(number)
            columns = self.width(number) if self.wrap else self.columns
            for row in range(sub, self.height(number)):
                start = min(first + left + row * columns, last)
                yield TextRow(start, min(start + columns + (not self.wrap), last), y)
                y += self.row
            number, sub = number + 1, 0

    def x(self, start: int, offset: int) -> int:
        """The left edge of a character of the row that begins at ``start``."""
        part = self.lines.text[start:offset]
        if part.isascii():
            return round(self._left + len(part) * self.advance)
        return round(self._left + self._metrics.horizontalAdvance(visible(part)))

    def nearest(self, start: int, end: int, x: int) -> int:
        """The offset between two characters of a row that is nearest to a point."""
        if self.lines.text[start:end].isascii():
            return min(max(start, start + round((x - self._left) / self.advance)), end)
        return min(range(start, end + 1), key=lambda offset: abs(self.x(start, offset) - x))
