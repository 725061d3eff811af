"""Fields, JSON and bytes are one record with one selection."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inspector.decode.byte_map import owner
from inspector.gui.bytes.byte_ranges import marks_of
from inspector.gui.fields.field_items import FieldItem, path_of, way_of
from inspector.gui.fields.fields_model import FieldsModel
from inspector.session.session import Session
from inspector.session.summaries import Record
from tests.gui.windows import Driver
from tests.places import REAL

STORE = REAL / "v2-clean" / "stigmer.db"
EXECUTION = "agent_execution/aex-01m7y9fj502n189pmvwv9yqnvq"
MODE = 'spec.runtime_env["MODE"].value'
SECRET = 'spec.runtime_env["RUN_SECRET"].value'


def path(driver: Driver) -> str:
    item = driver.window.record.tree.current()
    return path_of(item) if item is not None else ""


def show_bytes(driver: Driver) -> None:
    driver.press("bytes")
    driver.wait(driver.window.record.bytes.is_ready)


def show_json(driver: Driver) -> None:
    driver.press("json")
    driver.wait(lambda: bool(driver.window.record.json.view.text()))


def marked(driver: Driver) -> str:
    """The part of the JSON that is marked as the selected field's."""
    view = driver.window.record.json.view
    place = view.marks.place
    return view.text()[slice(*place)] if place is not None else ""


# For any record: every row marks bytes of its own, and its bytes lead back to it


def every_row(model: FieldsModel, most: int = 400) -> Iterator[FieldItem]:
    stack = [model.item(QModelIndex())]
    found = 0
    while stack and found < most:
        for item in model.rows_below(stack.pop()):
            yield item
            found += 1
            stack.append(item)


