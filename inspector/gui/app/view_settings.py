"""How a window shows what it shows: times, text size, secrets, wrapped lines, the reader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from inspector.gui.actions import Actions
from inspector.gui.app.status_bar import StatusBar
from inspector.gui.record.record_actions import RecordActions
from inspector.gui.record.record_pane import RecordPane
from inspector.gui.records.records_pane import RecordsPane
from inspector.gui.settings.settings import Settings
from inspector.gui.style.fonts import next_zoom, set_zoom
from inspector.gui.style.time_format import TimeStyle

_SWITCHES: Final = frozenset(("wrap", "wrap_json", "types", "unset", "reader"))


class ViewSettings(QObject):
    """What the switches of a window do, and what of them is kept as a preference.

    Args:
        settings: what is preferred.
        actions: of the window.
        records: the list in the middle.
        pane: the record.
        record_actions: keeps times up to date that say how long ago something was.
        status: the status line.
        preferred: called when a preference is another one now.
    """

    def __init__(
        self,
        settings: Settings,
        actions: Actions,
        records: RecordsPane,
        pane: RecordPane,
        record_actions: RecordActions,
        status: StatusBar,
        preferred: Callable[[], None],
    ) -> None:
        super().__init__(pane)
        self._settings, self._actions, self._preferred = settings, actions, preferred
        self._records, self._pane, self._status = records, pane, status
        self._record_actions = record_actions
        self._style = TimeStyle.UTC

    def follow(self, name: str) -> None:
        """Show a setting that was changed in the preferences; others stay as they are here."""
        value = getattr(self._settings, name)
        if name == "times":
            self.set_times(TimeStyle(value))
        elif name in _SWITCHES:
            self._actions[name].setChecked(value)

    def _prefer(self, name: str, value: object) -> None:
        if getattr(self._settings, name) != value:
            setattr(self._settings, name, value)
            self._preferred()

    def keep(self, name: str, on: bool) -> None:
        """Keep a switch for the next window."""
        setattr(self._settings, name, on)

    # Times and text

    def set_times(self, style: TimeStyle) -> None:
        """Write times in another way, everywhere in the window."""
        self._style = style
        self._prefer("times", style.value)
        self._actions[style.name.lower()].setChecked(True)
        self._records.records.set_times(style)
        self._records.tables.rows.set_times(style)
        self._pane.set_times(style)
        self._record_actions.set_times(style)
        self._status.tell_times(style)

    def next_times(self) -> None:
        """Write times in the next way."""
        self.set_times(self._style.next())

    def zoom(self, step: int) -> None:
        """Make all text larger (1) or smaller (-1), or as large as it was at first (0)."""
        self._prefer("zoom", next_zoom(self._settings.zoom, step) if step else 100)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            set_zoom(app, self._settings.zoom)

    # Switches

    def set_secrets(self, on: bool) -> None:
        """Show or cover all secrets of the window."""
        self._pane.reveal_all(on)
        self._status.tell_secrets(shown=on)

    def set_wrap(self, on: bool) -> None:
        """Wrap long lines in what a value is read in."""
        self._prefer("wrap", on)
        self._pane.set_wrap(on)

    def set_wrap_json(self, on: bool) -> None:
        """Wrap long lines of JSON."""
        self._prefer("wrap_json", on)
        self._pane.set_wrap_json(on)

    def set_reader(self, on: bool) -> None:
        """Show or hide the reader below the fields."""
        self._prefer("reader", on)
        self._pane.show_reader(on)
