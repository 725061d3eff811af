"""Longest common subsequences by rows of bits: RapidFuzz's matrix, in halves where it is large."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate, compress
from typing import Final

#: Bytes that the marks of often asked items may take (of one half, while it is asked).
_KEPT_MARKS: Final = 1 << 25
#: Items at so few places are marked anew each time.
_FEW_PLACES: Final = 8
_WORD: Final = 64


class IndexPairs(Collection[tuple[int, int]]):
    """Index pairs, ascending on both sides, kept as two columns.

    A tuple is made of a pair when it is walked past: to hold one for each takes longer than to
    compare short lists.

    Attributes:
        before: the indices in the earlier sequence.
        after: as many in the later one.
    """

    __slots__ = ("after", "before")

    def __init__(self, before: Sequence[int], after: Sequence[int]) -> None:
        self.before = before
        self.after = after

    def __len__(self) -> int:
        return len(self.before)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return zip(self.before, self.after, strict=True)

    def __contains__(self, pair: object) -> bool:
        return any(pair == one for one in self)


def matrix_bytes(before: int, after: int) -> int:
    """Bytes of RapidFuzz's matrix for sequences of so many items."""
    return (before + _WORD - 1) // _WORD * 8 * after


def by_matrix(before: Sequence[int], after: Sequence[int]) -> IndexPairs:
    """A longest common subsequence; holds the whole matrix."""
    from rapidfuzz.distance.LCSseq import editops  # noqa: PLC0415 - only a comparison needs it

    # Which items stay is asked of a text of ones and one of zeros that are edited in the same way,
    # so that no edit becomes an object: what stays of the ones has a partner.
    edits, size, other = editops(before, after), len(before), len(after)
    new = edits.apply("1" * size, "\0" * other).encode()
    old = edits.inverse().apply("1" * other, "\0" * size).encode()
    return IndexPairs(list(compress(range(size), old)), list(compress(range(other), new)))


def in_halves(
    before: Sequence[int], after: Sequence[int], most_bytes: int
) -> list[tuple[int, int]]:
    """A longest common subsequence by Hirschberg's way: no matrix is over ``most_bytes``.

    Takes about twice the time, and memory in proportion to the sequences.
    """
    pairs: list[tuple[int, int]] = []
    stack = [(0, len(before), 0, len(after))]
    while stack:
        left, right, start, end = stack.pop()
        one, other = before[left:right], after[start:end]
        if matrix_bytes(len(one), len(other)) <= most_bytes or max(len(one), len(other)) < 2:
            pairs += ((at + left, place + start) for at, place in by_matrix(one, other))
            continue
        if len(one) < len(other):
            half, cut = _cut(other, one)
            middle, at = start + half, left + cut
        else:
            half, cut = _cut(one, other)
            at, middle = left + half, start + cut
        stack += [(at, right, middle, end), (left, at, start, middle)]
    return pairs


def _cut(longer: Sequence[int], shorter: Sequence[int]) -> tuple[int, int]:
    """Half of the longer one, and where the shorter is cut so that the halves give the most."""
    half = len(longer) // 2
    lengths = _lengths(longer[:half], shorter)
    rest = _lengths(longer[half:][::-1], shorter[::-1])
    rest.reverse()
    sums = [one + other for one, other in zip(lengths, rest, strict=True)]
    return half, sums.index(max(sums))


def _lengths(whole: Sequence[int], other: Sequence[int]) -> list[int]:
    """The length of the longest common subsequence of one and each beginning of the other.

    By Hyyrö's way of many cells at once: a bit is zero where one item more adds to the length.
    """
    marks = _Marks(other, set(whole))
    every = row = (1 << len(other)) - 1
    for number, item in enumerate(whole):
        hits = row & marks.of(item)
        row = (row + hits) | (row ^ hits)
        if not number % _WORD:
            row &= every  # what was carried beyond the last item
    bits = format(row & every | 1 << len(other), "b")
    return list(accumulate((bit == "0" for bit in bits[:0:-1]), initial=0))


class _Marks:
    """Where each item of a sequence stands, as the bits of one number."""

    def __init__(self, items: Sequence[int], asked: set[int]) -> None:
        self._places: dict[int, list[int]] = {}
        for place, item in enumerate(items):
            if item in asked:
                self._places.setdefault(item, []).append(place)
        self._size = len(items) // 8 + 1
        self._kept: dict[int, int] = {}
        self._room = _KEPT_MARKS // self._size

    def of(self, item: int) -> int:
        """The bits of an item."""
        known = self._kept.get(item)
        if known is not None:
            return known
        places = self._places.get(item, ())
        if len(places) < _FEW_PLACES:
            few = 0
            for place in places:
                few |= 1 << place
            return few
        bits = bytearray(self._size)
        for place in places:
            bits[place >> 3] |= 1 << (place & 7)
        made = int.from_bytes(bits, "little")
        if len(self._kept) < self._room:
            self._kept[item] = made
        return made
