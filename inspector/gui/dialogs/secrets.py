"""The question whether secrets go along."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from inspector.gui.words import count


def ask_secrets(parent: QWidget, covered: int, go_on: Callable[[bool], None]) -> QMessageBox:
    """Ask whether what is covered is to be written; never blocks.

    Args:
        parent: the window.
        covered: how many secrets are covered.
        go_on: called with whether secrets are written; not at all on Cancel.
    """
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle("Export")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setIcon(QMessageBox.Icon.Question)
    verb = "is" if covered == 1 else "are"
    box.setText(f"{count(covered, 'secret')} of this record {verb} covered.")
    box.setInformativeText("Covered ones are written as [covered].")
    keep = box.addButton("&Keep covered", QMessageBox.ButtonRole.AcceptRole)
    show = box.addButton("Write with &secrets", QMessageBox.ButtonRole.DestructiveRole)
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(keep)

    def answered() -> None:
        if box.clickedButton() in (keep, show):
            go_on(box.clickedButton() is show)

    box.finished.connect(lambda _: answered())
    box.open()
    return box
