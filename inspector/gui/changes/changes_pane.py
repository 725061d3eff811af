"""The middle pane with the changes that were seen: a filter over a list, newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QTimer, Signal
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from inspector.gui.cells.cell_delegate import TwoLineDelegate, TwoLines, icon_run
from inspector.gui.cells.change_look import HAPPENED
from inspector.gui.cells.columns import Column
from inspector.gui.cells.list_model import ListModel
from inspector.gui.cells.table_view import TableView
from inspector.gui.cells.version_cells import summary_runs
from inspector.gui.style.fonts import px
from inspector.gui.style.text_format import count, visible
from inspector.gui.style.text_runs import DIM, Elide, Run
from inspector.gui.style.time_format import TimeStyle
from inspector.gui.tasks import Report, Tasks
from inspector.gui.widgets.bar import OverflowBar
from inspector.gui.widgets.buttons import plain_text
from inspector.gui.widgets.other_page import OtherPage
from inspector.gui.widgets.search_field import SearchField
from inspector.invisible import holds
from inspector.session.recording import ChangesMark, NetChange, Recording
from inspector.session.seen_changes import Happened, SeenChange
from inspector.session.seen_records import SeenLine, seen_line

if TYPE_CHECKING:
    from inspector.session.session import Session


CHANGE_COLUMNS: Final = (Column("change", "Change", 200, stretch=True),)
_NOT_KNOWN: Final = "at least one change between two looks"


class ChangesModel(ListModel[SeenChange]):
    """Rows of :class:`SeenChange`; what each says is told later, and kept by its number."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(CHANGE_COLUMNS, parent)
        self._lines: dict[int, SeenLine] = {}
        self._local = False

    def forget(self) -> None:
        """Another store has other changes."""
        self._lines.clear()
        self.set_rows(())

    def set_times(self, style: TimeStyle) -> None:
        """Write times in UTC or in local time."""
        self._local = style is TimeStyle.LOCAL
        self._repaint()

    def line(self, change: SeenChange) -> SeenLine | None:
        """What a change says; None where that is not read yet."""
        return self._lines.get(change.number)

    def silent(self, rows: range) -> list[SeenChange]:
        """Those of some rows of which nothing is told yet."""
        found = (self.at(row) for row in rows)
        return [one for one in found if one is not None and one.number not in self._lines]

    def tell(self, lines: Mapping[int, SeenLine]) -> None:
        """What some changes say, by their numbers."""
        self._lines.update(lines)
        self._repaint()

    def fits(self, change: SeenChange, words: Sequence[str]) -> bool:
        """Whether all of some words (case-folded) stand in what is known of a change."""
        line = self._lines.get(change.number)
        parts = [change.kind, change.id, HAPPENED[change.happened].word]
        if line is not None:
            parts += [line.name, line.kind, _what(change, line)]
        whole = "\n".join(parts).casefold()
        return all(holds(whole, word) for word in words)

    def cell(self, row: SeenChange, key: str) -> TwoLines:
        """A change in two lines."""
        look = HAPPENED[row.happened]
        line = self._lines.get(row.number)
        name = line.name if line is not None else row.id
        kind = line.kind if line is not None else row.kind
        summary = line.change.summary if line is not None else None
        second = tuple(summary_runs(summary)) if summary is not None else ()
        return TwoLines(
            (
                Run(visible(name), elide=Elide.ElideMiddle),
                Run(visible(kind), DIM, Elide.ElideRight),
                Run(look.word, look.style, optional=True),  # its icon says it too
            ),
            second=second or (Run(_what(row, line), DIM, Elide.ElideRight),),
            side=Run(self._time(row.time), DIM),
            icon=icon_run(look.icon),
        )

    def tip(self, row: SeenChange) -> str | None:
        """When it was seen, in full."""
        return f"{visible(row.kind)}/{visible(row.id)}\nSeen {row.time.isoformat()}"

    def _time(self, time: datetime) -> str:
        return f"{(time.astimezone() if self._local else time):%H:%M:%S}"

    def _repaint(self) -> None:
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, 0))


