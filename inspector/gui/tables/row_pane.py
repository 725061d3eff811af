"""The right pane while a table of the file is looked at: one row as columns and values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout, QWidget

from inspector.decode.secrets import COVERED
from inspector.foreign.cell_reading import stored_bytes
from inspector.foreign.column_map import ReadAs
from inspector.gui.actions import Actions
from inspector.gui.cells.columns import Column, head
from inspector.gui.cells.table_view import TableView
from inspector.gui.clipboard import Clip, ClipSource
from inspector.gui.foreign.blob_pane import BlobCell, BlobPane
from inspector.gui.foreign.file_readings import FileReadings
from inspector.gui.message.message_pane import MessagePane
from inspector.gui.style.fonts import fonts_of
from inspector.gui.style.text_format import count, lines_of, visible, visible_name
from inspector.gui.style.text_runs import CELL_ROLE, DIM, EMPTY, TEXT, Cell, text
from inspector.gui.style.time_format import TimeStyle
from inspector.gui.tables.table_model import TableRow, cell_of
from inspector.gui.tasks import Report, Tasks
from inspector.gui.text.value_header import ValueHeader
from inspector.gui.values.value_pane import ValueTextView
from inspector.gui.widgets.bar import Bar
from inspector.gui.widgets.buttons import SMALL, IconButton
from inspector.gui.widgets.labels import ElidedLabel
from inspector.gui.widgets.splitter import LineSplitter
from inspector.schema.secret_columns import secret_test
from inspector.session.browse import TableCell as Value
from inspector.session.browse import table_rows
from inspector.session.row_history import records_of
from inspector.store.rows import Form
from inspector.store.rows import TableColumn as Stored

if TYPE_CHECKING:
    from inspector.session.session import Session

Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()
_COLUMNS: Final = (
    Column("column", "Column", 176),
    Column("value", "Value", 200, stretch=True),
    Column("type", "Type", 120, drop=1),
)
_SAID: Final = "Hidden secret. Press Enter to show it. It is not copied until it is shown."
_SEALED: Final = (
    "Sealed: the daemon encrypted it before it was stored, and it is not opened here. Enter shows"
    " it as it is stored. Copies stay covered until it is shown."
)
_BLOBS: Final = (
    "Covered: blobs of this file may hold secrets. Press Enter to show all of them in this window."
)
_BLOB_SHARES: Final = (1, 2)  #: of the height, the values and the views of a blob
_HEX: Final = 1 << 20  #: bytes of a blob that are written as hex
#: What is said of a value that leaves the clipboard empty.
_NO_TEXT: Final = {None: "Copied NULL (as empty text).", "": "Copied empty text."}


class RowModel(QAbstractTableModel):
    """The values of one row, a line each."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        #: How a value of a column is shown in a line.
        self.cell: Callable[[str, Value | None], Cell] = lambda _column, value: cell_of(value)
        self._columns: tuple[Stored, ...] = ()
        self._cells: list[Value] = []

    def show(self, columns: Sequence[Stored], cells: Sequence[Value]) -> None:
        """Show another row."""
        self.beginResetModel()
        self._columns, self._cells = tuple(columns), list(cells)
        self.endResetModel()

    def paint_again(self) -> None:
        """Show the same in another way."""
        if self._cells:
            last = self.index(len(self._cells) - 1, len(_COLUMNS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def put(self, row: int, value: Value) -> None:
        """Show another value, such as one that was covered."""
        self._cells[row] = value
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(_COLUMNS) - 1))

    def at(self, row: int) -> tuple[Stored, Value] | None:
        """Column and value of a line."""
        return (self._columns[row], self._cells[row]) if 0 <= row < len(self._cells) else None

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Number of columns of the table."""
        return 0 if parent.isValid() else len(self._cells)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Column, value, type."""
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Head of a column."""
        return head(_COLUMNS, section, orientation, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Cell, text and speech."""
        found = self.at(index.row())
        if found is None or not 0 <= index.column() < len(_COLUMNS):
            return None
        column, value = found
        cells = (
            text(visible_name(column.name), TEXT),
            self.cell(column.name, value),
            text(visible(column.type), DIM) if column.type else EMPTY,
        )
        if role == CELL_ROLE:
            return cells[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return cells[index.column()].text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(cell.text for cell in cells if cell.text)
        return None


class RowPane(QWidget, ClipSource):
    """A row of a table. Covered values are uncovered one by one, until another row is shown.

    Blobs of a file that is no store are uncovered all at once, until they are covered or another
    file is looked at, and open in the views of a message.

    ``changed`` tells that the cursor is on another value, or that it is shown or covered;
    ``blob_made`` that the views of a blob are there.
    """

    changed = Signal()
    blob_made = Signal()

    def __init__(self, actions: Actions, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions, self._tasks = actions, tasks
        self._source: Session | None = None
        self._foreign = False  #: whether the file is no store
        self._open_file = ""  #: the file whose blobs are shown, empty for none
        self.readings = FileReadings(tasks, self)
        self.blob: BlobPane | None = None
        self._style = TimeStyle.UTC
        self._row: TableRow | None = None
        self._stored: tuple[Value, ...] = ()  #: uncovered, for columns that are read as something
        self._shown: set[int] = set()
        self._sought = ""  #: in the rows of the table
        self.name = ElidedLabel(Qt.TextElideMode.ElideRight, keep=120)
        self.kind = ElidedLabel(Qt.TextElideMode.ElideRight, dim=True)
        self.values = RowModel(self)
        self.table = TableView(_COLUMNS)
        self.table.setAccessibleName("Values of the row")
        self.table.setModel(self.values)
        self.text = ValueTextView()
        self._head = ValueHeader(self)
        self._show = QPushButton("Show")
        self._show.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._show.clicked.connect(self.toggle_cover)
        self._head.add(self._show)
        for name in ("wrap", "copy"):
            self._head.add(IconButton(actions[name], self, SMALL))
        self._lay_out()
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._read())
        self.table.activated.connect(lambda _: self.toggle_cover())
        self.readings.changed.connect(self._read_stored)

    def _lay_out(self) -> None:
        head = Bar(40, left=12, line=True)
        head.row.setSpacing(8)
        head.row.addWidget(self.name, 3)
        head.row.addWidget(self.kind, 2)
        head.row.addStretch()
        self.name.setFont(fonts_of(self.font()).bold)
        reader = QWidget()
        below = QVBoxLayout(reader)
        below.addWidget(self._head)
        below.addWidget(self.text, 1)
        self._lower = QStackedWidget()
        self._lower.addWidget(reader)
        split = self.split = LineSplitter(Qt.Orientation.Vertical, name="Values and their text")
        split.addWidget(self.table)
        split.addWidget(self._lower)
        split.setStretchFactor(0, 1)
        split.setSizes([600, 168])
        column = QVBoxLayout(self)
        column.addWidget(head)
        column.addWidget(split, 1)
        for layout in (below, column):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)

    def show_row(self, source: Session, row: TableRow) -> None:
        """Show a row; the cursor stays on its column where the table is the same."""
        same = self._row is not None and self._row.table == row.table
        line = max(0, self.table.current_row()) if same else 0
        self._tasks.forget("row")
        if source is not self._source:
            self._foreign = source.known_facts().form is Form.FOREIGN
            if source.store.real_path != self._open_file:
                self._open_file = ""
        self._source, self._row, self._shown, self._stored = source, row, set(), ()
        self._say_name(row)
        self.values.show(row.columns, row.cells)
        self.table.selectRow(min(line, self.values.rowCount() - 1))
        self._read()
        self._read_stored()
        if self._open_file:
            self._uncover_blobs()

    def _say_name(self, row: TableRow) -> None:
        """What the row is called: by the map, where it says which column names it, and when."""
        place, mapped = f"Row {row.row + 1:,}", self.readings.mapped
        records = records_of(mapped, row.table) if mapped is not None else None
        cells = zip(row.columns, row.cells, strict=True)
        seen = {one.name: visible(cell.text) for one, cell in cells if _is_seen(cell)}
        name = time = ""
        if records is not None:
            name = seen.get(records.name) or seen.get(records.key, "")
            time = seen.get(records.time, "")
        self.name.setText(name or place)
        facts = (visible_name(row.table), place.lower() if name else "", time)
        self.kind.setText(", ".join(filter(None, facts)))

    def column(self) -> str | None:
        """The name of the column the cursor is on, where it can be read as something."""
        found = self.values.at(self.table.current_row())
        return found[0].name if found is not None and self._foreign else None

    def table_name(self) -> str:
        """The table of the row; empty where none is shown."""
        return self._row.table if self._row is not None else ""

    def go_to_column(self, number: int) -> None:
        """Put the cursor on a column."""
        if 0 <= number < self.values.rowCount():
            self.table.selectRow(number)

    def seek(self, text: str, column: int | None = None) -> None:
        """Go to a text that was sought in the rows: to its column, and its fields within that.

        Args:
            text: what was sought; empty where nothing is any more.
            column: the number of the column that holds it.
        """
        self._sought = text
        if column is not None:
            self.go_to_column(column)
        if self.blob is not None:
            self.blob.seek(text)

    def _read_stored(self) -> None:
        """Read the row as it is stored, where columns of it are read as something."""
        row, source = self._row, self._source
        self._tasks.forget("row-stored")
        if row is None or source is None or not self._foreign:
            return
        self._say_name(row)
        if not self.readings.of_table(row.table):
            self._stored = ()
            self._read()
            return

        def work(cancel: Event, _report: Report) -> tuple[Value, ...]:
            return _uncovered(source, row, cancel)

        def done(values: tuple[Value, ...]) -> None:
            if row is self._row:
                self._stored = values
                self._read()

        self._tasks.run("row-stored", work, done, lambda _: None)

    def focus(self) -> None:
        """Give the focus to the values."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_wrap(self, on: bool) -> None:
        """Wrap long lines in the reader."""
        self.text.set_wrap(on)

    def copy(self) -> Clip:
        """What is selected of the text, else the value the cursor is on."""
        chosen = self.text.selected_text()
        if chosen:
            return Clip(chosen, "")
        value = self._copied()
        return Clip(value or "", "Copied." if value else _NO_TEXT[value])

    def _copied(self) -> str | None:
        """The value the cursor is on, a blob as hex; a covered one stays so, NULL is None."""
        found = self.values.at(self.table.current_row())
        if found is None or found[1].null:
            return None
        value = found[1].value
        return value.hex(" ") if isinstance(value, bytes) else _text(found[1])

    def toggle_cover(self) -> None:
        """Read the value the cursor is on uncovered, or cover it again."""
        line, row, source = self.table.current_row(), self._row, self._source
        if row is None or source is None or not 0 <= line < len(row.cells):
            return
        if self._is_blob(row, line):
            if line in self._shown:
                self.cover_blobs()
            else:
                self._open_file = source.store.real_path
                self._uncover_blobs()
        elif line in self._shown:
            self._shown.discard(line)
            self.values.put(line, row.cells[line])
            self._read()
        elif row.cells[line].covered:
            self._uncover(source, row, (line,))

    def _is_blob(self, row: TableRow, line: int) -> bool:
        """Whether a value is covered only since it is a blob of a file that is no store.

        One in a column whose name says that it is a secret is shown alone, as texts there are.
        """
        if not self._foreign or not row.cells[line].blob:
            return False
        return not secret_test(row.table, row.columns[line].name)("")

    def _uncover_blobs(self) -> None:
        row, source = self._row, self._source
        if row is not None and source is not None:
            lines = tuple(at for at in range(len(row.cells)) if self._is_blob(row, at))
            if lines:
                self._uncover(source, row, lines)

    def _uncover(self, source: Session, row: TableRow, lines: Sequence[int]) -> None:
        """Read values of a row uncovered; the others stay as they are."""

        def work(cancel: Event, _report: Report) -> tuple[Value, ...]:
            return _uncovered(source, row, cancel)

        def done(values: tuple[Value, ...]) -> None:
            if values and row is self._row:
                for line in lines:
                    self._shown.add(line)
                    self.values.put(line, values[line])
                self._read()

        self._tasks.run("row", work, done, lambda _: None)

    def cover_blobs(self) -> None:
        """Cover the blobs of the file again."""
        self._tasks.forget("row")
        self._open_file = ""
        for line in sorted(self._shown):
            if self._row is not None and self._is_blob(self._row, line):
                self._shown.discard(line)
                self.values.put(line, self._row.cells[line])
        self._read()

    def reveals_all(self) -> bool:
        """Whether all fields of the message that is shown are shown."""
        message = self.message()
        return message is not None and message.views.tree.fields.look.all_revealed

    def can_cover(self) -> bool:
        """Whether the value the cursor is on can be shown or covered."""
        found, line = self.values.at(self.table.current_row()), self.table.current_row()
        return line in self._shown or (found is not None and found[1].covered)

    def cover(self) -> None:
        """Cover what was uncovered here."""
        self._tasks.forget("row")
        self._open_file = ""
        if self._row is not None:
            for line in self._shown:
                self.values.put(line, self._row.cells[line])
        self._shown = set()
        self._read()
        self.reveal_all(False)

    def reveal_all(self, on: bool) -> None:
        """Show or cover the secrets of a message whose fields say what is one."""
        if self.blob is not None:
            self.blob.reveal_all(on)

    def _read(self) -> None:
        self.changed.emit()
        found = self.values.at(self.table.current_row())
        if self._show_blob(found):
            return
        if found is None:
            self._head.tell("", "")
            self.text.set_text("", fixed=False, lines=None)
            self._show.hide()
            return
        column, value = found
        self._show.setText("Show" if value.covered else "Hide")
        self._show.setVisible(self.can_cover())
        self._head.tell(visible_name(column.name), _facts(column, value))
        words = _text(value)
        if value.covered:
            words = _SAID if value.seal is None else _SEALED
            if self._row is not None and self._is_blob(self._row, self.table.current_row()):
                words = _BLOBS
        self.text.set_text(words, fixed=isinstance(value.value, bytes), lines=None)

    def _show_blob(self, found: tuple[Stored, Value] | None) -> bool:
        """Show a value of a file that is no store in the views of a message; False for others.

        They are blobs that are shown, and what its column is read as something.
        """
        row, line = self._row, self.table.current_row()
        blob = self._blob_cell(row, line, found) if row is not None and self._foreign else None
        if blob is None or found is None:
            if self.blob is not None:
                self.blob.show_blob(None)
            self._lower.setCurrentIndex(0)
            return False
        if self.blob is None:
            self.blob = BlobPane(self._actions, self._tasks)
            self.blob.message.set_times(self._style)
            self.blob.seek(self._sought)
            self.blob.hide_wanted.connect(self.toggle_cover)
            self._lower.addWidget(self.blob)
            self.blob_made.emit()
            height = max(self.split.height(), sum(_BLOB_SHARES))
            upper = height * _BLOB_SHARES[0] // sum(_BLOB_SHARES)
            self.split.setSizes([upper, height - upper])
        self.blob.show_blob(blob)
        self.blob.offer_to_hide(line in self._shown)
        self._lower.setCurrentWidget(self.blob)
        self.table.scrollTo(self.table.currentIndex())  # it has less height than it had
        return True

    def _blob_cell(
        self, row: TableRow, line: int, found: tuple[Stored, Value] | None
    ) -> BlobCell | None:
        """What the views of a blob show of a value; None where they do not."""
        if found is None:
            return None
        column, value = found
        key = f"row {row.row + 1:,}"
        reading, own = None, dict[str, object]()
        if 0 <= line < len(self._stored) and (not value.covered or self._is_blob(row, line)):
            names = (one.name for one in row.columns)
            own = dict(zip(names, (one.value for one in self._stored), strict=True))
            readings = self.readings.of_table(row.table).get(column.name, ())
            reading = next((one for one in readings if one.applies(own)), None)
        bare = reading is None or reading.read_as is ReadAs.RAW
        data = value.value if bare else self._stored[line].value
        if not isinstance(data, bytes) and (bare or not isinstance(data, str)):
            return None
        if not data:
            return None
        mapped = self.readings.mapped
        return BlobCell(
            *(row.table, column.name, key, stored_bytes(data), reading, own),
            self.readings.sets,
            frozenset(mapped.secrets if mapped is not None else ()),
        )

    def message(self) -> MessagePane | None:
        """The views of the blob that is shown, None where none is."""
        shown = self.blob is not None and self._lower.currentWidget() is self.blob
        if self.blob is None or not shown or self.blob.is_text():
            return None
        return self.blob.message

    def set_times(self, style: TimeStyle) -> None:
        """Write times in another way."""
        self._style = style
        self.values.paint_again()
        if self.blob is not None:
            self.blob.message.set_times(style)

    def switch(self, name: str, on: bool) -> None:
        """A switch of the window was turned, which the views of a blob follow."""
        if self.blob is not None:
            self.blob.message.switch(name, on)
            if name == "wrap":
                self.blob.text.set_wrap(on)


def _is_seen(value: Value) -> bool:
    """Whether a value is there, and shown."""
    return not (value.covered or value.null or value.missing)


def _uncovered(source: Session, row: TableRow, cancel: Event) -> tuple[Value, ...]:
    """The values of a row as they are stored; none where it is gone."""
    page = table_rows(
        source,
        row.table,
        after=row.address.after,
        offset=row.address.offset,
        limit=1,
        reveal=True,
        cancel=cancel,
        keys=row.address.keys,
    )
    return page.rows[0] if page.rows else ()


def _facts(column: Stored, value: Value) -> str:
    parts = [visible(column.type)] if column.type else []
    if isinstance(value.value, str):
        parts.append(count(len(value.value), "character"))
        if lines_of(value.value) > 1:
            parts.append(count(lines_of(value.value), "line"))
    elif isinstance(value.value, bytes) or value.text.endswith(" bytes"):
        parts.append(value.text)
    if value.seal is not None:
        parts.append(value.seal.words.lower())
    return ", ".join(parts)


def _text(value: Value) -> str:
    if value.covered:
        return COVERED
    if isinstance(value.value, bytes):
        shown = value.value[:_HEX].hex(" ")
        return shown if len(value.value) <= _HEX else f"{shown} ..."
    return value.text
