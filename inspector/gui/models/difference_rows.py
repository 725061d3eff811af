"""The rows of a difference, made in the worker: only what differs, or everything around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from inspector.decode.node import Node
from inspector.decode.paths import Place, children, key_text
from inspector.gui.words import count, visible
from inspector.history.difference import Change, Entry
from inspector.history.summary import is_bookkeeping
from inspector.history.text_difference import TextDifference, text_difference
from inspector.session.story import Compared, is_covered


@dataclass(eq=False)
class DiffRow:
    """A row.

    Attributes:
        name: path, or within another row the name of the field.
        change: how it differs; None for what is the same and for a row that only holds others.
        before: the value before, None where there was none.
        after: the value after.
        hidden: whether it is covered.
        lines: lines added and removed, of a long text.
        newline: that only the newline at its end differs, in words.
        note: what is said beside the name of a row that only holds others.
        entry: the difference itself; None for what is below or beside one.
    """

    name: str
    change: Change | None = None
    before: Place | None = None
    after: Place | None = None
    hidden: bool = False
    lines: tuple[int, int] | None = None
    newline: str = ""
    note: str = ""
    entry: Entry | None = None
    parent: DiffRow | None = field(default=None, repr=False)
    row: int = 0
    below: list[DiffRow] = field(default_factory=list, repr=False)

    def add(self, child: DiffRow) -> DiffRow:
        """Put a row below this one."""
        child.parent, child.row = self, len(self.below)
        self.below.append(child)
        return child

    def changes(self) -> Iterator[DiffRow]:
        """The rows below that differ, in order."""
        stack = self.below[::-1]
        while stack:
            one = stack.pop()
            if one.entry is not None:
                yield one
            stack.extend(reversed(one.below))


def rows_of(compared: Compared, *, everything: bool, reveal: bool = False) -> DiffRow:
    """All rows below one that is not shown.

    Args:
        compared: two records and what differs.
        everything: also what is the same.
        reveal: show secrets.
    """
    covered = compared.before.covered | compared.after.covered
    maker = _Maker(frozenset() if reveal else covered, reveal)
    entries = compared.difference.entries
    if everything and compared.after.tree is not None:
        return maker.everything(Place(compared.after.tree.root, None), entries)
    return maker.only_changes(entries)


class _Maker:
    def __init__(self, covered: frozenset[int], reveal: bool) -> None:
        self._covered, self._reveal = covered, reveal

    def only_changes(self, entries: Iterable[Entry]) -> DiffRow:
        root, bookkeeping = DiffRow(""), DiffRow("")
        for entry in entries:
            above = bookkeeping if is_bookkeeping(entry) else root
            self._entry(above, entry, entry.path)
        if bookkeeping.below:
            bookkeeping.name = count(len(bookkeeping.below), "hash and audit field")
            bookkeeping.note = ", ".join(visible(one.name) for one in bookkeeping.below)
            root.add(bookkeeping)
        return root

    def everything(self, top: Place, entries: list[Entry]) -> DiffRow:
        known = {id(one.after.node): one for one in reversed(entries) if one.after is not None}
        removed: dict[str, list[Entry]] = {}
        for entry in entries:
            if entry.after is None and entry.before is not None and entry.before.parent:
                removed.setdefault(entry.before.parent.path, []).append(entry)
        root = DiffRow("")
        stack = [(root, top)]
        while stack:
            above, place = stack.pop()
            for child in children(place):
                found = known.get(id(child.node))
                if found is not None and found.change is not Change.MOVED:
                    self._entry(above, found, name_of(child.node))
                    continue
                own = self._moved(above, found) if found is not None else self._same(above, child)
                if not own.hidden:
                    stack.append((own, child))
            for gone in removed.pop(place.path, ()) if removed else ():
                self._entry(above, gone, name_of(gone.before.node) if gone.before else gone.path)
        for rest in removed.values():
            for gone in rest:
                self._entry(root, gone, gone.path)
        return root

    def _same(self, above: DiffRow, place: Place) -> DiffRow:
        hidden = not self._reveal and is_covered(place, self._covered)
        return above.add(DiffRow(name_of(place.node), None, place, place, hidden))

    def _moved(self, above: DiffRow, entry: Entry) -> DiffRow:
        assert entry.after is not None
        name = name_of(entry.after.node)
        row = DiffRow(name, entry.change, entry.before, entry.after, entry.hidden, entry=entry)
        return above.add(row)

    def _entry(self, above: DiffRow, entry: Entry, name: str) -> None:
        row = DiffRow(name, entry.change, entry.before, entry.after, entry.hidden, entry=entry)
        above.add(row)
        if entry.hidden or entry.change is Change.MOVED:
            return
        if entry.change is Change.CHANGED:
            lines = _lines(entry)
            if lines is not None:
                row.lines = lines.added, lines.removed
                row.newline = lines.words if lines.only_newline else ""
            return
        stack = [row]
        while stack:
            one = stack.pop()
            place = one.after or one.before
            for child in children(place) if place is not None and not one.hidden else ():
                below = DiffRow(name_of(child.node), entry.change)
                below.hidden = not self._reveal and is_covered(child, self._covered)
                if entry.change is Change.ADDED:
                    below.after = child
                else:
                    below.before = child
                stack.append(one.add(below))


def name_of(node: Node) -> str:
    """The name of a field, an index, a key, or the number of an unknown field."""
    if node.label is not None:
        return f"[{key_text(node.label)}]"
    return node.field.name if node.field is not None else f"<{node.number}>"


def _lines(entry: Entry) -> TextDifference | None:
    texts = [place.node.value for place in (entry.before, entry.after) if place is not None]
    before, after = texts if len(texts) == 2 else (None, None)
    if not (isinstance(before, str) and isinstance(after, str) and "\n" in before + after):
        return None
    return text_difference(before, after)
