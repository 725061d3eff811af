"""Random access to a list of any length: keyset pages behind anchors, a few of them kept."""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import Final

from inspector.errors import CancelledError, StoreError
from inspector.gui.source import PAGE, Source
from inspector.gui.tasks import Report
from inspector.session.types import RecordHead
from inspector.store.types import Page

KEPT: Final = 64  #: pages that stay in memory


@dataclass(frozen=True, slots=True)
class Rows:
    """Where rows come from: both functions are called in the worker.

    Attributes:
        page: reads a page behind an id.
        anchors: the last id of every full page, and the exact count.
    """

    page: Callable[[str | None, Event], Page[RecordHead]]
    anchors: Callable[[Event, Report], tuple[list[str], int]]


def live_rows(source: Source, kind: str, total: int = 0) -> Rows:
    """The live records of a kind; ``total`` is how many there are thought to be."""
    return Rows(
        lambda after, cancel: source.records(kind, after, PAGE, cancel),
        lambda cancel, report: source.anchors(kind, cancel, lambda done: report(done, total)),
    )


def gone_rows(source: Source, kind: str) -> Rows:
    """The records of a kind that have only history; these are counted by paging through them."""

    def page(after: str | None, cancel: Event) -> Page[RecordHead]:
        return source.gone(kind, after, PAGE, cancel)

    def anchors(cancel: Event, report: Report) -> tuple[list[str], int]:
        found: list[str] = []
        total, after, more = 0, None, True
        while more:
            if cancel.is_set():
                raise CancelledError("Cancelled.")
            read = page(after, cancel)
            total += len(read.rows)
            more = read.more and bool(read.rows)
            if more:
                after = read.rows[-1].id
                found.append(after)
            report(total, 0)
        return found, total

    return Rows(page, anchors)


def key(id_: str) -> bytes:
    """What ids are ordered by: their bytes in the file."""
    return id_.encode("utf-8", "surrogateescape")


@dataclass
class PageCache:
    """The pages read so far of one list.

    Attributes:
        anchors: last id of every full page; page ``n`` is read behind ``anchors[n - 1]``.
        damage: what ended a page early, by page number.
    """

    anchors: Sequence[str] = ()
    damage: dict[int, StoreError] = field(default_factory=dict)
    _pages: OrderedDict[int, tuple[RecordHead, ...]] = field(default_factory=OrderedDict)

    def after(self, number: int) -> str | None:
        """The id a page is read behind."""
        return self.anchors[number - 1] if number else None

    def put(self, number: int, page: Page[RecordHead]) -> None:
        """Keep a page, cut at its anchor: what was written since belongs to no row yet."""
        rows = page.rows
        if number < len(self.anchors):
            last = key(self.anchors[number])
            rows = tuple(row for row in rows if key(row.id) <= last)
        self._pages[number] = rows
        self._pages.move_to_end(number)
        if page.damage is not None:
            self.damage[number] = page.damage
        while len(self._pages) > KEPT:
            self._pages.popitem(last=False)

    def has(self, number: int) -> bool:
        """Whether a page is in memory."""
        return number in self._pages

    def row(self, row: int) -> RecordHead | StoreError | None:
        """A row; a StoreError where its page broke off, None where it is not there."""
        number, offset = divmod(row, PAGE)
        page = self._pages.get(number)
        if page is None:
            return None
        self._pages.move_to_end(number)
        if offset < len(page):
            return page[offset]
        return self.damage.get(number) if offset == len(page) else None

    def page_of(self, id_: str) -> int:
        """The page an id is on, if it is there."""
        return bisect_left(self.anchors, key(id_), key=key)

    def find(self, number: int, id_: str) -> int:
        """The row of an id on a page that is in memory, or -1."""
        page = self._pages.get(number, ())
        offset = next((i for i, row in enumerate(page) if row.id == id_), -1)
        return -1 if offset < 0 else number * PAGE + offset
