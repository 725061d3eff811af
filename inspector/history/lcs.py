"""The longest common subsequence of two sequences of small integers."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

Pairs = list[tuple[int, int]]

#: Matching pairs that are weighed exactly; beyond, items that stand often are left unpaired.
_MOST_MATCHES: Final = 3_000_000


class _Link(NamedTuple):
    """A pair and the one before it."""

    before: int
    after: int
    previous: _Link | None


def common_subsequence(before: Sequence[int], after: Sequence[int]) -> Pairs:
    """Index pairs of a longest common subsequence, ascending in both.

    Exact up to millions of matching pairs (Hunt and Szymanski); where one item stands thousands of
    times in both, it is paired at the common beginning and end alone, which may be shorter.
    """
    start, end = 0, 0
    shorter = min(len(before), len(after))
    while start < shorter and before[start] == after[start]:
        start += 1
    while end < shorter - start and before[-1 - end] == after[-1 - end]:
        end += 1
    middle = _middle(before[start : len(before) - end], after[start : len(after) - end], start)
    head = [(index, index) for index in range(start)]
    tail = [(len(before) - left, len(after) - left) for left in range(end, 0, -1)]
    return head + middle + tail


def increasing(values: Sequence[int]) -> set[int]:
    """Positions of a longest strictly increasing subsequence of distinct values."""
    links: list[tuple[int, int]] = []
    tops: list[int] = []
    heads: list[int] = []
    for position, value in enumerate(values):
        at = bisect_left(tops, value)
        links.append((position, heads[at - 1] if at else -1))
        if at == len(tops):
            tops.append(value)
            heads.append(position)
        else:
            tops[at] = value
            heads[at] = position
    found: set[int] = set()
    link = heads[-1] if heads else -1
    while link >= 0:
        found.add(link)
        link = links[link][1]
    return found


def _middle(before: Sequence[int], after: Sequence[int], shift: int) -> Pairs:
    places: dict[int, list[int]] = {}
    for index, item in enumerate(after):
        places.setdefault(item, []).append(index)
    _leave_frequent(before, places)
    # The end of the best subsequence of each length, and how it was reached.
    tops: list[int] = []
    heads: list[_Link] = []
    for index, item in enumerate(before):
        # Backwards, so that one item of `before` is used once.
        for place in reversed(places.get(item, ())):
            at = bisect_left(tops, place)
            link = _Link(index, place, heads[at - 1] if at else None)
            if at == len(tops):
                tops.append(place)
                heads.append(link)
            elif tops[at] != place:
                tops[at] = place
                heads[at] = link
    pairs: Pairs = []
    step = heads[-1] if heads else None
    while step is not None:
        pairs.append((step.before + shift, step.after + shift))
        step = step.previous
    return pairs[::-1]


def _leave_frequent(before: Sequence[int], places: dict[int, list[int]]) -> None:
    counts = Counter(before)
    matches = {item: counts[item] * len(found) for item, found in places.items()}
    total = sum(matches.values())
    for item in sorted(matches, key=lambda one: matches[one], reverse=True):
        if total <= _MOST_MATCHES:
            return
        total -= matches[item]
        del places[item]
