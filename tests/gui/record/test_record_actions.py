"""What can be done with a record and its fields: enabled, copied, exported, kept covered."""

from __future__ import annotations

import json
import os
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent, QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMessageBox, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from inspector.__main__ import main
from inspector.decode.paths import walk
from inspector.gui.app import file_actions
from inspector.gui.kinds.kinds_model import EntryType
from inspector.gui.settings.settings import Settings
from inspector.session.session import Session
from tests.gui.histories import SKILL, STORE, Opens, names, shows
from tests.gui.windows import Driver
from tests.places import REAL

CLEAN = REAL / "v2-clean" / "stigmer.db"
ENVIRONMENT = "environment"
T = TypeVar("T", bound=QDialog)


def _secret() -> tuple[str, str, str]:
    """An environment that holds a secret, the secret's path, and the secret."""
    session = Session.open(CLEAN)
    for head in session.records(ENVIRONMENT).rows:
        record = session.record(ENVIRONMENT, head.id)
        assert record.tree is not None
        for place in walk(record.tree.root):
            if id(place.node) in record.covered:
                return head.id, place.path, str(place.node.value)
    raise AssertionError("no secret")


@pytest.fixture
def driver(qtbot: QtBot) -> Iterator[Driver]:
    QGuiApplication.clipboard().clear()
    made = Driver(qtbot, Settings())
    yield made
    made.window.close()


def _copied(driver: Driver, action: str) -> str:
    QGuiApplication.clipboard().clear()
    driver.press(action)
    driver.wait(lambda: bool(QGuiApplication.clipboard().text()))
    return QGuiApplication.clipboard().text()


def test_no_copy_gives_a_covered_secret_away(driver: Driver) -> None:
    id_, path, secret = _secret()
    driver.open(CLEAN, f"{ENVIRONMENT}/{id_}")
    driver.choose(path)
    for action in ("copy", "copy_json", "copy_tree", "copy_markdown"):
        text = _copied(driver, action)
        assert secret not in text
        assert "[covered]" in text


def test_what_is_copied_reads_back(driver: Driver) -> None:
    id_, path, _ = _secret()
    driver.open(CLEAN, f"{ENVIRONMENT}/{id_}")
    message = json.loads(_copied(driver, "copy_json"))
    assert message["metadata"]["id"] == id_
    driver.choose("metadata")
    assert json.loads(_copied(driver, "copy_tree")) == message["metadata"]
    assert _copied(driver, "copy_id") == id_
    driver.choose(path)
    assert _copied(driver, "copy_path") == path


