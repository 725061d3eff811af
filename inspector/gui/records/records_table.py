"""The list of records as a table: several rows can be chosen, letters go to a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from threading import Event
from typing import Final

from PySide6.QtCore import QElapsedTimer, QItemSelection, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu, QWidget

from inspector.gui.cells.table_view import TableView
from inspector.gui.clipboard import NO_CLIP, Clip, ClipSource
from inspector.gui.records.record_cells import KEYS, RECORD_COLUMNS
from inspector.gui.records.records_model import RecordsModel
from inspector.gui.records.row_order import RowPages, heads_of
from inspector.gui.style.text_format import count
from inspector.session.summaries import RecordHead, RecordKey
from inspector.store.rows import TableColumn

#: What the list is sorted by when a head is pressed: the column of a scan.
SORTS: Final = {
    "name": "name",
    "state": "state",
    "error": "error",
    "id": "id",
    "key": "id",
    "updated": "updated",
    "bytes": "size",
    "versions": "versions",
    "org": "org",
}
_Action = QAbstractItemView.CursorAction


def _is_one_row(selection: QItemSelection) -> bool:
    return selection.size() == 1 and selection.first().height() == 1


class RecordsTable(TableView, ClipSource):
    """A table of a :class:`RecordsModel`.

    ``sort_wanted`` tells a column of a scan; ``escaped`` that Esc was pressed with nothing to
    give up here; ``number_selected`` that another row is selected, but where that is the only one
    and stands for one that was.
    """

    sort_wanted = Signal(str)
    number_selected = Signal()
    escaped = Signal()

    def __init__(self, model: RecordsModel, parent: QWidget | None = None) -> None:
        super().__init__(RECORD_COLUMNS, parent)
        self.records = model
        self._typed = ""
        self._clock = QElapsedTimer()
        self._depth: int | None = None  #: rows between the top of the view and the cursor
        model.modelAboutToBeReset.connect(self._remember_depth)
        self.setModel(model)
        for changed in (model.modelReset, model.rowsInserted):
            changed.connect(self._span_broken)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.sectionClicked.connect(self._press_head)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._pop_up)
        self.show_sort("id", descending=False)

    def _span_broken(self) -> None:
        """The row that says where reading broke off has all columns for it."""
        self.clearSpans()
        row = self.records.broken_row()
        if row >= 0:
            self.setSpan(row, KEYS.index("name"), 1, len(KEYS) - KEYS.index("name"))

    def show_sort(self, column: str, *, descending: bool) -> None:
        """Draw the arrow in the head of a column of a scan."""
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        key = next(key for key, sort in SORTS.items() if sort == column)
        if key == "id" and self.records.keyed:
            key = "key"
        self.horizontalHeader().setSortIndicator(KEYS.index(key), order)

    def copy(self) -> Clip:
        """The chosen rows as tab-separated text."""
        return rows_clip(self.records.shown(), self.selected_rows())

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Nothing that depends on how many rows are selected changes as the cursor goes on."""
        super().selectionChanged(selected, deselected)
        goes_on = _is_one_row(selected) and _is_one_row(deselected)
        if not goes_on or sum(map(len, self.selected_rows())) != 1:
            self.number_selected.emit()

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Left and Right go nowhere: a row is one."""
        if action in (_Action.MoveLeft, _Action.MoveRight):
            return self.currentIndex()
        return super().moveCursor(action, modifiers)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc takes several chosen rows back to the one the cursor is on."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif sum(map(len, self.selected_rows())) > 1:
            self.selectRow(self.current_row())
        else:
            self.escaped.emit()

    def keyboardSearch(self, search: str) -> None:
        """Go to the first id or name that begins with what was typed."""
        pause = QGuiApplication.styleHints().keyboardInputInterval()
        again = self._clock.isValid() and self._clock.elapsed() < pause
        self._clock.start()
        if not again:
            self._typed = ""
        if not search.strip() and not self._typed:
            return
        self._typed += search
        # A longer word may still fit the row the first letters led to.
        after = self.current_row() - (len(self._typed) > 1)
        self.records.starting(self._typed, after, self.go_to_row)

    def go_to_row(self, row: int) -> None:
        """Put the cursor on a row and bring it into sight; nothing for -1."""
        if row >= 0:
            self.selectRow(row)
            self.scrollTo(self.records.index(row, KEYS.index("name")))

    def return_to_row(self, row: int) -> None:
        """Put the cursor on a row, as far from the top of the view as the cursor was before."""
        depth = self._depth
        self.selectRow(row)
        if depth is not None:
            self.verticalScrollBar().setValue(row - depth)
        self.scrollTo(self.records.index(row, KEYS.index("name")))

    def restore(self, row: int, top: int) -> None:
        """Put the cursor on a row, none for -1, and another row at the top where it was in sight.

        Args:
            row: that of the cursor.
            top: the row that was at the top, -1 where it is gone.
        """
        if top < 0:
            if row >= 0:
                self.return_to_row(row)
            return
        if row >= 0:
            self.selectRow(row)
        self.verticalScrollBar().setValue(top)

    def top_key(self) -> RecordKey | None:
        """The record of the first row in sight; None where it is not read."""
        head = self.records.head_at(self.rowAt(0))
        return RecordKey(head.kind, head.id) if head is not None else None

    def _remember_depth(self) -> None:
        row, first = self.current_row(), self.rowAt(0)
        last = self.rowAt(self.viewport().height() - 1)
        there = row >= first >= 0 and (last < 0 or row <= last)
        self._depth = row - first if there else None

    # Columns

    def columns_menu(self, menu: QMenu) -> QMenu:
        """Fill a menu with the columns that can be shown, and a way back."""
        menu.clear()
        other = "id" if self.records.keyed else "key"
        for column in self.columns.offered():
            if column.key == other:
                continue
            seen = self.columns.is_seen(column)
            lacks = self.columns.is_on(column) and not seen
            action = menu.addAction(f"{column.title} (no room)" if lacks else column.title)
            action.setCheckable(True)
            # What is ticked is seen; ticking one without room has others give way to it.
            action.setChecked(seen)
            action.toggled.connect(_choosing(self.columns.choose, column.key))
        menu.addSeparator()
        menu.addAction("&Reset columns").triggered.connect(lambda _=False: self.columns.reset())
        return menu

    def _pop_up(self, place: QPoint) -> None:
        menu = self.columns_menu(QMenu(self))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.horizontalHeader().mapToGlobal(place))

    def _press_head(self, section: int) -> None:
        column = SORTS.get(KEYS[section])
        if column is not None:
            self.sort_wanted.emit(column)


def _choosing(choose: Callable[[str, bool], None], key: str) -> Callable[[bool], None]:
    return lambda on: choose(key, on)


# What is copied of a list of records: its chosen rows as tab-separated text.

_TSV: Final = tuple(
    TableColumn(name, "", 0)
    for name in ("kind", "id", "name", "state", "organization", "updated", "bytes", "versions")
)


def rows_as_tsv(heads: Iterable[RecordHead]) -> str:
    """Records as tab-separated text with a head; times as the store has them, in UTC."""
    from inspector.session.browse import TableCell, as_tsv  # noqa: PLC0415 - seldom copied

    rows = [
        tuple(
            TableCell(text)
            for text in (
                *(head.kind, head.id, head.name or "", head.state or "", head.org or ""),
                *(head.updated_at or "", str(head.size), str(head.versions)),
            )
        )
        for head in heads
    ]
    return as_tsv(_TSV, rows)


def rows_clip(order: RowPages, rows: Sequence[range]) -> Clip:
    """The chosen rows, which are read in the worker as far as they are not in memory."""
    if not rows:
        return NO_CLIP

    def write(cancel: Event) -> str:
        return rows_as_tsv(heads_of(order, rows, cancel))

    return Clip(write, f"Copied {count(sum(map(len, rows)), 'row')}.")
