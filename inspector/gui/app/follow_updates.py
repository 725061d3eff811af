"""Brings what following a store has found onto the screen, and says what became of the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal
from PySide6.QtGui import QAction

from inspector.gui.app.status_bar import StatusBar
from inspector.gui.app.store_alerts import LOST, NO_FILE, StoreAlerts
from inspector.gui.app.store_controller import OpenedStore, StoreController
from inspector.gui.cells.change_look import FRESH
from inspector.gui.follow.follow_controller import FollowController
from inspector.gui.kinds.kinds_model import EntryType, KindEntry
from inspector.gui.kinds.kinds_view import KindsView
from inspector.gui.records.records_pane import RecordsPane
from inspector.gui.records.row_marks import RowMarks
from inspector.gui.style.text_format import count
from inspector.gui.tasks import Tasks
from inspector.gui.widgets.banner import Tone
from inspector.gui.widgets.notification_stack import Notification
from inspector.session.follower import Condition, Look
from inspector.session.seen_changes import SeenChange, StoreHappened, StoreNotice
from inspector.session.summaries import Record, RecordKey
from inspector.store.rows import Row

_REST: Final = 250  #: milliseconds between two times that rows are listed anew
_SHARE: Final = 10  #: how many times as long as that took it is left alone
_LONGEST_REST: Final = 5_000
_SOON: Final = 50
#: After these everything may be another.
_ALL_NEW: Final = (StoreHappened.REPLACED, StoreHappened.BACK, StoreHappened.LAYOUT_CHANGED)
_DAEMON: Final = (StoreHappened.DAEMON_STARTED, StoreHappened.DAEMON_STOPPED)


class FollowUpdates(QObject):
    """Applies looks at the store to the panes of a window; ``applied`` tells the changes.

    ``looked_at`` tells a record that is on screen, and what it was before the first change that
    nobody looked at; ``all_seen`` that everything was looked at.

    Attributes:
        follow: what looks.
        marks: what has just happened to records.
        is_due: whether rows are to be listed anew.
    """

    applied = Signal(tuple)
    looked_at = Signal(Record, Row)  # or None
    all_seen = Signal()

    def __init__(
        self,
        follow: FollowController,
        store_controller: StoreController,
        kinds: KindsView,
        records: RecordsPane,
        status: StatusBar,
        alerts: StoreAlerts,
        tasks: Tasks,
        pause: QAction,
    ) -> None:
        super().__init__(follow)
        self.follow = follow
        self._store_controller, self._records, self._status = store_controller, records, status
        self._kinds = kinds
        self._listed: KindEntry | None = kinds.entry()
        self._on_screen: RecordKey | None = None
        self._alerts, self._tasks, self._pause = alerts, tasks, pause
        self.marks = RowMarks()
        records.records.set_marks(self.marks)
        self.is_due = False
        self._took = QElapsedTimer()
        self._list = QTimer(self, singleShot=True)
        self._list.timeout.connect(self._list_again)
        self._fade = QTimer(self, singleShot=True, interval=round(1000 * FRESH) + _SOON)
        self._fade.timeout.connect(self._faded)
        follow.looked.connect(self._take)
        follow.mode_changed.connect(self._tell_mode)
        records.sifting.relisted.connect(lambda _: self._relisted())
        kinds.chosen.connect(self._enter)
        store_controller.shown.connect(self._look_at)
        pause.setEnabled(False)

    def begin(self, answer: OpenedStore) -> None:
        """A store was opened, or read again: follow it."""
        is_another = answer.session is not self.follow.session
        if is_another:
            self.see_all()
            self.is_due = False
            for key in ("followed", "paused"):
                self._alerts.drop(key)
        self.follow.begin(answer.session, answer.facts, answer.files)
        self._tell_mode()

    # What was looked at

    def see_all(self) -> None:
        """All marks go."""
        self.marks.clear()
        self._tell_marks()
        self.all_seen.emit()

    def _enter(self, entry: KindEntry) -> None:
        """Whoever goes on from a list has looked at it."""
        left, self._listed = self._listed, entry
        if left is not None and left.type is EntryType.KIND and left.kind != entry.kind:
            self.marks.see_kind(left.kind)
            self._tell_marks()

    def _look_at(self, record: Record) -> None:
        """A mark stays beside the record that is on screen until another one is."""
        left, key = self._on_screen, RecordKey(record.kind, record.id)
        before = None
        if left != key:
            before = self._before(key)
            self._on_screen = key
            seen = [self.marks.see(one) for one in (key, left) if one is not None]
            if any(seen):
                self._tell_marks()
        self.looked_at.emit(record, before)

    def _before(self, key: RecordKey) -> Row | None:
        """What a record was before its first change that nobody looked at."""
        mark = self.marks.of(key)
        recording = self.follow.recording if mark is not None else None
        if mark is None or recording is None:
            return None
        first = next((one for one in recording.of(*key) if one.number == mark.since), None)
        return first.before if first is not None else None

    def _tell_marks(self) -> None:
        self._kinds.kinds.set_news(self.marks.counts())
        self._records.table.viewport().update()

    # What is seen

    def _take(self, look: Look) -> None:
        for notice in look.notices:
            self._tell(notice)
        if look.stale or any(notice.happened in _ALL_NEW for notice in look.notices):
            self._store_controller.read_again()
        elif any(notice.happened in _DAEMON for notice in look.notices):
            self._ask_who()
        self._tell_mode()
        self._apply(look.changes)

    def _apply(self, changes: Sequence[SeenChange]) -> None:
        if not changes:
            return
        self.marks.take(changes)
        self.is_due = self._store_controller.take_changes(changes, again=self.is_due)
        if self.is_due and not self._list.isActive():
            self._list.start(0)
        self._tell_marks()
        self._fade.start()
        self.applied.emit(tuple(changes))

    def _list_again(self) -> None:
        if not self.is_due:
            return
        self._took.start()
        self.is_due = not self._store_controller.list_again()
        if self.is_due:
            self._list.start(_REST)

    def _relisted(self) -> None:
        """The longer it takes, the longer it is left alone."""
        if not self._list.isActive():
            self._list.start(min(max(_REST, _SHARE * self._took.elapsed()), _LONGEST_REST))

    def _faded(self) -> None:
        self._records.table.viewport().update()
        if self.marks.any_fresh():
            self._fade.start()

    # What is said

    def _tell(self, notice: StoreNotice) -> None:
        at = f"{notice.time.astimezone():%H:%M:%S}"
        if notice.happened is StoreHappened.GONE:
            self._tell_lost(notice, at)
        elif notice.happened is StoreHappened.REPLACED:
            title = f"The file was replaced at {at}. Showing the new one."
            self._alerts.tell(Notification("followed", 6, Tone.NOTE, title))
        elif notice.happened is StoreHappened.LAYOUT_CHANGED:
            self._alerts.tell(Notification("followed", 6, Tone.NOTE, notice.sentence))
        else:
            self._status.tell(notice.sentence)
        if notice.happened in (StoreHappened.BACK, StoreHappened.REPLACED):
            self._alerts.drop(LOST)

    def _tell_lost(self, notice: StoreNotice, at: str) -> None:
        """Say that the file cannot be read now, unless somebody who wanted to read it knows."""
        if LOST in self._alerts:
            return
        store = self.follow.store
        gone = store is not None and store.condition is Condition.GONE
        self._alerts.tell_lost(NO_FILE if gone else notice.sentence, at)

    def _tell_mode(self) -> None:
        follow, store = self.follow, self.follow.store
        self._pause.setEnabled(follow.is_following)
        self._pause.setChecked(follow.paused_at is not None)
        if store is not None and store.condition in (Condition.GONE, Condition.UNREADABLE):
            self._status.tell_lost(store.sentence)
            self._status.tell_daemon(None)
        elif follow.paused_at is not None:
            self._status.tell_paused(follow.waiting)
            self._tell_paused()
            return
        elif follow.is_following:
            self._status.tell_live(follow.read)
        elif self._store_controller.session() is not None:
            self._status.tell_snapshot(self._store_controller.facts)
        self._alerts.drop("paused")

    def _tell_paused(self) -> None:
        follow = self.follow
        waiting = follow.waiting
        words = "1 change is waiting" if waiting == 1 else f"{count(waiting, 'change')} are waiting"
        title = f"Paused at {follow.paused_at:%H:%M:%S}. {words}."
        action = ("Resume", lambda: self._pause.setChecked(False))
        again = "paused" in self._alerts
        self._alerts.tell(Notification("paused", 5, Tone.NOTE, title, "", (action,), quiet=again))

    def set_paused(self, on: bool) -> None:
        """Hold back what is seen, or go on; nothing where it is so already."""
        if on:
            self.follow.pause()
        else:
            self._apply(self.follow.resume())

    def _ask_who(self) -> None:
        """Say who has the file open now."""
        session = self._store_controller.session()
        if session is not None:
            self._tasks.run(
                *("who", lambda cancel, _: session.facts(cancel), self._status.tell_daemon),
                lambda _: None,  # the next look says what is wrong with the file
            )
