"""What a file that is no store is read with: columns as they were chosen, and a map of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from inspector.errors import InspectorError
from inspector.export.replaced_file import refuse_store, replacing
from inspector.foreign.column_map import ColumnReading, FileMap, ReadAs
from inspector.foreign.map_file import ENDING
from inspector.foreign.map_text import map_text
from inspector.gui.actions import Actions
from inspector.gui.app.store_alerts import FOREIGN, foreign_file
from inspector.gui.app.window_state import WindowState
from inspector.gui.dialogs import file_dialogs, message_boxes
from inspector.gui.dialogs.file_dialogs import ExportDialogs
from inspector.gui.foreign.file_readings import FileReadings
from inspector.gui.records.records_pane import RecordsPane
from inspector.gui.store_request import OpenedStore
from inspector.gui.style.text_format import visible, visible_name
from inspector.gui.tables.row_pane import RowPane
from inspector.gui.tasks import Report, Tasks
from inspector.gui.widgets.banner import Action, Tone
from inspector.gui.widgets.notification_stack import Notification, NotificationStack
from inspector.schema.catalog import own_schemas, schema_name
from inspector.store.rows import Form

if TYPE_CHECKING:
    from inspector.gui.foreign.read_as_dialog import ReadAsDialog
    from inspector.session.session import Session

_UNREAD: Final = "readings"
_OFFER: Final = "map"


class ForeignController(QObject):
    """Asks what a column is read as, and keeps it for the file.

    Args:
        window: where it is asked.
        row: shows a row of a table.
        records: lists rows of tables.
        window_state: remembers what was chosen.
        actions: of the window.
        notifications: say what cannot be read.
        tasks: what tries messages.
        tell: says what was done.
        dialogs: ask where a map is written to.
        tell_records: told which tables have rows that are records.
    """

    def __init__(
        self,
        window: QWidget,
        row: RowPane,
        records: RecordsPane,
        window_state: WindowState,
        actions: Actions,
        notifications: NotificationStack,
        tasks: Tasks,
        tell: Callable[[str], None],
        dialogs: ExportDialogs,
        tell_records: Callable[[tuple[str, ...]], None],
    ) -> None:
        super().__init__(window)
        self._window, self._row, self._window_state = window, row, window_state
        self._actions, self._notifications, self._tasks = actions, notifications, tasks
        self._tell, self._dialogs, self._tell_records = tell, dialogs, tell_records
        self._session: Session | None = None
        self.readings: FileReadings = row.readings
        self.readings.failed.connect(self._tell_unread)
        self._records = records
        self.readings.changed.connect(self._say_columns)
        records.tables.column_wanted.connect(row.go_to_column)

    def begin(self, answer: OpenedStore) -> None:
        """A file was opened, or read again."""
        foreign = answer.facts.form is Form.FOREIGN
        self._session = answer.session if foreign else None
        now = self._window_state.now
        chosen = now.columns_read if foreign else ()
        self._notifications.drop(_UNREAD)
        self._notifications.drop(_OFFER)
        map_path = now.map if foreign else ""
        self.readings.begin(self._session, chosen, map_path, now.map_schemas)
        if self._session is not None and not map_path:
            self._look_beside(self._session)

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

    def sort_by_column(self) -> None:
        """Order the rows by the column the cursor of the row is on; then the other way."""
        self._records.tables.sort_by(self._row.table.current_row())

    def choose(self, reading: ColumnReading) -> None:
        """Read a column of the file in another way from now on."""
        self.readings.choose(reading)
        self._keep()
        self._tell(
            f"{visible_name(reading.table)}.{visible_name(reading.column)} is read as"
            f" {visible(reading.words)}."
        )

    def forget(self, table: str, column: str) -> None:
        """Read a column as the map says, or by number."""
        self.readings.forget(table, column)
        self._keep()
        self._tell(f"Chosen reading of {visible_name(table)}.{visible_name(column)} removed.")

    # Maps

    def ask_map(self) -> None:
        """Ask for a map of the file, and use it."""
        session = self._session
        if session is not None:
            begin = Path(self.readings.map_path or session.store.real_path).parent
            file_dialogs.ask_map(self._window, begin, lambda path: self.use_map(os.fspath(path)))

    def use_map(self, path: str, schemas: Sequence[str] = ()) -> None:
        """Read what is not chosen otherwise as a map says; one that is not of the file is refused.

        Args:
            path: of the map.
            schemas: where its messages are looked for besides what it names.
        """
        before, more = self.readings.map_path, self.readings.schemas

        def done(mapped: FileMap | None) -> None:
            if mapped is None:
                error = self.readings.unread.get(path)
                self.readings.use_map(before, lambda _: None, more)
                if error is not None:
                    message_boxes.failed(self._window, error)
                return
            self._notifications.drop(_OFFER)
            self._keep()
            self._tell(f"The file is read as {visible(mapped.name)} says.")
            self._ask_schema(path, mapped)

        self.readings.use_map(path, done, schemas)

    def leave_map(self) -> None:
        """Read the file without its map."""
        self._notifications.drop(_OFFER)
        self.readings.use_map("", lambda _: self._tell("Map no longer in use."))
        self._keep()

    def ask_save(self) -> None:
        """Ask where what is chosen is written to as a map."""
        session = self._session
        if session is not None:
            name = f"{Path(session.store.path).stem}{ENDING}"
            self._dialogs.ask_map(name, self._save)

    def _save(self, path: Path) -> None:
        session, whole = self._session, self.readings.whole()
        if session is None:
            return
        tables = dict.fromkeys((*whole.tables, *(one.table for one in whole.columns)))
        schemas = (*whole.schemas, *(self.readings.schemas if self.readings.map_path else ()))
        whole = replace(whole, tables=tuple(tables), schemas=schemas)

        def work(_cancel: Event, _report: Report) -> str:
            refuse_store(path, Path(session.store.real_path))
            text = map_text(whole, Path(os.path.realpath(path)).parent)
            with replacing(path) as file:
                file.write(text.encode())
            return f"Map written to {path}."

        self._tasks.run("save map", work, self._tell, self._dialogs.fail, slow=True)

    def _look_beside(self, session: Session) -> None:
        """Offer a map that lies beside the file."""
        real = Path(session.store.real_path)

        def work(_cancel: Event, _report: Report) -> str:
            names = (f"{real.name}{ENDING}", f"{real.stem}{ENDING}")
            found = (real.with_name(name) for name in names)
            return next((os.fspath(one) for one in found if one.is_file()), "")

        def done(path: str) -> None:
            if path and session is self._session and not self.readings.map_path:
                title = f"{visible(Path(path).name)} is beside this file."
                body = "It says how columns of such a file are read."
                use: Action = ("Use it", lambda: self.use_map(path))
                told = Notification(_OFFER, 5, Tone.NOTE, title, body, (use,))
                self._notifications.tell(told)

        self._tasks.run("map beside", work, done, lambda _: None, slow=True)

    def _ask_schema(self, path: str, mapped: FileMap) -> None:
        """Ask for a schema where the map has messages and no schema is there to look in."""
        messages = any(one.read_as is ReadAs.MESSAGE for one in mapped.columns)
        if not messages or self.readings.sets or self.readings.unread:
            return
        take = partial(self._add_schema, path)
        ask = partial(file_dialogs.ask_schema, self._window, Path(path).parent, take)
        actions: tuple[Action, ...] = (
            ("From file", lambda: ask(folder=False)),
            ("From folder", lambda: ask(folder=True)),
        )
        title = f"{visible(mapped.name)} names no schema."
        body = "Its messages are read by number until it is known where they are declared."
        self._notifications.tell(Notification(_OFFER, 5, Tone.NOTE, title, body, actions))

    def _add_schema(self, path: str, schema: Path) -> None:
        self.use_map(path, (*self.readings.schemas, os.fspath(schema.absolute())))

    def _keep(self) -> None:
        now = self._window_state.now
        now.columns_read, now.map = list(self.readings.chosen), self.readings.map_path
        now.map_schemas = list(self.readings.schemas) if now.map else []
        self._window_state.keep()

    def _say_columns(self) -> None:
        """Say in the heads of a table what its columns are read as."""
        self._records.tables.rows.say_columns(self.readings.words_for)
        self._records.tables.attend(lambda reveal: self.readings.reading(reveal=reveal))
        mapped = self.readings.mapped
        records = mapped.records if mapped is not None else ()
        firsts = {one.table: (one.name, one.key, one.time) for one in reversed(records)}
        self._records.tables.put_first(lambda table: firsts.get(table, ()))
        self._tell_records(tuple(dict.fromkeys(one.table for one in records)))
        self._say_file()
        self._actions.enable(("use_map",), on=self._session is not None)
        self._actions.enable(("leave_map",), on=bool(self.readings.map_path))
        self._actions.enable(("save_map",), on=bool(self.readings.whole().columns))

    def _say_file(self) -> None:
        """Say what the blobs of the file are read as, unless that was closed."""
        if self._session is not None and FOREIGN in self._notifications:
            name = self.readings.mapped.name if self.readings.mapped is not None else ""
            chosen = bool(self.readings.chosen)
            self._notifications.tell(foreign_file(name, chosen=chosen))

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
