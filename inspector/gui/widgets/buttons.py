"""Buttons that show an action: with an icon, its key in the tooltip, and a name for the ear."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QToolButton, QWidget

BIG: Final = 28
SMALL: Final = 24


def key_text(action: QAction) -> str:
    """The action's first key as the platform writes it, or an empty string."""
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)


def plain(words: str) -> str:
    """Words of a menu without their mnemonic and dots."""
    bare = words.replace("&&", "\0").replace("&", "").replace("\0", "&")
    return bare.rstrip(".\N{HORIZONTAL ELLIPSIS}")


def plain_text(action: QAction) -> str:
    """The action's words without mnemonic and dots."""
    return plain(action.text())


class IconButton(QToolButton):
    """A flat square button for an action that also stands in a menu."""

    def __init__(self, action: QAction, parent: QWidget | None = None, size: int = BIG) -> None:
        super().__init__(parent)
        self._action = action
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setIconSize(QSize(16, 16))
        self.setFixedSize(size, size)
        self.setDefaultAction(action)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        action.changed.connect(self._name)
        self._name()

    def _name(self) -> None:
        words, key = plain_text(self._action), key_text(self._action)
        self.setAccessibleName(words)
        self.setToolTip(f"{words} ({key})" if key else words)
