"""Searching everything in the real window: hits as they come, and the way to each of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from inspector.gui.app.application import Application
from inspector.gui.cells.cell_delegate import TwoLines
from inspector.gui.fields.field_items import path_of
from inspector.gui.kinds.kinds_model import EntryType
from inspector.gui.search import search_controller
from inspector.gui.style.text_runs import CELL_ROLE, FOUND
from inspector.gui.widgets.buttons import IconButton
from inspector.session.session import Session
from inspector.session.store_search import SearchHit, StoreSearch
from inspector.store.rows import Cancel
from tests.builders import events, layouts
from tests.builders.events import OfExecution, execution_event
from tests.builders.layouts import Arc, Rec
from tests.cli.made import v2
from tests.gui.builders import data
from tests.gui.searched import pane, search, spoken
from tests.gui.windows import Driver


def _named(name: str, slug: str) -> bytes:
    return data(3, data(1, name) + data(2, slug))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return v2(
        tmp_path,
        Rec("agent", "agt-1", _named("First", "a-needle-lies-here")),
        Rec("agent", "agt-2", _named("Needle work", "the-other-needle")),
        Rec("session", "ses-1", _named("About it", "nothing")),
        Arc("agent", "agt-2", _named("Older needle", "old")),
        Arc("skill", "skl-1", _named("needle", "gone")),
    )


@pytest.fixture
def opened(driver: Driver, path: Path) -> Driver:
    return driver.open(path)


def test_of_a_file_of_another_program_its_tables_are_said_not_to_be_searched(
    driver: Driver, tmp_path: Path
) -> None:
    path = tmp_path / "notes.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE notes(body TEXT)")
        connection.execute("INSERT INTO notes VALUES('a needle')")
    driver.window.open(lambda: Session.open(path), str(path))
    driver.window.show()
    driver.wait(lambda: driver.window.facts is not None)
    found = search(driver, "needle")
    assert found.found.text() == "0 hits."
    assert found.covered.text() == (
        "This is not a Stigmer store, and its tables are not searched here. "
        "Choose a table to filter it."
    )
    assert not found.values.isVisible()


def test_hits_are_grouped_by_kind_and_record_and_what_was_covered_is_said(opened: Driver) -> None:
    found = search(opened, "needle")
    assert spoken(found) == [
        "Kind Agent",
        "Record First",
        "a-needle-lies-here, metadata.slug",
        "Record Needle work",
        "Needle work, metadata.name",
        "the-other-needle, metadata.slug",
    ]
    assert found.found.text() == "3 hits in 2 records."
    assert found.covered.text() == (
        "Searched 3 records; their history and events were not searched. Secrets are left out."
    )
    entry = opened.window.kinds.entry()
    assert entry is not None
    assert (entry.type, entry.count) == (EntryType.SEARCH, 3)
    assert opened.window.windowTitle().startswith("Search results")
    cell = found.hits.index(2, 0).data(CELL_ROLE)
    assert isinstance(cell, TwoLines)
    [match] = [run for run in cell.second if run.style == FOUND]
    assert match.text == "needle"


def test_the_search_is_begun_by_a_button_that_is_in_sight(opened: Driver) -> None:
    [button] = [
        one
        for one in opened.window.left.findChildren(IconButton)
        if one.defaultAction() is opened.window.actions_["search"]
    ]
    opened.wait(button.isEnabled)
    assert button.isVisible()
    assert button.accessibleName() == "Search everything"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    opened.wait(pane(opened).filter.hasFocus)


def test_enter_goes_to_the_first_hit_of_what_was_searched(opened: Driver) -> None:
    found = search(opened, "needle")
    assert found.filter.hasFocus()
    QTest.keyClick(found.filter, Qt.Key.Key_Return)
    opened.wait(found.table.hasFocus)
    opened.reach("agent", "agt-1")
    # Another text is searched first.
    opened.press("search")
    QTest.keyClicks(found.filter, "other")
    QTest.keyClick(found.filter, Qt.Key.Key_Return)
    opened.wait(lambda: found.found.text() == "1 hit in 1 record.")
    assert found.filter.hasFocus()


def test_beside_hits_it_is_said_what_the_record_is_read_with(opened: Driver) -> None:
    status = opened.window.status
    read_with = status.schema.text()
    assert read_with.startswith("Schema ")
    found = search(opened, "work")
    assert status.schema.text() == read_with
    # Hits of one record, one after the other.
    QTest.keyClick(found.filter, Qt.Key.Key_Down)
    opened.reach("agent", "agt-2")
    assert status.schema.text() == read_with


def test_case_and_history_search_anew(opened: Driver) -> None:
    found = search(opened, "needle")
    found.case.click()
    opened.wait(lambda: found.found.text() == "2 hits in 2 records.")
    found.history.click()
    opened.wait(lambda: found.found.text() == "4 hits in 4 records and versions.")
    assert "Record Older needle, version audit:1" in spoken(found)
    assert "Searched 3 records, 2 versions; their events were not" in found.covered.text()
    found.events.click()
    opened.wait(lambda: "Searched 3 records, 2 versions, 0 events. " in found.covered.text())


def test_a_chosen_hit_opens_the_record_at_the_field_with_the_match_marked(opened: Driver) -> None:
    found = search(opened, "needle")
    QTest.keyClick(found.filter, Qt.Key.Key_Down)
    opened.reach("agent", "agt-1")
    record = opened.window.record
    opened.wait(lambda: record.tree.current() is not None)
    opened.wait(lambda: record.tree.fields.look.found is not None)
    item = record.tree.current()
    assert item is not None
    assert path_of(item) == "metadata.slug"
    assert found.table.hasFocus()
    # Another place of the same kind of records, and then a version.
    QTest.keyClick(found.table, Qt.Key.Key_Down)
    opened.reach("agent", "agt-2")
    opened.wait(lambda: path_of(record.tree.current()) == "metadata.name")  # type: ignore[arg-type]
    QTest.keyClick(found.table, Qt.Key.Key_Return)
    opened.wait(record.tree.hasFocus)
    # The list of hits is still there.
    assert found.isVisible()


def test_the_match_is_marked_in_the_json(opened: Driver) -> None:
    found = search(opened, "needle")
    opened.press("json")
    found.focus()
    opened.reach("agent", "agt-1")
    view = opened.window.record.json.view
    opened.wait(lambda: len(view.marks.hits.starts) == 1)
    start = view.marks.hits.starts[0]
    assert view.text()[start : start + 6] == "needle"
    # A record that is reached in another way has nothing marked.
    opened.window.kinds.choose(EntryType.KIND, "session")
    opened.reach("session", "ses-1")
    opened.wait(lambda: opened.window.record.tree.fields.look.found is None)
    opened.wait(opened.window.tasks.is_idle)
    assert not view.marks.hits.starts


def test_the_match_is_marked_in_the_bytes_of_its_field(opened: Driver) -> None:
    found = search(opened, "needle")
    opened.press("bytes")
    found.focus()
    opened.reach("agent", "agt-1")
    view = opened.window.record.bytes.view
    opened.wait(lambda: bool(view.marks.found))
    [(start, end)] = view.marks.found
    assert view.data[start:end] == b"needle"
    [(first, last)] = view.marks.value
    assert first < start < end < last
    assert view.cursor_at() == start
    # A record that is reached in another way has nothing marked.
    opened.window.kinds.choose(EntryType.KIND, "session")
    opened.reach("session", "ses-1")
    opened.choose("metadata.name")
    opened.wait(opened.window.tasks.is_idle)
    assert not view.marks.found


@pytest.fixture
def with_events(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        layouts.put(connection, [Rec("workflow_execution", f"wex-{at}", b"") for at in (1, 2)])
        connection.commit()
    tasks = ["first", "second needle", "third", "a needle again"]
    rows = [
        OfExecution("wex-2", at, data=execution_event("wex-2", at, task))
        for at, task in enumerate(tasks, 5)
    ]
    return events.add(path, events.EXECUTION_EVENTS, rows)


def test_an_event_is_opened_at_the_field_with_the_match_marked(
    driver: Driver, with_events: Path
) -> None:
    driver.open(with_events)
    found = search(driver, "needle")
    assert not [words for words in spoken(found) if "event" in words]
    found.events.click()
    driver.wait(lambda: "5 hits in 4 records and events." in found.found.text())
    assert "Searched 5 records, 4 events; their history" in found.covered.text()
    said = spoken(found)
    at = said.index("Record wex-2, event 6")
    assert said[at + 1] == "second needle, task_name"
    found.table.selectRow(at + 1)
    driver.reach("workflow_execution", "wex-2")
    view = driver.window.record.events

    def shows(name: str) -> bool:
        return view.stored is not None and view.stored.name == name

    def has_mark() -> bool:
        return view.area is not None and view.area.views.tree.fields.look.found is not None

    for row, name in ((1, "6"), (3, "8")):
        driver.wait(partial(shows, name))
        assert view.row() == row
        driver.wait(has_mark)
        area = view.area
        assert area is not None
        item = area.views.tree.current()
        assert item is not None
        assert path_of(item) == "task_name"
        # The next one, of the same record.
        found.table.selectRow(at + 3)
    # An event that is reached in another way has nothing marked.
    view.table.selectRow(0)
    driver.wait(partial(shows, "5"))
    driver.wait(lambda: not has_mark())
    # And a record from there.
    found.table.selectRow(2)
    driver.reach("agent", "agt-1")
    driver.wait(lambda: driver.window.record.tree.fields.look.found is not None)
    assert driver.window.record.tabs.current() == "fields"


def test_the_tab_stays_where_a_record_is_reached_in_another_way(opened: Driver) -> None:
    search(opened, "needle").focus()
    opened.reach("agent", "agt-1")
    opened.wait(lambda: opened.window.record.tree.fields.look.found is not None)
    opened.press("history")
    opened.window.kinds.choose(EntryType.KIND, "session")
    opened.reach("session", "ses-1")
    opened.wait(lambda: opened.window.record.tree.fields.look.found is None)
    assert opened.window.record.tabs.current() == "history"


def test_a_version_of_what_is_gone_is_opened(opened: Driver) -> None:
    found = search(opened, "needle")
    found.history.click()
    opened.wait(lambda: "Record needle, version audit:2" in spoken(found))
    found.table.selectRow(found.hits.rowCount() - 1)
    opened.reach("skill", "skl-1", "audit:2")


def test_nothing_found_says_what_was_searched(opened: Driver) -> None:
    found = search(opened, "absent")
    assert found.empty.sentence.text() == "Nothing found."
    # What was searched is said there, and not once more below.
    assert not found.covered.isVisible()
    assert found.empty.reason.text().startswith("Searched 3 records; ")
    found.filter.clear()
    opened.wait(lambda: found.empty.sentence.text() == "Search all records.")


def test_numbers_and_times_come_when_they_are_asked_for_and_are_told_apart(driver: Driver) -> None:
    driver.open(None)
    found = search(driver, "EXECUTION_COMPLETED")
    assert found.hits.rowCount() == 0
    found.values.click()
    driver.wait(lambda: found.hits.rowCount() > 0)
    driver.wait(driver.window.tasks.is_idle)
    assert spoken(found)[0] == "In numbers, enums, times and truth values"
    assert "EXECUTION_COMPLETED, status.phase" in spoken(found)
    assert not found.values.isVisible()


def test_a_search_is_cancelled_and_that_is_said(
    opened: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Endless(StoreSearch):
        def run(self, cancel: Cancel | None = None) -> Iterator[SearchHit]:
            assert cancel is not None
            yield from super().run(cancel)
            while not cancel.is_set():
                pass
            yield from super().run(cancel)

    monkeypatch.setattr(search_controller, "StoreSearch", Endless)
    opened.press("search")
    found = pane(opened)
    QTest.keyClicks(found.filter, "needle")
    QTest.keyClick(found.filter, Qt.Key.Key_Return)
    opened.wait(found.footer.isVisible)
    found.footer.cancelled.emit()
    opened.wait(lambda: found.covered.text().startswith("Cancelled: searched 3 records"))
    assert found.hits.rowCount() == 6


def test_more_hits_than_are_listed_end_it_and_that_is_said(
    opened: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_controller, "MOST", 2)
    found = search(opened, "needle")
    assert found.covered.text().startswith("Stopped after 2 hits: searched ")


def test_another_store_begins_with_nothing_sought(opened: Driver) -> None:
    found = search(opened, "needle")
    opened.window.reopen()
    opened.wait(lambda: opened.window.kinds.kinds.find(EntryType.SEARCH, "") < 0)
    assert found.filter.text() == ""
    assert found.hits.rowCount() == 0


def test_in_a_narrow_pane_the_switches_stand_below_the_field(opened: Driver) -> None:
    """Beside them the field had room for four letters in a window of 900 pixels."""
    found = search(opened, "needle")
    switches = (found.case, found.history, found.events)
    opened.window.resize(900, 600)
    opened.wait(lambda: found.filter.width() > 0.8 * found.width())
    bottom = found.filter.mapTo(found, found.filter.rect().bottomLeft()).y()
    assert all(one.mapTo(found, one.rect().topLeft()).y() > bottom for one in switches)
    found.filter.setFocus()
    for one in switches:
        QTest.keyClick(opened.window.focusWidget(), Qt.Key.Key_Tab)
        assert one.hasFocus()
    opened.window.resize(1900, 800)
    opened.wait(lambda: found.case.mapTo(found, found.case.rect().topLeft()).y() < bottom)
    opened.wait(found.events.hasFocus)


@pytest.mark.parametrize("later", [False, True])
def test_the_switches_wrap_where_large_text_leaves_no_room_for_all_in_a_line(
    program: Application, qtbot: QtBot, path: Path, later: bool
) -> None:
    """At 200 % of the text in 1024 by 600 pixels they read ``Hi...ry`` and ``E...s``."""
    if not later:
        program.preferences.prefer("zoom", 200)
    opened = Driver(qtbot, window=program.open_file(path))
    opened.wait(lambda: opened.window.record.record is not None)
    opened.window.resize(1024, 600)
    found = search(opened, "needle")
    if later:
        program.preferences.prefer("zoom", 200)
    switches = (found.case, found.history, found.events)

    def places() -> list[QRect]:
        return [QRect(one.mapTo(found, QPoint()), one.size()) for one in switches]

    opened.wait(lambda: len({place.y() for place in places()}) > 1)
    opened.wait(lambda: all(one.width() >= one.sizeHint().width() for one in switches))
    assert all(found.rect().contains(place) for place in places())
    assert not any(one.intersects(other) for one, other in combinations(places(), 2))
    found.filter.setFocus()
    for one in switches:
        QTest.keyClick(opened.window.focusWidget(), Qt.Key.Key_Tab)
        assert one.hasFocus()
    program.preferences.prefer("zoom", 100)
    opened.wait(lambda: len({place.y() for place in places()}) == 1)


def test_in_a_low_pane_the_hits_have_the_room_and_the_words_one_line(opened: Driver) -> None:
    found = search(opened, "needle")
    window = opened.window
    window.resize(1024, 700)
    opened.wait(lambda: window.height() == 700)
    line = found.covered.fontMetrics().lineSpacing()
    opened.wait(lambda: found.covered.height() >= 2 * line)
    window.resize(1024, window.minimumHeight())
    opened.wait(lambda: found.covered.height() < 2 * line)
    assert found.covered.text().startswith("Searched ")
    assert found.covered.accessibleName() == found.covered.text()
    assert found.below.height() < found.table.height() / 2


def test_in_a_wide_pane_tab_goes_from_the_field_to_the_switches_and_the_list(
    opened: Driver,
) -> None:
    opened.window.resize(1900, 800)
    found = search(opened, "needle")
    opened.wait(lambda: found.filter.width() < 0.8 * found.width())
    found.filter.setFocus()
    for one in (found.case, found.history, found.events, found.table):
        QTest.keyClick(opened.window.focusWidget(), Qt.Key.Key_Tab)
        assert one.hasFocus()


class _Layouts(QObject):
    """Counts how often a widget is laid out."""

    def __init__(self, widget: QObject) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(  # noqa: N802 - of Qt
        self, watched: QObject, event: QEvent
    ) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return super().eventFilter(watched, event)


def test_how_far_a_search_is_lays_nothing_out_anew(opened: Driver) -> None:
    found = search(opened, "needle")
    found.footer.start("Searching")
    opened.wait(found.footer.isVisible)
    QApplication.processEvents()
    layouts = _Layouts(found)
    for done in range(1_000, 51_000, 1_000):
        found.footer.progress(done, 100_000)
        QApplication.processEvents()
    assert layouts.count == 0
    [label] = found.footer.findChildren(QLabel)
    assert label.text() == label.accessibleName() == "Searching, 50,000 of 100,000"
    assert label.width() > label.sizeHint().width()
    found.footer.finish()


def test_a_layout_of_the_results_asks_for_no_other(opened: Driver) -> None:
    found = search(opened, "needle")
    assert found.values.isVisible()
    QApplication.processEvents()
    layouts = _Layouts(found.below)
    for _ in range(10):
        QApplication.postEvent(found, QEvent(QEvent.Type.LayoutRequest))
        QApplication.processEvents()
    assert layouts.count == 0
