"""The store, opened: every question the window and the command line ask, one call each.

Every call opens the file, reads one short snapshot after another and closes it again; nothing is
held between calls. What answers a question is imported when it is first asked: a window needs few
of them before its first rows. ``cancel`` is anything with ``is_set()``; a call it cancels raises
:class:`~inspector.errors.CancelledError`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from inspector.history.versions import Version, head_of
from inspector.logs import Logger
from inspector.session.kind_description import described
from inspector.session.lines import RecordKey
from inspector.session.opened import OpenedFile, schema_word
from inspector.session.paging import all_pages, gone_head, gone_page, live_page
from inspector.session.summaries import Info, KindSummary, Record, RecordHead
from inspector.store.rows import PAGE, Cancel, Page, Row, TableInfo

if TYPE_CHECKING:
    from inspector.history.stored_events import StoredEvent
    from inspector.session.browse import TableRows
    from inspector.session.log_history import LoggedHistory
    from inspector.session.quick_find import QuickFind
    from inspector.session.record_links import Link, LinkTarget, Referrer
    from inspector.session.scan import Scan
    from inspector.session.survey import KindState
    from inspector.store.commit_history import CommitFacts
    from inspector.store.event_log import EventKey

_LOG: Final = Logger(__name__)


class Session(OpenedFile):
    """What is asked of one file; which file that is and how it is read says :class:`OpenedFile`."""

    #: Whether the versions of each record can be counted without a long wait.
    _counted = True

    def survey(
        self, cancel: Cancel | None = None, progress: Callable[[int], None] | None = None
    ) -> list[KindState]:
        """How much of each kind can be read; reads every record."""
        from inspector.session.survey import survey

        return survey(self.store, self.schema, cancel, progress)

    def info(self, cancel: Cancel | None = None) -> Info:
        """The file, what is in it, and the schemas it is read with."""
        from inspector.session.store_info import info

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
        known = described(kind, self.schema_of(kind))
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
        """The id that each page begins behind, and the exact number of records."""
        return self.store.anchors(kind, PAGE, cancel=cancel, progress=progress)

    def records(
        self,
        kind: str,
        after: str | None = None,
        limit: int = PAGE,
        cancel: Cancel | None = None,
    ) -> Page[RecordHead]:
        """A page of list lines in id order, each decoded for its name and state.

        Versions are given as 0 where the file is damaged so that they cannot be counted, and after
        :meth:`kinds_at_once` until the kinds of a large file are counted.
        """
        return live_page(self, kind, after, limit, cancel, counted=self._counted)

    def gone(
        self,
        kind: str,
        after: str | None = None,
        limit: int = PAGE,
        cancel: Cancel | None = None,
    ) -> Page[RecordHead]:
        """The same for records that only have history, with the values of the newest version."""
        return gone_page(self, kind, after, limit, cancel)

    def gone_anchors(
        self, kind: str, cancel: Cancel | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> tuple[list[str], int]:  # fmt: skip
        """As :meth:`anchors` for records that only have history; no blob is read."""
        from inspector.session.listing import gone_anchors

        return gone_anchors(self, kind, PAGE, cancel, progress)

    def gone_head(self, kind: str, id_: str, cancel: Cancel | None = None) -> RecordHead:
        """The list line of a record that only has history: the values of its newest version."""
        return gone_head(self, kind, id_, cancel)

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
        if version is not None and version.logged is not None:
            from inspector.session.log_history import logged_row

            return logged_row(self, version, cancel)
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
        found = self.reader(cancel).record(self.row(kind, id_, version, cancel), version)
        _LOG.info(
            "record: read with %s, %s bytes, %s problems",
            schema_word(found.choice.schema),
            found.size,
            len(found.problems),
        )
        return found

    def at(self, commit: int, cancel: Cancel | None = None) -> Session:
        """The whole store as of a commit of its write-ahead log, read as this session reads.

        Args:
            commit: counted from 1; 0 is the state before the first.
            cancel: ends it when set.

        Raises:
            NotFoundError: there is no such commit, or it cannot be read any more.
        """
        from inspector.session.log_history import log_of

        return self.reading(self.store.at(commit, log_of(self, cancel)))

    def commits(
        self, cancel: Cancel | None = None, progress: Callable[[int, int], None] | None = None
    ) -> list[CommitFacts]:
        """The commits that the write-ahead log holds, oldest first, and what each touched."""
        from inspector.session.log_history import commits

        return commits(self, cancel, progress)

    def logged_history(self, kind: str, id_: str, cancel: Cancel | None = None) -> LoggedHistory:
        """The states of a record that the write-ahead log holds, newest first."""
        from inspector.session.log_history import logged_history

        return logged_history(self, kind, id_, cancel)

    def event_count(self, kind: str, id_: str, cancel: Cancel | None = None) -> int:
        """How many events the store keeps of a record; 0 where it keeps none of its kind.

        Raises:
            StoreError: the file is damaged so that they cannot be counted.
        """
        from inspector.session.event_pages import event_count

        return event_count(self, kind, id_, cancel)

    def events(
        self, kind: str, id_: str, after: EventKey | None = None, offset: int = 0,
        limit: int = PAGE, cancel: Cancel | None = None,
    ) -> Page[StoredEvent]:  # fmt: skip
        """The events of a record, oldest first: those after a key, then ``offset`` further on."""
        from inspector.session.event_pages import event_page

        return event_page(self, kind, id_, after, offset, limit, cancel)

    def rows(self, kind: str, cancel: Cancel | None = None) -> Iterator[Row]:
        """Every live row of a kind in id order, page by page.

        Raises:
            StoreError: the file is damaged; what came before has been given.
        """
        read = partial(self.store.rows, kind, cancel=cancel)
        return all_pages(read, lambda row: row.id)

    def gone_ids(self, kind: str, cancel: Cancel | None = None) -> Iterator[str]:
        """Every id of a kind that only has history, by their bytes.

        Raises:
            StoreError: the file is damaged; what came before has been given.
        """
        return all_pages(partial(self.store.gone, kind, cancel=cancel), lambda id_: id_)

    def links(self, record: Record, cancel: Cancel | None = None) -> list[Link]:
        """The references of a record and where they lead."""
        from inspector.session.record_links import links

        return links(self, record, cancel)

    def named(self, text: str, cancel: Cancel | None = None) -> list[LinkTarget]:
        """The records a pasted text may mean: an id, ``kind/id``, a line of a log, a slug."""
        from inspector.session.record_links import named

        return named(self, text, cancel)

    def quick_find(self, text: str, kind: str | None = None) -> QuickFind:
        """What finds records by parts of names, slugs and ids; nothing is read until it runs."""
        from inspector.session.quick_find import QuickFind

        return QuickFind(self, text, kind)

    def referrers(
        self,
        kind: str,
        id_: str,
        cancel: Cancel | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Iterator[Referrer]:
        """The live records that name a record, as they are found."""
        from inspector.session.record_links import referrers

        return referrers(self, kind, id_, cancel=cancel, progress=progress)

    def scan(
        self, kinds: Sequence[str], *, text: str = "", column: str = "id",
        descending: bool = False, gone: bool = False,
    ) -> Scan:  # fmt: skip
        """What filters and sorts the records of some kinds; nothing is read until it runs."""
        from inspector.session.scan import Scan

        return Scan(self, kinds, text=text, column=column, descending=descending, gone=gone)

    def heads(
        self, keys: Sequence[RecordKey], cancel: Cancel | None = None, *, gone: bool = False
    ) -> list[RecordHead | None]:
        """The list lines of some records; None for one that is not there any more."""
        from inspector.session.listing import heads

        return heads(self, keys, cancel, gone=gone)

    def table_rows(
        self, name: str, *, after: int | None = None, offset: int = 0, limit: int = PAGE,
        reveal: bool = False, cancel: Cancel | None = None,
    ) -> TableRows:  # fmt: skip
        """A page of any table, secrets covered."""
        from inspector.session.browse import table_rows

        return table_rows(
            self, name, after=after, offset=offset, limit=limit, reveal=reveal, cancel=cancel
        )

    def table_names(self, cancel: Cancel | None = None) -> Sequence[TableInfo]:
        """The file's tables and views, not counted; quick."""
        return self.store.table_names(cancel)

    def tables(
        self, cancel: Cancel | None = None, counted: Callable[[TableInfo], None] | None = None
    ) -> Sequence[TableInfo]:
        """The file's tables and views with their number of rows; ``counted`` is told each."""
        found = []
        for table in self.store.counted_tables(cancel):
            found.append(table)
            if counted is not None:
                counted(table)
        return found
