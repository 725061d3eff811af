"""Since when records are wanted: a period before now, a day or a time, as somebody writes it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from inspector.errors import UsageError
from inspector.invisible import typed
from inspector.times import instant

#: How long ago is offered, the shortest first.
PERIODS: Final = ("1h", "24h", "7d", "30d")
_PERIOD: Final = "([0-9]{1,6})([mhdw])"
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_SECOND: Final = 10**9


def earliest(since: str, now: datetime | None = None) -> int | None:
    """The nanoseconds since 1970 that a ``since`` begins at; None for an empty one.

    Args:
        since: a day, a time, or a period before now: a number and m, h, d or w.
        now: the present where it is another.

    Raises:
        UsageError: it is none of them.
    """
    if not since:
        return None
    period = re.fullmatch(_PERIOD, since)
    if period is None:
        found = instant(since)
        if found is None:
            raise UsageError(
                f"{typed(since)} is not a time.",
                "Known are periods such as 30m, 24h, 7d and 2w, days such as 2026-01-25, and times"
                " such as 2026-01-25T20:38:38Z.",
            )
        return found
    before = timedelta(**{_UNITS[period[2]]: int(period[1])})
    try:
        start = (now or datetime.now(UTC)) - before
    except OverflowError:  # longer ago than any record
        return -(1 << 80)
    return int(start.timestamp()) * _SECOND
