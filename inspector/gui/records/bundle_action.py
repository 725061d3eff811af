"""Saves a bundle: the chosen records with what they refer to, for a bug report, without secrets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from inspector.gui.dialogs.export_dialogs import ExportDialogs
from inspector.gui.dialogs.store_saving import Doing, StoreSaving
from inspector.gui.records.records_pane import RecordsPane
from inspector.gui.records.row_order import heads_of
from inspector.gui.style.text_format import count
from inspector.gui.tasks import Tasks
from inspector.gui.widgets.notification_stack import NotificationStack
from inspector.session.bundle import BundleRequest, save_bundle
from inspector.session.summaries import RecordHead

if TYPE_CHECKING:
    from inspector.session.session import Session

CHANNEL: Final = "bundle"


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
        self._dialogs, self._tell = dialogs, tell
        self._saving = StoreSaving(CHANNEL, tasks, alerts, dialogs, tell)
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
        def write(cancel: Event, doing: Doing) -> str:
            doing("reading the records")
            keys = [(head.kind, head.id) for head in heads(cancel)]
            found = save_bundle(session, BundleRequest(keys, cancel=cancel, progress=doing), path)
            said = f"Bundle of {found.counts} written to {path}; all secrets are replaced."
            damage = session.store.damage
            notes = [_sentence(note) for note in found.notes]
            return " ".join((said, *notes, *(() if damage is None else (str(damage),))))

        self._saving.run(write)


def _sentence(note: str) -> str:
    return note if note.endswith(".") else f"{note}."
