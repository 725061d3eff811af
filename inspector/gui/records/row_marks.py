"""What has just happened to records, beside their rows: for a while as a tint, then as a word."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Final

from inspector.gui.cells.change_look import FRESH, ChangeCounts
from inspector.named_tuple import NamedTuple
from inspector.session.seen_changes import Happened, SeenChange
from inspector.session.summaries import RecordKey

_MOST: Final = 10_000  #: records that are marked; the oldest marks go
_SHOWN: Final = (Happened.CREATED, Happened.UPDATED, Happened.DELETED)


class RowMark(NamedTuple):
    """What happened to a record since the window has followed its store.

    Attributes:
        happened: created, or what happened last.
        fresh: whether it was just now.
        since: number of the first change since the record was looked at.
    """

    happened: Happened
    fresh: bool
    since: int = 0


class _Seen(NamedTuple):
    """What happened, when that was seen last, and the number of the first change."""

    happened: Happened
    at: float
    since: int


class RowMarks:
    """The marks of the rows of one store, and how many there are of each kind."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[RecordKey, _Seen] = {}
        self._counts: dict[str, dict[Happened, int]] = {}
        self._cut: set[str] = set()  #: kinds of which marks had to go

    def clear(self) -> None:
        """Forget all of them: another store is shown, or all was seen."""
        self._seen.clear()
        self._counts.clear()
        self._cut.clear()

    def see(self, key: RecordKey) -> bool:
        """A record was looked at: it is marked no longer. Whether it was."""
        return self._drop(key) is not None

    def see_kind(self, kind: str) -> None:
        """The records of a kind were looked at."""
        if kind in self._counts or kind in self._cut:
            for key in [key for key in self._seen if key.kind == kind]:
                self._drop(key)
            self._cut.discard(kind)

    def counts(self) -> dict[str, ChangeCounts]:
        """How many records are marked, by kind; kinds without a mark are not among them."""
        return {
            kind: ChangeCounts(
                found.get(Happened.CREATED, 0),
                found.get(Happened.UPDATED, 0),
                found.get(Happened.DELETED, 0),
                more=kind in self._cut,
            )
            for kind, found in self._counts.items()
        }

    def take(self, changes: Iterable[SeenChange]) -> list[RecordKey]:
        """Mark the records of some changes; these."""
        now, taken = self._clock(), []
        for change in changes:
            if change.happened not in _SHOWN:
                continue
            key = RecordKey(change.kind, change.id)
            before = self._drop(key)
            happened, since = change.happened, change.number
            if before is not None:
                since = before.since
            if before is not None and before.happened is Happened.CREATED:
                # What is new stays new, whatever is written to it.
                happened = Happened.DELETED if happened is Happened.DELETED else Happened.CREATED
            self._seen[key] = _Seen(happened, now, since)
            of_kind = self._counts.setdefault(key.kind, {})
            of_kind[happened] = of_kind.get(happened, 0) + 1
            taken.append(key)
        while len(self._seen) > _MOST:
            oldest = next(iter(self._seen))
            self._drop(oldest)
            self._cut.add(oldest.kind)
        return taken

    def _drop(self, key: RecordKey) -> _Seen | None:
        found = self._seen.pop(key, None)
        if found is not None:
            of_kind = self._counts[key.kind]
            of_kind[found.happened] -= 1
            if not any(of_kind.values()):
                del self._counts[key.kind]
        return found

    def of(self, key: RecordKey) -> RowMark | None:
        """The mark of a record; None for none."""
        found = self._seen.get(key)
        if found is None:
            return None
        return RowMark(found.happened, self._clock() - found.at < FRESH, found.since)

    def any_fresh(self) -> bool:
        """Whether a tint has still to go."""
        newest = next(reversed(self._seen.values()), None)
        return newest is not None and self._clock() - newest.at < FRESH
