"""WCAG contrast between two colours, and how to reach it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtGui import QColor

TEXT_RATIO: Final = 4.5  #: the least contrast of text
OUTLINE_RATIO: Final = 3.0  #: the least contrast of an input's outline
_STEPS: Final = 20


def luminance(color: str) -> float:
    """Relative luminance of an sRGB colour, 0 (black) to 1 (white)."""
    q = QColor(color)
    linear = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (q.redF(), q.greenF(), q.blueF())
    )
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def ratio(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 (none) to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lowest(color: str, grounds: Iterable[str]) -> float:
    """The lowest contrast of a colour over several grounds."""
    return min(ratio(color, ground) for ground in grounds)


def mix(one: str, other: str, share: float) -> str:
    """A colour between two: ``share`` 0 gives the first, 1 the second."""
    a, b = QColor(one), QColor(other)
    parts = zip((a.redF(), a.greenF(), a.blueF()), (b.redF(), b.greenF(), b.blueF()), strict=True)
    return QColor.fromRgbF(*(x + (y - x) * share for x, y in parts)).name()


def readable(color: str, grounds: tuple[str, ...], towards: str, least: float) -> str:
    """Move a colour in steps towards another until it has the least contrast on every ground.

    Returns the last step, ``towards`` itself, where even that does not reach it.
    """
    for step in range(_STEPS + 1):
        moved = mix(color, towards, step / _STEPS)
        if lowest(moved, grounds) >= least:
            return moved
    return towards
