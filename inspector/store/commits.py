"""The earlier states of a store that its write-ahead log still holds, one after each commit.

The frames up to a commit over the database file are the store as of that commit, as long as what
they leave to the file is as it was: a checkpoint copies later frames into it. What was copied is
told by the pages themselves. A page that first changes after a commit must not hold what one of
its frames holds; and where it does, since it was once written as it was, the shared memory must
say that no checkpoint came so far. Whatever cannot be told is refused.
"""

from __future__ import annotations

import os
import time
import zlib
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, BinaryIO, Final

from inspector.errors import NotFoundError, StateGoneError, StoreErrorKind
from inspector.named_tuple import NamedTuple
from inspector.store.btree import page_shape
from inspector.store.error_sentences import COPY_LIMIT, store_error
from inspector.store.files import COARSE_CLOCK, Files, FileStat, Moved, look
from inspector.store.rows import Cancel
from inspector.store.wal_file import HEADER_SIZE, WalFrames, read_frames
from inspector.store.wal_index import COHERENT, SIZE, Backfill, backfill

if TYPE_CHECKING:
    from inspector.store.live_pages import LivePages

_DATABASE_HEADER: Final = 100
#: The byte of a database at which locks are taken; its page is never written.
_LOCK_BYTE: Final = 0x40000000
_LIST: Final = "The command commits lists those that can be read."
_CHECKPOINTED: Final = "later changes were checkpointed into the database file"
#: Why there is nothing to be read of a log, and of a commit that it held before.
BEGUN_ANEW: Final = (
    "The write-ahead log was restarted{} what it still holds is of an older generation,"
    " and is in the database file."
)
NO_COMMITS: Final = "There is no write-ahead log with commits beside this file."
_LOST: Final = "the database file no longer has all of its pages"


class Prefix(NamedTuple):
    """The store as of a commit: which pages lie in the log; the others lie in the database file.

    Attributes:
        path: of the database.
        number: of the commit; 0 is the state before the first.
        total: commits that the log holds.
        page_size: in bytes.
        size: of the database then, in bytes; None for that of the file.
        last: the last frame that counts.
        log: all frames.
        base: the database file that they lie upon.
    """

    path: str
    number: int
    total: int
    page_size: int
    size: int | None
    last: int
    log: WalFrames
    base: FileStat


class LogState(NamedTuple):
    """A log at one moment, and which of its commits can be read.

    Attributes:
        log: its frames.
        begun_anew: they are all of an older generation.
        refusals: why a commit cannot be read, by number; 0 is the state before the first.
        base: the database file below it.
    """

    log: WalFrames
    begun_anew: bool
    refusals: dict[int, str]
    base: FileStat

    @property
    def total(self) -> int:
        """How many commits there are."""
        return 0 if self.begun_anew else len(self.log.commits)

    def readable(self) -> list[int]:
        """The commits that can be read, oldest first, without the state before the first."""
        return [one for one in range(1, self.total + 1) if one not in self.refusals]


