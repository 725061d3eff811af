"""What is before and after: any two versions, by keys and by mouse, and how they are marked."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from inspector.gui.cells.version_cells import RailMark
from inspector.gui.history.version_picker import VersionList, VersionPicker
from tests.builders.layouts import Arc, Rec
from tests.cli.made import blobs, v2
from tests.gui.histories import SKILL, STORE, Opens, choose, names, pane, shows
from tests.gui.windows import Driver


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


def test_a_tag_that_points_elsewhere_now_is_said_to_have_been(opens: Opens, tmp_path: Path) -> None:
    first, second, third = blobs("skill", "resource_audit")[:3]
    path = v2(
        tmp_path, Rec("skill", "skl-1", third), Arc("skill", "skl-1", first, tag="stable"),
        Arc("skill", "skl-1", second, tag="stable"), Arc("skill", "skl-1", third, tag="v2"),
    )  # fmt: skip
    driver = opens(path, "skill/skl-1")
    choose(driver, 1, "Before {1}, after {0}".format(*names(driver, 1, 2)))
    assert pane(driver).before.accessibleName().endswith(" was stable")
    assert pane(driver).after.accessibleName().endswith(" stable")
    assert not pane(driver).after.accessibleName().endswith(" was stable")


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
    assert (marks.mark(0), marks.mark(7)) == (RailMark.LIVE, RailMark.BASE)


def test_the_live_state_that_is_compared_with_is_seen_as_both(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    driver.press("against_live")
    choose(driver, 5, "Before {1}, after {0}".format(*names(driver, 0, 5)))
    versions = driver.window.record.history.versions
    assert versions.mark(0) is RailMark.LIVE_BASE
    said = versions.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "current" in said
    assert "compared with" in said


def test_without_versions_nothing_is_offered_and_why_is_said(opens: Opens, tmp_path: Path) -> None:
    blob = blobs("skill", "resource_audit")[0]
    path = v2(
        tmp_path, Rec("skill", "skl-1", blob), Rec("skill", "skl-2", blob),
        Arc("skill", "skl-2", blob),
    )  # fmt: skip
    driver = opens(path, "skill/skl-2")
    shown, actions = pane(driver), driver.window.actions_
    driver.window.store_controller.go("skill", "skl-1")
    driver.reach("skill", "skl-1")
    driver.wait(lambda: shown.empty.sentence.text() == "Nothing to compare.")
    ways = [b for b in shown.findChildren(QToolButton) if b.text() in ("Side by side", "Unified")]
    assert len(ways) == 2
    assert not any(each.isEnabled() for each in (shown.before, shown.after, *ways))
    assert not actions["pick_before"].isEnabled()
    assert not actions["pick_after"].isEnabled()
    QTest.keyClick(driver.window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert driver.window.status.note.text() == "No versions of this record to compare."
    driver.window.record.tabs.choose("fields")
    # What there is not to choose from is not asked for.
    driver.window.status.tell("")
    QTest.keyClick(driver.window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert driver.window.record.tabs.current() == "history"
    driver.wait(driver.window.tasks.is_idle)
    assert driver.window.record.history.empty.sentence.text() == "No history."
    assert driver.window.status.note.text() == ""


def test_the_versions_are_shown_to_choose_a_base_from(driver: Driver) -> None:
    driver.open(STORE, SKILL)
    QTest.keyClick(driver.window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert driver.window.record.tabs.current() == "history"
    note = driver.window.status.note
    driver.wait(lambda: note.text() == "Choose a version, then press Ctrl+D again.")


def test_with_versions_all_is_offered(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    middle, new = names(driver, 2, 1)
    choose(driver, 1, f"Before {middle}, after {new}")
    shown = pane(driver)
    driver.wait(shown.is_shown)
    ways = [b for b in shown.findChildren(QToolButton) if b.text() in ("Side by side", "Unified")]
    assert all(each.isEnabled() for each in (shown.before, shown.after, *ways))
    assert driver.window.actions_["pick_before"].isEnabled()
    choose(driver, driver.window.record.history.versions.rowCount() - 1, _first(driver))
    assert not any(each.isEnabled() for each in ways)


def _first(driver: Driver) -> str:
    return f"Before , after {names(driver, -1)[0]}"
