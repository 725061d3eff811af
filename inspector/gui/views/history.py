"""The versions of a record as a timeline; Enter reads one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from inspector.errors import InspectorError
from inspector.gui.models.version_cells import version_columns
from inspector.gui.models.versions import VersionsModel
from inspector.gui.times import TimeStyle
from inspector.gui.views.rail import RailDelegate
from inspector.gui.views.table import Table
from inspector.gui.widgets.pages import EmptyState
from inspector.session.types import Version


class HistoryView(QStackedWidget):
    """A timeline, or why there is none.

    ``opened`` tells the version to be read, None for the live state. ``looked_at`` tells that other
    rows may be in sight.
    """

    opened = Signal(object)
    looked_at = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.versions = VersionsModel(self)
        self.table = Table(version_columns(TimeStyle.UTC))
        self.table.setAccessibleName("Versions")
        self.table.setModel(self.versions)
        self.table.setItemDelegateForColumn(0, RailDelegate(self.table))
        self.table.activated.connect(self._open)
        self.table.verticalScrollBar().valueChanged.connect(self._look_soon)
        self.table.verticalScrollBar().rangeChanged.connect(self._look_soon)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.looked_at)
        self.empty = EmptyState()
        self.addWidget(self.table)
        self.addWidget(self.empty)
        self.setFocusProxy(self.table)

    def show_versions(
        self, versions: Sequence[Version], current: Version | None, *, gone: bool = True
    ) -> None:
        """Show versions, the cursor on the one that is read, else on the live state.

        The same versions again leave the cursor where it is.

        Args:
            versions: newest first.
            current: the one that is read, None for the live state.
            gone: whether the record has no live state.
        """
        if not self.versions.show(versions, gone=gone):
            return
        if not versions:
            self.empty.tell("No versions of this record.", "It has only its live state.")
        self.setCurrentWidget(self.table if versions else self.empty)
        row = self.versions.row_of(current)
        if row >= 0:
            self.table.selectRow(row)
        elif versions:
            self.table.selectRow(max(0, self.versions.live_row()))
        self._look_soon()

    def show_error(self, error: InspectorError) -> None:
        """Say why the versions cannot be read."""
        self.versions.show(())
        self.empty.tell(error.message, error.hint)
        self.setCurrentWidget(self.empty)

    def set_times(self, style: TimeStyle) -> None:
        """Write times in another way; time or age gives way to the other."""
        self.versions.set_times(style)
        self.table.columns.set_columns(version_columns(style))

    def in_sight(self) -> range:
        """The rows in sight; none while the timeline is not on screen."""
        if not self.table.isVisible() or not self.versions.rowCount():
            return range(0)
        height = self.table.viewport().height()
        last = self.table.rowAt(height - 1)
        stop = self.versions.rowCount() if last < 0 else last + 1
        return range(max(0, self.table.rowAt(0)), stop)

    def _look_soon(self) -> None:
        self._soon.start(0)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self.versions.version(index.row()))
