"""What is offered for the lists in the middle, and the keys that go through all of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inspector.gui.cells.table_view import TableView
from inspector.gui.kinds.kinds_model import EntryType
from tests.gui.searched import search
from tests.gui.windows import Driver

EXPRESSION = ("filter_expression", "columns", "sort_name", "sort_updated", "sort_error")
TURNS = ("ascending", "descending")


@pytest.fixture
def driver(qtbot: QtBot) -> Iterator[Driver]:
    made = Driver(qtbot).open(None)
    yield made
    made.window.close()


def offered(driver: Driver, names: tuple[str, ...]) -> set[bool]:
    return {driver.window.actions_[name].isEnabled() for name in names}


def test_records_are_sorted_and_filtered_only_where_they_are_listed(driver: Driver) -> None:
    """Beside hits the key of the expression did nothing, and letters went on to another pane."""
    kinds = driver.window.kinds
    driver.wait(lambda: offered(driver, (*EXPRESSION, *TURNS)) == {True})
    search(driver, "release")
    driver.wait(lambda: offered(driver, (*EXPRESSION, *TURNS)) == {False})
    kinds.choose(EntryType.KIND, "agent")
    driver.wait(lambda: offered(driver, (*EXPRESSION, *TURNS)) == {True})
    driver.press("filter_expression")
    assert driver.window.records.filter.hasFocus()
    driver.wait(lambda: kinds.choose(EntryType.TABLE, "resources"))
    driver.wait(lambda: offered(driver, EXPRESSION) == {False})
    assert offered(driver, TURNS) == {True}
    kinds.choose(EntryType.SEARCH, "")
    driver.wait(lambda: offered(driver, TURNS) == {False})


def _through(view: TableView, last: int) -> tuple[int, int]:
    """The rows that End and then Home lead to."""
    QTest.keyClick(view, Qt.Key.Key_End)
    end = view.current_row()
    assert end == last
    QTest.keyClick(view, Qt.Key.Key_Home)
    return view.current_row(), end


def test_home_and_end_go_to_the_first_and_the_last_row(driver: Driver) -> None:
    """Qt has them go to columns, so that they did nothing; titles are passed over."""
    window = driver.window
    found = search(driver, "release")
    hits = found.view()
    assert isinstance(hits, TableView)
    driver.press("go_records")
    first, _last = _through(hits, found.hits.rowCount() - 1)
    assert first == found.hits.first_item() > 0
    driver.press("go_kinds")
    window.kinds.choose(EntryType.KIND, "skill")
    kinds = window.kinds.kinds
    first, last = _through(window.kinds, kinds.rowCount() - 1)
    entries = [kinds.entry(row) for row in (first, last)]
    assert [entry.type for entry in entries if entry is not None] == [
        *(EntryType.SEARCH, EntryType.TABLE)
    ]
