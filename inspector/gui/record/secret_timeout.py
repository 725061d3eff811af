"""Covers secrets again that were shown, once another program has been in front for a while."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer, SignalInstance

#: Milliseconds without the focus after which secrets are covered again.
WHILE: Final = 60_000


class SecretTimeout(QObject):
    """Watches whether a window is in use.

    Args:
        parent: ends it.
        in_use: tells whether the window is entered or left.
        cover: covers them.
    """

    def __init__(self, parent: QObject, in_use: SignalInstance, cover: Callable[[], None]) -> None:
        super().__init__(parent)
        self.timer = QTimer(self, singleShot=True, interval=WHILE)
        self.timer.timeout.connect(cover)
        in_use.connect(self._count)

    def _count(self, entered: bool) -> None:
        """Count from when the window is left until it is entered."""
        if entered:
            self.timer.stop()
        else:
            self.timer.start()
