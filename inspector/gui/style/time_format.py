"""Times as a person reads them: UTC, local, or how long ago."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Final

from inspector.times import moment as stored_moment

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class TimeStyle(Enum):
    """How times are written; the value is what the switch in the status line says."""

    UTC = "UTC"
    LOCAL = "Local"
    RELATIVE = "Relative"

    def next(self) -> TimeStyle:
        """The style the switch goes to from this one."""
        styles = list(TimeStyle)
        return styles[(styles.index(self) + 1) % len(styles)]


def parse(stamp: str | None) -> datetime | None:
    """A time of the store or of a text field; None for what is no time.

    A stamp without an offset is UTC, as SQLite's are.
    """
    found = stored_moment(stamp) if stamp else None
    return found.time if found is not None else None


def from_seconds(seconds: int, nanos: int) -> datetime | None:
    """The time of a google.protobuf.Timestamp; None outside the years 1 to 9999."""
    try:
        return _EPOCH + timedelta(seconds=seconds, microseconds=nanos // 1000)
    except OverflowError:
        return None


def show(moment: datetime, style: TimeStyle, now: datetime, *, fine: bool = False) -> str:
    """A time as text.

    Args:
        moment: what is shown.
        style: which way.
        now: what a relative time counts from.
        fine: with milliseconds.
    """
    if style is TimeStyle.RELATIVE:
        return ago(now - moment)
    there = moment if style is TimeStyle.UTC else _local(moment)
    text = there.strftime("%Y-%m-%d %H:%M:%S")
    text = text.rjust(19, "0")
    return f"{text}.{there.microsecond // 1000:03}" if fine and there.microsecond else text


def zone_name(moment: datetime, style: TimeStyle) -> str:
    """The offset that goes with a time: ``UTC``, ``+02:00``, or nothing for a relative one."""
    if style is TimeStyle.UTC:
        return "UTC"
    if style is TimeStyle.RELATIVE:
        return ""
    text = _local(moment).strftime("%z")
    return f"{text[:3]}:{text[3:5]}"


def head_name(title: str, style: TimeStyle) -> str:
    """The head of a column of times."""
    return title if style is TimeStyle.RELATIVE else f"{title} ({style.value})"


def ago(span: timedelta) -> str:
    """A span as one number and one unit, whole and rounded down."""
    seconds = int(abs(span).total_seconds())
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        if seconds >= size:
            words = f"{seconds // size:,} {unit}"
            return f"{words} ago" if span > timedelta() else f"in {words}"
    return "now"


def tip(moment: datetime) -> str:
    """A time in UTC and in local time, for a tooltip."""
    utc = show(moment, TimeStyle.UTC, moment, fine=True)
    local = show(moment, TimeStyle.LOCAL, moment, fine=True)
    return f"{utc} UTC\n{local} {zone_name(moment, TimeStyle.LOCAL)} local"


def _local(moment: datetime) -> datetime:
    try:
        return moment.astimezone()
    except (OverflowError, OSError, ValueError):
        return moment
