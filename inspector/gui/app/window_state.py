"""Keeps where a window was in its file, and brings it back there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject

from inspector.gui.app.store_controller import WindowPlace
from inspector.gui.kinds.kinds_model import KindEntry
from inspector.gui.record.record_tabs import TABS
from inspector.gui.settings.file_state import FileMemory
from inspector.session.summaries import Record

if TYPE_CHECKING:
    from inspector.gui.app.main_window import MainWindow
    from inspector.gui.record.record_pane import RecordPane


class WindowState(QObject):
    """What a window remembers of the file it shows.

    :meth:`begin` when a file is about to be opened, :meth:`keep` whenever it may be left.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.file = ""  #: what the settings know the file by
        self._kind = ""  #: the kind whose columns are on screen
        self.now = FileMemory()
        window.kinds.chosen.connect(self._entry_chosen)
        window.desk.shown.connect(self._shown)

    def begin(self, file: str) -> WindowPlace | None:
        """Remember for a file from now on, and put the window where it was.

        Args:
            file: what the file is remembered by: its real path.

        Returns:
            Where to go in it, None where nothing is remembered.
        """
        self.file, self._kind = file, ""
        self.now = now = self._window.settings.remembered(file)
        window = self._window
        if now.geometry and not window.isVisible():
            window.restoreGeometry(_bytes(now.geometry))
        if now.panes and len(now.panes) == window.panes.count():
            window.set_panes(now.panes)
        if window.is_complete:
            self._put_record(window.record)
        if not now.entry:
            return None
        return WindowPlace(now.entry, now.kind, now.record_kind, now.record, now.version)

    def attend(self, pane: RecordPane) -> None:
        """Remember how records are looked at, and show them so."""
        self._put_record(pane)
        pane.tabs.changed.connect(self._tab_chosen)

    def _put_record(self, pane: RecordPane) -> None:
        if len(self.now.reader) == pane.split.count():
            pane.split.setSizes(self.now.reader)
        pane.open_fields_again(self.now.opened)
        if self.now.tab in TABS:
            pane.tabs.choose(self.now.tab)

    def keep(self) -> None:
        """Put what is to be remembered into the settings."""
        window, now = self._window, self.now
        if not self.file or window.facts is None or not window.is_complete:
            return
        self._keep_columns()
        now.geometry = bytes(window.saveGeometry().toBase64().data()).decode("ascii")
        now.panes = window.panes.sizes() if window.settings.panes or now.panes else []
        now.reader = window.record.reader_sizes()
        now.opened = window.record.open_fields()
        now.tab = window.record.tabs.current()
        record = window.record.record
        if record is not None:
            now.record_kind, now.record = record.kind, record.id
            now.version = record.version.name if record.version is not None else ""
        window.settings.remember(self.file, now)

    def _entry_chosen(self, entry: KindEntry) -> None:
        self._keep_columns()
        self._kind = entry.key
        self.now.entry, self.now.kind = entry.type.value, entry.kind
        self._window.records.table.columns.drag(self.now.columns.get(entry.key, {}))

    def _keep_columns(self) -> None:
        if self._kind:
            before = self.now.columns.pop(self._kind, {})
            dragged = self._window.records.table.columns.dragged(before)
            self.now.columns.update({self._kind: dragged} if dragged else {})

    def _tab_chosen(self, name: str) -> None:
        record = self._window.record.record
        if record is not None:
            self.now.tabs[record.kind] = name

    def _shown(self, record: Record) -> None:
        """A kind is read in the tab it was last read in."""
        tabs = self._window.record.tabs
        name = self.now.tabs.setdefault(record.kind, tabs.current())
        if name in TABS and name != tabs.current():
            tabs.choose(name)


def _bytes(text: str) -> QByteArray:
    return QByteArray.fromBase64(QByteArray(text.encode("ascii", "ignore")))
