"""The reader below the tree: all of the value the cursor is on."""

from __future__ import annotations

from threading import Event
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QPushButton, QVBoxLayout, QWidget

from inspector.errors import InspectorError
from inspector.gui.actions import Actions
from inspector.gui.clipboard import Clip, ClipSource
from inspector.gui.fields.field_cells import FieldLook
from inspector.gui.fields.field_items import FieldItem
from inspector.gui.style.text_format import copied
from inspector.gui.tasks import Report, Tasks
from inspector.gui.text.text_lines import Lines
from inspector.gui.text.text_search import TextSearch
from inspector.gui.text.value_header import ValueHeader
from inspector.gui.text.value_text_view import EASY, ValueTextView
from inspector.gui.values.value_text import (
    JSON_GRAFT,
    MESSAGE_GRAFT,
    ValueText,
    facts_of,
    is_long,
    read,
)
from inspector.gui.widgets.buttons import SMALL, IconButton
from inspector.gui.widgets.find_bar import FindBar

_TICK: Final = 1000  #: milliseconds
_GRAFTS: Final = {JSON_GRAFT: "Show JSON as a tree", MESSAGE_GRAFT: "Try as a message"}
_NOTHING: Final = ValueText("", "", "")
_CHOOSE: Final = "Select a field to see its value."


class ValuePane(QWidget, ClipSource):
    """Shows a :class:`ValueText`. ``graft_wanted`` asks for a tree of its own below the field."""

    graft_wanted = Signal()

    def __init__(self, actions: Actions, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._item: FieldItem | None = None
        self._look = FieldLook()
        self._reading = _NOTHING
        self._head = ValueHeader(self)
        self._forms = QComboBox()
        self._forms.setAccessibleName("Form of the bytes")
        self._graft = QPushButton()
        self._show = QPushButton("Show")
        self.body = ValueTextView()
        self.bar = FindBar("Find in the value")
        self._finder = TextSearch(self.bar, self.body, tasks, "reader find")
        self._clock = QTimer(self, interval=_TICK)
        for widget in (self._forms, self._graft, self._show):
            widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._head.add(widget)
        self._buttons = [IconButton(actions[name], self, SMALL) for name in ("wrap", "copy")]
        for button in self._buttons:
            self._head.add(button)
        self._lay_out()
        self._forms.textActivated.connect(self._choose_form)
        self._graft.clicked.connect(self.graft_wanted)
        self._show.clicked.connect(actions["uncover"].trigger)
        self._clock.timeout.connect(self._tick)
        self._tell(_NOTHING, None)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.body, 1)
        column.addWidget(self.bar)
        self.setFocusProxy(self.body)

    def show_item(self, item: FieldItem | None, look: FieldLook, form: str = "") -> None:
        """Read the value of a row of the tree; a long one is read in the worker."""
        self._tasks.forget("reader")
        self._item, self._look = item, look
        if item is None:
            self._tell(_NOTHING, None)
        elif not is_long(item):
            self._tell(read(item, look, form), None)
        else:
            self._read_long(item, look, form)

    def tell_facts(self) -> None:
        """Say anew what is known of the row; its text and the cursor in it stay."""
        if self._item is not None and self._item.node is not None:
            self._head.tell(self._reading.path, facts_of(self._item, self._look))

    def show_text(self, facts: str, text: str) -> None:
        """Show something else about the row, until another one is chosen."""
        self._tasks.forget("reader")
        self._tell(ValueText(self._reading.path, facts, text, fixed=True), None)

    def _read_long(self, item: FieldItem, look: FieldLook, form: str) -> None:
        def work(_cancel: Event, _report: Report) -> tuple[ValueText, Lines | None]:
            reading = read(item, look, form)
            return reading, Lines(reading.text) if len(reading.text) > EASY else None

        self._tell(self._reading._replace(text="", forms=(), graft="", ticks=False), None)
        self._tasks.run("reader", work, lambda answer: self._tell(*answer), self._fail, slow=True)

    def _tell(self, reading: ValueText, lines: Lines | None) -> None:
        self._reading = reading
        self._head.tell(reading.path, reading.facts if reading != _NOTHING else _CHOOSE)
        self._show.setVisible(reading.covered)
        for button in self._buttons:
            button.setVisible(not reading.covered and reading != _NOTHING)
        self._forms.setVisible(bool(reading.forms))
        self._forms.clear()
        self._forms.addItems(reading.forms)
        self._forms.setCurrentText(reading.form)
        self._graft.setVisible(bool(reading.graft))
        self._graft.setText(_GRAFTS.get(reading.graft, ""))
        self.body.set_text(reading.text, fixed=reading.fixed, lines=lines)
        self._finder.again()
        if reading.ticks:
            self._clock.start()
        else:
            self._clock.stop()

    def _fail(self, error: InspectorError) -> None:
        self._tell(ValueText(self._reading.path, "", str(error)), None)

    def _choose_form(self, form: str) -> None:
        self.show_item(self._item, self._look, form)

    def _tick(self) -> None:
        if self._item is not None and self.isVisible():
            self.body.update_text(read(self._item, self._look).text)

    def text(self) -> str:
        """What is shown."""
        return self.body.text()

    def path(self) -> str:
        """The path of what is shown."""
        return self._reading.path

    def facts(self) -> str:
        """What is said beside the path."""
        return self._head.facts.text()

    def reading(self) -> ValueText:
        """What is read."""
        return self._reading

    def open_find(self) -> None:
        """Open the bar to find something in the text."""
        self._finder.open()

    def mark(self, needle: str, case: bool, hit: int) -> None:
        """Mark what is sought in the fields, and bring one of the hits into sight; -1 for none."""
        self._finder.lend(needle, case, hit)

    def find_step(self, by: int) -> None:
        """Go to the next hit or the one before."""
        self._finder.step(by)

    def set_wrap(self, on: bool) -> None:
        """Wrap long lines, or scroll sideways."""
        self.body.set_wrap(on)

    def copy(self) -> Clip | None:
        """What of the text is selected; what is around it answers where nothing is."""
        chosen = self.body.selected_text()
        return Clip(chosen, copied("selection", chosen)) if chosen else None

    def focus(self) -> None:
        """Give the focus to the text."""
        self.body.focus()
