"""Which pages of a list are to be read next: those that were looked at last."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class PageRequests:
    """Numbers of pages that are wanted, and of those that are on their way.

    Attributes:
        asked: the numbers of the pages on their way; whoever asks for pages keeps them here.
    """

    def __init__(self, parent: QObject, ask: Callable[[], None]) -> None:
        """Keeps nothing yet.

        Args:
            parent: of the timer.
            ask: called once the event loop turns after pages were wanted.
        """
        self.asked: set[int] = set()
        self._wanted: dict[int, None] = {}
        self._later = QTimer(parent, singleShot=True, interval=0)
        self._later.timeout.connect(ask)

    def want(self, number: int) -> None:
        """Want a page, unless it is on its way."""
        if number in self.asked:
            return
        # What was wanted again is wanted last.
        self._wanted.pop(number, None)
        self._wanted[number] = None
        self._later.start()

    def take(self) -> list[int]:
        """The pages that are wanted, the last first; what scrolled by is of no interest then."""
        numbers = list(reversed(self._wanted))
        self._wanted.clear()
        return numbers

    def clear(self) -> None:
        """Want nothing; what is on its way is for nobody."""
        self._wanted.clear()
        self.asked.clear()
