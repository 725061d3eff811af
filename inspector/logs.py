"""Lines that a report of a fault needs: what was opened, read with and slow, for ``logging``.

They hold no data: numbers, and words of ours, never an id, a value, a name or a path. To import
``logging`` takes as long as a short command, so it is imported only where somebody listens.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeAlias, TypeVar

if TYPE_CHECKING:
    import logging

P = ParamSpec("P")
S = TypeVar("S")
T = TypeVar("T")
W = TypeVar("W")
_Method: TypeAlias = Callable[Concatenate[S, W, P], T]

ROOT: Final = "inspector"
#: Seconds from which on a read of the file is told.
SLOW: Final = 0.25


class Logger:
    """``logging.getLogger`` of a name, where somebody listens.

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
        if _Listener.make is not None:
            _attach(_Listener.make)
        logging = sys.modules.get("logging")
        if logging is not None:
            logging.getLogger(self._name).info(message, *facts)


class _Listener:
    """Who listens in this process; the handler is made for the first line."""

    make: Callable[[], logging.Handler] | None = None
    attached: logging.Handler | None = None


def listen(make: Callable[[], logging.Handler] | None) -> None:
    """Have lines handed to a handler from now on, in place of the one before; None: to nobody."""
    if _Listener.attached is not None:
        root = _root()
        root.removeHandler(_Listener.attached)
        root.propagate = True
        root.setLevel("NOTSET")
    _Listener.make, _Listener.attached = make, None


def _attach(make: Callable[[], logging.Handler]) -> None:
    _Listener.make, _Listener.attached = None, make()
    root = _root()
    root.setLevel("INFO")
    root.propagate = False
    root.addHandler(_Listener.attached)


def _root() -> logging.Logger:
    import logging  # noqa: PLC0415 - see above

    return logging.getLogger(ROOT)


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
