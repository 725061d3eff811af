"""What changed in a store since the last look at it; between two looks nothing is held or open.

Whether anything was committed is told by what SQLite publishes with each commit, not by a clock:
two commits within one tick are both seen. What changed is told by the pages that were written to
the log since, and only where those are lost, because the log was restarted, by going through all
rows again.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable
from typing import Final, NamedTuple

from inspector.errors import StoreErrorKind
from inspector.store import daemon
from inspector.store.changed_pages import KeyPlaces, Stretch, written_pages, written_rows
from inspector.store.daemon import Daemon
from inspector.store.files import Files, look
from inspector.store.keys import quoted
from inspector.store.known_rows import KEPT_BYTES, KnownRows, RowChange, StoredRow
from inspector.store.layout import Layout, Resources, declared_columns, in_row_order, read_version
from inspector.store.live_pages import LogMark
from inspector.store.reader import Snapshot, StoreReader, exclusive
from inspector.store.row_ranges import (
    RowRange,
    ids_between,
    kinds_of,
    neighbour,
    rows_after,
    rows_between,
)
from inspector.store.rows import Cancel
from inspector.store.sentences import store_error
from inspector.store.text import decode
from inspector.store.wal_index import WalIndex, published

#: Rows that a step of going through all of them takes.
_STEP: Final = 500
#: Archived rows that are told of at a time.
_MOST_ARCHIVED: Final = 10_000


class ArchivedRow(NamedTuple):
    """An archived row that is new; kind and id as stored."""

    number: int
    kind: str
    id: str


class Seen(NamedTuple):
    """What a look found.

    Attributes:
        rows: rows that are not as they were at the look before; several changes of one are one.
        archived: archived rows that are new.
        caught_up: nothing that was committed before the look is left to be found.
        daemon: who has the store open.
        layout: the version of its layout, None where there is none.
    """

    rows: tuple[RowChange, ...]
    archived: tuple[ArchivedRow, ...]
    caught_up: bool
    daemon: Daemon
    layout: int | None = None


class _Mark(NamedTuple):
    """What the files were at a look; equal ones mean that nothing was committed between."""

    facts: tuple[object, ...]
    published: WalIndex | None
    settled: bool


class _Piece(NamedTuple):
    """All rows of a kind between two ids, neither included; ``after_kind`` is the kind before."""

    kind: bytes
    low: bytes | None
    high: bytes | None
    rows: list[StoredRow]
    unreadable: list[bytes]
    first: bool = False
    after_kind: bytes | None = None


class _Place(NamedTuple):
    """Where going through all rows has got to; a kind without an id is done."""

    kind: bytes | None = None
    after: bytes | None = None

    def is_behind(self, kind: bytes, id_: bytes) -> bool:
        """Whether a row is still to come."""
        if self.kind is None or kind > self.kind:
            return True
        return kind == self.kind and self.after is not None and id_ > self.after


class _Delta(NamedTuple):
    """What one snapshot says; ``lost`` where the log does not tell what changed."""

    mark: LogMark | None
    lost: bool
    pieces: list[_Piece]
    gone: list[tuple[bytes, bytes]]
    kinds: list[bytes]
    archived: list[ArchivedRow]
    newest: int
    version: int | None


class Following:
    """Follows one file. Not to be used from two threads at a time."""

    def __init__(
        self,
        path: str,
        reader: StoreReader,
        layout: Callable[[Snapshot], Layout],
        kept_bytes: int = KEPT_BYTES,
    ) -> None:
        self._path = path
        self._reader = reader
        self._layout = layout
        self._known = KnownRows(kept_bytes)
        self._mark: _Mark | None = None
        self._log_mark: LogMark | None = None
        self._newest: int | None = None
        self._version: int | None = None
        #: Where going through all rows goes on, and whether it is to be done once more.
        self._place: _Place | None = _Place()
        self._again = False
        self._begun = False
        #: Times that all rows were gone through, for those who measure.
        self.sweeps = 0

    @property
    def count(self) -> int:
        """Rows that are known, legacy ones too."""
        return len(self._known)

    def forget_place(self) -> None:
        """Go through all rows at the next look: the file is another one, or was not readable."""
        self._mark = self._log_mark = None

    def look(self, cancel: Cancel | None = None, seconds: float = float("inf")) -> Seen:
        """What changed since the last look; the first one only learns what is there.

        Args:
            cancel: ends it when set; what was found by then is told by the next look.
            seconds: how long all rows may be gone through, where that has to be; the next look
                goes on with it.

        Raises:
            StoreError: the file cannot be read as it is; what is known of it is kept.
            CancelledError: ``cancel`` was set.
        """
        with exclusive(cancel):
            files = look(self._path)
            holder = daemon.inspect(self._path, files)
            mark = _mark(self._path, files)
        self._reader.check_identity(files)
        found: list[RowChange] = []
        archived: list[ArchivedRow] = []
        if self._mark is None or not mark.settled or mark != self._mark:
            delta = self._reader.read(lambda snapshot: self._delta(snapshot, mark), cancel)
            found += self._learned(delta)
            archived = delta.archived if self._newest is not None else []
            self._newest, self._version = delta.newest, delta.version
            self._mark, self._log_mark = mark, delta.mark
        # Beside a busy daemon what was written may take all of the time: this has its own.
        started = time.monotonic()
        while self._place is not None:
            for piece, place in self._reader.sweep(self._step, self._place, cancel):
                taken = self._taken(piece)
                # What is only learned is all there is, and would not be told.
                found += taken if self._begun else ()
                self._place = place
                if time.monotonic() - started > seconds:
                    break
            if self._place is None:
                self.sweeps += 1
                self._place = _Place() if self._again else None
                self._again = False
            if time.monotonic() - started > seconds:
                break
        caught_up = self._place is None
        told = tuple(found) if self._begun else ()
        self._begun = self._begun or caught_up
        return Seen(told, tuple(archived), caught_up, holder, self._version)

    def _delta(self, snapshot: Snapshot, mark: _Mark) -> _Delta:
        layout = self._layout(snapshot)
        if layout.problem is not None:
            raise layout.problem
        archived, newest = _archived(snapshot, layout, self._newest)
        live, table = snapshot.live, layout.resources
        log_mark = live.mark if live is not None else None
        kinds = kinds_of(snapshot, table) if table else []
        version = read_version(snapshot, layout)
        lost = _Delta(log_mark, True, [], [], kinds, archived, newest, version)
        if live is None or self._log_mark is None or table is None or not _is_told(table):
            return lost
        if self._place is None and _overwritten(self._mark, mark):
            return lost
        pages = written_pages(self._log_mark, live)
        if pages is None:
            return lost
        last = live.size // live.page_size
        places = _places(snapshot, table)
        stretches: list[Stretch] | None = []
        if pages:
            stretches = written_rows(
                {page for page in pages if page <= last},
                live.page_size,
                lambda page: snapshot.page(page, live.page_size),
                places,
            )
        if stretches is None:
            return lost
        place = self._place
        if place is not None and not self._begun:
            # All rows are read for the first time: those that are still to come will be.
            stretches = [one for one in stretches if not place.is_behind(one.kind, one.first)]
        pieces, gone = self._pieces(snapshot, table, stretches, kinds)
        return lost._replace(lost=False, pieces=pieces, gone=gone)

    def _pieces(
        self, snapshot: Snapshot, table: Resources, stretches: list[Stretch], kinds: list[bytes]
    ) -> tuple[list[_Piece], list[tuple[bytes, bytes]]]:
        """The rows of the stretches as they are, and those that are known and gone."""
        pieces: list[_Piece] = []
        gone: list[tuple[bytes, bytes]] = []
        reached: dict[bytes, bytes] = {}
        edges: set[tuple[int, bool]] = set()
        for one in sorted(set(stretches), key=lambda one: (not one.whole, *one)):
            covered = reached.get(one.kind)
            if one.whole and covered is not None and one.last <= covered:
                continue
            low = neighbour(snapshot, table, one.kind, one.first, before=True)
            bounds = (one.kind, one.first, one.last, one.rows)
            if one.whole:
                side = rows_between(snapshot, table, *bounds)
                if side is None:
                    continue
                high = side.following
                pieces.append(_piece(one.kind, low, high, side.rows))
                reached[one.kind] = one.last
            else:
                high = neighbour(snapshot, table, one.kind, one.last, before=False)
                ids = ids_between(snapshot, table, *bounds)
                if ids is None:
                    continue
                known = set(self._known.between(one.kind, low, high))
                gone.extend((one.kind, id_) for id_ in known.difference(ids))
                for id_ in ids:
                    if id_ not in known:
                        new = rows_between(snapshot, table, one.kind, id_, id_, 1)
                        pieces.append(_piece(one.kind, id_, id_, new.rows if new else []))
            at = bisect_left(kinds, one.kind)
            if low is None:
                edges.add((at - 1, True))
            if high is None:
                edges.add((at + (kinds[at : at + 1] == [one.kind]), False))
        for at, is_end in edges:
            # A row that was the last of its kind may have had none of the kind beside it.
            if 0 <= at < len(kinds):
                edge = neighbour(snapshot, table, kinds[at], None, before=is_end)
                ends = (edge, None) if is_end else (None, edge)
                gone.extend((kinds[at], id_) for id_ in self._known.between(kinds[at], *ends))
        return pieces, gone

    def _learned(self, delta: _Delta) -> list[RowChange]:
        found: list[RowChange | None] = []
        for piece in delta.pieces:
            if piece.low is not None and piece.low == piece.high:
                found += [self._known.put(piece.kind, row) for row in piece.rows]
            else:
                found += self._known.learn(
                    *(piece.kind, piece.low, piece.high, piece.rows, piece.unreadable)
                )
        found += [self._known.drop(kind, id_) for kind, id_ in delta.gone]
        if not delta.lost:
            for kind in set(self._known.kinds()).difference(delta.kinds):
                found += self._known.learn(kind, None, None, [])
        elif self._place is None or self._place == _Place():
            self._place = _Place()
        else:
            self._again = True
        return [one for one in found if one is not None]

    def _taken(self, piece: _Piece) -> list[RowChange]:
        found: list[RowChange] = []
        if piece.first:
            for kind in self._known.kinds():
                behind = piece.after_kind is None or kind > piece.after_kind
                if behind and (not piece.kind or kind < piece.kind):
                    found += self._known.learn(kind, None, None, [])
        if piece.kind:
            found += self._known.learn(
                *(piece.kind, piece.low, piece.high, piece.rows, piece.unreadable)
            )
        return found

    def _step(
        self, snapshot: Snapshot, place: _Place
    ) -> tuple[tuple[_Piece, _Place | None], _Place | None]:
        """The next rows of all; a kind without a name stands for the end."""
        table = self._layout(snapshot).resources
        kind, first = place.kind, place.after is None
        if table is None:
            return (_Piece(b"", None, None, [], [], True, None), None), None
        if first:
            left = (one for one in kinds_of(snapshot, table) if kind is None or one > kind)
            kind = next(left, None)
        if kind is None:
            return (_Piece(b"", None, None, [], [], True, place.kind), None), None
        found: RowRange = rows_after(snapshot, table, kind, place.after, _STEP)
        if found.damaged:
            raise store_error(StoreErrorKind.DAMAGED)
        # Neither end is included, and the last row is.
        high = found.end + b"\0" if found.end is not None else None
        piece = _Piece(*(kind, place.after, high, found.rows, found.unreadable, first, place.kind))
        following = _Place(kind, found.end)
        return (piece, following), following


def _piece(
    kind: bytes, low: bytes | None, high: bytes | None, rows: list[StoredRow | bytes]
) -> _Piece:
    lost = [one for one in rows if isinstance(one, bytes)]
    return _Piece(kind, low, high, [one for one in rows if not isinstance(one, bytes)], lost)


def _mark(path: str, files: Files) -> _Mark:
    """What to compare. The process-wide lock must be held and no connection be open."""
    index = published(path)
    if index is None:
        return _Mark((files.signature, daemon.change_counter(path)), None, files.settled)
    sides = [(one.device, one.inode) for one in (files.wal, files.shm) if one is not None]
    database = files.database
    return _Mark((files.identity, database.size, database.modified, *sides), index, True)


def _overwritten(before: _Mark | None, now: _Mark) -> bool:
    """Whether the database file was written, and not by a checkpoint."""
    if (
        before is None
        or before.published is None
        or now.published is None
        or before.facts == now.facts
    ):
        return False
    one, other = before.published, now.published
    quiet = one.backfilled == one.attempted == other.attempted == other.backfilled
    return quiet and one.salts == other.salts


def _is_told(table: Resources) -> bool:
    """Whether the pages of a table tell its keys as they are compared."""
    return table.keyed and not (table.kind.mixed or table.id.mixed)


def _places(snapshot: Snapshot, table: Resources) -> KeyPlaces:
    """Where the columns of the key and the blob stand in a row of the table."""
    declared = declared_columns(snapshot, "resources")
    names = in_row_order(declared, without_rowid=table.rowid is None)
    return KeyPlaces(*(names.index(name) for name in ("kind", "id", "data")))


def _archived(
    snapshot: Snapshot, layout: Layout, after: int | None
) -> tuple[list[ArchivedRow], int]:
    """New archived rows by number, and the highest number of all."""
    table = layout.audit
    if table is None:
        return [], 0
    row = snapshot.one(f"SELECT max({table.number}) FROM {quoted('resource_audit')}")
    newest = int(row[0]) if row and row[0] is not None else 0
    if after is None or newest <= after:
        return [], newest
    sql = (
        f"SELECT {table.number}, {table.kind.value}, {table.resource_id.value} FROM resource_audit"
        f" WHERE {table.number} > :after ORDER BY {table.number} LIMIT {_MOST_ARCHIVED}"
    )
    rows = snapshot.each(sql, after=after)
    found = [ArchivedRow(number, decode(kind), decode(id_)) for number, kind, id_ in rows]
    return found, found[-1].number if len(found) == _MOST_ARCHIVED else newest
