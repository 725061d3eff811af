"""Numbers that count from some moment, read as times when a person says from which."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final


class Epoch(StrEnum):
    """From when a number counts, and what; by the name it is remembered with."""

    SECONDS = "unix-s"
    MILLISECONDS = "unix-ms"
    MICROSECONDS = "unix-us"
    NANOSECONDS = "unix-ns"
    APPLE = "apple-s"
    WEBKIT = "webkit-us"

    @property
    def words(self) -> str:
        """What it counts, for people."""
        return _WORDS[self]


_WORDS: Final = {
    Epoch.SECONDS: "seconds since 1970",
    Epoch.MILLISECONDS: "milliseconds since 1970",
    Epoch.MICROSECONDS: "microseconds since 1970",
    Epoch.NANOSECONDS: "nanoseconds since 1970",
    Epoch.APPLE: "seconds since 2001 (Apple)",
    Epoch.WEBKIT: "microseconds since 1601 (WebKit)",
}
_SINCE: Final = {
    **dict.fromkeys(Epoch, datetime(1970, 1, 1, tzinfo=UTC)),
    Epoch.APPLE: datetime(2001, 1, 1, tzinfo=UTC),
    Epoch.WEBKIT: datetime(1601, 1, 1, tzinfo=UTC),
}
_NUMBER: Final = re.compile(r"(-?[0-9]{1,20})(?:\.([0-9]{1,20}))?")
#: Units of a second.
_PER_SECOND: Final = {
    Epoch.SECONDS: 1,
    Epoch.MILLISECONDS: 10**3,
    Epoch.MICROSECONDS: 10**6,
    Epoch.NANOSECONDS: 10**9,
    Epoch.APPLE: 1,
    Epoch.WEBKIT: 10**6,
}


def time_of(value: object, epoch: Epoch) -> datetime | None:
    """The time that a number stands for; None for what is no number, and outside years 1 to 9999.

    Args:
        value: as it is stored; a text of digits, as some write it, counts as a number. So does one
            with decimals: what drivers for JavaScript make of a whole number in a column of texts.
        epoch: from when it counts.
    """
    if isinstance(value, str):
        found = _NUMBER.fullmatch(value.strip())
        if found is None:
            return None
        value = float(value) if found[2] and found[2].strip("0") else int(found[1])
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        if isinstance(value, float):
            return _SINCE[epoch] + timedelta(seconds=value / _PER_SECOND[epoch])
        seconds, rest = divmod(value, _PER_SECOND[epoch])
        micros = rest * 10**6 // _PER_SECOND[epoch]
        return _SINCE[epoch] + timedelta(seconds=seconds, microseconds=micros)
    except (OverflowError, ValueError):
        return None
