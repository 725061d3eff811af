"""How wide a line of text is in a fixed font, and where it is wrapped."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache, partial
from itertools import accumulate
from typing import Final

from inspector import invisible
from inspector.gui.style.text_format import visible

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
