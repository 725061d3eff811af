"""Links, back and forward, go to, who refers to this."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from inspector.gui.search.goto_dialog import GotoDialog
from inspector.gui.search.referrers_dialog import ReferrersDialog
from inspector.session.session import Session
from inspector.session.version_outline import versions_of
from tests.builders import events
from tests.builders.layouts import Arc, Rec
from tests.cli.made import v2
from tests.gui.builders import data
from tests.gui.windows import Driver
from tests.places import REAL

STORE = REAL / "v2-clean" / "stigmer.db"
AGENT = "agt-01m7y9fhjm9ryr05nweyrj87vx"


@pytest.fixture
def driver(qtbot: QtBot) -> Iterator[Driver]:
    QGuiApplication.clipboard().clear()
    made = Driver(qtbot)
    yield made
    made.window.close()


def _linked(driver: Driver) -> bool:
    return bool(driver.window.record.tree.fields.look.links)


def test_enter_follows_a_link_and_back_returns(driver: Driver) -> None:
    driver.open(STORE, f"agent/{AGENT}")
    driver.wait(lambda: _linked(driver))
    driver.choose("status.default_instance_id")
    instance = Session.open(STORE).record("agent", AGENT)
    assert instance.tree is not None
    QTest.keyClick(driver.window.record.tree, Qt.Key.Key_Return)
    driver.wait(lambda: driver.at()[0] == "agent_instance")
    there = driver.at()
    driver.press("back")
    driver.reach("agent", AGENT)
    driver.press("forward")
    driver.reach(*there)
    assert not driver.window.actions_["forward"].isEnabled()


def test_the_list_follows_where_a_link_leads(driver: Driver) -> None:
    driver.open(STORE, f"agent/{AGENT}")
    driver.wait(lambda: _linked(driver))
    driver.choose("status.default_instance_id")
    driver.press("follow")
    driver.wait(lambda: driver.at()[0] == "agent_instance")
    driver.wait(lambda: driver.window.records.current() is not None)
    driver.wait(lambda: _current_id(driver) == driver.at()[1])


def _current_id(driver: Driver) -> str:
    head = driver.window.records.current()
    return head.id if head is not None else ""


def test_a_link_says_what_it_leads_to_and_a_dangling_one_that_it_does_not(driver: Driver) -> None:
    driver.open(STORE, f"agent/{AGENT}")
    driver.wait(lambda: _linked(driver))
    tree = driver.window.record.tree
    item = driver.choose("status.default_instance_id")
    index = tree.fields.index_of(item, 1)
    assert index.data() == "plan invoice agent 1-default"
    item = driver.choose("spec.sub_agents[0].skill_refs[0]")
    assert tree.fields.index_of(item, 1).data() == "check review 0"


def test_going_back_through_versions_shows_each_as_it_was(driver: Driver) -> None:
    skill = "skl-01m7y9fcz1p3v35da0551j8827"
    driver.open(STORE, f"skill/{skill}")
    driver.press("older")
    driver.wait(lambda: driver.at()[2] != "live")
    older = driver.at()
    driver.press("back")
    driver.reach("skill", skill)
    driver.press("forward")
    driver.reach(*older)


def test_a_pasted_line_of_a_log_leads_to_the_record(driver: Driver) -> None:
    driver.open(STORE)
    QGuiApplication.clipboard().setText(f'level=error id={AGENT} msg="boom"')
    dialog = driver.window.parts_now().navigation.ask()
    assert isinstance(dialog, GotoDialog)
    assert AGENT in dialog.line.text()
    driver.wait(lambda: dialog.found.rowCount() == 1)
    QTest.keyClick(dialog.line, Qt.Key.Key_Return)
    driver.reach("agent", AGENT)


def test_a_former_name_leads_to_the_record_and_says_so(driver: Driver, tmp_path: Path) -> None:
    path = v2(
        tmp_path,
        Rec("agent", "agt-1", data(3, data(1, "Sorter") + data(2, "sorter"))),
        Rec("agent", "agt-2", data(3, data(1, "Other") + data(2, "other"))),
    )
    events.add(path, events.NAMES, [events.OfName("agent", "acme", "triage", "agt-1")])
    driver.open(path, "agent/agt-2")
    dialog = driver.window.parts_now().navigation.ask()
    assert isinstance(dialog, GotoDialog)
    dialog.line.setText("triage")
    driver.wait(lambda: dialog.found.rowCount() == 1)
    assert dialog.words.text() == "1 record found by a former name."
    assert dialog.found.index(0, 0).data() == "Sorter former name"
    QTest.keyClick(dialog.line, Qt.Key.Key_Return)
    driver.reach("agent", "agt-1")
    assert driver.window.status.note.text() == "Found by a former name."


def test_going_from_a_history_lands_on_the_history_of_what_was_gone_to(
    driver: Driver, tmp_path: Path
) -> None:
    def go(to: str) -> None:
        dialog = driver.window.parts_now().navigation.ask()
        assert isinstance(dialog, GotoDialog)
        dialog.line.clear()
        QTest.keyClicks(dialog.line, to)
        driver.wait(lambda: dialog.found.rowCount() == 1)
        QTest.keyClick(dialog.line, Qt.Key.Key_Return)
        driver.reach("skill", to)

    blob = data(3, data(1, "one"))
    path = v2(
        tmp_path, Rec("skill", "skl-1", blob), Rec("skill", "skl-2", blob),
        Rec("skill", "skl-3", blob), Arc("skill", "skl-2", blob),
    )  # fmt: skip
    driver.open(path, "skill/skl-1")
    history = driver.window.record.history
    driver.window.record.tabs.choose("history")
    driver.wait(history.empty.isVisible)
    go("skl-3")
    assert driver.window.focusWidget() is history.empty
    go("skl-2")
    driver.wait(lambda: history.versions.rowCount() > 0)
    assert driver.window.focusWidget() is history.table


def test_what_is_not_here_is_said(driver: Driver) -> None:
    driver.open(STORE)
    dialog = driver.window.parts_now().navigation.ask()
    assert isinstance(dialog, GotoDialog)
    QTest.keyClicks(dialog.line, "no-such-thing")
    driver.wait(lambda: dialog.words.text().startswith("No record with this"))
    dialog.reject()


def test_a_record_that_is_gone_is_reached(driver: Driver) -> None:
    session = Session.demo()
    kind, id_ = next(
        (kind.kind, one) for kind in session.kinds() for one in session.gone_ids(kind.kind)
    )
    newest = versions_of(session, kind, id_)[0].name
    driver.open(None)
    dialog = driver.window.parts_now().navigation.ask()
    assert isinstance(dialog, GotoDialog)
    dialog.line.setText(id_)
    QTest.keyClick(dialog.line, Qt.Key.Key_Return)
    driver.reach(kind, id_, newest)


def test_who_refers_to_a_record_is_listed_and_gone_to(driver: Driver) -> None:
    driver.open(STORE, f"agent/{AGENT}")
    dialog = driver.window.parts_now().navigation.referrers()
    assert isinstance(dialog, ReferrersDialog)
    QAbstractItemModelTester(dialog.found, QAbstractItemModelTester.FailureReportingMode.Warning)
    driver.wait(lambda: "reference" in dialog.words.text() and dialog.found.rowCount() == 1)
    # People know it by its name.
    assert f"1 reference to {driver.window.record.name} " in dialog.words.text()
    found = dialog.found.at(0)
    assert found is not None
    assert (found.kind, found.path) == ("agent_instance", "spec.agent_id")
    # The window can be used beside it, and it stays for the next one.
    assert not dialog.isModal()
    QTest.keyClick(dialog.table, Qt.Key.Key_Return)
    driver.reach("agent_instance", found.id)
    assert dialog.isVisible()
    driver.press("again")
    driver.window.reopen()
    assert not dialog.isVisible()


def test_the_keys_of_the_window_are_those_of_references_too(driver: Driver) -> None:
    driver.open(STORE, f"agent/{AGENT}")
    window = driver.window
    dialog = window.parts_now().navigation.referrers()
    assert isinstance(dialog, ReferrersDialog)
    driver.wait(lambda: dialog.isActiveWindow() and dialog.found.rowCount() == 1)
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(dialog.table, Qt.Key.Key_2, control)
    assert window.record.tabs.current() == "json"
    driver.wait(dialog.isActiveWindow)
    QTest.keyClick(dialog.table, Qt.Key.Key_C, control)
    found = dialog.found.at(0)
    assert found is not None
    assert QGuiApplication.clipboard().text() == f"agent_instance/{found.id}"
    # Where a key leads to a place in the window, one is there.
    QTest.keyClick(dialog.table, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    driver.wait(window.isActiveWindow)
    assert window.kinds.hasFocus()
    dialog.activateWindow()
    driver.wait(dialog.isActiveWindow)
    QTest.keyClick(dialog.table, Qt.Key.Key_W, control)
    assert not dialog.isVisible()
    assert window.isVisible()


def test_references_of_another_record_take_the_place_of_the_first(driver: Driver) -> None:
    driver.open(STORE, f"agent/{AGENT}")
    ask = driver.window.parts_now().navigation.referrers
    first = ask()
    second = ask()
    assert first is not None
    assert second is not None
    assert not first.isVisible()
    driver.wait(lambda: "1 reference to" in second.words.text())


def test_keys_typed_before_the_box_has_the_focus_are_not_lost(driver: Driver) -> None:
    """They still come to the window below, for as long as the desktop has not moved the focus."""
    driver.open(None)
    window = driver.window
    below = window.windowHandle()
    at = driver.at()
    dialog = GotoDialog(window, window.tasks, Session.demo())
    # So it never gets the focus.
    dialog.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    dialog.show()
    for key in (Qt.Key.Key_S, Qt.Key.Key_U, Qt.Key.Key_R, Qt.Key.Key_V, Qt.Key.Key_E):
        QTest.keyClick(below, key)
    QTest.keyClick(below, Qt.Key.Key_Backspace)
    assert dialog.line.text() == "surv"
    closed: list[int] = []
    dialog.finished.connect(closed.append)
    QTest.keyClick(below, Qt.Key.Key_Escape)
    assert closed == [0]
    assert driver.at() == at
