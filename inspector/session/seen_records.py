"""The two sides of a change that was seen: what differs in a line and in full, and in a history."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from heapq import merge
from typing import TYPE_CHECKING

from inspector.decode.record_summary import record_name
from inspector.errors import NotFoundError
from inspector.history.versions import SeenState, Version, completed
from inspector.named_tuple import NamedTuple
from inspector.session.history_queries import (
    Compared,
    TimelineChange,
    change_between,
    difference_of,
)
from inspector.session.seen_changes import Happened, SeenChange
from inspector.store.rows import Cancel, Row
from inspector.times import stored_time

if TYPE_CHECKING:
    from inspector.session.session import Session
    from inspector.session.summaries import Record


class SeenLine(NamedTuple):
    """What a list says of a change.

    Attributes:
        name: of the record; its id where it has none, or cannot be read.
        kind: its kind, as people call it.
        change: what it changed; its summary is None where only one side is known.
    """

    name: str
    kind: str
    change: TimelineChange


def seen_records(
    session: Session, change: SeenChange, cancel: Cancel | None = None
) -> tuple[Record | None, Record | None]:
    """The record before and after a change; None for a side that was not there, or is not known."""
    reader = session.reader(cancel)
    before, after = (
        reader.record(row) if row is not None else None for row in (change.before, change.after)
    )
    return before, after


def seen_line(session: Session, change: SeenChange, cancel: Cancel | None = None) -> SeenLine:
    """What a list says of a change."""
    before, after = seen_records(session, change, cancel)
    shown = after or before
    if shown is None:
        return SeenLine(change.id, change.kind, TimelineChange(None, None))
    told = TimelineChange(None, None)
    if before is not None and after is not None:
        told = change_between(before, after, after.size - before.size, cancel)
    name = record_name(shown.tree) or change.id
    return SeenLine(name, shown.display_kind or shown.kind, told)


def compare_seen(
    session: Session, change: SeenChange, *, reveal: bool = False, cancel: Cancel | None = None
) -> Compared:
    """What differs between the two sides of a change.

    Raises:
        NotFoundError: only one side is known.
        UnwritableError: one of them does not decode.
    """
    before, after = seen_records(session, change, cancel)
    if before is None or after is None:
        raise NotFoundError("Only one state of this record was seen.")
    return difference_of(before, after, reveal=reveal, cancel=cancel)


def seen_versions(
    session: Session, changes: Sequence[SeenChange], cancel: Cancel | None = None
) -> list[Version]:
    """The states of a record that were seen, newest first, without the one that it has now."""
    found: list[Version] = []
    reader = session.reader(cancel)
    live = None
    if changes:
        live = session.store.row(changes[-1].kind, changes[-1].id, cancel)
    before: bytes | None = None
    for seen, row in _states(changes):
        if seen.data not in (before, live.data if live is not None else None):
            blob = reader.blob(row.data, row.kind, row.updated_at, row.problem)
            saved = stored_time(row.updated_at) or None
            version = Version(
                *(row.kind, row.id, None, None, row.kind, saved, None, None, row.size, False),
                seen=seen,
            )
            found.append(completed(version, blob))
        before = seen.data
    return found[::-1]


def with_seen(
    versions: Sequence[Version], seen: Sequence[Version], archived: Collection[int]
) -> list[Version]:
    """A history with the states that were seen besides, newest first.

    Args:
        versions: the history.
        seen: the states.
        archived: what tells the blobs of archived ones from others.
    """
    logged = {(one.archived_at, one.logged.content) for one in versions if one.logged is not None}
    new = [
        one
        for one in seen
        if _content(one) not in archived and (one.archived_at, _content(one)) not in logged
    ]
    return list(merge(new, versions, key=lambda one: one.archived_at or "", reverse=True))


def _content(version: Version) -> int:
    return hash(version.seen.data if version.seen is not None else None)


def _states(changes: Sequence[SeenChange]) -> Iterator[tuple[SeenState, Row]]:
    """What a record was before the first change that was seen, and after each; oldest first."""
    told = [one for one in changes if one.happened is not Happened.ARCHIVED]
    for at, change in enumerate(told):
        sides = (
            ((change.before, True), (change.after, False)) if not at else ((change.after, False),)
        )
        for row, is_before in sides:
            if row is not None and row.data is not None:
                yield SeenState(change.number, change.time, is_before, row.data), row
