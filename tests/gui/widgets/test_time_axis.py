"""Times on an axis: bins, lines and their words, parts of time."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.gui.style.time_format import TimeStyle
from inspector.gui.style.time_ticks import lasting, marks, micros, moment_of
from inspector.gui.widgets.time_axis import LEAST, TimeBuckets, TimeSpan, described, moments_of

NOW = datetime(2026, 11, 21, 6, tzinfo=UTC)
HOUR = 3_600_000_000

times = st.datetimes(
    datetime(2, 1, 1),
    datetime(9998, 1, 1),
    timezones=st.just(UTC),
)
spans = st.tuples(times, st.integers(1, 40).flatmap(lambda bits: st.integers(1, 2**bits)))


def stamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def made(moments: Sequence[datetime]) -> TimeBuckets:
    return moments_of(stamp(moment) for moment in moments)


@given(st.lists(times | st.just(NOW), max_size=60), st.integers(1, 500), st.data())
def test_every_version_in_sight_is_in_exactly_one_bin(
    moments: list[datetime], columns: int, data: st.DataObject
) -> None:
    found = made(moments)
    whole = found.whole()
    span = whole
    for _ in range(data.draw(st.integers(0, 3))):
        anchor = data.draw(st.integers(whole.begin, whole.end))
        span = span.zoomed(whole, data.draw(st.floats(0.01, 1000)), anchor)
    assert whole.begin <= span.begin < span.end <= whole.end
    bins = found.bins(span, columns)
    assert [one.column for one in bins] == sorted({one.column for one in bins})
    assert all(0 <= one.column < columns and one.start < one.stop for one in bins)
    binned = [index for one in bins for index in range(one.start, one.stop)]
    seen = [i for i, at in enumerate(found.times) if span.begin <= at <= span.end]
    assert binned == seen
    for one in bins:
        middle = found.times[one.start] - span.begin
        assert one.column * span.length <= middle * columns


@given(spans, st.integers(1, 20), st.sampled_from(TimeStyle))
def test_lines_are_in_order_and_within_the_axis(
    span: tuple[datetime, int], most: int, style: TimeStyle
) -> None:
    begin = micros(span[0])
    end = begin + span[1]
    found = marks(begin, end, most, style, NOW)
    places = [mark.at for mark in found]
    assert places == sorted(set(places))
    assert all(begin <= at <= end for at in places)
    # Months are of different lengths: a line more than the room is for is left to the painter.
    assert len(places) <= most * 1.2 + 2


@given(times)
def test_moments_go_to_microseconds_and_back(moment: datetime) -> None:
    assert moment_of(micros(moment)) == moment


@pytest.mark.parametrize(
    ("length", "most", "words"),
    [
        (timedelta(hours=4, minutes=30), 5, ["06:00", "07:00", "08:00", "09:00", "10:00"]),
        (timedelta(hours=24), 4, ["06:00", "12:00", "18:00", "2026-11-22", "06:00"]),
        (timedelta(days=2), 2, ["2026-11-22", "2026-11-23"]),
        (timedelta(days=70), 3, ["2026-12", "2027-01"]),
        (timedelta(seconds=2), 2, ["06:00:00", "06:00:01", "06:00:02"]),
        (timedelta(milliseconds=20), 2, ["06:00:00.000", "06:00:00.010", "06:00:00.020"]),
        (timedelta(days=1500), 5, ["2027", "2028", "2029", "2030"]),
    ],
)
def test_what_is_written_goes_by_how_much_is_seen(
    length: timedelta, most: int, words: list[str]
) -> None:
    found = marks(micros(NOW), micros(NOW + length), most, TimeStyle.UTC, NOW)
    assert [mark.words for mark in found] == words


def test_ages_are_written_while_one_unit_tells_them_apart() -> None:
    begin = micros(NOW - timedelta(hours=3))
    found = marks(begin, micros(NOW), 4, TimeStyle.RELATIVE, NOW)
    assert [mark.words for mark in found] == ["3 h ago", "2 h ago", "1 h ago", "now"]
    near = marks(begin, begin + HOUR // 60, 4, TimeStyle.RELATIVE, NOW)
    assert near[0].words == "03:00:00"


def test_spans_are_told_in_two_units() -> None:
    second = 1_000_000
    told = [0, 5, 1_500, 999_000, 59 * second, 63 * 60 * second, 25 * 3600 * second, 86400 * second]
    assert [lasting(one) for one in told] == [
        "0 s", "less than 1 ms", "1 ms", "999 ms", "59 s", "1 h 3 min", "1 d 1 h", "1 d",
    ]  # fmt: skip


def test_times_that_are_none_are_left_out_and_counted() -> None:
    found = moments_of(["2026-01-01T00:00:02Z", None, "yesterday", "2026-01-01T00:00:01Z"], 1)
    assert list(found.rows) == [4, 1]
    assert [found.index_of(row) for row in range(6)] == [-1, 1, -1, -1, 0, -1]
    assert found.missing == 2
    assert "2 versions have no time and are left out." in described(found, TimeStyle.UTC)


def test_the_nearest_of_several_at_one_time_is_the_newest() -> None:
    moments = [NOW + timedelta(hours=3), NOW, NOW]
    found = made(moments)
    assert found.rows[found.nearest(micros(NOW) + 1)] == 1
    assert found.rows[found.nearest(micros(NOW) - 5)] == 1
    assert found.rows[found.nearest(micros(NOW) + 2 * HOUR)] == 0


def test_versions_at_one_time_are_no_axis_and_no_error() -> None:
    found = made([NOW] * 5)
    assert not found.is_worth_drawing()
    assert found.whole().length == LEAST
    assert [one.stop - one.start for one in found.bins(found.whole(), 100)] == [5]
    assert described(found, TimeStyle.UTC) == "5 versions, 2026-11-21 06:00:00 UTC."


def test_a_part_stays_within_the_whole() -> None:
    whole = TimeSpan(0, 100 * HOUR)
    part = whole.zoomed(whole, 10, 95 * HOUR)
    assert part.begin <= 95 * HOUR <= part.end
    assert part.moved(whole, 10**18).end == whole.end
    assert part.moved(whole, -(10**18)).begin == whole.begin
    assert part.around(whole, 5 * HOUR).begin <= 5 * HOUR <= part.around(whole, 5 * HOUR).end
    assert part.zoomed(whole, 0.01, 95 * HOUR) == whole


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of this system cannot be set")
def test_local_days_begin_at_midnight_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    begin = micros(datetime(2026, 3, 7, tzinfo=UTC))
    found = marks(begin, begin + 72 * HOUR, 3, TimeStyle.LOCAL, NOW)
    monkeypatch.undo()
    time.tzset()
    assert [mark.words for mark in found] == ["2026-03-07", "2026-03-08", "2026-03-09"]
    # The clock goes forward on the 8th, whose hours are 23.
    assert [(mark.at - begin) // HOUR for mark in found] == [5, 29, 52]
