"""Looks at the open store now and then, tells what it found, and what can no longer be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from inspector.errors import InspectorError, StateGoneError, StoreError
from inspector.gui.tasks import Report, Tasks
from inspector.session.file_states import FileState
from inspector.session.follower import Followed, Follower, Look
from inspector.session.recording import ChangesMark, Recording
from inspector.session.seen_changes import SeenChange
from inspector.session.session import Session
from inspector.store.rows import Form, Label, StoreFacts

if TYPE_CHECKING:
    from inspector.store.files import Signature

CHANNEL = "follow"
#: Milliseconds until the files are looked at again where nobody had written: with the look itself
#: a commit is on screen within half a second.
_QUIET = 400


def can_follow(session: Session, facts: StoreFacts) -> bool:
    """Whether a store may change: not one that is built in, nor one as of a commit."""
    may_change = facts.label is not Label.DEMO and session.store.moment is None
    return may_change and facts.form in (Form.SQLITE, Form.JSON)


class FollowController(QObject):
    """Follows one store at a time; each look is done in the worker, the next some time after it.

    ``looked`` tells each :class:`Look`, of which the first only says what there is.
    ``mode_changed`` that following has begun, ended, or is paused or resumed.

    Attributes:
        automatic: whether a look follows the one before; tests look themselves.
        patience: seconds in which one look goes through rows; the next one goes on, and a record
            that is chosen meanwhile waits no longer than that.
        store: the store as the last look found it; None where none is followed.
        paused_at: when it was paused; None while it is not.
        waiting: changes that were seen since.
        caught_up: whether the last look came to its end.
        read: rows that were read so far, while each of them is read once; None behind that.
    """

    looked = Signal(Look)
    mode_changed = Signal()

    automatic = True
    patience = 0.05

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._session: Session | None = None
        self._follower: Follower | None = None
        self.store: Followed | None = None
        self.paused_at: datetime | None = None
        self.waiting = 0
        self.caught_up = False
        self.read: int | None = None
        self._next = QTimer(self, singleShot=True)
        self._next.timeout.connect(self._look_if_written)

    @property
    def session(self) -> Session | None:
        """The store that was to be followed last."""
        return self._session

    @property
    def is_following(self) -> bool:
        """Whether a store is followed, or following is paused."""
        return self._follower is not None

    @property
    def recording(self) -> Recording | None:
        """The changes that were seen of the store; None where none is followed."""
        return self._follower.recording if self._follower is not None else None

    def seen(self, kind: str, id_: str) -> Sequence[SeenChange]:
        """The changes of a record that were seen, as far as they are still known."""
        return self.recording.of(kind, id_) if self.recording is not None else ()

    def begin(self, session: Session, facts: StoreFacts, files: Sequence[FileState]) -> None:
        """Follow a store, unless it is followed already or never changes.

        Args:
            session: the store.
            facts: what it is.
            files: as they lay there before it was first read.
        """
        if session is self._session:
            return
        self.end()
        self._session = session
        if not can_follow(session, facts):
            return

        def work(cancel: Event, _report: Report) -> tuple[Follower, Look]:
            follower = Follower(session, patience=self.patience, since=files)
            return follower, follower.look(cancel)

        self._tasks.run(CHANNEL, work, self._begun, self._not_now)

    def end(self) -> None:
        """Follow nothing any more; what was seen is forgotten."""
        self._next.stop()
        self._tasks.forget(CHANNEL)
        self._session = self._follower = self.store = self.paused_at = None
        self.waiting, self.caught_up, self.read = 0, False, None
        self.mode_changed.emit()

    def look(self) -> None:
        """Look now."""
        follower = self._follower
        if follower is None or self._tasks.is_busy(CHANNEL):
            return
        self._next.stop()
        self._tasks.run(CHANNEL, lambda cancel, _: follower.look(cancel), self._take, self._not_now)

    def _look_if_written(self) -> None:
        """Most of the time nobody writes: then the worker is left asleep."""
        follower = self._follower
        if follower is not None and not self._tasks.is_busy(CHANNEL):
            if follower.may_have_news():
                self.look()
            else:
                self._next.start(_QUIET)

    def pause(self) -> None:
        """Hold back what is seen from now on."""
        if self._follower is not None and self.paused_at is None:
            self._follower.pause()
            self.paused_at, self.waiting = datetime.now().astimezone(), 0
            self.mode_changed.emit()

    def resume(self) -> tuple[SeenChange, ...]:
        """Go on; gives what was held back, and looks."""
        if self._follower is None or self.paused_at is None:
            return ()
        held = self._follower.resume()
        self.paused_at, self.waiting = None, 0
        self.mode_changed.emit()
        self.look()
        return held

    def mark(self, done: Callable[[ChangesMark], None]) -> None:
        """Set a moment to compare with, behind the looks before it; ``done`` gets it."""
        follower = self._follower
        if follower is not None:
            self._tasks.run("mark", lambda _c, _r: follower.mark(), done)

    def _begun(self, answer: tuple[Follower, Look]) -> None:
        self._follower, look = answer
        self.mode_changed.emit()
        self._take(look)

    def _take(self, look: Look) -> None:
        self.store = look.store
        self.waiting, self.caught_up = look.missed, look.caught_up
        self.read = None if look.begun else look.known
        self.looked.emit(look)
        self._look_later()

    def _not_now(self, _error: InspectorError) -> None:
        """It was cancelled, or cannot even be looked at: the next one tells."""
        self._look_later()

    def _look_later(self) -> None:
        if self.automatic and self._follower is not None:
            self._next.start(round(1000 * self._follower.interval))


# Notices that an earlier state of a store can no longer be read, while it is on screen.

_STATE_CHANNEL: Final = "state"
_INTERVAL: Final = 2_000  #: milliseconds between two looks at the times of the files


class StateWatch(QObject):
    """Looks at an earlier state whenever the files were written.

    That it is gone is a failure of its channel, which whoever tells failures tells.
    """

    def __init__(self, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._session: Session | None = None
        self._seen: Signature = ()
        self._next = QTimer(self, interval=_INTERVAL)
        self._next.timeout.connect(self._look_if_written)

    def begin(self, session: Session) -> None:
        """A store was opened; its newest state needs no watching."""
        self._next.stop()
        self._tasks.forget(_STATE_CHANNEL)
        self._session = session if session.store.moment is not None else None
        if self._session is not None and FollowController.automatic:
            self._next.start()

    def look(self) -> None:
        """Look whether the state can still be read."""
        session = self._session
        if session is not None and not self._tasks.is_busy(_STATE_CHANNEL):
            self._tasks.run(
                _STATE_CHANNEL,
                lambda cancel, _: session.store.facts(cancel),
                lambda _: None,
                self._failed,
            )

    def _look_if_written(self) -> None:
        session = self._session
        try:
            now = session.store.signature() if session is not None else ()
        except StoreError:
            now = ()
        if now != self._seen or not now:
            self._seen = now
            self.look()

    def _failed(self, error: InspectorError) -> None:
        if isinstance(error, StateGoneError):
            self._next.stop()
