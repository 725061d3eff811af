"""The two pages of the middle pane: a list of records, or a table of the file."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QWidget

from inspector.gui.models.kinds import Entry
from inspector.gui.source import Source
from inspector.gui.tasks import Tasks

if TYPE_CHECKING:
    from inspector.gui.views.table_pane import TablePane


class ListPages(QStackedWidget):
    """Shows the records until a table is asked for."""

    def __init__(self, tasks: Tasks, records: QWidget) -> None:
        super().__init__()
        self._tasks, self._records = tasks, records
        self.addWidget(records)

    @cached_property
    def tables(self) -> TablePane:
        """The page that shows a table of the file, made when it is first shown."""
        from inspector.gui.views.table_pane import TablePane  # noqa: PLC0415 - seldom shown

        page = TablePane(self._tasks)
        self.addWidget(page)
        return page

    def shows_table(self) -> bool:
        """Whether a table is shown."""
        return self.currentWidget() is not self._records

    def show_table(self, source: Source, entry: Entry) -> None:
        """List the rows of a table of the file."""
        self.setCurrentWidget(self.tables)
        self.tables.show_table(source, entry)

    def show_records(self) -> None:
        """Go back to the records, and let go of the table."""
        if self.shows_table():
            self.tables.leave()
            self.setCurrentWidget(self._records)
