"""The worker beside the GUI thread: newest wins, late answers are dropped.

Work is asked for on a *channel*, such as ``record`` or ``rows``. A newer request of a channel
replaces the one that waits and cancels the one that runs; its answer, should it still come, is
dropped by its token. Answers arrive in the GUI thread through a queued signal.

Work that may look at every record (a filter, a sort, who refers here) is ``slow`` and has a lane
of its own, so that a record that is selected meanwhile does not wait for it. The store lets one
read in at a time, and each is short. It also stands still while a frame is painted: Python runs one
thread at a time, and a thread that decodes would take every other half millisecond of the frame.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Condition, Event, Thread, current_thread, main_thread
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from inspector.errors import CancelledError, InspectorError
from inspector.named_tuple import NamedTuple

_AT_CLOSE: Final = 0.05  #: seconds for which a window that is closed waits for its worker
_LONGEST_FRAME: Final = 0.05  #: seconds for which slow work waits for one
LARGE: Final = 1 << 20  #: bytes or characters from which on work with them counts as slow

T = TypeVar("T")
Report = Callable[[int, int], None]  #: how far: done, total (0 where it is not known)
Work = Callable[[Event, Report], T]


class Handlers(NamedTuple, Generic[T]):
    """What is called in the GUI thread.

    Attributes:
        done: with the answer.
        error: with an expected failure, also with :class:`CancelledError` after ``cancel``.
        progress: with done and total, as often as the GUI thread finds time for it.
    """

    done: Callable[[T], None]
    error: Callable[[InspectorError], None] | None = None
    progress: Callable[[int, int], None] | None = None


_painted: Final = Event()  #: set while no frame is being painted
_painted.set()


@contextmanager
def painting() -> Iterator[None]:
    """Slow work of all windows stands still meanwhile; entered in the GUI thread."""
    _painted.clear()
    try:
        yield
    finally:
        _painted.set()


class _SlowCancel(Event):
    """The flag of slow work, which looks at it after each record.

    Attributes:
        at_once: the same flag for while the store is read: whoever waited there would keep others
            from reading.
    """

    def __init__(self) -> None:
        super().__init__()
        self.at_once = Event()

    def set(self) -> None:
        """Cancel the work."""
        self.at_once.set()
        super().set()

    def is_set(self) -> bool:
        """Whether it was cancelled; said once no frame is being painted."""
        if not _painted.is_set() and current_thread() is not main_thread():
            _painted.wait(_LONGEST_FRAME)
        return super().is_set()


class _Job:
    """A request; ``cancel`` is the flag that the session hands down to SQLite."""

    def __init__(self, channel: str, work: Work[Any], handlers: Handlers[Any], slow: bool) -> None:
        self.channel = channel
        self.slow = slow
        self.work = work
        self.handlers = handlers
        self.cancel: Event = _SlowCancel() if slow else Event()
        self.far = (0, 0)
        self.told = True


class Tasks(QObject):
    """The worker of a window.

    ``crashed`` is emitted with an exception that is a bug of ours. ``busy`` tells a channel and
    whether it works now. ``failed`` tells a channel and an expected failure of it, before it is
    handled; ``answered`` a channel that did what it was asked for.
    """

    crashed = Signal(BaseException)
    failed = Signal(str, InspectorError)
    answered = Signal(str)
    busy = Signal(str, bool)
    _answered = Signal(_Job, object, object)  # its answer of any type, or its failure
    _progressed = Signal(_Job)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: OrderedDict[str, _Job] = OrderedDict()
        self._threads: dict[bool, Thread] = {}
        self._newest: dict[str, _Job] = {}
        self._closed = False
        self._condition = Condition()
        queued = Qt.ConnectionType.QueuedConnection
        self._answered.connect(self._deliver, queued)
        self._progressed.connect(self._tell, queued)
        self._start(slow=False)

    def run(
        self,
        channel: str,
        work: Work[T],
        on_done: Callable[[T], None],
        on_error: Callable[[InspectorError], None] | None = None,
        on_progress: Callable[[int, int], None] | None = None,
        *,
        slow: bool = False,
    ) -> None:
        """Ask for work; a request of the same channel that has not answered yet is forgotten.

        Args:
            channel: what the answer is for.
            work: called in the worker with the cancel flag and a function to report progress.
            on_done: called in the GUI thread with the answer.
            on_error: called there with an expected failure; without it, it counts as a crash.
            on_progress: called there with done and total.
            slow: it may take long; quick work goes on beside it.
        """
        job = _Job(channel, work, Handlers(on_done, on_error, on_progress), slow)
        with self._condition:
            if self._closed:
                return
            old = self._newest.get(channel)
            self._newest[channel] = job
            if old is not None:
                old.cancel.set()
            self._waiting[channel] = job
            self._waiting.move_to_end(channel)
            self._start(slow)
            self._condition.notify_all()
        if old is None:
            self.busy.emit(channel, True)

    def cancel(self, channel: str) -> None:
        """Ask the work of a channel to stop; ``on_error`` gets the CancelledError."""
        with self._condition:
            job = self._newest.get(channel)
            if job is not None:
                job.cancel.set()

    def forget(self, channel: str) -> None:
        """Stop the work of a channel; nobody is told any more."""
        with self._condition:
            job = self._newest.pop(channel, None)
            self._waiting.pop(channel, None)
            if job is not None:
                job.cancel.set()
        if job is not None:
            self.busy.emit(channel, False)

    def is_busy(self, channel: str) -> bool:
        """Whether an answer of a channel is still to come."""
        return channel in self._newest

    def is_idle(self) -> bool:
        """Whether no answer is still to come."""
        return not self._newest

    def close(self, then: Callable[[], object] = lambda: None) -> None:
        """Cancel everything; no answer is delivered after it.

        Args:
            then: called once the threads have ended, in a thread of its own, for which is waited
                only a moment. A disk that does not answer, or another window that reads of it,
                would hold every window up.
        """
        with self._condition:
            self._closed = True
            for job in self._newest.values():
                job.cancel.set()
            self._newest.clear()
            self._waiting.clear()
            self._condition.notify_all()
        # Which the process waits for before it ends: what is let go of may be a private copy.
        threads = list(self._threads.values())
        closing = Thread(target=_afterwards, args=(threads, then), name="inspector-closing")
        closing.start()
        closing.join(_AT_CLOSE)

    def _start(self, slow: bool) -> None:
        """Start a lane when it is first needed."""
        if slow not in self._threads:
            name = f"inspector-{'slow' if slow else 'worker'}"
            self._threads[slow] = Thread(target=self._loop, args=(slow,), name=name, daemon=True)
            self._threads[slow].start()

    def _loop(self, slow: bool) -> None:
        while (job := self._next(slow)) is not None:
            answer: object = None
            failure: BaseException | None = None
            try:
                if job.cancel.is_set():
                    raise CancelledError("Cancelled.")
                answer = job.work(job.cancel, self._reporter(job))
            except BaseException as error:
                failure = error
            with self._condition:
                wanted = not self._closed
            if wanted:
                self._answered.emit(job, answer, failure)
            del job, answer, failure

    def _next(self, slow: bool) -> _Job | None:
        with self._condition:
            while not self._closed:
                job = next((one for one in self._waiting.values() if one.slow == slow), None)
                if job is not None:
                    return self._waiting.pop(job.channel)
                self._condition.wait()
            return None

    def _reporter(self, job: _Job) -> Report:
        def report(done: int, total: int) -> None:
            job.far = (done, total)
            if job.told and not self._closed:
                job.told = False
                self._progressed.emit(job)

        return report

    @Slot(_Job, object, object)
    def _deliver(self, job: _Job, answer: Any, failure: BaseException | None) -> None:
        if self._newest.get(job.channel) is not job:
            if failure is not None and not isinstance(failure, InspectorError):
                self.crashed.emit(failure)
            return
        del self._newest[job.channel]
        self.busy.emit(job.channel, False)
        if isinstance(failure, InspectorError) and not isinstance(failure, CancelledError):
            self.failed.emit(job.channel, failure)
        if failure is None:
            self.answered.emit(job.channel)
            job.handlers.done(answer)
        elif isinstance(failure, InspectorError) and job.handlers.error is not None:
            job.handlers.error(failure)
        elif not isinstance(failure, CancelledError):
            self.crashed.emit(failure)

    @Slot(_Job)
    def _tell(self, job: _Job) -> None:
        job.told = True
        if self._newest.get(job.channel) is job and job.handlers.progress is not None:
            job.handlers.progress(*job.far)


def until_cancelled(items: Iterable[T], cancel: Event) -> Iterator[T]:
    """The items of a long piece of work, one after the other.

    Raises:
        CancelledError: it was stopped; no further item is taken.
    """
    for item in items:
        if cancel.is_set():
            raise CancelledError("Stopped.")
        yield item


def _afterwards(threads: Sequence[Thread], then: Callable[[], object]) -> None:
    for thread in threads:
        thread.join()
    then()


class TaskGroup(Tasks):
    """Hands work on to the worker of a window; nothing of it meets work of the same name there."""

    def __init__(self, tasks: Tasks, name: str) -> None:
        QObject.__init__(self, tasks)  # no worker of its own
        self._tasks, self._name = tasks, name

    def run(
        self,
        channel: str,
        work: Work[T],
        on_done: Callable[[T], None],
        on_error: Callable[[InspectorError], None] | None = None,
        on_progress: Callable[[int, int], None] | None = None,
        *,
        slow: bool = False,
    ) -> None:
        """Ask for work in a channel of the group."""
        self._tasks.run(self._of(channel), work, on_done, on_error, on_progress, slow=slow)

    def cancel(self, channel: str) -> None:
        """Ask the work of a channel of the group to stop."""
        self._tasks.cancel(self._of(channel))

    def forget(self, channel: str) -> None:
        """Stop the work of a channel of the group; nobody is told any more."""
        self._tasks.forget(self._of(channel))

    def is_busy(self, channel: str) -> bool:
        """Whether an answer of a channel of the group is still to come."""
        return self._tasks.is_busy(self._of(channel))

    def is_idle(self) -> bool:
        """Whether no answer of the worker is still to come."""
        return self._tasks.is_idle()

    def close(self, then: Callable[[], object] = lambda: None) -> None:
        """The worker is closed by whose it is."""

    def _of(self, channel: str) -> str:
        return f"{self._name} {channel}"
