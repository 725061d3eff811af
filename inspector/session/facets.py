"""Filters for which nobody writes an expression: state, organisation, kind, since when, error.

Counting them is a look at every record, page by page, that can be cancelled between two of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from inspector.errors import UsageError
from inspector.times import instant

if TYPE_CHECKING:
    from inspector.session.session import Session
    from inspector.store.rows import Cancel

#: How long ago is offered, the shortest first.
PERIODS: Final = ("1h", "24h", "7d", "30d")
_PERIOD: Final = re.compile(r"([0-9]{1,6})([mhdw])")
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_SECOND: Final = 10**9


class FacetChoice(NamedTuple):
    """Which records are wanted; of each facet those with one of the values, all where it is empty.

    Attributes:
        states: names of enum values; an empty one is no state.
        orgs: organisations; an empty one is none.
        kinds: as the store spells them.
        since: updated not before this: a time, or a period such as ``24h`` before now.
        failed: whether only those that say what went wrong.
    """

    states: frozenset[str] = frozenset()
    orgs: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    since: str = ""
    failed: bool = False

    @property
    def any(self) -> bool:
        """Whether anything is chosen."""
        return self.reads_blobs or bool(self.kinds or self.since)

    @property
    def reads_blobs(self) -> bool:
        """Whether it cannot be told without a look into records."""
        return bool(self.states or self.orgs or self.failed)

    def holds(
        self,
        *,
        state: str | None,
        org: str | None,
        updated_at: str | None,
        error: str | None,
        earliest: int | None,
    ) -> bool:
        """Whether a record is wanted, but for its kind.

        Args:
            state: its state, None for none.
            org: its organisation, None for none.
            updated_at: when it was written, as stored.
            error: the first line of what went wrong, None for nothing.
            earliest: what :func:`earliest` says of ``since``.
        """
        if self.states and (state or "") not in self.states:
            return False
        if self.orgs and (org or "") not in self.orgs:
            return False
        if self.failed and not error:
            return False
        if earliest is None:
            return True
        when = instant(updated_at)
        return when is not None and when >= earliest


EVERYTHING: Final = FacetChoice()


def earliest(since: str, now: datetime | None = None) -> int | None:
    """The nanoseconds since 1970 that a ``since`` begins at; None for an empty one.

    Args:
        since: a day, a time, or a period before now: a number and m, h, d or w.
        now: the present where it is another.

    Raises:
        UsageError: it is none of them.
    """
    if not since:
        return None
    period = _PERIOD.fullmatch(since)
    if period is None:
        found = instant(since)
        if found is None:
            raise UsageError(
                f"{since!r} is no time.",
                "Known are periods such as 30m, 24h, 7d and 2w, days such as 2026-01-25, and times"
                " such as 2026-01-25T20:38:38Z.",
            )
        return found
    before = timedelta(**{_UNITS[period[2]]: int(period[1])})
    try:
        start = (now or datetime.now(UTC)) - before
    except OverflowError:  # longer ago than any record
        return -(1 << 80)
    return int(start.timestamp()) * _SECOND


class FacetCount:
    """How many records have which value; a value of ``""`` is none."""

    def __init__(self) -> None:
        self.looked = self.failed = 0
        self.states, self.orgs = Counter[str](), Counter[str]()
        self.kinds, self.since = Counter[str](), Counter[str]()

    def add(self, state: str | None, org: str | None, error: str | None) -> None:
        """One more record."""
        self.looked += 1
        self.states[state or ""] += 1
        self.orgs[org or ""] += 1
        self.failed += bool(error)


def count_facets(
    session: Session,
    kinds: Sequence[str],
    *,
    gone: bool = False,
    cancel: Cancel | None = None,
    progress: Callable[[int], None] | None = None,
) -> FacetCount:
    """Looks at every record of some kinds; of a damaged file at what can be read.

    Args:
        session: the store.
        kinds: which records.
        gone: of those that only have history.
        cancel: ends it when set.
        progress: told how many were looked at, after every page.

    Raises:
        CancelledError: it was cancelled.
    """
    found = FacetCount()
    starts = {period: earliest(period) or 0 for period in PERIODS}
    for kind in kinds:
        after: str | None = None
        more = True
        while more:
            written: list[str | None]
            if gone:
                heads = session.gone(kind, after, cancel=cancel)
                for head in heads.rows:
                    found.add(head.state, head.org, None)
                written = [head.updated_at for head in heads.rows]
                more, ids = heads.more and heads.damage is None, [one.id for one in heads.rows]
            else:
                reader = session.reader(cancel)
                page = session.store.rows(kind, after, cancel=cancel)
                for row in page.rows:
                    data = row.data
                    told = reader.peek(data, kind, row.updated_at) if data is not None else None
                    names = (told.state, told.org) if told is not None else (None, None)
                    found.add(*names, reader.error_line(row))
                written = [row.updated_at for row in page.rows]
                more, ids = page.more and page.damage is None, [one.id for one in page.rows]
            found.kinds[kind] += len(written)
            for when in filter(None, map(instant, written)):
                found.since.update(one for one, start in starts.items() if when >= start)
            if progress is not None:
                progress(found.looked)
            more = more and bool(ids)
            after = ids[-1] if ids else None
    return found
