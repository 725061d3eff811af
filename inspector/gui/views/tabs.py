"""The tabs of a record and the options at their right."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from inspector.gui.actions import Actions
from inspector.gui.style import FlatTabBar
from inspector.gui.widgets.bars import Bar
from inspector.gui.widgets.buttons import IconButton, plain_text
from inspector.gui.widgets.labels import ElidedLabel

TABS: Final = ("fields", "json", "bytes", "history", "activity")


class RecordTabs(Bar):
    """Tells ``changed`` with the name of a tab; the actions of the tabs follow and lead."""

    changed = Signal(str)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(32, left=0, right=12, line=True, parent=parent)
        self._actions = actions
        self._bar = FlatTabBar(self)
        self._bar.setAccessibleName("Views of the record")
        for name in TABS:
            self._bar.addTab(plain_text(actions[name]))
            actions[name].triggered.connect(lambda _=False, name=name: self.choose(name))
        self._unset = QCheckBox(plain_text(actions["unset"]))
        self._unset.toggled.connect(actions["unset"].setChecked)
        actions["unset"].toggled.connect(self._unset.setChecked)
        self._since = QCheckBox("Since")
        self._since.toggled.connect(actions["since"].setChecked)
        actions["since"].toggled.connect(self._since.setChecked)
        self._wrap = IconButton(actions["wrap_json"], self)
        self.row.addWidget(self._bar)
        self._words = ElidedLabel(Qt.TextElideMode.ElideRight, dim=True)
        self.row.addStretch()
        self.row.addWidget(self._words)
        self.row.addWidget(self._since)
        self.row.addWidget(self._unset)
        self.row.addWidget(self._wrap)
        self._bar.currentChanged.connect(self._tell)
        self._tell(0)

    def current(self) -> str:
        """The name of the tab that is shown."""
        return TABS[self._bar.currentIndex()]

    def choose(self, name: str) -> None:
        """Show a tab."""
        self._bar.setCurrentIndex(TABS.index(name))

    def offer(self, name: str, *, on: bool) -> None:
        """Show or hide a tab."""
        self._bar.setTabVisible(TABS.index(name), on)
        self._bar.updateGeometry()  # Qt asks for no other width itself
        self._actions[name].setEnabled(on)

    def tell(self, words: str) -> None:
        """Say something at the right of the activity's tab."""
        self._words.setText(words)
        self._words.setVisible(self.current() == "activity")

    def _tell(self, index: int) -> None:
        name = TABS[index]
        self._actions[name].setChecked(True)
        self._unset.setVisible(name == "fields")
        self._since.setVisible(name == "fields")
        self._wrap.setVisible(name == "json")
        self._words.setVisible(name == "activity" and bool(self._words.text()))
        self.changed.emit(name)
