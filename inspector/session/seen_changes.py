"""Changes of a store as they are seen: what happened to which record, and to the file itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from inspector.named_tuple import NamedTuple
from inspector.session.session import Session
from inspector.store import legacy
from inspector.store.rows import Cancel, Row
from inspector.store.text import decode, decode_or_none

if TYPE_CHECKING:
    from inspector.decode.node import Tree
    from inspector.store.following import Seen
    from inspector.store.known_rows import RowChange, StoredRow


class Happened(StrEnum):
    """What happened to a record."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"
    ARCHIVED = "archived"  #: a version of it was put into its history


class StoreHappened(StrEnum):
    """What happened to the store as a whole."""

    REPLACED = "replaced"
    GONE = "gone"  #: it is not there, or cannot be read
    BACK = "back"
    DAEMON_STARTED = "daemon-started"
    DAEMON_STOPPED = "daemon-stopped"
    LAYOUT_CHANGED = "layout-changed"


class SeenChange(NamedTuple):
    """At least one change of a record between two looks.

    Attributes:
        number: counts the changes that were seen, from 1.
        time: when it was seen.
        happened: what the two looks differ in.
        kind: as stored.
        id: of the record.
        audit_id: of the archived row; None in the history that the first stores kept.
        before: None where the record is new, and where what it was is not known any more.
        after: None where it is gone, and of what was archived.
    """

    number: int
    time: datetime
    happened: Happened
    kind: str
    id: str
    audit_id: int | None = None
    before: Row | None = None
    after: Row | None = None

    @property
    def size(self) -> int:
        """Bytes of memory that it takes, about."""
        sides = (self.before, self.after)
        return 500 + sum(len(one.data or b"") for one in sides if one is not None)


class StoreNotice(NamedTuple):
    """Something that happened to the store, in one sentence."""

    time: datetime
    happened: StoreHappened
    sentence: str


def seen_changes(seen: Seen, number: int, time: datetime) -> Iterator[SeenChange]:
    """What a look found, numbered from ``number`` on, by kind and id."""
    found: list[SeenChange] = []
    for change in seen.rows:
        one = _change(change, time)
        if one is not None:
            found.append(one)
    for row in seen.archived:
        found.append(SeenChange(0, time, Happened.ARCHIVED, row.kind, row.id, row.number))
    found.sort(key=lambda one: (one.kind, one.id, one.audit_id is not None, one.audit_id or 0))
    for at, one in enumerate(found, number):
        yield one._replace(number=at)


def changed_fields(
    session: Session, change: SeenChange, cancel: Cancel | None = None
) -> list[str] | None:
    """The paths that an update changed; None where that cannot be told, and of other changes."""
    if change.before is None or change.after is None:
        return None
    reader = session.reader(cancel)
    before, after = reader.record(change.before), reader.record(change.after)
    if not (_decodes(before.tree) and _decodes(after.tree)):
        return None
    # A window names what happened from its start on; what changed is asked of what has changed.
    from inspector.session.version_changes import changed_paths  # noqa: PLC0415

    return changed_paths(before, after, cancel)


def _change(change: RowChange, time: datetime) -> SeenChange | None:
    kind = decode(change.kind)
    in_audit_kind = legacy.is_audit_kind(kind)
    version = legacy.parse(change.id, in_audit_kind=in_audit_kind)
    if version is not None:
        if change.known or change.after is None:
            return None
        of = legacy.resource_kind(kind, ()) if in_audit_kind and not version.prefix else kind
        return SeenChange(0, time, Happened.ARCHIVED, of, decode(version.resource_id))
    happened = Happened.UPDATED if change.known else Happened.CREATED
    if change.after is None:
        happened = Happened.DELETED
    before, after = (_row(kind, one) for one in (change.before, change.after))
    return SeenChange(0, time, happened, kind, decode(change.id), None, before, after)


def _row(kind: str, row: StoredRow | None) -> Row | None:
    if row is None:
        return None
    return Row(kind, decode(row.id), row.data, len(row.data), decode_or_none(row.updated_at))


def _decodes(tree: Tree | None) -> bool:
    return tree is not None and not tree.malformed
