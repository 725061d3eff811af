"""Filtered and sorted lists: the keys of what matches, and the lines of the rows on screen.

A list that is neither filtered nor sorted needs none of this: it is read page by page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from inspector.decode.fields import NOTHING, Summary
from inspector.session.session import Session
from inspector.session.types import RecordHead
from inspector.store.types import Cancel, Row
from inspector.times import stored_time

Progress = Callable[[int], None]

#: What a list can be sorted by; the last two cost a look at every row.
COLUMNS: Final = ("id", "size", "name", "state", "org", "updated", "versions")


class Key(NamedTuple):
    """Which record."""

    kind: str
    id: str


class Line(NamedTuple):
    """A record as far as a filter or an order looks at it."""

    key: Key
    summary: Summary
    size: int
    updated_at: str | None

    def matches(self, words: Sequence[str]) -> bool:
        """Whether every word (case-folded) stands in id, name, slug, state or organisation."""
        texts = (self.key.id, *(text for text in self.summary if text))
        whole = "\n".join(texts).casefold()
        return all(word in whole for word in words)


def lines(
    session: Session,
    kinds: Sequence[str],
    *,
    cancel: Cancel | None = None,
    progress: Progress | None = None,
) -> Iterator[Line]:
    """Every live record of some kinds, read from its top alone, in kind and id order.

    ``progress`` is told how many have been looked at, once a page.
    """
    done = 0
    for kind in kinds:
        reader = session.reader(cancel)
        for row in session.rows(kind, cancel):
            summary = reader.peek(row.data, kind) if row.data is not None else NOTHING
            yield Line(Key(kind, row.id), summary, row.size, row.updated_at)
            done += 1
            if progress is not None and done % 256 == 0:
                progress(done)


def matching(
    session: Session,
    kinds: Sequence[str],
    text: str,
    *,
    cancel: Cancel | None = None,
    progress: Progress | None = None,
) -> list[Key]:
    """Keys of the live records that a filter text fits, in kind and id order."""
    words = text.casefold().split()
    found = lines(session, kinds, cancel=cancel, progress=progress)
    return [line.key for line in found if line.matches(words)]


def ordered(
    session: Session,
    kinds: Sequence[str],
    column: str,
    *,
    descending: bool = False,
    text: str = "",
    cancel: Cancel | None = None,
    progress: Progress | None = None,
) -> list[Key]:
    """Keys of the live records in the order of a column, ties by kind and id.

    Records that have nothing in the column come last either way.
    """
    words = text.casefold().split()
    all_lines = lines(session, kinds, cancel=cancel, progress=progress)
    found = [line for line in all_lines if line.matches(words)]
    counts: dict[Key, int] = {}
    if column == "versions":
        counts = _counts(session, [line.key for line in found], cancel)

    def value(line: Line) -> Any:
        return counts[line.key] if column == "versions" else _value(line, column)

    having = [line for line in found if value(line) is not None]
    lacking = [line for line in found if value(line) is None]
    having.sort(key=value, reverse=descending)
    return [line.key for line in (*having, *lacking)]


def _counts(session: Session, keys: Sequence[Key], cancel: Cancel | None) -> dict[Key, int]:
    found: dict[Key, int] = {}
    for kind in dict.fromkeys(key.kind for key in keys):
        ids = [key.id for key in keys if key.kind == kind]
        for id_, count in session.store.version_counts(kind, ids, cancel).items():
            found[Key(kind, id_)] = count
    return found


def _value(line: Line, column: str) -> Any:
    if column == "id":
        return line.key.id.encode("utf-8", "surrogateescape")
    if column == "size":
        return line.size
    if column == "updated":
        return stored_time(line.updated_at)
    shown = getattr(line.summary, column)
    return shown.casefold() if shown else None


def heads(
    session: Session, keys: Sequence[Key], cancel: Cancel | None = None
) -> list[RecordHead | None]:
    """The list lines of some records in the order asked; None for one that is gone meanwhile."""
    reader = session.reader(cancel)
    found: dict[Key, RecordHead] = {}
    for kind in dict.fromkeys(key.kind for key in keys):
        ids = [key.id for key in keys if key.kind == kind]
        counts = session.store.version_counts(kind, ids, cancel)
        rows: list[Row] = session.store.rows_by_id(kind, ids, cancel)
        for row in rows:
            found[Key(kind, row.id)] = reader.head(row, counts.get(row.id, 0))
    return [found.get(key) for key in keys]
