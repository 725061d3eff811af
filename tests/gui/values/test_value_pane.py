"""The reader: forms of bytes, times in full, long texts, trees out of values, finding."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from inspector.errors import InspectorError
from inspector.gui.actions import Actions
from inspector.gui.bytes.byte_ranges import marks_of
from inspector.gui.fields.field_cells import copied_value
from inspector.gui.fields.field_items import FieldItem, path_of
from inspector.gui.fields.fields_model import KEYS, FieldsModel
from inspector.gui.style.text_runs import CELL_ROLE
from inspector.gui.tasks import Tasks
from inspector.gui.text.text_search import MOST, Hits, TextMarks, find_all, hit_words, next_hit
from inspector.gui.text.text_view import TextView
from inspector.gui.values import value_text
from inspector.gui.values.value_pane import ValuePane
from inspector.gui.values.value_text import (
    BASE64,
    HEX,
    JSON_GRAFT,
    MESSAGE_GRAFT,
    NUMBERS_GUESS,
    READINGS,
    TEXT_GUESS,
    ValueText,
    graft_of,
    read,
)
from tests.gui.builders import data, number, record, varint
from tests.gui.fields.test_fields_model import TYPE, at
from tests.gui.message.test_selection_sync import EXECUTION, STORE
from tests.gui.windows import Driver

CONTENT = "status.messages[1].content"


@pytest.fixture
def model(qapp: QApplication) -> FieldsModel:
    made = FieldsModel()
    mode = QAbstractItemModelTester.FailureReportingMode.Fatal
    QAbstractItemModelTester(made, mode, made)
    return made


@pytest.fixture
def reader(qtbot: QtBot) -> Iterator[ValuePane]:
    tasks = Tasks()
    made = ValuePane(Actions(tasks), tasks)
    qtbot.addWidget(made)
    yield made
    tasks.close()


def top(model: FieldsModel, blob: bytes, *, uncover: bool = True) -> FieldItem:
    """The first row of a record made of a blob."""
    model.show(record(blob))
    item = model.item(model.index(0, 0))
    if uncover and item.node is not None and model.look.hides(item.node):
        model.toggle(item)
    return item


def reading(model: FieldsModel, blob: bytes, form: str = "") -> ValueText:
    return read(top(model, blob), model.look, form)


# Forms


def test_bytes_as_hex_base64_and_text(model: FieldsModel) -> None:
    blob = data(9, "plain")
    assert reading(model, blob).forms == (HEX, BASE64, TEXT_GUESS)
    assert reading(model, blob).text.startswith("000000  70 6c 61 69 6e")
    assert reading(model, blob, BASE64).text == "cGxhaW4="
    assert reading(model, blob, TEXT_GUESS).text == "plain"
    assert reading(model, data(9, b"\xff\x00")).forms == (HEX, BASE64)


def test_an_unknown_number_in_all_its_readings(model: FieldsModel) -> None:
    found = reading(model, number(17, 3))
    assert found.form == READINGS
    assert found.text.splitlines() == ["unsigned  3", "signed    3", "zigzag    -2"]
    assert found.facts.startswith("varint · 1 byte")
    assert reading(model, number(17, 3), HEX).text.startswith("000000  03")


def test_an_unknown_payload_with_its_guesses(model: FieldsModel) -> None:
    found = reading(model, data(17, number(1, 5)))
    assert found.forms == (HEX, BASE64, NUMBERS_GUESS)
    assert found.graft == MESSAGE_GRAFT
    guess = reading(model, data(17, number(1, 5)), NUMBERS_GUESS).text
    assert guess == "packed varints:\n8, 5"


def test_a_covered_payload_says_nothing_but_its_size(model: FieldsModel) -> None:
    found = read(top(model, data(17, "hush"), uncover=False), model.look)
    assert found.covered
    assert found.forms == ()
    assert found.graft == ""
    assert found.facts == "length-delimited · 4 bytes · offset 0\N{EN DASH}6"
    # It may be none: only of a field that a schema has is it known that it is a secret.
    assert found.text.startswith("Covered, since no schema says what it is:")


# Values in full


def test_of_a_long_message_the_first_part_is_shown(
    model: FieldsModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    blob = data(4, data(1, "a text"))
    whole = reading(model, blob).text
    monkeypatch.setattr(value_text, "MOST", len(whole))
    assert reading(model, blob).text == whole
    monkeypatch.setattr(value_text, "MOST", 9)
    note = "These are the first 9 characters. Copy takes all of the value."
    assert reading(model, blob).text == f"{whole[:9]}\n\n{note}"
    item = top(model, blob)
    assert copied_value(item, model.look) == whole


def test_a_time_is_told_as_stored_in_utc_here_and_since_when(model: FieldsModel) -> None:
    found = reading(model, data(1, "2026-01-23T04:06:06.5Z"))
    assert found.ticks
    lines = found.text.splitlines()
    assert lines[0] == "2026-01-23 04:06:06.500 UTC"
    assert lines[1].endswith(" local")
    assert " ago" in lines[2] or lines[2].startswith("in ")
    assert lines[-1] == "stored as 2026-01-23T04:06:06.5Z"
    stamp = reading(model, data(8, number(1, 1769141166)))
    assert stamp.ticks
    assert "stored as seconds 1769141166, nanos 0" in stamp.text


def test_an_enum_with_all_its_values(model: FieldsModel) -> None:
    assert reading(model, number(3, 2)).text.splitlines() == [
        *("COLOR_BLUE (2)", "", "The values of Color:"),
        *("0  COLOR_UNSPECIFIED", "1  COLOR_RED", "2  COLOR_BLUE"),
    ]
    assert reading(model, number(3, 9)).text.startswith("9, a number without a name\n")


def test_a_number_in_two_notations(model: FieldsModel) -> None:
    assert reading(model, number(2, 255)).text == "255\n\nhexadecimal 0xff"
    assert reading(model, number(2, 5)).text == "5"
    assert reading(model, number(10, 1)).text == "true"


# Trees out of values


def test_json_in_a_text_becomes_a_tree_of_its_own(model: FieldsModel) -> None:
    text = '{"a": [1, {"b": "é"}]}'
    item = top(model, data(2, b"") + data(1, text))
    item = model.item(at(model, "name"))
    assert read(item, model.look).graft == JSON_GRAFT
    root = model.graft(item, graft_of(item, model.look))
    assert root.data() == JSON_GRAFT
    inner = model.item(at(model, "name", JSON_GRAFT, "a", "[1]", "b"))
    assert path_of(inner) == f"name ({JSON_GRAFT}).a[1].b"
    assert read(inner, model.look).text == "é"
    assert read(item, model.look).graft == ""
    tree = model.tree
    assert tree is not None
    marks = marks_of(tree, inner)
    assert [tree.data[a:b].decode() for a, b in marks.value] == ['"é"']


def test_a_text_that_is_no_json_says_where_it_breaks(model: FieldsModel) -> None:
    item = top(model, data(1, '{"a": nothing}'))
    with pytest.raises(InspectorError, match="from byte 6 on"):
        graft_of(item, model.look)


def test_a_message_in_unknown_bytes_is_tried_and_uncovered_with_them(model: FieldsModel) -> None:
    inner = number(1, 5) + data(2, "inside")
    item = top(model, data(17, inner))
    root = model.graft(item, graft_of(item, model.look))
    assert root.siblingAtColumn(TYPE).data() == "message"
    below = model.item(at(model, "<17> unknown", MESSAGE_GRAFT, "<2> unknown"))
    assert read(below, model.look, TEXT_GUESS).text == "inside"
    tree = model.tree
    assert tree is not None
    assert [tree.data[a:b] for a, b in marks_of(tree, below).value] == [b"inside"]
    model.toggle(item)
    assert model.rowCount(model.index_of(item)) == 0
    assert read(item, model.look).covered


def test_enter_shows_the_json_of_a_text_below_it(driver: Driver) -> None:
    driver.open(None)
    driver.press("bytes")
    driver.wait(driver.window.record.bytes.is_ready)
    text = json.dumps({"steps": ["one", "two"]})
    window = driver.window.record
    made = record(data(1, text))
    window.show_record(made, "made")
    tree = window.tree
    driver.choose("name")
    QTest.keyClick(tree, Qt.Key.Key_Return)
    driver.wait(lambda: tree.model().rowCount(tree.currentIndex()) == 1)
    index = at(tree.fields, "name", JSON_GRAFT, "steps")
    grown = tree.fields.item(index)
    assert grown.node is not None
    assert [child.value for child in grown.node.children] == ["one", "two"]
    assert tree.isExpanded(tree.fields.index_of(window.tree.fields.item_of([0])))
    tree.setCurrentIndex(index)
    assert window.bytes.view.data[slice(*window.bytes.view.marks.value[0])] == b'["one", "two"]'


# Covered containers


def test_what_is_covered_as_a_whole_cannot_be_opened(model: FieldsModel) -> None:
    model.show(record(data(4, data(1, "inner")), covered=("child",)))
    child = at(model, "child")
    assert not model.hasChildren(child)
    assert model.rowCount(child) == 0
    model.toggle(model.item(child))
    assert model.hasChildren(child)
    assert at(model, "child", "name").isValid()
    model.toggle(model.item(child))
    assert model.rowCount(child) == 0


# Long texts and finding


def test_a_long_text_is_cut_into_lines_in_the_worker(reader: ValuePane, qtbot: QtBot) -> None:
    text = "abc\n" * 500_000 + "x" * 1_000_000
    model = FieldsModel()
    item = top(model, data(1, text))
    reader.show_item(item, model.look)
    assert reader.text() == ""
    qtbot.waitUntil(lambda: reader.text() == text, timeout=20_000)
    assert reader.reading().facts.startswith("string · 3,000,000 characters")
    reader.resize(400, 200)
    assert not reader.grab().isNull()


def test_another_value_replaces_a_long_one_that_is_still_read(reader: ValuePane) -> None:
    model = FieldsModel()
    reader.show_item(top(model, data(1, "x" * 2_000_000)), model.look)
    reader.show_item(top(model, data(1, "short")), model.look)
    assert reader.text() == "short"


def test_finding_in_the_reader_when_it_has_the_focus(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    driver.choose(CONTENT)
    reader = driver.window.record.reader
    reader.focus()
    driver.press("find")
    bar = reader.bar
    assert not bar.isHidden()
    QTest.keyClicks(bar.field, "BACKUP")
    text = reader.text()
    hits = text.lower().count("backup")
    assert hits > 1
    driver.wait(lambda: bar.words.text() == f"1 of {hits}")
    driver.press("find_next")
    assert bar.words.text() == f"2 of {hits}"
    driver.press("find_last")
    driver.press("find_last")
    assert bar.words.text() == f"{hits} of {hits}"
    bar.case.click()
    driver.wait(lambda: bar.words.text() == "No results")
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert bar.isHidden()
    focus = QApplication.focusWidget()
    assert focus is not None and reader.isAncestorOf(focus)


def test_hits_of_a_text() -> None:
    assert list(find_all("aXaxA", "ax", case=False).starts) == [0, 2]
    assert list(find_all("aXaxA", "ax", case=True).starts) == [2]
    assert list(find_all("aaaa", "aa", case=True).starts) == [0, 2]
    assert find_all("a", "", case=True) == Hits()
    long = "." * (1 << 20) + "needle" + "." * (1 << 20)
    for shift in range(7):
        assert list(find_all(long[shift:], "needle", case=False).starts) == [(1 << 20) - shift]
    many = find_all("a" * (MOST + 5), "a", case=True)
    assert many.more
    assert hit_words(many, 0) == f"1 of more than {MOST:,}"


def test_the_next_hit_is_the_first_one_in_sight() -> None:
    hits = find_all("a..a..a", "a", case=True)
    assert [next_hit(hits, -1, 1, offset) for offset in (0, 1, 3, 7)] == [0, 1, 1, 0]
    assert next_hit(hits, -1, -1, 1) == 0
    assert [next_hit(hits, current, 1, 0) for current in (0, 2)] == [1, 0]
    assert next_hit(Hits(), -1, 1, 0) == -1


def test_hits_behind_characters_of_two_units_are_marked_where_they_are(reader: ValuePane) -> None:
    model = FieldsModel()
    item = top(model, data(1, "\U0001f600 find \U0001f600 find"))
    reader.show_item(item, model.look)
    reader.body.set_marks(
        reader.body.marks._replace(hits=find_all(reader.text(), "find", case=True))
    )
    assert reader.body.marked_texts() == ["find", "find"]


def test_a_word_is_found_and_marked_with_a_zero_width_space_in_it() -> None:
    hits = find_all("an ad\u200bmin, an admin", "ADMIN", case=False)
    assert list(zip(hits.starts, hits.ends, strict=True)) == [(3, 9), (14, 19)]
    assert list(find_all("ad\u200bmin", "ad\u2060min", case=True).starts) == [0]
    assert list(find_all("a\u200bb", "\u200b", case=True).starts) == [1]
    marks = TextMarks(hits=hits, current=1)
    assert [tuple(span) for span in marks.within(4, 20)] == [
        (4, 9, "found"),
        (14, 19, "selection"),
    ]
    edge = "." * ((1 << 20) - 2) + "ad" + "\u200b" * 30 + "min"
    assert list(find_all(edge, "admin", case=True).starts) == [(1 << 20) - 2]


def test_what_cannot_be_seen_is_seen_in_the_reader_and_copied_as_it_is(reader: ValuePane) -> None:
    model = FieldsModel()
    item = top(model, data(1, "an ad\u200bmin"))
    reader.show_item(item, model.look)
    shown = reader.body.currentWidget()
    assert isinstance(shown, TextView)
    assert reader.text() == "an ad\u200bmin"
    shown.select_all()
    shown.copy()
    assert QGuiApplication.clipboard().text() == "an ad\u200bmin"
    reader.show_item(top(model, data(1, "\u2764\ufe0f and\ta tab")), model.look)
    assert not isinstance(reader.body.currentWidget(), TextView)


def test_packed_numbers_of_any_width_stand_in_lines(model: FieldsModel) -> None:
    blob = data(17, b"".join(varint(n) for n in range(40)))
    lines = reading(model, blob, NUMBERS_GUESS).text.splitlines()
    assert lines[1].startswith("0, 1, 2, ")
    assert lines[2].startswith("16, 17, ")
    assert model.index(0, 0, QModelIndex()).isValid()


def test_a_value_of_a_message_in_unknown_bytes_is_copied_as_it_is(model: FieldsModel) -> None:
    item = top(model, data(17, data(2, "inside")))
    model.graft(item, graft_of(item, model.look))
    below = model.item(at(model, "<17> unknown", MESSAGE_GRAFT, "<2> unknown"))
    assert copied_value(below, model.look) == b64encode(b"inside").decode()


# Secrets


def test_a_secret_that_is_shown_is_marked_and_hidden_where_it_was_shown(qtbot: QtBot) -> None:
    driver = Driver(qtbot).open(STORE, EXECUTION)
    item = driver.choose('spec.runtime_env["RUN_SECRET"].value')
    record = driver.window.record
    button = next(
        one for one in record.reader.findChildren(QPushButton) if one.text() in ("Show", "Hide")
    )

    def icons() -> list[str]:
        cell = record.tree.fields.index_of(item).siblingAtColumn(KEYS.index("value"))
        return [run.icon for run in cell.data(CELL_ROLE).runs if run.icon]

    assert (button.text(), icons()) == ("Show", ["covered"])
    QTest.keyClick(record.tree, Qt.Key.Key_Return)
    driver.wait(lambda: button.text() == "Hide")
    assert button.isVisible()
    assert icons() == ["eye"]
    driver.choose('spec.runtime_env["RUN_SECRET"].is_secret')
    assert not button.isVisible()
    driver.choose('spec.runtime_env["RUN_SECRET"].value')
    driver.wait(driver.window.actions_["uncover"].isEnabled)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    driver.wait(lambda: button.text() == "Show")
    assert icons() == ["covered"]
    # What the whole window shows is hidden with the window's own switch.
    driver.press("secrets")
    driver.wait(lambda: icons() == ["eye"])
    assert not button.isVisible()
    driver.window.close()
