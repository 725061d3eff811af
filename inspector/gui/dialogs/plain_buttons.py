"""Dialog buttons as words: the pictures some styles put on them are of another time."""

from __future__ import annotations

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox


def take_icons_off(dialog: QDialog) -> None:
    """Take the pictures off the buttons at the foot of a dialog; call it before it is shown."""
    for box in dialog.findChildren(QDialogButtonBox):
        for button in box.buttons():
            button.setIcon(QIcon())
