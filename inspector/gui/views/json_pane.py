"""JSON exactly as exported; a word above it where it is the envelope."""

from __future__ import annotations

from threading import Event

from PySide6.QtWidgets import QVBoxLayout, QWidget

from inspector.errors import InspectorError
from inspector.gui.exporting import JsonText, json_of
from inspector.gui.tasks import Report, Tasks
from inspector.gui.views.lines import Lines
from inspector.gui.views.text_view import TextView
from inspector.gui.widgets.banner import Banner, Tone
from inspector.session.types import Record


class JsonPane(QWidget):
    """Writes a record in the worker when it is looked at, once."""

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._record: Record | None = None
        self._reveal = False
        self._written = False
        self.banner = Banner(self)
        self.view = TextView("JSON", json=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.view, 1)
        self.setFocusProxy(self.view)

    def set_record(self, record: Record | None, *, reveal: bool) -> None:
        """Take another record; nothing is written before it is looked at."""
        self._tasks.forget("json")
        if record is not self._record:
            self.view.set_lines(Lines())
            self.banner.hide()
        self._record, self._reveal, self._written = record, reveal, False
        if self.isVisible():
            self.look()

    def look(self) -> None:
        """Write the record now, if that was not done yet."""
        record, reveal = self._record, self._reveal
        if record is None or self._written:
            return
        self._written = True

        def work(_cancel: Event, _report: Report) -> tuple[JsonText, Lines]:
            written = json_of(record, reveal=reveal)
            return written, Lines(written.text)

        self._tasks.run("json", work, self._show, self._fail)

    def _show(self, answer: tuple[JsonText, Lines]) -> None:
        written, lines = answer
        self.view.set_lines(lines)
        if written.why:
            body = f"This is what there is instead: {written.why}"
            self.banner.tell(Tone.NOTE, "This record has no JSON of its own.", body)
        else:
            self.banner.hide()

    def _fail(self, error: InspectorError) -> None:
        self.banner.tell(Tone.ERROR, error.message, error.hint)
