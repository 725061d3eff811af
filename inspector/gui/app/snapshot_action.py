"""Saves a snapshot: the whole store as it is now, as one file."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QWidget

from inspector.errors import CancelledError, InspectorError
from inspector.gui.app.store_controller import OpenedStore
from inspector.gui.dialogs import file_dialogs, message_boxes
from inspector.gui.settings.settings import Settings
from inspector.gui.tasks import Report, Tasks
from inspector.gui.widgets.banner import Tone
from inspector.gui.widgets.notification_stack import Notification, NotificationStack
from inspector.session.store_copy import save_copy
from inspector.store.rows import Form

if TYPE_CHECKING:
    from inspector.session.session import Session

CHANNEL: Final = "snapshot"
_FILES: Final = (Form.SQLITE, Form.FOREIGN)


class SnapshotAction(QObject):
    """Connects the action of a window; while a snapshot is written the banner says how far it is.

    Args:
        parent: the window that asks for a file.
        action: what is triggered.
        tell: says what was done.
    """

    def __init__(
        self,
        parent: QWidget,
        action: QAction,
        tasks: Tasks,
        alerts: NotificationStack,
        settings: Settings,
        tell: Callable[[str], None],
    ) -> None:
        super().__init__(parent)
        self._parent, self._action = parent, action
        self._tasks, self._alerts, self._settings, self._tell = tasks, alerts, settings, tell
        self._session: Session | None = None
        self._name = ""
        action.setEnabled(False)
        action.triggered.connect(lambda _=False: self.ask())

    def begin(self, answer: OpenedStore) -> None:
        """A store was opened."""
        self._session = answer.source
        self._name = Path(answer.facts.path).stem
        self._action.setEnabled(answer.facts.form in _FILES)

    def ask(self) -> QFileDialog | None:
        """Ask for a file and write it."""
        session = self._session
        if session is None:
            return None
        place = QStandardPaths.StandardLocation.DocumentsLocation
        folder = self._settings.export_folder or QStandardPaths.writableLocation(place)
        proposed = Path(folder) / f"{self._name}-snapshot.sqlite"
        return file_dialogs.ask_snapshot(
            self._parent, proposed, lambda path: self._save(session, path)
        )

    def _save(self, session: Session, path: Path) -> None:
        self._settings.export_folder = os.fspath(path.parent)

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
                message_boxes.failed(self._parent, error)

        self._say("Saving a snapshot\N{HORIZONTAL ELLIPSIS}")
        self._tasks.run(CHANNEL, work, done, fail, self._progress, slow=True)

    def _progress(self, done: int, total: int) -> None:
        self._say(f"Saving a snapshot: {done:,} of {total:,} pages.")

    def _say(self, words: str) -> None:
        cancel = ("Cancel", lambda: self._tasks.cancel(CHANNEL))
        again = CHANNEL in self._alerts
        self._alerts.tell(Notification(CHANNEL, 4, Tone.NOTE, words, "", (cancel,), quiet=again))
