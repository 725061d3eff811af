"""Short reads of a store: open, begin, read, roll back, close; again while others are at it.

Nothing is held between two reads. All reads of this process take turns, because the locks that
SQLite takes belong to the process and are lost when any descriptor of the file is closed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar

import apsw

from inspector.errors import CancelledError, StoreError, StoreErrorKind
from inspector.logs import Logger, timed
from inspector.store.connection import Watch, harden, open_copy, open_in_place
from inspector.store.copies import CopyCache, Moved
from inspector.store.files import Files, Source, look
from inspector.store.sentences import PATIENCE, store_error
from inspector.store.types import Cancel

T = TypeVar("T")
C = TypeVar("C")
Value: TypeAlias = bytes | str | int | float | None
SqlRow: TypeAlias = tuple[Any, ...]

#: What SQLite raises at a place that is damaged; another place may still be readable.
DAMAGE: Final = (
    apsw.CorruptError,
    apsw.NotADBError,
    apsw.IOError,
    apsw.TooBigError,
    apsw.NoMemError,
    apsw.FormatError,
)
_TRY_AGAIN: Final = (apsw.BusyError, apsw.CantOpenError, apsw.ReadOnlyError, apsw.ProtocolError)
_LONGEST_READ: Final = 20.0
_SHORT_READ: Final = 0.010
_LONGEST_PAUSE: Final = 0.05
_ORPHAN_WAIT: Final = 0.2
#: SQLite says so with its general error code.
_FORMAT: Final = "unsupported file format"
_SALVAGED: Final = "What could be read is shown; a backup of the file may hold the rest."
_LOCK = threading.Lock()
_LOG: Final = Logger(__name__)


class After(NamedTuple):
    """A place in a sweep over keys: after this one, or the beginning where it is None."""

    key: bytes | None


START: Final = After(None)


def after_or_end(key: bytes | None) -> After | None:
    """The next place of a sweep, None at its end."""
    return None if key is None else After(key)


class Snapshot:
    """One state of the store, for as long as one read lasts."""

    def __init__(self, connection: apsw.Connection, identity: tuple[int, int]) -> None:
        self._connection = connection
        self._started = time.monotonic()
        self.identity = identity

    @property
    def fresh(self) -> bool:
        """Whether there is time for more in this read before the daemon may notice it."""
        return time.monotonic() - self._started < _SHORT_READ

    def each(self, sql: str, **values: Value) -> Iterator[SqlRow]:
        """Rows as they come; ``values`` are bound by name."""
        try:
            yield from self._connection.execute(sql, values)
        except UnicodeDecodeError as error:
            # A name in the schema, or a message that quotes one, that is no text.
            raise apsw.CorruptError("a name is no text") from error

    def rows(self, sql: str, **values: Value) -> list[SqlRow]:
        """All rows."""
        return list(self.each(sql, **values))

    def one(self, sql: str, **values: Value) -> SqlRow | None:
        """The first row."""
        return next(self.each(sql, **values), None)

    def schema_cookie(self) -> int:
        """A number that changes with every change of the schema."""
        row = self.one("PRAGMA schema_version")
        return int(row[0]) if row else 0


@contextmanager
def exclusive(cancel: Cancel | None = None) -> Iterator[None]:
    """The time in which this process has no other connection to any store.

    Raises:
        CancelledError: the answer is no longer wanted.
    """
    while not _LOCK.acquire(timeout=_LONGEST_PAUSE):
        check(cancel)
    try:
        yield
    finally:
        _LOCK.release()


def check(cancel: Cancel | None) -> None:
    """Stop here if the answer is no longer wanted.

    Raises:
        CancelledError: it is not.
    """
    if cancel is not None and cancel.is_set():
        raise CancelledError("Cancelled.")


def advanced(before: bytes | None, found: bytes) -> bytes:
    """The key that was found, which a sound index gives only if it is beyond the one before.

    Raises:
        apsw.CorruptError: it is not; to go on from there might never end.
    """
    if before is not None and found <= before:
        raise apsw.CorruptError("keys are out of order")
    return found


class Reader:
    """Reads one file, given by its real path. Safe to use from several threads."""

    def __init__(self, path: str, on_damage: Callable[[StoreError], None] = lambda _: None) -> None:
        self._path = path
        self._on_damage = on_damage
        self._salvage = False
        self._copies = CopyCache(path)
        self._identity = look(path).identity
        #: A state with shared memory alone that was waited for and stayed.
        self._orphan: Files | None = None

    def read(
        self,
        work: Callable[[Snapshot], T],
        cancel: Cancel | None = None,
        tables: tuple[str, ...] = (),
    ) -> T:
        """What ``work`` makes of one snapshot. It may be called more than once.

        Args:
            work: the reading; it must not change anything but its own result.
            cancel: ends the reading when set.
            tables: the tables it reads besides those of a store.

        Raises:
            StoreError: the file cannot be read.
            CancelledError: ``cancel`` was set.
        """
        started = time.monotonic()
        pause = 0.001
        while True:
            check(cancel)
            waited = time.monotonic() - started
            try:
                with exclusive(cancel):
                    return self._attempt(work, cancel, tables, waited)
            except Moved as error:
                if waited > PATIENCE:
                    raise store_error(StoreErrorKind.BUSY) from error
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def sweep(
        self,
        chunk: Callable[[Snapshot, C], tuple[T, C | None]],
        start: C,
        cancel: Cancel | None = None,
    ) -> Iterator[T]:
        """A long reading in short reads.

        Args:
            chunk: reads a little from a place on; gives what it found and the next place, or
                None at the end.
            start: the first place.
            cancel: ends the reading when set.
        """
        place: C | None = start
        while place is not None:
            found, place = self.read(partial(_several, chunk, start=place), cancel)
            yield from found

    def accept_replacement(self) -> None:
        """Go on with the file that has taken the place of the first one."""
        with exclusive():
            self._copies.close()
            self._identity = look(self._path).identity
            self._salvage = False

    def close(self) -> None:
        """Remove what was kept outside the store."""
        with exclusive():
            self._copies.close()

    @timed(_LOG)
    def _attempt(
        self,
        work: Callable[[Snapshot], T],
        cancel: Cancel | None,
        tables: tuple[str, ...],
        waited: float,
    ) -> T:
        files = look(self._path)
        if files.identity != self._identity:
            raise store_error(StoreErrorKind.REPLACED)
        source = self._source(files, waited)
        watch = Watch(cancel, _LONGEST_READ)
        try:
            result = self._transaction(work, files, source, watch, cancel, tables)
        except _TRY_AGAIN as error:
            raise Moved from error
        except apsw.Error as error:
            if self._moved(files, source) or self._may_salvage(error):
                raise Moved from error
            raise _translated(error, watch) from error
        if self._moved(files, source):
            raise Moved
        return result

    def _may_salvage(self, error: apsw.Error) -> bool:
        """Whether to read again, this time not minding what is damaged as a whole."""
        if self._salvage or not isinstance(error, apsw.CorruptError):
            return False
        self._salvage = True
        self._on_damage(store_error(StoreErrorKind.DAMAGED, hint=_SALVAGED))
        return True

    def _source(self, files: Files, waited: float) -> Source:
        source = files.source
        if source is Source.ORPHAN_SHM:
            if files != self._orphan and waited < _ORPHAN_WAIT:
                raise Moved
            self._orphan = files
            return Source.IMMUTABLE
        if not _is_utf8(self._path):
            # SQLite hands names to a Python file layer as UTF-8 text only.
            return Source.COPY
        return source

    def _transaction(
        self,
        work: Callable[[Snapshot], T],
        files: Files,
        source: Source,
        watch: Watch,
        cancel: Cancel | None,
        tables: tuple[str, ...],
    ) -> T:
        if source is Source.COPY:
            connection = open_copy(self._copies.path_for(files, cancel))
        else:
            connection = open_in_place(self._path, source)
        try:
            harden(connection, watch, tables, salvage=self._salvage)
            connection.execute("BEGIN")
            return work(Snapshot(connection, files.identity))
        finally:
            connection.close(True)

    def _moved(self, before: Files, source: Source) -> bool:
        try:
            now = look(self._path)
        except StoreError:
            return True
        if source is Source.LIVE:
            return now.identity != before.identity
        return now != before


def _several(
    chunk: Callable[[Snapshot, C], tuple[T, C | None]], snapshot: Snapshot, *, start: C
) -> tuple[list[T], C | None]:
    found, place = chunk(snapshot, start)
    all_found = [found]
    while place is not None and snapshot.fresh:
        found, place = chunk(snapshot, place)
        all_found.append(found)
    return all_found, place


def _is_utf8(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _translated(error: apsw.Error, watch: Watch) -> Exception:
    if isinstance(error, apsw.InterruptError):
        if watch.cancelled:
            return CancelledError("Cancelled.")
        return store_error(StoreErrorKind.TIMEOUT)
    if isinstance(error, apsw.NotADBError):
        return store_error(StoreErrorKind.NOT_A_DATABASE)
    if isinstance(error, DAMAGE) or _FORMAT in str(error):
        return store_error(StoreErrorKind.DAMAGED)
    if isinstance(error, apsw.AuthError):
        return store_error(
            StoreErrorKind.FOREIGN,
            "This file asks for more than reading its own tables.",
            "It is no store of the daemon's; it was not read further.",
        )
    return error
