"""Archived rows as the versions of a resource, newest first."""

from __future__ import annotations

from typing import NamedTuple

from inspector.store.types import VersionHead
from inspector.times import legacy_time, stored_time


class Version(NamedTuple):
    """A line of a history, newest first.

    Either ``audit_id`` or ``legacy_key`` is set. ``stored_kind`` is the kind column of the row.
    Hash and tag are the row's, or those of its blob where the row has none. ``live`` marks the row
    that equals the live record. Where a version is not ``whole`` its blob was not asked yet, and
    may have a hash or a tag, or not decode, which ``problem`` says.
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
    whole: bool = True

    @property
    def name(self) -> str:
        """What the command line calls it: ``audit:12`` or ``legacy:1795239176956651563``."""
        if self.audit_id is not None:
            return f"audit:{self.audit_id}"
        return f"legacy:{(self.legacy_key or '').rpartition('/')[2]}"


class Blob(NamedTuple):
    """What an archived blob says of itself; ``problem`` where it cannot be read."""

    version_hash: str | None
    tag: str | None
    problem: str | None = None


def version_of(head: VersionHead) -> Version:
    """A row as a version; what only its blob can tell is not told yet."""
    archived: str | None
    if head.legacy_key is not None:
        archived = legacy_time(head.legacy_key.rpartition("/")[2])
    else:
        archived = stored_time(head.archived_at) or None
    return Version(
        head.kind, head.id, head.audit_id, head.legacy_key, head.stored_kind,
        archived, head.version_hash, head.tag, head.size, False,
        whole=bool(head.version_hash and head.tag),
    )  # fmt: skip


def completed(version: Version, own: Blob) -> Version:
    """A version with what its blob says where its row says nothing."""
    return version._replace(
        version_hash=version.version_hash or own.version_hash,
        tag=version.tag or own.tag,
        problem=own.problem,
        whole=True,
    )


def head_of(version: Version) -> VersionHead:
    """The row a version was made of, to read its blob again."""
    return VersionHead(
        version.kind, version.id, version.audit_id, version.legacy_key, version.stored_kind,
        version.archived_at, version.version_hash, version.tag, version.size,
    )  # fmt: skip
