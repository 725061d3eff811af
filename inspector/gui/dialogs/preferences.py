"""The preferences: every change takes hold at once; nothing waits for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QGroupBox,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.dialogs.file_schema import FileSchema
from inspector.gui.dialogs.plain_buttons import take_icons_off
from inspector.gui.fonts import ZOOMS, next_zoom
from inspector.gui.main_window import MainWindow
from inspector.gui.preferring import Preferring
from inspector.gui.times import TimeStyle
from inspector.gui.widgets.slim_bars import slim

_FREE: Final = 48  #: pixels of the screen that are left at least
_THEMES: Final = (("Follow system", "system"), ("Light", "light"), ("Dark", "dark"))
_TIMES: Final = (
    ("UTC", TimeStyle.UTC.value),
    ("Local time", TimeStyle.LOCAL.value),
    ("Relative", TimeStyle.RELATIVE.value),
)
_READER: Final = (
    ("reader", "Show the &reader"),
    ("wrap", "&Wrap lines in the reader"),
    ("wrap_json", "Wrap lines in &JSON"),
)
_BEGIN: Final = (
    ("unset", "&Unset fields are shown"),
    ("types", "Types and &numbers are shown"),
)


class PreferencesDialog(QDialog):
    """Shows the preferences and how the file of one window is read."""

    def __init__(self, window: MainWindow, preferring: Preferring) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Preferences")
        self._preferring = preferring
        self.switches: dict[str, QCheckBox] = {}
        self.theme = self._choice("appearance", _THEMES)
        self.zoom = self._choice("zoom", [(f"{zoom} %", zoom) for zoom in ZOOMS])
        self.times = self._choice("times", _TIMES)
        self.schema = FileSchema(window, preferring)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        reset = self.buttons.addButton("Reset to &defaults", QDialogButtonBox.ButtonRole.ResetRole)
        reset.clicked.connect(lambda _=False: preferring.reset())
        self.buttons.rejected.connect(self.close)
        self._lay_out()
        take_icons_off(self)
        preferring.changed.connect(self.fill)
        window.read.connect(self.fill)
        self.theme.setFocus()

    def _lay_out(self) -> None:
        looks = QFormLayout()
        looks.addRow("&Appearance:", self.theme)
        looks.addRow("Te&xt size:", self.zoom)
        looks.addRow("&Times:", self.times)
        self._body = body = QWidget()
        column = QVBoxLayout(body)
        column.addLayout(looks)
        column.addWidget(self._group("Reading", _READER))
        column.addWidget(self._group("In a new window", _BEGIN))
        column.addWidget(self.schema)
        column.addStretch()
        self._area = area = QScrollArea()
        slim(area)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(body)
        self._whole = whole = QVBoxLayout(self)
        whole.addWidget(area, 1)
        whole.addWidget(self.buttons)
        # What is not shown needs no room.
        self.fill()
        self._fit()

    def _fit(self) -> None:
        """Take the room that all of it needs, as far as the screen has it."""
        body, area, whole = self._body, self._area, self._whole
        bar = area.verticalScrollBar().sizeHint().width()
        area.setMinimumWidth(body.sizeHint().width() + bar)
        room = self.screen().availableSize()
        margins = whole.contentsMargins()
        wanted = sum(part.sizeHint().height() for part in (body, self.buttons))
        wanted += margins.top() + margins.bottom() + whole.spacing()
        whole.activate()  # else the least width is still that of the text as it was
        self.resize(self.sizeHint().width(), min(wanted, room.height() - _FREE))

    def event(self, event: QEvent) -> bool:
        """Follow the text size, once all that is in it has done so."""
        if event.type() == QEvent.Type.FontChange:
            QTimer.singleShot(0, self, self._fit)
        return super().event(event)

    def _choice(self, name: str, choices: Sequence[tuple[str, object]]) -> QComboBox:
        box = QComboBox()
        for words, value in choices:
            box.addItem(words, value)
        box.activated.connect(lambda index: self._preferring.prefer(name, box.itemData(index)))
        return box

    def _group(self, title: str, switches: Sequence[tuple[str, str]]) -> QGroupBox:
        group = QGroupBox(title)
        column = QVBoxLayout(group)
        for name, words in switches:
            self.switches[name] = box = QCheckBox(words)
            box.toggled.connect(partial(self._preferring.prefer, name))
            column.addWidget(box)
        return group

    def fill(self, _facts: object = None) -> None:
        """Show what is so now."""
        settings = self._preferring.settings
        self.theme.setCurrentIndex(self.theme.findData(settings.appearance))
        self.zoom.setCurrentIndex(self.zoom.findData(next_zoom(settings.zoom, 0)))
        self.times.setCurrentIndex(self.times.findData(settings.times))
        for name, box in self.switches.items():
            blocked = QSignalBlocker(box)
            box.setChecked(getattr(settings, name))
            blocked.unblock()
        self.schema.fill()
