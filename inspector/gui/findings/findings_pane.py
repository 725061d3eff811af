"""The middle pane with what a check found, and what was checked for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from inspector.gui.cells.table_view import TableView
from inspector.gui.cells.two_line_delegate import HEIGHT, TwoLineDelegate
from inspector.gui.clipboard import NO_CLIP, Clip, ClipSource
from inspector.gui.findings.findings_model import FINDING_COLUMNS, FindingsModel
from inspector.gui.style.fonts import px, row_height
from inspector.gui.style.text_format import count
from inspector.gui.widgets.bar import Bar
from inspector.gui.widgets.other_page import OtherPage
from inspector.gui.widgets.pane_states import EmptyState, WorkBar, WorkFooter
from inspector.gui.widgets.search_field import SearchField
from inspector.invisible import holds, visible
from inspector.session.check import CheckFinding

MOST: Final = 5_000  #: findings that are listed
_WORDS: Final = "Filter by level, record, path or words"
_NONE: Final = "No findings."
_NO_MATCH: Final = "No findings match."


class FindingsTable(TableView):
    """The list of findings; ``entered`` is emitted by Enter."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter leads to the record."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def first_row(self) -> int:
        """The first finding, below its titles."""
        model = self.model()
        return model.first_finding() if isinstance(model, FindingsModel) else 0


class FindingsPane(OtherPage, ClipSource):
    """A filter over a list of findings.

    ``chosen`` tells the :class:`CheckFinding` the cursor is on, ``entered`` that the focus is to
    go to it, ``again_wanted`` that the store is to be checked anew, ``json_wanted`` that all of
    what was found is to be copied as JSON.
    """

    chosen = Signal(CheckFinding)
    entered = Signal()
    again_wanted = Signal()
    json_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._all: Sequence[CheckFinding] = ()
        self.findings = FindingsModel(self)
        self.table = FindingsTable(FINDING_COLUMNS)
        self.table.setAccessibleName("Check findings")
        self.table.setModel(self.findings)
        self.table.setItemDelegate(TwoLineDelegate(self.table))
        self.table.horizontalHeader().hide()
        self.table.setSelectionMode(TableView.SelectionMode.ExtendedSelection)
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        self.table.clicked.connect(self._choose_again)
        self.table.entered.connect(self.entered)
        self.filter = SearchField("filter", "Ctrl+F")
        self.filter.set_words(_WORDS, "Filter findings by level, record, path or words")
        self.filter.textChanged.connect(lambda _: self._narrow())
        self.filter.left.connect(self.focus)
        self.filter.returnPressed.connect(self.focus)
        self.again = QPushButton("Check again")
        self.json = QPushButton("Copy as JSON")
        self.json.setToolTip("Copy the whole answer, as check --json gives it")
        self.again.clicked.connect(self._ask_again)
        self.json.clicked.connect(self._ask_json)
        self.covered = QLabel()
        self.covered.setTextFormat(Qt.TextFormat.PlainText)
        self.covered.setWordWrap(True)
        self.empty = EmptyState()
        self.empty.reason.setWordWrap(True)
        self.work = WorkBar()
        self.footer = WorkFooter(self.work)
        self._stack = QStackedWidget()
        self._lay_out()

    def _lay_out(self) -> None:
        head = Bar(40, line=True)
        head.row.addWidget(self.filter, 1)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        self._below = QWidget()
        below = QVBoxLayout(self._below)
        below.setContentsMargins(12, 6, 8, 6)
        below.setSpacing(4)
        below.addWidget(self.covered)
        buttons = QHBoxLayout()
        buttons.addWidget(self.again)
        buttons.addWidget(self.json)
        buttons.addStretch()
        below.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self._stack, 1)
        for widget in (self.work, self.footer, self._below):
            column.addWidget(widget)
        self.table.verticalHeader().setDefaultSectionSize(px(self, HEIGHT))

    def start(self) -> None:
        """A check has begun."""
        self._all = ()
        self.filter.put("")
        self.findings.show(())
        self._below.hide()
        self.empty.tell("Checking\N{HORIZONTAL ELLIPSIS}")
        self._stack.setCurrentWidget(self.empty)
        self.footer.start("Checking")

    def end(self, findings: Sequence[CheckFinding], covered: str) -> None:
        """A check is over: list what it found, and say what was checked."""
        self.footer.finish()
        self._all = findings
        self.covered.setText(covered)
        self._below.show()
        self.json.show()
        self._narrow()

    def fail(self, sentence: str, reason: str) -> None:
        """A check ended early, and nothing of it is listed."""
        self.footer.finish()
        self.empty.tell(sentence, reason)
        self.covered.setText("")
        self._below.show()
        self.json.hide()

    def copy(self) -> Clip | None:
        """The chosen findings as tab-separated text."""
        if not self.table.hasFocus():
            return None
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        chosen = [row.finding for row in map(self.findings.at, rows) if row and row.finding]
        lines = ["\t".join(map(visible, one.words)) for one in chosen]
        said = f"Copied {count(len(lines), 'finding')}."
        return Clip("\n".join(lines), said) if lines else NO_CLIP

    def _ask_again(self) -> None:
        self.again_wanted.emit()

    def _ask_json(self) -> None:
        self.json_wanted.emit()

    def _narrow(self) -> None:
        """List those that hold what the filter says."""
        wanted = self.filter.text().casefold()
        fit = [
            one for one in self._all if not wanted or holds(" ".join(one.words).casefold(), wanted)
        ]
        self.findings.show(fit[:MOST])
        rows, height = self.table.verticalHeader(), row_height(self.table)
        for row in range(self.findings.rowCount()):
            rows.resizeSection(row, px(self, HEIGHT))
        for row in self.findings.titles():
            rows.resizeSection(row, height)
        if fit:
            self._stack.setCurrentWidget(self.table)
        elif not self.footer.isVisible():
            self.empty.tell(_NO_MATCH if self._all else _NONE)
            self._stack.setCurrentWidget(self.empty)

    def _choose(self, current: QModelIndex, _before: QModelIndex) -> None:
        row = self.findings.at(current.row())
        if row is not None and row.finding is not None:
            self.chosen.emit(row.finding)

    def _choose_again(self, index: QModelIndex) -> None:
        """A click on the finding the cursor is on leads to it once more."""
        if index.row() == self.table.current_row():
            self._choose(index, index)

    def enter(self) -> None:
        """The list is shown."""
        if self.findings.rowCount():
            self.focus()

    def focus(self) -> None:
        """Give the focus to the list."""
        self.table.setFocus()

    def view(self) -> QWidget:
        """What takes the focus: the list, or the filter where it is empty."""
        return self.table if self._stack.currentWidget() is self.table else self.filter

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.table.verticalHeader().setDefaultSectionSize(px(self, HEIGHT))
            for row in self.findings.titles():
                self.table.verticalHeader().resizeSection(row, row_height(self.table))
