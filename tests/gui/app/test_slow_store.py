"""A store that takes its time: the window lives on, the newest wins, closing ends all of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inspector.gui.app.main_window import MainWindow
from inspector.gui.kinds.kinds_model import EntryType
from inspector.gui.search.goto_dialog import GotoDialog
from inspector.gui.settings.settings import Settings
from inspector.gui.start import start_page
from inspector.session.session import Session
from inspector.session.store_probe import StoreProbe
from tests.gui.slow import Gate, SlowStore, slow_session
from tests.places import REAL

STORE = REAL / "v2-clean" / "stigmer.db"
LONG = 20_000
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Slow:
    """A window on a store behind a gate."""

    def __init__(self, qtbot: QtBot, gate: Gate) -> None:
        self.bot, self.gate, self.closed = qtbot, gate, False
        self.session = slow_session(STORE, gate)
        self.window = MainWindow(Settings())

    @property
    def store(self) -> SlowStore:
        assert isinstance(self.session.store, SlowStore)
        return self.session.store

    def open(self) -> None:
        self.window.open(lambda: self.session, str(STORE), remembered_by=str(STORE))
        self.window.show()

    def held(self) -> None:
        """Wait until a question is held up."""
        self.bot.waitUntil(self.gate.held.is_set, timeout=LONG)

    def ready(self) -> None:
        """Wait until a record is on screen and nothing is under way."""
        self.bot.waitUntil(
            lambda: self.window.record.record is not None and not self.busy(), timeout=LONG
        )

    def busy(self) -> bool:
        names = ("open", "rows", "anchors", "record", "gone", "links", "history")
        return any(map(self.window.tasks.is_busy, names))

    def turns(self, number: int = 20) -> None:
        """Let the event loop turn so many times, which it can only do when nothing blocks it."""
        seen: list[int] = []
        timer = QTimer()
        timer.timeout.connect(lambda: seen.append(1))
        timer.start(0)
        self.bot.waitUntil(lambda: len(seen) >= number, timeout=LONG)
        timer.stop()

    def close(self) -> None:
        self.closed = True
        self.window.close()


@pytest.fixture
def slow(qtbot: QtBot) -> Iterator[Slow]:
    gate = Gate()
    made = Slow(qtbot, gate)
    yield made
    gate.open()
    if not made.closed:
        made.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.mark.parametrize("question", ["facts", "kinds"])
def test_closing_while_it_opens_ends_it(slow: Slow, question: str) -> None:
    slow.gate.shut(question)
    slow.open()
    slow.held()
    slow.turns()
    slow.close()
    assert slow.gate.cancelled == {question: 1}
    assert slow.store.closed == 1


def test_a_search_that_is_asked_for_while_it_opens_begins_when_it_is_open(slow: Slow) -> None:
    slow.gate.shut("facts")
    slow.open()
    slow.held()
    slow.bot.waitUntil(slow.window.isActiveWindow, timeout=LONG)
    QTest.keyClick(slow.window, Qt.Key.Key_F, CONTROL | SHIFT)
    slow.gate.open()
    slow.bot.waitUntil(lambda: slow.window.facts is not None, timeout=LONG)
    search = slow.window.parts_now().search.pane
    slow.bot.waitUntil(search.filter.hasFocus, timeout=LONG)
    assert search.isVisible()


@pytest.mark.parametrize("before", ["start page", "store"])
def test_a_key_is_not_lost_while_a_window_that_is_made_already_opens_a_file(
    slow: Slow, before: str
) -> None:
    if before == "store":
        slow.open()
        slow.ready()
        slow.session = slow_session(STORE, slow.gate)
    else:
        slow.window.show_start(())
        slow.window.show()
    slow.bot.waitUntil(lambda: slow.window.is_complete, timeout=LONG)
    slow.gate.shut("facts")
    slow.open()
    slow.held()
    slow.bot.waitUntil(slow.window.isActiveWindow, timeout=LONG)
    focused = slow.window.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_F, CONTROL | SHIFT)
    search = slow.window.parts_now().search.pane
    assert not search.isVisible()
    slow.gate.open()
    slow.bot.waitUntil(search.filter.hasFocus, timeout=LONG)
    slow.bot.waitUntil(lambda: not slow.busy(), timeout=LONG)
    assert search.isVisible()


def test_several_keys_that_are_pressed_while_it_opens_are_all_done(slow: Slow) -> None:
    slow.gate.shut("facts")
    slow.open()
    slow.held()
    slow.bot.waitUntil(slow.window.isActiveWindow, timeout=LONG)
    QTest.keyClick(slow.window, Qt.Key.Key_F, CONTROL | SHIFT)
    for _ in range(2):  # once more, since nothing came
        QTest.keyClick(slow.window, Qt.Key.Key_G, CONTROL)
    slow.gate.open()
    slow.bot.waitUntil(lambda: bool(slow.window.findChildren(GotoDialog)), timeout=LONG)
    slow.bot.waitUntil(slow.window.parts_now().search.pane.isVisible, timeout=LONG)
    (box,) = slow.window.findChildren(GotoDialog)
    box.close()


def test_what_was_chosen_for_a_store_is_not_done_in_the_next(
    slow: Slow,
) -> None:
    """Chosen behind the opening, before there was a record: it was done when F5 opened it anew."""
    chosen: list[bool] = []

    def choose() -> None:
        chosen.append(slow.window.is_complete)
        slow.window.actions_["copy_id"].trigger()

    slow.gate.shut("rows")
    slow.open()
    slow.held()
    slow.turns()
    slow.window.records.listed.connect(choose, Qt.ConnectionType.SingleShotConnection)
    slow.gate.open()
    slow.bot.waitUntil(lambda: bool(chosen), timeout=LONG)
    slow.ready()
    assert chosen == [False]
    QGuiApplication.clipboard().setText("before")
    slow.session = slow_session(STORE, slow.gate)
    slow.open()
    slow.ready()
    slow.turns()
    assert QGuiApplication.clipboard().text() == "before"


@pytest.mark.parametrize("question", ["rows", "row", "anchors"])
def test_closing_while_it_reads_ends_it(slow: Slow, question: str) -> None:
    slow.gate.shut(question)
    slow.open()
    slow.bot.waitUntil(
        lambda: slow.gate.held.is_set() or (slow.window.record.record is not None), timeout=LONG
    )
    slow.turns()
    slow.close()
    assert slow.store.closed == 1


def test_the_window_lives_on_while_a_record_is_read(slow: Slow) -> None:
    slow.open()
    slow.ready()
    before = slow.window.record.record
    slow.gate.shut("row")
    slow.window.records.table.selectRow(1)
    slow.held()
    slow.turns(100)
    assert slow.window.record.record is before
    slow.gate.open()
    slow.bot.waitUntil(lambda: slow.window.record.record is not before, timeout=LONG)


def test_the_newest_of_many_wins(slow: Slow) -> None:
    slow.open()
    slow.ready()
    slow.gate.shut("row")
    asked = slow.gate.asked["row"]
    rows = slow.window.records.records.rowCount()
    for row in range(1, rows):
        slow.window.records.table.selectRow(row)
        slow.turns(2)
    last = slow.window.records.current()
    assert last is not None
    slow.held()
    slow.gate.open()
    slow.bot.waitUntil(
        lambda: slow.window.record.record is not None and slow.window.record.record.id == last.id,
        timeout=LONG,
    )
    assert slow.gate.cancelled.get("row", 0) >= 1
    assert slow.gate.asked["row"] - asked <= 2 * rows
    slow.ready()


def test_the_newest_kind_wins(slow: Slow) -> None:
    slow.open()
    slow.ready()
    kinds = slow.window.kinds
    slow.gate.shut("rows", "heads")
    chosen = [
        row
        for row in range(kinds.kinds.rowCount())
        if (entry := kinds.kinds.entry(row)) and entry.kind in ("session", "skill", "workflow")
    ]
    for row in chosen:
        kinds.choose_row(row)
        slow.turns(2)
    slow.gate.open()
    slow.bot.waitUntil(
        lambda: (
            slow.window.record.record is not None and slow.window.record.record.kind == "workflow"
        ),
        timeout=LONG,
    )
    slow.ready()
    assert slow.window.records.records.rowCount() == 5


def test_another_file_may_be_opened_before_the_first_is_open(slow: Slow) -> None:
    slow.gate.shut("facts")
    slow.open()
    slow.held()
    other = REAL / "v0" / "stigmer.db"
    slow.window.open(lambda: Session.open(other), str(other), remembered_by=str(other))
    slow.bot.waitUntil(lambda: slow.window.facts is not None, timeout=LONG)
    assert slow.window.facts is not None
    assert slow.window.facts.layout == 0
    assert slow.gate.cancelled == {"facts": 1}
    slow.ready()


def test_closing_the_start_page_ends_its_looks(
    slow: Slow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begun, ended = Event(), Event()

    def look(path: str, cancel: Event) -> StoreProbe:
        begun.set()
        cancel.wait()
        ended.set()
        return StoreProbe(path)

    monkeypatch.setattr(start_page, "probe", look)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DB_PATH", str(tmp_path / "none.db"))
    slow.window.show_start(())
    slow.window.show()
    slow.bot.waitUntil(begun.is_set, timeout=LONG)
    slow.turns()
    slow.close()
    assert ended.is_set()


def test_opening_a_file_from_the_start_page_does_not_wait_for_its_looks(
    slow: Slow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begun = Event()

    def look(path: str, cancel: Event) -> StoreProbe:
        begun.set()
        cancel.wait()
        return StoreProbe(path)

    monkeypatch.setattr(start_page, "probe", look)
    monkeypatch.setenv("DB_PATH", str(tmp_path / "none.db"))
    slow.window.show_start(())
    slow.window.show()
    slow.bot.waitUntil(begun.is_set, timeout=LONG)
    slow.open()
    slow.ready()


def test_a_record_that_arrives_late_does_not_take_the_place_of_a_table(slow: Slow) -> None:
    slow.open()
    slow.ready()
    window = slow.window
    slow.bot.waitUntil(lambda: window.kinds.kinds.find(EntryType.TABLE, "resources") >= 0)
    slow.gate.shut("row")
    QTest.keyClick(window.records.table, Qt.Key.Key_Down)
    slow.held()
    assert window.kinds.choose(EntryType.TABLE, "schema_version")
    slow.gate.open()
    slow.turns()
    slow.bot.waitUntil(lambda: not slow.busy(), timeout=LONG)
    slow.turns()
    assert window.windowTitle().startswith("schema_version - Table - ")
    assert window.status.schema.text() == ""

    # The record of that row is read when one comes back to it.
    assert window.kinds.choose(EntryType.KIND, "agent")
    slow.bot.waitUntil(lambda: " - Agent - " in window.windowTitle(), timeout=LONG)
    assert window.status.schema.text() != ""


@pytest.mark.parametrize("question", ["heads", "anchors", "row", "versions"])
def test_records_that_are_listed_late_do_not_take_the_place_of_a_table(
    slow: Slow, question: str
) -> None:
    slow.open()
    slow.ready()
    window = slow.window
    slow.bot.waitUntil(lambda: window.kinds.kinds.find(EntryType.TABLE, "resources") >= 0)
    slow.gate.shut(question)
    assert window.kinds.choose(EntryType.KIND, "skill")
    slow.turns()
    assert window.kinds.choose(EntryType.TABLE, "schema_version")
    slow.gate.open()
    slow.bot.waitUntil(lambda: not slow.busy(), timeout=LONG)
    slow.turns()
    assert window.windowTitle().startswith("schema_version - Table - ")
    assert window.records.view() is window.records.tables.table

    slow.gate.shut(question)
    assert window.kinds.choose(EntryType.KIND, "skill")
    slow.turns()
    slow.gate.open()
    slow.bot.waitUntil(lambda: " - Skill - " in window.windowTitle(), timeout=LONG)
