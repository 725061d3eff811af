"""Lines that a report of a fault needs: what was opened, read with and slow, for ``logging``.

They hold no data: numbers, and words of ours, never an id, a value, a name or a path. To import
``logging`` takes as long as a short command, so it is told only where somebody else imported it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Concatenate, Final, ParamSpec, TypeAlias, TypeVar

P = ParamSpec("P")
S = TypeVar("S")
T = TypeVar("T")
W = TypeVar("W")
_Method: TypeAlias = Callable[Concatenate[S, W, P], T]

#: Seconds from which on a read of the file is told.
SLOW: Final = 0.25


class Logger:
    """``logging.getLogger`` of a name, where somebody imported it and nobody else listens.

    Args:
        name: of the module.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def info(self, message: str, *facts: float | str | None) -> None:
        """A line.

        Args:
            message: with a ``%s`` for each fact.
            facts: numbers, and words of ours.
        """
        if _Listener.take is not None:
            _Listener.take(message % facts, time.time())
            return
        logging = sys.modules.get("logging")
        if logging is not None:
            logging.getLogger(self._name).info(message, *facts)


#: Takes a line, and when it was said in seconds since 1970.
TakesLine: TypeAlias = Callable[[str, float], object]


class _Listener:
    """Who listens in this process."""

    take: TakesLine | None = None


def listen(take: TakesLine | None) -> None:
    """Have lines told from now on, instead of to who was told before; None: to ``logging``."""
    _Listener.take = take


def timed(logger: Logger) -> Callable[[_Method[S, W, P, T]], _Method[S, W, P, T]]:
    """Has a method tell what took long, by the name of the function that it is first given."""

    def wrap(method: _Method[S, W, P, T]) -> _Method[S, W, P, T]:
        def measured(of: S, work: W, /, *arguments: P.args, **more: P.kwargs) -> T:
            started = time.monotonic()
            try:
                return method(of, work, *arguments, **more)
            finally:
                took = time.monotonic() - started
                if took >= SLOW:
                    logger.info("slow read: %s, %s ms", function_name(work), round(took * 1000))

        return measured

    return wrap


def function_name(what: object) -> str:
    """Module and name of a function, of ours and so no data."""
    while hasattr(what, "func"):
        # A partial, which may have others in it.
        inner = next((one for one in getattr(what, "args", ()) if callable(one)), None)
        what = inner or what.func
    name = getattr(what, "__qualname__", type(what).__qualname__)
    return f"{getattr(what, '__module__', '?')}.{name}"
