"""The time axis over a timeline: bursts and gaps, zoom, its marks, what it says in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from inspector.gui.widgets.time_axis import LEAST
from inspector.gui.widgets.time_axis_view import TimeAxis
from tests.builders import layouts
from tests.builders.layouts import Arc, Rec
from tests.cli.made import blobs
from tests.gui.histories import SKILL, STORE, Opens
from tests.gui.windows import Driver


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
    # Until the first window of a process has its size, all rows are in sight.
    driver.wait(lambda: last not in driver.window.record.history.in_sight())
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


GAP = ["2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z", "2026-01-25T20:38:38Z"]


def test_it_is_never_zoomed_until_nothing_is_left(opens: Opens, tmp_path: Path) -> None:
    driver = opens(burst(tmp_path, GAP), "skill/skl-1")
    own = axis(driver)
    whole = own.span
    for _ in range(60):
        before = own.span
        wheel(driver, own.rect().center(), QPoint(0, 120))
        assert own.bins()
        assert own.span.length < before.length or before.length == LEAST
        assert whole.begin <= own.span.begin < own.span.end <= whole.end
    wheel(driver, own.rect().center(), QPoint(0, -12_000))
    assert not own.is_zoomed()


@pytest.mark.parametrize("chosen", [0, 2])
def test_keys_zoom_in_on_a_version(opens: Opens, tmp_path: Path, chosen: int) -> None:
    driver = opens(burst(tmp_path, GAP), "skill/skl-1")
    own = axis(driver)
    driver.window.record.history.table.selectRow(chosen)
    own.setFocus()
    QTest.keyClick(own, Qt.Key.Key_Plus)
    # The selected one is out of sight: what is in the middle of the rest is zoomed at.
    own.show_all()
    wheel(driver, QPoint(own.width() - 20 if chosen else 20, 5), QPoint(0, 1200))
    length = own.span.length
    for _ in range(60):
        QTest.keyClick(own, Qt.Key.Key_Plus)
        assert own.bins()
    assert own.span.length < length


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
