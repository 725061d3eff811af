"""What the store hands out: plain immutable facts and rows, no SQLite object.

Text that SQLite gives is decoded as UTF-8 with ``surrogateescape``, so that any id, however
broken, can be asked for again and compares as its bytes do.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Final, Generic, Protocol, TypeAlias, TypeVar

from inspector.errors import CancelledError, StoreError
from inspector.named_tuple import NamedTuple

T = TypeVar("T")

#: Rows that are read at a time. A page ends behind an anchor, so that who asks for pages and who
#: counts them must mean the same.
PAGE: Final = 256
NEWEST_LAYOUT: Final = 27  #: the newest layout this program was written for


class Cancel(Protocol):
    """Anything that can say the answer is no longer wanted, such as ``threading.Event``.

    One that takes its time to say so has another as ``at_once``, for while the store is read.
    """

    def is_set(self) -> bool:
        """Whether to stop."""


def check(cancel: Cancel | None) -> None:
    """Stop here if the answer is no longer wanted.

    Raises:
        CancelledError: it is not.
    """
    if cancel is not None and cancel.is_set():
        raise CancelledError("Cancelled.")


class Form(StrEnum):
    """What kind of store a file is."""

    SQLITE = "sqlite"  #: resources as protobuf blobs, layouts v0 and later
    JSON = "json"  #: the JSON store of 2026-01-18
    BADGER = "badger"  #: a BadgerDB directory; never opened, only named
    FOREIGN = "foreign"  #: another SQLite database: tables can be browsed


class Label(StrEnum):
    """Whose store it is."""

    PRODUCTION = "production"
    TEST = "test"
    DEMO = "demo"


class Journal(StrEnum):
    """What lies beside the database file."""

    CLEAN = "clean"
    LIVE = "live"
    LEFT = "left"
    ROLLBACK = "rollback"
    UNKNOWN = "unknown"


class TableType(StrEnum):
    """What rows are asked of by a name."""

    TABLE = "table"
    VIEW = "view"


class TableInfo(NamedTuple):
    """A table or view of the file.

    ``rows`` is the exact number of rows, None where they are not counted (yet), as those of a view
    never are: it is a query of the file's own, which is not run.
    """

    name: str
    rows: int | None
    type: TableType = TableType.TABLE


class StoreFacts(NamedTuple):
    """What is known of a file as a whole. Sizes are bytes.

    ``layouts`` are the layouts that were applied, ascending, each with the time at which it was as
    stored (empty where none is written); several may share a number.
    ``links`` is how many names the file has; beside each of them may lie a WAL of its own.
    ``asleep`` says that nobody has it open where the journal is clean; else somebody may who
    neither reads nor writes just now. Where the journal is live, it says that somebody has it open
    for longer than to read or write.
    ``commit`` is that of its write-ahead log as of which it is read, of as many as ``commits``;
    None for its newest state.
    """

    path: str
    real_path: str
    label: Label
    form: Form
    layout: int | None
    journal: Journal
    size: int
    wal_size: int
    daemon_pid: int | None
    layouts: tuple[tuple[int, str], ...] = ()
    links: int = 1
    asleep: bool = True
    commit: int | None = None
    commits: int = 0

    @property
    def as_of(self) -> str:
        """Which earlier state of the file it is, in words; empty for its newest one."""
        if self.commit is None:
            return ""
        if not self.commit:
            return f"before the first of {self.commits:,} commits"
        return f"as of commit {self.commit:,} of {self.commits:,}"

    @property
    def is_test(self) -> bool:
        """Whether it is a store of a test: one of Stigmer's, whatever its form, at such a place."""
        return self.label is Label.TEST and self.form is not Form.FOREIGN

    @property
    def newer(self) -> str:
        """A sentence where its layout is newer than those that are known here; else empty."""
        if self.layout is None or self.layout <= NEWEST_LAYOUT:
            return ""
        return f"This store has layout {self.layout}; this program knows {NEWEST_LAYOUT}."


class KindCount(NamedTuple):
    """A kind as the store spells it; versions are audit and legacy rows."""

    kind: str
    records: int
    versions: int


class Head(NamedTuple):
    """A live row without its blob. ``updated_at`` as stored, None where there is none."""

    kind: str
    id: str
    size: int
    updated_at: str | None


class Row(NamedTuple):
    """A live row with its blob.

    ``data`` is None and ``problem`` a sentence where the row cannot be read. In the JSON store
    ``data`` is the document's UTF-8 text. ``same_id`` is how many rows of the kind have its id,
    where it was asked for by that: of several, as a table without a key may have them, it is the
    last.
    """

    kind: str
    id: str
    data: bytes | None
    size: int
    updated_at: str | None
    problem: str | None = None
    same_id: int = 1


class VersionHead(NamedTuple):
    """An archived row without its blob.

    Either ``audit_id`` (``resource_audit.id``) or ``legacy_key`` (the id of a legacy row of
    ``resources``) is set. ``stored_kind`` is the kind column's text of that row (for a legacy kind
    such as ``SKILL_AUDIT`` it differs from ``kind``). ``archived_at`` is the column's text or the
    legacy digits. Hash and tag are the row's own columns, None where empty.
    """

    kind: str
    id: str
    audit_id: int | None
    legacy_key: str | None
    stored_kind: str
    archived_at: str | None
    version_hash: str | None
    tag: str | None
    size: int


class VersionRow(NamedTuple):
    """An archived row with its blob; ``data`` None and ``problem`` set where it cannot be read."""

    head: VersionHead
    data: bytes | None
    problem: str | None = None


class Page(NamedTuple, Generic[T]):
    """Rows in key order out of one snapshot.

    Attributes:
        rows: what was read, at most the limit.
        more: True where the limit was reached and more may follow.
        damage: what ended the reading early, or None; ``rows`` then holds what came before.
    """

    rows: tuple[T, ...]
    more: bool
    damage: StoreError | None = None


class TableColumn(NamedTuple):
    """A column of any table: its declared type, and its place in the primary key or 0.

    A ``derived`` one has values that come of an expression over the others; a ``computed`` one of
    these is not stored, they are made whenever they are read.
    """

    name: str
    type: str
    primary_key: int
    computed: bool = False
    derived: bool = False


#: The key of a row: each value, a text as its bytes, and its type.
KeyValues: TypeAlias = Sequence[tuple[Any, str]]
#: What finds a row of a table again: its number, or its primary key where it has none.
RowKey: TypeAlias = int | KeyValues


class TablePage(NamedTuple):
    """Rows of any table, in the order they are stored.

    Attributes:
        columns: the columns that the rows have, in order.
        rows: values as stored: bytes, str, int, float or None.
        more: True where the limit was reached and more may follow.
        last: number or key of the last row, to go on after it; None where a table has neither that
            can be asked for, so that an offset is used.
        cut: (row, column, bytes) of values too large to be loaded, which stand as None.
        damage: what ended the reading early, or None.
        not_computed: numbers of the computed columns whose values stand as None, since to compute
            them would run more than a few known functions, or take too long.
        numbers: of each row its number; None each in a table without row numbers.
        keys: of each row what finds it again, None each where nothing does.
        messages: numbers of the columns in which a store of Stigmer keeps messages, as blobs or, in
            the JSON store, as texts.
    """

    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[bytes | str | int | float | None, ...], ...]
    more: bool
    last: RowKey | None
    cut: tuple[tuple[int, int, int], ...] = ()
    damage: StoreError | None = None
    not_computed: frozenset[int] = frozenset()
    numbers: tuple[int | None, ...] = ()
    keys: tuple[RowKey | None, ...] = ()
    messages: frozenset[int] = frozenset()
