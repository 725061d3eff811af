"""A blob of a table as a message by number, as JSON and as bytes, unwrapped where it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from threading import Event
from types import MappingProxyType
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QMenu,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.errors import InspectorError
from inspector.foreign.cell_reading import CellReading, read_cell
from inspector.foreign.column_map import ColumnReading, ReadAs
from inspector.foreign.message_set import MessageSet
from inspector.foreign.wrappers import DEEPEST, Wrapper, wrapper_of
from inspector.gui.actions import Actions
from inspector.gui.clipboard import NO_CLIP, Clip, ClipSource
from inspector.gui.fields.field_cells import copied_value
from inspector.gui.fields.field_items import path_of
from inspector.gui.message.message_pane import MessagePane
from inspector.gui.style.text_format import copied, count, visible
from inspector.gui.tasks import LARGE, Report, TaskGroup, Tasks
from inspector.gui.text.value_header import ValueHeader
from inspector.gui.values.value_pane import ValueTextView
from inspector.gui.widgets.banner import Action, Banner, Tone
from inspector.gui.widgets.bar import Bar
from inspector.gui.widgets.buttons import SMALL, IconButton, MenuButton
from inspector.gui.widgets.labels import ElidedLabel
from inspector.named_tuple import NamedTuple
from inspector.session.summaries import Record

_WORDS: Final = {Wrapper.LENGTH: "length prefix"}


class BlobCell(NamedTuple):
    """A value that is looked at.

    Attributes:
        table: of which table.
        column: of which column.
        key: which row, in words.
        data: as it is stored.
        reading: what its column is read as; None to read it by number.
        row: all values of its row by column.
        sets: the messages there are.
        secrets: names that stay covered in a JSON document.
    """

    table: str
    column: str
    key: str
    data: bytes
    reading: ColumnReading | None = None
    row: Mapping[str, object] = MappingProxyType({})
    sets: tuple[MessageSet, ...] = ()
    secrets: frozenset[str] = frozenset()


class _BlobReading(NamedTuple):
    """What was read of a blob: as what, and what it looks wrapped in where that was not said."""

    cell: CellReading
    reading: ColumnReading
    proposed: Wrapper | None


class BlobPane(QWidget, ClipSource):
    """The views of a blob. What it is wrapped in is taken off when it is asked for, and said.

    It is read as its column is; where that cannot be, by number, and why is said.

    ``hide_wanted`` tells that the blob is to be covered again.
    """

    hide_wanted = Signal()

    def __init__(self, actions: Actions, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = TaskGroup(tasks, "blob")
        self._blob: BlobCell | None = None
        self._now: ColumnReading | None = None  #: how it is shown
        self.record: Record | None = None  #: what is read of it, None until it is
        self.steps: tuple[Wrapper, ...] = ()  #: what was taken off, the outermost first
        self._sought = ""
        self.notice = Banner()
        self.message = MessagePane(actions, self._tasks)
        self.text = ValueTextView()
        self._text_head = ValueHeader(self)
        self._secrets = actions["secrets"]
        self.unwrap = MenuButton("Unwrap")
        self.unwrap.setAutoRaise(True)
        self.unwrap.setToolTip("Unwrap the bytes")
        menu = QMenu(self.unwrap)
        for wrapper in Wrapper:
            chosen = menu.addAction(words_of(wrapper))
            chosen.triggered.connect(partial(self.take_off, wrapper))
        menu.addSeparator()
        self._as_stored = menu.addAction("As stored")
        self._as_stored.triggered.connect(self.wrap_again)
        self._as_chosen = menu.addAction("As the column is read")
        self._as_chosen.triggered.connect(self.read_as_chosen)
        self.unwrap.setMenu(menu)
        self.reading_line = ElidedLabel(Qt.TextElideMode.ElideRight)
        self._line = Bar(28, left=12, line=True)
        self._stack = QStackedWidget()
        self._hides: list[QPushButton] = []  #: of the message, and of a text
        self._lay_out(actions)

    def _lay_out(self, actions: Actions) -> None:
        for head in (self.message, self._text_head):
            button = QToolButton()
            button.setDefaultAction(actions["read_as"])
            button.setAutoRaise(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            head.add(button)
            hide = QPushButton("Hide")
            hide.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            hide.clicked.connect(self._ask_to_hide)
            head.add(hide)
            self._hides.append(hide)
        self.message.add(self.unwrap)
        self._text_head.add(IconButton(actions["wrap"], self, SMALL))
        reader = QWidget()
        below = QVBoxLayout(reader)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        below.addWidget(self._text_head)
        below.addWidget(self.text, 1)
        self._line.row.addWidget(self.reading_line, 1)
        self._line.row.addStretch()
        self._line.hide()
        self._stack.addWidget(self.message)
        self._stack.addWidget(reader)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notice)
        column.addWidget(self._line)
        column.addWidget(self._stack, 1)
        self.setFocusProxy(self.message)

    def show_blob(self, blob: BlobCell | None) -> None:
        """Show a blob as its column is read, else by number; None to let go of it."""
        if blob is not None and blob == self._blob:
            return
        self._blob = blob
        self._forget()
        if blob is not None:
            self.read_as_chosen()

    def offer_to_hide(self, on: bool) -> None:
        """Whether what is shown was covered and can be covered again."""
        for hide in self._hides:
            hide.setVisible(on)

    def _ask_to_hide(self) -> None:
        self.hide_wanted.emit()

    def read_as_chosen(self) -> None:
        """Read the blob as its column is read, else as it is stored."""
        blob = self._blob
        if blob is not None:
            self._read(blob.reading or _plain(blob, ()))

    def take_off(self, wrapper: Wrapper) -> None:
        """Read what is in the bytes that are shown; they stay where that is not possible."""
        if self._blob is None:
            return
        if len(self.steps) >= DEEPEST:
            self._fail(InspectorError(f"At most {DEEPEST} wrappers can be removed."))
            return
        now = self._now or _plain(self._blob, ())
        self._read(replace(now, unpack=(*self.steps, wrapper)))

    def wrap_again(self) -> None:
        """Show the blob as it is stored."""
        if self._blob is not None:
            self._read(_plain(self._blob, ()))

    def reveal_all(self, on: bool) -> None:
        """Show or cover the secrets of a message whose fields say what is one."""
        if self.record is not None and self._now is not None and not _is_bare(self._now):
            self.message.reveal_all(self.record, on)

    def seek(self, text: str) -> None:
        """Go to the first field that holds a text, and mark all that do; nothing for none."""
        self._sought = text
        if self.record is not None:
            self._point()

    def _point(self) -> None:
        views = self.message.views
        views.area.finder.point(self._sought, False)
        views.json.finder.lend(self._sought, False, 0)

    def is_text(self) -> bool:
        """Whether a text is shown, and no message."""
        return self._stack.currentIndex() == 1

    def copy(self) -> Clip:
        """The value of the field the cursor is on, or of a text what is selected, else all."""
        if self.is_text():
            text = self.text.selected_text() or self.text.text()
            return Clip(text, copied("text", text))
        tree = self.message.views.tree
        item = tree.current()
        text = copied_value(item, tree.fields.look)
        what = path_of(item) if item is not None else ""
        return Clip(text, copied(what or "value", text)) if text else NO_CLIP

    def _forget(self) -> None:
        self._tasks.forget("read")
        self.record, self.steps, self._now = None, (), None
        self._as_stored.setEnabled(False)
        self._as_chosen.setVisible(self._blob is not None and self._blob.reading is not None)
        self.notice.hide()
        self._say_reading("")
        self.message.clear()
        self.text.set_text("", fixed=False)

    def _read(self, reading: ColumnReading) -> None:
        blob = self._blob
        if blob is None:
            return

        def work(_cancel: Event, _report: Report) -> _BlobReading:
            cell = _read(blob, reading)
            return _BlobReading(cell, reading, wrapper_of(cell.data))

        def failed(error: InspectorError) -> None:
            if blob is self._blob and self.record is None and not self.is_text():
                # Of what is not so there is still what it is by number.
                self._instead(blob, error)
            else:
                self._fail(error)

        def done(found: _BlobReading) -> None:
            if blob is self._blob:
                self._show(blob, found)

        # A few bytes may hold many: what is wrapped is never quick for certain.
        slow = bool(reading.unpack) or len(blob.data) > LARGE
        self._tasks.run("read", work, done, failed, slow=slow)

    def _instead(self, blob: BlobCell, error: InspectorError) -> None:
        """Show a blob by number, since it is not what its column is read as."""
        if blob.reading is None:
            self._fail(error)
            return
        plain, words = _plain(blob, ()), blob.reading.words

        def work(_cancel: Event, _report: Report) -> _BlobReading:
            return _BlobReading(_read(blob, plain), plain, None)

        def done(found: _BlobReading) -> None:
            if blob is self._blob:
                self._show(blob, found)
                title = f"This is not read as {visible(words)}: {visible(error.message)}"
                self.notice.tell(Tone.WARNING, title, visible(error.hint or ""), announce=False)

        self._tasks.run("read", work, done, self._fail, slow=len(blob.data) > LARGE)

    def _show(self, blob: BlobCell, found: _BlobReading) -> None:
        cell, self._now = found.cell, found.reading
        self.record, self.steps = cell.record, found.reading.unpack
        bare = _is_bare(found.reading)
        facts = [count(len(cell.data), "byte"), *(["by number"] if bare else [])]
        steps = ", ".join(map(words_of, self.steps))
        if bare and steps:
            facts.append(f"unwrapped: {steps}")
        self._say_reading("" if bare else said_of(cell, steps))
        name, said = visible(blob.column), visible(", ".join(facts))
        if cell.record is None:
            self.text.set_text(cell.text or "", fixed=False)
            self._text_head.tell(name, said)
            self._stack.setCurrentIndex(1)
            self.notice.hide()
            return
        # Without a schema every field is covered unless all are shown, and this blob is.
        reveal = bare or self._secrets.isChecked()
        self.message.show_message(cell.record, name, said, reveal=reveal)
        self._stack.setCurrentIndex(0)
        if self._sought:
            self._point()
        self._as_stored.setEnabled(bool(self.steps) or not bare)
        self._tell(found)

    def _say_reading(self, words: str) -> None:
        """Say over the views what the column is read as; nothing where it is read by number."""
        self.reading_line.setText(visible(words))
        self.reading_line.setToolTip(visible(words))
        self._line.setVisible(bool(words))

    def _tell(self, found: _BlobReading) -> None:
        """Say what the bytes look like, where that is no message; a person may think otherwise."""
        tree = found.cell.record.tree if found.cell.record is not None else None
        proposed = found.proposed if _is_bare(found.reading) else None
        if proposed is not None:
            do: Action = (f"Unwrap {words_of(proposed)}", partial(self.take_off, proposed))
            title = f"These bytes begin as {words_of(proposed)} does."
            self.notice.tell(Tone.NOTE, title, "", (do,), announce=False)
        elif tree is None or tree.malformed:
            title = "These bytes cannot be read as a protobuf message."
            if not _is_bare(found.reading):
                title = f"These bytes cannot be read as {visible(found.cell.name)} to their end."
            self.notice.tell(Tone.NOTE, title, "The Bytes tab shows them.", announce=False)
        else:
            self.notice.hide()

    def _fail(self, error: InspectorError) -> None:
        self.notice.tell(Tone.ERROR, visible(error.message), visible(error.hint or ""))


def said_of(cell: CellReading, steps: str) -> str:
    """What a value is read as, from where, and what it was unwrapped of, in a phrase."""
    words = f"Read as {cell.name} from {cell.schema}" if cell.schema else f"Read as {cell.name}"
    return f"{words}, unwrapped: {steps}" if steps else words


def _plain(blob: BlobCell, steps: tuple[Wrapper, ...]) -> ColumnReading:
    """Reads a blob by number."""
    return ColumnReading(blob.table, blob.column, ReadAs.RAW, unpack=steps)


def _is_bare(reading: ColumnReading) -> bool:
    """Whether nothing says what the fields are, so that none of them is known to be no secret."""
    return reading.read_as is ReadAs.RAW


def _read(blob: BlobCell, reading: ColumnReading) -> CellReading:
    """Called in the worker."""
    return read_cell(*(blob.data, reading, blob.row, blob.sets), key=blob.key, secrets=blob.secrets)


def words_of(wrapper: Wrapper) -> str:
    """What a wrapper is called."""
    return _WORDS.get(wrapper, wrapper.value)
