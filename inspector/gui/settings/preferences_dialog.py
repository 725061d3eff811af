"""The preferences: every change takes hold at once; nothing waits for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, QTimer, SignalInstance
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QGroupBox,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.dialogs.message_boxes import take_icons_off
from inspector.gui.settings.file_memory import FileSchemaState
from inspector.gui.settings.preferences import Preferences
from inspector.gui.style.fonts import ZOOMS, next_zoom
from inspector.gui.style.text_format import count, schema_labels, visible
from inspector.gui.style.time_format import TimeStyle
from inspector.gui.widgets.banner import plain_label
from inspector.gui.widgets.scroll_bars import slim
from inspector.schema.catalog import AUTO, display, is_own, own_schemas, releases, schema_name
from inspector.store.rows import Form

_AUTOMATIC: Final = "Detect per record"
#: What asks for a schema of one's own instead of being one, and whether it asks for a folder.
_ASKING: Final = {
    "Own schema from a file\N{HORIZONTAL ELLIPSIS}": False,
    "Own schema from a folder\N{HORIZONTAL ELLIPSIS}": True,
}


class FileSchema(Protocol):
    """What the file of a window is read with."""

    def state(self) -> FileSchemaState:
        """What is chosen."""

    def choose(self, name: str) -> None:
        """Read the file with another schema."""

    def ask(self, kind: None, *, folder: bool) -> None:
        """Ask for a schema of one's own, and read the file with it."""

    def reset(self) -> None:
        """Read the file and all of its kinds with what fits each record."""


class FileSchemaBox(QGroupBox):
    """The schema that was chosen for the file, those of its kinds, and the way back."""

    def __init__(
        self, schema: FileSchema, brought: SignalInstance, preferences: Preferences
    ) -> None:
        super().__init__("Schema")
        self._schema, self._preferences = schema, preferences
        self.choice = QComboBox()
        self._own: tuple[str, ...] = ()
        self._list()
        self.choice.activated.connect(self._choose)
        brought.connect(self.fill)
        self.kinds = plain_label()
        self.others = plain_label()
        self.back = QPushButton("Reset t&o automatic")
        self.back.clicked.connect(lambda _=False: self._reset())
        self.back_all = QPushButton("Automatic for all fi&les")
        self.back_all.clicked.connect(lambda _=False: preferences.forget_schemas())
        rows = QFormLayout(self)
        rows.addRow("Read this &file with:", self.choice)
        for row in (self.kinds, self.back, self.others, self.back_all):
            rows.addRow(row)

    def fill(self) -> None:
        """Show what is so now."""
        facts, now, file = self._schema.state()
        used = facts is not None and facts.form is Form.SQLITE
        self.setTitle(f"Schema of {visible(Path(facts.path).name)}" if facts else "Schema")
        self.choice.setEnabled(used)
        own = dict.fromkeys((*own_schemas(), *filter(is_own, (now.schema,))))
        if tuple(own) != self._own:
            self._own = tuple(own)
            self._list()
        self.choice.setCurrentIndex(self.choice.findData(now.schema))
        kinds = [f"{_kind(kind)}: {_name(name)}" for kind, name in sorted(now.schemas.items())]
        self.kinds.setText(visible(", ".join(kinds)))
        self.kinds.setVisible(bool(kinds))
        self.back.setEnabled(used and (now.schema != AUTO or bool(kinds)))
        others = self._others(file)
        self.others.setText(f"{count(others, 'other file')}: a schema was chosen.")
        self.others.setVisible(others > 0)
        self.back_all.setVisible(others > 0)

    def _list(self) -> None:
        self.choice.clear()
        self.choice.addItem(_AUTOMATIC, AUTO)
        for schema, label in schema_labels(self._own).items():
            self.choice.addItem(label, schema)
        for words in _ASKING:
            self.choice.addItem(words)
        for release in reversed(releases()):
            self.choice.addItem(release, release)

    def _others(self, own: str) -> int:
        """How many other files are read with a schema that was chosen."""
        files = self._preferences.settings.files
        return sum(
            name != own and isinstance(stored, dict) and bool({"schema", "schemas"} & set(stored))
            for name, stored in files.items()
        )

    def _choose(self, index: int) -> None:
        folder = _ASKING.get(self.choice.itemText(index))
        if folder is None or self.choice.itemData(index) is not None:
            self._schema.choose(str(self.choice.itemData(index)))
        else:
            self._schema.ask(None, folder=folder)
        self.fill()

    def _reset(self) -> None:
        self._schema.reset()
        self.fill()


def _name(schema: str) -> str:
    return "automatic" if schema == AUTO else schema_name(schema)


def _kind(kind: str) -> str:
    known = display(kind)
    return known[0] if known is not None else kind


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
    """Shows the preferences and how the file of one window is read.

    Args:
        window: where it is asked for.
        preferences: the preferences.
        schema: what the file of the window is read with.
        brought: tells that a schema of one's own is there.
        read: tells that a store was opened in the window.
    """

    def __init__(
        self,
        window: QWidget,
        preferences: Preferences,
        schema: FileSchema,
        brought: SignalInstance,
        read: SignalInstance,
    ) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Preferences")
        self._preferences = preferences
        self.switches: dict[str, QCheckBox] = {}
        self.theme = self._choice("appearance", _THEMES)
        self.zoom = self._choice("zoom", [(f"{zoom} %", zoom) for zoom in ZOOMS])
        self.times = self._choice("times", _TIMES)
        self.schema = FileSchemaBox(schema, brought, preferences)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        reset = self.buttons.addButton("Reset to &defaults", QDialogButtonBox.ButtonRole.ResetRole)
        reset.clicked.connect(lambda _=False: preferences.reset())
        self.buttons.rejected.connect(self.close)
        self._lay_out()
        take_icons_off(self)
        preferences.changed.connect(self.fill)
        read.connect(self.fill)
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
        box.activated.connect(lambda index: self._preferences.prefer(name, box.itemData(index)))
        return box

    def _group(self, title: str, switches: Sequence[tuple[str, str]]) -> QGroupBox:
        group = QGroupBox(title)
        column = QVBoxLayout(group)
        for name, words in switches:
            self.switches[name] = box = QCheckBox(words)
            box.toggled.connect(partial(self._preferences.prefer, name))
            column.addWidget(box)
        return group

    def fill(self, _facts: object = None) -> None:
        """Show what is so now."""
        settings = self._preferences.settings
        self.theme.setCurrentIndex(self.theme.findData(settings.appearance))
        self.zoom.setCurrentIndex(self.zoom.findData(next_zoom(settings.zoom, 0)))
        self.times.setCurrentIndex(self.times.findData(settings.times))
        for name, box in self.switches.items():
            blocked = QSignalBlocker(box)
            box.setChecked(getattr(settings, name))
            blocked.unblock()
        self.schema.fill()
