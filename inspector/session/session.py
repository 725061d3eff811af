"""The store, opened: one file, how it is read, and what lies in it by kind and id.

Every call opens the file, reads one short snapshot after another and closes it again; nothing is
held between calls. ``cancel`` is anything with ``is_set()``; a call it cancels raises
:class:`~inspector.errors.CancelledError`.

A method here reads what is stored: kinds, lists, rows and records of them. Each further question
is one function that takes a session first, in the module of its subject beside this one, such as
``versions_of(session, kind, id)`` in ``version_outline``. No method passes on to such a function,
and this module imports none of them; whoever asks imports what answers. What is a matter of the
file alone is asked of ``session.store``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from operator import is_not
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self, TypeVar

from inspector import assets
from inspector.errors import NotFoundError, StoreError, StoreErrorKind, UsageError
from inspector.history.versions import Version, archived_as, head_of, version_of
from inspector.invisible import named, typed
from inspector.logs import Logger
from inspector.plurals import counted
from inspector.schema.bounds import Progress
from inspector.schema.catalog import (
    AUTO,
    asked,
    bring,
    is_own,
    nearest_releases,
    own_problems,
    release_name,
    releases,
    schema_name,
)
from inspector.schema.kind_names import normal_kind
from inspector.schema.releases import BETWEEN
from inspector.session.summaries import KindSummary, Record, RecordHead, described
from inspector.store.default_store import locate
from inspector.store.rows import PAGE, Cancel, Label, Page, Row, StoreFacts
from inspector.store.store import Store

if TYPE_CHECKING:
    from inspector.decode.transcoding import LongText
    from inspector.history.versions import Logged
    from inspector.session.neighbours import Neighbours
    from inspector.session.reading import BlobReader
    from inspector.store.commits import LogState, Moment

T = TypeVar("T")
_LOG: Final = Logger(__name__)


class Session:
    """One file, the schema it is read with, and what lies in it by kind and id."""

    def __init__(
        self,
        store: Store,
        *,
        schema: str = AUTO,
        notes: Sequence[str] = (),
        progress: Progress | None = None,
    ) -> None:
        """Wraps a store.

        Args:
            store: the file.
            schema: what it is read with, see :meth:`read_with`.
            notes: sentences about how it was found.
            progress: told how much is read of a schema of one's own, and how much there is.

        Raises:
            SchemaError: one's own cannot be read.
            UsageError: no such schema.
        """
        self.store = store
        self._around: Neighbours | None = None
        self._reader: BlobReader | None = None
        self.read_with(self._brought(schema, progress) if _is_path(schema) else schema)
        self._notes = tuple(notes)
        self._facts: StoreFacts | None = None
        #: Whether the versions of each record can be counted without a long wait.
        self._counted = True

    @classmethod
    def open(
        cls,
        path: str | Path | None = None,
        *,
        schema: str = AUTO,
        progress: Progress | None = None,
    ) -> Self:
        """Opens a file, or without one the store of this machine.

        Raises:
            StoreError: there is none, or it cannot be opened.
        """
        if path is not None:
            return cls(Store(path), schema=schema, progress=progress)
        found = locate()
        try:
            return cls(Store(found.path), schema=schema, notes=found.notes, progress=progress)
        except StoreError as error:
            # Nobody named it here.
            raise error.named(str(found.path)) from error

    @classmethod
    def demo(cls, *, schema: str = AUTO, progress: Progress | None = None) -> Self:
        """Opens the built-in demo store."""
        path = assets.path("demo", "stigmer.sqlite")
        return cls(Store(path, label=Label.DEMO), schema=schema, progress=progress)

    def reading(self, store: Store) -> Self:
        """Another state of the store, read with the same schemas."""
        made = type(self)(store, schema=self.schema, notes=self._notes)
        made.read_with(self.schema, self._schema_by_kind)
        return made

    def close(self) -> None:
        """Lets go of what the store keeps, such as a private copy."""
        self.store.close()

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences on how the file was found, what of it is not seen, and what was asked."""
        return (*self.file_notes, *_of_moment(self.store.moment))

    @property
    def file_notes(self) -> tuple[str, ...]:
        """Those that are not about which of its states is read."""
        return (*self._notes, *_of_names(self._facts))

    def note(self, sentence: str) -> None:
        """Adds a sentence to say beside an answer, once."""
        if sentence not in self._notes:
            self._notes += (sentence,)

    @property
    def damage(self) -> StoreError | None:
        """The first damage met by a question whose answer cannot carry it."""
        return self.store.damage

    def facts(self, cancel: Cancel | None = None) -> StoreFacts:
        """The file as a whole, read anew."""
        self._facts = facts = self.store.facts(cancel)
        _LOG.info(
            "opened: %s, layout %s, journal %s, %s bytes, WAL %s bytes",
            facts.form.value,
            facts.layout,
            facts.journal.value,
            facts.size,
            facts.wal_size,
        )
        self._around = None
        return self._facts

    def known_facts(self, cancel: Cancel | None = None) -> StoreFacts:
        """The file as a whole, as it was last read."""
        return self._facts or self.facts(cancel)

    def read_with(self, schema: str, by_kind: Mapping[str, str] | None = None) -> None:
        """Reads from now on with a schema, and single kinds with others.

        Args:
            schema: ``auto``, a release, or the path of a schema of one's own, which is read if
                it was not brought yet.
            by_kind: the same for kinds, however they are spelled.

        Raises:
            SchemaError: one's own cannot be read.
            UsageError: no such schema.
        """
        known = {name: self._known(name) for name in {schema, *(by_kind or {}).values()}}
        kinds = {normal_kind(kind): known[name] for kind, name in (by_kind or {}).items()}
        self.schema, self._schema_by_kind = known[schema], kinds
        _LOG.info("schema asked for: %s, others for %s kinds", schema_word(schema), len(kinds))
        self._around = None

    def _known(self, schema: str) -> str:
        """What a schema is asked for with."""
        with suppress(KeyError):
            asked(schema)
            return schema
        if _is_path(schema):
            return self._brought(schema)
        hint = "Use auto, a release such as 3.41.0, or a file; nearest: "
        near = ", ".join(nearest_releases(schema))
        raise UsageError(f"There is no schema {typed(schema)}.", f"{hint}{near}.")

    def _brought(self, path: str, progress: Progress | None = None) -> str:
        """A schema of one's own, read as it lies there now."""
        return bring(path, None, progress, (self.store.real_path,))

    @property
    def schema_notes(self) -> tuple[str, ...]:
        """What of the schemas of one's own is not shown by name."""
        used = dict.fromkeys((self.schema, *self._schema_by_kind.values()))
        return tuple(
            f"{schema_name(schema)}: {problem}"
            for schema in used
            for problem in own_problems(schema)
        )

    def schema_of(self, kind: str) -> str:
        """The schema a kind is read with, as :func:`~inspector.schema.catalog.asked` takes it."""
        return self._schema_by_kind.get(normal_kind(kind), self.schema)

    @property
    def reads_with_all_releases(self) -> bool:
        """Whether every kind is read with the releases that fit."""
        return self.schema == AUTO and not self._schema_by_kind

    def reader(self, cancel: Cancel | None = None) -> BlobReader:
        """What decodes this store's blobs."""
        from inspector.session.reading import BlobReader  # noqa: PLC0415 - kinds need no decoding

        facts, kept = self.known_facts(cancel), self._reader
        asked_for = (facts, self.schema, self._schema_by_kind)
        if kept is None or any(map(is_not, kept.asked_for, asked_for)):
            kept = self._reader = BlobReader(*asked_for)
        return kept.with_neighbours(lambda reader: self._neighbours(reader, cancel))

    def _neighbours(self, reader: BlobReader, cancel: Cancel | None) -> Neighbours:
        """What the rows say of each other's writers, looked at once until the file is read anew."""
        if self._around is None:
            from inspector.session.neighbours import neighbours  # noqa: PLC0415 - hardly ever asked

            self._around = neighbours(self.store, reader.merged, reader.plainly, cancel)
        return self._around

    def kinds(self, cancel: Cancel | None = None) -> list[KindSummary]:
        """Kinds with a record or a version, by their bytes."""
        found = [self._summary(*kind) for kind in self.store.kinds(cancel)]
        self._counted = True
        return found

    def kinds_at_once(self, cancel: Cancel | None = None) -> list[KindSummary]:
        """Kinds with a record or a version, at once: those of a large file are not counted yet.

        Nor are their versions by record.
        """
        found, self._counted = self.store.kinds_at_once(cancel)
        return [self._summary(*kind, counted=self._counted) for kind in found]

    def kind_names(self, cancel: Cancel | None = None) -> list[str]:
        """The names of the kinds with a record or a version, by their bytes."""
        return [one.kind for one in self.store.kinds(cancel)]

    def _summary(
        self, kind: str, records: int, versions: int, *, counted: bool = True
    ) -> KindSummary:
        known = described(kind, self.schema_of(kind))
        return KindSummary(kind, *known[:2], records, versions, known.known, counted)

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
        page = self.store.rows(kind, after, limit, cancel=cancel)
        counts, damage = self.version_counts(kind, page.rows, cancel)
        reader = self.reader(cancel)
        heads = tuple(reader.head(row, counts.get(row.id, 0)) for row in page.rows)
        return Page(heads, page.more, page.damage or damage)

    def version_counts(
        self, kind: str, rows: Sequence[Row], cancel: Cancel | None = None
    ) -> tuple[dict[str, int], StoreError | None]:
        """How many versions some live rows have, by id, as :meth:`records` gives them.

        Returns:
            The counts, none where there is nothing to count; and the damage for which they cannot
            be counted.
        """
        if not self._counted:
            return {}, None
        try:
            return self.store.history.counts(kind, [row.id for row in rows], cancel), None
        except StoreError as error:
            if error.kind is not StoreErrorKind.DAMAGED:
                raise
            return {}, error

    def gone(
        self,
        kind: str,
        after: str | None = None,
        limit: int = PAGE,
        cancel: Cancel | None = None,
    ) -> Page[RecordHead]:
        """A page of records that only have history, with the values of the newest version."""
        page = self.store.history.gone(kind, after, limit, cancel=cancel)
        heads = tuple(self.gone_head(kind, one, cancel) for one in page.rows)
        return Page(heads, page.more, page.damage)

    def gone_head(self, kind: str, id_: str, cancel: Cancel | None = None) -> RecordHead:
        """The list line of a record that only has history: the values of its newest version."""
        heads = self.store.history.versions(kind, id_, cancel)
        if not heads:  # taken away meanwhile
            return RecordHead(kind, id_, None, None, None, None, None, 0, 0)
        found = self.store.history.row(heads[0], cancel)
        newest = version_of(heads[0])
        stored = archived_as(kind, newest, found.data)
        row = Row(stored, id_, found.data, newest.size, newest.archived_at, found.problem)
        return self.reader(cancel).head(row, len(heads))._replace(kind=kind)

    def row(
        self, kind: str, id_: str, version: Version | None = None, cancel: Cancel | None = None
    ) -> Row:
        """A record's row, or that of one of its versions, with the blob.

        Raises:
            NotFoundError: there is no such record; where it has history, how much and which.
        """
        if version is not None and version.seen is not None:
            return Row(kind, id_, version.seen.data, version.size, version.archived_at)
        if version is not None and version.logged is not None:
            return self._logged_row(version.logged, kind, id_, cancel)
        if version is not None:
            found = self.store.history.row(head_of(version), cancel)
            return Row(kind, id_, found.data, version.size, version.archived_at, found.problem)
        live = self.store.row(kind, id_, cancel)
        if live is None:
            raise self._not_live(kind, id_, cancel)
        return live

    def has_log(self) -> bool:
        """Whether a write-ahead log with something in it lies beside the file; reads nothing."""
        if self.store.moment is not None:
            return False
        with suppress(OSError):
            return Path(f"{self.store.real_path}-wal").stat().st_size > 0
        return False

    def _logged_row(self, logged: Logged, kind: str, id_: str, cancel: Cancel | None) -> Row:
        log = self.log_state(cancel)
        if log.log.raw_header != logged.generation:
            from inspector.store.commits import commit_gone  # noqa: PLC0415 - hardly ever needed

            raise commit_gone(logged.commit)
        row = self.store.at(logged.commit, log).row(kind, id_, cancel)
        assert row is not None, "what was committed does not change"
        return row

    def _not_live(self, kind: str, id_: str, cancel: Cancel | None) -> NotFoundError:
        """The error of a record that is not there: how many versions are left, and the newest."""
        heads = self.store.history.versions(kind, id_, cancel)
        if not heads:
            return NotFoundError(f"There is no {named(kind)} {typed(id_)} in this store.")
        newest = version_of(heads[0])
        return NotFoundError(
            f"The {named(kind)} {typed(id_)} was deleted; it has {counted(len(heads), 'version')},"
            f" the newest is {newest.name} of {newest.archived_at}.",
            f"Use --version {newest.name} to show it.",
        )

    def record(
        self, kind: str, id_: str, version: Version | None = None, cancel: Cancel | None = None
    ) -> Record:
        """A record, or one version of it, decoded.

        Raises:
            NotFoundError: there is no such record.
        """
        return self._record(self.reader(cancel), self.row(kind, id_, version, cancel), version)

    def record_or_text(
        self, kind: str, id_: str, version: Version | None = None, *, reveal: bool = False
    ) -> Record | LongText:
        """A record, or one version of it: of a long usual one its JSON, without its tree.

        Args:
            kind: as stored.
            id_: of the record.
            version: None for the live record.
            reveal: whether secrets are written in such a text.

        Raises:
            NotFoundError: there is no such record.
        """
        reader, row = self.reader(), self.row(kind, id_, version)
        long = reader.long_text(row, version, indent=2, reveal=reveal)
        if long is None:
            return self._record(reader, row, version)
        _LOG.info("record: read as text, %s bytes", row.size)
        return long

    def _record(self, reader: BlobReader, row: Row, version: Version | None) -> Record:
        found = reader.record(row, version)
        _LOG.info(
            "record: read with %s, %s bytes, %s problems",
            schema_word(found.choice.schema),
            found.size,
            len(found.problems),
        )
        return found

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
        return _all_pages(partial(self.store.history.gone, kind, cancel=cancel), lambda id_: id_)

    def log_state(self, cancel: Cancel | None = None) -> LogState:
        """The write-ahead log as it is now.

        Raises:
            StoreError: it is too large, or is written to all the time.
            UsageError: this is one of its states already.
        """
        if self.store.moment is not None:
            raise UsageError(
                "This is already the store as of a commit.",
                "Open its newest state for the others.",
            )
        return self.store.log_state(cancel)

    def at(self, commit: int, cancel: Cancel | None = None) -> Session:
        """The whole store as of a commit of its write-ahead log, read as this session reads.

        Args:
            commit: counted from 1; 0 is the state before the first.
            cancel: ends it when set.

        Raises:
            NotFoundError: there is no such commit, or it cannot be read any more.
        """
        return self.reading(self.store.at(commit, self.log_state(cancel)))


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


def schema_word(schema: str | None) -> str:
    """What a log says of a schema: the release or interval; of one's own, no name."""
    if schema is None:
        return "none"
    known = {AUTO, *releases()}
    return schema if known.issuperset(schema.split(BETWEEN)) else "one's own"


def _is_path(schema: str) -> bool:
    """Whether a schema is one's own by its path; a file called like a release is not meant."""
    if schema == AUTO or release_name(schema) is not None:
        return False
    return is_own(schema) or os.sep in schema or os.path.lexists(schema)


def _of_moment(moment: Moment | None) -> tuple[str, ...]:
    """What is to be said of a store that is not read in its newest state."""
    if moment is None or moment.total is None:
        return ()
    if not moment.number:
        return ("This is the store before the first commit of its write-ahead log.",)
    return (f"This is the store as of commit {moment.number} of {moment.total}.",)


def _of_names(facts: StoreFacts | None) -> tuple[str, ...]:
    """What is to be said of a file with several names: only one of them has the WAL beside it."""
    if facts is None or facts.links < 2 or facts.wal_size:
        return ()
    return (
        f"This file has {facts.links} names (hard links). What a program that opened it by another"
        " name has not written into it yet lies beside that name and is not shown.",
    )
