"""Clicks where no row is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.builders.layouts import Rec
from tests.cli.made import v2
from tests.gui.builders import data
from tests.gui.windows import Driver


def test_a_click_below_the_records_keeps_those_that_are_chosen(
    qtbot: QtBot, tmp_path: Path
) -> None:
    blob = data(3, data(1, "one"))
    path = v2(tmp_path, *(Rec("skill", f"skl-{number}", blob) for number in range(3)))
    driver = Driver(qtbot).open(path, "skill/skl-1")
    table = driver.window.records.table
    driver.wait(lambda: table.current_row() == 1)
    below = QPoint(20, table.viewport().height() - 5)
    assert table.rowAt(below.y()) == -1
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=below)
    assert (table.current_row(), table.selected_rows()) == (1, [range(1, 2)])
    shift, ctrl = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(table, Qt.Key.Key_Down, shift)
    for keys in (Qt.KeyboardModifier.NoModifier, ctrl, shift):
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, keys, below)
        assert table.selected_rows() == [range(1, 3)]
    first = table.visualRect(table.records.index(0, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=first)
    assert table.selected_rows() == [range(1)]
    driver.window.close()
