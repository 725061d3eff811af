"""Enables what can be done with the field, or the value of a row, that the cursor is on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from inspector.gui.models.reading import graft_label

if TYPE_CHECKING:
    from inspector.gui.main_window import MainWindow

_ALL = ("follow", "uncover", "open_below", "grow")


class FieldActions(QObject):
    """Follows the cursor of the field tree, and of a row of a table where one is shown."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        record, fields = window.record, window.record.tree.fields
        # One look is enough, however much changes at once.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.enable)
        for changed in (record.tree.selected, fields.dataChanged, fields.layoutChanged):
            changed.connect(lambda *_: self._soon.start())
        for changed in (fields.modelReset, fields.rowsInserted, window.desk.shown):
            changed.connect(lambda *_: self._soon.start())
        record.row.changed.connect(self._soon.start)
        self.enable()

    def enable(self) -> None:
        """Enable what does something where the cursor is, and nothing else."""
        record, actions = self._window.record, self._window.actions_
        if record.shows_row():
            actions.enable(_ALL, on=False)
            actions["uncover"].setEnabled(record.row.can_cover())
            return
        item, look = record.tree.current(), record.tree.fields.look
        node = item.node if item is not None and record.record is not None else None
        link = look.link(item) if item is not None and node is not None else None
        actions["follow"].setEnabled(link is not None and link.target is not None)
        covers = node is not None and look.can_hide(node) and not look.all_revealed
        actions["uncover"].setEnabled(covers)
        there = item is not None and record.record is not None
        actions["open_below"].setEnabled(there and item is not None and item.has_children())
        grows = item is not None and node is not None and bool(graft_label(item, look))
        actions["grow"].setEnabled(grows)
