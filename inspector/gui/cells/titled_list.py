"""A list of two-line rows under titles, such as hits under kinds, and the page around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeVar

from PySide6.QtCore import QEvent, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from inspector.gui.cells.cell_delegate import TwoLineDelegate
from inspector.gui.cells.columns import Column
from inspector.gui.cells.list_model import Index, ListModel
from inspector.gui.cells.table_view import TableView
from inspector.gui.style.fonts import px, row_height
from inspector.gui.widgets.labels import ElidedLabel
from inspector.gui.widgets.other_page import OtherPage
from inspector.gui.widgets.search_field import SearchField
from inspector.gui.widgets.work_footer import WorkBar, WorkFooter

R = TypeVar("R")
_READ_ONLY: Final = Qt.ItemFlag.NoItemFlags
_LOW: Final = 360  #: height of a page, for a 13 px font, below which its words take one line


class TitledModel(ListModel[R]):
    """Rows of which some are titles, that cannot be chosen; who inherits says which."""

    def is_title(self, row: R) -> bool:
        """Whether a row is a title over what follows it."""
        raise NotImplementedError

    def spoken(self, row: R) -> str:
        """What a screen reader says of a row."""
        raise NotImplementedError

    def titles(self, first: int = 0) -> list[int]:
        """The rows from one on that are titles."""
        return [at for at in range(first, len(self._rows)) if self.is_title(self._rows[at])]

    def first_item(self) -> int:
        """The first row that is no title; -1 where there is none."""
        return next((at for at, row in enumerate(self._rows) if not self.is_title(row)), -1)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Titles are only read."""
        row = self.at(index.row())
        if row is None or self.is_title(row):
            return _READ_ONLY
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Cells, and of each row what a screen reader says."""
        row = self.at(index.row())
        if role == Qt.ItemDataRole.AccessibleTextRole and row is not None:
            return self.spoken(row)
        return super().data(index, role)


class TitledTable(TableView):
    """The view of a :class:`TitledModel`.

    ``came_to`` tells the row the cursor is on, once more where it is clicked; ``entered`` that
    Enter was pressed.
    """

    came_to = Signal(int)
    entered = Signal()

    def __init__(
        self, columns: Sequence[Column], titled: TitledModel[Any], parent: QWidget | None = None
    ) -> None:
        self._titled = titled
        super().__init__(columns, parent)
        self.setModel(titled)
        self.setItemDelegate(TwoLineDelegate(self))
        self.horizontalHeader().hide()
        self.selectionModel().currentRowChanged.connect(self._come)
        self.clicked.connect(self._come_again)

    def fit_rows(self) -> None:
        """Make titles a line high, and all else two."""
        super().fit_rows()
        self.fit_titles()

    def fit_titles(self, first: int = 0) -> None:
        """Make the titles from a row on a line high; what comes later has two lines."""
        header, height = self.verticalHeader(), row_height(self)
        for row in self._titled.titles(first):
            header.resizeSection(row, height)

    def first_row(self) -> int:
        """The first row below its titles."""
        return self._titled.first_item()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter leads to what the row is about."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def _come(self, current: QModelIndex, _before: QModelIndex) -> None:
        self.came_to.emit(current.row())

    def _come_again(self, index: QModelIndex) -> None:
        if index.row() == self.current_row():
            self.came_to.emit(index.row())


# A page with what long work found: a field over a titled list, and below it what was looked at.


class _Words(ElidedLabel):
    """Words over as many lines as they take, or on one that is cut where there is no room."""

    def __init__(self) -> None:
        super().__init__(Qt.TextElideMode.ElideRight)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setWordWrap(True)

    def sizeHint(self) -> QSize:
        """Room for the lines."""
        return QLabel.sizeHint(self) if self.wordWrap() else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Room for the lines, or for what is left of one."""
        return QLabel.minimumSizeHint(self) if self.wordWrap() else super().minimumSizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines, or what fits."""
        if self.wordWrap():
            QLabel.paintEvent(self, event)
        else:
            super().paintEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show what is cut; of several lines nothing is."""
        return QLabel.event(self, event) if self.wordWrap() else super().event(event)


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
        self.covered = _Words()
        self.results.addWidget(self.covered)
        for widget in (self.work, self.footer, self.below):
            self.column.addWidget(widget)
        table.entered.connect(self.entered)
        table.came_to.connect(self.come_to)

    def stops(self) -> list[QWidget]:
        """Below the list that of its footer."""
        return [*super().stops(), self.footer.button]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the room of a low page to what was found."""
        super().resizeEvent(event)
        wraps = self.height() >= px(self, _LOW)
        if wraps != self.covered.wordWrap():
            self.covered.setWordWrap(wraps)
            self.covered.updateGeometry()

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
