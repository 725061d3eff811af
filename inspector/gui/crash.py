"""Bugs of ours: told once with their traceback, then only counted.

A method that Qt calls for every cell can raise hundreds of times a second; the log must not
drown in it, and the window must stay.
"""

from __future__ import annotations

import sys
import traceback
from types import TracebackType
from typing import Final

from PySide6.QtCore import QObject, Signal

_MOST: Final = 200  #: different crashes that are remembered


class CrashLog(QObject):
    """Takes exceptions nobody expected; ``crashed`` is emitted with the first of each kind."""

    crashed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.counts: dict[str, int] = {}

    def install(self) -> None:
        """Become Python's hook for exceptions that reach the event loop."""
        sys.excepthook = self._hook

    def report(self, error: BaseException) -> None:
        """Write an exception to stderr, unless it came from the same place before."""
        place = traceback.extract_tb(error.__traceback__)[-1:]
        key = (
            f"{type(error).__name__} at {place[0].filename}:{place[0].lineno}"
            if place
            else (type(error).__name__)
        )
        self.counts[key] = self.counts.get(key, 0) + 1
        if self.counts[key] > 1 or len(self.counts) > _MOST:
            return
        text = "".join(traceback.format_exception(error))
        if sys.stderr is not None:
            sys.stderr.write(text)
        self.crashed.emit(text)

    def _hook(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if isinstance(error, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self.report(error.with_traceback(trace))
