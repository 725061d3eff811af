"""States out of the write-ahead log beside a record's versions: listed, compared, opened."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from inspector.gui.cells.version_cells import KEYS
from inspector.gui.style.theme import Theme
from tests.builders.writer import Writer
from tests.gui.followed import killed_store, made_store
from tests.gui.windows import Driver


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    return killed_store(tmp_path)


@pytest.fixture
def driver(qtbot: QtBot, theme: Theme) -> Iterator[Driver]:
    made = Driver(qtbot)
    made.window.resize(1440, 900)
    yield made
    made.window.close()


def rows(driver: Driver) -> list[str]:
    model = driver.window.record.history.versions
    return [str(model.index(row, KEYS.index("version")).data()) for row in range(model.rowCount())]


def test_a_record_without_versions_has_the_states_of_the_log(driver: Driver, killed: Path) -> None:
    before = [one.read_bytes() for one in sorted(killed.parent.iterdir())]
    driver.open(killed, "agent/agt-003")
    driver.press("history")
    driver.wait(lambda: len(rows(driver)) == 4)
    assert rows(driver) == ["current", "commit 2", "commit 1", "commit 0"]
    # What was before the log is not known: it is not called the first version.
    versions = driver.window.record.history.versions
    change = KEYS.index("change")
    driver.wait(lambda: versions.index(3, change).data() == "earliest known state")
    driver.window.record.history.choose(3)
    pane = driver.window.record.history.difference
    driver.wait(lambda: pane.empty.sentence.text().startswith("This is the earliest known state;"))
    tree = pane.tree
    driver.window.record.history.choose(1)
    driver.wait(lambda: [one.name for one in tree.rows.root.changes()] == ["spec.instructions"])
    driver.window.record.history.table.activated.emit(
        driver.window.record.history.versions.index(1, 0)
    )
    driver.reach("agent", "agt-003", "wal:2")
    strip = driver.window.record.version_banner
    driver.wait(strip.isVisible)
    assert "from the write-ahead log, commit 2 of 4" in strip.words
    driver.press("fields")
    item = driver.item("spec.instructions")
    assert item.node is not None and item.node.value == "Two."
    driver.press("live")
    driver.reach("agent", "agt-003")
    assert [one.read_bytes() for one in sorted(killed.parent.iterdir())] == before


def test_without_a_log_nothing_is_added(driver: Driver, tmp_path: Path) -> None:
    driver.open(made_store(tmp_path), "agent/agt-003")
    driver.press("history")
    driver.wait(driver.window.tasks.is_idle)
    assert rows(driver) == []
    assert driver.window.record.history.empty.isVisible()


def test_a_log_that_was_copied_back_is_said(driver: Driver, killed: Path, tmp_path: Path) -> None:
    """Where a checkpoint has copied pages back, earlier states are not shown for exact."""
    copy = tmp_path / "copied"
    copy.mkdir()
    path = copy / killed.name
    for suffix in ("", "-wal"):
        shutil.copyfile(f"{killed}{suffix}", f"{path}{suffix}")
    with Writer(path) as writer:
        writer.sql("PRAGMA wal_checkpoint(PASSIVE)")
        writer.kill()
    driver.open(path, "agent/agt-003")
    driver.press("history")
    note = driver.window.record.history.rewritten
    driver.wait(note.isVisible)
    assert "commits of the write-ahead log can no longer be read" in note.text()
