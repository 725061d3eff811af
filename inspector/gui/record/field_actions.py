"""Enables what can be done with the field, or the value of a row, that the cursor is on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from inspector.gui.values.value_text import graft_label

if TYPE_CHECKING:
    from inspector.gui.app.main_window import MainWindow
    from inspector.gui.fields.field_tree import FieldTree

_ALL = ("follow", "uncover", "open_below", "grow")


class FieldActions(QObject):
    """Follows the cursor of the field tree, and of a row of a table where one is shown."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        record = window.record
        # One look is enough, however much changes at once.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.enable)
        self._follow(record.tree)
        record.events.made.connect(self._follow_event)
        for changed in (window.desk.shown, record.tabs.changed):
            changed.connect(lambda *_: self._soon.start())
        record.row.changed.connect(self._soon.start)
        self.enable()

    def _follow(self, tree: FieldTree) -> None:
        fields = tree.fields
        for changed in (tree.selected, fields.dataChanged, fields.layoutChanged):
            changed.connect(lambda *_: self._soon.start())
        for changed in (fields.modelReset, fields.rowsInserted):
            changed.connect(lambda *_: self._soon.start())

    def _follow_event(self) -> None:
        """The same for the fields of an event, which are made when there is one."""
        area = self._window.record.events.area
        if area is not None:
            self._follow(area.views.tree)

    def enable(self) -> None:
        """Enable what does something where the cursor is, and nothing else."""
        record, actions = self._window.record, self._window.actions_
        if record.shows_row():
            actions.enable(_ALL, on=False)
            actions["uncover"].setEnabled(record.row.can_cover())
            return
        tree = record.at_hand().tree
        item, look = tree.current(), tree.fields.look
        node = item.node if item is not None and record.record is not None else None
        link = look.link(item) if item is not None and node is not None else None
        actions["follow"].setEnabled(link is not None and link.target is not None)
        covers = node is not None and look.can_hide(node) and not look.all_revealed
        actions["uncover"].setEnabled(covers)
        there = item is not None and record.record is not None
        actions["open_below"].setEnabled(there and item is not None and item.has_children())
        grows = item is not None and node is not None and bool(graft_label(item, look))
        actions["grow"].setEnabled(grows)
