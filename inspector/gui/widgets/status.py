"""The status line: small parts with lines between them, some of which can be pressed."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from inspector.gui.fonts import fonts_of, px
from inspector.gui.icons import icon
from inspector.gui.theme import tokens_of

#: The palette of the line may be the new one only with the second of these.
_DRESSED_BY: Final = (
    QEvent.Type.ApplicationPaletteChange,
    QEvent.Type.PaletteChange,
    QEvent.Type.FontChange,
)


class StatusPart(QToolButton):
    """Words in the status line, perhaps with an icon; pressing says more.

    A part without words is not shown. ``said`` tells that it has others.

    Args:
        name: what it is about, for screen readers.
        icon_name: of the icon before the words.
        dim: whether it is less important than others.
        gives_way: where there is no room for all the highest goes first; never where 0.
    """

    said = Signal()

    def __init__(
        self, name: str, icon_name: str = "", *, dim: bool = False, gives_way: int = 0
    ) -> None:
        super().__init__()
        self._name = name
        self._icon_name = icon_name
        self._dim = dim
        self._accent = ""
        self.gives_way = gives_way
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setIconSize(QSize(14, 14))
        self.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            if icon_name
            else Qt.ToolButtonStyle.ToolButtonTextOnly
        )
        self.say("")

    def say(self, words: str, tip: str = "", accent: str = "") -> None:
        """Set the words, the tooltip, and the token of the icon's colour."""
        self._accent = accent
        self.setText(words.replace("&", "&&"))
        self.setToolTip(tip)
        self.setAccessibleName(f"{self._name}: {words}" if self._name else words)
        self.setVisible(bool(words))
        self.dress()
        self.said.emit()

    def dress(self) -> None:
        """Follow palette and text size."""
        # The line's, since a part's own palette follows it only later.
        tokens = tokens_of((self.parentWidget() or self).palette())
        self.setFont(fonts_of(self.window().font()).small)
        palette = QPalette()
        ink = tokens.color("dim" if self._dim else "text")
        for role in (palette.ColorRole.ButtonText, palette.ColorRole.WindowText):
            palette.setColor(role, ink)
        self.setPalette(palette)
        if self._icon_name:
            self.setIcon(icon(self._icon_name, tokens.color(self._accent or "dim")))


class StatusLine(QWidget):
    """A line of parts, some at the left, some at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parts: list[StatusPart] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(6, 1, 6, 0)
        self._row.setSpacing(9)
        self._gap = 0

    def add(self, part: StatusPart, *, right: bool = False) -> StatusPart:
        """Put a part at the end of the left or the right side; left parts come first."""
        if right and not self._gap:
            self._row.addStretch(1)
            self._gap = len(self.parts)
        self.parts.append(part)
        self._row.addWidget(part)
        part.said.connect(self.fit)
        return part

    def fit(self) -> None:
        """Show the parts there is room for: they go whole, and the line's tooltip has them."""
        shown = [part for part in self.parts if part.text()]
        margins, spacing = self._row.contentsMargins(), self._row.spacing()
        room = self.width() - margins.left() - margins.right() + spacing
        needed = sum(part.sizeHint().width() + spacing for part in shown)
        left_out = []
        for part in sorted(shown, key=lambda each: each.gives_way, reverse=True):
            if needed > room and part.gives_way:
                needed -= part.sizeHint().width() + spacing
                left_out.append(part)
        for part in shown:
            part.setVisible(part not in left_out)
        self.setToolTip("\n".join(part.accessibleName() for part in shown if part in left_out))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width."""
        super().resizeEvent(event)
        self.fit()

    def sizeHint(self) -> QSize:
        """Never lower than 26."""
        return QSize(super().sizeHint().width(), max(26, px(self, 26)))

    def minimumSizeHint(self) -> QSize:
        """Parts that have no room are cut; the line never widens the window."""
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line above and those between the parts."""
        painter = QPainter(self)
        painter.setPen(tokens_of(self.palette()).color("line"))
        painter.drawLine(0, 0, self.width(), 0)
        shown = [part for part in self.parts if not part.isHidden()]
        for before, after in pairwise(shown):
            gap = after.x() - before.geometry().right()
            if gap < 2 * self._row.spacing():
                x = before.geometry().right() + gap // 2
                painter.drawLine(x, 7, x, self.height() - 7)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Pass palette and text size on."""
        super().changeEvent(event)
        if event.type() in _DRESSED_BY:
            for part in self.parts:
                part.dress()
            self.fit()
