"""What actions do to the lists in the middle: their order; rows of tables compared and exported."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMenu, QWidget

from inspector.errors import StoreError
from inspector.export.replaced_file import refuse_store, replacing
from inspector.foreign.column_map import RecordsOf
from inspector.foreign.epochs import Epoch
from inspector.gui.actions import ORDERS, Actions
from inspector.gui.app.window_state import WindowState
from inspector.gui.dialogs.file_dialogs import Doing, ExportDialogs, row_saving, so_far
from inspector.gui.foreign.file_readings import FileReadings
from inspector.gui.history.compare_controller import OtherRecord
from inspector.gui.kinds.kinds_model import WITHOUT_RECORDS, EntryType, KindEntry
from inspector.gui.kinds.kinds_view import KindsView
from inspector.gui.record.record_pane import RecordPane
from inspector.gui.record_context import RecordContext
from inspector.gui.records.records_pane import RecordsPane
from inspector.gui.search.found_records import FoundRecord
from inspector.gui.style.text_format import count
from inspector.gui.switched_connection import SwitchedConnection
from inspector.gui.tables.row_pane import RowPane
from inspector.gui.tables.table_model import TableRow
from inspector.gui.tables.table_pane import TablePane
from inspector.gui.tasks import Report, Tasks, until_cancelled
from inspector.gui.widgets.notification_stack import NotificationStack
from inspector.session.foreign_rows import ForeignReading, ForeignRow
from inspector.session.history_queries import Compared
from inspector.session.row_documents import RowAddress
from inspector.session.row_export import RowsWriter, rows_in
from inspector.session.row_history import records_of
from inspector.session.row_query import holding_column

if TYPE_CHECKING:
    from inspector.gui.tables.export_table_dialog import ExportTableDialog, WantedRows
    from inspector.gui.tables.row_dialogs import RowComparisonDialog, RowHistoryDialog
    from inspector.session.session import Session

_PAIR: Final = 2
_OF_RECORDS: Final = ("filter_expression", "columns", *ORDERS)


class ListActions(QObject):
    """What the actions of a window do to its lists of records and of tables.

    Args:
        kinds: choose what is listed.
        records: the lists.
        pane: shows a row of a table in place of a record.
        actions: of the window.
        session: gives the store that is open.
        context: the record on screen.
        compare_with: compares the record on screen with another one.
    """

    def __init__(
        self,
        kinds: KindsView,
        records: RecordsPane,
        pane: RecordPane,
        actions: Actions,
        session: Callable[[], Session | None],
        context: RecordContext,
        compare_with: Callable[[OtherRecord], None],
    ) -> None:
        super().__init__(records)
        self._records, self._pane, self._actions, self._session = records, pane, actions, session
        self._context, self._compare_with = context, compare_with
        self._pair_shown = SwitchedConnection(context.shown)
        records.table.number_selected.connect(self._offer_two)
        # A row that is selected may be read only then.
        records.records.dataChanged.connect(self._offer_two)
        self._offer_two()
        records.wish_changed.connect(self._show_wish)
        records.tables.chosen.connect(self._show_row)
        self._show_wish()
        kinds.chosen.connect(self._offer)
        self._offer(kinds.entry())

    def _offer(self, entry: KindEntry | None) -> None:
        """Offer to order and to filter what is listed; rows of tables have columns of their own."""
        type_ = entry.type if entry is not None else EntryType.ALL
        self._actions.enable(_OF_RECORDS, on=type_ not in WITHOUT_RECORDS)
        ordered = type_ is EntryType.TABLE or type_ not in WITHOUT_RECORDS
        self._actions.enable(("ascending", "descending"), on=ordered)

    # Order

    def sort(self, column: str) -> None:
        """List in the order of a column."""
        wish = self._records.sifting.wish
        self._records.sort(column, descending=wish.descending)

    def turn(self, *, descending: bool) -> None:
        """List upwards or downwards."""
        if self._records.shows_table():
            self._records.tables.turn(descending=descending)
            return
        wish = self._records.sifting.wish
        self._records.sort(wish.column, descending=descending)

    def _show_wish(self) -> None:
        wish = self._records.sifting.wish
        self._actions[f"sort_{wish.column}"].setChecked(True)
        self._actions["descending" if wish.descending else "ascending"].setChecked(True)

    # Two records

    def compare_two(self) -> None:
        """Compare the record on screen with the other one that is selected."""
        other = self._other()
        if other is not None:
            self._compare_with(other)

    @Slot()
    def _offer_two(self) -> None:
        """While two are selected, of which one may be shown only later."""
        pair = sum(map(len, self._records.table.selected_rows())) == _PAIR
        self._pair_shown.switch(self._offer_two, on=pair)
        self._actions.enable(("compare_rows",), on=self._other() is not None)

    def _other(self) -> FoundRecord | None:
        """The other of two selected records of one kind, of which one is on screen."""
        rows = self._records.table.selected_rows()
        shown = self._context.record()
        if shown is None or sum(map(len, rows)) != _PAIR:
            return None
        heads = [self._records.records.head_at(row) for each in rows for row in each]
        kind = [head for head in heads if head is not None and head.kind == shown.kind]
        others = [head for head in kind if head.id != shown.id]
        if len(kind) != _PAIR or len(others) != 1:
            return None
        return FoundRecord(others[0].kind, others[0].id, others[0].name)

    # Tables

    def _show_row(self, row: TableRow | None) -> None:
        session = self._session()
        if row is None:
            self._pane.tell_empty("No row to show.")
        elif session is not None:
            self._pane.show_row(session, row)


# What actions do with rows of a table: compare two of them, and take them along as a file.

_POINT: Final = "point to what was sought"
_EVERY: Final = 64  #: rows between two words about how far it is


class TableActions(QObject):
    """What those actions of a window do.

    Args:
        window: where it is asked.
        tables: lists the rows.
        actions: of the window.
        readings: how columns are read.
        session: gives the store that is open.
        tasks: what reads and writes.
        alerts: say how far that is.
        tell: says a sentence in the status line.
        dialogs: ask where it is written to.
        row: shows a row of a table.
        window_state: remembers which columns are shown as times.
    """

    def __init__(
        self,
        window: QWidget,
        tables: TablePane,
        actions: Actions,
        readings: FileReadings,
        session: Callable[[], Session | None],
        tasks: Tasks,
        alerts: NotificationStack,
        tell: Callable[[str], None],
        dialogs: ExportDialogs,
        row: RowPane,
        window_state: WindowState,
    ) -> None:
        super().__init__(window)
        self._window, self._tables, self._actions = window, tables, actions
        self._readings, self._session, self._tasks = readings, session, tasks
        self._dialogs = dialogs
        self._saving = row_saving(tasks, alerts, dialogs, tell)
        self._row, self._window_state = row, window_state
        self.times_menu = QMenu(window)
        self.times_menu.aboutToShow.connect(self._fill_times)
        row.values.cell = tables.rows.cell
        tables.rows.show_times(self._epoch)
        tables.table.selectionModel().selectionChanged.connect(self._enable)
        tables.rows.modelReset.connect(self._enable)
        tables.rows.dataChanged.connect(self._enable)
        readings.changed.connect(self._enable)
        tables.chosen.connect(lambda _: self._enable())
        tables.chosen.connect(self._point)
        self._enable()

    def _enable(self) -> None:
        records = self._records()
        history = records is not None and records.history is not None
        self._actions.enable(("row_history",), on=history and self._address() is not None)
        self._actions.enable(("export_table",), on=self._tables.rows.rowCount() > 0)
        self._actions.enable(("compare_table_rows",), on=self._selected() == _PAIR)

    def _selected(self) -> int:
        return sum(map(len, self._tables.table.selected_rows()))

    def _reading(self, *, reveal: bool, level: int = 0, indent: int | None = 2) -> ForeignReading:
        found = self._readings.reading(reveal=reveal, level=level, indent=indent)
        session = self._session()
        if found is None and session is not None:
            found = ForeignReading(session, reveal=reveal, level=level, indent=indent)
        assert found is not None, "rows are listed"
        return found

    def _point(self, chosen: object) -> None:
        """Put the cursor of the row on what was sought in the rows."""
        text, address = self._tables.query.text, self._address()
        self._tasks.forget(_POINT)
        if not text or chosen is None or address is None:
            self._row.seek("")
            return
        rows = self._tables.rows
        table, reading = rows.table, self._reading(reveal=rows.reveals)

        def work(cancel: Event, _report: Report) -> int | None:
            return holding_column(reading, table, address, text, cancel)

        self._tasks.run(_POINT, work, partial(self._row.seek, text), lambda _: None, slow=True)

    # Records of a map

    def _records(self) -> RecordsOf | None:
        """What the map in use says of the rows that are listed as records."""
        mapped = self._readings.mapped
        return records_of(mapped, self._tables.rows.table) if mapped is not None else None

    def _address(self) -> RowAddress | None:
        row = self._tables.table.current_row()
        return self._tables.rows.address(row) if row >= 0 else None

    def show_history(self) -> RowHistoryDialog | None:
        """Show the former states of the row the cursor is on, and what each of them changed."""
        from inspector.gui.tables.row_dialogs import (  # noqa: PLC0415 - seldom shown
            RowHistoryDialog,
        )

        records, address = self._records(), self._address()
        if records is None or address is None:
            return None
        reveals = self._tables.rows.reveals
        dialog = RowHistoryDialog(
            *(self._window, self._tasks, self._reading(reveal=reveals), self._reading(reveal=True)),
            *(records, address, self._row.name.text()),
        )
        dialog.open()
        return dialog

    # Numbers as times

    def show_column_as(self, epoch: Epoch | None) -> None:
        """Show the numbers of the column the cursor of the row is on as times; None as stored."""
        table, column = self._place()
        if column is None:
            return
        now = self._window_state.now
        now.times = [one for one in now.times if one[:2] != [table, column]]
        if epoch is not None:
            now.times.append([table, column, epoch.value])
        self._window_state.keep()
        self._tables.rows.show_times(self._epoch)
        self._row.values.paint_again()

    def _epoch(self, table: str, column: str) -> Epoch | None:
        for one in self._window_state.now.times:
            if one[:2] == [table, column] and one[2] in list(Epoch):
                return Epoch(one[2])
        return None

    def _place(self) -> tuple[str, str | None]:
        found = self._row.values.at(self._row.table.current_row())
        return self._row.table_name(), found[0].name if found is not None else None

    def _fill_times(self) -> None:
        """Offer from when the numbers of the column may count."""
        self.times_menu.clear()
        table, column = self._place()
        now = self._epoch(table, column) if column is not None else None
        for epoch in (*Epoch, None):
            words = epoch.words if epoch is not None else "As stored"
            action = self.times_menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(epoch is now)
            action.setEnabled(column is not None)
            action.triggered.connect(partial(self._show_as, epoch))

    def _show_as(self, epoch: Epoch | None, _checked: bool = False) -> None:
        self.show_column_as(epoch)

    def compare(self) -> RowComparisonDialog | None:
        """Show what differs between the two rows that are selected, secrets covered."""
        from inspector.gui.tables.row_dialogs import (  # noqa: PLC0415 - seldom shown
            RowComparisonDialog,
        )
        from inspector.session.row_documents import compare_rows  # noqa: PLC0415 - seldom shown

        rows = self._tables.rows
        places = [at for part in self._tables.table.selected_rows() for at in part]
        if len(places) != _PAIR or self._session() is None:
            return None
        first, second = (rows.address(at) for at in places)
        table = rows.table
        shown, whole = self._reading(reveal=rows.reveals), self._reading(reveal=True)

        def load(cancel: Event) -> Compared:
            return compare_rows(shown, whole, table, first, second, cancel)

        name = f"Row {places[0] + 1:,} and row {places[1] + 1:,}"
        dialog = RowComparisonDialog(self._window, self._tasks, load, name, table)
        dialog.open()
        return dialog

    def ask_export(self) -> ExportTableDialog | None:
        """Ask which rows and columns are written, and then where to."""
        from inspector.gui.tables.export_table_dialog import (  # noqa: PLC0415 - seldom shown
            ExportTableDialog,
        )

        rows = self._tables.rows
        if self._session() is None or not rows.columns:
            return None
        names = [column.name for column in rows.columns]
        listed = self._tables.facts.text()
        dialog = ExportTableDialog(self._window, rows.table, names, listed, self._selected())
        dialog.wanted.connect(self._ask_file)
        dialog.open()
        return dialog

    def _ask_file(self, wanted: WantedRows) -> None:
        store, rows = self._dialogs.store(), self._tables.rows
        if store is None:
            return
        ranges = self._tables.table.selected_rows() if wanted.selected else None
        table, found, form = rows.table, rows.found, wanted.form
        reading = self._reading(reveal=False, level=form.level, indent=form.indent)

        def read(cancel: Event) -> Iterator[ForeignRow]:
            return rows_in(reading, table, found, ranges, cancel)

        name = f"{store.stem}-{table}.{form.value}".replace("/", "_").replace("\\", "_")
        self._dialogs.ask_rows(
            *("Export rows of table", name),
            lambda path: self._run(read, path, store, wanted),
            (f"{form.value.upper()} (*.{form.value})",),
        )

    def _run(
        self,
        read: Callable[[Event], Iterator[ForeignRow]],
        path: Path,
        store: Path,
        wanted: WantedRows,
    ) -> None:
        def write(cancel: Event, doing: Doing) -> str:
            def far(done: int, total: int) -> None:
                doing(so_far(done, total))

            return write_rows(read(cancel), path, store, wanted, cancel, far)

        self._saving.run(write)


def write_rows(
    rows: Iterator[ForeignRow],
    path: Path,
    store: Path,
    wanted: WantedRows,
    cancel: Event,
    report: Report,
) -> str:
    """Write rows to a file that is replaced whole or not at all, secrets covered.

    Returns:
        A sentence about what was written, and what of it was not.

    Raises:
        UsageError, UnwritableError: the file cannot be written, or belongs to a store.
        CancelledError: it was stopped.
    """
    refuse_store(path, store)
    damage = ""
    with replacing(path) as file:
        writer = RowsWriter(file.write, wanted.form, wanted.columns)
        try:
            for row in until_cancelled(rows, cancel):
                writer.add(row)
                if writer.rows % _EVERY == 0:
                    report(writer.rows, 0)
        except StoreError as error:
            if not writer.rows:
                raise
            damage = str(error)
        writer.close()
    said = [f"{count(writer.rows, 'row')} exported to {path}.", damage]
    if writer.secrets + writer.payloads:
        said.append(f"{writer.secrets + writer.payloads:,} of the values are covered.")
    said += [f"{note[:1].upper()}{note[1:]} ({n:,})." for note, n in writer.notes.most_common(2)]
    return " ".join(filter(None, said))
