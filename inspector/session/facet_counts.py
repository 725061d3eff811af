"""How many records have which value that a list can be filtered by without an expression.

Counting them is a look at every record, page by page, that can be cancelled between two of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from copy import copy
from typing import TYPE_CHECKING

from inspector.session.facet_filter import EVERYTHING, FacetChoice
from inspector.session.scan import Scan
from inspector.session.since import PERIODS, earliest
from inspector.times import instant

if TYPE_CHECKING:
    from inspector.errors import StoreError
    from inspector.session.scan import RecordLine
    from inspector.session.session import Session
    from inspector.store.rows import Cancel


class FacetCount:
    """How many records have which value, of those that the other facets leave; ``""`` is none.

    Attributes:
        looked: how many were looked at.
        unread: how many of them could not be read.
        damage: what ended the reading early.
        matched: how many all facets leave.
        failed: how many say what went wrong.
        states: of each state how many.
        orgs: of each organisation.
        kinds: of each kind.
        since: of each of :data:`PERIODS`.
    """

    def __init__(self, choice: FacetChoice = EVERYTHING) -> None:
        self._choice = choice
        self._earliest = earliest(choice.since)
        self._starts = {period: earliest(period) or 0 for period in PERIODS}
        self.looked = self.unread = self.matched = self.failed = 0
        self.damage: StoreError | None = None
        self.states, self.orgs = Counter[str](), Counter[str]()
        self.kinds, self.since = Counter[str](), Counter[str]()

    def add(self, line: RecordLine) -> None:
        """One more record, which words and expression leave."""
        choice = self._choice
        state, org = line.summary.state or "", line.summary.org or ""
        kind, failed = line.key.kind, bool(line.error)
        when = instant(line.updated_at)
        first = self._earliest
        misses = {
            facet
            for facet, holds in (
                ("states", not choice.states or state in choice.states),
                ("orgs", not choice.orgs or org in choice.orgs),
                ("kinds", not choice.kinds or kind in choice.kinds),
                ("since", first is None or (when is not None and when >= first)),
                ("failed", failed or not choice.failed),
            )
            if not holds
        }
        self.matched += not misses
        if len(misses) > 1:
            return
        # Where it is one facet alone that leaves it out, it is counted there.
        if misses <= {"states"}:
            self.states[state] += 1
        if misses <= {"orgs"}:
            self.orgs[org] += 1
        if misses <= {"kinds"}:
            self.kinds[kind] += 1
        if misses <= {"since"} and when is not None:
            self.since.update(one for one, start in self._starts.items() if when >= start)
        if misses <= {"failed"}:
            self.failed += failed

    def copy(self) -> FacetCount:
        """What is counted so far."""
        made = copy(self)
        made.states, made.orgs = self.states.copy(), self.orgs.copy()
        made.kinds, made.since = self.kinds.copy(), self.since.copy()
        return made

    def document(self) -> dict[str, object]:
        """All of it as JSON has it, what most records have first."""

        def listed(values: Counter[str]) -> list[dict[str, object]]:
            ordered = sorted(values.items(), key=lambda one: (-one[1], one[0]))
            return [{"value": value or None, "count": count} for value, count in ordered]

        return {
            "records": self.looked,
            "matches": self.matched,
            "states": listed(self.states),
            "orgs": listed(self.orgs),
            "since": [{"value": one, "count": self.since[one]} for one in PERIODS],
            "errors": self.failed,
        }


def count_facets(
    session: Session,
    kinds: Sequence[str],
    *,
    choice: FacetChoice = EVERYTHING,
    text: str = "",
    expression: str = "",
    gone: bool = False,
    cancel: Cancel | None = None,
    progress: Callable[[FacetCount], None] | None = None,
) -> FacetCount:
    """Counts what a list that is filtered can be filtered by further, by a look at every record.

    Of each facet the values are counted among the records that words, expression and all other
    facets leave, so that a count says how many records are listed if the value is chosen in the
    place of what is chosen of its facet. Of a damaged file it counts what can be read.

    Args:
        session: the store.
        kinds: which records.
        choice: what is chosen.
        text: words that each have to match, see :class:`~inspector.session.scan.Scan`.
        expression: CEL that has to be true as well.
        gone: of those that only have history.
        cancel: ends it when set.
        progress: told what is counted so far, after every page.

    Raises:
        CancelledError: it was cancelled.
        UsageError: the expression is wrong, or the choice has a time that is none.
    """
    found = FacetCount(choice)
    # An expression is about one kind, which may be what is chosen.
    only = EVERYTHING._replace(kinds=choice.kinds if expression else frozenset())
    scan = Scan(
        *(session, kinds),
        text=text,
        expression=expression,
        column="error",
        gone=gone,
        facets=only,
    )
    for lines in scan.pages(cancel):
        for line in lines:
            found.add(line)
        found.looked, found.unread, found.damage = scan.looked, scan.unread, scan.damage
        if progress is not None:
            progress(found)
    return found
