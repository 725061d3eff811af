"""Longest common subsequences: that they are, whatever way is taken, and what they may hold."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import LCSseq

from inspector.history import bit_parallel, lcs
from inspector.history.bit_parallel import IndexPairs, by_matrix, in_halves, matrix_bytes
from inspector.history.lcs import Limits, common_subsequence
from inspector.history.myers import few_edits
from tests.history.generated import edited, longest

SEQUENCES = st.lists(st.integers(0, 4), max_size=40)
#: No matrix, nothing walked along: the way by matching pairs is left, and the one by halves.
BY_MATCHES = Limits(matrix=0)
BY_HALVES = Limits(matrix=0, matches=0)
PIECES = Limits(matrix=8, matches=12, cells=0)


def check(before: Sequence[int], after: Sequence[int], pairs: Collection[tuple[int, int]]) -> None:
    """Pairs are equal items, ascending in both."""
    assert all(before[one] == after[other] for one, other in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))


@pytest.fixture(autouse=True)
def _walk_along_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lcs, "_MOST_EDITS", 3)
    monkeypatch.setattr(lcs, "_EDITS_IN_GAPS", 1)


@pytest.mark.parametrize("limits", [Limits(), BY_MATCHES, BY_HALVES, Limits(matrix=64)])
@given(SEQUENCES, SEQUENCES)
def test_a_common_subsequence_is_one_and_none_is_longer(
    limits: Limits, before: list[int], after: list[int]
) -> None:
    pairs = common_subsequence(before, after, limits)
    check(before, after, pairs)
    assert len(pairs) == longest(before, after)


@pytest.mark.parametrize("limits", [Limits(), BY_MATCHES, BY_HALVES])
@given(SEQUENCES, SEQUENCES)
def test_it_is_as_long_with_many_edits_around(
    limits: Limits, before: list[int], after: list[int]
) -> None:
    far = list(range(1000, 1300)), list(range(2000, 2300))
    pairs = common_subsequence([9, *before, *far[0]], [*far[1], *after, 9], limits)
    assert len(pairs) == max(1, longest(before, after))


def test_what_only_one_of_two_long_lists_has_takes_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """A matrix of all messages of two conversations was larger than both of them."""
    sizes: list[tuple[int, int]] = []
    real = bit_parallel.by_matrix

    def of_sizes(before: list[int], after: list[int]) -> IndexPairs:
        sizes.append((len(before), len(after)))
        return real(before, after)

    monkeypatch.setattr(lcs, "by_matrix", of_sizes)
    old, new = list(range(5000)), list(range(5000, 10_000))
    assert not common_subsequence(old, new)
    assert list(common_subsequence([*old, 20_000, *old], [*new, 20_000, *new])) == [(5000, 5000)]
    assert sizes == [(1, 1)]


@given(SEQUENCES, SEQUENCES)
def test_few_edits_are_walked_along_to_the_longest(before: list[int], after: list[int]) -> None:
    pairs = few_edits(before, after, 80)
    assert pairs is not None
    check(before, after, pairs)
    assert len(pairs) == longest(before, after)
    edits = len(before) + len(after) - 2 * len(pairs)
    assert few_edits(before, after, edits) == pairs
    if edits:
        assert few_edits(before, after, edits - 1) is None


@given(SEQUENCES, SEQUENCES)
def test_beyond_all_limits_it_is_a_common_subsequence_still(
    before: list[int], after: list[int]
) -> None:
    check(before, after, common_subsequence(before, after, PIECES))


@pytest.mark.parametrize("kinds", [2, 20])
def test_with_too_many_matches_it_is_nearly_as_long(kinds: int) -> None:
    random = Random(kinds)
    before, after = ([random.randrange(kinds) for _ in range(1500)] for _ in range(2))
    pairs = common_subsequence(before, after, Limits(matrix=1000, matches=20_000, cells=0))
    check(before, after, pairs)
    assert longest(before, after) > len(pairs) > 0.7 * longest(before, after)


def test_what_stands_seldom_is_paired_first() -> None:
    """Blank lines are many; the lines between them once each, and all of these keep their place."""
    random = Random(4)
    before = [number if number % 3 else -1 for number in range(1, 3000)]
    after = list(before)
    for _ in range(400):
        after.insert(random.randrange(len(after)), random.choice((-1, 5000 + len(after))))
    pairs = common_subsequence(before, after, Limits(matrix=1000, matches=20_000, cells=0))
    check(before, after, pairs)
    assert len(pairs) == len(before)


def test_three_thousand_items_of_six_kinds_are_as_long_as_rapidfuzz_says() -> None:
    for kinds, items, edits in ((4, 1500, 400), (6, 3000, 600), (6, 3000, 1500), (40, 6000, 2000)):
        before, after = edited(kinds, items, edits)
        pairs = common_subsequence(before, after)
        check(before, after, pairs)
        assert len(pairs) == LCSseq.similarity(before, after)


@pytest.mark.parametrize("kinds", [6, 3000])
def test_thirty_thousand_items_are_compared_in_halves_and_no_longer_one_is_missed(
    kinds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []

    def matrix(before: Sequence[int], after: Sequence[int]) -> IndexPairs:
        sizes.append(-(-len(before) // 64) * 8 * len(after))
        return by_matrix(before, after)

    for module in (bit_parallel, lcs):
        monkeypatch.setattr(module, "by_matrix", matrix)
    before, after = edited(kinds, 30_000, 15_000)
    limits = Limits(matrix=1 << 22, matches=0)
    pairs = common_subsequence(before, after, limits)
    check(before, after, pairs)
    assert len(pairs) == LCSseq.similarity(before, after)
    assert max(sizes) <= limits.matrix
    assert len(sizes) > 4


def test_the_default_limits_hold_no_matrix_of_more_than_32_mib() -> None:
    assert Limits().matrix == 1 << 25
    assert matrix_bytes(16_000, 16_000) < 1 << 25 < matrix_bytes(17_000, 17_000)


def test_what_is_alike_at_the_ends_is_not_walked_item_by_item(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two lists of many equal items took thirty times as long as RapidFuzz's own way."""
    sizes: list[tuple[int, int]] = []

    class Pieces(lcs._Pieces):
        def __init__(self, before: Sequence[int], after: Sequence[int], limits: Limits) -> None:
            sizes.append((len(before), len(after)))
            super().__init__(before, after, limits)

    monkeypatch.setattr(lcs, "_Pieces", Pieces)
    many = 60_000
    for one, other in (
        ([0] * many, [0] * (many + 1)),
        (list(range(many)), [*range(many), many]),
        ([*range(many)], [*range(many // 2), many, *range(many // 2, many)]),
    ):
        for before, after in ((one, other), (other, one)):
            pairs = common_subsequence(before, after)
            check(before, after, pairs)
            assert len(pairs) == many
    assert not sizes
    same = common_subsequence(list(range(many)), list(range(many)))
    assert list(same) == [(at, at) for at in range(many)]


def test_where_one_has_all_that_is_left_no_edit_is_made_of_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A million lines that were added took a hundred bytes each."""

    def refuse(before: Sequence[int], after: Sequence[int]) -> IndexPairs:
        raise AssertionError(len(before), len(after))

    monkeypatch.setattr(lcs, "by_matrix", refuse)
    many = list(range(5000))
    for before, after in ((many, [*many, 1, 2]), (many[9:], many), ([], many)):
        for one, other in ((before, after), (after, before)):
            pairs = common_subsequence(one, other)
            check(one, other, pairs)
            assert len(pairs) == min(len(one), len(other))


def _rotations() -> Iterator[tuple[list[int], list[int]]]:
    for most in (1, 2, 3, 7):
        yield list(range(most)), [*range(1, most), 0]
        yield [0] * most, [0] * 9
        yield [0, 1] * most, [1, 0] * 5


def test_halves_of_one_item_end() -> None:
    for before, after in _rotations():
        for one, other in ((before, after), (after, before)):
            pairs = in_halves(one, other, 0)
            check(one, other, pairs)
            assert len(pairs) == longest(one, other)


def test_nothing_loads_rapidfuzz_before_a_comparison() -> None:
    code = (
        "import sys, inspector.history.difference, inspector.history.summary\n"
        "import inspector.history.text_difference as texts\n"
        "assert not [name for name in sys.modules if name.startswith('rapidfuzz')]\n"
        "texts.text_difference('a', 'b')\n"
        "assert 'rapidfuzz' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
