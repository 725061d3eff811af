"""The events of a record: their tab, list and message, taken along, and among the activity."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from inspector.gui.app.application import Application
from inspector.gui.events.events_loader import export_events
from inspector.gui.events.events_model import EVENT_KEYS
from inspector.gui.events.events_view import EventsView
from inspector.gui.fields.field_items import path_of
from inspector.gui.message.message_pane import MessagePane
from inspector.gui.style.theme import Theme
from inspector.history.activity import Role
from inspector.session.event_pages import events_of
from inspector.session.session import Session
from inspector.store.rows import PAGE
from tests.builders import events, layouts
from tests.builders.demo import wire
from tests.builders.events import OfExecution, OfSession, execution_event
from tests.builders.layouts import Rec
from tests.cli.calls import call
from tests.gui.app.test_window_state import end, go, opened, restarted
from tests.gui.builders import data
from tests.gui.windows import Driver

TESTER = QAbstractItemModelTester.FailureReportingMode.Fatal
CONTROL = Qt.KeyboardModifier.ControlModifier
EXECUTION = ("workflow_execution", "wex-1")


@pytest.fixture
def driver(qtbot: QtBot, theme: Theme) -> Iterator[Driver]:
    QGuiApplication.clipboard().clear()
    made = Driver(qtbot)
    made.window.resize(1440, 900)
    yield made
    made.window.close()


def failed(number: int, error: str) -> OfExecution:
    payload = wire.text(22, wire.text(2, error))
    blob = execution_event("wex-1", number, type_=13, payload=payload)
    return OfExecution("wex-1", number, "task_failed", data=blob)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An execution with events of all sorts, one without, a session with some, and an agent."""
    made = layouts.v2(
        tmp_path / "s.db",
        [
            Rec("agent", "agt-1", b""),
            Rec("run", "run-1", b""),
            Rec("session", "ses-1", data(3, data(1, "Monday"))),
            Rec("session", "ses-2", b""),
            Rec("workflow_execution", "wex-1", data(3, data(1, "Nightly"))),
            Rec("workflow_execution", "wex-2", b""),
        ],
    )
    started = wire.text(20, wire.integer(3, 1))
    rows = [
        OfExecution("wex-1", 1, data=execution_event("wex-1", 1, payload=started)),
        failed(2, "no such file\nat all"),
        OfExecution("wex-1", 3, task="other", data=execution_event("wex-1", 3)),
        OfExecution("wex-1", 4, data=b"\x0a\x05x"),
    ]
    events.add(made, events.EXECUTION_EVENTS, rows)
    said = wire.text(100, wire.text(4, "What now?"))
    sessions = [
        OfSession("ses-1", 1),
        OfSession("ses-1", 2, "sev-2", "run-1", type="stigmer.agent_thinking", data=said),
    ]
    return events.add(made, events.SESSION_EVENTS, sessions)


def counted(driver: Driver) -> None:
    driver.wait(lambda: not driver.window.parts_now().events.is_counting())


def listed(driver: Driver, path: Path, select: str = "workflow_execution/wex-1") -> EventsView:
    """Open a record and show its events by the key."""
    driver.open(path, select)
    driver.wait(driver.window.actions_["events"].isEnabled)
    QTest.keyClick(driver.window, Qt.Key.Key_6, CONTROL)
    view = driver.window.record.events
    driver.wait(lambda: view.stored is not None)
    return view


def area_of(view: EventsView) -> MessagePane:
    assert view.area is not None
    return view.area


def text(view: EventsView, row: int, key: str) -> str:
    return str(view.lines.index(row, EVENT_KEYS.index(key)).data())


def choose(driver: Driver, view: EventsView, row: int) -> None:
    """Put the cursor on an event and wait for its message."""
    driver.wait(lambda: view.lines.line(row) is not None)
    view.table.selectRow(row)
    line = view.lines.line(row)
    assert line is not None
    driver.wait(lambda: view.stored is not None and view.stored.row.key == line.key)


