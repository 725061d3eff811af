"""Times as stores write them, made comparable."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

_SECOND: Final = 1_000_000_000
#: Number of digits of a legacy time, and the nanoseconds that its last digit stands for.
_UNITS: Final = {10: _SECOND, 13: 1_000_000, 16: 1_000, 19: 1}
_DIGITS: Final = re.compile(r"[0-9]+")
_ISO: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]+))?)?"
    r"(?: ?([Zz]|[+-][0-9]{2}:?[0-9]{2}))?)?"
)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def instant(text: str | None) -> int | None:
    """Nanoseconds since 1970 of a stored time, or None where it is no time.

    Understood are ``YYYY-MM-DD HH:MM:SS``, ISO 8601 with or without zone (UTC without), and 10,
    13, 16 or 19 digits: seconds, milliseconds, microseconds, nanoseconds.
    """
    if not text:
        return None
    if _DIGITS.fullmatch(text):
        unit = _UNITS.get(len(text))
        return None if unit is None else int(text) * unit
    match = _ISO.fullmatch(text.strip())
    return None if match is None else _iso(match)


def _iso(match: re.Match[str]) -> int | None:
    fields = [int(part or 0) for part in match.group(1, 2, 3, 4, 5, 6)]
    try:
        moment = datetime(*fields, tzinfo=UTC)  # type: ignore[arg-type, misc]
    except ValueError:
        return None
    since = moment - _EPOCH - _offset(match.group(8))
    fraction = int(((match.group(7) or "") + "0" * 9)[:9])
    return (since.days * 86_400 + since.seconds) * _SECOND + fraction


def _offset(zone: str | None) -> timedelta:
    if zone is None or zone in "Zz":
        return timedelta()
    minutes = int(zone[1:3]) * 60 + int(zone[-2:])
    return timedelta(minutes=-minutes if zone[0] == "-" else minutes)
