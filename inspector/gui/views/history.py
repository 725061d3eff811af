"""The versions of a record as a list; Enter reads one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from inspector.errors import InspectorError
from inspector.gui.models.versions import VERSION_COLUMNS, VersionsModel
from inspector.gui.views.table import Table
from inspector.gui.widgets.pages import EmptyState
from inspector.session.types import Version


class HistoryView(QStackedWidget):
    """A table of versions, or why there is none. ``opened`` tells the version to be read."""

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.versions = VersionsModel(self)
        self.table = Table(VERSION_COLUMNS)
        self.table.setAccessibleName("Versions")
        self.table.setModel(self.versions)
        self.table.activated.connect(self._open)
        self.empty = EmptyState()
        self.addWidget(self.table)
        self.addWidget(self.empty)
        self.setFocusProxy(self.table)

    def show_versions(self, versions: Sequence[Version], current: Version | None) -> None:
        """Show versions, the cursor on the one that is read, else on the live state.

        The same versions again leave the cursor where it is.
        """
        if not self.versions.show(versions):
            return
        if not versions:
            self.empty.tell("No versions of this record.", "It has only its live state.")
        self.setCurrentWidget(self.table if versions else self.empty)
        row = self.versions.row_of(current)
        if row >= 0:
            self.table.selectRow(row)
        elif versions:
            self.table.selectRow(max(0, self.versions.live_row()))

    def show_error(self, error: InspectorError) -> None:
        """Say why the versions cannot be read."""
        self.versions.show(())
        self.empty.tell(error.message, error.hint)
        self.setCurrentWidget(self.empty)

    def _open(self, index: QModelIndex) -> None:
        version = self.versions.version(index.row())
        if version is not None:
            self.opened.emit(version)
