"""Saves a snapshot: the whole store as it is now, as one file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QAction

from inspector.errors import CancelledError, InspectorError
from inspector.gui.app.store_controller import OpenedStore
from inspector.gui.dialogs.export_dialogs import ExportDialogs
from inspector.gui.tasks import Report, Tasks
from inspector.gui.widgets.banner import Tone
from inspector.gui.widgets.notification_stack import Notification, NotificationStack
from inspector.session.store_copy import save_copy
from inspector.store.rows import Form

if TYPE_CHECKING:
    from inspector.session.session import Session

CHANNEL: Final = "snapshot"
_FILES: Final = (Form.SQLITE, Form.FOREIGN)


class SnapshotAction:
    """Saves the store that is open; while it is written the banner says how far it is.

    Args:
        action: enabled where there is something to save.
        tasks: what writes.
        alerts: say how far it is.
        dialogs: ask for a file.
        tell: says what was done.
    """

    def __init__(
        self,
        action: QAction,
        tasks: Tasks,
        alerts: NotificationStack,
        dialogs: ExportDialogs,
        tell: Callable[[str], None],
    ) -> None:
        self._action = action
        self._tasks, self._alerts, self._dialogs, self._tell = tasks, alerts, dialogs, tell
        self._session: Session | None = None
        self._name = ""
        action.setEnabled(False)

    def begin(self, answer: OpenedStore) -> None:
        """A store was opened."""
        self._session = answer.source
        self._name = Path(answer.facts.path).stem
        self._action.setEnabled(answer.facts.form in _FILES)

    def ask(self) -> None:
        """Ask for a file and write it."""
        session = self._session
        if session is not None:
            name = f"{self._name}-snapshot.sqlite"
            self._dialogs.ask_new_store(
                "Save snapshot", name, lambda path: self._save(session, path)
            )

    def _save(self, session: Session, path: Path) -> None:
        def work(cancel: Event, report: Report) -> str:
            save_copy(session, path, cancel, report)
            damage = session.store.damage
            said = f"Snapshot written to {path}. The secrets of the store are in it."
            return f"{said} {damage}" if damage is not None else said

        def done(sentence: str) -> None:
            self._alerts.drop(CHANNEL)
            self._tell(sentence)

        def fail(error: InspectorError) -> None:
            self._alerts.drop(CHANNEL)
            if isinstance(error, CancelledError):
                self._tell("Snapshot cancelled; nothing was written.")
            else:
                self._dialogs.fail(error)

        self._say("Saving a snapshot\N{HORIZONTAL ELLIPSIS}")
        self._tasks.run(CHANNEL, work, done, fail, self._progress, slow=True)

    def _progress(self, done: int, total: int) -> None:
        self._say(f"Saving a snapshot: {done:,} of {total:,} pages.")

    def _say(self, words: str) -> None:
        cancel = ("Cancel", lambda: self._tasks.cancel(CHANNEL))
        again = CHANNEL in self._alerts
        self._alerts.tell(Notification(CHANNEL, 4, Tone.NOTE, words, "", (cancel,), quiet=again))
