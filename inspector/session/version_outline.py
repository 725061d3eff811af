"""The versions of a record: by their rows at once, and by their blobs where rows do not tell.

Ten thousand rows are listed in the time that a few hundred blobs take. Which migrations rewrote the
live state and kept its time is told too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol

from inspector.errors import NotFoundError
from inspector.history.migrations import Rewrite, is_ever_rewritten, rewrites
from inspector.history.versions import Version, archived_as, completed, head_of, version_of
from inspector.store.rows import Cancel, Row, StoreFacts, VersionHead

if TYPE_CHECKING:
    from inspector.session.session import Session


#: Rows that are looked at first, and are whole from the beginning.
FIRST: Final = 64
_REPLACED: Final = "\N{REPLACEMENT CHARACTER}"


def versions_of(
    session: Session, kind: str, id_: str, cancel: Cancel | None = None
) -> list[Version]:
    """The versions of a resource, newest first, the live one marked.

    Only the first :data:`FIRST` are sure to be whole: hash and tag of the others may still stand
    in their blobs.
    """
    heads = session.store.history.versions(kind, id_, cancel)
    versions = [version_of(head) for head in heads]
    live = session.store.row(kind, id_, cancel)
    mark = _live(session, heads, live, cancel) if live is not None else None
    if mark is not None:
        at = heads.index(mark)
        versions[at] = versions[at]._replace(live=True)
    return whole(session, versions[:FIRST], cancel) + versions[FIRST:]


def whole(
    session: Session, versions: Sequence[Version], cancel: Cancel | None = None
) -> list[Version]:
    """The versions, with hash and tag from their blobs where their rows have none."""
    reader = session.reader(cancel)
    heads = [head_of(version) for version in versions if not version.whole]
    rows = session.store.history.rows(heads, cancel)
    found = []
    for version in versions:
        if not version.whole:
            row = next(rows)
            kind = archived_as(version.kind, version, row.data)
            blob = reader.blob(row.data, kind, version.archived_at, row.problem)
            version = completed(version, blob)
        found.append(version)
    return found


def _live(
    session: Session, heads: Sequence[VersionHead], live: Row, cancel: Cancel | None
) -> VersionHead | None:
    """The newest version with the live record's bytes, else the newest with its hash."""
    data, store = live.data, session.store
    if data is None:
        return None
    same_size = [head for head in heads if head.size == len(data)]
    exact = store.history.first(same_size, lambda one: one == data, cancel)
    reader = session.reader(cancel)
    own = reader.blob(data, live.kind, live.updated_at).version_hash if exact is None else None
    if own is None:
        return exact
    at = next((i for i, head in enumerate(heads) if head.version_hash == own), len(heads))
    # In a message the hash stands as it is, unless its bytes are no text.
    needle = b"" if reader.documents or _REPLACED in own else own.encode()

    def says(one: bytes) -> bool:
        return needle in one and reader.blob(one, live.kind, live.updated_at).version_hash == own

    silent = [head for head in heads[:at] if not head.version_hash]
    found = store.history.first(silent, says, cancel)
    return found if found is not None or at == len(heads) else heads[at]


class Reads(Protocol):
    """What is asked: a session, or whatever answers as one."""

    def facts(self, cancel: Any = None) -> StoreFacts:
        """The file as a whole."""

    def row(self, kind: str, id_: str, version: None = None, cancel: Any = None) -> Row:
        """A live record's row."""


def rewrites_of(asked: Reads, kind: str, id_: str, cancel: Any = None) -> tuple[Rewrite, ...]:
    """The migrations that rewrote a record; none where it is not live."""
    if not is_ever_rewritten(kind):
        return ()
    layouts = asked.facts(cancel).layouts
    if not layouts:
        return ()
    try:
        return rewrites(kind, asked.row(kind, id_, None, cancel).updated_at, layouts)
    except NotFoundError:
        return ()
