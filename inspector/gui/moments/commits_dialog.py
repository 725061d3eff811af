"""The commits that a store's write-ahead log still holds, each a state that can be opened."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPushButton, QVBoxLayout, QWidget

from inspector.errors import InspectorError
from inspector.gui.cells.change_look import HAPPENED
from inspector.gui.cells.columns import Column
from inspector.gui.cells.list_model import ListModel
from inspector.gui.cells.table_view import TableView
from inspector.gui.dialogs.message_boxes import give_size, take_icons_off
from inspector.gui.style.text_format import count, visible
from inspector.gui.style.text_runs import DIM, EMPTY, REMOVED, Cell, Elide, Run, number, text
from inspector.gui.tasks import Report, Tasks
from inspector.gui.widgets.work_footer import WorkBar, WorkFooter
from inspector.named_tuple import NamedTuple
from inspector.session.seen_changes import Happened
from inspector.session.store_moment import StoreMoment
from inspector.store.commit_history import CommitFacts
from inspector.store.commits import BEGUN_ANEW, NO_COMMITS, LogState
from inspector.store.touched_records import Touch, TouchedRecord, by_touch

if TYPE_CHECKING:
    from inspector.session.session import Session

CHANNEL: Final = "commits"
COMMIT_COLUMNS: Final = (
    Column("number", "Commit", 72, right=True, sample="999,999"),
    Column("pages", "Pages", 64, right=True, sample="99,999"),
    Column("records", "Records", 240, stretch=True),
)
_NAMED: Final = 3  #: records that are named of those that a commit did the same to
_HINT: Final = "Enter opens the store as of a commit."


class CommitsModel(ListModel[CommitFacts]):
    """A row for each commit, the oldest first; commit 0 is the state before them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(COMMIT_COLUMNS, parent)

    def cell(self, row: CommitFacts, key: str) -> Cell:
        """What stands in a column of a row."""
        if key == "number":
            return number(row.number)
        if key == "pages":
            return number(row.pages, DIM) if row.number else EMPTY
        if row.refusal is not None:
            return Cell((Run("no longer readable", REMOVED, Elide.ElideRight, icon="error"),))
        if not row.number:
            return text("before the first commit", DIM)
        if row.records is None:
            return text("not known", DIM)
        runs = [run for touch, some in by_touch(row.records) for run in _runs(touch, some)]
        return Cell(tuple(runs)) if runs else text("none", DIM)

    def tip(self, row: CommitFacts) -> str | None:
        """Why it cannot be read, or all that it touched."""
        if row.refusal is not None:
            return f"{row.refusal[:1].upper()}{row.refusal[1:]}."
        groups = by_touch(row.records or ())
        named = [f"{_word(touch)} {_name(one)}" for touch, some in groups for one in some]
        more = [f"and {len(named) - _TIP:,} more"] if len(named) > _TIP else []
        return "\n".join(named[:_TIP] + more) or None


def _runs(touch: Touch, records: Sequence[TouchedRecord]) -> list[Run]:
    """What a commit did, and to which records, of which some are named."""
    look = HAPPENED[Happened(touch.value)]
    named = ", ".join(map(_name, records[:_NAMED]))
    more = len(records) - _NAMED
    runs = [Run(look.word, look.style, icon=look.icon), Run(named, elide=Elide.ElideRight)]
    return [*runs, Run(f"and {more:,} more", DIM)] if more > 0 else runs


def _word(touch: Touch) -> str:
    return HAPPENED[Happened(touch.value)].word


def _name(one: TouchedRecord) -> str:
    return f"{one.kind}/{visible(one.id)}"


_TIP: Final = 20  #: records that a tooltip names


class _Found(NamedTuple):
    """The log that is looked through, and its commits as far as they were found."""

    log: LogState
    commits: list[CommitFacts]


