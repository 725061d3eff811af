"""What actions do to the lists in the middle: their order, and rows of tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from inspector.gui.actions import Actions
from inspector.gui.record.record_pane import RecordPane
from inspector.gui.records.records_pane import RecordsPane
from inspector.gui.tables.table_model import TableRow

if TYPE_CHECKING:
    from inspector.session.session import Session


class ListActions(QObject):
    """What the actions of a window do to its lists of records and of tables.

    Args:
        records: the lists.
        pane: shows a row of a table in place of a record.
        actions: of the window.
        session: gives the store that is open.
    """

    def __init__(
        self,
        records: RecordsPane,
        pane: RecordPane,
        actions: Actions,
        session: Callable[[], Session | None],
    ) -> None:
        super().__init__(records)
        self._records, self._pane, self._actions, self._session = records, pane, actions, session
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
        wish = self._records.sifting.wish
        self._records.sort(wish.column, descending=descending)

    def _show_wish(self) -> None:
        wish = self._records.sifting.wish
        self._actions[f"sort_{wish.column}"].setChecked(True)
        self._actions["descending" if wish.descending else "ascending"].setChecked(True)

    # Tables

    def _show_row(self, row: TableRow | None) -> None:
        session = self._session()
        if row is None:
            self._pane.tell_empty("No row to show.")
        elif session is not None:
            self._pane.show_row(session, row)
            self._actions.enable(("copy",), on=True)
