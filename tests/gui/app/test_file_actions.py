"""File, Save snapshot: the whole store as one file; asked for, told, refused, cancelled."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from inspector.errors import CancelledError
from inspector.gui.app import file_actions
from inspector.gui.style.theme import Theme
from inspector.session.session import Session
from inspector.store.rows import Cancel
from tests.builders import layouts
from tests.builders.layouts import Rec
from tests.builders.writer import Writer
from tests.gui.windows import Driver


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return layouts.v2(tmp_path / "stigmer.db", [Rec("agent", f"agt-{n}") for n in range(3)])


@pytest.fixture
def driver(qtbot: QtBot, theme: Theme) -> Driver:
    return Driver(qtbot)


def save(driver: Driver, path: Path) -> None:
    """Answer the dialog with a file."""
    driver.press("snapshot")
    (dialog,) = driver.window.findChildren(QFileDialog)
    assert dialog.windowTitle() == "Save snapshot"
    dialog.fileSelected.emit(str(path))
    dialog.close()


def test_what_a_writer_committed_last_is_in_the_one_file(driver: Driver, path: Path) -> None:
    with Writer(path) as writer:
        writer.sql("DELETE FROM resources WHERE id = 'agt-1'")
        driver.open(path)
        target = path.with_name("copy.sqlite")
        save(driver, target)
        driver.wait(lambda: driver.window.status.note.text().startswith("Snapshot written to"))
    with closing(sqlite3.connect(target)) as connection:
        found = connection.execute("SELECT id FROM resources ORDER BY id").fetchall()
    assert found == [("agt-0",), ("agt-2",)]
    assert not target.with_name("copy.sqlite-wal").exists()
    assert not driver.window.banner.isVisible()
    driver.window.close()


def test_it_never_takes_the_place_of_the_store(driver: Driver, path: Path) -> None:
    driver.open(path)
    before = path.read_bytes()
    save(driver, path)
    driver.wait(lambda: bool(driver.window.findChildren(QMessageBox)))
    (box,) = driver.window.findChildren(QMessageBox)
    assert "store's own file" in f"{box.text()} {box.informativeText()}"
    box.close()
    assert path.read_bytes() == before
    driver.window.close()


def test_it_can_be_cancelled(driver: Driver, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def copy(_session: Session, _path: Path, cancel: Cancel, progress: object) -> None:
        assert callable(progress)
        progress(3, 10)
        while not cancel.is_set():
            pass
        raise CancelledError("Cancelled.")

    monkeypatch.setattr(file_actions, "save_copy", copy)
    driver.open(path)
    save(driver, path.with_name("copy.sqlite"))
    driver.wait(lambda: "3 of 10 pages" in driver.window.banner.words)
    driver.window.tasks.cancel(file_actions.CHANNEL)
    driver.wait(lambda: driver.window.status.note.text().startswith("Snapshot cancelled"))
    assert not driver.window.banner.isVisible()
    assert not path.with_name("copy.sqlite").exists()
    driver.window.close()
