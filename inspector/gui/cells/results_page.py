"""A page with what long work found: a field over a titled list, and below it what was looked at."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from inspector.gui.cells.titled_list import TitledTable
from inspector.gui.widgets.other_page import OtherPage
from inspector.gui.widgets.pane_states import WorkBar, WorkFooter
from inspector.gui.widgets.search_field import SearchField


class ResultsPage(OtherPage):
    """Who inherits says what a row leads to.

    ``entered`` tells that the focus is to go to what the cursor is on.

    Attributes:
        covered: says what was looked at.
        footer: says how far the work is.
        below: what is shown below the list once the work is over.
        results: the layout of :attr:`below`, with :attr:`covered` in it.
    """

    entered = Signal()

    def __init__(
        self, field: SearchField, table: TitledTable, parent: QWidget | None = None
    ) -> None:
        super().__init__(field, table, parent)
        self.table: TitledTable = table
        self.empty.reason.setWordWrap(True)
        self.work = WorkBar()
        self.footer = WorkFooter(self.work)
        self.below = QWidget()
        self.results = QVBoxLayout(self.below)
        self.results.setContentsMargins(12, 6, 8, 6)
        self.covered = self.sentence()
        self.results.addWidget(self.covered)
        for widget in (self.work, self.footer, self.below):
            self.column.addWidget(widget)
        table.entered.connect(self.entered)
        table.came_to.connect(self.come_to)

    @staticmethod
    def sentence() -> QLabel:
        """A label of plain words, over as many lines as they take."""
        label = QLabel()
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        return label

    def come_to(self, row: int) -> None:
        """The cursor came to a row, or the row it is on was clicked."""
        raise NotImplementedError

    def wait(self, words: str) -> None:
        """Nothing is listed until the work finds something."""
        self.below.hide()
        self.empty.tell(words)
        self.stack.setCurrentWidget(self.empty)
