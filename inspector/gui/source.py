"""What the window asks of a session; tests put their own in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from threading import Event
from typing import TYPE_CHECKING, Protocol

from inspector.errors import StoreError
from inspector.store.rows import PAGE

if TYPE_CHECKING:
    from inspector.session.browse import TableRows
    from inspector.session.file_states import FileState
    from inspector.session.lines import RecordKey
    from inspector.session.quick_find import Match
    from inspector.session.record_links import Link, LinkTarget, Referrer
    from inspector.session.summaries import Info, KindSummary, Record, RecordHead, Version
    from inspector.session.survey import KindState
    from inspector.store.rows import Page, Row, StoreFacts, TableInfo


class RecordScan(Protocol):
    """A look at every record that can be stopped and gone on with."""

    @property
    def looked(self) -> int:
        """Records that were looked at so far."""

    @property
    def found(self) -> Sequence[RecordKey]:
        """Those that match so far, in kind and id order; only ever appended to."""

    @property
    def damage(self) -> StoreError | None:
        """What ended the reading of a kind early."""

    def run(
        self, cancel: Event | None = None, progress: Callable[[int], None] | None = None
    ) -> Sequence[RecordKey]:
        """Look at the rest; all keys in their order."""


class QuickSearch(Protocol):
    """A look for records by some letters; other threads may ask for what was found so far."""

    @property
    def more(self) -> bool:
        """Whether more records fit than are kept."""

    @property
    def damage(self) -> StoreError | None:
        """What ended the reading of a kind early."""

    def best(self) -> Sequence[Match]:
        """What was found so far, the best first."""

    def run(
        self, cancel: Event | None = None, progress: Callable[[int], None] | None = None
    ) -> Sequence[Match]:
        """Look at every record; what was found, the best first."""


class Source(Protocol):
    """An open store. Every call is made in the worker and may raise an InspectorError."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about how the file was found."""

    @property
    def damage(self) -> StoreError | None:
        """The first damage met by what could not tell it otherwise, such as counting."""

    def file_states(self) -> tuple[FileState, ...]:
        """The files as they lie on the disk; opens nothing."""

    def survey(
        self, cancel: Event | None = None, progress: Callable[[int], None] | None = None
    ) -> list[KindState]:
        """How much of each kind of a damaged file can be read; reads every record."""

    def read_with(self, schema: str, by_kind: Mapping[str, str] | None = None) -> None:
        """Read from now on with a schema, and single kinds with others; called in any thread."""

    def facts(self, cancel: Event | None = None) -> StoreFacts:
        """The file as a whole; quick."""

    def info(self, cancel: Event | None = None) -> Info:
        """The file, what is in it and the schemas in use; may look at every record."""

    def kinds(self, cancel: Event | None = None) -> list[KindSummary]:
        """Kinds with a record or a version."""

    def kinds_at_once(self, cancel: Event | None = None) -> list[KindSummary]:
        """The same without a look at every row; those of a large file are not counted yet."""

    def anchors(
        self,
        kind: str,
        cancel: Event | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> tuple[list[str], int]:
        """The last id of every full page of a kind, and the exact number of its records."""

    def records(
        self, kind: str, after: str | None = None, limit: int = PAGE, cancel: Event | None = None
    ) -> Page[RecordHead]:
        """A keyset page of live records."""

    def gone(
        self, kind: str, after: str | None = None, limit: int = PAGE, cancel: Event | None = None
    ) -> Page[RecordHead]:
        """A keyset page of records that have only history."""

    def gone_anchors(
        self,
        kind: str,
        cancel: Event | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> tuple[list[str], int]:
        """As ``anchors`` for records that have only history."""

    def record(
        self, kind: str, id_: str, version: Version | None = None, cancel: Event | None = None
    ) -> Record:
        """A record, or one of its versions, decoded."""

    def row(
        self, kind: str, id_: str, version: Version | None = None, cancel: Event | None = None
    ) -> Row:
        """The row of a record, not decoded; a NotFoundError where it is gone."""

    def history(self, kind: str, id_: str, cancel: Event | None = None) -> list[Version]:
        """The versions of a record, newest first."""

    def resolve(self, kind: str | None, text: str, cancel: Event | None = None) -> tuple[str, str]:
        """Kind and id of the one record that a text names."""

    def select(self, kind: str, id_: str, text: str, cancel: Event | None = None) -> Version | None:
        """The version a text names; None is the live state."""

    def links(self, record: Record, cancel: Event | None = None) -> list[Link]:
        """The references of a record and where they lead."""

    def named(self, text: str, cancel: Event | None = None) -> list[LinkTarget]:
        """The records a pasted text may mean."""

    def quick_find(self, text: str, kind: str | None = None) -> QuickSearch:
        """What finds records by parts of names, slugs and ids; reads nothing until it runs."""

    def referrers(
        self,
        kind: str,
        id_: str,
        cancel: Event | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Iterator[Referrer]:
        """The live records that name a record, as they are found."""

    def scan(
        self,
        kinds: Sequence[str],
        *,
        text: str = "",
        column: str = "id",
        descending: bool = False,
        gone: bool = False,
    ) -> RecordScan:
        """What filters and sorts the records of some kinds; reads nothing until it runs."""

    def heads(
        self, keys: Sequence[RecordKey], cancel: Event | None = None, *, gone: bool = False
    ) -> list[RecordHead | None]:
        """The list lines of some records; None for one that is not there any more."""

    def table_names(self, cancel: Event | None = None) -> Sequence[TableInfo]:
        """The file's tables and views, not counted; quick."""

    def tables(
        self, cancel: Event | None = None, counted: Callable[[TableInfo], None] | None = None
    ) -> Sequence[TableInfo]:
        """The same with their number of rows; may take long. ``counted`` is told each."""

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
        """A page of any table, secrets covered."""

    def close(self) -> None:
        """Let go of what is kept for the file."""
