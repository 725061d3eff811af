"""Where the characters of a text stand: cut into lines, wrapped, how wide they are."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from itertools import accumulate
from typing import Final

from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QAbstractScrollArea

from inspector import invisible
from inspector.gui.style.fonts import fonts_of, px
from inspector.gui.style.text_format import visible
from inspector.named_tuple import NamedTuple

# A text cut into lines and pieces, so that only what is in sight is ever looked at.
#
# Of indented JSON, what stands between two brackets can be folded away. Offsets stay those of the
# whole text: what is found, marked or copied knows of no folds.

_PART: Final = 1 << 18  #: characters
PIECE: Final = 4000  #: characters of a line that are wrapped as one


class Lines:
    """A text by lines, and by pieces of lines of at most :data:`PIECE` characters.

    Made in the worker: a text of 50 MB takes some tenths of a second.
    """

    def __init__(self, text: str = "") -> None:
        self.text = text
        lengths = _lengths(text)
        starts = accumulate(lengths, lambda start, length: start + length + 1, initial=0)
        self._starts = array("Q", starts)
        self._starts.pop()  # where the line behind the last one would begin
        self.longest = max(lengths)
        self._pieces = self._starts
        if self.longest > PIECE:
            self._pieces = array("Q")
            for start, length in zip(self._starts, lengths, strict=True):
                self._pieces.extend(range(start, start + max(length, 1), PIECE))

    def count(self, *, pieces: bool) -> int:
        """Number of lines, or of pieces."""
        return len(self._pieces if pieces else self._starts)

    def span(self, number: int, *, pieces: bool) -> tuple[int, int]:
        """Offsets of the first character of a line or piece and behind its last."""
        starts = self._pieces if pieces else self._starts
        first = starts[number]
        last = starts[number + 1] if number + 1 < len(starts) else len(self.text)
        broken = last > first and number + 1 < len(starts) and self.text[last - 1] == "\n"
        return first, last - broken

    def at(self, offset: int, *, pieces: bool) -> int:
        """The line or piece an offset lies in."""
        starts = self._pieces if pieces else self._starts
        return bisect_right(starts, offset) - 1


def _lengths(text: str) -> array[int]:
    """The length of every line, found part by part: no call holds other threads up.

    Nor is a line copied that is longer than a part: that may be all of a text.
    """
    lengths = array("Q")
    begun = 0  #: characters of a line that begins in an earlier part
    for here in range(0, len(text), _PART):
        first, *others = map(len, text[here : here + _PART].split("\n"))
        begun += first
        if others:
            lengths.append(begun)
            lengths.extend(others[:-1])
            begun = others[-1]
    lengths.append(begun)
    return lengths


_EDGE: Final = 4096  #: characters in which a line has its first mark, or its last
_OPEN, _CLOSE = ("{", "["), ("}", "]")


class _Hidden(NamedTuple):
    """What is folded away, by numbers of lines or pieces.

    Attributes:
        firsts: the first number of each part.
        begins: where each part would begin among those that are left.
        before: how many numbers all parts before each have, and at the end how many there are.
    """

    firsts: list[int]
    begins: list[int]
    before: list[int]


class FoldingLines(Lines):
    """Made in the worker, as :class:`Lines` are; numbers are of what is not folded away."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self._ends = self._find_ends()
        self._folded: set[int] = set()
        self._hidden: dict[bool, _Hidden] = {}

    def _find_ends(self) -> array[int]:
        """Of each line the last one of the part that it begins; itself where it begins none."""
        found = array("I", range(super().count(pieces=False)))
        stack: list[int] = []
        for line in range(len(found)):
            first, last = super().span(line, pieces=False)
            words = self.text[first : min(last, first + _EDGE)]
            if last - first > _EDGE:  # all of a text may be one line, which is not copied
                words += self.text[last - _EDGE : last]
            words = words.strip()
            if words.startswith(_CLOSE) and stack:
                found[stack.pop()] = line
            if words.endswith(_OPEN):
                stack.append(line)
        return found

    # Folds

    def line_of(self, offset: int) -> int:
        """The line of the text an offset lies in, folded away or not."""
        return super().at(offset, pieces=False)

    def can_fold(self, line: int) -> bool:
        """Whether a part begins with a line."""
        return 0 <= line < len(self._ends) and self._ends[line] > line

    def is_folded(self, line: int) -> bool:
        """Whether the part that begins with a line is folded away."""
        return line in self._folded

    def end_of(self, line: int) -> int:
        """The last line of the part that begins with a line."""
        return self._ends[line]

    def closing(self, line: int) -> str:
        """How the part ends that begins with a line, such as ``},``."""
        first, last = super().span(self._ends[line], pieces=False)
        return self.text[first:last].strip()

    def around(self, offset: int) -> int:
        """The line of the innermost part an offset lies in or begins, or -1."""
        line = self.line_of(offset)
        above = range(line, -1, -1)
        return next((one for one in above if self.can_fold(one) and self._ends[one] >= line), -1)

    def fold(self, line: int, *, on: bool) -> None:
        """Fold the part that begins with a line, or show it again."""
        if self.can_fold(line) and (line in self._folded) != on:
            self._folded ^= {line}
            self._hidden.clear()

    def fold_all(self) -> None:
        """Fold every part but the whole."""
        self._folded = {line for line, end in enumerate(self._ends) if end > line > 0}
        self._hidden.clear()

    def unfold_all(self) -> None:
        """Fold nothing."""
        self._folded.clear()
        self._hidden.clear()

    def show(self, offset: int) -> bool:
        """Show what an offset lies in; False where it was shown already."""
        line = self.line_of(offset)
        over = {one for one in self._folded if one < line <= self._ends[one]}
        self._folded -= over
        if over:
            self._hidden.clear()
        return bool(over)

    # Numbers

    def count(self, *, pieces: bool) -> int:
        """Number of lines, or of pieces, that are not folded away."""
        return super().count(pieces=pieces) - self._parts(pieces).before[-1]

    def span(self, number: int, *, pieces: bool) -> tuple[int, int]:
        """Offsets of the first character of a line or piece and behind its last."""
        hidden = self._parts(pieces)
        return super().span(
            number + hidden.before[bisect_right(hidden.begins, number)], pieces=pieces
        )

    def at(self, offset: int, *, pieces: bool) -> int:
        """The line or piece an offset lies in; of what is folded away, that before it."""
        hidden, number = self._parts(pieces), super().at(offset, pieces=pieces)
        part = bisect_right(hidden.firsts, number)
        if not part:
            return number
        length = hidden.before[part] - hidden.before[part - 1]
        if number < hidden.firsts[part - 1] + length:
            return hidden.begins[part - 1] - 1
        return number - hidden.before[part]

    def _parts(self, pieces: bool) -> _Hidden:
        found = self._hidden.get(pieces)
        if found is None:
            found = self._hidden[pieces] = self._find_parts(pieces)
        return found

    def _find_parts(self, pieces: bool) -> _Hidden:
        firsts: list[int] = []
        lengths: list[int] = []
        end = -1
        for line in sorted(self._folded):
            if line <= end:
                continue  # within another one
            end = self._ends[line]
            start, _ = super().span(line + 1, pieces=False)
            _, stop = super().span(end, pieces=False)
            first, last = (
                super(FoldingLines, self).at(one, pieces=pieces) for one in (start, stop)
            )
            firsts.append(first)
            lengths.append(last - first + 1)
        before = list(accumulate(lengths, initial=0))
        begins = [first - gone for first, gone in zip(firsts, before, strict=False)]
        return _Hidden(firsts, begins, before)


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
        # No view is so narrow that it wraps the others.
        wide = (row for row, columns in enumerate(widths) if columns > _FEWEST)
        order = sorted(wide, key=widths.__getitem__, reverse=True)
        self._rows = array("q", order)
        self._narrower = array("q", (-widths[row] for row in order))

    def over(self, columns: int) -> list[int]:
        """The rows that are wider than so many columns, 10 at least, ascending."""
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
