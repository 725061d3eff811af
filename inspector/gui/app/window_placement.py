"""Where a new window lies: on the screen as a whole, and not exactly over another one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

STEP: Final = 32  #: pixels a new window lies beside the one before it


def place_beside(window: QWidget, others: Sequence[QWidget]) -> None:
    """Move a window away from others; it is made narrower where it would leave the screen.

    Args:
        window: not on the screen yet.
        others: those that are.
    """
    taken = [other.pos() for other in others]
    frames = [other.frameGeometry().size() - other.size() for other in others]
    room = window.screen().availableGeometry()
    frame = max((each.height() for each in frames), default=0)
    lowest = room.bottom() + 1 - window.height() - frame
    place = window.pos()
    for _ in range(len(taken) + 1):
        if place.y() > lowest:
            # Never below the edge, where the status line would not be seen: begin a new row.
            place.setY(room.top())
        if not any((place - other).manhattanLength() < STEP for other in taken):
            break
        place += QPoint(STEP, STEP)
    if place != window.pos():
        window.move(place)
    width = room.right() + 1 - place.x() - max((each.width() for each in frames), default=0)
    if window.minimumWidth() <= width < window.width():
        # Nor beyond the right edge, where its buttons and its corner would not be reached.
        window.resize(width, window.height())
