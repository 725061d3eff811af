"""The notice and the texts of the licenses."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.dialogs.sizes import give_size
from inspector.gui.fonts import fonts_of
from inspector.gui.license_texts import license_texts, packed_folder
from inspector.gui.widgets.banner import plain_label


class LicensesDialog(QDialog):
    """Shows one text at a time; never blocks."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Licenses")
        self._texts = license_texts()
        self.choice = QComboBox()
        self.choice.addItems([text.title for text in self._texts])
        label = QLabel("&Text:")
        label.setBuddy(self.choice)
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setAccessibleName("License")
        self.text.setFont(fonts_of(self.font()).fixed)
        self.text.setTabChangesFocus(True)
        self.choice.currentIndexChanged.connect(self._show)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        head = QHBoxLayout()
        head.addWidget(label)
        head.addWidget(self.choice, 1)
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addWidget(self.text, 1)
        folder = packed_folder()
        if folder is not None:
            column.addWidget(plain_label(f"These texts and a bill of materials lie in {folder}."))
        column.addWidget(buttons)
        give_size(self, 760, 560)
        self._show(0)
        self.choice.setFocus()

    def _show(self, index: int) -> None:
        self.text.setPlainText(self._texts[index].text)
