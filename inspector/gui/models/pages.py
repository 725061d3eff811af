"""The pages of a list that are in memory, and where the rows of a kind come from."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Final, NamedTuple

from inspector.errors import StoreError
from inspector.gui.models.orders import Kept, KeysetOrder, Segment
from inspector.gui.source import Source
from inspector.gui.tasks import Report
from inspector.session.types import RecordHead
from inspector.store.types import PAGE, Page

FIRST: Final = 48  #: rows read before all others: what a screen can show
KEPT: Final = 64  #: pages that stay in memory


class KindRows(NamedTuple):
    """Where the rows of one kind come from; both functions are called in the worker.

    Attributes:
        kind: as the store spells it.
        first: reads the first rows: what a screen can show.
        page: reads a page behind an id.
        anchors: the last id of every full page, and the exact count; reports how far it is.
    """

    kind: str
    first: Callable[[Event], Page[RecordHead]]
    page: Callable[[str | None, Event], Page[RecordHead]]
    anchors: Callable[[Event, Callable[[int], None]], tuple[list[str], int]]


class First(NamedTuple):
    """The first rows of a list; ``order`` where these are all."""

    rows: Sequence[RecordHead]
    damage: StoreError | None
    order: KeysetOrder | None


@dataclass(frozen=True, slots=True)
class Rows:
    """The records of one kind or of several, one kind after the other.

    Attributes:
        kinds: their kinds.
        total: how many there are thought to be, 0 where that is not known.
        keyed: rows are told apart by kind and id.
    """

    kinds: tuple[KindRows, ...]
    total: int = 0
    keyed: bool = False

    def first(self, cancel: Event) -> First:
        """The first rows, called in the worker; all of them where they are few."""
        segments: list[Segment] = []
        found: list[RecordHead] = []
        damage: StoreError | None = None
        more = False
        for one in self.kinds:
            page = one.first(cancel)
            found += page.rows
            damage = damage or page.damage
            segments.append(Segment(one.kind, one.page, (), len(page.rows)))
            more = page.more
            if more or len(found) >= FIRST:
                break
        whole = len(segments) == len(self.kinds) and not more
        order = KeysetOrder(segments, keyed=self.keyed) if whole else None
        return First(found, damage, order)

    def order(self, cancel: Event, report: Report) -> KeysetOrder:
        """Where every row is, called in the worker."""
        done = 0
        segments = []
        for one in self.kinds:
            before = done
            anchors, total = one.anchors(cancel, lambda n, b=before: report(b + n, self.total))  # type: ignore[misc]
            segments.append(Segment(one.kind, one.page, anchors, total))
            done += total
        return KeysetOrder(segments, keyed=self.keyed)


def _live(source: Source, kind: str) -> KindRows:
    return KindRows(
        kind,
        lambda cancel: source.records(kind, None, FIRST, cancel),
        lambda after, cancel: source.records(kind, after, PAGE, cancel),
        lambda cancel, progress: source.anchors(kind, cancel, progress),
    )


def live_rows(source: Source, kind: str, total: int = 0) -> Rows:
    """The live records of a kind; ``total`` is how many there are thought to be."""
    return Rows((_live(source, kind),), total)


def all_rows(source: Source, kinds: Sequence[str], total: int = 0) -> Rows:
    """The live records of all these kinds."""
    return Rows(tuple(_live(source, kind) for kind in kinds), total, keyed=True)


def gone_rows(source: Source, kind: str, total: int = 0) -> Rows:
    """The records of a kind that have only history; these are counted by paging through them."""

    def first(cancel: Event) -> Page[RecordHead]:
        return source.gone(kind, None, FIRST, cancel)

    def page(after: str | None, cancel: Event) -> Page[RecordHead]:
        return source.gone(kind, after, PAGE, cancel)

    def anchors(cancel: Event, progress: Callable[[int], None]) -> tuple[list[str], int]:
        return source.gone_anchors(kind, cancel, progress)

    return Rows((KindRows(kind, first, page, anchors),), total)


class PageCache:
    """The pages read last of one list."""

    def __init__(self) -> None:
        self._pages: OrderedDict[int, tuple[Kept, int]] = OrderedDict()

    def put(self, number: int, page: Kept, length: int) -> None:
        """Keep a page; ``length`` is how many rows the list gave it when it was read."""
        self._pages[number] = (page, length)
        self._pages.move_to_end(number)
        while len(self._pages) > KEPT:
            self._pages.popitem(last=False)

    def has(self, number: int, length: int) -> bool:
        """Whether a page is in memory as long as it is now."""
        return number in self._pages and self._pages[number][1] == length

    def row(self, number: int, offset: int) -> RecordHead | StoreError | None:
        """A row; a StoreError where its page broke off, None where it is not there."""
        if number not in self._pages:
            return None
        self._pages.move_to_end(number)
        page = self._pages[number][0]
        if offset < len(page.rows):
            return page.rows[offset]
        return page.damage if offset == len(page.rows) else None

    def pages(self) -> Iterator[tuple[int, Sequence[RecordHead | None]]]:
        """Numbers and rows of the pages in memory."""
        return ((number, page.rows) for number, (page, _) in sorted(self._pages.items()))
