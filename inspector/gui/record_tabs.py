"""The tabs of a record and the options at their right."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QWidget

from inspector.gui.actions import Actions
from inspector.gui.style.fonts import px
from inspector.gui.style.fusion_style import FlatTabBar
from inspector.gui.widgets.bar import Bar
from inspector.gui.widgets.buttons import IconButton, plain_text
from inspector.gui.widgets.labels import ElidedLabel

_WORDS: Final = 120  #: width below which nothing is said beside the tabs, for a 13 px font
TABS: Final = ("fields", "json", "bytes", "history", "activity", "events")


class RecordTabs(Bar):
    """Tells ``changed`` with the name of a tab; the actions of the tabs follow."""

    changed = Signal(str)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(32, left=0, right=12, line=True, parent=parent)
        self._actions = actions
        self._bar = FlatTabBar(self)
        self._bar.setAccessibleName("Views of the record")
        self._shown = list(TABS)
        for name in TABS:
            self._bar.addTab(plain_text(actions[name]))
        self._unset = QCheckBox(plain_text(actions["unset"]))
        self._unset.setChecked(actions["unset"].isChecked())
        self._unset.toggled.connect(actions["unset"].setChecked)
        actions["unset"].toggled.connect(self._unset.setChecked)
        self._since = QCheckBox("Last changed")
        self._since.setChecked(actions["since"].isChecked())
        self._since.toggled.connect(actions["since"].setChecked)
        actions["since"].toggled.connect(self._since.setChecked)
        self._wrap = IconButton(actions["wrap_json"], self)
        self.row.addWidget(self._bar)
        self._words = ElidedLabel(Qt.TextElideMode.ElideRight, dim=True)
        self._said: dict[str, str] = {}
        self.row.addStretch()
        self.row.addWidget(self._words)
        self.row.addWidget(self._since)
        self.row.addWidget(self._unset)
        self.row.addWidget(self._wrap)
        self._bar.currentChanged.connect(self._tell)
        self._tell(0)

    def current(self) -> str:
        """The name of the tab that is shown."""
        return self._shown[self._bar.currentIndex()]

    def choose(self, name: str) -> None:
        """Show a tab; one that is not there comes, until it is known whether it is offered."""
        if name not in self._shown:
            self._add(name)
        self._bar.setCurrentIndex(self._shown.index(name))

    def offer(self, name: str, *, on: bool) -> None:
        """Add a tab in its place, or take it out: a hidden one would still be read aloud."""
        if on == (name in self._shown) == self._actions[name].isEnabled():
            return
        if on and name not in self._shown:
            self._add(name)
        elif not on and name in self._shown:
            place = self._shown.index(name)
            current = self.current()
            with QSignalBlocker(self._bar):
                self._bar.removeTab(place)
            self._shown.pop(place)
            if self.current() != current:
                self._tell(self._bar.currentIndex())
        self._bar.updateGeometry()  # Qt asks for no other width itself
        self._arrange()
        self._actions[name].setEnabled(on)

    def _add(self, name: str) -> None:
        place = sum(one in self._shown for one in TABS[: TABS.index(name)])
        self._shown.insert(place, name)
        with QSignalBlocker(self._bar):
            self._bar.insertTab(place, plain_text(self._actions[name]))
        self._bar.updateGeometry()

    def tell(self, words: str, tab: str = "activity") -> None:
        """Say something at the right while a tab is shown, by default the activity's."""
        self._said[tab] = words
        self._arrange()

    def said(self) -> str:
        """What is said at the right."""
        return self._words.text()

    def _tell(self, index: int) -> None:
        name = self._shown[index]
        self._actions[name].setChecked(True)
        self._arrange()
        self.changed.emit(name)

    def _arrange(self) -> None:
        """Show what belongs to the tab; what has no room gives way, tabs never do."""
        name = self.current()
        options = {
            self._wrap: name == "json",
            self._unset: name == "fields",
            self._since: name == "fields",
        }
        margins = self.row.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        needed = self._bar.needed()
        for widget, wanted in options.items():
            width = widget.sizeHint().width() + self.row.spacing()
            shown = wanted and needed + width <= room
            widget.setVisible(shown)
            needed += width if shown else 0
        self._bar.fit(room - (needed - self._bar.needed()))
        words = self._said.get(name, "")
        self._words.setText(words)
        rest = room - self._bar.minimumSizeHint().width() - self.row.spacing()
        self._words.setVisible(bool(words) and rest >= px(self, _WORDS))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width."""
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_words"):
            self._arrange()
