"""JSON in Qt's text edit: keys, ears, folds, colours; a long one in the view of our own."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from inspector.gui.style.theme import Theme, tokens_of
from inspector.gui.text import json_view
from inspector.gui.text.json_view import JsonView
from inspector.gui.text.text_layout import FoldingLines
from inspector.gui.text.text_search import TextMarks, find_all
from inspector.gui.values.value_pane import ValueTextView

WIDE = "\N{GRINNING FACE}"


@pytest.fixture
def view(qtbot: QtBot, theme: Theme) -> JsonView:
    made = JsonView("JSON")
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show()
    return made


def lines_of(value: Any) -> FoldingLines:
    return FoldingLines(json.dumps(value, indent=2, ensure_ascii=False))


def seen(view: JsonView) -> list[str]:
    """The lines that Qt shows."""
    block, found = view.edit.document().begin(), []
    while block.isValid():
        if block.isVisible():
            found.append(block.text())
        block = block.next()
    return found


def unfolded(lines: FoldingLines) -> list[str]:
    """The lines that are not folded away."""
    spans = (lines.span(at, pieces=False) for at in range(lines.count(pieces=False)))
    return [lines.text[first:last] for first, last in spans]


def test_text_is_selected_and_copied_by_keys(view: JsonView) -> None:
    view.set_lines(lines_of({"name": f"a{WIDE}b", "more": 1}))
    view.focus()
    focus = QApplication.focusWidget()
    assert focus is view.edit
    QTest.keyClick(focus, Qt.Key.Key_Down)
    QTest.keyClick(focus, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    assert view.selected_text() == f'  "name": "a{WIDE}b",'
    QTest.keyClick(focus, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == view.selected_text()
    QTest.keyClick(focus, Qt.Key.Key_Home)
    assert view.selected_text() == ""


@pytest.mark.parametrize("where", ["json", "reader"])
def test_what_is_copied_by_keys_is_what_is_there(where: str, view: JsonView, qtbot: QtBot) -> None:
    """Qt's own copy of a text edit has a space for a no-break space."""
    text = f'"1\u00a0000 {WIDE}"\n"b"'
    edit: QPlainTextEdit = view.edit
    if where == "json":
        view.set_lines(FoldingLines(text))
    else:
        reader = ValueTextView()
        qtbot.addWidget(reader)
        reader.show()
        reader.set_text(text, fixed=False)
        (edit,) = reader.findChildren(QPlainTextEdit)
    edit.setFocus()
    edit.selectAll()
    QTest.keyClick(edit, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == text


def test_a_screen_reader_reads_the_text(view: JsonView) -> None:
    view.set_lines(lines_of({"name": "surveyor"}))
    heard = QAccessible.queryAccessibleInterface(view.edit)
    assert heard is not None
    assert heard.text(QAccessible.Text.Name) == "JSON"
    text = heard.textInterface()
    assert text is not None
    assert text.text(0, text.characterCount()) == view.text()


def test_enter_and_a_click_choose_the_value(view: JsonView, qtbot: QtBot) -> None:
    view.set_lines(lines_of({"first": WIDE * 3, "second": 2}))
    view.show_offset(view.text().index("second"))
    with qtbot.waitSignal(view.clicked) as told:
        QTest.keyClick(view.edit, Qt.Key.Key_Return)
    assert told.args == [view.text().index("second")]
    cursor = view.edit.cursorRect(view.edit.textCursor())
    with qtbot.waitSignal(view.clicked) as told:
        QTest.mouseClick(view.edit.viewport(), Qt.MouseButton.LeftButton, pos=cursor.center())
    assert told.args == [view.text().index("second")]


def test_what_is_beyond_the_edge_is_brought_into_sight(view: JsonView) -> None:
    view.set_lines(lines_of([f"item {number}" for number in range(500)]))
    offset = view.text().index('"item 400"')
    assert view.top_offset() == 0
    view.show_offset(offset)
    assert 0 < view.top_offset() < offset
    assert view.edit.viewport().rect().contains(view.edit.cursorRect())
    top = view.top_offset()
    view.show_offset(offset + 3)
    assert view.top_offset() == top


def test_wrapping_keeps_what_is_at_the_top(view: JsonView) -> None:
    view.set_lines(lines_of(["word " * 100] * 50))
    view.set_wrap(False)
    view.show_offset(len(view.text()) // 2)
    line = view.text().count("\n", 0, view.top_offset())
    for on in (True, False):
        view.set_wrap(on)
        assert view.text().count("\n", 0, view.top_offset()) == line


DOCUMENTS = st.recursive(
    st.integers() | st.text(f"a{{[{WIDE}", max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab"), inner, max_size=4),
    max_leaves=20,
)


@settings(deadline=None)
@given(value=DOCUMENTS, data=st.data())
def test_what_is_folded_is_what_qt_hides(value: Any, data: st.DataObject) -> None:
    view = JsonView("JSON")
    lines = lines_of(value)
    view.set_lines(lines)
    can = [line for line in range(lines.text.count("\n") + 1) if lines.can_fold(line)]
    for line in data.draw(st.lists(st.sampled_from(can), max_size=5)) if can else ():
        view.edit.fold(line, on=not lines.is_folded(line))
        assert seen(view) == unfolded(lines)
    view.show_offset(data.draw(st.integers(0, len(lines.text))))
    assert seen(view) == unfolded(lines)
    view.fold_all(data.draw(st.booleans()))
    assert seen(view) == unfolded(lines)
    view.deleteLater()


def test_a_fold_takes_the_cursor_along(view: JsonView) -> None:
    view.set_lines(lines_of({"a": {"b": [1, 2, 3]}, "c": 4}))
    view.show_offset(view.text().index("2"))
    view.set_marks(view.marks._replace(place=(view.text().index("2"), view.text().index("2") + 1)))
    view.fold(True)
    assert seen(view) == ["{", '  "a": {', '    "b": [', "  },", '  "c": 4', "}"]
    assert view.edit.textCursor().block().text() == '    "b": ['
    assert not view.grab().isNull()
    view.fold(False)
    assert seen(view) == unfolded(view.lines) == view.text().split("\n")


def test_hits_and_the_place_stand_out(view: JsonView) -> None:
    view.set_lines(lines_of({WIDE: "needle", "b": f"{WIDE} needle"}))
    hits = find_all(view.text(), "needle", case=False)
    view.set_marks(TextMarks(place=(4, 9), hits=hits, current=1))
    texts = [one.cursor.selectedText() for one in view.edit.extraSelections()]
    assert texts == [view.text()[4:9], "needle", "needle"]
    grounds = [one.format.background().color().name() for one in view.edit.extraSelections()]
    tokens = tokens_of(view.palette())
    assert grounds == [tokens.color(name).name() for name in ("tint_span", "found", "selection")]


def test_keys_and_numbers_have_their_colours(view: JsonView) -> None:
    view.set_lines(lines_of({f"k{WIDE}": 12, "secret": "[covered]"}))
    view.grab()
    tokens = tokens_of(view.palette())

    def colours(line: int) -> dict[str, str]:
        block = view.edit.document().findBlockByNumber(line)
        text = block.text().encode("utf-16-le")
        return {
            text[2 * one.start : 2 * (one.start + one.length)].decode("utf-16-le"): (
                one.format.foreground().color().name()
            )
            for one in block.layout().formats()
        }

    link, literal, dim = (tokens.color(name).name() for name in ("link", "literal", "dim"))
    assert colours(1) == {f'"k{WIDE}"': link, "12": literal}
    assert colours(2) == {'"secret"': link, '"[covered]"': dim}


@pytest.mark.parametrize("long", [True, False])
def test_a_long_text_is_shown_by_the_view_that_draws_what_is_seen(
    view: JsonView, long: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = lines_of({"a": {"b": 1}, "c": "x" * 50})
    monkeypatch.setattr(json_view, "MOST", len(lines.text) - long)
    view.focus()
    view.set_lines(lines)
    assert (view.currentWidget() is view.long) == long
    assert QApplication.focusWidget() is view.currentWidget()
    assert view.text() == lines.text
    view.show_offset(3)
    view.fold_all(True)
    assert lines.count(pieces=False) == 4


@pytest.mark.parametrize("odd", ["\u200b", "\u2028", "x" * 30_000])
def test_what_a_text_edit_would_not_show_is_drawn(view: JsonView, odd: str) -> None:
    view.set_lines(lines_of({"a": odd}))
    assert view.currentWidget() is view.long
    view.set_lines(lines_of({"a": "b"}))
    assert view.currentWidget() is view.edit


def test_the_cursor_is_where_the_text_is_pressed(view: JsonView) -> None:
    view.set_lines(lines_of({"name": "surveyor"}))
    spot = view.edit.cursorRect(QTextCursor(view.edit.document().findBlockByNumber(1)))
    QTest.mouseClick(
        view.edit.viewport(), Qt.MouseButton.LeftButton, pos=spot.center() + QPoint(1, 0)
    )
    assert view.edit.textCursor().blockNumber() == 1
