"""Short reads of a store: open, begin, read, roll back, close; again while others are at it.

Nothing is held between two reads. All reads of this process take turns, because the locks that
SQLite takes belong to the process and are lost when any descriptor of the file is closed.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

import apsw

from inspector.errors import CancelledError, StoreError, StoreErrorKind
from inspector.logs import Logger, timed
from inspector.named_tuple import NamedTuple
from inspector.store import lock_holders
from inspector.store.connection import Authorizer, harden, open_as_of, open_in_place
from inspector.store.deadline import Deadline, OutOfTime
from inspector.store.error_sentences import (
    PATIENCE,
    Definition,
    is_disk_error,
    not_understood,
    store_error,
)
from inspector.store.files import Files, Moved, ReadMode, Signature, look
from inspector.store.private_copies import CopyCache
from inspector.store.rows import Cancel, Journal, check
from inspector.store.vfs import file_place

if TYPE_CHECKING:
    from inspector.store.commits import CommitLog, Moment, Prefix
    from inspector.store.live_pages import LiveLog, LivePages

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
# Times are seconds.
_LONGEST_READ: Final = 20.0  #: after which a read is given up
#: For so long a read of several steps goes on in one snapshot, and where nobody could notice it.
_SHORT_READ: Final = 0.010
_QUIET_READ: Final = 0.1
_FEW_PAGES: Final = 256  #: KiB of pages that SQLite keeps where none is read twice
_LONGEST_PAUSE: Final = 0.05  #: between two attempts, or two looks at whether it is cancelled
_ORPHAN_WAIT: Final = 0.2  #: for what shared memory without a log may become
#: How long a store that is being written is read without a lock, before one is taken, and how often
#: at least: where others need the processor, that time may be over after two attempts.
_UNLOCKED: Final = 0.25
_ATTEMPTS: Final = 5
#: Attempts that a reading of several steps makes, before it is of one step.
_LONG_ATTEMPTS: Final = 2
#: Readings of a log that nobody has open, each of which costs SQLite a look at all of it, before
#: it is kept here where its pages lie, which costs about as much.
_READINGS_OF_LEFT: Final = 4
#: How long a log is waited for that is about to be begun anew.
_BEGUN_ANEW: Final = 0.05
_BETWEEN_GLANCES: Final = 0.001
#: SQLite says so with its general error code.
_FORMAT: Final = "unsupported file format"
_SALVAGED: Final = "What could be read is shown; a backup of the file may hold the rest."
_HALF_WRITTEN: Final = (
    "Another program is in the middle of writing this file, without a journal.",
    "Try again when it is done.",
)
_LOG: Final = Logger(__name__)
#: Errors of SQLite that only a fault of ours can bring.
_OURS: Final = (
    apsw.BindingsError,
    apsw.ConnectionClosedError,
    apsw.CursorClosedError,
    apsw.ForkingViolationError,
    apsw.InvalidContextError,
    apsw.MisuseError,
    apsw.ThreadingViolationError,
)
#: What may be said of a file that is only half written.
_BROKEN: Final = (apsw.CorruptError, apsw.NotADBError)
_MAGIC: Final = b"SQLite format 3\0"
_READ_VERSION: Final = 19  #: where in the header the version stands that a reader must know
_NEWEST_READ_VERSION: Final = 2
_SCHEMA_FORMAT: Final = slice(44, 48)
_NEWEST_SCHEMA_FORMAT: Final = 4
_HEADER: Final = 100


class After(NamedTuple):
    """A place in a sweep over keys: after this one, or the beginning where it is None."""

    key: bytes | None


START: Final = After(None)


def after_or_end(key: bytes | None) -> After | None:
    """The next place of a sweep, None at its end."""
    return None if key is None else After(key)


class Snapshot:
    """One state of the store, for as long as one read lasts."""

    def __init__(
        self,
        connection: apsw.Connection,
        identity: tuple[int, int],
        authorizer: Authorizer,
        deadline: Deadline,
        puzzle: Definition | None,
        live: LivePages | None = None,
        longest: float = _SHORT_READ,
        *,
        locked: bool = True,
        file: int = 0,
    ) -> None:
        self._connection = connection
        #: The address of the file as SQLite knows it, where what that reads is the whole of the
        #: state, and its damage is minded; else 0.
        self.file = file
        self._longest = longest
        self._locked = locked
        #: What is done when it has turned out to be one state; see :meth:`afterwards`.
        self.kept: list[Callable[[], None]] = []
        #: Where its pages lie, where the store is being written and no lock is held.
        self.live = live
        self._started = time.monotonic()
        self._deadline = deadline
        self.identity = identity
        #: Tells more tables to be readable.
        self.allow = authorizer.allow
        #: The first definition of the schema that SQLite does not understand.
        self.puzzle = puzzle

    def afterwards(self, keep: Callable[[], None]) -> None:
        """Do this when the reading counts: only then may anything be kept of what was read."""
        self.kept.append(keep)

    @property
    def fresh(self) -> bool:
        """Whether there is time for more in this read before the daemon may notice it."""
        return self.age < self._longest

    def end_if_asked(self) -> None:
        """End the reading, if it is to end; asked by what goes on without SQLite.

        Raises:
            apsw.InterruptError: it is.
        """
        if self._deadline():
            raise apsw.InterruptError("the reading is to end")

    @property
    def unnoticed(self) -> bool:
        """Whether it can go on for longer: the file is not locked, and nobody waits for a turn."""
        return not self._locked and not _TURNS.wanted and self.age < _QUIET_READ

    @property
    def age(self) -> float:
        """Seconds since it was taken."""
        return time.monotonic() - self._started

    @contextmanager
    def step(self, seconds: float) -> Iterator[None]:
        """A step that must be done within some time.

        Raises:
            OutOfTime: it is not; nothing more can be read of this snapshot.
        """
        with self._deadline.step(seconds):
            try:
                yield
            except apsw.InterruptError as error:
                if self._deadline.step_is_over:
                    raise OutOfTime from error
                raise

    @contextmanager
    def longest_value(self, size: int) -> Iterator[None]:
        """A part of the reading in which a value longer than ``size`` bytes is an error."""
        before = self._connection.limit(apsw.SQLITE_LIMIT_LENGTH, size)
        try:
            yield
        finally:
            self._connection.limit(apsw.SQLITE_LIMIT_LENGTH, before)

    def goes_on(self) -> None:
        """Keep few pages: what follows reads on from a place, and no page twice.

        Memory for the many that SQLite would keep costs more than reading them.
        """
        self._connection.execute(f"PRAGMA cache_size=-{_FEW_PAGES}")

    def calls(self, name: str, function: Callable[..., bool]) -> None:
        """Let statements call a function of one argument, by a name that may be used again.

        It is called within a read: it must be quick, and change nothing but its own result. What
        can serve SQLite without Python does.
        """
        serve: Callable[[int, bytes], bool] | None = getattr(function, "serve", None)
        if serve is None or not serve(self._connection.sqlite3_pointer(), name.encode()):
            self._connection.create_scalar_function(name, function, 1)

    def each(self, sql: str, **values: Value) -> Iterator[SqlRow]:
        """Rows as they come; ``values`` are bound by name."""
        try:
            yield from self._connection.execute(sql, values)
        except UnicodeDecodeError as error:
            # A name in the schema, or a message that quotes one, that is no text.
            raise apsw.CorruptError("a name is no text") from error
        except _BROKEN:
            self._deadline.met_damage = True
            raise

    def rows(self, sql: str, **values: Value) -> list[SqlRow]:
        """All rows."""
        try:
            return self._connection.execute(sql, values).fetchall()
        except UnicodeDecodeError as error:
            raise apsw.CorruptError("a name is no text") from error
        except _BROKEN:
            self._deadline.met_damage = True
            raise

    def one(self, sql: str, **values: Value) -> SqlRow | None:
        """The first row."""
        return next(self.each(sql, **values), None)

    def page(self, number: int, size: int) -> bytes:
        """A page of the file; ``size`` is that of its pages."""
        return self._connection.read("main", 0, (number - 1) * size, size)[1]

    def copy_to(self, path: str, progress: Callable[[int, int], None]) -> None:
        """All pages of this state, written to a file that is there and empty.

        Args:
            path: the file.
            progress: told now and then how many pages are copied, and of how many.

        Raises:
            OSError: it cannot be written.
        """
        from inspector.store.sqlite_writer import copy_pages  # noqa: PLC0415 - seldom asked for

        # A transaction begins with its first reading; until then each step would see another state.
        self.schema_cookie()
        copy_pages(self._connection, path, self._deadline, progress)

    def schema_cookie(self) -> int:
        """A number that changes with every change of the schema."""
        row = self.one("PRAGMA schema_version")
        return int(row[0]) if row else 0


class _How(NamedTuple):
    """How an attempt at a reading is made.

    Attributes:
        waited: seconds since the first one began.
        leniency: how the file is read.
        unlocked: without a lock, where that can be.
        several: of several steps, as long as there is time.
    """

    waited: float
    leniency: _Leniency | None
    unlocked: bool
    several: bool


class _Attempt(NamedTuple):
    """What of the file one attempt at a reading sees.

    Attributes:
        files: as they lay there before it.
        source: how they are read.
        live: the pages of a log that is being written, where no lock is taken.
        left: those of one that nobody has open.
        leniency: how a damaged file is read; None for one that is not known to be.
        pages: takes in the numbers of the pages that are read, as of a commit; None for nobody.
    """

    files: Files
    source: ReadMode
    live: LivePages | None
    left: Prefix | None
    leniency: _Leniency | None
    pages: set[int] | None


class _Overtaken(Moved):
    """A checkpoint wrote over pages of the state that was read without a lock."""

    def __init__(self, live: LivePages) -> None:
        super().__init__()
        self.live = live


class _HalfWritten(Moved):
    """Another program is writing the file, with nothing beside it that tells what was there."""


class _Turns:
    """A lock that is taken in the order in which it was asked for.

    Who reads in many short steps would take a plain one again before anybody else woke up. A thread
    that asks for it while it is the holder was interrupted on its way in or out, and just goes on:
    Ctrl-C can arrive between taking a lock and the block that gives it back.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._holder: int | None = None  #: the identifier of a thread
        self._waiting: deque[tuple[threading.Lock, int]] = deque()

    @property
    def wanted(self) -> bool:
        """Whether somebody waits for a turn."""
        return bool(self._waiting)

    def take(self, cancel: Cancel | None) -> None:
        """Wait for one's turn.

        Raises:
            CancelledError: the answer is no longer wanted.
        """
        me = threading.get_ident()
        with self._guard:
            if self._holder in (None, me):
                self._holder = me
                return
            gate = threading.Lock()
            gate.acquire()
            self._waiting.append((gate, me))
        try:
            while not gate.acquire(timeout=_LONGEST_PAUSE):
                check(cancel)
        except BaseException:
            self._give_up(gate, me)
            raise

    def hand_on(self) -> None:
        """Let the next one in."""
        with self._guard:
            if self._waiting:
                gate, self._holder = self._waiting.popleft()
                gate.release()
            else:
                self._holder = None

    def _give_up(self, gate: threading.Lock, me: int) -> None:
        with self._guard:
            if (gate, me) in self._waiting:
                self._waiting.remove((gate, me))
                return
        self.hand_on()


