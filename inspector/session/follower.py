"""Following a store: each look tells what has changed since the one before.

A follower has no thread and no timer: who follows calls :meth:`Follower.look`, when
:attr:`Follower.interval` has passed or at once. Between two looks nothing is held, so that a daemon
is free to write, to stop and to be replaced, file and all; whatever becomes of the file is said in
one sentence, and when it can be read again the next look goes on by itself.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from inspector.errors import StoreError, StoreErrorKind
from inspector.logs import Logger
from inspector.named_tuple import NamedTuple
from inspector.session.file_states import FileState, file_states
from inspector.session.recording import ChangesMark, Recording
from inspector.session.seen_changes import SeenChange, StoreHappened, StoreNotice, seen_changes
from inspector.session.session import Session
from inspector.store.following import Seen
from inspector.store.lock_holders import Daemon
from inspector.store.rows import Cancel, Journal

_LOG: Final = Logger(__name__)
#: Seconds between two looks, and how many times as long as a look took.
_INTERVAL: Final = 0.25
_REST: Final = 9
_SOON: Final = 0.05
_SHORT_REST: Final = 1
#: Seconds after which there is a look even where no file was written, and where it is known who
#: has the store open, and that they are still there, or that nobody has.
_AT_LEAST: Final = 5.0
_AT_LEAST_KNOWN: Final = 30.0
_STEP: Final = 50_000_000  #: nanoseconds, more than a step of a file system's clock
#: What passes by itself in a moment, and is no news.
_PASSING: Final = frozenset((StoreErrorKind.BUSY, StoreErrorKind.TIMEOUT))


class Condition(StrEnum):
    """What the store is doing."""

    RUNNING = "running"  #: a daemon has it open
    STOPPED = "stopped"  #: nobody has it open, and all is in the database
    KILLED = "killed"  #: nobody has it open, and its log or journal was left
    UNKNOWN = "unknown"  #: who has it open cannot be told here
    GONE = "gone"  #: there is no such file
    UNREADABLE = "unreadable"  #: it cannot be read as it is


class Followed(NamedTuple):
    """The store as a look found it.

    Attributes:
        condition: what it is doing.
        sentence: the same in words.
        pid: of the process that has it open, where that is known.
        layout: the version of its layout.
        sure: whether who has it open is seen as long as it is; not so in a file without a WAL,
            where a lock says that it is read or written this moment.
    """

    condition: Condition
    sentence: str
    pid: int | None = None
    layout: int | None = None
    sure: bool = True


class Look(NamedTuple):
    """What a look found.

    Attributes:
        time: when.
        store: the store as it is.
        changes: of records, by kind and id; each is at least one change since the look before.
        notices: what happened to the store itself, before the changes.
        begun: each record was read once. Until then changes are told of those that were read.
        caught_up: nothing is left to be found of what was committed before the look.
        missed: changes that were seen and held back since following was paused.
        stale: what was read of the store before following began may be older than what is known
            now, and nothing tells the difference; told once.
        known: rows that were read so far.
    """

    time: datetime
    store: Followed
    changes: tuple[SeenChange, ...]
    notices: tuple[StoreNotice, ...]
    begun: bool
    caught_up: bool
    missed: int = 0
    stale: bool = False
    known: int = 0


class Follower:
    """Follows the store of a session. Not to be used from two threads at a time.

    Attributes:
        recording: the changes that were seen.
        paused: whether looks hold back what they see.
    """

    def __init__(
        self,
        session: Session,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
        recording: Recording | None = None,
        patience: float = float("inf"),
        since: Sequence[FileState] = (),
    ) -> None:
        """Begins with the first look, which only learns what is there.

        Args:
            session: whose store is followed.
            now: gives the time to be shown.
            clock: gives seconds, to tell how long looks take.
            recording: takes what is seen.
            patience: seconds in which one look goes through all rows, where it has to; the next
                one goes on with it.
            since: the files as they lay there before anything of the store was read.
        """
        self._session = session
        self._now, self._clock, self._patience = now, clock, patience
        self.recording = Recording() if recording is None else recording
        self._following = session.store.following()
        self._marks: list[ChangesMark] = []
        self._number = 0
        self._paused_at: int | None = None
        self._store: Followed | None = None
        self._took = 0.0
        self._caught_up = False
        self._in_midst = False  #: whether the last look read the file, and did not come to its end
        self._looked_at = 0.0
        self._since = _written(since)
        self._stamps: list[tuple[int, int, int] | None] = []
        self._stamped_at = 0  #: nanoseconds

    @property
    def paused(self) -> bool:
        """Whether looks hold back what they see."""
        return self._paused_at is not None

    @property
    def interval(self) -> float:
        """Seconds until the next look, so that looking takes a small part of the time.

        Where the last one did not come to its end, the next goes on with it sooner.
        """
        if self._in_midst:
            return max(_SOON, _SHORT_REST * self._took)
        return max(_INTERVAL, _REST * self._took)

    def may_have_news(self) -> bool:
        """Whether a look may find something; quick, opens nothing.

        Only times and sizes are looked at: who opens a file of SQLite's and closes it again lets go
        of all locks of the process. A file system's clock goes in steps, so that a time that was
        just now when it was looked at may stand for two commits. Whether a process is still there
        is not seen in its files: it is asked for where it is known, and else there is a look now
        and then all the same.
        """
        if not self._caught_up or self._clock() - self._looked_at >= self._longest:
            return True
        store = self._store
        if store is not None and store.condition is Condition.RUNNING and _is_over(store.pid):
            return True
        stamps = _stamps(self._session.store.real_path)
        newest = max((one[2] for one in stamps if one is not None), default=0)
        return stamps != self._stamps or newest > self._stamped_at - _STEP

    @property
    def _longest(self) -> float:
        """Seconds that may pass without a look."""
        store = self._store
        known = store is not None and (
            store.condition is Condition.STOPPED
            or (store.condition is Condition.RUNNING and store.pid is not None)
        )
        return _AT_LEAST_KNOWN if known else _AT_LEAST

    def look(self, cancel: Cancel | None = None) -> Look:
        """What has changed since the last look.

        Whatever the file has become is part of the answer.

        Raises:
            CancelledError: ``cancel`` was set; what it would have found is found by the next one.
        """
        started = self._looked_at = self._clock()
        self._stamped_at = time.time_ns()
        self._stamps = _stamps(self._session.store.real_path)
        self._caught_up = self._in_midst = False
        try:
            found = self._look(cancel)
            self._caught_up = found.caught_up
            if found.begun and self._since:
                found = found._replace(stale=self._since != _now(self._session))
                self._since = ()
            lost = found.store.condition in (Condition.GONE, Condition.UNREADABLE)
            self._in_midst = not found.caught_up and not lost
            return found
        finally:
            self._took = self._clock() - started

    def pause(self) -> None:
        """From now on looks hold back the changes that they see; they are recorded."""
        if self._paused_at is None:
            self._paused_at = self._number

    def resume(self) -> tuple[SeenChange, ...]:
        """Go on; what was held back meanwhile, as far as the recording still has it."""
        if self._paused_at is None:
            return ()
        since, self._paused_at = self._paused_at, None
        return self.recording.since(since)

    def mark(self) -> ChangesMark:
        """A moment to compare with: what is known now. Drop it with :meth:`unmark`."""
        made = ChangesMark(self._now())
        self._marks.append(made)
        return made

    def unmark(self, mark: ChangesMark) -> None:
        """Follow a mark no longer; it keeps what it has."""
        self._marks = [one for one in self._marks if one is not mark]

    def _look(self, cancel: Cancel | None) -> Look:
        found = self._looked(cancel)
        for notice in found.notices:
            # What the store became; its sentence may name the file.
            _LOG.info("followed: %s, %s", notice.happened.value, found.store.condition.value)
        return found

    def _looked(self, cancel: Cancel | None) -> Look:
        now = self._now()
        notices: list[StoreNotice] = []
        try:
            seen = self._seen(cancel, now, notices)
        except StoreError as error:
            store = self._failed(error, now, notices)
            begun, known = self._following.begun, self._following.count
            told = tuple(notices)
            return Look(now, store, (), told, begun, False, self._missed(), known=known)
        store = self._found(seen, now, notices)
        changes = tuple(seen_changes(seen, self._number + 1, now))
        self._number += len(changes)
        for change in changes:
            self.recording.add(change)
            for mark in self._marks:
                mark.take(change)
        shown = () if self.paused else changes
        return Look(
            *(now, store, shown, tuple(notices), seen.begun, seen.caught_up, self._missed()),
            known=self._following.count,
        )

    def _seen(self, cancel: Cancel | None, now: datetime, notices: list[StoreNotice]) -> Seen:
        try:
            return self._following.look(cancel, self._patience)
        except StoreError as error:
            if error.kind is not StoreErrorKind.REPLACED:
                raise
        undo = self._session.store.accept_replacement()
        self._following.forget_place()
        try:
            seen = self._following.look(cancel, self._patience)
        except StoreError:
            # What lies there now is no store, and the one before may come back.
            undo()
            raise
        self._back(now, notices)
        sentence = "The file was replaced; the new one is followed."
        notices.append(StoreNotice(now, StoreHappened.REPLACED, sentence))
        return seen

    def _missed(self) -> int:
        return 0 if self._paused_at is None else self._number - self._paused_at

    def _failed(self, error: StoreError, now: datetime, notices: list[StoreNotice]) -> Followed:
        before = self._store
        if error.kind in _PASSING and before is not None:
            return before._replace(sentence=str(error))
        gone = error.kind is StoreErrorKind.MISSING
        condition = Condition.GONE if gone else Condition.UNREADABLE
        self._store = Followed(condition, str(error), layout=before.layout if before else None)
        if before is None or before.condition not in (Condition.GONE, Condition.UNREADABLE):
            notices.append(StoreNotice(now, StoreHappened.GONE, str(error)))
        self._session.store.forget()
        self._following.forget_place()
        return self._store

    def _back(self, now: datetime, notices: list[StoreNotice]) -> None:
        if self._store and self._store.condition in (Condition.GONE, Condition.UNREADABLE):
            notices.append(StoreNotice(now, StoreHappened.BACK, "The file can be read again."))
            self._store = None

    def _found(self, seen: Seen, now: datetime, notices: list[StoreNotice]) -> Followed:
        self._back(now, notices)
        before = self._store
        found = _followed(seen.daemon, seen.layout)
        self._store = found
        if before is None:
            return found

        def tell(happened: StoreHappened, sentence: str) -> None:
            notices.append(StoreNotice(now, happened, sentence))

        if before.sure and not found.sure and not _is_over(before.pid):
            # It no longer writes with a WAL, and may have it open as before.
            before = before._replace(sure=False)
        ran, runs = (one.sure and one.condition is Condition.RUNNING for one in (before, found))
        restarted = ran and runs and before.pid != found.pid and _is_over(before.pid)
        if ran and (restarted or not runs):
            tell(StoreHappened.DAEMON_STOPPED, _stopped(found, restarted))
        if runs and (restarted or not ran):
            tell(StoreHappened.DAEMON_STARTED, found.sentence)
        if before.layout != found.layout:
            # What the rows say of their writers goes by the layout.
            self._session.facts()
            words = f"The store was migrated from layout {before.layout} to {found.layout}."
            if any(one.happened is StoreHappened.REPLACED for one in notices):
                # Nobody migrated anything: it is another file.
                words = f"The file was replaced by one of layout {found.layout}."
            tell(StoreHappened.LAYOUT_CHANGED, words)
        return found


def _stamps(path: str) -> list[tuple[int, int, int] | None]:
    """Number, size and time of each file of a store; None for one that is not there."""
    # Some three times a second, as long as a window is open: nothing is made that is not needed.
    return [_stamp(path), _stamp(path + "-wal"), _stamp(path + "-journal")]


def _stamp(path: str) -> tuple[int, int, int] | None:
    try:
        facts = os.stat(path)  # noqa: PTH116 - a Path would take longer than the question
    except OSError:
        return None
    return facts.st_ino, facts.st_size, facts.st_mtime_ns


def _written(files: Sequence[FileState]) -> tuple[FileState, ...]:
    """Those of the files of a store that a commit writes."""
    return tuple(one for one in files if one.suffix != "-shm")


def _now(session: Session) -> tuple[FileState, ...]:
    with suppress(StoreError):
        return _written(file_states(session.store.real_path))
    return ()


def _followed(holder: Daemon, layout: int | None) -> Followed:
    found = _said(holder, layout)
    return found._replace(sure=holder.sure or holder.journal is Journal.UNKNOWN)


def _said(holder: Daemon, layout: int | None) -> Followed:
    if holder.journal is Journal.LIVE and not holder.sure:
        who = "A process" if holder.pid is None else f"Process {holder.pid}"
        sentence = f"{who} is reading or writing the store."
        return Followed(Condition.RUNNING, sentence, holder.pid, layout)
    if holder.journal is Journal.LIVE:
        who = "" if holder.pid is None else f" (process {holder.pid})"
        return Followed(Condition.RUNNING, f"A daemon{who} has the store open.", holder.pid, layout)
    if holder.journal in (Journal.LEFT, Journal.ROLLBACK):
        if holder.pid is not None:
            sentence = f"Process {holder.pid} is in the middle of a write."
            return Followed(Condition.RUNNING, sentence, holder.pid, layout)
        sentence = "The daemon was killed; the last writes in its WAL are included."
        return Followed(Condition.KILLED, sentence, None, layout)
    if holder.journal is Journal.CLEAN:
        does = "has the store open" if holder.sure else "is reading or writing the store"
        return Followed(Condition.STOPPED, f"No process {does}.", None, layout)
    return Followed(Condition.UNKNOWN, "It is unknown who has the store open.", None, layout)


def _stopped(found: Followed, restarted: bool) -> str:
    if restarted:
        return "The daemon that had the store open has exited."
    return found.sentence if found.condition is Condition.KILLED else "The daemon stopped."


def _is_over(pid: int | None) -> bool:
    """Whether a process is gone: of several that have the store open, any may be named."""
    if pid is None or sys.platform == "win32":
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
