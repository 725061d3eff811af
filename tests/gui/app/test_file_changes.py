"""The file changes under the window, is damaged, is read with another schema: it is said."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu, QMessageBox, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.app.application import Application
from inspector.gui.app.main_window import MainWindow
from inspector.gui.record.record_header import tell_problems
from inspector.gui.widgets.banner import Banner, Tone
from inspector.gui.widgets.notification_stack import Notification
from inspector.schema.catalog import releases
from inspector.session.session import Session
from inspector.session.summaries import Problem
from tests.builders import layouts
from tests.builders.layouts import Rec
from tests.gui import builders, numbered
from tests.places import REAL, shared
from tests.releases import NEWEST

STORE = REAL / "v2-clean" / "stigmer.db"
LONG = 20_000


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    path = tmp_path / "stigmer.db"
    shutil.copyfile(STORE, path)
    return path


def shown(window: MainWindow, qtbot: QtBot) -> MainWindow:
    qtbot.waitUntil(
        lambda: window.facts is not None and window.record.record is not None, timeout=LONG
    )
    return window


def idle(window: MainWindow, qtbot: QtBot) -> None:
    channels = ("open", "rows", "anchors", "record", "gone", "survey", "files")
    qtbot.waitUntil(lambda: not any(map(window.tasks.is_busy, channels)), timeout=LONG)


def button(banner: QWidget, words: str) -> QPushButton:
    return next(b for b in banner.findChildren(QPushButton) if b.text() == words and b.isEnabled())


def boxes(window: QWidget) -> list[QMessageBox]:
    return [box for box in window.findChildren(QMessageBox) if box.isVisible()]


# The file is not what it was


def test_a_store_that_disappears_is_said_above_the_panes_which_stay(
    program: Application, qtbot: QtBot, copy: Path
) -> None:
    window = shown(program.open_file(copy), qtbot)
    window.parts_now().notifications._now = lambda: datetime(2026, 11, 21, 5, 41, 10)
    copy.unlink()
    window.actions_["again"].trigger()
    qtbot.waitUntil(lambda: bool(window.banner.words), timeout=LONG)
    assert window.banner.words.startswith("The file no longer exists.")
    assert "05:41:10" in window.banner.words
    assert window.record.record is not None
    assert not window.is_free()


def test_a_store_that_is_back_can_be_opened_again_where_it_was(
    program: Application, qtbot: QtBot, copy: Path
) -> None:
    window = shown(program.open_file(copy), qtbot)
    window.kinds.choose_row(window.kinds.current_row() + 1)
    idle(window, qtbot)
    record = window.record.record
    assert record is not None
    copy.unlink()
    window.actions_["again"].trigger()
    qtbot.waitUntil(lambda: bool(window.banner.words), timeout=LONG)
    shutil.copyfile(STORE, copy)
    button(window.banner, "Reopen").click()
    qtbot.waitUntil(lambda: not window.banner.words, timeout=LONG)
    shown(window, qtbot)
    idle(window, qtbot)
    assert window.record.record is not None
    assert (window.record.record.kind, window.record.record.id) == (record.kind, record.id)


@pytest.mark.parametrize("what", ["missing", "directory", "empty", "text"])
def test_what_was_said_goes_when_the_file_can_be_read_again(
    program: Application, qtbot: QtBot, copy: Path, what: str
) -> None:
    window = shown(program.open_file(copy), qtbot)
    idle(window, qtbot)
    kept = copy.with_name("kept.db")
    copy.rename(kept)
    if what == "directory":
        copy.mkdir()
    elif what != "missing":
        copy.write_text("no database " * 50 if what == "text" else "")
    window.actions_["again"].trigger()
    qtbot.waitUntil(lambda: bool(window.banner.words), timeout=LONG)
    idle(window, qtbot)
    if what == "directory":
        copy.rmdir()
    kept.replace(copy)
    window.records.table.selectRow(1)
    qtbot.waitUntil(lambda: not window.banner.words, timeout=LONG)


def test_a_store_that_was_damaged_for_a_moment_is_whole_when_it_is_read_again(
    program: Application, qtbot: QtBot, copy: Path
) -> None:
    content = copy.read_bytes()
    window = shown(program.open_file(copy), qtbot)
    idle(window, qtbot)
    with copy.open("r+b") as file:
        file.truncate(len(content) // 2 // 4096 * 4096)
    window.actions_["again"].trigger()
    banner = window.records.banner
    qtbot.waitUntil(lambda: "damaged" in banner.words, timeout=LONG)
    idle(window, qtbot)
    with copy.open("r+b") as file:
        file.write(content)
    window.actions_["again"].trigger()
    qtbot.waitUntil(lambda: not banner.words, timeout=LONG)
    idle(window, qtbot)
    session = window.store_controller.session()
    assert session is not None
    assert session.damage is None


def test_a_replaced_store_is_noticed_when_a_record_is_chosen(
    program: Application, qtbot: QtBot, copy: Path
) -> None:
    window = shown(program.open_file(copy), qtbot)
    idle(window, qtbot)
    new = copy.with_name("new.db")
    layouts.v2(new, [Rec("agent", "agt-new", b"")])
    new.replace(copy)
    window.records.table.selectRow(1)
    qtbot.waitUntil(lambda: bool(window.banner.words), timeout=LONG)
    assert window.banner.words.startswith("The file was replaced. Noticed at ")
    button(window.banner, "Reopen").click()
    qtbot.waitUntil(lambda: window.status.counts.text().startswith("1 record,"), timeout=LONG)
    assert window.banner.words == ""


def test_a_banner_can_be_closed_and_gives_way_to_the_next(
    program: Application, qtbot: QtBot, copy: Path
) -> None:
    window = shown(program.open_file(copy, "agent/nobody"), qtbot)
    window.parts_now().notifications.tell(Notification("other", 1, Tone.NOTE, "So it is as well."))
    assert window.banner.words.startswith("agent/nobody is not in this store.")
    close = window.banner.findChild(QToolButton)
    assert isinstance(close, QToolButton)
    assert close.accessibleName() == "Dismiss"
    close.click()
    assert window.banner.words == "So it is as well."
    close.click()
    assert window.banner.words == ""


def test_a_banner_without_an_end_cannot_be_closed(qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    banner.tell(Tone.NOTE, "So it is.")
    assert not banner.findChildren(QToolButton)[0].isVisible()
    banner.tell(Tone.NOTE, "So it is.", dismissed=lambda: None)
    assert banner.findChildren(QToolButton)[0].isVisible()


def test_read_only_is_shown_with_the_files_as_they_were(
    program: Application, qtbot: QtBot, copy: Path
) -> None:
    window = shown(program.open_file(copy), qtbot)
    assert window.status.lock.text() == "Read-only"
    window.status.lock.click()
    qtbot.waitUntil(lambda: bool(boxes(window)), timeout=LONG)
    (box,) = boxes(window)
    said = "Opened read-only. Nothing beside the file was created or changed."
    assert box.text() == said
    size = f"{copy.stat().st_size:,} bytes"
    assert size in box.informativeText()
    assert "as it was when it was opened" in box.informativeText()
    box.close()
    with copy.open("ab") as file:
        file.write(b"\0" * 4096)
    window.actions_["about_file"].trigger()
    qtbot.waitUntil(lambda: bool(boxes(window)), timeout=LONG)
    (box,) = boxes(window)
    assert "written by others since" in box.informativeText()
    box.close()


# Damage


def spoiled(path: Path) -> Path:
    """A copy of the real store in which Agent Execution ends early."""
    content = bytearray(STORE.read_bytes())
    pages = range(4096, len(content), 4096)
    found = [
        at for at in pages if content[at] == 10 and b"agent_execution" in content[at : at + 4096]
    ]
    for at in found[1:]:
        content[at : at + 12] = b"\xee" * 12
    path.write_bytes(content)
    return path


@pytest.fixture
def damaged(program: Application, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    window = shown(program.open_file(spoiled(tmp_path / "broken.db")), qtbot)
    row = next(
        row
        for row in range(window.kinds.kinds.rowCount())
        if (entry := window.kinds.kinds.entry(row)) and entry.kind == "agent_execution"
    )
    window.kinds.choose_row(row)
    qtbot.waitUntil(lambda: "after" in window.records.banner.words, timeout=LONG)
    idle(window, qtbot)
    return window


def test_damage_is_said_above_the_list_with_what_is_whole(damaged: MainWindow) -> None:
    assert damaged.records.banner.words == (
        "The file is damaged after 7 records of Agent Execution. What could be read is shown."
        " Other kinds are complete. A backup of the file may hold the rest."
    )


def test_a_truncated_store_is_called_damaged_and_no_table_of_it_empty(
    program: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "stigmer.db"
    path.write_bytes((REAL / "v2-clean" / "stigmer.db").read_bytes()[:100_000])
    window = program.open_file(path)
    banner = window.records.banner
    qtbot.waitUntil(lambda: banner.words.startswith("The file is damaged."), timeout=LONG)
    assert "can be read" not in banner.words
    qtbot.waitUntil(lambda: row_of(window, "resources") >= 0, timeout=LONG)
    row = row_of(window, "resources")
    window.kinds.setCurrentIndex(window.kinds.model().index(row, 0))
    pane = window.records.tables
    qtbot.waitUntil(pane.empty.isVisible, timeout=LONG)
    assert "No row of this table could be read." in pane.empty.accessibleName()


def row_of(window: MainWindow, table: str) -> int:
    model = window.kinds.model()
    return next((i for i in range(model.rowCount()) if model.index(i, 0).data() == table), -1)


def test_a_row_stands_where_reading_stopped(damaged: MainWindow) -> None:
    model = damaged.records.records
    last = model.index(model.rowCount() - 1, 1)
    assert model.rowCount() == 8
    assert last.data() == "Damaged from here"
    assert "The file is damaged" in last.data(Qt.ItemDataRole.ToolTipRole)


def test_details_and_a_report_name_the_kinds_and_no_content(damaged: MainWindow) -> None:
    banner = damaged.records.banner
    button(banner, "Copy report").click()
    report = QGuiApplication.clipboard().text()
    assert "Agent Execution: 7 records, The file is damaged after" in report
    assert "Session: 11 records, complete" in report
    assert "exec" not in report.replace("execution", "").replace("Execution", "")
    button(banner, "Details").click()
    (box,) = boxes(damaged)
    assert "Session: 11 records, complete" in box.informativeText()
    box.close()


def test_a_closed_damage_banner_stays_closed_in_this_list(damaged: MainWindow) -> None:
    banner = damaged.records.banner
    banner.findChildren(QToolButton)[0].click()
    assert banner.words == ""


# Schemas


def schema_menu(window: MainWindow) -> QMenu:
    menu = window.actions_["schema"].menu()
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()
    return menu


def choices(window: MainWindow) -> dict[str, bool]:
    """The choices for the whole file, which stand last."""
    checkable = [a for a in schema_menu(window).actions() if a.isCheckable()]
    entries = checkable[len(checkable) // 2 :]
    return {entry.text().replace("&", ""): entry.isChecked() for entry in entries}


def test_the_status_line_says_which_schema_and_why(
    program: Application, qtbot: QtBot, copy: Path
) -> None:
    window = shown(program.open_file(copy), qtbot)
    assert window.status.schema.text() == "Schema 2026-01-26"
    assert window.record.record is not None
    why = window.record.record.choice.why
    assert why[1:] in window.status.schema.toolTip()
    window.status.schema.click()
    menu = window.actions_["schema"].menu()
    assert isinstance(menu, QMenu)
    qtbot.waitUntil(menu.isVisible)
    texts = [action.text().strip() for action in menu.actions()]
    assert texts[:2] == ["This record: 2026-01-26", f"Why: {why}"]
    menu.close()


def test_the_schema_of_the_file_can_be_chosen_and_is_remembered(
    program: Application, qtbot: QtBot, copy: Path
) -> None:
    window = shown(program.open_file(copy), qtbot)
    assert choices(window)["Detect per record"]
    (newest,) = [a for a in schema_menu(window).actions() if a.text() == NEWEST][-1:]
    newest.trigger()
    qtbot.waitUntil(lambda: window.status.schema.text() == f"Schema {NEWEST}", timeout=LONG)
    assert choices(window)[NEWEST]
    idle(window, qtbot)
    window.close()
    again = shown(program.open_file(copy), qtbot)
    assert again.status.schema.text() == f"Schema {NEWEST}"


def test_the_schema_of_a_kind_can_be_chosen_from_the_record(
    program: Application, qtbot: QtBot, copy: Path
) -> None:
    window = shown(program.open_file(copy), qtbot)
    window.record.schema_wanted.emit(NEWEST)
    qtbot.waitUntil(lambda: window.status.schema.text() == f"Schema {NEWEST}", timeout=LONG)
    record = window.record.record
    assert record is not None
    assert window.window_state.now.schemas == {record.kind: NEWEST}
    button(window.record.banner, "Detect per record").click()
    qtbot.waitUntil(lambda: window.status.schema.text() == "Schema 2026-01-26", timeout=LONG)


def test_every_release_is_offered_for_a_kind_and_for_the_file(
    program: Application, qtbot: QtBot, copy: Path
) -> None:
    window = shown(program.open_file(copy), qtbot)
    menus = [a.menu() for a in schema_menu(window).actions() if a.text() == "All &releases"]
    assert len(menus) == 2  # of the kind, and of the file
    for menu in menus:
        assert isinstance(menu, QMenu)
        assert [a.text() for a in leaves(menu)] == list(reversed(releases()))
    kind, file = menus
    assert isinstance(kind, QMenu) and isinstance(file, QMenu)
    far = next(a for a in leaves(kind) if a.text() == "3.6.0")
    assert not far.isChecked()
    far.trigger()
    qtbot.waitUntil(lambda: window.status.schema.text() == "Schema 3.6.0", timeout=LONG)
    record = window.record.record
    assert record is not None
    assert window.window_state.now.schemas == {record.kind: "3.6.0"}


def leaves(menu: QMenu) -> list[QAction]:
    """The entries of a menu and of the menus in it, in order."""
    found: list[QAction] = []
    for action in menu.actions():
        inner = action.menu()
        found += leaves(inner) if isinstance(inner, QMenu) else [action]
    return found


def test_a_json_store_has_no_schema_to_choose(program: Application, qtbot: QtBot) -> None:
    window = shown(program.open_file(shared("stigmer", "made", "json", "stigmer.db")), qtbot)
    (only,) = schema_menu(window).actions()
    assert only.text() == "No schema is used for this file"
    assert not only.isEnabled()
    assert window.status.schema.text() == ""


@pytest.fixture
def banner(qtbot: QtBot) -> Iterator[Banner]:
    made = Banner()
    qtbot.addWidget(made)
    yield made


def test_a_record_with_unknown_fields_says_so_and_why(banner: Banner) -> None:
    unknown = Problem("warning", "unknown-field", "<17>", 5, "An unknown field.")
    made = builders.record(b"", problems=(unknown,))
    made.kind = "agent"
    used: list[str] = []
    tell_problems(banner, made, used.append)
    assert banner.words.startswith("This record has fields that no known release has.")
    assert "1 field is unknown: <17>, shown as it is." in banner.words
    button(banner, "Why").click()
    (box,) = boxes(banner)
    assert "An unknown field." in box.informativeText()
    box.close()


def test_a_list_that_breaks_off_shows_what_came_before(
    program: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "s.db"
    readable = numbered.breaking_off(path, 300, 36)
    window = program.show_start()
    window.open(lambda: Session.open(path), "s.db", remembered_by=str(path))
    qtbot.waitUntil(lambda: "damaged" in window.records.banner.words, timeout=LONG)
    idle(window, qtbot)
    assert window.records.records.rowCount() == readable + 1
