"""How large a dialog is to begin with."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QWidget

from inspector.gui.fonts import px

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