def test_the_tab_is_there_only_where_there_are_events(driver: Driver, path: Path) -> None:
    driver.open(path, "agent/agt-1")
    for kind, id_, there in (
        ("agent", "agt-1", False),
        ("workflow_execution", "wex-1", True),
        ("workflow_execution", "wex-2", False),
        ("run", "run-1", True),
        ("session", "ses-2", False),
        ("session", "ses-1", True),
    ):
        driver.window.store_controller.go(kind, id_)
        driver.reach(kind, id_)
        counted(driver)
        assert driver.window.actions_["events"].isEnabled() is there, id_
        bar = driver.window.record.tabs._bar
        assert ("Events" in [bar.tabText(at) for at in range(bar.count())]) is there
        assert driver.window.actions_["export_events"].isEnabled() is there


def test_the_list_says_number_time_type_task_and_what(driver: Driver, path: Path) -> None:
    view = listed(driver, path)
    QAbstractItemModelTester(view.lines, TESTER, view.lines)
    assert view.lines.rowCount() == 4
    assert [text(view, 1, key) for key in EVENT_KEYS] == [
        *("2", "2026-05-23 01:41:06", "task_failed", "build", "no such file")
    ]
    assert text(view, 2, "what") == "Differs"
    assert "does not" in text(view, 3, "what") or text(view, 3, "what").endswith(".")
    index = view.lines.index(2, 0)
    said = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("Event 3, 2026-05-23 01:41:06, task_started, other")
    assert "Row task_name 'other' differs from message 'build'." in said
    assert driver.window.record.tabs.said() == "4 events"


def test_the_fields_of_the_chosen_event_stand_below_the_cursor_on_what_it_says(
    driver: Driver, path: Path
) -> None:
    view = listed(driver, path)
    choose(driver, view, 1)
    views = area_of(view).views
    item = views.tree.current()
    assert item is not None
    assert path_of(item) == "task_failed.error"
    assert views.reader.text() == "no such file\nat all"
    assert area_of(view).name.text() == "Event 2"
    assert area_of(view).facts.text().startswith("of 4, ")
    # The record's own fields stay where they are.
    own = driver.window.record.tree.fields.rows_below(
        driver.window.record.tree.fields.item(QModelIndex())
    )
    assert [path_of(one) for one in own] == ["metadata"]


def test_enter_leads_into_the_message_and_f6_back(driver: Driver, path: Path) -> None:
    view = listed(driver, path)
    driver.wait(driver.window.isActiveWindow)
    choose(driver, view, 0)
    driver.wait(area_of(view).isVisible)
    view.table.setFocus()
    QTest.keyClick(view.table, Qt.Key.Key_Return)
    assert area_of(view).views.tree.hasFocus()
    driver.press("last_pane")
    assert view.table.hasFocus()
    driver.press("next_pane")
    assert area_of(view).views.tree.hasFocus()


def test_json_and_bytes_are_those_of_the_event(driver: Driver, path: Path) -> None:
    view = listed(driver, path)
    choose(driver, view, 1)
    area = area_of(view)
    area.choose("json")
    driver.wait(lambda: "no such file" in area.views.json.view.text())
    assert json.loads(area.views.json.view.text())["taskFailed"]["error"] == "no such file\nat all"
    area.choose("bytes")
    assert view.stored is not None
    assert area.views.bytes.view.data == view.stored.row.data
    driver.wait(area.views.bytes.is_ready)
    driver.press("goto_offset")
    assert area.views.bytes.goto.isVisible()
    driver.press("copy_hex")
    assert QGuiApplication.clipboard().text() == b"no such file\nat all".hex(" ")


def test_what_is_wrong_with_an_event_is_said_above_its_message(driver: Driver, path: Path) -> None:
    view = listed(driver, path)
    assert view.problem.words == ""
    choose(driver, view, 2)
    assert view.problem.words == (
        "The row of this event differs from its message."
        " Row task_name 'other' differs from message 'build'."
    )
    choose(driver, view, 3)
    assert view.problem.words.startswith("This event has no readable message.")
    choose(driver, view, 0)
    assert view.problem.words == ""


