"""The main job in a window: kinds, records, a record as a tree and as JSON, versions, export."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from threading import Event, Semaphore

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QFileDialog, QLineEdit, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from inspector.gui import tasks
from inspector.gui.app.main_window import MainWindow
from inspector.gui.kinds.kinds_model import EntryType
from inspector.gui.records.page_cache import FIRST
from inspector.gui.settings.settings import Settings
from inspector.gui.tasks import Report
from inspector.gui.text.record_json import json_of
from inspector.session.session import Session
from inspector.session.summaries import Version
from inspector.session.version_outline import versions_of
from tests.gui import numbered
from tests.gui.numbered import id_of
from tests.gui.slow import Gate, SlowStore, slow_session
from tests.gui.windows import Driver
from tests.places import REAL

Open = Callable[..., MainWindow]


@pytest.fixture
def start(qtbot: QtBot) -> Iterator[Open]:
    """Opens windows; closes those that are left and fails where a worker met a bug."""
    windows: list[MainWindow] = []
    crashes: list[object] = []

    def begin(session: Session, select: str | None = None) -> MainWindow:
        window = MainWindow(Settings())
        windows.append(window)
        window.closing.connect(windows.remove)
        window.tasks.crashed.connect(crashes.append)
        window.open(lambda: session, "store", select)
        window.show()
        qtbot.waitExposed(window)
        return window

    yield begin
    for window in list(windows):
        window.close()
    assert not crashes


@pytest.fixture
def window(start: Open, qtbot: QtBot) -> MainWindow:
    made = start(Session.demo())
    qtbot.waitUntil(lambda: made.record.record is not None)
    return made


def choose(window: MainWindow, qtbot: QtBot, kind: str, row: int = 0) -> None:
    """Choose a kind and a record of it, and wait for the record."""
    window.kinds.choose_row(window.kinds.kinds.find(EntryType.KIND, kind))
    qtbot.waitUntil(lambda: kind_listed(window) == kind)
    window.records.table.selectRow(row)
    wanted = window.records.records.head_at(row)
    assert wanted is not None
    qtbot.waitUntil(lambda: id_shown(window) == wanted.id)


def kind_listed(window: MainWindow) -> str:
    first = window.records.records.head_at(0)
    return first.kind if first is not None else ""


def id_shown(window: MainWindow) -> str:
    return window.record.record.id if window.record.record is not None else ""


def version_shown(window: MainWindow) -> Version | None:
    assert window.record.record is not None
    return window.record.record.version


def shows(window: MainWindow, version: Version | None) -> bool:
    return version_shown(window) == version


def versioned_row() -> int:
    """The row of a skill with a long history."""
    heads = Session.demo().records("skill").rows
    row = max(range(len(heads)), key=lambda i: heads[i].versions)
    assert heads[row].versions > 5
    return row


def press(window: MainWindow, name: str) -> None:
    action = window.actions_[name]
    assert action.isEnabled(), name
    action.trigger()


def all_paths(window: MainWindow) -> dict[str, str]:
    """Paths of the rows below the root to their values."""
    fields = window.record.tree.fields
    return {
        fields.index(row, 0).data(): fields.index(row, 1).data()
        for row in range(fields.rowCount(QModelIndex()))
    }


def test_a_store_opens_at_its_first_kind_and_record(window: MainWindow) -> None:
    entry = window.kinds.kinds.entry(window.kinds.current_row())
    assert entry is not None
    assert entry.type is EntryType.KIND
    assert window.records.table.current_row() == 0
    head = window.records.current()
    assert head is not None
    assert head.kind == entry.kind
    assert window.records.records.rowCount() == entry.count


def test_every_record_of_the_demo_store_can_be_shown(window: MainWindow, qtbot: QtBot) -> None:
    for kind in Session.demo().kinds():
        if kind.records:
            choose(window, qtbot, kind.kind, kind.records - 1)
            record = window.record.record
            assert record is not None
            if record.tree is not None:
                assert window.record.tree.fields.rowCount() == len(record.tree.root.children)


def test_the_tree_shows_what_the_message_holds(window: MainWindow, qtbot: QtBot) -> None:
    choose(window, qtbot, "skill")
    assert list(all_paths(window))[:5] == ["api_version", "kind", "metadata", "spec", "status"]
    assert all_paths(window)["kind"] == "Skill"


def test_json_is_what_an_export_writes(window: MainWindow, qtbot: QtBot) -> None:
    choose(window, qtbot, "agent_execution")
    press(window, "json")
    record = window.record.record
    assert record is not None
    expected = json_of(record, reveal=False).text
    qtbot.waitUntil(lambda: window.record.json.view.text() == expected)
    assert json.loads(expected)["kind"] == "AgentExecution"


def test_secrets_stay_covered_in_json_until_all_are_shown(window: MainWindow, qtbot: QtBot) -> None:
    choose(window, qtbot, "agent_execution")
    record = window.record.record
    assert record is not None
    assert record.covered
    press(window, "json")
    view = window.record.json.view
    qtbot.waitUntil(lambda: "[covered]" in view.text())
    press(window, "secrets")
    qtbot.waitUntil(lambda: "[covered]" not in view.text() and bool(view.text()))
    assert window.status.secrets.text() == "Secrets shown"
    press(window, "secrets")
    qtbot.waitUntil(lambda: "[covered]" in view.text())
    assert window.status.secrets.text() == ""


def test_versions_are_listed_and_one_is_read_as_not_live(window: MainWindow, qtbot: QtBot) -> None:
    choose(window, qtbot, "skill", versioned_row())
    live = window.record.record
    assert live is not None
    press(window, "history")
    versions = window.record.history.versions
    expected = versions_of(Session.demo(), "skill", live.id)
    qtbot.waitUntil(lambda: versions.rowCount() == len(expected))
    table = window.record.history.table
    table.selectRow(len(expected) - 1)
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "not the current state" in window.record.version_banner.words)
    shown = window.record.record
    assert shown is not None
    assert shown.version == expected[-1]
    press(window, "live")
    qtbot.waitUntil(lambda: window.record.version_banner.words == "")
    assert window.record.record is not None
    assert window.record.record.version is None


def test_versions_are_stepped_through_by_key(window: MainWindow, qtbot: QtBot) -> None:
    choose(window, qtbot, "skill", versioned_row())
    live = window.record.record
    assert live is not None
    expected = [v for v in versions_of(Session.demo(), "skill", live.id) if not v.live]
    for version in expected[:3]:
        press(window, "older")
        qtbot.waitUntil(partial(shows, window, version))
    back: list[Version | None] = [*expected[1::-1], None]
    for wanted in back:
        press(window, "newer")
        qtbot.waitUntil(partial(shows, window, wanted))


def test_a_record_that_is_gone_shows_its_newest_version(window: MainWindow, qtbot: QtBot) -> None:
    kinds = window.kinds.kinds
    qtbot.waitUntil(lambda: kinds.find(EntryType.GONE, "skill") >= 0)
    window.kinds.choose_row(kinds.find(EntryType.GONE, "skill"))
    qtbot.waitUntil(lambda: " of a deleted record, " in window.record.version_banner.words)
    record = window.record.record
    assert record is not None
    assert record.version == versions_of(Session.demo(), "skill", record.id)[0]


def export(window: MainWindow, qtbot: QtBot, name: str, path: Path) -> None:
    press(window, name)
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    field = dialog.findChild(QLineEdit)
    assert field is not None
    field.setText(str(path))
    dialog.accept()
    qtbot.waitUntil(lambda: path.name in window.status.note.text())


def test_export_writes_what_show_prints(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    choose(window, qtbot, "skill")
    record = window.record.record
    assert record is not None
    assert not record.covered
    export(window, qtbot, "export", tmp_path / "out.json")
    assert (tmp_path / "out.json").read_text() == json_of(record, reveal=False).text + "\n"
    choose(window, qtbot, "agent_execution")
    record = window.record.record
    assert record is not None
    assert record.covered
    export(window, qtbot, "export_secrets", tmp_path / "all.json")
    assert (tmp_path / "all.json").read_text() == json_of(record, reveal=True).text + "\n"


def test_an_export_that_fails_says_so_and_leaves_the_window_alive(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    choose(window, qtbot, "skill")
    folder = tmp_path / "folder.json"
    folder.mkdir()
    press(window, "export")
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(folder))
    dialog.reject()
    qtbot.waitUntil(lambda: window.findChild(QMessageBox) is not None)
    box = window.findChild(QMessageBox)
    assert box is not None
    assert "folder.json" in box.text()
    box.reject()
    choose(window, qtbot, "agent_execution")


def test_a_covered_value_is_shown_by_enter_and_never_copied(
    window: MainWindow, qtbot: QtBot
) -> None:
    choose(window, qtbot, "agent_execution")
    tree, reader = window.record.tree, window.record.reader
    record = window.record.record
    assert record is not None
    item = next(
        tree.fields.item(index)
        for index in walk(tree)
        if id(tree.fields.item(index).node) in record.covered
    )
    tree.setCurrentIndex(tree.fields.index_of(item))
    assert reader.text().startswith("Hidden secret.")
    tree.setFocus()
    press(window, "copy")
    assert QGuiApplication.clipboard().text() == "[covered]"
    QTest.keyClick(tree, Qt.Key.Key_Return)
    assert not reader.text().startswith("Hidden secret.")
    QTest.keyClick(tree, Qt.Key.Key_Return)
    assert reader.text().startswith("Hidden secret.")


def walk(tree: QAbstractItemView) -> Iterator[QModelIndex]:
    model = tree.model()
    stack = [model.index(row, 0) for row in range(model.rowCount())]
    while stack:
        index = stack.pop(0)
        yield index
        stack += [model.index(row, 0, index) for row in range(model.rowCount(index))]


def test_a_record_can_be_asked_for_at_the_start(start: Open, qtbot: QtBot) -> None:
    ids = [head.id for head in Session.demo().records("skill").rows]
    window = start(Session.demo(), f"skill/{ids[2]}")
    qtbot.waitUntil(lambda: id_shown(window) == ids[2])
    qtbot.waitUntil(lambda: window.records.table.current_row() == 2)


def test_what_cannot_be_found_is_said(start: Open, qtbot: QtBot) -> None:
    window = start(Session.demo(), "skill/no-such-skill")
    qtbot.waitUntil(lambda: "no-such-skill" in window.record.empty.sentence.text())


# Slow and broken stores


def test_the_loop_turns_while_a_record_is_read_and_the_newest_wins(
    start: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    gate = Gate()
    window = start(slow_session(numbered.live(tmp_path / "s.db", 200), gate))
    qtbot.waitUntil(lambda: window.record.record is not None)
    # The first rows come alone.
    qtbot.waitUntil(lambda: window.records.records.rowCount() > 59)
    gate.shut("row")
    for row in range(1, 60):
        window.records.table.selectRow(row)
        qtbot.wait(0)
    assert gate.held.wait(10)
    assert id_shown(window) == id_of(0)
    gate.open()
    qtbot.waitUntil(lambda: id_shown(window) == id_of(59))


def test_counting_can_be_cancelled_and_continued(start: Open, qtbot: QtBot, tmp_path: Path) -> None:
    gate = Gate()
    gate.shut("anchors")
    window = start(slow_session(numbered.live(tmp_path / "s.db", 1000), gate))
    footer = window.records.footer
    qtbot.waitUntil(footer.isVisible)
    window.records.footer.cancelled.emit()
    qtbot.waitUntil(lambda: window.records.records.rowCount() == FIRST and footer.is_stopped())
    gate.open()
    window.records.footer.continued.emit()
    qtbot.waitUntil(lambda: window.records.records.rowCount() == 1000)
    assert not footer.isVisible()


def test_a_damaged_list_shows_its_beginning_and_why_it_ends(
    start: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "s.db"
    readable = numbered.breaking_off(path, 100, 12)
    window = start(Session.open(path))
    qtbot.waitUntil(lambda: window.records.banner.words != "")
    assert "damaged" in window.records.banner.words
    qtbot.waitUntil(lambda: window.records.records.rowCount() == readable + 1)


def test_an_empty_store_says_so(start: Open, qtbot: QtBot, tmp_path: Path) -> None:
    gate = Gate()
    gate.shut("facts")
    window = start(slow_session(numbered.live(tmp_path / "s.db", 0), gate))
    # A list that is focused only when it has rows goes to its first one.
    qtbot.waitUntil(window.kinds.hasFocus)
    gate.open()
    qtbot.waitUntil(lambda: window.record.empty.sentence.text() == "This store holds no records.")


@pytest.mark.parametrize("sql", ["SELECT 1", "CREATE TABLE other (a)"])
def test_the_kinds_of_an_empty_store_are_entered_without_choosing_one_of_the_rest(
    start: Open, qtbot: QtBot, tmp_path: Path, sql: str
) -> None:
    path = numbered.live(tmp_path / "s.db", 0)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(sql)
        connection.commit()
    window = start(Session.open(path))
    qtbot.waitUntil(lambda: window.record.empty.sentence.text() == "This store holds no records.")
    assert window.kinds.kinds.first() >= 0
    window.kinds.clearFocus()
    window.kinds.setFocus()
    qtbot.waitUntil(window.kinds.hasFocus)
    assert window.kinds.entry() is None
    assert window.record.empty.sentence.text() == "This store holds no records."
    QTest.keyClick(window.kinds, Qt.Key.Key_Down)
    assert window.kinds.entry() is not None


@pytest.mark.parametrize("after", ["nothing", "kinds", "record"])
def test_a_window_can_be_closed_at_any_moment(
    start: Open, qtbot: QtBot, tmp_path: Path, after: str
) -> None:
    gate = Gate()
    gate.shut("row", "anchors")
    store = SlowStore(numbered.live(tmp_path / "s.db", 5000), gate)
    window = start(Session(store))
    if after != "nothing":
        qtbot.waitUntil(lambda: window.kinds.kinds.rowCount() > 0)
    if after == "record":
        qtbot.waitUntil(lambda: window.records.records.rowCount() > 0)
    window.close()
    assert store.closed == (1 if after != "nothing" else store.closed)


# By keyboard and by ear


def test_panes_are_reached_by_their_keys(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    for name, view in (
        ("go_kinds", window.kinds),
        ("go_records", window.records.table),
        ("go_record", window.record.tree),
    ):
        press(window, name)
        qtbot.waitUntil(view.hasFocus)


def test_only_the_record_hides_the_lists(window: MainWindow) -> None:
    press(window, "only_record")
    assert not window.left.isVisible()
    assert not window.records.isVisible()
    press(window, "only_record")
    assert window.left.isVisible()


def test_every_view_and_button_has_a_name(window: MainWindow) -> None:
    nameless = [
        type(widget).__name__
        for widget in window.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not (widget.accessibleName() or getattr(widget, "text", str)())
    ]
    assert not nameless


def test_a_store_whose_kinds_cannot_be_read_is_called_damaged_not_empty(
    qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "cut.db"
    path.write_bytes((REAL / "v2-clean" / "stigmer.db").read_bytes()[:200_000])
    driver = Driver(qtbot)
    driver.window.open(lambda: Session.open(path), str(path))
    driver.window.show()
    driver.wait(lambda: "damaged" in driver.window.records.empty.sentence.text())
    driver.window.close()


@pytest.mark.parametrize("slow", [True, False])
def test_slow_work_stands_still_while_a_frame_is_painted(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, slow: bool
) -> None:
    monkeypatch.setattr(tasks, "_LONGEST_FRAME", 60)
    looks, looked, went_on = Semaphore(0), Semaphore(0), list[bool]()

    def work(cancel: Event, _report: Report) -> None:
        for _ in range(2):
            looks.acquire()
            assert not cancel.is_set()
            looked.release()

    class Painted(QWidget):
        def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
            if not went_on:
                looks.release()
                went_on.append(looked.acquire(timeout=0.2 if slow else 30))

    answered = list[None]()
    window.tasks.run("painted", work, answered.append, slow=slow)
    Painted(window).show()
    qtbot.waitUntil(lambda: bool(went_on))
    looks.release()
    qtbot.waitUntil(lambda: bool(answered))
    assert went_on == [not slow]
