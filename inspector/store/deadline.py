"""When a read must end: it was cancelled, its time is over, or that of one of its steps.

What tells that the file changed is :mod:`inspector.store.following`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from inspector.store.rows import Cancel


class OutOfTime(Exception):  # noqa: N818 - a reason to go on in smaller steps, no error
    """A step of a read took longer than it may."""


class Deadline:
    """Ends a query that was cancelled or takes too long.

    It is asked by SQLite every few thousand steps, and by the file layer before pages are read:
    on a slow disk a few steps may take minutes, and some count as one.

    Attributes:
        met_damage: whether what ran said that the file's bytes are wrong.
    """

    def __init__(self, cancel: Cancel | None, seconds: float) -> None:
        self._cancel: Cancel | None = getattr(cancel, "at_once", cancel)
        self._end = time.monotonic() + seconds
        self._step_end: float | None = None
        self.met_damage = False

    @property
    def cancelled(self) -> bool:
        """Whether the answer is no longer wanted."""
        return self._cancel is not None and self._cancel.is_set()

    def is_set(self) -> bool:
        """Whether the answer is no longer wanted: as a :class:`Cancel` it knows no time limit."""
        return self.cancelled

    @property
    def step_is_over(self) -> bool:
        """Whether the time of the step that runs is over, and no other."""
        over = self._step_end is not None and time.monotonic() > self._step_end
        return over and not self.cancelled and time.monotonic() <= self._end

    def __call__(self) -> bool:
        """Whether SQLite must stop now."""
        if self.cancelled:
            return True
        now = time.monotonic()
        return now > self._end or (self._step_end is not None and now > self._step_end)

    @contextmanager
    def step(self, seconds: float) -> Iterator[None]:
        """The time in which a step must be done."""
        self._step_end = time.monotonic() + seconds
        try:
            yield
        finally:
            self._step_end = None
