"""What the commits of a store's write-ahead log did: the records of each, the states of one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Final

from inspector.errors import StoreError, StoreErrorKind
from inspector.named_tuple import NamedTuple
from inspector.store.btree import DamagedPageError
from inspector.store.commits import CommitLog, LogState, Moment, prefix_of
from inspector.store.error_sentences import PATIENCE, store_error
from inspector.store.files import Moved, look
from inspector.store.reader import StoreReader, exclusive
from inspector.store.rows import Cancel, Row
from inspector.store.touched_records import PageWalk, RecordTree, TouchedRecord, record_tree

_PAUSE: Final = 0.005  #: seconds
_DAMAGED: Final = frozenset(
    (StoreErrorKind.DAMAGED, StoreErrorKind.NOT_A_DATABASE, StoreErrorKind.UNSUPPORTED)
)


class CommitFacts(NamedTuple):
    """A commit of the log.

    Attributes:
        number: counted from 1, the oldest.
        pages: how many it wrote.
        refusal: why the store cannot be read as of it any more, None where it can.
        records: those it touched; None where that cannot be told, since it or the one before it
            cannot be read.
    """

    number: int
    pages: int
    refusal: str | None
    records: tuple[TouchedRecord, ...] | None


class RecordState(NamedTuple):
    """A record from one commit on: its row, None where it is not there."""

    number: int
    row: Row | None


def log_state(path: str, log: CommitLog, cancel: Cancel | None = None) -> LogState:
    """The log beside a database as it is now.

    Raises:
        StoreError: it is too large, or the daemon writes all the time.
        CancelledError: the answer is no longer wanted.
    """
    started = time.monotonic()
    while True:
        try:
            with exclusive(cancel):
                return log.state(look(path), cancel)
        except Moved as error:
            if time.monotonic() - started > PATIENCE:
                raise store_error(StoreErrorKind.BUSY) from error
        time.sleep(_PAUSE)


def commit_facts(
    path: str,
    state: LogState,
    cancel: Cancel | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[CommitFacts]:
    """The commits of a log, oldest first.

    Args:
        path: of the database.
        state: of the log.
        cancel: ends it when set.
        progress: is told how many commits are done, and how many there are.

    Raises:
        StoreError: the files were changed meanwhile.
    """
    walk = _Walk(path, state, cancel)
    for number in range(1, state.total + 1):
        records = walk.touched(number)
        if progress is not None:
            progress(number, state.total)
        yield CommitFacts(
            number, len(state.log.pages_of(number)), state.refusals.get(number), records
        )


class _Walk:
    """Follows the tree of the records from commit to commit, as far as they can be read."""

    def __init__(self, path: str, state: LogState, cancel: Cancel | None) -> None:
        self._path = path
        self._state = state
        self._cancel = cancel
        self._walk: PageWalk | None = None
        self._damaged = False
        self._tree: RecordTree | None = None
        #: The pages that say where the tree lies.
        self._told_by: set[int] = set()

    def touched(self, number: int) -> tuple[TouchedRecord, ...] | None:
        if number in self._state.refusals:
            self._walk = None
            return None
        if self._damaged:
            return None
        try:
            if self._walk is None and number - 1 not in self._state.refusals:
                self._begin(number - 1)
            if self._walk is None:
                return None
            written = self._state.log.pages_of(number)
            if not self._told_by.isdisjoint(written):
                self._find_tree(number)
            return self._step(self._walk, number)
        except DamagedPageError:
            self._damaged = True
            return None

    def _begin(self, number: int) -> None:
        self._find_tree(number)
        with exclusive(self._cancel):
            self._walk = PageWalk(prefix_of(self._state, self._path, number), self._tree)
            self._walk.close()
            self._check()

    def _step(self, walk: PageWalk, number: int) -> tuple[TouchedRecord, ...]:
        with exclusive(self._cancel):
            walk.open()
            try:
                found = walk.step(number, self._tree)
            finally:
                walk.close()
            self._check()
        return tuple(found)

    def _find_tree(self, number: int) -> None:
        self._told_by = set()
        reader = StoreReader(self._path, moment=Moment(self._path, number, self._state))
        try:
            self._tree = reader.read(record_tree, self._cancel, pages=self._told_by)
        except StoreError as error:
            if error.kind not in _DAMAGED:
                raise
            raise DamagedPageError from error

    def _check(self) -> None:
        if not CommitLog(self._path).holds(self._state):
            raise store_error(StoreErrorKind.BUSY, "The daemon checkpointed its log meanwhile.")


def record_states(
    state: LogState, row: Callable[[int, set[int]], Row | None]
) -> Iterator[RecordState]:
    """A record in the states that can be read, oldest first, each that differs from the one before.

    What was read of a record in one state is its state until a page is written that was read.

    Args:
        state: of the log.
        row: reads the record as of a commit, and adds the pages that it reads.

    Raises:
        StoreError: the files were changed meanwhile, or are damaged.
    """
    read: set[int] | None = None
    before: RecordState | None = None
    for number in range(state.total + 1):
        if not state.total or number in state.refusals:
            # What was written in it is not known to be all that changed.
            read = None
            continue
        if read is not None and read.isdisjoint(state.log.pages_of(number)):
            continue
        read = set()
        found = RecordState(number, row(number, read))
        if before is None or found.row != before.row:
            yield found
        before = found
