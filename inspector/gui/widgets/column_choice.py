"""A list of columns with a tick each, of which some are chosen."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.style.text_format import visible


class ColumnChoice(QWidget):
    """All of them are ticked at first. ``changed`` tells that another choice was made.

    Args:
        columns: their names, in the order of the list.
        parent: where it stands.
    """

    changed = Signal()

    def __init__(self, columns: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self.list = QListWidget(self)
        self.list.setAccessibleName("Columns")
        for name in columns:
            item = QListWidgetItem(visible(name))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            self.list.addItem(item)
        self.none_button, self.all_button = QPushButton("&None", self), QPushButton("&All", self)
        some = QHBoxLayout()
        some.addStretch(1)
        some.addWidget(self.none_button)
        some.addWidget(self.all_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list, 1)
        column.addLayout(some)
        self.setFocusProxy(self.list)
        self.none_button.clicked.connect(lambda: self.choose(()))
        self.all_button.clicked.connect(lambda: self.choose(self._columns))
        self.list.itemChanged.connect(lambda _: self.changed.emit())

    def choose(self, names: Collection[str]) -> None:
        """Tick some columns, and no others."""
        for at, name in enumerate(self._columns):
            on = Qt.CheckState.Checked if name in names else Qt.CheckState.Unchecked
            self.list.item(at).setCheckState(on)

    def chosen(self) -> tuple[str, ...]:
        """The names of those that are ticked, in the order of the list."""
        on = Qt.CheckState.Checked
        return tuple(
            name for at, name in enumerate(self._columns) if self.list.item(at).checkState() == on
        )
