"""Differences in the window: what is compared, signs and words, stepping, taking away, secrets."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from unicodedata import combining, east_asian_width

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from inspector.gui.models.difference_rows import DiffRow
from inspector.gui.models.found import Found
from inspector.gui.models.text_lines import text_rows
from inspector.gui.models.version_cells import Mark
from inspector.gui.models.wrapping import pieces
from inspector.gui.settings import Settings
from inspector.gui.theme import Theme
from inspector.gui.views.difference_pane import DifferencePane
from inspector.gui.views.text_difference import TextDifferenceView
from inspector.gui.views.version_picker import VersionList, VersionPicker
from inspector.history.difference import Change
from inspector.session.session import Session
from tests.builders.layouts import Arc, Rec
from tests.cli.made import blobs, v2
from tests.gui.builders import data
from tests.gui.windows import Driver
from tests.places import REAL

STORE = REAL / "v2-clean" / "stigmer.db"
SKILL = "skill/check-review-0"
TESTER = QAbstractItemModelTester.FailureReportingMode.Fatal
SECRET = "hunter2-hunter2"
Opens = Callable[[Path, str], Driver]


@pytest.fixture
def opens(qtbot: QtBot, theme: Theme) -> Iterator[Opens]:
    """Opens the history of a record of a store in a window that is closed in the end."""
    driver = Driver(qtbot)

    def open_(path: Path, select: str) -> Driver:
        driver.window.resize(1440, 900)
        driver.open(path, select)
        driver.press("history")
        driver.wait(lambda: driver.window.record.history.versions.rowCount() > 0)
        return driver

    yield open_
    driver.window.close()


def pane(driver: Driver) -> DifferencePane:
    return driver.window.record.history.difference


def choose(driver: Driver, row: int, words: str) -> None:
    """Select a version and wait until a difference is told in words."""
    driver.window.record.history.table.selectRow(row)
    shows(driver, words)


def shows(driver: Driver, words: str) -> None:
    driver.wait(lambda: pane(driver).words == words)


def names(driver: Driver, *rows: int) -> list[str]:
    versions = driver.window.record.history.versions.versions
    return [f"{(versions[row].version_hash or '')[:8]} {versions[row].tag}" for row in rows]


def changed(driver: Driver) -> list[DiffRow]:
    return list(pane(driver).tree.rows.root.changes())


def test_a_version_is_compared_with_the_one_before(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    old, new = names(driver, 2, 1)
    choose(driver, 1, f"Before {old}, after {new}")
    rows = pane(driver).tree.rows
    QAbstractItemModelTester(rows, TESTER, rows)
    told = [[str(rows.index(row, c).data()) for c in range(4)] for row in range(rows.rowCount())]
    assert ["Changed", "spec.tag", "v1", "stable"] in told
    assert any(line[1] == "spec.skill_md" and "+8" in line[3] for line in told)
    assert told[-1][1].endswith("bookkeeping fields")
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


def picked(driver: Driver, picker: VersionPicker, *keys: Qt.Key) -> None:
    """Open the list of a picker by key, and choose from it by keys."""
    picker.setFocus()
    QTest.keyClick(picker, Qt.Key.Key_Down)
    offered = picker.findChild(VersionList)
    assert isinstance(offered, VersionList)
    assert offered.isVisible()
    for key in keys:
        QTest.keyClick(offered.table, key)
    assert not offered.isVisible()


def test_any_two_versions_are_picked_by_keys(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    old, middle, new = names(driver, 4, 2, 1)
    choose(driver, 1, f"Before {middle}, after {new}")
    down, enter = Qt.Key.Key_Down, Qt.Key.Key_Return
    picked(driver, pane(driver).before, down, down, enter)
    shows(driver, f"Before {old}, after {new}")
    assert pane(driver).before.accessibleName() == f"Before: {old}"
    assert driver.window.record.history.versions.base == 4
    picked(driver, pane(driver).after, *[down] * 6, enter)
    older = names(driver, 7)[0]
    shows(driver, f"Before {old}, after {older}")
    assert driver.window.record.history.table.current_row() == 7
    picked(driver, pane(driver).before, Qt.Key.Key_Escape)
    shows(driver, f"Before {old}, after {older}")


def test_a_version_is_picked_by_mouse_and_by_typing_its_hash(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    middle, new = names(driver, 2, 1)
    choose(driver, 1, f"Before {middle}, after {new}")
    QTest.mouseClick(pane(driver).before, Qt.MouseButton.LeftButton)
    offered = pane(driver).before.findChild(VersionList)
    assert isinstance(offered, VersionList)
    assert offered.table.current_row() == 2
    model = driver.window.record.history.versions
    QTest.keyClicks(offered.table, names(driver, 5)[0][:6])
    assert offered.table.current_row() == 5
    place = offered.table.visualRect(model.index(3, 1)).center()
    QTest.mouseClick(offered.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    shows(driver, f"Before {names(driver, 3)[0]}, after {new}")


def test_versions_are_called_by_what_only_their_blobs_tell(opens: Opens, tmp_path: Path) -> None:
    first, second = blobs("skill", "resource_audit")[:2]
    path = v2(
        tmp_path, Rec("skill", "skl-1", second), Arc("skill", "skl-1", first),
        Arc("skill", "skl-1", second),
    )  # fmt: skip
    driver = opens(path, "skill/skl-1")
    versions = driver.window.record.history.versions
    driver.wait(lambda: all(one.version_hash for one in versions.versions))
    old, new = names(driver, 1, 0)
    shows(driver, f"Before {old}, after {new}")


def test_picking_beside_the_live_state_keeps_or_leaves_it(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    live, one, other = names(driver, 0, 5, 7)
    driver.press("against_live")
    choose(driver, 5, f"Before {one}, after {live}")
    pane(driver).before.picked.emit(7)
    shows(driver, f"Before {other}, after {live}")
    assert driver.window.record.history.table.current_row() == 7
    pane(driver).after.picked.emit(5)
    shows(driver, f"Before {other}, after {one}")
    marks = driver.window.record.history.versions
    assert (marks.mark(0), marks.mark(7)) == (Mark.LIVE, Mark.BASE)


def test_the_live_state_that_is_compared_with_is_seen_as_both(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    driver.press("against_live")
    choose(driver, 5, "Before {1}, after {0}".format(*names(driver, 0, 5)))
    versions = driver.window.record.history.versions
    assert versions.mark(0) is Mark.LIVE_BASE
    said = versions.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "live" in said
    assert "compared with" in said


def test_the_first_version_has_nothing_before_it(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    table = driver.window.record.history.table
    table.selectRow(driver.window.record.history.versions.rowCount() - 1)
    driver.wait(lambda: not pane(driver).is_shown())
    assert pane(driver).empty.sentence.text() == "The first version."


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
    few = {row.entry.path for row in changed(driver) if row.entry is not None}
    driver.press("only_changes")
    driver.wait(lambda: any(row.name == "metadata" for row in pane(driver).tree.rows.root.below))
    assert {row.entry.path for row in changed(driver) if row.entry is not None} == few
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
    driver.wait(lambda: pane(driver).empty.sentence.text() == "Nothing differs.")
    assert "meaning is the same" in pane(driver).empty.reason.text()


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
    dialog = driver.window.comparing.ask_record()
    assert dialog is not None
    own = driver.at()[1]
    other = next(head for head in Session.open(STORE).records("skill").rows if head.id != own)
    dialog.chosen.emit(Found("skill", other.id, other.name or "", live=True))
    dialog.reject()
    shows(driver, f"Before {own}, after {other.id}")
    assert any(row.name == "metadata.name" for row in changed(driver))


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
    assert "Covered" in said[0]
    driver.press("copy_difference")
    driver.wait(lambda: "[covered]" in QGuiApplication.clipboard().text())
    shown = [*said, QGuiApplication.clipboard().text(), pane(driver).path.text()]
    assert not any(SECRET in text or "other" in text for text in shown)


def test_replaced_lines_mark_the_words_that_differ() -> None:
    rows = text_rows("a\nthe cat sat down\nz\n", "a\nthe dog sat down\nz\n", everything=False)
    line = next(one for one in rows.beside if one.changed)
    assert rows.marks(line, after=False) == [(4, 7)]
    assert rows.marks(line, after=True) == [(4, 7)]
    assert [one.changed for one in rows.unified].count(True) == 2


def test_unchanged_lines_far_from_changes_are_folded() -> None:
    before = "".join(f"{number}\n" for number in range(100))
    rows = text_rows(before, before.replace("50\n", "fifty\n", 1), everything=False)
    assert [one.folded for one in rows.beside if one.folded] == [47, 46]
    whole = text_rows(before, before.replace("50\n", "fifty\n", 1), everything=True)
    assert len(whole.beside) == 100


def test_long_lines_are_cut_behind_blanks() -> None:
    text = "one two three four"
    assert [text[a:b] for a, b in pieces(text, 9)] == ["one two ", "three ", "four"]
    assert [b - a for a, b in pieces("x" * 25, 10)] == [10, 10, 5]


@given(st.text(max_size=60), st.integers(10, 30))
def test_pieces_hold_all_of_a_line_and_fit(text: str, columns: int) -> None:
    found = pieces(text, columns)
    assert "".join(text[start:end] for start, end in found) == text
    assert all(start < end for start, end in found) or not text
    for start, end in found:
        seen = [mark for mark in text[start:end] if not combining(mark)]
        assert sum(2 if east_asian_width(mark) in "WF" else 1 for mark in seen) <= columns


def test_wide_characters_take_two_columns() -> None:
    text = "\u6f22\u5b57" * 10
    assert [end - start for start, end in pieces(text, 10)] == [5, 5, 5, 5]
    assert pieces("e\u0301" * 10, 10)[0] == (0, 10)


def text_view(qtbot: QtBot, before: str, after: str, *, beside: bool) -> TextDifferenceView:
    view = TextDifferenceView()
    qtbot.addWidget(view)
    view.resize(900, 300)
    view.set_beside(beside)
    view.show_rows(text_rows(before, after, everything=True))
    view.show()
    return view


def test_the_gutter_holds_the_longest_number(qtbot: QtBot, theme: Theme) -> None:
    lines = "x\n" * 120_000
    view = text_view(qtbot, lines, lines + "y\n", beside=False)
    layout = view.layout_of()
    room = layout.sides[1].text - 2 * layout.advance
    assert layout.digits == 6
    assert 2 * layout.wide("120001") + layout.advance <= room


@pytest.mark.parametrize("beside", [True, False])
def test_text_of_one_side_is_selected_and_copied(
    qtbot: QtBot, theme: Theme, *, beside: bool
) -> None:
    view = text_view(qtbot, "one\ntwo \u6f22\u5b57\nthree\n", "one\nzwei\nthree\n", beside=beside)
    layout, left = view.layout_of(), Qt.MouseButton.LeftButton
    rows = {"zwei": 1 if beside else 2, "three": 2 if beside else 3}
    start = QPoint(layout.sides[1].text + round(layout.advance), rows["zwei"] * layout.row + 4)
    stop = QPoint(layout.sides[1].text + round(2 * layout.advance), rows["three"] * layout.row + 4)
    QTest.mousePress(view.viewport(), left, pos=start)
    QTest.mouseMove(view.viewport(), stop)
    QTest.mouseRelease(view.viewport(), left, pos=stop)
    QTest.mouseClick(view.viewport(), left, Qt.KeyboardModifier.ShiftModifier, stop)
    assert view.selected_text() == "wei\nth"
    QGuiApplication.clipboard().clear()
    assert view.copy_selection()
    assert QGuiApplication.clipboard().text() == "wei\nth"
    plain = view.grab().toImage()
    QTest.mouseClick(view.viewport(), left, pos=start)
    assert view.selected_text() == ""
    assert not view.copy_selection()
    assert view.grab().toImage() != plain
    QTest.keySequence(view, QKeySequence(QKeySequence.StandardKey.SelectAll))
    whole = "one\nzwei\nthree" if beside else "one\ntwo \u6f22\u5b57\nzwei\nthree"
    assert view.selected_text() == whole


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
