"""Checking the open store in the real window: the findings, and the way to each of them."""

from __future__ import annotations

import json
from functools import partial
from html import unescape
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QEvent, QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from inspector.gui.fields.field_items import path_of
from inspector.gui.findings import check_controller
from inspector.gui.findings.findings_pane import FindingsPane
from inspector.gui.kinds.kinds_model import EntryType
from inspector.gui.style.text_runs import CELL_ROLE, Cell
from inspector.session.check import Checked, CheckFinding, check_store
from inspector.session.session import Session
from inspector.store.rows import Cancel
from tests.builders.layouts import Arc, Rec
from tests.cli.calls import call
from tests.cli.made import v2
from tests.gui.builders import data
from tests.gui.windows import Driver


def pane(driver: Driver) -> FindingsPane:
    return driver.window.parts_now().check.pane


def checked(driver: Driver) -> FindingsPane:
    driver.press("check")
    found = pane(driver)
    driver.wait(found.isVisible)
    driver.wait(lambda: bool(found.covered.text()))
    driver.wait(driver.window.tasks.is_idle)
    return found


def row_of(found: FindingsPane, code: str, *, version: bool = False) -> int:
    """The first finding of a code, of a version or of what is live, with a path if it has one."""
    for row in range(found.findings.rowCount()):
        at = found.findings.at(row)
        one = at.finding if at is not None else None
        if one is not None and one.problem.code == code and (one.audit_id is not None) == version:
            return row
    raise AssertionError(code)


def finding(found: FindingsPane, row: int) -> CheckFinding:
    at = found.findings.at(row)
    assert at is not None
    assert at.finding is not None
    return at.finding


def test_the_findings_are_those_of_the_command_grouped_by_kind_and_record(driver: Driver) -> None:
    driver.open(None)
    found = checked(driver)
    command = call("check", "--json", "--demo").json
    rows = [found.findings.at(row) for row in range(found.findings.rowCount())]
    listed = [row.finding for row in rows if row is not None and row.finding is not None]
    assert [
        (one.kind, one.id, one.audit_id, one.problem.path, one.problem.message) for one in listed
    ] == [
        (one["kind"], one["id"], one["auditId"], one["path"], one["message"])
        for one in command["problems"]
    ]
    kinds = {one["kind"] for one in command["problems"]}
    titles = [row for row in rows if row is not None and row.of_kind]
    assert len(titles) == len(kinds)
    assert found.covered.text() == call("check", "--demo").out.decode().splitlines()[-1]
    entry = driver.window.kinds.entry()
    assert entry is not None
    assert (entry.type, entry.count) == (EntryType.CHECK, len(listed))


def test_a_finding_opens_the_record_at_the_field_and_enter_goes_there(driver: Driver) -> None:
    driver.open(None)
    found = checked(driver)
    row = row_of(found, "unknown-enum")
    one = finding(found, row)
    found.table.setFocus()
    found.table.selectRow(row)
    assert one.kind is not None
    assert one.id is not None
    driver.reach(one.kind, one.id)
    record = driver.window.record

    def there() -> bool:
        item = record.tree.current()
        return item is not None and path_of(item) == one.problem.path

    driver.wait(there)
    QTest.keyClick(found.table, Qt.Key.Key_Return)
    driver.wait(record.tree.hasFocus)
    assert found.isVisible()


def test_each_finding_with_a_path_leads_to_just_that_field(driver: Driver) -> None:
    """The second unknown field of a number led to the first of it."""
    driver.open(None)
    found = checked(driver)
    tree = driver.window.record.tree

    def leads_to(path: str) -> bool:
        item = tree.current()
        return item is not None and path_of(item) == path

    reached = []
    for row in range(found.findings.rowCount()):
        at = found.findings.at(row)
        one = at.finding if at is not None else None
        # Bytes that cannot be read are a row of the message that they stand in.
        if one is not None and one.problem.path and one.problem.code != "undecodable":
            found.table.selectRow(row)
            path = one.problem.path
            driver.wait(partial(leads_to, path))
            reached.append(path)
    assert {"<17>", "<17>[1]", "<17>[2]"} <= set(reached)


