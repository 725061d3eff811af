"""Asks which rows and columns of a table are written to a file, and as what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.dialogs.message_boxes import give_size, take_icons_off
from inspector.gui.style.text_format import count, visible_name
from inspector.gui.widgets.banner import plain_label
from inspector.gui.widgets.column_choice import ColumnChoice
from inspector.named_tuple import NamedTuple
from inspector.session.row_export import RowForm

_FORMS: Final = {
    RowForm.NDJSON: "NDJSON, a row a line",
    RowForm.JSON: "JSON, one array",
    RowForm.CSV: "CSV, with a head",
}
_COVERED: Final = "Blobs are decoded as their columns are read. Secrets stay covered."


class WantedRows(NamedTuple):
    """What is written.

    Attributes:
        selected: the selected rows alone, and not all that are listed.
        columns: the columns, in their order; empty for all of them.
        form: as what.
    """

    selected: bool
    columns: tuple[str, ...]
    form: RowForm


class ExportTableDialog(QDialog):
    """``wanted`` tells the :class:`WantedRows`.

    Args:
        parent: the window.
        table: the table's name.
        columns: all of its columns.
        listed: rows that are listed, as words.
        selected: rows that are selected.
    """

    wanted = Signal(WantedRows)

    def __init__(
        self, parent: QWidget, table: str, columns: Sequence[str], listed: str, selected: int
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Export rows of table")
        self.rows = QComboBox()
        self.rows.addItem(f"All that are listed ({listed})", False)
        self.rows.addItem(f"Selected ({count(selected, 'row')})", True)
        self.rows.setCurrentIndex(int(selected > 1))
        self.form = QComboBox()
        for form, words in _FORMS.items():
            self.form.addItem(words, form)
        self.columns = ColumnChoice(columns, self)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.export_button: QPushButton = self.buttons.addButton(
            "&Export\N{HORIZONTAL ELLIPSIS}", QDialogButtonBox.ButtonRole.AcceptRole
        )
        self._lay_out(table)
        self.buttons.rejected.connect(self.reject)
        self.export_button.clicked.connect(self._answer)
        self.columns.changed.connect(self._enable)

    def _lay_out(self, table: str) -> None:
        form = QFormLayout()
        form.addRow("&Rows", self.rows)
        form.addRow("&Format", self.form)
        form.addRow("&Columns", self.columns)
        column = QVBoxLayout(self)
        column.addWidget(plain_label(f"Rows of {visible_name(table)}."))
        column.addLayout(form, 1)
        column.addWidget(plain_label(_COVERED))
        column.addWidget(self.buttons)
        take_icons_off(self)
        give_size(self, 480, 440)

    def _enable(self) -> None:
        self.export_button.setEnabled(bool(self.columns.chosen()))

    def _answer(self) -> None:
        form = RowForm(self.form.currentData())
        self.accept()
        self.wanted.emit(WantedRows(bool(self.rows.currentData()), self.columns.chosen(), form))