_TURNS: Final = _Turns()


@contextmanager
def exclusive(cancel: Cancel | None = None) -> Iterator[None]:
    """The time in which this process has no other connection to any store.

    Raises:
        CancelledError: the answer is no longer wanted.
    """
    _TURNS.take(cancel)
    try:
        yield
    finally:
        _TURNS.hand_on()


def advanced(before: bytes | None, found: bytes) -> bytes:
    """The key that was found, which a sound index gives only if it is beyond the one before.

    Raises:
        apsw.CorruptError: it is not; to go on from there might never end.
    """
    if before is not None and found <= before:
        raise apsw.CorruptError("keys are out of order")
    return found


class _Leniency(NamedTuple):
    """How a file is read that cannot be read as a whole: its damage is not minded.

    ``signature`` is that of the state it was found in; ``puzzle`` the definition that SQLite does
    not understand, where that is all.
    """

    signature: Signature
    puzzle: Definition | None


class _Lenient(Exception):  # noqa: N818 - a reason to try again, no error
    """The file is to be read again, this time not minding what is wrong with it as a whole."""

    def __init__(self, leniency: _Leniency) -> None:
        super().__init__()
        self.leniency = leniency


class StoreReader:
    """Reads one file, given by its real path. Safe to use from several threads.

    Attributes:
        moment: the commit as of which it is read, None for the newest state.
    """

    def __init__(
        self,
        path: str,
        on_damage: Callable[[StoreError], None] = lambda _: None,
        moment: Moment | None = None,
    ) -> None:
        self._path = path
        self.moment = moment
        self._on_damage = on_damage
        #: How the file was read last, if leniently; it goes with the state that needed it.
        self._leniency: _Leniency | None = None
        self._copies = CopyCache(path)
        self._log: LiveLog | None = None
        self._left: CommitLog | None = None
        self._readings_of_left = 0
        self._identity = look(path).identity
        #: A state with shared memory alone that was waited for and stayed.
        self._orphan: Files | None = None

    def read(
        self,
        work: Callable[[Snapshot], T],
        cancel: Cancel | None = None,
        tables: tuple[str, ...] = (),
        pages: set[int] | None = None,
        longest: float | None = None,
    ) -> T:
        """What ``work`` makes of one snapshot. It may be called more than once.

        Args:
            work: the reading; it must not change anything but its own result.
            cancel: ends the reading when set.
            tables: the tables it reads besides those of a store.
            pages: takes the pages that are read, where it is read as of a commit.
            longest: seconds after which it is given up, of a long reading, which takes a lock;
                None of any other.

        Raises:
            StoreError: the file cannot be read.
            NotFoundError: it cannot be read as of the commit, or not any more.
            CancelledError: ``cancel`` was set.
        """
        started = time.monotonic()
        pause = 0.001
        leniency: _Leniency | None = None
        overtaken = 0
        while True:
            check(cancel)
            waited = time.monotonic() - started
            try:
                with exclusive(cancel):
                    deadline = Deadline(cancel, _LONGEST_READ if longest is None else longest)
                    # A state that a long copy holds on to is SQLite's to keep: it is locked.
                    unlocked = waited < _UNLOCKED or overtaken < _ATTEMPTS
                    how = _How(
                        waited, leniency, unlocked and longest is None, overtaken < _LONG_ATTEMPTS
                    )
                    return self._attempt(work, deadline, tables, how, pages)
            except Moved as error:
                if waited > PATIENCE:
                    said = _HALF_WRITTEN if isinstance(error, _HalfWritten) else ("", "")
                    raise store_error(StoreErrorKind.BUSY, *said) from error
                if isinstance(error, _Overtaken):
                    overtaken += 1
                    _await_new_log(error.live, cancel)
                    continue
            except _Lenient as reason:
                leniency = self._leniency = reason.leniency
                continue
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

    def check_identity(self, files: Files) -> None:
        """Stop here if these are another file's.

        Raises:
            StoreError: another one has taken the place of the first one.
        """
        if files.identity != self._identity:
            raise store_error(StoreErrorKind.REPLACED)

    def accept_replacement(self) -> Callable[[], None]:
        """Go on with the file that has taken the place of the first one; gives what undoes it."""
        before = self._identity

        def undo() -> None:
            with exclusive():
                self._identity = before

        with exclusive():
            self._copies.close()
            self._identity = look(self._path).identity
            self._leniency = None
        return undo

    def close(self) -> None:
        """Remove what was kept outside the store."""
        with exclusive():
            self._copies.close()

    @timed(_LOG)
    def _attempt(
        self,
        work: Callable[[Snapshot], T],
        deadline: Deadline,
        tables: tuple[str, ...],
        how: _How,
        pages: set[int] | None,
    ) -> T:
        files = look(self._path)
        self.check_identity(files)
        leniency = how.leniency
        if leniency is None and self._leniency and self._leniency.signature == files.signature:
            leniency = self._leniency
        source = self._source(files, how.waited)
        live = self._live_pages(files) if source is ReadMode.LIVE and how.unlocked else None
        left = None
        if source is ReadMode.LIVE and live is None:
            left = self._left_pages(files, deadline) if how.unlocked else None
            source = self._without_daemon(files, left)
        attempt = _Attempt(files, source, live, left, leniency, pages)
        longest = _SHORT_READ if how.several else 0.0
        try:
            result, kept = self._transaction(work, attempt, deadline, tables, longest)
        except _TRY_AGAIN as error:
            raise Moved from error
        except Exception as error:
            if live is not None and self._moved(attempt):
                # Whatever was made of it, it was no state of the store.
                raise _Overtaken(live) from error
            if not isinstance(error, apsw.Error):
                raise
            if self._moved(attempt):
                raise Moved from error
            if isinstance(error, _BROKEN):
                deadline.met_damage = True
            self._check_half_written(source, deadline)
            if leniency is None and isinstance(error, apsw.CorruptError):
                raise _Lenient(self._lenient(files, error)) from error
            raise _translated(error, deadline, leniency) from error
        if self._moved(attempt):
            raise _Overtaken(live) if live is not None else Moved
        self._check_half_written(source, deadline)
        for keep in kept:
            keep()
        return result

    def _check_half_written(self, source: ReadMode, deadline: Deadline) -> None:
        """Take no damage for the file's own while another program is writing it.

        Without a journal beside it a transaction that does not fit into memory lies in the file
        in part, and what was there before is nowhere.

        Raises:
            _HalfWritten: there was damage, and it is being written.
        """
        if (
            deadline.met_damage
            and source is ReadMode.IMMUTABLE
            and lock_holders.is_written(self._path)
        ):
            raise _HalfWritten

    def _live_pages(self, files: Files) -> LivePages | None:
        """The pages of a log that its daemon writes, as they are now."""
        if self._log is None:
            from inspector.store.live_pages import LiveLog  # noqa: PLC0415 - most have no daemon

            self._log = LiveLog(self._path)
        return self._log.pages(files)

    def _without_daemon(self, files: Files, left: Prefix | None) -> ReadMode:
        """How a log is read of which it is not known that somebody writes it."""
        if left is not None:
            return ReadMode.LEFT
        return ReadMode.IMMUTABLE if self._has_no_log(files) else ReadMode.LIVE

    def _left_pages(self, files: Files, deadline: Deadline) -> Prefix | None:
        """The pages of a log that nobody has open, once that is worth reading it.

        SQLite would read all of it anew for each short reading. As long as neither file changes,
        the last commit is the newest state; where both have lain there for a while, a change shows.
        """
        if not files.settled or lock_holders.inspect(self._path, files).journal is not Journal.LEFT:
            return None
        self._readings_of_left += 1
        if self._readings_of_left <= _READINGS_OF_LEFT:
            return None
        from inspector.store.commits import CommitLog, newest_of  # noqa: PLC0415 - most have none

        if self._left is None:
            self._left = CommitLog(self._path)
        try:
            return newest_of(self._left.state(files, deadline), self._path)
        except (StoreError, OSError):
            return None  # too large to be kept, or SQLite will say why it cannot be read

    def _has_no_log(self, files: Files) -> bool:
        """Whether the log is none and nobody has the store open, who could make it one.

        SQLite would wait ten seconds for the log to become what the shared memory says.
        """
        from inspector.store.wal_file import is_no_log  # noqa: PLC0415 - most have no log

        try:
            if not is_no_log(f"{self._path}-wal"):
                return False
        except OSError:
            return False
        return lock_holders.inspect(self._path, files).journal is Journal.LEFT

    def _lenient(self, files: Files, error: apsw.Error) -> _Leniency:
        """How to read on in a file of which SQLite says that it is damaged as a whole."""
        puzzle = not_understood(str(error))
        if puzzle is None:
            self._on_damage(store_error(StoreErrorKind.DAMAGED, hint=_SALVAGED))
        return _Leniency(files.signature, puzzle)

    def _source(self, files: Files, waited: float) -> ReadMode:
        if self.moment is not None:
            return ReadMode.AS_OF
        source = files.source
        if source is ReadMode.ORPHAN_SHM:
            if files != self._orphan and waited < _ORPHAN_WAIT:
                raise Moved
            self._orphan = files
            return ReadMode.IMMUTABLE
        if not _is_utf8(self._path):
            # SQLite hands names to a Python file layer as UTF-8 text only.
            return ReadMode.COPY
        return source

    def _transaction(
        self,
        work: Callable[[Snapshot], T],
        attempt: _Attempt,
        deadline: Deadline,
        tables: tuple[str, ...],
        longest: float,
    ) -> tuple[T, list[Callable[[], None]]]:
        leniency, live = attempt.leniency, attempt.live
        connection = self._opened(attempt, deadline)
        try:
            authorizer = harden(connection, deadline, tables, salvage=leniency is not None)
            puzzle = leniency.puzzle if leniency else None
            connection.execute("BEGIN")
            # As of a commit, pages last only until the log is written back.
            locked = attempt.source in (ReadMode.LIVE, ReadMode.AS_OF)
            # Beside a lock SQLite takes from the log what the file does not have.
            whole = leniency is None and (attempt.source is not ReadMode.LIVE or live is not None)
            snapshot = Snapshot(
                *(connection, attempt.files.identity, authorizer, deadline, puzzle, live, longest),
                locked=locked,
                file=file_place(connection) if whole else 0,
            )
            return work(snapshot), snapshot.kept
        except (apsw.NotADBError, apsw.SQLError) as error:
            newer = _newer_format(connection, error)
            if newer is None or live is not None or self._moved(attempt):
                raise
            raise newer from error
        finally:
            connection.close(True)

    def _opened(self, attempt: _Attempt, deadline: Deadline) -> apsw.Connection:
        files, source = attempt.files, attempt.source
        laid_out = attempt.live or attempt.left
        if self.moment is not None:
            return open_as_of(self.moment.prefix(files, deadline), deadline, attempt.pages)
        if laid_out is not None:
            return open_as_of(laid_out, deadline)
        if source is ReadMode.COPY:
            copy = self._copies.path_for(files, deadline)
            return open_in_place(str(copy), ReadMode.IMMUTABLE, deadline, self._copies.gaps)
        return open_in_place(self._path, source, deadline)

    def _moved(self, attempt: _Attempt) -> bool:
        before, live = attempt.files, attempt.live
        if self.moment is not None:
            return not self.moment.holds()
        try:
            now = look(self._path)
        except StoreError:
            return True
        if live is not None and not live.hold(now):
            return True
        if attempt.source is ReadMode.LIVE:
            return now.identity != before.identity
        return now != before


