"""A text cut into lines and pieces, so that only what is in sight is ever looked at."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from itertools import accumulate
from typing import Final

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
    """The length of every line, found part by part so that no call holds other threads up."""
    lengths = array("Q")
    here = 0
    while (end := text.find("\n", here + _PART)) >= 0:
        lengths.extend(map(len, text[here:end].split("\n")))
        here = end + 1
    lengths.extend(map(len, text[here:].split("\n")))
    return lengths
