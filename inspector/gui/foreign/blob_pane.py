"""A blob of a table as a message by number, as JSON and as bytes, unwrapped where it is asked."""

from __future__ import annotations

from functools import partial
from threading import Event
from typing import Final, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QToolButton, QVBoxLayout, QWidget

from inspector.errors import InspectorError
from inspector.foreign.blob_reading import blob_record
from inspector.foreign.wrappers import DEEPEST, Wrapper, unwrapped, wrapper_of
from inspector.gui.actions import Actions
from inspector.gui.clipboard import NO_CLIP, Clip, ClipSource
from inspector.gui.fields.field_cells import copied_value
from inspector.gui.fields.field_items import path_of
from inspector.gui.message.message_pane import MessagePane
from inspector.gui.style.text_format import copied, count, visible
from inspector.gui.tasks import LARGE, Report, TaskGroup, Tasks
from inspector.gui.widgets.banner import Action, Banner, Tone
from inspector.session.summaries import Record

_WORDS: Final = {Wrapper.LENGTH: "length prefix"}


class BlobCell(NamedTuple):
    """A blob that is looked at.

    Attributes:
        table: of which table.
        column: of which column.
        key: which row, in words.
        data: as it is stored.
    """

    table: str
    column: str
    key: str
    data: bytes


class _BlobReading(NamedTuple):
    record: Record
    proposed: Wrapper | None


class BlobPane(QWidget, ClipSource):
    """The views of a blob. What it is wrapped in is taken off when it is asked for, and said."""

    def __init__(self, actions: Actions, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = TaskGroup(tasks, "blob")
        self._blob: BlobCell | None = None
        self.record: Record | None = None  #: what is read of it, None until it is
        self.steps: tuple[Wrapper, ...] = ()  #: what was taken off, the outermost first
        self.notice = Banner()
        self.message = MessagePane(actions, self._tasks)
        self.unwrap = QToolButton()
        self.unwrap.setText("Unwrap")
        self.unwrap.setAutoRaise(True)
        self.unwrap.setToolTip("Take off what the bytes are wrapped in")
        self.unwrap.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.unwrap.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        menu = QMenu(self.unwrap)
        for wrapper in Wrapper:
            chosen = menu.addAction(_words(wrapper))
            chosen.triggered.connect(partial(self.take_off, wrapper))
        menu.addSeparator()
        self._as_stored = menu.addAction("As stored")
        self._as_stored.triggered.connect(self.wrap_again)
        self.unwrap.setMenu(menu)
        self.message.add(self.unwrap)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notice)
        column.addWidget(self.message, 1)
        self.setFocusProxy(self.message)

    def show_blob(self, blob: BlobCell | None) -> None:
        """Show a blob as it is stored; None to let go of it."""
        if blob is not None and blob == self._blob:
            return
        self._blob = blob
        self._forget()
        if blob is not None:
            self._read(())

    def take_off(self, wrapper: Wrapper) -> None:
        """Read what is in the bytes that are shown; they stay where that is not possible."""
        if self._blob is None:
            return
        if len(self.steps) >= DEEPEST:
            self._fail(InspectorError(f"No more than {DEEPEST} wrappers are taken off."))
            return
        self._read((*self.steps, wrapper))

    def wrap_again(self) -> None:
        """Show the blob as it is stored."""
        if self._blob is not None:
            self._read(())

    def copy(self) -> Clip:
        """The value of the field the cursor is on."""
        tree = self.message.views.tree
        item = tree.current()
        text = copied_value(item, tree.fields.look)
        what = path_of(item) if item is not None else ""
        return Clip(text, copied(what or "value", text)) if text else NO_CLIP

    def _forget(self) -> None:
        self._tasks.forget("read")
        self.record, self.steps = None, ()
        self._as_stored.setEnabled(False)
        self.notice.hide()
        self.message.clear()

    def _read(self, steps: tuple[Wrapper, ...]) -> None:
        blob = self._blob
        if blob is None:
            return

        def work(_cancel: Event, _report: Report) -> _BlobReading:
            data = unwrapped(blob.data, steps)
            record = blob_record(data, None, table=blob.table, key=blob.key, schema="")
            return _BlobReading(record, wrapper_of(data))

        def done(reading: _BlobReading) -> None:
            if blob is self._blob:
                self._show(blob, reading, steps)

        # A few bytes may hold many: what is wrapped is never quick for certain.
        slow = bool(steps) or len(blob.data) > LARGE
        self._tasks.run("read", work, done, self._fail, slow=slow)

    def _show(self, blob: BlobCell, reading: _BlobReading, steps: tuple[Wrapper, ...]) -> None:
        self.record, self.steps = reading.record, steps
        facts = [count(reading.record.size, "byte"), "by number"]
        if steps:
            facts.append(f"unwrapped: {', '.join(map(_words, steps))}")
        # Without a schema every field is covered unless all are shown, and this blob is.
        name = visible(blob.column)
        self.message.show_message(reading.record, name, ", ".join(facts), reveal=True)
        self._as_stored.setEnabled(bool(steps))
        self._tell(reading)

    def _tell(self, reading: _BlobReading) -> None:
        """Say what the bytes look like, where that is no message; a person may think otherwise."""
        tree, proposed = reading.record.tree, reading.proposed
        if proposed is not None:
            do: Action = (f"Unwrap {_words(proposed)}", partial(self.take_off, proposed))
            title = f"These bytes begin as {_words(proposed)} does."
            self.notice.tell(Tone.NOTE, title, "", (do,), announce=False)
        elif tree is None or tree.malformed:
            title = "These bytes cannot be read as a protobuf message."
            self.notice.tell(Tone.NOTE, title, "The Bytes tab shows them.", announce=False)
        else:
            self.notice.hide()

    def _fail(self, error: InspectorError) -> None:
        self.notice.tell(Tone.ERROR, error.message, error.hint or "")


def _words(wrapper: Wrapper) -> str:
    return _WORDS.get(wrapper, wrapper.value)
