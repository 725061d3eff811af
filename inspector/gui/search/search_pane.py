"""The middle pane with what was found in all records, and what was searched for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QLabel,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.cells.table_view import TableView
from inspector.gui.cells.two_line_delegate import HEIGHT, TwoLineDelegate
from inspector.gui.search.hits_model import HIT_COLUMNS, HitsModel
from inspector.gui.style.fonts import px, row_height
from inspector.gui.widgets.bar import Bar
from inspector.gui.widgets.other_page import OtherPage
from inspector.gui.widgets.pane_states import EmptyState, WorkBar, WorkFooter
from inspector.gui.widgets.search_field import SearchField
from inspector.session.store_search import SearchHit, SearchQuery

_PAUSE: Final = 300  #: milliseconds after a key until what is typed is sought
_LEAST: Final = 2  #: characters that are sought without Enter
_WORDS: Final = "Search all records"
_BEGIN: Final = (
    "Search all records.",
    "Finds text in strings, map keys and fields without a name. Secrets are left out.",
)
_NOTHING: Final = "Nothing found."
_VALUES: Final = "Numbers and times"


class HitsTable(TableView):
    """The list of hits; ``entered`` is emitted by Enter."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter leads to the record."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def first_row(self) -> int:
        """The first hit, below its titles."""
        model = self.model()
        return model.first_hit() if isinstance(model, HitsModel) else 0


class SearchPane(OtherPage):
    """A field over a list of hits.

    ``sought`` tells that what :meth:`query` gives is to be searched, ``values_wanted`` that numbers
    and the like are to be searched too, ``chosen`` the :class:`SearchHit` the cursor is on,
    ``entered`` that the focus is to go to it.
    """

    sought = Signal()
    values_wanted = Signal()
    chosen = Signal(SearchHit)
    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hits = HitsModel(self)
        self.table = HitsTable(HIT_COLUMNS)
        self.table.setAccessibleName("Search results")
        self.table.setModel(self.hits)
        self.table.setItemDelegate(TwoLineDelegate(self.table))
        self.table.horizontalHeader().hide()
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        self.table.clicked.connect(self._choose_again)
        self.table.entered.connect(self.entered)
        self.filter = SearchField("search", "Ctrl+Shift+F")
        self.filter.set_words(_WORDS, _WORDS)
        self.case = self._switch("Aa", "Match case")
        self.history = self._switch("History", "Search all versions too")
        self.values = QPushButton(_VALUES)
        self.values.setToolTip("Search numbers, enum names, times and truth values too")
        self.values.clicked.connect(self._ask_values)
        self.found, self.covered = QLabel(), QLabel()
        for label in (self.found, self.covered):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.empty = EmptyState()
        self.empty.reason.setWordWrap(True)
        self.work = WorkBar()
        self.footer = WorkFooter(self.work)
        self._stack = QStackedWidget()
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE)
        self._soon.timeout.connect(self._seek_soon)
        self._lay_out()
        self.filter.textChanged.connect(self._wait)
        self.filter.returnPressed.connect(self._seek)
        self.filter.left.connect(self.focus)
        for switch in (self.case, self.history):
            switch.toggled.connect(self._seek)
        self.begin()

    def _ask_values(self) -> None:
        self.values_wanted.emit()

    def _wait(self) -> None:
        self._soon.start()

    def _switch(self, words: str, name: str) -> QToolButton:
        button = QToolButton()
        button.setText(words)
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _lay_out(self) -> None:
        head = Bar(40, line=True)
        head.row.addWidget(self.filter, 1)
        head.row.addWidget(self.case)
        head.row.addWidget(self.history)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        self._below = QWidget()
        below = QVBoxLayout(self._below)
        below.setContentsMargins(12, 6, 8, 6)
        below.setSpacing(2)
        below.addWidget(self.found)
        below.addWidget(self.covered)
        below.addWidget(self.values, 0, Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self._stack, 1)
        for widget in (self.work, self.footer, self._below):
            column.addWidget(widget)
        self.table.verticalHeader().setDefaultSectionSize(px(self, HEIGHT))

    # What is sought

    def query(self) -> SearchQuery:
        """What is to be searched for."""
        return SearchQuery(
            self.filter.text(),
            ignore_case=not self.case.isChecked(),
            history=self.history.isChecked(),
        )

    def begin(self) -> None:
        """Nothing is sought."""
        self.hits.clear()
        self._below.hide()
        self.footer.finish()
        self.empty.tell(*_BEGIN)
        self._stack.setCurrentWidget(self.empty)

    def _seek_soon(self) -> None:
        if len(self.filter.text()) >= _LEAST or not self.filter.text():
            self.sought.emit()

    def _seek(self) -> None:
        self._soon.stop()
        self.sought.emit()

    # What is found

    def start(self, doing: str, *, anew: bool) -> None:
        """A search has begun."""
        if anew:
            self.hits.clear()
            self._below.hide()
            self.empty.tell("Searching\N{HORIZONTAL ELLIPSIS}")
            self._stack.setCurrentWidget(self.empty)
        self.values.setEnabled(False)
        self.footer.start(doing)

    def put(self, hits: Sequence[SearchHit], title: str = "") -> None:
        """Show more hits below the others."""
        if not hits:
            return
        first = self.hits.rowCount()
        self.hits.put(hits, title)
        rows, height = self.table.verticalHeader(), row_height(self.table)
        for row in self.hits.titles(first):
            rows.resizeSection(row, height)
        self._stack.setCurrentWidget(self.table)

    def end(self, found: str, covered: str, *, values: bool) -> None:
        """A search is over: say what was found, and what was searched.

        Args:
            found: how much.
            covered: what was searched.
            values: whether numbers and the like may be searched yet.
        """
        self.footer.finish()
        self.found.setText(found)
        self.covered.setText(covered)
        self.values.setEnabled(True)
        self.values.setVisible(values)
        self._below.show()
        if not self.hits.rowCount():
            self.empty.tell(_NOTHING, covered)
            self._stack.setCurrentWidget(self.empty)

    def current(self) -> SearchHit | None:
        """The hit the cursor is on."""
        row = self.hits.at(self.table.current_row())
        return row.hit if row is not None else None

    def _choose(self, current: QModelIndex, _before: QModelIndex) -> None:
        row = self.hits.at(current.row())
        if row is not None and row.hit is not None:
            self.chosen.emit(row.hit)

    def _choose_again(self, index: QModelIndex) -> None:
        """A click on the hit the cursor is on leads to it once more."""
        if index.row() == self.table.current_row():
            self._choose(index, index)

    # The focus

    def enter(self) -> None:
        """The list is shown."""
        if not self.hits.rowCount():
            self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def ask(self) -> None:
        """Put the cursor into the field, all of it selected."""
        self.filter.selectAll()
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus(self) -> None:
        """Give the focus to the list."""
        self.table.setFocus()

    def view(self) -> QWidget:
        """What takes the focus: the list, or the field where it is empty."""
        return self.table if self._stack.currentWidget() is self.table else self.filter

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            rows = self.table.verticalHeader()
            rows.setDefaultSectionSize(px(self, HEIGHT))
            for row in self.hits.titles(0):
                rows.resizeSection(row, row_height(self.table))
