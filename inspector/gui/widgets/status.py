"""The status line: small parts with lines between them, some of which can be pressed."""

from __future__ import annotations

from itertools import pairwise
from typing import Final, TypeVar

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from inspector.gui.fonts import fonts_of, px
from inspector.gui.icons import icon
from inspector.gui.theme import Tokens, tokens_of

P = TypeVar("P", "StatusPart", "StatusWords")
_EDGE: Final = 14  #: of an icon, for a 13 px font
#: The palette of the line may be the new one only with the second of these.
_DRESSED_BY: Final = (
    QEvent.Type.ApplicationPaletteChange,
    QEvent.Type.PaletteChange,
    QEvent.Type.FontChange,
)


class StatusWords(QLabel):
    """Words in the status line, hidden where there are none. ``said`` tells that they are others.

    Args:
        name: what they are about, for screen readers.
        dim: whether they are less important than others.
        gives_way: where there is no room for all the highest goes first; never where 0.
    """

    said = Signal()

    def __init__(self, name: str, *, dim: bool = False, gives_way: int = 0) -> None:
        super().__init__()
        self._name, self._dim, self.gives_way = name, dim, gives_way
        self.setTextFormat(Qt.TextFormat.PlainText)
        # As far apart as buttons with the same words.
        self.setContentsMargins(6, 0, 6, 0)
        self.say("")

    def say(self, words: str, tip: str = "") -> None:
        """Set the words and the tooltip."""
        self.setText(words)
        _name(self, self._name, words, tip)
        self.dress()
        self.said.emit()

    def dress(self) -> None:
        """Follow palette and text size."""
        _dress(self, "dim" if self._dim else "text")


class StatusPart(QToolButton):
    """The same as a button, perhaps with an icon.

    Args:
        name: what it is about, for screen readers.
        icon_name: of the icon before the words.
        gives_way: where there is no room for all the highest goes first; never where 0.
    """

    said = Signal()

    def __init__(self, name: str, icon_name: str = "", *, gives_way: int = 0) -> None:
        super().__init__()
        self._name, self._icon_name, self.gives_way = name, icon_name, gives_way
        self._accent = ""
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
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
        _name(self, self._name, words, tip)
        self.dress()
        self.said.emit()

    def dress(self) -> None:
        """Follow palette and text size, the icon too."""
        tokens = _dress(self, "text")
        edge = px(self, _EDGE)
        self.setIconSize(QSize(edge, edge))
        if self._icon_name:
            self.setIcon(icon(self._icon_name, tokens.color(self._accent or "dim")))


def _name(part: QWidget, name: str, words: str, tip: str) -> None:
    """Show a part that has words, and say to the ear what they are about."""
    part.setToolTip(tip)
    part.setAccessibleName(f"{name}: {words}" if name else words)
    part.setVisible(bool(words))


def _dress(part: QWidget, ink: str) -> Tokens:
    """Give a part the small font and the colour of a token; all tokens."""
    # The line's, since a part's own palette follows it only later.
    tokens = tokens_of((part.parentWidget() or part).palette())
    part.setFont(fonts_of(part.window().font()).small)
    palette = QPalette()
    for role in (palette.ColorRole.ButtonText, palette.ColorRole.WindowText):
        palette.setColor(role, tokens.color(ink))
    part.setPalette(palette)
    return tokens


class StatusLine(QWidget):
    """A line of parts, some at the left, some at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parts: list[StatusPart | StatusWords] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(6, 1, 6, 0)
        self._row.setSpacing(9)
        self._gap = 0

    def add(self, part: P, *, right: bool = False) -> P:
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
