"""What is done with a version of the list, or with the one on screen: open it, copy its names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from inspector.byte_text import escaped
from inspector.gui.style.text_format import copied
from inspector.session.summaries import Version

if TYPE_CHECKING:
    from inspector.gui.app.main_window import MainWindow


class VersionActions(QObject):
    """Connects those actions of a window; each is enabled where there is something to do."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._view = window.record.history
        actions = window.actions_
        actions["open_version"].triggered.connect(lambda _=False: self.open())
        actions["copy_hash"].triggered.connect(lambda _=False: self.copy_hash())
        actions["copy_tag"].triggered.connect(lambda _=False: self.copy_tag())
        selection, model = self._view.table.selectionModel(), self._view.versions
        for changed in (selection.currentRowChanged, model.modelReset, model.dataChanged):
            changed.connect(lambda *_: self.enable())
        for changed in (window.record.tabs.changed, window.desk.shown):
            changed.connect(lambda *_: self.enable())
        self.enable()

    def version(self) -> Version | None:
        """The version the cursor is on where versions are listed, else the one that is read."""
        record, row = self._window.record.record, self._view.table.current_row()
        if record is None:
            return None
        listed = self._window.record.tabs.current() == "history" and row >= 0
        return self._view.versions.version(row) if listed else record.version

    def enable(self) -> None:
        """Enable what can be done now."""
        version, actions = self.version(), self._window.actions_
        record = self._window.record.record
        listed = record is not None and self._window.record.tabs.current() == "history"
        read = record.version if record is not None else None
        other = version is not read and (version is None or read is None or version != read)
        rows = self._view.versions.rowCount() > 0
        actions["open_version"].setEnabled(listed and rows and other)
        actions["live"].setEnabled(read is not None)
        actions["copy_hash"].setEnabled(version is not None and bool(version.version_hash))
        actions["copy_tag"].setEnabled(version is not None and bool(version.tag))

    def open(self) -> None:
        """Read the version the cursor is on, None of them being the current state."""
        self._view.opened.emit(self.version())

    def copy_hash(self) -> None:
        """Copy all of the version's hash."""
        version = self.version()
        self._put("hash", version.version_hash if version is not None else None)

    def copy_tag(self) -> None:
        """Copy the version's tag."""
        version = self.version()
        self._put("tag", version.tag if version is not None else None)

    def _put(self, what: str, text: str | None) -> None:
        if text:
            QGuiApplication.clipboard().setText(escaped(text))
            self._window.status.tell(copied(what, text))
