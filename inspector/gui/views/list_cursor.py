"""The record the cursor of a list is on, and those that are selected."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, Signal

from inspector.gui.models.records import RecordsModel
from inspector.gui.views.records_table import RecordsTable
from inspector.session.lines import Key
from inspector.session.types import RecordHead


class ListCursor(QObject):
    """Follows the cursor of a table. ``chosen`` tells the :class:`RecordHead` it is on.

    Attributes:
        key: the record it was on last or was sent to; None in a list that is new.
    """

    chosen = Signal(object)

    def __init__(self, records: RecordsModel, table: RecordsTable) -> None:
        super().__init__(table)
        self._records, self._table = records, table
        self.key: Key | None = None
        table.selectionModel().currentRowChanged.connect(self._choose)

    def go_to(self, key: Key) -> None:
        """Put the cursor on a record once its row is known."""
        self.key = key
        self._records.seek(key, self._table.go_to_row)

    def head(self) -> RecordHead | None:
        """The record it is on."""
        return self._records.head_at(self._table.current_row())

    def selected(self) -> list[Key]:
        """The selected records as far as they are in memory, in the order of the list."""
        rows = (row for each in self._table.selected_rows() for row in each)
        heads = (self._records.head_at(row) for row in rows)
        return [Key(head.kind, head.id) for head in heads if head is not None]

    def arrived(self, first: int, last: int) -> None:
        """Rows were read: the cursor may have been put on one of them before."""
        if first <= self._table.current_row() <= last:
            self._tell(self.head())

    def _choose(self, current: QModelIndex, _before: QModelIndex) -> None:
        self._tell(self._records.head_at(current.row()))

    def _tell(self, head: RecordHead | None) -> None:
        if head is not None:
            self.key = Key(head.kind, head.id)
            self.chosen.emit(head)
