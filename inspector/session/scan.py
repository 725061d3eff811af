"""A look at every record of some kinds, to filter and to sort them; it can be stopped and resumed.

Sorting goes by runs that are merged: one sort of a million values would hold the interpreter for
a second, and with it the window.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import merge
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from inspector.decode.record_summary import NOTHING, RecordSummary
from inspector.errors import StoreError
from inspector.session.lines import RecordKey, RecordLine
from inspector.session.prefilter import Prefilter
from inspector.store.reader import check
from inspector.store.rows import Cancel, Head, Row

if TYPE_CHECKING:
    from inspector.session.session import Session

Progress = Callable[[int], None]
_RUN: Final = 8192  #: values sorted at a time
_WITHOUT_BLOBS: Final = frozenset(("id", "size", "updated", "versions"))
_CHECK: Final = 4096  #: keys merged between two looks at the cancel flag


class Scan:
    """The keys of what matches, in an order.

    Attributes:
        looked: records that were looked at so far.
        found: keys of those that match, in kind and id order; only ever appended to, so that
            another thread may look at them meanwhile.
        damage: what ended the reading of a kind early, the first of it.
    """

    def __init__(
        self,
        session: Session,
        kinds: Sequence[str],
        *,
        text: str = "",
        column: str = "id",
        descending: bool = False,
        gone: bool = False,
    ) -> None:
        """Sets what is looked for; nothing is read yet.

        Args:
            session: the store.
            kinds: which records.
            text: words that each have to match, see :meth:`RecordLine.matches`.
            column: one of :data:`~inspector.session.lines.COLUMNS`; ``id`` is kind and id.
            descending: whether the last comes first; what has nothing in the column stays last.
            gone: of records that only have history instead of live ones.
        """
        self._session = session
        self._kinds = tuple(kinds)
        self._words = text.casefold().split()
        self._column = column
        self._descending = descending
        self._gone = gone
        self._at = 0
        self._after: str | None = None
        self._values: list[list[tuple[Any, RecordKey]]] = [[]]
        self._lacking: list[RecordKey] = []
        self.looked = 0
        self.found: list[RecordKey] = []
        self.damage: StoreError | None = None

    def run(
        self, cancel: Cancel | None = None, progress: Progress | None = None
    ) -> list[RecordKey]:
        """Look at what was not looked at yet, and give all keys in their order.

        Args:
            cancel: ends it when set; another call goes on from there.
            progress: told :attr:`looked` now and then.

        Raises:
            CancelledError: it was cancelled.
            StoreError: the file cannot be read at all; damage is kept in :attr:`damage`.
        """
        while self._at < len(self._kinds):
            kind = self._kinds[self._at]
            page, more, damage = self._page(kind, cancel)
            for line in page:
                self._take(line)
            self.looked += len(page)
            self.damage = self.damage or damage
            if more and page and damage is None:
                self._after = page[-1].key.id
            else:
                self._at, self._after = self._at + 1, None
            if progress is not None:
                progress(self.looked)
        return self._ordered(cancel)

    def _page(
        self, kind: str, cancel: Cancel | None
    ) -> tuple[list[RecordLine], bool, StoreError | None]:
        session = self._session
        if self._gone:
            gone = session.gone(kind, self._after, cancel=cancel)
            lines = [
                RecordLine(
                    RecordKey(kind, head.id),
                    RecordSummary(head.name, head.state, head.org, head.slug),
                    *(head.size, head.updated_at, head.versions),
                )
                for head in gone.rows
            ]
            return lines, gone.more, gone.damage
        if not self._words and self._column in _WITHOUT_BLOBS:
            return self._page_of_heads(kind, cancel)
        reader = session.reader(cancel)
        page = session.store.rows(kind, self._after, cancel=cancel)
        counts = self._counts(kind, page.rows, cancel)
        sieve = Prefilter(self._words, kind, documents=reader.documents)

        def line(row: Row) -> RecordLine:
            looked = row.data is not None and sieve.may_match(row.id, row.data)
            summary = (
                reader.peek(row.data, kind, row.updated_at)
                if looked and row.data is not None
                else NOTHING
            )
            count = counts.get(row.id, 0)
            return RecordLine(RecordKey(kind, row.id), summary, row.size, row.updated_at, count)

        return [line(row) for row in page.rows], page.more, page.damage

    def _page_of_heads(
        self, kind: str, cancel: Cancel | None
    ) -> tuple[list[RecordLine], bool, StoreError | None]:
        page = self._session.store.heads(kind, self._after, cancel=cancel)
        counts = self._counts(kind, page.rows, cancel)
        lines = [
            RecordLine(
                RecordKey(kind, row.id), NOTHING, row.size, row.updated_at, counts.get(row.id, 0)
            )
            for row in page.rows
        ]
        return lines, page.more, page.damage

    def _counts(
        self, kind: str, rows: Sequence[Head] | Sequence[Row], cancel: Cancel | None
    ) -> dict[str, int]:
        if self._column != "versions":
            return {}
        return self._session.store.version_counts(kind, [row.id for row in rows], cancel)

    def _take(self, line: RecordLine) -> None:
        if not line.matches(self._words, by_kind=len(self._kinds) > 1):
            return
        self.found.append(line.key)
        if self._column == "id":
            return
        value = line.value(self._column)
        if value is None:
            self._lacking.append(line.key)
            return
        if len(self._values[-1]) == _RUN:
            self._sort(self._values[-1])
            self._values.append([])
        self._values[-1].append((value, line.key))

    def _sort(self, run: list[tuple[Any, RecordKey]]) -> None:
        run.sort(key=itemgetter(0), reverse=self._descending)

    def _ordered(self, cancel: Cancel | None) -> list[RecordKey]:
        if self._column == "id":
            return self.found[::-1] if self._descending else self.found
        self._sort(self._values[-1])
        merged = merge(*self._values, key=itemgetter(0), reverse=self._descending)
        return [*_checked((key for _, key in merged), cancel), *self._lacking]


def _checked(keys: Iterable[RecordKey], cancel: Cancel | None) -> Iterator[RecordKey]:
    for number, key in enumerate(keys):
        if number % _CHECK == 0:
            check(cancel)
        yield key
