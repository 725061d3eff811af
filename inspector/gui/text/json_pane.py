"""JSON exactly as exported; a word above it where it is the envelope, a bar to find below."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from threading import Event

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from inspector.decode.json_places import keys_at, keys_of, span, way_of
from inspector.decode.node import Tree
from inspector.errors import InspectorError
from inspector.gui.clipboard import NO_CLIP, Clip, ClipSource
from inspector.gui.style.text_format import copied, count
from inspector.gui.tasks import LARGE, Report, Tasks
from inspector.gui.text.json_view import JsonView
from inspector.gui.text.record_json import MOST, JsonText, first_json_of
from inspector.gui.text.text_layout import FoldingLines
from inspector.gui.text.text_search import TextSearch
from inspector.gui.widgets.banner import Banner, Tone
from inspector.gui.widgets.find_bar import FindBar
from inspector.session.summaries import Record

Way = Sequence[int]


class JsonPane(QWidget, ClipSource):
    """Writes a record in the worker when it is looked at, once.

    ``chosen`` tells the way to the value that was clicked.
    """

    chosen = Signal(list)

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._record: Record | None = None
        self._reveal = False
        self._shown: frozenset[int] = frozenset()  #: ``id()`` of secrets that are shown one by one
        self._written = False
        self._blank = True  #: whether nothing was shown since the view was emptied
        self._places = False  #: whether the text is the record's message
        self._way: Way | None = None
        self.banner = Banner(self)
        self.view = JsonView("JSON")
        self.bar = FindBar("Find in the JSON")
        self.finder = TextSearch(self.bar, self.view, tasks, "json find")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.view, 1)
        column.addWidget(self.bar)
        self.view.clicked.connect(self._click)
        self.setFocusProxy(self.view)

    def copy(self) -> Clip | None:
        """What is selected of the text, where that has the focus."""
        focus = QApplication.focusWidget()
        if focus is None or not self.view.isAncestorOf(focus):
            return None
        chosen = self.view.selected_text()
        return Clip(chosen, copied("selection", chosen)) if chosen else NO_CLIP

    def set_record(
        self, record: Record | None, *, reveal: bool, shown: frozenset[int] = frozenset()
    ) -> None:
        """Take another record; nothing is written before it is looked at.

        Args:
            record: the record.
            reveal: whether all secrets are shown.
            shown: ``id()`` of the nodes of those that are shown one by one.
        """
        for channel in ("json", "json place", "json find"):
            self._tasks.forget(channel)
        if record is not self._record:
            self._way = None
            if not self._blank:
                self._blank = True
                self.view.set_lines(FoldingLines())
                self.banner.hide()
        self._record, self._reveal, self._written = record, reveal, False
        self._shown = shown
        self._places = False
        if self.isVisible():
            self.look()

    def look(self) -> None:
        """Write the record now, if that was not done yet."""
        record, reveal, shown = self._record, self._reveal, self._shown
        if record is None:
            return
        if self._written:
            self._find_place()
            return
        self._written, self._blank = True, False

        def work(cancel: Event, _report: Report) -> tuple[JsonText, FoldingLines]:
            seen = copy(record)
            seen.covered = record.covered - shown
            written = first_json_of(seen, reveal=reveal, cancel=cancel)
            return written, FoldingLines(written.text)

        self._tasks.run("json", work, self._show, self._fail, slow=record.size > LARGE)

    def show_way(self, way: Way | None) -> None:
        """Mark the value at the end of a way, and bring it into sight."""
        self._way = way
        if self.isVisible():
            self._find_place()

    def _find_place(self) -> None:
        tree, way, text = self._tree(), self._way, self.view.text()
        if tree is None or way is None or not self._places:
            self._mark(None)
            return

        def work(_cancel: Event, _report: Report) -> tuple[int, int] | None:
            keys = keys_of(tree, way)
            return span(text, keys) if keys else None

        slow = len(text) > LARGE
        self._tasks.run("json place", work, self._show_place, self._fail, slow=slow)

    def _show_place(self, place: tuple[int, int] | None) -> None:
        self._mark(place)
        if place is not None:
            self.view.show_offset(place[0])

    def _mark(self, place: tuple[int, int] | None) -> None:
        self.view.set_marks(self.view.marks._replace(place=place))

    def _click(self, offset: int) -> None:
        tree, text = self._tree(), self.view.text()
        if tree is None or not self._places:
            return

        def work(_cancel: Event, _report: Report) -> tuple[list[int], tuple[int, int] | None]:
            keys = keys_at(text, offset)
            return way_of(tree, keys), span(text, keys) if keys else None

        self._tasks.run("json place", work, self._clicked, self._fail, slow=len(text) > LARGE)

    def _clicked(self, answer: tuple[list[int], tuple[int, int] | None]) -> None:
        self._way, place = answer
        self._mark(place)
        self.chosen.emit(list(self._way))

    def _tree(self) -> Tree | None:
        return self._record.tree if self._record is not None else None

    def _show(self, answer: tuple[JsonText, FoldingLines]) -> None:
        written, lines = answer
        top = self.view.top_offset() if self.view.text() else 0
        self.view.set_lines(lines)
        self.view.show_offset(min(top, len(written.text)))
        self._places = not written.why and not written.cut
        self.bar.remark(f"{count(written.covered, 'secret')} covered" if written.covered else "")
        if written.why:
            body = f"Shown instead: {written.why}"
            body = f"{body} {written.lost}" if written.lost else body
            body = f"{body} Only its first {MOST:,} parts are shown." if written.cut else body
            self.banner.tell(Tone.NOTE, "This record cannot be written as JSON.", body)
        elif written.cut:
            body = "Find searches these; Export and Copy take all of the JSON."
            self.banner.tell(Tone.NOTE, f"The first {MOST:,} parts of the JSON are shown.", body)
        elif written.lost:
            self.banner.tell(Tone.NOTE, "JSON cannot express all of this record.", written.lost)
        else:
            self.banner.hide()
        self._find_place()
        self.finder.again()

    def _fail(self, error: InspectorError) -> None:
        self.banner.tell(Tone.ERROR, error.message, error.hint)
