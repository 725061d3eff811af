"""Asks which columns of a list of records are written as CSV."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from inspector.gui.dialogs.message_boxes import give_size, take_icons_off
from inspector.gui.style.text_format import visible
from inspector.gui.widgets.banner import plain_label
from inspector.gui.widgets.column_choice import ColumnChoice


class ListColumnsDialog(QDialog):
    """Calls ``write`` with the columns, in their order, if the answer is to export.

    Args:
        parent: the window.
        name: of the file.
        columns: all of them.
        write: writes those that are chosen.
    """

    def __init__(
        self,
        parent: QWidget,
        name: str,
        columns: Sequence[str],
        write: Callable[[tuple[str, ...]], None],
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Export list of records")
        self._write = write
        self.choice = ColumnChoice(columns, self)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.export_button: QPushButton = buttons.addButton(
            "&Export", QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.export_button.setDefault(True)
        column = QVBoxLayout(self)
        column.addWidget(plain_label(f"Columns of {visible(name)}."))
        column.addWidget(self.choice, 1)
        column.addWidget(buttons)
        take_icons_off(self)
        give_size(self, 380, 400)
        self.choice.changed.connect(self._enable)
        self.export_button.clicked.connect(self._answer)
        buttons.rejected.connect(self.reject)

    def _enable(self) -> None:
        self.export_button.setEnabled(bool(self.choice.chosen()))

    def _answer(self) -> None:
        self.accept()
        self._write(self.choice.chosen())
