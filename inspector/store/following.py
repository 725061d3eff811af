"""What changed in a store since the last look at it; between two looks nothing is held or open.

Whether anything was committed is told by what SQLite publishes with each commit, not by a clock:
two commits within one tick are both seen. What changed is told by the pages that were written to
the log since: they name stretches of rows, which are read in short steps, each of a snapshot of its
own. Only where the pages are lost, because the log was restarted, all rows are gone through again.

The first look goes through all rows once, in such steps too. What is written meanwhile where it has
been is told like any other change, what is written where it is still to come is read by it; so it
ends however busy the daemon is.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from inspector.errors import StoreErrorKind
from inspector.named_tuple import NamedTuple
from inspector.store import lock_holders
from inspector.store.changed_cells import RowKey, changed_rows, still_holds, two_states
from inspector.store.changed_pages import (
    KeyPlaces,
    Stretch,
    newest_pages,
    written_pages,
    written_rows,
)
from inspector.store.error_sentences import store_error
from inspector.store.files import Files, look
from inspector.store.keys import quoted
from inspector.store.known_rows import KEPT_BYTES, KnownRows, RowChange, StoredRow
from inspector.store.layout import Layout, Resources, declared_columns, in_row_order, read_version
from inspector.store.live_pages import LivePages, LogMark
from inspector.store.lock_holders import Daemon
from inspector.store.reader import Snapshot, StoreReader, exclusive
from inspector.store.records import PAGE_BYTES
from inspector.store.row_ranges import (
    RowRange,
    ids_between,
    kinds_of,
    neighbour,
    row_of_key,
    rows_after,
    rows_between,
)
from inspector.store.rows import Cancel
from inspector.store.text import decode
from inspector.store.wal_index import WalIndex, published

#: Rows that a step of going through all of them takes.
_STEP: Final = 500
#: Stretches of rows that are read in a step.
_STRETCHES: Final = 16
#: Rows that are known to have changed and are read in a step.
_ROWS: Final = 50
#: Pages that are looked into for what changed: so many, or such a part of all.
_MOST_PAGES: Final = 4096
_PART_OF_PAGES: Final = 8
#: Stretches that wait to be read; where there are more, all rows are gone through.
_MOST_WAITING: Final = 20_000
#: Pages that are looked into where not all that were written are known.
_SOME_PAGES: Final = 64
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
        rows: rows that are not as they were at the look before; several changes of one are one,
            where one snapshot found them.
        archived: archived rows that are new.
        begun: each row was read once. What changed before that is told only of rows that were read;
            a change of any other may have been missed.
        caught_up: nothing that was committed before the look is left to be found.
        daemon: who has the store open.
        layout: the version of its layout, None where there is none.
    """

    rows: tuple[RowChange, ...]
    archived: tuple[ArchivedRow, ...]
    begun: bool
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

    def holds(self, stretch: Stretch) -> bool:
        """Whether all rows of a stretch are among its own."""
        return (
            self.kind == stretch.kind
            and (self.low is None or self.low < stretch.first)
            and (self.high is None or stretch.last < self.high)
        )


class _Rows(NamedTuple):
    """What stretches up to ``end`` hold: pieces of a kind, and rows that are known and gone."""

    pieces: list[_Piece]
    gone: list[tuple[bytes, bytes]]
    end: int


class _Place(NamedTuple):
    """Where going through all rows has got to; a kind without an id is done."""

    kind: bytes | None = None
    after: bytes | None = None

    def is_behind(self, kind: bytes, id_: bytes) -> bool:
        """Whether a row is still to come."""
        if self.kind is None or kind > self.kind:
            return True
        return kind == self.kind and self.after is not None and id_ > self.after

    def reaches(self, other: _Place) -> bool:
        """Whether it is not before another place."""
        if self.kind is None or other.kind is None or self.kind != other.kind:
            return other.kind is None or (self.kind is not None and self.kind > other.kind)
        return self.after is None or (other.after is not None and self.after >= other.after)


