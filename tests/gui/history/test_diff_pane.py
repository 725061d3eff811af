"""Differences in the window: what is compared, signs and words, stepping, taking away, secrets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from inspector.gui.diff import diff_model
from inspector.gui.diff.diff_model import DiffRow, rows_of
from inspector.gui.kinds.kinds_model import EntryType
from inspector.gui.search.found_records import FoundRecord
from inspector.gui.search.goto_dialog import GotoDialog
from inspector.gui.settings.settings import Settings
from inspector.gui.style.theme import Theme
from inspector.history.difference import Change, Entry
from inspector.session.history_queries import difference_of
from inspector.session.session import Session
from tests.builders import layouts
from tests.builders.demo import wire
from tests.builders.layouts import Arc, Rec
from tests.cli.made import blobs, v2
from tests.gui.builders import data
from tests.gui.histories import SKILL, STORE, Opens, choose, names, pane, shows
from tests.gui.windows import Driver

TESTER = QAbstractItemModelTester.FailureReportingMode.Fatal
SECRET = "hunter2-hunter2"


def changed(driver: Driver) -> list[DiffRow]:
    return list(pane(driver).tree.rows.root.changes())


def test_rows_within_what_was_added_are_made_when_it_is_opened(
    monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    """Of megabytes that were added each value had a row, which took thirty times their size."""
    session = Session.demo()
    before, after = (
        session.record(kind, next(iter(session.records(kind).rows)).id)
        for kind in ("agent", "agent_execution")
    )
    compared = difference_of(before, after, reveal=True)
    every = _lines(rows_of(compared, everything=False, reveal=True))
    for most in (0, 40):
        monkeypatch.setattr(diff_model, "_AT_ONCE", most)
        root = rows_of(compared, everything=False, reveal=True)
        unmade = [row for row in root.below if row.make is not None]
        assert unmade
        assert all(row.has_below() and row.below for row in unmade)
        assert _lines(root) == every
    assert len(every) > len(list(root.changes())) > 3
    model = diff_model.DiffModel()
    model.show(compared, rows_of(compared, everything=False, reveal=True))
    QAbstractItemModelTester(model, TESTER, model)


def test_elements_that_came_by_the_thousand_are_shown_in_parts(
    opens: Opens, tmp_path: Path
) -> None:
    """Qt asks for each of the rows that lie side by side: of a million it took minutes."""
    driver = opens(_grown(tmp_path / "stigmer.db", 20_000, 22_500), "agent_execution/aex-1")
    driver.window.record.tabs.choose("history")
    driver.wait(lambda: bool(changed(driver)))
    tree = pane(driver).tree
    rows = tree.rows
    QAbstractItemModelTester(rows, TESTER, rows)
    told = [
        [rows.cell(row, key).text for key in ("change", "field", "before")]
        for row in changed(driver)
    ]
    etc = "\N{HORIZONTAL ELLIPSIS}"
    assert told == [
        ["Added", f"status.messages[20,000 {etc} 20,999]", "1,000 items"],
        ["Added", f"status.messages[21,000 {etc} 21,999]", "1,000 items"],
        ["Added", f"status.messages[22,000 {etc} 22,499]", "500 items"],
    ]
    first, second, last = changed(driver)
    compared = pane(driver).compared
    assert compared is not None
    again = rows_of(compared, everything=False).below
    assert all(row.make is not None for row in again)  # those here the tester has opened
    everything = rows_of(compared, everything=True)
    assert (
        sum(row.change is Change.ADDED and row.parent is not None for row in everything.changes())
        == 2_500
    )
    assert tree.current() is first
    tree.expand(rows.index_of(first))
    assert [row.name for row in first.below[:2]] == ["[20000]", "[20001]"]
    assert len(first.below) == 1000
    assert rows.spoken(first.below[1].below[0]) == "Added, content, after step 20001, and no more"
    # From within a part the next change is the next part.
    tree.go_to(first.below[7])
    assert tree.step(1)
    assert tree.current() is second
    assert tree.step(1)
    assert tree.current() is last
    assert not tree.step(1)
    assert last.below[-1].name == "[22499]"


def test_a_list_of_thousands_that_came_whole_is_shown_in_parts(
    opens: Opens, tmp_path: Path
) -> None:
    driver = opens(_grown(tmp_path / "stigmer.db", 0, 2_500), "agent_execution/aex-1")
    driver.window.record.tabs.choose("history")
    driver.wait(lambda: bool(changed(driver)))
    [listed] = changed(driver)
    etc = "\N{HORIZONTAL ELLIPSIS}"
    names = [f"[0 {etc} 999]", f"[1,000 {etc} 1,999]", f"[2,000 {etc} 2,499]"]
    assert [row.name for row in listed.below] == names
    assert [row.name for row in listed.below[2].below[-1:]] == ["[2499]"]
    assert {row.change for row in listed.below[1].below} == {Change.ADDED}


def _grown(path: Path, before: int, after: int) -> Path:
    """A record of so many messages, with a version of so many."""
    head = wire.text(1, "v1") + wire.text(2, "AgentExecution")
    said = [wire.text(1, wire.text(2, f"step {one}, and no more")) for one in range(after)]
    old, new = (
        head + wire.text(5, wire.text(6, "x") + b"".join(some)) for some in (said[:before], said)
    )
    rows = [Arc("agent_execution", "aex-1", old)]
    return layouts.v2(path, [Rec("agent_execution", "aex-1", new)], rows)


def _lines(root: DiffRow) -> list[tuple[str, ...]]:
    """Every row as it is said, with those below it behind it."""
    found: list[tuple[str, ...]] = []
    stack = list(reversed(root.below))
    while stack:
        row = stack.pop()
        sides = (row.before, row.after)
        places = ["" if one is None else one.path for one in sides]
        found.append((row.name, str(row.change), *places, str(row.row)))
        assert row.has_below() is bool(row.below)
        stack.extend(reversed(row.below))
    return found


def test_a_version_is_compared_with_the_one_before(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    old, new = names(driver, 2, 1)
    choose(driver, 1, f"Before {old}, after {new}")
    rows = pane(driver).tree.rows
    QAbstractItemModelTester(rows, TESTER, rows)
    told = [[str(rows.index(row, c).data()) for c in range(4)] for row in range(rows.rowCount())]
    assert ["Changed", "spec.tag", "v1", "stable"] in told
    assert any(line[1] == "spec.skill_md" and "+8" in line[3] for line in told)
    assert told[-1][1].endswith("hash and audit fields")
    assert driver.window.record.history.versions.base == 2
    said = rows.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("Changed, spec.")


def test_the_base_is_marked_by_key_and_let_go_by_it(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    table = driver.window.record.history.table
    old, middle, new = names(driver, 5, 2, 1)
    table.selectRow(5)
    table.setFocus()
    QTest.keyClick(driver.window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    driver.wait(lambda: driver.window.record.history.versions.base == 5)
    choose(driver, 1, f"Before {old}, after {new}")
    table.selectRow(5)
    driver.press("mark_base")
    choose(driver, 1, f"Before {middle}, after {new}")


def test_a_version_is_compared_with_the_live_state(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    driver.press("against_live")
    old, live = names(driver, 4, 0)
    choose(driver, 4, f"Before {old}, after {live}")
    driver.press("against_previous")
    older = names(driver, 5)[0]
    shows(driver, f"Before {older}, after {old}")


def test_what_is_asked_for_from_another_tab_is_compared_in_the_history(opens: Opens) -> None:
    """Both did nothing there, and said nothing."""
    driver = opens(STORE, SKILL)
    tabs = driver.window.record.tabs
    tabs.choose("fields")
    driver.press("against_previous")
    driver.wait(lambda: tabs.current() == "history")
    shows(driver, "Before {}, after {}".format(*names(driver, 1, 0)))

    tabs.choose("fields")
    driver.press("against_live")
    choose(driver, 2, "Before {}, after {}".format(*names(driver, 2, 0)))


def test_versions_that_are_read_only_then_are_compared_as_was_asked_for(driver: Driver) -> None:
    driver.open(STORE, SKILL)
    assert driver.window.record.tabs.current() == "fields"
    driver.press("against_live")
    driver.wait(lambda: driver.window.record.history.versions.rowCount() > 2)
    choose(driver, 2, "Before {}, after {}".format(*names(driver, 2, 0)))


def test_a_record_without_versions_says_so_where_it_is_to_be_compared(driver: Driver) -> None:
    driver.open(STORE)
    driver.press("against_previous")
    history = driver.window.record.history
    driver.wait(history.empty.isVisible)
    assert history.empty.sentence.text() == "No history."


def test_the_first_version_has_nothing_before_it(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    table = driver.window.record.history.table
    table.selectRow(driver.window.record.history.versions.rowCount() - 1)
    driver.wait(lambda: not pane(driver).is_shown())
    assert pane(driver).empty.sentence.text() == "This is the first version; nothing to compare."


def test_changes_are_stepped_through_by_key(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    old, new = names(driver, 2, 1)
    choose(driver, 1, f"Before {old}, after {new}")
    tree = pane(driver).tree
    seen = set()
    driver.wait(lambda: pane(driver).path.text() != "")
    for _ in range(60):
        row = tree.current()
        assert row is not None
        seen.add(row.name)
        QTest.keyClick(driver.window, Qt.Key.Key_F7)
        driver.wait(lambda: not driver.window.tasks.is_busy("difference text"))
    assert seen == {row.name for row in changed(driver)}
    last = tree.current()
    for _ in range(3):
        QTest.keyClick(driver.window, Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier)
        driver.wait(lambda: not driver.window.tasks.is_busy("difference text"))
    assert tree.current() is not last


def test_everything_stands_around_what_changed(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    old, new = names(driver, 2, 1)
    choose(driver, 1, f"Before {old}, after {new}")
    few = {row.entry.path for row in changed(driver) if isinstance(row.entry, Entry)}
    driver.press("only_changes")
    driver.wait(lambda: any(row.name == "metadata" for row in pane(driver).tree.rows.root.below))
    assert {row.entry.path for row in changed(driver) if isinstance(row.entry, Entry)} == few
    spec = next(row for row in pane(driver).tree.rows.root.below if row.name == "spec")
    assert spec.change is None
    tag = next(row for row in spec.below if row.name == "tag")
    assert tag.change is Change.CHANGED


def test_the_same_meaning_in_other_bytes_is_said(opens: Opens, tmp_path: Path) -> None:
    blob = blobs("skill", "resource_audit")[0]
    # An empty text that is written out means the same as none.
    path = v2(
        tmp_path, Rec("skill", "skl-1", blob), Arc("skill", "skl-1", blob),
        Arc("skill", "skl-1", blob + data(1, "agentic.stigmer.ai/v1")),
    )  # fmt: skip
    driver = opens(path, "skill/skl-1")
    driver.window.record.history.table.selectRow(0)
    driver.wait(lambda: pane(driver).empty.sentence.text() == "No differences.")
    assert "content is the same" in pane(driver).empty.reason.text()


def test_texts_stand_side_by_side_where_there_is_room(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    driver.wait(lambda: pane(driver).width() >= 720)
    assert pane(driver).text.beside
    driver.press("side_by_side")
    assert not pane(driver).text.beside
    driver.press("side_by_side")
    driver.window.resize(1000, 700)
    driver.wait(lambda: pane(driver).width() < 720)
    assert not pane(driver).text.beside


def test_how_differences_are_shown_is_kept(qtbot: QtBot, theme: Theme) -> None:
    settings = Settings()
    for _ in range(2):
        driver = Driver(qtbot, settings)
        driver.window.complete()
        shown = [driver.window.actions_[name] for name in ("only_changes", "side_by_side")]
        checked = [action.isChecked() for action in shown]
        for action in shown:
            action.trigger()
        driver.window.close()
        assert checked == [not settings.only_changes, not settings.side_by_side]
    assert (settings.only_changes, settings.side_by_side) == (True, True)


def test_wide_histories_lie_side_by_side(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    split = driver.window.record.history.split
    assert split.orientation() is Qt.Orientation.Vertical
    driver.press("only_record")
    driver.wait(lambda: split.orientation() is Qt.Orientation.Horizontal)


def test_two_records_of_a_kind_are_compared(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    own, other = compare_with_another(driver)
    shows(driver, f"Before {own}, after {other}")
    assert any(row.name == "metadata.name" for row in changed(driver))


def test_two_selected_records_are_compared(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    table = driver.window.records.table
    driver.wait(lambda: table.currentIndex().isValid())
    action, own = driver.window.actions_["compare_rows"], driver.at()[1]
    assert not action.isEnabled()
    row = table.currentIndex().row()
    other = table.model().index(row + 1 if row == 0 else row - 1, 0)
    choose = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for index in (table.currentIndex(), other):
        table.selectionModel().select(index, choose)
    driver.wait(action.isEnabled)
    head = driver.window.records.records.head_at(other.row())
    assert head is not None
    action.trigger()
    shows(driver, f"Before {own}, after {head.id}")
    table.selectAll()
    assert not action.isEnabled()


def compare_with_another(driver: Driver) -> tuple[str, str]:
    """Choose another record to compare with: the ids of both."""
    driver.press("compare_record")
    dialog = driver.window.findChild(GotoDialog)
    assert isinstance(dialog, GotoDialog)
    own = driver.at()[1]
    other = next(head for head in Session.open(STORE).records("skill").rows if head.id != own)
    dialog.chosen.emit(FoundRecord("skill", other.id, other.name or "", live=True))
    dialog.reject()
    return own, other.id


def test_another_record_stays_chosen_while_the_versions_are_read(
    qtbot: QtBot, theme: Theme
) -> None:
    """From the fields: the versions are read only then, and what is compared is not theirs."""
    driver = Driver(qtbot).open(STORE, SKILL)
    view = driver.window.record.history
    assert driver.window.record.tabs.current() == "fields"
    assert view.versions.rowCount() == 0
    own, other = compare_with_another(driver)
    driver.wait(lambda: view.versions.rowCount() > 0)
    shows(driver, f"Before {own}, after {other}")
    driver.wait(lambda: not driver.window.tasks.is_busy("difference"))
    assert pane(driver).words == f"Before {own}, after {other}"
    # It was chosen for that record alone.
    driver.window.store_controller.go("skill", other)
    driver.reach("skill", other)
    driver.wait(lambda: bool(pane(driver).words) and own not in pane(driver).words)
    driver.window.store_controller.go("skill", own)
    driver.reach("skill", own)
    driver.wait(lambda: bool(pane(driver).words) and other not in pane(driver).words)
    driver.window.close()


def test_the_focus_goes_from_the_fields_to_what_is_compared(qtbot: QtBot, theme: Theme) -> None:
    driver = Driver(qtbot).open(STORE, SKILL)
    window = driver.window
    window.activateWindow()
    window.record.tree.setFocus()
    driver.press("compare_record")
    dialog = window.findChild(GotoDialog)
    assert isinstance(dialog, GotoDialog)
    driver.wait(dialog.line.hasFocus)
    driver.wait(lambda: dialog.found.rowCount() > 0)
    QTest.keyClick(dialog.line, Qt.Key.Key_Return)
    driver.wait(lambda: window.record.tabs.current() == "history")
    window.activateWindow()
    driver.wait(driver.window.tasks.is_idle)
    # The versions where they are there by then, else the difference; the switches never have it.
    had = window.focusWidget()
    driver.window.close()
    assert had in (window.record.history.table, window.record.history.difference.tree)


def test_a_comparison_ends_with_the_next_record_though_neither_has_versions(
    driver: Driver,
) -> None:
    driver.open(None)
    driver.window.kinds.choose(EntryType.KIND, "agent_execution")
    driver.wait(lambda: driver.at()[0] == "agent_execution")
    history, table = driver.window.record.history, driver.window.records.table
    table.setFocus()
    first = driver.at()[1]
    QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    driver.wait(lambda: driver.at()[1] != first)
    driver.press("compare_rows")
    driver.wait(lambda: history.difference.isVisible() and pane(driver).compared is not None)
    QTest.keyClick(table, Qt.Key.Key_Down)
    driver.wait(history.empty.isVisible)
    assert not history.difference.isVisible()
    assert driver.window.record.tabs.current() == "history"


def test_a_difference_is_copied_and_exported(opens: Opens, tmp_path: Path) -> None:
    driver = opens(STORE, SKILL)
    old, new = names(driver, 2, 1)
    choose(driver, 1, f"Before {old}, after {new}")
    QGuiApplication.clipboard().clear()
    driver.press("copy_difference")
    driver.wait(lambda: "~ changed spec.tag" in QGuiApplication.clipboard().text())
    assert '      - "v1"\n      + "stable"' in QGuiApplication.clipboard().text()
    driver.press("export_difference")
    dialog = driver.window.findChild(QFileDialog)
    assert dialog is not None
    field = dialog.findChild(QLineEdit)
    assert field is not None
    path = tmp_path / "difference.json"
    field.setText(str(path))
    dialog.accept()
    driver.wait(path.exists)
    found = {one["path"]: one for one in json.loads(path.read_text("utf-8"))}
    assert found["spec.tag"]["before"] == "v1"
    assert found["spec.tag"]["after"] == "stable"


def environment(value: str) -> bytes:
    """An environment with one variable that is a secret."""
    entry = data(1, "TOKEN") + data(2, data(1, value) + b"\x10\x01")
    return data(3, data(1, "one")) + data(4, data(2, entry))


def test_secrets_stay_covered_and_changed(opens: Opens, tmp_path: Path) -> None:
    path = v2(
        tmp_path, Rec("environment", "env-1", environment(SECRET)),
        Arc("environment", "env-1", environment("other")),
        Arc("environment", "env-1", environment(SECRET)),
    )  # fmt: skip
    driver = opens(path, "environment/env-1")
    driver.window.record.history.table.selectRow(0)
    driver.wait(lambda: bool(changed(driver)))
    rows = pane(driver).tree.rows
    assert all(row.hidden for row in changed(driver))
    said = [rows.spoken(row) for row in changed(driver)]
    assert said[0].startswith("Changed, ")
    assert "Hidden" in said[0]
    driver.press("copy_difference")
    driver.wait(lambda: "[covered]" in QGuiApplication.clipboard().text())
    shown = [*said, QGuiApplication.clipboard().text(), pane(driver).path.text()]
    assert not any(SECRET in text or "other" in text for text in shown)


def test_what_is_selected_is_copied_by_key(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    middle, new = names(driver, 2, 1)
    choose(driver, 1, f"Before {middle}, after {new}")
    driver.wait(lambda: pane(driver).path.text() == "spec.skill_md")
    view = pane(driver).text
    view.setFocus()
    view.select_all()
    assert "unchanged lines]" in view.selected_text()
    QGuiApplication.clipboard().clear()
    QTest.keyClick(driver.window, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == view.selected_text()
