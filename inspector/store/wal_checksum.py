"""The checksum of a write-ahead log: two running sums over words of 32 bits, as SQLite makes them.

For words a and b: ``s1 += a + s2``, then ``s2 += b + s1``, modulo 2**32. This is linear in the
words, and its weights are Fibonacci numbers; so a page is cut into stretches that are summed side
by side in one long integer, which is several times as fast as word by word.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Sequence
from functools import cache
from operator import mul
from typing import Final, NamedTuple

_MASK: Final = 0xFFFFFFFF
#: Pairs of words that are summed before the sums are cut to 32 bits; more would not fit 64.
_STRETCH: Final = 16


class Sums(NamedTuple):
    """The two sums so far."""

    first: int = 0
    second: int = 0


def swapped(data: bytes) -> bytes:
    """The same words in the other byte order."""
    words = array("I", data)
    words.byteswap()
    return words.tobytes()


def added(before: Sums, data: bytes, *, big_endian: bool) -> Sums:
    """The sums after more data.

    Args:
        before: the sums up to the data.
        data: whole pairs of words.
        big_endian: the order of the bytes in a word.
    """
    if big_endian:
        data = swapped(data)
    head = len(data) % (8 * _STRETCH)
    first, second = before
    for one, other in struct.iter_unpack("<2I", data[:head]):
        first = (first + one + second) & _MASK
        second = (second + other + first) & _MASK
    if head == len(data):
        return Sums(first, second)
    return _stretches(Sums(first, second), memoryview(data)[head:])


def _stretches(before: Sums, data: memoryview) -> Sums:
    """The same of data that is whole stretches of little-endian words."""
    lanes = len(data) // (8 * _STRETCH)
    low = _low_halves(lanes)
    pairs = data.cast("Q")
    first = second = 0
    for step in range(_STRETCH):
        words = int.from_bytes(pairs[step::_STRETCH].tobytes(), "little")
        first += second + (words & low)
        second += first + (words >> 32 & low)
    firsts, seconds = (
        struct.unpack(f"<{lanes}Q", one.to_bytes(8 * lanes, "little")) for one in (first, second)
    )
    own, cross, last = _weights(lanes)
    return Sums(
        (_dot(own, (before.first, *firsts)) + _dot(cross, (before.second, *seconds))) & _MASK,
        (_dot(cross, (before.first, *firsts)) + _dot(last, (before.second, *seconds))) & _MASK,
    )


def _dot(weights: Sequence[int], values: Sequence[int]) -> int:
    return sum(map(mul, weights, values))


@cache
def _low_halves(lanes: int) -> int:
    return int.from_bytes(b"\xff\xff\xff\xff\0\0\0\0" * lanes, "little")


@cache
def _weights(lanes: int) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """What the sums before the first stretch, and those of each stretch, count for in the end.

    A pair of words takes two steps along the Fibonacci numbers.
    """
    steps = 2 * _STRETCH
    numbers = [1, 0]  # those numbered -1 and 0
    while len(numbers) < steps * lanes + 3:
        numbers.append((numbers[-1] + numbers[-2]) & _MASK)
    ends = range(steps * lanes, -1, -steps)
    own, cross, last = ([numbers[end + shift] for end in ends] for shift in range(3))
    return tuple(own), tuple(cross), tuple(last)