def check_marks(model: FieldsModel, record: Record) -> int:
    tree = record.tree
    assert tree is not None
    checked = 0
    for item in every_row(model):
        marks = marks_of(tree, item)
        node = item.node
        if node is None:
            continue
        for start, end in (*marks.value, *marks.head):
            assert node.start <= start < end <= node.end
            for offset in {start, (start + end) // 2, end - 1}:
                way = way_of(item)
                assert owner(tree, offset)[: len(way)] == way, (path_of(item), offset)
                found = model.item_of(owner(tree, offset))
                assert _is_within(found, item), (path_of(found), path_of(item))
                checked += 1
    return checked


def _is_within(item: FieldItem, above: FieldItem) -> bool:
    here: FieldItem | None = item
    while here is not None and here is not above:
        here = here.parent
    return here is above


@pytest.mark.parametrize("store", [None, *(REAL / name for name in ("v0", "v2-migrated"))])
def test_every_row_marks_its_bytes_and_they_lead_back_to_it(store: None, qtbot: QtBot) -> None:
    session = Session.demo() if store is None else Session.open(store / "stigmer.db")
    model = FieldsModel()
    model.look.all_revealed = True
    checked = 0
    for kind in session.kinds():
        for head in session.records(kind.kind).rows[:4]:
            record = session.record(kind.kind, head.id)
            if record.tree is not None:
                model.show(record)
                checked += check_marks(model, record)
    assert checked > 1000


# Tree to bytes and JSON


def test_a_field_marks_its_bytes_its_tag_and_what_holds_it(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    show_bytes(driver)
    driver.choose(MODE)
    view = driver.window.record.bytes.view
    marks = view.marks
    assert [view.data[a:b] for a, b in marks.value] == [b"fast"]
    assert [view.data[a:b] for a, b in marks.head] == [b"\x0a\x04"]
    assert [view.data[a:b] for a, b in marks.around] == [b"*\x0e\x0a\x04MODE\x12\x06\x0a\x04fast"]
    assert view.cursor_at() == marks.value[0][0]
    facts = driver.window.record.bytes.head.facts.text()
    assert facts == f"field 1, length-delimited, value 4 bytes at {marks.value[0][0]:05x}"


def test_a_byte_chosen_with_the_arrows_selects_its_field(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    show_bytes(driver)
    driver.choose(MODE)
    view = driver.window.record.bytes.view
    first = view.marks.value[0][0]
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert (view.cursor_at(), path(driver)) == (first + 1, MODE)
    for _ in range(3):
        QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.cursor_at() == first + 4
    assert path(driver) == 'spec.runtime_env["RUN_SECRET"]'
    QTest.keyClick(view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert path(driver).startswith("status.")
    QTest.keyClick(view, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    assert path(driver) == "api_version"


def test_a_click_on_a_byte_opens_the_tree_down_to_its_field(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    show_bytes(driver)
    tree, view = driver.window.record.tree, driver.window.record.bytes.view
    tree.collapseAll()
    offset = view.data.index(b"Invoice Merge Rotate")
    view.go_to(offset)
    grid, line = view.grid, view.verticalScrollBar().value()
    column = offset % grid.per_line
    rect = grid.hex_rect(column, column, grid.top(offset // grid.per_line, line))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert (path(driver), view.cursor_at()) == ("status.messages[1].content", offset)
    assert not tree.visualRect(tree.currentIndex()).isEmpty()
    rect = grid.text_rect(0, 0, grid.top(offset // grid.per_line, line))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert view.cursor_at() == offset - column


def test_the_selected_field_is_marked_in_the_json(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    driver.choose(MODE)
    show_json(driver)
    driver.wait(lambda: marked(driver) == '"fast"')
    driver.choose("status.messages[1].content")
    driver.wait(lambda: marked(driver).startswith('"# Invoice Merge Rotate'))
    view = driver.window.record.json.view
    assert view.marks.place is not None
    assert view.top_offset() <= view.marks.place[0]


def test_a_click_in_the_json_selects_the_field(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    show_json(driver)
    view = driver.window.record.json.view
    view.clicked.emit(view.text().index('"timestamp"') + 3)
    driver.wait(lambda: path(driver) == "status.messages[0].timestamp")
    driver.press("fields")
    assert driver.window.record.reader.path() == "status.messages[0].timestamp"
    driver.press("bytes")
    marks = driver.window.record.bytes.view.marks
    assert driver.window.record.bytes.view.data[slice(*marks.value[0])].startswith(b"2026-01-23")


def test_a_real_click_in_the_json_view(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    show_json(driver)
    view = driver.window.record.json.view
    row = QTextCursor(view.edit.document().findBlockByNumber(1))
    spot = view.edit.cursorRect(row).center() + QPoint(60, 0)
    QTest.mouseClick(view.edit.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    driver.wait(lambda: path(driver) == "api_version")
    driver.wait(lambda: marked(driver) == '"agentic.stigmer.ai/v1"')


def test_the_selection_stays_over_tabs_and_versions(driver: Driver) -> None:
    session = Session.demo()
    head = next(row for row in session.records("skill").rows if row.versions > 2)
    driver.open(None, f"skill/{head.id}")
    driver.choose("metadata.name")
    for tab in ("json", "bytes", "history", "fields"):
        driver.press(tab)
        assert path(driver) == "metadata.name"
    driver.press("older")
    driver.wait(lambda: driver.at()[2] != "live")
    assert path(driver) == "metadata.name"
    assert driver.window.record.reader.path() == "metadata.name"
    driver.press("bytes")
    view = driver.window.record.bytes.view
    assert view.data[slice(*view.marks.value[0])].decode() == head.name


def test_an_unset_field_marks_only_what_holds_it(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    driver.press("unset")
    driver.press("bytes")
    driver.choose("spec.agent_id")
    marks = driver.window.record.bytes.view.marks
    assert (marks.value, marks.head, marks.first) == ((), (), None)
    assert marks.around
    QTest.keyClick(driver.window.record.tree, Qt.Key.Key_Down)
    assert driver.window.record.bytes.view.marks.value


# In sight


@pytest.mark.parametrize("field", ["status.messages[5].content", "status.messages[0].content"])
def test_the_first_look_at_the_bytes_is_at_the_field_and_the_tree_stays_there(
    driver: Driver, field: str
) -> None:
    driver.open(STORE, EXECUTION)
    tree, view = driver.window.record.tree, driver.window.record.bytes.view
    driver.choose(field)
    tree.setFocus()
    show_bytes(driver)

    def tree_in_sight() -> bool:
        row = tree.visualRect(tree.currentIndex())
        return row.top() >= 0 and row.bottom() <= tree.viewport().height()

    def bytes_in_sight() -> bool:
        first = view.verticalScrollBar().value()
        rows = view.viewport().height() // view.grid.row
        return first <= view.cursor_at() // view.grid.per_line < first + rows

    driver.wait(lambda: view.isVisible() and tree_in_sight() and bytes_in_sight())
    assert view.marks.first == view.cursor_at()


def test_dragging_the_line_between_them_keeps_both_cursors_in_sight(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    tree, view = driver.window.record.tree, driver.window.record.bytes.view
    driver.choose("status.messages[5].content")
    show_bytes(driver)
    split = driver.window.record.split
    for sizes in ([500, 100], [90, 500]):
        split.setSizes(sizes)
        driver.wait(lambda: tree.visualRect(tree.currentIndex()).top() >= 0)
        row = tree.visualRect(tree.currentIndex())
        assert row.bottom() <= tree.viewport().height()
        line = view.cursor_at() // view.grid.per_line
        first = view.verticalScrollBar().value()
        assert first <= line < first + max(1, (view.viewport().height() - 4) // view.grid.row)
