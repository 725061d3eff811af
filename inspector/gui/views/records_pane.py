"""The middle pane: records with a filter above them, what is being done, why some are missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from inspector.errors import CancelledError, InspectorError, StoreError, StoreErrorKind
from inspector.gui.damage import DamageNotice
from inspector.gui.models.kinds import Entry, EntryType
from inspector.gui.models.pages import all_rows, gone_rows, live_rows
from inspector.gui.models.records import RecordsModel
from inspector.gui.sifting import Listed, Ready, Sifting, Wish
from inspector.gui.source import PAGE, Source
from inspector.gui.tasks import Tasks
from inspector.gui.views.records_table import RecordsTable
from inspector.gui.widgets.banner import Banner, Tone
from inspector.gui.widgets.bars import Bar
from inspector.gui.widgets.field import HeadField
from inspector.gui.widgets.pages import EmptyState, WorkBar, WorkFooter
from inspector.gui.words import count
from inspector.session.lines import Key
from inspector.session.types import RecordHead

if TYPE_CHECKING:
    from inspector.gui.views.table_pane import TablePane


class RecordsPane(QWidget):
    """A list of records. ``chosen`` tells the :class:`RecordHead` the cursor is on.

    ``listed`` tells that the first rows are there, or that there will be none; ``wish_changed``
    that other rows, or another order, are wished for.
    """

    chosen = Signal(object)
    listed = Signal()
    wish_changed = Signal()

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._entry: Entry | None = None
        self._wanted: Key | None = None  #: where the cursor is put once there are rows
        self._last: Key | None = None  #: where it was last
        self._wishes: dict[tuple[EntryType, str], Wish] = {}
        self.records = RecordsModel(tasks, self)
        self.filter = HeadField("filter", "Ctrl+F")
        self.count = QLabel()
        self.table = RecordsTable(self.records)
        self.banner = Banner()
        self.damage = DamageNotice(tasks, self.banner, self)
        self.empty = EmptyState()
        self._bar = WorkBar()
        self.footer = WorkFooter(self._bar)
        self.sifting = Sifting(tasks, self.records, self.footer)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head = Bar(40, line=True)
        head.row.setSpacing(8)
        head.row.addWidget(self.filter, 1)
        head.row.addWidget(self.count)
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        self.count.hide()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        self._list = QWidget()
        self._pages = QStackedWidget()
        self._pages.addWidget(self._list)
        whole, column = QVBoxLayout(self), QVBoxLayout(self._list)
        whole.addWidget(self._pages)
        for layout in (whole, column):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        column.addWidget(head)
        for part in (self._bar, self.banner):
            column.addWidget(part)
        column.addWidget(self._stack, 1)
        column.addWidget(self.footer)

    def _connect(self) -> None:
        self.records.ready.connect(self._ready)
        self.records.counted.connect(self._counted)
        self.records.failed.connect(self._failed)
        self.records.working.connect(self._working)
        self.records.dataChanged.connect(self._arrived)
        self.footer.cancelled.connect(self._cancel)
        self.footer.continued.connect(self._continue)
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        self.table.sort_wanted.connect(self._press_head)
        self.table.escaped.connect(self.filter.clear)
        self.filter.textChanged.connect(self._narrow)
        self.filter.left.connect(self.focus)
        self.filter.returnPressed.connect(self.focus)
        self.sifting.sifted.connect(self._sifted)
        self.sifting.grown.connect(self._grown)
        self.sifting.failed.connect(self._failed)

    # What is listed

    def show_entry(
        self, source: Source, entry: Entry, wanted: Key | None = None, kinds: Sequence[str] = ()
    ) -> None:
        """List the records of an entry, filtered and sorted as they were last.

        Args:
            source: the store.
            entry: a kind, live or gone, or all kinds.
            wanted: the record the cursor is put on; the first where None.
            kinds: all kinds with records.
        """
        gone = entry.type is EntryType.GONE
        self._leave_tables()
        self._entry, self._wanted, self._last = entry, wanted, wanted
        whole = entry.type is EntryType.ALL
        total = entry.count or 0
        if whole:
            rows = all_rows(source, kinds, total)
        else:
            rows = (gone_rows if gone else live_rows)(source, entry.kind, total)
        wish = self._wishes.get((entry.type, entry.kind), Wish())
        self.filter.put(wish.text)
        title = f"{entry.title}, gone" if gone else entry.title
        self.table.setAccessibleName(f"Records of {title}" if not whole else "All records")
        self._tell_filter()
        self.table.columns.switch("versions", entry.versions)
        self.table.columns.switch("key", whole)
        self.table.columns.switch("id", not whole)
        # Among all records the key and the size are what is looked for.
        self.table.columns.rank("bytes", 6 if whole else 2)
        self.table.columns.rank("state", 5 if whole else 6)
        self.banner.hide()
        self.damage.show_entry(entry)
        self._stack.setCurrentWidget(self.table)
        listed = Listed(
            source, rows, kinds if whole else (entry.kind,), 0 if entry.more else total, gone
        )
        self.sifting.begin(listed, wish, wanted)
        self._show_wish()

    def tell_empty(self, sentence: str, reason: str) -> None:
        """List nothing, and say why."""
        self._leave_tables()
        self._entry, self._wanted, self._last = None, None, None
        self.sifting.end()
        self.filter.put("")
        self.filter.set_words("Filter by name or id", "Filter")
        self.count.hide()
        self.empty.tell(sentence, reason)
        self._stack.setCurrentWidget(self.empty)

    def show_table(self, source: Source, entry: Entry) -> None:
        """List the rows of a table of the file."""
        self._entry, self._wanted, self._last = None, None, None
        self.sifting.end()
        self._pages.setCurrentWidget(self.tables)
        self.tables.show_table(source, entry)

    @cached_property
    def tables(self) -> TablePane:
        """The page that shows a table of the file, made when it is first shown."""
        from inspector.gui.views.table_pane import TablePane  # noqa: PLC0415 - seldom shown

        page = TablePane(self._tasks)
        self._pages.addWidget(page)
        return page

    def _shows_table(self) -> bool:
        return self._pages.currentWidget() is not self._list

    def _leave_tables(self) -> None:
        if self._shows_table():
            self.tables.leave()
            self._pages.setCurrentWidget(self._list)

    def view(self) -> QWidget:
        """What takes the focus: the rows, or the filter where there are none."""
        if self._shows_table():
            return self.tables.table
        return self.table if self._stack.currentWidget() is self.table else self.filter

    def go_to(self, key: Key) -> None:
        """Put the cursor on a record once its row is known."""
        self._last = key
        self.records.seek(key, self.table.go_to_row)

    def current(self) -> RecordHead | None:
        """The record the cursor is on."""
        return self.records.head_at(self.table.current_row())

    def selected(self) -> list[Key]:
        """The chosen records as far as they are in memory, in the order of the list.

        Of a choice of more rows than are read, ``heads_of(records.order, table.selected_rows())``
        gives all, in the worker.
        """
        rows = (row for each in self.table.selected_rows() for row in each)
        heads = (self.records.head_at(row) for row in rows)
        return [Key(head.kind, head.id) for head in heads if head is not None]

    def focus(self) -> None:
        """Give the focus to the list."""
        self.view().setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_filter(self) -> None:
        """Give the focus to the filter, its words chosen."""
        if self._shows_table():
            return
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def sort(self, column: str, *, descending: bool) -> None:
        """List in the order of a column of a scan."""
        self._keep_wish(replace(self.sifting.wish, column=column, descending=descending))
        self.sifting.sort(column, descending=descending, keep=self._last)
        self._show_wish()

    # Wishes

    def _narrow(self, text: str) -> None:
        self._keep_wish(replace(self.sifting.wish, text=" ".join(text.split())))
        self.sifting.narrow(text, self._last)
        if not text:
            self._stack.setCurrentWidget(self.table)
        self._tell_count()

    def _press_head(self, column: str) -> None:
        wish = self.sifting.wish
        self.sort(column, descending=wish.column == column and not wish.descending)

    def _keep_wish(self, wish: Wish) -> None:
        if self._entry is not None:
            self._wishes[self._entry.type, self._entry.kind] = wish

    def _show_wish(self) -> None:
        wish = self.sifting.wish
        self.table.show_sort(wish.column, descending=wish.descending)
        self._tell_count()
        self.wish_changed.emit()

    def _tell_filter(self) -> None:
        entry = self._entry
        if entry is not None:
            more = "+" if entry.more else ""
            what = "gone record" if entry.type is EntryType.GONE else "record"
            number = count(entry.count or 0, what).replace(" ", f"{more} ", 1)
            words = f"Filter {number} by name or id" if entry.count else "Filter by name or id"
            self.filter.set_words(words, words)

    def _tell_count(self) -> None:
        """How many of all are listed, where that is not all of them."""
        filtered = bool(self.sifting.wish.text)
        self.count.setVisible(filtered)
        if filtered and self._entry is not None:
            more = "+" if self._entry.more else ""
            number = self.records.order.total
            self.count.setText(f"{number:,} of {self._entry.count or 0:,}{more}")

    # What arrives

    def _ready(self) -> None:
        self._dress()
        self.damage.look(map(self.records.head_at, range(min(PAGE, self.records.rowCount()))))
        if self._wanted is not None:
            self.go_to(self._wanted)
        elif self.records.rowCount():
            self.table.go_to_row(0)
        else:
            self._tell_empty()
        self._wanted = None
        self.listed.emit()

    def _dress(self) -> None:
        heads = [self.records.head_at(row) for row in range(min(PAGE, self.records.rowCount()))]
        if any(heads):
            self.table.columns.switch("state", any(head and head.state for head in heads))

    def _sifted(self, answer: Ready) -> None:
        """Other rows are listed: the cursor stays on its record, at its place in the view."""
        began = self._last is None
        self._stack.setCurrentWidget(self.table)
        self._dress()
        self._tell_count()
        if answer.row >= 0:
            self.table.return_to_row(answer.row)
        elif answer.order.total and began:
            self.table.go_to_row(0)
        elif not answer.order.total:
            self._tell_empty()
        self._wanted = None
        self.listed.emit()

    def _grown(self) -> None:
        self._stack.setCurrentWidget(self.table)
        self._tell_count()

    def _counted(self, number: int) -> None:
        if self._entry is not None:
            self._entry = replace(self._entry, count=number, more=False)
            self._tell_filter()
        if not self.sifting.busy:
            self.footer.finish()

    def _working(self, done: int, total: int) -> None:
        if not self.sifting.busy:
            self.footer.progress(done, total)

    def _cancel(self) -> None:
        if not self.sifting.cancel():
            self._tasks.cancel("anchors")

    def _continue(self) -> None:
        if not self.sifting.resume():
            self.records.count_again()

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
        if self.banner.words and not self.sifting.wish.text:
            return
        if self.sifting.wish.text:
            self.empty.tell("No record matches.", "", (("Clear", self._clear),))
        else:
            self.empty.tell("No records of this kind.", "Nothing of it is in this store now.")
        self._stack.setCurrentWidget(self.empty)

    def _clear(self) -> None:
        self.filter.clear()
        self.focus()

    def _choose(self, current: QModelIndex, _before: QModelIndex) -> None:
        head = self.records.head_at(current.row())
        if head is not None:
            self._tell_chosen(head)

    def _tell_chosen(self, head: RecordHead) -> None:
        self._last = Key(head.kind, head.id)
        self.chosen.emit(head)

    def _arrived(self, first: QModelIndex, last: QModelIndex) -> None:
        """The cursor's row may have been chosen before it was read."""
        self.damage.look(map(self.records.head_at, range(first.row(), last.row() + 1)))
        if first.row() <= self.table.current_row() <= last.row():
            head = self.current()
            if head is not None:
                self._tell_chosen(head)
