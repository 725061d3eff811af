"""Marks in the fields of the record on screen what has changed since it was looked at."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event
from typing import Final

from PySide6.QtCore import QObject, QTimer

from inspector.gui.cells.change_look import FRESH
from inspector.gui.fields.field_marks import FieldMarks
from inspector.gui.fields.field_tree import FieldTree
from inspector.gui.record_context import RecordContext
from inspector.gui.tasks import Report
from inspector.session.field_changes import field_changes
from inspector.session.summaries import Record
from inspector.store.rows import Row

CHANNEL: Final = "field changes"
_SOON: Final = 50  #: milliseconds


class FieldWatch(QObject):
    """Connects the fields with what is seen of their record.

    Marks tell what differs from the state that was on screen, or from the one before the first
    change that nobody looked at; they go with the next record, and when all was looked at.
    """

    def __init__(
        self,
        context: RecordContext,
        tree: FieldTree,
        told: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``told`` is called when the value under the cursor is to be told anew."""
        super().__init__(tree)
        self._context, self._tree, self._told, self._clock = context, tree, told, clock
        self._key: tuple[str, str] | None = None
        self._base: Row | None = None  #: what marks are the difference from
        self._last: Row | None = None  #: what is on screen
        self._marked_at = 0.0
        self._fade = QTimer(self, singleShot=True, interval=round(1000 * FRESH) + _SOON)
        self._fade.timeout.connect(self.fade)

    def see_all(self) -> None:
        """All of it was looked at."""
        self._context.tasks.forget(CHANNEL)
        self._base = None
        self._tree.fields.set_marks(None)

    def show(self, record: Record, before: Row | None) -> None:
        """A record is on screen, or again.

        Args:
            record: the live record, or a version of it.
            before: what it was before the first change that nobody looked at; None for none.
        """
        self._context.tasks.forget(CHANNEL)
        now = _row_of(record)
        if (record.kind, record.id) != self._key:
            self._key, self._base, self._last = (record.kind, record.id), before, before
        last, self._last = self._last, now or self._last
        if now is None or last is None:
            return
        if self._base is None and last.data != now.data:
            self._base = last
        session, base = self._context.session(), self._base
        if session is None or base is None:
            return
        is_new = last.data != now.data

        def work(cancel: Event, _report: Report) -> FieldMarks | None:
            found = field_changes(session, base, record, cancel)
            newly = found
            if last is not base and is_new:
                newly = field_changes(session, last, record, cancel)
            if found is None or newly is None:
                return None
            return FieldMarks(found, frozenset(newly.changes) if is_new else frozenset())

        def done(marks: FieldMarks | None) -> None:
            if self._context.record() is record:
                self._tree.fields.set_marks(marks)
                self._told()
                if marks is not None and marks.fresh:
                    self._marked_at = self._clock()
                    self._fade.start()

        self._context.tasks.run(CHANNEL, work, done, lambda _: None, slow=True)

    def fade(self) -> None:
        """Take the tint from what did not change just now any more."""
        marks = self._tree.fields.look.marks
        if marks is not None and self._clock() - self._marked_at >= FRESH:
            self._tree.fields.set_marks(marks._replace(fresh=frozenset()))


def _row_of(record: Record) -> Row | None:
    """The row of a record as it is now; None of a version, and of what cannot be read."""
    if record.version is not None or record.tree is None:
        return None
    return Row(record.kind, record.id, record.tree.data, record.size, record.updated_at)
