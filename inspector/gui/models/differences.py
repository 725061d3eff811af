"""A difference as a tree: how a field differs, its name, the value before and after."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from inspector.decode.paths import Place
from inspector.gui.columns import Column, head
from inspector.gui.models.difference_rows import DiffRow
from inspector.gui.models.values import covered_runs, value_runs
from inspector.gui.runs import (
    ADDED,
    CELL_ROLE,
    CHANGED,
    DIM,
    EMPTY,
    FIXED,
    FIXED_DIM,
    REMOVED,
    RUNNING,
    Cell,
    Elide,
    Run,
    Style,
    text,
)
from inspector.gui.times import TimeStyle
from inspector.gui.words import count, lines_of, visible
from inspector.history.difference import Change
from inspector.session.story import Compared

Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()
_MINUS: Final = "\N{MINUS SIGN}"

DIFFERENCE_COLUMNS: Final = (
    Column("change", "Change", 104),
    Column("field", "Field", 168, narrow=96),
    Column("before", "Before", 120, stretch=True),
    Column("after", "After", 120, stretch=True),
)
DIFFERENCE_KEYS: Final = tuple(column.key for column in DIFFERENCE_COLUMNS)
_LOOKS: Final[dict[Change, tuple[Style, str, str]]] = {
    Change.ADDED: (ADDED, "new", "tint_added"),
    Change.REMOVED: (REMOVED, "gone", "tint_removed"),
    Change.CHANGED: (CHANGED, "changed", "tint_changed"),
    Change.MOVED: (RUNNING, "moved", "tint_span"),
}


class DifferencesModel(QAbstractItemModel):
    """Rows made by :func:`~inspector.gui.models.difference_rows.rows_of`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._root = DiffRow("")
        self._compared: Compared | None = None
        self._times = TimeStyle.UTC

    def show(self, compared: Compared | None, root: DiffRow) -> None:
        """Show another difference."""
        self.beginResetModel()
        self._compared, self._root = compared, root
        self.endResetModel()

    @property
    def root(self) -> DiffRow:
        """The row above all others."""
        return self._root

    def row(self, index: Index) -> DiffRow:
        """The row of an index; the root for none."""
        found = index.internalPointer() if index.isValid() else None
        return found if isinstance(found, DiffRow) else self._root

    def index_of(self, row: DiffRow) -> QModelIndex:
        """The index of a row."""
        return self.createIndex(row.row, 0, row) if row.parent is not None else QModelIndex()

    def set_times(self, style: TimeStyle) -> None:
        """Write times in another way."""
        self._times = style

    def index(self, row: int, column: int, parent: Index = _ROOT) -> QModelIndex:
        """The index of a cell."""
        below = self.row(parent).below
        if not 0 <= row < len(below) or not 0 <= column < len(DIFFERENCE_KEYS):
            return QModelIndex()
        return self.createIndex(row, column, below[row])

    def parent(self, index: Index = _ROOT) -> QModelIndex:  # type: ignore[override]
        """The row above."""
        above = self.row(index).parent if index.isValid() else None
        return self.index_of(above) if above is not None else QModelIndex()

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Number of rows below one."""
        return len(self.row(parent).below) if parent.column() <= 0 else 0

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Number of columns."""
        return len(DIFFERENCE_KEYS)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Head of a column."""
        return head(DIFFERENCE_COLUMNS, section, orientation, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Cell, text and speech."""
        if not index.isValid():
            return None
        row, key = self.row(index), DIFFERENCE_KEYS[index.column()]
        if role == CELL_ROLE:
            return self.cell(row, key)
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cell(row, key).text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.spoken(row) if key == "change" else self.cell(row, key).text
        return None

    def spoken(self, row: DiffRow) -> str:
        """A row in words."""
        before, after = self.cell(row, "before").text, self.cell(row, "after").text
        sides = [f"before {before}" if before else "", f"after {after}" if after else ""]
        words = [self.cell(row, "change").text or "the same", visible(row.name), *sides]
        return ", ".join(word for word in words if word)

    def cell(self, row: DiffRow, key: str) -> Cell:
        """A cell of a row."""
        tint = _LOOKS[row.change][2] if row.change is not None else ""
        if key == "change":
            if row.change is None:
                return EMPTY
            style, icon, _ = _LOOKS[row.change]
            return Cell((Run(row.change.value.capitalize(), style, icon=icon),), tint=tint)
        if key == "field" and row.note:
            return text(row.name, DIM)
        if key == "field":
            style = FIXED if row.change is not None else FIXED_DIM
            return Cell((Run(visible(row.name), style, Elide.ElideLeft),), tint=tint)
        if row.note:
            return text(row.note, DIM) if key == "before" else EMPTY
        place = row.before if key == "before" else row.after
        if place is None:
            return Cell(tint=tint)
        runs = self._value(row, place)
        if row.change is Change.MOVED and key == "before":
            runs = (Run(visible(place.path), FIXED_DIM, Elide.ElideLeft),)
        if key == "after" and row.newline:
            runs += (Run(row.newline, DIM, Elide.ElideRight),)
        elif key == "after" and row.lines is not None:
            added, removed = row.lines
            runs += (Run(f"+{added:,}", ADDED),) * bool(added)
            runs += (Run(f"{_MINUS}{removed:,}", REMOVED, gap=4),) * bool(removed)
        return Cell(runs, tint=tint)

    def _value(self, row: DiffRow, place: Place) -> tuple[Run, ...]:
        if row.hidden:
            return covered_runs(place.node)
        compared = self._compared
        if compared is None:
            return ()
        record = compared.before if place is row.before else compared.after
        data = record.tree.data if record.tree is not None else b""
        if row.lines is not None:
            lines = lines_of(str(place.node.value))
            # The counts beside it are what is read: it goes whole before they are cut.
            return (Run(count(lines, "line"), DIM, optional=True),)
        covered = compared.before.covered | compared.after.covered
        return value_runs(place.node, covered, data, self._times, datetime.now(UTC))
