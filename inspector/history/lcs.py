"""The longest common subsequence of two sequences of small integers."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final

from inspector.history.bit_parallel import IndexPairs, by_matrix, in_halves, matrix_bytes
from inspector.history.myers import few_edits
from inspector.named_tuple import NamedTuple

Pairs = list[tuple[int, int]]

#: Items taken out and put in up to which long sequences are walked along: at once, in each gap.
_MOST_EDITS: Final = 400
_EDITS_IN_GAPS: Final = 20
_SMALL: Final = 1 << 16  #: bytes of a matrix of which no item is left out first


class Limits(NamedTuple):
    """What a comparison may take: memory, then time.

    Attributes:
        matrix: bytes of the matrix that is held of one piece.
        matches: matching pairs that are weighed one by one, over all.
        cells: pairs of items, matching or not, that long sequences are compared by, over all.
    """

    matrix: int = 1 << 25
    matches: int = 1_000_000
    cells: int = 1 << 34


_LIMITS: Final = Limits()


def common_subsequence(
    before: Sequence[int], after: Sequence[int], limits: Limits = _LIMITS
) -> IndexPairs:
    """A longest common subsequence.

    None is longer where the product of the lengths is at most ``limits.cells`` (two times 131,000
    items), where the two differ in some hundred places, or where they have no more matching pairs
    than said; items that only one of them has do not count in any of these. Beyond, what stands
    seldom is paired first and the gaps between are filled, each with its longest as long as the
    limits allow; that may be shorter.
    """
    from rapidfuzz.distance import Postfix, Prefix  # noqa: PLC0415 - only a comparison needs it

    # Most lists change in few places: what is alike at the ends is neither walked nor held.
    start = Prefix.similarity(before, after)
    if start == len(before) == len(after):
        return IndexPairs(range(start), range(start))
    old, new = before[start:], after[start:]
    alike = Postfix.similarity(old, new)
    pairs = _between_ends(old[: len(old) - alike], new[: len(new) - alike], limits)
    head = list(range(start))
    return IndexPairs(
        [*head, *(one + start for one in pairs.before), *range(len(before) - alike, len(before))],
        [*head, *(other + start for other in pairs.after), *range(len(after) - alike, len(after))],
    )


def _between_ends(before: Sequence[int], after: Sequence[int], limits: Limits) -> IndexPairs:
    if not before or not after:
        # Nothing is alike, and RapidFuzz would make an edit of each item of the other one.
        return IndexPairs((), ())
    if matrix_bytes(len(before), len(after)) <= min(limits.matrix, _SMALL):
        return by_matrix(before, after)
    # What only one of them has takes room in a matrix too, and there may be nothing else.
    shared = set(after).intersection(before)
    old = [index for index, item in enumerate(before) if item in shared]
    new = [index for index, item in enumerate(after) if item in shared]
    if not shared:
        return IndexPairs((), ())
    first, second = [before[index] for index in old], [after[index] for index in new]
    if matrix_bytes(len(old), len(new)) <= limits.matrix:
        found: Collection[tuple[int, int]] = by_matrix(first, second)
    else:
        found = _Pieces(first, second, limits).pairs()
    return IndexPairs([old[one] for one, _ in found], [new[other] for _, other in found])


class _Pieces:
    """Two long sequences, compared piece by piece within the limits."""

    def __init__(self, before: Sequence[int], after: Sequence[int], limits: Limits) -> None:
        self._before = before
        self._after = after
        self._matrix, self._matches, self._cells = limits
        self._edits = _MOST_EDITS

    def pairs(self) -> Pairs:
        """Index pairs, ascending."""
        pairs: Pairs = []
        pieces = [(0, len(self._before), 0, len(self._after))]
        while pieces:
            left, right, start, end = self._inner(*pieces.pop(), pairs)
            if left == right or start == end:
                continue
            before, after = self._before[left:right], self._after[start:end]
            found = self._exact(before, after)
            anchors = found if found is not None else self._rare_first(before, after)
            placed = [(one + left, other + start) for one, other in anchors]
            pairs += placed
            if found is None:
                middle = [] if placed else [((left + right) // 2, (start + end) // 2)]
                pieces += _between(placed or middle, left, right, start, end, gap=bool(placed))
        return sorted(pairs)

    def _inner(
        self, left: int, right: int, start: int, end: int, pairs: Pairs
    ) -> tuple[int, int, int, int]:
        """A piece without the equal items at its ends, which are paired."""
        before, after = self._before, self._after
        while left < right and start < end and before[left] == after[start]:
            pairs.append((left, start))
            left, start = left + 1, start + 1
        while left < right and start < end and before[right - 1] == after[end - 1]:
            right, end = right - 1, end - 1
            pairs.append((right, end))
        return left, right, start, end

    def _exact(self, before: Sequence[int], after: Sequence[int]) -> Pairs | None:
        """A longest common subsequence; None where that takes more than is left."""
        if matrix_bytes(len(before), len(after)) <= self._matrix:
            return list(by_matrix(before, after))
        found = few_edits(before, after, self._edits)
        self._edits = _EDITS_IN_GAPS
        if found is not None:
            return found
        counts = Counter(after)
        matches = sum(counts[item] for item in before)
        if matches <= self._matches:
            self._matches -= matches
            return _by_matches(before, _places(after))
        cells = len(before) * len(after)
        if cells <= self._cells:
            self._cells -= cells
            return in_halves(before, after, self._matrix)
        return None

    def _rare_first(self, before: Sequence[int], after: Sequence[int]) -> Pairs:
        """Pairs of the items whose matching pairs are few enough, those that stand seldom first."""
        places = _places(after)
        counts = Counter(before)
        matches = sorted((counts[item] * len(found), item) for item, found in places.items())
        for number, item in matches:
            if number > self._matches:
                del places[item]
            else:
                self._matches -= number
        return _by_matches(before, places)


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


def _places(items: Sequence[int]) -> dict[int, list[int]]:
    places: dict[int, list[int]] = {}
    for index, item in enumerate(items):
        places.setdefault(item, []).append(index)
    return places


def _by_matches(before: Sequence[int], places: dict[int, list[int]]) -> Pairs:
    """By Hunt and Szymanski: a longest common subsequence of the items that have places."""
    # Each link is a pair and the link before it.
    old, new, previous = array("l"), array("l"), array("l")
    # The end of the best subsequence of each length: its place, and its link.
    tops: list[int] = []
    heads: list[int] = []
    for index, item in enumerate(before):
        # Backwards, so that one item of `before` is used once.
        for place in reversed(places.get(item, ())):
            at = bisect_left(tops, place)
            if at < len(tops) and tops[at] == place:
                continue
            previous.append(heads[at - 1] if at else -1)
            old.append(index)
            new.append(place)
            if at == len(tops):
                tops.append(place)
                heads.append(len(old) - 1)
            else:
                tops[at] = place
                heads[at] = len(old) - 1
    pairs: Pairs = []
    link = heads[-1] if heads else -1
    while link >= 0:
        pairs.append((old[link], new[link]))
        link = previous[link]
    return pairs[::-1]
