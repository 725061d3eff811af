"""The tree of a difference: whole rows, the change at the left, chevrons at the field's name."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QItemSelectionModel, QRect, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from inspector.gui.cells.cell_delegate import CellDelegate
from inspector.gui.cells.tree_view import Index, TreeView
from inspector.gui.diff.diff_model import DIFFERENCE_COLUMNS, DiffModel, DiffRow
from inspector.gui.style.fonts import row_height
from inspector.gui.style.text_runs import CELL_ROLE, Cell
from inspector.session.history_queries import Compared

_FIELD: Final = 1
_MOST: Final = 100  #: rows that are counted


class _DiffDelegate(CellDelegate):
    def draws_bar(self, view: QWidget, index: Index) -> bool:
        return index.column() == 0

    def lead(self, index: Index) -> int:
        return 2 if index.column() == _FIELD else super().lead(index)


class DiffTree(TreeView):
    """What differs. ``selected`` tells the :class:`DiffRow` the cursor is on."""

    selected = Signal(object)  # a DiffRow, or None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(DIFFERENCE_COLUMNS, parent=parent)
        self.rows = DiffModel(self)
        self.setAccessibleName("Differences")
        self.setItemDelegate(_DiffDelegate(self))
        self.setModel(self.rows)
        self.setTreePosition(_FIELD)
        self.columns.reset_widths()
        self.selectionModel().currentRowChanged.connect(lambda *_: self._tell())

    def show_rows(self, compared: Compared | None, root: DiffRow, *, everything: bool) -> None:
        """Show another difference, the cursor on the first row that differs."""
        self.rows.show(compared, root)
        if everything:
            for row in root.changes():
                self._open(row)
        first = next(root.changes(), None)
        if first is not None:
            self.go_to(first)
        else:
            self.selected.emit(None)

    def height_of_rows(self) -> int:
        """The height that shows the head and all rows that are open."""
        count, index = 1, self.rows.index(0, 0)
        while (index := self.indexBelow(index)).isValid() and count < _MOST:
            count += 1
        return self.header().sizeHint().height() + count * row_height(self) + 2

    def current(self) -> DiffRow | None:
        """The row the cursor is on."""
        index = self.currentIndex()
        return self.rows.row_of(index) if index.isValid() else None

    def step(self, by: int) -> bool:
        """Go to the next (1) or previous (-1) row that differs; False where there is none."""
        changes = list(self.rows.root.changes())
        row = self.current()
        while row is not None and row.entry is None and row.parent is not None and not row.below:
            row = row.parent
        at = changes.index(row) if row in changes else (-1 if by > 0 else len(changes))
        if not 0 <= at + by < len(changes):
            return False
        self.go_to(changes[at + by])
        return True

    def go_to(self, row: DiffRow) -> None:
        """Put the cursor on a row."""
        self._open(row)
        index = self.rows.index_of(row)
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.scrollTo(index)

    def _open(self, row: DiffRow) -> None:
        above = row.parent
        while above is not None and above.parent is not None:
            self.expand(self.rows.index_of(above))
            above = above.parent

    def _tell(self) -> None:
        self.selected.emit(self.current())

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Draw the row's ground left of the name, and a chevron where it opens."""
        cell = index.data(CELL_ROLE)
        tint = cell.tint if isinstance(cell, Cell) else ""
        self.paint_ground(painter, rect, index, tint, bar=False)
        self.paint_chevron(painter, rect, index)