class CommitLog:
    """The log of one file. Whoever asks it holds the process-wide lock, with no connection open."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._known: tuple[Files, LogState] | None = None

    def state(self, files: Files, cancel: Cancel | None = None) -> LogState:
        """The log as it is.

        Raises:
            Moved: it changed meanwhile.
            StoreError: it is too large, or cannot be read.
            CancelledError: the answer is no longer wanted.
        """
        if self._known is not None and self._known[0] == files:
            return self._known[1]
        if not _settled(files.database):
            raise Moved
        if files.wal is not None and files.wal.size > COPY_LIMIT:
            raise store_error(
                StoreErrorKind.TOO_LARGE_TO_COPY,
                f"Its write-ahead log is larger than {COPY_LIMIT >> 30} GiB, and not looked into.",
                "Its newest state can be read; only its commits are not told apart.",
            )
        try:
            state = self._read(files, cancel)
        except OSError as error:
            raise Moved from error
        self._check(files, state.log)
        if files.wal is None or _settled(files.wal):
            self._known = files, state
        return state

    def holds(self, seen: Prefix | LogState) -> bool:
        """Whether all is still as it was seen: the database file, and the log to its end then."""
        try:
            files = look(self._path)
            same = _same(files.database, seen.base)
            return same and self._raw_header() == seen.log.raw_header
        except OSError:
            return False

    def _raw_header(self) -> bytes:
        with _opened(f"{self._path}-wal") as file:
            return file.read(HEADER_SIZE)

    def _check(self, files: Files, log: WalFrames) -> None:
        now = look(self._path)
        same = _same(now.database, files.database)
        if not same or (now.wal is None) != (files.wal is None):
            raise Moved
        if log.header is not None and self._raw_header() != log.raw_header:
            raise Moved

    def _read(self, files: Files, cancel: Cancel | None) -> LogState:
        # With a rollback journal the log, if there is one, is not what SQLite would read.
        if files.wal is None or (files.journal and files.journal.size > 0):
            return LogState(WalFrames(None, b""), False, {}, files.database)
        memory = b""
        if files.shm is not None and files.shm_readable:
            # It is read before the log, which then holds at least what it speaks of.
            with suppress(OSError), _opened(f"{self._path}-shm") as file:
                memory = file.read(SIZE)
        with _opened(f"{self._path}-wal") as file:
            log = read_frames(file, cancel)
        said = backfill(memory, log)
        refusals: dict[int, str] = {}
        if log.commits and not said.begun_anew:
            with _opened(self._path) as file:
                refusals = _refusals(log, file, said)
        return LogState(log, said.begun_anew, refusals, files.database)


def prefix_of(state: LogState, path: str, number: int) -> Prefix:
    """The store as of a commit.

    Args:
        state: of its log.
        path: of the database.
        number: counted from 1; 0 is the state before the first commit.

    Raises:
        NotFoundError: there is no such commit, or it cannot be read any more.
    """
    log = state.log
    if state.begun_anew:
        raise StateGoneError(BEGUN_ANEW.format(":"), _LIST)
    if not log.commits:
        raise NotFoundError(NO_COMMITS)
    if not 0 <= number <= len(log.commits):
        held = f"{len(log.commits):,} commit{'s' if len(log.commits) > 1 else ''}"
        raise NotFoundError(
            f"The write-ahead log holds {held}; there is no commit {number}.", _LIST
        )
    if number in state.refusals:
        raise StateGoneError(
            f"Commit {number} of the write-ahead log can no longer be read:"
            f" {state.refusals[number]}.",
            _LIST,
        )
    assert log.header is not None
    page_size = log.header.page_size
    last, pages = log.commits[number - 1] if number else (0, 0)
    size = pages * page_size if number else None
    return Prefix(path, number, len(log.commits), page_size, size, last, log, state.base)


def newest_of(state: LogState, path: str) -> Prefix | None:
    """The newest state of a store whose log nobody has open.

    Returns:
        None where the log and the database do not tell it by themselves.

    Raises:
        OSError: they cannot be read.
    """
    # Where open files are not shared as on Unix, what was written to them may show late.
    if not COHERENT or not state.total or state.total in state.refusals:
        return None
    newest = prefix_of(state, path, state.total)
    pages = PrefixPages(newest)
    try:
        header = pages.read(1, 0, _DATABASE_HEADER, newest.last)
    finally:
        pages.close()
    # A log beside another database than its own, of other pages, SQLite reads in its own way.
    page_size, *_ = page_shape(header, newest.page_size)
    return newest if page_size == newest.page_size else None


def commit_gone(number: int) -> StateGoneError:
    """The error that the log was restarted since a commit of it was seen."""
    return StateGoneError(f"The write-ahead log was restarted; its commit {number} is gone.", _LIST)


class Moment:
    """One commit of one log, for as long as the log is that log."""

    def __init__(self, path: str, number: int, state: LogState | None = None) -> None:
        """Names a commit; of the log in that ``state``, or of that which is found.

        Raises:
            NotFoundError: as :func:`prefix_of`.
        """
        self._path = path
        self.number = number
        self._log = CommitLog(path)
        self._prefix = prefix_of(state, path, number) if state is not None else None

    @property
    def total(self) -> int | None:
        """How many commits the log held when it was last looked at, None before that."""
        return self._prefix.total if self._prefix is not None else None

    @property
    def generation(self) -> bytes | None:
        """The header of the log it is a commit of, None before it was looked at."""
        return self._prefix.log.raw_header if self._prefix is not None else None

    def prefix(self, files: Files, cancel: Cancel | None) -> Prefix:
        """The store as of this commit.

        Raises:
            Moved: the files changed meanwhile.
            NotFoundError: it cannot be read, or not any more.
            StoreError: the log cannot be read.
        """
        if self._prefix is not None and self.holds():
            return self._prefix
        state = self._log.state(files, cancel)
        if self._prefix is not None and self._prefix.log.raw_header != state.log.raw_header:
            raise commit_gone(self.number)
        self._prefix = prefix_of(state, self._path, self.number)
        return self._prefix

    def holds(self) -> bool:
        """Whether what was read of it last is still so."""
        return self._prefix is not None and self._log.holds(self._prefix)


def _refusals(log: WalFrames, file: BinaryIO, said: Backfill) -> dict[int, str]:
    """Why commits cannot be read any more, by number."""
    assert log.header is not None
    page_size = log.header.page_size
    whole_pages = os.fstat(file.fileno()).st_size // page_size
    first, copied = _copied(log, file, said)
    refused: dict[int, str] = {}
    if copied or not whole_pages:
        # How large the file was before the first commit is not known either.
        refused[0] = _CHECKPOINTED if copied else "there was no database before"
    lost_from = min((first[page] for page in copied), default=None)
    covered = _covered(log, first, whole_pages)
    late = sorted(copied, key=first.__getitem__)
    lowest = smallest = 1 << 40
    for number in range(len(log.commits), 0, -1):
        last, pages = log.commits[number - 1]
        while late and first[late[-1]] > last:
            lowest = min(lowest, late.pop())
        if lowest <= pages:
            refused[number] = _CHECKPOINTED
        elif smallest < pages or covered[number - 1] < pages:
            # A checkpoint of a smaller database cuts the file.
            refused[number] = _LOST
        if lost_from is not None and last >= lost_from:
            smallest = min(smallest, pages)
    return refused


def _copied(log: WalFrames, file: BinaryIO, said: Backfill) -> tuple[dict[int, int], set[int]]:
    """The first frame of each page, and the pages that a checkpoint may have copied."""
    first: dict[int, int] = {}
    stored: dict[int, int | None] = {}
    copied: set[int] = set()
    changed_back: set[int] = set()
    for frame, (page, content) in enumerate(zip(log.page_numbers, log.contents, strict=True), 1):
        if page not in first:
            first[page] = frame
            stored[page] = _content(file, page, log)
        if content == stored[page]:
            copied.add(page)
            if log.contents[first[page] - 1] != content:
                changed_back.add(page)
    if said.attempted is not None:
        later = {page for page, frame in first.items() if frame > said.attempted}
        # A page that was written as it was looks as if it had been copied. But not all do, and
        # none looks like a frame behind one that differs: a memory of another run is not believed.
        if later and not later <= copied and not later & changed_back:
            copied -= later
    return first, copied


def _content(file: BinaryIO, page: int, log: WalFrames) -> int | None:
    """What :attr:`WalFrames.contents` would be of a page of the database file."""
    assert log.header is not None
    size = log.header.page_size
    file.seek((page - 1) * size)
    found = file.read(size)
    return zlib.crc32(found) if len(found) == size else None


def _covered(log: WalFrames, first: dict[int, int], whole_pages: int) -> list[int]:
    """As of each commit, up to which page all pages are in the file or in the log."""
    assert log.header is not None
    never = _LOCK_BYTE // log.header.page_size + 1
    covered: list[int] = []
    at = whole_pages
    for last, _ in log.commits:
        while at + 1 == never or first.get(at + 1, last + 1) <= last:
            at += 1
        covered.append(at)
    return covered


def _settled(one: FileStat) -> bool:
    """Whether a further change would show in the time of the last one."""
    return abs(time.time_ns() - one.modified) > COARSE_CLOCK


def _same(one: FileStat, other: FileStat) -> bool:
    return one[:4] == other[:4]


def _opened(path: str) -> BinaryIO:
    return open(path, "rb", buffering=0)  # noqa: PTH123 - quicker


# Pages of a store as of a commit: those in the log from there, the others from the database.


class PrefixPages:
    """The two files, open until they are closed. The process-wide lock must be held meanwhile."""

    def __init__(self, prefix: Prefix | LivePages) -> None:
        """Opens them.

        Raises:
            OSError: one of them is gone.
        """
        self._prefix = prefix
        with ExitStack() as stack:
            self._file = stack.enter_context(open(prefix.path, "rb", buffering=0))  # noqa: PTH123 - quicker
            self._log = stack.enter_context(open(f"{prefix.path}-wal", "rb", buffering=0))  # noqa: PTH123 - quicker
            self._opened = stack.pop_all()

    def read(self, page: int, start: int, length: int, last: int) -> bytes:
        """Bytes of a page, fewer where the file ends.

        Args:
            page: counted from 1.
            start: of the first byte in the page.
            length: how many bytes, all in the page.
            last: the last frame that counts.

        Raises:
            OSError: they cannot be read.
        """
        frame = self._prefix.log.frame_of(page, last)
        if frame is None:
            self._file.seek((page - 1) * self._prefix.page_size + start)
            return self._file.read(length)
        self._log.seek(self._prefix.log.offset(frame) + start)
        return self._log.read(length)

    @property
    def descriptors(self) -> tuple[int, int]:
        """Of the database and of the log."""
        return self._file.fileno(), self._log.fileno()

    @property
    def base_size(self) -> int:
        """The size of the database file itself, in bytes."""
        return os.fstat(self._file.fileno()).st_size

    def close(self) -> None:
        """Closes them."""
        self._opened.close()
