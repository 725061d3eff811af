"""Ends the program in one way when the system, a terminal or a person asks for it.

SIGTERM, SIGHUP and Ctrl-C all become an exception, so that what was kept outside the store is
removed on the way out. Where such a thing is made or removed, the exception waits.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final, NoReturn, TypeAlias

_Handler: TypeAlias = Callable[[int, FrameType | None], object]

_BASE: Final = 128
#: What ends a process without giving it a chance to tidy up, unless it asks for one.
_NAMES: Final = ("SIGTERM", "SIGHUP")


class Stopped(KeyboardInterrupt):
    """A signal asks the program to end.

    Attributes:
        code: what to end with, as shells have it.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.code = _BASE + number


def endings() -> tuple[signal.Signals, ...]:
    """The signals of this system, other than Ctrl-C's, that end a program; not one that is off."""
    found = (getattr(signal, name, None) for name in _NAMES)
    return tuple(one for one in found if one is not None and not _is_ignored(one))


def stop_on_signals() -> None:
    """Raise :class:`Stopped` where one of them arrives."""
    for one in endings():
        signal.signal(one, _stop)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """A short piece of work that no signal cuts in two: one that arrives is handled at its end.

    Python runs handlers in the main thread alone, so that work of another is never cut.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting = _Waiting()
    try:
        waiting.begin()
        yield
    finally:
        waiting.end()


class _Waiting:
    """Stands in for the handlers of the signals that end the program, for a while."""

    def __init__(self) -> None:
        self._handlers: dict[int, _Handler] = {}
        self._arrived: list[int] = []
        self._over = False

    def begin(self) -> None:
        """Let signals wait."""
        for one in (signal.SIGINT, *endings()):
            handler = signal.getsignal(one)
            if callable(handler):
                self._handlers[one] = handler
                signal.signal(one, self._take)

    def end(self) -> None:
        """Handle what has arrived, and from now on what arrives."""
        # A handler may raise at any of these steps; the others then still are what they were.
        self._over = True
        for one, handler in self._handlers.items():
            signal.signal(one, handler)
        for number in self._arrived:
            signal.raise_signal(number)

    def _take(self, number: int, frame: FrameType | None) -> None:
        if self._over:
            self._handlers[number](number, frame)
        else:
            self._arrived.append(number)


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    raise Stopped(number)


def _is_ignored(one: signal.Signals) -> bool:
    """Whether who started the program wants it to go on, as ``nohup`` does."""
    return signal.getsignal(one) is signal.SIG_IGN
