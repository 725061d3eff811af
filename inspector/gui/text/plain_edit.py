"""Qt's text edit, of which a copy has the characters that stand in it."""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QPlainTextEdit


class PlainEdit(QPlainTextEdit):
    """A text edit whose selection is copied and dragged as it is.

    Qt's own (6.11) writes a no-break space as a space there, though it has kept it:
    ``findings/text_edits_copy_other_characters.sh``.
    """

    def selected_text(self) -> str:
        """What is selected."""
        return self.textCursor().selectedText().replace("\u2029", "\n")

    def createMimeDataFromSelection(self) -> QMimeData:
        """The selection as text."""
        data = QMimeData()
        data.setText(self.selected_text())
        return data
