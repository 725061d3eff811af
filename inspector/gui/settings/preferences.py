"""What was preferred takes hold at once, in every window, and is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from inspector.gui.actions import Actions
from inspector.gui.settings.settings import APPEARANCES, PREFERENCES, Settings
from inspector.gui.style.fonts import set_zoom
from inspector.gui.style.theme import Theme

_SCHEMES: Final = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}


class PreferredWindow(Protocol):
    """What follows preferences."""

    actions_: Actions

    def follow_preference(self, name: str) -> None:
        """Show a preference that was changed."""

    def reset_schemas(self) -> None:
        """Read the file and all of its kinds with what fits each record."""


class Preferences(QObject):
    """Applies preferences; ``changed`` tells that some are others now.

    Args:
        app: whose font and theme follow.
        settings: where they are kept.
        windows: gives the windows there are.
        keep: called after a change, to write the settings.
    """

    changed = Signal()

    def __init__(
        self,
        app: QApplication,
        settings: Settings,
        windows: Callable[[], Sequence[PreferredWindow]],
        keep: Callable[[], object],
    ) -> None:
        super().__init__(app)
        self._app, self.settings = app, settings
        self._windows, self._keep = windows, keep
        self.theme = Theme(app)
        self._dress("zoom")
        if settings.appearance in _SCHEMES:
            self._dress("appearance")

    def serve(self, window: PreferredWindow) -> None:
        """Show in a new window what is preferred."""
        for name in APPEARANCES:
            window.actions_[f"theme_{name}"].setChecked(name == self.settings.appearance)

    def appear(self, name: str) -> None:
        """Change the appearance: ``system``, ``light`` or ``dark``."""
        self.prefer("appearance", name)

    def prefer(self, name: str, value: object) -> None:
        """Change a preference.

        Args:
            name: one of :data:`PREFERENCES`.
            value: of its type.
        """
        if getattr(self.settings, name) != value:
            setattr(self.settings, name, value)
            self._follow(name)
            self.tell()

    def reset(self) -> None:
        """Take all preferences back; files, columns and places of windows stay remembered."""
        before = {name: getattr(self.settings, name) for name in PREFERENCES}
        self.settings.reset_preferences()
        for name in PREFERENCES:
            if getattr(self.settings, name) != before[name]:
                self._follow(name)
        self.tell()

    def forget_schemas(self) -> None:
        """Let the schema of every record of every file be found automatically."""
        for stored in self.settings.files.values():
            if isinstance(stored, dict):
                for name in ("schema", "schemas"):
                    stored.pop(name, None)
        for window in self._windows():
            window.reset_schemas()
        self.tell()

    def _follow(self, name: str) -> None:
        self._dress(name)
        for window in self._windows():
            window.follow_preference(name)

    def _dress(self, name: str) -> None:
        appearance = self.settings.appearance
        if name == "zoom":
            set_zoom(self._app, self.settings.zoom)
        elif name == "appearance":
            self.theme.prefer(_SCHEMES.get(appearance, Qt.ColorScheme.Unknown))
            for window in self._windows():
                window.actions_[f"theme_{appearance}"].setChecked(True)

    def tell(self) -> None:
        """Keep what was changed, and tell so."""
        self._keep()
        self.changed.emit()
