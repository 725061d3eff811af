"""Saves a snapshot: the whole store as it is now, as one file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QAction

from inspector.gui.app.store_controller import OpenedStore
from inspector.gui.dialogs.export_dialogs import ExportDialogs
from inspector.gui.dialogs.store_saving import Doing, StoreSaving
from inspector.gui.tasks import Tasks
from inspector.gui.widgets.notification_stack import NotificationStack
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
        self._dialogs = dialogs
        self._saving = StoreSaving(CHANNEL, tasks, alerts, dialogs, tell)
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
        def write(cancel: Event, doing: Doing) -> str:
            def report(done: int, total: int) -> None:
                doing(f"{done:,} of {total:,} pages")

            save_copy(session, path, cancel, report)
            damage = session.store.damage
            said = f"Snapshot written to {path}. The secrets of the store are in it."
            return f"{said} {damage}" if damage is not None else said

        self._saving.run(write)
