"""Filters for which nobody writes an expression: state, organisation, kind, since when, error.

How many records have which of them tells :mod:`inspector.session.facet_counts`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from inspector.decode.record_summary import NOTHING
from inspector.errors import UsageError
from inspector.invisible import named, typed
from inspector.named_tuple import NamedTuple
from inspector.plurals import counted
from inspector.session.since import earliest
from inspector.times import instant

if TYPE_CHECKING:
    from inspector.session.session import Session
    from inspector.store.rows import Cancel, Row

_NUMBER: Final = "-?[0-9]+"


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
            earliest: what :func:`inspector.session.since.earliest` says of ``since``.
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


class FacetFilter:
    """The rows of a kind that have what is chosen.

    Attributes:
        looked: how many were looked at.
        matched: how many of them have it.
        unread: whether a row could not be read, which might.
        note: what there is to be said beside that; nothing.
    """

    note: Final = ""

    def __init__(
        self, session: Session, kind: str, choice: FacetChoice, cancel: Cancel | None = None
    ) -> None:
        """Sets what is looked for.

        Args:
            session: the store.
            kind: as stored; what the choice says of kinds is not looked at.
            choice: it.
            cancel: ends it when set.

        Raises:
            UsageError: it has a time that is none.
        """
        self._session, self._kind, self._choice, self._cancel = session, kind, choice, cancel
        self._reader = session.reader(cancel)
        self._earliest = earliest(choice.since)
        self.looked = self.matched = 0
        self.unread = False

    def rows(self, progress: Callable[[int], None] | None = None) -> Iterator[Row]:
        """The rows that match, in id order.

        Args:
            progress: told now and then how many were looked at.

        Raises:
            StoreError: the file is damaged; what could be read has been given.
        """
        from inspector.session.walking import row_pages  # noqa: PLC0415 - not before the first rows

        for page in row_pages(self._session, self._kind, self._cancel):
            if progress is not None:
                progress(self.looked)
            yield from filter(self.holds, page)

    def holds(self, row: Row) -> bool:
        """Whether a row has it, counted."""
        self.looked += 1
        choice = self._choice
        summary, error = NOTHING, None
        if row.data is None:
            self.unread |= choice.any
        elif choice.states or choice.orgs:
            summary = self._reader.peek(row.data, row.kind, row.updated_at)
        if choice.failed:
            error = self._reader.error_line(row)
        found = choice.holds(
            state=summary.state,
            org=summary.org,
            updated_at=row.updated_at,
            error=error,
            earliest=self._earliest,
        )
        self.matched += found
        return found

    @property
    def summary(self) -> str:
        """How many of how many match."""
        return match_words(self.matched, self.looked)


def match_words(matched: int, looked: int) -> str:
    """How many of how many records match."""
    verb = "matches" if matched == 1 else "match"
    return f"{matched:,} of {counted(looked, 'record')} {verb}"


def state_names(session: Session, kind: str, wanted: Sequence[str]) -> Iterator[str]:
    """The names of the states that are meant: whole, or without what they begin with.

    Args:
        session: the store.
        kind: as stored.
        wanted: one as it is written is that one alone; otherwise in any case, with blanks or ``-``
            for ``_``. A number is itself.

    Raises:
        UsageError: the kind has no such state.
    """
    if not wanted:
        return
    from inspector.schema.state_field import state_field  # noqa: PLC0415 - hardly ever asked

    reader = session.reader()
    names: dict[str, None] = {}
    for message in reader.messages(kind):
        path = state_field(message) if message is not None else None
        if path is not None and path[-1].enum is not None:
            names.update(dict.fromkeys(path[-1].enum.names.values()))
    for enum in reader.document_enums(kind) if reader.documents else ():
        names.update(dict.fromkeys(enum.names.values()))
    for one in wanted:
        whole = "_".join(one.upper().replace("-", "_").split())
        found = [name for name in names if f"_{name.upper()}".endswith(f"_{whole}")]
        if one in names:
            found = [one]
        if not found and not re.fullmatch(_NUMBER, one):
            known = f"It has {', '.join(names)}." if names else "It has no states."
            raise UsageError(f"{named(kind)} has no state {typed(one)}.", known)
        yield from found or [one]