def test_other_columns_of_the_row_are_told(driver: Driver, path: Path) -> None:
    view = listed(driver, path, "session/ses-1")
    choose(driver, view, 1)
    assert area_of(view).facts.text().endswith("event_id sev-2, run_id run-1, org acme")
    # Nothing in it belongs to a thread.
    assert view.table.isColumnHidden(EVENT_KEYS.index("task"))


def test_copies_are_of_the_event(driver: Driver, path: Path) -> None:
    view = listed(driver, path)
    choose(driver, view, 1)
    copied = QGuiApplication.clipboard().text
    view.table.setFocus()
    driver.press("copy")
    assert copied() == (
        "number\ttime\ttype\ttask\twhat\n"
        "2\t2026-05-23T01:41:06.000Z\ttask_failed\tbuild\tno such file\n"
    )
    area_of(view).views.tree.setFocus()
    driver.press("copy")
    assert copied() == "no such file\nat all"
    driver.press("copy_path")
    assert copied() == "task_failed.error"
    driver.press("copy_tree")
    assert copied() == '"no such file\\nat all"'
    driver.press("copy_json")
    driver.wait(lambda: copied().startswith("{"))
    (expected,) = [
        one
        for one in call("events", "wex-1", "--json", "--db", path).json
        if one["sequenceNumber"] == 2
    ]
    assert json.loads(copied()) == expected
    driver.press("fields")
    driver.press("copy_json")
    driver.wait(lambda: "Nightly" in copied())


def test_export_writes_what_the_command_line_answers(
    driver: Driver, path: Path, tmp_path: Path
) -> None:
    listed(driver, path)
    driver.press("export_events")
    dialog = driver.window.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    assert dialog.selectedFiles()[0].endswith("workflow_execution-wex-1-events.json")
    out = tmp_path / "out.json"
    dialog.fileSelected.emit(str(out))
    dialog.close()
    driver.wait(out.exists)
    assert out.read_bytes() == call("events", "wex-1", "--json", "--db", path).out
    driver.wait(lambda: driver.window.status.note.text().startswith("4 events written to "))


def test_lines_are_written_where_the_name_asks_for_them(path: Path, tmp_path: Path) -> None:
    class Never:
        def is_set(self) -> bool:
            return False

    of = events_of(*EXECUTION)
    assert of is not None
    out = tmp_path / "out.ndjson"
    export_events(Session.open(path), of, out, path, Never(), lambda *_: None)  # type: ignore[arg-type]
    lines = [json.loads(line) for line in out.read_bytes().splitlines()]
    assert lines == call("events", "wex-1", "--json", "--db", path).json


def test_a_long_list_is_read_where_it_is_looked_at(driver: Driver, tmp_path: Path) -> None:
    made = layouts.v2(tmp_path / "s.db", [Rec("workflow_execution", "wex-1", b"")])
    total = 5 * PAGE + 7
    rows = [
        OfExecution("wex-1", n, task=f"t{n}", data=execution_event("wex-1", n, f"t{n}"))
        for n in range(1, total + 1)
    ]
    events.add(made, events.EXECUTION_EVENTS, rows)
    view = listed(driver, made)
    assert view.lines.rowCount() == total
    assert view.lines.line(3 * PAGE) is None
    view.table.setFocus()
    QTest.keyClick(view.table, Qt.Key.Key_End)
    view.go_to(total - 1)
    driver.wait(lambda: area_of(view).name.text() == f"Event {total}")
    assert text(view, total - 1, "task") == f"t{total}"
    view.go_to(2 * PAGE + 1)
    driver.wait(lambda: area_of(view).name.text() == f"Event {2 * PAGE + 2}")


def test_reading_again_shows_new_events_and_keeps_the_cursor(driver: Driver, path: Path) -> None:
    view = listed(driver, path)
    choose(driver, view, 1)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        events.put(connection, [failed(5, "once more")])
    driver.press("again")
    driver.wait(lambda: view.lines.rowCount() == 5 and view.lines.line(4) is not None)
    driver.wait(lambda: view.stored is not None)
    assert area_of(view).name.text() == "Event 2"
    assert driver.window.record.tabs.current() == "events"
    assert text(view, 4, "what") == "once more"


