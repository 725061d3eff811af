"""Which migrations rewrote a live record of a store and kept its time."""

from __future__ import annotations

from typing import Any, Protocol

from inspector.errors import NotFoundError
from inspector.history.rewritten import Rewrite, is_ever_rewritten, rewrites
from inspector.store.rows import Row, StoreFacts


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
