"""What each version of a resource changed."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.history.difference import record_difference
from inspector.history.record import Record
from inspector.history.versions import Version
from inspector.session.session import Session
from inspector.store.rows import Cancel


def summaries(
    session: Session, versions: Sequence[Version], cancel: Cancel | None = None
) -> list[list[str] | None]:
    """For each version the paths that differ from the one before it.

    Args:
        session: the store.
        versions: a whole history, newest first.
        cancel: ends it when set.

    Returns:
        None for the oldest version, and where one of the two does not decode.
    """
    found: list[list[str] | None] = [None] * len(versions)
    older: Record | None = None
    for index in range(len(versions) - 1, -1, -1):
        version = versions[index]
        record = session.record(version.kind, version.id, version, cancel)
        readable = record if record.tree is not None and not record.tree.malformed else None
        if readable is not None and older is not None:
            found[index] = changed_paths(older, readable, cancel)
        older = readable
    return found


def changed_paths(before: Record, after: Record, cancel: Cancel | None = None) -> list[str]:
    """The paths that differ between two records that decode; nothing within a secret is named."""
    found = record_difference(before, after, cancel=cancel)
    return [entry.path for entry in found.entries]
