"""What a window has besides the list of records, made after the first rows are on screen.

Importing all this takes longer than anything else the program does before it shows something, so
nothing of it is imported by what the window begins with.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from inspector.gui.activity.activity_loader import ActivityLoader
from inspector.gui.app.changing_menus import SchemaMenu
from inspector.gui.app.context_menus import offer
from inspector.gui.app.file_actions import FileActions, OpenState, SnapshotAction, StateActions
from inspector.gui.app.follow_updates import FollowUpdates
from inspector.gui.app.foreign_controller import ForeignController
from inspector.gui.app.list_actions import ListActions, TableActions
from inspector.gui.app.navigation import Navigation
from inspector.gui.app.pane_focus import FocusedCopy, PaneFocus
from inspector.gui.app.schema_controller import SchemaController
from inspector.gui.app.store_alerts import StoreAlerts
from inspector.gui.app.view_settings import ViewSettings
from inspector.gui.changes.changes_controller import ChangesController
from inspector.gui.dialogs.file_dialogs import ExportDialogs
from inspector.gui.events.events_loader import EventsLoader
from inspector.gui.findings.check_controller import CheckController
from inspector.gui.follow.field_watch import FieldWatch
from inspector.gui.follow.follow_controller import FollowController, StateWatch
from inspector.gui.history.compare_controller import CompareController
from inspector.gui.history.field_blame import FieldBlame
from inspector.gui.history.history_loader import HistoryLoader, VersionActions
from inspector.gui.record.record_actions import FieldActions, RecordActions, RecordCopy
from inspector.gui.record.record_pane import RecordPane
from inspector.gui.record_context import RecordContext
from inspector.gui.records.filter_menu import FilterMenu
from inspector.gui.records.records_pane import RecordsPane
from inspector.gui.records.rows_export import BundleAction, RowsExport
from inspector.gui.search.search_controller import SearchController
from inspector.gui.store_request import OpenedStore
from inspector.gui.style.time_format import TimeStyle
from inspector.gui.widgets.other_page import OtherPage
from inspector.session.seen_changes import Happened
from inspector.store.rows import Form

if TYPE_CHECKING:
    from inspector.gui.app.store_controller import StoreController
    from inspector.gui.app.window_layout import WindowLayout
    from inspector.gui.app.window_state import WindowState
    from inspector.history.stored_events import StoredEvent
    from inspector.session.seen_changes import SeenChange
    from inspector.session.summaries import Record
    from inspector.store.rows import StoreFacts


class DeferredParts:
    """The record's pane, and what works with it; made whole, and never by halves.

    Args:
        layout: what there is already, into which the record's pane is put.
        store_controller: what is open.
        window_state: where the window was.
        reopen: opens the file anew.
        read_again: reads what is open anew.
        preferred: called when a preference is another one now.
        open_state: opens a window on a state of a store.
    """

    def __init__(
        self,
        layout: WindowLayout,
        store_controller: StoreController,
        window_state: WindowState,
        *,
        reopen: Callable[[], None],
        read_again: Callable[[], None],
        preferred: Callable[[], None],
        open_state: OpenState,
    ) -> None:
        actions, tasks, tell = layout.actions_, layout.tasks, layout.status.tell
        kinds, records = layout.kinds, layout.records
        self.record = record = RecordPane(actions, tasks)
        layout.put_record(record)
        window_state.attend(record)

        def facts() -> StoreFacts | None:
            return store_controller.facts

        # What reads events is made after what asks for them: it follows a record after them.
        def go_to_event(row: int) -> None:
            self.events.go_to(row)

        def event() -> StoredEvent | None:
            return self.events.looked_at()

        context = RecordContext(
            record=record.shown,
            session=store_controller.session,
            shown=store_controller.shown,
            kind_changed=record.kind_changed,
            version_changed=record.version_changed,
            tabs=record.tabs,
            tasks=tasks,
            tell=tell,
        )
        dialogs = ExportDialogs(layout, layout.settings, store_controller.store_path)
        self.state_actions = StateActions(layout, tasks, actions, dialogs, open_state)
        self.notifications = StoreAlerts(
            *(layout.banner, layout, tasks.answered, reopen, read_again), self.state_actions
        )
        self.state_watch = StateWatch(tasks, layout)
        self.follow = FollowController(tasks, layout)
        self.updates = FollowUpdates(
            *(
                self.follow,
                store_controller,
                kinds,
                records,
                layout.status,
                self.notifications,
                tasks,
            ),
            actions["pause"],
        )
        self.changes = ChangesController(
            *(self.follow, tasks, record.show_other, record.tell_empty, actions["mark_now"]),
            parent=layout,
        )
        self._connect_changes(layout, store_controller, context)
        self.search = SearchController(
            *(context, store_controller.show, lambda: self.follow.recording, actions["search"]),
            layout,
        )
        self._connect_search(layout, store_controller)
        self.check = CheckController(context, store_controller.show, actions["check"], layout)
        self._connect_check(layout, store_controller)
        # Until they are first shown they are the window's: they would be left to the collector of
        # garbage else, which may run in a thread that must not delete widgets.
        for pane in (self.changes.pane, self.search.pane, self.check.pane):
            pane.setParent(layout)
            pane.hide()
        self.snapshot = SnapshotAction(
            actions["snapshot"], tasks, self.notifications, dialogs, tell
        )
        self.schema = SchemaController(
            layout, store_controller, window_state, self.notifications, tasks, read_again
        )
        self.schema_menu = SchemaMenu(self.schema, record.shown, layout.status.schema)
        record.schema_wanted.connect(self.schema_menu.choose_for_record)
        self._make_tables(layout, store_controller, window_state, dialogs)
        self._offer_menus(layout, window_state)
        self.record_actions = RecordActions(
            context, record, actions, records.table.viewport().update
        )
        self.view_settings = ViewSettings(
            *(layout.settings, actions, records, record, self.record_actions, layout.status),
            preferred,
        )
        self.pane_focus = PaneFocus(layout.left, kinds, records, record, actions["only_record"])
        self.focused_copy = FocusedCopy(context, record)
        self.navigation = Navigation(context, record, store_controller, actions, go_to_event)
        self.record_copy = RecordCopy(
            *(context, record, actions, event, facts, dialogs, layout.in_use)
        )
        self.rows_export = RowsExport(
            *(
                kinds,
                records,
                actions,
                store_controller.session,
                store_controller.kind_counts.live,
                tasks,
                self.notifications,
                tell,
                dialogs,
            )
        )
        self.bundle = BundleAction(
            *(
                records,
                store_controller.session,
                tasks,
                self.notifications,
                dialogs,
                tell,
            )
        )
        self.histories = HistoryLoader(context, record.history)
        self.compare = CompareController(
            *(context, record.history, actions, lambda: record.name),
            *(self.navigation.ask_other, dialogs),
        )
        self.blame = FieldBlame(
            context, record.tree, record.reader.show_text, actions, self.compare.pair
        )
        self.events = EventsLoader(
            context, record.events, actions["export_events"], window_state.keep_tab, dialogs
        )
        self.activity = ActivityLoader(
            *(context, record.activity, record.tree, self.events),
            *(actions["secrets"].isChecked, self.navigation.lead),
        )
        self.events.counted.connect(self.activity.offer)
        self.list_actions = ListActions(
            *(
                layout.kinds,
                records,
                record,
                actions,
                store_controller.session,
                context,
                self.compare.compare_with,
            )
        )
        FieldActions(context, record, actions)
        self.file_actions = FileActions(actions, facts, tell)
        self.version_actions = VersionActions(context, record.history, actions)

    def _make_tables(
        self,
        layout: WindowLayout,
        store_controller: StoreController,
        window_state: WindowState,
        dialogs: ExportDialogs,
    ) -> None:
        """What works with tables, and with files that are no store."""
        actions, tasks, tell = layout.actions_, layout.tasks, layout.status.tell
        records = layout.records
        self.foreign = ForeignController(
            *(
                layout,
                self.record.row,
                records,
                window_state,
                actions,
                self.notifications,
                tasks,
                tell,
            ),
            *(dialogs, store_controller.tell_mapped),
        )
        self.table_actions = TableActions(
            *(
                layout,
                records.tables,
                actions,
                self.foreign.readings,
                store_controller.session,
                tasks,
                self.notifications,
                tell,
            ),
            *(dialogs, self.record.row, window_state),
        )

    def _offer_menus(self, layout: WindowLayout, window_state: WindowState) -> None:
        """The menus of views, and those of the columns and the filter of records."""
        records = layout.records
        self.columns_menu = menu = QMenu(layout)
        self.filter_menu = FilterMenu(
            *(layout, records, layout.tasks, layout.settings),
            lambda: window_state.now,
            layout.actions_["filter_expression"],
        )
        menu.aboutToShow.connect(lambda: records.table.columns_menu(menu))
        tables = records.tables.table
        offer(layout.actions_, layout.kinds, records.table, tables, self.record)

    def _connect_changes(
        self, layout: WindowLayout, store_controller: StoreController, context: RecordContext
    ) -> None:
        changes, record = self.changes, self.record
        self.field_watch = FieldWatch(context, record.tree, record.reader.tell_facts)
        self.updates.looked_at.connect(self.field_watch.show)
        self.updates.all_seen.connect(self.field_watch.see_all)
        self.updates.applied.connect(changes.add)
        changes.counted.connect(store_controller.tell_seen)
        store_controller.read_seen(self.follow.seen)
        changes.record_seen.connect(self._show_seen)
        store_controller.changes_wanted.connect(_shows(layout.records, changes.pane, changes.enter))
        tell = layout.status.tell
        changes.marked.connect(
            lambda time: tell(f"Marked at {time}. Changes seen shows what differs.")
        )

    def _show_seen(self, seen: Record, name: str, change: SeenChange) -> None:
        recording = self.follow.recording
        last = recording.of(change.kind, change.id)[-1:] if recording is not None else ()
        deleted = next((one.time for one in last if one.happened is Happened.DELETED), None)
        self.record.show_seen(seen, name, change, deleted)

    def _connect_search(self, layout: WindowLayout, store_controller: StoreController) -> None:
        search = self.search
        search.counted.connect(store_controller.tell_found)
        search.wanted.connect(store_controller.list_found)
        search.marked.connect(self._mark)
        search.forgotten.connect(lambda: self._lend("", False))
        search.marked_event.connect(self._mark_event)
        search.record_seen.connect(self._show_seen)
        search.entered.connect(self.record.focus)
        store_controller.search_wanted.connect(
            _shows(layout.records, search.pane, search.pane.enter)
        )

    def _connect_check(self, layout: WindowLayout, store_controller: StoreController) -> None:
        check = self.check
        check.counted.connect(store_controller.tell_checked)
        check.ended_early.connect(lambda: store_controller.tell_checked(None, ended_early=True))
        check.forgotten.connect(store_controller.forget_check)
        check.wanted.connect(store_controller.list_checked)
        check.marked.connect(lambda path: self._mark(path, "", False))
        check.entered.connect(self.record.focus)
        store_controller.check_wanted.connect(_shows(layout.records, check.pane, check.pane.enter))

    def _mark_event(self, row: int, path: str, text: str, case: bool) -> None:
        """Show an event of the record on screen, the cursor on a field, a text marked in it."""
        self.events.seek(row, path, text, case)

    def _mark(self, path: str, text: str, case: bool) -> None:
        """Put the cursor of the record on screen on a field and mark a text in it."""
        record = self.record
        if path:
            record.tree.go_to(path)
        if record.tabs.current() not in ("fields", "json", "bytes"):
            record.tabs.choose("fields")
        self._lend(text, case)

    def _lend(self, text: str, case: bool) -> None:
        """Mark a text in the record, and none in its events."""
        record = self.record
        self.events.forget_sought()
        record.fields_area.finder.lend(text, case)
        record.json.finder.lend(text, case, -1)
        record.bytes.lend(text, case)

    def begin_as(self, layout: WindowLayout) -> None:
        """Show all as the switches of the window are now."""
        actions, record, view = layout.actions_, self.record, self.view_settings
        record.set_types(actions["types"].isChecked())
        view.set_wrap(actions["wrap"].isChecked())
        view.set_wrap_json(actions["wrap_json"].isChecked())
        view.set_reader(actions["reader"].isChecked())
        record.set_unset(actions["unset"].isChecked())
        view.set_times(TimeStyle(layout.settings.times))

    def opened(self, answer: OpenedStore) -> None:
        """A store was opened, or read again."""
        self.notifications.opened(answer)
        self.updates.begin(answer)
        self.search.begin(answer.session, is_store=answer.facts.form is not Form.FOREIGN)
        self.check.begin(answer.session)
        self.snapshot.begin(answer)
        self.state_actions.begin(answer)
        self.state_watch.begin(answer.session)
        self.schema.opened()
        self.navigation.enable()
        self.rows_export.enable()
        self.file_actions.enable()
        self.foreign.begin(answer)


def _shows(
    records: RecordsPane, page: OtherPage, enter: Callable[[], object]
) -> Callable[[], None]:
    """What shows a page in the middle."""

    def show() -> None:
        records.show_other(page)
        enter()

    return show
