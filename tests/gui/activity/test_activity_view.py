"""The activity of executions: rows and axis, states in words, to the field and back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from inspector.decode.document import read_document
from inspector.decode.secrets import COVERED
from inspector.gui.activity import activity_loader
from inspector.gui.activity.activity_model import (
    ACTIVITY_KEYS,
    ActivityRow,
    clock,
    span,
    state_cell,
)
from inspector.gui.activity.activity_view import ActivityView
from inspector.gui.fields.field_items import path_of
from inspector.gui.record_tabs import TABS
from inspector.gui.style.fusion_style import FlatTabBar
from inspector.gui.style.theme import Theme
from inspector.gui.style.time_ticks import ticks
from inspector.gui.tasks import Report
from inspector.history.activity import Role
from inspector.session.history_queries import activity
from inspector.session.session import Session
from inspector.session.summaries import Record
from tests.builders import layouts
from tests.builders.layouts import Rec
from tests.choices import chosen
from tests.gui.windows import Driver
from tests.places import REAL
from tests.releases import message_class

STORE = REAL / "v2-clean" / "stigmer.db"
EXECUTION = "agent_execution/exec-rotate-deploy-2"
FAILED = "agent_execution/aex-01m7y9g01n1f6vcr462029q1fz"
TESTER = QAbstractItemModelTester.FailureReportingMode.Fatal
SECOND = 1_000_000_000


@pytest.fixture
def driver(qtbot: QtBot, theme: Theme) -> Iterator[Driver]:
    made = Driver(qtbot)
    made.window.resize(1440, 900)
    yield made
    made.window.close()


def opened(driver: Driver, path: Path = STORE, select: str = EXECUTION) -> ActivityView:
    driver.open(path, select)
    QTest.keyClick(driver.window, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    view = driver.window.record.activity
    driver.wait(lambda: view.tree.rows.top is not None)
    return view


def rows(view: ActivityView) -> list[ActivityRow]:
    assert view.tree.rows.top is not None
    found, stack = [], [view.tree.rows.top]
    while stack:
        row = stack.pop()
        found.append(row)
        stack.extend(reversed(row.below))
    return found


def said(view: ActivityView, row: ActivityRow, key: str) -> str:
    index = view.tree.rows.index_of(row).siblingAtColumn(ACTIVITY_KEYS.index(key))
    return str(index.data())


def test_every_item_has_a_row_with_state_start_and_length(driver: Driver) -> None:
    view = opened(driver)
    QAbstractItemModelTester(view.tree.rows, TESTER, view.tree.rows)
    session = Session.open(STORE)
    kind, id_, _ = driver.at()
    expected = activity(session.record(kind, id_))
    assert expected is not None
    shown = rows(view)
    assert [row.item.role for row in shown] == [item.role for item in expected.items()]
    failed = next(row for row in shown if row.item.failed)
    assert said(view, failed, "state") == "Failed"
    assert said(view, failed, "length") == span(failed.item.length or 0)
    assert expected.begin is not None
    assert said(view, failed, "start") == clock((failed.item.start or 0) - expected.begin)


def test_a_call_without_an_end_says_so(driver: Driver) -> None:
    view = opened(driver)
    row = next(one for one in rows(view) if one.item.no_end)
    assert said(view, row, "state") == "No end"
    index = view.tree.rows.index_of(row)
    assert "no end" in index.data(Qt.ItemDataRole.AccessibleTextRole)


def test_a_row_leads_to_its_field_and_the_key_back(driver: Driver) -> None:
    view = opened(driver)
    row = next(one for one in rows(view) if one.item.failed)
    view.tree.setCurrentIndex(view.tree.rows.index_of(row))
    view.tree.setFocus()
    QTest.keyClick(view.tree, Qt.Key.Key_Return)
    assert driver.window.record.tabs.current() == "fields"
    item = driver.window.record.tree.current()
    assert item is not None
    assert path_of(item) == row.item.place.path
    QTest.keyClick(driver.window, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    assert driver.window.record.tabs.current() == "activity"
    assert view.current() is row


def test_a_click_leads_to_the_field_and_back_to_the_row(driver: Driver) -> None:
    view = opened(driver)
    failed = [one for one in rows(view) if one.item.failed]
    view.tree.setCurrentIndex(view.tree.rows.index_of(failed[1]))
    driver.wait(lambda: view.link.text() == failed[1].item.place.path)
    QTest.mouseClick(view.link, Qt.MouseButton.LeftButton)
    pane = driver.window.record
    assert pane.tabs.current() == "fields"
    item = pane.tree.current()
    assert item is not None
    assert path_of(item) == failed[1].item.place.path
    driver.choose("metadata.name")
    driver.press("back")
    assert (pane.tabs.current(), view.current()) == ("activity", failed[1])
    assert view.tree.hasFocus()
    driver.press("forward")
    item = pane.tree.current()
    assert item is not None
    assert (pane.tabs.current(), path_of(item)) == ("fields", failed[1].item.place.path)


def test_the_link_goes_by_key_and_back_from_another_record(driver: Driver) -> None:
    view = opened(driver)
    kind, id_, _ = driver.at()
    row = next(one for one in rows(view) if one.item.no_end)
    view.tree.setCurrentIndex(view.tree.rows.index_of(row))
    view.link.setFocus()
    assert view.link.accessibleName() == f"Go to the field {row.item.place.path}"
    QTest.keyClick(view.link, Qt.Key.Key_Return)
    assert driver.window.record.tabs.current() == "fields"
    skill = Session.open(STORE).records("skill").rows[0].id
    driver.window.store_controller.go("skill", skill)
    driver.reach("skill", skill)
    driver.press("back")
    driver.reach(kind, id_)
    item = driver.window.record.tree.current()
    assert item is not None
    assert path_of(item) == row.item.place.path
    driver.press("back")
    current = view.current()
    assert current is not None
    assert current.item.place.path == row.item.place.path


def test_a_long_text_is_told_whole(driver: Driver, tmp_path: Path) -> None:
    class_ = message_class("2026-01-26", "ai.stigmer.agentic.agentexecution.v1.AgentExecution")
    message: Any = class_()
    message.metadata.id = "aex-1"
    call = message.status.tool_calls.add(id="c", name="execute")
    call.started_at = "2026-01-25T20:38:38Z"
    call.result = "\n".join(f"line {number}" for number in range(20_000))
    records = [Rec("agent_execution", "aex-1", message.SerializeToString())]
    view = opened(driver, layouts.v2(tmp_path / "s.db", records), "agent_execution/aex-1")
    (row,) = [one for one in rows(view) if one.item.role is Role.TOOL_CALL]
    view.tree.setCurrentIndex(view.tree.rows.index_of(row))
    driver.wait(lambda: "line 19999" in view.text.text())


def test_a_field_leads_to_the_row_it_belongs_to(driver: Driver) -> None:
    view = opened(driver)
    row = next(one for one in rows(view) if one.item.failed)
    driver.press("fields")
    driver.choose(f"{row.item.place.path}.error")
    driver.press("activity")
    assert view.current() is row


def test_what_a_row_says_is_told_below(driver: Driver) -> None:
    view = opened(driver)
    row = next(one for one in rows(view) if one.item.failed)
    view.tree.setCurrentIndex(view.tree.rows.index_of(row))
    driver.wait(lambda: row.item.text in view.text.text())
    assert view.head.path.text() == row.item.place.path
    assert "Failed" in view.head.facts.text()


def test_the_whole_reason_of_a_failure_is_read(driver: Driver) -> None:
    view = opened(driver, REAL / "v0" / "stigmer.db", FAILED)
    error = driver.item("status.error").node
    assert error is not None
    assert "\n" in error.value
    driver.wait(lambda: view.text.text() == error.value)
    (top, *_) = rows(view)
    words = error.value.replace("\n", " ↵ ")
    assert words[:100] in said(view, top, "what")
    spoken = view.tree.rows.index_of(top).data(Qt.ItemDataRole.AccessibleTextRole)
    assert error.value.replace("\n", " ")[:100] in spoken


def test_a_reason_that_is_covered_stays_so(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        activity_loader, "is_covered", lambda place, _covered: "error" in place.path
    )
    view = opened(driver, REAL / "v0" / "stigmer.db", FAILED)
    driver.wait(lambda: view.text.text() == "Hidden.")
    driver.press("copy")
    assert QGuiApplication.clipboard().text() == COVERED


def test_a_secret_that_is_on_its_way_is_not_told_once_it_is_covered(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        activity_loader, "is_covered", lambda place, _covered: "error" in place.path
    )
    view = opened(driver, REAL / "v0" / "stigmer.db", FAILED)
    driver.wait(lambda: view.text.text() == "Hidden.")
    begun, held = Event(), Event()

    def hold(_cancel: Event, _report: Report) -> None:
        begun.set()
        held.wait(60)

    answered = list[None]()
    driver.window.tasks.run("held", hold, answered.append, slow=True)
    assert begun.wait(60)
    driver.press("secrets")
    driver.wait(lambda: view.text.text() == "")
    driver.press("secrets")
    driver.wait(lambda: view.text.text() == "Hidden.")
    held.set()
    driver.wait(lambda: bool(answered) and driver.window.tasks.is_idle())
    assert view.text.text() == "Hidden."


def test_what_a_row_says_is_copied_and_of_its_text_what_is_selected(driver: Driver) -> None:
    """Not the field that the cursor was on in another tab."""
    view = opened(driver)
    row = next(one for one in rows(view) if one.item.failed)
    view.tree.setFocus()
    view.tree.setCurrentIndex(view.tree.rows.index_of(row))
    driver.wait(lambda: row.item.text in view.text.text())
    driver.press("copy")
    assert QGuiApplication.clipboard().text() == view.text.text()
    view.text.focus()
    focus = driver.window.focusWidget()
    QTest.keyClick(focus, Qt.Key.Key_Home)
    QTest.keyClick(focus, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    driver.press("copy")
    assert QGuiApplication.clipboard().text() == view.text.text()[0]


def test_an_unfinished_task_of_an_ended_execution_says_so(driver: Driver, tmp_path: Path) -> None:
    class_ = message_class("2026-01-26", "ai.stigmer.agentic.agentexecution.v1.AgentExecution")
    message: Any = class_()
    message.metadata.id = "aex-1"
    message.status.phase = 3
    for number, when in ((2, "2026-01-25T20:39:38Z"), (3, "2026-01-25T20:40:00Z")):
        todo = message.status.todos[str(number)]
        todo.content, todo.status = f"todo {number}", number
        todo.created_at, todo.updated_at = "2026-01-25T20:38:38Z", when
    records = [Rec("agent_execution", "aex-1", message.SerializeToString())]
    view = opened(driver, layouts.v2(tmp_path / "s.db", records), "agent_execution/aex-1")
    tasks = [row for row in rows(view) if row.item.role is Role.TASK]
    told = [(said(view, row, "state"), said(view, row, "length")) for row in tasks]
    assert told == [("No end", ""), ("Completed", "1:22")]


def test_the_tab_is_there_for_what_carries_times(driver: Driver) -> None:
    driver.open(STORE, "skill/check-review-0")
    assert not driver.window.actions_["activity"].isEnabled()
    driver.window.store_controller.go(
        "agent_execution", Session.open(STORE).records("agent_execution").rows[0].id
    )
    driver.wait(lambda: driver.at()[0] == "agent_execution")
    driver.press("activity")
    assert driver.window.record.tabs.current() == "activity"
    skill = Session.open(STORE).records("skill").rows[0].id
    driver.window.store_controller.go("skill", skill)
    driver.reach("skill", skill)
    assert driver.window.record.tabs.current() != "activity"
    assert "activity" in TABS


def test_the_tab_has_room_when_it_comes_while_another_is_shown(driver: Driver) -> None:
    driver.open(STORE, "skill/check-review-0")
    driver.press("history")
    execution = Session.open(STORE).records("agent_execution").rows[0].id
    driver.window.store_controller.go("agent_execution", execution)
    driver.reach("agent_execution", execution)
    bar = driver.window.record.tabs.findChild(FlatTabBar)
    assert isinstance(bar, FlatTabBar)
    driver.wait(lambda: bar.tabRect(TABS.index("activity")).right() < bar.width())


def test_the_tree_begins_with_the_execution(driver: Driver) -> None:
    view = opened(driver)
    assert view.tree.rows.rowCount(QModelIndex()) == 1
    assert view.tree.isExpanded(view.tree.rows.index(0, 0))


def test_states_of_a_document_are_named_without_their_enum() -> None:
    calls = [{"id": "c", "name": "execute", "status": "TOOL_CALL_FAILED"}]
    document = {"status": {"phase": "EXECUTION_COMPLETED", "toolCalls": calls}}
    tree = read_document(json.dumps(document).encode())
    record = Record("AgentExecution", "", 0, None, None, chosen(None, ""), tree, json_store=True)
    found = activity(record)
    assert found is not None
    assert [state_cell(item).text for item in found.items()] == ["Completed", "Failed"]


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (0, "0 s"),
        (120_000_000, "120 ms"),
        (34 * SECOND, "34 s"),
        (429 * SECOND, "7:09"),
        (3661 * SECOND, "1:01:01"),
        (-3 * SECOND, "\N{MINUS SIGN}3 s"),
    ],
)
def test_lengths_in_words(length: int, words: str) -> None:
    assert span(length) == words


@pytest.mark.parametrize("seconds", [0, 1, 59, 430, 90_000, 10_000_000])
def test_an_axis_has_few_lines(seconds: int) -> None:
    found = ticks(seconds * SECOND)
    assert found[0] == 0
    assert len(found) <= 9