def _what(change: SeenChange, line: SeenLine | None) -> str:
    """What a change did, in words."""
    if change.happened is Happened.ARCHIVED:
        return "A version was archived"
    side = change.after or change.before
    if change.happened is not Happened.UPDATED:
        kept = ", last state kept here" if change.happened is Happened.DELETED and side else ""
        return f"{count(side.size, 'byte')}{kept}" if side is not None else _NOT_KNOWN
    if line is None or change.before is None:
        return _NOT_KNOWN
    summary = line.change.summary
    return summary.text if summary is not None else line.change.problem or _NOT_KNOWN


CHANNEL: Final = "change lines"
MOST: Final = 5_000  #: changes that are listed
_WORDS: Final = "Filter by kind, name or field"
_LEAST_WORD: Final = "Filter"
_AROUND: Final = 64  #: of the word of the field, for a 13 px font: its icons, the bar's edges
_NONE: Final = (
    "No changes seen yet.",
    "Changes written from now on are listed here, newest first.",
)
_NO_DIFFERENCE: Final = (
    "No differences from the mark.",
    "Changes written from now on are listed here.",
)
_NO_MATCH: Final = ("No changes match.", "")


def _net(mark: ChangesMark) -> list[SeenChange]:
    """How records differ from what they were, as changes by kind and id.

    The same difference has the same number, which none that was seen has: it is read once.
    """
    return [
        SeenChange(
            _number(one),
            one.time,
            one.happened,
            one.kind,
            one.id,
            before=one.before,
            after=one.after,
        )
        for one in mark.differences()
    ]


def _number(one: NetChange) -> int:
    return -1 - abs(hash((one.kind, one.id, one.before, one.after)))


def _is_same(one: SeenChange, other: SeenChange | None) -> bool:
    return other is not None and (one.kind, one.id, one.number > 0) == (
        *(other.kind, other.id, other.number > 0),
    )


