"""What a window has besides the list of records, made after the first rows are on screen.

Importing all this takes longer than anything else the program does before it shows something, so
nothing of it is imported by what the window begins with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.gui.activities import Activities
from inspector.gui.alerts import Alerts
from inspector.gui.blaming import Blaming
from inspector.gui.bringing import Bringing
from inspector.gui.commands import Commands
from inspector.gui.comparing import Comparing
from inspector.gui.context import offer
from inspector.gui.exporting_rows import RowExport
from inspector.gui.field_actions import FieldActions
from inspector.gui.file_actions import FileActions
from inspector.gui.going import Going
from inspector.gui.histories import Histories
from inspector.gui.lists import Lists
from inspector.gui.looking import Looking
from inspector.gui.menus import SchemaMenu
from inspector.gui.record_events import RecordEvents
from inspector.gui.taking import Taking
from inspector.gui.version_actions import VersionActions
from inspector.gui.views.record_pane import RecordPane

if TYPE_CHECKING:
    from inspector.gui.main_window import MainWindow


def furnish(window: MainWindow) -> None:
    """Make the record's pane and what connects the actions of a window to its parts."""
    window.record = RecordPane(window.actions_, window.tasks)
    window.put_record(window.record)
    window.keeper.attend(window.record)
    window.alerts = Alerts(window)
    window.bringing = Bringing(window)
    window.schemas = SchemaMenu(window)
    window.looking = Looking(window)
    window.commands = Commands(window)
    window.going = Going(window)
    window.taking = Taking(window)
    window.row_export = RowExport(window)
    offer(window)
    window.histories = Histories(window)
    window.comparing = Comparing(window)
    window.blaming = Blaming(window)
    window.record_events = RecordEvents(window)
    window.activities = Activities(window)
    window.lists = Lists(window)
    FieldActions(window)
    FileActions(window)
    VersionActions(window)
