"""Times as stores write them, made comparable."""

from __future__ import annotations

import re
from typing import Final

from inspector.times import EPOCH, FRACTION_DIGITS, moment

_NANOSECOND_DIGITS: Final = 9
_SECOND: Final = 10**_NANOSECOND_DIGITS
_DIGITS: Final = re.compile(r"[0-9]+")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def instant(text: str | None) -> int | None:
    """Nanoseconds since 1970 of a stored time, or None where it is no time.

    Understood is what :func:`inspector.times.moment` understands, within white space too, a day
    alone, and 10, 13, 16 or 19 digits: seconds, milliseconds, microseconds, nanoseconds.
    """
    if not text:
        return None
    if _DIGITS.fullmatch(text):
        places = FRACTION_DIGITS.get(len(text))
        return None if places is None else int(text) * 10 ** (_NANOSECOND_DIGITS - places)
    text = text.strip()
    found = moment(f"{text} 00:00" if _DAY.fullmatch(text) else text)
    if found is None:
        return None
    since = found.second - EPOCH
    fraction = int(found.fraction.ljust(_NANOSECOND_DIGITS, "0")[:_NANOSECOND_DIGITS])
    return (since.days * 86_400 + since.seconds) * _SECOND + fraction
