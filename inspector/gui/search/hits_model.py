"""What was found in all records: under each kind its records, under each of them the places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt

from inspector.gui.cells.columns import Column
from inspector.gui.cells.list_model import ListModel
from inspector.gui.cells.two_line_delegate import TwoLines
from inspector.gui.style.text_format import visible
from inspector.gui.style.text_runs import (
    BOLD,
    CELL_ROLE,
    DIM,
    FIXED,
    FIXED_DIM,
    FOUND,
    TEXT,
    Cell,
    Elide,
    Run,
)
from inspector.schema.catalog import display
from inspector.session.store_search import SearchHit

HIT_COLUMNS: Final = (Column("hit", "Hit", 200, stretch=True),)
_BEFORE: Final = 18  #: characters shown before what was found, so that it is in sight


class HitRow(NamedTuple):
    """A row: a hit, or with ``hit`` None a title over what follows it.

    Attributes:
        hit: a place that holds it.
        of: the first hit of the kind or record that a title names.
        title: the words of a title over all that follows.
    """

    hit: SearchHit | None
    of: SearchHit | None = None
    of_kind: bool = False
    title: str = ""


class HitsModel(ListModel[HitRow]):
    """Rows as they are found; titles cannot be chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(HIT_COLUMNS, parent)
        self._last: SearchHit | None = None

    def clear(self) -> None:
        """Nothing is found yet."""
        self._last = None
        self.set_rows(())

    def put(self, hits: Iterable[SearchHit], title: str = "") -> None:
        """More was found; ``title`` stands over it and what follows, where it is not empty."""
        rows: list[HitRow] = []
        if title:
            rows.append(HitRow(None, title=title))
            self._last = None
        for hit in hits:
            last = self._last
            if last is None or last.kind != hit.kind:
                rows.append(HitRow(None, hit, of_kind=True))
            if last is None or _record(last) != _record(hit):
                rows.append(HitRow(None, hit))
            rows.append(HitRow(hit))
            self._last = hit
        self.add(rows)

    def titles(self, first: int) -> list[int]:
        """The rows from one on that are a title of one line."""
        return [row for row in range(first, self.rowCount()) if self._is_short(row)]

    def _is_short(self, row: int) -> bool:
        at = self.at(row)
        return at is not None and at.hit is None

    def first_hit(self, row: int = 0) -> int:
        """The first row from one on that is a hit; -1 where there is none."""
        return next((at for at in range(row, self.rowCount()) if not self._is_short(at)), -1)

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        """Titles are only read."""
        if self._is_short(index.row()):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Cells, and of each row what a screen reader says."""
        row = self.at(index.row())
        if role == Qt.ItemDataRole.AccessibleTextRole and row is not None:
            return _spoken(row)
        if role == CELL_ROLE and row is not None and row.hit is None:
            return _title(row)
        return super().data(index, role)

    def cell(self, row: HitRow, key: str) -> Cell:
        """A hit in two lines: where, and what."""
        hit = row.hit
        if hit is None:
            return _title(row)
        before, match, behind = map(visible, hit.snippet)
        if len(before) > _BEFORE:
            before = f"\N{HORIZONTAL ELLIPSIS}{before[1 - _BEFORE :]}"
        words = [Run(before, TEXT)] if before else []
        words.append(Run(match, FOUND, Elide.ElideRight, gap=0))
        if behind:
            words.append(Run(behind, TEXT, Elide.ElideRight, gap=0))
        path = f"{hit.path}{' (key)' if hit.in_key else ''}"
        return TwoLines(
            (Run(visible(path), FIXED_DIM, Elide.ElideLeft),),
            second=tuple(words),
        )

    def tip(self, row: HitRow) -> str | None:
        """Where a hit is, in full."""
        return visible(row.hit.path) if row.hit is not None else None


def _record(hit: SearchHit) -> Sequence[object]:
    return hit.kind, hit.id, hit.version.name if hit.version is not None else None


def _kind(hit: SearchHit) -> str:
    known = display(hit.kind)
    return known[0] if known is not None else hit.kind


def _title(row: HitRow) -> Cell:
    hit = row.of
    if hit is None:
        return Cell((Run(row.title, BOLD, Elide.ElideRight),), tint="tint_span")
    if row.of_kind:
        return Cell((Run(visible(_kind(hit)), BOLD, Elide.ElideRight),))
    runs = [Run(visible(hit.name or hit.id), TEXT, Elide.ElideRight)]
    if hit.version is not None:
        runs.append(Run(visible(hit.version.name), DIM))
    if hit.name:
        runs.append(Run(visible(hit.id), FIXED if not hit.name else FIXED_DIM, Elide.ElideMiddle))
    return Cell(tuple(runs))


def _spoken(row: HitRow) -> str:
    if row.hit is not None:
        where = row.hit.path + (", in the key" if row.hit.in_key else "")
        return f"{visible(row.hit.snippet.text)}, {visible(where)}"
    if row.of is None:
        return row.title
    if row.of_kind:
        return f"Kind {visible(_kind(row.of))}"
    version = f", version {row.of.version.name}" if row.of.version is not None else ""
    return visible(f"Record {row.of.name or row.of.id}{version}")
