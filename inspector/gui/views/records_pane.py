"""The middle pane: the records of a kind, what is being done, and why some are missing."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from inspector.errors import CancelledError, InspectorError, StoreError, StoreErrorKind
from inspector.gui.damage import DamageNotice
from inspector.gui.fonts import fonts_of
from inspector.gui.models.kinds import Entry, EntryType
from inspector.gui.models.pages import gone_rows, live_rows
from inspector.gui.models.records import RECORD_COLUMNS, RecordsModel
from inspector.gui.source import PAGE, Source
from inspector.gui.tasks import Tasks
from inspector.gui.views.table import Table
from inspector.gui.widgets.banner import Banner, Tone
from inspector.gui.widgets.bars import Bar
from inspector.gui.widgets.labels import ElidedLabel
from inspector.gui.widgets.pages import EmptyState, WorkBar, WorkFooter
from inspector.session.types import RecordHead


class RecordsPane(QWidget):
    """A list of records. ``chosen`` tells the :class:`RecordHead` the cursor is on.

    ``listed`` tells that the first rows are there, or that there will be none.
    """

    chosen = Signal(object)
    listed = Signal()

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._entry: Entry | None = None
        self._wanted = ""
        self.records = RecordsModel(tasks, self)
        self.title = ElidedLabel(Qt.TextElideMode.ElideRight)
        self.count = ElidedLabel(Qt.TextElideMode.ElideRight, dim=True)
        self.table = Table(RECORD_COLUMNS)
        self.table.setModel(self.records)
        self.banner = Banner()
        self.damage = DamageNotice(tasks, self.banner, self)
        self.empty = EmptyState()
        self._bar = WorkBar()
        self.footer = WorkFooter(self._bar)
        self._lay_out()
        self.records.ready.connect(self._ready)
        self.records.counted.connect(self._counted)
        self.records.failed.connect(self._failed)
        self.records.working.connect(self.footer.progress)
        self.footer.cancelled.connect(lambda: self._tasks.cancel("anchors"))
        self.footer.continued.connect(self.records.count_again)
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        self.records.dataChanged.connect(self._arrived)

    def _lay_out(self) -> None:
        head = Bar(40, left=12, line=True)
        head.row.setSpacing(8)
        head.row.addWidget(self.title, 1)
        head.row.addWidget(self.count)
        head.row.addStretch()
        self.title.setFont(fonts_of(self.font()).bold)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        for part in (self._bar, self.banner):
            column.addWidget(part)
        column.addWidget(self._stack, 1)
        column.addWidget(self.footer)

    def show_entry(self, source: Source, entry: Entry, wanted: str = "") -> None:
        """List the records of a kind.

        Args:
            source: the store.
            entry: the kind, live or gone.
            wanted: id of the record the cursor is put on; empty for the first.
        """
        self._entry, self._wanted = entry, wanted
        gone = entry.type is EntryType.GONE
        self.title.setText(entry.title + (", gone" if gone else ""))
        self.count.setText(f"{entry.count:,}" + ("+" if entry.more else ""))
        self.table.setAccessibleName(f"Records of {entry.title}")
        self.table.columns.switch("versions", entry.versions)
        self.banner.hide()
        self.damage.show_entry(entry)
        self._stack.setCurrentWidget(self.table)
        self.footer.start("Counting")
        rows = gone_rows(source, entry.kind) if gone else live_rows(source, entry.kind, entry.count)
        self.records.show(rows)

    def go_to(self, id_: str) -> None:
        """Put the cursor on a record once its row is known."""
        self.records.seek(id_, self._found)

    def current(self) -> RecordHead | None:
        """The record the cursor is on."""
        return self.records.head_at(self.table.current_row())

    def _ready(self) -> None:
        heads = [self.records.head_at(row) for row in range(min(PAGE, self.records.rowCount()))]
        self.table.columns.switch("state", any(head and head.state for head in heads))
        self.damage.look(heads)
        if self._wanted:
            self.go_to(self._wanted)
        elif self.records.rowCount():
            self.table.selectRow(0)
        else:
            self._tell_empty()
        self._wanted = ""
        self.listed.emit()

    def _found(self, row: int) -> None:
        if row >= 0:
            self.table.selectRow(row)
            self.table.scrollTo(self.records.index(row, 1))

    def _counted(self, count: int) -> None:
        self.count.setText(f"{count:,}")
        self.footer.finish()

    def _failed(self, error: InspectorError) -> None:
        if isinstance(error, CancelledError):
            self.footer.stopped(
                f"Stopped counting. The first {self.records.rowCount():,} are here."
            )
            return
        self.footer.finish()
        if isinstance(error, StoreError) and error.kind == StoreErrorKind.DAMAGED:
            self.damage.tell(error)
        else:
            self.banner.tell(Tone.ERROR, error.message, error.hint)

    def _tell_empty(self) -> None:
        if self.banner.words:
            return
        self.empty.tell("No records of this kind.", "Nothing of it is in this store now.")
        self._stack.setCurrentWidget(self.empty)

    def _choose(self, current: QModelIndex, _before: QModelIndex) -> None:
        head = self.records.head_at(current.row())
        if head is not None:
            self.chosen.emit(head)

    def _arrived(self, first: QModelIndex, last: QModelIndex) -> None:
        """The cursor's row may have been chosen before it was read."""
        self.damage.look(map(self.records.head_at, range(first.row(), last.row() + 1)))
        if first.row() <= self.table.current_row() <= last.row():
            head = self.current()
            if head is not None:
                self.chosen.emit(head)
