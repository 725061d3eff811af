"""The preferences: at once, in every window, kept, and taken back."""

from __future__ import annotations

import json
import shutil
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QLabel,
    QWidget,
)
from pytestqt.qtbot import QtBot

from inspector.gui.app.application import Application
from inspector.gui.app.main_window import MainWindow
from inspector.gui.settings.preferences_dialog import PreferencesDialog
from inspector.gui.settings.settings import Settings
from inspector.gui.style.fonts import system_body
from inspector.gui.style.theme import is_dark, ratio
from tests.places import REAL
from tests.releases import NEWEST

STORE = REAL / "v2-clean" / "stigmer.db"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    path = tmp_path / "stigmer.db"
    shutil.copyfile(STORE, path)
    return path


def opened(program: Application, path: Path, qtbot: QtBot) -> MainWindow:
    window = program.open_file(path)
    qtbot.waitUntil(
        lambda: window.facts is not None and window.record.record is not None, timeout=20_000
    )
    return window


def preferences(window: MainWindow) -> PreferencesDialog:
    window.actions_["preferences"].trigger()
    dialogs = [one for one in window.findChildren(PreferencesDialog) if one.isVisible()]
    assert len(dialogs) == 1
    return dialogs[0]


def choose(box: QComboBox, value: object) -> None:
    index = box.findData(value)
    assert index >= 0
    box.setCurrentIndex(index)
    box.activated.emit(index)


def reset(dialog: PreferencesDialog) -> QAbstractButton:
    role = QDialogButtonBox.ButtonRole.ResetRole
    return next(b for b in dialog.buttons.buttons() if dialog.buttons.buttonRole(b) == role)


def test_the_dialog_blocks_nothing_and_is_there_once(program: Application, qtbot: QtBot) -> None:
    window = program.show_start()
    dialog = preferences(window)
    assert not dialog.isModal()
    assert preferences(window) is dialog
    with qtbot.waitSignal(dialog.destroyed):
        dialog.close()


