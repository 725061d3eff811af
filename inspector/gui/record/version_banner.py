"""The banner under the facts that says: this is an older version, not the live state."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from inspector.gui.actions import Actions
from inspector.gui.history.versions_model import name_of
from inspector.gui.style.fonts import px
from inspector.gui.style.icons import pixmap
from inspector.gui.style.theme import tokens_of
from inspector.gui.style.time_format import TimeStyle, parse, show, zone_name
from inspector.gui.widgets.bar import Bar
from inspector.gui.widgets.buttons import EDGE, SMALL, IconButton
from inspector.gui.widgets.labels import PartsLabel
from inspector.session.summaries import Version

_LIVE: Final = "Go to current version"
_LIVE_SHORT: Final = "Current"


def version_least(version: Version) -> str:
    """The version's name and tag, where there is room for no more."""
    return f"{name_of(version)} ({version.tag})" if version.tag else name_of(version)


def version_words(version: Version, style: TimeStyle, *, gone: bool) -> str:
    """Which version it is, and how it stands to the live state.

    Args:
        version: the one that is read.
        style: how times are written; where that is relative, this one is in UTC.
        gone: the record has only history.
    """
    tag = f" ({version.tag})" if version.tag else ""
    moment = parse(version.archived_at)
    time = ""
    if moment is not None:
        style = TimeStyle.UTC if style is TimeStyle.RELATIVE else style
        zone = "" if style is TimeStyle.UTC else f" {zone_name(moment, style)}"
        time = f", {show(moment, style, moment)}{zone}"
    if gone:
        state = " of a deleted record"
    else:
        state = ", same as the current state" if version.live else ", not the current state"
    # The end is cut where there is no room, and may be missed.
    if version.logged is not None:
        return f"Viewing a state {version.logged.words}{tag}{state}{time}"
    return f"Viewing version {name_of(version)}{tag}{state}{time}"


class VersionBanner(Bar):
    """Version and time, a stepper, and the way back to the live state."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(34, left=12, ground="tint_span", line=True, parent=parent)
        self._icon = QLabel()
        self._words = PartsLabel(Qt.TextElideMode.ElideRight)
        self._place = QLabel()
        self._live = QPushButton(_LIVE)
        self._live.setAccessibleName(_LIVE)
        self._live.clicked.connect(actions["live"].trigger)
        self.row.addWidget(self._icon)
        self.row.addWidget(self._words, 1)
        self.row.addStretch()
        self.row.addWidget(IconButton(actions["older"], self, SMALL))
        self.row.addWidget(self._place)
        self.row.addWidget(IconButton(actions["newer"], self, SMALL))
        self.row.addWidget(self._live)
        self.hide()

    def tell(self, words: str, place: str, *, live: bool, least: str = "") -> None:
        """Show the strip.

        Args:
            words: which version this is.
            least: its name, which stands alone where there is room for no more.
            place: where it stands among the others.
            live: whether there is a live state to go back to.
        """
        self._words.least = least
        self._words.setText(words)
        self._place.setText(place)
        self._live.setVisible(live)
        self._dress()
        self.setAccessibleName(words)
        self._fit_words()
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    @property
    def words(self) -> str:
        """What it says, empty while it is hidden."""
        return "" if self.isHidden() else self._words.text()

    def _fit_words(self) -> None:
        """Give the version room: of the way back and then of the place less is shown."""
        width = self._words.fontMetrics().horizontalAdvance
        self._live.setText(_LIVE)
        self._place.show()
        if self._taken() + width(self._words.first) > self.width():
            self._live.setText(_LIVE_SHORT)
            least = self._words.least or self._words.first
            self._place.setVisible(self._taken() + width(least) <= self.width())
        self._live.setToolTip("" if self._live.text() == _LIVE else _LIVE)

    def _taken(self) -> int:
        """What all but the words take."""
        self.row.invalidate()
        return self.row.totalMinimumSize().width() - self._words.minimumSizeHint().width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the words that fit."""
        super().resizeEvent(event)
        self._fit_words()

    def _dress(self) -> None:
        color = tokens_of(self.palette()).color("link")
        self._icon.setPixmap(pixmap("clock", color, px(self, EDGE), self.devicePixelRatioF()))

    def changeEvent(self, event: QEvent) -> None:
        """Follow palette and text size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()
            self._fit_words()
