"""A connection to a signal that is there only while somebody has to be told."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import SignalInstance


class SwitchedConnection:
    """Connects to a signal and disconnects from it: what is not asked for runs no code.

    Attributes:
        on: whether it is connected.
    """

    def __init__(self, signal: SignalInstance) -> None:
        self._signal = signal
        self.on = False

    def switch(self, slot: Callable[..., object], *, on: bool) -> None:
        """Connect the slot or disconnect it; nothing where that is so already.

        Args:
            slot: the same one each time. It is not kept, for that would keep its object alive.
            on: whether it is to be told.
        """
        if on != self.on:
            self.on = on
            (self._signal.connect if on else self._signal.disconnect)(slot)
