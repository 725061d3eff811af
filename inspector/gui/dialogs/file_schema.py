"""What the file of a window is read with, as part of the preferences."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QComboBox, QFormLayout, QGroupBox, QPushButton

from inspector.gui.main_window import MainWindow
from inspector.gui.preferring import Preferring
from inspector.gui.schema_labels import schema_labels
from inspector.gui.widgets.banner import plain_label
from inspector.gui.words import count, visible
from inspector.schema.catalog import AUTO, display, is_own, own_schemas, releases, schema_name
from inspector.store.types import Form

_AUTOMATIC: Final = "Detect per record"
#: What asks for a schema of one's own instead of being one, and whether it asks for a folder.
_ASKING: Final = {
    "Own schema from a file\N{HORIZONTAL ELLIPSIS}": False,
    "Own schema from a folder\N{HORIZONTAL ELLIPSIS}": True,
}


class FileSchema(QGroupBox):
    """The schema that was chosen for the file, those of its kinds, and the way back."""

    def __init__(self, window: MainWindow, preferring: Preferring) -> None:
        super().__init__("Schema")
        self._window, self._preferring = window, preferring
        self.choice = QComboBox()
        self._own: tuple[str, ...] = ()
        self._list()
        self.choice.activated.connect(self._choose)
        window.bringing.brought.connect(self.fill)
        self.kinds = plain_label()
        self.others = plain_label()
        self.back = QPushButton("Reset t&o automatic")
        self.back.clicked.connect(lambda _=False: self._reset())
        self.back_all = QPushButton("Automatic for all fi&les")
        self.back_all.clicked.connect(lambda _=False: preferring.forget_schemas())
        rows = QFormLayout(self)
        rows.addRow("Read this &file with:", self.choice)
        for row in (self.kinds, self.back, self.others, self.back_all):
            rows.addRow(row)

    def fill(self) -> None:
        """Show what is so now."""
        window = self._window
        facts, now = window.facts, window.keeper.now
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
        others = self._others()
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

    def _others(self) -> int:
        """How many other files are read with a schema that was chosen."""
        files, own = self._preferring.settings.files, self._window.keeper.file
        return sum(
            name != own and isinstance(stored, dict) and bool({"schema", "schemas"} & set(stored))
            for name, stored in files.items()
        )

    def _choose(self, index: int) -> None:
        folder = _ASKING.get(self.choice.itemText(index))
        if folder is None or self.choice.itemData(index) is not None:
            self._window.schemas.choose(str(self.choice.itemData(index)))
        else:
            self._window.bringing.ask(None, folder=folder)
        self.fill()

    def _reset(self) -> None:
        self._window.schemas.reset()
        self.fill()


def _name(schema: str) -> str:
    return "automatic" if schema == AUTO else schema_name(schema)


def _kind(kind: str) -> str:
    known = display(kind)
    return known[0] if known is not None else kind
