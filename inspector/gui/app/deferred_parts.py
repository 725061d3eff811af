"""What a window has besides the list of records, made after the first rows are on screen.

Importing all this takes longer than anything else the program does before it shows something, so
nothing of it is imported by what the window begins with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.gui.activity.activity_loader import ActivityLoader
from inspector.gui.app.context_menus import offer
from inspector.gui.app.file_actions import FileActions
from inspector.gui.app.follow_updates import FollowUpdates
from inspector.gui.app.list_actions import ListActions
from inspector.gui.app.menus import SchemaMenu
from inspector.gui.app.navigation import Navigation
from inspector.gui.app.notifications import Notifications
from inspector.gui.app.schema_controller import SchemaController
from inspector.gui.app.snapshot_action import SnapshotAction
from inspector.gui.app.window_commands import WindowCommands
from inspector.gui.changes.changes_controller import ChangesController
from inspector.gui.events.events_loader import EventsLoader
from inspector.gui.follow.follow_controller import FollowController
from inspector.gui.history.compare_controller import CompareController
from inspector.gui.history.field_blame import FieldBlame
from inspector.gui.history.history_loader import HistoryLoader
from inspector.gui.history.version_actions import VersionActions
from inspector.gui.record.field_actions import FieldActions
from inspector.gui.record.record_actions import RecordActions
from inspector.gui.record.record_copy import RecordCopy
from inspector.gui.record.record_pane import RecordPane
from inspector.gui.records.rows_export import RowsExport

if TYPE_CHECKING:
    from inspector.gui.app.main_window import MainWindow
    from inspector.session.changed import SeenChange
    from inspector.session.summaries import Record


def furnish(window: MainWindow) -> None:
    """Make the record's pane and what connects the actions of a window to its parts."""
    window.record = RecordPane(window.actions_, window.tasks)
    window.put_record(window.record)
    window.keeper.attend(window.record)
    window.alerts = Notifications(window)
    window.follow = FollowController(window.tasks, window)
    window.updates = FollowUpdates(
        *(window.follow, window.desk, window.records, window.status, window.alerts),
        *(window.tasks, window.actions_["pause"]),
    )
    window.settled.connect(window.updates.begin)
    window.changes = ChangesController(
        *(window.follow, window.tasks, window.record.show_other, window.record.tell_empty),
        mark_now=window.actions_["mark_now"],
        parent=window,
    )
    _connect_changes(window)
    snapshot = SnapshotAction(
        *(window, window.actions_["snapshot"], window.tasks, window.alerts, window.settings),
        tell=window.status.tell,
    )
    window.settled.connect(snapshot.begin)
    window.bringing = SchemaController(window)
    window.schemas = SchemaMenu(window)
    window.looking = RecordActions(window)
    window.commands = WindowCommands(window)
    window.going = Navigation(window)
    window.taking = RecordCopy(window)
    window.row_export = RowsExport(window)
    offer(window)
    window.histories = HistoryLoader(window)
    window.comparing = CompareController(window)
    window.blaming = FieldBlame(window)
    window.record_events = EventsLoader(window)
    window.activities = ActivityLoader(window)
    window.lists = ListActions(window)
    FieldActions(window)
    FileActions(window)
    VersionActions(window)


def _connect_changes(window: MainWindow) -> None:
    changes, desk = window.changes, window.desk

    def list_changes() -> None:
        window.records.show_other(changes.pane)
        changes.enter()

    def show_seen(record: Record, name: str, change: SeenChange) -> None:
        window.record.show_seen(record, name, f"{change.time.astimezone():%H:%M:%S}")

    window.updates.applied.connect(changes.add)
    changes.counted.connect(desk.tell_seen)
    changes.record_seen.connect(show_seen)
    desk.changes_wanted.connect(list_changes)
    changes.marked.connect(
        lambda time: window.status.tell(f"Marked at {time}. Changes seen shows what differs.")
    )
