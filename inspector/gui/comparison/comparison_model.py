"""Records that differ as a tree: kinds with counts, below each its records, as they are found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

from PySide6.QtCore import QModelIndex, QObject

from inspector.gui.cells.columns import Column
from inspector.gui.cells.tree_model import TreeModel
from inspector.gui.style.text_format import count, visible
from inspector.gui.style.text_runs import (
    ADDED,
    BOLD,
    CHANGED,
    DIM,
    EMPTY,
    FIXED,
    FIXED_DIM,
    REMOVED,
    Cell,
    Elide,
    Run,
    Style,
    text,
)
from inspector.history.difference import Change
from inspector.invisible import holds
from inspector.named_tuple import NamedTuple
from inspector.schema.catalog import display
from inspector.session.store_comparison import RecordChange

COMPARISON_COLUMNS: Final = (
    Column("name", "Record", 200, stretch=True),
    Column("change", "Change", 110, sample="+9,999 ~9,999 -9,999"),
)
#: Records that are listed; more are counted, and exported.
MOST: Final = 50_000
_LOOKS: Final[dict[Change, tuple[Style, str, str]]] = {
    Change.ADDED: (ADDED, "new", "+"),
    Change.CHANGED: (CHANGED, "changed", "~"),
    Change.REMOVED: (REMOVED, "gone", "\N{MINUS SIGN}"),
}


class ComparisonRow:
    """A kind, or below it a record.

    Attributes:
        name: the kind as it is shown, or the record's id.
        title: what the record is called; empty where it has no name.
        kinds: as the earlier store spells the kind, and the later; None for one without it.
        change: how the record differs; None for a kind.
        fields: how many fields differ; None where that is not known.
        counts: of a kind, all that was found, listed or not.
    """

    __slots__ = ("above", "below", "change", "counts", "fields", "kinds", "name", "row", "title")

    def __init__(self, name: str, above: ComparisonRow | None = None, row: int = 0) -> None:
        self.name, self.above, self.row = name, above, row
        self.title = ""
        self.kinds: tuple[str | None, str | None] = (None, None)
        self.change: Change | None = None
        self.fields: int | None = None
        self.below: list[ComparisonRow] = []
        self.counts: Counter[Change] = Counter()


class FoundChange(NamedTuple):
    """What is kept of a record that differs: what it takes to find it again."""

    kinds: tuple[str | None, str | None]
    id: str
    change: Change
    fields: int | None
    title: str = ""

    @property
    def kind(self) -> str:
        """As the later store spells it, where it has it."""
        return self.kinds[1] or self.kinds[0] or ""


def found_change(change: RecordChange, title: str = "") -> FoundChange:
    """What is kept of a change; the records themselves are read again when one is looked at."""
    before, after = change.sides or (None, None)
    kinds: tuple[str | None, str | None] = (
        before.kind if before is not None else change.kind,
        after.kind if after is not None else change.kind,
    )
    if change.change is Change.ADDED:
        kinds = (None, change.kind)
    elif change.change is Change.REMOVED:
        kinds = (change.kind, None)
    fields = None if change.fields is None else len(change.fields)
    return FoundChange(kinds, change.id, change.change, fields, title)


class ComparisonModel(TreeModel[ComparisonRow]):
    """Grows as records are found; :meth:`narrow` shows some of them."""

    columns = COMPARISON_COLUMNS

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kinds: list[ComparisonRow] = []
        self._by_name: dict[str, ComparisonRow] = {}
        self._found: list[FoundChange] = []
        self._words = ""
        self._shown = frozenset(_LOOKS)
        self._counts: dict[str, Counter[Change]] = {}

    def clear(self) -> None:
        """Forget what was found."""
        self._found, self._counts = [], {}
        self._fill()

    def add(self, changes: Iterable[FoundChange]) -> None:
        """More was found."""
        for kind, group in groupby(changes, key=lambda one: _title(one.kind)):
            fitting = []
            counts = self._counts.setdefault(kind, Counter())
            for one in group:
                counts[one.change] += 1
                if len(self._found) < MOST:
                    self._found.append(one)
                    if self._fits(one):
                        fitting.append(one)
            if fitting:
                self._list(kind, fitting)
        if self._kinds:
            last = self.index_of(self._kinds[-1], len(COMPARISON_COLUMNS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    @property
    def total(self) -> int:
        """How many were found, listed or not."""
        return sum(counts.total() for counts in self._counts.values())

    def listed(self) -> int:
        """How many records are listed."""
        return sum(len(kind.below) for kind in self._kinds)

    def narrow(self, words: str, shown: frozenset[Change]) -> None:
        """List what differs in one of some ways, and whose kind, name or id holds a text."""
        self._words, self._shown = words.casefold(), shown
        self._fill()

    def _fill(self) -> None:
        self.beginResetModel()
        self._kinds, self._by_name = [], {}
        for one in self._found:
            if self._fits(one):
                self._append(self._kind(one), one)
        self.endResetModel()

    def _fits(self, one: FoundChange) -> bool:
        texts = (one.id, one.title, one.kind, _title(one.kind))
        fits = any(holds(each.casefold(), self._words) for each in texts)
        return one.change in self._shown and fits

    def _list(self, name: str, found: Sequence[FoundChange]) -> None:
        if name not in self._by_name:
            at = len(self._kinds)
            self.beginInsertRows(QModelIndex(), at, at)
            self._kind(found[0])
            self.endInsertRows()
        kind = self._by_name[name]
        at = len(kind.below)
        self.beginInsertRows(self.index_of(kind), at, at + len(found) - 1)
        for one in found:
            self._append(kind, one)
        self.endInsertRows()

    def _kind(self, one: FoundChange) -> ComparisonRow:
        name = _title(one.kind)
        made = self._by_name.get(name)
        if made is None:
            made = self._by_name[name] = ComparisonRow(name, None, len(self._kinds))
            made.counts = self._counts[name]
            self._kinds.append(made)
        return made

    def _append(self, kind: ComparisonRow, one: FoundChange) -> None:
        row = ComparisonRow(one.id, kind, len(kind.below))
        row.kinds, row.change, row.fields = one.kinds, one.change, one.fields
        row.title = one.title
        kind.below.append(row)

    def below(self, row: ComparisonRow | None) -> Sequence[ComparisonRow]:
        """The records of a kind, or the kinds."""
        return self._kinds if row is None else row.below

    def above(self, row: ComparisonRow) -> ComparisonRow | None:
        """The kind of a record."""
        return row.above

    def spoken(self, row: ComparisonRow) -> str:
        """A row in words."""
        if row.change is None:
            told = (f"{row.counts[one]:,} {one.value}" for one in _LOOKS if row.counts[one])
            return ", ".join((visible(row.name), *told))
        fields = f", {count(row.fields, 'field')}" if row.fields else ""
        named = f"{visible(row.title)}, " if row.title else ""
        return f"{named}{visible(row.name)}, {row.change.value}{fields}"

    def cell(self, row: ComparisonRow, key: str) -> Cell:
        """A cell of a row."""
        if key == "name":
            if row.change is None:
                return text(visible(row.name), BOLD)
            if not row.title:
                return Cell((Run(visible(row.name), FIXED, Elide.ElideMiddle),))
            id_ = Run(visible(row.name), FIXED_DIM, Elide.ElideMiddle)
            return Cell((Run(visible(row.title), elide=Elide.ElideRight), id_))
        if row.change is None:
            runs = [
                Run(f"{sign}{row.counts[one]:,}", style, gap=6)
                for one, (style, _, sign) in _LOOKS.items()
                if row.counts[one]
            ]
            return Cell(tuple(runs)) if runs else EMPTY
        style, icon, _ = _LOOKS[row.change]
        cell: tuple[Run, ...] = (Run(row.change.value.capitalize(), style, icon=icon),)
        if row.fields:
            cell += (Run(count(row.fields, "field"), DIM, optional=True),)
        return Cell(cell)

    def tip(self, row: ComparisonRow, key: str) -> str | None:
        """Name, kind and id in full."""
        if row.change is None:
            return None
        place = f"{row.kinds[1] or row.kinds[0]}/{visible(row.name)}"
        return f"{visible(row.title)}\n{place}" if row.title else place


def _title(kind: str) -> str:
    known = display(kind)
    return known[0] if known else kind
