"""The box of References: which records refer to one."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from inspector.decode.record_summary import record_name
from inspector.errors import InspectorError
from inspector.gui.search.found_records import FoundRecord, FoundRecordsDialog
from inspector.gui.style.text_format import count, visible
from inspector.gui.tasks import Report, Tasks
from inspector.session.record_links import referrers
from inspector.session.summaries import Record

if TYPE_CHECKING:
    from inspector.session.session import Session


class ReferrersDialog(FoundRecordsDialog):
    """Who refers to a record: found one after the other, while one can already go to the first.

    It stays while one looks at them.
    """

    def __init__(self, parent: QWidget, tasks: Tasks, session: Session, record: Record) -> None:
        super().__init__(parent, tasks, "referrers")
        self.setWindowTitle("References")
        self._session, self._record = session, record
        self._waiting: list[FoundRecord] = []
        self.footer.continued.connect(self.look)
        self.table.setFocus()
        self.look()

    def _leave(self) -> None:
        """There may be more to go to."""

    def look(self) -> None:
        """Look at every record, from the first."""
        session, record, waiting = self._session, self._record, list[FoundRecord]()
        self._waiting = waiting
        self.found.set_rows(())
        named = visible(record_name(record.tree) or record.id)
        self.words.setText(f"Searching for references to {named}.")

        def work(cancel: Event, report: Report) -> None:
            def far(done: int) -> None:
                report(done, 0)

            for one in referrers(session, record.kind, record.id, cancel, far):
                waiting.append(FoundRecord(one.kind, one.id, one.name, one.path))

        self.footer.start("Searching records")
        self._tasks.run("referrers", work, lambda _: self._done(), self._fail, self._far, slow=True)

    def _take(self) -> None:
        known = self.found.rowCount()
        self.found.add(self._waiting[known:])
        if not known and self.found.rowCount():
            self.table.selectRow(0)

    def _far(self, done: int, total: int) -> None:
        self._take()
        self.footer.progress(done, total)

    def _done(self) -> None:
        self._take()
        self.footer.finish()
        rows = self.found.rowCount()
        named = visible(record_name(self._record.tree) or self._record.id)
        self.words.setText(
            f"{count(rows, 'reference')} to {named} in other records."
            if rows
            else "No references found."
        )

    def _fail(self, error: InspectorError) -> None:
        self._take()
        wrong = self.footer.failed(error, "Stopped before all records were searched.")
        if wrong:
            self.words.setText(wrong)
