"""The times of a record's versions on an axis: how many stand where, and that in words."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from inspector.gui.style.text_format import count
from inspector.gui.style.time_format import TimeStyle, show, zone_name
from inspector.gui.style.time_ticks import lasting, moment_of
from inspector.named_tuple import NamedTuple
from inspector.times import instant

LEAST: Final = 1_000  #: microseconds that an axis shows at least
_FEWEST: Final = 3  #: versions an axis is worth drawing for


class TimeBucket(NamedTuple):
    """The moments of one column of an axis: from the index ``start`` up to ``stop``."""

    column: int
    start: int
    stop: int


class TimeSpan(NamedTuple):
    """A part of time in microseconds since 1970; ``end`` is later than ``begin``."""

    begin: int
    end: int

    @property
    def length(self) -> int:
        """In microseconds."""
        return self.end - self.begin

    def zoomed(self, whole: TimeSpan, factor: float, anchor: int) -> TimeSpan:
        """Another part with the anchor where it was: a smaller one for a factor over 1."""
        length = min(whole.length, max(LEAST, round(self.length / factor)))
        anchor = min(self.end, max(self.begin, anchor))
        share = (anchor - self.begin) / self.length
        return TimeSpan(0, length).moved(whole, anchor - round(share * length))

    def moved(self, whole: TimeSpan, begin: int) -> TimeSpan:
        """A part of the same length that begins elsewhere, within the whole."""
        begin = max(whole.begin, min(begin, whole.end - self.length))
        return TimeSpan(begin, begin + self.length)

    def around(self, whole: TimeSpan, at: int) -> TimeSpan:
        """This part where a time lies in it, else one as long with the time in its middle."""
        if self.begin <= at <= self.end:
            return self
        return self.moved(whole, at - self.length // 2)


@dataclass(frozen=True, slots=True)
class TimeBuckets:
    """When versions were archived.

    Attributes:
        times: in microseconds since 1970, ascending.
        rows: of each, its row in the list.
        indices: of each row, the index of its time, -1 where it has none.
        missing: how many versions have no time that can be read.
    """

    times: array[int]
    rows: array[int]
    indices: array[int]
    missing: int

    def is_worth_drawing(self) -> bool:
        """Whether there are several versions, and not all at one time."""
        return len(self.times) >= _FEWEST and self.times[0] != self.times[-1]

    def whole(self) -> TimeSpan:
        """The part of time in which all moments lie."""
        if not self.times:
            return TimeSpan(0, LEAST)
        begin, end = self.times[0], self.times[-1]
        return TimeSpan(begin, end) if end - begin >= LEAST else TimeSpan(begin, begin + LEAST)

    def index_of(self, row: int) -> int:
        """The index of a row, or -1."""
        return self.indices[row] if 0 <= row < len(self.indices) else -1

    def nearest(self, at: int) -> int:
        """The index of the moment that is closest to a time, the newest of several; or -1."""
        after = bisect_left(self.times, at)
        if after == len(self.times):
            return after - 1
        if after and at - self.times[after - 1] <= self.times[after] - at:
            return after - 1
        return bisect_right(self.times, self.times[after]) - 1

    def is_any_in(self, span: TimeSpan) -> bool:
        """Whether any moment lies in a part of time."""
        at = bisect_left(self.times, span.begin)
        return at < len(self.times) and self.times[at] <= span.end

    def bins(self, span: TimeSpan, columns: int) -> list[TimeBucket]:
        """How many moments stand in each column that has any.

        The work grows with the columns, not with the moments.
        """
        found: list[TimeBucket] = []
        start, stop = bisect_left(self.times, span.begin), bisect_right(self.times, span.end)
        while start < stop:
            column = column_of(self.times[start], span, columns)
            # The first microsecond of the next column; the last column has the end of the span.
            beyond = span.begin - (-(column + 1) * span.length // columns)
            until = bisect_left(self.times, beyond, start, stop) if column < columns - 1 else stop
            found.append(TimeBucket(column, start, until))
            start = until
        return found

    def longest_gap(self) -> tuple[int, int] | None:
        """The two moments next to each other that are furthest apart; None where there are not."""
        return max(pairwise(self.times), key=lambda pair: pair[1] - pair[0], default=None)


def column_of(at: int, span: TimeSpan, columns: int) -> int:
    """The column a time within a span stands in."""
    return min(columns - 1, (at - span.begin) * columns // span.length)


def moments_of(stamps: Iterable[str | None], first: int = 0) -> TimeBuckets:
    """The moments of a list's rows.

    Args:
        stamps: their times as stored; one that is none is counted as missing.
        first: the row of the first of them.
    """
    found: list[tuple[int, int]] = []
    indices = array("q", [-1] * first)
    for row, stamp in enumerate(stamps, first):
        when = instant(stamp)
        indices.append(-1)
        if when is not None:
            # Of two at one time the upper row is the newer.
            found.append((when // 1_000, -row))
    found.sort()
    rows = array("q", (-row for _, row in found))
    for index, row in enumerate(rows):
        indices[row] = index
    missing = len(indices) - first - len(rows)
    return TimeBuckets(array("q", (at for at, _ in found)), rows, indices, missing)


def described(moments: TimeBuckets, style: TimeStyle) -> str:
    """All of an axis in a sentence: how many versions, from when to when, the longest gap."""
    if not moments.times:
        return _missing(moments)
    begin, end = moments.times[0], moments.times[-1]
    words = f"{count(len(moments.times), 'version')}, {_between(begin, end, style)}"
    gap = moments.longest_gap()
    if gap is not None and gap[0] != gap[1]:
        words += f", longest gap {lasting(gap[1] - gap[0])}, {_between(*gap, style)}"
    return f"{words}. {_missing(moments)}".strip()


def told_bin(
    moments: TimeBuckets, one: TimeBucket, style: TimeStyle, name: Callable[[int], str]
) -> str:
    """What a column of an axis holds; ``name`` is what a row's version is called."""
    times = moments.times[one.start : one.stop]
    words = count(len(times), "version")
    if len(times) == 1:
        words = f"Version {name(moments.rows[one.start])}".strip()
    return _with_missing(f"{words}, {_between(times[0], times[-1], style)}", moments)


def told_gap(moments: TimeBuckets, at: int, style: TimeStyle) -> str:
    """How long no version came about, at a time none is at."""
    first = bisect_right(moments.times, at) - 1
    if not 0 <= first < len(moments.times) - 1:
        return ""
    begin, end = moments.times[first], moments.times[first + 1]
    longest = " It is the longest gap." if moments.longest_gap() == (begin, end) else ""
    words = f"No version for {lasting(end - begin)}, {_between(begin, end, style)}.{longest}"
    return _with_missing(words, moments)


def _between(begin: int, end: int, style: TimeStyle) -> str:
    if style is TimeStyle.RELATIVE:
        style = TimeStyle.UTC
    first, last = moment_of(begin), moment_of(end)
    zone = zone_name(last, style)
    written = show(first, style, first, fine=True), show(last, style, last, fine=True)
    if begin == end:
        return f"{written[0]} {zone}"
    return f"from {written[0]} to {written[1]} {zone}"


def _with_missing(words: str, moments: TimeBuckets) -> str:
    return "\n".join(word for word in (words, _missing(moments)) if word)


def _missing(moments: TimeBuckets) -> str:
    if not moments.missing:
        return ""
    rest = "has no time and is" if moments.missing == 1 else "have no time and are"
    return f"{count(moments.missing, 'version')} {rest} left out."
