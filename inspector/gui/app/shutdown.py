"""Closes all windows when a signal asks the program to end, so that nothing is left behind."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Final

from PySide6.QtCore import QCoreApplication, QObject, QSocketNotifier

from inspector.signals import endings

_BASE: Final = 128


class Shutdown(QObject):
    """Ends the event loop on Ctrl-C, SIGTERM and SIGHUP.

    Python runs its handlers between two of its own instructions, of which an idle event loop has
    none: the number of the signal comes through a pipe that wakes it.
    """

    def __init__(self, close: Callable[[], None], parent: QObject) -> None:
        """Calls ``close`` in the event loop, and then ends it with the signal's code."""
        super().__init__(parent)
        self._close = close
        self._before: dict[int, object] = {}
        if sys.platform == "win32":
            return
        self._read, self._write = os.pipe()
        for end in (self._read, self._write):
            os.set_blocking(end, False)
        self._notifier = QSocketNotifier(self._read, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._told)
        signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        for one in (signal.SIGINT, *endings()):
            self._before[one] = signal.signal(one, _take)

    def leave(self) -> None:
        """Go back to how signals were handled before."""
        if sys.platform == "win32" or not self._before:
            return
        signal.set_wakeup_fd(-1)
        for one, handler in self._before.items():
            signal.signal(one, handler)  # type: ignore[arg-type]
        self._before.clear()
        self._notifier.setEnabled(False)
        for end in (self._read, self._write):
            os.close(end)

    def _told(self) -> None:
        number = os.read(self._read, 1)[0]
        self._close()
        QCoreApplication.exit(_BASE + number)


def _take(_number: int, _frame: FrameType | None) -> None:
    """The pipe has it already."""
