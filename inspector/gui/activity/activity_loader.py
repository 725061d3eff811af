"""Feeds the activity of a window's record, in the worker, and leads from it to fields and back."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Final, Protocol

from PySide6.QtCore import QObject, Slot

from inspector.decode.secrets import COVERED
from inspector.errors import InspectorError
from inspector.gui.activity.activity_model import ActivityRow, rows_of
from inspector.gui.activity.activity_view import ActivityView
from inspector.gui.diff.difference_pane import side_text
from inspector.gui.fields.field_items import path_of
from inspector.gui.fields.field_tree import FieldTree
from inspector.gui.navigation_history import FieldPlace
from inspector.gui.record_context import RecordContext
from inspector.gui.switched_connection import SwitchedConnection
from inspector.gui.tasks import Report
from inspector.gui.text.text_layout import Lines
from inspector.gui.values.value_pane import EASY
from inspector.history.activity import Activity, Shape, event_at, has_activity, reason
from inspector.session.history_queries import MOST_EVENTS, activity, first_events, is_covered
from inspector.session.summaries import Record

#: Said where there are more events than stand among what an execution did.
_NOT_ALL: Final = f": the first {MOST_EVENTS:,}; the tab Events has more"


class EventCount(Protocol):
    """What is known of how many events a record has."""

    def has_events(self) -> bool:
        """Whether the record on screen is known to have events."""

    def is_counting(self) -> bool:
        """Whether it is not known yet how many it has."""


class ActivityLoader(QObject):
    """Connects the activity of a record with its fields.

    Args:
        context: the record on screen.
        view: its activity.
        tree: its fields.
        events: whether it has events.
        reveal: whether secrets are shown.
        lead: goes from a place of the record to another one.
    """

    def __init__(
        self,
        context: RecordContext,
        view: ActivityView,
        tree: FieldTree,
        events: EventCount,
        reveal: Callable[[], bool],
        lead: Callable[[FieldPlace, FieldPlace], None],
    ) -> None:
        super().__init__(view)
        self._context, self._view, self._tree, self._events = context, view, tree, events
        self._reveal, self._lead = reveal, lead
        self._record: Record | None = None
        self._each = SwitchedConnection(context.shown)  #: the activity of each record is read
        context.kind_changed.connect(lambda _: self.offer())
        context.tabs.changed.connect(self._tab)
        view.wanted.connect(self._go)
        view.selected.connect(self._say)
        self.offer()

    def offer(self) -> None:
        """The tab is there for kinds that carry times inside, and where there are events."""
        record, tabs = self._context.record(), self._context.tabs
        events, shown = self._events, tabs.current() == "activity"
        on = record is not None and (has_activity(record.kind) or events.has_events())
        if shown and record is not None and events.is_counting():
            on = True  # what is shown stays until it is known
        if not on and record is not None and shown:
            tabs.choose("fields")
        tabs.offer("activity", on=on)

    def _tab(self, name: str) -> None:
        looks = name == "activity"
        self._each.switch(self.look, on=looks)
        if looks:
            self.look()
            item = self._tree.current()
            if item is not None and self._view.tree.rows.top is not None:
                self._view.go_to(path_of(item))

    @Slot()
    def look(self) -> None:
        """Read the activity of the record, where it is in sight and not read yet."""
        record = self._context.record()
        if self._context.tabs.current() != "activity" or record is self._record:
            return
        self._record = record
        if record is None:
            return
        session = self._context.session()

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
            self._context.tabs.tell(found.words if whole else f"{found.words}{_NOT_ALL}")
            item = self._tree.current()
            if item is not None:
                self._view.go_to(path_of(item))

        def fail(error: InspectorError) -> None:
            self._view.clear(error.message, error.hint)

        self._context.tasks.run("activity", work, done, fail, slow=True)

    def tell_again(self) -> None:
        """Secrets are shown or covered: tell anew what the row the cursor is on says."""
        row = self._view.current()
        if row is not None:
            self._view.tell_text(row, "")  # what was shown may be covered now
        self._say(row)

    def _say(self, row: ActivityRow | None) -> None:
        """Tell below what a row says, as JSON where that is more than a text."""
        record = self._record
        if row is None or record is None:
            return
        # What is still on its way may be a secret of before it was covered.
        self._context.tasks.forget("activity text")
        reveal = self._reveal()
        item = row.item
        if item.event is not None:
            record = item.event.record
            if item.event.lost:
                self._view.tell_text(row, item.event.problem or "")
                return
        # All of an execution is more than one would read here.
        place = reason(item) if item.shape is Shape.FRAME and item.children else item.place
        if place is not None and not reveal and is_covered(place, record.covered):
            self._view.tell_text(row, "Hidden.", said=COVERED)
            return

        def work(_cancel: Event, _report: Report) -> tuple[str, Lines | None]:
            text = side_text(place, record, reveal=reveal)
            return text, Lines(text) if len(text) > EASY else None

        def done(answer: tuple[str, Lines | None]) -> None:
            if self._view.current() is row:
                self._view.tell_text(row, *answer)

        self._context.tasks.run("activity text", work, done, lambda _: None, slow=True)

    def _go(self, way: str) -> None:
        """Show a field or an event; going back leads to the row again, and so does Ctrl+5."""
        tab = "events" if event_at(way) is not None else "fields"
        self._lead(FieldPlace("activity", way), FieldPlace(tab, way))
