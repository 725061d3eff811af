"""Times as they are answered: ``2026-01-25T20:38:38Z``, UTC, with the source's fraction."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

_STORED: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ Tt]([0-9]{2}:[0-9]{2})"
    r"(?::([0-9]{2})(?:[.,]([0-9]+))?)?(?: ?([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?))?"
)
#: Digits of a legacy time, and how many of them are the fraction of a second.
FRACTION_DIGITS: Final = {10: 0, 13: 3, 16: 6, 19: 9}
_MOST_HOURS: Final = 23
_MOST_MINUTES: Final = 59
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Moment(NamedTuple):
    """A time column's text, understood: UTC in whole seconds, and the digits of the fraction."""

    second: datetime
    fraction: str


def moment(text: str) -> Moment | None:
    """What a time column's text says; None where it is no time."""
    found = _STORED.fullmatch(text)
    if found is None:
        return None
    day, clock, seconds, fraction, zone = found.groups()
    try:
        second = datetime.fromisoformat(f"{day}T{clock}:{seconds or '00'}+00:00")
        return Moment(second - _offset(zone) if zone else second, fraction or "")
    except (ValueError, OverflowError):
        return None


def stored_time(text: str | None) -> str | None:
    """A time column's text as an answered time; what is no time is given as it stands."""
    found = moment(text) if text else None
    if found is None:
        return text
    return f"{found.second.isoformat()[:19]}{found.fraction and f'.{found.fraction}'}Z"


def legacy_time(digits: str) -> str:
    """The time in a legacy key; other numbers of digits are given as they stand."""
    places = FRACTION_DIGITS.get(len(digits))
    if places is None or not digits.isascii() or not digits.isdigit():
        return digits
    seconds, fraction = divmod(int(digits), 10**places)
    moment = EPOCH + timedelta(seconds=seconds)
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
