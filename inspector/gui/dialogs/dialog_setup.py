"""What dialogs have in common: buttons without pictures, and a size to begin with."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QWidget

from inspector.gui.style.fonts import px


def take_icons_off(dialog: QDialog) -> None:
    """Take the pictures off the buttons at the foot of a dialog; call it before it is shown."""
    for box in dialog.findChildren(QDialogButtonBox):
        for button in box.buttons():
            button.setIcon(QIcon())


_FREE: Final = 64  #: pixels of the screen that are left at least


def give_size(dialog: QWidget, width: int, height: int) -> None:
    """Make a dialog as large as its text needs, as far as the screen goes.

    Args:
        dialog: not shown yet.
        width: for a 13 px font, in device-independent pixels.
        height: the same.
    """
    room = dialog.screen().availableSize()
    wide, high = px(dialog, width), px(dialog, height)
    dialog.resize(min(wide, room.width() - _FREE), min(high, room.height() - _FREE))
