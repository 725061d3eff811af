"""The events of a record: a list, and below it the message of the one that is chosen."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from inspector.errors import InspectorError
from inspector.gui.actions import Actions
from inspector.gui.cells.table_view import TableView
from inspector.gui.clipboard import NO_CLIP, Clip, ClipSource
from inspector.gui.events.events_model import EventsModel, Read, event_columns
from inspector.gui.message.message_pane import MessagePane
from inspector.gui.style.text_format import count, visible
from inspector.gui.style.time_format import TimeStyle
from inspector.gui.tasks import TaskGroup, Tasks
from inspector.gui.widgets.banner import Banner, Tone
from inspector.gui.widgets.empty_state import EmptyState
from inspector.gui.widgets.splitter import LineSplitter
from inspector.history.stored_events import StoredEvent
from inspector.named_tuple import NamedTuple
from inspector.session.browse import TableCell, as_tsv
from inspector.session.event_pages import EventLine
from inspector.session.record_links import LinkTarget
from inspector.store.rows import TableColumn

#: Columns of a row that its line shows.
_LISTED: Final = (
    *("execution_id", "session_id", "sequence_number", "seq", "event_type", "type"),
    *("task_name", "thread_id", "created_at", "processed_at"),
)
_COPIED: Final = tuple(
    TableColumn(name, "", 0) for name in ("number", "time", "type", "task", "what")
)


class SoughtInEvent(NamedTuple):
    """What a search found in an event: its row, the field, and what is marked there."""

    row: int
    path: str
    text: str
    case: bool


class EventsView(QStackedWidget, ClipSource):
    """The list and the message. ``chosen`` tells the :class:`EventLine` whose message is wanted.

    The views of the message are made when the first one is shown: few records have events.
    """

    chosen = Signal(EventLine)
    link_wanted = Signal(LinkTarget)
    made = Signal()

    def __init__(self, actions: Actions, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._tasks = TaskGroup(tasks, "event")
        self._style = TimeStyle.UTC
        self._awaited = 0  #: the row to put the cursor on once it is there
        self._sought: SoughtInEvent | None = None
        self._is_marked = False
        self.stored: StoredEvent | None = None
        self.lines = EventsModel(self._tasks, self)
        self.table = TableView(event_columns(TimeStyle.UTC))
        self.table.setAccessibleName("Events")
        self.table.setModel(self.lines)
        self.banner = Banner()
        self.problem = Banner()
        self.empty = EmptyState()
        self.area: MessagePane | None = None
        self._lay_out()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._tell)
        self.lines.read.connect(self._arrived)
        self.lines.failed.connect(self._failed)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._soon.start())
        self.table.activated.connect(lambda _: self._enter())

    def _lay_out(self) -> None:
        upper, self._lower = QWidget(), QWidget()
        above, below = QVBoxLayout(upper), QVBoxLayout(self._lower)
        above.addWidget(self.banner)
        above.addWidget(self.table, 1)
        below.addWidget(self.problem)
        self.split = LineSplitter(Qt.Orientation.Vertical, name="Events and their fields")
        self.split.addWidget(upper)
        self.split.addWidget(self._lower)
        self.split.setSizes([280, 360])
        for layout in (above, below):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        self.addWidget(self.split)
        self.addWidget(self.empty)
        self.setFocusProxy(self.table)

    def copy(self) -> Clip | None:
        """The line the cursor is on as tab-separated text, where the list has the focus."""
        if not self.table.hasFocus():
            return None
        line = self.current()
        if line is None:
            return NO_CLIP
        said = line.problem if line.lost else line.said
        words = (line.name, line.stored_at or "", line.type, line.task, said or "")
        return Clip(as_tsv(_COPIED, [tuple(map(TableCell, words))]), "Copied 1 row.")

    # The list

    def show_events(self, read: Read, table: str, total: int, row: int = 0) -> None:
        """List the events of a record, the cursor on a row."""
        self._awaited = row
        self.banner.hide()
        self._forget_message()
        self.table.columns.set_columns(event_columns(self._style, table))
        self.lines.show(read, table, total)
        self.setCurrentWidget(self.split)
        self._choose_awaited()

    def tell(self, sentence: str, reason: str = "") -> None:
        """Show no events, and why."""
        self.lines.show(None, "", 0)
        self._forget_message()
        self.empty.tell(sentence, reason)
        self.setCurrentWidget(self.empty)

    def go_to(self, row: int) -> None:
        """Put the cursor on an event, now or when it is there."""
        self._awaited = row
        self._choose_awaited()

    def seek(self, sought: SoughtInEvent | None) -> None:
        """Mark what was sought in an event, now or when it is shown; None for nothing."""
        self._sought = sought
        shown = self.stored is not None and self.area is not None
        if sought is not None and shown and sought.row == self.row():
            assert self.area is not None
            self.area.views.tree.go_to(sought.path)
            self._mark(sought)
        elif sought is None:
            self._mark(None)

    def _mark(self, sought: SoughtInEvent | None) -> None:
        if self.area is None or (sought is None and not self._is_marked):
            return
        self._is_marked = sought is not None
        text, case = (sought.text, sought.case) if sought is not None else ("", False)
        self.area.views.area.finder.lend(text, case)
        self.area.views.json.finder.lend(text, case, -1)
        self.area.views.bytes.lend(text, case)

    def current(self) -> EventLine | None:
        """The event the cursor is on, None while it is not read."""
        return self.lines.line(self.table.current_row())

    def row(self) -> int:
        """The row the cursor is on, or -1."""
        return self.table.current_row()

    def _choose_awaited(self) -> None:
        if 0 <= self._awaited < self.lines.rowCount():
            self.table.selectRow(self._awaited)
            self.table.scrollTo(self.lines.index(self._awaited, 0))
            self._awaited = -1

    def _arrived(self) -> None:
        damage = self.lines.damage
        if damage is not None and not self.lines.rowCount():
            self.tell(damage.message, damage.hint)
            return
        if damage is not None:
            self.banner.tell(Tone.ERROR, damage.message, damage.hint)
        self._show_tasks()
        self._choose_awaited()
        if self.current() is not None and self.stored is None:
            self._soon.start()

    def _show_tasks(self) -> None:
        """Tasks have a column where there are any."""
        self.table.columns.switch("task", self.lines.with_tasks)

    def _failed(self, error: InspectorError) -> None:
        if self.lines.rowCount() and self.current() is not None:
            self.banner.tell(Tone.ERROR, error.message, error.hint)
        else:
            self.tell(error.message, error.hint)

    def _tell(self) -> None:
        line = self.current()
        if line is None:
            self._forget_message()
        elif self.stored is None or self.stored.row.key != line.key:
            self.chosen.emit(line)

    # The message

    def show_event(self, event: StoredEvent) -> None:
        """Show the message of the event the cursor is on."""
        area = self._made_area()
        self.stored = event
        total = self.lines.rowCount()
        reveal = self._actions["secrets"].isChecked()
        name = f"Event {event.name}" if event.row.number is not None else "Event"
        place = event.telling
        path = place.path if place is not None else ""
        sought = self._sought
        if sought is not None and sought.row != self.row():
            sought = None
        if sought is not None:
            path = sought.path
        area.show_message(event.record, name, _facts(event, total), path, reveal=reveal)
        self._mark(sought)
        if event.lost:
            title = "This event has no readable message."
            self.problem.tell(Tone.ERROR, title, event.problem or "", announce=False)
        elif event.problem:
            title = "The row of this event differs from its message."
            self.problem.tell(Tone.WARNING, title, event.problem, announce=False)
        else:
            self.problem.hide()

    def tell_message_error(self, error: InspectorError) -> None:
        """Say why the message cannot be read."""
        self._forget_message()
        self.problem.tell(Tone.ERROR, error.message, error.hint)

    def _made_area(self) -> MessagePane:
        if self.area is None:
            self.area = MessagePane(self._actions, self._tasks, ("copy_json", "export_events"))
            self.area.set_times(self._style)
            self.area.link_wanted.connect(self.link_wanted)
            layout = self._lower.layout()
            assert isinstance(layout, QVBoxLayout)
            layout.addWidget(self.area, 1)
            self.made.emit()
        return self.area

    def _forget_message(self) -> None:
        self.stored = None
        self.problem.hide()
        if self.area is not None:
            self.area.clear()

    def _enter(self) -> None:
        if self.area is not None:
            self.area.focus()

    # As the window has it

    def switch(self, name: str, on: bool) -> None:
        """A switch of the window was turned, which the views of a message follow."""
        if self.area is not None:
            self.area.switch(name, on)

    def set_times(self, style: TimeStyle) -> None:
        """Write times in another way."""
        self._style = style
        self.lines.set_times(style)
        self.table.columns.set_columns(event_columns(style, self.lines.table))
        self._show_tasks()
        if self.area is not None:
            self.area.set_times(style)

    def reveal_all(self, on: bool) -> None:
        """Show or cover all secrets."""
        if self.area is not None:
            self.area.reveal_all(self.stored.record if self.stored is not None else None, on)

    def tick(self) -> None:
        """A second went by: times that say how long ago something was read differently."""
        self.table.viewport().update()
        if self.area is not None:
            self.area.views.tree.viewport().update()


def _facts(event: StoredEvent, total: int) -> str:
    """Which of how many, the schema, and what else its row says."""
    schema = event.record.choice.schema
    parts = [f"of {total:,}", count(event.row.size, "byte")]
    parts += [f"schema {schema}"] if schema else []
    for name, value in event.row.columns:
        if name.lower() not in _LISTED and value not in (None, ""):
            parts.append(f"{visible(name)} {visible(str(value))}")
    return ", ".join(parts)
