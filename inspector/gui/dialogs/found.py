"""Boxes that list records to go to. They never block, and close with the record chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QVBoxLayout, QWidget

from inspector.errors import CancelledError, InspectorError
from inspector.gui.dialogs.sizes import give_size
from inspector.gui.models.found import FOUND_COLUMNS, Found, FoundModel
from inspector.gui.source import Source
from inspector.gui.tasks import Report, Tasks
from inspector.gui.views.table import Table
from inspector.gui.widgets.pages import WorkBar, WorkFooter
from inspector.gui.words import count
from inspector.session.types import Record

_PAUSE: Final = 200  #: milliseconds after the last key before a slug is looked for


class FoundDialog(QDialog):
    """A list of records. ``chosen`` tells the :class:`Found` to go to."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget, tasks: Tasks, channel: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._tasks, self._channel = tasks, channel
        self.found = FoundModel(self)
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.table = Table(FOUND_COLUMNS)
        self.table.setModel(self.found)
        self.table.setAccessibleName("Records found")
        self.bar = WorkBar()
        self.footer = WorkFooter(self.bar)
        self.footer.cancelled.connect(lambda: tasks.cancel(channel))
        self.table.activated.connect(self._choose)
        self.finished.connect(lambda _: tasks.forget(channel))
        self.column = QVBoxLayout(self)
        for part in (self.words, self.bar, self.table, self.footer):
            self.column.addWidget(part, int(part is self.table))
        give_size(self, 720, 360)

    def _choose(self, index: QModelIndex) -> None:
        found = self.found.at(index.row())
        if found is not None:
            self.accept()
            self.chosen.emit(found)


class Referrers(FoundDialog):
    """Who refers to a record: found one after the other, while one can already go to the first."""

    def __init__(self, parent: QWidget, tasks: Tasks, source: Source, record: Record) -> None:
        super().__init__(parent, tasks, "referrers")
        self.setWindowTitle("Who refers to this")
        self._source, self._record = source, record
        self._waiting: list[Found] = []
        self.footer.continued.connect(self.look)
        self.table.setFocus()
        self.look()

    def look(self) -> None:
        """Look at every record, from the first."""
        source, record, waiting = self._source, self._record, list[Found]()
        self._waiting = waiting
        self.found.set_rows(())
        self.words.setText(f"Looking for records that name {record.id}.")

        def work(cancel: Event, report: Report) -> None:
            def far(done: int) -> None:
                report(done, 0)

            for one in source.referrers(record.kind, record.id, cancel, far):
                waiting.append(Found(one.kind, one.id, one.name, one.path))

        self.footer.start("Looking at records")
        self._tasks.run("referrers", work, lambda _: self._done(), self._fail, self._far, slow=True)

    def _take(self) -> None:
        known = self.found.rowCount()
        self.found.add(self._waiting[known:])
        if not known and self.found.rowCount():
            self.table.selectRow(0)

    def _far(self, done: int, total: int) -> None:
        self._take()
        self.footer.progress(done, total)

    def _done(self) -> None:
        self._take()
        self.footer.finish()
        rows = self.found.rowCount()
        named = self._record.id
        self.words.setText(
            f"{count(rows, 'field')} of other records name {named}."
            if rows
            else f"No record of this store names {named}."
        )

    def _fail(self, error: InspectorError) -> None:
        self._take()
        if isinstance(error, CancelledError):
            self.footer.stopped("Stopped before all records were looked at.")
        else:
            self.footer.finish()
            self.words.setText(str(error))


class GoTo(FoundDialog):
    """A line for any id, ``kind/id``, line of a log or name; one that is unique is gone to."""

    def __init__(self, parent: QWidget, tasks: Tasks, source: Source, pasted: str = "") -> None:
        super().__init__(parent, tasks, "named")
        self.setWindowTitle("Go to")
        self._source = source
        self._enter = False
        self.line = QLineEdit(pasted)
        self.line.setPlaceholderText("An id, kind/id, a slug, or a line of a log")
        self.line.setAccessibleName("Id or slug")
        self.line.setClearButtonEnabled(True)
        self.line.selectAll()
        self.column.insertWidget(0, self.line)
        self.footer.continued.connect(self.look)
        self._later = QTimer(self, singleShot=True, interval=_PAUSE)
        self._later.timeout.connect(self.look)
        self.line.textChanged.connect(self._typed)
        self.line.returnPressed.connect(self._go)
        self.line.setFocus()
        give_size(self, 640, 280)
        self.look()

    def look(self) -> None:
        """Look for what the line says."""
        self._later.stop()
        text, source = self.line.text().strip(), self._source
        if not text:
            self._tasks.forget(self._channel)
            self.found.set_rows(())
            self.words.setText("Goes to records that are there, and to those that are gone.")
            return

        def work(cancel: Event, _report: Report) -> list[Found]:
            return [
                Found(one.kind, one.id, one.name, live=one.live, former=one.former)
                for one in source.named(text, cancel)
            ]

        self.footer.start("Looking")
        self._tasks.run(self._channel, work, self._done, self._fail, slow=True)

    def _typed(self) -> None:
        self._enter = False
        self._later.start()

    def _go(self) -> None:
        """Enter: go where it leads, now or as soon as that is known."""
        if self._later.isActive() or self._tasks.is_busy(self._channel):
            self._enter = True
            self.look()
        elif self.found.rowCount():
            self._choose(self.found.index(max(self.table.current_row(), 0), 0))

    def _done(self, found: list[Found]) -> None:
        self.footer.finish()
        self.found.set_rows(())
        self.found.add(found)
        if found:
            self.table.selectRow(0)
        self.words.setText(_found_words(found))
        enter, self._enter = self._enter, False
        if enter and len(found) == 1:
            self._choose(self.found.index(0, 0))

    def _fail(self, error: InspectorError) -> None:
        if isinstance(error, CancelledError):
            self.footer.stopped("Stopped looking.")
        else:
            self.footer.finish()
            self.words.setText(str(error))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down move in the list while one types."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self.found.rowCount():
            by = -1 if event.key() == Qt.Key.Key_Up else 1
            row = (self.table.current_row() + by) % self.found.rowCount()
            self.table.selectRow(row)
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()  # the line and the list take it; no default button does
            return
        super().keyPressEvent(event)


def _found_words(found: Sequence[Found]) -> str:
    if not found:
        return "Not in this store: no record has exactly this id or slug."
    by = " by a former name" if found[0].former else ""
    return f"{count(len(found), 'record')} found{by}."


def shown(dialog: FoundDialog, take: Callable[[Found], None]) -> FoundDialog:
    """Open a box without waiting for it."""
    dialog.chosen.connect(take)
    dialog.open()
    return dialog
