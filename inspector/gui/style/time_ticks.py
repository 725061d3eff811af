"""Where the lines of a time axis stand and what is written at them.

An axis that begins with what it shows counts from its beginning (:func:`ticks`); one that shows a
part of the calendar has its lines at round times of the day, the month or the year (:func:`marks`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from inspector.gui.style.time_format import TimeStyle, ago
from inspector.named_tuple import NamedTuple

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO: Final = timedelta(microseconds=1)
_SECOND: Final = 1_000_000  #: microseconds
_MINUTE: Final = 60 * _SECOND
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
_MONTH: Final = 30 * _DAY  #: about
_SECONDS: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 86400)
_MOST_TICKS: Final = 8


class AxisStep(NamedTuple):
    """From one line to the next: so many microseconds, or so many months."""

    micros: int = 0
    months: int = 0

    @property
    def length(self) -> int:
        """In microseconds, of months about."""
        return self.micros or self.months * _MONTH


_FRACTIONS: Final = tuple(n * 10**power for power in range(6) for n in (1, 2, 5))
_CLOCK: Final = (*(AxisStep(n) for n in _FRACTIONS), *(AxisStep(n * _SECOND) for n in _SECONDS))
_STEPS: Final = (
    *_CLOCK,
    *(AxisStep(n * _DAY) for n in (2, 7)),
    *(AxisStep(months=n) for n in (1, 3, 6)),
    *(AxisStep(months=12 * n * 10**power) for power in range(4) for n in (1, 2, 5)),
)
_AGES: Final = (
    *_CLOCK,
    *(AxisStep(n * _DAY * 10**power) for power in range(7) for n in (1, 2, 5)),
)


def ticks(length: int) -> list[int]:
    """Where the lines of an axis stand, in nanoseconds from its beginning."""
    second = 1_000 * _SECOND
    step = next((n for n in _SECONDS if length / second / n <= _MOST_TICKS), 0)
    if not step:
        step = 86400 * (int(length / second / _MOST_TICKS / 86400) + 1)
    return list(range(0, length + 1, step * second))


def micros(moment: datetime) -> int:
    """A time as microseconds since 1970."""
    return (moment - _EPOCH) // _MICRO


def moment_of(at: int) -> datetime:
    """The time of microseconds since 1970, which has to be one of the years 1 to 9999."""
    return _EPOCH + at * _MICRO


class AxisMark(NamedTuple):
    """A line of an axis: when, in microseconds since 1970, and what is written there."""

    at: int
    words: str


def marks(begin: int, end: int, most: int, style: TimeStyle, now: datetime) -> list[AxisMark]:
    """The lines of a part of the calendar, in their order, all of them within it.

    Ages are written where one unit tells the lines apart, else the clock, in UTC.

    Args:
        begin: in microseconds since 1970.
        end: is not before it.
        most: how many lines there may be.
        style: how times are written.
        now: what ages count from.
    """
    if style is TimeStyle.RELATIVE:
        step = _step(_AGES, end - begin, most)
        oldest = abs(micros(now) - begin)
        unit = next((one for one in (_DAY, _HOUR, _MINUTE) if oldest >= one), _SECOND)
        if step.length >= unit:
            return list(_ages(begin, end, step, now))
    local = style is TimeStyle.LOCAL
    step = _step(_STEPS, end - begin, most)
    places = (_days if step.length >= _DAY else _round)(begin, end, step, local=local)
    return [
        AxisMark(at, _words(_wall(at, local=local), step)) for at in places if begin <= at <= end
    ]


def lasting(length: int) -> str:
    """How long a span of microseconds is, in its two largest units."""
    units = ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min"), (_SECOND, "s"), (1_000, "ms"))
    for index, (size, unit) in enumerate(units):
        if length < size:
            continue
        words = f"{length // size:,} {unit}"
        below = units[index + 1 : index + 2]
        rest = length % size // below[0][0] if below else 0
        return f"{words} {rest} {below[0][1]}" if rest and size > _SECOND else words
    return "less than 1 ms" if length else "0 s"


def _step(steps: tuple[AxisStep, ...], length: int, most: int) -> AxisStep:
    return next((one for one in steps if length <= one.length * max(1, most)), steps[-1])


def _ages(begin: int, end: int, step: AxisStep, now: datetime) -> Iterator[AxisMark]:
    here = micros(now)
    for count in range((here - begin) // step.micros, -((end - here) // step.micros) - 1, -1):
        yield AxisMark(here - count * step.micros, ago(timedelta(microseconds=count * step.micros)))


def _round(begin: int, end: int, step: AxisStep, *, local: bool) -> Iterator[int]:
    """Round times of the clock; how far it is ahead of UTC is asked once."""
    offset = _wall(begin, local=local).utcoffset() or timedelta()
    shift = offset // _MICRO
    yield from range(-(-(begin + shift) // step.micros) * step.micros - shift, end + 1, step.micros)


def _days(begin: int, end: int, step: AxisStep, *, local: bool) -> Iterator[int]:
    """Midnights, of every so many days or of the first of every so many months."""
    first, last = _wall(begin, local=local), _wall(end, local=local)
    if step.months:
        month = max(12, -(-(first.year * 12 + first.month - 1) // step.months) * step.months)
        for each in range(month, last.year * 12 + last.month, step.months):
            yield _midnight(datetime(each // 12, each % 12 + 1, 1), local=local)
        return
    # The first day of all was a Monday: so are those of weeks.
    days = step.micros // _DAY
    ordinal = -(-(first.toordinal() - 1) // days) * days + 1
    for each in range(ordinal, last.toordinal() + 1, days):
        yield _midnight(datetime.fromordinal(each), local=local)


def _midnight(day: datetime, *, local: bool) -> int:
    try:
        return micros(day.astimezone(UTC) if local else day.replace(tzinfo=UTC))
    except (OverflowError, OSError, ValueError):
        return micros(day.replace(tzinfo=UTC))


def _wall(at: int, *, local: bool) -> datetime:
    moment = moment_of(at)
    try:
        return moment.astimezone() if local else moment
    except (OverflowError, OSError, ValueError):
        return moment


def _words(there: datetime, step: AxisStep) -> str:
    if step.months:
        return f"{there.year:04}" if step.months >= 12 else f"{there.year:04}-{there.month:02}"
    day = f"{there.year:04}-{there.month:02}-{there.day:02}"
    midnight = not (there.hour or there.minute or there.second or there.microsecond)
    if midnight or step.micros >= _DAY:
        return day
    if step.micros >= _MINUTE:
        return f"{there:%H:%M}"
    if step.micros >= _SECOND:
        return f"{there:%H:%M:%S}"
    digits = 3 if step.micros >= 1_000 else 6
    return f"{there:%H:%M:%S}.{f'{there.microsecond:06}'[:digits]}"
