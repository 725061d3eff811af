"""The versions of a record as a timeline, and what differs between two of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from inspector.errors import InspectorError
from inspector.gui.actions import Actions
from inspector.gui.models.version_cells import version_columns
from inspector.gui.models.versions import VersionsModel
from inspector.gui.times import TimeStyle
from inspector.gui.views.difference_pane import DifferencePane
from inspector.gui.views.rail import RailDelegate
from inspector.gui.views.table import Table
from inspector.gui.widgets.pages import EmptyState
from inspector.gui.widgets.split import LineSplitter
from inspector.session.types import Version

#: Width from which timeline and difference stand side by side, in pixels.
WIDE: Final = 960


class HistoryView(QWidget):
    """A timeline, or why there is none, and a difference.

    ``opened`` tells the version to be read, None for the live state. ``looked_at`` tells that other
    rows may be in sight.
    """

    opened = Signal(object)
    looked_at = Signal()

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
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
        self.difference = DifferencePane(actions)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        self.split = LineSplitter(Qt.Orientation.Vertical)
        self.split.addWidget(self._stack)
        self.split.addWidget(self.difference)
        self.split.setSizes([280, 320])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.split)
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
        self._stack.setCurrentWidget(self.table if versions else self.empty)
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
        self._stack.setCurrentWidget(self.empty)

    def set_times(self, style: TimeStyle) -> None:
        """Write times in another way; time or age gives way to the other."""
        self.versions.set_times(style)
        self.table.columns.set_columns(version_columns(style))

    def showEvent(self, event: QShowEvent) -> None:
        """Look at what is in sight now."""
        super().showEvent(event)
        self._look_soon()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay timeline and difference side by side where there is room."""
        super().resizeEvent(event)
        wide = event.size().width() >= WIDE
        self.split.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)

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
