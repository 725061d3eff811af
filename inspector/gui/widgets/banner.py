"""A tinted strip on top of what it speaks about: a title, a sentence, what can be done."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.style.fonts import fonts_of, px
from inspector.gui.style.icons import icon, pixmap
from inspector.gui.style.theme import tokens_of
from inspector.gui.widgets.buttons import EDGE, fit_icon

Action = tuple[str, Callable[[], object]]
_NARROW: Final = 560  #: below this width the buttons always stand under the text
_BESIDE: Final = 96  #: what icon, margins and the button to close it take


class Tone(Enum):
    """What a banner is about: its icon, the token of the icon, the token of the ground."""

    ERROR = ("error", "removed", "tint_removed")
    WARNING = ("warning", "changed", "tint_changed")
    NOTE = ("info", "link", "tint_span")
    PAUSED = ("pause", "changed", "bars")


def plain_label(words: str = "", parent: QWidget | None = None) -> QLabel:
    """A label that shows data as it is and wraps."""
    label = QLabel(words, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return label


def set_buttons(row: QHBoxLayout, actions: tuple[Action, ...], *, centred: bool = False) -> None:
    """Put a button for each action into a row, in place of those there were."""
    while (item := row.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            old.hide()
            old.deleteLater()
    if centred:
        row.addStretch()
    for words, do in actions:
        button = QPushButton(words)
        button.clicked.connect(lambda _=False, do=do: do())
        row.addWidget(button)
    row.addStretch()


class Banner(QWidget):
    """Hidden until :meth:`tell` is called."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = Tone.NOTE
        self._icon, self._title, self._body = QLabel(), plain_label(), plain_label()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._body)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._flow = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._flow.addLayout(words, 1)
        self._flow.addLayout(self._buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._flow, 1)
        self._close = QToolButton()
        self._close.setAutoRaise(True)
        self._close.setAccessibleName("Dismiss")
        self._close.setToolTip("Dismiss")
        self._close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._close.clicked.connect(self._dismiss)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self._dismissed: Callable[[], object] | None = None
        self.hide()

    def tell(
        self,
        tone: Tone,
        title: str,
        body: str = "",
        actions: tuple[Action, ...] = (),
        dismissed: Callable[[], object] | None = None,
        *,
        announce: bool = True,
    ) -> None:
        """Show the banner.

        Args:
            tone: what it is about.
            title: one sentence.
            body: what else is so, and what can be done.
            actions: a button each.
            dismissed: called when the person closes the banner, which has then been hidden; without
                it the banner cannot be closed.
            announce: whether a screen reader says it at once.
        """
        self._tone = tone
        self._dismissed = dismissed
        self._close.setVisible(dismissed is not None)
        self._title.setText(title)
        self._body.setText(body)
        self._body.setVisible(bool(body))
        set_buttons(self._buttons, actions)
        self._dress()
        self.setAccessibleName(f"{title} {body}".strip())
        self._arrange(self.width())
        self.show()
        # Labels repaint themselves alone: ground and mark may have another tone now.
        self.update()
        if announce:
            from PySide6.QtGui import (  # noqa: PLC0415 - not before the first rows
                QAccessible,
                QAccessibleEvent,
            )

            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    @property
    def words(self) -> str:
        """What it says, empty while it is hidden."""
        return "" if self.isHidden() else self.accessibleName()

    def _dismiss(self) -> None:
        self.hide()
        if self._dismissed is not None:
            self._dismissed()

    def _dress(self) -> None:
        self._close.setIcon(icon("close"))
        name, ink, _ = self._tone.value
        color = tokens_of(self.palette()).color(ink)
        edge = px(self, EDGE)
        self._icon.setFixedWidth(edge)
        self._icon.setPixmap(pixmap(name, color, edge, self.devicePixelRatioF()))
        fit_icon(self._close)
        self._title.setFont(fonts_of(self.font()).bold)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, mark and line."""
        tokens = tokens_of(self.palette())
        _, ink, tint = self._tone.value
        painter = QPainter(self)
        painter.fillRect(self.rect(), tokens.color(tint))
        painter.fillRect(0, 0, 3, self.height(), tokens.color(ink))
        painter.fillRect(0, self.height() - 1, self.width(), 1, tokens.color("line"))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons under the text where it is narrow."""
        self._arrange(event.size().width())
        super().resizeEvent(event)

    def _arrange(self, width: int) -> None:
        """Buttons stand beside the text only where the title keeps its one line."""
        title = QFontMetrics(self._title.font()).horizontalAdvance(self._title.text())
        needed = title + self._buttons.sizeHint().width() + _BESIDE
        wide = width >= max(_NARROW, needed)
        direction = QBoxLayout.Direction
        self._flow.setDirection(direction.LeftToRight if wide else direction.TopToBottom)

    def changeEvent(self, event: QEvent) -> None:
        """Follow palette and text size."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()
        super().changeEvent(event)
