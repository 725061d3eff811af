"""A list that is short enough to be held whole: entries of a zip, keys, records that were found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from inspector.gui.cells.columns import Column, head
from inspector.gui.style.text_runs import CELL_ROLE, Cell

Index = QModelIndex | QPersistentModelIndex
R = TypeVar("R")
_ROOT: Final = QModelIndex()


class ListModel(QAbstractTableModel, Generic[R]):
    """Rows of one kind; who inherits says what stands in a cell."""

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._rows: list[R] = []

    def set_rows(self, rows: Sequence[R]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def add(self, rows: Sequence[R]) -> None:
        """Show more rows below the others."""
        if not rows:
            return
        first = len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
        self._rows.extend(rows)
        self.endInsertRows()

    def put_first(self, rows: Sequence[R], most: int) -> None:
        """Show more rows above the others; of more than ``most`` the last ones go.

        Args:
            rows: in the order in which they stand.
            most: rows that are kept.
        """
        if rows:
            self.beginInsertRows(QModelIndex(), 0, len(rows) - 1)
            self._rows[:0] = rows
            self.endInsertRows()
        if len(self._rows) > most:
            self.beginRemoveRows(QModelIndex(), most, len(self._rows) - 1)
            del self._rows[most:]
            self.endRemoveRows()

    def at(self, row: int) -> R | None:
        """What a row is about."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def cell(self, row: R, key: str) -> Cell:
        """What stands in a column of a row."""
        raise NotImplementedError

    def tip(self, row: R) -> str | None:
        """The tooltip of a row."""
        return None

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Number of columns."""
        return 0 if parent.isValid() else len(self._columns)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Head of a column."""
        return head(self._columns, section, orientation, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Cell, text, tooltip and speech; the first column speaks for the whole row."""
        row = self.at(index.row())
        if row is None or not 0 <= index.column() < len(self._columns):
            return None
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.tip(row)
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == 0:
            words = (self.cell(row, column.key).text for column in self._columns)
            return ", ".join(word for word in words if word)
        cell = self.cell(row, self._columns[index.column()].key)
        if role == CELL_ROLE:
            return cell
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return cell.text
        return None