def test_the_tab_stays_from_record_to_record_and_comes_back(driver: Driver, path: Path) -> None:
    view = listed(driver, path)
    tabs = driver.window.record.tabs
    driver.window.store_controller.go("workflow_execution", "wex-2")
    driver.reach("workflow_execution", "wex-2")
    counted(driver)
    assert tabs.current() == "fields"
    driver.window.store_controller.go("workflow_execution", "wex-1")
    driver.reach(*EXECUTION)
    driver.wait(lambda: tabs.current() == "events" and view.stored is not None)
    assert view.lines.rowCount() == 4


def _spoil(path: Path, leaf: int, marker: bytes) -> None:
    content = bytearray(path.read_bytes())
    for start in range(0, len(content), 1024):
        page = content[start : start + 1024]
        if page[0] == leaf and marker in page and b"workflow_execution" not in page:
            content[start : start + 12] = b"\xee" * 12
    path.write_bytes(content)


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    records = [Rec("workflow_execution", "wex-1", b"")]
    path = layouts.create(tmp_path / "p.db", layouts.RESOURCES, records=records, page_size=1024)
    rows = [failed(number, f"error{number:03}") for number in range(1, 101)]
    events.add(path, events.EXECUTION_EVENTS, rows)
    return path


def test_an_event_that_cannot_be_read_is_a_row_that_says_so(driver: Driver, damaged: Path) -> None:
    _spoil(damaged, 0x0D, b"error050")
    view = listed(driver, damaged)
    assert view.lines.rowCount() == 100
    assert text(view, 49, "number") == "50"
    assert text(view, 49, "what") == "The file is damaged where this row lies."
    choose(driver, view, 49)
    assert "The file is damaged where this row lies." in view.problem.words
    assert area_of(view).views.tree.fields.rowCount() == 0
    choose(driver, view, 0)
    assert view.problem.words == ""


def test_where_events_may_be_missing_it_is_said_over_the_list(
    driver: Driver, damaged: Path
) -> None:
    _spoil(damaged, 0x0D, b"error050")
    _spoil(damaged, 0x0A, b"wex-1")
    view = listed(driver, damaged)
    assert 0 < view.lines.rowCount() < 100
    assert view.banner.words.startswith("The file is damaged; events of wex-1 may be missing.")


def test_where_none_can_be_read_it_is_said_in_place_of_the_list(
    driver: Driver, damaged: Path
) -> None:
    _spoil(damaged, 0x05, b"")
    _spoil(damaged, 0x0D, b"error")
    _spoil(damaged, 0x0A, b"wex-1")
    driver.open(damaged, "workflow_execution/wex-1")
    driver.press("events")
    view = driver.window.record.events
    driver.wait(view.empty.isVisible)
    assert view.empty.sentence.text() == "The file is damaged; events of wex-1 may be missing."


def test_times_are_written_as_everywhere(driver: Driver, path: Path) -> None:
    view = listed(driver, path)
    driver.press("relative")
    assert text(view, 0, "time").endswith(("ago", "now")) or text(view, 0, "time").startswith("in ")
    column = EVENT_KEYS.index("time")
    assert view.lines.headerData(column, Qt.Orientation.Horizontal) == "Time"
    driver.press("utc")
    assert view.lines.headerData(column, Qt.Orientation.Horizontal) == "Time (UTC)"


