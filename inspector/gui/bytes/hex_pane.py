"""The bytes of a record under its field tree: head, bytes, and what is promised of them."""

from __future__ import annotations

import string
from collections.abc import Callable
from threading import Event

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from inspector.decode.byte_map import Range
from inspector.decode.node import Tree
from inspector.errors import InspectorError
from inspector.gui.actions import Actions
from inspector.gui.bytes.byte_ranges import (
    ByteFacts,
    Known,
    Marks,
    facts_of,
    footer_words,
    found_in,
    hidden,
    is_wide,
    marks_of,
    place_words,
)
from inspector.gui.bytes.hex_view import HexView
from inspector.gui.fields.field_cells import FieldLook
from inspector.gui.fields.field_items import FieldItem, path_of
from inspector.gui.style.fonts import px
from inspector.gui.style.icons import icon, pixmap
from inspector.gui.style.theme import tokens_of
from inspector.gui.tasks import LARGE, Report, Tasks
from inspector.gui.text.value_header import ValueHeader
from inspector.gui.widgets.bar import Bar
from inspector.gui.widgets.buttons import EDGE, fit_icon
from inspector.gui.widgets.find_bar import FindBar
from inspector.gui.widgets.labels import ElidedLabel

_FINDING = "byte hits"
_MARKING = "byte marks"
COPIES = ("copy_hex", "copy_base64", "copy_text")


def offset_of(text: str) -> int | None:
    """A place typed by a person: decimal, or hexadecimal with ``0x`` or a letter in it."""
    plain = text.strip().lower().replace(",", "").replace("_", "")
    digits = plain.removeprefix("0x")
    if not digits or any(mark not in string.hexdigits for mark in digits):
        return None
    return int(digits, 10 if digits == plain and plain.isdigit() else 16)


