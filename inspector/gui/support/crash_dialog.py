"""What is known of crashes, to be read before it is given away."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from inspector.gui.dialogs.message_boxes import give_size, take_icons_off
from inspector.gui.style.fonts import fonts_of
from inspector.gui.widgets.banner import plain_label
from inspector.gui.widgets.scroll_bars import slim

_WORDS = (
    "This is all that Copy report copies. It names no record, file or user; read it before you"
    " pass it on."
)


class CrashDialog(QDialog):
    """A text that can be copied; never blocks."""

    def __init__(self, parent: QWidget, copy: Callable[[], object]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("What went wrong")
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setAccessibleName("Report")
        self.text.setFont(fonts_of(self.font()).fixed)
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy_it = buttons.addButton("Copy &report", QDialogButtonBox.ButtonRole.ActionRole)
        copy_it.clicked.connect(lambda _=False: copy())
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.addWidget(plain_label(_WORDS))
        column.addWidget(self.text, 1)
        column.addWidget(buttons)
        take_icons_off(self)
        slim(self.text)
        give_size(self, 640, 420)
        self.text.setFocus()

    def tell(self, text: str) -> None:
        """Show a text."""
        self.text.setPlainText(text)
