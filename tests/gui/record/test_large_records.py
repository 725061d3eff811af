"""Finding in fields and JSON; rows opened by the hundred; records of any depth and length."""

from __future__ import annotations

from threading import Event

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.decode.document import read_document
from inspector.decode.node import Tree
from inspector.decode.references import references
from inspector.errors import CancelledError
from inspector.gui.fields.field_cells import shortened
from inspector.gui.fields.field_items import CHUNK, path_of, way_of
from inspector.gui.fields.field_search import MOST, FieldHits, next_way, seek, sought_words
from inspector.gui.fields.field_tree import LEVELS, FieldTree, level
from inspector.gui.style.time_format import TimeStyle
from inspector.gui.text.record_json import first_json_of, json_of
from inspector.session.summaries import Record
from tests.choices import chosen
from tests.gui.builders import data, label, number, record, tree
from tests.gui.message.test_selection_sync import EXECUTION, SECRET, STORE, path, show_json
from tests.gui.windows import Driver


@pytest.fixture
def view(qtbot: QtBot) -> FieldTree:
    made = FieldTree()
    qtbot.addWidget(made)
    made.resize(700, 500)
    made.show()
    return made


def document(text: bytes) -> Record:
    return Record(
        *("thing", "thing-1", len(text), None, None, chosen(None, "it is made by hand")),
        tree=read_document(text),
        json_store=True,
    )


def nested(levels: int) -> Record:
    return document(b'{"a":' * levels + b"1" + b"}" * levels)


# Names and values


def found(made: Tree, needle: str, *, case: bool = False) -> list[list[int]]:
    return seek(made, needle, frozenset(), case=case, cancel=Event()).ways


def test_names_texts_numbers_and_enums_are_found() -> None:
    made = tree(
        data(1, "A name")
        + number(2, 4711)
        + number(3, 2)
        + data(4, data(1, "inner"))
        + label("k", "v")
    )
    assert found(made, "name") == [[0], [3, 0]]
    assert found(made, "a NAME") == [[0]]
    assert found(made, "a NAME", case=True) == []
    assert found(made, "471") == [[1]]
    assert found(made, "color_blue") == [[2]]
    assert found(made, "k") == [[4, 0]]


def test_times_are_found_as_they_are_read() -> None:
    assert found(tree(data(8, number(1, 1769141166))), "2026-01-23 04:06") == [[0]]


def test_a_value_is_found_by_the_word_it_reads_as() -> None:
    made = tree(data(1, "ad\u200bmin") + label("ro\u2060ot", "v"))
    assert found(made, "ADMIN") == [[0]]
    assert found(made, "admin", case=True) == [[0]]
    assert found(made, "root") == [[1, 0]]
    assert found(made, "\u200b") == [[0]]


def test_what_is_covered_is_not_found_by_its_value() -> None:
    made = tree(data(1, "hush") + data(4, data(1, "hush")))
    hidden = frozenset(id(node) for node in made.root.children)
    assert seek(made, "hush", hidden, case=False, cancel=Event()).ways == []
    assert seek(made, "name", hidden, case=False, cancel=Event()).ways == [[0]]


def test_many_hits_and_a_search_nobody_wants() -> None:
    made = tree(data(6, bytes([1]) * (MOST + 5)))
    sought = seek(made, "1", frozenset(), case=False, cancel=Event())
    assert (len(sought.ways), sought.more) == (MOST, True)
    assert sought_words(sought, 0) == f"1 of more than {MOST:,}"
    stop = Event()
    stop.set()
    with pytest.raises(CancelledError):
        seek(made, "1", frozenset(), case=False, cancel=stop)


def test_json_and_references_that_nobody_wants_are_not_looked_for() -> None:
    made, cancel = record(data(1, "A name")), Event()
    assert made.tree is not None
    assert list(references(made.tree, cancel)) == []
    assert "A name" in first_json_of(made, reveal=False, cancel=cancel).text
    cancel.set()
    with pytest.raises(CancelledError):
        list(references(made.tree, cancel))
    with pytest.raises(CancelledError):
        first_json_of(made, reveal=False, cancel=cancel)


def test_the_next_hit_is_the_first_one_below_the_cursor() -> None:
    sought = FieldHits([[0], [2, 1], [4]])
    assert [next_way(sought, -1, 1, here) for here in ([], [1], [2, 1], [5])] == [0, 1, 1, 0]
    assert next_way(sought, -1, -1, [1]) == 0
    assert [next_way(sought, current, by, []) for current, by in ((2, 1), (0, -1))] == [0, 2]
    assert next_way(FieldHits([]), -1, 1, []) == -1