def test_a_closed_dialog_hears_nothing_any_more(
    program: Application, copy: Path, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    window = program.show_start()
    dialog = preferences(window)
    with qtbot.waitSignal(dialog.destroyed):
        dialog.close()
    assert opened(program, copy, qtbot) is window
    window.actions_["larger"].trigger()
    assert capsys.readouterr().err == ""


def test_the_dialog_follows_the_file_of_its_window(
    program: Application, copy: Path, qtbot: QtBot
) -> None:
    window = program.show_start()
    part = preferences(window).schema
    assert part.title() == "Schema"
    assert not part.choice.isEnabled()
    assert opened(program, copy, qtbot) is window
    qtbot.waitUntil(lambda: part.title() == "Schema of stigmer.db")
    assert part.choice.isEnabled()


def test_the_theme_changes_at_once_from_dialog_and_menu(
    program: Application, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    window = program.show_start()
    dialog = preferences(window)
    choose(dialog.theme, "dark")
    assert is_dark(qapp.palette())
    assert window.actions_["theme_dark"].isChecked()
    window.actions_["theme_light"].trigger()
    assert not is_dark(qapp.palette())
    assert dialog.theme.currentData() == "light"
    path = tmp_path / "settings.json"
    qtbot.waitUntil(lambda: path.exists() and "light" in path.read_text())
    window.actions_["theme_system"].trigger()
    assert program.settings.appearance == "system"


def test_every_word_can_be_read_after_the_theme_changed(
    program: Application, copy: Path, qtbot: QtBot
) -> None:
    window = opened(program, copy, qtbot)
    for name in ("dark", "light", "dark"):
        window.actions_[f"theme_{name}"].trigger()
        qtbot.waitUntil(partial(shows, window, dark=name == "dark"))
        for widget in window.findChildren(QWidget):
            palette, ground = widget.palette(), window.palette().window().color().name()
            for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
                ink = palette.color(QPalette.ColorGroup.Active, role).name()
                assert ratio(ink, ground) >= 4.5, (name, widget, role)


def test_text_size_and_times_hold_in_every_window(
    program: Application, copy: Path, qtbot: QtBot, qapp: QApplication
) -> None:
    first, second = opened(program, copy, qtbot), program.open_demo()
    dialog = preferences(first)
    choose(dialog.zoom, 150)
    assert qapp.font().pointSizeF() == pytest.approx(system_body().pointSizeF() * 1.5)
    choose(dialog.times, "Relative")
    for window in (first, second):
        assert window.status.times.text() == "Relative"
        assert window.actions_["relative"].isChecked()
    second.actions_["smaller"].trigger()
    assert dialog.zoom.currentData() == 125
    second.actions_["utc"].trigger()
    assert dialog.times.currentData() == "UTC"


@pytest.mark.parametrize("name", ["reader", "wrap", "wrap_json"])
def test_a_switch_and_its_action_are_one(program: Application, qtbot: QtBot, name: str) -> None:
    window = program.open_demo()
    qtbot.waitUntil(lambda: window.is_complete)
    dialog = preferences(window)
    action, box = window.actions_[name], dialog.switches[name]
    before = action.isChecked()
    assert box.isChecked() == before
    box.click()
    assert action.isChecked() != before
    action.trigger()
    assert box.isChecked() == before
    assert getattr(program.settings, name) == before


@pytest.mark.parametrize("name", ["unset", "types"])
def test_a_new_window_begins_as_preferred_and_may_change_for_itself(
    program: Application, qtbot: QtBot, name: str
) -> None:
    window = program.open_demo()
    qtbot.waitUntil(lambda: window.is_complete)
    dialog = preferences(window)
    dialog.switches[name].click()
    wanted = dialog.switches[name].isChecked()
    assert window.actions_[name].isChecked() == wanted
    window.actions_[name].trigger()
    assert getattr(program.settings, name) == wanted
    later = program.new_window(window)
    assert later.parts_now() is not None
    assert later.actions_[name].isChecked() == wanted
    assert window.actions_[name].isChecked() != wanted


def test_all_can_be_taken_back_and_files_stay(
    program: Application, copy: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    window = opened(program, copy, qtbot)
    dialog = preferences(window)
    choose(dialog.theme, "dark")
    choose(dialog.zoom, 125)
    for box in dialog.switches.values():
        box.click()
    reset(dialog).click()
    assert window.actions_["theme_system"].isChecked()
    assert dialog.zoom.currentData() == 100
    own = Settings()
    for name, box in dialog.switches.items():
        assert box.isChecked() == getattr(own, name) == window.actions_[name].isChecked()
    path = tmp_path / "settings.json"
    qtbot.waitUntil(lambda: path.exists() and set(json.loads(path.read_text())) == {"recent"})
    assert [name for name, _ in program.settings.recent_files()] == [str(copy)]


def test_the_schema_of_the_file_is_shown_and_taken_back(
    program: Application, copy: Path, qtbot: QtBot
) -> None:
    window = opened(program, copy, qtbot)
    program.settings.files["/other.db"] = {"schema": "2026-10", "tab": "json"}
    window.parts_now().schema.choose("2026-01-25")
    window.parts_now().schema.choose("2026-10", "agent")
    part = preferences(window).schema
    assert part.title() == "Schema of stigmer.db"
    assert part.choice.currentData() == "2026-01-25"
    assert part.kinds.text() == f"Agent: {NEWEST}"
    assert part.others.text() == "1 other file: a schema was chosen."
    part.back.click()
    assert (window.window_state.now.schema, window.window_state.now.schemas) == ("auto", {})
    assert not part.back.isEnabled()
    choose(part.choice, NEWEST)
    assert window.window_state.now.schema == NEWEST
    part.back_all.click()
    assert window.window_state.now.schema == "auto"
    assert program.settings.files["/other.db"] == {"tab": "json"}
    assert part.back_all.isHidden()


def test_every_control_can_be_reached_by_key_and_has_a_name(
    program: Application, qtbot: QtBot
) -> None:
    dialog = preferences(program.show_start())
    boxes = dialog.findChildren(QAbstractButton)
    assert len(boxes) >= 9
    for box in (*boxes, *dialog.findChildren(QComboBox)):
        assert box.focusPolicy() & Qt.FocusPolicy.TabFocus
    names = [dialog.theme, dialog.zoom, dialog.times, dialog.schema.choice]
    assert [label(dialog, box) for box in names] == [
        *("&Appearance:", "Te&xt size:", "&Times:", "Read this &file with:")
    ]
    words = [*(label(dialog, box) for box in names), *(box.text() for box in boxes if box.text())]
    letters = [key for one in words if (key := QKeySequence.mnemonic(one).toString())]
    assert len(letters) == len(set(letters)) >= 12


def shows(window: MainWindow, *, dark: bool) -> bool:
    return is_dark(window.palette()) == dark


def label(dialog: PreferencesDialog, box: QComboBox) -> str:
    return next(one.text() for one in dialog.findChildren(QLabel) if one.buddy() is box)
