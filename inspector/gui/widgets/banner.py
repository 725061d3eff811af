"""A tinted strip on top of what it speaks about: a title, a sentence, what can be done.

Of alerts over one another in one, the most important is seen; a closed one gives way.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
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
from inspector.gui.style.text_format import visible
from inspector.gui.style.theme import tokens_of
from inspector.gui.widgets.buttons import EDGE, fit_icon
from inspector.named_tuple import NamedTuple

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


_NAMED: Final = 5  #: settings that are named


class Notification(NamedTuple):
    """A banner. One with a higher ``rank`` hides the others; ``key`` is replaced by itself.

    ``quiet`` is for one that only brings itself up to date: it is not announced.
    """

    key: str
    rank: int
    tone: Tone
    title: str
    body: str = ""
    actions: tuple[Action, ...] = ()
    quiet: bool = False


class NotificationStack(QObject):
    """Shows one alert at a time."""

    def __init__(self, banner: Banner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._banner = banner
        self._alerts: dict[str, Notification] = {}

    def clear(self) -> None:
        """What was said is of no interest any more."""
        self._alerts.clear()
        self._show()

    def tell(self, alert: Notification) -> None:
        """Show an alert, or keep it until those above it are closed."""
        self._alerts[alert.key] = alert
        self._show()

    def drop(self, key: str) -> None:
        """An alert does not hold any more, or was read."""
        if self._alerts.pop(key, None) is not None:
            self._show()

    def __contains__(self, key: str) -> bool:
        return key in self._alerts

    def _show(self) -> None:
        top = max(self._alerts.values(), key=lambda alert: alert.rank, default=None)
        if top is None:
            self._banner.hide()
            return
        self._banner.tell(
            *(top.tone, top.title, top.body, top.actions),
            dismissed=lambda: self.drop(top.key),
            announce=not top.quiet,
        )


def tell_ignored(ignored: list[str], notices: NotificationStack) -> None:
    """Say once what of the settings could not be used, and empty the list of it."""
    if not ignored:
        return
    title = "Some settings could not be used."
    body = f"Left out: {visible(', '.join(ignored[:_NAMED]))}."
    if "all" in ignored:
        title, body = "The settings could not be read.", "The defaults are used."
    ignored.clear()
    notices.tell(Notification("settings", 1, Tone.NOTE, title, body))
