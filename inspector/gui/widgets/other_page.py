"""A page that is shown in place of the list of records, such as what a search found."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.widgets.bar import Bar
from inspector.gui.widgets.empty_state import EmptyState
from inspector.gui.widgets.search_field import SearchField


class OtherPage(QWidget):
    """What stands in the middle pane and is neither records nor a table: a field over a list.

    Attributes:
        filter: the field.
        table: the list.
        empty: what is shown in place of the list where there is nothing in it.
        head: the bar the field is in.
        stack: shows the list or :attr:`empty`.
        column: all of them, one over the other.
    """

    def __init__(self, field: SearchField, table: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.filter, self.table = field, table
        self.empty = EmptyState()
        self.head = Bar(40, line=True)
        self.head.row.addWidget(field, 1)
        self.stack = QStackedWidget()
        self.stack.addWidget(table)
        self.stack.addWidget(self.empty)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.column.addWidget(self.head)
        self.column.addWidget(self.stack, 1)
        field.left.connect(self.focus)

    def stops(self) -> list[QWidget]:
        """Where Tab stops on the page, in its order."""
        return [self.filter, self.table]

    def enter(self) -> object:
        """The page is shown."""
        raise NotImplementedError

    def focus(self) -> None:
        """Give the focus to the list."""
        self.table.setFocus()

    def view(self) -> QWidget:
        """What takes the focus: the list, or the field where it is empty."""
        return self.table if self.stack.currentWidget() is self.table else self.filter
