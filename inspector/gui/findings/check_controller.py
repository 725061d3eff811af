"""Checks the store that is open in the worker, lists what is found, and leads to it."""

from __future__ import annotations

import json
import weakref
from collections.abc import Callable
from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QWidget

from inspector.byte_text import escaped
from inspector.errors import CancelledError, InspectorError
from inspector.gui.findings.findings_pane import MOST, FindingsPane
from inspector.gui.record_context import RecordContext
from inspector.gui.store_request import RecordRequest, newest_state
from inspector.gui.tasks import Report
from inspector.session.check import Checked, CheckFinding, check_store
from inspector.session.record_lookup import find_version

if TYPE_CHECKING:
    from inspector.session.session import Session

CHANNEL: Final = "check"
_GOING: Final = "finding"

Show = Callable[[RecordRequest, Callable[[], object]], object]


class CheckController(QObject):
    """Drives the list of findings.

    ``counted`` tells how many findings there are, None while they are sought; ``ended_early`` that
    they are not sought any more, and it is not known; ``forgotten`` that another store is open, of
    which nothing was checked; ``wanted`` that the list is to be shown; ``marked`` a path of
    the record on screen; ``entered`` that the focus is to go to the record.

    Attributes:
        pane: the list.
    """

    counted = Signal(object)  # an int, or None
    ended_early = Signal()
    forgotten = Signal()
    wanted = Signal()
    marked = Signal(str)
    entered = Signal()

    def __init__(
        self, context: RecordContext, show: Show, action: QAction, parent: QObject
    ) -> None:
        """Takes what shows a record, and the action that asks for a check."""
        super().__init__(parent)
        self._context, self._show, self._action = context, show, action
        self._tasks = context.tasks
        # A window that is closed lets go of its store before all of its objects are gone.
        self._checked: weakref.ref[Session] | None = None
        self._found: Checked | None = None
        self._focus: QWidget | None = None  #: what had it when the check was asked for
        self.pane = FindingsPane()
        self.pane.chosen.connect(self._choose)
        self.pane.entered.connect(self.entered)
        self.pane.again_wanted.connect(self.ask)
        self.pane.json_wanted.connect(self._copy_json)
        self.pane.footer.cancelled.connect(lambda: self._tasks.cancel(CHANNEL))
        action.setEnabled(False)

    def begin(self, session: Session) -> None:
        """A store was opened, or read again: of another one nothing was checked."""
        self._action.setEnabled(True)
        if self._checked is None or self._checked() is session:
            return
        for channel in (CHANNEL, _GOING):
            self._tasks.forget(channel)
        self._checked = self._found = None
        self.pane.footer.finish()
        self.forgotten.emit()

    def ask(self) -> None:
        """Check the store, and show the list; one that is under way goes on."""
        if not self._tasks.is_busy(CHANNEL):
            self._run()
        self.wanted.emit()
        self._focus = self.pane.window().focusWidget()

    def _run(self) -> None:
        session = self._context.session()
        if session is None:
            return
        self._checked = weakref.ref(session)
        self._found = None

        def work(cancel: Event, report: Report) -> Checked:
            return check_store(session, cancel=cancel, progress=lambda done, _: report(done, 0))

        self.pane.start()
        self.counted.emit(None)
        self._tasks.run(CHANNEL, work, self._done, self._fail, self.pane.footer.progress, slow=True)

    def _done(self, found: Checked) -> None:
        self._found = found
        said, number = found.sentence, len(found.problems)
        if number > MOST:
            said += f" The first {MOST:,} findings are listed; the filter looks at all of them."
        self.pane.end(found.problems, said)
        self.counted.emit(number)
        self._enter()

    def _enter(self) -> None:
        """Give the focus to the list, unless it was moved, or used to filter, meanwhile."""
        before, self._focus = self._focus, None
        focus = self.pane.window().focusWidget()
        if self.pane.isVisible() and focus is before and not self.pane.filter.text():
            self.pane.enter()

    def _fail(self, error: InspectorError) -> None:
        if isinstance(error, CancelledError):
            self.pane.fail("Check cancelled.", "Not all of the store was read.")
        else:
            self.pane.fail(error.message, error.hint or "")
        self.ended_early.emit()

    def _copy_json(self) -> None:
        found = self._found
        if found is None:
            return

        def put(text: str) -> None:
            QGuiApplication.clipboard().setText(escaped(text))
            self._context.tell("Copied the check as JSON.")

        self._tasks.run(
            "copy",
            lambda _cancel, _report: json.dumps(found.document(), ensure_ascii=False, indent=2),
            put,
            lambda error: self._context.tell(str(error)),
            slow=True,
        )

    # Going to a finding

    def _choose(self, one: CheckFinding) -> None:
        session, kind, id_ = self._context.session(), one.kind, one.id
        if session is None:
            return
        if kind is None or id_ is None:
            self._context.tell("This finding is not about a single record.")
            return

        def work(cancel: Event, _report: Report) -> RecordRequest:
            if one.audit_id is not None:
                name = f"audit:{one.audit_id}"
                return RecordRequest(kind, id_, find_version(session, kind, id_, name, cancel))
            return newest_state(session, kind, id_, cancel)

        def go(request: RecordRequest) -> None:
            self._show(request, lambda: self.marked.emit(one.problem.path))

        self._tasks.run(_GOING, work, go, lambda error: self._context.tell(str(error)))
