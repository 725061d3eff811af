"""What is asked for when a store is opened, and what comes of it; called in the worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import Event
from typing import TYPE_CHECKING

from inspector.errors import (
    InspectorError,
    NotFoundError,
    SchemaError,
    StateGoneError,
    StoreError,
    UsageError,
)
from inspector.named_tuple import NamedTuple
from inspector.schema.catalog import AUTO, bring, is_own, own_schemas
from inspector.session.file_states import FileState
from inspector.session.summaries import KindSummary, Record, Version
from inspector.store.rows import StoreFacts, TableInfo

if TYPE_CHECKING:
    from inspector.session.session import Session

#: Why schemas of one's own could not be read.
Unread = Mapping[str, SchemaError]


class RecordRequest(NamedTuple):
    """A record to go to."""

    kind: str
    id: str
    version: Version | None

    def is_for(self, record: Record) -> bool:
        """Whether a record is what is asked for."""
        asked = self.version.name if self.version is not None else None
        found = record.version.name if record.version is not None else None
        return (self.kind, self.id, asked) == (record.kind, record.id, found)


class WindowPlace(NamedTuple):
    """Where a window was: an entry at the left by its type and kind, and a record of the store."""

    entry: str
    kind: str
    record_kind: str
    record: str
    version: str


class ReadRecord(NamedTuple):
    """A record that was read; ``gone`` says that only its history is left in the store."""

    record: Record
    gone: bool


class OpenedStore(NamedTuple):
    """A store that was opened.

    Attributes:
        session: the store.
        facts: the file as a whole.
        kinds: what is in it.
        target: the record to go to.
        problem: why the record asked for is not shown.
        spot: where the window was in this file, where it goes back there.
        damage: what counting could not read.
        asked: ``KIND/ID[@VERSION]`` that was asked for.
        tables: of a file that is no store, all it has.
        files: the files as they lay there before they were first read; empty when read again.
    """

    session: Session
    facts: StoreFacts
    kinds: list[KindSummary]
    target: RecordRequest | None = None
    problem: InspectorError | None = None
    spot: WindowPlace | None = None
    damage: StoreError | None = None
    files: tuple[FileState, ...] = ()
    asked: str = ""
    tables: Sequence[TableInfo] = ()


def split_selection(text: str) -> tuple[str, str, str]:
    """Kind, id and version of ``KIND/ID[@VERSION]``; the version is ``live`` where none is given.

    Raises:
        UsageError: it is none of that form.
    """
    kind, slash, rest = text.partition("/")
    id_, _, version = rest.partition("@")
    if not (kind and slash and id_):
        raise UsageError(f"{text!r} names no record.", "Use KIND/ID or KIND/ID@VERSION.")
    return kind, id_, version or "live"


def aim(
    session: Session, select: str | None, spot: WindowPlace | None, cancel: Event
) -> tuple[RecordRequest | None, InspectorError | None]:
    """The record to go to, or why there is none; one that was only remembered needs no reason."""
    try:
        if select:
            return _resolve(session, select, cancel), None
        if spot is not None and spot.record:
            from inspector.session.record_lookup import find_version  # noqa: PLC0415 - seldom asked for

            kind, id_ = spot.record_kind, spot.record
            version = find_version(session, kind, id_, spot.version or "live", cancel)
            session.row(kind, id_, version, cancel)
            return RecordRequest(kind, id_, version), None
    except (NotFoundError, UsageError) as error:
        return None, error if select else None
    return None, None


def _resolve(session: Session, select: str, cancel: Event) -> RecordRequest:
    """The record that is asked for; of one that is gone its newest version."""
    from inspector.session.record_lookup import find_version, resolve  # noqa: PLC0415 - seldom asked for

    kind, text, version = split_selection(select)
    own, id_ = resolve(session, kind, text, cancel)
    if version != "live":
        return RecordRequest(own, id_, find_version(session, own, id_, version, cancel))
    return newest_state(session, own, id_, cancel)


def newest_state(session: Session, kind: str, id_: str, cancel: Event) -> RecordRequest:
    """A record as it is now; of one that is gone its newest version."""
    from inspector.session.version_outline import versions_of  # noqa: PLC0415 - seldom asked for

    try:
        session.row(kind, id_, None, cancel)
    except NotFoundError:
        return RecordRequest(kind, id_, next(iter(versions_of(session, kind, id_, cancel)), None))
    return RecordRequest(kind, id_, None)


def read_with_own(
    session: Session, schema: str, by_kind: Mapping[str, str], cancel: Event | None = None
) -> Unread:
    """Read from now on with schemas that may be one's own, as they lie there now.

    Args:
        session: the store.
        schema: what is chosen for the file.
        by_kind: and for kinds.
        cancel: ends it when set.

    Returns:
        Why some could not be read. What was to be read with them is read automatically, or as
        they were read before.
    """
    unread: dict[str, SchemaError] = {}
    known = {AUTO: AUTO}
    for name in dict.fromkeys((schema, *by_kind.values())):
        known[name] = name
        if is_own(name):
            try:
                bring(name, cancel, stores=(session.facts(cancel).real_path,))
            except SchemaError as error:
                unread[name] = error
                if name not in own_schemas():
                    known[name] = AUTO
    session.read_with(known[schema], {kind: known[name] for kind, name in by_kind.items()})
    return unread


def read(session: Session, target: RecordRequest, cancel: Event) -> ReadRecord:
    """Read a record; of an archived version also whether the record is still there."""
    record = session.record(target.kind, target.id, target.version, cancel)
    if target.version is None:
        return ReadRecord(record, gone=False)
    try:
        session.row(target.kind, target.id, None, cancel)
    except StateGoneError:
        raise
    except NotFoundError:
        return ReadRecord(record, gone=True)
    return ReadRecord(record, gone=False)
