"""The common subsequence of two sequences that differ in few places (Myers, greedy)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

#: Equal items walked along, over all attempts.
_MOST_STEPS: Final = 2_000_000


def few_edits(
    before: Sequence[int], after: Sequence[int], most: int
) -> list[tuple[int, int]] | None:
    """Index pairs of a longest common subsequence, or None for more than ``most`` edits."""
    surplus = Counter(before)
    surplus.subtract(Counter(after))
    if sum(map(abs, surplus.values())) > most:
        return None
    trace = _search(before, after, most)
    return None if trace is None else _walk_back(trace, len(before), len(after))


def _search(before: Sequence[int], after: Sequence[int], most: int) -> list[list[int]] | None:
    """How far each diagonal is reached with each number of edits; ends at the last item of both.

    A diagonal is an index in ``before`` less the one in ``after``; with ``d`` edits those of -d,
    -d + 2, ..., d are reached. ``trace[d]`` has the index in ``before`` reached on each of them.
    """
    ends, stops = len(before), len(after)
    trace: list[list[int]] = []
    last: list[int] = []
    walked = 0
    for edits in range(most + 1):
        reached: list[int] = []
        trace.append(reached)
        for place in range(edits + 1):
            at = begun = _entered(last, place)
            diagonal = 2 * place - edits
            other = at - diagonal
            while at < ends and other < stops and before[at] == after[other]:
                at += 1
                other += 1
            walked += at - begun
            reached.append(at)
            if at >= ends and diagonal == ends - stops:
                return trace
        if walked > _MOST_STEPS:
            return None
        last = reached
    return None


def _entered(last: Sequence[int], place: int) -> int:
    """Where a diagonal is entered: by an item put in or, if that is no nearer, one taken out."""
    put_in = last[place] if place < len(last) else -1
    taken_out = last[place - 1] + 1 if place else -1
    return max(put_in, taken_out, 0)


def _walk_back(trace: Sequence[Sequence[int]], end: int, stop: int) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    at, other = end, stop
    for edits in range(len(trace) - 1, -1, -1):
        last = trace[edits - 1] if edits else ()
        place = (at - other + edits) // 2
        entered = _entered(last, place)
        while at > entered:
            at, other = at - 1, other - 1
            pairs.append((at, other))
        if place < len(last) and last[place] == entered:
            other -= 1
        else:
            at -= 1
    return pairs[::-1]
