"""A find bar for the field tree: names and values, found in the worker."""

from __future__ import annotations

import re
from threading import Event

from PySide6.QtCore import QObject, Signal

from inspector.gui.models.field_cells import Look
from inspector.gui.models.items import way_of
from inspector.gui.models.seeking import (
    HitPlace,
    Sought,
    next_place,
    number_of,
    seek,
    sought_words,
)
from inspector.gui.tasks import LARGE, Report, Tasks
from inspector.gui.views.tree import FieldTree
from inspector.gui.widgets.find_bar import FindBar
from inspector.gui.words import count, visible

_NONE = Sought([])


class TreeFinder(QObject):
    """Puts the cursor of a tree on what is found, and lets it stand out there.

    ``marked`` tells what is sought, whether case matters, and which of the hits in the value of the
    current row is meant, -1 for none of them: the value is read elsewhere.
    """

    marked = Signal(str, bool, int)

    def __init__(self, bar: FindBar, tree: FieldTree, tasks: Tasks) -> None:
        super().__init__(bar)
        self._bar, self._tree, self._tasks = bar, tree, tasks
        self._sought, self._place = _NONE, HitPlace()
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
        self._sought, self._place = _NONE, HitPlace()
        self._bar.say("")
        self._bar.remark("")
        self._tree.fields.set_found(None)
        self.marked.emit(needle, case, -1)
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
            lambda sought: self._found(sought, needle, case),
            lambda error: self._bar.say(str(error)),
            slow=len(tree.data) > LARGE,
        )

    def step(self, by: int) -> None:
        """Go to the next hit (1) or the one before (-1)."""
        item = self._tree.current()
        here = way_of(item) if item is not None else []
        before, sought = self._place, self._sought
        place = self._place = next_place(sought, before, by, here)
        if place.field < 0:
            return
        there = self._tree.fields.item_of(sought.ways[place.field])
        if place.field != before.field or there is not item:
            self._tree.reveal(there)
        in_name = sought.hits[place.field][0] if sought.hits else 0
        self.marked.emit(*self._bar.needle(), max(-1, place.hit - in_name))
        self._bar.say(sought_words(sought, number_of(sought, place)))

    def _found(self, sought: Sought, needle: str, case: bool) -> None:
        self._sought = sought
        self._bar.say(sought_words(sought, -1))
        fields = len(sought.ways)
        self._bar.remark(f"in {count(fields, 'field')}" if fields else "")
        sought_for = re.compile(re.escape(visible(needle)), 0 if case else re.IGNORECASE)
        self._tree.fields.set_found((sought_for, sought.nodes) if fields else None)
        self.step(1)


def _hidden(look: Look) -> frozenset[int]:
    return frozenset(look.hidden())
