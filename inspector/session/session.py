"""The store, opened: every question the window and the command line ask, one call each.

Every call opens the file, reads one short snapshot after another and closes it again; nothing is
held between calls. What answers a question is imported when it is first asked: a window needs few
of them before its first rows. ``cancel`` is anything with ``is_set()``; a call it cancels raises
:class:`~inspector.errors.CancelledError`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from inspector import assets
from inspector.decode.choice import AUTO
from inspector.errors import StoreError, StoreErrorKind, UsageError
from inspector.history.versions import Version, head_of, version_of
from inspector.schema.catalog import GENERATIONS
from inspector.schema.kinds import normal_kind
from inspector.session.described import described
from inspector.session.lines import Key
from inspector.session.reading import Reader
from inspector.session.trace import FileState, file_states
from inspector.session.types import Info, KindSummary, Record, RecordHead
from inspector.store.locate import locate
from inspector.store.store import Store
from inspector.store.types import (
    Cancel,
    Label,
    Page,
    Row,
    StoreFacts,
    TableInfo,
)

if TYPE_CHECKING:
    from inspector.session.browse import Rows
    from inspector.session.scan import Scan
    from inspector.session.survey import KindState
    from inspector.session.targets import Link, Referrer, Target

_PAGE: Final = 256

T = TypeVar("T")


class Session:
    """One file and the schema it is read with."""

    def __init__(self, store: Store, *, schema: str = AUTO, notes: Sequence[str] = ()) -> None:
        """Wraps a store; ``notes`` are sentences about how it was found.

        Raises:
            UsageError: no such schema.
        """
        self.store = store
        self.read_with(schema)
        self._notes = tuple(notes)
        self._facts: StoreFacts | None = None
        self._counted = True

    @classmethod
    def open(cls, path: str | Path | None = None, *, schema: str = AUTO) -> Session:
        """Opens a file, or without one the store of this machine.

        Raises:
            StoreError: there is none, or it cannot be opened.
        """
        if path is not None:
            return cls(Store(path), schema=schema)
        found = locate()
        return cls(Store(found.path), schema=schema, notes=found.notes)

    @classmethod
    def demo(cls, *, schema: str = AUTO) -> Session:
        """Opens the built-in demo store."""
        path = assets.path("demo", "stigmer.sqlite")
        return cls(Store(path, label=Label.DEMO), schema=schema)

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about how the file was found."""
        return self._notes

    def file_states(self) -> tuple[FileState, ...]:
        """The database and the files beside it as they lie there now; opens nothing."""
        return file_states(self.store.real_path)

    def survey(
        self, cancel: Cancel | None = None, progress: Callable[[int], None] | None = None
    ) -> list[KindState]:
        """How much of each kind can be read; reads every record."""
        from inspector.session.survey import survey

        return survey(self.store, self.schema, cancel, progress)

    @property
    def damage(self) -> StoreError | None:
        """The first damage met by a question whose answer cannot carry it."""
        return self.store.damage

    def close(self) -> None:
        """Lets go of what the store keeps, such as a private copy."""
        self.store.close()

    def read_with(self, schema: str, by_kind: Mapping[str, str] | None = None) -> None:
        """Reads from now on with a schema, and single kinds with others.

        Args:
            schema: ``auto`` or a generation.
            by_kind: the same for kinds, however they are spelled.

        Raises:
            UsageError: no such schema.
        """
        kinds = {normal_kind(kind): name for kind, name in (by_kind or {}).items()}
        for name in (schema, *kinds.values()):
            if name not in (AUTO, *GENERATIONS):
                known = ", ".join((AUTO, *GENERATIONS))
                raise UsageError(f"There is no schema {name!r}.", f"Known are {known}.")
        self.schema, self._schema_by_kind = schema, kinds

    def facts(self, cancel: Cancel | None = None) -> StoreFacts:
        """The file as a whole, read anew."""
        self._facts = self.store.facts(cancel)
        return self._facts

    def reader(self, cancel: Cancel | None = None) -> Reader:
        """What decodes this store's blobs."""
        facts = self._facts or self.facts(cancel)
        return Reader(facts.form, facts.layout, self.schema, self._schema_by_kind)

    def info(self, cancel: Cancel | None = None) -> Info:
        """The file, what is in it, and the schemas it is read with."""
        from inspector.session.about import info

        return info(self, cancel)

    def kinds(self, cancel: Cancel | None = None) -> list[KindSummary]:
        """Kinds with a record or a version, by their bytes."""
        found = [self._summary(*kind) for kind in self.store.kinds(cancel)]
        self._counted = True
        return found

    def kinds_at_once(self, cancel: Cancel | None = None) -> list[KindSummary]:
        """The same; those of a large file are not counted yet, nor their versions by record."""
        found, self._counted = self.store.kinds_at_once(cancel)
        return [self._summary(*kind, counted=self._counted) for kind in found]

    def _summary(
        self, kind: str, records: int, versions: int, *, counted: bool = True
    ) -> KindSummary:
        known = described(kind, self._schema_by_kind.get(normal_kind(kind), self.schema))
        return KindSummary(kind, *known[:2], records, versions, known.known, counted)

    def resolve_kind(self, text: str, cancel: Cancel | None = None) -> str:
        """The store's spelling of a kind.

        Raises:
            NotFoundError, UsageError: it has none, or several.
        """
        if self.store.heads(text, limit=1, cancel=cancel).rows:
            return text
        from inspector.session.lookup import resolve_kind

        return resolve_kind(text, [kind.kind for kind in self.store.kinds(cancel)])

    def resolve(self, kind: str | None, text: str, cancel: Cancel | None = None) -> tuple[str, str]:
        """Kind and id of the one record that a text names by id or slug.

        What is live comes before what only has history, an id before a slug.

        Raises:
            NotFoundError, UsageError: no record has that name, or several have.
        """
        from inspector.session.finding import resolve

        return resolve(self, kind, text, cancel)

    def anchors(
        self,
        kind: str,
        cancel: Cancel | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> tuple[list[str], int]:
        """The id that each page of 256 begins behind, and the exact number of records."""
        return self.store.anchors(kind, _PAGE, cancel=cancel, progress=progress)

    def records(
        self,
        kind: str,
        after: str | None = None,
        limit: int = _PAGE,
        cancel: Cancel | None = None,
    ) -> Page[RecordHead]:
        """A page of list lines in id order, each decoded for its name and state.

        Versions are given as 0 where the file is damaged so that they cannot be counted, and after
        :meth:`kinds_at_once` until the kinds of a large file are counted.
        """
        reader = self.reader(cancel)
        page = self.store.rows(kind, after, limit, cancel=cancel)
        damage, counts = page.damage, dict[str, int]()
        try:
            if self._counted:
                counts = self.store.version_counts(kind, [row.id for row in page.rows], cancel)
        except StoreError as error:
            if error.kind is not StoreErrorKind.DAMAGED:
                raise
            damage = damage or error
        heads = tuple(reader.head(row, counts.get(row.id, 0)) for row in page.rows)
        return Page(heads, page.more, damage)

    def gone(
        self,
        kind: str,
        after: str | None = None,
        limit: int = _PAGE,
        cancel: Cancel | None = None,
    ) -> Page[RecordHead]:
        """The same for records that only have history, with the values of the newest version."""
        page = self.store.gone(kind, after, limit, cancel=cancel)
        return Page(
            tuple(self.gone_head(kind, one, cancel) for one in page.rows), page.more, page.damage
        )

    def gone_anchors(
        self, kind: str, cancel: Cancel | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> tuple[list[str], int]:  # fmt: skip
        """As :meth:`anchors` for records that only have history; no blob is read."""
        from inspector.session.listing import gone_anchors

        return gone_anchors(self, kind, _PAGE, cancel, progress)

    def gone_head(self, kind: str, id_: str, cancel: Cancel | None = None) -> RecordHead:
        """The list line of a record that only has history: the values of its newest version."""
        heads = self.store.versions(kind, id_, cancel)
        if not heads:  # taken away meanwhile
            return RecordHead(kind, id_, None, None, None, None, None, 0, 0)
        found = self.store.version_row(heads[0], cancel)
        archived_at = version_of(heads[0]).archived_at
        row = Row(kind, id_, found.data, heads[0].size, archived_at, found.problem)
        return self.reader(cancel).head(row, len(heads))

    def history(self, kind: str, id_: str, cancel: Cancel | None = None) -> list[Version]:
        """The archived versions of a resource, newest first, by their rows.

        Hash and tag of older ones may still stand in their blobs: ask :meth:`whole` for them.
        """
        from inspector.session.outline import outline

        return outline(self, kind, id_, cancel)

    def whole(self, versions: Sequence[Version], cancel: Cancel | None = None) -> list[Version]:
        """Versions with what their blobs say where their rows do not."""
        from inspector.session.outline import whole

        return whole(self, versions, cancel)

    def select(
        self, kind: str, id_: str, text: str, cancel: Cancel | None = None
    ) -> Version | None:
        """The version that a text such as ``previous`` or ``tag:stable`` names; None is live.

        Raises:
            NotFoundError, UsageError: no version has that name, or several have.
        """
        from inspector.session.finding import find_version

        return find_version(self, kind, id_, text, cancel)

    def row(
        self, kind: str, id_: str, version: Version | None = None, cancel: Cancel | None = None
    ) -> Row:
        """A record's row, or that of one of its versions, with the blob.

        Raises:
            NotFoundError: there is no such record; where it has history, how much and which.
        """
        if version is not None:
            found = self.store.version_row(head_of(version), cancel)
            return Row(kind, id_, found.data, version.size, version.archived_at, found.problem)
        live = self.store.row(kind, id_, cancel)
        if live is None:
            from inspector.session.finding import not_live

            raise not_live(self, kind, id_, cancel)
        return live

    def record(
        self, kind: str, id_: str, version: Version | None = None, cancel: Cancel | None = None
    ) -> Record:
        """A record, or one version of it, decoded.

        Raises:
            NotFoundError: there is no such record.
        """
        return self.reader(cancel).record(self.row(kind, id_, version, cancel), version)

    def rows(self, kind: str, cancel: Cancel | None = None) -> Iterator[Row]:
        """Every live row of a kind in id order, page by page.

        Raises:
            StoreError: the file is damaged; what came before has been given.
        """
        read = partial(self.store.rows, kind, cancel=cancel)
        return _all_pages(read, lambda row: row.id)

    def gone_ids(self, kind: str, cancel: Cancel | None = None) -> Iterator[str]:
        """Every id of a kind that only has history, by their bytes.

        Raises:
            StoreError: the file is damaged; what came before has been given.
        """
        return _all_pages(partial(self.store.gone, kind, cancel=cancel), lambda id_: id_)

    def links(self, record: Record, cancel: Cancel | None = None) -> list[Link]:
        """The references of a record and where they lead."""
        from inspector.session.targets import links

        return links(self, record, cancel)

    def named(self, text: str, cancel: Cancel | None = None) -> list[Target]:
        """The records a pasted text may mean: an id, ``kind/id``, a line of a log, a slug."""
        from inspector.session.targets import named

        return named(self, text, cancel)

    def referrers(
        self,
        kind: str,
        id_: str,
        cancel: Cancel | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Iterator[Referrer]:
        """The live records that name a record, as they are found."""
        from inspector.session.targets import referrers

        return referrers(self, kind, id_, cancel=cancel, progress=progress)

    def scan(
        self, kinds: Sequence[str], *, text: str = "", column: str = "id",
        descending: bool = False, gone: bool = False,
    ) -> Scan:  # fmt: skip
        """What filters and sorts the records of some kinds; nothing is read until it runs."""
        from inspector.session.scan import Scan

        return Scan(self, kinds, text=text, column=column, descending=descending, gone=gone)

    def heads(
        self, keys: Sequence[Key], cancel: Cancel | None = None, *, gone: bool = False
    ) -> list[RecordHead | None]:
        """The list lines of some records; None for one that is not there any more."""
        from inspector.session.listing import heads

        return heads(self, keys, cancel, gone=gone)

    def table_rows(
        self, name: str, *, after: int | None = None, offset: int = 0, limit: int = _PAGE,
        reveal: bool = False, cancel: Cancel | None = None,
    ) -> Rows:  # fmt: skip
        """A page of any table, secrets covered."""
        from inspector.session.browse import table_rows

        return table_rows(
            self, name, after=after, offset=offset, limit=limit, reveal=reveal, cancel=cancel
        )

    def tables(self, cancel: Cancel | None = None) -> Sequence[TableInfo]:
        """The file's tables with their number of rows."""
        return self.store.tables(cancel)


def _all_pages(read: Callable[[str | None], Page[T]], id_of: Callable[[T], str]) -> Iterator[T]:
    """Everything that keyset pages hold; damage is raised behind what came before it."""
    after: str | None = None
    while True:
        page = read(after)
        yield from page.rows
        if page.damage is not None:
            raise page.damage
        if not page.more or not page.rows:
            return
        after = id_of(page.rows[-1])
