"""Saves a bundle: the chosen records with what they refer to, for a bug report, without secrets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from inspector.errors import CancelledError, InspectorError
from inspector.gui.dialogs.export_dialogs import ExportDialogs
from inspector.gui.records.records_pane import RecordsPane
from inspector.gui.records.row_order import heads_of
from inspector.gui.style.text_format import count
from inspector.gui.tasks import Report, Tasks
from inspector.gui.widgets.banner import Tone
from inspector.gui.widgets.notification_stack import Notification, NotificationStack
from inspector.session.bundle import BundleRequest, save_bundle
from inspector.session.summaries import RecordHead

if TYPE_CHECKING:
    from inspector.session.session import Session

CHANNEL: Final = "bundle"
_BEGUN: Final = "reading the records"


class BundleAction(QObject):
    """Writes the chosen records to a store of their own; the banner says what is being done.

    Args:
        records: the list in the middle.
        action: enabled where a store is open.
        session: gives the store that is open.
        tasks: what writes.
        alerts: say how far it is.
        dialogs: ask where it is written to.
        tell: says what was done.
    """

    def __init__(
        self,
        records: RecordsPane,
        action: QAction,
        session: Callable[[], Session | None],
        tasks: Tasks,
        alerts: NotificationStack,
        dialogs: ExportDialogs,
        tell: Callable[[str], None],
    ) -> None:
        super().__init__(records)
        self._records, self._action, self._session = records, action, session
        self._tasks, self._alerts, self._dialogs, self._tell = tasks, alerts, dialogs, tell
        action.setEnabled(False)

    def enable(self) -> None:
        """A store is open."""
        self._action.setEnabled(True)

    def ask(self) -> None:
        """Ask for a file for the records that are selected in the list."""
        session, store = self._session(), self._dialogs.store()
        rows = self._records.table.selected_rows()
        if session is None or store is None or not rows:
            self._tell("Nothing selected")
            return
        order = self._records.records.order

        def write(path: Path) -> None:
            self._save(session, lambda cancel: heads_of(order, rows, cancel), path)

        total = sum(map(len, rows))
        day = datetime.now(UTC).strftime("%Y-%m-%d")
        title = f"Save a bundle of {count(total, 'record')}"
        self._dialogs.ask_new_store(title, f"{store.stem}-bundle-{day}.sqlite", write)

    def _save(
        self, session: Session, heads: Callable[[Event], Iterable[RecordHead]], path: Path
    ) -> None:
        doing = [_BEGUN]

        def work(cancel: Event, report: Report) -> str:
            def told(words: str) -> None:
                doing[0] = words
                report(0, 0)

            keys = [(head.kind, head.id) for head in heads(cancel)]
            found = save_bundle(session, BundleRequest(keys, cancel=cancel, progress=told), path)
            said = f"Bundle of {found.counts} written to {path}; all secrets are replaced."
            damage = session.store.damage
            notes = [_sentence(note) for note in found.notes]
            return " ".join((said, *notes, *(() if damage is None else (str(damage),))))

        def done(sentence: str) -> None:
            self._alerts.drop(CHANNEL)
            self._tell(sentence)

        def fail(error: InspectorError) -> None:
            self._alerts.drop(CHANNEL)
            if isinstance(error, CancelledError):
                self._tell("Bundle cancelled; nothing was written.")
            else:
                self._dialogs.fail(error)

        self._say(doing[0])
        self._tasks.run(CHANNEL, work, done, fail, lambda *_: self._say(doing[0]), slow=True)

    def _say(self, doing: str) -> None:
        cancel = ("Cancel", lambda: self._tasks.cancel(CHANNEL))
        words, again = f"Saving a bundle: {doing}.", CHANNEL in self._alerts
        self._alerts.tell(Notification(CHANNEL, 4, Tone.NOTE, words, "", (cancel,), quiet=again))


def _sentence(note: str) -> str:
    return note if note.endswith(".") else f"{note}."
