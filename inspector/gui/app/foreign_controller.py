"""What a file that is no store is read with: columns as they were chosen, and a map of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from inspector.errors import InspectorError
from inspector.foreign.column_map import ColumnReading
from inspector.gui.actions import Actions
from inspector.gui.app.window_state import WindowState
from inspector.gui.foreign.file_readings import FileReadings
from inspector.gui.records.records_pane import RecordsPane
from inspector.gui.store_request import OpenedStore
from inspector.gui.style.text_format import visible
from inspector.gui.tables.row_pane import RowPane
from inspector.gui.tasks import Tasks
from inspector.gui.widgets.banner import Tone
from inspector.gui.widgets.notification_stack import Notification, NotificationStack
from inspector.schema.catalog import own_schemas, schema_name
from inspector.store.rows import Form

if TYPE_CHECKING:
    from inspector.gui.foreign.read_as_dialog import ReadAsDialog
    from inspector.session.session import Session

_UNREAD: Final = "readings"


class ForeignController(QObject):
    """Asks what a column is read as, and keeps it for the file.

    Args:
        window: where it is asked.
        row: shows a row of a table.
        records: lists rows of tables.
        keeper: remembers what was chosen.
        actions: of the window.
        notifications: say what cannot be read.
        tasks: what tries messages.
        tell: says what was done.
    """

    def __init__(
        self,
        window: QWidget,
        row: RowPane,
        records: RecordsPane,
        keeper: WindowState,
        actions: Actions,
        notifications: NotificationStack,
        tasks: Tasks,
        tell: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self._window, self._row, self._keeper = window, row, keeper
        self._actions, self._notifications, self._tasks = actions, notifications, tasks
        self._tell = tell
        self._source: Session | None = None
        self.readings: FileReadings = row.readings
        self.readings.failed.connect(self._tell_unread)
        self._records = records
        self.readings.changed.connect(self._say_columns)
        records.tables.column_wanted.connect(row.go_to_column)

    def begin(self, answer: OpenedStore) -> None:
        """A file was opened, or read again."""
        foreign = answer.facts.form is Form.FOREIGN
        self._source = answer.source if foreign else None
        now = self._keeper.now
        chosen = now.columns_read if foreign else ()
        self._notifications.drop(_UNREAD)
        self.readings.begin(self._source, chosen, now.map if foreign else "")

    def ask(self) -> ReadAsDialog | None:
        """Ask what the column the cursor is on is read as."""
        from inspector.gui.foreign.read_as_dialog import ReadAsDialog  # noqa: PLC0415 - seldom

        column, table = self._row.column(), self._row.table_name()
        reading = self.readings.reading(reveal=False)
        if column is None or reading is None:
            return None
        now = self.readings.chosen_for(table, column)
        mapped = self.readings.of_table(table).get(column)
        steps = now.unpack if now is not None else mapped[0].unpack if mapped else ()
        blob = self._row.blob
        if now is None and blob is not None and blob.steps:
            steps = blob.steps
        dialog = ReadAsDialog(
            *(self._window, self._tasks, reading, table, column, self._schemas(), now, steps)
        )
        dialog.chosen.connect(self.choose)
        dialog.removed.connect(lambda: self.forget(table, column))
        dialog.open()
        return dialog

    def choose(self, reading: ColumnReading) -> None:
        """Read a column of the file in another way from now on."""
        self.readings.choose(reading)
        self._keep()
        self._tell(
            f"{visible(reading.table)}.{visible(reading.column)} is read as"
            f" {visible(reading.words)}."
        )

    def forget(self, table: str, column: str) -> None:
        """Read a column as the map says, or by number."""
        self.readings.forget(table, column)
        self._keep()
        self._tell(f"What {visible(table)}.{visible(column)} is read as was removed.")

    def _keep(self) -> None:
        now = self._keeper.now
        now.columns_read, now.map = list(self.readings.chosen), self.readings.map_path
        self._keeper.keep()

    def _say_columns(self) -> None:
        """Say in the heads of a table what its columns are read as."""
        self._records.tables.rows.say_columns(self.readings.words_for)

    def _schemas(self) -> list[str]:
        """Where messages may be looked for, the likeliest first."""
        chosen = [one.schema for one in reversed(self.readings.chosen) if one.schema]
        mapped = self.readings.mapped
        return list(dict.fromkeys([*chosen, *(mapped.schemas if mapped else ()), *own_schemas()]))

    def _tell_unread(self, unread: Mapping[str, InspectorError]) -> None:
        """Say what of it cannot be read; what is to be read with that is read by number."""
        if not unread:
            self._notifications.drop(_UNREAD)
            return
        path, error = next(iter(unread.items()))
        title = f"The schema {visible(schema_name(path))} cannot be read."
        if path == self.readings.map_path:
            title = "The map of this file cannot be used."
        body = visible(f"{error} What is to be read with it is read by number.")
        self._notifications.tell(Notification(_UNREAD, 6, Tone.WARNING, title, body))
