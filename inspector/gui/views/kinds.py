"""The left pane: kinds in groups, one of them chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QWidget

from inspector.gui.fonts import row_height
from inspector.gui.models.kinds import KIND_COLUMNS, Entry, EntryType, KindsModel
from inspector.gui.views.table import Table


class KindsView(Table):
    """A list without heads, on the bars' ground. ``chosen`` tells an :class:`Entry`."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(KIND_COLUMNS, parent)
        self.kinds = KindsModel(self)
        self.setModel(self.kinds)
        self.horizontalHeader().hide()
        self.setAccessibleName("Kinds")
        self.selectionModel().currentRowChanged.connect(self._choose)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Show other rows; what is chosen stays so, without being told again, if it is there."""
        before = self.kinds.entry(self.current_row())
        blocked = self.selectionModel().blockSignals(True)
        self.kinds.set_rows(entries)
        self._space()
        row = self.kinds.find(before.type, before.kind) if before is not None else -1
        if row >= 0:
            self.selectRow(row)
        self.selectionModel().blockSignals(blocked)
        self.viewport().update()

    def _space(self) -> None:
        """Groups after the first stand a little apart."""
        for row in range(1, self.kinds.rowCount()):
            entry = self.kinds.entry(row)
            if entry is not None and entry.type is EntryType.GROUP:
                self.verticalHeader().resizeSection(row, row_height(self) + 10)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._space()

    def choose_row(self, row: int) -> None:
        """Choose the entry of a row."""
        if row >= 0:
            self.selectRow(row)

    def first_row(self) -> int:
        """The first row that can be chosen."""
        return self.kinds.first()

    def _choose(self, current: QModelIndex, _before: QModelIndex) -> None:
        entry = self.kinds.entry(current.row())
        if entry is not None:
            self.chosen.emit(entry)
