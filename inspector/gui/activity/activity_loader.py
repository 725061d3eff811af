"""Feeds the activity of a window's record, in the worker, and leads from it to fields and back."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from inspector.errors import InspectorError
from inspector.gui.activity.activity_model import ActivityRow, rows_of
from inspector.gui.diff.diff_text import side_text
from inspector.gui.fields.field_items import path_of
from inspector.gui.navigation_history import FieldPlace
from inspector.gui.tasks import Report
from inspector.gui.text.text_lines import Lines
from inspector.gui.text.value_text_view import EASY
from inspector.history.activity import Activity, Shape, event_at, has_activity, reason
from inspector.session.history_queries import MOST_EVENTS, activity, first_events, is_covered
from inspector.session.summaries import Record

if TYPE_CHECKING:
    from inspector.gui.app.main_window import MainWindow

#: Said where there are more events than stand among what an execution did.
_NOT_ALL: Final = f": the first {MOST_EVENTS:,}; the tab Events has more"


class ActivityLoader(QObject):
    """Connects the activity of a record with its fields."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._view = window.record.activity
        self._record: Record | None = None
        window.desk.shown.connect(self._shown)
        window.record.tabs.changed.connect(self._tab)
        window.record_events.counted.connect(self._offer)
        window.actions_["secrets"].toggled.connect(lambda _: self._say(self._view.current()))
        self._view.wanted.connect(self._go)
        self._view.selected.connect(self._say)
        self._offer()

    def _shown(self, _record: object) -> None:
        self._offer()
        self.look()

    def _offer(self) -> None:
        """The tab is there for kinds that carry times inside, and where there are events."""
        record, tabs = self._window.record.record, self._window.record.tabs
        events, shown = self._window.record_events, tabs.current() == "activity"
        on = record is not None and (has_activity(record.kind) or events.has_events())
        if shown and record is not None and events.is_counting():
            on = True  # what is shown stays until it is known
        if not on and record is not None and shown:
            tabs.choose("fields")
        tabs.offer("activity", on=on)

    def _tab(self, name: str) -> None:
        if name == "activity":
            self.look()
            item = self._window.record.tree.current()
            if item is not None and self._view.tree.rows.top is not None:
                self._view.go_to(path_of(item))

    def look(self) -> None:
        """Read the activity of the record, where it is in sight and not read yet."""
        record = self._window.record.record
        if self._window.record.tabs.current() != "activity" or record is self._record:
            return
        self._record = record
        if record is None:
            return
        session = self._window.desk.source()

        def work(cancel: Event, _report: Report) -> tuple[Activity, ActivityRow, bool] | None:
            events, whole = first_events(session, record, cancel) if session else ([], True)
            found = activity(record, cancel, events)
            return (found, rows_of(found), whole) if found is not None else None

        def done(answer: tuple[Activity, ActivityRow, bool] | None) -> None:
            if answer is None:
                self._view.clear("No activity.", "The record does not decode, or has no events.")
                return
            found, top, whole = answer
            self._view.show_activity(found, top)
            self._window.record.tabs.tell(found.words if whole else f"{found.words}{_NOT_ALL}")
            item = self._window.record.tree.current()
            if item is not None:
                self._view.go_to(path_of(item))

        def fail(error: InspectorError) -> None:
            self._view.clear(error.message, error.hint)

        self._window.tasks.run("activity", work, done, fail, slow=True)

    def _say(self, row: ActivityRow | None) -> None:
        """Tell below what a row says, as JSON where that is more than a text."""
        record = self._record
        if row is None or record is None:
            return
        reveal = self._window.actions_["secrets"].isChecked()
        item = row.item
        if item.event is not None:
            record = item.event.record
            if item.event.lost:
                self._view.tell_text(row, item.event.problem or "")
                return
        # All of an execution is more than one would read here.
        place = reason(item) if item.shape is Shape.FRAME and item.children else item.place
        if place is not None and not reveal and is_covered(place, record.covered):
            self._view.tell_text(row, "Hidden.")
            return

        def work(_cancel: Event, _report: Report) -> tuple[str, Lines | None]:
            text = side_text(place, record, reveal=reveal)
            return text, Lines(text) if len(text) > EASY else None

        def done(answer: tuple[str, Lines | None]) -> None:
            if self._view.current() is row:
                self._view.tell_text(row, *answer)

        self._window.tasks.run("activity text", work, done, lambda _: None, slow=True)

    def _go(self, way: str) -> None:
        """Show a field or an event; going back leads to the row again, and so does Ctrl+5."""
        tab = "events" if event_at(way) is not None else "fields"
        self._window.going.lead(FieldPlace("activity", way), FieldPlace(tab, way))
