"""Ends the program in one way when the system, a terminal or a person asks for it.

SIGTERM, SIGHUP and Ctrl-C all become an exception, so that what was kept outside the store is
removed on the way out.
"""

from __future__ import annotations

import signal
from types import FrameType
from typing import Final, NoReturn

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


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    raise Stopped(number)


def _is_ignored(one: signal.Signals) -> bool:
    """Whether who started the program wants it to go on, as ``nohup`` does."""
    return signal.getsignal(one) is signal.SIG_IGN
