"""Feeds the events that the store keeps of a window's record, in the worker; takes them along."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from inspector.errors import CancelledError, InspectorError, StoreError, StoreErrorKind
from inspector.export.event_text import event_text
from inspector.export.replaced_file import refuse_store, replacing
from inspector.export.stream import Stream
from inspector.gui.dialogs.file_dialogs import ExportDialogs
from inspector.gui.dialogs.file_names import file_name, slug_of
from inspector.gui.events.events_view import EventsView, SoughtInEvent
from inspector.gui.record_context import RecordContext
from inspector.gui.style.text_format import count
from inspector.gui.switched_connection import SwitchedConnection
from inspector.gui.tasks import Report, until_cancelled
from inspector.history.stored_events import StoredEvent
from inspector.session.event_pages import EventLine, event_lines, events_of, every_event, one_event
from inspector.session.record_links import Link, links
from inspector.session.session import Session
from inspector.session.summaries import Record
from inspector.store.event_log import EventKey, EventsOf
from inspector.store.rows import Page

_EVERY: Final = 64  #: events between two words about how far it is

Key = tuple[str, str]


class EventsLoader(QObject):
    """Connects the events of a record with its tab.

    ``counted`` tells that it is known how many there are.

    Args:
        context: the record on screen.
        view: its events.
        export: what exports them, enabled where there are any.
        keep_tab: keeps in which tab the next record of a kind is shown.
        dialogs: ask where they are exported to.
    """

    counted = Signal()

    def __init__(
        self,
        context: RecordContext,
        view: EventsView,
        export: QAction,
        keep_tab: Callable[[str, str], None],
        dialogs: ExportDialogs,
    ) -> None:
        super().__init__(view)
        self._context, self._view, self._export = context, view, export
        self._keep_tab, self._dialogs = keep_tab, dialogs
        self._key: Key = ("", "")  #: kind and id of the record that is counted
        self._count: int | None = None
        self._listed: Key = ("", "")  #: of the record whose events are listed
        self._stale = False  #: whether they may be others by now
        self._asked: tuple[Key, int] | None = None  #: of a record, the event to go to
        self._each = SwitchedConnection(context.shown)  #: each record is looked at
        context.kind_changed.connect(self._kind_changed)
        context.tabs.changed.connect(lambda _: self.look())
        view.chosen.connect(self._read)
        self._offer(on=False)

    def has_events(self) -> bool:
        """Whether the record on screen is known to have events."""
        return bool(self._count)

    def is_counting(self) -> bool:
        """Whether it is not known yet how many it has."""
        return self._context.tasks.is_busy("event count")

    def looked_at(self) -> StoredEvent | None:
        """The event that is looked at; None while no events are."""
        return self._view.stored if self._context.tabs.current() == "events" else None

    def _kind_changed(self, kind: str) -> None:
        """Look at each record of a kind that has events; those of the others are not asked."""
        looks = events_of(kind, "") is not None
        self._each.switch(self._shown, on=looks)
        if not looks:
            self._key = ("", "")
            self._context.tasks.forget("event count")
            self._take(0)

    def _shown(self, _record: Record) -> None:
        """Find out whether the record has events: the tab is there only where it has."""
        record, session = self._context.record(), self._context.session()
        of = events_of(record.kind, record.id) if record is not None else None
        key = (record.kind, record.id) if record is not None else ("", "")
        again, self._key = key == self._key, key
        self._context.tasks.forget("event count")
        if record is None or session is None or of is None:
            self._take(0)
            return
        if not again:
            self._count = None
            self._offer(on=self._context.tabs.current() == "events")
        if self._context.tabs.current() == "events" and not again:
            self._view.tell("Looking for events.")

        def work(cancel: Event, _report: Report) -> int | None:
            return _counted(session, of, cancel)

        self._context.tasks.run("event count", work, self._take, self._failed, slow=True)

    def _take(self, number: int | None) -> None:
        """Offer the tab; None says that there may be events, which cannot be counted."""
        self._count, self._stale = number, True
        self._offer(on=number is None or number > 0)
        self._context.tabs.tell(count(number, "event") if number else "", "events")
        self.look()
        self.counted.emit()

    def _failed(self, error: InspectorError) -> None:
        self._take(0)
        self._context.tell(str(error))

    def _offer(self, *, on: bool) -> None:
        tabs = self._context.tabs
        if not on and tabs.current() == "events":
            record = self._context.record()
            tabs.choose("fields")
            if record is not None and events_of(record.kind, record.id) is not None:
                # The next one of its kind is shown with its events again.
                self._keep_tab(record.kind, "events")
        tabs.offer("events", on=on)
        self._export.setEnabled(on)

    def look(self) -> None:
        """List the events of the record, where the tab is in sight and they are not listed yet."""
        session, (kind, id_) = self._context.session(), self._key
        of = events_of(kind, id_)
        if self._context.tabs.current() != "events" or self.is_counting():
            return
        same = self._listed == self._key
        if session is None or of is None or self._count == 0 or (same and not self._stale):
            return
        self._listed, self._stale = self._key, False
        asked, self._asked = self._asked, None

        def read(after: EventKey | None, offset: int, limit: int, cancel: Event) -> Page[EventLine]:
            return event_lines(session, kind, id_, after, offset, limit, cancel)

        row = max(0, self._view.row()) if same else 0
        if asked is not None and asked[0] == self._key:
            row = asked[1]
        self._view.show_events(read, of.table, self._count or 0, row)

    def go_to(self, row: int) -> None:
        """Show the tab, the cursor on an event."""
        record = self._context.record()
        if record is not None:
            self._asked = (record.kind, record.id), row
        self._context.tabs.choose("events")
        self._view.go_to(row)

    def seek(self, row: int, path: str, text: str, case: bool) -> None:
        """Show an event of the record with what was sought marked in it.

        Args:
            row: which of its events.
            path: the field it stands in.
            text: what was sought.
            case: whether upper and lower case differ.
        """
        self._view.seek(SoughtInEvent(row, path, text, case))
        self.go_to(row)

    def forget_sought(self) -> None:
        """Mark nothing any more."""
        self._view.seek(None)

    def _read(self, line: EventLine) -> None:
        """Read the message of the event the cursor is on, and then what it names."""
        record, session = self._context.record(), self._context.session()
        if record is None or session is None:
            return
        self._context.tasks.forget("event links")

        def work(cancel: Event, _report: Report) -> StoredEvent | None:
            return one_event(session, record.kind, record.id, line.key, cancel)

        def done(event: StoredEvent | None) -> None:
            current = self._view.current()
            if event is not None and current is not None and current.key == line.key:
                self._view.show_event(event)
                self._find_links(session, event)

        self._context.tasks.run("event", work, done, self._view.tell_message_error)

    def _find_links(self, session: Session, event: StoredEvent) -> None:
        def work(cancel: Event, _report: Report) -> list[Link]:
            return links(session, event.record, cancel)

        def done(links: list[Link]) -> None:
            area = self._view.area
            if area is not None and self._view.stored is event:
                area.show_links(links)

        self._context.tasks.run("event links", work, done, lambda _: None, slow=True)

    # Taking along

    def ask_file(self) -> None:
        """Ask for a file and write all events of the record to it, secrets covered."""
        record, session = self._context.record(), self._context.session()
        store = self._dialogs.store()
        of = events_of(record.kind, record.id) if record is not None else None
        if record is None or session is None or store is None or of is None:
            return
        context = self._context

        def write(path: Path) -> None:
            def work(cancel: Event, report: Report) -> str:
                return export_events(session, of, path, store, cancel, report)

            context.tell("Writing events.")
            context.tasks.run("export", work, context.tell, self._fail, self._far, slow=True)

        name = f"{Path(file_name(record, slug_of(record))).stem}-events.json"
        self._dialogs.ask(name, write)

    def _far(self, done: int, _total: int) -> None:
        self._context.tell(f"Written {count(done, 'event')}.")

    def _fail(self, error: InspectorError) -> None:
        if isinstance(error, CancelledError):
            self._context.tell("Stopped; the file was not changed.")
        else:
            self._dialogs.fail(error)


def export_events(
    session: Session, of: EventsOf, path: Path, store: Path, cancel: Event, report: Report
) -> str:
    """Write the events of a record to a file that is replaced whole or not at all.

    They are a JSON array as the command line writes it, or a line each where the file's name ends
    in ``.ndjson``; secrets are covered.

    Returns:
        A sentence about what was written.

    Raises:
        UsageError, UnwritableError: the file cannot be written, or belongs to the store.
        CancelledError: it was stopped.
        StoreError: they cannot all be read.
    """
    refuse_store(path, store)
    written = covered = 0
    with replacing(path) as file:
        array = path.suffix.lower() != ".ndjson"
        stream = Stream(file.write, array=array)
        for event in until_cancelled(every_event(session, of, cancel), cancel):
            text = event_text(event, indent=2 if array else None, level=int(array))
            stream.put(text.text)
            written, covered = written + 1, covered + text.covered
            if written % _EVERY == 0:
                report(written, 0)
        stream.close()
    secrets = f", {count(covered, 'secret')} covered" if covered else ""
    return f"{count(written, 'event')} written to {path}{secrets}."


def _counted(session: Session, of: EventsOf, cancel: Event) -> int | None:
    """How many events there are, None where the file is damaged so that it cannot be said."""
    try:
        return session.store.events.count(of, cancel)
    except StoreError as error:
        if error.kind is not StoreErrorKind.DAMAGED:
            raise
        return None
