"""The rows of a list by number, and the pages of them that are in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from inspector.errors import InspectorError, StoreError
from inspector.gui.cells.page_requests import PageRequests
from inspector.gui.records.row_order import FirstRows, Kept, KeysetOrder, Order, Segment, ShownPages
from inspector.gui.tasks import Report, Tasks
from inspector.named_tuple import NamedTuple
from inspector.session.summaries import RecordHead, RecordKey
from inspector.store.rows import PAGE, Page

if TYPE_CHECKING:
    from inspector.session.session import Session

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


class KindRowsSource(NamedTuple):
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


def _live(session: Session, kind: str) -> KindRows:
    return KindRows(
        kind,
        lambda cancel: session.records(kind, None, FIRST, cancel),
        lambda after, cancel: session.records(kind, after, PAGE, cancel),
        lambda cancel, progress: session.store.anchors(kind, cancel=cancel, progress=progress),
    )


def live_rows(session: Session, kind: str, total: int = 0) -> KindRowsSource:
    """The live records of a kind; ``total`` is how many there are thought to be."""
    return KindRowsSource((_live(session, kind),), total)


def all_rows(session: Session, kinds: Sequence[str], total: int = 0) -> KindRowsSource:
    """The live records of all these kinds."""
    return KindRowsSource(tuple(_live(session, kind) for kind in kinds), total, keyed=True)


def gone_rows(session: Session, kind: str, total: int = 0) -> KindRowsSource:
    """The records of a kind that have only history; these are counted by paging through them."""

    def first(cancel: Event) -> Page[RecordHead]:
        return session.gone(kind, None, FIRST, cancel)

    def page(after: str | None, cancel: Event) -> Page[RecordHead]:
        return session.gone(kind, after, PAGE, cancel)

    def anchors(cancel: Event, progress: Callable[[int], None]) -> tuple[list[str], int]:
        from inspector.session.listing import gone_anchors  # noqa: PLC0415 - not before the first rows

        return gone_anchors(session, kind, cancel, progress)

    return KindRowsSource((KindRows(kind, first, page, anchors),), total)


class PageCache:
    """The pages read last of one list."""

    def __init__(self) -> None:
        self._pages: OrderedDict[int, tuple[Kept, int]] = OrderedDict()
        self._stale: set[int] = set()

    def put(self, number: int, page: Kept, length: int) -> None:
        """Keep a page; ``length`` is how many rows the list gave it when it was read."""
        self._stale.discard(number)
        self._pages[number] = (page, length)
        self._pages.move_to_end(number)
        while len(self._pages) > KEPT:
            self._stale.discard(self._pages.popitem(last=False)[0])

    def has(self, number: int, length: int) -> bool:
        """Whether a page is in memory as it is and as long as it is now."""
        there = number in self._pages and number not in self._stale
        return there and self._pages[number][1] == length

    def outdate(self, number: int) -> None:
        """What was read of a page is shown until it is read again."""
        if number in self._pages:
            self._stale.add(number)

    def row(self, number: int, offset: int) -> RecordHead | StoreError | None:
        """A row; a StoreError where its page broke off, None where it is not there."""
        if number not in self._pages:
            return None
        self._pages.move_to_end(number)
        page = self._pages[number][0]
        if offset < len(page.rows):
            return page.rows[offset]
        return page.damage if offset == len(page.rows) else None

    def kept(self, number: int, length: int) -> Kept | None:
        """A page as it is shown, None where it is not in memory as long as it is now."""
        found = self._pages.get(number)
        return found[0] if found is not None and found[1] == length else None

    def pages(self) -> Iterator[tuple[int, Sequence[RecordHead | None]]]:
        """Numbers and rows of the pages in memory."""
        return ((number, page.rows) for number, (page, _) in sorted(self._pages.items()))


_AT_ONCE: Final = 4 * PAGE  #: rows asked for together: what a screen can show, with a margin


class PagedRows(QObject):
    """An order and those of its pages that are in memory.

    ``order`` may be replaced by one that has the same rows and more after them. ``taken`` tells
    the pages that were read, by number; ``failed`` why they could not be.
    """

    taken = Signal(Mapping)  # of a dict Qt would make a map of its own
    failed = Signal(InspectorError)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.order: Order = FirstRows(())
        self._tasks = tasks
        self._cache = PageCache()
        self._wanted = PageRequests(self, self._ask)

    def reset(self, order: Order) -> None:
        """Take another order, of which nothing is in memory."""
        self.order = order
        self.drop()
        self._wanted.clear()

    def drop(self) -> None:
        """Keep no page any more."""
        self._cache = PageCache()

    def put(self, pages: Mapping[int, Kept], order: Order | None = None) -> None:
        """Keep pages; ``order`` is the one they were read in where it is not that of now."""
        spans = order or self.order
        for number, page in pages.items():
            self._cache.put(number, page, len(spans.span(number)))

    def put_rows(self, rows: Sequence[RecordHead | None]) -> None:
        """Keep the first rows by the pages they are on."""
        row = 0
        while row < min(len(rows), self.order.total):
            number = self.order.place(row)[0]
            span = self.order.span(number)
            page = rows[span.start : span.stop]
            self._cache.put(number, Kept(page), len(page))
            row = span.stop

    def at(self, row: int) -> RecordHead | StoreError | None:
        """A row; a StoreError where its page broke off, None where it is not in memory."""
        return self._cache.row(*self.order.place(row))

    def shown(self) -> ShownPages:
        """The rows as they are on screen now, whatever is written or listed after."""
        kept = (
            (number, self._cache.kept(number, len(self.order.span(number))))
            for number, _ in self._cache.pages()
        )
        return ShownPages(self.order, {number: page for number, page in kept if page is not None})

    def known(self) -> Iterator[tuple[int, RecordHead]]:
        """The records in memory, each with its row."""
        for number, page in self._cache.pages():
            for offset, head in enumerate(page):
                if head is not None:
                    yield self.order.row_of(number, offset), head

    def read_again(self, keys: Container[RecordKey]) -> None:
        """Ask anew for the pages in memory that hold one of these records."""
        for number, page in self._cache.pages():
            heads = (head for head in page if head is not None)
            if any(RecordKey(head.kind, head.id) in keys for head in heads):
                self._cache.outdate(number)
                self._wanted.want(number)

    def want(self, row: int) -> None:
        """Ask for the page of a row, unless it is in memory or on its way."""
        number = self.order.place(row)[0]
        if not self._cache.has(number, len(self.order.span(number))):
            self._wanted.want(number)

    def _ask(self) -> None:
        """Ask for the pages wanted last."""
        numbers, rows = list[int](), 0
        order = self.order
        for number in self._wanted.take():
            if rows < _AT_ONCE:
                numbers.append(number)
                rows += len(order.span(number))
        if not numbers:
            return
        self._wanted.asked = set(numbers)
        self._tasks.run(
            "rows",
            lambda cancel, _: {n: order.read(n, cancel) for n in numbers},
            lambda pages: self._take(pages, order),
            self._fail,
        )

    def _take(self, pages: Mapping[int, Kept], order: Order) -> None:
        self._wanted.asked.clear()
        self.put(pages, order)
        self.taken.emit(pages)

    def _fail(self, error: InspectorError) -> None:
        self.failed.emit(error)
