"""The time axis over a timeline: bursts and gaps, zoom, its marks, what it says in words."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from inspector.gui.models.moment_words import described
from inspector.gui.models.moments import LEAST, Moments, Span, moments_of
from inspector.gui.models.ticks import lasting, marks, micros, moment_of
from inspector.gui.theme import Theme
from inspector.gui.times import TimeStyle
from inspector.gui.views.time_axis import TimeAxis
from tests.builders import layouts
from tests.builders.layouts import Arc, Rec
from tests.cli.made import blobs
from tests.gui.windows import Driver
from tests.places import REAL

STORE = REAL / "v2-clean" / "stigmer.db"
SKILL = "skill/check-review-0"
NOW = datetime(2026, 11, 21, 6, tzinfo=UTC)
HOUR = 3_600_000_000
Opens = Callable[[Path, str], Driver]

times = st.datetimes(
    datetime(2, 1, 1),
    datetime(9998, 1, 1),
    timezones=st.just(UTC),
)
spans = st.tuples(times, st.integers(1, 40).flatmap(lambda bits: st.integers(1, 2**bits)))


def stamp(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def made(moments: Sequence[datetime]) -> Moments:
    return moments_of(stamp(moment) for moment in moments)


# Without a window


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
    whole = Span(0, 100 * HOUR)
    part = whole.zoomed(whole, 10, 95 * HOUR)
    assert part.begin <= 95 * HOUR <= part.end
    assert part.moved(whole, 10**18).end == whole.end
    assert part.moved(whole, -(10**18)).begin == whole.begin
    assert part.around(whole, 5 * HOUR).begin <= 5 * HOUR <= part.around(whole, 5 * HOUR).end
    assert part.zoomed(whole, 0.01, 95 * HOUR) == whole


# In the window


@pytest.fixture
def opens(qtbot: QtBot, theme: Theme) -> Iterator[Opens]:
    """Opens the history of a record of a store in a window that is closed in the end."""
    driver = Driver(qtbot)

    def open_(path: Path, select: str) -> Driver:
        driver.window.resize(1440, 900)
        driver.open(path, select)
        driver.press("history")
        driver.wait(lambda: driver.window.record.history.versions.rowCount() > 0)
        return driver

    yield open_
    driver.window.close()


def axis(driver: Driver) -> TimeAxis:
    return driver.window.record.history.axis


def row(driver: Driver) -> int:
    return driver.window.record.history.table.current_row()


def place(driver: Driver, of_row: int) -> QPoint:
    """Where the version of a row stands on the axis."""
    own = axis(driver)
    at = own.moments.times[own.moments.index_of(of_row)]
    return QPoint(own.scale().x(at), own.height() // 3)


def burst(tmp_path: Path, stamps: Sequence[str | None]) -> Path:
    """A store with a skill whose versions have these times, oldest first."""
    blob = blobs("skill", "resource_audit")[0]
    rows = [Arc("skill", "skl-1", blob, archived_at=each or "never") for each in stamps]
    return layouts.v2(tmp_path / "stigmer.db", [Rec("skill", "skl-1", blob)], rows)


def test_a_click_selects_the_nearest_version_and_scrolls_to_it(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    last = driver.window.record.history.versions.rowCount() - 1
    assert last not in driver.window.record.history.in_sight()
    QTest.mouseClick(axis(driver), Qt.MouseButton.LeftButton, pos=place(driver, last))
    assert row(driver) == last
    assert last in driver.window.record.history.in_sight()


def test_selecting_a_row_moves_the_mark(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    own = axis(driver)
    driver.window.record.history.table.selectRow(20)
    before = own.grab().toImage()
    driver.window.record.history.table.selectRow(2)
    after = own.grab().toImage()
    assert before != after
    inks = [image.pixelColor(place(driver, 20)) for image in (before, after)]
    assert inks[0] != inks[1]


def test_left_and_right_go_from_version_to_version(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    own = axis(driver)
    own.setFocus()
    QTest.keyClick(own, Qt.Key.Key_Left)
    assert row(driver) == 1
    QTest.keyClick(own, Qt.Key.Key_Left)
    assert row(driver) == 2
    QTest.keyClick(own, Qt.Key.Key_Right)
    assert row(driver) == 1
    for _ in range(5):
        QTest.keyClick(own, Qt.Key.Key_Right)
    assert row(driver) == 0


def test_keys_zoom_and_show_all_again(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    own = axis(driver)
    driver.window.record.history.table.selectRow(10)
    own.setFocus()
    whole = own.span
    QTest.keyClick(own, Qt.Key.Key_Plus)
    QTest.keyClick(own, Qt.Key.Key_Plus)
    assert own.span.length == pytest.approx(whole.length / 4, rel=0.01)
    at = own.moments.times[own.moments.index_of(10)]
    assert own.span.begin <= at <= own.span.end
    QTest.keyClick(own, Qt.Key.Key_Minus)
    assert own.span.length == pytest.approx(whole.length / 2, rel=0.01)
    for key in (Qt.Key.Key_0, Qt.Key.Key_Home):
        QTest.keyClick(own, Qt.Key.Key_Plus)
        assert own.is_zoomed()
        QTest.keyClick(own, key)
        assert own.span == whole


def test_the_menu_zooms_where_there_is_an_axis(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    actions = driver.window.actions_
    assert not actions["axis_out"].isEnabled()
    driver.press("axis_in")
    assert axis(driver).is_zoomed()
    driver.press("axis_out")
    assert not axis(driver).is_zoomed()
    driver.press("axis_in")
    driver.press("axis_all")
    assert not axis(driver).is_zoomed()


def wheel(driver: Driver, at: QPoint, turned: QPoint) -> None:
    own = axis(driver)
    event = QWheelEvent(
        QPointF(at), QPointF(own.mapToGlobal(at)), QPoint(), turned, Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(own, event)


def test_the_wheel_zooms_where_the_pointer_is(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    own = axis(driver)
    at = place(driver, 12)
    time = own.scale().time(at.x())
    wheel(driver, at, QPoint(0, 240))
    assert own.is_zoomed()
    assert own.scale().time(at.x()) == pytest.approx(time, abs=own.span.length / 100)
    begin = own.span.begin
    wheel(driver, at, QPoint(240, 0))
    assert own.span.begin < begin
    wheel(driver, at, QPoint(0, -1200))
    assert not own.is_zoomed()


def test_a_drag_moves_what_is_seen_and_selects_nothing(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    own = axis(driver)
    own.zoom(4)
    before, chosen = own.span, row(driver)
    left = Qt.MouseButton.LeftButton
    middle = own.rect().center()
    QTest.mousePress(own, left, pos=middle)
    QTest.mouseMove(own, middle + QPoint(100, 0))
    QTest.mouseRelease(own, left, pos=middle + QPoint(100, 0))
    assert own.span.begin < before.begin
    assert own.span.length == before.length
    assert row(driver) == chosen
    QTest.mouseDClick(own, left, pos=middle)
    assert not own.is_zoomed()


def test_a_version_beyond_what_is_seen_is_brought_into_it(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    own = axis(driver)
    own.zoom(8)
    last = driver.window.record.history.versions.rowCount() - 1
    driver.window.record.history.table.selectRow(last)
    assert own.is_zoomed()
    assert own.span.begin <= own.moments.times[own.moments.index_of(last)] <= own.span.end


def test_words_say_what_is_drawn(opens: Opens, tmp_path: Path) -> None:
    path = burst(
        tmp_path,
        ["2026-01-01 10:00:00", None, "2026-01-01 10:00:00", "2026-01-01 10:05:00",
         "2026-01-01 11:08:00"],
    )  # fmt: skip
    driver = opens(path, "skill/skl-1")
    own = axis(driver)
    said = own.accessibleDescription()
    assert said.startswith("4 versions, from 2026-01-01 10:00:00 to 2026-01-01 11:08:00 UTC")
    assert "longest gap 1 h 3 min" in said
    assert "1 version has no time and is left out." in said
    at = own.scale().x(own.moments.times[0])
    assert own.told_at(at).startswith("2 versions, 2026-01-01 10:00:00 UTC")
    assert "No version for 1 h 3 min" in own.told_at(own.width() // 2)
    assert "It is the longest gap." in own.told_at(own.width() // 2)
    event = QHelpEvent(QEvent.Type.ToolTip, QPoint(at, 10), own.mapToGlobal(QPoint(at, 10)))
    QApplication.sendEvent(own, event)
    assert "2 versions" in QToolTip.text()
    QToolTip.hideText()
    driver.press("local")
    assert own.accessibleDescription().startswith("4 versions, from ")


def test_few_versions_have_no_axis(opens: Opens, tmp_path: Path) -> None:
    path = burst(tmp_path, ["2026-01-01 10:00:00", "2026-01-01 10:00:05"])
    driver = opens(path, "skill/skl-1")
    assert axis(driver).isHidden()
    assert not driver.window.actions_["axis_in"].isEnabled()


def test_of_many_versions_a_bar_is_drawn_for_a_column(opens: Opens, tmp_path: Path) -> None:
    first = datetime(2026, 1, 1, tzinfo=UTC)
    stamps = [
        (first + timedelta(minutes=number + (10_000 if number > 5_000 else 0))).strftime(
            "%Y-%m-%d %H:%M:%S"
        )
        for number in range(10_000)
    ]
    driver = opens(burst(tmp_path, stamps), "skill/skl-1")
    own = axis(driver)
    bins = own.bins()
    assert sum(one.stop - one.start for one in bins) == 10_000
    assert len(bins) < own.width()
    assert "longest gap 6 d 22 h" in own.accessibleDescription()
    gap = [one.column for one in bins]
    assert max(b - a for a, b in pairwise(gap)) > len(bins) // 4
    table = driver.window.record.history.table
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    driver.wait(lambda: 9_999 in driver.window.record.history.in_sight())
    own.zoom(1e9)
    assert sum(one.stop - one.start for one in own.bins()) == 1


def test_the_part_that_is_seen_stays_when_versions_are_added(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    history, own = driver.window.record.history, axis(driver)
    versions = history.versions.versions
    history.show_versions(versions[5:], None)
    own.zoom(4)
    span = own.span
    history.show_versions(versions, None)
    assert own.span.length == span.length
    history.show_versions((), None)
    assert own.isHidden()
    history.show_versions(versions, None)
    assert not own.is_zoomed()


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
