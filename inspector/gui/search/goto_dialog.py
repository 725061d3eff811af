"""Boxes that list records to go to. They never block, and close with the record chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QWindow
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QVBoxLayout, QWidget

from inspector.decode.record_summary import record_name
from inspector.errors import CancelledError, InspectorError
from inspector.gui.actions import SPECS, Actions
from inspector.gui.cells.columns import Column
from inspector.gui.cells.list_model import ListModel
from inspector.gui.cells.table_view import TableView
from inspector.gui.clipboard import NO_CLIP, Clip, ClipSource
from inspector.gui.dialogs.message_boxes import give_size
from inspector.gui.kinds.kinds_model import plural
from inspector.gui.style.text_format import count, visible
from inspector.gui.style.text_runs import DIM, EMPTY, FIXED_DIM, Cell, Elide, Run, text
from inspector.gui.tasks import Report, Tasks
from inspector.gui.widgets.pane_states import WorkBar, WorkFooter
from inspector.schema.catalog import display
from inspector.session.goto_query import QuickFind
from inspector.session.listing import heads
from inspector.session.record_links import referrers
from inspector.session.summaries import Record, RecordKey

if TYPE_CHECKING:
    from inspector.session.goto_query import Match
    from inspector.session.session import Session


FOUND_COLUMNS: Final = (
    Column("name", "Name", 160, stretch=True),
    Column("kind", "Kind", 140),
    Column("path", "Field", 220, drop=1),
    Column("id", "ID", 130, drop=2),
)
NAMED_COLUMNS: Final = tuple(column for column in FOUND_COLUMNS if column.key != "path")


class FoundRecord(NamedTuple):
    """A record that was found; ``path`` is the field that names another, or empty.

    ``former`` says that it had the name that was looked for and has another one now.
    """

    kind: str
    id: str
    name: str | None
    path: str = ""
    live: bool = True
    former: bool = False


class FoundRecordsModel(ListModel[FoundRecord]):
    """Rows of records that were found, in the order they came."""

    def __init__(
        self, parent: QObject | None = None, columns: Sequence[Column] = FOUND_COLUMNS
    ) -> None:
        super().__init__(columns, parent)

    def cell(self, row: FoundRecord, key: str) -> Cell:
        """What stands in a column of a row."""
        return _cell(row, key)

    def tip(self, row: FoundRecord) -> str:
        """Kind and id in full."""
        return f"{row.kind}/{visible(row.id)}"


def _cell(found: FoundRecord, key: str) -> Cell:
    if key == "name":
        runs: tuple[Run, ...] = (Run(visible(found.name or found.id), elide=Elide.ElideRight),)
        if found.former:
            runs += (Run("former name", DIM),)
        if not found.live:
            runs += (Run("deleted", DIM),)
        return Cell(runs)
    if key == "kind":
        known = display(found.kind)
        return text(known[0] if known else visible(found.kind), DIM)
    if key == "path":
        return text(found.path, FIXED_DIM, elide=Elide.ElideLeft) if found.path else EMPTY
    return text(visible(found.id), FIXED_DIM, elide=Elide.ElideMiddle)


_PAUSE: Final = 200  #: milliseconds after the last key before it is looked for


class FoundRecordsDialog(QDialog, ClipSource):
    """A list of records. ``chosen`` tells the :class:`FoundRecord` to go to.

    The keys of the window it stands beside do the same here; the one that closes a window closes
    the box.
    """

    chosen = Signal(FoundRecord)

    def __init__(
        self,
        parent: QWidget,
        tasks: Tasks,
        channel: str,
        columns: Sequence[Column] = FOUND_COLUMNS,
    ) -> None:
        # Its work would end that of this one, or this one its.
        self.close_all(parent, channel)
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._tasks, self._channel, self._below = tasks, channel, parent
        self._held: QWidget | None = None  #: what would have the focus in the window
        self.found = FoundRecordsModel(self, columns)
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.table = TableView(columns)
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
            self._leave()
            self.chosen.emit(found)

    def _leave(self) -> None:
        """A record was chosen."""
        self.accept()

    def take_keys(self, actions: Actions) -> None:
        """Let the keys of the window do here what they do there."""
        for spec in SPECS:
            if spec.keys and spec.name != "close":
                action = actions[spec.name]
                self.addAction(action)
                # Only when all of it is done, also what other objects do.
                action.triggered.connect(self._follow, Qt.ConnectionType.QueuedConnection)

    def _follow(self) -> None:
        """Go to the window where a key moved the focus in it."""
        if self.isActiveWindow() and self._below.focusWidget() is not self._held:
            self._below.activateWindow()

    def copy(self) -> Clip:
        """Kind and ID of the record the cursor is on."""
        found = self.found.at(self.table.current_row())
        return Clip(f"{found.kind}/{found.id}", "Copied ID") if found is not None else NO_CLIP

    def event(self, event: QEvent) -> bool:
        """Remember before each key where the focus would be."""
        if event.type() == QEvent.Type.ShortcutOverride:
            self._held = self._below.focusWidget()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The key that closes a window closes the box."""
        if event.matches(QKeySequence.StandardKey.Close):
            self.reject()
        else:
            super().keyPressEvent(event)

    @staticmethod
    def close_all(window: QWidget, channel: str = "") -> None:
        """Close the boxes of a window, or those whose work is on one channel."""
        for box in window.findChildren(FoundRecordsDialog):
            if channel in ("", box._channel):
                box.reject()


