"""Sequences whose elements are made when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar, overload

T_co = TypeVar("T_co", covariant=True)


class LazySequence(Sequence[T_co]):
    """Who inherits tells how many elements there are, and makes one.

    It may have its own way through all of them, or through some that lie side by side, where each
    can be found from the one before.
    """

    __slots__ = ()

    @overload
    def __getitem__(self, index: int) -> T_co: ...
    @overload
    def __getitem__(self, index: slice) -> list[T_co]: ...
    def __getitem__(self, index: int | slice) -> T_co | list[T_co]:
        if isinstance(index, slice):
            places = range(*index.indices(len(self)))
            if places.step == 1:
                return list(self._between(places.start, places.stop))
            return list(map(self._made, places))
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(index)
        return self._made(index)

    def _made(self, index: int) -> T_co:
        """The element of an index that there is, counted from 0."""
        raise NotImplementedError

    def _between(self, start: int, stop: int) -> Iterable[T_co]:
        """The elements from an index up to another; both are there, or ``stop`` is the end."""
        return map(self._made, range(start, stop))
