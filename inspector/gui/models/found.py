"""Records that were found: those that name a record, or those that a text may mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from inspector.gui.columns import Column, head
from inspector.gui.runs import CELL_ROLE, DIM, EMPTY, FIXED_DIM, Cell, Elide, Run, text
from inspector.gui.words import visible
from inspector.schema.kinds import display

Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()

FOUND_COLUMNS: Final = (
    Column("name", "Name", 160, stretch=True),
    Column("kind", "Kind", 140),
    Column("path", "Field", 220, drop=1),
    Column("id", "Id", 130, drop=2),
)
KEYS: Final = tuple(column.key for column in FOUND_COLUMNS)


class Found(NamedTuple):
    """A record that was found; ``path`` is the field that names another, or empty."""

    kind: str
    id: str
    name: str | None
    path: str = ""
    live: bool = True


class FoundModel(QAbstractTableModel):
    """Rows of records that were found, in the order they came."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._found: list[Found] = []

    def clear(self) -> None:
        """Show nothing."""
        self.beginResetModel()
        self._found.clear()
        self.endResetModel()

    def add(self, found: Sequence[Found]) -> None:
        """Show more rows below the others."""
        if not found:
            return
        first = len(self._found)
        self.beginInsertRows(QModelIndex(), first, first + len(found) - 1)
        self._found.extend(found)
        self.endInsertRows()

    def at(self, row: int) -> Found | None:
        """The record of a row."""
        return self._found[row] if 0 <= row < len(self._found) else None

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Number of rows."""
        return 0 if parent.isValid() else len(self._found)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Number of columns."""
        return 0 if parent.isValid() else len(KEYS)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Head of a column."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(KEYS):
            return None
        return head(FOUND_COLUMNS[section], role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Cell, text, tooltip and speech."""
        found = self.at(index.row())
        if found is None or not 0 <= index.column() < len(KEYS):
            return None
        cell = _cell(found, KEYS[index.column()])
        if role == CELL_ROLE:
            return cell
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{found.kind}/{visible(found.id)}"
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == 0:
            return ", ".join(_cell(found, key).text for key in KEYS if _cell(found, key).text)
        return None


def _cell(found: Found, key: str) -> Cell:
    if key == "name":
        runs: tuple[Run, ...] = (Run(visible(found.name or found.id), elide=Elide.ElideRight),)
        if not found.live:
            runs += (Run("gone, with history", DIM, optional=True),)
        return Cell(runs)
    if key == "kind":
        known = display(found.kind)
        return text(known[0] if known else visible(found.kind), DIM)
    if key == "path":
        return text(found.path, FIXED_DIM, elide=Elide.ElideLeft) if found.path else EMPTY
    return text(visible(found.id), FIXED_DIM, elide=Elide.ElideMiddle)