class ReferrersDialog(FoundRecordsDialog):
    """Who refers to a record: found one after the other, while one can already go to the first.

    It stays while one looks at them.
    """

    def __init__(self, parent: QWidget, tasks: Tasks, session: Session, record: Record) -> None:
        super().__init__(parent, tasks, "referrers")
        self.setWindowTitle("References")
        self._session, self._record = session, record
        self._waiting: list[FoundRecord] = []
        self.footer.continued.connect(self.look)
        self.table.setFocus()
        self.look()

    def _leave(self) -> None:
        """There may be more to go to."""

    def look(self) -> None:
        """Look at every record, from the first."""
        session, record, waiting = self._session, self._record, list[FoundRecord]()
        self._waiting = waiting
        self.found.set_rows(())
        named = visible(record_name(record.tree) or record.id)
        self.words.setText(f"Searching for references to {named}.")

        def work(cancel: Event, report: Report) -> None:
            def far(done: int) -> None:
                report(done, 0)

            for one in referrers(session, record.kind, record.id, cancel, far):
                waiting.append(FoundRecord(one.kind, one.id, one.name, one.path))

        self.footer.start("Searching records")
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
        named = visible(record_name(self._record.tree) or self._record.id)
        self.words.setText(
            f"{count(rows, 'reference')} to {named} in other records."
            if rows
            else "No references found."
        )

    def _fail(self, error: InspectorError) -> None:
        self._take()
        wrong = self.footer.failed(error, "Stopped before all records were searched.")
        if wrong:
            self.words.setText(wrong)


class Wanted(NamedTuple):
    """Which records a :class:`GotoDialog` offers.

    Attributes:
        recent: records that were read lately, the last one first; listed while nothing is typed,
            and before others that fit as well.
        kind: records of this kind alone, None for all.
        title: what that kind is called.
        without: a record that is not offered.
    """

    recent: Sequence[RecordKey] = ()
    kind: str | None = None
    title: str = ""
    without: RecordKey | None = None


