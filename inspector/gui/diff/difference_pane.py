"""Two states of a record: the fields that differ, and two texts beside each other."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from inspector.errors import CancelledError, InspectorError
from inspector.gui.diff.diff_model import DiffRow, rows_of
from inspector.gui.diff.diff_text import compare_texts
from inspector.gui.diff.diff_tree import DiffTree
from inspector.gui.diff.text_diff_rows import TextRows
from inspector.gui.diff.text_diff_view import BESIDE, TextDiffView
from inspector.gui.style.fonts import fonts_of
from inspector.gui.style.text_format import visible
from inspector.gui.tasks import Report, Tasks
from inspector.gui.text.value_header import ValueHeader
from inspector.gui.widgets.bar import Bar
from inspector.gui.widgets.labels import CountsLabel, ElidedLabel
from inspector.gui.widgets.pane_states import EmptyState
from inspector.gui.widgets.splitter import LineSplitter
from inspector.session.history_queries import Compared

CHANNEL: Final = "change"
TEXTS: Final = "change text"


class DifferencePane(QWidget):
    """Shows one difference; secrets are covered, and still told to differ."""

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self.compared: Compared | None = None
        self.name = ElidedLabel(Qt.TextElideMode.ElideRight)
        self.facts = ElidedLabel(Qt.TextElideMode.ElideRight, dim=True)
        self.tree = DiffTree()
        self.text = TextDiffView()
        self._text_head = ValueHeader(self, facts=CountsLabel())
        self.empty = EmptyState()
        self._stack = QStackedWidget()
        self._lay_out()
        self._dress()
        self.tree.selected.connect(self._want_text)

    def _lay_out(self) -> None:
        head = Bar(40, line=True)
        head.row.addWidget(self.name)
        head.row.addWidget(self.facts)
        head.row.addStretch(1)
        lower = QWidget()
        below = QVBoxLayout(lower)
        below.addWidget(self._text_head)
        below.addWidget(self.text, 1)
        split = LineSplitter(Qt.Orientation.Vertical, name="Fields and text")
        split.addWidget(self.tree)
        split.addWidget(lower)
        split.setSizes([240, 320])
        self._stack.addWidget(split)
        self._stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.addWidget(head)
        column.addWidget(self._stack, 1)
        for layout in (below, column):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)

    def show_loaded(self, load: Callable[[Event], Compared], name: str, facts: str) -> None:
        """Show what differs between two states.

        Args:
            load: reads and compares them; called in the worker.
            name: what the record is called.
            facts: its kind, and when or where it differs.
        """
        self._name(name, facts)

        def work(cancel: Event, _report: Report) -> tuple[Compared, DiffRow]:
            found = load(cancel)
            return found, rows_of(found, everything=False, reveal=False)

        self._tasks.run(CHANNEL, work, self._show, self._fail)

    def tell(self, name: str, facts: str, sentence: str, reason: str = "") -> None:
        """Show that there are no two states to compare, and why."""
        self._name(name, facts)
        self._tasks.forget(CHANNEL)
        self._tell(sentence, reason)

    def _name(self, name: str, facts: str) -> None:
        self.name.setText(visible(name))
        self.facts.setText(visible(facts))
        self._tasks.forget(TEXTS)

    def _show(self, answer: tuple[Compared, DiffRow]) -> None:
        compared, root = answer
        self.compared = compared
        if compared.difference.entries:
            self._stack.setCurrentIndex(0)
        else:
            self._tell("No differences.", "The bytes differ, but the content is the same.")
        self.tree.show_rows(compared, root, everything=False)

    def _fail(self, error: InspectorError) -> None:
        if not isinstance(error, CancelledError):
            self._tell(error.message, error.hint)

    def _tell(self, sentence: str, reason: str) -> None:
        self.empty.tell(sentence, reason)
        self._stack.setCurrentWidget(self.empty)

    def _want_text(self, row: DiffRow | None) -> None:
        compared = self.compared
        if row is None or compared is None or row.hidden:
            self._tasks.forget(TEXTS)
            self._text(visible(row.name) if row is not None else "", None)
            return
        place = row.after or row.before
        path = visible(place.path if place is not None else row.name)

        def work(_cancel: Event, _report: Report) -> TextRows:
            return compare_texts(row, compared, everything=False, reveal=False)

        self._tasks.run(TEXTS, work, lambda rows: self._text(path, rows), lambda _: None, slow=True)

    def _dress(self) -> None:
        self.name.setFont(fonts_of(self.font()).bold)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._dress()

    def _text(self, path: str, rows: TextRows | None) -> None:
        self._text_head.path.setText(path)
        self._text_head.facts.setText(rows.lines.words if rows is not None else "")
        self.text.show_rows(rows)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Below a width texts are unified."""
        super().resizeEvent(event)
        self.text.set_beside(self.width() >= BESIDE)