def test_finding_in_the_fields_by_key(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    tree_, bar = driver.window.record.tree, driver.window.record.fields_area.bar
    tree_.setFocus()
    driver.press("find")
    QTest.keyClicks(bar.field, "Invoice Merge")
    driver.wait(lambda: path(driver) == "status.messages[1].content")
    total = int(bar.words.text().rpartition(" of ")[2])
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert bar.words.text() == f"{2 if total > 1 else 1} of {total}"
    driver.press("find_last")
    assert path(driver) == "status.messages[1].content"
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert bar.isHidden()
    assert QApplication.focusWidget() is tree_


def test_a_find_that_is_left_open_looks_through_the_next_record(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    driver.window.record.tree.setFocus()
    driver.press("find")
    bar = driver.window.record.fields_area.bar
    bar.field.setText("slug")
    driver.wait(lambda: bar.words.text().startswith("1 of"))
    driver.window.records.table.selectRow(2)
    driver.wait(lambda: driver.at()[1] != EXECUTION.partition("/")[2])
    driver.wait(lambda: path(driver) == "metadata.slug")


# JSON


def test_json_is_exactly_what_an_export_writes(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    show_json(driver)
    shown = driver.window.record.record
    assert shown is not None
    assert driver.window.record.json.view.text() == json_of(shown, reveal=False).text
    assert driver.window.record.json.bar.note.text() == "2 secrets covered"


def test_finding_in_the_json_by_key(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    show_json(driver)
    pane = driver.window.record.json
    pane.view.setFocus()
    driver.press("find")
    QTest.keyClicks(pane.bar.field, "deploy")
    driver.wait(lambda: pane.bar.words.text() == "1 of 90")
    marks = pane.view.marks
    assert pane.view.text()[marks.hits.starts[0] :].startswith("deploy")
    driver.press("find_next")
    assert pane.bar.words.text() == "2 of 90"
    assert not pane.view.grab().isNull()


def test_a_covered_value_is_not_found_in_the_json(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    secret = driver.choose(SECRET).node
    assert secret is not None
    show_json(driver)
    pane = driver.window.record.json
    pane.finder.open()
    pane.bar.field.setText(secret.value)
    driver.wait(lambda: pane.bar.words.text() == "No results")


# Many rows


def test_a_list_of_a_million_opens_in_parts(view: FieldTree) -> None:
    view.fields.show(record(data(6, bytes([1]) * 1_000_000)))
    view.expand(view.fields.index(0, 0))
    assert view.fields.rowCount(view.fields.index(0, 0)) == 1_000_000 // CHUNK
    view.reveal(view.fields.item_of([0, 765_432]))
    item = view.current()
    assert item is not None
    assert (path_of(item), way_of(item)) == ("numbers[765432]", [0, 765_432])
    assert not view.grab().isNull()


def test_opening_all_below_stops_where_it_is_sensible(view: FieldTree, qtbot: QtBot) -> None:
    small = record(data(4, data(4, data(4, data(1, "x")))))
    view.fields.show(small)
    view.setCurrentIndex(view.fields.index(0, 0))
    QTest.keyClick(view, Qt.Key.Key_Asterisk)
    assert "child.child.child" in view.opened()
    many = record(data(4, b"".join(data(5, data(6, bytes([1]) * 900)) for _ in range(9))))
    view.fields.show(many)
    view.setCurrentIndex(view.fields.index(0, 0))
    with qtbot.waitSignal(view.told) as said:
        QTest.keyClick(view, Qt.Key.Key_Asterisk)
    assert said.args == ["Not everything was expanded. Press * on a row below to expand the rest."]
    assert "child.children[0].numbers" in view.opened()
    assert "child.children[8].numbers" not in view.opened()


def test_open_rows_of_a_long_list_are_remembered_by_part(view: FieldTree) -> None:
    long = record(data(6, bytes([1]) * 3000) + data(4, data(1, "x")))
    view.fields.show(long)
    view.expand(view.fields.index(1, 0))
    view.expand(view.fields.index(1, 0, view.fields.index(1, 0)))
    opened = view.opened()
    assert opened == {"numbers", "numbers[1000:1999]"}
    view.fields.show(long)
    view.open_paths(opened)
    assert view.opened() == opened


# Any depth


def depth(view: FieldTree) -> int:
    item = view.current()
    return item.depth if item is not None else 0


def test_ten_thousand_levels_are_shown_part_by_part(view: FieldTree, qtbot: QtBot) -> None:
    view.fields.show(nested(10_000))
    deepest = view.fields.item_of([0] * 10_000)
    assert deepest.depth == 10_000
    with qtbot.waitSignal(view.rooted):
        view.reveal(deepest)
    assert view.current() is deepest
    assert 0 < level(view, deepest) <= LEVELS
    assert len(path_of(deepest)) == 19_999
    text = view.fields.data(view.currentIndex(), Qt.ItemDataRole.AccessibleTextRole)
    assert text == "a, 1, number, 1 of 1"
    assert not view.grab().isNull()
    with qtbot.waitSignal(view.rooted):
        view.show_all()
    assert not view.rootIndex().isValid()
    assert depth(view) == 1


def test_going_on_by_keys_below_the_last_level(view: FieldTree, qtbot: QtBot) -> None:
    view.fields.show(nested(2 * LEVELS + 10))
    view.reveal(view.fields.item_of([0] * LEVELS))
    assert not view.rootIndex().isValid()
    QTest.keyClick(view, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: depth(view) == LEVELS + 1)
    assert view.rootIndex().isValid()
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert depth(view) == LEVELS
    assert not view.rootIndex().isValid()


def test_a_row_that_is_indented_out_of_its_column_can_still_be_opened(view: FieldTree) -> None:
    view.fields.show(nested(60))
    item = view.fields.item_of([0] * 40)
    view.reveal(item)
    index = view.currentIndex()
    rect = view.visualRect(index)
    assert rect.left() > view.columnWidth(0)
    row = view.visualRect(index.siblingAtColumn(1))
    edge = max(4 * view.indentation(), view.columnWidth(0) - 104)
    point = QPoint(edge - view.indentation() // 2, row.center().y())
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert view.isExpanded(index)


def test_remembering_and_finding_a_deep_record_takes_no_time(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    pane = driver.window.record
    pane.show_record(nested(5000), "deep")
    pane.tree.reveal(pane.tree.fields.item_of([0] * 5000))
    assert pane.fields_area.words().startswith("Shown below level ")
    assert len(pane.tree.opened()) <= 64
    deep = path(driver)
    pane.show_record(nested(5000), "deep")
    assert path(driver) == deep
    driver.press("bytes")
    driver.wait(pane.bytes.is_ready)
    QTest.keyClick(pane.bytes.view, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    assert not pane.bytes.grab().isNull()


# In full


def test_tooltips_have_all_of_a_value_up_to_a_sane_size(view: FieldTree) -> None:
    def tip(blob: bytes) -> str:
        view.fields.show(record(blob))
        return str(view.fields.index(0, 1).data(Qt.ItemDataRole.ToolTipRole) or "")

    assert tip(data(1, "short")) == ""
    assert tip(data(1, "one\ntwo")) == "one\ntwo"
    assert tip(data(1, "x" * 5000)).endswith("\N{HORIZONTAL ELLIPSIS}\n(5,000 characters)")
    assert tip(data(9, bytes(40))) == " ".join(["00"] * 40)
    lines = tip(data(8, number(1, 1769141166))).splitlines()
    assert lines[0] == "2026-01-23 04:06:06 UTC"
    assert lines[1].endswith("local")
    view.fields.show(record(data(1, "hush\nhush"), covered=("name",)))
    assert not view.fields.index(0, 1).data(Qt.ItemDataRole.ToolTipRole)
    assert shortened("abc") == "abc"


def test_one_switch_for_times_reaches_tree_reader_and_clock(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    item = driver.choose("status.messages[0].timestamp")
    fields = driver.window.record.tree.fields
    index = fields.index_of(item, 1)
    for style, ends in (("utc", "UTC"), ("relative", "ago"), ("local", "00")):
        driver.press(style)
        assert index.data().endswith(ends)
    assert driver.window.parts_now().record_actions.is_ticking() is False
    driver.press("relative")
    assert driver.window.parts_now().record_actions.is_ticking() is True
    assert fields.look.times is TimeStyle.RELATIVE
    driver.press("utc")
    assert driver.window.parts_now().record_actions.is_ticking() is False


def test_an_empty_needle_finds_nothing_and_moves_nothing(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    driver.choose("spec.message")
    driver.window.record.tree.setFocus()
    driver.press("find")
    bar = driver.window.record.fields_area.bar
    bar.field.setText("")
    driver.press("find_next")
    assert (path(driver), bar.words.text()) == ("spec.message", "")
    assert driver.window.record.tree.fields.rowCount(QModelIndex()) > 0
