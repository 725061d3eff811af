"""A store for the window that is as large, as slow or as broken as a test wants it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from threading import Event

from inspector.errors import CancelledError, NotFoundError, StoreError, StoreErrorKind
from inspector.session.browse import TableCell, TableRows
from inspector.session.file_states import FileState
from inspector.session.lines import RecordKey
from inspector.session.quick_find import QuickFind
from inspector.session.record_links import Link, LinkTarget, Referrer
from inspector.session.summaries import (
    Info,
    KindSummary,
    Record,
    RecordHead,
    Version,
)
from inspector.session.survey import KindState
from inspector.store.rows import (
    PAGE,
    Form,
    Journal,
    Label,
    Page,
    Row,
    StoreFacts,
    TableColumn,
    TableInfo,
)
from tests.choices import chosen


def id_of(number: int) -> str:
    return f"thing-{number:08}"


def head(number: int, kind: str = "thing") -> RecordHead:
    return RecordHead(
        *(kind, id_of(number), f"thing {number}", "THING_STATE_READY", "local", f"thing-{number}"),
        updated_at="2026-01-25T20:38:38Z",
        size=number,
        versions=0,
    )


def damage() -> StoreError:
    return StoreError(StoreErrorKind.DAMAGED, "The file is damaged.", "A backup may hold the rest.")


class FakeScan:
    """A look at every record of a FakeSource, a page at a time, each waiting for its gate."""

    def __init__(self, source: FakeSource, text: str, column: str, descending: bool) -> None:
        self._source, self._words = source, text.split()
        self._column, self._descending = column, descending
        self.looked = 0
        self.found: list[RecordKey] = []
        self.damage: StoreError | None = None

    def run(
        self, cancel: Event | None = None, progress: Callable[[int], None] | None = None
    ) -> Sequence[RecordKey]:
        while self.looked < self._source.total:
            self._source.wait(cancel)
            end = min(self.looked + PAGE, self._source.total)
            for number in range(self.looked, end):
                if all(word in f"thing {number} {id_of(number)}" for word in self._words):
                    self.found.append(RecordKey("thing", id_of(number)))
            self.looked = end
            if progress is not None:
                progress(end)
        if self._column == "id" and not self._descending:
            return self.found
        return sorted(self.found, reverse=self._descending)


class FakeSource:
    """A store of one kind.

    Attributes:
        total: number of its records.
        damaged_at: number of the record before which reading breaks off, or None.
        pages: numbers of the first rows of all pages that were read.
        gate: when it is not None, every record and page after the first waits for it or a cancel.
    """

    def __init__(self, total: int, damaged_at: int | None = None) -> None:
        self.total = total
        self.damaged_at = damaged_at
        self.pages: list[int] = []
        self.gate: Event | None = None
        self.closed = 0
        self.waiting = Event()
        self.cancelled = 0
        self.notes: tuple[str, ...] = ()
        self.damage: StoreError | None = None
        self.schema, self.by_kind = "auto", dict[str, str]()

    def file_states(self) -> tuple[FileState, ...]:
        return (FileState("", 4096, 1),)

    def survey(
        self, cancel: Event | None = None, progress: Callable[[int], None] | None = None
    ) -> list[KindState]:
        self.wait(cancel)
        end = self.total if self.damaged_at is None else self.damaged_at
        broken = damage().message if self.damaged_at is not None else None
        return [KindState("thing", "Thing", end, 0, broken)]

    def read_with(self, schema: str, by_kind: Mapping[str, str] | None = None) -> None:
        self.schema, self.by_kind = schema, dict(by_kind or {})

    def facts(self, cancel: Event | None = None) -> StoreFacts:
        return StoreFacts(
            *("fake.db", "/fake/fake.db", Label.PRODUCTION, Form.SQLITE, 2, Journal.CLEAN),
            size=4096,
            wal_size=0,
            daemon_pid=None,
        )

    def info(self, cancel: Event | None = None) -> Info:
        return Info(self.facts(), (), 1, self.total, 0, (), ())

    def kinds(self, cancel: Event | None = None) -> list[KindSummary]:
        return [KindSummary("thing", "Thing", "agentic", self.total, 0, known=True)]

    def kinds_at_once(self, cancel: Event | None = None) -> list[KindSummary]:
        return self.kinds(cancel)

    def anchors(
        self,
        kind: str,
        cancel: Event | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> tuple[list[str], int]:
        self.wait(cancel)
        end = self.total if self.damaged_at is None else self.damaged_at
        anchors = [id_of(last) for last in range(PAGE - 1, end, PAGE)]
        if progress is not None:
            progress(end)
        return anchors, end

    def records(
        self, kind: str, after: str | None = None, limit: int = PAGE, cancel: Event | None = None
    ) -> Page[RecordHead]:
        first = 0 if after is None else int(after.rpartition("-")[2]) + 1
        if first:
            self.wait(cancel)
        self.pages.append(first)
        end = min(first + limit, self.total)
        broken = self.damaged_at is not None and self.damaged_at < end
        if broken and self.damaged_at is not None:
            end = max(first, self.damaged_at)
        rows = tuple(head(number) for number in range(first, end))
        return Page(rows, end < self.total and not broken, damage() if broken else None)

    def gone(
        self, kind: str, after: str | None = None, limit: int = PAGE, cancel: Event | None = None
    ) -> Page[RecordHead]:
        return self.records(kind, after, limit, cancel)

    def gone_anchors(
        self,
        kind: str,
        cancel: Event | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> tuple[list[str], int]:
        return self.anchors(kind, cancel, progress)

    def record(
        self, kind: str, id_: str, version: Version | None = None, cancel: Event | None = None
    ) -> Record:
        self.wait(cancel)
        return Record(kind, id_, 0, None, version, chosen(None, "it is a fake"), None)

    def row(
        self, kind: str, id_: str, version: Version | None = None, cancel: Event | None = None
    ) -> Row:
        return Row(kind, id_, b"", 0, None)

    def history(self, kind: str, id_: str, cancel: Event | None = None) -> list[Version]:
        return []

    def scan(
        self,
        kinds: Sequence[str],
        *,
        text: str = "",
        column: str = "id",
        descending: bool = False,
        gone: bool = False,
    ) -> FakeScan:
        return FakeScan(self, text, column, descending)

    def heads(
        self, keys: Sequence[RecordKey], cancel: Event | None = None, *, gone: bool = False
    ) -> list[RecordHead | None]:
        return [head(int(key.id.rpartition("-")[2])) for key in keys]

    def table_names(self, cancel: Event | None = None) -> Sequence[TableInfo]:
        return [TableInfo("resources", None)]

    def tables(
        self, cancel: Event | None = None, counted: Callable[[TableInfo], None] | None = None
    ) -> Sequence[TableInfo]:
        found = TableInfo("resources", self.total)
        if counted is not None:
            counted(found)
        return [found]

    def table_rows(
        self,
        name: str,
        *,
        after: int | None = None,
        offset: int = 0,
        limit: int = PAGE,
        reveal: bool = False,
        cancel: Event | None = None,
    ) -> TableRows:
        self.wait(cancel)
        first = (0 if after is None else after) + offset
        end = min(first + limit, self.total)
        rows = tuple((TableCell(id_of(n), value=id_of(n)),) for n in range(first, end))
        return TableRows((TableColumn("id", "TEXT", 1),), rows, end < self.total, end, None)

    def links(self, record: Record, cancel: Event | None = None) -> list[Link]:
        return []

    def named(self, text: str, cancel: Event | None = None) -> list[LinkTarget]:
        return []

    def quick_find(self, text: str, kind: str | None = None) -> QuickFind:
        raise NotImplementedError

    def referrers(
        self,
        kind: str,
        id_: str,
        cancel: Event | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Iterator[Referrer]:
        return iter(())

    def resolve(self, kind: str | None, text: str, cancel: Event | None = None) -> tuple[str, str]:
        if kind != "thing":
            raise NotFoundError(f"There is no kind {kind!r} in this store.")
        return "thing", text

    def select(self, kind: str, id_: str, text: str, cancel: Event | None = None) -> Version | None:
        return None

    def close(self) -> None:
        self.closed += 1

    def wait(self, cancel: Event | None) -> None:
        """Wait until the gate opens; a cancelled call ends as a session's does."""
        if self.gate is None:
            return
        self.waiting.set()
        while not self.gate.wait(0.005):
            if cancel is not None and cancel.is_set():
                self.cancelled += 1
                raise CancelledError("Cancelled.")
