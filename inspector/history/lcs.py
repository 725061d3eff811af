"""The longest common subsequence of two sequences of small integers."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from inspector.history.edits import few_edits

Pairs = list[tuple[int, int]]

#: Matching pairs that are weighed exactly; beyond, items that stand often are paired last.
_MOST_MATCHES: Final = 1_000_000
#: Items taken out and put in up to which the two are first walked along: at once, in each gap.
_MOST_EDITS: Final = 400
_EDITS_IN_GAPS: Final = 20


class _Link(NamedTuple):
    """A pair and the one before it."""

    before: int
    after: int
    previous: _Link | None


class _Found(NamedTuple):
    """Pairs, the matching pairs that were weighed, and whether some items were left out."""

    pairs: Pairs
    weighed: int
    left_out: bool


def common_subsequence(
    before: Sequence[int], after: Sequence[int], most_matches: int = _MOST_MATCHES
) -> Pairs:
    """Index pairs of a longest common subsequence, ascending in both.

    Exact where the two differ in some hundred places, or have no more matching pairs than said.
    Beyond, what stands seldom is paired first and the gaps between are filled; where all stands
    often, halves are compared with halves. That may be shorter.
    """
    pairs: Pairs = []
    budget, edits = most_matches, _MOST_EDITS
    gaps = [(0, len(before), 0, len(after))]
    while gaps:
        left, right, start, end = gaps.pop()
        while left < right and start < end and before[left] == after[start]:
            pairs.append((left, start))
            left, start = left + 1, start + 1
        while left < right and start < end and before[right - 1] == after[end - 1]:
            right, end = right - 1, end - 1
            pairs.append((right, end))
        if left == right or start == end:
            continue
        some, others = before[left:right], after[start:end]
        exact = few_edits(some, others, edits)
        edits = _EDITS_IN_GAPS
        found = _rare_first(some, others, budget) if exact is None else _Found(exact, 0, False)
        budget -= found.weighed
        anchors = [(one + left, other + start) for one, other in found.pairs]
        pairs += anchors
        if found.left_out and (anchors or budget > 0):
            middle = [] if anchors else [((left + right) // 2, (start + end) // 2)]
            gaps += _between(anchors or middle, left, right, start, end, gap=bool(anchors))
    return sorted(pairs)


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


def _between(
    marks: Pairs, left: int, right: int, start: int, end: int, *, gap: bool
) -> list[tuple[int, int, int, int]]:
    """What lies between marks, on both sides not empty; with ``gap`` the marks are taken."""
    found = []
    for one, other in [*marks, (right, end)]:
        if left < one and start < other:
            found.append((left, one, start, other))
        left, start = one + gap, other + gap
    return found


def _rare_first(before: Sequence[int], after: Sequence[int], budget: int) -> _Found:
    """By Hunt and Szymanski, over the items whose matching pairs fit into the budget."""
    places: dict[int, list[int]] = {}
    for index, item in enumerate(after):
        places.setdefault(item, []).append(index)
    counts = Counter(before)
    matches = sorted((counts[item] * len(found), item) for item, found in places.items())
    weighed, left_out = 0, False
    for number, item in matches:
        if weighed + number > budget:
            left_out = True
            del places[item]
        else:
            weighed += number
    return _Found(_heaviest(before, places), weighed, left_out)


def _heaviest(before: Sequence[int], places: dict[int, list[int]]) -> Pairs:
    # The end of the best subsequence of each length, and how it was reached.
    tops: list[int] = []
    heads: list[_Link] = []
    for index, item in enumerate(before):
        # Backwards, so that one item of `before` is used once.
        for place in reversed(places.get(item, ())):
            at = bisect_left(tops, place)
            if at < len(tops) and tops[at] == place:
                continue
            link = _Link(index, place, heads[at - 1] if at else None)
            if at == len(tops):
                tops.append(place)
                heads.append(link)
            else:
                tops[at] = place
                heads[at] = link
    pairs: Pairs = []
    step = heads[-1] if heads else None
    while step is not None:
        pairs.append((step.before, step.after))
        step = step.previous
    return pairs[::-1]