class HexPane(QWidget):
    """The bytes of one record, which are read when they are looked at, once.

    ``moved`` tells the byte the person went to.
    """

    moved = Signal(int)
    activated = Signal()

    def __init__(self, actions: Actions, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._look = FieldLook()
        self._tree: Tree | None = None
        self._item: FieldItem | None = None
        self._is_read = True  #: whether the view has what there is of the record
        self._waiting: Callable[[], None] | None = None
        self._facts: ByteFacts | None = None
        self._covered: list[tuple[int, int]] = []
        self._known: Known = {}
        self._sought = ("", False)
        self.head = ValueHeader(self)
        self._copy = _copy_button(actions, self)
        self.head.add(self._copy)
        self.view = HexView()
        self.goto = FindBar("Offset, such as 0x1f0 or 496", self)
        self.goto.hide_steps()
        self._sign = QLabel()
        self.footer = ElidedLabel(Qt.TextElideMode.ElideRight, dim=True)
        self._lay_out()
        for name in (*COPIES, "goto_offset"):
            self.view.addAction(actions[name])
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.view.moved.connect(self.moved)
        self.view.activated.connect(self.activated)
        self.goto.sought.connect(self._seek)
        self.goto.stepped.connect(lambda _: self.goto.close_bar())
        self.goto.closed.connect(self.view.setFocus)
        self.setFocusProxy(self.view)

    def _lay_out(self) -> None:
        foot = Bar(24, left=12, right=12, parent=self)
        foot.row.addWidget(self._sign)
        foot.row.addWidget(self.footer, 1)
        foot.row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part, stretch in ((self.head, 0), (self.view, 1), (self.goto, 0), (foot, 0)):
            column.addWidget(part, stretch)

    def set_record(self, tree: Tree | None, look: FieldLook) -> None:
        """Take another record; nothing is read of it before it is looked at."""
        for channel in ("bytes", _MARKING):
            self._tasks.forget(channel)
        self._tree, self._item, self._look, self._facts, self._known = tree, None, look, None, {}
        self._waiting = None
        was_read, self._is_read = self._is_read, tree is None
        if self.isVisible() and tree is not None:
            self.look()
        elif was_read:
            self._show_data(b"")

    def look(self) -> None:
        """Show the bytes of the record; what is covered in it is found in the worker."""
        tree, look = self._tree, self._look
        if self._is_read or tree is None:
            return
        self._is_read = True
        self._show_data(tree.data)

        def work(cancel: Event, _report: Report) -> ByteFacts:
            return facts_of(tree, look.covered, cancel)

        slow = len(tree.data) > LARGE
        self._tasks.run("bytes", work, self._show_facts, self._fail, slow=slow)
        self.show_item(self._item, stay=False)

    def _show_data(self, data: bytes) -> None:
        self.view.set_data(data)
        self.head.tell("", "")
        self.footer.setText("")

    def when_ready(self, do: Callable[[], None]) -> None:
        """Call a function once it is known which bytes are covered, though nobody sees them."""
        self.look()
        if self._facts is not None:
            do()
        else:
            self._waiting = do

    def is_ready(self) -> bool:
        """Whether it is known which bytes are covered."""
        return self._facts is not None

    def cover_again(self) -> None:
        """Follow what is revealed now."""
        if self._facts is None or self._tree is None:
            return
        look = self._look
        self._covered = hidden(self._facts, look.revealed, all_=look.all_revealed)
        self.view.set_hidden(self._covered)
        self._find()
        words = footer_words(self._facts, self._covered, len(self._tree.data))
        self.footer.setText(words)
        self._dress()

    def _dress(self) -> None:
        color = tokens_of(self.palette()).color("dim")
        edge = px(self, EDGE)
        self._sign.setPixmap(pixmap("covered", color, edge, self.devicePixelRatioF()))
        fit_icon(self._copy)
        self._sign.setVisible(bool(self._covered))

    def show_item(self, item: FieldItem | None, *, stay: bool) -> None:
        """Mark the bytes of a row.

        Args:
            item: the row.
            stay: leave the current byte where it is.
        """
        self._item = item
        self._tasks.forget(_MARKING)
        if not self._is_read:
            return
        tree = self._tree
        if item is None or tree is None:
            self.view.set_marks(Marks())
            self.head.tell("", "")
            return
        if not is_wide(item):
            self._show_marks(item, marks_of(tree, item, self._known), stay=stay)
            return
        self.view.set_marks(Marks())
        self.head.tell(path_of(item), "")
        known = dict(self._known)

        def work(_cancel: Event, _report: Report) -> Marks:
            return marks_of(tree, item, known)

        def done(marks: Marks) -> None:
            self._known = known
            self._show_marks(item, marks, stay=stay)

        self._tasks.run(_MARKING, work, done, self._fail, slow=True)

    def _show_marks(self, item: FieldItem, marks: Marks, *, stay: bool) -> None:
        self.view.set_marks(marks)
        self.head.tell(path_of(item), place_words(item, marks, self.view.grid.digits))
        if not stay and marks.first is not None:
            self.view.go_to(marks.first)
        self._find()

    def lend(self, needle: str, case: bool) -> None:
        """Mark what is sought elsewhere in the bytes of the row; nothing where it is empty."""
        if (needle, case) != self._sought:
            self._sought = (needle, case)
            self._find()

    def _find(self) -> None:
        """Look for what is sought in what is marked, as far as it is shown."""
        self._tasks.forget(_FINDING)
        (needle, case), marks, data = self._sought, self.view.marks, self.view.data
        if marks.found:
            self.view.set_marks(marks._replace(found=()))
        covered = self.covered()
        places = [
            (start, end)
            for start, end in marks.value
            if not any(begin < end and stop > start for begin, stop in covered)
        ]
        if not needle or not places:
            return

        def work(cancel: Event, _report: Report) -> list[Range]:
            return found_in(data, places, needle, case=case, cancel=cancel)

        def done(found: list[Range]) -> None:
            if not found:
                return
            self.view.set_marks(self.view.marks._replace(found=found))
            if self.view.cursor_at() == marks.first:
                self.view.go_to(found[0][0])

        slow = sum(end - start for start, end in places) > LARGE
        self._tasks.run(_FINDING, work, done, lambda _: None, slow=slow)

    def covered(self) -> list[tuple[int, int]]:
        """The ranges that are covered; everything while that is not known."""
        if self._facts is None:
            return [(0, len(self.view.data))]
        return self._covered

    def ask_offset(self) -> None:
        """Ask for an offset to go to."""
        self.goto.open()

    def _seek(self, text: str, _case: bool) -> None:
        offset = offset_of(text)
        size = len(self.view.data)
        if not text:
            self.goto.say("")
        elif offset is None:
            self.goto.say("Not a number.")
        elif offset >= size:
            self.goto.say(f"The last byte is at {max(0, size - 1):x}.")
        else:
            self.goto.say("")
            self.view.go_to(offset)
            self.moved.emit(offset)

    def _show_facts(self, facts: ByteFacts) -> None:
        self._facts = facts
        self.cover_again()
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting()

    def _fail(self, error: InspectorError) -> None:
        self.footer.setText(error.message)

    def showEvent(self, event: QShowEvent) -> None:
        """Look at the record, where that was not done yet."""
        super().showEvent(event)
        self.look()

    def changeEvent(self, event: QEvent) -> None:
        """Follow palette and text size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()


def _copy_button(actions: Actions, parent: QWidget) -> QToolButton:
    """The button of the head: copy the marked bytes in one of three forms."""
    button = QToolButton(parent)
    menu = QMenu(button)
    for name in COPIES:
        menu.addAction(actions[name])
    button.setMenu(menu)
    button.setIcon(icon("copy"))
    button.setAutoRaise(True)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    fit_icon(button)
    button.setAccessibleName("Copy bytes")
    button.setToolTip("Copy bytes")
    return button