def _await_new_log(live: LivePages, cancel: Cancel | None) -> None:
    """Wait until a log is begun anew, if it is to be soon.

    A reading that begins then has the longest time before its pages can change, and a lock that
    is taken then is given back long before a checkpoint could mind it, and the log grow.
    """
    end = time.monotonic() + _BEGUN_ANEW
    while time.monotonic() < end:
        with exclusive(cancel):
            if live.generation_is_over():
                return
        time.sleep(_BETWEEN_GLANCES)


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


def _newer_format(connection: apsw.Connection, error: apsw.Error) -> StoreError | None:
    """The error of a file whose header says that it is newer than SQLite here knows."""
    if not isinstance(error, apsw.NotADBError) and _FORMAT not in str(error):
        return None
    header = connection.read("main", 0, 0, _HEADER)[1]
    read_version = header[_READ_VERSION]
    schema_format = int.from_bytes(header[_SCHEMA_FORMAT], "big")
    if not header.startswith(_MAGIC):
        return None
    if read_version > _NEWEST_READ_VERSION:
        said = f"version {read_version} of it, {_NEWEST_READ_VERSION} is known here"
    elif schema_format > _NEWEST_SCHEMA_FORMAT:
        said = f"format {schema_format} of its schema, {_NEWEST_SCHEMA_FORMAT} is known here"
    else:
        return None
    return store_error(
        StoreErrorKind.UNSUPPORTED,
        f"This file is in a format of SQLite that is not known here ({said}).",
        "A newer version of this program may read it.",
    )


