"""Covers secrets again that were shown, once another program has been in front for a while."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

#: Milliseconds without the focus after which secrets are covered again.
WHILE: Final = 60_000


class SecretTimeout(QObject):
    """Watches whether a window is in use."""

    def __init__(self, window: QWidget, cover: Callable[[], None]) -> None:
        super().__init__(window)
        self.timer = QTimer(self, singleShot=True, interval=WHILE)
        self.timer.timeout.connect(cover)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count from when the window is left until it is entered."""
        if event.type() == QEvent.Type.WindowDeactivate:
            self.timer.start()
        elif event.type() == QEvent.Type.WindowActivate:
            self.timer.stop()
        return super().eventFilter(watched, event)
