"""What is done with a version of the list, or with the one on screen: open it, copy its names."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from inspector.byte_text import escaped
from inspector.gui.actions import Actions
from inspector.gui.history.history_view import HistoryView
from inspector.gui.record_context import RecordContext
from inspector.gui.style.text_format import copied
from inspector.session.summaries import Version


class VersionActions(QObject):
    """What those actions of a window do; each is enabled where there is something to do."""

    def __init__(self, context: RecordContext, view: HistoryView, actions: Actions) -> None:
        super().__init__(view)
        self._context, self._view, self._actions = context, view, actions
        selection, model = self._view.table.selectionModel(), self._view.versions
        for changed in (selection.currentRowChanged, model.modelReset, model.dataChanged):
            changed.connect(lambda *_: self.enable())
        for changed in (context.tabs.changed, context.shown):
            changed.connect(lambda *_: self.enable())
        self.enable()

    def version(self) -> Version | None:
        """The version the cursor is on where versions are listed, else the one that is read."""
        record, row = self._context.record(), self._view.table.current_row()
        if record is None:
            return None
        listed = self._context.tabs.current() == "history" and row >= 0
        return self._view.versions.version(row) if listed else record.version

    def enable(self) -> None:
        """Enable what can be done now."""
        version, actions = self.version(), self._actions
        record = self._context.record()
        listed = record is not None and self._context.tabs.current() == "history"
        read = record.version if record is not None else None
        other = version is not read and (version is None or read is None or version != read)
        rows = self._view.versions.rowCount() > 0
        actions["open_version"].setEnabled(listed and rows and other)
        actions["live"].setEnabled(read is not None)
        actions["open_state"].setEnabled(version is not None and version.logged is not None)
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
            self._context.tell(copied(what, text))
