"""A large store: rows are on screen before anything is counted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from inspector.gui.app.main_window import MainWindow
from inspector.gui.kinds.kinds_model import EntryType, KindEntry
from inspector.gui.settings.settings import Settings
from inspector.store import counting
from tests.gui.slow import Gate, slow_session
from tests.gui.windows import Driver
from tests.places import REAL

STORE = REAL / "v2-clean" / "stigmer.db"


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    monkeypatch.setattr(counting, "_AT_ONCE", 0)
    made = Gate()
    made.shut("kinds")
    return made


@pytest.fixture
def driver(qtbot: QtBot, gate: Gate) -> Iterator[Driver]:
    made = Driver(qtbot, Settings())
    made.window.open(lambda: slow_session(STORE, gate), str(STORE), "skill/check-review-0")
    made.window.show()
    yield made
    gate.open()
    made.window.close()


def entry(window: MainWindow, kind: str) -> KindEntry:
    found = window.kinds.kinds.entry(window.kinds.kinds.find(EntryType.KIND, kind))
    assert found is not None
    return found


def test_rows_come_first_and_numbers_when_they_are_known(driver: Driver, gate: Gate) -> None:
    window = driver.window
    driver.wait(lambda: window.record.record is not None)
    driver.wait(gate.held.is_set)
    assert window.records.records.rowCount() > 0
    assert entry(window, "agent").count is None
    assert window.status.counts.text() == "Counting\N{HORIZONTAL ELLIPSIS}"
    before = driver.at()
    gate.open()
    driver.wait(lambda: entry(window, "agent").count is not None)
    driver.wait(lambda: not window.tasks.is_busy("record") and driver.at() == before)
    assert "record" in window.status.counts.text()


def test_versions_are_listed_once_they_are_counted(driver: Driver, gate: Gate) -> None:
    window = driver.window
    driver.wait(lambda: window.record.record is not None)
    driver.wait(lambda: gate.held.is_set() and window.records.current() is not None)
    head = window.records.current()
    assert head is not None and head.versions == 0
    gate.open()

    def counted() -> bool:
        now = window.records.current()
        return now is not None and now.id == head.id and now.versions > 0

    driver.wait(counted)
    assert entry(window, "skill").versions
