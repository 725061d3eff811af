"""Asks what a column is to be read as: proposals, ranked by how well they fit its rows."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from threading import Event
from typing import Final

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inspector.errors import InspectorError
from inspector.foreign.column_map import WORDS, ColumnReading, ReadAs
from inspector.foreign.message_fit import MessageFit, PlainFit, plain_fit, ranked, sample
from inspector.foreign.message_set import message_set
from inspector.foreign.wrappers import DEEPEST, Wrapper, wrapper_of
from inspector.gui.cells.columns import Column
from inspector.gui.cells.list_model import ListModel
from inspector.gui.cells.table_view import TableView
from inspector.gui.dialogs import file_dialogs
from inspector.gui.dialogs.message_boxes import give_size, take_icons_off
from inspector.gui.foreign.blob_pane import words_of
from inspector.gui.style.text_format import count, visible, visible_name
from inspector.gui.style.text_runs import DIM, EMPTY, TEXT, Cell, Elide, Run, text
from inspector.gui.tasks import Report, TaskGroup, Tasks
from inspector.gui.widgets.banner import plain_label
from inspector.gui.widgets.buttons import MenuButton
from inspector.gui.widgets.search_field import SearchField
from inspector.gui.widgets.work_footer import WorkBar, WorkFooter
from inspector.named_tuple import NamedTuple
from inspector.schema.catalog import is_own, releases, schema_name
from inspector.session.foreign_rows import ForeignReading

CHANNEL: Final = "fit"
PROPOSAL_COLUMNS: Final = (
    Column("name", "Read as", 260, stretch=True),
    Column("fit", "Fit", 132, sample="fits few or none"),
    Column("against", "Evidence against", 260, drop=1),
)
_PLAIN: Final = (ReadAs.RAW, ReadAs.TEXT, ReadAs.JSON)


class ColumnProposal(NamedTuple):
    """What a column may be read as.

    Attributes:
        read_as: what.
        message: the message's full name, where it is one.
        fits: rows that are so; None where that was not tried, or none is.
        rows: rows that were looked at.
        fit: how well a message does.
    """

    read_as: ReadAs
    message: str = ""
    fits: int | None = None
    rows: int = 0
    fit: MessageFit | None = None

    @property
    def name(self) -> str:
        """What it is called."""
        return self.message or _NAMES[self.read_as]


_NAMES: Final = {
    ReadAs.RAW: f"{WORDS[ReadAs.RAW]}, fields by number",
    ReadAs.TEXT: WORDS[ReadAs.TEXT],
    ReadAs.JSON: WORDS[ReadAs.JSON],
}


class ProposalsModel(ListModel[ColumnProposal]):
    """A row for each proposal."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(PROPOSAL_COLUMNS, parent)

    def cell(self, row: ColumnProposal, key: str) -> Cell:
        """What stands in a column of a row."""
        if key == "name":
            return Cell((Run(visible(row.name), TEXT, Elide.ElideLeft),))
        if key == "fit":
            if row.fits is None:
                return text("fits few or none" if row.rows else "", DIM)
            return text(f"fits {row.fits:,} of {row.rows:,}", TEXT if row.fits else DIM)
        return text(against(row.fit), DIM) if row.fit is not None else EMPTY

    def tip(self, row: ColumnProposal) -> str | None:
        """The whole name, and what speaks against it."""
        return "\n".join(filter(None, (visible(row.name), against(row.fit) if row.fit else "")))


def against(fit: MessageFit) -> str:
    """What speaks against a message, in a phrase."""
    parts = []
    if fit.misplaced:
        parts.append(f"{count(fit.misplaced, 'unknown or broken field')}")
    if fit.unnamed:
        parts.append(f"{count(fit.unnamed, 'enum number')} without a name")
    if fit.unused:
        parts.append(f"{count(fit.unused, 'field')} never set")
    return ", ".join(parts)


class _Found(NamedTuple):
    """What was tried: all proposals, and a sentence on what was looked at."""

    proposals: list[ColumnProposal]
    words: str


