"""Without a mouse, and by ear: focus, names of widgets, texts of rows, keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.support.shortcuts_dialog import ShortcutsDialog, rows_of
from tests.gui.windows import Driver
from tests.places import REAL

STORE = REAL / "v2-clean" / "stigmer.db"
EXECUTION = "agent_execution/aex-01m7y9fj502n189pmvwv9yqnvq"
_MOST_WIDGETS = 80


@pytest.fixture
def driver(qtbot: QtBot) -> Iterator[Driver]:
    made = Driver(qtbot)
    made.open(STORE, EXECUTION)
    made.window.activateWindow()
    yield made
    made.window.close()


def _walk(driver: Driver, key: Qt.Key) -> list[QWidget]:
    """The widgets that have the focus one after the other until the first has it again."""
    found: list[QWidget] = []
    for _ in range(_MOST_WIDGETS):
        widget = QApplication.focusWidget()
        assert widget is not None
        if found and widget is found[0]:
            return found
        found.append(widget)
        QTest.keyClick(widget, key)
    raise AssertionError(f"the focus does not come round: {[type(w).__name__ for w in found[-5:]]}")


def test_tab_goes_round_both_ways_and_every_stop_has_a_name(driver: Driver) -> None:
    driver.window.kinds.setFocus()
    forward = _walk(driver, Qt.Key.Key_Tab)
    nameless = [type(w).__name__ for w in forward if not (w.accessibleName() or _words(w))]
    assert not nameless
    driver.window.kinds.setFocus()
    backward = _walk(driver, Qt.Key.Key_Backtab)
    assert set(map(id, backward)) == set(map(id, forward))


@pytest.mark.parametrize("action", ["check", "search"])
def test_tab_goes_from_the_kinds_to_what_is_found_and_then_to_the_record(
    driver: Driver, action: str
) -> None:
    window = driver.window
    driver.press(action)
    driver.wait(window.tasks.is_idle)
    window.kinds.setFocus()
    stops = _walk(driver, Qt.Key.Key_Tab)
    page = window.records
    within = [page.isAncestorOf(stop) for stop in stops]
    first, number = within.index(True), sum(within)
    assert number > 1
    assert all(within[first : first + number])
    assert first < next(at for at, stop in enumerate(stops) if window.record.isAncestorOf(stop))
    status = [at for at, stop in enumerate(stops) if window.status.isAncestorOf(stop)]
    assert status
    assert first < min(status)


def _words(widget: QWidget) -> str:
    text = getattr(widget, "text", None)
    return str(text()) if callable(text) else ""


def test_f6_goes_through_the_panes(driver: Driver) -> None:
    driver.window.kinds.setFocus()
    seen = []
    for _ in range(4):
        seen.append(QApplication.focusWidget())
        driver.press("next_pane")
    assert QApplication.focusWidget() is seen[0]
    assert len({id(widget) for widget in seen}) >= 3


def test_every_row_in_sight_says_what_it_shows(driver: Driver) -> None:
    for view in driver.window.findChildren(QAbstractItemView):
        model = view.model()
        if not view.isVisible() or model is None:
            continue
        for row in range(min(model.rowCount(), 40)):
            spoken = [
                str(model.index(row, column).data(Qt.ItemDataRole.AccessibleTextRole) or "")
                for column in range(model.columnCount())
            ]
            assert any(spoken), f"{view.accessibleName()} row {row}"


def test_a_field_says_name_value_type_and_place(driver: Driver) -> None:
    tree = driver.window.record.tree
    item = driver.choose("status.phase")
    spoken = tree.fields.index_of(item).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("phase old field, EXECUTION_COMPLETED")
    assert "ExecutionPhase" in spoken
    assert " of 8" in spoken
    item = driver.choose("spec.callback_token")
    spoken = tree.fields.index_of(item).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "hidden, 48 bytes" in spoken


def test_every_action_with_a_key_stands_in_a_menu_and_no_key_stands_twice(driver: Driver) -> None:
    bar = driver.window.menuBar()
    listed = {row.does for row in rows_of(bar)}
    keys: dict[str, str] = {}
    for action in driver.window.findChildren(QAction):
        for sequence in action.shortcuts():
            if not action.objectName():
                continue
            key = sequence.toString()
            assert keys.setdefault(key, action.objectName()) == action.objectName(), key
    assert {"Export", "Copy", "Refresh"} <= listed


def test_f1_lists_the_keys(driver: Driver) -> None:
    driver.press("keys")
    driver.wait(lambda: bool(driver.window.findChildren(ShortcutsDialog)))
    dialog = driver.window.findChildren(ShortcutsDialog)[0]
    QAbstractItemModelTester(dialog.keys, QAbstractItemModelTester.FailureReportingMode.Warning)
    rows = [dialog.keys.index(row, 1).data() for row in range(dialog.keys.rowCount(QModelIndex()))]
    assert "Go to" in rows
    # As in every dialog; what is typed goes first.
    closed: list[int] = []
    dialog.finished.connect(closed.append)
    QTest.keyClicks(dialog.field, "go")
    QTest.keyClick(dialog.field, Qt.Key.Key_Escape)
    assert (dialog.field.text(), closed) == ("", [])
    QTest.keyClick(dialog.field, Qt.Key.Key_Escape)
    assert closed == [0]


def test_the_list_of_keys_is_filtered_by_words(driver: Driver) -> None:
    driver.press("keys")
    driver.wait(lambda: bool(driver.window.findChildren(ShortcutsDialog)))
    (dialog,) = driver.window.findChildren(ShortcutsDialog)
    model = dialog.keys

    def listed() -> list[str]:
        return [model.index(row, 1).data() for row in range(model.rowCount(QModelIndex()))]

    every = listed()
    driver.wait(dialog.field.hasFocus)
    QTest.keyClicks(dialog.field, "COPY ctrl+")
    assert "Copy" in listed()
    assert all("copy" in words.casefold() for words in listed())
    QTest.keyClick(dialog.field, Qt.Key.Key_Escape)
    assert listed() == every
    QTest.keyClicks(dialog.field, "xyzzy")
    assert listed() == []
    dialog.reject()


def test_text_grows_and_shrinks(driver: Driver) -> None:
    rows = driver.window.records.table.verticalHeader()
    before = rows.defaultSectionSize()
    for _ in range(5):
        driver.press("larger")
    driver.wait(lambda: rows.defaultSectionSize() > before)
    driver.press("normal")
    driver.wait(lambda: rows.defaultSectionSize() == before)


def test_the_menu_key_offers_what_can_be_done_with_a_row(driver: Driver) -> None:
    window = driver.window
    for view, wanted in (
        (window.record.tree, {"copy", "copy_path", "follow", "export"}),
        (window.records.table, {"copy", "export_rows", "referrers"}),
        (window.record.json.view, {"copy_json"}),
        (window.record.history.table, {"mark_base", "export"}),
        (window.kinds, {"again"}),
    ):
        assert view.contextMenuPolicy() is Qt.ContextMenuPolicy.ActionsContextMenu
        assert wanted <= {action.objectName() for action in view.actions()}
