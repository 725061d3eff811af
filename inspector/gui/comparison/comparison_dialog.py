"""Compares two stores, or two states of one, while what was found can be looked at already."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from inspector.decode.record_summary import record_name
from inspector.errors import InspectorError, NotFoundError, UnwritableError
from inspector.export.json_object import encode
from inspector.export.replaced_file import refuse_store, replacing
from inspector.gui.cells.cell_delegate import CellDelegate
from inspector.gui.cells.tree_view import TreeView
from inspector.gui.comparison.comparison_model import (
    COMPARISON_COLUMNS,
    MOST,
    ComparisonModel,
    ComparisonRow,
    FoundChange,
    found_change,
)
from inspector.gui.dialogs.file_dialogs import ExportDialogs
from inspector.gui.dialogs.message_boxes import give_size
from inspector.gui.diff.difference_pane import DifferencePane
from inspector.gui.style.text_format import copied, count, short_path, visible
from inspector.gui.tasks import Report, TaskGroup, Tasks
from inspector.gui.widgets.banner import plain_label
from inspector.gui.widgets.search_field import SearchField
from inspector.gui.widgets.splitter import LineSplitter
from inspector.gui.widgets.work_footer import WorkBar, WorkFooter
from inspector.history.difference import Change, Difference
from inspector.named_tuple import NamedTuple
from inspector.plurals import counted
from inspector.schema.catalog import display
from inspector.session.history_queries import Compared
from inspector.session.store_comparison import RecordChange, StoreComparison
from inspector.session.store_moment import StoreMoment, open_moment

if TYPE_CHECKING:
    from inspector.session.session import Session

CHANNEL: Final = "compare stores"
_EVERY: Final = 256  #: records between two reports where nothing differs
_CHANGES: Final = (Change.ADDED, Change.CHANGED, Change.REMOVED)
#: Of a record in one state only, which one, and its side.
_ONLY: Final = {Change.ADDED: ("later", "after"), Change.REMOVED: ("earlier", "before")}
_NAMED: Final = 2_000  #: differences among which those in one store only are decoded for a name


class ComparedStates(NamedTuple):
    """Two states of stores, and the schema they are read with."""

    before: StoreMoment
    after: StoreMoment
    schema: str

    @property
    def words(self) -> str:
        """What is compared with what."""
        return f"Before: {_named(self.before)}. After: {_named(self.after)}."

    def sessions(self, stack: ExitStack) -> tuple[Session, Session]:
        """Both, opened until the stack is closed.

        Raises:
            StoreError, NotFoundError: one of them cannot be read.
        """
        before = stack.enter_context(closing(open_moment(self.before, self.schema)))
        return before, stack.enter_context(closing(open_moment(self.after, self.schema)))


def _named(moment: StoreMoment) -> str:
    if moment.commit is None:
        return visible(short_path(moment.path))
    when = f"as of commit {moment.commit:,}" if moment.commit else "before its first commit"
    return f"{visible(short_path(moment.path))} {when}"


class _Tally:
    """What the worker hands over: changes that are not listed yet, and what there is to say."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: list[FoundChange] = []

    def put(self, change: FoundChange) -> None:
        with self._lock:
            self._waiting.append(change)

    def take(self) -> list[FoundChange]:
        with self._lock:
            found, self._waiting = self._waiting, []
        return found


