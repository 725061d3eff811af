"""What the window asks of a history: rows as they come into view, differences, blame, artifacts.

Every call is for the worker: it reads one version after another, holds two at a time at most, and
ends with :class:`~inspector.errors.CancelledError` when ``cancel`` is set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inspector.decode.node import NodeKind
from inspector.decode.paths import NodePlace
from inspector.errors import StoreError, StoreErrorKind, UnwritableError
from inspector.history.activity import Activity
from inspector.history.activity import activity as activity_of
from inspector.history.artifacts import Artifact, artifact_of, folders
from inspector.history.blame import Blame
from inspector.history.difference import Difference, record_difference
from inspector.history.record import Record
from inspector.history.stored_events import StoredEvent
from inspector.history.summary import ChangeSummary, summarise
from inspector.history.trail import FieldTrail
from inspector.history.versions import Version
from inspector.named_tuple import NamedTuple
from inspector.session.event_pages import events_of, every_event
from inspector.session.log_history import logged_history
from inspector.session.session import Session
from inspector.session.version_outline import versions_of
from inspector.store.rows import Cancel, check

#: Events that stand among what an execution did; a list of all of them is another view.
MOST_EVENTS: Final = 2000
_MOST_BYTES: Final = 8 << 20
_OPAQUE = frozenset((NodeKind.UNKNOWN, NodeKind.MALFORMED))


class TimelineChange(NamedTuple):
    """What a row of a timeline says of its version.

    ``summary`` is None for the first version, and where ``problem`` says what cannot be read.
    ``grown`` is by how many bytes the version is larger than the one before it, None for the first.
    """

    summary: ChangeSummary | None
    grown: int | None
    problem: str = ""


class Compared(NamedTuple):
    """Two records and what differs."""

    before: Record
    after: Record
    difference: Difference


class SinceVersion(NamedTuple):
    """Since which version a value is what it is; None is the live state itself.

    ``ago`` counts versions back from the one shown, 0 is this one. ``first`` and ``unsure`` are as
    in :class:`~inspector.history.blame.Since`.
    """

    version: Version | None
    ago: int
    first: bool
    unsure: bool


@dataclass(frozen=True, slots=True)
class Blamed:
    """Since when each value of a record is what it is.

    ``versions`` are those it was compared with, the record's own first.
    """

    record: Record
    versions: tuple[Version | None, ...]
    blame: Blame

    @property
    def has_versions(self) -> bool:
        """Whether there is a version at all; a live state alone does not tell since when it is."""
        return any(version is not None for version in self.versions)

    def since(self, place: NodePlace) -> SinceVersion | None:
        """Of a place of the record; None for a value whose parts differ in this."""
        found = self.blame.since(place)
        if found is None:
            return None
        at = found.version
        return SinceVersion(self.versions[at], at, found.first, found.unsure)


class FieldState(NamedTuple):
    """A field in one version.

    ``place`` is None where it is not there, or where ``problem`` says what cannot be read;
    ``covered`` says that it is a secret, or bytes that may be one. ``changed`` says that the
    version after this one has something else.
    """

    version: Version | None
    place: NodePlace | None
    covered: bool
    changed: bool
    problem: str = ""


def timeline_rows(
    session: Session, versions: Sequence[Version], rows: range, cancel: Cancel | None = None
) -> dict[int, TimelineChange]:
    """What some rows of a timeline say, each against the version before it.

    Args:
        session: the store.
        versions: a whole history, newest first.
        rows: indices of the rows in view.
        cancel: ends it when set.
    """
    found: dict[int, TimelineChange] = {}
    older: Record | None = None
    last = min(rows.stop, len(versions) - 1)
    for index in range(last, rows.start - 1, -1):
        version = versions[index]
        record = _version(session, version, cancel)
        if index in rows:
            if index + 1 < len(versions):
                found[index] = change_between(
                    older, record, version.size - versions[index + 1].size, cancel
                )
            else:
                found[index] = TimelineChange(None, None, _unreadable(record))
        older = record
    return found


def live_row(
    session: Session, live: Record, versions: Sequence[Version], cancel: Cancel | None = None
) -> TimelineChange:
    """What the row of the live state says, against the newest version."""
    if not versions:
        return TimelineChange(None, None, _unreadable(live))
    return change_between(
        _version(session, versions[0], cancel), live, live.size - versions[0].size, cancel
    )


def compare(
    session: Session,
    kind: str,
    id_: str,
    before: Version | None,
    after: Version | None,
    *,
    other: str | None = None,
    reveal: bool = False,
    cancel: Cancel | None = None,
) -> Compared:
    """What differs between two versions of a record, None being the live one.

    Args:
        session: the store.
        kind: as the store spells it.
        id_: the record.
        before: the earlier version.
        after: the later version, of ``other`` where that is given.
        other: another record of the kind.
        reveal: show secrets, and fields without a name.
        cancel: ends it when set.

    Raises:
        NotFoundError: there is no such record.
        UnwritableError: one of the two does not decode.
    """
    old = session.record(kind, id_, before, cancel)
    new = session.record(kind, other or id_, after, cancel)
    check(cancel)
    return difference_of(old, new, reveal=reveal, cancel=cancel)


def difference_of(
    before: Record, after: Record, *, reveal: bool = False, cancel: Cancel | None = None
) -> Compared:
    """What differs between two records that are read already.

    Raises:
        CancelledError: ``cancel`` was set.
        UnwritableError: one of the two does not decode.
    """
    for record in (before, after):
        problem = _unreadable(record)
        if problem:
            raise UnwritableError(f"The two cannot be compared: {problem}")
    return Compared(before, after, record_difference(before, after, reveal=reveal, cancel=cancel))


def change_between(
    before: Record | None, after: Record, grown: int, cancel: Cancel | None = None
) -> TimelineChange:
    """What a row of a timeline says of a record against the one before it.

    Args:
        before: what was before; None where that is not known.
        after: what is.
        grown: by how many bytes it is larger.
        cancel: ends it when set.

    Raises:
        CancelledError: ``cancel`` was set.
    """
    problem = _unreadable(after)
    if not problem and (before is None or _unreadable(before)):
        problem = "The version before it does not decode."
    if problem or before is None:
        return TimelineChange(None, grown, problem)
    return TimelineChange(summarise(record_difference(before, after, cancel=cancel)), grown)


def blame(
    session: Session,
    record: Record,
    cancel: Cancel | None = None,
    progress: Callable[[int, int], None] | None = None,
    versions: Sequence[Version] | None = None,
) -> Blamed | None:
    """Since when each value of a record is what it is; None where the record does not decode.

    ``versions`` are those before it that are looked at, newest first; where None, the archived
    ones, and of a state out of the log those in the log.
    ``progress`` is told how many versions were read and how many there are. Reading ends as soon as
    an older version can tell nothing more.
    """
    if record.tree is None or record.tree.malformed:
        return None
    older = _older(session, record, cancel) if versions is None else versions
    found, seen = Blame(record.tree), [record.version]
    for version in older:
        if not found.open:
            break
        past = _version(session, version, cancel)
        tree = past.tree
        found.older(tree if tree is not None and not tree.malformed else None)
        seen.append(past.version)
        if progress is not None:
            progress(len(seen) - 1, len(older))
    return Blamed(record, tuple(seen), found)


def field_history(
    session: Session,
    record: Record,
    place: NodePlace,
    cancel: Cancel | None = None,
    versions: Sequence[Version] | None = None,
) -> Iterator[FieldState]:
    """A field through all versions, beginning with the record that ``place`` is a place of.

    ``versions`` are as for :func:`blame`.
    """
    assert record.tree is not None
    yield FieldState(record.version, place, is_covered(place, record.covered), False)
    trail = FieldTrail(record.tree, place)
    for version in _older(session, record, cancel) if versions is None else versions:
        older = _version(session, version, cancel)
        problem = _unreadable(older)
        if problem or older.tree is None:
            yield FieldState(older.version, None, False, False, problem)
            continue
        step = trail.older(older.tree)
        covered = step.place is not None and is_covered(step.place, older.covered)
        yield FieldState(older.version, step.place, covered, step.changed)


def activity(
    record: Record, cancel: Cancel | None = None, events: Sequence[StoredEvent] = ()
) -> Activity | None:
    """What happened within an execution, or by its events; None where nothing says so.

    A record that does not decode says nothing either.
    """
    check(cancel)
    return activity_of(record, events)


def first_events(
    session: Session, record: Record, cancel: Cancel | None = None
) -> tuple[list[StoredEvent], bool]:
    """The events that the store keeps of a record, oldest first; and whether they are all.

    Of very many they are the first, and of damaged ones those that can be read.
    """
    of = events_of(record.kind, record.id)
    found: list[StoredEvent] = []
    size = 0
    try:
        for event in every_event(session, of, cancel) if of is not None else ():
            size += event.row.size
            if len(found) == MOST_EVENTS or size > _MOST_BYTES:
                return found, False
            found.append(event)
    except StoreError as error:
        if error.kind is not StoreErrorKind.DAMAGED:
            raise
        return found, False
    return found, True


def artifact(session: Session, record: Record, cancel: Cancel | None = None) -> Artifact | None:
    """The artifact of a skill's version; None where the record names none."""
    store = Path(session.store.path)
    return artifact_of(record, folders(store), store, cancel)


