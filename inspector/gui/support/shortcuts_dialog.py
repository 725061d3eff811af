"""The keys of the window: made of the actions, so that the list cannot be wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from PySide6.QtCore import QKeyCombination, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QMenu, QMenuBar, QVBoxLayout

from inspector.gui.cells.columns import Column
from inspector.gui.cells.list_model import ListModel
from inspector.gui.cells.table_view import TableView
from inspector.gui.dialogs.message_boxes import give_size
from inspector.gui.style.text_runs import DIM, FIXED, TEXT, Cell, text
from inspector.gui.widgets.bar import Bar
from inspector.gui.widgets.buttons import plain
from inspector.gui.widgets.search_field import SearchField
from inspector.named_tuple import NamedTuple

_COLUMNS: Final = (
    Column("keys", "Keys", 190, narrow=156),
    Column("does", "Action", 240, stretch=True),
    Column("menu", "Menu", 90),
)

#: Keys that are no action of a menu: they are those of the lists and trees themselves.
_WITHIN: Final = (
    ("Enter", "Open, follow the link, or show a hidden value", "Fields"),
    ("Right, Left", "Open and close a field", "Fields"),
    ("*", "Open a field and all below it", "Fields"),
    ("letters", "Go to the row that begins with it", "Lists"),
    ("Ctrl+click", "Select two versions to compare them", "History"),
    ("Ctrl+Up or Down, Ctrl+Space", "The same with keys", "History"),
    ("Esc", "Clear, then back to the list", "Lists"),
    ("Menu", "Show the context menu", "everywhere"),
    ("Tab, Shift+Tab", "Next and previous control", "everywhere"),
)


class ShortcutRow(NamedTuple):
    """A line of the list."""

    keys: str
    does: str
    menu: str


def rows_of(bar: QMenuBar) -> list[ShortcutRow]:
    """The keys of all actions of the menus, then those of lists and trees."""
    found = [row for menu in _menus(bar.actions()) for row in _rows(menu, plain(menu.title()))]
    return found + [ShortcutRow(*row) for row in _WITHIN]


def _menus(actions: Sequence[QAction]) -> Iterator[QMenu]:
    for action in actions:
        menu = action.menu()
        if isinstance(menu, QMenu):
            yield menu


def _rows(menu: QMenu, title: str) -> Iterator[ShortcutRow]:
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from _rows(inner, title)
        elif action.shortcuts():
            native = QKeySequence.SequenceFormat.NativeText
            keys = ", ".join(key.toString(native) for key in action.shortcuts() if _is_usual(key))
            yield ShortcutRow(keys, plain(action.text()), title)


def _is_usual(keys: QKeySequence) -> bool:
    """Whether most keyboards have them; the words of the others would say what they do twice."""
    first: QKeyCombination = keys[0]  # type: ignore[index] # the stubs do not know it
    key = first.key()
    return key < Qt.Key.Key_Back and not Qt.Key.Key_F13 <= key <= Qt.Key.Key_F35


class ShortcutsModel(ListModel[ShortcutRow]):
    """Rows of keys."""

    def __init__(self, rows: Sequence[ShortcutRow], parent: QObject | None = None) -> None:
        super().__init__(_COLUMNS, parent)
        self.set_rows(rows)

    def cell(self, row: ShortcutRow, key: str) -> Cell:
        """What stands in a column of a row."""
        words = {"keys": row.keys, "does": row.does, "menu": row.menu}[key]
        return text(words, {"keys": FIXED, "does": TEXT, "menu": DIM}[key])


class ShortcutsDialog(QDialog):
    """A list of all keys; never blocks."""

    def __init__(self, bar: QMenuBar) -> None:
        super().__init__(bar.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Keyboard shortcuts")
        self.field = SearchField("filter", "Ctrl+F")
        self.field.set_words("Filter by key, action or menu", "Filter")
        self._every = tuple(rows_of(bar))
        self.keys = ShortcutsModel(self._every, self)
        self.table = TableView(_COLUMNS)
        self.table.setAccessibleName("Keyboard shortcuts")
        self.table.setModel(self.keys)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        head = Bar(40, line=True)
        head.row.addWidget(self.field)
        column.addWidget(head)
        column.addWidget(self.table)
        self.field.textChanged.connect(self._filter)
        self.field.left.connect(self.table.setFocus)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self.field.setFocus)
        give_size(self, 640, 560)
        self.field.setFocus()

    def _filter(self, text: str) -> None:
        """List the rows that hold every word of a text, whatever their case."""
        words = text.casefold().split()
        rows = [row for row in self._every if all(w in " ".join(row).casefold() for w in words)]
        self.keys.set_rows(rows)