class ReadAsDialog(QDialog):
    """Proposes, and leaves it to the person. Nothing is read in another way unless it is chosen.

    ``chosen`` tells a :class:`ColumnReading`; ``removed`` that the column is read by number again.

    Args:
        parent: the window.
        tasks: its worker.
        reading: reads the file.
        table: whose column.
        column: which.
        schemas: where messages may be looked for, the likeliest first.
        now: what is chosen for it; None for nothing.
        unpack: what its values are taken out of to begin with.
    """

    chosen = Signal(ColumnReading)
    removed = Signal()

    def __init__(
        self,
        parent: QWidget,
        tasks: Tasks,
        reading: ForeignReading,
        table: str,
        column: str,
        schemas: Sequence[str],
        now: ColumnReading | None,
        unpack: tuple[Wrapper, ...],
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Read column as")
        self._tasks, self._reading = TaskGroup(tasks, "read as"), reading
        self._table, self._column, self._now = table, column, now
        self._all: list[ColumnProposal] = []
        self.unpack = unpack
        self.words = plain_label(f"What {visible_name(table)}.{visible_name(column)} is read as.")
        self.schema = QComboBox()
        self.schema.setAccessibleName("Schema")
        self.schema.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.file_button = QPushButton("From &file\N{HORIZONTAL ELLIPSIS}")
        self.folder_button = QPushButton("From f&older\N{HORIZONTAL ELLIPSIS}")
        self.wrappers = MenuButton()
        self.filter = SearchField("filter", "")
        self.filter.set_words("Filter by name", "Filter")
        self.proposals = ProposalsModel(self)
        self.table = TableView(PROPOSAL_COLUMNS)
        self.table.setModel(self.proposals)
        self.table.setAccessibleName("Possible readings")
        self.bar = WorkBar()
        self.footer = WorkFooter(self.bar)
        self.facts = plain_label("")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        role = QDialogButtonBox.ButtonRole
        self.choose_button: QPushButton = self.buttons.addButton("&Read as this", role.AcceptRole)
        self.remove_button: QPushButton = self.buttons.addButton("Re&move", role.ActionRole)
        self._fill_schemas(schemas)
        self._fill_wrappers()
        self._lay_out()
        self._connect()
        self.look()

    def _fill_schemas(self, schemas: Sequence[str]) -> None:
        self.schema.addItem("none", "")
        for schema in dict.fromkeys((*schemas, releases()[-1])):
            self.schema.addItem(visible(schema_name(schema)), schema)
            tip = Qt.ItemDataRole.ToolTipRole
            self.schema.setItemData(self.schema.count() - 1, visible(schema), tip)
        wanted = self._now.schema if self._now is not None else next(iter(schemas), "")
        self.schema.setCurrentIndex(max(0, self.schema.findData(wanted)))

    def _fill_wrappers(self) -> None:
        menu = QMenu(self.wrappers)
        for wrapper in Wrapper:
            menu.addAction(words_of(wrapper)).triggered.connect(partial(self.take_off, wrapper))
        menu.addSeparator()
        menu.addAction("As stored").triggered.connect(lambda _=False: self._take_steps(()))
        self.wrappers.setMenu(menu)
        self.wrappers.setAccessibleName("Unwrap first")
        self._say_steps()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.schema, 1)
        row.addWidget(self.file_button)
        row.addWidget(self.folder_button)
        form = QFormLayout()
        messages = QLabel("&Messages of")
        messages.setBuddy(self.schema)
        form.addRow(messages, row)
        form.addRow("&Unwrap first", self.wrappers)
        column = QVBoxLayout(self)
        column.addWidget(self.words)
        column.addLayout(form)
        for part in (self.filter, self.bar, self.table, self.footer, self.facts, self.buttons):
            column.addWidget(part, int(part is self.table))
        take_icons_off(self)
        for button in (*self.buttons.buttons(), self.file_button, self.folder_button):
            if isinstance(button, QPushButton):
                button.setAutoDefault(False)  # Enter is the list's
        self.remove_button.setVisible(self._now is not None)
        self.choose_button.setEnabled(False)
        self.table.setFocus()
        give_size(self, 720, 480)

    def _connect(self) -> None:
        self.schema.activated.connect(lambda _: self.look())
        self.file_button.clicked.connect(lambda: self._ask(folder=False))
        self.folder_button.clicked.connect(lambda: self._ask(folder=True))
        self.filter.textChanged.connect(lambda _: self._narrow())
        self.filter.left.connect(self.table.setFocus)
        self.footer.cancelled.connect(lambda: self._tasks.cancel(CHANNEL))
        self.footer.continued.connect(self.look)
        self.buttons.rejected.connect(self.reject)
        self.choose_button.clicked.connect(self.choose)
        self.remove_button.clicked.connect(self._remove)
        self.table.activated.connect(lambda _: self.choose())
        self.table.selectionModel().currentRowChanged.connect(self._moved)
        self.finished.connect(lambda _: self._tasks.forget(CHANNEL))
        QShortcut(QKeySequence.StandardKey.Find, self, self.filter.setFocus)

    # What it is tried with

    def use_schema(self, schema: str) -> None:
        """Look among the messages of a schema."""
        at = self.schema.findData(schema)
        if at < 0:
            self.schema.insertItem(1, visible(schema_name(schema)), schema)
            at = 1
        self.schema.setCurrentIndex(at)
        self.look()

    def take_off(self, wrapper: Wrapper) -> None:
        """Take the values out of one wrapper more."""
        if len(self.unpack) < DEEPEST:
            self._take_steps((*self.unpack, wrapper))

    def _take_steps(self, steps: tuple[Wrapper, ...]) -> None:
        self.unpack = steps
        self._say_steps()
        self.look()

    def _say_steps(self) -> None:
        self.wrappers.setText(", ".join(map(words_of, self.unpack)) or "nothing, as stored")

    def _ask(self, *, folder: bool) -> None:
        own = [schema for schema in self._schemas() if is_own(schema)]
        begin = Path(own[0]).parent if own else Path.home()
        file_dialogs.ask_schema(
            self, begin, lambda path: self.use_schema(os.fspath(path.absolute())), folder=folder
        )

    def _schemas(self) -> list[str]:
        return [str(self.schema.itemData(at)) for at in range(self.schema.count())]

    # Trying

    def look(self) -> None:
        """Try the messages of the schema on the rows of the column."""
        schema, steps, reading = str(self.schema.currentData()), self.unpack, self._reading
        table, column = self._table, self._column
        stores = (reading.session.store.real_path,)
        self._all = [ColumnProposal(one) for one in _PLAIN]
        self._narrow()
        self.facts.setText("")

        def work(cancel: Event, report: Report) -> _Found:
            blobs = sample(reading.blobs(table, column, cancel, steps))
            plain = plain_fit(blobs, cancel)
            if not schema:
                return _Found(_plain(plain), _looked_at(blobs, 0))
            found = message_set(schema, stores=stores, cancel=cancel)
            fits = ranked(found.messages, blobs, cancel, report)
            fitting = [
                ColumnProposal(ReadAs.MESSAGE, fit.message, fit.fits, fit.rows, fit) for fit in fits
            ]
            known = {fit.message for fit in fits}
            others = [
                ColumnProposal(ReadAs.MESSAGE, name, None, len(blobs))
                for name in sorted(found.messages.keys() - known)
            ]
            words = _looked_at(blobs, len(found.messages))
            return _Found([*fitting, *_plain(plain), *others], words)

        self.footer.start("Trying messages" if schema else "Reading rows")
        self._tasks.run(CHANNEL, work, self._done, self._fail, self.footer.progress, slow=True)

    def _done(self, found: _Found) -> None:
        self.footer.finish()
        self._all = found.proposals
        self.facts.setText(found.words)
        self._narrow()

    def _fail(self, error: InspectorError) -> None:
        wrong = self.footer.failed(error, "Stopped before all messages were tried.")
        if wrong:
            self.facts.setText(visible(wrong))

    # Choosing

    def _narrow(self) -> None:
        """List what has the text of the filter in its name."""
        wanted = self.filter.text().casefold()
        before = self._current()
        rows = [one for one in self._all if wanted in one.name.casefold()]
        self.proposals.set_rows(rows)
        chosen = before if before in rows else self._chosen_before(rows)
        if chosen is not None:
            self.table.selectRow(rows.index(chosen))
        self._moved()

    def _chosen_before(self, rows: Sequence[ColumnProposal]) -> ColumnProposal | None:
        """What the column is read as now; where that is nothing, nothing is."""
        now = self._now
        if now is None:
            return None
        same = (one for one in rows if (one.read_as, one.message) == (now.read_as, now.message))
        return next(same, None)

    def _current(self) -> ColumnProposal | None:
        return self.proposals.at(self.table.current_row())

    def _moved(self, *_: QModelIndex) -> None:
        self.choose_button.setEnabled(self._current() is not None)

    def choose(self) -> None:
        """Read the column as what the cursor is on."""
        current = self._current()
        if current is None:
            return
        schema = str(self.schema.currentData()) if current.message else ""
        reading = ColumnReading(
            *(self._table, self._column, current.read_as, current.message),
            unpack=self.unpack,
            schema=schema,
        )
        self.accept()
        self.chosen.emit(reading)

    def _remove(self) -> None:
        self.accept()
        self.removed.emit()


def _plain(fit: PlainFit) -> list[ColumnProposal]:
    fits = (fit.numbers, fit.texts, fit.documents)
    return [ColumnProposal(*(one, "", f, fit.rows)) for one, f in zip(_PLAIN, fits, strict=True)]


def _looked_at(blobs: Sequence[bytes], messages: int) -> str:
    if not blobs:
        return "The column holds no values to look at."
    tried = f" {count(messages, 'message')} tried." if messages else ""
    often = Counter(filter(None, map(wrapper_of, blobs)))
    most = max(often, key=often.__getitem__, default=None)
    wrapped = f" {often[most]:,} begin as {words_of(most)} does: unwrap them first." if most else ""
    return f"{count(len(blobs), 'row')} looked at.{tried}{wrapped}"
