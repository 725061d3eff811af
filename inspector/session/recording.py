"""What was seen while a store was followed: a recording, and marks to compare with. In memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from inspector.named_tuple import NamedTuple
from inspector.session.seen_changes import Happened, SeenChange
from inspector.store.rows import Row

#: What a recording holds, in bytes and changes.
_MOST_BYTES: Final = 64 << 20
_MOST_CHANGES: Final = 50_000


class Recording:
    """The changes that were seen, oldest first; the oldest are let go where they grow too many.

    Attributes:
        let_go: how many there were that are not in it any more.
    """

    def __init__(self, most_bytes: int = _MOST_BYTES, most: int = _MOST_CHANGES) -> None:
        self._changes: deque[SeenChange] = deque()
        self._bytes = 0
        self._most_bytes, self._most = most_bytes, most
        self.let_go = 0

    def __len__(self) -> int:
        return len(self._changes)

    def __iter__(self) -> Iterator[SeenChange]:
        return iter(tuple(self._changes))

    def add(self, change: SeenChange) -> None:
        """One more change."""
        self._changes.append(change)
        self._bytes += change.size
        while self._bytes > self._most_bytes or len(self._changes) > self._most:
            self._bytes -= self._changes.popleft().size
            self.let_go += 1

    def since(self, number: int) -> tuple[SeenChange, ...]:
        """Those behind a change by its number, as far as they are still there."""
        found = []
        # Others may be added meanwhile, in another thread.
        for change in reversed(tuple(self._changes)):
            if change.number <= number:
                break
            found.append(change)
        return tuple(reversed(found))

    def of(self, kind: str, id_: str) -> tuple[SeenChange, ...]:
        """Those of one record."""
        return tuple(one for one in self if (one.kind, one.id) == (kind, id_))


class NetChange(NamedTuple):
    """How a record differs from what it was at a mark.

    Attributes:
        kind: as stored.
        id: of the record.
        happened: created, updated or deleted since.
        before: at the mark; None where it was not there, or is not known.
        after: now; None where it is gone.
        time: when it was last seen to change.
    """

    kind: str
    id: str
    happened: Happened
    before: Row | None
    after: Row | None
    time: datetime


class ChangesMark:
    """A moment to compare with: of each record that changes, what it was then and what it is.

    Attributes:
        time: when it was set.
        whole: nothing had to be let go; else more may differ than is told.
        archived: versions that were put into the history since, by kind and id.
    """

    def __init__(self, time: datetime, most_bytes: int = _MOST_BYTES) -> None:
        self.time = time
        self.whole = True
        self.archived: dict[tuple[str, str], int] = {}
        self._net: dict[tuple[str, str], NetChange] = {}
        self._bytes = 0
        self._most_bytes = most_bytes

    def take(self, change: SeenChange) -> None:
        """One more change."""
        key = change.kind, change.id
        if change.happened is Happened.ARCHIVED:
            self.archived[key] = self.archived.get(key, 0) + 1
            return
        first = self._net.get(key)
        if first is None:
            if self._bytes + change.size > self._most_bytes:
                self.whole = False
                return
            self._bytes += change.size
            sides = change.before, change.after
            self._net[key] = NetChange(*key, change.happened, *sides, change.time)
            return
        was_there = first.happened is not Happened.CREATED
        if not was_there and change.after is None:
            del self._net[key]
            return
        happened = Happened.DELETED if change.after is None else Happened.UPDATED
        if not was_there:
            happened = Happened.CREATED
        self._net[key] = first._replace(happened=happened, after=change.after, time=change.time)

    def differences(self) -> list[NetChange]:
        """What differs now, by kind and id; what is again as it was is not among it."""
        found = (self._net[key] for key in sorted(self._net))
        return [one for one in found if one.before is None or one.before != one.after]
