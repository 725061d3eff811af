"""What stands out in a text: the place of the selected field, and what was sought."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from threading import Event
from typing import Final, NamedTuple

from inspector.errors import CancelledError
from inspector.gui.views.ink import Span

MOST: Final = 100_000  #: hits that are found; more are counted as "more than"
_PART: Final = 1 << 20  #: characters looked at between two looks at the cancel flag


class Hits(NamedTuple):
    """Where a text was found, each as long as the text; ``more`` says that they are not all."""

    starts: array[int] = array("Q")
    length: int = 0
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

    def within(self, start: int, end: int) -> Iterator[Span]:
        """The grounds of the characters from one offset to another, later ones on top."""
        if self.place is not None:
            first, last = max(self.place[0], start), min(self.place[1], end)
            if first < last:
                yield Span(first, last, "tint_span")
        starts, length = self.hits.starts, self.hits.length
        at = bisect_left(starts, max(0, start - length + 1))
        while at < len(starts) and starts[at] < end:
            first, last = max(starts[at], start), min(starts[at] + length, end)
            if first < last:
                yield Span(first, last, "selection" if at == self.current else "found")
            at += 1


def find_all(text: str, needle: str, *, case: bool, cancel: Event | None = None) -> Hits:
    """Every place of a text in another; for the worker where the other is long.

    Raises:
        CancelledError: nobody wants it any more.
    """
    starts: array[int] = array("Q")
    if not needle:
        return Hits()
    pattern = re.compile(re.escape(needle), 0 if case else re.IGNORECASE)
    here = 0
    for part in range(0, len(text), _PART):
        if cancel is not None and cancel.is_set():
            raise CancelledError("Cancelled.")
        end = min(len(text), part + _PART + len(needle) - 1)
        while (found := pattern.search(text, max(part, here), end)) is not None:
            if len(starts) == MOST:
                return Hits(starts, len(needle), more=True)
            starts.append(found.start())
            here = found.end()
    return Hits(starts, len(needle))


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
        return "Nothing found."
    total = f"more than {count:,}" if hits.more else f"{count:,}"
    return f"{current + 1:,} of {total}" if current >= 0 else total
