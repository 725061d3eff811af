"""What can be done with a record and its fields: find, open, copy, export, uncover for a while."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, QTimer, SignalInstance
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from inspector.byte_text import escaped
from inspector.export.markdown import markdown, show_command
from inspector.gui.actions import Actions
from inspector.gui.bytes.byte_copy import as_base64, as_hex, as_text
from inspector.gui.bytes.hex_pane import HexPane
from inspector.gui.dialogs.file_dialogs import ExportDialogs
from inspector.gui.dialogs.file_names import file_name, slug_of
from inspector.gui.fields.field_cells import copied_subtree
from inspector.gui.fields.field_items import path_of
from inspector.gui.fields.field_tree import FieldTree
from inspector.gui.fields.filter_by_value import equality
from inspector.gui.record.record_pane import RecordPane
from inspector.gui.record.secret_timeout import SecretTimeout
from inspector.gui.record_context import RecordContext
from inspector.gui.style.text_format import copied, count
from inspector.gui.style.time_format import TimeStyle
from inspector.gui.tasks import Report
from inspector.gui.text import record_json
from inspector.gui.text.record_json import JsonText
from inspector.gui.values.value_text import graft_label
from inspector.history.stored_events import StoredEvent
from inspector.schema.kind_names import normal_kind
from inspector.session.summaries import Record
from inspector.store.rows import Label, StoreFacts

_FORMS = {"hex": as_hex, "base64": as_base64, "text": as_text}
_FOLDS = ("fold", "unfold", "fold_all", "unfold_all")
_TICK = 1000  #: milliseconds


class RecordActions(QObject):
    """What is done within the record on screen.

    Args:
        context: the record on screen.
        pane: where it is.
        actions: of the window.
        repaint: paints the times of the list anew.
    """

    def __init__(
        self,
        context: RecordContext,
        pane: RecordPane,
        actions: Actions,
        repaint: Callable[[], None],
    ) -> None:
        super().__init__(pane)
        self._pane, self._tell, self._repaint = pane, context.tell, repaint
        actions.enable(_FOLDS, on=False)
        context.tabs.changed.connect(lambda name: actions.enable(_FOLDS, on=name == "json"))
        pane.selection_sync.told.connect(context.tell)
        pane.tree.told.connect(context.tell)
        self._clock = QTimer(self, interval=_TICK)
        self._clock.timeout.connect(self._tick)

    def find(self) -> bool:
        """Find in the part of the record that has the focus; False where nothing is found in."""
        record, focus = self._pane, QApplication.focusWidget()
        if focus is None or not record.isAncestorOf(focus):
            return False
        if record.shows_row() and record.row.message() is None:
            # Nothing of it can be searched, and the views of a record are hidden.
            return False
        views = record.at_hand()
        if views.reader.isAncestorOf(focus):
            views.reader.open_find()
        elif record.form() == "json":
            views.json.finder.open()
        elif record.form() in ("fields", "bytes"):
            views.area.finder.open()
        else:
            return False
        return True

    def step(self, by: int) -> None:
        """Go to the next hit or the one before, in the part that has the focus or shows a bar."""
        record, focus = self._pane, QApplication.focusWidget()
        views = record.at_hand()
        if focus is not None and views.reader.isAncestorOf(focus):
            views.reader.find_step(by)
        elif record.form() == "json":
            views.json.finder.step(by)
        else:
            views.area.finder.step(by)

    def open_below(self) -> None:
        """Open all below the field the cursor is on."""
        self._pane.at_hand().tree.open_below()

    def grow(self) -> None:
        """Show the value the cursor is on as a tree below it."""
        self._pane.at_hand().selection_sync.grow()

    def ask_offset(self) -> None:
        """Show the bytes and ask where to go in them."""
        record = self._pane
        record.choose_form("bytes")
        record.at_hand().bytes.ask_offset()

    def copy_bytes(self, form: str) -> None:
        """Copy the bytes of the value the cursor is on; covered ones stay covered."""
        pane = self._pane.at_hand().bytes
        pane.when_ready(lambda: self._copy_bytes(pane, form))

    def _copy_bytes(self, pane: HexPane, form: str) -> None:
        marks = pane.view.marks
        text = _FORMS[form](pane.view.data, marks.value, pane.covered())
        if text:
            QGuiApplication.clipboard().setText(text)
            size = sum(end - start for start, end in marks.value)
            words = f"Copied {count(size, 'byte')} as {form}"
            self._tell(words)

    def set_times(self, style: TimeStyle) -> None:
        """Relative times go on while they are shown."""
        if style is TimeStyle.RELATIVE:
            self._clock.start()
        else:
            self._clock.stop()

    def is_ticking(self) -> bool:
        """Whether times that say how long ago something was are kept up to date."""
        return self._clock.isActive()

    def _tick(self) -> None:
        window = self._pane.window()
        if window.isVisible() and not window.isMinimized():
            self._pane.tick()
            self._repaint()


#: What can be done with any record.
_RECORD = (
    *("copy_json", "copy_tree", "copy_markdown", "copy_command", "copy_id"),
    *("export", "export_secrets", "field_history", "referrers"),
    *("mark_base", "against_previous", "against_live", "compare_record"),
)
_BYTES = ("copy_hex", "copy_base64", "copy_text", "goto_offset")
_FIELD = ("follow", "uncover", "open_below", "grow", "filter_by_value")


class FieldActions(QObject):
    """Enables what can be done with the record on screen and the field the cursor is on.

    Or with a row of a table, and what its cursor is on, where that is shown in place of a record.
    """

    def __init__(self, context: RecordContext, pane: RecordPane, actions: Actions) -> None:
        super().__init__(pane)
        self._pane, self._actions = pane, actions
        # One look is enough, however much changes at once.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.enable)
        self._follow(pane.tree)
        pane.events.made.connect(self._follow_event)
        for changed in (context.shown, context.tabs.changed):
            changed.connect(lambda *_: self._soon.start())
        pane.row.changed.connect(self._soon.start)
        pane.row.blob_made.connect(self._follow_blob)
        actions["copy"].setEnabled(False)
        self.enable()

    def _follow(self, tree: FieldTree) -> None:
        fields = tree.fields
        for changed in (tree.selected, fields.dataChanged, fields.layoutChanged):
            changed.connect(lambda *_: self._soon.start())
        for changed in (fields.modelReset, fields.rowsInserted):
            changed.connect(lambda *_: self._soon.start())

    def _follow_event(self) -> None:
        """The same for the fields of an event, which are made when there is one."""
        area = self._pane.events.area
        if area is not None:
            self._follow(area.views.tree)

    def _follow_blob(self) -> None:
        """The same for the fields of a blob."""
        blob = self._pane.row.blob
        if blob is not None:
            self._follow(blob.message.views.tree)

    def _enable_record(self, record: Record | None) -> None:
        """What can be done with a record, whatever the cursor is on in it."""
        pane, actions = self._pane, self._actions
        there, row = record is not None, pane.shows_row()
        actions.enable(_RECORD, on=there)
        if record is not None and record.version is not None and record.version.seen is not None:
            # No other process knows what was seen here.
            actions["copy_command"].setEnabled(False)
        skill = record is not None and normal_kind(record.kind) == "skill"
        actions["artifact"].setEnabled(skill)
        actions.enable(_BYTES, on=there or (row and pane.row.message() is not None))
        actions["copy_path"].setEnabled(there)
        if there or row:
            actions["copy"].setEnabled(True)  # and stays so: lists give something without a record

    def _enable_blob(self) -> None:
        """What can be done with a value of a row, and with a field of it where it is a message."""
        row, actions = self._pane.row, self._actions
        message = row.message()
        tree = message.views.tree if message is not None else None
        item = tree.current() if tree is not None else None
        node = item.node if item is not None else None
        look = tree.fields.look if tree is not None else None
        covers = node is not None and look is not None and look.can_hide(node)
        actions["uncover"].setEnabled(row.can_cover() or (covers and not row.reveals_all()))
        actions["open_below"].setEnabled(item is not None and item.has_children())
        actions["copy_path"].setEnabled(item is not None)

    def enable(self) -> None:
        """Enable what does something where the cursor is, and nothing else."""
        pane, actions = self._pane, self._actions
        self._enable_record(pane.record)
        actions["read_as"].setEnabled(pane.shows_row() and pane.row.column() is not None)
        actions.enable(("sort_column", "show_time"), on=pane.shows_row())
        if pane.shows_row():
            actions.enable(_FIELD, on=False)
            self._enable_blob()
            return
        tree = pane.at_hand().tree
        item, look = tree.current(), tree.fields.look
        node = item.node if item is not None and pane.record is not None else None
        link = look.link(item) if item is not None and node is not None else None
        actions["follow"].setEnabled(link is not None and link.target is not None)
        covers = node is not None and look.can_hide(node) and not look.all_revealed
        actions["uncover"].setEnabled(covers)
        there = item is not None and pane.record is not None
        actions["open_below"].setEnabled(there and item is not None and item.has_children())
        grows = item is not None and node is not None and bool(graft_label(item, look))
        actions["grow"].setEnabled(grows)
        equal = item is not None and tree is pane.tree and there and bool(equality(item, look))
        actions["filter_by_value"].setEnabled(equal)


class RecordCopy(QObject):
    """What takes a record out of a window. Covered secrets stay covered in all of it.

    Args:
        context: the record on screen.
        pane: where it is.
        actions: of the window.
        event: gives the event that is looked at, None while none is.
        facts: gives what the file is.
        dialogs: ask where the record is exported to.
        in_use: tells whether the window is entered or left; left for a while, it has its secrets
            covered again.
    """

    def __init__(
        self,
        context: RecordContext,
        pane: RecordPane,
        actions: Actions,
        event: Callable[[], StoredEvent | None],
        facts: Callable[[], StoreFacts | None],
        dialogs: ExportDialogs,
        in_use: SignalInstance,
    ) -> None:
        super().__init__(pane)
        self._context, self._pane, self._actions = context, pane, actions
        self._event, self._facts, self._dialogs = event, facts, dialogs
        self.covering = SecretTimeout(pane, in_use, self.cover)

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

        name = file_name(record, slug_of(record))
        self._dialogs.ask(name, write, secrets=reveal)

    def cover(self) -> None:
        """Cover every secret of the window."""
        self._actions["secrets"].setChecked(False)
        self._pane.reveal_all(False)
        self._pane.row.cover()

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
