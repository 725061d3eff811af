"""A store, opened read-only: every question that can be asked of the file.

Each answer is a snapshot of its own. Long answers are put together from several short ones, so
that the daemon is never held up; a record that is there all the while is in them exactly once.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from inspector.errors import StoreError
from inspector.store import lock_holders, private_copies, records, stored_kinds
from inspector.store.archived_rows import History
from inspector.store.counting import Counting, UnlikeIndex
from inspector.store.files import Signature, look, resolve
from inspector.store.layout import Layout, Resources, read_applied, read_layout, read_version
from inspector.store.reader import START, After, Snapshot, StoreReader, after_or_end, exclusive
from inspector.store.records import Range
from inspector.store.rows import (
    PAGE,
    Cancel,
    Head,
    KindCount,
    Label,
    Page,
    Row,
    RowKey,
    StoreFacts,
    TableInfo,
    TablePage,
)
from inspector.store.stored_kinds import KindList
from inspector.store.temporary_places import usual_place

# What a list does not need is imported when it is first asked for.
if TYPE_CHECKING:
    from inspector.store.blob_finder import MayHold, SiftedRows, SiftedVersions, VersionPlace
    from inspector.store.column_values import BlobPage, ColumnPage, ValueColumn
    from inspector.store.commit_history import CommitFacts, RecordState
    from inspector.store.commits import CommitLog, LogState, Moment
    from inspector.store.event_log import EventLog
    from inspector.store.following import Following
    from inspector.store.name_ledger import NamedRow

T = TypeVar("T", Head, Row)
Answer = TypeVar("Answer")

_TEST_MARK: Final = "stigmer-e2e-"


class Store:
    """One file. Opening it looks at the file without touching its content."""

    def __init__(
        self,
        path: str | Path,
        *,
        label: Label | None = None,
        commit: int | None = None,
        log: LogState | None = None,
    ) -> None:
        """Look at a file.

        Args:
            path: the database; symbolic links are followed once, now.
            label: whose store it is; told by the path where None.
            commit: of its write-ahead log, as of which it is read; None for its newest state.
            log: the state of the log that the commit is one of; that which is found where None.

        Raises:
            StoreError: it is no regular, readable file.
            NotFoundError: ``log`` has no such commit, or it cannot be read.
        """
        private_copies.sweep_once()
        self.path = os.fspath(path)
        self.real_path = resolve(path)
        #: The commit as of which the store is read, None for its newest state.
        self.moment = self._moment(commit, log) if commit is not None else None
        self._log: CommitLog | None = None
        self._label = label or label_of(self.path, self.real_path)
        #: The first damage met by a question whose answer cannot carry it, or None. It passes when
        #: the kinds are counted again in a file that was written since.
        self.damage: StoreError | None = None
        self._damaged_state: Signature = ()
        self._reader = StoreReader(self.real_path, self._note, self.moment)
        self._layouts: dict[tuple[int, int, int], Layout] = {}
        #: Questions about versions, and about records of which only versions are left.
        self.history = History(self.real_path, self._reader, self._layout, self._note)
        self._known_events: EventLog | None = None
        self._counting = Counting(
            *(self.real_path, self._reader, self._layout, self._note), self.history.none_of
        )

    def _moment(self, commit: int, log: LogState | None) -> Moment:
        from inspector.store.commits import Moment  # noqa: PLC0415

        return Moment(self.real_path, commit, log)

    def facts(self, cancel: Cancel | None = None) -> StoreFacts:
        """What is known of the file as a whole."""
        with exclusive(cancel):
            files = look(self.real_path)
            state = lock_holders.inspect(self.real_path, files)
        layout, version, applied = self._reader.read(self._layout_and_versions, cancel)
        return StoreFacts(
            self.path,
            self.real_path,
            self._label,
            layout.form,
            version,
            state.journal,
            files.database.size,
            files.wal.size if files.wal else 0,
            state.pid,
            applied,
            links=files.links,
            asleep=state.sure,
            commit=self.moment.number if self.moment is not None else None,
            commits=(self.moment.total or 0) if self.moment is not None else 0,
        )

    def signature(self) -> Signature:
        """What to compare to see whether the files were written; cheap, opens nothing.

        Raises:
            StoreError: the file is gone or no longer readable.
        """
        return look(self.real_path).signature

    def following(self, kept_bytes: int | None = None) -> Following:
        """What tells, at each look, what has changed since the one before; nothing is read yet.

        Args:
            kept_bytes: of rows that are kept as they are, for what was before a change; as many as
                is usual where None.
        """
        from inspector.store.following import Following  # noqa: PLC0415

        parts = self.real_path, self._reader, self._layout
        return Following(*parts) if kept_bytes is None else Following(*parts, kept_bytes)

    def kinds(self, cancel: Cancel | None = None) -> list[KindCount]:
        """Kinds with a record or a version, by their bytes; none in a foreign file.

        In a damaged file the counts are of what can be read, and :attr:`damage` is set.
        """
        self._pass_damage()
        return self._counting.kinds(cancel)

    def unlike_indexes(self, cancel: Cancel | None = None) -> list[UnlikeIndex]:
        """The indexes of the store's tables that contradict them; goes through all of each.

        Raises:
            StoreError: the file is damaged, or this took too long.
        """
        return self._counting.unlike_indexes(cancel)

    def kinds_at_once(self, cancel: Cancel | None = None) -> tuple[list[KindCount], bool]:
        """Kinds with a record or a version, without a look at every row of a large file.

        Returns:
            The kinds, and whether they are counted; else 1 stands for some.
        """
        self._pass_damage()
        return self._counting.kinds_at_once(cancel)

    def heads(
        self,
        kind: str,
        after: str | None = None,
        limit: int = PAGE,
        *,
        descending: bool = False,
        timeless: bool = False,
        cancel: Cancel | None = None,
    ) -> Page[Head]:
        """Live rows of a kind without blobs, by id, those beyond ``after``, which need not exist.

        A row that cannot be read has size 0 and no time. ``timeless``: others need have none
        either, which lies behind the blob.
        """
        wanted = Range(kind, after, limit, descending, timeless=timeless)
        return self._page(records.page_of_heads, wanted, cancel)

    def rows(
        self,
        kind: str,
        after: str | None = None,
        limit: int = PAGE,
        *,
        cancel: Cancel | None = None,
    ) -> Page[Row]:
        """Live rows of a kind with blobs, by id; a page ends early when it grows large."""
        return self._page(records.page_of_rows, Range(kind, after, limit), cancel)

    def column_values(
        self,
        kind: str,
        column: ValueColumn,
        after: str | None = None,
        limit: int = PAGE,
        *,
        cancel: Cancel | None = None,
    ) -> ColumnPage | None:
        """What live rows of a kind hold in a column, by id, those beyond ``after``.

        Returns:
            None where only :meth:`heads` can tell: a row is damaged, or its id is no text.
        """
        from inspector.store.column_values import page_of_values  # noqa: PLC0415 - seldom asked

        wanted = Range(kind, after, limit)
        return self._of_rows(
            lambda snapshot, table: page_of_values(snapshot, table, wanted, column), None, cancel
        )

    def blobs(
        self,
        kind: str,
        after: str | None,
        limit: int,
        most: int,
        cancel: Cancel | None = None,
    ) -> BlobPage | None:
        """Live rows of a kind as bare columns, by id, those beyond ``after``.

        Args:
            kind: as stored.
            after: an id, None for the beginning.
            limit: the most rows.
            most: the most bytes of blobs, but for one blob.
            cancel: ends it when set.

        Returns:
            None where only :meth:`rows` can tell: a row is damaged, or its id is no text.
        """
        from inspector.store.column_values import page_of_blobs  # noqa: PLC0415 - seldom asked

        wanted = Range(kind, after, limit)
        return self._of_rows(
            lambda snapshot, table: page_of_blobs(snapshot, table, wanted, most), None, cancel
        )

    def sifted_rows(
        self, kind: str, may_hold: MayHold, cancel: Cancel | None = None
    ) -> Iterator[SiftedRows]:
        """All live rows of a kind by id, of which only those are kept that may hold something.

        ``may_hold`` is called within a read: it must be quick, and change nothing.
        """
        from inspector.store.blob_finder import SiftedRows, sift_rows  # noqa: PLC0415 - seldom asked

        def chunk(snapshot: Snapshot, place: After) -> tuple[SiftedRows, After | None]:
            table = self._layout(snapshot).resources
            if table is None:
                return SiftedRows((), 0, None), None
            found = sift_rows(snapshot, table, kind, place.key, may_hold)
            while found.is_empty and snapshot.unnoticed:
                more = sift_rows(snapshot, table, kind, found.end, may_hold)
                found = more._replace(looked=found.looked + more.looked)
            return found, after_or_end(found.end)

        return self._reader.sweep(chunk, START, cancel)

    def sifted_versions(
        self, kind: str, may_hold: MayHold, cancel: Cancel | None = None
    ) -> Iterator[SiftedVersions] | None:
        """The archived rows of a kind that may hold something, by resource and number.

        Returns:
            None where they cannot be told without asking for those of each resource: the kind has
            had several names, or keeps versions among its records.

        Raises:
            StoreError: the file is damaged where they lie; those before have been given.
        """
        from inspector.store.blob_finder import SiftedVersions, sift_versions  # noqa: PLC0415

        if not self.history.lie_alone(kind, cancel):
            return None

        def chunk(
            snapshot: Snapshot, place: VersionPlace | None
        ) -> tuple[SiftedVersions, VersionPlace | None]:
            table = self._layout(snapshot).audit
            if table is None:
                return SiftedVersions((), 0, None), None
            found = sift_versions(snapshot, table, kind, place, may_hold)
            while found.is_empty and snapshot.unnoticed:
                more = sift_versions(snapshot, table, kind, found.end, may_hold)
                found = more._replace(looked=found.looked + more.looked)
            return found, found.end

        def sweep() -> Iterator[SiftedVersions]:
            place: VersionPlace | None = None
            while True:
                read = partial(chunk, place=place)
                found, place = self._reader.read(read, cancel)
                yield found
                if place is None:
                    return

        return sweep()

    def rows_by_id(self, kind: str, ids: Iterable[str], cancel: Cancel | None = None) -> list[Row]:
        """Live rows in the order asked; those that are not there are left out."""
        wanted = list(ids)
        return self._of_rows(
            lambda snapshot, table: list(records.rows_by_id(snapshot, table, kind, wanted)),
            [],
            cancel,
        )

    def row(self, kind: str, id: str, cancel: Cancel | None = None) -> Row | None:
        """A live row, None where there is none."""
        return next(iter(self.rows_by_id(kind, [id], cancel)), None)

    def log_state(self, cancel: Cancel | None = None) -> LogState:
        """The write-ahead log as it is now: its commits, and which of them can be read.

        Raises:
            StoreError: it is too large, or is written to all the time.
        """
        from inspector.store.commit_history import log_state  # noqa: PLC0415
        from inspector.store.commits import CommitLog  # noqa: PLC0415

        if self._log is None:
            self._log = CommitLog(self.real_path)
        return log_state(self.real_path, self._log, cancel)

    def at(self, commit: int, log: LogState | None = None) -> Store:
        """The store as of a commit of its write-ahead log; nothing is read yet.

        Args:
            commit: counted from 1; 0 is the state before the first.
            log: the state of the log that it is one of; that which is found where None.

        Raises:
            NotFoundError: ``log`` has no such commit, or it cannot be read.
        """
        found = Store(self.path, label=self._label, commit=commit, log=log)
        # A layout is known by the number of its schema.
        found._layouts = dict(self._layouts)
        return found

    def commits(
        self,
        log: LogState,
        cancel: Cancel | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Iterator[CommitFacts]:
        """The commits of the log, oldest first, with the records that each touched.

        ``progress`` is told how many are done, and how many there are.

        Raises:
            StoreError: the files were changed meanwhile.
        """
        from inspector.store.commit_history import commit_facts  # noqa: PLC0415

        return commit_facts(self.real_path, log, cancel, progress)

    def record_states(
        self, log: LogState, kind: str, id_: str, cancel: Cancel | None = None
    ) -> Iterator[RecordState]:
        """A record in the states that can be read, oldest first, as far as they differ.

        Raises:
            StoreError: the files were changed meanwhile, or are damaged.
        """
        from inspector.store.commit_history import record_states  # noqa: PLC0415

        def row(commit: int, pages: set[int]) -> Row | None:
            store = self.at(commit, log)

            def read(snapshot: Snapshot) -> Row | None:
                table = store._layout(snapshot).resources
                found = records.rows_by_id(snapshot, table, kind, [id_]) if table else ()
                return next(iter(found), None)

            try:
                return store._reader.read(read, cancel, pages=pages)
            finally:
                self._layouts = store._layouts

        return record_states(log, row)

    def anchors(
        self,
        kind: str,
        step: int = PAGE,
        *,
        cancel: Cancel | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> tuple[list[str], int]:
        """The last id of every full page of ``step`` live rows, and the exact number of rows.

        Page n is read with ``after`` the anchor n - 1; the first with none. ``progress`` is told
        the rows passed so far. In a damaged file they end where it does; :attr:`damage` is set.
        """
        return self._counting.anchors(kind, step, cancel, progress)

    @property
    def events(self) -> EventLog:
        """What the file keeps of events of records."""
        from inspector.store.event_log import EventLog  # noqa: PLC0415 - most questions need none

        if self._known_events is None:
            self._known_events = EventLog(self.real_path, self._reader, self._layout)
        return self._known_events

    def rows_with_name(self, name: str, cancel: Cancel | None = None) -> list[NamedRow]:
        """Who has or had a name, by the store's own list of names; none where it keeps none."""
        from inspector.store.name_ledger import rows_with_name  # noqa: PLC0415 - seldom asked

        return self._reader.read(
            lambda snapshot: rows_with_name(snapshot, self._layout(snapshot), name), cancel
        )

    def raw_rows(self, kind: str | None = None, cancel: Cancel | None = None) -> Iterator[Row]:
        """Rows of ``resources`` as they lie there, legacy rows too, by the bytes of kind/id.

        Args:
            kind: only rows of this stored kind, None for all.
            cancel: ends the reading when set.

        Raises:
            StoreError: the file is damaged; all rows that can be read have been given.
        """
        from inspector.store.key_order import in_key_order  # noqa: PLC0415 - seldom asked

        names = self._stored_kinds(cancel) if kind is None else KindList([kind], complete=True)

        def page(name: str, after: str | None) -> Page[Row]:
            wanted = Range(name, after, as_they_lie=True)
            return self._page(records.page_of_rows, wanted, cancel)

        return in_key_order(names, page)

    def table_names(self, cancel: Cancel | None = None) -> list[TableInfo]:
        """All tables and views by name, their rows not counted; quick."""
        from inspector.store import row_counts  # noqa: PLC0415 - after the first rows

        return row_counts.listed(self._reader.read(self._layout, cancel))

    def counted_tables(self, cancel: Cancel | None = None) -> Iterator[TableInfo]:
        """All tables and views by name with their numbers of rows, each as soon as it is counted.

        Other questions are answered in between. Rows are None of what is not run to be counted,
        a view and a virtual table, and of what cannot be read; where that is for damage,
        :attr:`damage` is set.
        """
        from inspector.store import row_counts  # noqa: PLC0415 - after the first rows

        self._pass_damage()
        return row_counts.counted(self._reader, self._layout, cancel, self._note)

    def tables(self, cancel: Cancel | None = None) -> list[TableInfo]:
        """All tables and views by name, with their rows as :meth:`counted_tables` gives them."""
        return list(self.counted_tables(cancel))

    def table_page(
        self,
        name: str,
        *,
        after: RowKey | None = None,
        offset: int = 0,
        limit: int = PAGE,
        cancel: Cancel | None = None,
        keys: Sequence[RowKey] | None = None,
        only: frozenset[str] | None = None,
    ) -> TablePage:
        """Rows of any table, those after the row ``after``, then ``offset`` further on.

        With ``keys`` it is the rows that they are of, in their order; those that are gone are left
        out, and ``more`` says that a large page ends early. ``only`` are the columns that are read,
        None for all of them; the others stand as None.

        Raises:
            NotFoundError: there is no such table.
            StoreError: it is a view or a virtual one, or its definition is not understood.
        """
        from inspector.store import tables  # noqa: PLC0415 - most look at records

        if keys is not None:
            limit = len(keys)
        wanted = tables.Slice(after, offset, limit, keys, only)

        def read(snapshot: Snapshot) -> TablePage:
            layout = self._layout(snapshot)
            tables.check_table(layout, name)
            return tables.with_messages(layout, tables.page(snapshot, name, wanted))

        return self._reader.read(read, cancel, (name,))

    def copy_to(
        self,
        path: Path,
        cancel: Cancel | None = None,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> None:
        """Write one consistent state of the file to another one, which needs none beside it.

        For as long as that takes the daemon goes on, but its WAL is not begun anew, and other
        questions of this process wait.

        Args:
            path: a file that is there and empty, by a name that is UTF-8.
            cancel: ends the copying when set.
            progress: told now and then how many pages are copied, and of how many.

        Raises:
            StoreError: the store cannot be read.
            CancelledError: ``cancel`` was set.
            OSError: the file cannot be written.
        """
        name = os.fspath(path)
        self._reader.read(
            lambda snapshot: snapshot.copy_to(name, progress), cancel, longest=math.inf
        )

    def accept_replacement(self) -> Callable[[], None]:
        """Go on with another file that has taken the place of the first one.

        Until then every read ends with :attr:`~inspector.errors.StoreErrorKind.REPLACED`.

        Returns:
            What undoes it: the file may turn out to be no store.
        """
        undo = self._reader.accept_replacement()
        self.damage = None
        return undo

    def forget(self) -> None:
        """Forget what is known of the schema: the file was away, and another may have its number.

        Systems give the number of a file that is gone to the next one.
        """
        self._layouts = {}
        self._known_events = None

    def close(self) -> None:
        """Remove what is kept outside the store. The store may be asked again afterwards."""
        self._reader.close()

    def _layout(self, snapshot: Snapshot) -> Layout:
        state = (*snapshot.identity, snapshot.schema_cookie())
        layout = self._layouts.get(state) or read_layout(snapshot)
        snapshot.afterwards(lambda: self._learn(state, layout))
        return layout

    def _learn(self, state: tuple[int, int, int], layout: Layout) -> None:
        self._layouts = {state: layout}
        if layout.problem is not None:
            self._note(layout.problem)

    def _layout_and_versions(
        self, snapshot: Snapshot
    ) -> tuple[Layout, int | None, tuple[tuple[int, str], ...]]:
        layout = self._layout(snapshot)
        return layout, read_version(snapshot, layout), read_applied(snapshot, layout)

    def _page(
        self,
        read: Callable[[Snapshot, Resources, Range], Page[T]],
        wanted: Range,
        cancel: Cancel | None,
    ) -> Page[T]:
        nothing: Page[T] = Page((), more=False)
        return self._of_rows(lambda snapshot, table: read(snapshot, table, wanted), nothing, cancel)

    def _of_rows(
        self, read: Callable[[Snapshot, Resources], Answer], nothing: Answer, cancel: Cancel | None
    ) -> Answer:
        """What is read of the table of records; ``nothing`` where there is none."""

        def work(snapshot: Snapshot) -> Answer:
            table = self._layout(snapshot).resources
            return read(snapshot, table) if table else nothing

        return self._reader.read(work, cancel)

    def _stored_kinds(self, cancel: Cancel | None) -> KindList:
        return self._of_rows(stored_kinds.stored_kinds, KindList([], complete=True), cancel)

    def _note(self, damage: StoreError) -> None:
        if self.damage is None:
            self.damage = damage
            with suppress(StoreError):
                self._damaged_state = look(self.real_path).signature

    def _pass_damage(self) -> None:
        """Forget the damage of an earlier state of the file: what is counted meets it again."""
        if self.damage is not None and look(self.real_path).signature != self._damaged_state:
            self.damage = None


def label_of(*paths: str) -> Label:
    """Whose store lies at a path, given in all its spellings."""
    place = usual_place()
    temporary = place.resolve() if place is not None else None
    for path in paths:
        if _TEST_MARK in path or temporary in Path(path).absolute().parents:
            return Label.TEST
    return Label.PRODUCTION
