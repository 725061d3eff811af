"""Actions as data: each stands in a menu, has its own key, and a name for the ear."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu
from pytestqt.qtbot import QtBot

from inspector.gui.actions import MENUS, SPECS, Actions, Entry
from inspector.gui.style.icons import source
from inspector.gui.support.shortcuts_dialog import rows_of
from inspector.gui.widgets.buttons import IconButton, plain_text

#: Linux input methods take these.
TAKEN = ("Ctrl+Shift+U", "Ctrl+Shift+E")


def names_in(entries: tuple[Entry, ...]) -> list[str]:
    names: list[str] = []
    for entry in entries:
        names += names_in(entry[1]) if isinstance(entry, tuple) else [entry]
    return [name for name in names if name]


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    return made


def test_every_action_stands_in_exactly_one_menu() -> None:
    listed = [name for _, entries in MENUS for name in names_in(entries)]
    assert Counter(listed) == Counter(spec.name for spec in SPECS)


def test_no_key_has_two_meanings(window: QMainWindow) -> None:
    actions = Actions(window)
    keys = Counter(key.toString() for spec in SPECS for key in actions[spec.name].shortcuts())
    assert {key for key, times in keys.items() if times > 1} == set()
    assert not set(TAKEN) & set(keys)


def test_the_keys_of_the_guide_are_there(window: QMainWindow) -> None:
    actions = Actions(window)
    for name, keys in {
        "fields": ["Ctrl+1"],
        "json": ["Ctrl+2"],
        "unset": ["Ctrl+U"],
        "secrets": ["Ctrl+Shift+S"],
        "only_record": ["F9"],
        "export": ["Ctrl+E"],
        "older": ["Alt+,"],
        "newer": ["Alt+."],
        "next_pane": ["F6"],
    }.items():
        assert [key.toString() for key in actions[name].shortcuts()] == keys
    refresh = [key.toString() for key in actions["again"].shortcuts()]
    assert {"F5", "Ctrl+R"} <= set(refresh)


def test_mnemonics_are_different_within_a_menu(window: QMainWindow) -> None:
    actions = Actions(window)
    actions.fill(window.menuBar())
    for menu in [window.menuBar(), *window.menuBar().findChildren(QMenu)]:
        letters = Counter(
            mnemonic.toString()
            for action in menu.actions()
            if not (mnemonic := QKeySequence.mnemonic(action.text())).isEmpty()
        )
        assert {letter for letter, times in letters.items() if times > 1} == set()


def test_icons_exist() -> None:
    for spec in SPECS:
        if spec.icon:
            assert source(spec.icon)


def test_a_button_names_itself_and_its_key(window: QMainWindow) -> None:
    action = QAction("E&xport\N{HORIZONTAL ELLIPSIS}", window)
    action.setShortcut(QKeySequence("Ctrl+E"))
    button = IconButton(action, window)
    assert button.accessibleName() == "Export"
    assert "(Ctrl+E)" in button.toolTip()
    action.setText("Save")
    assert button.accessibleName() == "Save"
    assert plain_text(action) == "Save"
    assert min(button.width(), button.height()) >= 24


def test_the_list_of_keys_leaves_out_those_that_few_keyboards_have(window: QMainWindow) -> None:
    actions = Actions(window)
    actions.fill(window.menuBar())
    found = {row.does: row.keys for row in rows_of(window.menuBar())}
    assert found["Open"] == "Ctrl+O"
    assert "F5" in found["Refresh"]
    assert all(found.values())
