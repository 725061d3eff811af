"""Buttons that show an action: with an icon, its key in the tooltip, and a name for the ear."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QKeySequence, QPaintEvent
from PySide6.QtWidgets import (
    QStyle,
    QStyleOptionFocusRect,
    QStyleOptionToolButton,
    QStylePainter,
    QToolButton,
    QWidget,
)

from inspector.gui.style.fonts import px
from inspector.gui.style.icons import pixmap
from inspector.gui.style.theme import tokens_of

BIG: Final = 28
SMALL: Final = 24
EDGE: Final = 16  #: of an icon


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


def fit_icon(button: QToolButton, size: int = SMALL, edge: int = EDGE) -> None:
    """Give a button with nothing but an icon its size for the text size.

    Args:
        button: the button.
        size: its edge, for a 13 px font.
        edge: that of its icon.
    """
    button.setIconSize(QSize(px(button, edge), px(button, edge)))
    button.setFixedSize(px(button, size), px(button, size))


class IconButton(QToolButton):
    """A flat square button for an action that also stands in a menu."""

    def __init__(self, action: QAction, parent: QWidget | None = None, size: int = BIG) -> None:
        super().__init__(parent)
        self._action, self._size = action, size
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._fit()
        self.setDefaultAction(action)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        action.changed.connect(self._name)
        self._name()

    def _fit(self) -> None:
        fit_icon(self, self._size)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _name(self) -> None:
        words = plain_text(self._action)
        key = key_text(self._action) or str(self._action.property("hint") or "")
        self.setAccessibleName(words)
        self.setToolTip(f"{words} ({key})" if key else words)


class MenuButton(QToolButton):
    """A button with words that opens a menu, with our arrow: the style's lies on the words."""

    def __init__(self, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(words)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        """Room for the words and the arrow."""
        return super().sizeHint() + QSize(px(self, EDGE), 0)

    def minimumSizeHint(self) -> QSize:
        """The same: words are not cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the button without the style's arrow, and ours at its right end."""
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        option.features &= ~QStyleOptionToolButton.ToolButtonFeature.HasMenu
        painter = QStylePainter(self)
        edge = px(self, EDGE)
        flat = self.autoRaise() and not (self.isEnabled() and self.underMouse())
        if self.isDown() or not flat:
            painter.drawPrimitive(QStyle.PrimitiveElement.PE_PanelButtonTool, option)
        if self.hasFocus():
            focus = QStyleOptionFocusRect()
            focus.initFrom(self)
            focus.rect = self.rect().adjusted(3, 3, -3, -3)
            painter.drawPrimitive(QStyle.PrimitiveElement.PE_FrameFocusRect, focus)
        option.rect = self.rect().adjusted(0, 0, -edge, 0)
        painter.drawControl(QStyle.ControlElement.CE_ToolButtonLabel, option)
        color = tokens_of(self.palette()).color("dim")
        arrow = pixmap("down", color, edge, self.devicePixelRatioF())
        painter.drawPixmap(option.rect.right(), (self.height() - edge) // 2, arrow)
        painter.end()
