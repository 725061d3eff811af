"""What was found in all records: under each kind its records, under each of them the places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import QObject

from inspector.gui.cells.columns import Column
from inspector.gui.cells.titled_list import TitledModel
from inspector.gui.cells.two_line_delegate import TwoLines
from inspector.gui.style.text_format import visible
from inspector.gui.style.text_runs import (
    BOLD,
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
_SEEN: Final = "In earlier states that were seen"
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


class HitsModel(TitledModel[HitRow]):
    """Rows as they are found."""

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
            if hit.seen is not None and (last is None or last.seen is None):
                rows.append(HitRow(None, title=_SEEN))
                last = None
            if last is None or last.kind != hit.kind:
                rows.append(HitRow(None, hit, of_kind=True))
            if last is None or _record(last) != _record(hit):
                rows.append(HitRow(None, hit))
            rows.append(HitRow(hit))
            self._last = hit
        self.add(rows)

    def is_title(self, row: HitRow) -> bool:
        """Whether a row is the title of a kind, of a record, or of all that follows."""
        return row.hit is None

    def spoken(self, row: HitRow) -> str:
        """A title by what it is of; of a hit what was found and where."""
        if row.hit is not None:
            where = row.hit.path + (", in the key" if row.hit.in_key else "")
            return f"{visible(row.hit.snippet.text)}, {visible(where)}"
        if row.of is None:
            return row.title
        if row.of_kind:
            return f"Kind {visible(_kind(row.of))}"
        of = row.of
        part = f", version {of.version.name}" if of.version is not None else ""
        part = f", {_part(of)}" if _part(of) else part
        return visible(f"Record {of.name or of.id}{part}")

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
    version = hit.version.name if hit.version is not None else None
    return hit.kind, hit.id, version, hit.event, hit.seen.number if hit.seen is not None else 0


def _part(hit: SearchHit) -> str:
    """The event of the record, or until when it was as it is shown; empty for neither."""
    if hit.event is not None:
        return f"event {hit.event.name}"
    return f"until {hit.seen.time.astimezone():%H:%M:%S}" if hit.seen is not None else ""


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
    if _part(hit):
        runs.append(Run(visible(_part(hit)), DIM))
    if hit.name:
        runs.append(Run(visible(hit.id), FIXED if not hit.name else FIXED_DIM, Elide.ElideMiddle))
    return Cell(tuple(runs))
