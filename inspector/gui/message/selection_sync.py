"""One selection for the field tree, the JSON, the bytes and the value of a record."""

from __future__ import annotations

from threading import Event

from PySide6.QtCore import QEvent, QObject, Signal

from inspector.decode.byte_map import owner
from inspector.errors import InspectorError
from inspector.gui.bytes.hex_pane import HexPane
from inspector.gui.fields.field_items import FieldItem, Graft, way_of
from inspector.gui.fields.field_tree import FieldTree
from inspector.gui.tasks import Report, Tasks
from inspector.gui.text.json_pane import JsonPane
from inspector.gui.values.value_pane import ValuePane
from inspector.gui.values.value_text import graft_label, graft_of
from inspector.session.record_links import LinkTarget
from inspector.session.summaries import Record


class SelectionSync(QObject):
    """Keeps the views of a record on the same value; the tree's cursor is the selection.

    ``told`` has a sentence for the status line.
    """

    told = Signal(str)

    def __init__(
        self, tree: FieldTree, reader: ValuePane, json: JsonPane, bytes_: HexPane, tasks: Tasks
    ) -> None:
        super().__init__(tree)
        self._tree, self._reader, self._json, self._bytes = tree, reader, json, bytes_
        self._tasks = tasks
        self._record: Record | None = None
        self._leader: QObject | None = None  #: the view whose selection the others follow now
        tree.selected.connect(self.show)
        bytes_.moved.connect(self._byte_moved)
        json.chosen.connect(lambda way: self._follow(json, way))
        reader.graft_wanted.connect(self.grow)
        bytes_.view.is_lit = lambda: bytes_.view.hasFocus() or tree.hasFocus()
        tree.installEventFilter(self)

    def set_record(self, record: Record | None) -> None:
        """Show the bytes of another record; the tree shows it already."""
        self._record = record
        self._tasks.forget("graft")
        self._bytes.set_record(record.tree if record else None, self._tree.fields.look)

    def show(self, item: FieldItem | None) -> None:
        """Show a row of the tree in all views."""
        look = self._tree.fields.look
        self._reader.show_item(item, look)
        self._bytes.show_item(item, stay=self._leader is self._bytes)
        if self._leader is not self._json:
            self._json.show_way(way_of(item) if item is not None else None)

    def cover_again(self) -> None:
        """Follow what is revealed now."""
        self._bytes.cover_again()
        look = self._tree.fields.look
        shown = frozenset(look.revealed)
        self._json.set_record(self._record, reveal=look.all_revealed, shown=shown)
        self.show(self._tree.current())

    def grow(self) -> bool:
        """Show the tree that can be read out of the current value; False where there is none."""
        item, look = self._tree.current(), self._tree.fields.look
        if item is None or not graft_label(item, look):
            return False
        record = self._record

        def work(_cancel: Event, _report: Report) -> Graft:
            return graft_of(item, look)

        def done(graft: Graft) -> None:
            if record is self._record and not item.grafts():
                self._tree.grow(item, graft)
                self.show(self._tree.current())

        self._tasks.run("graft", work, done, self._fail, slow=True)
        return True

    def _byte_moved(self, offset: int) -> None:
        tree = self._record.tree if self._record is not None else None
        if tree is not None:
            self._follow(self._bytes, owner(tree, offset))

    def _follow(self, leader: QObject, way: list[int]) -> None:
        """Put the tree's cursor where another view went; that one stays as it is."""
        item = self._tree.fields.item_of(way)
        if item.parent is None:
            return
        self._leader = leader
        if item is not self._tree.current():
            self._tree.reveal(item)
        self._leader = None

    def _fail(self, error: InspectorError) -> None:
        self.told.emit(str(error))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The marks of the bytes are as bright as the row of the tree."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._bytes.view.viewport().update()
        return super().eventFilter(watched, event)


class FieldActivation(QObject):
    """Follows links, covers and uncovers secrets, opens and closes rows.

    ``link_wanted`` tells which record, a :class:`LinkTarget`, is to be read.
    """

    link_wanted = Signal(LinkTarget)

    def __init__(self, tree: FieldTree, bytes_: HexPane, selection_sync: SelectionSync) -> None:
        super().__init__(tree)
        self._tree, self._selection_sync = tree, selection_sync
        bytes_.activated.connect(self.press)
        tree.activated.connect(lambda _: self.press())
        tree.pressed_value.connect(self.follow)

    def follow(self) -> bool:
        """Follow the link the cursor is on; False where it is on none."""
        item = self._tree.current()
        link = self._tree.fields.look.link(item) if item is not None else None
        if link is None or link.target is None:
            return False
        self.link_wanted.emit(link.target)
        return True

    def press(self) -> None:
        """What Enter does on a field: follow its link, uncover or cover it, else open or close."""
        item = self._tree.current()
        if item is None or self.follow() or self.toggle_cover():
            return
        if not item.has_children() and self._selection_sync.grow():
            return
        index = self._tree.currentIndex().siblingAtColumn(0)
        self._tree.setExpanded(index, not self._tree.isExpanded(index))

    def toggle_cover(self) -> bool:
        """Uncover or cover a secret; False where there is none to cover."""
        item = self._tree.current()
        if item is None or not self._tree.fields.toggle(item):
            return False
        self._selection_sync.cover_again()
        return True
