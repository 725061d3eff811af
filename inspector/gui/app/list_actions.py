"""What actions do to the lists in the middle: their order, and rows of tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from inspector.gui.actions import Actions
from inspector.gui.history.compare_controller import OtherRecord
from inspector.gui.record.record_pane import RecordPane
from inspector.gui.record_context import RecordContext
from inspector.gui.records.records_pane import RecordsPane
from inspector.gui.search.goto_dialog import FoundRecord
from inspector.gui.tables.table_model import TableRow

if TYPE_CHECKING:
    from inspector.session.session import Session

_PAIR: Final = 2


class ListActions(QObject):
    """What the actions of a window do to its lists of records and of tables.

    Args:
        records: the lists.
        pane: shows a row of a table in place of a record.
        actions: of the window.
        session: gives the store that is open.
        context: the record on screen.
        compare_with: compares the record on screen with another one.
    """

    def __init__(
        self,
        records: RecordsPane,
        pane: RecordPane,
        actions: Actions,
        session: Callable[[], Session | None],
        context: RecordContext,
        compare_with: Callable[[OtherRecord], None],
    ) -> None:
        super().__init__(records)
        self._records, self._pane, self._actions, self._session = records, pane, actions, session
        self._context, self._compare_with = context, compare_with
        records.table.selectionModel().selectionChanged.connect(self._offer_two)
        # A row that is selected may be read only then.
        records.records.dataChanged.connect(self._offer_two)
        context.shown.connect(self._offer_two)
        self._offer_two()
        records.wish_changed.connect(self._show_wish)
        records.tables.chosen.connect(self._show_row)
        self._show_wish()

    # Order

    def sort(self, column: str) -> None:
        """List in the order of a column."""
        wish = self._records.sifting.wish
        self._records.sort(column, descending=wish.descending)

    def turn(self, *, descending: bool) -> None:
        """List upwards or downwards."""
        if self._records.shows_table():
            self._records.tables.turn(descending=descending)
            return
        wish = self._records.sifting.wish
        self._records.sort(wish.column, descending=descending)

    def _show_wish(self) -> None:
        wish = self._records.sifting.wish
        self._actions[f"sort_{wish.column}"].setChecked(True)
        self._actions["descending" if wish.descending else "ascending"].setChecked(True)

    # Two records

    def compare_two(self) -> None:
        """Compare the record on screen with the other one that is selected."""
        other = self._other()
        if other is not None:
            self._compare_with(other)

    def _offer_two(self) -> None:
        self._actions.enable(("compare_rows",), on=self._other() is not None)

    def _other(self) -> FoundRecord | None:
        """The other of two selected records of one kind, of which one is on screen."""
        rows = self._records.table.selected_rows()
        shown = self._context.record()
        if shown is None or sum(map(len, rows)) != _PAIR:
            return None
        heads = [self._records.records.head_at(row) for each in rows for row in each]
        kind = [head for head in heads if head is not None and head.kind == shown.kind]
        others = [head for head in kind if head.id != shown.id]
        if len(kind) != _PAIR or len(others) != 1:
            return None
        return FoundRecord(others[0].kind, others[0].id, others[0].name)

    # Tables

    def _show_row(self, row: TableRow | None) -> None:
        session = self._session()
        if row is None:
            self._pane.tell_empty("No row to show.")
        elif session is not None:
            self._pane.show_row(session, row)
            self._actions.enable(("copy",), on=True)
