"""Enables what can be done with the field, or the value of a row, that the cursor is on."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from inspector.gui.actions import Actions
from inspector.gui.fields.field_equality import equality
from inspector.gui.fields.field_tree import FieldTree
from inspector.gui.record.record_pane import RecordPane
from inspector.gui.record_context import RecordContext
from inspector.gui.values.value_text import graft_label

_ALL = ("follow", "uncover", "open_below", "grow", "filter_by_value")


class FieldActions(QObject):
    """Follows the cursor of the field tree, and of a row of a table where one is shown."""

    def __init__(self, context: RecordContext, pane: RecordPane, actions: Actions) -> None:
        super().__init__(pane)
        self._pane, self._actions = pane, actions
        # One look is enough, however much changes at once.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.enable)
        self._follow(pane.tree)
        pane.events.made.connect(self._follow_event)
        for changed in (context.shown, context.tabs.changed):
            changed.connect(lambda *_: self._soon.start())
        pane.row.changed.connect(self._soon.start)
        pane.row.blob_made.connect(self._follow_blob)
        self.enable()

    def _follow(self, tree: FieldTree) -> None:
        fields = tree.fields
        for changed in (tree.selected, fields.dataChanged, fields.layoutChanged):
            changed.connect(lambda *_: self._soon.start())
        for changed in (fields.modelReset, fields.rowsInserted):
            changed.connect(lambda *_: self._soon.start())

    def _follow_event(self) -> None:
        """The same for the fields of an event, which are made when there is one."""
        area = self._pane.events.area
        if area is not None:
            self._follow(area.views.tree)

    def _follow_blob(self) -> None:
        """The same for the fields of a blob."""
        blob = self._pane.row.blob
        if blob is not None:
            self._follow(blob.message.views.tree)

    def _enable_blob(self) -> None:
        """What can be done with a value of a row, and with a field of it where it is a message."""
        row, actions = self._pane.row, self._actions
        message = row.message()
        tree = message.views.tree if message is not None else None
        item = tree.current() if tree is not None else None
        node = item.node if item is not None else None
        look = tree.fields.look if tree is not None else None
        covers = node is not None and look is not None and look.can_hide(node)
        actions["uncover"].setEnabled(row.can_cover() or (covers and not row.reveals_all()))
        actions["open_below"].setEnabled(item is not None and item.has_children())
        actions["copy_path"].setEnabled(item is not None)

    def enable(self) -> None:
        """Enable what does something where the cursor is, and nothing else."""
        pane, actions = self._pane, self._actions
        actions["read_as"].setEnabled(pane.shows_row() and pane.row.column() is not None)
        actions["sort_column"].setEnabled(pane.shows_row())
        if pane.shows_row():
            actions.enable(_ALL, on=False)
            self._enable_blob()
            return
        tree = pane.at_hand().tree
        item, look = tree.current(), tree.fields.look
        node = item.node if item is not None and pane.record is not None else None
        link = look.link(item) if item is not None and node is not None else None
        actions["follow"].setEnabled(link is not None and link.target is not None)
        covers = node is not None and look.can_hide(node) and not look.all_revealed
        actions["uncover"].setEnabled(covers)
        there = item is not None and pane.record is not None
        actions["open_below"].setEnabled(there and item is not None and item.has_children())
        grows = item is not None and node is not None and bool(graft_label(item, look))
        actions["grow"].setEnabled(grows)
        equal = item is not None and tree is pane.tree and there and bool(equality(item, look))
        actions["filter_by_value"].setEnabled(equal)
