"""The middle pane with what was found in all records, and what was searched for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from inspector.gui.cells.results_page import ResultsPage
from inspector.gui.cells.titled_list import TitledTable
from inspector.gui.search.hits_model import HIT_COLUMNS, HitsModel
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


class SearchPane(ResultsPage):
    """A field over a list of hits.

    ``sought`` tells that what :meth:`query` gives is to be searched, ``values_wanted`` that numbers
    and the like are to be searched too, ``chosen`` the :class:`SearchHit` the cursor is on.
    """

    sought = Signal()
    values_wanted = Signal()
    chosen = Signal(SearchHit)

    def __init__(self, parent: QWidget | None = None) -> None:
        model = HitsModel()
        table = TitledTable(HIT_COLUMNS, model)
        super().__init__(SearchField("search", "Ctrl+Shift+F"), table, parent)
        self.hits = model
        model.setParent(self)
        table.setAccessibleName("Search results")
        self.filter.set_words(_WORDS, _WORDS)
        self.case = self._switch("Aa", "Match case")
        self.history = self._switch("History", "Search all versions too")
        self.events = self._switch("Events", "Search the events of executions and sessions too")
        self.values = QPushButton(_VALUES)
        self.values.setToolTip("Search numbers, enum names, times and truth values too")
        self.values.clicked.connect(self._ask_values)
        self.found = self.sentence()
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE)
        self._soon.timeout.connect(self._seek_soon)
        self.head.row.addWidget(self.case)
        self.head.row.addWidget(self.history)
        self.head.row.addWidget(self.events)
        self.results.setSpacing(2)
        self.results.insertWidget(0, self.found)
        self.results.addWidget(self.values, 0, Qt.AlignmentFlag.AlignLeft)
        self.filter.textChanged.connect(self._wait)
        self.filter.returnPressed.connect(self._seek)
        for switch in (self.case, self.history, self.events):
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

    # What is sought

    def query(self) -> SearchQuery:
        """What is to be searched for."""
        return SearchQuery(
            self.filter.text(),
            ignore_case=not self.case.isChecked(),
            history=self.history.isChecked(),
            events=self.events.isChecked(),
        )

    def begin(self) -> None:
        """Nothing is sought."""
        self.hits.clear()
        self.below.hide()
        self.footer.finish()
        self.empty.tell(*_BEGIN)
        self.stack.setCurrentWidget(self.empty)

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
            self.wait("Searching\N{HORIZONTAL ELLIPSIS}")
        self.values.setEnabled(False)
        self.footer.start(doing)

    def put(self, hits: Sequence[SearchHit], title: str = "") -> None:
        """Show more hits below the others."""
        if not hits:
            return
        first = self.hits.rowCount()
        self.hits.put(hits, title)
        self.table.fit_rows(first)
        self.stack.setCurrentWidget(self.table)

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
        self.below.show()
        if not self.hits.rowCount():
            self.empty.tell(_NOTHING, covered)
            self.stack.setCurrentWidget(self.empty)

    def current(self) -> SearchHit | None:
        """The hit the cursor is on."""
        row = self.hits.at(self.table.current_row())
        return row.hit if row is not None else None

    def come_to(self, at: int) -> None:
        """Tell the hit of a row."""
        row = self.hits.at(at)
        if row is not None and row.hit is not None:
            self.chosen.emit(row.hit)

    # The focus

    def enter(self) -> None:
        """The list is shown."""
        if not self.hits.rowCount():
            self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def ask(self) -> None:
        """Put the cursor into the field, all of it selected."""
        self.filter.selectAll()
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
