"""Lists what was seen to change, and shows a change that is chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from threading import Event
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from inspector.decode.record_summary import record_name
from inspector.errors import InspectorError
from inspector.gui.cells.change_look import HAPPENED
from inspector.gui.changes.changes_pane import ChangesPane
from inspector.gui.diff.difference_pane import DifferencePane
from inspector.gui.follow.follow_controller import FollowController
from inspector.gui.tasks import Tasks
from inspector.session.history_queries import Compared
from inspector.session.recording import ChangesMark, Recording
from inspector.session.seen_changes import Happened, SeenChange
from inspector.session.seen_records import compare_seen, seen_records
from inspector.session.summaries import Record

CHANNEL: Final = "seen record"


class ChangesController(QObject):
    """Connects the list of changes with what follows the store.

    ``counted`` tells how many changes were seen, None where no store is followed. ``record_seen``
    tells a record of which one state was seen, what it is called, and the change. ``marked`` tells
    the time of a mark that was set.

    Attributes:
        pane: the list.
    """

    counted = Signal(object)  # an int, or None
    record_seen = Signal(Record, str, SeenChange)
    marked = Signal(str)

    def __init__(
        self,
        follow: FollowController,
        tasks: Tasks,
        show: Callable[[QWidget], None],
        tell_empty: Callable[[str, str], None],
        mark_now: QAction,
        parent: QObject,
    ) -> None:
        """Takes what shows a pane in place of a record, and what says that there is none."""
        super().__init__(parent)
        self._follow, self._tasks = follow, tasks
        self._show, self._tell_empty = show, tell_empty
        self._recording: Recording | None = None
        self.pane = ChangesPane(tasks, mark_now)
        mark_now.setEnabled(False)
        self._mark_now = mark_now
        self.pane.chosen.connect(self._choose)
        follow.mode_changed.connect(self._begin)

    @cached_property
    def change(self) -> DifferencePane:
        """What a chosen change has changed, made when one is first shown.

        So it always has a place in the window, and goes with it. A widget without one is left to
        the garbage collector, which may come while Qt is in the middle of something.
        """
        return DifferencePane(self._tasks)

    def add(self, changes: Sequence[SeenChange]) -> None:
        """More changes are on screen, the oldest of them first."""
        if changes:
            self.pane.add(changes)
            self._count()

    def enter(self) -> None:
        """The list is shown: show the change the cursor is on."""
        if not self.pane.enter():
            self._tell_empty("No change selected.", "")

    def mark(self) -> None:
        """Set a moment to compare with."""
        self._follow.mark(self._marked)

    def _marked(self, mark: ChangesMark) -> None:
        self.pane.take_mark(mark)
        self.marked.emit(f"{mark.time.astimezone():%H:%M:%S}")

    def _begin(self) -> None:
        self._mark_now.setEnabled(self._follow.is_following)
        recording, session = self._follow.recording, self._follow.session
        if recording is self._recording:
            return
        self._recording = recording
        if recording is not None and session is not None:
            self.pane.begin(session, recording)
        self._count()

    def _count(self) -> None:
        found = self._recording
        self.counted.emit(len(found) if found is not None else None)

    def _choose(self, change: SeenChange) -> None:
        session = self._follow.session
        if session is None or not self.pane.isVisible():
            return
        word = HAPPENED[change.happened].word
        facts = f"{word}, seen {change.time.astimezone():%H:%M:%S}"
        if change.before is not None and change.after is not None:
            self._tasks.forget(CHANNEL)
            line = self.pane.changes.line(change)
            name, kind = (line.name, line.kind) if line is not None else (change.id, change.kind)

            def load(cancel: Event) -> Compared:
                return compare_seen(session, change, cancel=cancel)

            self.change.show_loaded(load, name, f"{kind}. {facts}")
            self._show(self.change)
            return
        if change.happened is Happened.ARCHIVED:
            self._tell_empty("A version was archived.", "It is in the record's History.")
            return

        def done(found: tuple[Record | None, Record | None]) -> None:
            record = found[1] or found[0]
            if record is None:
                self._tell_empty("Its earlier state is unknown.", "Only later states were seen.")
                return
            self.record_seen.emit(record, record_name(record.tree) or record.id, change)

        self._tasks.run(
            *(CHANNEL, lambda cancel, _: seen_records(session, change, cancel), done),
            self._fail,
        )

    def _fail(self, error: InspectorError) -> None:
        self._tell_empty(error.message, error.hint)
