"""A schema of one's own in the window: picked, remembered, read again, missing, refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QFileDialog, QMenu, QMessageBox, QProgressDialog
from pytestqt.qtbot import QtBot

from inspector.gui.app.application import Application
from inspector.gui.app.main_window import MainWindow
from inspector.gui.settings.preferences_dialog import PreferencesDialog
from inspector.gui.support.diagnostics import report
from inspector.schema.pools import descriptor_set
from tests.gui.app.test_file_changes import LONG, STORE, button, idle, schema_menu, shown
from tests.releases import JANUARY_26, NEWEST
from tests.schema.protos import generated, renamed, written


def _sources(name: str) -> dict[str, str | bytes]:
    """The second January release, what a record is called under another name."""
    data = renamed(JANUARY_26, "ApiResourceMetadata", name=name)
    files = FileDescriptorSet.FromString(data).file
    return {f"number{index}_pb2.py": generated(file) for index, file in enumerate(files)}


def _name(window: MainWindow) -> str:
    """What the first field of the record's metadata is called."""
    record = window.record.record
    assert record is not None
    assert record.tree is not None
    field = record.tree.root.children[2].children[0].field
    return field.name if field is not None else ""


@pytest.fixture(autouse=True)
def nothing_brought(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a program that was just started."""
    monkeypatch.setattr("inspector.schema.catalog._own", {})


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    path = tmp_path / "stigmer.db"
    shutil.copyfile(STORE, path)
    return path


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    folder = written(tmp_path / "schemas", {"mine & yours.binpb": descriptor_set(JANUARY_26)})
    return folder / "mine & yours.binpb"


def entries(window: MainWindow, words: str) -> list[QAction]:
    """The entries of the schema menu that ask for a schema: for the kind, and for the file."""
    menus = [action.menu() for action in schema_menu(window).actions()]
    inner = [action for menu in menus if isinstance(menu, QMenu) for action in menu.actions()]
    return [action for action in inner if action.text().replace("&", "") == words]


def pick(window: MainWindow, path: Path) -> QFileDialog:
    dialog = window.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    return dialog


def reads_with(window: MainWindow, name: str, qtbot: QtBot) -> None:
    said = f"Schema {name}".replace("&", "&&")
    qtbot.waitUntil(lambda: window.status.schema.text() == said, timeout=LONG)
    qtbot.waitUntil(lambda: not window.tasks.is_busy("schema"), timeout=LONG)
    idle(window, qtbot)


def bring(window: MainWindow, path: Path, qtbot: QtBot) -> None:
    """Pick a schema for the file from the menu."""
    (*_, action) = entries(window, "From a file…")
    action.trigger()
    pick(window, path)
    reads_with(window, path.name, qtbot)


def alert(window: MainWindow) -> str:
    return window.banner.words if window.banner.isVisible() else ""


def test_it_is_picked_for_the_file_and_its_name_is_shown(
    program: Application, qtbot: QtBot, copy: Path, mine: Path
) -> None:
    window = shown(program.open_file(copy), qtbot)
    bring(window, mine, qtbot)
    assert window.window_state.now.schema == str(mine)
    record = window.record.record
    assert record is not None
    assert (record.choice.schema, record.choice.why) == (
        mine.name,
        "asked for",
    )
    texts = {a.text(): a.isChecked() for a in schema_menu(window).actions() if a.isCheckable()}
    assert texts["mine && yours.binpb"]
    assert not texts["&Detect per record"]
    (automatic,) = [a for a in schema_menu(window).actions() if a.text().startswith("&Detect")][-1:]
    automatic.trigger()
    reads_with(window, JANUARY_26, qtbot)


def test_it_is_picked_for_a_kind_from_a_folder(
    program: Application, qtbot: QtBot, copy: Path, tmp_path: Path
) -> None:
    folder = written(tmp_path / "protos", _sources("called"))
    window = shown(program.open_file(copy), qtbot)
    record = window.record.record
    assert record is not None
    assert record.kind == "agent"
    action = entries(window, "From a folder…")[0]
    action.trigger()
    dialog = pick(window, folder)
    assert dialog.fileMode() == QFileDialog.FileMode.Directory
    reads_with(window, "protos", qtbot)
    assert window.window_state.now.schemas == {"agent": str(folder)}
    assert window.window_state.now.schema == "auto"
    assert _name(window) == "called"


def test_it_is_remembered_and_read_with_the_file(
    program: Application, qtbot: QtBot, copy: Path, mine: Path
) -> None:
    window = shown(program.open_file(copy), qtbot)
    bring(window, mine, qtbot)
    window.close()
    again = shown(program.open_file(copy), qtbot)
    reads_with(again, mine.name, qtbot)
    assert alert(again) == ""


def test_one_that_is_gone_is_said_and_the_store_is_open_all_the_same(
    program: Application, qtbot: QtBot, copy: Path, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = shown(program.open_file(copy), qtbot)
    bring(window, mine, qtbot)
    window.close()
    moved = mine.rename(mine.with_name("elsewhere"))
    # As after another start of the program.
    monkeypatch.setattr("inspector.schema.catalog._own", {})
    again = shown(program.open_file(copy), qtbot)
    reads_with(again, JANUARY_26, qtbot)
    qtbot.waitUntil(lambda: "cannot be read" in alert(again), timeout=LONG)
    assert alert(again) == (
        "The schema mine & yours.binpb cannot be read. There is no file mine & yours.binpb."
        " Schemas are detected per record instead."
    )
    assert again.window_state.now.schema == str(mine)
    moved.rename(mine)
    button(again.banner, "Try again").click()
    reads_with(again, mine.name, qtbot)
    assert alert(again) == ""


def test_and_can_be_given_up(
    program: Application, qtbot: QtBot, copy: Path, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = shown(program.open_file(copy), qtbot)
    bring(window, mine, qtbot)
    window.close()
    mine.unlink()
    monkeypatch.setattr("inspector.schema.catalog._own", {})
    again = shown(program.open_file(copy), qtbot)
    qtbot.waitUntil(lambda: "cannot be read" in alert(again), timeout=LONG)
    button(again.banner, "Detect per record").click()
    qtbot.waitUntil(lambda: alert(again) == "", timeout=LONG)
    assert again.window_state.now.schema == "auto"


def test_f5_reads_a_changed_one_again_and_keeps_the_old_where_that_fails(
    program: Application, qtbot: QtBot, copy: Path, tmp_path: Path
) -> None:
    folder = written(tmp_path / "protos", _sources("before"))
    window = shown(program.open_file(copy), qtbot)
    bring(window, folder, qtbot)
    assert _name(window) == "before"
    written(folder, _sources("after"))
    window.actions_["again"].trigger()
    qtbot.waitUntil(lambda: _name(window) == "after", timeout=LONG)
    idle(window, qtbot)
    for one in folder.iterdir():
        one.unlink()
    written(folder, {"a.proto": "message"})
    window.actions_["again"].trigger()
    qtbot.waitUntil(lambda: "cannot be read" in alert(window), timeout=LONG)
    assert "a.proto, line 1: a name is expected" in alert(window)
    assert alert(window).endswith("The copy that was read before stays in use.")
    assert _name(window) == "after"
    assert window.status.schema.text() == "Schema protos"


def test_what_is_no_schema_is_refused_and_nothing_changes(
    program: Application, qtbot: QtBot, copy: Path, tmp_path: Path
) -> None:
    window = shown(program.open_file(copy), qtbot)
    wrong = written(tmp_path, {"notes.txt": "no schema"}) / "notes.txt"
    for path, said in (
        (wrong, "notes.txt is neither a wheel nor a descriptor set."),
        (copy, "stigmer.db is a database, not a schema."),
    ):
        (*_, action) = entries(window, "From a file…")
        action.trigger()
        pick(window, path)
        qtbot.waitUntil(lambda: bool(window.findChildren(QMessageBox)), timeout=LONG)
        box = window.findChildren(QMessageBox)[-1]
        assert box.text() == said
        box.done(0)
        qtbot.waitUntil(lambda: not window.findChildren(QMessageBox), timeout=LONG)
    assert window.window_state.now.schema == "auto"
    assert window.status.schema.text() == f"Schema {JANUARY_26}"


def test_two_of_a_name_are_told_apart(
    program: Application, qtbot: QtBot, copy: Path, mine: Path, tmp_path: Path
) -> None:
    window = shown(program.open_file(copy), qtbot)
    bring(window, mine, qtbot)
    other = written(tmp_path / "other", {mine.name: descriptor_set(NEWEST)}) / mine.name
    bring(window, other, qtbot)
    texts = [action.text() for action in schema_menu(window).actions() if action.isCheckable()]
    assert f"mine && yours.binpb in {mine.parent}" in texts
    assert f"mine && yours.binpb in {other.parent}" in texts


def test_what_of_it_is_not_shown_by_name_is_said(
    program: Application, qtbot: QtBot, copy: Path, tmp_path: Path
) -> None:
    folder = written(
        tmp_path / "protos",
        {
            "a.proto": 'syntax = "proto3"; message Agent { string api_version = 1;'
            " string kind = 2; Meta metadata = 3; gone.T x = 4; } message Meta {}"
        },
    )
    window = shown(program.open_file(copy), qtbot)
    entries(window, "From a folder…")[-1].trigger()
    pick(window, folder)
    qtbot.waitUntil(lambda: alert(window) != "", timeout=LONG)
    assert alert(window) == (
        "protos was read, but 1 thing in it is not shown by name. a.proto, line 1: Agent.x (4)"
        " cannot be read by name, since its type gone.T is not here."
    )
    window.parts_now().schema.reset()
    reads_with(window, JANUARY_26, qtbot)
    assert alert(window) == ""


def test_the_preferences_offer_it(
    program: Application, qtbot: QtBot, copy: Path, mine: Path
) -> None:
    window = shown(program.open_file(copy), qtbot)
    window.actions_["preferences"].trigger()
    dialog = window.findChild(PreferencesDialog)
    assert isinstance(dialog, PreferencesDialog)
    choice = dialog.schema.choice
    _choose(choice, "Own schema from a folder…")
    assert choice.currentData() == "auto"
    folder = window.findChild(QFileDialog)
    assert isinstance(folder, QFileDialog)
    assert folder.fileMode() == QFileDialog.FileMode.Directory
    folder.reject()
    qtbot.waitUntil(lambda: window.findChild(QFileDialog) is None)
    _choose(choice, "Own schema from a file…")
    pick(window, mine)
    reads_with(window, mine.name, qtbot)
    assert choice.currentText() == mine.name
    assert choice.currentData() == str(mine)
    _choose(choice, NEWEST)
    reads_with(window, NEWEST, qtbot)
    _choose(choice, mine.name)
    reads_with(window, mine.name, qtbot)
    dialog.schema.back.click()
    reads_with(window, JANUARY_26, qtbot)
    dialog.close()


def _choose(choice: QComboBox, text: str) -> None:
    index = choice.findText(text)
    assert index >= 0
    choice.setCurrentIndex(index)
    choice.activated.emit(index)


def test_no_name_of_a_file_stands_in_the_diagnostics(
    program: Application, qtbot: QtBot, copy: Path, mine: Path
) -> None:
    window = shown(program.open_file(copy), qtbot)
    bring(window, mine, qtbot)
    text = report(program.settings, [each.report() for each in program.windows])
    assert "mine" not in text
    assert "one's own" in text


def test_reading_one_can_be_cancelled(
    program: Application, qtbot: QtBot, copy: Path, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from threading import Event

    from inspector.gui.app import schema_controller
    from inspector.store.rows import check

    def slow(path: str, cancel: Event, *_: object) -> str:
        cancel.wait(LONG)
        check(cancel)
        return path

    window = shown(program.open_file(copy), qtbot)
    monkeypatch.setattr(schema_controller, "bring", slow)
    window.parts_now().schema.bring(str(mine))
    told = window.findChild(QProgressDialog)
    assert isinstance(told, QProgressDialog)
    assert told.labelText() == "Reading mine & yours.binpb…"
    told.canceled.emit()
    qtbot.waitUntil(lambda: not window.tasks.is_busy("schema"), timeout=LONG)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert window.findChild(QProgressDialog) is None
    assert window.window_state.now.schema == "auto"
    assert not window.findChildren(QMessageBox)
