"""What the tabs of a record show, and how fields share the height with reader and bytes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from inspector.gui.bytes.hex_pane import HexPane
from inspector.gui.fields.field_tree import FieldTree
from inspector.gui.fields.fields_pane import FieldsPane
from inspector.gui.style.fonts import px
from inspector.gui.text.json_pane import JsonPane
from inspector.gui.values.value_pane import ValuePane
from inspector.gui.widgets.splitter import LineSplitter

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
        focus = QApplication.focusWidget()
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
