"""What a time axis of versions says in words: to the ear, and where it is pointed at."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

from inspector.gui.models.moments import Bin, Moments
from inspector.gui.models.ticks import lasting, moment_of
from inspector.gui.times import TimeStyle, show, zone_name
from inspector.gui.words import count


def described(moments: Moments, style: TimeStyle) -> str:
    """All of an axis in a sentence: how many versions, from when to when, the longest gap."""
    if not moments.times:
        return _missing(moments)
    begin, end = moments.times[0], moments.times[-1]
    words = f"{count(len(moments.times), 'version')}, {_between(begin, end, style)}"
    gap = moments.longest_gap()
    if gap is not None and gap[0] != gap[1]:
        words += f", longest gap {lasting(gap[1] - gap[0])}, {_between(*gap, style)}"
    return f"{words}. {_missing(moments)}".strip()


def told_bin(moments: Moments, one: Bin, style: TimeStyle, name: Callable[[int], str]) -> str:
    """What a column of an axis holds; ``name`` is what a row's version is called."""
    times = moments.times[one.start : one.stop]
    words = count(len(times), "version")
    if len(times) == 1:
        words = f"Version {name(moments.rows[one.start])}".strip()
    return _with_missing(f"{words}, {_between(times[0], times[-1], style)}", moments)


def told_gap(moments: Moments, at: int, style: TimeStyle) -> str:
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


def _with_missing(words: str, moments: Moments) -> str:
    return "\n".join(word for word in (words, _missing(moments)) if word)


def _missing(moments: Moments) -> str:
    if not moments.missing:
        return ""
    rest = "has no time and is" if moments.missing == 1 else "have no time and are"
    return f"{count(moments.missing, 'version')} {rest} left out."
