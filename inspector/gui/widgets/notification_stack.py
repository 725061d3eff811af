"""Of alerts over one another in one banner, the most important is seen; a closed one gives way."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject

from inspector.gui.style.text_format import visible
from inspector.gui.widgets.banner import Action, Banner, Tone
from inspector.named_tuple import NamedTuple

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
