"""What has just happened to records, beside their rows: for a while as a tint, then as a word."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from inspector.session.changed import Happened, SeenChange
from inspector.session.lines import RecordKey

#: Seconds in which a row is tinted.
FRESH: Final = 4.0
_MOST: Final = 10_000  #: records that are marked; the oldest marks go
_SHOWN: Final = (Happened.CREATED, Happened.UPDATED, Happened.DELETED)


class RowMark(NamedTuple):
    """What happened to a record since the window has followed its store.

    Attributes:
        happened: created, or what happened last.
        fresh: whether it was just now.
    """

    happened: Happened
    fresh: bool


class RowMarks:
    """The marks of the rows of one store."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[RecordKey, tuple[Happened, float]] = {}

    def clear(self) -> None:
        """Forget all of them: another store is shown."""
        self._seen.clear()

    def take(self, changes: Iterable[SeenChange]) -> list[RecordKey]:
        """Mark the records of some changes; these."""
        now, taken = self._clock(), []
        for change in changes:
            if change.happened not in _SHOWN:
                continue
            key = RecordKey(change.kind, change.id)
            before = self._seen.pop(key, None)
            happened = change.happened
            if before is not None and before[0] is Happened.CREATED:
                # What is new stays new, whatever is written to it.
                happened = Happened.DELETED if happened is Happened.DELETED else Happened.CREATED
            self._seen[key] = (happened, now)
            taken.append(key)
        while len(self._seen) > _MOST:
            del self._seen[next(iter(self._seen))]
        return taken

    def of(self, key: RecordKey) -> RowMark | None:
        """The mark of a record; None for none."""
        found = self._seen.get(key)
        if found is None:
            return None
        return RowMark(found[0], self._clock() - found[1] < FRESH)

    def any_fresh(self) -> bool:
        """Whether a tint has still to go."""
        newest = next(reversed(self._seen.values()), None)
        return newest is not None and self._clock() - newest[1] < FRESH
