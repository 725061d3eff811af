"""What the rows of a store say of each other's writers: no release comes after a later one.

Asked for only where the bytes, the time and the layout of a row leave open what it says.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from inspector.schema.clues import Clue
from inspector.schema.merged import MergedSchema
from inspector.schema.releases import Mask, newest, oldest, since, union, until
from inspector.store.records import PAGE_BYTES
from inspector.times import moment

if TYPE_CHECKING:
    from inspector.decode.choice import Choice, Reading
    from inspector.store.rows import Cancel, Row
    from inspector.store.store import Store

    #: Reads a blob of a kind, written then, without a look at other rows.
    Plainly = Callable[[bytes, str, str | None], Reading]

#: How much is looked at: rows of a kind, rows in all, bytes in all.
A_KIND: Final = 96
IN_ALL: Final = 1500
BYTES: Final = 16 << 20
_WORDS: Final = "rows around it say so"

#: When a row was written, and the releases that can have written it.
Dated = tuple[datetime, Mask]


class Neighbours:
    """The oldest and newest possible writer at any time, by the rows before and after it."""

    def __init__(self, merged: MergedSchema, rows: Iterable[Dated]) -> None:
        """Takes rows in any order."""
        self._merged = merged
        dated = sorted(rows)
        self._times = [when for when, _ in dated]
        self._first: list[int] = []  # by the rows up to each
        for _, releases in dated:
            self._first.append(max(oldest(releases), self._first[-1] if self._first else 0))
        last = len(merged.names) - 1
        self._last: list[int] = []  # by the rows from each on
        for _, releases in reversed(dated):
            last = min(newest(releases), last)
            self._last.append(last)
        self._last.reverse()

    def clues(self, written: str | None) -> tuple[Clue, ...]:
        """The releases that can have written a row of a time; none where the rows disagree."""
        when = moment(written) if written else None
        if when is None or not self._times:
            return ()
        before = bisect_right(self._times, when.second)
        after = bisect_left(self._times, when.second)
        first = self._first[before - 1] if before else 0
        last = self._last[after] if after < len(self._last) else len(self._merged.names) - 1
        if first > last:
            return ()
        return (Clue(since(first, self._merged.full) & until(last), _WORDS),)


class Sample:
    """The rows of a store that bear on others: a bounded part, the same one each time.

    Attributes:
        full: whether no more are wanted.
        dated: what those say that were looked at.
    """

    def __init__(self, merged: MergedSchema) -> None:
        self.full = False
        self.dated: list[Dated] = []
        self._merged = merged
        self._kind: str | None = None
        self._wanted = False
        self._rows = self._size = 0
        self._rows_in_all = self._size_in_all = 0

    def wants_kind(self, kind: str) -> bool:
        """Whether rows of a kind tell anything; kinds come by their bytes."""
        merged = self._merged
        return merged.root(kind) is not None and not merged.was_renamed(kind)

    def is_done_with(self, kind: str) -> bool:
        """Whether no more rows of a kind are wanted, that which came last or the next one."""
        enough = not self._wanted or self._rows >= A_KIND or self._size >= PAGE_BYTES
        return self.full or (kind == self._kind and enough)

    def wants(self, row: Row) -> bool:
        """Whether a row is to be looked at; all of them come in order, kind by kind."""
        if row.kind != self._kind:
            self._kind, self._wanted = row.kind, self.wants_kind(row.kind)
            self._rows = self._size = 0
        if self.is_done_with(row.kind):
            return False
        self._rows, self._size = self._rows + 1, self._size + len(row.data or b"")
        self._rows_in_all, self._size_in_all = self._rows_in_all + 1, self._size_in_all + row.size
        self.full = self._rows_in_all > IN_ALL or self._size_in_all > BYTES
        return not self.full and row.data is not None

    def add(self, row: Row, choice: Choice) -> None:
        """Takes a row that is wanted, and how it is read without a look at others."""
        when = moment(row.updated_at) if row.updated_at else None
        if when is None:
            return
        releases = union((choice.releases, *(one.releases for one in choice.rivals)))
        # A row whose time and bytes disagree was written again without a new time, and one that
        # has the time of a migration says nothing of the rows around it.
        if releases and not (choice.contradicted or choice.undated):
            self.dated.append((when.second, releases))


def neighbours(
    store: Store, merged: MergedSchema, plainly: Plainly, cancel: Cancel | None = None
) -> Neighbours:
    """Looks at the sample of a store."""
    sample = Sample(merged)
    for kind in store.kinds(cancel):
        if sample.full:
            break
        if not sample.wants_kind(kind.kind):
            continue
        for row in store.rows(kind.kind, None, A_KIND, cancel=cancel).rows:
            if sample.wants(row) and row.data is not None:
                sample.add(row, plainly(row.data, row.kind, row.updated_at).choice)
    return Neighbours(merged, sample.dated)