class _Delta(NamedTuple):
    """What one snapshot says; ``lost`` where the log does not tell all that changed.

    Of rows that changed there are the keys, each with whether the row was there before, or where
    that is not told stretches in which they lie.
    """

    mark: LogMark | None
    lost: bool
    changed: dict[RowKey, bool]
    stretches: list[Stretch]
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
        #: Where going through all rows goes on, and where it ends; None for the end of all.
        self._place: _Place | None = _Place()
        self._end: _Place | None = None
        #: Up to where it is to be done once more: what was written there since is not known.
        self._again: _Place | None = None
        #: Whether each row was read once.
        self._begun = False
        #: Where rows may have changed that were not read since.
        self._waiting: list[Stretch] = []
        #: Rows that changed and were not read since, each with whether it was there before.
        self._changed: dict[RowKey, bool] = {}
        #: What was found and not told yet.
        self._found: list[RowChange] = []
        self._archived: list[ArchivedRow] = []
        #: Times that all rows were gone through, for those who measure.
        self.sweeps = 0

    @property
    def begun(self) -> bool:
        """Whether each row was read once."""
        return self._begun

    @property
    def count(self) -> int:
        """Rows that are known, legacy ones too."""
        return len(self._known)

    def forget_place(self) -> None:
        """Go through all rows at the next look: the file is another one, or was not readable."""
        self._mark = self._log_mark = None
        self._waiting, self._changed = [], {}

    def look(self, cancel: Cancel | None = None, seconds: float = float("inf")) -> Seen:
        """What changed since the last look; of a row that none had read yet, it only learns it.

        Args:
            cancel: ends it when set; what was found by then is told by the next look.
            seconds: how long rows may be read where much was written, and how long all rows may be
                gone through, where that has to be; the next look goes on with it.

        Raises:
            StoreError: the file cannot be read as it is; what is known of it is kept.
            CancelledError: ``cancel`` was set.
        """
        with exclusive(cancel):
            files = look(self._path)
            holder = lock_holders.inspect(self._path, files)
            mark = _mark(self._path, files)
        self._reader.check_identity(files)
        if self._mark is None or not mark.settled or mark != self._mark:
            delta = self._reader.read(lambda snapshot: self._delta(snapshot, mark), cancel)
            self._learn_of(delta)
            if self._newest is not None:
                self._archived += delta.archived
            self._newest, self._version = delta.newest, delta.version
            self._mark, self._log_mark = mark, delta.mark
        self._read_changed(cancel, seconds)
        self._read_waiting(cancel, seconds)
        # Beside a busy daemon what was written may take all of the time: this has its own.
        self._go_through(cancel, seconds)
        found, self._found = self._found, []
        archived, self._archived = self._archived, []
        caught_up = self._place is None and not self._waiting and not self._changed
        return Seen(tuple(found), tuple(archived), self._begun, caught_up, holder, self._version)

    def _read_waiting(self, cancel: Cancel | None, seconds: float) -> None:
        """Read the rows of stretches where something was written."""
        started = time.monotonic()
        done = 0
        try:
            for rows in self._reader.sweep(self._read_some, done, cancel) if self._waiting else ():
                self._found += self._learned(rows)
                done = rows.end
                if time.monotonic() - started > seconds:
                    break
        finally:
            del self._waiting[:done]

    def _read_changed(self, cancel: Cancel | None, seconds: float) -> None:
        """Read the rows that are known to have changed."""
        if not self._changed:
            return
        started = time.monotonic()
        keys = sorted(self._changed)
        done = 0
        try:
            for rows in self._reader.sweep(partial(self._read_rows, keys), 0, cancel):
                for (kind, id_), row in zip(keys[done:], rows, strict=False):
                    self._found += self._learned_row(kind, id_, row)
                done += len(rows)
                if time.monotonic() - started > seconds:
                    break
        finally:
            for key in keys[:done]:
                del self._changed[key]

    def _read_rows(
        self, keys: Sequence[RowKey], snapshot: Snapshot, start: int
    ) -> tuple[list[StoredRow | bytes | None], int | None]:
        """Some of the rows as they are."""
        table = self._layout(snapshot).resources
        found: list[StoredRow | bytes | None] = []
        size = 0
        for kind, id_ in keys[start : start + _ROWS]:
            row = row_of_key(snapshot, table, kind, id_) if table is not None else None
            found.append(row)
            size += len(row.data) if isinstance(row, StoredRow) else 0
            if size > PAGE_BYTES:
                break
        end = start + len(found)
        return found, end if end < len(keys) else None

    def _learned_row(
        self, kind: bytes, id_: bytes, row: StoredRow | bytes | None
    ) -> list[RowChange]:
        """What is new in a row that has changed."""
        if isinstance(row, bytes):
            return []
        if self._is_to_come(kind, id_):
            # It is learned when it is reached; what it was is not known.
            was_there = self._changed[kind, id_]
            change = RowChange(kind, id_, None, row, was_there)
            return [change] if was_there or row is not None else []
        found = self._known.drop(kind, id_) if row is None else self._known.put(kind, row)
        return [found] if found is not None else []

    def _go_through(self, cancel: Cancel | None, seconds: float) -> None:
        """Go on with going through all rows, where that has to be."""
        started = time.monotonic()
        while self._place is not None:
            for piece, place in self._reader.sweep(self._step, self._place, cancel):
                taken = self._taken(piece)
                # What is only learned is all there is, and would not be told.
                self._found += taken if self._begun else ()
                self._place = place
                at_end = place is None or (self._end is not None and place.reaches(self._end))
                if at_end or time.monotonic() - started > seconds:
                    break
            if self._place is None or (self._end is not None and self._place.reaches(self._end)):
                self._begun = True
                self.sweeps += 1
                self._end, self._again = self._again, None
                self._place = _Place() if self._end is not None else None
            if time.monotonic() - started > seconds:
                break

    def _delta(self, snapshot: Snapshot, mark: _Mark) -> _Delta:
        layout = self._layout(snapshot)
        if layout.problem is not None:
            raise layout.problem
        archived, newest = _archived(snapshot, layout, self._newest)
        live, table = snapshot.live, layout.resources
        log_mark = live.mark if live is not None else None
        kinds = kinds_of(snapshot, table) if table else []
        version = read_version(snapshot, layout)
        delta = _Delta(log_mark, True, {}, [], kinds, archived, newest, version)
        if live is None or table is None or not _is_told(table):
            return delta
        pages, lost = None, True
        if self._log_mark is not None and not (
            self._place is None and _overwritten(self._mark, mark)
        ):
            pages = written_pages(self._log_mark, live)
        last = live.size // live.page_size
        if pages is not None:
            pages = {page for page in pages if page <= last}
            lost = len(pages) > max(_MOST_PAGES, last // _PART_OF_PAGES)
        if pages is None or lost:
            # Not all that changed, but what has changed last.
            pages = {page for page in newest_pages(live, _SOME_PAGES) if page <= last}
        if not pages:
            return delta._replace(lost=lost)
        places = _places(snapshot, table)

        if not lost and self._log_mark is not None:
            changed = _changed_since(self._log_mark, live, pages, places)
            if changed is not None:
                return delta._replace(lost=False, changed=changed)
        found = written_rows(
            pages,
            live.page_size,
            lambda page: snapshot.page(page, live.page_size),
            places,
        )
        return delta._replace(lost=lost or not found.is_all, stretches=found.stretches)

    def _read_some(self, snapshot: Snapshot, start: int) -> tuple[_Rows, int | None]:
        """The rows of some stretches as they are, and those that are known and gone."""
        waiting = self._waiting
        found = _Rows([], [], min(start + _STRETCHES, len(waiting)))
        table = self._layout(snapshot).resources
        if table is None:
            return found._replace(end=len(waiting)), None
        kinds = kinds_of(snapshot, table)
        edges: set[tuple[int, bool]] = set()
        before: _Piece | None = None
        size = 0
        for at in range(start, found.end):
            one = waiting[at]
            if self._is_to_come(one.kind, one.first):
                # It is read for the first time when all rows are gone through.
                continue
            if one.whole and before is not None and before.holds(one):
                continue
            piece = self._read_stretch(snapshot, table, one, found)
            if piece is None:
                continue
            before = piece
            edge = bisect_left(kinds, one.kind)
            if piece.low is None:
                edges.add((edge - 1, True))
            if piece.high is None:
                edges.add((edge + (kinds[edge : edge + 1] == [one.kind]), False))
            size += sum(len(row.data) for row in piece.rows)
            if size > PAGE_BYTES:
                found = found._replace(end=at + 1)
                break
        for edge, is_end in edges:
            # A row that was the last of its kind may have had none of the kind beside it.
            if 0 <= edge < len(kinds):
                beside = neighbour(snapshot, table, kinds[edge], None, before=is_end)
                ends = (beside, None) if is_end else (None, beside)
                gone = self._known.between(kinds[edge], *ends)
                found.gone.extend((kinds[edge], id_) for id_ in gone)
        return found, found.end if found.end < len(waiting) else None

    def _read_stretch(
        self, snapshot: Snapshot, table: Resources, one: Stretch, found: _Rows
    ) -> _Piece | None:
        """Takes in a stretch; gives what was read, None where more lies there than one page's."""
        low = neighbour(snapshot, table, one.kind, one.first, before=True)
        bounds = (one.kind, one.first, one.last, one.rows)
        if one.whole:
            side = rows_between(snapshot, table, *bounds)
            if side is None:
                return None
            piece = _piece(one.kind, low, side.following, side.rows)
            found.pieces.append(self._as_far_as_known(piece))
            return piece
        high = neighbour(snapshot, table, one.kind, one.last, before=False)
        ids = ids_between(snapshot, table, *bounds)
        if ids is None:
            return None
        known = set(self._known.between(one.kind, low, high))
        found.gone.extend((one.kind, id_) for id_ in known.difference(ids))
        for id_ in ids:
            if id_ not in known and not self._is_to_come(one.kind, id_):
                new = rows_between(snapshot, table, one.kind, id_, id_, 1)
                found.pieces.append(_piece(one.kind, id_, id_, new.rows if new else []))
        return _piece(one.kind, low, high, [])

    def _is_to_come(self, kind: bytes, id_: bytes) -> bool:
        """Whether a row is one that will be read for the first time."""
        return not self._begun and self._place is not None and self._place.is_behind(kind, id_)

    def _as_far_as_known(self, piece: _Piece) -> _Piece:
        """A piece up to where all rows were gone through; what is behind is still to come."""
        place = self._place
        if self._begun or place is None or place.kind != piece.kind or place.after is None:
            return piece
        end = place.after + b"\0"
        if piece.high is not None and piece.high <= end:
            return piece
        return piece._replace(
            high=end,
            rows=[row for row in piece.rows if row.id < end],
            unreadable=[id_ for id_ in piece.unreadable if id_ < end],
        )

    def _learn_of(self, delta: _Delta) -> None:
        """Remember where rows changed, or may have."""
        lost = delta.lost
        if not lost:
            for kind in set(self._known.kinds()).difference(delta.kinds):
                self._found += self._known.learn(kind, None, None, [])
            both = {*self._waiting, *delta.stretches}
            for key, was_there in delta.changed.items():
                self._changed.setdefault(key, was_there)
            lost = len(both) + len(self._changed) > _MOST_WAITING
        if lost:
            # All rows are gone through, those that were waiting too.
            both = set(delta.stretches)
            self._changed = {}
            if self._place is None or self._place == _Place():
                self._place, self._end = _Place(), None
            else:
                self._again, self._end = self._place, None
        self._waiting = sorted(both, key=lambda one: (not one.whole, *one))

    def _learned(self, rows: _Rows) -> list[RowChange]:
        found: list[RowChange | None] = []
        for piece in rows.pieces:
            if piece.low is not None and piece.low == piece.high:
                found += [self._known.put(piece.kind, row) for row in piece.rows]
            else:
                found += self._known.learn(
                    *(piece.kind, piece.low, piece.high, piece.rows, piece.unreadable)
                )
        found += [self._known.drop(kind, id_) for kind, id_ in rows.gone]
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
        return _Mark((files.signature, lock_holders.change_counter(path)), None, files.settled)
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


def _changed_since(
    mark: LogMark, live: LivePages, pages: set[int], places: KeyPlaces
) -> dict[RowKey, bool] | None:
    """Which rows differ from those of an earlier state, where its pages can still be read."""
    with two_states(live, mark) as states:
        if states is None:
            return None
        try:
            found = changed_rows(pages, live.page_size, states.before, states.now, places)
        except OSError:
            return None
    return found if found is not None and still_holds(live, mark) else None


def _places(snapshot: Snapshot, table: Resources) -> KeyPlaces:
    """Where the columns of the key and the blob stand in a row of the table."""
    declared = declared_columns(snapshot, "resources")
    names = in_row_order(declared, without_rowid=table.rowid is None)
    kind, id_, data = (names.index(name) for name in ("kind", "id", "data"))
    return KeyPlaces(kind, id_, data, table.rowid is None)


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