def test_the_command_shows_the_same_record(
    driver: Driver, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:

    id_, _, _ = _secret()
    driver.open(CLEAN, f"{ENVIRONMENT}/{id_}")
    shown = _copied(driver, "copy_json")
    command = shlex.split(_copied(driver, "copy_command"))
    assert command[0] == "stigmer-inspector"
    capfdbinary.readouterr()
    assert main(command[1:]) == 0
    assert capfdbinary.readouterr().out.decode() == shown + "\n"


def test_an_export_asks_once_and_says_what_is_covered(driver: Driver, tmp_path: Path) -> None:
    id_, _, secret = _secret()
    driver.window.settings.export_folder = str(tmp_path)
    driver.open(CLEAN, f"{ENVIRONMENT}/{id_}")
    for action, given in (("export", False), ("export_secrets", True)):
        driver.press(action)
        assert not _visible(QMessageBox)
        dialog = _top(driver, QFileDialog)
        target = tmp_path / f"{given}.json"
        dialog.fileSelected.emit(str(target))
        driver.wait(target.exists)
        assert (secret in target.read_text(encoding="utf-8")) == given
        driver.wait(lambda: "exported to" in driver.window.status.note.text())
        assert target.name in driver.window.status.note.text()
        assert ("exported as [covered]" in driver.window.status.note.text()) != given
        dialog.reject()


def test_a_record_without_secrets_is_exported_without_a_question(
    driver: Driver, tmp_path: Path
) -> None:
    driver.window.settings.export_folder = str(tmp_path)
    driver.open(CLEAN, "skill/skl-01m7y9fcz1p3v35da0551j8827")
    driver.press("export")
    dialog = _top(driver, QFileDialog)
    assert Path(dialog.selectedFiles()[0]).name == "skill-check-review-0.json"
    dialog.reject()


def test_secrets_are_covered_again_when_the_window_is_left(driver: Driver) -> None:
    id_, path, secret = _secret()
    driver.open(CLEAN, f"{ENVIRONMENT}/{id_}")
    tree = driver.window.record.tree
    item = driver.choose(path)
    driver.press("secrets")
    assert secret in tree.fields.index_of(item, 1).data()
    covering = driver.window.parts_now().record_copy.covering
    QApplication.sendEvent(driver.window, QEvent(QEvent.Type.WindowDeactivate))
    assert covering.timer.isActive()
    # What the README promises: a minute without the window.
    assert covering.timer.isSingleShot()
    assert covering.timer.interval() == 60_000
    QApplication.sendEvent(driver.window, QEvent(QEvent.Type.WindowActivate))
    assert not covering.timer.isActive()
    QApplication.sendEvent(driver.window, QEvent(QEvent.Type.WindowDeactivate))
    covering.timer.timeout.emit()
    assert secret not in tree.fields.index_of(item, 1).data()
    assert not driver.window.actions_["secrets"].isChecked()


def _visible(kind: type[T]) -> list[T]:
    widgets = QApplication.topLevelWidgets()
    return [w for w in widgets if isinstance(w, kind) and w.isVisible()]


def _top(driver: Driver, kind: type[T]) -> T:
    driver.wait(lambda: bool(_visible(kind)))
    return _visible(kind)[0]


AGENT = "agent/agt-01m7y9fhjm9ryr05nweyrj87vx"
EXECUTION = "agent_execution/aex-01m7y9fj502n189pmvwv9yqnvq"


def _can(driver: Driver, wanted: set[str]) -> bool:
    return enabled(driver) == wanted


def enabled(driver: Driver) -> set[str]:
    names_ = ("follow", "uncover", "open_below", "grow")
    return {name for name in names_ if driver.window.actions_[name].isEnabled()}


def offered(view: QWidget) -> list[str]:
    return [action.objectName() for action in view.actions()]


# The field the cursor is on


def test_only_what_can_be_done_with_a_field_is_enabled(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    driver.wait(lambda: bool(driver.window.record.tree.fields.look.links))
    found = driver.window.record.tree.fields.look.links.values()
    link = next(one.reference.place.path for one in found if one.target is not None)
    cases: list[tuple[str, set[str]]] = [
        ("spec.runtime_env", {"open_below"}),
        ('spec.runtime_env["RUN_SECRET"].value', {"uncover"}),
        (link, {"follow"}),
        ("spec.message", set()),
    ]
    for path, can in cases:
        driver.choose(path)
        driver.wait(partial(_can, driver, can))


def test_secrets_that_are_all_shown_are_not_covered_one_by_one(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    driver.choose('spec.runtime_env["RUN_SECRET"].value')
    driver.wait(lambda: "uncover" in enabled(driver))
    driver.press("secrets")
    driver.wait(lambda: "uncover" not in enabled(driver))


def test_in_a_row_of_a_table_only_what_is_covered_can_be_shown(driver: Driver) -> None:
    driver.open(STORE)
    driver.wait(lambda: driver.window.kinds.choose(EntryType.TABLE, "resources"))
    row = driver.window.record.row
    driver.wait(row.isVisible)
    columns = [row.values.index(at, 0).data() for at in range(row.values.rowCount())]
    row.table.selectRow(columns.index("data"))
    driver.wait(lambda: enabled(driver) == {"uncover"})
    row.table.selectRow(columns.index("kind"))
    driver.wait(lambda: enabled(driver) == set())


# The menu of a version


def test_a_version_is_opened_and_named_from_its_menu(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    history = driver.window.record.history
    menu = offered(history.table)
    assert {"open_version", "copy_hash", "copy_tag"} <= set(menu)
    assert menu[0] == "open_version"
    tagged = next(r for r, v in enumerate(history.versions.versions) if v.tag and not v.live)
    history.choose(tagged)
    version = history.versions.version(tagged)
    assert version is not None
    for action, text in (("copy_hash", version.version_hash), ("copy_tag", version.tag)):
        driver.press(action)
        assert QGuiApplication.clipboard().text() == text
    driver.press("open_version")
    driver.wait(lambda: driver.at()[2] == version.name)
    assert not driver.window.actions_["open_version"].isEnabled()
    driver.press("live")
    driver.wait(lambda: driver.at()[2] == "live")


def test_without_a_version_there_is_none_to_open_or_to_name(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    for action in ("open_version", "copy_hash", "copy_tag", "live"):
        assert not driver.window.actions_[action].isEnabled()


# Two versions


def test_two_versions_selected_with_ctrl_are_compared(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    old, new = names(driver, 5, 2)
    history = driver.window.record.history
    history.table.selectRow(5)
    spot = history.table.visualRect(history.versions.index(2, 1)).center()
    QTest.mouseClick(
        history.table.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.ControlModifier,
        spot,
    )
    shows(driver, f"Before {old}, after {new}")
    assert history.versions.base == 5
    history.table.selectRow(2)
    shows(driver, f"Before {names(driver, 3)[0]}, after {new}")


def test_two_versions_are_selected_by_keys_whichever_comes_first(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    history = driver.window.record.history
    history.choose(1)
    history.table.setFocus()
    for _ in range(3):
        QTest.keyClick(history.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(history.table, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    old, new = names(driver, 4, 1)
    shows(driver, f"Before {old}, after {new}")
    driver.press("against_previous")
    shows(driver, f"Before {names(driver, 2)[0]}, after {new}")


def test_a_choice_of_what_is_before_ends_the_pair(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    history = driver.window.record.history
    flags = QItemSelectionModel.SelectionFlag
    history.choose(1)
    history.table.selectionModel().select(history.versions.index(4, 0), flags.Select | flags.Rows)
    old, new, other = names(driver, 4, 1, 6)
    shows(driver, f"Before {old}, after {new}")
    driver.window.parts_now().compare.pick_before(6)
    shows(driver, f"Before {other}, after {new}")


# The menu of a kind, and a kind as a whole


def save_as(driver: Driver, target: Path, title: str) -> None:
    dialogs = [w for w in QApplication.topLevelWidgets() if isinstance(w, QFileDialog)]
    assert dialogs[-1].windowTitle() == title
    dialogs[-1].fileSelected.emit(str(target))
    driver.wait(target.exists)
    dialogs[-1].reject()


def test_the_menu_of_a_kind_exports_it_and_closes_nothing(driver: Driver, tmp_path: Path) -> None:
    driver.window.settings.export_folder = str(tmp_path)
    driver.open(STORE, EXECUTION)
    menu = offered(driver.window.kinds)
    assert menu[0] == "export_kind"
    assert "close" not in menu
    driver.window.kinds.choose(EntryType.KIND, "environment")
    driver.press("export_kind")
    target = tmp_path / "all.ndjson"
    save_as(driver, target, "Export all records of Environment")
    lines = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    ids = [head.id for head in Session.open(STORE).records("environment").rows]
    assert [line["metadata"]["id"] for line in lines] == ids
    driver.wait(lambda: "exported as [covered]" in driver.window.status.note.text())


def test_the_menu_of_a_table_row_copies_the_value(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    driver.wait(lambda: driver.window.kinds.choose(EntryType.TABLE, "schema_version"))
    row = driver.window.record.row
    driver.wait(row.isVisible)
    names = ["copy", "uncover", "", "sort_column", "read_as", "show_time"]
    assert offered(row.table) == names


def test_all_kinds_are_exported_too_but_no_table(driver: Driver, tmp_path: Path) -> None:
    driver.window.settings.export_folder = str(tmp_path)
    driver.open(STORE, EXECUTION)
    action = driver.window.actions_["export_kind"]
    driver.wait(lambda: driver.window.kinds.choose(EntryType.TABLE, "resources"))
    assert not action.isEnabled()
    driver.window.kinds.choose(EntryType.ALL, "")
    driver.press("export_kind")
    save_as(driver, tmp_path / "all.ndjson", "Export all records")
    total = sum(kind.records for kind in Session.open(STORE).kinds())
    driver.wait(lambda: f"{total} records exported" in driver.window.status.note.text())


# The head


def test_the_head_compares_with_another_record(driver: Driver) -> None:
    driver.open(STORE, AGENT)
    buttons = driver.window.record.heading.findChildren(QToolButton)
    assert "Compare with another record" in [button.accessibleName() for button in buttons]


# The file


def test_the_file_is_shown_where_it_lies_and_its_path_copied(
    driver: Driver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "a folder" / "s.db"
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE things (a)")
    asked: list[Path] = []

    def reveal(shown: Path) -> bool:
        asked.append(shown)
        return len(asked) > 1

    monkeypatch.setattr(file_actions, "reveal", reveal)
    driver.window.open(lambda: Session.open(path), os.fspath(path))
    driver.window.show()
    driver.wait(lambda: driver.window.facts is not None)
    driver.window.complete()
    driver.press("copy_file_path")
    assert QGuiApplication.clipboard().text() == os.fspath(path)
    driver.press("reveal_file")
    assert driver.window.status.note.text() == "No file manager could be started."
    driver.press("reveal_file")
    assert asked == [path, path]


def test_where_the_demo_lies_is_nobodys_business(driver: Driver) -> None:
    driver.open(None)
    assert not driver.window.actions_["reveal_file"].isEnabled()
    assert not driver.window.actions_["copy_file_path"].isEnabled()


def test_find_goes_to_the_filter_where_the_record_has_nothing_to_find_in(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    for tab in ("history", "activity"):
        driver.press(tab)
        driver.window.record.focus()
        assert not driver.window.records.filter.hasFocus()
        driver.press("find")
        driver.wait(driver.window.records.filter.hasFocus)
    driver.press("fields")
    driver.window.record.focus()
    driver.press("find")
    driver.wait(lambda: not driver.window.records.filter.hasFocus())
