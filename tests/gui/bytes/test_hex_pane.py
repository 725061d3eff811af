"""The bytes of a record: covered ones as dots, copies, offsets, any size, in words."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from threading import Event, current_thread, main_thread

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inspector.decode.node import Tree
from inspector.decode.secrets import COVERED
from inspector.gui.bytes import byte_ranges, hex_pane
from inspector.gui.bytes.byte_copy import as_base64, as_hex, as_text
from inspector.gui.bytes.byte_ranges import (
    ByteFacts,
    Known,
    Marks,
    footer_words,
    found_in,
)
from inspector.gui.bytes.hex_pane import offset_of
from inspector.gui.bytes.hex_view import HexView, grounds, looks
from inspector.gui.fields.field_items import FieldItem, path_of
from inspector.gui.style.theme import Theme
from inspector.session.session import Session
from tests.builders.demo import wire
from tests.builders.layouts import RESOURCES, Rec, create
from tests.gui.message.test_selection_sync import EXECUTION, MODE, SECRET, STORE, show_bytes
from tests.gui.windows import Driver


@pytest.fixture
def driver(qtbot: QtBot) -> Iterator[Driver]:
    QGuiApplication.clipboard().clear()
    made = Driver(qtbot)
    made.window.resize(1440, 900)
    yield made
    made.window.close()


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def test_what_is_sought_is_marked_but_never_in_a_secret(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    show_bytes(driver)
    record = driver.window.record
    driver.choose(SECRET)
    view, pane = record.bytes.view, record.bytes
    driver.wait(pane.is_ready)
    [(start, end)] = view.marks.value
    text = view.data[start:end].decode()
    pane.lend(text[4:9].swapcase(), False)
    driver.wait(driver.window.tasks.is_idle)
    assert not view.marks.found
    driver.press("uncover")
    driver.wait(lambda: bool(view.marks.found))
    assert view.marks.found[0] == (start + 4, start + 9)
    assert ("found", 4, 8) in list(grounds(end - start, start, view.marks))
    driver.press("uncover")
    driver.wait(lambda: not view.marks.found)
    pane.lend("", False)
    driver.choose(MODE)
    assert not view.marks.found


def test_a_text_is_found_in_bytes_whatever_they_are() -> None:
    words = "xx\u00c9t\u00e9 \U0001f600 \u00e9T\u00c9".encode()
    data = words + b"\xff\xfe" + "\u00c9t\u00e9".encode()
    found = found_in(data, [(0, len(data))], "\u00e9t\u00e9", case=False, cancel=Event())
    assert [data[first:last].decode() for first, last in found] == [
        *("\u00c9t\u00e9", "\u00e9T\u00c9", "\u00c9t\u00e9")
    ]
    assert found_in(data, [(2, 7)], "\u00e9t\u00e9", case=True, cancel=Event()) == []
    assert found_in(data, [(19, len(data))], "\u00c9t", case=True, cancel=Event()) == [(20, 23)]


def test_a_secret_is_dots_until_it_is_shown(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    show_bytes(driver)
    record = driver.window.record
    driver.choose(SECRET)
    view = record.bytes.view
    (start, end), (first, _) = view.marks.value[0], view.marks.head[0]
    assert [view.is_covered(at) for at in (first, start - 1, start, end - 1, end)] == [
        *(False, False, True, True, False)
    ]
    assert view.words() == f"offset {start:x}, hidden"
    assert record.bytes.footer.text() == (
        "2 hidden ranges, 68 bytes. All 14,548 bytes are accounted for."
    )
    driver.press("uncover")
    assert not view.is_covered(start)
    assert record.bytes.footer.text().startswith("1 hidden range, 48 bytes. ")
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert view.is_covered(start)


def test_all_secrets_of_the_window(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    show_bytes(driver)
    driver.press("secrets")
    assert driver.window.record.bytes.covered() == []
    driver.press("secrets")
    assert len(driver.window.record.bytes.covered()) == 2


def test_everything_is_covered_until_it_is_known_what_is(qtbot: QtBot, theme: Theme) -> None:
    view = HexView()
    qtbot.addWidget(view)
    view.set_data(b"secret")
    assert all(map(view.is_covered, range(6)))
    view.set_hidden([(1, 2)])
    assert [view.is_covered(at) for at in range(3)] == [False, True, False]


def test_unknown_payloads_are_covered_and_one_key_away(driver: Driver) -> None:
    session = Session.demo()
    found = next(
        (kind.kind, head.id)
        for kind in session.kinds()
        for head in session.records(kind.kind).rows
        if not kind.known
    )
    driver.open(None, "/".join(found))
    show_bytes(driver)
    tree, view = driver.window.record.tree, driver.window.record.bytes.view
    tree.setCurrentIndex(tree.fields.index(0, 0))
    start = view.marks.value[0][0]
    assert view.is_covered(start)
    assert not view.is_covered(view.marks.head[0][0])
    QTest.keyClick(tree, Qt.Key.Key_Return)
    assert not view.is_covered(start)


def test_bytes_are_copied_in_three_forms(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    show_bytes(driver)
    driver.choose(MODE)
    for action, text in (
        ("copy_hex", "66 61 73 74"),
        ("copy_base64", b64encode(b"fast").decode()),
        ("copy_text", "fast"),
    ):
        driver.press(action)
        assert clipboard() == text


def test_covered_bytes_are_covered_in_every_copy(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    show_bytes(driver)
    driver.choose(SECRET)
    for action in ("copy_hex", "copy_base64", "copy_text"):
        driver.press(action)
        assert clipboard().replace("\N{BULLET}", "").replace(COVERED, "").strip() == ""
        assert clipboard()


def test_bytes_nobody_looks_at_are_not_read(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    record = driver.window.record
    driver.choose(MODE)
    assert record.bytes.view.data == b""
    show_bytes(driver)
    tree = record.tree.fields.tree
    assert tree is not None
    assert record.bytes.view.data == tree.data
    (start, end), *_ = record.bytes.view.marks.value
    assert record.bytes.view.data[start:end] == b"fast"
    driver.press("fields")
    driver.window.records.table.selectRow(0)
    driver.wait(lambda: record.record is not None and record.record.id not in EXECUTION)
    assert record.bytes.view.data == b""
    assert record.bytes.head.path.text() == record.bytes.footer.text() == ""


def test_bytes_are_copied_though_nobody_has_looked_at_them(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    driver.choose(SECRET)
    driver.press("copy_hex")
    driver.wait(lambda: bool(clipboard()))
    assert set(clipboard()) == {"\N{BULLET}", " "}
    driver.choose(MODE)
    driver.press("copy_hex")
    driver.wait(lambda: clipboard() == "66 61 73 74")


def test_copies_cover_only_what_is_covered() -> None:
    data = b"abcdef"
    assert as_hex(data, [(0, 4)], [(1, 2), (3, 9)]) == "61 •• 63 ••"
    assert as_text(data, [(0, 4)], [(1, 2)]) == f"a{COVERED}cd"
    assert as_text(data, [(0, 1), (4, 6)], []) == "aef"
    assert as_base64(data, [(0, 4)], [(3, 4)]) == COVERED
    assert as_base64(data, [(0, 4)], [(4, 5)]) == b64encode(b"abcd").decode()


@pytest.mark.parametrize(
    ("text", "offset"),
    [("0x1f0", 0x1F0), ("496", 496), ("1f", 0x1F), ("1,024", 1024), ("x", None), ("", None)],
)
def test_offsets_as_people_type_them(text: str, offset: int | None) -> None:
    assert offset_of(text) == offset


def test_going_to_an_offset(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    driver.press("goto_offset")
    pane = driver.window.record.bytes
    assert driver.window.record.tabs.current() == "bytes"
    QTest.keyClicks(pane.goto.field, "0x123")
    assert pane.view.cursor_at() == 0x123
    assert driver.window.record.reader.path() == MODE
    pane.goto.field.setText("zz")
    assert pane.goto.words.text() == "Not a number."
    pane.goto.field.setText("0xfffffff")
    assert pane.goto.words.text() == "The last byte is at 38d3."
    QTest.keyClick(pane.goto.field, Qt.Key.Key_Return)
    assert pane.goto.isHidden()


def test_fifty_megabytes_paint_only_what_is_in_sight(qtbot: QtBot, theme: Theme) -> None:
    view = HexView()
    qtbot.addWidget(view)
    view.resize(700, 400)
    view.set_data(bytes(50_000_000))
    view.set_hidden([])
    view.go_to(49_999_999)
    bar = view.verticalScrollBar()
    assert bar.maximum() == 3_125_000 - (view.viewport().height() - 4) // view.grid.row
    assert bar.value() == bar.maximum()
    assert not view.grab().isNull()


def test_the_bytes_of_a_long_list_are_found_beside_the_window(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of twelve million bytes of messages it took half a minute, while which nothing moved."""
    said = wire.text(5, wire.text(1, wire.integer(1, 2) + wire.text(2, "word " * 200)) * 400)
    path = create(tmp_path / "s.db", RESOURCES, records=[Rec("agent_execution", "aex-1", said)])
    found: list[tuple[str, bool]] = []

    def marks_of(tree: Tree, item: FieldItem, known: Known | None = None) -> Marks:
        found.append((path_of(item), current_thread() is main_thread()))
        return byte_ranges.marks_of(tree, item, known)

    monkeypatch.setattr(hex_pane, "marks_of", marks_of)
    driver.open(path, "agent_execution/aex-1")
    show_bytes(driver)
    pane = driver.window.record.bytes
    for field in ("status.messages", "status.messages[7]"):
        driver.choose(field)
        driver.wait(lambda: bool(pane.view.marks.value))
        assert found[-1] == (field, False)
    assert pane.view.marks.around == [(4, len(said))]
    driver.choose("status.messages[7].type")
    driver.wait(lambda: found[-1][0] == "status.messages[7].type")
    assert found[-1] == ("status.messages[7].type", True)
    assert pane.view.marks.value
    driver.window.record.tree.setCurrentIndex(QModelIndex())
    assert not pane.view.marks.value


