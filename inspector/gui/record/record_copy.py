"""Taking a record along: as JSON, as Markdown, as a command, a part of it, to a file."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtGui import QGuiApplication

from inspector.byte_text import escaped
from inspector.errors import InspectorError
from inspector.export.event_text import event_text
from inspector.export.sharing import markdown, show_command
from inspector.gui.dialogs import file_dialogs, message_boxes
from inspector.gui.fields import field_clipboard
from inspector.gui.fields.field_items import path_of
from inspector.gui.record.secret_timeout import SecretTimeout
from inspector.gui.style.text_format import copied
from inspector.gui.tasks import Report
from inspector.gui.text import record_json
from inspector.session.summaries import Record
from inspector.store.rows import Label

if TYPE_CHECKING:
    from inspector.gui.app.main_window import MainWindow

RECORD_ACTIONS = (
    *("copy_json", "copy_tree", "copy_markdown", "copy_command", "copy_id"),
    *("export", "export_secrets"),
)


class RecordCopy(QObject):
    """Connects what takes a record out of a window. Covered secrets stay covered in all of it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._actions = window.actions_
        does = {
            "copy_json": self.copy_json,
            "copy_tree": self.copy_tree,
            "copy_markdown": self.copy_markdown,
            "copy_command": self.copy_command,
            "copy_id": self.copy_id,
            "export": lambda: self.ask_file(reveal=False),
            "export_secrets": lambda: self.ask_file(reveal=True),
        }
        for name, do in does.items():
            self._actions[name].triggered.connect(lambda _=False, do=do: do())
        self._actions.enable(RECORD_ACTIONS, on=False)
        window.desk.shown.connect(self._shown)
        self.covering = SecretTimeout(window, self.cover)

    def copy_json(self) -> None:
        """Copy the record as JSON, written in the worker; the event where events are looked at."""
        reveal = self._actions["secrets"].isChecked()
        event = self._window.record_events.looked_at()
        if event is not None:
            self._copy(lambda _: event_text(event, reveal=reveal).text, "event as JSON")
            return
        self._copy(lambda record: record_json.json_of(record, reveal=reveal).text, "record as JSON")

    def copy_tree(self) -> None:
        """Copy the field the cursor is on, with all below it, as JSON."""
        tree = self._window.record.at_hand().tree
        item = tree.current()
        what = path_of(item) if item is not None else ""
        self._put(field_clipboard.subtree(item, tree.fields.look), f"{what or 'record'} as JSON")

    def copy_markdown(self) -> None:
        """Copy the record as Markdown for a report."""
        reveal, name = self._actions["secrets"].isChecked(), self._window.record.name

        def work(record: Record) -> str:
            made = record_json.json_of(record, reveal=reveal)
            return markdown(record, name, made.text, covered=made.covered)

        self._copy(work, "record as Markdown")

    def copy_command(self) -> None:
        """Copy the command line that shows this record."""
        record, facts = self._window.record.record, self._window.facts
        if record is not None and facts is not None:
            demo = facts.label is Label.DEMO
            path = os.fspath(Path(facts.path).absolute())
            self._put(show_command(record, path, demo=demo), "CLI command")

    def copy_id(self) -> None:
        """Copy the record's id."""
        record = self._window.record.record
        self._put(record.id if record is not None else "", "ID")

    def ask_file(self, *, reveal: bool) -> None:
        """Ask for a file and write the record to it; what is covered stays so unless revealed."""
        record, settings = self._window.record.record, self._window.settings
        store = self._window.store_path()
        if record is None or store is None:
            return
        place = QStandardPaths.StandardLocation.DocumentsLocation
        folder = settings.export_folder or QStandardPaths.writableLocation(place)
        name = record_json.file_name(record, self._window.record.slug())

        def write(path: Path) -> None:
            settings.export_folder = os.fspath(path.parent)

            def work(_cancel: Event, _report: Report) -> str:
                return record_json.export(record, path, store, reveal=reveal)

            self._window.tasks.run("export", work, self._window.status.tell, self._fail)

        file_dialogs.ask_export(self._window, Path(folder) / name, write, secrets=reveal)

    def cover(self) -> None:
        """Cover every secret of the window."""
        self._actions["secrets"].setChecked(False)
        self._window.record.reveal_all(False)
        self._window.record.row.cover()

    def _shown(self, _record: object) -> None:
        self._actions.enable(RECORD_ACTIONS, on=self._window.record.record is not None)

    def _copy(self, make: record_json.Make, what: str) -> None:
        record = self._window.record.record
        if record is None:
            return

        def work(_cancel: Event, _report: Report) -> str:
            return make(record)

        self._window.tasks.run("copy", work, lambda text: self._put(text, what), self._fail)

    def _put(self, text: str, what: str) -> None:
        if text:
            QGuiApplication.clipboard().setText(escaped(text))
            self._window.status.tell(copied(what, text))

    def _fail(self, error: InspectorError) -> None:
        message_boxes.failed(self._window, error)
