"""How a change looks: a difference, a changed field, what happened to a record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from inspector.gui.style.text_runs import ADDED, CHANGED, REMOVED, RUNNING, Run, Style
from inspector.named_tuple import NamedTuple
from inspector.session.seen_changes import Happened


class ChangeLook(NamedTuple):
    """Its style, its icon, and the ground of its row."""

    style: Style
    icon: str
    tint: str


#: By the values of :class:`~inspector.history.difference.Change`, which a list of records has no
#: need of.
CHANGE_LOOKS: Final[Mapping[str, ChangeLook]] = {
    "added": ChangeLook(ADDED, "new", "tint_added"),
    "removed": ChangeLook(REMOVED, "gone", "tint_removed"),
    "changed": ChangeLook(CHANGED, "changed", "tint_changed"),
    "moved": ChangeLook(RUNNING, "moved", "tint_span"),
}


# How what happened to a record looks, beside its row and in the list of changes.

#: Seconds in which what has just happened is tinted.
FRESH: Final = 4.0


class HappenedLook(NamedTuple):
    """A word, its style, its icon, and the ground of a row while it is fresh."""

    word: str
    style: Style
    icon: str
    tint: str


HAPPENED: Final[Mapping[Happened, HappenedLook]] = {
    Happened.CREATED: HappenedLook("New", ADDED, "new", "tint_added"),
    Happened.UPDATED: HappenedLook("Changed", CHANGED, "changed", "tint_changed"),
    Happened.DELETED: HappenedLook("Deleted", REMOVED, "gone", "tint_removed"),
    Happened.ARCHIVED: HappenedLook("Archived", RUNNING, "history", "tint_span"),
}


class ChangeCounts(NamedTuple):
    """How many records something has happened to, none of them counted twice.

    Attributes:
        created: that are new.
        updated: that changed.
        deleted: that are gone.
        more: there are at least so many.
    """

    created: int = 0
    updated: int = 0
    deleted: int = 0
    more: bool = False


_SIGNS: Final = (
    ("+", ADDED, "new"),
    ("~", CHANGED, "changed"),
    ("\N{MINUS SIGN}", REMOVED, "deleted"),
)


def count_runs(counts: ChangeCounts) -> tuple[Run, ...]:
    """``+1 ~3 -1`` at the right of a cell; all of it gives way before a name is cut."""
    more = "+" if counts.more else ""
    runs = [
        Run(
            f"{sign}{number:,}{more}",
            style._replace(font="small"),
            optional=True,
            gap=4,
            group="counts",
        )
        for number, (sign, style, _) in zip(counts[:3], _SIGNS, strict=True)
        if number
    ]
    return tuple(run._replace(right=True, gap=8) if not at else run for at, run in enumerate(runs))


def count_words(counts: ChangeCounts) -> str:
    """Counts of changes for those who hear them: ``1 new, 3 changed``."""
    least = "at least " if counts.more else ""
    return ", ".join(
        f"{least}{number:,} {word}"
        for number, (_, _, word) in zip(counts[:3], _SIGNS, strict=True)
        if number
    )
