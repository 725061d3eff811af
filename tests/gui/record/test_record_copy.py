"""Copying and exporting through the menus: secrets stay covered unless asked for."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from inspector.__main__ import main
from inspector.decode.paths import walk
from inspector.gui.settings.settings import Settings
from inspector.session.session import Session
from tests.gui.windows import Driver
from tests.places import REAL

STORE = REAL / "v2-clean" / "stigmer.db"
ENVIRONMENT = "environment"
T = TypeVar("T", bound=QDialog)


def _secret() -> tuple[str, str, str]:
    """An environment that holds a secret, the secret's path, and the secret."""
    session = Session.open(STORE)
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
    driver.open(STORE, f"{ENVIRONMENT}/{id_}")
    driver.choose(path)
    for action in ("copy", "copy_json", "copy_tree", "copy_markdown"):
        text = _copied(driver, action)
        assert secret not in text
        assert "[covered]" in text


def test_what_is_copied_reads_back(driver: Driver) -> None:
    id_, path, _ = _secret()
    driver.open(STORE, f"{ENVIRONMENT}/{id_}")
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
    driver.open(STORE, f"{ENVIRONMENT}/{id_}")
    shown = _copied(driver, "copy_json")
    command = shlex.split(_copied(driver, "copy_command"))
    assert command[0] == "stigmer-inspector"
    capfdbinary.readouterr()
    assert main(command[1:]) == 0
    assert capfdbinary.readouterr().out.decode() == shown + "\n"


def test_an_export_asks_once_and_says_what_is_covered(driver: Driver, tmp_path: Path) -> None:
    id_, _, secret = _secret()
    driver.window.settings.export_folder = str(tmp_path)
    driver.open(STORE, f"{ENVIRONMENT}/{id_}")
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
    driver.open(STORE, "skill/skl-01m7y9fcz1p3v35da0551j8827")
    driver.press("export")
    dialog = _top(driver, QFileDialog)
    assert Path(dialog.selectedFiles()[0]).name == "skill-check-review-0.json"
    dialog.reject()


def test_secrets_are_covered_again_when_the_window_is_left(driver: Driver) -> None:
    id_, path, secret = _secret()
    driver.open(STORE, f"{ENVIRONMENT}/{id_}")
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