def test_unknown_payloads_stay_covered_until_they_are_shown(driver: Driver, tmp_path: Path) -> None:
    made = layouts.v2(tmp_path / "s.db", [Rec("session", "ses-1", b"")])
    blob = wire.text(11, b"") + wire.text(90, "sek-1")
    events.add(made, events.SESSION_EVENTS, [OfSession("ses-1", 1, data=blob)])
    view = listed(driver, made, "session/ses-1")
    fields = area_of(view).views.tree.fields
    (item,) = [
        one for one in fields.rows_below(fields.item(QModelIndex())) if path_of(one) == "<90>"
    ]
    area_of(view).views.tree.setCurrentIndex(fields.index_of(item))

    def shown() -> bool:
        return "sek-1" in area_of(view).views.reader.text()

    assert not shown()
    driver.press("copy")
    assert "sek-1" not in QGuiApplication.clipboard().text()
    driver.press("uncover")
    driver.wait(shown)
    driver.press("uncover")
    driver.wait(lambda: not shown())
    driver.press("secrets")
    driver.wait(shown)
    driver.press("secrets")
    driver.wait(lambda: not shown())


def test_a_value_that_names_a_record_is_a_link(driver: Driver, tmp_path: Path) -> None:
    run = "run-01kfd7ct3j1n6vvf6bfvss4ndz"
    made = layouts.v2(tmp_path / "s.db", [Rec("session", "ses-1", b""), Rec("run", run, b"")])
    blob = wire.text(11, b"") + wire.text(3, run)
    rows = [OfSession("ses-1", 1, run_id=run, data=blob)]
    events.add(made, events.SESSION_EVENTS, rows)
    view = listed(driver, made, "session/ses-1")
    views = area_of(view).views
    driver.wait(lambda: bool(views.tree.fields.look.links))
    assert views.tree.go_to("run_id")
    driver.press("follow")
    driver.reach("run", run)


def test_events_stand_among_the_activity_and_lead_to_their_list(driver: Driver, path: Path) -> None:
    driver.open(path, "session/ses-1")
    driver.press("activity")
    view = driver.window.record.activity
    driver.wait(lambda: view.tree.rows.top is not None)
    top = view.tree.rows.top
    assert top is not None
    assert (top.item.role, top.item.name) == (Role.SESSION, "Monday")
    assert [row.item.role for row in top.below] == [Role.EVENT, Role.EVENT]
    assert driver.window.record.tabs.said() == "2 events"
    row = top.below[1]
    index = view.tree.rows.index_of(row)
    assert str(index.data()) == "stigmer.agent_thinking What now?"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole).startswith("Event stigmer.agent_thinking")
    view.tree.setCurrentIndex(index)
    driver.wait(lambda: "What now?" in view.text.text())
    assert view.link.text() == "Event 2"
    view.tree.setFocus()
    QTest.keyClick(view.tree, Qt.Key.Key_Return)
    list_ = driver.window.record.events
    driver.wait(lambda: list_.stored is not None and list_.stored.name == "2")
    assert driver.window.record.tabs.current() == "events"
    driver.press("back")
    assert driver.window.record.tabs.current() == "activity"
    assert view.current() is row
    driver.press("forward")
    assert driver.window.record.tabs.current() == "events"


def test_an_activity_of_events_alone_is_there_only_with_events(driver: Driver, path: Path) -> None:
    driver.open(path, "session/ses-1")
    driver.press("activity")
    tabs = driver.window.record.tabs
    driver.window.store_controller.go("session", "ses-2")
    driver.reach("session", "ses-2")
    counted(driver)
    driver.wait(lambda: tabs.current() == "fields")
    assert not driver.window.actions_["activity"].isEnabled()
    driver.window.store_controller.go("run", "run-1")
    driver.reach("run", "run-1")
    driver.press("activity")
    view = driver.window.record.activity
    driver.wait(lambda: view.tree.rows.top is not None and bool(view.tree.rows.top.below))
    assert [row.item.name for row in view.tree.rows.top.below] == ["stigmer.agent_thinking"]  # type: ignore[union-attr]


def test_after_a_restart_the_events_are_shown_again(
    program: Application, path: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    driver = opened(program, path, qtbot)
    go(driver, "workflow_execution")
    driver.press("events")
    driver.wait(lambda: driver.window.record.events.stored is not None)
    again = restarted(program, tmp_path)
    second = opened(again, path, qtbot)
    second.reach(*EXECUTION)
    view = second.window.record.events
    second.wait(lambda: view.stored is not None)
    assert second.window.record.tabs.current() == "events"
    end(again)
