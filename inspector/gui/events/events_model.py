"""The events of a record as a list, of which only the pages in sight are read."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from threading import Event
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from inspector.errors import InspectorError, StoreError
from inspector.gui.cells.cell_delegate import ELLIPSIS
from inspector.gui.cells.columns import Column, head
from inspector.gui.cells.page_requests import PageRequests
from inspector.gui.style.text_format import one_line, visible
from inspector.gui.style.text_runs import (
    CELL_ROLE,
    CHANGED,
    DIM,
    EMPTY,
    FIXED,
    REMOVED,
    TEXT,
    Cell,
    Elide,
    Run,
    text,
)
from inspector.gui.style.time_format import TimeStyle, head_name, parse, show, tip
from inspector.gui.tasks import Report, Tasks
from inspector.session.event_pages import EventLine
from inspector.store.event_log import SESSION_EVENTS, EventKey
from inspector.store.rows import PAGE, Page

_ABSOLUTE: Final = "2026-12-28 20:58:58"


def event_columns(style: TimeStyle, table: str = "") -> tuple[Column, ...]:
    """The columns of a list of events; those of a session belong to threads, not to tasks."""
    wide = 72 if style is TimeStyle.RELATIVE else 144
    sample = "" if style is TimeStyle.RELATIVE else _ABSOLUTE
    return (
        Column("number", "No.", 40, right=True, sample="9,999"),
        Column("time", head_name("Time", style), wide, drop=2, sample=sample),
        Column("type", "Type", 168, narrow=112),
        Column("task", "Thread" if table == SESSION_EVENTS else "Task", 96, drop=1),
        Column("what", "Summary", 140, stretch=True),
    )


EVENT_KEYS: Final = tuple(column.key for column in event_columns(TimeStyle.UTC))


def event_cell(line: EventLine | None, key: str, style: TimeStyle) -> Cell:
    """The cell of a column; of a line that is not read yet the first one says so."""
    if line is None:
        return text(ELLIPSIS, DIM) if key == "number" else EMPTY
    if key == "number":
        return Cell((Run(line.name if line.key.number is not None else "?"),), right=True)
    if key == "time":
        moment = parse(line.stored_at)
        words = show(moment, style, datetime.now(UTC)) if moment else visible(line.stored_at or "")
        return Cell((Run(words, DIM),))
    if key == "type":
        return text(visible(line.type), FIXED)
    if key == "task":
        return text(visible(line.task), TEXT)
    return _what(line)


def _what(line: EventLine) -> Cell:
    """What it is about; before it what is wrong, which one came to find."""
    said = Run(one_line(line.said), TEXT, Elide.ElideRight)
    if line.lost:
        return Cell((Run(visible(line.problem or ""), REMOVED, Elide.ElideRight, icon="error"),))
    if line.problem:
        word = Run("Differs", CHANGED, icon="warning")
        return Cell((word, said) if line.said else (word,))
    return Cell((said,)) if line.said else EMPTY


def event_tip(line: EventLine, key: str) -> str | None:
    """What a cell says when pointed at, beyond what is cut in it."""
    if key == "time" and (moment := parse(line.stored_at)):
        return tip(moment)
    return visible(line.problem) if key == "what" and line.problem else None


def event_speech(line: EventLine | None, style: TimeStyle) -> str:
    """A line in words."""
    if line is None:
        return "not read yet"
    number = f"Event {line.name}"
    rest = (event_cell(line, key, style).text for key in EVENT_KEYS[1:-1])
    words = (number, *rest, visible(line.problem or ""), one_line(line.said))
    return ", ".join(word for word in words if word)


Index = QModelIndex | QPersistentModelIndex
#: Reads lines: those after a key, then so many further on, at most so many.
Read = Callable[[EventKey | None, int, int, Event], Page[EventLine]]
_ROOT: Final = QModelIndex()
_KEPT: Final = 32  #: pages that stay in memory
_AT_ONCE: Final = 3


class EventsModel(QAbstractTableModel):
    """Events by number.

    ``read`` tells that lines were read, ``failed`` why they were not.
    """

    read = Signal()
    failed = Signal(InspectorError)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._style = TimeStyle.UTC
        self._wanted = PageRequests(self, self._ask)
        self._clear(None, "", 0)

    def show(self, read: Read | None, table: str, total: int) -> None:
        """Show other events; ``total`` is how many there are, as far as that is known."""
        self._tasks.forget("lines")
        self.beginResetModel()
        self._clear(read, table, total)
        self.endResetModel()
        if read is not None:
            self._wanted.want(0)

    def _clear(self, read: Read | None, table: str, total: int) -> None:
        self._read = read
        self.table = table
        self.damage: StoreError | None = None
        self.with_tasks = False  #: whether one that was read belongs to a task or thread
        self._count = total
        self._pages: OrderedDict[int, tuple[EventLine, ...]] = OrderedDict()
        self._ends: dict[int, EventKey] = {}
        self._wanted.clear()

    def line(self, row: int) -> EventLine | None:
        """A line, None where it is not read."""
        number, offset = divmod(row, PAGE)
        page = self._pages.get(number) if row >= 0 else None
        return page[offset] if page is not None and offset < len(page) else None

    def set_times(self, style: TimeStyle) -> None:
        """Write times in another way."""
        self._style = style
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(EVENT_KEYS) - 1)
        self._changed(0, self._count - 1)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Number of events."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Number of columns."""
        return 0 if parent.isValid() else len(EVENT_KEYS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Head of a column."""
        return head(event_columns(self._style, self.table), section, orientation, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Cell, text, tooltip and speech; asks for the page of a line that is not read."""
        row, column = index.row(), index.column()
        if not (0 <= row < self._count and 0 <= column < len(EVENT_KEYS)):
            return None
        line, key = self.line(row), EVENT_KEYS[column]
        if line is None and row // PAGE not in self._pages:
            self._wanted.want(row // PAGE)
        if role == CELL_ROLE:
            return event_cell(line, key, self._style)
        if role == Qt.ItemDataRole.DisplayRole:
            return event_cell(line, key, self._style).text
        if role == Qt.ItemDataRole.ToolTipRole and line is not None:
            return event_tip(line, key)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return event_cell(line, key, self._style).text if column else self._speech(line)
        return None

    def _speech(self, line: EventLine | None) -> str:
        return event_speech(line, self._style)

    # Reading

    def _ask(self) -> None:
        numbers = sorted(self._wanted.take()[:_AT_ONCE])
        read = self._read
        if not numbers or read is None:
            return
        self._wanted.asked = set(numbers)
        places = {number: self._place(number) for number in numbers}

        def work(cancel: Event, _report: Report) -> dict[int, Page[EventLine]]:
            return {number: _whole(read, *place, cancel) for number, place in places.items()}

        self._tasks.run("lines", work, self._take, self._fail)

    def _place(self, number: int) -> tuple[EventKey | None, int]:
        """From the nearest page that was read before."""
        near = max((n for n in self._ends if n < number), default=-1)
        return self._ends.get(near), (number - near - 1) * PAGE

    def _take(self, pages: Mapping[int, Page[EventLine]]) -> None:
        self._wanted.asked.clear()
        for number, page in pages.items():
            self._pages[number] = page.rows
            if page.rows:
                self._ends[number] = page.rows[-1].key
            while len(self._pages) > _KEPT:
                self._pages.popitem(last=False)
            self.damage = self.damage or page.damage
            self.with_tasks = self.with_tasks or any(line.task for line in page.rows)
            first = number * PAGE
            end = first + len(page.rows)
            self._fit(max(self._count, end + 1) if page.more else end)
            self._changed(first, end - 1)
        self.read.emit()

    def _fit(self, count: int) -> None:
        """There are more events than was known, or fewer: some were written, or cannot be read."""
        if count > self._count:
            self.beginInsertRows(QModelIndex(), self._count, count - 1)
            self._count = count
            self.endInsertRows()
        elif count < self._count:
            self.beginRemoveRows(QModelIndex(), count, self._count - 1)
            self._count = count
            self.endRemoveRows()

    def _changed(self, first: int, last: int) -> None:
        if first <= last:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(EVENT_KEYS) - 1))

    def _fail(self, error: InspectorError) -> None:
        self._wanted.asked.clear()
        self.failed.emit(error)


def _whole(read: Read, after: EventKey | None, offset: int, cancel: Event) -> Page[EventLine]:
    """A whole page; one with large events comes in several parts."""
    lines: Sequence[EventLine] = ()
    while True:
        page = read(after, offset, PAGE - len(lines), cancel)
        lines = (*lines, *page.rows)
        if not page.more or not page.rows or len(lines) >= PAGE:
            return Page(tuple(lines), page.more, page.damage)
        after, offset = page.rows[-1].key, 0
