"""A difference as a tree: its rows, made in the worker, and the model over them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Final

from PySide6.QtCore import QObject

from inspector.decode.node import Node, NodeKind
from inspector.decode.paths import NodePlace, children, label_step
from inspector.gui.cells.change_look import CHANGE_LOOKS
from inspector.gui.cells.columns import Column
from inspector.gui.cells.tree_model import TreeModel
from inspector.gui.cells.value_cells import covered_runs, value_runs
from inspector.gui.style.text_format import count, lines_of, visible
from inspector.gui.style.text_runs import (
    ADDED,
    DIM,
    EMPTY,
    FIXED,
    FIXED_DIM,
    REMOVED,
    Cell,
    Elide,
    Run,
    text,
)
from inspector.gui.style.time_format import TimeStyle
from inspector.history.alignment import LoneElements
from inspector.history.difference import Change, Entry, EntryRun, entry_parts, kept_entries
from inspector.history.summary import first_of, is_bookkeeping
from inspector.history.text_difference import TextDifference, text_difference
from inspector.session.history_queries import Compared, is_covered

_AT_ONCE: Final = 10_000  #: rows within what was added or removed that are made before it opens
_MANY: Final = 2_000  #: rows below one that are not made while the window waits
_CHUNK: Final = 1_000  #: elements below one row, of very many that were added or removed
_HOLDERS: Final = frozenset((NodeKind.LIST, NodeKind.MAP, NodeKind.STRUCT, NodeKind.ARRAY))


@dataclass(eq=False, slots=True)
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
        entry: the difference itself, or the very many that the row holds a part of; None for what
            is below or beside one.
        make: makes the rows below it when they are first asked for; None where they are made.
    """

    name: str
    change: Change | None = None
    before: NodePlace | None = None
    after: NodePlace | None = None
    hidden: bool = False
    lines: tuple[int, int] | None = None
    newline: str = ""
    note: str = ""
    entry: Entry | EntryRun | None = None
    parent: DiffRow | None = field(default=None, repr=False)
    row: int = 0
    make: Callable[[DiffRow], object] | None = field(default=None, repr=False)
    _below: list[DiffRow] = field(default_factory=list, repr=False)

    @property
    def below(self) -> Sequence[DiffRow]:
        """The rows below it."""
        make, self.make = self.make, None
        if make is not None:
            make(self)
        return self._below

    def has_below(self) -> bool:
        """Whether there are rows below it; does not make them."""
        return self.make is not None or bool(self._below)

    def add(self, child: DiffRow) -> DiffRow:
        """Put a row below this one."""
        child.parent, child.row = self, len(self._below)
        self._below.append(child)
        return child

    def let_go(self) -> None:
        """Lets go of the rows below it: each knows the one above, so nothing else would soon."""
        stack = [self]
        while stack:
            one = stack.pop()
            stack += one._below
            one.make, one._below = None, []

    def changes(self) -> Iterator[DiffRow]:
        """The rows below that differ, in order."""
        stack = list(reversed(self.below))
        while stack:
            one = stack.pop()
            if one.entry is not None:
                yield one
            if one.make is None:  # nothing below what was added or removed is a difference
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
        return maker.everything(
            NodePlace(compared.after.tree.root, None), list(kept_entries(entries))
        )
    return maker.only_changes(entry_parts(entries))


class _Maker:
    def __init__(self, covered: frozenset[int], reveal: bool) -> None:
        self._covered, self._reveal = covered, reveal
        self._left = _AT_ONCE

    def only_changes(self, parts: Iterable[Entry | EntryRun]) -> DiffRow:
        root, bookkeeping = DiffRow(""), DiffRow("")
        for part in parts:
            above = bookkeeping if is_bookkeeping(first_of(part)) else root
            if isinstance(part, Entry):
                self._entry(above, part, part.path)
            else:
                self._chunks(above, part.change, part.places, part.places.above.path, part)
        if bookkeeping.below:
            bookkeeping.name = count(len(bookkeeping.below), "hash and audit field")
            bookkeeping.note = ", ".join(visible(one.name) for one in bookkeeping.below)
            root.add(bookkeeping)
        return root

    def everything(self, top: NodePlace, entries: list[Entry]) -> DiffRow:
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

    def _same(self, above: DiffRow, place: NodePlace) -> DiffRow:
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
        place = row.after or row.before
        row.make = self._grow if place is not None and place.node.children else None
        stack = [row]
        while stack:
            one = stack.pop()
            if one.make is not None and (self._left > 0 or _holds_many(one)):
                stack += one.below

    def _grow(self, row: DiffRow) -> None:
        """Makes the rows below one that was added or removed, or lies in such a one."""
        place = row.after or row.before
        if place is None or row.change is None:
            return
        gone, held = row.after is None, place.node.children
        if place.node.kind in _HOLDERS and len(held) > _CHUNK and held[-1].kind < NodeKind.UNKNOWN:
            elements = LoneElements(place, held, range(len(held)), gone=gone)
            self._chunks(row, row.change, elements)
        else:
            self._below(row, children(place), gone)

    def _below(self, row: DiffRow, places: Iterable[NodePlace], gone: bool) -> None:
        """Puts a row for each value below one that was added or removed as they were."""
        for place in places:
            hidden = not self._reveal and is_covered(place, self._covered)
            below = row.add(DiffRow(name_of(place.node), row.change, hidden=hidden))
            if gone:
                below.before = place
            else:
                below.after = place
            if place.node.children and not hidden:
                below.make = self._grow
            self._left -= 1

    def _chunks(
        self,
        above: DiffRow,
        change: Change,
        places: LoneElements,
        name: str = "",
        run: EntryRun | None = None,
    ) -> None:
        """Puts rows that hold a thousand elements each, which are made when that is opened.

        Qt asks for all rows that lie side by side.
        """
        for at in range(0, len(places), _CHUNK):
            some = places.elements[at : at + _CHUNK]
            span = f"{name}[{some[0]:,} \N{HORIZONTAL ELLIPSIS} {some[-1]:,}]"
            if places.above.node.kind == NodeKind.MESSAGE:  # unknown fields, called by their number
                first, last = places[at].path, places[at + len(some) - 1].path
                span = f"{first} \N{HORIZONTAL ELLIPSIS} {last}"
            row = DiffRow(
                span,
                change,
                note=count(len(some), "item"),
                entry=run,
                make=partial(self._chunk, places, slice(at, at + _CHUNK)),
            )
            above.add(row)
            self._left -= 1

    def _chunk(self, places: LoneElements, some: slice, row: DiffRow) -> None:
        self._below(row, places[some], places.gone)


