"""A tree whose rows the model owns: fields, what an execution did, what differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Final, Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from inspector.gui.cells.columns import Column, head
from inspector.gui.style.text_runs import CELL_ROLE, Cell

Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()


class TreeRow(Protocol):
    """A row of a tree; ``row`` is its number below the one above it."""

    row: int


R = TypeVar("R", bound=TreeRow)


class TreeModel(QAbstractItemModel, Generic[R]):
    """Rows of one kind; who inherits says what lies below one, and what stands in a cell.

    Every index points at a row, which whoever inherits keeps alive. Rows stand in the first column.

    Attributes:
        columns: those of all rows.
    """

    columns: ClassVar[Sequence[Column]]

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keys = tuple(column.key for column in self.columns)

    # What there is

    def below(self, row: R | None) -> Sequence[R]:
        """The rows below one; those at the top for None."""
        raise NotImplementedError

    def above(self, row: R) -> R | None:
        """The row above one; None at the top."""
        raise NotImplementedError

    def has_below(self, row: R | None) -> bool:
        """Whether there are rows below one; where making them takes long, without making them."""
        return bool(self.below(row))

    def cell(self, row: R, key: str) -> Cell:
        """What stands in a column of a row."""
        raise NotImplementedError

    def spoken(self, row: R) -> str:
        """A row in words, which its first column says for all of it."""
        raise NotImplementedError

    def tip(self, row: R, key: str) -> str | None:
        """The tooltip of a cell."""
        return None

    # As Qt asks for it

    def row_of(self, index: Index) -> R | None:
        """The row of an index; None for none."""
        return index.internalPointer() if index.isValid() else None

    def index_of(self, row: R | None, column: int = 0) -> QModelIndex:
        """The index of a row; none for None."""
        return self.createIndex(row.row, column, row) if row is not None else QModelIndex()

    def index(self, row: int, column: int, parent: Index = _ROOT) -> QModelIndex:
        """The index of a cell."""
        if parent.column() > 0 or not 0 <= column < len(self._keys):
            return QModelIndex()
        below = self.below(self.row_of(parent))
        return self.createIndex(row, column, below[row]) if 0 <= row < len(below) else QModelIndex()

    def parent(self, index: Index = _ROOT) -> QModelIndex:  # type: ignore[override]
        """The row above."""
        row = self.row_of(index)
        return self.index_of(self.above(row)) if row is not None else QModelIndex()

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Number of rows below one."""
        return len(self.below(self.row_of(parent))) if parent.column() <= 0 else 0

    def hasChildren(self, parent: Index = _ROOT) -> bool:
        """Whether a row can be opened."""
        return parent.column() <= 0 and self.has_below(self.row_of(parent))

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Number of columns."""
        return len(self._keys)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Head of a column."""
        return head(self.columns, section, orientation, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Cell, text, tooltip and speech."""
        row = self.row_of(index)
        if row is None:
            return None
        key = self._keys[index.column()]
        if role == CELL_ROLE:
            return self.cell(row, key)
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cell(row, key).text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.spoken(row) if index.column() == 0 else self.cell(row, key).text
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.tip(row, key)
        return None
