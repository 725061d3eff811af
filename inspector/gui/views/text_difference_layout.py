"""Where the lines of a text difference stand: gutters, wrapped lines, wide characters."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import Final, NamedTuple

from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QAbstractScrollArea

from inspector.gui.fonts import fonts_of, px
from inspector.gui.models.text_lines import Line, TextRows
from inspector.gui.models.wrapping import height
from inspector.gui.words import visible

_FEWEST: Final = 10  #: columns of the narrowest view
_DIGITS: Final = 4  #: of line numbers, at least
_PADDING: Final = 8


class Side(NamedTuple):
    """A column of text: its left edge, the left edge of its letters, its right edge."""

    left: int
    text: int
    right: int


class DifferenceLayout:
    """Rows laid out for the size and the font of a view.

    Attributes:
        lines: the rows, of which each has one line of either text or of both.
        beside: whether the two texts stand beside each other.
        sides: where the earlier and the later text stand; the same place where they are unified.
        columns: characters that fit beside each other.
        digits: of the line numbers.
        row: height of a visual row.
        advance: width of a character.
        metrics: of the font.
    """

    def __init__(self, view: QAbstractScrollArea, rows: TextRows | None, *, beside: bool) -> None:
        self.rows, self.beside = rows, beside
        self.lines: list[Line] = []
        if rows is not None:
            self.lines = rows.beside if beside else rows.unified
        font = fonts_of(view.font()).fixed
        self.metrics = QFontMetricsF(font)
        self.advance = max(1.0, self.metrics.horizontalAdvance("0"))
        self.row = max(px(view, 18), round(self.metrics.height()) + 2)
        last = max(len(rows.lines.before), len(rows.lines.after)) if rows is not None else 0
        self.digits = max(_DIGITS, len(f"{last}"))
        width, padding = view.viewport().width(), px(view, _PADDING)
        half = width // 2 if beside else width
        lead = round((self.digits * (1 if beside else 2) + 3) * self.advance) + padding
        self.columns = max(_FEWEST, int((half - lead - padding) / self.advance))
        first = Side(0, lead, half)
        self.sides = (first, Side(half + 1, half + 1 + lead, width) if beside else first)
        #: The rows that are wrapped, the visual rows that they and those before take beyond their
        #: number, and where they end.
        self._wide = rows.widths[0 if beside else 1].over(self.columns) if rows is not None else []
        self._more = list(accumulate((self._height(row) - 1 for row in self._wide), initial=0))
        self._ends = [row + 1 + more for row, more in zip(self._wide, self._more[1:], strict=True)]

    @property
    def wrapped(self) -> int:
        """How many rows take more than one visual row."""
        return len(self._wide)

    @property
    def total(self) -> int:
        """How many visual rows there are."""
        return len(self.lines) + self._more[-1]

    def top(self, row: int) -> int:
        """The first visual row of a row."""
        return row + self._more[bisect_left(self._wide, row)]

    def end(self, row: int) -> int:
        """The visual row behind a row."""
        return self.top(row + 1)

    def at(self, visual: int) -> int:
        """The row of a visual row; beyond all, how many rows there are."""
        place = bisect_right(self._ends, visual)
        row = visual - self._more[place]
        # Within a wrapped row its visual rows are all its own.
        row = min(row, self._wide[place]) if place < len(self._wide) else row
        return min(row, len(self.lines))

    def text(self, row: int, *, after: bool) -> str | None:
        """The line of a row on one side; None where there is none."""
        line = self.lines[row]
        number = line.after if after else line.before
        if number is None or self.rows is None:
            return None
        return (self.rows.lines.after if after else self.rows.lines.before)[number]

    def is_after(self, row: int, *, after: bool) -> bool:
        """Which text a row shows where a side was asked for: unified ones have their own."""
        return after if self.beside else self.lines[row].before is None

    def wide(self, text: str) -> float:
        """The width of a text."""
        if text.isascii():
            return len(text) * self.advance
        return self.metrics.horizontalAdvance(visible(text))

    def offset(self, text: str, piece: tuple[int, int], x: float) -> int:
        """The place between two characters of a piece that is nearest to ``x`` from its left."""
        start, stop = piece
        part = text[start:stop]
        return start + min(range(len(part) + 1), key=lambda at: abs(self.wide(part[:at]) - x))

    def _height(self, row: int) -> int:
        sides = (self.text(row, after=after) for after in (False, True))
        return max(height(text, self.columns) for text in sides if text is not None)
