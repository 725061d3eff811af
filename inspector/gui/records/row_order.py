"""Where every row of a list is: on which page, and how that page is read.

A list in the order of its ids is read by keyset behind anchors; it is turned round without being
read again. One that is filtered or sorted is a list of keys. ``read``, ``find`` and ``starting``
are called in the worker.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from threading import Event
from typing import Protocol

from inspector.errors import CancelledError, StoreError
from inspector.named_tuple import NamedTuple
from inspector.session.summaries import RecordHead, RecordKey
from inspector.store.rows import PAGE, Page


class Kept(NamedTuple):
    """A page as it is kept: None stands for a record that went meanwhile."""

    rows: Sequence[RecordHead | None]
    damage: StoreError | None = None


class RowPages(Protocol):
    """Rows by number, on pages that are read in the worker."""

    def place(self, row: int) -> tuple[int, int]:
        """The page of a row, and its offset in it."""

    def read(self, number: int, cancel: Event) -> Kept:
        """Read a page."""


class Order(RowPages, Protocol):
    """The rows of a list by number."""

    @property
    def total(self) -> int:
        """Number of rows."""

    def span(self, number: int) -> range:
        """The rows of a page."""

    def row_of(self, number: int, offset: int) -> int:
        """The row that stands on a page at an offset."""

    def find(self, key: RecordKey, cancel: Event) -> int:
        """The row of a record, -1 where it is not in the list."""

    def starting(self, text: str, cancel: Event) -> int:
        """The first row in ascending order whose id begins so, -1 where none does."""


def bytes_of(id_: str) -> bytes:
    """What ids are ordered by: their bytes in the file."""
    return id_.encode("utf-8", "surrogateescape")


class FirstRows:
    """The rows that were read before anything was counted: one page, all in memory."""

    def __init__(self, rows: Sequence[RecordHead]) -> None:
        self._rows = rows
        self.total = len(rows)

    def place(self, row: int) -> tuple[int, int]:
        """All are on the first page."""
        return 0, row

    def span(self, number: int) -> range:
        """All rows."""
        return range(self.total)

    def row_of(self, number: int, offset: int) -> int:
        """All are on the first page."""
        return offset

    def read(self, number: int, cancel: Event) -> Kept:
        """What was read."""
        return Kept(self._rows)

    def find(self, key: RecordKey, cancel: Event) -> int:
        """Among these rows."""
        return next((i for i, row in enumerate(self._rows) if (row.kind, row.id) == key), -1)

    def starting(self, text: str, cancel: Event) -> int:
        """Among these rows."""
        return next((i for i, row in enumerate(self._rows) if row.id.startswith(text)), -1)


class Segment(NamedTuple):
    """The rows of one kind.

    Attributes:
        kind: as the store spells it.
        page: reads a page behind an id.
        anchors: the last id of every full page.
        total: number of rows.
    """

    kind: str
    page: Callable[[str | None, Event], Page[RecordHead]]
    anchors: Sequence[str]
    total: int

    @property
    def pages(self) -> int:
        """Number of pages."""
        return -(-self.total // PAGE)

    def read(self, number: int, cancel: Event) -> Kept:
        """A page up to its anchor: what was written since belongs to no row yet."""
        after = self.anchors[number - 1] if number else None
        last = bytes_of(self.anchors[number]) if number < len(self.anchors) else None
        rows: list[RecordHead] = []
        while True:
            page = self.page(after, cancel)
            rows += page.rows
            # A page of large records ends early.
            if len(rows) >= PAGE or not page.more or not page.rows:
                break
            after = page.rows[-1].id
        if last is not None:
            rows = [row for row in rows if bytes_of(row.id) <= last]
        return Kept(rows[:PAGE], page.damage)

    def page_of(self, id_: str) -> int:
        """The page an id is on, if it is there."""
        return bisect_left(self.anchors, bytes_of(id_), key=bytes_of)


class KeysetOrder:
    """Kinds one after the other, each in the order of its ids; or all of it turned round.

    Pages are numbered in ascending order either way.
    """

    def __init__(
        self, segments: Iterable[Segment], *, descending: bool = False, keyed: bool = False
    ) -> None:
        """Takes what was counted; ``keyed`` says that rows are called by kind and id."""
        self._segments = tuple(segments)
        self._descending = descending
        self._keyed = keyed
        self._rows = [0, *accumulate(one.total for one in self._segments)]
        self._pages = [0, *accumulate(one.pages for one in self._segments)]
        self.total = self._rows[-1]

    def turned(self, *, descending: bool) -> KeysetOrder:
        """These rows in one direction; no row is read for it."""
        return KeysetOrder(self._segments, descending=descending, keyed=self._keyed)

    def place(self, row: int) -> tuple[int, int]:
        """The page of a row, and its offset in it."""
        row = self._turn(row)
        at = bisect_right(self._rows, row, hi=len(self._segments)) - 1
        number, offset = divmod(row - self._rows[at], PAGE)
        return self._pages[at] + number, offset

    def row_of(self, number: int, offset: int) -> int:
        """The row that stands on a page at an offset."""
        at = self._segment_of(number)
        return self._turn(self._rows[at] + (number - self._pages[at]) * PAGE + offset)

    def span(self, number: int) -> range:
        """The rows of a page."""
        at = self._segment_of(number)
        first = self._rows[at] + (number - self._pages[at]) * PAGE
        end = min(first + PAGE, self._rows[at + 1])
        if self._descending:
            return range(self.total - end, self.total - first)
        return range(first, end)

    def read(self, number: int, cancel: Event) -> Kept:
        """Read a page."""
        at = self._segment_of(number)
        return self._segments[at].read(number - self._pages[at], cancel)

    def find(self, key: RecordKey, cancel: Event) -> int:
        """Read the page the record has to be on."""
        for at, segment in enumerate(self._segments):
            if segment.kind == key.kind:
                return self._first(at, key.id, lambda id_: id_ == key.id, cancel)
        return -1

    def starting(self, text: str, cancel: Event) -> int:
        """Read the page of each kind on which such an id has to be."""
        for at, segment in enumerate(self._segments):
            prefix = text
            if self._keyed and f"{segment.kind}/".startswith(text):
                prefix = ""
            elif self._keyed and text.startswith(f"{segment.kind}/"):
                prefix = text.removeprefix(f"{segment.kind}/")
            row = self._first(at, prefix, lambda id_, p=prefix: id_.startswith(p), cancel)  # type: ignore[misc]
            if row >= 0:
                return row
        return -1

    def _segment_of(self, number: int) -> int:
        return bisect_right(self._pages, number, hi=len(self._segments)) - 1

    def _turn(self, row: int) -> int:
        return self.total - 1 - row if self._descending else row

    def _first(self, at: int, least: str, fits: Callable[[str], bool], cancel: Event) -> int:
        """The first row of a kind from an id on, if it fits."""
        segment = self._segments[at]
        number = segment.page_of(least)
        if number >= segment.pages:
            return -1
        for offset, row in enumerate(segment.read(number, cancel).rows):
            if row is not None and fits(row.id):
                return self._turn(self._rows[at] + number * PAGE + offset)
        return -1


class KeyOrder:
    """Keys in the order they are given.

    ``total`` may be less than there are keys: the list may grow while it is shown.
    """

    def __init__(
        self,
        keys: Sequence[RecordKey],
        heads: Callable[[Sequence[RecordKey], Event], Sequence[RecordHead | None]],
        *,
        keyed: bool = False,
    ) -> None:
        """Takes keys and what reads the lines of some of them."""
        self._keys = keys
        self._heads = heads
        self._keyed = keyed
        self.total = len(keys)

    def place(self, row: int) -> tuple[int, int]:
        """The page of a row, and its offset in it."""
        return divmod(row, PAGE)

    def span(self, number: int) -> range:
        """The rows of a page."""
        return range(number * PAGE, min((number + 1) * PAGE, self.total))

    def row_of(self, number: int, offset: int) -> int:
        """The row that stands on a page at an offset."""
        return number * PAGE + offset

    def read(self, number: int, cancel: Event) -> Kept:
        """Read the lines of a page."""
        rows = self.span(number)
        return Kept(self._heads(self._keys[rows.start : rows.stop], cancel))

    def find(self, key: RecordKey, cancel: Event) -> int:
        """Look through the keys."""
        return next((i for i, one in self._each(cancel) if one == key), -1)

    def starting(self, text: str, cancel: Event) -> int:
        """Look through the keys."""
        for row, key in self._each(cancel):
            if key.id.startswith(text) or (self._keyed and "/".join(key).startswith(text)):
                return row
        return -1

    def _each(self, cancel: Event) -> Iterator[tuple[int, RecordKey]]:
        for row in range(self.total):
            if row % 4096 == 0 and cancel.is_set():
                raise CancelledError("Cancelled.")
            yield row, self._keys[row]


class ShownPages:
    """An order as it is on screen: pages in memory are not read again.

    A row is a place. On a page that is read again another record stands in it, where one of those
    before it was deleted meanwhile, or one was added.
    """

    def __init__(self, order: Order, pages: Mapping[int, Kept]) -> None:
        self._order, self._pages = order, pages

    def place(self, row: int) -> tuple[int, int]:
        """The page of a row, and its offset in it."""
        return self._order.place(row)

    def read(self, number: int, cancel: Event) -> Kept:
        """A page as it is in memory, else as it is now."""
        kept = self._pages.get(number)
        return kept if kept is not None else self._order.read(number, cancel)


def heads_of(order: RowPages, rows: Iterable[range], cancel: Event) -> Iterator[RecordHead]:
    """The records of some rows, read page by page; called in the worker."""
    number, kept = -1, Kept(())
    for row in (row for each in rows for row in each):
        page, offset = order.place(row)
        if page != number:
            number, kept = page, order.read(page, cancel)
        head = kept.rows[offset] if offset < len(kept.rows) else None
        if head is not None:
            yield head