def test_a_record_is_called_by_its_name_and_found_by_it(driver: Driver) -> None:
    driver.open(None)
    found = checked(driver)
    row = row_of(found, "unknown-enum")
    one = finding(found, row)
    assert one.name
    over = max(at for at in found.findings.titles() if at < row)
    title = found.findings.at(over)
    assert title is not None
    assert (title.title, title.id) == (one.name, one.id)
    assert found.findings.spoken(title) == f"Record {one.name}"
    found.filter.setText(one.name)
    assert finding(found, row_of(found, "unknown-enum")) == one


def test_a_finding_of_a_version_opens_that_version(driver: Driver) -> None:
    driver.open(None)
    found = checked(driver)
    row = row_of(found, "hash-mismatch", version=True)
    one = finding(found, row)
    found.table.selectRow(row)
    driver.reach(one.kind or "", one.id or "", f"audit:{one.audit_id}")


def test_a_record_of_which_only_history_is_left_opens_its_newest_version(
    driver: Driver, tmp_path: Path
) -> None:
    named = data(3, data(1, "It"))
    store = v2(tmp_path, Rec("agent", "agt-1", named), Arc("skill", "skl-1", named))
    driver.open(store)
    found = checked(driver)
    found.table.selectRow(row_of(found, "orphan-history"))
    driver.wait(lambda: driver.at()[:2] == ("skill", "skl-1"))
    assert driver.at()[2] != "live"


def test_no_findings_are_said(driver: Driver, tmp_path: Path) -> None:
    driver.open(v2(tmp_path, Rec("agent", "agt-1", data(3, data(1, "It") + data(2, "it")))))
    found = checked(driver)
    if found.findings.rowCount():  # what the store lacks besides is told apart from nothing
        pytest.fail(found.findings.at(found.findings.first_item()).__repr__())
    assert found.empty.sentence.text() == "No findings."
    assert found.empty.isVisible()
    assert found.covered.text().startswith("1 record and 0 versions checked")


def test_the_filter_narrows_and_the_copy_holds_what_is_chosen(driver: Driver) -> None:
    driver.open(None)
    found = checked(driver)
    every = found.findings.rowCount()
    driver.press("find")
    driver.wait(found.filter.hasFocus)
    QTest.keyClicks(found.filter, "orphan-history")
    driver.wait(lambda: found.findings.rowCount() < every)
    row = found.findings.first_item()
    one = finding(found, row)
    found.table.setFocus()
    found.table.selectionModel().select(
        found.findings.index(row, 0), QItemSelectionModel.SelectionFlag.ClearAndSelect
    )
    driver.press("copy")
    assert QGuiApplication.clipboard().text() == "\t".join(one.words)
    QTest.keyClicks(found.filter, " nowhere")
    driver.wait(lambda: found.empty.sentence.text() == "No findings match.")


def test_the_json_is_that_of_the_command(driver: Driver) -> None:
    driver.open(None)
    found = checked(driver)
    QGuiApplication.clipboard().setText("")
    found.json.click()
    driver.wait(lambda: bool(QGuiApplication.clipboard().text()))
    copied = QGuiApplication.clipboard().text()
    assert json.loads(copied) == call("check", "--json", "--demo").json


