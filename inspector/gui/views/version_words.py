"""What is said of an older version over its fields."""

from __future__ import annotations

from inspector.gui.models.versions import name_of
from inspector.gui.times import TimeStyle, parse, show, zone_name
from inspector.session.types import Version


def version_words(version: Version, style: TimeStyle, *, gone: bool) -> str:
    """Which version it is, and how it stands to the live state.

    Args:
        version: the one that is read.
        style: how times are written; where that is relative, this one is in UTC.
        gone: the record has only history.
    """
    tag = f" ({version.tag})" if version.tag else ""
    moment = parse(version.archived_at)
    time = ""
    if moment is not None:
        style = TimeStyle.UTC if style is TimeStyle.RELATIVE else style
        zone = "" if style is TimeStyle.UTC else f" {zone_name(moment, style)}"
        time = f", {show(moment, style, moment)}{zone}"
    if gone:
        state = " of a deleted record"
    else:
        state = ", same as the current state" if version.live else ", not the current state"
    # The end is cut where there is no room, and may be missed.
    return f"Viewing version {name_of(version)}{tag}{state}{time}"
