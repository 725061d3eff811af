"""A search as a person makes it in the window, and what it lists."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from inspector.gui.search.search_pane import SearchPane
from tests.gui.windows import Driver


def pane(driver: Driver) -> SearchPane:
    return driver.window.parts_now().search.pane


def search(driver: Driver, text: str) -> SearchPane:
    driver.press("search")
    found = pane(driver)
    driver.wait(found.filter.isVisible)
    assert found.filter.hasFocus()
    QTest.keyClicks(found.filter, text)
    QTest.keyClick(found.filter, Qt.Key.Key_Return)
    driver.wait(driver.window.tasks.is_idle)
    return found


def spoken(found: SearchPane) -> list[str]:
    role = Qt.ItemDataRole.AccessibleTextRole
    return [found.hits.index(row, 0).data(role) for row in range(found.hits.rowCount())]
