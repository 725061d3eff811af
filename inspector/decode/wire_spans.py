"""Stretches of a blob, asked for by offset."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable


class WireSpans:
    """Byte ranges, merged, to be asked in logarithmic time."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        for begin, stop in sorted(spans):
            if self.ends and begin <= self.ends[-1]:
                self.ends[-1] = max(self.ends[-1], stop)
            else:
                self.starts.append(begin)
                self.ends.append(stop)

    def __bool__(self) -> bool:
        return bool(self.starts)

    def touch(self, start: int, end: int) -> bool:
        """Whether any range has a byte between the offsets."""
        after = bisect_right(self.ends, start)
        return after < len(self.ends) and self.starts[after] < end

    def hold(self, start: int, end: int) -> bool:
        """Whether one range has all bytes between the offsets."""
        at = bisect_right(self.starts, start) - 1
        return at >= 0 and end <= self.ends[at]