def test_a_narrow_view_shows_eight_bytes_a_line(qtbot: QtBot, theme: Theme) -> None:
    view = HexView()
    qtbot.addWidget(view)
    view.set_data(bytes(range(256)))
    per_line = []
    for width in (900, 420):
        view.resize(width, 300)
        view.show()
        per_line.append(view.grid.per_line)
        assert view.grid.width <= view.viewport().width()
    assert per_line == [16, 8]


def test_what_looks_the_same_is_painted_together() -> None:
    marks = Marks([(3, 5)], [(2, 3)], [(0, 6)])
    assert list(grounds(8, 0, marks)) == [
        ("tint_span", 0, 1),
        ("unfocused", 2, 2),
        ("selection", 3, 4),
        ("tint_span", 5, 5),
    ]
    found = [(look.covered, look.dim, a, b) for look, a, b in looks(b"ab\0\0", 8, marks, [(9, 11)])]
    assert found == [
        (False, False, 0, 0),
        (True, False, 1, 1),
        (True, True, 2, 2),
        (False, True, 3, 3),
    ]


def test_every_byte_is_read_out(qtbot: QtBot, theme: Theme) -> None:
    view = HexView()
    qtbot.addWidget(view)
    view.set_data(b"a\0")
    view.set_hidden([])
    assert view.words() == view.accessibleDescription() == "offset 0, 61, a"
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.accessibleDescription() == "offset 1, 00, no character"
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.cursor_at() == 1
    view.set_data(b"")
    assert view.words() == "no bytes"


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (ByteFacts(), "All 9 bytes are accounted for."),
        (ByteFacts((), ((3, 9),)), "6 bytes at 3 belong to no field."),
        (ByteFacts((), ((3, 4),)), "1 byte at 3 belongs to no field."),
        (ByteFacts((), ((3, 4), (5, 6))), "2 bytes at 3 and 1 other place belong to no field."),
    ],
)
def test_the_footer_says_which_bytes_belong_to_no_field(facts: ByteFacts, words: str) -> None:
    assert footer_words(facts, [], 9) == words
