"""The field tree with what stands around it: from where it is shown, and the bar to find."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from inspector.gui.fields.field_items import FieldItem, path_of
from inspector.gui.fields.field_search import FieldSearch
from inspector.gui.fields.field_tree import FieldTree
from inspector.gui.tasks import Tasks
from inspector.gui.widgets.bar import Bar
from inspector.gui.widgets.find_bar import FindBar
from inspector.gui.widgets.labels import ElidedLabel


class FieldsPane(QWidget):
    """A strip over the tree while it is shown from a deep row on; a find bar under it."""

    def __init__(self, tree: FieldTree, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strip = Bar(32, left=12, line=True, ground="tint_span")
        self._level = ElidedLabel(Qt.TextElideMode.ElideRight)
        self._path = ElidedLabel(Qt.TextElideMode.ElideLeft, dim=True)
        top = QPushButton("Show from the top")
        top.clicked.connect(tree.show_all)
        for widget, stretch in ((self._level, 0), (self._path, 1)):
            self._strip.row.addWidget(widget, stretch)
        self._strip.row.addStretch()
        self._strip.row.addWidget(top)
        self._strip.hide()
        self.bar = FindBar("Find names and values")
        self.finder = FieldSearch(self.bar, tree, tasks)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._strip)
        column.addWidget(tree, 1)
        column.addWidget(self.bar)
        tree.rooted.connect(self._tell)

    def words(self) -> str:
        """From where the tree is shown; empty for all of it."""
        return "" if self._strip.isHidden() else self._level.text()

    def _tell(self, item: FieldItem | None) -> None:
        self._strip.setVisible(item is not None)
        if item is not None:
            self._level.setText(f"Shown below level {item.depth:,}")
            path = path_of(item)
            self._path.setText(path[-200:])
