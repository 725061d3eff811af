"""How many rows the next step of a long reading takes: as many as the disk gives in a moment."""

from __future__ import annotations

from typing import Final

_FIRST: Final = 1_000
_FEWEST: Final = 100
_MOST: Final = 10_000
_QUICK: Final = 0.005  #: seconds
_SLOW: Final = 0.02


class Pace:
    """Grows while steps are quick and shrinks while they are slow.

    Attributes:
        rows: of the next step.
    """

    def __init__(self) -> None:
        self.rows = _FIRST

    def took(self, seconds: float) -> None:
        """A step of :attr:`rows` rows is done."""
        if seconds < _QUICK:
            self.rows = min(self.rows * 2, _MOST)
        elif seconds > _SLOW:
            self.rows = max(self.rows // 2, _FEWEST)
