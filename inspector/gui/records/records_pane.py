"""The middle pane: a filter over a list of records, or a table; what is being done for it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from inspector.errors import (
    CancelledError,
    InspectorError,
    StoreError,
    StoreErrorKind,
    UsageError,
)
from inspector.gui.cells.columns import ColumnKeeper
from inspector.gui.kinds.kinds_model import EntryType, KindEntry
from inspector.gui.records.damage_notice import DamageNotice
from inspector.gui.records.filter_chips import FacetBar
from inspector.gui.records.filter_sort import (
    EXPRESSION,
    FilterSort,
    ListOutcome,
    ListQuery,
    Ready,
    Relisted,
)
from inspector.gui.records.page_cache import all_rows, gone_rows, live_rows
from inspector.gui.records.records_model import RecordsModel
from inspector.gui.records.records_table import RecordsTable
from inspector.gui.style.icons import icon
from inspector.gui.style.text_format import visible
from inspector.gui.style.theme import tokens_of
from inspector.gui.tasks import Tasks
from inspector.gui.widgets.banner import Banner, Tone
from inspector.gui.widgets.bar import Bar
from inspector.gui.widgets.buttons import fit_icon
from inspector.gui.widgets.empty_state import EmptyState
from inspector.gui.widgets.search_field import SearchField
from inspector.gui.widgets.work_footer import WorkBar, WorkFooter
from inspector.plurals import counted
from inspector.session.facet_filter import FacetChoice
from inspector.session.summaries import RecordHead, RecordKey
from inspector.store.rows import PAGE

if TYPE_CHECKING:
    from inspector.gui.records.expression_completer import ExpressionCompleter
    from inspector.gui.tables.table_pane import TablePane
    from inspector.gui.widgets.other_page import OtherPage
    from inspector.session.session import Session

_WORDS: Final = "Filter by name, ID, state or org"
_TIP: Final = (
    "Words, or = and a CEL expression over r, id, updated_at, size and versions:\n"
    "= r.metadata.name == 'reviewer' && size > 1000"
)


class FilterHead(Bar):
    """A field to filter by and, while it is used, a count beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(40, line=True, parent=parent)
        self.field = SearchField("filter", "Ctrl+F")
        self.field.setToolTip(_TIP)
        self.count = QLabel()
        self.row.setSpacing(8)
        self.row.addWidget(self.field, 1)
        self.row.addWidget(self.count)
        self.menu = QToolButton()
        self.menu.setAutoRaise(True)
        self.menu.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.menu.setAccessibleName("Filters")
        self.menu.setToolTip("Filters by state, organization and more (Alt+Down in the filter)")
        self.row.addWidget(self.menu)
        self._dress()
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        self.count.hide()

    def _dress(self) -> None:
        self.menu.setIcon(icon("more", tokens_of(self.palette()).color("dim")))
        fit_icon(self.menu)

    def changeEvent(self, event: QEvent) -> None:
        """Follow palette and text size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()

    def show_entry(self, entry: KindEntry) -> None:
        """Say what is filtered, and by what."""
        what = "deleted records" if entry.type is EntryType.GONE else "records"
        self.field.set_words(_WORDS, f"Filter {what} by name, ID, state or org")

    def show_nothing(self) -> None:
        """There is nothing to filter."""
        self.field.put("")
        self.field.set_words(_WORDS, "Filter")
        self.count.hide()

    def tell_count(
        self, entry: KindEntry | None, listed: int | None, failures: int = 0, note: str = ""
    ) -> None:
        """Say how many of an entry's records are listed; nothing for None, where all are.

        Args:
            entry: whose records.
            listed: how many of them are.
            failures: of how many it is not known whether they belong to them.
            note: why not.
        """
        self.count.setVisible(listed is not None)
        self.count.setToolTip(visible(note))
        if listed is not None and entry is not None:
            more = "+" if entry.more else ""
            failed = f", {failures:,} failed" if failures else ""
            self.count.setText(f"{listed:,} of {entry.count or 0:,}{more}{failed}")


def list_of(session: Session, entry: KindEntry, kinds: Sequence[str]) -> ListOutcome:
    """What is listed for an entry.

    Args:
        session: the store.
        entry: a kind, live or gone, or all kinds.
        kinds: all kinds with records.
    """
    gone, total = entry.type is EntryType.GONE, entry.count or 0
    known = 0 if entry.more else total
    if entry.type is EntryType.ALL:
        return ListOutcome(session, all_rows(session, kinds, total), kinds, known, gone)
    rows = (gone_rows if gone else live_rows)(session, entry.kind, total)
    return ListOutcome(session, rows, (entry.kind,), known, gone)


def list_name(entry: KindEntry) -> str:
    """What the list of an entry is called for those who hear it."""
    if entry.type is EntryType.ALL:
        return "All records"
    return f"Records of {entry.title}{', deleted' if entry.type is EntryType.GONE else ''}"


def fit_columns(columns: ColumnKeeper, entry: KindEntry) -> None:
    """Show the columns that tell the records of an entry apart."""
    whole = entry.type is EntryType.ALL
    columns.switch("versions", entry.versions)
    columns.switch("key", whole)
    columns.switch("id", not whole)
    # Among all records the key and the size are what is looked for, in those of a kind the state.
    columns.rank("bytes", 6 if whole else 2)
    columns.rank("state", 5 if whole else 7)


def fit_state(columns: ColumnKeeper, heads: Iterable[RecordHead | None]) -> None:
    """Show states, errors and versions where one of these records has one, once any is read."""
    read = [head for head in heads if head is not None]
    if read:
        columns.switch("state", any(head.state for head in read))
        columns.switch("error", any(head.error for head in read))
        columns.switch("versions", any(head.versions for head in read))


class ListCursor(QObject):
    """Follows the cursor of a table. ``chosen`` tells the :class:`RecordHead` it is on.

    Attributes:
        key: the record it was on last or was sent to; None in a list that is new.
    """

    chosen = Signal(RecordHead)

    def __init__(self, records: RecordsModel, table: RecordsTable) -> None:
        super().__init__(table)
        self._records, self._table = records, table
        self.key: RecordKey | None = None
        table.selectionModel().currentRowChanged.connect(self._choose)

    def go_to(self, key: RecordKey) -> None:
        """Put the cursor on a record once its row is known."""
        self.key = key
        self._records.seek(key, self._table.go_to_row)

    def head(self) -> RecordHead | None:
        """The record it is on."""
        return self._records.head_at(self._table.current_row())

    def selected(self) -> list[RecordKey]:
        """The selected records as far as they are in memory, in the order of the list."""
        rows = (row for each in self._table.selected_rows() for row in each)
        heads = (self._records.head_at(row) for row in rows)
        return [RecordKey(head.kind, head.id) for head in heads if head is not None]

    def arrived(self, first: int, last: int) -> None:
        """Rows were read: the cursor may have been put on one of them before."""
        if first <= self._table.current_row() <= last:
            self._tell(self.head())

    def _choose(self, current: QModelIndex, _before: QModelIndex) -> None:
        self._tell(self._records.head_at(current.row()))

    def _tell(self, head: RecordHead | None) -> None:
        if head is not None:
            self.key = RecordKey(head.kind, head.id)
            self.chosen.emit(head)


class ListWork(QObject):
    """Tells in a footer how far counting is, and serves the footer's buttons.

    What is looked for is told there by :class:`FilterSort` itself, and goes before counting.

    ``failed`` tells an error that is not a stop somebody asked for.
    """

    failed = Signal(InspectorError)

    def __init__(
        self, tasks: Tasks, records: RecordsModel, sifting: FilterSort, footer: WorkFooter
    ) -> None:
        super().__init__(records)
        self._tasks, self._records = tasks, records
        self._sifting, self._footer = sifting, footer
        records.counted.connect(self._counted)
        records.working.connect(self._working)
        records.failed.connect(self._failed)
        sifting.failed.connect(self._failed)
        footer.cancelled.connect(self._cancel)
        footer.continued.connect(self._continue)

    def _counted(self) -> None:
        if not self._sifting.busy:
            self._footer.finish()

    def _working(self, done: int, total: int) -> None:
        if not self._sifting.busy:
            self._footer.progress(done, total)

    def _cancel(self) -> None:
        if not self._sifting.cancel():
            self._tasks.cancel("anchors")

    def _continue(self) -> None:
        if not self._sifting.resume():
            self._records.count_again()

    def _failed(self, error: InspectorError) -> None:
        if isinstance(error, CancelledError):
            number = self._records.rowCount()
            self._footer.stopped(
                f"Stopped counting. {counted(number, 'record is', 'records are')} here."
            )
            return
        self._footer.finish()
        self.failed.emit(error)


class ListPages(QStackedWidget):
    """Shows the records until a table, or something else, is asked for."""

    def __init__(self, tasks: Tasks, records: QWidget, table: QWidget) -> None:
        """Takes the page of the records, and their table, which Tab goes to."""
        super().__init__()
        self._tasks, self._records, self._table = tasks, records, table
        self._other: OtherPage | None = None
        self.addWidget(records)

    @cached_property
    def tables(self) -> TablePane:
        """The page that shows a table of the file, made when it is first shown."""
        from inspector.gui.tables.table_pane import TablePane  # noqa: PLC0415 - seldom shown

        page = TablePane(self._tasks)
        self.addWidget(page)
        return page

    def shows_table(self) -> bool:
        """Whether a table is shown."""
        return self.currentWidget() not in (self._records, self._other)

    @property
    def other(self) -> OtherPage | None:
        """What is shown in place of records and tables; None where these are."""
        return self._other if self.currentWidget() is self._other else None

    def show_other(self, page: OtherPage) -> None:
        """Show something else."""
        self.show_records()
        self._other = page
        if self.indexOf(page) < 0:
            self.addWidget(page)
            # It is made after all else of the window, and would come last, behind the status line.
            for before, after in pairwise((self._table, *page.stops())):
                self.setTabOrder(before, after)
        self.setCurrentWidget(page)

    def show_table(self, session: Session, entry: KindEntry) -> None:
        """List the rows of a table of the file."""
        self.setCurrentWidget(self.tables)
        self.tables.show_table(session, entry)

    def show_records(self) -> None:
        """Go back to the records, and let go of the table."""
        if self.shows_table():
            self.tables.leave()
        self.setCurrentWidget(self._records)


class RecordsPane(QWidget):
    """A list of records. ``chosen`` tells the :class:`RecordHead` the cursor is on.

    ``listed`` tells that the first rows are there, or that there will be none; ``wish_changed``
    that other rows, or another order, are wished for; ``expression_used`` a kind and an expression
    that was looked for and left so.
    """

    chosen = Signal(RecordHead)
    listed = Signal()
    wish_changed = Signal()
    expression_used = Signal(str, str)

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._session: Session | None = None
        self._completer: ExpressionCompleter | None = None
        self._entry: KindEntry | None = None
        self._wanted: RecordKey | None = None  #: where the cursor is put once there are rows
        self._wishes: dict[tuple[EntryType, str], ListQuery] = {}
        self.records = RecordsModel(tasks, self)
        self._head = FilterHead()
        self.filter, self.count = self._head.field, self._head.count
        self.menu_button = self._head.menu
        self.chips = FacetBar()
        self.kept_facets: dict[str, FacetChoice] = {}  #: by the key of an entry
        self.table = RecordsTable(self.records)
        self._cursor = ListCursor(self.records, self.table)
        self.banner = Banner()
        self._incomplete = ""  #: what the expression in the filter still lacks
        self.refusal = Banner()  #: what is wrong with the expression in the filter
        self._failures, self._note = 0, ""  #: of the expression that is listed
        self.damage = DamageNotice(tasks, self.banner, self)
        self.empty = EmptyState()
        self._bar = WorkBar()
        self.footer = WorkFooter(self._bar)
        self.sifting = FilterSort(tasks, self.records, self.footer)
        self._work = ListWork(tasks, self.records, self.sifting, self.footer)
        self._lay_out(tasks)
        self._connect()

    def _lay_out(self, tasks: Tasks) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        records = QWidget()
        self._pages = ListPages(tasks, records, self.table)
        whole, column = QVBoxLayout(self), QVBoxLayout(records)
        whole.addWidget(self._pages)
        for layout in (whole, column):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        for part in (self._head, self.chips, self._bar, self.refusal, self.banner):
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
        self.filter.textEdited.connect(self._edited)
        # Of the field alone: in lists these keys choose one more row.
        keys = QShortcut(QKeySequence("Ctrl+Space"), self.filter)
        keys.setContext(Qt.ShortcutContext.WidgetShortcut)
        keys.activated.connect(self.complete)
        self.filter.editingFinished.connect(self._use_expression)
        self.chips.changed.connect(self.choose_facets)
        self.filter.left.connect(self.focus)
        self.filter.returnPressed.connect(self.focus)
        self.sifting.sifted.connect(self._sifted)
        self.sifting.relisted.connect(self._relisted)
        self.sifting.grown.connect(self._grown)
        self.sifting.refused.connect(self._refuse)
        self._work.failed.connect(self._tell_error)

    # What is listed

    def show_entry(
        self,
        session: Session,
        entry: KindEntry,
        wanted: RecordKey | None = None,
        kinds: Sequence[str] = (),
    ) -> None:
        """List the records of an entry, filtered and sorted as they were last.

        Args:
            session: the store.
            entry: a kind, live or gone, or all kinds.
            wanted: the record the cursor is put on; the first where None.
            kinds: all kinds with records.
        """
        self._pages.show_records()
        self._session = session
        self._entry, self._wanted, self._cursor.key = entry, wanted, wanted
        wish = self._wishes.get((entry.type, entry.kind), ListQuery())
        wish = wish._replace(facets=self.kept_facets.get(entry.key, FacetChoice()))
        self.filter.put(wish.typed)
        self._failures, self._note = 0, ""
        self._accept()
        self.table.setAccessibleName(list_name(entry))
        self._head.show_entry(entry)
        fit_columns(self.table.columns, entry)
        self.banner.hide()
        self.damage.show_entry(entry)
        self._stack.setCurrentWidget(self.table)
        self.sifting.begin(list_of(session, entry, kinds), wish, wanted)
        self._show_wish()

    @property
    def entry(self) -> KindEntry | None:
        """Whose records are listed; None for no records."""
        return self._entry

    def list_again(self, session: Session, kinds: Sequence[str]) -> bool:
        """List what was written since, and stay where the list is.

        Returns:
            False where it cannot be done now without losing something: then it is asked for again.
        """
        entry = self._entry
        several = sum(map(len, self.table.selected_rows())) > 1
        if entry is None or several or self._wanted is not None:
            return False
        listed = list_of(session, entry, kinds)
        return self.sifting.list_again(listed, self._cursor.key, self.table.top_key())

    def read_again(self, keys: Container[RecordKey]) -> None:
        """Read the lines of some records anew, where they are in memory."""
        self.records.read_again(keys)

    def tell_empty(self, sentence: str, reason: str) -> None:
        """List nothing, and say why."""
        self._pages.show_records()
        self._entry, self._wanted, self._cursor.key = None, None, None
        self.sifting.end()
        self._head.show_nothing()
        self.chips.show_choice(FacetChoice())
        self._accept()
        self.empty.tell(sentence, reason)
        self._stack.setCurrentWidget(self.empty)

    def show_table(self, session: Session, entry: KindEntry) -> None:
        """List the rows of a table of the file."""
        self._entry, self._wanted, self._cursor.key = None, None, None
        self.sifting.end()
        self._pages.show_table(session, entry)

    def show_other(self, page: OtherPage) -> None:
        """Show something else in place of records."""
        self._entry, self._wanted, self._cursor.key = None, None, None
        self.sifting.end()
        self._pages.show_other(page)

    def tell_table(self, entry: KindEntry) -> None:
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
            return self.tables.view()
        if self._pages.other is not None:
            return self._pages.other.view()
        return self.table if self._stack.currentWidget() is self.table else self.filter

    def shows_table(self) -> bool:
        """Whether rows of a table are listed in place of records."""
        return self._pages.shows_table()

    def go_to(self, key: RecordKey) -> None:
        """Put the cursor on a record once its row is known."""
        self._cursor.go_to(key)

    def current(self) -> RecordHead | None:
        """The record the cursor is on."""
        return self._cursor.head()

    def selected(self) -> list[RecordKey]:
        """The chosen records as far as they are in memory, in the order of the list.

        Of a choice of more rows than are read, ``heads_of(records.shown(), table.selected_rows())``
        gives all, in the worker.
        """
        return self._cursor.selected()

    def focus(self) -> None:
        """Give the focus to the list."""
        self.view().setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_filter(self) -> None:
        """Give the focus to the filter, its words chosen."""
        if self._pages.shows_table():
            self.tables.ask_filter()
            return
        field = self._pages.other.filter if self._pages.other is not None else self.filter
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        field.selectAll()

    def ask_expression(self, expression: str = "") -> None:
        """Give the focus to the filter, to go on with an expression; words can be undone to.

        Args:
            expression: what takes the place of all there is; without one an expression stays.
        """
        if self._pages.shows_table() or self._pages.other is not None:
            return
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not expression and self.filter.text().lstrip().startswith(EXPRESSION):
            self.filter.end(False)
            return
        self.filter.selectAll()
        self.filter.insert(f"{EXPRESSION} {expression}")
        if self._completer is not None and expression:
            self._completer.close()

    def add_test(self, test: str) -> None:
        """List only those of the listed records for which a comparison is true as well."""
        from inspector.expression.conjunction import also  # noqa: PLC0415 - seldom needed

        self.ask_expression(also(self.expression, test))

    @property
    def completer(self) -> ExpressionCompleter:
        """What offers parts of an expression, made when one is first typed."""
        from inspector.gui.records.expression_completer import (  # noqa: PLC0415 - seldom used
            ExpressionCompleter,
        )

        if self._completer is None:
            self._completer = ExpressionCompleter(self.filter, self._tasks)
            self._completer.turned.connect(self._tell_incomplete)
        return self._completer

    def _edited(self, text: str) -> None:
        if text.lstrip().startswith(EXPRESSION):
            self._complete(asked=False)
        elif self._completer is not None:
            self._completer.close()

    def complete(self) -> None:
        """Offer what can stand at the cursor of an expression."""
        if not self.filter.hasFocus() or not self.filter.text().lstrip().startswith(EXPRESSION):
            self.ask_expression()
        self._complete(asked=True)

    def _complete(self, *, asked: bool) -> None:
        entry, session = self._entry, self._session
        if entry is not None and session is not None and entry.type is EntryType.KIND:
            self.completer.ask(session, entry.kind, asked=asked)

    def sort(self, column: str, *, descending: bool) -> None:
        """List in the order of a column of a scan."""
        self._keep_wish(self.sifting.wish._replace(column=column, descending=descending))
        self.sifting.sort(column, descending=descending, keep=self._cursor.key)
        self._show_wish()

    # Wishes

    @property
    def facets(self) -> FacetChoice:
        """What the list is filtered by besides words and expression."""
        return self.sifting.wish.facets

    @property
    def expression(self) -> str:
        """The expression that is listed; empty for none, or one that is wrong."""
        return "" if self.sifting.is_refused else self.sifting.wish.expression.strip()

    def choose_facets(self, facets: FacetChoice) -> None:
        """List only what has what is chosen."""
        if self._entry is None:
            return
        self.kept_facets[self._entry.key] = facets
        if not facets.any:
            del self.kept_facets[self._entry.key]
        self._keep_wish(self.sifting.wish._replace(facets=facets))
        self.sifting.choose(facets, self._cursor.key)
        if not self.sifting.wish.filters:
            self._stack.setCurrentWidget(self.table)
        self._show_wish()

    def _use_expression(self) -> None:
        if self.expression and self._entry is not None:
            self.expression_used.emit(self._entry.kind, self.expression)

    def _narrow(self, text: str) -> None:
        wish = self.sifting.wish.filtered(text)
        self._keep_wish(wish)
        if not wish.expression:
            self._failures, self._note = 0, ""
            self._accept()
        self.sifting.narrow(text, self._cursor.key)
        if not text:
            self._stack.setCurrentWidget(self.table)
        self._tell_count()

    def _refuse(self, error: UsageError) -> None:
        """The expression is wrong: said under the field, the list keeps its rows."""
        from inspector.expression.grammar import ExpressionError  # noqa: PLC0415 - what raised it

        length = len(self.filter.text().rstrip())
        if isinstance(error, ExpressionError) and error.ends_too_early(length):
            # Whoever still types has done nothing wrong.
            self.filter.mark_wrong("")
            self._incomplete = f"Not complete yet: {visible(error.sentence)}."
            self._tell_incomplete()
        else:
            self._incomplete = ""
            self.filter.mark_wrong(visible(str(error)))
            what, _, more = visible(error.message).partition("; ")
            body = " ".join(filter(None, (more, visible(error.hint))))
            self.refusal.tell(Tone.ERROR, what, body)
        self._tell_count()

    def _tell_incomplete(self) -> None:
        """Say what is missing; what is offered says so by itself, and lies over these words."""
        if not self._incomplete:
            return
        if self._completer is not None and self._completer.is_open():
            self.refusal.hide()
        else:
            self.refusal.tell(Tone.NOTE, self._incomplete)

    def _accept(self) -> None:
        self._incomplete = ""
        self.filter.mark_wrong("")
        self.refusal.hide()

    def _take_failures(self, answer: Ready) -> None:
        self._failures, self._note = answer.failures, answer.note
        if not self.sifting.is_refused:
            self._accept()

    def _press_head(self, column: str) -> None:
        wish = self.sifting.wish
        self.sort(column, descending=wish.column == column and not wish.descending)

    def _keep_wish(self, wish: ListQuery) -> None:
        if self._entry is not None:
            self._wishes[self._entry.type, self._entry.kind] = wish

    def _show_wish(self) -> None:
        wish = self.sifting.wish
        self.table.show_sort(wish.column, descending=wish.descending)
        self.chips.show_choice(wish.facets)
        self._tell_count()
        self.wish_changed.emit()

    def _tell_count(self) -> None:
        """How many of all are listed, where that is not all of them."""
        total = self.records.order.total if self.sifting.listing.filters else None
        self._head.tell_count(self._entry, total, self._failures, self._note)

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
        self._take_failures(answer)
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

    def _relisted(self, answer: Relisted) -> None:
        """The same records and what was written since: nothing moves under the cursor."""
        order = answer.ready.order
        if answer.keyset is not None:
            self._counted(order.total)
        self._take_failures(answer.ready)
        self._tell_count()
        if not order.total:
            self._tell_empty()
            return
        self._stack.setCurrentWidget(self.table)
        self.table.restore(answer.ready.row, answer.top)

    def _grown(self) -> None:
        self._failures, self._note = 0, ""  # known at the end
        if not self.sifting.is_refused:
            self._accept()
        self._stack.setCurrentWidget(self.table)
        self._tell_count()

    def _counted(self, number: int) -> None:
        if self._entry is not None:
            self._entry = self._entry._replace(count=number, more=False)
            self._head.show_entry(self._entry)

    def _tell_error(self, error: InspectorError) -> None:
        if isinstance(error, StoreError) and error.kind == StoreErrorKind.DAMAGED:
            self.damage.tell(error)
        else:
            self.banner.tell(Tone.ERROR, error.message, error.hint)

    def _tell_empty(self) -> None:
        filtered = self.sifting.listing.filters
        if self.banner.words and not filtered:
            return
        if filtered:
            self.empty.tell("No records match.", "", (("Clear", self._clear),))
        else:
            self.empty.tell("No records of this kind.", "All of them were deleted.")
        self._stack.setCurrentWidget(self.empty)

    def _clear(self) -> None:
        self.filter.clear()
        self.choose_facets(FacetChoice())
        self.focus()

    def _arrived(self, first: QModelIndex, last: QModelIndex) -> None:
        self.damage.look(map(self.records.head_at, range(first.row(), last.row() + 1)))
        self._cursor.arrived(first.row(), last.row())
