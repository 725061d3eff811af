"""What stands out in a text: the place of the selected field, and what was sought."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from threading import Event
from typing import Final, NamedTuple

from inspector.errors import CancelledError
from inspector.gui.text.json_highlighter import ColourSpan
from inspector.invisible import pattern

MOST: Final = 100_000  #: hits that are found; more are counted as "more than"
_PART: Final = 1 << 20  #: characters looked at between two looks at the cancel flag
#: Characters for each one sought that a hit over the edge of two parts may have.
_WIDTHLESS: Final = 8


class Hits(NamedTuple):
    """Where a text was found, one behind the other; ``more`` says that they are not all.

    The ends are given too: what has no width may stand within a hit.
    """

    starts: array[int] = array("Q")
    ends: array[int] = array("Q")
    more: bool = False


class TextMarks(NamedTuple):
    """All marks of a text.

    Attributes:
        place: offsets of the selected field's value, or None.
        hits: what was found.
        current: the number of the hit the person is at, or -1.
    """

    place: tuple[int, int] | None = None
    hits: Hits = Hits()
    current: int = -1

    def within(self, start: int, end: int) -> Iterator[ColourSpan]:
        """The grounds of the characters from one offset to another, later ones on top."""
        if self.place is not None:
            first, last = max(self.place[0], start), min(self.place[1], end)
            if first < last:
                yield ColourSpan(first, last, "tint_span")
        starts, ends = self.hits.starts, self.hits.ends
        at = bisect_right(ends, start)
        while at < len(starts) and starts[at] < end:
            first, last = max(starts[at], start), min(ends[at], end)
            yield ColourSpan(first, last, "selection" if at == self.current else "found")
            at += 1


def find_all(text: str, needle: str, *, case: bool, cancel: Event | None = None) -> Hits:
    """Every place of a text in another; for the worker where the other is long.

    What has no width, such as a zero-width space, may stand within what is found.

    Raises:
        CancelledError: nobody wants it any more.
    """
    starts: array[int] = array("Q")
    ends: array[int] = array("Q")
    if not needle:
        return Hits()
    sought = pattern(needle, text, 0 if case else re.IGNORECASE)
    here = 0
    for part in range(0, len(text), _PART):
        if cancel is not None and cancel.is_set():
            raise CancelledError("Cancelled.")
        end = min(len(text), part + _PART + _WIDTHLESS * len(needle) - 1)
        while (found := sought.search(text, max(part, here), end)) is not None:
            if len(starts) == MOST:
                return Hits(starts, ends, more=True)
            starts.append(found.start())
            ends.append(found.end())
            here = found.end()
    return Hits(starts, ends)


def next_hit(hits: Hits, current: int, by: int, offset: int) -> int:
    """The number of the next hit in a direction; from an offset where none is current yet."""
    count = len(hits.starts)
    if not count:
        return -1
    if current >= 0:
        return (current + by) % count
    return (bisect_left(hits.starts, offset) - (by < 0)) % count


def hit_words(hits: Hits, current: int) -> str:
    """Which hit of how many."""
    count = len(hits.starts)
    if not count:
        return "No results"
    total = f"more than {count:,}" if hits.more else f"{count:,}"
    return f"{current + 1:,} of {total}" if current >= 0 else total
