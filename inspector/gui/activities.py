"""Feeds the activity of a window's record, in the worker, and leads from it to fields and back."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from inspector.errors import InspectorError
from inspector.gui.difference_texts import side_text
from inspector.gui.models.activities import ActivityRow, rows_of
from inspector.gui.models.items import path_of
from inspector.gui.tasks import Report
from inspector.gui.trail import Spot
from inspector.gui.views.lines import Lines
from inspector.gui.views.reader_text import EASY
from inspector.history.activity import Activity, Shape, has_activity, reason
from inspector.session.story import activity, is_covered
from inspector.session.types import Record

if TYPE_CHECKING:
    from inspector.gui.main_window import MainWindow


class Activities(QObject):
    """Connects the activity of a record with its fields."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._view = window.record.activity
        self._record: Record | None = None
        window.desk.shown.connect(self._shown)
        window.record.tabs.changed.connect(self._tab)
        window.actions_["secrets"].toggled.connect(lambda _: self._say(self._view.current()))
        self._view.wanted.connect(self._go)
        self._view.selected.connect(self._say)
        self._offer()

    def _shown(self, _record: object) -> None:
        self._offer()
        self.look()

    def _offer(self) -> None:
        """The tab is there for kinds that carry times inside."""
        record, tabs = self._window.record.record, self._window.record.tabs
        on = record is not None and has_activity(record.kind)
        if not on and record is not None and tabs.current() == "activity":
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

        def work(cancel: Event, _report: Report) -> tuple[Activity, ActivityRow] | None:
            found = activity(record, cancel)
            return (found, rows_of(found)) if found is not None else None

        def done(answer: tuple[Activity, ActivityRow] | None) -> None:
            if answer is None:
                self._view.clear("No activity.", "The record does not decode.")
                return
            self._view.show_activity(*answer)
            self._window.record.tabs.tell(answer[0].words)
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
        # All of an execution is more than one would read here.
        place = reason(item) if item.shape is Shape.FRAME and item.children else item.place
        if place is not None and not reveal and is_covered(place, record.covered):
            self._view.tell_text(row, "Covered.")
            return

        def work(_cancel: Event, _report: Report) -> tuple[str, Lines | None]:
            text = side_text(place, record, reveal=reveal)
            return text, Lines(text) if len(text) > EASY else None

        def done(answer: tuple[str, Lines | None]) -> None:
            if self._view.current() is row:
                self._view.tell_text(row, *answer)

        self._window.tasks.run("activity text", work, done, lambda _: None, slow=True)

    def _go(self, path: str) -> None:
        """Show a field; going back leads to the row again, and so does Ctrl+5."""
        self._window.going.lead(Spot("activity", path), Spot("fields", path))