def _translated(error: apsw.Error, deadline: Deadline, leniency: _Leniency | None) -> Exception:
    if isinstance(error, apsw.InterruptError):
        if deadline.cancelled:
            return CancelledError("Cancelled.")
        return store_error(StoreErrorKind.TIMEOUT)
    if isinstance(error, apsw.NotADBError):
        return store_error(StoreErrorKind.NOT_A_DATABASE)
    if isinstance(error, apsw.NoMemError):
        return store_error(StoreErrorKind.NO_MEMORY)
    if isinstance(error, apsw.TooBigError):
        return store_error(
            StoreErrorKind.UNSUPPORTED,
            "A value is larger than SQLite reads here.",
        )
    if is_disk_error(error):
        return store_error(
            StoreErrorKind.DAMAGED,
            "The disk reports an error where the file is read.",
            "Copy the file to another disk, as far as it can be read.",
        )
    if isinstance(error, DAMAGE):
        return store_error(StoreErrorKind.DAMAGED)
    if leniency is not None and leniency.puzzle is None and "no such table" in str(error):
        # One that is known to be there, in a schema of which a part is lost.
        return store_error(StoreErrorKind.DAMAGED, hint=_SALVAGED)
    if isinstance(error, apsw.AuthError):
        return store_error(
            StoreErrorKind.FOREIGN,
            "This file needs more than plain tables; not opened for safety.",
            "It is not a Stigmer store and was not read further.",
        )
    if isinstance(error, _OURS):
        return error
    return store_error(StoreErrorKind.UNSUPPORTED, f"SQLite cannot read this: {error}.")