class ComparisonDialog(QDialog):
    """A tree of kinds and records at the left, the difference of one at the right."""

    def __init__(
        self, parent: QWidget, tasks: Tasks, states: ComparedStates, dialogs: ExportDialogs
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.setWindowTitle("Compare stores")
        self._tasks, self._states, self._dialogs = TaskGroup(tasks, "comparison"), states, dialogs
        self._tally = _Tally()
        self.words = plain_label(states.words)
        self.summary = plain_label("")
        self.filter = SearchField("filter", "")
        self.filter.set_words("Filter by kind, name or ID", "Filter")
        self.ways = {one: QCheckBox(f"{one.value.capitalize()}") for one in _CHANGES}
        self.model = ComparisonModel(self)
        self.tree = TreeView(COMPARISON_COLUMNS)
        self.tree.setAccessibleName("Records that differ")
        self.tree.setItemDelegate(CellDelegate(self.tree))
        self.tree.setModel(self.model)
        self.tree.columns.reset_widths()
        self.pane = DifferencePane(self._tasks)
        self.bar = WorkBar()
        self.footer = WorkFooter(self.bar)
        self.copy_button = QPushButton("&Copy as NDJSON")
        self.export_button = QPushButton("&Export\N{HORIZONTAL ELLIPSIS}")
        self.close_button = QPushButton("Close")
        self._lay_out()
        self._connect()
        self.look()

    def _lay_out(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        for box in self.ways.values():
            box.setChecked(True)
            row.addWidget(box)
        row.addStretch()
        column.addWidget(self.filter)
        column.addLayout(row)
        column.addWidget(self.tree, 1)
        self.split: QSplitter = LineSplitter(
            Qt.Orientation.Horizontal, name="Changes and difference"
        )
        self.split.addWidget(left)
        self.split.addWidget(self.pane)
        self.split.setSizes([380, 580])
        buttons = QHBoxLayout()
        buttons.addWidget(self.summary, 1)
        for button in (self.copy_button, self.export_button, self.close_button):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        whole = QVBoxLayout(self)
        whole.addWidget(self.words)
        whole.addWidget(self.bar)
        whole.addWidget(self.split, 1)
        whole.addWidget(self.footer)
        whole.addLayout(buttons)
        self.pane.tell("", "", "No record selected.")
        self.copy_button.setEnabled(False)
        self.tree.setFocus()
        give_size(self, 980, 560)

    def _connect(self) -> None:
        self.footer.cancelled.connect(lambda: self._tasks.cancel(CHANNEL))
        self.footer.continued.connect(self.look)
        self.filter.textChanged.connect(lambda _: self._narrow())
        self.filter.left.connect(self.tree.setFocus)
        for box in self.ways.values():
            box.toggled.connect(lambda _: self._narrow())
        self.tree.selectionModel().currentRowChanged.connect(lambda *_: self._select())
        self.copy_button.clicked.connect(self.copy)
        self.export_button.clicked.connect(self._ask_file)
        self.close_button.clicked.connect(self.reject)
        QShortcut(QKeySequence.StandardKey.Copy, self.tree, self.copy)
        QShortcut(QKeySequence.StandardKey.Find, self, self.filter.setFocus)
        self.finished.connect(lambda _: self._forget())

    def _forget(self) -> None:
        for channel in (CHANNEL, "one", "export"):
            self._tasks.forget(channel)
        self.pane.forget()

    # Comparing

    def look(self) -> None:
        """Compare both from the first record on."""
        tally = self._tally = _Tally()
        states = self._states
        self.model.clear()
        self.summary.setText("")

        def work(cancel: Event, report: Report) -> str:
            with ExitStack() as stack:
                found = StoreComparison(*states.sessions(stack))
                for number, change in enumerate(
                    found.run(cancel=cancel, progress=lambda _, n: report(n, 0))
                ):
                    tally.put(found_change(change, _title(found, change, number)))
                    if number % _EVERY == 0:
                        report(found.compared, 0)
                return _result(found)

        self.footer.start("Comparing records")
        self._tasks.run(CHANNEL, work, self._done, self._fail, self._far, slow=True)

    def _far(self, done: int, total: int) -> None:
        self._take()
        self.footer.progress(done, total)

    def _take(self) -> None:
        first = not self.model.rowCount()
        self.model.add(self._tally.take())
        if first and self.model.rowCount():
            self.tree.setExpanded(self.model.index(0, 0), self.model.listed() <= MOST)

    def _done(self, sentence: str) -> None:
        self._take()
        self.footer.finish()
        more = self.model.total - MOST
        listed = f" The first {MOST:,} are listed; Export has all." if more > 0 else ""
        self.summary.setText(sentence + listed)
        if not self.model.total:
            self.pane.tell("", "", "No differences.", "All compared records are the same.")

    def _fail(self, error: InspectorError) -> None:
        self._take()
        wrong = self.footer.failed(error, "Stopped before all records were compared.")
        if wrong:
            self.summary.setText(visible(wrong))

    def _narrow(self) -> None:
        shown = frozenset(one for one, box in self.ways.items() if box.isChecked())
        self.model.narrow(self.filter.text().strip(), shown)
        if self.model.rowCount():
            self.tree.expand(self.model.index(0, 0))

    # One record

    def current(self) -> ComparisonRow | None:
        """The record that the cursor is on."""
        row = self.model.row_of(self.tree.currentIndex())
        return row if row is not None and row.change is not None else None

    def _select(self) -> None:
        row = self.current()
        self.copy_button.setEnabled(row is not None)
        if row is None:
            self.pane.tell("", "", "No record selected.")
            return
        spelled = row.kinds[1] or row.kinds[0] or ""
        known = display(spelled)
        facts = f"{known[0] if known else spelled}, {row.name}" if row.title else spelled
        state, side = ("", "") if row.change is None else _ONLY.get(row.change, ("", ""))
        if state:
            facts += f". Only in the {state} state"
        self.pane.show_loaded(
            lambda cancel: self._compared(row, cancel),
            row.title or row.name,
            facts,
            only=side,
        )

    def _compared(self, row: ComparisonRow, cancel: Event) -> Compared:
        with self._found(row, cancel) as (comparison, change):
            alone = comparison.alone(change)
            if alone is not None and alone.tree is not None:
                return Compared(alone, alone, Difference([], same_bytes=True))
            if change.sides is None or change.difference is None:
                reason = "It does not decode."
                if change.sides is not None:
                    reason = "Its bytes differ; it does not decode in both."
                raise UnwritableError("There are no fields to show.", reason)
            return Compared(*change.sides, change.difference)

    @contextmanager
    def _found(
        self, row: ComparisonRow, cancel: Event
    ) -> Iterator[tuple[StoreComparison, RecordChange]]:
        with ExitStack() as stack:
            comparison = StoreComparison(*self._states.sessions(stack))
            found = comparison.one(row.kinds, row.name, cancel)
            if found is None:
                raise NotFoundError("The record is the same in both by now.")
            yield comparison, found

    def _change(self, row: ComparisonRow, cancel: Event) -> RecordChange:
        with self._found(row, cancel) as (_, change):
            return change

    # Taking it along

    def copy(self) -> None:
        """Copy the record's line of NDJSON."""
        row = self.current()
        if row is None:
            return

        def done(line: str) -> None:
            QGuiApplication.clipboard().setText(line)
            self.summary.setText(copied("line", line))

        self._tasks.run("one", lambda cancel, _: self._change(row, cancel).line, done, self._told)

    def _ask_file(self) -> None:
        name = f"{Path(self._states.after.path).stem}-differences.ndjson"
        forms = ("A difference a line (*.ndjson)",)
        self._dialogs.ask_rows("Export differences", name, self.export, forms)

    def export(self, path: Path) -> None:
        """Write all that differs as NDJSON, as the command ``compare`` gives it."""
        states = self._states

        def work(cancel: Event, report: Report) -> str:
            for one in (states.before, states.after):
                refuse_store(path, Path(one.path))
            written = 0
            with ExitStack() as stack, replacing(path) as file:
                found = StoreComparison(*states.sessions(stack))
                for line in _lines(found, cancel, report):
                    file.write(encode(line))
                    written += 1
            return f"{count(written, 'difference')} exported to {path}."

        self.summary.setText("Exporting\N{HORIZONTAL ELLIPSIS}")
        self._tasks.run("export", work, self._written, self._dialogs.fail, slow=True)

    def _written(self, sentence: str) -> None:
        self.summary.setText(visible(sentence))

    def _told(self, error: InspectorError) -> None:
        self.summary.setText(visible(str(error)))


def _title(found: StoreComparison, change: RecordChange, number: int) -> str:
    """What a record that differs is called; of those behind the first many it is not asked."""
    if change.sides is not None:
        return record_name(change.sides[1].tree) or record_name(change.sides[0].tree) or ""
    alone = found.alone(change) if number < _NAMED else None
    return (record_name(alone.tree) or "") if alone is not None else ""


def _lines(found: StoreComparison, cancel: Event, report: Report) -> Iterator[str]:
    for change in found.run(cancel=cancel, progress=lambda _, done: report(done, 0)):
        yield change.line


def _result(found: StoreComparison) -> str:
    """What came of it, and what could not be compared."""
    told = ", ".join(f"{found.counts[one]:,} {one.value}" for one in _CHANGES)
    parts = [f"{count(found.compared, 'record')} compared: {told}."]
    if found.alike:
        parts.append(f"{counted(found.alike, 'means', 'mean')} the same in other bytes or names.")
    if found.renamed:
        parts.append(
            f"{counted(found.renamed, 'is', 'are')} the same under another name of their kind."
        )
    if found.unreadable:
        parts.append(f"{found.unreadable:,} could not be compared.")
    parts += [f"{damage} What lies behind is not compared." for damage in found.damage]
    return " ".join(parts)
