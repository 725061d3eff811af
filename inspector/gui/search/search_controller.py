"""Searches all records in the worker, lists what is found as it comes, and leads to it."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from itertools import islice
from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction

from inspector.errors import CancelledError, InspectorError
from inspector.gui.record_context import RecordContext
from inspector.gui.search.search_pane import SearchPane
from inspector.gui.store_request import RecordRequest
from inspector.gui.style.text_format import count
from inspector.gui.tasks import Report
from inspector.session.recording import Recording
from inspector.session.seen_changes import SeenChange
from inspector.session.seen_records import seen_records
from inspector.session.store_search import Coverage, SearchHit, SearchQuery, StoreSearch
from inspector.session.summaries import Record

if TYPE_CHECKING:
    from inspector.session.session import Session

CHANNEL: Final = "search"
MOST: Final = 5_000  #: hits that are listed
#: What holds a hit, where versions and where events are searched.
_HOLDERS: Final = {
    (False, False): ("record",),
    (True, False): ("record or version", "records and versions"),
    (False, True): ("record or event", "records and events"),
    (True, True): ("record, version or event", "records, versions and events"),
}
#: What is said of the rest, where versions and where events are searched.
_LEFT_OUT: Final = {
    (False, False): "; their history and events were not searched",
    (True, False): "; their events were not searched",
    (False, True): "; their history was not searched",
    (True, True): "",
}
_NO_STORE: Final = (
    "This is not a Stigmer store, and its tables are not searched here. "
    "Choose a table to filter it."
)
_TITLE: Final = "In numbers, enums, times and truth values"

Show = Callable[[RecordRequest, Callable[[], object]], object]


class SearchController(QObject):
    """Drives the list of what was found.

    ``counted`` tells how many hits there are, None where nothing was sought; ``wanted`` that the
    list is to be shown; ``marked`` a path of the record on screen, what is to be marked in it, and
    whether case matters; ``marked_event`` the same of one of its events, by its place among them;
    ``forgotten`` that nothing is to be marked any more; ``record_seen`` a record as it was before
    a change that was seen, what it is called, and the change; ``entered`` that the focus is to go
    to the record.

    Attributes:
        pane: the list.
    """

    counted = Signal(object)  # an int, or None
    wanted = Signal()
    marked = Signal(str, str, bool)
    marked_event = Signal(int, str, str, bool)
    forgotten = Signal()
    record_seen = Signal(Record, str, SeenChange)
    entered = Signal()

    def __init__(
        self,
        context: RecordContext,
        show: Show,
        recording: Callable[[], Recording | None],
        action: QAction,
        parent: QObject,
    ) -> None:
        """Takes what shows a record, what was seen, and the action that asks for a search."""
        super().__init__(parent)
        self._context, self._show, self._action = context, show, action
        self._recording = recording
        self._tasks = context.tasks
        # A window that is closed lets go of its store before all of its objects are gone.
        self._searched: weakref.ref[Session] | None = None
        self._is_store = True
        self._query = SearchQuery("")
        self._found: list[SearchHit] = []  #: the worker adds to it
        self._listed = 0
        self._title = ""
        self._is_marked = False
        self._earlier: Record | None = None  #: what is shown as it was before a change
        self.pane = SearchPane()
        self.pane.sought.connect(self._seek)
        self.pane.values_wanted.connect(self._seek_values)
        self.pane.chosen.connect(self._choose)
        self.pane.entered.connect(self.entered)
        self.pane.footer.cancelled.connect(self._cancel)
        action.setEnabled(False)

    def begin(self, session: Session, *, is_store: bool) -> None:
        """A file was opened, or read again: in another one nothing was sought.

        Args:
            session: what reads it.
            is_store: whether it has records, and not only tables.
        """
        self._action.setEnabled(True)
        self._is_store = is_store
        if self._searched is not None and self._searched() is session:
            return
        self._tasks.forget(CHANNEL)
        self._searched = weakref.ref(session)
        self._query = SearchQuery("")
        self.pane.filter.put("")
        self.pane.begin()
        self.counted.emit(None)

    def ask(self) -> None:
        """Show the list and ask what to search for."""
        self.wanted.emit()
        self.pane.ask()

    def _seek(self) -> None:
        query = self.pane.query()
        if query == self._query:
            return
        self._query = query
        self._found = []
        if not query.text:
            self._tasks.forget(CHANNEL)
            self.pane.begin()
            self.counted.emit(0)
            return
        self._run(query, anew=True)

    def _cancel(self) -> None:
        self._tasks.cancel(CHANNEL)

    def _seek_values(self) -> None:
        self._run(self._query._replace(values=True), anew=False)

    def _run(self, query: SearchQuery, *, anew: bool) -> None:
        session = self._context.session()
        if session is None:
            return
        found = self._found
        self._listed = 0 if anew else len(found)
        self._title = _TITLE if query.values else ""
        room = MOST - len(found)
        search: list[StoreSearch] = []
        seen = self._recording() or ()

        def work(cancel: Event, report: Report) -> Coverage:
            def tell(so_far: Coverage) -> None:
                report(so_far.total, 0)

            one = StoreSearch(session, query, tell, seen)
            search.append(one)
            for hit in islice(one.run(cancel), room):
                found.append(hit)
                tell(one.coverage)
            return one.coverage

        def progress(done: int, total: int) -> None:
            self.pane.footer.progress(done, total)
            self._list(found)

        def done(coverage: Coverage) -> None:
            self._list(found)
            self._end(query, coverage)

        def fail(error: InspectorError) -> None:
            self._list(found)
            self._fail(error, query, search[0].coverage if search else Coverage())

        self.pane.start("Searching", anew=anew)
        if anew:
            self.counted.emit(0)
        self._tasks.run(CHANNEL, work, done, fail, progress, slow=True)

    def _list(self, found: list[SearchHit]) -> None:
        """List what the worker has found since."""
        if found is not self._found:
            return
        more = found[self._listed :]
        if more:
            self._listed += len(more)
            self.pane.put(more, self._title)
            self._title = ""
            self.counted.emit(self._listed)

    def _end(self, query: SearchQuery, coverage: Coverage, stopped: str = "") -> None:
        if not self._is_store:
            self.pane.end("0 hits.", _NO_STORE, values=False)
            return
        found = f"{count(len(self._found), 'hit')}"
        if query.values:
            found += f", {coverage.hits:,} of them in numbers, enums and times"
        elif coverage.hits:
            found += f" in {count(coverage.holders, *_HOLDERS[query.history, query.events])}"
        if not coverage.complete and not stopped:
            stopped = f"Stopped after {MOST:,} hits"
        said = coverage.sentence(history=query.history, events=query.events)
        said = f"{stopped}: {said}" if stopped else f"{said[:1].upper()}{said[1:]}"
        said += f"{_LEFT_OUT[query.history, query.events]}. Secrets are left out."
        if coverage.damage is not None:
            said += f" {coverage.damage.message}"
        self.pane.end(f"{found}.", said, values=not query.values and len(self._found) < MOST)

    def _fail(self, error: InspectorError, query: SearchQuery, coverage: Coverage) -> None:
        stopped = "Cancelled" if isinstance(error, CancelledError) else error.message.rstrip(".")
        self._end(query, coverage, stopped)

    # Going to a hit

    def _choose(self, hit: SearchHit) -> None:
        record, wanted = self._context.record(), RecordRequest(hit.kind, hit.id, hit.version)
        if hit.seen is not None:
            self._show_seen(hit, hit.seen)
        elif record is not None and record is not self._earlier and wanted.is_for(record):
            self._mark(hit)
        else:
            self._show(wanted, lambda: self._mark(hit))

    def _show_seen(self, hit: SearchHit, change: SeenChange) -> None:
        """Show what a record was before a change that was seen."""
        session = self._context.session()
        if session is None:
            return

        def work(cancel: Event, _report: Report) -> Record | None:
            return seen_records(session, change, cancel)[0]

        def done(record: Record | None) -> None:
            if record is not None:
                self.record_seen.emit(record, hit.name or hit.id, change)
                self._earlier = record
                self._mark(hit)

        self._tasks.run("seen record", work, done, lambda error: self._context.tell(str(error)))

    def _mark(self, hit: SearchHit) -> None:
        if not self._is_marked:
            self._is_marked = True
            self._context.shown.connect(self._forget, Qt.ConnectionType.SingleShotConnection)
        text, case = self._query.text, not self._query.ignore_case
        if hit.event is not None:
            self.marked_event.emit(hit.event.row, hit.path, text, case)
        else:
            self.marked.emit(hit.path, text, case)

    def _forget(self) -> None:
        """Another record is on screen, or the same anew: nothing of it was found."""
        self._is_marked, self._earlier = False, None
        self.forgotten.emit()
