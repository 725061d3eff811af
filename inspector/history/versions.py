"""Archived rows as the versions of a resource, newest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from inspector.store.types import VersionHead
from inspector.times import legacy_time, stored_time


class Version(NamedTuple):
    """A line of a history, newest first.

    Either ``audit_id`` or ``legacy_key`` is set. ``stored_kind`` is the kind column of the row.
    Hash and tag are the row's, or those of its blob where the row has none. ``live`` marks the row
    that equals the live record.
    """

    kind: str
    id: str
    audit_id: int | None
    legacy_key: str | None
    stored_kind: str
    archived_at: str | None
    version_hash: str | None
    tag: str | None
    size: int
    live: bool
    problem: str | None = None

    @property
    def name(self) -> str:
        """What the command line calls it: ``audit:12`` or ``legacy:1795239176956651563``."""
        if self.audit_id is not None:
            return f"audit:{self.audit_id}"
        return f"legacy:{(self.legacy_key or '').rpartition('/')[2]}"


class Blob(NamedTuple):
    """An archived blob and its own hash and tag; ``problem`` where it cannot be read."""

    data: bytes | None
    version_hash: str | None
    tag: str | None
    problem: str | None = None


#: Where a blob was not asked.
NOTHING: Final = Blob(None, None, None)


def timeline(
    heads: Sequence[VersionHead],
    live: bytes | None,
    live_hash: str | None,
    blob: Callable[[VersionHead], Blob],
) -> list[Version]:
    """The versions of a resource.

    Args:
        heads: its archived rows, newest first.
        live: the live record's blob, None where it is gone.
        live_hash: the live record's own hash.
        blob: reads a row's blob; asked only where the row alone does not tell.
    """
    made: list[Version] = []
    exact: int | None = None
    hashed: int | None = None
    for index, head in enumerate(heads):
        maybe_live = live is not None and exact is None and head.size == len(live)
        needed = maybe_live or not head.version_hash or not head.tag
        own = blob(head) if needed else NOTHING
        version_hash = head.version_hash or own.version_hash
        if maybe_live and own.data == live:
            exact = index
        if hashed is None and live_hash and version_hash == live_hash:
            hashed = index
        made.append(version_of(head, own))
    mark = exact if exact is not None else hashed
    if mark is not None and live is not None:
        made[mark] = made[mark]._replace(live=True)
    return made


def version_of(head: VersionHead, own: Blob = NOTHING) -> Version:
    """A row as a version; ``own`` is what its blob says of itself."""
    archived: str | None
    if head.legacy_key is not None:
        archived = legacy_time(head.legacy_key.rpartition("/")[2])
    else:
        archived = stored_time(head.archived_at) or None
    return Version(
        head.kind, head.id, head.audit_id, head.legacy_key, head.stored_kind,
        archived, head.version_hash or own.version_hash, head.tag or own.tag, head.size, False,
        own.problem,
    )  # fmt: skip


def head_of(version: Version) -> VersionHead:
    """The row a version was made of, to read its blob again."""
    return VersionHead(
        version.kind, version.id, version.audit_id, version.legacy_key, version.stored_kind,
        version.archived_at, version.version_hash, version.tag, version.size,
    )  # fmt: skip
