"""A sequence whose elements are made when asked for is one like any other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.lazy_sequence import LazySequence


class _Squares(LazySequence[int]):
    def __init__(self, count: int) -> None:
        self._size = count
        self.made: list[int] = []

    def __len__(self) -> int:
        return self._size

    def _made(self, index: int) -> int:
        self.made.append(index)
        return index * index


_PLACE = st.none() | st.integers(-12, 12)
_STEP = st.none() | st.integers(-4, 4).filter(bool)


@given(st.integers(0, 8), _PLACE, _PLACE, _STEP)
def test_a_slice_is_that_of_a_list(
    count: int, start: int | None, stop: int | None, step: int | None
) -> None:
    lazy, listed = _Squares(count), [one * one for one in range(count)]
    wanted = listed[start:stop:step]
    assert lazy[start:stop:step] == wanted
    assert [one * one for one in lazy.made] == wanted


@given(st.integers(0, 8), st.integers(-12, 12))
def test_an_element_is_that_of_a_list_or_there_is_none(count: int, index: int) -> None:
    lazy = _Squares(count)
    if -count <= index < count:
        assert lazy[index] == list(range(count))[index] ** 2
        assert len(lazy.made) == 1
    else:
        with pytest.raises(IndexError):
            lazy[index]
        assert not lazy.made
