"""Numbers with their nouns."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: ``1 field``, ``13 items``; of ``many`` where that is no plain s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
