"""A message as fields, JSON and bytes: what its tabs show, and the pane beside a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from inspector.gui.actions import Actions
from inspector.gui.bytes.hex_pane import HexPane
from inspector.gui.fields.field_tree import FieldTree
from inspector.gui.fields.fields_pane import FieldsPane
from inspector.gui.message.selection_sync import FieldActivation, SelectionSync
from inspector.gui.style.fonts import fonts_of, px
from inspector.gui.style.fusion_style import FlatTabBar
from inspector.gui.style.time_format import TimeStyle
from inspector.gui.tasks import Tasks
from inspector.gui.text.json_pane import JsonPane
from inspector.gui.values.value_pane import ValuePane
from inspector.gui.widgets.bar import Bar, OverflowBar
from inspector.gui.widgets.buttons import SMALL, IconButton, plain_text
from inspector.gui.widgets.labels import ElidedLabel, PartsLabel
from inspector.gui.widgets.splitter import LineSplitter
from inspector.named_tuple import NamedTuple
from inspector.session.record_links import Link, LinkTarget
from inspector.session.summaries import Record

_READER: Final = 168  #: height of the reader, for a 13 px font
_SHARE: Final = 0.3  #: of the height, the most that it takes
_LEAST: Final = 56
WITH_FIELDS: Final = ("fields", "bytes")  #: the tabs that show the field tree


class ContentViews(QStackedWidget):
    """One view at a time; the field tree stands over the reader in one tab, the bytes in another.

    Attributes:
        split: the fields and what is below them.
    """

    def __init__(
        self,
        tree: FieldTree,
        fields: FieldsPane,
        reader: ValuePane,
        bytes_: HexPane,
        json: JsonPane,
        others: Mapping[str, QWidget] = MappingProxyType({}),
    ) -> None:
        """Takes the views; ``tree`` is the one within ``fields``, ``others`` are tabs by name."""
        super().__init__()
        self._reader, self._bytes = reader, bytes_
        self._current = "fields"
        self._with_reader = True
        self._sizes = {"fields": [600, _READER]}
        self._given = -1  #: the reader's height that nobody has set; -1 where somebody has
        self._below = "fields"  #: the tab whose sizes the splitter has
        self.split = LineSplitter(Qt.Orientation.Vertical, name="Fields and reader")
        self._lower = QStackedWidget()
        self._lower.addWidget(reader)
        self._lower.addWidget(bytes_)
        self.split.addWidget(fields)
        self.split.addWidget(self._lower)
        self.split.setStretchFactor(0, 1)
        self.split.setSizes(self._sizes["fields"])
        self._lower.setMinimumHeight(_LEAST)
        self._given = self.split.sizes()[1]
        own: dict[str, QWidget] = {"json": json, **others}
        for view in (self.split, *own.values()):
            self.addWidget(view)
        self._pages: dict[str, QWidget] = own | dict.fromkeys(WITH_FIELDS, self.split)
        self._focused: dict[str, QWidget] = own | dict.fromkeys(WITH_FIELDS, tree)

    def show_tab(self, name: str) -> None:
        """Show what belongs to a tab; the focus stays within the views if it was there."""
        # While a dialog is used its own widgets have the focus: this is where it comes back to.
        focus = self.window().focusWidget()
        within = focus is not None and self.isAncestorOf(focus)
        self._current = name
        self.setCurrentWidget(self._pages[name])
        if within:
            # Qt gives the focus to whatever comes next to a view that is hidden.
            self.focus()
        if name in WITH_FIELDS:
            self._share_height(name)

    def _share_height(self, name: str) -> None:
        self._note_own()
        self._sizes[self._below], self._below = self.split.sizes(), name
        self._lower.setCurrentWidget(self._bytes if name == "bytes" else self._reader)
        self._lower.setVisible(self._with_reader or name == "bytes")
        for widget, share in enumerate((3, 4) if name == "bytes" else (1, 0)):
            self.split.setStretchFactor(widget, share)
        height = max(self.split.height(), 700)
        self.split.setSizes(self._sizes.get(name, [height * 3 // 7, height * 4 // 7]))
        self._share_reader()

    def _note_own(self) -> None:
        """Heights that were set by a person, or are remembered, stay."""
        if self._below == "fields" and self.split.sizes()[1] != self._given:
            self._given = -1

    def _share_reader(self) -> None:
        """A reader nobody has sized takes its part of the height, and not most of a low window."""
        if self._below != "fields" or self._given < 0:
            return
        height = self.height()
        reader = max(_LEAST, min(px(self, _READER), round(height * _SHARE)))
        self.split.resize(self.size())
        self.split.setSizes([height - reader - 1, reader])
        self._given = self.split.sizes()[1]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the height anew."""
        self._note_own()
        super().resizeEvent(event)
        self._share_reader()

    def share(self, shares: tuple[int, int]) -> None:
        """Divide the height among the fields and what is below them."""
        height = max(self.height(), sum(shares))
        upper = height * shares[0] // sum(shares)
        self.split.setSizes([upper, height - upper])

    def focus(self) -> None:
        """Give the focus to the view that is shown."""
        self._focused[self._current].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_reader(self, on: bool) -> None:
        """Show or hide the reader below the fields."""
        self._with_reader = on
        self._lower.setVisible(on or self._current == "bytes")

    def reader_sizes(self) -> list[int]:
        """Heights of the fields and the reader below them."""
        return self._sizes["fields"] if self._below == "bytes" else self.split.sizes()


_FORMS: Final = ("fields", "json", "bytes")
_SHARES: Final = (3, 2)  #: of fields and reader
_AROUND: Final = 24  #: of the tabs and the controls beside them, for a 13 px font
_SHORT: Final = 16  #: fields of a part that is open from the beginning


class MessageViews(NamedTuple):
    """The views of one message: of the record, or of the event that is looked at."""

    tree: FieldTree
    area: FieldsPane
    reader: ValuePane
    json: JsonPane
    bytes: HexPane
    selection_sync: SelectionSync
    activation: FieldActivation


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
        selection_sync = SelectionSync(tree, reader, json, bytes_, tasks)
        activation = FieldActivation(tree, bytes_, selection_sync)
        self.views = MessageViews(tree, area, reader, json, bytes_, selection_sync, activation)
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
        activation.link_wanted.connect(self.link_wanted)
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
        self._controls = OverflowBar(self._head, 32)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._controls)
        column.addWidget(self._stack, 1)
        self._dress()

    def add(self, widget: QWidget) -> None:
        """Put a control at the right end of the line over the message, below it in a narrow one."""
        self._controls.add(widget)

    def event(self, event: QEvent) -> bool:
        """Put the controls below the tabs where both have no room in one line."""
        done = super().event(event)
        # Controls that are shown or hidden, and another font, ask for the layout anew.
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            taken = self._bar.sizeHint().width() + px(self, _AROUND)
            self._controls.fit(self.width() - taken)
        return done

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
        views.selection_sync.set_record(record)
        views.tree.open_first()
        views.tree.open_short(_SHORT)
        if not path or not views.tree.go_to(path):
            views.selection_sync.show(None)
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
        views.selection_sync.set_record(None)
        views.json.set_record(None, reveal=False)

    def reveal_all(self, record: Record | None, on: bool) -> None:
        """Show or cover all secrets."""
        views = self.views
        views.tree.fields.reveal_all(on)
        views.selection_sync.cover_again()
        if record is not None:
            views.json.set_record(record, reveal=on)

    def set_times(self, style: TimeStyle) -> None:
        """Write times in another way."""
        self.views.tree.fields.set_times(style)
        self.views.selection_sync.show(self.views.tree.current())

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
