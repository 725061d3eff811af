"""A record as far as a filter or an order looks at it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Final, NamedTuple

from inspector.decode.record_summary import RecordSummary
from inspector.invisible import holds
from inspector.times import instant

_BEFORE_ALL: Final = "\0"  #: which times do not begin with
_EPOCH: Final = datetime(1970, 1, 1)  #: in UTC; its text is to have no zone
_SECOND: Final = 10**9  #: nanoseconds
#: Times as daemons write them, each in a line.
_PLAIN: Final = re.compile(
    r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r" (?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?\n|(?!))*+"
)
_DAY: Final = 10  #: characters of a day
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

    def value(self, column: str) -> str | int | bytes | None:
        """What the record is ordered by in one of :data:`COLUMNS`; None where it has nothing."""
        if column == "id":
            return self.key.id.encode("utf-8", "surrogateescape")
        if column == "size":
            return self.size
        if column == "versions":
            return self.versions
        if column == "updated":
            return time_orders([self.updated_at])[0] if self.updated_at else None
        shown: str | None = self.error if column == "error" else getattr(self.summary, column)
        return shown.casefold() if shown else None


def time_orders(texts: Sequence[str]) -> list[str]:
    """What each of some stored times is ordered by: by instant, not by its text.

    What is no time stands before all that are, by its text. None of them is empty.
    """
    lines = "\n".join((*texts, ""))
    plain = _PLAIN.fullmatch(lines) is not None and lines.count("\n") == len(texts)
    if plain and all(map(_is_day, {text[:_DAY] for text in texts})):
        return [*texts] if "." not in lines else [_shortest(text) for text in texts]
    return [_time_order(text) for text in texts]


def _time_order(text: str) -> str:
    when = instant(text)
    if when is None:
        return f"{_BEFORE_ALL}{text}"
    seconds, fraction = divmod(when, _SECOND)
    return _shortest(f"{_EPOCH + timedelta(seconds=seconds)}.{fraction:09}")


def _shortest(text: str) -> str:
    """A time without zeros behind its point, so that equal ones are equal texts."""
    return text.rstrip("0").rstrip(".") if "." in text else text


@cache
def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
