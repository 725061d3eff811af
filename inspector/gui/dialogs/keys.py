"""The keys of the window: made of the actions, so that the list cannot be wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QMenu, QMenuBar, QVBoxLayout

from inspector.gui.columns import Column, head
from inspector.gui.runs import CELL_ROLE, DIM, FIXED, TEXT, Cell, text
from inspector.gui.views.table import Table

Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()
_COLUMNS: Final = (
    Column("keys", "Keys", 190),
    Column("does", "What they do", 240, stretch=True),
    Column("menu", "Menu", 90),
)

#: Keys that are no action of a menu: they are those of the lists and trees themselves.
_WITHIN: Final = (
    ("Enter", "Open, follow the link, or show a covered value", "Fields"),
    ("Right, Left", "Open and close a field", "Fields"),
    ("*", "Open a field and all below it", "Fields"),
    ("letters", "Go to what begins with them", "Lists"),
    ("Esc", "Clear, then back to the list", "Lists"),
    ("Menu", "What can be done here", "everywhere"),
    ("Tab, Shift+Tab", "Next and previous control", "everywhere"),
)


class KeyRow(NamedTuple):
    """A line of the list."""

    keys: str
    does: str
    menu: str


def rows_of(bar: QMenuBar) -> list[KeyRow]:
    """The keys of all actions of the menus, then those of lists and trees."""
    found = [row for menu in _menus(bar.actions()) for row in _rows(menu, plain(menu.title()))]
    return found + [KeyRow(*row) for row in _WITHIN]


def _menus(actions: Sequence[QAction]) -> Iterator[QMenu]:
    for action in actions:
        menu = action.menu()
        if isinstance(menu, QMenu):
            yield menu


def _rows(menu: QMenu, title: str) -> Iterator[KeyRow]:
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from _rows(inner, title)
        elif action.shortcuts():
            native = QKeySequence.SequenceFormat.NativeText
            keys = ", ".join(key.toString(native) for key in action.shortcuts())
            yield KeyRow(keys, plain(action.text()), title)


def plain(text_: str) -> str:
    """Words of a menu without its mnemonic and dots."""
    bare = text_.replace("&&", "\0").replace("&", "").replace("\0", "&")
    return bare.rstrip("\N{HORIZONTAL ELLIPSIS}")


class KeysModel(QAbstractTableModel):
    """Rows of keys."""

    def __init__(self, rows: Sequence[KeyRow], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows = list(rows)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Number of rows."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Number of columns."""
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Head of a column."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(_COLUMNS):
            return None
        return head(_COLUMNS[section], role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Cell, text and speech."""
        if not 0 <= index.row() < len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == CELL_ROLE:
            return _cell(row, index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return row[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == 0:
            return f"{row.keys}, {row.does}"
        return None


def _cell(row: KeyRow, column: int) -> Cell:
    return text(row[column], (FIXED, TEXT, DIM)[column])


class KeysDialog(QDialog):
    """A list of all keys; never blocks."""

    def __init__(self, bar: QMenuBar) -> None:
        super().__init__(bar.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Keys")
        self.keys = KeysModel(rows_of(bar), self)
        self.table = Table(_COLUMNS)
        self.table.setAccessibleName("Keys")
        self.table.setModel(self.keys)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)
        self.resize(640, 560)
        self.table.setFocus()
