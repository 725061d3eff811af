"""Two things measured side by side, so that what else the machine does falls on both."""

from __future__ import annotations

import gc
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import NamedTuple

Work = Callable[[], object]


class Line(NamedTuple):
    """A line of the table.

    Attributes:
        name: what was measured.
        beside: what it was measured beside.
        ours: median time of a round, in milliseconds.
        theirs: the same of the other.
        ratio: median of the rounds' own ratios, ours by theirs.
        rounds: how many.
        goal: the ratio aimed at, None where there is none.
        note: what was tried, or what is part of it.
    """

    name: str
    beside: str
    ours: float
    theirs: float
    ratio: float
    rounds: int
    goal: float | None
    note: str


def paired(
    name: str,
    ours: Work,
    beside: str,
    theirs: Work,
    *,
    rounds: int,
    goal: float | None = None,
    note: str = "",
    clock: Callable[[], float] = perf_counter,
) -> Line:
    """Measures A B A B; a round before them, in which caches fill, does not count."""
    times: list[tuple[float, float]] = []
    for _ in range(rounds + 1):
        times.append((_timed(ours, clock), _timed(theirs, clock)))
    del times[0]
    ratio = median(a / b for a, b in times)
    mine, other = (1000 * median(column) for column in zip(*times, strict=True))
    return Line(name, beside, mine, other, ratio, rounds, goal, note)


def _timed(work: Work, clock: Callable[[], float]) -> float:
    gc.collect()
    started = clock()
    work()
    return clock() - started
