"""Taking a record along: as JSON, as Markdown, as a command, a part of it, to a file."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from inspector.byte_text import escaped
from inspector.export.sharing import markdown, show_command
from inspector.gui.actions import Actions
from inspector.gui.dialogs.export_dialogs import ExportDialogs
from inspector.gui.fields.field_cells import copied_subtree
from inspector.gui.fields.field_items import path_of
from inspector.gui.record.record_pane import RecordPane
from inspector.gui.record.secret_timeout import SecretTimeout
from inspector.gui.record_context import RecordContext
from inspector.gui.style.text_format import copied
from inspector.gui.tasks import Report
from inspector.gui.text import record_json
from inspector.gui.text.record_json import JsonText
from inspector.history.stored_events import StoredEvent
from inspector.session.summaries import Record
from inspector.store.rows import Label, StoreFacts

RECORD_ACTIONS = (
    *("copy_json", "copy_tree", "copy_markdown", "copy_command", "copy_id"),
    *("export", "export_secrets"),
)


class RecordCopy(QObject):
    """What takes a record out of a window. Covered secrets stay covered in all of it.

    Args:
        context: the record on screen.
        pane: where it is.
        actions: of the window.
        event: gives the event that is looked at, None while none is.
        facts: gives what the file is.
        dialogs: ask where the record is exported to.
        window: out of use for a while, it has its secrets covered again.
    """

    def __init__(
        self,
        context: RecordContext,
        pane: RecordPane,
        actions: Actions,
        event: Callable[[], StoredEvent | None],
        facts: Callable[[], StoreFacts | None],
        dialogs: ExportDialogs,
        window: QWidget,
    ) -> None:
        super().__init__(pane)
        self._context, self._pane, self._actions = context, pane, actions
        self._event, self._facts, self._dialogs = event, facts, dialogs
        actions.enable(RECORD_ACTIONS, on=False)
        context.shown.connect(self._shown)
        self.covering = SecretTimeout(window, self.cover)

    def copy_json(self) -> None:
        """Copy the record as JSON, written in the worker; the event where events are looked at."""
        reveal = self._actions["secrets"].isChecked()
        event = self._event()

        def made(record: Record) -> JsonText:
            if event is not None:
                return record_json.event_json(event, reveal=reveal)
            return record_json.json_of(record, reveal=reveal)

        self._copy(made, "record as JSON" if event is None else "event as JSON")

    def copy_tree(self) -> None:
        """Copy the field the cursor is on, with all below it, as JSON."""
        tree = self._pane.at_hand().tree
        item = tree.current()
        what = path_of(item) if item is not None else ""
        self._put(copied_subtree(item, tree.fields.look), f"{what or 'record'} as JSON")

    def copy_markdown(self) -> None:
        """Copy the record as Markdown for a report."""
        reveal, name = self._actions["secrets"].isChecked(), self._pane.name

        def work(record: Record) -> JsonText:
            made = record_json.json_of(record, reveal=reveal)
            text = markdown(record, name, made.text, covered=made.covered, lost=made.lost)
            return made._replace(text=text)

        self._copy(work, "record as Markdown")

    def copy_command(self) -> None:
        """Copy the command line that shows this record."""
        record, facts = self._context.record(), self._facts()
        if record is not None and facts is not None:
            demo = facts.label is Label.DEMO
            path = os.fspath(Path(facts.path).absolute())
            commit = facts.commit
            self._put(show_command(record, path, demo=demo, commit=commit), "CLI command")

    def copy_id(self) -> None:
        """Copy the record's id."""
        record = self._context.record()
        self._put(record.id if record is not None else "", "ID")

    def ask_file(self, *, reveal: bool) -> None:
        """Ask for a file and write the record to it; what is covered stays so unless revealed."""
        record, store = self._context.record(), self._dialogs.store()
        if record is None or store is None:
            return

        def write(path: Path) -> None:
            def work(_cancel: Event, _report: Report) -> str:
                return record_json.export(record, path, store, reveal=reveal)

            self._context.tasks.run("export", work, self._context.tell, self._dialogs.fail)

        name = record_json.file_name(record, record_json.slug_of(record))
        self._dialogs.ask(name, write, secrets=reveal)

    def cover(self) -> None:
        """Cover every secret of the window."""
        self._actions["secrets"].setChecked(False)
        self._pane.reveal_all(False)
        self._pane.row.cover()

    def _shown(self, _record: Record) -> None:
        self._actions.enable(RECORD_ACTIONS, on=self._context.record() is not None)

    def _copy(self, make: record_json.Make, what: str) -> None:
        record = self._context.record()
        if record is None:
            return

        def work(_cancel: Event, _report: Report) -> JsonText:
            return make(record)

        def done(made: JsonText) -> None:
            self._put(made.text, what, made.lost)

        self._context.tasks.run("copy", work, done, self._dialogs.fail)

    def _put(self, text: str, what: str, lost: str = "") -> None:
        if text:
            QGuiApplication.clipboard().setText(escaped(text))
            self._context.tell(f"{copied(what, text)}. {lost}" if lost else copied(what, text))