class GotoDialog(FoundRecordsDialog):
    """A line for any part of a name, slug or id, or for a line of a log; Enter takes the best."""

    def __init__(
        self,
        parent: QWidget,
        tasks: Tasks,
        session: Session,
        pasted: str = "",
        wanted: Wanted | None = None,
    ) -> None:
        super().__init__(parent, tasks, "named", NAMED_COLUMNS)
        self.setWindowTitle("Go to")
        self._session, self._wanted = session, wanted or Wanted()
        self._search: QuickFind | None = None
        self._enter = False
        self.line = QLineEdit(pasted)
        self.line.setPlaceholderText("Name, ID, kind/ID, slug, or pasted log line")
        self.line.setAccessibleName("Name, ID or slug")
        self.line.setClearButtonEnabled(True)
        self.line.selectAll()
        self.column.insertWidget(0, self.line)
        self.footer.continued.connect(self.look)
        self._later = QTimer(self, singleShot=True, interval=_PAUSE)
        self._later.timeout.connect(self.look)
        self.line.textChanged.connect(self._typed)
        self.line.returnPressed.connect(self._go)
        self.line.setFocus()
        give_size(self, 640, 360)
        self._ahead = _TypedAhead(self.line)
        self.look()

    def offer(self, wanted: Wanted) -> None:
        """Offer other records from now on."""
        self._wanted = wanted
        self.look()

    @property
    def asks_other(self) -> bool:
        """Whether another record of a kind is asked for."""
        return self._wanted.kind is not None

    def look(self) -> None:
        """Look for what the line says; list what was read lately where it says nothing."""
        self._later.stop()
        text, session, wanted = self.line.text().strip(), self._session, self._wanted
        self._search = None
        if not text:
            self.footer.finish()
            self._tasks.run(
                self._channel, partial(_recent, session, wanted), self._list_recent, self._fail
            )
            return
        search = self._search = QuickFind(session, text, wanted.kind)

        def work(cancel: Event, report: Report) -> Sequence[Match]:
            return search.run(cancel, lambda looked: report(looked, 0))

        self.footer.start("Searching")
        self._tasks.run(self._channel, work, self._done, self._fail, self._far, slow=True)

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

    def _list_recent(self, found: list[FoundRecord]) -> None:
        self._show(found)
        of = f" {plural(self._wanted.title)}" if self._wanted.title else " records"
        hint = "Type part of a name, slug or ID."
        self.words.setText(f"Recent{of} first. {hint}" if found else hint)
        self._enter = False

    def _far(self, looked: int, total: int) -> None:
        """Show what was found so far; the cursor stays on its record."""
        self.footer.progress(looked, total)
        if self._search is not None and self.footer.isVisible():
            self._show(self._ranked(self._search.best()))

    def _done(self, matches: Sequence[Match]) -> None:
        self.footer.finish()
        search, found = self._search, self._ranked(matches)
        self._show(found)
        more = search is not None and search.more
        best = f"The best {len(found):,}; there are more."
        words = best if more else f"{count(len(found), 'record')}."
        if found and not more and all(one.former for one in found):
            words = _found_words(found)
        none = "No record with this name, ID or slug."
        if self._wanted.title:
            none = f"No {plural(self._wanted.title)} with this name, ID or slug."
        if search is not None and search.damage is not None:
            words, none = f"{words} {search.damage.message}", f"{none} {search.damage.message}"
        self.words.setText(words if found else none)
        enter, self._enter = self._enter, False
        exact = sum(match.rank == matches[0].rank for match in matches) if matches else 0
        if enter and exact == 1:
            self._choose(self.found.index(0, 0))

    def _ranked(self, matches: Sequence[Match]) -> list[FoundRecord]:
        """The best first, and of those that fit as well what was read last."""
        recent = {key: place for place, key in enumerate(self._wanted.recent)}
        last = len(recent)

        def order(match: Match) -> tuple[int, int]:
            return match.rank, recent.get(RecordKey(match.target.kind, match.target.id), last)

        targets = [match.target for match in sorted(matches, key=order)]
        found = [
            FoundRecord(one.kind, one.id, one.name, live=one.live, former=one.former)
            for one in targets
        ]
        return [one for one in found if one[:2] != self._wanted.without]

    def _show(self, found: Sequence[FoundRecord]) -> None:
        before, moved = self.found.at(self.table.current_row()), self.table.current_row() > 0
        self.found.set_rows(found)
        keys = [one[:2] for one in found]
        stays = moved and before is not None and before[:2] in keys
        if found:
            self.table.selectRow(keys.index(before[:2]) if stays and before is not None else 0)

    def _fail(self, error: InspectorError) -> None:
        if isinstance(error, CancelledError):
            if self._search is not None:
                self._show(self._ranked(self._search.best()))
            self.footer.stopped("Search stopped.")
        else:
            self.footer.finish()
            self.words.setText(str(error))

    def event(self, event: QEvent) -> bool:
        """Until the desktop gives it the focus it takes what is typed into the window below."""
        if event.type() == QEvent.Type.Show:
            self._ahead.begin(self._below)
        elif event.type() in (QEvent.Type.WindowActivate, QEvent.Type.Hide):
            self._ahead.end()
        return super().event(event)

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


class _TypedAhead(QObject):
    """Gives a line the keys that the desktop still sends to another window.

    Between the key that asks for a box and the moment in which the box has the focus one has often
    typed the first letters, the more the busier the machine is.
    """

    def __init__(self, line: QLineEdit) -> None:
        super().__init__(line)
        self._line = line
        self._from: QWindow | None = None

    def begin(self, other: QWidget) -> None:
        """Take the keys of another window; a click there ends it."""
        self._from = other.window().windowHandle()
        if self._from is not None:
            self._from.installEventFilter(self)

    def end(self) -> None:
        """The line has the focus, or is no more to be seen."""
        if self._from is not None:
            self._from.removeEventFilter(self)
            self._from = None

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """A key goes to the line, and what it does not know to the box around it."""
        if event.type() == QEvent.Type.MouseButtonPress:
            self.end()
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        QCoreApplication.sendEvent(self._line, event.clone())
        return True


def _found_words(found: Sequence[FoundRecord]) -> str:
    if not found:
        return "No record with this ID or slug."
    by = " by a former name" if found[0].former else ""
    return f"{count(len(found), 'record')} found{by}."


def shown(
    dialog: FoundRecordsDialog, take: Callable[[FoundRecord], None], actions: Actions
) -> FoundRecordsDialog:
    """Open a box beside the window, whose keys are those of ``actions``, without waiting for it."""
    dialog.chosen.connect(take)
    dialog.take_keys(actions)
    dialog.show()
    dialog.activateWindow()
    return dialog


def _recent(session: Session, wanted: Wanted, cancel: Event, _report: Report) -> list[FoundRecord]:
    """What was read lately and is there still; of a single kind also what else there is of it."""
    found = [head for head in heads(session, wanted.recent, cancel) if head is not None]
    if wanted.kind is not None:
        known = {*((head.kind, head.id) for head in found), wanted.without}
        page = session.records(wanted.kind, cancel=cancel).rows
        found += [head for head in page if (head.kind, head.id) not in known]
    return [FoundRecord(head.kind, head.id, head.name or head.slug) for head in found]
