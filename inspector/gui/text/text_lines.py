"""A text cut into lines and pieces, so that only what is in sight is ever looked at.

Of indented JSON, what stands between two brackets can be folded away. Offsets stay those of the
whole text: what is found, marked or copied knows of no folds.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from itertools import accumulate
from typing import Final, NamedTuple

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

    def _find_ends(self) -> dict[int, int]:
        """The last line of each part that can be folded, by the line it begins with."""
        found: dict[int, int] = {}
        stack: list[int] = []
        for line in range(super().count(pieces=False)):
            first, last = super().span(line, pieces=False)
            words = self.text[first:last].strip()
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
        return line in self._ends

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
        inner = (one for one, end in self._ends.items() if one <= line <= end)
        return max(inner, default=-1)

    def fold(self, line: int, *, on: bool) -> None:
        """Fold the part that begins with a line, or show it again."""
        if line in self._ends and (line in self._folded) != on:
            self._folded ^= {line}
            self._hidden.clear()

    def fold_all(self) -> None:
        """Fold every part but the whole."""
        self._folded = {line for line in self._ends if line}
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
