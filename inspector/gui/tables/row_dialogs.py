"""Rows of a table in dialogs: the former states of one, and what differs between two."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from inspector.errors import InspectorError
from inspector.foreign.column_map import RecordsOf
from inspector.gui.cells.columns import Column
from inspector.gui.cells.list_model import ListModel
from inspector.gui.cells.table_view import TableView
from inspector.gui.dialogs.message_boxes import give_size, take_icons_off
from inspector.gui.diff.difference_pane import DifferencePane
from inspector.gui.style.text_format import count, one_line, visible, visible_name
from inspector.gui.style.text_runs import TEXT, Cell, Elide, Run
from inspector.gui.tasks import Report, TaskGroup, Tasks
from inspector.gui.widgets.banner import plain_label
from inspector.gui.widgets.splitter import LineSplitter
from inspector.gui.widgets.time_axis import moments_of
from inspector.gui.widgets.time_axis_view import TimeAxis
from inspector.gui.widgets.work_footer import WorkBar, WorkFooter
from inspector.session.foreign_rows import ForeignReading
from inspector.session.history_queries import Compared
from inspector.session.row_documents import RowAddress, compare_rows
from inspector.session.row_history import RowState, row_states

CHANNEL = "states"


class StatesModel(ListModel[RowState]):
    """A line for each state, the newest first."""

    def cell(self, row: RowState, key: str) -> Cell:
        """What orders it, or its time."""
        words = row.time if key == "time" else row.order
        return Cell((Run(one_line(words), TEXT, Elide.ElideRight),))


class RowHistoryDialog(QDialog):
    """Lists the states that the map's table of them has of one row.

    Args:
        parent: the window.
        tasks: its worker.
        shown: reads the file with what is covered.
        whole: reads it as it is, so that what is covered is told to differ.
        records: what the map says of the row's table.
        address: where the row is.
        name: what the row is called.
    """

    def __init__(
        self,
        parent: QWidget,
        tasks: Tasks,
        shown: ForeignReading,
        whole: ForeignReading,
        records: RecordsOf,
        address: RowAddress,
        name: str,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.setWindowTitle("History of row")
        history = records.history
        assert history is not None, "the action is enabled where there is one"
        self._tasks = TaskGroup(tasks, "row history")
        self._shown, self._whole = shown, whole
        self._records, self._address, self._table = records, address, history.table
        columns = [Column("order", visible(history.order), 80, stretch=True)]
        if records.time not in ("", history.order):
            columns.append(Column("time", visible(records.time), 160))
        self.states = StatesModel(columns, self)
        self.table = TableView(columns)
        self.table.setModel(self.states)
        self.table.setAccessibleName("States")
        self.axis = TimeAxis(self._called)
        self.axis.setAccessibleName("Times of the states")
        self.axis.chosen.connect(self.table.selectRow)
        self.pane = DifferencePane(self._tasks)
        self.words = plain_label(f"States of {visible(name)} in {visible_name(history.table)}.")
        self.bar = WorkBar()
        self.footer = WorkFooter(self.bar)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        split = LineSplitter(Qt.Orientation.Horizontal, name="States and difference")
        rows = QWidget()
        stacked = QVBoxLayout(rows)
        stacked.setContentsMargins(0, 0, 0, 0)
        stacked.setSpacing(0)
        stacked.addWidget(self.axis)
        stacked.addWidget(self.table, 1)
        split.addWidget(rows)
        split.addWidget(self.pane)
        split.setSizes([200 if self.states.columnCount() == 1 else 300, 660])
        column = QVBoxLayout(self)
        for part in (self.words, self.bar, split, self.footer, buttons):
            column.addWidget(part, int(part is split))
        take_icons_off(self)
        give_size(self, 900, 560)
        self.pane.tell("", "", "No state selected.")
        self.table.selectionModel().currentRowChanged.connect(self._select)
        self.footer.cancelled.connect(lambda: self._tasks.cancel(CHANNEL))
        self.footer.continued.connect(self.look)
        self.finished.connect(lambda _: self._forget())
        self.look()

    def _forget(self) -> None:
        self._tasks.forget(CHANNEL)
        self.pane.forget()

    def _called(self, row: int) -> str:
        state = self.states.at(row)
        return "" if state is None else visible(state.order)

    def look(self) -> None:
        """Find the states."""

        def work(cancel: Event, _report: Report) -> list[RowState]:
            return row_states(self._shown, self._records, self._address, cancel)

        self.footer.start("Looking for states")
        self._tasks.run(CHANNEL, work, self._done, self._fail, slow=True)

    def _done(self, states: list[RowState]) -> None:
        self.footer.finish()
        self.states.set_rows(states[::-1])
        self.axis.show_moments(moments_of([one.time for one in states[::-1]]), -1)
        self.table.columns.switch("time", any(one.time for one in states))
        self.words.setText(f"{self.words.text()} {count(len(states), 'state')}.")
        if states:
            self.table.selectRow(0)
            self.table.setFocus()
        else:
            self.pane.tell("", "", "No states of this row are kept.")

    def _fail(self, error: InspectorError) -> None:
        wrong = self.footer.failed(error, "Stopped before all states were found.")
        if wrong:
            self.pane.tell("", "", visible(wrong))

    def _select(self, current: QModelIndex, _before: QModelIndex) -> None:
        after = self.states.at(current.row())
        self.axis.set_current(current.row())
        before = self.states.at(current.row() + 1)
        if after is None:
            return
        facts = f"{visible_name(self._table)}, {visible(after.order)}"
        # Of the first one there is no earlier state: it is shown as it was.
        name = (
            f"Since {visible(before.order)}" if before is not None else "First state that is kept"
        )
        earlier, later = (before or after).address, after.address

        def load(cancel: Event) -> Compared:
            return compare_rows(self._shown, self._whole, self._table, earlier, later, cancel)

        self.pane.show_loaded(load, name, facts, only="after" if before is None else "")


# Two rows of a table beside each other: the fields that differ, blobs decoded.


class RowComparisonDialog(QDialog):
    """Shows what differs between two rows.

    Args:
        parent: the window.
        tasks: its worker.
        load: reads and compares them; called in the worker.
        name: what is compared with what.
        table: of which table.
    """

    def __init__(
        self,
        parent: QWidget,
        tasks: Tasks,
        load: Callable[[Event], Compared],
        name: str,
        table: str,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.setWindowTitle("Compare rows")
        self.pane = DifferencePane(TaskGroup(tasks, "row comparison"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.pane, 1)
        column.addWidget(buttons)
        take_icons_off(self)
        self.finished.connect(lambda _: self.pane.forget())
        give_size(self, 860, 560)
        self.pane.show_loaded(load, name, table)
