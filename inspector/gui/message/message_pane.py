"""One message beside a record, such as an event: its fields, its JSON and its bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from inspector.gui.actions import Actions
from inspector.gui.bytes.hex_pane import HexPane
from inspector.gui.fields.field_tree import FieldTree
from inspector.gui.fields.fields_pane import FieldsPane
from inspector.gui.message.content_views import ContentViews
from inspector.gui.message.selection_sync import FieldActivation, SelectionSync
from inspector.gui.style.fonts import fonts_of
from inspector.gui.style.fusion_style import FlatTabBar
from inspector.gui.style.time_format import TimeStyle
from inspector.gui.tasks import Tasks
from inspector.gui.text.json_pane import JsonPane
from inspector.gui.values.value_pane import ValuePane
from inspector.gui.widgets.bar import Bar
from inspector.gui.widgets.buttons import SMALL, IconButton, plain_text
from inspector.gui.widgets.labels import ElidedLabel, PartsLabel
from inspector.session.record_links import Link, LinkTarget
from inspector.session.summaries import Record

_FORMS: Final = ("fields", "json", "bytes")
_SHARES: Final = (3, 2)  #: of fields and reader
_SHORT: Final = 16  #: fields of a part that is open from the beginning


class MessageViews(NamedTuple):
    """The views of one message: of the record, or of the event that is looked at."""

    tree: FieldTree
    area: FieldsPane
    reader: ValuePane
    json: JsonPane
    bytes: HexPane
    together: SelectionSync
    pressing: FieldActivation


class MessagePane(QWidget):
    """The views of a message, one at a time, and over them which one it is.

    ``link_wanted`` tells which record, a :class:`LinkTarget`, is to be read.
    """

    link_wanted = Signal(LinkTarget)

    def __init__(self, actions: Actions, tasks: Tasks, buttons: tuple[str, ...] = ()) -> None:
        """Makes the views.

        Args:
            actions: of the window.
            tasks: a group of its own, since the record has the same views.
            buttons: names of the actions that stand over the message.
        """
        super().__init__()
        tree = FieldTree()
        area, reader = FieldsPane(tree, tasks), ValuePane(actions, tasks)
        json, bytes_ = JsonPane(tasks), HexPane(actions, tasks)
        together = SelectionSync(tree, reader, json, bytes_, tasks)
        pressing = FieldActivation(tree, bytes_, together)
        self.views = MessageViews(tree, area, reader, json, bytes_, together, pressing)
        self._stack = ContentViews(tree, area, reader, bytes_, json)
        self._bar = FlatTabBar(self)
        self._bar.setAccessibleName("Views of the message")
        self.name = ElidedLabel(Qt.TextElideMode.ElideRight)
        self.facts = PartsLabel(Qt.TextElideMode.ElideRight, dim=True)
        self._head = Bar(32, left=0, right=8, line=True)
        self._dragged = False  #: whether the reader has the height that a person gave it
        self._stack.split.splitterMoved.connect(lambda *_: self._drag())
        self._lay_out(actions, buttons)
        self.setFocusProxy(tree)
        pressing.link_wanted.connect(self.link_wanted)
        self._bar.currentChanged.connect(self._show_form)
        self._follow(actions)

    def _lay_out(self, actions: Actions, buttons: tuple[str, ...]) -> None:
        for form in _FORMS:
            self._bar.addTab(plain_text(actions[form]))
        self._head.row.addWidget(self._bar)
        self._head.row.addSpacing(8)
        self._head.row.addWidget(self.name)
        self._head.row.addSpacing(8)
        self._head.row.addWidget(self.facts, 1)
        self._head.row.addStretch()
        for name in buttons:
            self._head.row.addWidget(IconButton(actions[name], self, SMALL))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._stack, 1)
        self._dress()

    def add(self, widget: QWidget) -> None:
        """Put a control at the right end of the line over the message."""
        self._head.row.addWidget(widget)

    def _follow(self, actions: Actions) -> None:
        """Begin as the switches of the window are."""
        views = self.views
        self._switches: dict[str, Callable[[bool], None]] = {
            "unset": views.tree.set_unset,
            "types": lambda _: self._show_types(actions),
            "wrap": views.reader.set_wrap,
            "wrap_json": views.json.view.set_wrap,
            "reader": self._stack.show_reader,
        }
        for name in self._switches:
            self.switch(name, actions[name].isChecked())
        self._bar.currentChanged.connect(lambda _: self._show_types(actions))

    def switch(self, name: str, on: bool) -> None:
        """Do what a switch of the window does to the record's own views; nothing for others."""
        if name in self._switches:
            self._switches[name](on)

    def _show_types(self, actions: Actions) -> None:
        on = actions["types"].isChecked() and self.form() == "fields"
        self.views.tree.show_types(on)

    def show_message(
        self, record: Record, name: str, facts: str, path: str = "", *, reveal: bool = False
    ) -> None:
        """Show a message.

        Args:
            record: the message in the form of a record.
            name: what it is called.
            facts: what stands beside the name.
            path: the field the cursor is put on.
            reveal: show secrets, as all of the window are.
        """
        views = self.views
        self.name.setText(name)
        self.facts.setText(facts)
        views.tree.fields.show(record)
        views.tree.fields.reveal_all(reveal)
        views.together.set_record(record)
        views.tree.open_first()
        views.tree.open_short(_SHORT)
        if not path or not views.tree.go_to(path):
            views.together.show(None)
        views.json.set_record(record, reveal=reveal)

    def show_links(self, links: list[Link]) -> None:
        """Show which values of the message name records."""
        self.views.tree.fields.set_links(links)

    def clear(self) -> None:
        """Show no message."""
        views = self.views
        self.name.setText("")
        self.facts.setText("")
        views.tree.fields.show(None)
        views.together.set_record(None)
        views.json.set_record(None, reveal=False)

    def reveal_all(self, record: Record | None, on: bool) -> None:
        """Show or cover all secrets."""
        views = self.views
        views.tree.fields.reveal_all(on)
        views.together.cover_again()
        if record is not None:
            views.json.set_record(record, reveal=on)

    def set_times(self, style: TimeStyle) -> None:
        """Write times in another way."""
        self.views.tree.fields.set_times(style)
        self.views.together.show(self.views.tree.current())

    def form(self) -> str:
        """Which form of the message is shown: ``fields``, ``json`` or ``bytes``."""
        return _FORMS[self._bar.currentIndex()]

    def choose(self, form: str) -> None:
        """Show a form of the message."""
        self._bar.setCurrentIndex(_FORMS.index(form))

    def focus(self) -> None:
        """Give the focus to the view that is shown."""
        self._stack.focus()

    def _show_form(self, index: int) -> None:
        self._stack.show_tab(_FORMS[index])
        if _FORMS[index] == "json":
            self.views.json.look()
        self._fit()

    def _fit(self) -> None:
        """Tabs never give way; what is said beside them does."""
        self._bar.fit(self.width() // 2)

    def _drag(self) -> None:
        self._dragged = True

    def _dress(self) -> None:
        self.name.setFont(fonts_of(self.font()).bold)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width; the reader takes a part of the height until it is dragged."""
        super().resizeEvent(event)
        self._fit()
        if not self._dragged and self.form() == "fields":
            self._stack.share(_SHARES)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._dress()
