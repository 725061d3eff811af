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
    parts = [f"Version {name_of(version)}", version.tag or ""]
    moment = parse(version.archived_at)
    if moment is not None:
        style = TimeStyle.UTC if style is TimeStyle.RELATIVE else style
        zone = "" if style is TimeStyle.UTC else f" {zone_name(moment, style)}"
        parts.append(show(moment, style, moment) + zone)
    if gone:
        state = "The record is gone."
    else:
        state = "The same as the live state." if version.live else "Not the live state."
    # What must not be missed stands first: the end is cut where there is no room.
    return f"{state} {', '.join(part for part in parts if part)}"
