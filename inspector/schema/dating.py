"""Which releases can have written a row, by what the store says beside its bytes.

A row is not older than its writer, and while a store stood at a layout, no release wrote to it
that came before that layout or knows a later one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol

from inspector.schema.clues import Clue
from inspector.schema.releases import Mask, oldest, since, until
from inspector.times import moment

if TYPE_CHECKING:
    from inspector.schema.types import Place

#: The first release whose daemon makes a layout; layouts not named came with the one before.
#: Sources: the daemon's migrations, and the first release with the messages that they need.
FIRST_RELEASE: Final = {
    3: "0.0.36",
    5: "1.0.0",
    6: "3.6.0",
    7: "3.12.9",
    9: "3.20.0",
    14: "3.41.0",
    21: "apis-0.1.0.dev0",
}
#: Those whose first release wrote under the layout before as well, for all that is known: what they
#: need came with its messages, and a daemon of 3.12.9 was seen at layout 6. What made 14 to 20 came
#: between two releases and was none: its messages may be as either of them has them.
_WITHIN_A_RELEASE: Final = frozenset((5, 6, 7, 9, 14, 21))
#: Whose messages there were, published or not, where a layout had been applied.
_PROVEN: Final = {**FIRST_RELEASE, 14: FIRST_RELEASE[21]}
#: Layouts whose migration wrote rows again with the time at which it ran, and the values of enums
#: that it put into them. Which rows those were, nothing but that time says.
_WRITTEN_AGAIN: Final[dict[int, frozenset[Place]]] = {
    10: frozenset({("ai.stigmer.commons.apiresource.ApiResourceVisibility", 3)}),
    **dict.fromkeys((14, 18, 20, 26), frozenset()),
}
#: So long a migration may take before it says that it was applied.
_MIGRATING: Final = timedelta(minutes=1)
#: A daemon may run before its messages are published, and clocks differ.
AHEAD: Final = timedelta(days=3)
#: Rows from before the first release are of something like it, if the clock can have been right.
_EARLIER: Final = timedelta(days=365)


#: The enums of those values.
ENUMS_PUT: Final = frozenset(enum for own in _WRITTEN_AGAIN.values() for enum, _ in own)


class DatedReleases(Protocol):
    """The releases, oldest first; see :class:`inspector.schema.merged.MergedSchema`."""

    names: tuple[str, ...]
    published: tuple[str, ...]
    full: Mask

    def number(self, name: str) -> int:
        """The number of a release."""

    def values(self, enum: str) -> dict[int, list[tuple[str, Mask]]]:
        """What each number of an enum was ever called, oldest first."""


class Dating:
    """What a store says of when its rows were written."""

    def __init__(
        self, merged: DatedReleases, layout: int | None, applied: Sequence[tuple[int, str]] = ()
    ) -> None:
        """Keeps what bounds the writers of rows.

        Args:
            merged: the releases.
            layout: of the store now; None where it is not known.
            applied: layouts and when each was applied, as ``schema_version`` has them.
        """
        self.merged = merged
        dated = [moment(when) for when in merged.published]
        self._own: Mask = sum(1 << at for at, when in enumerate(dated) if when is None)
        self._published = [when.second.date() for when in dated if when is not None]
        self._known = [(when.second - AHEAD).date() for when in dated if when is not None]
        self._layout = layout
        times = ((moment(text), version) for version, text in applied)
        self._applied = sorted((when.second, version) for when, version in times if when)
        for when, version in self._applied:
            name = _PROVEN.get(version)
            if name in merged.names:
                self._know(merged.number(name), when.date())
        self._starts = sorted(
            (version, merged.number(name))
            for version, name in FIRST_RELEASE.items()
            if name in merged.names
        )
        self._turns = {f"{when:%Y-%m-%d}" for when, _ in self._applied}
        self._kept: dict[str | None, tuple[Clue, ...]] = {}

    def _know(self, number: int, day: date) -> None:
        """Some program had the messages of a release on a day, so those before it were known."""
        for days in (self._known, self._published):
            days[: number + 1] = (min(one, day) for one in days[: number + 1])

    def period(self, written: str | None) -> str | None:
        """What is the same for rows about whose time the same can be said: mostly the day.

        Args:
            written: the row's time as it is stored; None where it has none.
        """
        if written is None or (
            len(written) != _SECONDS and written[_SECONDS:].strip(_WITHOUT_ZONE)
        ):
            return written
        day = written[:10]
        return written if day in self._turns else day

    def clues(self, written: str | None) -> tuple[Clue, ...]:
        """The evidence for a row, what counts most first; ``written`` as for :meth:`period`."""
        period = self.period(written)
        found = self._kept.get(period)
        if found is None:
            if len(self._kept) > _MOST_KEPT:
                self._kept.clear()
            found = self._kept[period] = tuple(self._found(written))
        return found

    def likely(self, written: str | None) -> Mask:
        """The releases that were published when a row was written, all where that is not known.

        Who wrote it may have been ahead of them, which is only less likely.
        """
        when = moment(written) if written else None
        if when is None:
            return self.merged.full
        last = bisect_right(self._published, when.second.date()) - 1
        return until(last) | self._own if last >= 0 else self.merged.full

    def _found(self, written: str | None) -> list[Clue]:
        when = moment(written) if written else None
        found: list[Clue] = []
        if when is not None:
            day = when.second.date()
            # Times are compared by how far they are apart: what lies before the first year, or
            # behind the last one, is none.
            if self._known[0] - day <= _EARLIER:
                last = max(bisect_right(self._known, day) - 1, 0)
                found.append(Clue(until(last) | self._own, f"it was written on {day}"))
            found += self._by_applied(when.second)
        if self._layout is not None:
            ended = self._before_next(self._layout)
            if ended is not None:
                words = f"the store is of layout {self._layout}"
                found.append(Clue(until(ended) | self._own, words))
        full = self.merged.full
        return [one for one in found if one.put is not None or one.releases & full != full]

    def _by_applied(self, when: datetime) -> list[Clue]:
        """The bounds of the layout in force at a time; a row before the first one has none."""
        at = bisect_right(self._applied, (when, _LAST_LAYOUT))
        again = self._written_again(when)
        if again is not None:
            return [again]
        if at == 0:
            return []
        version = max(version for _, version in self._applied[:at])
        first = max((number for start, number in self._starts if start <= version), default=0)
        mask = since(first, self.merged.full)
        last = self._before_next(version)
        if last is not None and at < len(self._applied):
            mask &= until(last)
        words = f"it was written under layout {version}"
        return [Clue(mask | self._own, words)]

    def _written_again(self, when: datetime) -> Clue | None:
        """What bounds a row that may have its time from a migration; None where it has not."""
        # Times are of whole seconds where the migration's own is.
        second = when.replace(microsecond=0)
        for applied, layout in self._applied:
            if layout in _WRITTEN_AGAIN and second <= applied and applied - second <= _MIGRATING:
                # What ran along with it found the rows as the layout before all of that had them.
                before = [version for then, version in self._applied if applied - then > _MIGRATING]
                if before:
                    own = _WRITTEN_AGAIN[layout]
                    # Who was asked to put it there knew what it is a value of.
                    first = max((self._first_with(enum) for enum, _ in own), default=0)
                    # And the row may have been written again before.
                    put = own.union(*(_WRITTEN_AGAIN.get(one, ()) for one in before))
                    mask = since(first, self.merged.full)
                    last = self._before_next(max(before))
                    if last is not None:
                        mask &= until(last)
                    words = f"the migration to layout {layout} gave it its time"
                    return Clue(mask | self._own, words, put)
        return None

    def _first_with(self, enum: str) -> int:
        """The first release that has an enum."""
        found = self.merged.values(enum).values()
        return min(oldest(releases) for named in found for _, releases in named)

    def _before_next(self, version: int) -> int | None:
        """The last release that can have written under a layout."""
        later = [
            number if start in _WITHIN_A_RELEASE else number - 1
            for start, number in self._starts
            if start > version
        ]
        return min(later, default=None)


#: How long a time to the second is, and what may stand behind it in UTC.
_SECONDS: Final = len("2026-01-25 00:00:00")
_WITHOUT_ZONE: Final = "0123456789.Z"
_MOST_KEPT: Final = 4096
_LAST_LAYOUT: Final = 1 << 62
