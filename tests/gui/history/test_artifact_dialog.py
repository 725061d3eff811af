"""A skill's artifact in the window: there or not, its hash, its entries, their text."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from inspector.gui.history.artifact_dialog import ENTRY_KEYS, ArtifactDialog, EntriesModel, verdict
from inspector.gui.style.theme import Theme
from inspector.history.archive import ArchiveEntry
from inspector.history.artifacts import Artifact, EntryPair
from inspector.session.session import Session
from inspector.session.version_outline import versions_of
from tests.gui.windows import Driver
from tests.places import REAL

FOLDER = REAL / "v2-clean"
SKILL = "skill/check-review-0"
SKILL_ID = "skl-01m7y9fcz1p3v35da0551j8827"


@pytest.fixture
def driver(qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch) -> Iterator[Driver]:
    monkeypatch.delenv("STORAGE_PATH", raising=False)
    made = Driver(qtbot)
    yield made
    made.window.close()


def opened(driver: Driver) -> ArtifactDialog:
    driver.wait(driver.window.actions_["artifact"].isEnabled)
    control_shift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(driver.window, Qt.Key.Key_A, control_shift)
    dialog = driver.window.findChild(ArtifactDialog)
    assert isinstance(dialog, ArtifactDialog)
    driver.wait(lambda: dialog.words.text() != "Looking")
    return dialog


def test_the_artifact_of_a_version_and_its_text(driver: Driver) -> None:
    driver.open(FOLDER / "stigmer.db", SKILL)
    dialog = opened(driver)
    assert dialog.words.text() == "Artifact found. Its SHA-256 matches the version's hash."
    assert "bytes" in dialog.facts.text()
    assert dialog.entries.index(0, ENTRY_KEYS.index("name")).data() == "SKILL.md"
    assert dialog.entries.index(0, 0).data() == "Changed"
    field = driver.item("spec.skill_md").node
    assert field is not None
    driver.wait(lambda: bool(dialog.text.text()))
    assert dialog.text.text() == field.value
    dialog.reject()


def test_the_two_versions_that_are_compared_are_shown_beside_each_other(driver: Driver) -> None:
    driver.open(FOLDER / "stigmer.db", SKILL)
    driver.press("history")
    history = driver.window.record.history
    driver.wait(lambda: history.versions.rowCount() > 0)
    history.table.selectRow(3)
    history.difference.before.picked.emit(9)
    dialog = opened(driver)
    names = [(history.versions.versions[row].version_hash or "")[:8] for row in (9, 3)]
    assert dialog.windowTitle().startswith(f"Artifact: before {names[0]}")
    assert f"after {names[1]}" in dialog.windowTitle()
    assert names[1] in dialog.facts.text()
    assert dialog.entries.index(0, 0).data() == "Changed"
    dialog.reject()


def test_an_artifact_that_is_not_there_says_where_was_looked(
    driver: Driver, tmp_path: Path
) -> None:
    path = tmp_path / "stigmer.db"
    shutil.copyfile(FOLDER / "stigmer.db", path)
    driver.open(path, SKILL)
    dialog = opened(driver)
    assert dialog.words.text().startswith("Artifact not found. Looked in ")
    assert dialog.entries.rowCount() == 0
    dialog.reject()


def test_an_artifact_whose_predecessor_is_gone_is_not_compared(
    driver: Driver, tmp_path: Path
) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "store")
    history = versions_of(Session.open(folder / "stigmer.db"), "skill", SKILL_ID)
    (folder / "storage" / "skills" / f"{history[1].version_hash}.zip").unlink()
    driver.open(folder / "stigmer.db", SKILL)
    dialog = opened(driver)
    assert dialog.words.text().endswith("was not found, so they are not compared.")
    assert dialog.entries.rowCount() > 0
    assert dialog.entries.index(0, 0).data() == ""
    dialog.reject()


def test_an_artifact_that_is_another_one_says_so() -> None:
    made = Artifact("k", "aa", Path("a.zip"), 3, "bb")
    assert (
        verdict(made)[0]
        == "Artifact found, but it does not match the version's hash. Its SHA-256 is bb."
    )


def test_only_skills_have_one(driver: Driver) -> None:
    driver.open(FOLDER / "stigmer.db", "agent_execution/exec-rotate-deploy-2")
    assert not driver.window.actions_["artifact"].isEnabled()


def test_entries_of_two_versions_are_compared(qtbot: QtBot) -> None:
    one = ArchiveEntry(0, "a.md", 1_200, 300, 5, False, True, "")
    model = EntriesModel()
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    QAbstractItemModelTester(model, fatal, model)
    other = one._replace(crc=6)
    pairs = [
        EntryPair("a.md", one, one),
        EntryPair("b.md", one, other),
        EntryPair("c.md", None, one),
        EntryPair("d.md", one, None),
    ]
    model.show(pairs, compared=True)
    said = [model.index(row, 0).data() for row in range(4)]
    assert said == ["the same", "Changed", "Added", "Removed"]
    words = model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert words == "Changed, a.md, 1,200, 300"
    model.show(pairs, compared=False)
    assert model.index(1, 0).data() == ""
