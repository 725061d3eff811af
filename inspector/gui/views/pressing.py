"""What Enter and a press do on the field the cursor is on."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from inspector.gui.views.hex_pane import HexPane
from inspector.gui.views.together import Together
from inspector.gui.views.tree import FieldTree


class Pressing(QObject):
    """Follows links, covers and uncovers secrets, opens and closes rows.

    ``link_wanted`` tells which record, a :class:`Target`, is to be read.
    """

    link_wanted = Signal(object)

    def __init__(self, tree: FieldTree, bytes_: HexPane, together: Together) -> None:
        super().__init__(tree)
        self._tree, self._together = tree, together
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
        if not item.has_children() and self._together.grow():
            return
        index = self._tree.currentIndex().siblingAtColumn(0)
        self._tree.setExpanded(index, not self._tree.isExpanded(index))

    def toggle_cover(self) -> bool:
        """Uncover or cover a secret; False where there is none to cover."""
        item = self._tree.current()
        if item is None or not self._tree.fields.toggle(item):
            return False
        self._together.cover_again()
        return True
