"""Sets of releases: a bit for each release, oldest first, so that evidence is met with ``&``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

#: A release is written ``A``, an interval of releases ``A..B``.
BETWEEN: Final = ".."
#: A name that the newest release of its time went by here.
ALIASES: Final = {"2026-10": "apis-0.1.0.dev0"}

#: Releases as a set of bits; bit 0 is the oldest release.
Mask = int


def mask_of_runs(runs: Sequence[int]) -> Mask:
    """The set of releases from first and last numbers of runs, flat."""
    mask = 0
    for first, last in zip(runs[::2], runs[1::2], strict=True):
        mask |= (1 << last + 1) - (1 << first)
    return mask


def oldest(mask: Mask) -> int:
    """The number of the oldest release of a set that is not empty."""
    return (mask & -mask).bit_length() - 1


def newest(mask: Mask) -> int:
    """The number of the newest release of a set that is not empty."""
    return mask.bit_length() - 1


def since(number: int, full: Mask) -> Mask:
    """A release and all that came after it."""
    return full & -(1 << number)


def until(number: int) -> Mask:
    """A release and all that came before it."""
    return (1 << number + 1) - 1


def numbers(mask: Mask) -> Iterator[int]:
    """The releases of a set, oldest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def union(masks: Iterable[Mask]) -> Mask:
    """All releases of several sets."""
    whole = 0
    for mask in masks:
        whole |= mask
    return whole


def interval(mask: Mask, names: Sequence[str]) -> str:
    """A set in words: a release, or the oldest and the newest of it as ``A..B``."""
    if not mask:
        return ""
    first, last = names[oldest(mask)], names[newest(mask)]
    return first if first == last else f"{first}{BETWEEN}{last}"
