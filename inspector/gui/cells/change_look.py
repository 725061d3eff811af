"""How a difference looks, in a comparison and beside a field that has just changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from inspector.gui.style.text_runs import ADDED, CHANGED, REMOVED, RUNNING, Style
from inspector.history.difference import Change


class ChangeLook(NamedTuple):
    """Its style, its icon, and the ground of its row."""

    style: Style
    icon: str
    tint: str


CHANGE_LOOKS: Final[Mapping[Change, ChangeLook]] = {
    Change.ADDED: ChangeLook(ADDED, "new", "tint_added"),
    Change.REMOVED: ChangeLook(REMOVED, "gone", "tint_removed"),
    Change.CHANGED: ChangeLook(CHANGED, "changed", "tint_changed"),
    Change.MOVED: ChangeLook(RUNNING, "moved", "tint_span"),
}
