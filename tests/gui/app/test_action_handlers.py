"""What actions do: each one thing, found by its name, and done however early it is chosen."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.actions import SPECS
from inspector.gui.app.action_handlers import SWITCHES
from inspector.gui.app.application import Application
from inspector.gui.app.main_window import MainWindow
from inspector.gui.search.found_records import FoundRecord
from inspector.gui.settings.settings import Settings
from inspector.gui.style.theme import Theme
from inspector.session.session import Session
from tests.gui.histories import SKILL, STORE
from tests.gui.windows import Driver
from tests.places import ROOT

LONG = 20_000
GUI = ROOT / "inspector" / "gui"
#: How an action is asked for by its name, whatever the variable is called.
CONNECTED = re.compile(r"actions?_?\[[^\]]+\]\.triggered")


def shown(window: MainWindow, qtbot: QtBot) -> MainWindow:
    qtbot.waitUntil(lambda: window.is_complete, timeout=LONG)
    qtbot.waitUntil(lambda: window.record.record is not None, timeout=LONG)
    return window


def test_every_action_does_one_thing(program: Application, qtbot: QtBot) -> None:
    window = shown(program.open_demo(), qtbot)
    # One that had two would have been refused.
    assert window.dispatcher.names() == {spec.name for spec in SPECS}
    with pytest.raises(ValueError, match="copy does something already"):
        window.dispatcher.add_commands({"copy": window.close})


def test_what_an_action_does_stands_in_one_file() -> None:
    """By its name: the handlers alone connect what is triggered."""
    text = (GUI / "app" / "action_handlers.py").read_text(encoding="utf-8")
    menus = {"recent", "schema", "columns", "filters", "show_time"}
    for spec in SPECS:
        if spec.name not in menus:
            assert len(re.findall(rf'^ +"{spec.name}": ', text, re.M)) == 1, spec.name
    # The status line takes back what it said, whatever is done next.
    for path in {*GUI.rglob("*.py")} - {GUI / "app" / "status_bar.py"}:
        assert not CONNECTED.search(path.read_text(encoding="utf-8")), path


def early(settings: Settings | None = None) -> MainWindow:
    """A window in which a store is being opened, and that is not complete."""
    window = MainWindow(settings or Settings())
    window.open(Session.demo, "demo")
    window.show()
    assert not window.is_complete
    return window


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize("name", ["unset", "types", "wrap", "wrap_json", "reader", "only_changes"])
def test_a_switch_that_is_turned_early_is_turned_from_where_it_was(
    qapp: QApplication, theme: Theme, name: str, kept: bool
) -> None:
    settings = Settings()
    setattr(settings, name, kept)
    window = early(settings)
    action = window.actions_[name]
    assert action.isChecked() is kept
    action.trigger()
    assert window.is_complete
    assert action.isChecked() is not kept
    window.close()


def test_what_a_switch_turned_early_shows_is_shown(qtbot: QtBot, theme: Theme) -> None:
    window = early()
    window.actions_["secrets"].trigger()
    assert window.record.tree.fields.look.all_revealed
    assert window.status.secrets.text() == "Secrets shown"
    window.close()


def test_the_order_chosen_early_is_the_one_that_was_chosen(qtbot: QtBot, theme: Theme) -> None:
    window = early()
    done: list[bool] = []

    def choose() -> None:
        done.append(window.is_complete)
        window.actions_["descending"].trigger()

    window.records.listed.connect(choose, Qt.ConnectionType.SingleShotConnection)
    qtbot.waitUntil(lambda: bool(done), timeout=LONG)
    assert done == [False]
    assert window.records.sifting.wish.descending
    assert window.actions_["descending"].isChecked()
    window.close()


def test_a_tab_chosen_early_is_shown(qtbot: QtBot, theme: Theme) -> None:
    window = early()
    window.actions_["json"].trigger()
    assert window.record.tabs.current() == "json"
    window.close()


def test_what_cannot_be_done_yet_is_not_done_early(qtbot: QtBot, theme: Theme) -> None:
    window = early()
    assert window.actions_["export_rows"].isEnabled()
    window.actions_["export_rows"].trigger()
    assert not window.actions_["export_rows"].isEnabled()
    assert window.status.note.text() == ""
    window.close()


def test_what_the_program_does_needs_no_record(qtbot: QtBot, theme: Theme) -> None:
    window = early()
    with qtbot.waitSignal(window.open_wanted):
        window.actions_["open"].trigger()
    assert not window.is_complete
    window.close()


def test_switches_are_told_from_choices() -> None:
    assert {"secrets", "reader", "pause"} <= SWITCHES
    assert not {"utc", "json", "theme_dark", "sort_id"} & SWITCHES


def test_versions_that_are_selected_are_compared_whatever_was_before(
    qtbot: QtBot, theme: Theme
) -> None:
    driver = Driver(qtbot).open(STORE, SKILL)
    action = driver.window.actions_["compare_selected"]
    history = driver.window.record.history
    driver.press("history")
    driver.wait(lambda: history.versions.rowCount() > 1)
    assert not action.isEnabled()
    model = history.table.selectionModel()
    for row in (0, 1):
        flags = model.SelectionFlag.Select | model.SelectionFlag.Rows
        model.select(history.versions.index(row, 0), flags)
    assert history.selected_pair() is not None
    assert action.isEnabled()
    driver.wait(lambda: history.difference.compared is not None)
    said = history.difference.words
    other = next(
        head for head in Session.open(STORE).records("skill").rows if head.id != driver.at()[1]
    )
    driver.window.parts_now().compare.compare_with(FoundRecord("skill", other.id, other.name))
    driver.wait(lambda: other.id in history.difference.words)
    driver.press("compare_selected")
    driver.wait(lambda: history.difference.words == said)
    driver.press("fields")
    assert not action.isEnabled()
    driver.window.close()


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def test_copy_asks_the_view_with_the_focus_and_then_those_around_it(
    qtbot: QtBot, theme: Theme
) -> None:
    driver = Driver(qtbot).open(None)
    record = driver.window.record
    driver.choose("metadata.name")
    value = record.copy().text
    driver.wait(lambda: record.reader.text() == value)
    record.reader.focus()
    driver.wait(lambda: record.reader.isAncestorOf(focused()))
    driver.press("copy")
    assert QGuiApplication.clipboard().text() == value
    focus = focused()
    QTest.keyClick(focus, Qt.Key.Key_Home)
    QTest.keyClick(focus, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    driver.press("copy")
    assert QGuiApplication.clipboard().text() == str(value)[0]
    driver.window.kinds.setFocus()
    driver.press("copy")
    assert QGuiApplication.clipboard().text() == value
    driver.window.close()
