"""Go to and Compare with find records by parts of their names, the recent ones first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inspector.gui.search.goto_dialog import GotoDialog
from tests.builders.layouts import Arc, Rec
from tests.cli.made import v2
from tests.gui.builders import data
from tests.gui.windows import Driver


def _blob(name: str) -> bytes:
    return data(3, data(1, name))


@pytest.fixture
def driver(qtbot: QtBot, tmp_path: Path) -> Iterator[Driver]:
    path = v2(
        tmp_path,
        Rec("agent", "agt-1", _blob("Customer survey")),
        Rec("agent", "agt-2", _blob("Surveyor")),
        Rec("agent", "agt-3", _blob("Plain")),
        Rec("agent", "agt-4", _blob("surveys of land")),
        Rec("session", "ses-1", _blob("A survey")),
        Arc("agent", "agt-5", _blob("gone")),
    )
    QGuiApplication.clipboard().clear()
    made = Driver(qtbot)
    made.open(path, "agent/agt-3")
    yield made
    made.window.close()


def asked(driver: Driver) -> GotoDialog:
    dialog = driver.window.parts_now().navigation.ask()
    assert isinstance(dialog, GotoDialog)
    return dialog


def ids(dialog: GotoDialog) -> list[str]:
    rows = (dialog.found.at(row) for row in range(dialog.found.rowCount()))
    return [found.id for found in rows if found is not None]


def visit(driver: Driver, *ids_: str) -> None:
    for one in ids_:
        driver.window.store_controller.go("agent", one)
        driver.reach("agent", one)


def test_part_of_a_name_finds_records_the_best_first(driver: Driver) -> None:
    dialog = asked(driver)
    QTest.keyClicks(dialog.line, "surv")
    driver.wait(lambda: ids(dialog) == ["agt-2", "agt-4", "agt-1", "ses-1"])
    driver.wait(lambda: dialog.words.text() == "4 records.")
    QTest.keyClick(dialog.line, Qt.Key.Key_Down)
    QTest.keyClick(dialog.line, Qt.Key.Key_Return)
    driver.reach("agent", "agt-4")


def test_of_records_that_fit_as_well_the_recent_ones_come_first(driver: Driver) -> None:
    visit(driver, "agt-4", "agt-3")
    dialog = asked(driver)
    QTest.keyClicks(dialog.line, "surv")
    driver.wait(lambda: ids(dialog) == ["agt-4", "agt-2", "agt-1", "ses-1"])
    dialog.reject()


def test_recent_records_are_listed_before_anything_is_typed(driver: Driver) -> None:
    visit(driver, "agt-1", "agt-4", "agt-2")
    dialog = asked(driver)
    driver.wait(lambda: ids(dialog) == ["agt-4", "agt-1", "agt-3"])
    assert dialog.words.text().startswith("Recent records first.")
    QTest.keyClick(dialog.line, Qt.Key.Key_Return)
    driver.reach("agent", "agt-4")


def test_what_was_read_before_the_last_start_is_recent_too(driver: Driver) -> None:
    from inspector.gui.settings.file_memory import OpenedFields

    driver.window.record.open_fields_again([OpenedFields("agent", "agt-2", "", ())])
    dialog = asked(driver)
    driver.wait(lambda: ids(dialog) == ["agt-2"])
    dialog.reject()


def test_a_record_to_compare_with_is_of_the_same_kind(driver: Driver) -> None:
    visit(driver, "agt-4", "agt-3")
    driver.press("compare_record")
    dialog = driver.window.findChild(GotoDialog)
    assert isinstance(dialog, GotoDialog)
    driver.wait(lambda: ids(dialog) == ["agt-4", "agt-1", "agt-2"])
    QTest.keyClicks(dialog.line, "surv")
    driver.wait(lambda: ids(dialog) == ["agt-4", "agt-2", "agt-1"])
    dialog.line.setText("nothing of it")
    driver.wait(lambda: dialog.words.text() == "No agents with this name, ID or slug.")
    dialog.reject()


def test_compare_with_stays_beside_the_window_and_asks_for_the_record_there(
    driver: Driver,
) -> None:
    driver.press("compare_record")
    dialog = driver.window.findChild(GotoDialog)
    assert isinstance(dialog, GotoDialog)
    # So keys that are typed before it has the focus come to it.
    assert not dialog.isModal()
    assert dialog.windowTitle() == "Compare Plain with"
    driver.wait(lambda: sorted(ids(dialog)) == ["agt-1", "agt-2", "agt-4"])
    visit(driver, "agt-2")
    assert dialog.windowTitle() == "Compare Surveyor with"
    driver.wait(lambda: ids(dialog) == ["agt-3", "agt-1", "agt-4"])
    QTest.keyClick(dialog.line, Qt.Key.Key_Return)
    difference = driver.window.record.history.difference
    driver.wait(lambda: difference.compared is not None)
    assert difference.compared is not None
    assert (difference.compared.before.id, difference.compared.after.id) == ("agt-2", "agt-3")


def test_a_box_that_was_closed_is_not_asked_for_the_next_record(driver: Driver) -> None:
    driver.press("compare_record")
    dialog = driver.window.findChild(GotoDialog)
    assert isinstance(dialog, GotoDialog)
    # As between its closing and the turn of the event loop in which it goes.
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    dialog.reject()
    visit(driver, "agt-2")
    assert dialog in driver.window.findChildren(GotoDialog)
    assert dialog.windowTitle() == "Compare Plain with"
    dialog.deleteLater()


def test_a_box_that_is_open_looks_anew_for_another_record_alone(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record that is read again has nothing new to offer: what was typed is not sought twice."""
    driver.press("compare_record")
    dialog = driver.window.findChild(GotoDialog)
    assert isinstance(dialog, GotoDialog)
    driver.wait(driver.window.tasks.is_idle)
    looks, look = list[str](), GotoDialog.look

    def counted(self: GotoDialog) -> None:
        looks.append(self.windowTitle())
        look(self)

    monkeypatch.setattr(GotoDialog, "look", counted)
    with driver.bot.waitSignal(driver.window.store_controller.shown):
        driver.press("again")
    driver.wait(driver.window.tasks.is_idle)
    assert looks == []
    visit(driver, "agt-2")
    assert looks == ["Compare Surveyor with"]
    dialog.reject()


def test_enter_before_the_answer_goes_to_the_only_best_one(driver: Driver) -> None:
    dialog = asked(driver)
    QTest.keyClicks(dialog.line, "surveyor")
    QTest.keyClick(dialog.line, Qt.Key.Key_Return)
    driver.reach("agent", "agt-2")
