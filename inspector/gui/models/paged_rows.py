"""The rows of a list by number, of which pages are read once a row of them is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QObject, Signal

from inspector.errors import InspectorError, StoreError
from inspector.gui.models.orders import FirstRows, Kept, Order
from inspector.gui.models.pages import PageCache
from inspector.gui.models.wanted_pages import WantedPages
from inspector.gui.tasks import Tasks
from inspector.session.types import RecordHead
from inspector.store.types import PAGE

_AT_ONCE: Final = 4 * PAGE  #: rows asked for together: what a screen can show, with a margin


class PagedRows(QObject):
    """An order and those of its pages that are in memory.

    ``order`` may be replaced by one that has the same rows and more after them. ``taken`` tells
    the pages that were read, by number; ``failed`` why they could not be.
    """

    taken = Signal(object)
    failed = Signal(object)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.order: Order = FirstRows(())
        self._tasks = tasks
        self._cache = PageCache()
        self._wanted = WantedPages(self, self._ask)

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

    def known(self) -> Iterator[tuple[int, RecordHead]]:
        """The records in memory, each with its row."""
        for number, page in self._cache.pages():
            for offset, head in enumerate(page):
                if head is not None:
                    yield self.order.row_of(number, offset), head

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
