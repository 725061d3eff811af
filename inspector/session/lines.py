"""A record as far as a filter or an order looks at it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from inspector.decode.record_summary import RecordSummary
from inspector.invisible import holds
from inspector.times import instant

_BEFORE_ALL: Final = -(1 << 80)  #: nanoseconds
#: What a list can be sorted by.
COLUMNS: Final = ("id", "size", "name", "state", "org", "error", "updated", "versions")


class RecordKey(NamedTuple):
    """Which record."""

    kind: str
    id: str


class RecordLine(NamedTuple):
    """What a list shows of a record, read from its top alone."""

    key: RecordKey
    summary: RecordSummary
    size: int
    updated_at: str | None
    versions: int = 0
    error: str | None = None

    def matches(self, words: Sequence[str], *, by_kind: bool = False) -> bool:
        """Whether every word (case-folded) stands in id, name, slug, state or organisation.

        What has no width, such as a zero-width space, does not part a word.

        ``by_kind``: or in ``kind/id``, as a list of several kinds shows it.
        """
        if not words:
            return True
        own = "/".join(self.key) if by_kind else self.key.id
        whole = "\n".join((own, *(text for text in self.summary if text))).casefold()
        return all(holds(whole, word) for word in words)

    def value(self, column: str) -> str | int | bytes | tuple[int, str] | None:
        """What the record is ordered by in one of :data:`COLUMNS`; None where it has nothing."""
        if column == "id":
            return self.key.id.encode("utf-8", "surrogateescape")
        if column == "size":
            return self.size
        if column == "versions":
            return self.versions
        if column == "updated":
            return _age(self.updated_at)
        shown: str | None = self.error if column == "error" else getattr(self.summary, column)
        return shown.casefold() if shown else None


def _age(updated_at: str | None) -> tuple[int, str] | None:
    """What times are ordered by: by instant, not by their text, and before them what is none."""
    if not updated_at:
        return None
    when = instant(updated_at)
    return (_BEFORE_ALL, updated_at) if when is None else (when, "")
