"""A real store that answers only when a test lets it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event, Lock
from typing import Any

from inspector.errors import CancelledError
from inspector.session.session import Session
from inspector.store.store import Store

_STEP = 0.002  #: seconds between two looks at the cancel flag, as SQLite's progress handler has it


class Gate:
    """Holds up questions by their name until they are let through or cancelled.

    Attributes:
        asked: how often each question was asked.
        cancelled: how many of them were cancelled while they waited.
        pages: behind which id each page of rows was read, None for a first page.
    """

    def __init__(self) -> None:
        self._shut: set[str] = set()
        self._lock = Lock()
        self.held = Event()
        self.asked: dict[str, int] = {}
        self.cancelled: dict[str, int] = {}
        self.pages: list[str | None] = []

    def shut(self, *names: str) -> None:
        """Hold up these questions from now on."""
        with self._lock:
            self._shut.update(names)
        self.held.clear()

    def open(self) -> None:
        """Let everything through."""
        with self._lock:
            self._shut.clear()

    def wait(self, name: str, cancel: Any) -> None:
        """Called in the worker by a question.

        Raises:
            CancelledError: it was cancelled meanwhile.
        """
        self.asked[name] = self.asked.get(name, 0) + 1
        pause = Event()
        while name in self._shut:
            self.held.set()
            if cancel is not None and cancel.is_set():
                self.cancelled[name] = self.cancelled.get(name, 0) + 1
                raise CancelledError("Cancelled.")
            pause.wait(_STEP)


class SlowStore(Store):
    """A store whose questions pass a gate."""

    def __init__(self, path: Path, gate: Gate) -> None:
        super().__init__(path)
        self.closed = 0
        for name in ("facts", "kinds", "rows", "heads", "row", "anchors"):
            setattr(self, name, _gated(getattr(super(), name), name, gate))
        self.blobs = _gated(super().blobs, "rows", gate)  # type: ignore[method-assign]
        for name in ("versions",):
            setattr(self.history, name, _gated(getattr(self.history, name), name, gate))

    def close(self) -> None:
        self.closed += 1
        super().close()


def _gated(ask: Callable[..., Any], name: str, gate: Gate) -> Callable[..., Any]:
    def answer(*args: Any, **named: Any) -> Any:
        cancel = named.get("cancel", next((a for a in args if isinstance(a, Event)), None))
        gate.wait(name, cancel)
        if name == "rows":
            gate.pages.append(args[1] if len(args) > 1 else named.get("after"))
        return ask(*args, **named)

    return answer


def slow_session(path: Path, gate: Gate) -> Session:
    """A session of a store behind a gate."""
    return Session(SlowStore(path, gate))
