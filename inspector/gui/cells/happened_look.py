"""How what happened to a record looks, beside its row and in the list of changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from inspector.gui.style.text_runs import ADDED, CHANGED, REMOVED, RUNNING, Style
from inspector.session.changed import Happened


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
