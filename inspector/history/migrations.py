"""Migrations that rewrote a live record and left its time as it was.

What such a record holds may be younger than it says. The layouts and what they rewrote are those of
the daemon's own migrations; which of them a file went through, and when, its table of layouts says.
Migrations that gave what they rewrote a new time are not told: the record says so itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

from inspector.named_tuple import NamedTuple
from inspector.schema.kind_names import normal_kind
from inspector.times import instant, stored_time

_RUNS: Final = frozenset(("agentrun", "run"))
#: Layout to the kinds it rewrote, by the names their records have now, and what it did.
_REWRITTEN: Final = {
    15: (_RUNS | {"agentexecution"}, "took the configuration out of executions"),
    18: (_RUNS | {"workflowrun"}, "made runs of executions"),
    19: (_RUNS, "took out what was of workflows"),
    21: (frozenset(("run",)), "gave runs their name"),
    23: (frozenset(("session",)), "took values out of sessions"),
}
#: One build had that of 21 as its 20, which is something else where 21 follows.
_EARLY: Final = 20


class Rewrite(NamedTuple):
    """A migration: its layout, the day on which it was applied, and what it did."""

    layout: int
    day: str
    did: str


def is_ever_rewritten(kind: str) -> bool:
    """Whether any migration rewrote records of a kind and kept their time."""
    return any(normal_kind(kind) in kinds for kinds, _ in _REWRITTEN.values())


def rewrites(
    kind: str, updated_at: str | None, layouts: Iterable[tuple[int, str]]
) -> tuple[Rewrite, ...]:
    """The migrations that rewrote a live record and kept its time, by layout.

    Args:
        kind: of the record, as the store spells it now.
        updated_at: its time, as stored or as answered.
        layouts: those applied to the file and when, as in
            :attr:`inspector.store.rows.StoreFacts.layouts`.
    """
    updated = instant(updated_at)
    if updated is None:
        return ()
    applied = dict(layouts)
    found = []
    for layout, at in sorted(applied.items()):
        meant = 21 if layout == _EARLY == max(applied) else layout
        kinds, did = _REWRITTEN.get(meant, (frozenset(), ""))
        when = instant(at)
        if normal_kind(kind) in kinds and when is not None and when > updated:
            found.append(Rewrite(layout, (stored_time(at.strip()) or "")[:10], did))
    return tuple(found)


def rewritten_words(found: Sequence[Rewrite]) -> str:
    """The migrations in a sentence; empty where there is none."""
    days = [(day, [one.layout for one in some]) for day, some in groupby(found, lambda x: x.day)]
    parts = [
        f"to layout{'s' if len(some) > 1 else ''} {_listed(map(str, some))} ({day})"
        for day, some in days
    ]
    if not parts:
        return ""
    noun = "migrations" if len(found) > 1 else "migration"
    return f"Rewritten by the {noun} {_listed(parts)}, which kept its time."


def _listed(parts: Iterable[str]) -> str:
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last