class CommitsDialog(QDialog):
    """Lists commits as they are found. ``chosen`` tells the :class:`StoreMoment` to open.

    ``compare_wanted`` tells one to compare with what the window shows.
    """

    chosen = Signal(StoreMoment)
    compare_wanted = Signal(StoreMoment)  # one to compare with what is shown

    def __init__(self, parent: QWidget, tasks: Tasks, session: Session) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Commits of the write-ahead log")
        self._tasks, self._session = tasks, session
        self._found: list[_Found] = []
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.commits = CommitsModel(self)
        self.table = TableView(COMMIT_COLUMNS)
        self.table.setModel(self.commits)
        self.table.setAccessibleName("Commits")
        self.bar = WorkBar()
        self.footer = WorkFooter(self.bar)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.open_button: QPushButton = self.buttons.addButton(
            "&Open", QDialogButtonBox.ButtonRole.ActionRole
        )
        self.compare_button: QPushButton = self.buttons.addButton(
            "Co&mpare with window", QDialogButtonBox.ButtonRole.ActionRole
        )
        self._lay_out()
        self.footer.cancelled.connect(lambda: tasks.cancel(CHANNEL))
        self.footer.continued.connect(self.look)
        self.buttons.rejected.connect(self.reject)
        self.open_button.clicked.connect(self._open)
        self.compare_button.clicked.connect(self._compare)
        self.table.activated.connect(self._open)
        self.table.selectionModel().currentRowChanged.connect(self._tell)
        self.finished.connect(lambda _: tasks.forget(CHANNEL))
        self.look()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        for part in (self.words, self.bar, self.table, self.footer, self.buttons):
            column.addWidget(part, int(part is self.table))
        take_icons_off(self)
        for button in self.buttons.buttons():
            if isinstance(button, QPushButton):
                button.setAutoDefault(False)  # Enter is the list's
        for one in (self.open_button, self.compare_button):
            one.setEnabled(False)
        self.table.setFocus()
        give_size(self, 640, 400)

    def look(self) -> None:
        """List the commits of the log as it is now, from the first."""
        session, found = self._session, list[_Found]()
        self._found = found
        self.commits.set_rows(())
        self.words.setText("Reading the write-ahead log.")

        def work(cancel: Event, report: Report) -> None:
            log = session.log_state(cancel)
            found.append(_Found(log, []))
            if not log.total:
                return
            found[0].commits.append(CommitFacts(0, 0, log.refusals.get(0), None))
            for one in session.store.commits(log, cancel):
                found[0].commits.append(one)
                report(one.number, log.total)

        self.footer.start("Reading commits")
        self._tasks.run(CHANNEL, work, lambda _: self._done(), self._fail, self._far, slow=True)

    def _take(self) -> None:
        known = self.commits.rowCount()
        if self._found:
            self.commits.add(self._found[0].commits[known:])

    def _far(self, done: int, total: int) -> None:
        self._take()
        self.footer.progress(done, total)

    def _done(self) -> None:
        self._take()
        self.footer.finish()
        self._tell()
        if self.commits.rowCount() and self.table.current_row() < 0:
            self.table.selectRow(self.commits.rowCount() - 1)
            self.table.scrollToBottom()

    def _fail(self, error: InspectorError) -> None:
        self._take()
        wrong = self.footer.failed(error, "Stopped before all commits were read.")
        if wrong:
            self.words.setText(wrong)

    def _tell(self) -> None:
        """Say how much there is, or why a commit cannot be opened."""
        current = self.commits.at(self.table.current_row())
        readable = current is not None and current.refusal is None
        self.open_button.setEnabled(readable)
        self.compare_button.setEnabled(readable)
        if not self._found:
            return
        log = self._found[0].log
        if log.begun_anew:
            self.words.setText(BEGUN_ANEW.format(";"))
        elif not log.total:
            self.words.setText(NO_COMMITS)
        elif current is not None and current.refusal is not None:
            self.words.setText(f"It can no longer be read: {current.refusal}.")
        else:
            self.words.setText(_words(log))

    def moment(self) -> StoreMoment | None:
        """The state that the cursor is on; None where it cannot be read."""
        current = self.commits.at(self.table.current_row())
        if current is None or current.refusal is not None:
            return None
        generation = self._found[0].log.log.raw_header
        return StoreMoment(self._session.store.path, current.number, generation)

    def _open(self, _index: QModelIndex | bool = False) -> None:
        moment = self.moment()
        if moment is not None:
            self.accept()
            self.chosen.emit(moment)

    def _compare(self) -> None:
        moment = self.moment()
        if moment is not None:
            self.accept()
            self.compare_wanted.emit(moment)


def _words(log: LogState) -> str:
    parts: Sequence[str] = (f"{count(log.total, 'commit')}, the oldest first.", _HINT)
    if log.refusals.keys() - {0}:
        lost = len(log.refusals.keys() - {0})
        parts = (parts[0], f"{lost:,} of them can no longer be read.", _HINT)
    return " ".join(parts)
