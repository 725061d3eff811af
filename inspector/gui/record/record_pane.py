"""The right pane: one record, or one version of it, as fields, JSON, bytes and versions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from inspector.errors import InspectorError
from inspector.gui.actions import Actions
from inspector.gui.activity.activity_view import ActivityView
from inspector.gui.bytes.hex_pane import HexPane
from inspector.gui.clipboard import NO_CLIP, Clip, ClipSource
from inspector.gui.events.events_view import EventsView
from inspector.gui.fields.field_cells import copied_value
from inspector.gui.fields.field_items import path_of
from inspector.gui.fields.field_tree import ExpandedRows, FieldTree
from inspector.gui.fields.fields_pane import FieldsPane
from inspector.gui.history.history_view import HistoryView
from inspector.gui.message.message_pane import WITH_FIELDS, ContentViews, MessagePane, MessageViews
from inspector.gui.message.selection_sync import FieldActivation, SelectionSync
from inspector.gui.record.record_header import (
    RecordHeader,
    VersionBanner,
    seen_words,
    tell_problems,
    version_least,
    version_words,
)
from inspector.gui.record_tabs import RecordTabs
from inspector.gui.settings.file_memory import OpenedFields
from inspector.gui.style.text_format import copied, count, visible
from inspector.gui.style.time_format import TimeStyle
from inspector.gui.tables.row_pane import RowPane
from inspector.gui.tables.table_model import TableRow
from inspector.gui.tasks import Tasks
from inspector.gui.text.json_pane import JsonPane
from inspector.gui.values.value_pane import ValuePane
from inspector.gui.widgets.banner import Action, Banner, Tone
from inspector.gui.widgets.empty_state import EmptyState
from inspector.history.migrations import Rewrite
from inspector.session.record_links import Link, LinkTarget
from inspector.session.seen_changes import SeenChange
from inspector.session.summaries import Record, Version

if TYPE_CHECKING:
    from inspector.session.session import Session


class RecordPane(QWidget, ClipSource):
    """Shows what it is given; asks for nothing but JSON.

    ``history_wanted`` tells that the versions are looked at; ``version_wanted`` which is to be
    read, None for the live state; ``link_wanted`` which record is. ``kind_changed`` tells the kind
    of a record that is shown after one of another kind, or after none; ``version_changed`` that
    another version of the record is read than of the one before.
    """

    history_wanted = Signal()
    version_wanted = Signal(Version)  # or None
    schema_wanted = Signal(str)
    link_wanted = Signal(LinkTarget)
    kind_changed = Signal(str)
    version_changed = Signal()

    def __init__(self, actions: Actions, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._style = TimeStyle.UTC
        self._name, self._version_count, self._gone = "", 0, False
        self._step = 0  #: asked for before the versions were there
        self._history_told = True  #: whether the history may show something
        self.record: Record | None = None
        self.heading = RecordHeader(actions)
        self.version_banner = VersionBanner(actions)
        self.banner = Banner()
        self.tabs = RecordTabs(actions)
        self.tree = FieldTree()
        self._opened = ExpandedRows(self.tree)
        self.fields_area = FieldsPane(self.tree, tasks)
        self.reader = ValuePane(actions, tasks)
        self.json = JsonPane(tasks)
        self.bytes = HexPane(actions, tasks)
        self.selection_sync = SelectionSync(self.tree, self.reader, self.json, self.bytes, tasks)
        self.history = HistoryView(actions)
        self.activity = ActivityView()
        self.events = EventsView(actions, tasks)
        self.empty = EmptyState()
        self.row = RowPane(actions, tasks)
        self._lay_out()
        self._activation = FieldActivation(self.tree, self.bytes, self.selection_sync)
        for part in (self._activation, self.events):
            part.link_wanted.connect(self.link_wanted)
        self.fields_area.finder.marked.connect(self.reader.mark)
        self.tabs.changed.connect(self._show_tab)
        self.history.opened.connect(self.version_wanted)
        self.tell_empty("Choose a record.")

    def _lay_out(self) -> None:
        self._views = ContentViews(
            *(self.tree, self.fields_area, self.reader, self.bytes, self.json),
            {"history": self.history, "activity": self.activity, "events": self.events},
        )
        self.split = self._views.split
        self._whole = QWidget()
        column = QVBoxLayout(self._whole)
        for part in (self.heading, self.version_banner, self.banner, self.tabs):
            column.addWidget(part)
        column.addWidget(self._views, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._whole)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.row)
        outer = QVBoxLayout(self)
        outer.addWidget(self._stack)
        for layout in (column, outer):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)

    # What is shown

    def shown(self) -> Record | None:
        """The record on screen, None where there is none."""
        return self.record

    def show_record(self, record: Record, name: str, *, gone: bool = False) -> None:
        """Show a record; the same one keeps its open rows, and secrets are covered again."""
        self._remember()
        before = self.record
        again = before is not None and (before.kind, before.id) == (record.kind, record.id)
        self.record, self._name, self._version_count = record, name, 0
        self._gone, self._step = gone, 0
        self._stack.setCurrentWidget(self._whole)
        self._head()
        tell_problems(self.banner, record, self.schema_wanted.emit)
        self.tree.fields.show(record)
        self.selection_sync.set_record(record)
        if not self._opened.reopen(record):
            self.selection_sync.show(None)
        self.json.set_record(record, reveal=self.tree.fields.look.all_revealed)
        if record.version is None:
            self.version_banner.hide()
        if not again and self._history_told:
            self._history_told = False
            self.history.show_versions((), None)
            self.history.tell_rewritten(())
        if self.tabs.current() == "history" or record.version is not None:
            self._want_history()
        if before is None or before.kind != record.kind:
            self.kind_changed.emit(record.kind)
        if record.version != (before.version if before is not None else None):
            self.version_changed.emit()

    def tell_deleted(self, change: SeenChange) -> None:
        """Say that the record on screen is not in the store any more, and when that was seen."""
        self.banner.tell(Tone.WARNING, *seen_words(change, None))

    def knows_history(self) -> bool:
        """Whether the versions of the record are shown, or were."""
        return self.history.versions.rowCount() > 0

    def tell_versions(self, count: int) -> None:
        """Say how many versions the record has."""
        self._version_count = count
        self._head()

    def show_history(
        self,
        versions: Sequence[Version],
        rewritten: Sequence[Rewrite] = (),
        note: str = "",
    ) -> None:
        """Show the versions of the record, and where the one that is read stands.

        Args:
            versions: newest first.
            rewritten: the migrations that rewrote the live state and kept its time.
            note: what is said of states that are missing.
        """
        if self.record is None:
            return
        version = self.record.version
        self._history_told = True
        self.history.show_versions(versions, version, gone=self._gone)
        self.history.tell_rewritten(rewritten, note)
        step, self._step = self._step, 0
        if version is None:
            if step and versions:
                self.step(step)
            return
        place = self.history.versions.place(version)
        words = version_words(version, self._style, gone=self._gone)
        least = version_least(version)
        self.version_banner.tell(words, place, live=not self._gone, least=least)

    def tell_empty(self, sentence: str, reason: str = "", actions: tuple[Action, ...] = ()) -> None:
        """Show no record, why, and a button for each thing that can be done."""
        self._remember()
        self.record = None
        self.tree.fields.show(None)
        self.selection_sync.set_record(None)
        self.json.set_record(None, reveal=False)
        self.empty.tell(sentence, reason, actions)
        self._stack.setCurrentWidget(self.empty)

    def show_row(self, session: Session, row: TableRow) -> None:
        """Show a row of a table of the file in place of a record."""
        if self.record is not None:
            self.tell_empty("")
        self.row.show_row(session, row)
        self._stack.setCurrentWidget(self.row)

    def show_other(self, page: QWidget) -> None:
        """Show something else in place of a record."""
        if self.record is not None:
            self.tell_empty("")
        if self._stack.indexOf(page) < 0:
            self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)

    def show_seen(
        self, record: Record, name: str, change: SeenChange, deleted: datetime | None
    ) -> None:
        """Show one side of a change that was seen, which may not be the current state.

        Args:
            record: what it was before the change, or became with it where it was not there before.
            name: what it is called.
            change: the change.
            deleted: when it was seen last that the record is not there any more; None where it is,
                as far as is known.
        """
        self.show_record(record, name, gone=True)
        self.banner.tell(Tone.NOTE, *seen_words(change, deleted))

    def shows_row(self) -> bool:
        """Whether a row of a table is shown in place of a record."""
        return self._stack.currentWidget() is self.row

    def tell_error(self, error: InspectorError) -> None:
        """Show why there is no record."""
        self.tell_empty(error.message, error.hint)

    def tell_missing(self, id_: str, kept: int, show_newest: Callable[[], object]) -> None:
        """Say that a record was deleted after it was listed, and what can be done.

        Args:
            id_: its id.
            kept: how many versions of it there are.
            show_newest: shows the newest of them.
        """
        reason = f"{visible(id_)} was deleted after the list was read."
        actions: tuple[Action, ...] = (("Refresh", self._actions["again"].trigger),)
        if kept:
            reason += f" {count(kept, 'version')} of it {'is' if kept == 1 else 'are'} kept."
            actions += (("Show newest version", show_newest),)
        self.tell_empty("This record is no longer in the store.", reason, actions)

    def open_fields(self) -> list[OpenedFields]:
        """Which fields of which records are open, newest record last."""
        self._remember()
        return self._opened.fields()

    def open_fields_again(self, opened: Sequence[OpenedFields]) -> None:
        """Open these fields when their records are shown."""
        self._opened.take(opened)

    @property
    def name(self) -> str:
        """What the record is called."""
        return self._name if self.record is not None else ""

    def set_times(self, style: TimeStyle) -> None:
        """Write times in another way."""
        self._style = style
        self.tree.fields.set_times(style)
        self.selection_sync.show(self.tree.current())
        self.history.set_times(style)
        self.events.set_times(style)
        self.row.set_times(style)
        self._head()

    def reveal_all(self, on: bool) -> None:
        """Show or cover all secrets of this window."""
        self.tree.fields.reveal_all(on)
        self.selection_sync.cover_again()
        self.events.reveal_all(on)
        if on:
            self.row.reveal_all(True)
        else:
            self.row.cover()

    def _beside(self) -> MessagePane | None:
        """The message that is looked at in place of the record's: a blob's or an event's."""
        if self.shows_row():
            return self.row.message()
        return self.events.area if self.tabs.current() == "events" else None

    def at_hand(self) -> MessageViews:
        """The views of the message that is looked at: of an event while events are shown."""
        area = self._beside()
        if area is not None:
            return area.views
        return MessageViews(
            *(self.tree, self.fields_area, self.reader, self.json),
            *(self.bytes, self.selection_sync, self._activation),
        )

    def form(self) -> str:
        """In which form a message is looked at, or the name of another tab of the record."""
        area = self._beside()
        if area is not None:
            return area.form()
        return self.tabs.current()

    def choose_form(self, form: str) -> None:
        """Look at the message in another form."""
        area = self._beside()
        if area is not None:
            area.choose(form)
        else:
            self.tabs.choose(form)

    def choose_tab(self, name: str) -> None:
        """Show a tab of the record, or that view of the blob that is looked at in its place."""
        message = self.row.message() if self.shows_row() else None
        if message is None:
            self.tabs.choose(name)
            return
        message.choose(name)
        self._actions[self.tabs.current()].setChecked(True)  # the record's tab is as it was

    def show_links(self, links: Sequence[Link]) -> None:
        """Show which values of the record name other records."""
        self.tree.fields.set_links(links)

    def follow(self) -> bool:
        """Follow the link the cursor is on; False where it is on none."""
        return self.at_hand().activation.follow()

    def toggle_cover(self) -> None:
        """Uncover or cover the field the cursor is on."""
        message, focus = self._beside(), self.window().focusWidget()
        within = message is not None and focus is not None and message.isAncestorOf(focus)
        if self.shows_row() and not within:
            self.row.toggle_cover()
        else:
            self.at_hand().activation.toggle_cover()

    def focus(self) -> None:
        """Give the focus to what is shown of the record."""
        if self.shows_row():
            self.row.focus()
            return
        self._views.focus()

    def step(self, by: int) -> None:
        """Read the version that is older (1) or newer (-1) than the one that is read."""
        model = self.history.versions
        if self.record is None:
            return
        if not model.rowCount():
            self._step = by
            self._want_history()
            return
        at_live = self.record.version is None
        row = model.live_row() if at_live else model.row_of(self.record.version)
        version = model.version(row + by)
        if version is not None and not version.live:
            self.version_wanted.emit(version)
        elif by < 0 and not at_live and not self._gone:
            self.version_wanted.emit(None)

    # Within

    def _head(self) -> None:
        if self.record is not None:
            self.heading.tell(self.record, self._name, self._version_count, self._style)

    def _want_history(self) -> None:
        self._history_told = True
        self.history_wanted.emit()

    def _remember(self) -> None:
        if self.record is not None:
            self._opened.keep(self.record)

    def copy(self) -> Clip:
        """The value of the field the cursor is on; a covered one stays covered."""
        tree = self.at_hand().tree
        item = tree.current()
        what = path_of(item) if item is not None else ""
        text = copied_value(item, tree.fields.look)
        return Clip(text, copied(what or "value", text)) if text else NO_CLIP

    # Switches, which the message of an event follows too

    def set_unset(self, on: bool) -> None:
        """Show or hide fields that are not set."""
        self.tree.set_unset(on)
        self.events.switch("unset", on)
        self.row.switch("unset", on)

    def set_types(self, on: bool) -> None:
        """Show or hide types and numbers of fields."""
        self.tree.show_types(on)
        self.events.switch("types", on)
        self.row.switch("types", on)

    def set_wrap(self, on: bool) -> None:
        """Wrap long lines in what a value is read in."""
        self.reader.set_wrap(on)
        self.row.set_wrap(on)
        self.events.switch("wrap", on)
        self.row.switch("wrap", on)

    def set_wrap_json(self, on: bool) -> None:
        """Wrap long lines of JSON."""
        self.json.view.set_wrap(on)
        self.events.switch("wrap_json", on)
        self.row.switch("wrap_json", on)

    def show_reader(self, on: bool) -> None:
        """Show or hide the reader below the fields."""
        self._views.show_reader(on)
        self.events.switch("reader", on)
        self.row.switch("reader", on)

    def tick(self) -> None:
        """A second went by: times that say how long ago something was read differently."""
        self.tree.viewport().update()
        self.history.tick()
        self.events.tick()
        self._head()

    def reader_sizes(self) -> list[int]:
        """Heights of the fields and the reader below them."""
        return self._views.reader_sizes()

    def _show_tab(self, name: str) -> None:
        self._views.show_tab(name)
        if name in WITH_FIELDS:
            self.tree.show_types(self._actions["types"].isChecked() and name == "fields")
        if name == "json":
            self.json.look()
        elif name == "history" and self.record is not None:
            self._want_history()
