"""Times as stores write them: read in one way, and answered as ``2026-01-25T20:38:38Z``.

The daemon writes ``2026-01-25 20:38:38`` in UTC, and from layout 11 on milliseconds with it. Other
programs in Go that use modernc.org/sqlite leave what its driver makes of a time if it is not told
otherwise: ``2026-01-25 22:38:38.5 +0200 EET m=+0.006709843``, of which what follows the offset says
nothing more. Answers are in UTC with the source's fraction.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from inspector.named_tuple import NamedTuple

_STORED: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ Tt]([0-9]{2}:[0-9]{2})"
    r"(?::([0-9]{2})(?:[.,]([0-9]+))?)?(?: ?([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)"
    # What Go's time.Time.String puts behind an offset: the zone's name, and the monotonic clock.
    r"(?: (?:[A-Za-z]{1,6}|[+-][0-9]{2,4})(?: m=[+-][0-9]+\.[0-9]+)?)?)?"
)
_DIGITS: Final = re.compile(r"([0-9]+)(?:\.([0-9]+))?")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
#: Digits of a legacy time, and how many of them are the fraction of a second.
_FRACTION_DIGITS: Final = {10: 0, 13: 3, 16: 6, 19: 9}
_MOST_HOURS: Final = 23
_MOST_MINUTES: Final = 59
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NANOSECOND_DIGITS: Final = 9
_SECOND: Final = 10**_NANOSECOND_DIGITS


class StoredTime(NamedTuple):
    """A time column's text, understood: UTC in whole seconds, and the digits of the fraction."""

    second: datetime
    fraction: str

    @property
    def time(self) -> datetime:
        """In UTC with microseconds, what is finer cut off."""
        return self.second.replace(microsecond=int(self.fraction[:6].ljust(6, "0")))

    @property
    def nanoseconds(self) -> int:
        """Since 1970, what is finer cut off."""
        since = self.second - _EPOCH
        fraction = self.fraction[:_NANOSECOND_DIGITS].ljust(_NANOSECOND_DIGITS, "0")
        return (since.days * 86_400 + since.seconds) * _SECOND + int(fraction)


def moment(text: str) -> StoredTime | None:
    """What a time column's text says, without an offset in UTC; None where it is no time."""
    found = _STORED.fullmatch(text)
    if found is None:
        return None
    day, clock, seconds, fraction, zone = found.groups()
    try:
        second = datetime.fromisoformat(f"{day}T{clock}:{seconds or '00'}+00:00")
        return StoredTime(second - _offset(zone) if zone else second, fraction or "")
    except (ValueError, OverflowError):
        return None


def instant(text: str | None) -> int | None:
    """Nanoseconds since 1970 of a stored time, to order and to place it; None where it is none.

    Understood is what :func:`moment` understands, within white space too, a day alone, and 10, 13,
    16 or 19 digits: seconds, milliseconds, microseconds, nanoseconds. They may have decimals, as a
    number has that is stored as a real one.
    """
    if not text:
        return None
    number = _DIGITS.fullmatch(text)
    if number is not None:
        digits, decimals = number[1], number[2] or ""
        places = _FRACTION_DIGITS.get(len(digits))
        if places is None:
            return None
        decimals = decimals[:_NANOSECOND_DIGITS].ljust(_NANOSECOND_DIGITS, "0")
        nanoseconds: int = int(digits + decimals) // 10**places
        return nanoseconds
    text = text.strip()
    found = moment(f"{text} 00:00" if _DAY.fullmatch(text) else text)
    return found.nanoseconds if found is not None else None


def stored_time(text: str | None) -> str | None:
    """A time column's text as an answered time; what is no time is given as it stands."""
    found = moment(text) if text else None
    if found is None:
        return text
    return f"{found.second.isoformat()[:19]}{found.fraction and f'.{found.fraction}'}Z"


def legacy_time(digits: str) -> str:
    """The time in a legacy key; other numbers of digits are given as they stand."""
    places = _FRACTION_DIGITS.get(len(digits))
    if places is None or not digits.isascii() or not digits.isdigit():
        return digits
    seconds, fraction = divmod(int(digits), 10**places)
    moment = _EPOCH + timedelta(seconds=seconds)
    shown = f".{fraction:0{places}d}" if fraction else ""
    return f"{moment.isoformat()[:19]}{shown}Z"


def _offset(zone: str) -> timedelta:
    """How far a zone is ahead of UTC.

    Raises:
        ValueError: there is no such zone.
    """
    if zone in "Zz":
        return timedelta()
    hours, minutes = int(zone[1:3]), int(zone[3:].removeprefix(":") or "0")
    if hours > _MOST_HOURS or minutes > _MOST_MINUTES:
        raise ValueError(zone)
    ahead = timedelta(hours=hours, minutes=minutes)
    return -ahead if zone[0] == "-" else ahead
