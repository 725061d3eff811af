"""The reader below the tree: all of the value the cursor is on, and the text it is shown in."""

from __future__ import annotations

from threading import Event
from typing import Final

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from inspector.errors import InspectorError
from inspector.gui.actions import Actions
from inspector.gui.clipboard import Clip, ClipSource
from inspector.gui.fields.field_cells import FieldLook
from inspector.gui.fields.field_items import FieldItem
from inspector.gui.style.fonts import fonts_of
from inspector.gui.style.text_format import copied
from inspector.gui.tasks import Report, Tasks
from inspector.gui.text.plain_edit import PlainEdit
from inspector.gui.text.text_layout import Lines
from inspector.gui.text.text_search import TextMarks, TextSearch
from inspector.gui.text.text_view import TextView
from inspector.gui.text.value_header import ValueHeader
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
from inspector.invisible import hides_something

# The text of the reader: a text edit, or for long texts the view that draws what is seen.

EASY: Final = 50_000  #: characters that a text edit lays out at once
_EASY_LINE: Final = 5_000  #: the same for a single line


class ValueTextView(QStackedWidget):
    """Shows a text in the body font or the fixed one; can be found in like a TextView."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._easy = PlainEdit("Reader")
        self._easy.document().setDocumentMargin(12)
        self._long = TextView("Reader")
        self.addWidget(self._easy)
        self.addWidget(self._long)
        self._fixed = False

    def set_text(self, text: str, *, fixed: bool, lines: Lines | None = None) -> None:
        """Show another text.

        Args:
            text: the text.
            fixed: whether it belongs in the fixed font.
            lines: the text cut into lines, where that was done in the worker.
        """
        self._fixed = fixed
        if lines is None and self._is_easy(text):
            self._easy.setFont(self._font())
            self._easy.show_text(text)
            if not self._at_easy():
                self._long.set_lines(Lines())
                self.setCurrentWidget(self._easy)
        else:
            self._easy.show_text("")
            self._long.set_lines(lines or Lines(text))
            self.setCurrentWidget(self._long)

    @staticmethod
    def _is_easy(text: str) -> bool:
        """Whether a text edit can show it; what cannot be seen it would leave unseen."""
        small = len(text) <= EASY and max(map(len, text.split("\n"))) <= _EASY_LINE
        return small and not hides_something(text)

    def update_text(self, text: str) -> None:
        """Show a text that differs in little from the one there is, without moving it."""
        if self._at_easy() and text != self._easy.text():
            self._easy.update_text(text)

    def set_wrap(self, on: bool) -> None:
        """Wrap long lines, or scroll sideways."""
        mode = QPlainTextEdit.LineWrapMode
        self._easy.setLineWrapMode(mode.WidgetWidth if on else mode.NoWrap)
        self._long.set_wrap(on)

    @property
    def _view(self) -> PlainEdit | TextView:
        return self._easy if self._at_easy() else self._long

    def text(self) -> str:
        """What is shown."""
        return self._view.text()

    def selected_text(self) -> str:
        """What is selected."""
        return self._view.selected_text()

    def copy(self) -> bool:
        """Copy what is selected; False where nothing is."""
        chosen = self.selected_text()
        if chosen:
            QGuiApplication.clipboard().setText(chosen)
        return bool(chosen)

    def focus(self) -> None:
        """Give the focus to the text."""
        self._view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # As a finder wants it

    @property
    def marks(self) -> TextMarks:
        """What stands out."""
        return self._view.marks

    def set_marks(self, marks: TextMarks) -> None:
        """Let other parts of the text stand out."""
        self._view.set_marks(marks)

    def marked_texts(self) -> list[str]:
        """The texts that are marked, as Qt sees them."""
        return [one.cursor.selectedText() for one in self._easy.extraSelections()]

    def top_offset(self) -> int:
        """The first character in sight."""
        if not self._at_easy():
            return self._long.top_offset()
        return self._easy.offset(self._easy.cursorForPosition(QPoint(0, 0)).position())

    def show_offset(self, offset: int) -> None:
        """Bring a character into sight."""
        if not self._at_easy():
            self._long.show_offset(offset)
            return
        cursor = self._easy.textCursor()
        cursor.setPosition(self._easy.unit(offset))
        self._easy.setTextCursor(cursor)
        self._easy.ensureCursorVisible()

    # Within

    def _at_easy(self) -> bool:
        return self.currentWidget() is self._easy

    def _font(self) -> QFont:
        fonts = fonts_of(self.font())
        return fonts.fixed if self._fixed else fonts.body

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._easy.setFont(self._font())


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
        self._show.setText("Show" if reading.covered else "Hide")
        self._show.setVisible(reading.covered or reading.shown)
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
