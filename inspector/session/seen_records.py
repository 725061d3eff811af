"""The two sides of a change that was seen, and what differs: in a line, and in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from inspector.decode.record_summary import record_name
from inspector.errors import NotFoundError
from inspector.session.changed import SeenChange
from inspector.session.history_queries import (
    Compared,
    TimelineChange,
    change_between,
    difference_of,
)
from inspector.store.rows import Cancel

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
        told = change_between(before, after, after.size - before.size)
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
    return difference_of(before, after, reveal=reveal)