def _endless(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> FindingsPane:
    """A check that goes on until it is cancelled."""

    def endless(session: object, *, cancel: Cancel, progress: object) -> Checked:
        while not cancel.is_set():
            pass
        return check_store(driver.window.store_controller.session(), cancel=cancel)  # type: ignore[arg-type]

    monkeypatch.setattr(check_controller, "check_store", endless)
    driver.press("check")
    found = pane(driver)
    driver.wait(found.isVisible)
    return found


def test_a_check_is_cancelled_and_nothing_is_said_of_what_was_not_read(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.open(None)
    found = _endless(driver, monkeypatch)
    driver.wait(found.footer.isVisible)
    found.footer.cancelled.emit()
    driver.wait(lambda: found.empty.sentence.text() == "Check cancelled.")
    assert not found.findings.rowCount()
    assert not found.json.isVisible()


def test_a_check_that_ended_early_is_not_shown_as_one_under_way(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.open(None)
    found = _endless(driver, monkeypatch)
    kinds = driver.window.kinds.kinds

    def cell() -> Cell:
        index = kinds.index(kinds.find(EntryType.CHECK, ""), 0)
        shown = index.data(CELL_ROLE)
        assert isinstance(shown, Cell)
        return shown

    assert cell().text.endswith("\N{HORIZONTAL ELLIPSIS}")
    found.footer.cancelled.emit()
    driver.wait(lambda: cell().text == "Check findings")
    entry = driver.window.kinds.entry()
    assert entry is not None
    assert entry.type is EntryType.CHECK


def test_another_store_begins_with_nothing_checked(driver: Driver) -> None:
    driver.open(None)
    checked(driver)
    driver.window.reopen()
    driver.wait(lambda: driver.window.kinds.kinds.find(EntryType.CHECK, "") < 0)


def test_the_title_names_the_record_again_when_its_kind_is_gone_back_to(driver: Driver) -> None:
    driver.open(None)
    window = driver.window
    before, entry = window.windowTitle(), window.kinds.entry()
    assert entry is not None
    for action, title in (("check", "Check findings"), ("search", "Search results")):
        window.kinds.setFocus()
        driver.press(action)
        # Else the first finding is gone to when the check ends, and its record is shown.
        window.record.tree.setFocus()
        driver.wait(driver.window.tasks.is_idle)
        assert window.windowTitle().startswith(f"{title} - ")
        window.kinds.choose(entry.type, entry.kind)
        driver.wait(driver.window.tasks.is_idle)
        assert window.windowTitle() == before


def test_what_is_typed_says_nothing_of_a_check_that_did_not_end(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.open(None)
    found = _endless(driver, monkeypatch)
    QTest.keyClicks(found.filter, "a")
    assert found.empty.sentence.text() == "Checking\N{HORIZONTAL ELLIPSIS}"
    found.footer.cancelled.emit()
    driver.wait(lambda: found.empty.sentence.text() == "Check cancelled.")
    QTest.keyClicks(found.filter, "b")
    assert found.empty.sentence.text() == "Check cancelled."
    found.filter.clear()
    assert found.empty.sentence.text() == "Check cancelled."


def test_the_keys_go_to_the_findings_when_the_check_ends(driver: Driver) -> None:
    driver.open(None)
    driver.window.kinds.setFocus()
    found = checked(driver)
    assert driver.window.focusWidget() is found.table


def test_a_focus_that_was_moved_during_the_check_stays(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.open(None)
    may_end = Event()

    def held(session: Session, *, cancel: Cancel, progress: object) -> Checked:
        may_end.wait()
        return check_store(session, cancel=cancel)

    monkeypatch.setattr(check_controller, "check_store", held)
    driver.window.kinds.setFocus()
    driver.press("check")
    tree = driver.window.record.tree
    tree.setFocus()
    may_end.set()
    driver.wait(lambda: pane(driver).findings.rowCount() > 0)
    assert driver.window.focusWidget() is tree


def test_the_tooltip_of_a_finding_has_its_sentence_and_its_path_in_full(driver: Driver) -> None:
    driver.open(None)
    found = checked(driver)
    row = row_of(found, "unknown-enum")
    one = finding(found, row)
    table = found.table
    table.scrollTo(found.findings.index(row, 0))
    at = table.visualRect(found.findings.index(row, 0)).center()
    place = table.viewport().mapToGlobal(at)
    QApplication.sendEvent(table.viewport(), QHelpEvent(QEvent.Type.ToolTip, at, place))
    driver.wait(QToolTip.isVisible)
    assert f"{one.problem.message}\n{one.problem.path}" in unescape(QToolTip.text())
    QToolTip.hideText()
