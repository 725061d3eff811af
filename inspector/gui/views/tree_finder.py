"""A find bar for the field tree: names and values, found in the worker."""

from __future__ import annotations

from threading import Event

from PySide6.QtCore import QObject

from inspector.gui.models.field_cells import Look
from inspector.gui.models.items import way_of
from inspector.gui.models.seeking import Sought, next_way, seek, sought_words
from inspector.gui.tasks import LARGE, Report, Tasks
from inspector.gui.views.tree import FieldTree
from inspector.gui.widgets.find_bar import FindBar

_NONE = Sought([])


class TreeFinder(QObject):
    """Puts the cursor of a tree on what is found."""

    def __init__(self, bar: FindBar, tree: FieldTree, tasks: Tasks) -> None:
        super().__init__(bar)
        self._bar, self._tree, self._tasks = bar, tree, tasks
        self._sought, self._current = _NONE, -1
        bar.sought.connect(self.seek)
        bar.stepped.connect(self.step)
        bar.closed.connect(tree.setFocus)
        tree.fields.modelReset.connect(self.again)

    def open(self) -> None:
        """Open the bar."""
        self._bar.open()
        self.again()

    def again(self) -> None:
        """Look through the record anew: it is another one, or other values are covered."""
        self.seek(*self._bar.needle())

    def seek(self, needle: str, case: bool) -> None:
        """Look for something from the cursor on."""
        self._tasks.forget("field find")
        self._sought, self._current = _NONE, -1
        self._bar.say("")
        tree, look = self._tree.fields.tree, self._tree.fields.look
        if not needle or tree is None:
            return
        hidden = _hidden(look)

        def work(cancel: Event, _report: Report) -> Sought:
            return seek(tree, needle, hidden, case=case, cancel=cancel)

        self._bar.say("Searching\N{HORIZONTAL ELLIPSIS}")
        self._tasks.run(
            "field find",
            work,
            self._found,
            lambda error: self._bar.say(str(error)),
            slow=len(tree.data) > LARGE,
        )

    def step(self, by: int) -> None:
        """Go to the next hit (1) or the one before (-1)."""
        item = self._tree.current()
        here = way_of(item) if item is not None else []
        self._current = next_way(self._sought, self._current, by, here)
        if self._current >= 0:
            self._tree.reveal(self._tree.fields.item_of(self._sought.ways[self._current]))
            self._bar.say(sought_words(self._sought, self._current))

    def _found(self, sought: Sought) -> None:
        self._sought = sought
        self._bar.say(sought_words(sought, -1))
        self.step(1)


def _hidden(look: Look) -> frozenset[int]:
    return frozenset(look.hidden())
