"""The text view draws what is in sight, whatever the size of the text."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QMouseEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.gui.style.theme import LIGHT, Theme
from inspector.gui.text import text_layout
from inspector.gui.text.json_highlighter import json_spans
from inspector.gui.text.text_layout import PIECE, Lines
from inspector.gui.text.text_view import TextView


@given(st.text("ab\n", max_size=300))
def test_lines_are_those_of_the_text(text: str) -> None:
    lines = Lines(text)
    spans = [lines.span(n, pieces=False) for n in range(lines.count(pieces=False))]
    assert [text[first:last] for first, last in spans] == text.split("\n")
    assert lines.longest == max(map(len, text.split("\n")))


def test_lines_longer_than_a_part_are_found_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_layout, "_PART", 7)
    for text in ("x" * 40, "x" * 14 + "\n" + "y" * 30 + "\n\n", "\n" * 20, "ab\n" * 9 + "c" * 7):
        lines = Lines(text)
        spans = [lines.span(n, pieces=False) for n in range(lines.count(pieces=False))]
        assert [text[first:last] for first, last in spans] == text.split("\n")
        assert lines.longest == max(map(len, text.split("\n")))


@given(st.integers(0, 3 * PIECE), st.integers(0, 3))
def test_pieces_cover_every_line_in_order(length: int, breaks: int) -> None:
    text = "\n".join(["x" * length] * (breaks + 1))
    lines = Lines(text)
    spans = [lines.span(n, pieces=True) for n in range(lines.count(pieces=True))]
    assert all(last - first <= PIECE for first, last in spans)
    assert "".join(text[first:last] for first, last in spans) == text.replace("\n", "")
    for offset in (0, length // 2, len(text)):
        first, last = lines.span(lines.at(offset, pieces=True), pieces=True)
        assert first <= offset <= last


@pytest.mark.parametrize(
    ("line", "tokens"),
    [
        ('  "name": "exec 8",', {"link": '"name"'}),
        ('  "size": -1.5e3,', {"link": '"size"', "literal": "-1.5e3"}),
        ('  "on": true', {"link": '"on"', "literal": "true"}),
        ('  "token": "[covered]",', {"link": '"token"', "dim": '"[covered]"'}),
        ('  "a\\"b": null', {"link": '"a\\"b"', "literal": "null"}),
        ('  "true",', {}),
        ("  12,", {"literal": "12"}),
        ("}", {}),
    ],
)
def test_json_has_its_colours(line: str, tokens: dict[str, str]) -> None:
    assert {token: line[a:b] for a, b, token in json_spans(line)} == tokens


@pytest.fixture
def view(qtbot: QtBot, theme: Theme) -> TextView:
    theme.prefer(Qt.ColorScheme.Light)
    made = TextView("JSON", json=True)
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_a_key_is_drawn_in_the_link_colour(view: TextView) -> None:
    view.set_lines(Lines(json.dumps({"\u2588\u2588": 1}, indent=2, ensure_ascii=False)))
    image = view.viewport().grab().toImage()
    colors = {
        image.pixelColor(x, y).name().upper() for x in range(0, 200) for y in range(image.height())
    }
    assert {LIGHT.link, LIGHT.ground} <= colors


@pytest.mark.parametrize("wrap", [False, True])
def test_ten_megabytes_in_a_line_are_as_quick_as_ten_letters(
    view: TextView, wrap: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    view.set_lines(Lines("x" * 10_000_000))
    view.set_wrap(wrap)
    drawn: list[int] = []

    def count(_p: QPainter, _start: int, begin: int, stop: int, _y: int, _color: QColor) -> None:
        drawn.append(stop - begin)

    monkeypatch.setattr(view, "_draw", count)
    view.viewport().grab()
    assert 0 < sum(drawn) < 20_000


def test_a_wrapped_text_can_be_scrolled_to_its_end(view: TextView) -> None:
    view.set_lines(Lines("a" * (PIECE * 3) + "\nend"))
    view.set_wrap(True)
    QTest.keyClick(view, Qt.Key.Key_End)
    offsets = [end for _, end, _ in view._visible()]
    assert offsets[-1] == len(view.text())


def test_rows_scroll_one_by_one_through_a_wrapped_line(view: TextView) -> None:
    view.set_lines(Lines("a" * 2000 + "\n" * 100))
    view.set_wrap(True)
    first = next(view._visible())[0]
    QTest.keyClick(view, Qt.Key.Key_Down)
    second = next(view._visible())[0]
    assert second - first == view.layout_.columns
    QTest.keyClick(view, Qt.Key.Key_Up)
    assert next(view._visible())[0] == first


def test_text_is_selected_with_the_mouse_and_copied(view: TextView) -> None:
    view.set_lines(Lines("first line\nsecond line\nthird"))
    rows = list(view._visible())
    left = round(view.layout_.advance * 2) + 12
    start, end = QPoint(left, rows[0][2] + 2), QPoint(left, rows[1][2] + 2)
    kinds = QEvent.Type
    for kind, point in (
        (kinds.MouseButtonPress, start),
        (kinds.MouseMove, end),
        (kinds.MouseButtonRelease, end),
    ):
        left_button, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        place = QPointF(point)
        event = QMouseEvent(kind, place, place, left_button, left_button, none)
        QApplication.sendEvent(view.viewport(), event)
    assert view.selected_text() == "rst line\nse"
    view.select_all()
    view.copy()
    assert QGuiApplication.clipboard().text() == view.text()
