"""Finding names and values within a record, in the worker, with a find bar for the field tree."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Sequence
from threading import Event
from typing import Final

from PySide6.QtCore import QObject, Signal

from inspector.decode.field_runs import kept_node
from inspector.decode.json_text import timestamp
from inspector.decode.node import Node, NodeKind, Tree
from inspector.decode.well_known import is_flat
from inspector.errors import CancelledError
from inspector.gui.cells.value_cells import OPAQUE, number_text, parts
from inspector.gui.fields.field_cells import FieldLook
from inspector.gui.fields.field_items import way_of
from inspector.gui.fields.field_tree import FieldTree
from inspector.gui.style.text_format import count, visible
from inspector.gui.tasks import LARGE, Report, Tasks
from inspector.gui.widgets.find_bar import FindBar
from inspector.invisible import holds
from inspector.named_tuple import NamedTuple

MOST: Final = 10_000  #: hits that are found
_ROUND: Final = 5_000  #: nodes between two looks at the cancel flag
Way = list[int]


class FieldHits(NamedTuple):
    """What was found.

    Attributes:
        ways: to the fields that hold it, in the order of the tree.
        more: they are not all.
        hits: of each field, how often its name and how often its value holds it.
        nodes: ``id()`` of the fields' nodes.
    """

    ways: list[Way]
    more: bool = False
    hits: Sequence[tuple[int, int]] = ()
    nodes: frozenset[int] = frozenset()

    def hits_of(self, number: int) -> int:
        """How often a field holds it."""
        return sum(self.hits[number]) if self.hits else 1

    @property
    def total(self) -> int:
        """How often it was found."""
        return sum(map(sum, self.hits)) if self.hits else len(self.ways)


class HitPlace(NamedTuple):
    """A hit: the number of its field, and which of that field's hits it is; none is -1."""

    field: int = -1
    hit: int = 0


def seek(
    tree: Tree, needle: str, hidden: Collection[int], *, case: bool, cancel: Event
) -> FieldHits:
    """Every value whose name or text holds the needle; for the worker.

    Args:
        tree: the record.
        needle: what is sought.
        hidden: ``id()`` of nodes whose value is covered: only their names are looked at.
        case: whether upper and lower case differ.
        cancel: set when nobody wants it any more.

    Raises:
        CancelledError: it is set.
    """
    sought = needle if case else needle.lower()
    ways: list[Way] = []
    hits: list[tuple[int, int]] = []
    nodes: set[int] = set()
    # Where the walk is: the children on each level, and which of them. No object is made for a
    # node: millions of them would have the garbage collector stop the window.
    levels, way = [tree.root.children], [-1]
    seen = 0
    while levels:
        way[-1] += 1
        if way[-1] == len(levels[-1]):
            levels.pop()
            way.pop()
            continue
        node = levels[-1][way[-1]]
        seen += 1
        if seen % _ROUND == 0 and cancel.is_set():
            raise CancelledError("Cancelled.")
        covered = id(node) in hidden
        name, text = _name(node), "" if covered else _text(node)
        if _holds(name, sought, case) or _holds(text, sought, case):
            if len(ways) == MOST:
                return FieldHits(ways, True, hits, frozenset(nodes))
            ways.append(list(way))
            hits.append((_count(name, sought, case), _count(text, sought, case)))
            nodes.add(id(kept_node(levels[-1], node)))
        if node.children and not covered and not is_flat(node):
            levels.append(node.children)
            way.append(-1)
    return FieldHits(ways, False, hits, frozenset(nodes))


def _holds(words: str, sought: str, case: bool) -> bool:
    return holds(words if case else words.lower(), sought)


def _count(words: str, sought: str, case: bool) -> int:
    """How often words hold what is sought; once where that is only told otherwise."""
    found = (words if case else words.lower()).count(sought)
    return found or int(_holds(words, sought, case))


def _name(node: Node) -> str:
    if node.label is not None:
        return node.label if isinstance(node.label, str) else ""
    return node.field.name if node.field is not None else ""


def _text(node: Node) -> str:
    value = node.value
    if isinstance(value, str):
        return value
    if node.kind == NodeKind.ENUM:
        enum = node.field.enum if node.field is not None else None
        return f"{enum.names.get(value, '') if enum is not None else ''} {value}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is not None and not isinstance(value, bytes) and node.kind not in OPAQUE:
        return number_text(node)
    return (timestamp(*parts(node)) or "").replace("T", " ") if is_flat(node) else ""


