"""What the next record of a list leaves as it is, is not worked out anew; what differs is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from inspector.gui.cells.cell_delegate import CellDelegate
from inspector.gui.fields.field_tree import FieldTree
from inspector.gui.settings.settings import Settings
from tests.gui.histories import SKILL, STORE
from tests.gui.windows import Driver

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def driver(qtbot: QtBot) -> Iterator[Driver]:
    made = Driver(qtbot, Settings())
    yield made
    made.window.close()


def _go_down(driver: Driver, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    before = driver.at()
    QTest.keyClick(driver.window.records.table, Qt.Key.Key_Down, keys)
    driver.wait(lambda: driver.at() not in (before, ("", "", "")))


def test_the_next_record_of_a_kind_is_told_as_a_record_and_nothing_else(driver: Driver) -> None:
    driver.open(None)
    record = driver.window.record
    spies = [
        QSignalSpy(signal)
        for signal in (
            record.kind_changed,
            record.version_changed,
            record.tree.rooted,
            driver.window.records.table.number_selected,
        )
    ]
    shown = QSignalSpy(driver.window.store_controller.shown)
    _go_down(driver)
    assert shown.count() == 1
    assert [spy.count() for spy in spies] == [0, 0, 0, 0]


def test_another_kind_and_another_version_are_told_once_each(driver: Driver) -> None:
    driver.open(STORE, SKILL)
    record = driver.window.record
    kinds, versions = QSignalSpy(record.kind_changed), QSignalSpy(record.version_changed)
    driver.press("older")
    driver.wait(lambda: driver.at()[2] != "live")
    assert (kinds.count(), versions.count()) == (0, 1)
    assert driver.window.actions_["live"].isEnabled()
    driver.press("live")
    driver.wait(lambda: driver.at()[2] == "live")
    assert (kinds.count(), versions.count()) == (0, 2)
    assert not driver.window.actions_["live"].isEnabled()


def test_two_selected_records_can_be_compared_and_one_can_not(driver: Driver) -> None:
    driver.open(None)
    compare, told = driver.window.actions_["compare_rows"], driver.window.records.table
    spy = QSignalSpy(told.number_selected)
    _go_down(driver, SHIFT)
    driver.wait(compare.isEnabled)
    assert spy.count() == 1
    _go_down(driver, SHIFT)
    assert not compare.isEnabled()
    assert spy.count() == 2
    _go_down(driver)
    assert not compare.isEnabled()
    assert spy.count() == 3
    _go_down(driver)
    assert spy.count() == 3


def test_names_are_measured_only_where_fields_are_looked_at(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.open(None)
    tree = driver.window.record.tree
    driver.press("json")
    driver.wait(lambda: not tree.isVisible())
    driver.wait(driver.window.tasks.is_idle)
    measured = list[QModelIndex]()
    least_width = CellDelegate.least_width

    def measure(own: CellDelegate, view: FieldTree, index: QModelIndex) -> int:
        measured.append(index)
        return least_width(own, view, index)

    monkeypatch.setattr(CellDelegate, "least_width", measure)
    _go_down(driver)
    driver.wait(driver.window.tasks.is_idle)
    QTest.qWait(0)
    assert not measured
    driver.press("fields")
    assert len(measured) >= tree.fields.rowCount()


def test_what_is_compared_is_offered_while_a_record_is_shown(driver: Driver) -> None:
    driver.open(None)
    actions = driver.window.actions_
    driver.wait(actions["mark_base"].isEnabled)
    driver.window.record.tell_empty("")
    driver.wait(lambda: not actions["mark_base"].isEnabled())
    assert not actions["compare_record"].isEnabled()
