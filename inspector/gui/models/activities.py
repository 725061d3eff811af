"""What happened within an execution, as a tree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from inspector.gui.columns import Column, head
from inspector.gui.models.activity_cells import (
    length_cell,
    spoken,
    start_cell,
    state_cell,
    tip_of,
    what_cell,
)
from inspector.gui.runs import CELL_ROLE, EMPTY, Cell
from inspector.history.activity import Activity, Item

Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()

ACTIVITY_COLUMNS: Final = (
    Column("what", "Step", 300, narrow=120),
    Column("state", "State", 116, drop=3),
    Column("start", "Start", 60, right=True, drop=1, sample="999:59:59"),
    Column("length", "Duration", 64, right=True, drop=2, sample="9:59:59"),
    Column("axis", "", 120, stretch=True, spoken="Time axis"),
)
ACTIVITY_KEYS: Final = tuple(column.key for column in ACTIVITY_COLUMNS)
AXIS: Final = ACTIVITY_KEYS.index("axis")


@dataclass(eq=False)
class ActivityRow:
    """An item, its row, and the row above."""

    item: Item
    parent: ActivityRow | None
    row: int
    below: list[ActivityRow] = field(default_factory=list, repr=False)


def rows_of(activity: Activity) -> ActivityRow:
    """The row of the execution, with all rows below it."""
    top = ActivityRow(activity.root, None, 0)
    stack = [top]
    while stack:
        one = stack.pop()
        one.below = [ActivityRow(item, one, row) for row, item in enumerate(one.item.children)]
        stack.extend(one.below)
    return top


class ActivitiesModel(QAbstractItemModel):
    """The execution is the only row at the top."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.activity: Activity | None = None
        self.top: ActivityRow | None = None

    def show(self, activity: Activity | None, top: ActivityRow | None) -> None:
        """Show another execution."""
        self.beginResetModel()
        self.activity, self.top = activity, top
        self.endResetModel()

    def row(self, index: Index) -> ActivityRow | None:
        """The row of an index."""
        found = index.internalPointer() if index.isValid() else None
        return found if isinstance(found, ActivityRow) else None

    def index_of(self, row: ActivityRow) -> QModelIndex:
        """The index of a row."""
        return self.createIndex(row.row, 0, row)

    def _below(self, parent: Index) -> list[ActivityRow]:
        if not parent.isValid():
            return [self.top] if self.top is not None else []
        row = self.row(parent)
        return row.below if row is not None and parent.column() == 0 else []

    def index(self, row: int, column: int, parent: Index = _ROOT) -> QModelIndex:
        """The index of a cell."""
        below = self._below(parent)
        if not 0 <= row < len(below) or not 0 <= column < len(ACTIVITY_KEYS):
            return QModelIndex()
        return self.createIndex(row, column, below[row])

    def parent(self, index: Index = _ROOT) -> QModelIndex:  # type: ignore[override]
        """The row above."""
        row = self.row(index)
        above = row.parent if row is not None else None
        return self.index_of(above) if above is not None else QModelIndex()

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Number of rows below one."""
        return len(self._below(parent))

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Number of columns."""
        return len(ACTIVITY_KEYS)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Head of a column."""
        return head(ACTIVITY_COLUMNS, section, orientation, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Cell, text, tooltip and speech."""
        row = self.row(index)
        if row is None:
            return None
        key = ACTIVITY_KEYS[index.column()]
        begin = self.activity.begin if self.activity is not None else None
        if role == CELL_ROLE:
            return _cell(row.item, key, begin)
        if role == Qt.ItemDataRole.DisplayRole:
            return _cell(row.item, key, begin).text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(row.item, begin) if key == "what" else _cell(row.item, key, begin).text
        if role == Qt.ItemDataRole.ToolTipRole and key != "what":
            return tip_of(row.item)
        return None


def _cell(item: Item, key: str, begin: int | None) -> Cell:
    if key == "what":
        return what_cell(item)
    if key == "state":
        return state_cell(item)
    if key == "start":
        return start_cell(item, begin)
    return length_cell(item) if key == "length" else EMPTY
