"""The middle pane: records with a filter above them, what is being done, why some are missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from inspector.errors import InspectorError, StoreError, StoreErrorKind
from inspector.gui.damage import DamageNotice
from inspector.gui.models.kinds import Entry, EntryType
from inspector.gui.models.records import RecordsModel
from inspector.gui.sifting import Ready, Sifting, Wish
from inspector.gui.source import Source
from inspector.gui.tasks import Tasks
from inspector.gui.views.entry_list import fit_columns, fit_state, list_name, list_of
from inspector.gui.views.filter_head import FilterHead
from inspector.gui.views.list_cursor import ListCursor
from inspector.gui.views.list_pages import ListPages
from inspector.gui.views.list_work import ListWork
from inspector.gui.views.records_table import RecordsTable
from inspector.gui.widgets.banner import Banner, Tone
from inspector.gui.widgets.pages import EmptyState, WorkBar, WorkFooter
from inspector.session.lines import Key
from inspector.session.types import RecordHead
from inspector.store.types import PAGE

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
        self._entry: Entry | None = None
        self._wanted: Key | None = None  #: where the cursor is put once there are rows
        self._wishes: dict[tuple[EntryType, str], Wish] = {}
        self.records = RecordsModel(tasks, self)
        self._head = FilterHead()
        self.filter, self.count = self._head.field, self._head.count
        self.table = RecordsTable(self.records)
        self._cursor = ListCursor(self.records, self.table)
        self.banner = Banner()
        self.damage = DamageNotice(tasks, self.banner, self)
        self.empty = EmptyState()
        self._bar = WorkBar()
        self.footer = WorkFooter(self._bar)
        self.sifting = Sifting(tasks, self.records, self.footer)
        self._work = ListWork(tasks, self.records, self.sifting, self.footer)
        self._lay_out(tasks)
        self._connect()

    def _lay_out(self, tasks: Tasks) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        records = QWidget()
        self._pages = ListPages(tasks, records)
        whole, column = QVBoxLayout(self), QVBoxLayout(records)
        whole.addWidget(self._pages)
        for layout in (whole, column):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        for part in (self._head, self._bar, self.banner):
            column.addWidget(part)
        column.addWidget(self._stack, 1)
        column.addWidget(self.footer)

    def _connect(self) -> None:
        self.records.ready.connect(self._ready)
        self.records.counted.connect(self._counted)
        self.records.dataChanged.connect(self._arrived)
        self._cursor.chosen.connect(self.chosen)
        self.table.sort_wanted.connect(self._press_head)
        self.table.escaped.connect(self.filter.clear)
        self.filter.textChanged.connect(self._narrow)
        self.filter.left.connect(self.focus)
        self.filter.returnPressed.connect(self.focus)
        self.sifting.sifted.connect(self._sifted)
        self.sifting.grown.connect(self._grown)
        self._work.failed.connect(self._tell_error)

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
        self._pages.show_records()
        self._entry, self._wanted, self._cursor.key = entry, wanted, wanted
        wish = self._wishes.get((entry.type, entry.kind), Wish())
        self.filter.put(wish.text)
        self.table.setAccessibleName(list_name(entry))
        self._head.show_entry(entry)
        fit_columns(self.table.columns, entry)
        self.banner.hide()
        self.damage.show_entry(entry)
        self._stack.setCurrentWidget(self.table)
        self.sifting.begin(list_of(source, entry, kinds), wish, wanted)
        self._show_wish()

    def tell_empty(self, sentence: str, reason: str) -> None:
        """List nothing, and say why."""
        self._pages.show_records()
        self._entry, self._wanted, self._cursor.key = None, None, None
        self.sifting.end()
        self._head.show_nothing()
        self.empty.tell(sentence, reason)
        self._stack.setCurrentWidget(self.empty)

    def show_table(self, source: Source, entry: Entry) -> None:
        """List the rows of a table of the file."""
        self._entry, self._wanted, self._cursor.key = None, None, None
        self.sifting.end()
        self._pages.show_table(source, entry)

    def tell_table(self, entry: Entry) -> None:
        """The rows of a table were counted; it may be the one that is shown."""
        if self._pages.shows_table():
            self.tables.tell_count(entry)

    @property
    def tables(self) -> TablePane:
        """The page that shows a table of the file, made when it is first asked for."""
        return self._pages.tables

    def view(self) -> QWidget:
        """What takes the focus: the rows, or the filter where there are none."""
        if self._pages.shows_table():
            return self.tables.table
        return self.table if self._stack.currentWidget() is self.table else self.filter

    def go_to(self, key: Key) -> None:
        """Put the cursor on a record once its row is known."""
        self._cursor.go_to(key)

    def current(self) -> RecordHead | None:
        """The record the cursor is on."""
        return self._cursor.head()

    def selected(self) -> list[Key]:
        """The chosen records as far as they are in memory, in the order of the list.

        Of a choice of more rows than are read, ``heads_of(records.order, table.selected_rows())``
        gives all, in the worker.
        """
        return self._cursor.selected()

    def focus(self) -> None:
        """Give the focus to the list."""
        self.view().setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_filter(self) -> None:
        """Give the focus to the filter, its words chosen."""
        if self._pages.shows_table():
            return
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def sort(self, column: str, *, descending: bool) -> None:
        """List in the order of a column of a scan."""
        self._keep_wish(replace(self.sifting.wish, column=column, descending=descending))
        self.sifting.sort(column, descending=descending, keep=self._cursor.key)
        self._show_wish()

    # Wishes

    def _narrow(self, text: str) -> None:
        self._keep_wish(replace(self.sifting.wish, text=" ".join(text.split())))
        self.sifting.narrow(text, self._cursor.key)
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

    def _tell_count(self) -> None:
        """How many of all are listed, where that is not all of them."""
        filtered = bool(self.sifting.wish.text)
        self._head.tell_count(self._entry, self.records.order.total if filtered else None)

    # What arrives

    def _ready(self) -> None:
        self._dress()
        self.damage.look(self._first_heads())
        if self._wanted is not None:
            self.go_to(self._wanted)
        elif self.records.rowCount():
            self.table.go_to_row(0)
        else:
            self._tell_empty()
        self._wanted = None
        self.listed.emit()

    def _dress(self) -> None:
        fit_state(self.table.columns, self._first_heads())

    def _first_heads(self) -> list[RecordHead | None]:
        return [self.records.head_at(row) for row in range(min(PAGE, self.records.rowCount()))]

    def _sifted(self, answer: Ready) -> None:
        """Other rows are listed: the cursor stays on its record, at its place in the view."""
        began = self._cursor.key is None
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
            self._head.show_entry(self._entry)

    def _tell_error(self, error: InspectorError) -> None:
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
            self.empty.tell("No records of this kind.", "None left in this store.")
        self._stack.setCurrentWidget(self.empty)

    def _clear(self) -> None:
        self.filter.clear()
        self.focus()

    def _arrived(self, first: QModelIndex, last: QModelIndex) -> None:
        self.damage.look(map(self.records.head_at, range(first.row(), last.row() + 1)))
        self._cursor.arrived(first.row(), last.row())
