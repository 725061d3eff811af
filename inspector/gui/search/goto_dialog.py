"""The box of Go to: a record by its ID, its name, or whatever names it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QLineEdit, QWidget

from inspector.errors import CancelledError, InspectorError
from inspector.gui.dialogs.message_boxes import give_size
from inspector.gui.kinds.kinds_model import plural
from inspector.gui.search.found_records import NAMED_COLUMNS, FoundRecord, FoundRecordsDialog
from inspector.gui.style.text_format import count
from inspector.gui.tasks import Report, Tasks
from inspector.named_tuple import NamedTuple
from inspector.session.goto_query import QuickFind
from inspector.session.listing import heads
from inspector.session.summaries import RecordKey

if TYPE_CHECKING:
    from inspector.session.goto_query import Match
    from inspector.session.session import Session


_PAUSE: Final = 200  #: milliseconds after the last key before it is looked for


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
        if wanted != self._wanted:
            self._wanted = wanted
            self.look()

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


def _recent(session: Session, wanted: Wanted, cancel: Event, _report: Report) -> list[FoundRecord]:
    """What was read lately and is there still; of a single kind also what else there is of it."""
    found = [head for head in heads(session, wanted.recent, cancel) if head is not None]
    if wanted.kind is not None:
        known = {*((head.kind, head.id) for head in found), wanted.without}
        page = session.records(wanted.kind, cancel=cancel).rows
        found += [head for head in page if (head.kind, head.id) not in known]
    return [FoundRecord(head.kind, head.id, head.name or head.slug) for head in found]