class ChangesPane(OtherPage):
    """A list of changes. ``chosen`` tells the :class:`SeenChange` the cursor is on."""

    chosen = Signal(SeenChange)

    def __init__(self, tasks: Tasks, mark_now: QAction, parent: QWidget | None = None) -> None:
        model = ChangesModel()
        table = TableView(CHANGE_COLUMNS)
        super().__init__(SearchField("filter", "Ctrl+F"), table, parent)
        self.table: TableView = table
        self.changes = model
        model.setParent(self)
        self._tasks = tasks
        self._mark_now = QToolButton()
        self._mark_now.setText(plain_text(mark_now))
        self._mark_now.setToolTip("Set a mark to compare with (Ctrl+M)")
        self._mark_now.clicked.connect(mark_now.trigger)
        self._session: Session | None = None
        self._recording: Recording | None = None
        self.table.setAccessibleName("Changes seen")
        self.table.setModel(model)
        self.table.setItemDelegate(TwoLineDelegate(self.table))
        self.table.horizontalHeader().hide()
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        self.filter.set_words(_WORDS, "Filter changes by kind, name or field")
        self.filter.textChanged.connect(lambda _: self._narrow())
        self.filter.returnPressed.connect(self.focus)
        self.number = QLabel()
        self._mark: ChangesMark | None = None
        self.since = QToolButton()
        self.since.setCheckable(True)
        self.since.setToolTip("Show what differs from the mark, record by record")
        self.since.hide()
        self.since.toggled.connect(lambda _: self._narrow())
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._ask)
        bar = self.table.verticalScrollBar()
        for signal in (bar.valueChanged, bar.rangeChanged):
            signal.connect(lambda *_: self._soon.start())
        self._controls = OverflowBar(self.head, 34)
        self.column.insertWidget(1, self._controls)
        for widget in (self.number, self.since, self._mark_now):
            self._controls.add(widget)

    def stops(self) -> list[QWidget]:
        """The buttons before the list, as they stand."""
        return [self.filter, self.since, self._mark_now, self.table]

    def event(self, event: QEvent) -> bool:
        """Put the buttons below the field where they would leave it too little room."""
        done = super().event(event)
        # Another text size, and another of them shown, asks for the layout anew.
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            least = self.filter.fontMetrics().horizontalAdvance(_LEAST_WORD) + px(self, _AROUND)
            self._controls.fit(self.width() - least)
        return done

    def begin(self, session: Session, recording: Recording) -> None:
        """Show the changes of another store."""
        self._tasks.forget(CHANNEL)
        self._session, self._recording = session, recording
        self._mark = None
        self.since.hide()
        self.since.setChecked(False)
        self.changes.forget()
        self.filter.put("")
        self._narrow()

    def take_mark(self, mark: ChangesMark) -> None:
        """Show what differs from a moment, record by record, in place of another mark."""
        self._mark = mark
        self.since.setText(f"Since {mark.time.astimezone():%H:%M:%S}")
        self.since.show()
        self.since.setChecked(True)
        self._narrow()

    def add(self, changes: Sequence[SeenChange]) -> None:
        """More were seen, the oldest of them first; what is in sight stays where it is."""
        if self.since.isChecked():
            self._narrow()
            return
        words = self.filter.text().casefold().split()
        fitting = [one for one in reversed(changes) if self.changes.fits(one, words)]
        bar = self.table.verticalScrollBar()
        top, at_top = bar.value(), bar.value() == 0 and self.table.current_row() <= 0
        self.changes.put_first(fitting, MOST)
        if not at_top:
            bar.setValue(top + len(fitting))
        self._tell()

    def set_times(self, style: TimeStyle) -> None:
        """Write times in another way."""
        self.changes.set_times(style)

    def current(self) -> SeenChange | None:
        """The change the cursor is on."""
        return self.changes.at(self.table.current_row())

    def enter(self) -> bool:
        """The list is shown: tell the change the cursor is on, the newest where it is on none."""
        current = self.current()
        if current is not None:
            self.chosen.emit(current)
        elif self.changes.rowCount():
            self.table.selectRow(0)
        return self.changes.rowCount() > 0

    def showEvent(self, event: QShowEvent) -> None:
        """Read what is in sight now."""
        super().showEvent(event)
        self._soon.start()

    def _narrow(self) -> None:
        """List those that fit, the cursor on the change it was on."""
        current = self.current()
        words = self.filter.text().casefold().split()
        mark = self._mark if self.since.isChecked() else None
        every = _net(mark) if mark is not None else reversed(tuple(self._recording or ()))
        fitting = [one for one in every if self.changes.fits(one, words)][:MOST]
        self.changes.set_rows(fitting)
        row = next((at for at, one in enumerate(fitting) if _is_same(one, current)), 0)
        if fitting:
            self.table.selectRow(row)
        self._tell()

    def _tell(self) -> None:
        listed = self.changes.rowCount()
        let_go = self._recording.let_go if self._recording is not None else 0
        self.number.setText(f"{count(let_go, 'older change')} discarded" if let_go else "")
        self.number.setVisible(bool(let_go))
        if not listed:
            nothing = _NO_DIFFERENCE if self.since.isChecked() else _NONE
            self.empty.tell(*(_NO_MATCH if self.filter.text() else nothing))
        self.stack.setCurrentWidget(self.table if listed else self.empty)
        self._soon.start()

    def _choose(self, current: QModelIndex, _before: QModelIndex) -> None:
        change = self.changes.at(current.row())
        if change is not None:
            self.chosen.emit(change)

    def _ask(self) -> None:
        """Read what the changes in sight say."""
        session = self._session
        if session is None or not self.table.isVisible() or self._tasks.is_busy(CHANNEL):
            return
        first = max(0, self.table.rowAt(0))
        last = self.table.rowAt(self.table.viewport().height() - 1)
        stop = self.changes.rowCount() if last < 0 else last + 1
        wanted = self.changes.silent(range(first, stop))
        if not wanted:
            return

        def work(cancel: Event, _report: Report) -> dict[int, SeenLine]:
            return {one.number: seen_line(session, one, cancel) for one in wanted}

        def done(lines: dict[int, SeenLine]) -> None:
            self.changes.tell(lines)
            self._soon.start()

        self._tasks.run(CHANNEL, work, done, lambda _: None)
