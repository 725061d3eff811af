"""What actions do to the lists in the middle: order, columns, taking rows along, tables."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu

from inspector.byte_text import escaped
from inspector.errors import InspectorError
from inspector.gui.records.row_order import heads_of
from inspector.gui.style.text_format import count
from inspector.gui.tables.table_model import TableRow
from inspector.gui.tasks import Report
from inspector.session.browse import TableCell, as_tsv
from inspector.session.lines import COLUMNS
from inspector.session.summaries import RecordHead
from inspector.store.rows import TableColumn

if TYPE_CHECKING:
    from inspector.gui.app.main_window import MainWindow

_SORTS: Final = tuple(f"sort_{column}" for column in COLUMNS)
_DIRECTIONS: Final = ("ascending", "descending")
_TSV: Final = tuple(
    TableColumn(name, "", 0)
    for name in ("kind", "id", "name", "state", "organization", "updated", "bytes", "versions")
)


def rows_as_tsv(heads: Iterable[RecordHead]) -> str:
    """Records as tab-separated text with a head; times as the store has them, in UTC."""
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


#: What is said of a value that leaves the clipboard empty.
_NOTHING: Final = {None: "Copied NULL, which is no text.", "": "Copied empty text."}


class ListActions(QObject):
    """Connects the actions of a window to its lists of records and of tables."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._actions = actions = window.actions_
        records = window.records
        for column in COLUMNS:
            actions[f"sort_{column}"].triggered.connect(
                lambda _=False, column=column: self._sort(column)
            )
        for name in _DIRECTIONS:
            actions[name].triggered.connect(lambda _=False: self._turn())
        menu = QMenu(window)
        menu.aboutToShow.connect(lambda: records.table.columns_menu(menu))
        actions["columns"].setMenu(menu)
        actions["wrap"].toggled.connect(window.record.row.set_wrap)
        actions["secrets"].toggled.connect(records.tables.rows.reveal)
        records.wish_changed.connect(self._show_wish)
        records.tables.chosen.connect(self._show_row)
        window.record.row.set_wrap(actions["wrap"].isChecked())
        self._show_wish()

    # Order

    def _sort(self, column: str) -> None:
        wish = self._window.records.sifting.wish
        self._window.records.sort(column, descending=wish.descending)

    def _turn(self) -> None:
        wish = self._window.records.sifting.wish
        down = self._actions["descending"].isChecked()
        self._window.records.sort(wish.column, descending=down)

    def _show_wish(self) -> None:
        wish = self._window.records.sifting.wish
        self._actions[f"sort_{wish.column}"].setChecked(True)
        self._actions["descending" if wish.descending else "ascending"].setChecked(True)

    # Taking rows along

    def copy(self) -> bool:
        """Copy the chosen rows, or the value of a row, where the focus is; False elsewhere."""
        window, focus = self._window, QApplication.focusWidget()
        row = window.record.row
        if focus is window.records.table:
            self._copy_records()
        elif focus is window.records.tables.table:
            found = window.records.tables.rows.row_at(window.records.tables.table.current_row())
            if found is not None:
                self._put(as_tsv(found.columns, [found.cells]), "Copied 1 row.")
        elif row.isVisible() and focus is not None and row.isAncestorOf(focus):
            if not row.text.copy():
                copied = row.copied()
                self._put(copied or "", "Copied." if copied else _NOTHING[copied])
        else:
            return False
        return True

    def _copy_records(self) -> None:
        records = self._window.records
        order, rows = records.records.order, records.table.selected_rows()
        if not rows:
            return

        def work(cancel: Event, _report: Report) -> str:
            return rows_as_tsv(heads_of(order, rows, cancel))

        def done(text: str) -> None:
            number = sum(map(len, rows))
            self._put(text, f"Copied {count(number, 'row')}.")

        self._window.tasks.run("copy", work, done, self._fail, slow=True)

    def _put(self, text: str, said: str) -> None:
        QGuiApplication.clipboard().setText(escaped(text))
        self._window.status.tell(said)

    def _fail(self, error: InspectorError) -> None:
        self._window.status.tell(str(error))

    # Tables

    def _show_row(self, row: TableRow | None) -> None:
        source = self._window.desk.source()
        if row is None:
            self._window.record.tell_empty("No row to show.")
        elif source is not None:
            self._window.record.show_row(source, row)
            self._actions.enable(("copy",), on=True)
