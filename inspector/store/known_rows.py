"""What is known of every row of a store, so that a look at it tells what has changed since.

Of each row there is a fingerprint of 64 bits, which holds its blob and its time; of as many as fit
into a bounded memory the row itself, so that a change can be shown with what was before it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Collection, Sequence
from hashlib import blake2b
from typing import Final

from inspector.named_tuple import NamedTuple

#: Bytes of rows that are kept as they are.
KEPT_BYTES: Final = 64 << 20


class StoredRow(NamedTuple):
    """A row as it is stored: its id, its blob, and its time's text."""

    id: bytes
    data: bytes
    updated_at: bytes | None


class RowChange(NamedTuple):
    """A row that is not as it was known.

    Attributes:
        kind: as stored.
        id: as stored.
        before: what it was; None where it is new, and where that was not kept.
        after: what it is, None where it is gone.
        known: whether it was there before.
    """

    kind: bytes
    id: bytes
    before: StoredRow | None
    after: StoredRow | None
    known: bool


class _KnownKind:
    """The ids of a kind in order, and the fingerprint of each."""

    def __init__(self) -> None:
        self.ids: list[bytes] = []
        self.prints: array[int] = array("Q")


class KnownRows:
    """What is known of the rows of one store."""

    def __init__(self, kept_bytes: int = KEPT_BYTES) -> None:
        self._kinds: dict[bytes, _KnownKind] = {}
        self._kept: OrderedDict[tuple[bytes, bytes], StoredRow] = OrderedDict()
        self._bytes = 0
        self._most = kept_bytes

    def __len__(self) -> int:
        return sum(len(kind.ids) for kind in self._kinds.values())

    def kinds(self) -> list[bytes]:
        """The kinds that have a row, in order."""
        return sorted(self._kinds)

    def learn(
        self,
        kind: bytes,
        low: bytes | None,
        high: bytes | None,
        rows: Sequence[StoredRow],
        unreadable: Collection[bytes] = (),
    ) -> list[RowChange]:
        """Take in all rows of a kind between two ids, neither of them included.

        Args:
            kind: as stored.
            low: the id before them, None for the beginning.
            high: the id behind them, None for the end.
            rows: in the order of their ids.
            unreadable: ids that are there, of which nothing more is known.

        Returns:
            What was not as it was known.
        """
        if not unreadable and self._append(kind, low, rows):
            return [RowChange(kind, row.id, None, row, known=False) for row in rows]
        there = {row.id for row in rows}.union(unreadable)
        gone = [one for one in self.between(kind, low, high) if one not in there]
        found = [self.drop(kind, one) for one in gone]
        found += [self.put(kind, row) for row in rows]
        return [one for one in found if one is not None]

    def _append(self, kind: bytes, low: bytes | None, rows: Sequence[StoredRow]) -> bool:
        """Take in rows where none is known behind ``low``; False, and nothing, where some are."""
        known = self._kinds.get(kind)
        if not rows or (known is not None and (low is None or known.ids[-1] > low)):
            return False
        if known is None:
            known = self._kinds[kind] = _KnownKind()
        known.ids.extend([row.id for row in rows])
        known.prints.extend(map(fingerprint, rows))
        for row in rows:
            self._keep_too(kind, row)
        return True

    def put(self, kind: bytes, row: StoredRow) -> RowChange | None:
        """Take in one row; None where it is as it was known."""
        known = self._kinds.get(kind)
        if known is None:
            known = self._kinds[kind] = _KnownKind()
        at = len(known.ids)
        if at and row.id <= known.ids[-1]:
            at = bisect_left(known.ids, row.id)
        made = fingerprint(row)
        if at == len(known.ids) or known.ids[at] != row.id:
            known.ids.insert(at, row.id)
            known.prints.insert(at, made)
            self._keep_too(kind, row)
            return RowChange(kind, row.id, None, row, known=False)
        if known.prints[at] == made:
            return None
        known.prints[at] = made
        return RowChange(kind, row.id, self._keep(kind, row), row, known=True)

    def drop(self, kind: bytes, id_: bytes) -> RowChange | None:
        """Forget a row; None where it was not known."""
        known = self._kinds.get(kind)
        at = bisect_left(known.ids, id_) if known is not None else 0
        if known is None or at == len(known.ids) or known.ids[at] != id_:
            return None
        del known.ids[at], known.prints[at]
        if not known.ids:
            del self._kinds[kind]
        return RowChange(kind, id_, self._forget(kind, id_), None, known=True)

    def between(self, kind: bytes, low: bytes | None, high: bytes | None) -> list[bytes]:
        """The known ids of a kind between two, neither of them included."""
        known = self._kinds.get(kind) or _KnownKind()
        start = bisect_right(known.ids, low) if low is not None else 0
        end = bisect_left(known.ids, high) if high is not None else len(known.ids)
        return known.ids[start:end]

    def _keep(self, kind: bytes, row: StoredRow) -> StoredRow | None:
        """Keep a row that has changed, in place of older ones; what it was before."""
        before = self._forget(kind, row.id)
        self._kept[kind, row.id] = row
        self._bytes += _size(row)
        while self._bytes > self._most and self._kept:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= _size(oldest)
        return before

    def _keep_too(self, kind: bytes, row: StoredRow) -> None:
        """Keep a row as long as there is room."""
        size = _size(row)
        if self._bytes + size <= self._most:
            self._kept[kind, row.id] = row
            self._bytes += size

    def _forget(self, kind: bytes, id_: bytes) -> StoredRow | None:
        before = self._kept.pop((kind, id_), None)
        if before is not None:
            self._bytes -= _size(before)
        return before


def fingerprint(row: StoredRow) -> int:
    """A number that another row of the same id will not have."""
    made = blake2b(row.data, digest_size=8)
    made.update(b"\0" if row.updated_at is None else b"\1" + row.updated_at)
    return int.from_bytes(made.digest(), "big")


def _size(row: StoredRow) -> int:
    return len(row.data) + len(row.id) + 200
