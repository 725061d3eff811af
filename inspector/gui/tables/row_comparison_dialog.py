"""Two rows of a table beside each other: the fields that differ, blobs decoded."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from inspector.gui.dialogs.dialog_setup import give_size, take_icons_off
from inspector.gui.diff.difference_pane import DifferencePane
from inspector.gui.tasks import TaskGroup, Tasks
from inspector.session.history_queries import Compared


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
