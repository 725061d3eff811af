"""A file that was opened, and the schema it is read with."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from inspector import assets
from inspector.errors import StoreError, UsageError
from inspector.logs import Logger
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
from inspector.session.file_states import FileState, file_states
from inspector.session.neighbours import Neighbours, neighbours
from inspector.session.reading import BlobReader
from inspector.store.locate import locate
from inspector.store.rows import Cancel, Label, StoreFacts
from inspector.store.store import Store

if TYPE_CHECKING:
    from inspector.store.commits import Moment

_LOG: Final = Logger(__name__)


class OpenedFile:
    """One file and the schema it is read with."""

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
        self.read_with(self._brought(schema, progress) if _is_path(schema) else schema)
        self._notes = tuple(notes)
        self._facts: StoreFacts | None = None

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
        return cls(Store(found.path), schema=schema, notes=found.notes, progress=progress)

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
        return (*self._notes, *_of_names(self._facts), *_of_moment(self.store.moment))

    def note(self, sentence: str) -> None:
        """Adds a sentence to say beside an answer, once."""
        if sentence not in self._notes:
            self._notes += (sentence,)

    @property
    def damage(self) -> StoreError | None:
        """The first damage met by a question whose answer cannot carry it."""
        return self.store.damage

    def file_states(self) -> tuple[FileState, ...]:
        """The database and the files beside it as they lie there now; opens nothing."""
        return file_states(self.store.real_path)

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
        hint = "Known are auto, the releases, such as 3.41.0, and files; nearest: "
        near = ", ".join(nearest_releases(schema))
        raise UsageError(f"There is no schema {schema!r}.", f"{hint}{near}.")

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

    def reader(self, cancel: Cancel | None = None) -> BlobReader:
        """What decodes this store's blobs."""
        facts = self._facts or self.facts(cancel)
        return BlobReader(
            facts,
            self.schema,
            self._schema_by_kind,
            lambda reader: self._neighbours(reader, cancel),
        )

    def _neighbours(self, reader: BlobReader, cancel: Cancel | None) -> Neighbours:
        """What the rows say of each other's writers, looked at once until the file is read anew."""
        if self._around is None:
            self._around = neighbours(self.store, reader, cancel)
        return self._around


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