def next_way(sought: FieldHits, current: int, by: int, here: Way) -> int:
    """The number of the next hit in a direction; from where the cursor is if none is current."""
    count = len(sought.ways)
    if not count:
        return -1
    if current >= 0:
        return (current + by) % count
    at = bisect_left(sought.ways, here)
    return (at if by > 0 else at - 1) % count


def next_place(sought: FieldHits, now: HitPlace, by: int, here: Way) -> HitPlace:
    """The next hit in a direction: first within its field, then in the next one."""
    hit = now.hit + by
    if now.field >= 0 and 0 <= hit < sought.hits_of(now.field):
        return HitPlace(now.field, hit)
    field = next_way(sought, now.field, by, here)
    if field < 0:
        return HitPlace()
    return HitPlace(field, 0 if by > 0 else sought.hits_of(field) - 1)


def number_of(sought: FieldHits, place: HitPlace) -> int:
    """The number of a hit among all, from 0; -1 for none."""
    if place.field < 0:
        return -1
    return sum(map(sought.hits_of, range(place.field))) + place.hit


def sought_words(sought: FieldHits, current: int) -> str:
    """Which hit of how many."""
    count = sought.total
    if not count:
        return "No results"
    total = f"more than {count:,}" if sought.more else f"{count:,}"
    return f"{current + 1:,} of {total}" if current >= 0 else total


_NONE = FieldHits([])


class FieldSearch(QObject):
    """Puts the cursor of a tree on what is found, and lets it stand out there.

    ``marked`` tells what is sought, whether case matters, and which of the hits in the value of the
    current row is meant, -1 for none of them: the value is read elsewhere.
    """

    marked = Signal(str, bool, int)

    def __init__(self, bar: FindBar, tree: FieldTree, tasks: Tasks) -> None:
        super().__init__(bar)
        self._bar, self._tree, self._tasks = bar, tree, tasks
        self._sought, self._place = _NONE, HitPlace()
        self._needle = ("", False)
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
        if self._needle[0] or not self._bar.isHidden():
            self.seek(*self._bar.needle())

    def seek(self, needle: str, case: bool) -> None:
        """Look for something from the cursor on."""
        self._seek(needle, case, lambda sought: self._found(sought, needle, case))

    def point(self, needle: str, case: bool) -> None:
        """Go to the first place of what was sought elsewhere, while the bar is hidden."""
        if self._bar.isHidden():
            self.seek(needle, case)

    def lend(self, needle: str, case: bool) -> None:
        """Mark what was sought elsewhere while the bar is hidden; the cursor stays on its hit."""

        def found(sought: FieldHits) -> None:
            self._mark(sought, needle, case)
            item = self._tree.current()
            way = way_of(item) if item is not None else []
            if way in sought.ways:
                field = sought.ways.index(way)
                self._place = HitPlace(field, sought.hits[field][0])
                self.marked.emit(needle, case, 0)

        if self._bar.isHidden():
            self._seek(needle, case, found)

    def _seek(self, needle: str, case: bool, found: Callable[[FieldHits], None]) -> None:
        self._needle = (needle, case)
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

        def work(cancel: Event, _report: Report) -> FieldHits:
            return seek(tree, needle, hidden, case=case, cancel=cancel)

        self._bar.say("Searching\N{HORIZONTAL ELLIPSIS}")
        self._tasks.run(
            "field find",
            work,
            found,
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
        self.marked.emit(*self._needle, max(-1, place.hit - in_name))
        self._bar.say(sought_words(sought, number_of(sought, place)))

    def _found(self, sought: FieldHits, needle: str, case: bool) -> None:
        self._mark(sought, needle, case)
        self.step(1)

    def _mark(self, sought: FieldHits, needle: str, case: bool) -> None:
        self._sought = sought
        self._bar.say(sought_words(sought, -1))
        fields = len(sought.ways)
        self._bar.remark(f"in {count(fields, 'field')}" if fields else "")
        sought_for = re.compile(re.escape(visible(needle)), 0 if case else re.IGNORECASE)
        self._tree.fields.set_found((sought_for, sought.nodes) if fields else None)


def _hidden(look: FieldLook) -> frozenset[int]:
    return frozenset(look.hidden())