def is_covered(place: NodePlace, covered: frozenset[int]) -> bool:
    """Whether a value is a secret or lies in one, or is bytes that may be one."""
    at: NodePlace | None = place
    while at is not None:
        if id(at.node) in covered or at.node.kind in _OPAQUE:
            return True
        at = at.parent
    return False


def _older(session: Session, record: Record, cancel: Cancel | None) -> list[Version]:
    """The versions before a record, newest first: of one out of the log those in the log."""
    logged = record.version.logged if record.version is not None else None
    if logged is not None:
        found = logged_history(session, record.kind, record.id, cancel).versions
        return [one for one in found if one.logged and one.logged.commit < logged.commit]
    versions = versions_of(session, record.kind, record.id, cancel)
    if record.version is None:
        return versions
    name = record.version.name
    at = next((i for i, one in enumerate(versions) if one.name == name), len(versions))
    return versions[at + 1 :]


def _version(session: Session, version: Version, cancel: Cancel | None) -> Record:
    check(cancel)
    return session.record(version.kind, version.id, version, cancel)


def _unreadable(record: Record) -> str:
    """Why a record's values are not known; empty where they are."""
    if record.tree is None or record.tree.malformed:
        errors = [one.message for one in record.problems if one.severity == "error"]
        return errors[0] if errors else "It does not decode."
    return ""
