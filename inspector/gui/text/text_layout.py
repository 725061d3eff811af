"""Where the characters of a text stand: how wide they are, wrapped where, in which rows."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from itertools import accumulate
from typing import Final, NamedTuple

from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QAbstractScrollArea

from inspector import invisible
from inspector.gui.style.fonts import fonts_of, px
from inspector.gui.style.text_format import visible
from inspector.gui.text.text_lines import PIECE, FoldingLines, Lines

_FIRST_WIDE: Final = "\u1100"  #: no character before it is wide


_columns = partial(invisible.columns, pictures=True)


def width(text: str) -> int:
    """How many columns a line takes."""
    return len(text) if _is_even(text) else sum(_columns(text))


def pieces(text: str, columns: int) -> list[tuple[int, int]]:
    """Where a line is wrapped: ranges that fit into so many columns, cut behind a blank.

    The blank that a range ends with may lie beyond the columns, where nothing is seen of it.
    Wide characters take two columns, such that cannot be seen as many as what stands for them; what
    stands over another one is not cut off from it.
    """
    places: range | list[int] = range(len(text) + 1)
    if not _is_even(text):
        places = list(accumulate(_columns(text), initial=0))
    found: list[tuple[int, int]] = []
    start = 0
    while places[-1] - places[start] > columns:
        stop = bisect_right(places, places[start] + columns, start + 1) - 1
        blank = text.rfind(" ", start + 1, stop + 1)
        end = blank + 1 if blank > 0 else max(stop, start + 1)
        found.append((start, end))
        start = end
    if start < len(text):
        found.append((start, len(text)))
    return found or [(0, 0)]


def height(text: str, columns: int) -> int:
    """How many pieces a line is wrapped into; faster than to make them."""
    if not _is_even(text):
        return len(pieces(text, columns))
    size, start, count = len(text), 0, 1
    while size - start > columns:
        blank = text.rfind(" ", start + 1, start + columns + 1)
        start = blank + 1 if blank > 0 else start + columns
        count += 1
    return count if start < size else max(1, count - 1)


@lru_cache(maxsize=256)
def characters_per_row(text: str, columns: int) -> int:
    """The most characters of equal rows, of which each fits into so many columns; at least one."""
    if _is_even(text):
        return columns
    places = [*accumulate(_columns(text), initial=0)]
    last = len(text)

    def fits(count: int) -> bool:
        return all(
            places[min(start + count, last)] - places[start] <= columns
            for start in range(0, last, count)
        )

    return next((count for count in range(columns, 1, -1) if fits(count)), 1)


class RowWidths:
    """The widths of rows: which are wrapped is known without a look at the others."""

    def __init__(self, widths: Sequence[int]) -> None:
        """Takes the columns of each row."""
        order = sorted(range(len(widths)), key=widths.__getitem__, reverse=True)
        self._rows = array("q", order)
        self._narrower = array("q", (-widths[row] for row in order))

    def over(self, columns: int) -> list[int]:
        """The rows that are wider, ascending."""
        return sorted(self._rows[: bisect_left(self._narrower, -columns)])


def _is_even(text: str) -> bool:
    """Whether every character takes one column."""
    return text.isascii() or (max(text) < _FIRST_WIDE and len(visible(text)) == len(text))


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