def _holds_many(row: DiffRow) -> bool:
    """Whether to make the rows below one takes longer than a window may wait."""
    place = row.after or row.before
    node = place.node if place is not None else None
    return node is not None and node.end - node.start > _MANY and len(node.children) > _MANY


def name_of(node: Node) -> str:
    """The name of a field or member, an index, a key, or the number of an unknown field."""
    if node.label is not None:
        return label_step(node).removeprefix(".")
    return node.field.name if node.field is not None else f"<{node.number}>"


def _lines(entry: Entry) -> TextDifference | None:
    texts = [place.node.value for place in (entry.before, entry.after) if place is not None]
    before, after = texts if len(texts) == 2 else (None, None)
    if not (isinstance(before, str) and isinstance(after, str) and "\n" in before + after):
        return None
    return text_difference(before, after)


_MINUS: Final = "\N{MINUS SIGN}"

DIFFERENCE_COLUMNS: Final = (
    Column("change", "Change", 104, narrow=60),
    Column("field", "Field", 168, narrow=116),
    Column("before", "Before", 120, stretch=True),
    Column("after", "After", 120, stretch=True),
)


class DiffModel(TreeModel[DiffRow]):
    """Rows made by :func:`~inspector.gui.diff.diff_model.rows_of`."""

    columns = DIFFERENCE_COLUMNS

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._root = DiffRow("")
        self._compared: Compared | None = None
        self._times = TimeStyle.UTC

    def show(self, compared: Compared | None, root: DiffRow) -> None:
        """Show another difference."""
        before = self._root
        self.beginResetModel()
        self._compared, self._root = compared, root
        self.endResetModel()
        if before is not root:
            before.let_go()

    @property
    def root(self) -> DiffRow:
        """The row above all others."""
        return self._root

    def set_times(self, style: TimeStyle) -> None:
        """Write times in another way."""
        self._times = style

    def below(self, row: DiffRow | None) -> Sequence[DiffRow]:
        """What a row holds."""
        return (row or self._root).below

    def has_below(self, row: DiffRow | None) -> bool:
        """Whether a row holds others."""
        return (row or self._root).has_below()

    def above(self, row: DiffRow) -> DiffRow | None:
        """What holds a row."""
        return row.parent if row.parent is not self._root else None

    def spoken(self, row: DiffRow) -> str:
        """A row in words."""
        before, after = self.cell(row, "before").text, self.cell(row, "after").text
        sides = [f"before {before}" if before else "", f"after {after}" if after else ""]
        words = [self.cell(row, "change").text or "the same", visible(row.name), *sides]
        return ", ".join(word for word in words if word)

    def cell(self, row: DiffRow, key: str) -> Cell:
        """A cell of a row."""
        tint = CHANGE_LOOKS[row.change].tint if row.change is not None else ""
        if key == "change":
            if row.change is None:
                return EMPTY
            style, icon, _ = CHANGE_LOOKS[row.change]
            # Where the values would be cut for the word, the sign and the ground tell it.
            word = Run(row.change.value.capitalize(), style, optional=True, gap=4)
            return Cell((Run("", style, icon=icon), word), tint=tint)
        if key == "field" and row.note:
            return text(row.name, DIM)
        if key == "field":
            style = FIXED if row.change is not None else FIXED_DIM
            return Cell((Run(visible(row.name), style, Elide.ElideLeft),), tint=tint)
        if row.note:
            return text(row.note, DIM) if key == "before" else EMPTY
        place = row.before if key == "before" else row.after
        if place is None:
            return Cell(tint=tint)
        runs = self._value(row, place)
        if row.change is Change.MOVED and key == "before":
            runs = (Run(visible(place.path), FIXED_DIM, Elide.ElideLeft),)
        if key == "after" and row.newline:
            runs += (Run(row.newline, DIM, Elide.ElideRight),)
        elif key == "after" and row.lines is not None:
            added, removed = row.lines
            runs += (Run(f"+{added:,}", ADDED),) * bool(added)
            runs += (Run(f"{_MINUS}{removed:,}", REMOVED, gap=4),) * bool(removed)
        return Cell(runs, tint=tint)

    def _value(self, row: DiffRow, place: NodePlace) -> tuple[Run, ...]:
        if row.hidden:
            return covered_runs(place.node)
        compared = self._compared
        if compared is None:
            return ()
        record = compared.before if place is row.before else compared.after
        data = record.tree.data if record.tree is not None else b""
        if row.lines is not None:
            lines = lines_of(str(place.node.value))
            # The counts beside it are what is read: it goes whole before they are cut.
            return (Run(count(lines, "line"), DIM, optional=True),)
        covered = compared.before.covered | compared.after.covered
        return value_runs(place.node, covered, data, self._times, datetime.now(UTC))
