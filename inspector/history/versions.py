"""Archived rows, states out of the write-ahead log, and states that were seen, as versions."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from inspector.decode.wire import read_field
from inspector.named_tuple import NamedTuple
from inspector.schema.kind_names import former_names, normal_kind
from inspector.store.renamed import is_same
from inspector.store.rows import VersionHead
from inspector.times import legacy_time, stored_time

#: The tag of the text in which every record says what it is.
_KIND: Final = 2 << 3 | 2


class Logged(NamedTuple):
    """Which commit of a write-ahead log a state is of.

    Attributes:
        commit: counted from 1, the oldest; 0 is the state before the first.
        commits: how many the log held.
        generation: what tells this log from one that was restarted.
        content: what tells the blob from another one, as long as the program runs.
    """

    commit: int
    commits: int
    generation: bytes
    content: int

    @property
    def words(self) -> str:
        """Where the state is from, in words."""
        if not self.commit:
            return "from the database file, before the first commit of the write-ahead log"
        return f"from the write-ahead log, commit {self.commit} of {self.commits}"


class SeenState(NamedTuple):
    """How a state is known that was seen while the store was followed.

    Attributes:
        number: of the change that was seen.
        time: when that was.
        is_before: it is the state before that change, else the one after it.
        data: the blob, which may be nowhere else.
    """

    number: int
    time: datetime
    is_before: bool
    data: bytes

    @property
    def words(self) -> str:
        """How it is known, in a word or two."""
        return f"{'before' if self.is_before else 'seen'} {self.time.astimezone():%H:%M:%S}"


class Version(NamedTuple):
    """A line of a history, newest first.

    One of ``audit_id``, ``legacy_key``, ``logged`` and ``seen`` is set: an archived row, or the
    state of the record as of a commit of the write-ahead log or as it was seen, which has no other
    time than the row's own, given as ``archived_at``. ``stored_kind`` is the row's kind column.
    Hash and tag are the row's, or those of its blob where the row has none. ``live`` marks the row
    that equals the live record. Where a version is not ``whole`` its blob was not asked yet, and
    may have a hash or a tag, or not decode, which ``problem`` says; of one that is ``unread`` the
    file does not even give the row.
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
    logged: Logged | None = None
    seen: SeenState | None = None
    unread: bool = False

    @property
    def name(self) -> str:
        """What the command line calls it: ``audit:12``, ``legacy:17952391769566`` or ``wal:17``.

        It knows none that was only seen: ``seen:3``.
        """
        if self.seen is not None:
            return f"seen:{self.seen.number - self.seen.is_before}"
        if self.logged is not None:
            return f"wal:{self.logged.commit}"
        if self.audit_id is not None:
            return f"audit:{self.audit_id}"
        return f"legacy:{(self.legacy_key or '').rpartition('/')[2]}"


class Blob(NamedTuple):
    """What an archived blob says of itself; ``problem`` where it is unread or does not decode."""

    version_hash: str | None
    tag: str | None
    problem: str | None = None
    unread: bool = False


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
        unread=own.unread,
        whole=True,
    )


def head_of(version: Version) -> VersionHead:
    """The row a version was made of, to read its blob again."""
    return VersionHead(
        version.kind, version.id, version.audit_id, version.legacy_key, version.stored_kind,
        version.archived_at, version.version_hash, version.tag, version.size,
    )  # fmt: skip


def archived_as(kind: str, version: Version | None, data: bytes | None) -> str:
    """The kind that a blob is read as: of a version the one it was archived under, by that name.

    A migration that renamed a kind gave archived rows its new name too, and left their bytes: what
    says in itself that it is of a former name is read by that.
    """
    if version is None:
        return kind
    stored = version.stored_kind if is_same(version.stored_kind, kind) else kind
    former = former_names(stored) if data is not None else ()
    if not former or data is None:
        return stored
    own = normal_kind(_own_kind(data))
    return next((name for name in former if normal_kind(name) == own), stored)


def _own_kind(data: bytes) -> str:
    """What a record's blob says itself that it is, as far as that stands at its beginning."""
    pos, end = 0, len(data)
    while pos < end and (found := read_field(data, pos, end)) is not None:
        _, body, pos, tag = found
        if tag == _KIND:
            return data[body:pos].decode(errors="replace")
        if tag > _KIND:
            break
    return ""
