"""The worker of a window under channel names of its own, for views that are there twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject

from inspector.errors import InspectorError
from inspector.gui.tasks import Tasks, Work

T = TypeVar("T")


class TaskGroup(Tasks):
    """Hands work on to the worker of a window; nothing of it meets work of the same name there."""

    def __init__(self, tasks: Tasks, name: str) -> None:
        QObject.__init__(self, tasks)  # no worker of its own
        self._tasks, self._name = tasks, name

    def run(
        self,
        channel: str,
        work: Work[T],
        on_done: Callable[[T], None],
        on_error: Callable[[InspectorError], None] | None = None,
        on_progress: Callable[[int, int], None] | None = None,
        *,
        slow: bool = False,
    ) -> None:
        """Ask for work in a channel of the group."""
        self._tasks.run(self._of(channel), work, on_done, on_error, on_progress, slow=slow)

    def cancel(self, channel: str) -> None:
        """Ask the work of a channel of the group to stop."""
        self._tasks.cancel(self._of(channel))

    def forget(self, channel: str) -> None:
        """Stop the work of a channel of the group; nobody is told any more."""
        self._tasks.forget(self._of(channel))

    def is_busy(self, channel: str) -> bool:
        """Whether an answer of a channel of the group is still to come."""
        return self._tasks.is_busy(self._of(channel))

    def is_idle(self) -> bool:
        """Whether no answer of the worker is still to come."""
        return self._tasks.is_idle()

    def close(self) -> None:
        """The worker is closed by whose it is."""

    def _of(self, channel: str) -> str:
        return f"{self._name} {channel}"
