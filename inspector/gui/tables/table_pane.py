"""The middle pane while a table of the file is looked at: its rows as they are stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import (
    QApplication,
    QHeaderView,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from inspector.errors import InspectorError
from inspector.gui.cells.cell_delegate import Measure
from inspector.gui.cells.columns import Column
from inspector.gui.cells.table_view import TableView
from inspector.gui.clipboard import NO_CLIP, Clip, ClipSource
from inspector.gui.kinds.kinds_model import NOT_RUN, KindEntry
from inspector.gui.style.fonts import fonts_of, px, unit
from inspector.gui.style.text_format import count, visible
from inspector.gui.style.text_runs import CELL_ROLE, Cell
from inspector.gui.tables.table_model import TableModel, TableRow
from inspector.gui.tasks import Report, Tasks
from inspector.gui.widgets.banner import Action
from inspector.gui.widgets.bar import Bar
from inspector.gui.widgets.empty_state import EmptyState
from inspector.gui.widgets.labels import ElidedLabel
from inspector.gui.widgets.search_field import SearchField
from inspector.gui.widgets.work_footer import WorkBar, WorkFooter
from inspector.session.browse import as_tsv
from inspector.session.foreign_rows import ForeignReading
from inspector.session.row_query import FoundRows, RowQuery, find_rows

if TYPE_CHECKING:
    from inspector.session.session import Session

FIND: Final = "table-find"  #: the channel in which rows are looked for
_PAUSE: Final = 200  #: milliseconds
_WIDTHS: Final = (56, 320)  #: of a column, for a 13 px font
_LOOKED: Final = 64  #: rows whose widths are measured
_MEASURED: Final = 100  #: columns
_UNMEASURED: Final = 120  #: width of the others, for a 13 px font


class TablePane(QWidget, ClipSource):
    """Rows of a table.

    ``chosen`` tells the :class:`TableRow` the cursor is on, or None; ``column_wanted`` the number
    of a column of which something is to be done.
    """

    chosen = Signal(TableRow)  # or None
    listed = Signal()
    column_wanted = Signal(int)  # the column whose head was asked for a menu

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = TableModel(tasks, self)
        self.title = ElidedLabel(Qt.TextElideMode.ElideRight)
        self.facts = ElidedLabel(Qt.TextElideMode.ElideRight, dim=True)
        self.table = TableView((Column("value", "", 80, stretch=True),))
        self.table.setModel(self.rows)
        self.table.setSelectionMode(TableView.SelectionMode.ExtendedSelection)
        self.empty = EmptyState()
        self.filter = SearchField("filter", "Ctrl+F")
        self.filter.set_words("Filter rows", "Filter rows by a text in any column, or decoded")
        self.bar = WorkBar()
        self.footer = WorkFooter(self.bar)
        self.query = RowQuery()
        self._tasks = tasks
        self._source: Session | None = None
        self._reader: Callable[[bool], ForeignReading | None] = lambda _reveal: None
        # What is typed is looked for when the typing pauses.
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE)
        self._soon.timeout.connect(self._narrow)
        self._first: Callable[[str], Sequence[str]] = lambda _table: ()
        self._entry: KindEntry | None = None
        self._dragged: dict[str, float] = {}  #: widths given by hand to columns, for a 13 px font
        self._fitting = False
        self._damaged = False  #: whether rows may be there that cannot be read
        self._lay_out()
        self.rows.ready.connect(self._ready)
        self.rows.failed.connect(self._failed)
        self.rows.dataChanged.connect(self._arrived)
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        self.table.horizontalHeader().setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.horizontalHeader().customContextMenuRequested.connect(self._offer_column)
        self.table.installEventFilter(self)
        self.filter.textChanged.connect(lambda _: self._soon.start())
        self.filter.returnPressed.connect(self._narrow)
        self.filter.left.connect(self.focus)
        self.footer.cancelled.connect(lambda: tasks.cancel(FIND))
        self.footer.continued.connect(self._find)
        self.table.horizontalHeader().sectionResized.connect(self._keep_width)
        self.table.horizontalHeader().setSectionsClickable(True)
        self.table.horizontalHeader().setSortIndicatorShown(True)
        self._show_order()
        self.table.horizontalHeader().sectionClicked.connect(self.sort_by)

    def _lay_out(self) -> None:
        head = Bar(40, left=12, line=True)
        head.row.setSpacing(12)
        head.row.addWidget(self.title, 1)
        head.row.addWidget(self.facts)
        head.row.addStretch()
        self.title.setFont(fonts_of(self.font()).fixed)
        # A table may have hundreds of columns: here sideways scrolling is the only way.
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.table.setHorizontalScrollMode(TableView.ScrollMode.ScrollPerPixel)
        narrowing = Bar(40, line=True)
        narrowing.row.addWidget(self.filter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(narrowing)
        column.addWidget(self.bar)
        column.addWidget(self._stack, 1)
        column.addWidget(self.footer)

    def copy(self) -> Clip | None:
        """The chosen rows as tab-separated text; one that is in memory at once."""
        if not self.table.hasFocus():
            return None
        chosen = self.table.selected_rows()
        number = sum(map(len, chosen))
        if not number:
            return NO_CLIP
        found = self.rows.row_at(chosen[0].start) if number == 1 else None
        if found is not None:
            return Clip(as_tsv(found.columns, [found.cells]), "Copied 1 row.")
        columns, read = self.rows.columns, self.rows.reader_of(chosen)
        return Clip(lambda cancel: as_tsv(columns, read(cancel)), f"Copied {count(number, 'row')}.")

    def show_table(self, source: Session, entry: KindEntry) -> None:
        """List the rows of a table."""
        self.title.setText(visible(entry.title))
        before = self._entry.kind if self._entry is not None else None
        same = source is self._source and before == entry.kind
        self._entry, self._source = entry, source
        if not same:
            self._forget()
        self.table.setAccessibleName(f"Rows of table {visible(entry.title)}")
        self._stack.setCurrentWidget(self.table)
        self._damaged = source.damage is not None and entry.count != 0
        if same and self.query != RowQuery():
            self._find()  # it was read again
            return
        self.rows.show(source, entry.kind, entry.count)
        self._tell_facts()

    def tell_count(self, entry: KindEntry) -> None:
        """The rows of a table were counted."""
        if self._entry is not None and entry.kind == self._entry.kind:
            self._entry = entry
            self.rows.tell_count(entry.count)
            self._tell_facts()

    def _tell_facts(self) -> None:
        """Say how many rows there are, and how many of them can be read where not all can."""
        entry, read, found = self._entry, self.rows.rowCount(), self.rows.found
        if found is not None:
            of = f"{found.examined:,} {'row' if found.examined == 1 else 'rows'}"
            words = f"{len(found):,} of {of}" if self.query.text else of
            self.facts.setText(f"{words} readable" if found.problem else words)
            self.facts.setToolTip(self._looked_at())
            return
        if entry is None or entry.view:
            words = NOT_RUN if entry is not None else ""
        elif self.rows.problem:
            of = f" of {entry.count:,}" if entry.count is not None and entry.count > read else ""
            words = f"{read:,}{of} {'row' if not of and read == 1 else 'rows'} readable"
        elif entry.count is not None:
            words = count(entry.count, "row")
        elif self.rows.is_whole:
            words = count(read, "row") if read else ""
        else:
            words = f"at least {count(read - 1, 'row')}"
        self.facts.setText(words)
        self.facts.setToolTip(visible(self.rows.problem))

    def put_first(self, first: Callable[[str], Sequence[str]]) -> None:
        """Let some columns stand before the others: ``first`` names them by the table's name."""
        self._first = first
        self._arrange()

    def _arrange(self) -> None:
        """Put the columns in the order in which they stand."""
        header, names = self.table.horizontalHeader(), [one.name for one in self.rows.columns]
        if header.sectionsMoved():
            for section in range(header.count()):
                header.moveSection(header.visualIndex(section), section)
        wanted = [one for one in dict.fromkeys(self._first(self.rows.table)) if one in names]
        for place, name in enumerate(wanted):
            header.moveSection(header.visualIndex(names.index(name)), place)

    def leave(self) -> None:
        """Let go of the table: another list takes the place."""
        self._entry = None
        self._forget()
        self.rows.show(None, "", None)

    def view(self) -> QWidget:
        """What takes the focus: the rows, or the filter where there are none."""
        return self.table if self._stack.currentWidget() is self.table else self.filter

    def focus(self) -> None:
        """Give the focus to the rows, or to the filter where there are none."""
        self.view().setFocus(Qt.FocusReason.OtherFocusReason)

    # Which rows, and in what order

    def attend(self, reader: Callable[[bool], ForeignReading | None]) -> None:
        """Look into what is decoded too: ``reader`` reads the file, and reveals where it is told.

        What it gives may be another one from now on.
        """
        self._reader = reader
        if self.query.text:
            self._find()

    def reveal(self, on: bool) -> None:
        """Show or cover what is secret, and look again: it is not found while it is covered."""
        self.rows.reveal(on)
        if self.query != RowQuery():
            self._find()

    def ask_filter(self) -> None:
        """Give the focus to the filter, its words chosen."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def sort_by(self, section: int) -> None:
        """Order by a column, then the other way, then as they are stored."""
        if not 0 <= section < len(self.rows.columns):
            return
        name = self.rows.columns[section].name
        if self.query.sort != name:
            self._order(name, descending=False)
        elif not self.query.descending:
            self._order(name, descending=True)
        else:
            self._order("", descending=False)

    def turn(self, *, descending: bool) -> None:
        """Order the other way, where the rows are in the order of a column."""
        if self.query.sort:
            self._order(self.query.sort, descending=descending)

    def _order(self, name: str, *, descending: bool) -> None:
        self.query = self.query._replace(sort=name, descending=descending)
        self._show_order()
        self._find()

    def _show_order(self) -> None:
        """Draw the arrow in the head of the column that the rows are ordered by."""
        names = [column.name for column in self.rows.columns]
        down = self.query.descending
        order = Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder
        section = names.index(self.query.sort) if self.query.sort in names else -1
        self.table.horizontalHeader().setSortIndicator(section, order)

    def _narrow(self) -> None:
        self._soon.stop()
        text = self.filter.text().strip()
        if text != self.query.text:
            self.query = self.query._replace(text=text)
            self._find()

    def _forget(self) -> None:
        """Another table is listed: all of it as it is stored."""
        self._soon.stop()
        self._tasks.forget(FIND)
        self.footer.finish()
        self.query = RowQuery()
        self.filter.put("")
        self._dragged.clear()
        self._show_order()

    def _find(self) -> None:
        """Look for the rows that are wanted; those that are shown stay until they are found."""
        source, entry, query = self._source, self._entry, self.query
        if source is None or entry is None:
            return
        self._tasks.forget(FIND)
        self.footer.finish()
        if query == RowQuery():
            self.rows.show(source, entry.kind, entry.count)
            return
        reveal = self.rows.reveals
        reading = self._reader(reveal) or ForeignReading(source, reveal=reveal)

        def work(cancel: Event, report: Report) -> FoundRows:
            return find_rows(reading, entry.kind, query, cancel, report)

        def done(found: FoundRows) -> None:
            self.footer.finish()
            self.rows.show(source, entry.kind, None, found)

        def progress(done: int, _found: int) -> None:
            self.footer.progress(done, max(done, entry.count or 0))

        self.footer.start("Searching rows")
        self._tasks.run(FIND, work, done, self._not_found, progress, slow=True)

    def _not_found(self, error: InspectorError) -> None:
        wrong = self.footer.failed(error, "Stopped before all rows were searched.")
        if wrong:
            self.facts.setText(visible(wrong))
            self.facts.setToolTip(visible(wrong))

    def _ready(self) -> None:
        self._arrange()
        self._fit()
        self._show_order()  # columns that come shift it
        self._tell_facts()
        if self.rows.rowCount():
            self.table.selectRow(0)
        else:
            if self.query.text:
                clear: Action = ("Clear filter", self.filter.clear)
                self.empty.tell("No rows contain this text.", self._looked_at(), (clear,))
            elif self._damaged:
                self.empty.tell("No row of this table could be read.", "The file is damaged.")
            else:
                self.empty.tell("This table is empty.", "")
            self._stack.setCurrentWidget(self.empty)
            self.chosen.emit(None)
            self.listed.emit()
            return
        self._stack.setCurrentWidget(self.table)
        self.listed.emit()

    def _looked_at(self) -> str:
        """What was looked at, and what of it could not be."""
        found = self.rows.found
        if found is None:
            return ""
        parts = [f"{count(found.examined, 'row')} searched."]
        if found.undecoded:
            parts.append(f"{count(found.undecoded, 'value')} could not be decoded.")
        if self.query.text and found.covered:
            parts.append("Covered values were not searched.")
        parts.append(found.problem)
        return visible(" ".join(filter(None, parts)))

    def _failed(self, error: InspectorError) -> None:
        if not self.rows.rowCount():
            self.empty.tell(error.message, error.hint or "")
            self._stack.setCurrentWidget(self.empty)
            self.chosen.emit(None)
            self.listed.emit()

    def _fit(self) -> None:
        """Give each column the width of what the first rows hold, and the last one the rest.

        There may be thousands of them: those far to the right get the same width. One that was
        dragged keeps the width it was given, in proportion to the text size.
        """
        self._fitting = True
        header, view = self.table.horizontalHeader(), self.table
        metrics, pad = view.fontMetrics(), 2 * px(view, 8) + px(view, 6)
        least, most = (px(view, width) for width in _WIDTHS)
        measure = Measure(fonts_of(view.font()))
        for section in range(min(_MEASURED, self.rows.columnCount())):
            name = str(self.rows.headerData(section, Qt.Orientation.Horizontal) or "")
            widths = [metrics.horizontalAdvance(name)]
            for row in range(min(_LOOKED, self.rows.rowCount())):
                cell: Cell = self.rows.index(row, section).data(CELL_ROLE)
                icons = sum(map(measure.around, cell.runs))
                widths.append(metrics.horizontalAdvance(cell.text[:80]) + icons)
            width = max(widths) + pad
            header.setSectionResizeMode(section, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(section, min(max(width, least), most))
        header.setDefaultSectionSize(px(view, _UNMEASURED))
        for section, column in enumerate(self.rows.columns):
            if column.name in self._dragged:
                header.resizeSection(section, px(view, self._dragged[column.name]))
        header.setStretchLastSection(True)
        self._fitting = False

    def _keep_width(self, section: int, _before: int, width: int) -> None:
        """A column was dragged; the last one takes what is left, whatever is done to the others."""
        header = self.table.horizontalHeader()
        by_hand = bool(QApplication.mouseButtons() & Qt.MouseButton.LeftButton)
        last = header.visualIndex(section) == header.count() - 1
        if by_hand and not self._fitting and not last and section < len(self.rows.columns):
            self._dragged[self.rows.columns[section].name] = width / unit(self.table.font())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fit the columns to the text size; the menu is about the column the pointer is on."""
        if event.type() == QEvent.Type.FontChange and self._entry is not None:
            self._fit()
        if event.type() == QEvent.Type.ContextMenu and isinstance(event, QContextMenuEvent):
            column = self.table.columnAt(self.table.viewport().mapFromGlobal(event.globalPos()).x())
            if event.reason() == QContextMenuEvent.Reason.Mouse and column >= 0:
                self.column_wanted.emit(column)
        return super().eventFilter(watched, event)

    def _offer_column(self, place: QPoint) -> None:
        """The menu of the rows, about the column whose head was clicked."""
        header = self.table.horizontalHeader()
        section = header.logicalIndexAt(place)
        if section >= 0:
            self.column_wanted.emit(section)
            self._pop_up(header.viewport().mapToGlobal(place))

    def _pop_up(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.addActions(self.table.actions())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _choose(self, current: QModelIndex, _before: QModelIndex) -> None:
        found = self.rows.row_at(current.row())
        if found is not None:
            self.chosen.emit(found)

    def _arrived(self, first: QModelIndex, last: QModelIndex) -> None:
        """The cursor's row may have been chosen before it was read."""
        self._tell_facts()
        if first.row() <= self.table.current_row() <= last.row():
            self._choose(self.table.currentIndex(), QModelIndex())
