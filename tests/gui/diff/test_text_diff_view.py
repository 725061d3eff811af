"""Texts beside each other: lines that are folded and wrapped, numbers, selection."""

from __future__ import annotations

import tracemalloc
from bisect import bisect_right
from itertools import accumulate
from unicodedata import combining, east_asian_width

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inspector.gui.diff.text_diff_rows import text_rows
from inspector.gui.diff.text_diff_view import TextDiffView
from inspector.gui.style.theme import Theme
from inspector.gui.text.text_layout import RowWidths, characters_per_row, height, pieces
from inspector.history.text_difference import HunkKind
from inspector.invisible import columns as visible_columns


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


LETTERS = st.lists(st.sampled_from("abc"), max_size=12)


@given(LETTERS, LETTERS, st.booleans())
def test_rows_are_those_of_the_hunks(before: list[str], after: list[str], everything: bool) -> None:
    rows = text_rows("\n".join([*before, ""]), "\n".join([*after, ""]), everything=everything)
    beside = list(rows.beside)
    assert [rows.beside[at] for at in range(-len(beside), len(beside))] == beside * 2
    assert rows.beside[:] == beside
    if everything:
        equal = [hunk for hunk in rows.lines.hunks if hunk.kind is HunkKind.EQUAL]
        shown = [(line.before, line.after) for line in beside]
        assert shown == [pair for hunk in rows.lines.hunks for pair in hunk.rows()]
        assert len(rows.unified) == len(before) + len(after) - sum(
            len(hunk.before) for hunk in equal
        )
    for way in (rows.beside, rows.unified):
        for at, number in ((0, "before"), (1, "after")):
            told = [getattr(line, number) for line in way if line[at] is not None]
            assert told == sorted(set(told))
            assert not everything or told == list(range(len((before, after)[at])))


def test_rows_of_very_many_lines_take_no_more_than_the_text() -> None:
    """A row on its own takes two hundred bytes."""
    text = "ab\n" * 100_000
    # What is imported for it is not measured.
    text_rows("a", "b", everything=False)
    tracemalloc.start()
    rows = text_rows("", text, everything=False)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(rows.unified) == 100_000
    assert most < 16 * len(text)


def test_long_lines_are_cut_behind_blanks() -> None:
    text = "one two three four"
    assert [text[a:b] for a, b in pieces(text, 9)] == ["one two ", "three ", "four"]
    assert [b - a for a, b in pieces("x" * 25, 10)] == [10, 10, 5]


@given(st.text(max_size=60), st.integers(10, 30))
@example("0000000000 ", 10)
def test_pieces_hold_all_of_a_line_and_fit(text: str, columns: int) -> None:
    found = pieces(text, columns)
    assert "".join(text[start:end] for start, end in found) == text
    assert all(start < end for start, end in found) or not text
    for start, end in found:
        drawn = text[start:end].removesuffix(" ")  # the blank at an end takes no room
        seen = [mark for mark in drawn if not combining(mark)]
        assert sum(2 if east_asian_width(mark) in "WF" else 1 for mark in seen) <= columns


@given(st.text("ab \u6f22\u0301", max_size=80), st.integers(10, 30))
@example("0000000000 ", 10)
@example("", 10)
def test_the_height_of_a_line_is_that_of_its_pieces(text: str, columns: int) -> None:
    assert height(text, columns) == len(pieces(text, columns))
    assert height(text[:1] * 40, columns) == len(pieces(text[:1] * 40, columns))
    plain = text.replace("\u6f22", "c").replace("\u0301", "d")
    assert height(plain, columns) == len(pieces(plain, columns))


@given(st.lists(st.integers(0, 19)), st.integers(10, 19))
def test_the_wider_rows_are_known_by_width(widths: list[int], columns: int) -> None:
    expected = [row for row, wide in enumerate(widths) if wide > columns]
    assert RowWidths(widths).over(columns) == expected


def test_wide_characters_take_two_columns() -> None:
    text = "\u6f22\u5b57" * 10
    assert [end - start for start, end in pieces(text, 10)] == [5, 5, 5, 5]
    assert pieces("e\u0301" * 10, 10)[0] == (0, 10)


ODD = st.text("ab \u6f22\u0301\u200b\u200d\ufe0f\x1b\U0001f600", max_size=60)


@given(ODD, st.integers(1, 12))
def test_every_row_of_equal_characters_fits(text: str, columns: int) -> None:
    count = characters_per_row(text, columns)
    rows = [text[start : start + count] for start in range(0, len(text), count)]
    where = [0, *accumulate(visible_columns(text, pictures=True))]
    sizes = [where[min(row + count, len(text))] - where[row] for row in range(0, len(text), count)]
    assert "".join(rows) == text
    assert count == 1 or max(sizes, default=0) <= columns


def test_a_row_of_wide_characters_holds_half_as_many() -> None:
    assert characters_per_row("\u6f22" * 40, 10) == 5
    assert characters_per_row("a" * 40, 10) == 10
    assert characters_per_row("\u6f22" + "a" * 40, 10) == 9
    assert characters_per_row("ad\u200bmin" * 9, 10) == 5


LINES = st.lists(st.integers(0, 300).map(lambda size: "ab cd " * (size // 6)), max_size=12)


@given(LINES, LINES, st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_rows_stand_one_below_the_other(
    qtbot: QtBot, theme: Theme, before: list[str], after: list[str], beside: bool
) -> None:
    view = TextDiffView()
    view.resize(420, 300)
    view.set_beside(beside)
    view.show_rows(text_rows("\n".join(before), "\n".join(after) + "\n", everything=False))
    layout, ends = view.layout_of(), [0]
    for row, line in enumerate(layout.lines):
        texts = [layout.text(row, after=side) for side in (False, True)]
        ends.append(ends[-1] + max(len(pieces(text or "", layout.columns)) for text in texts))
        assert line.note or line.folded or any(text is not None for text in texts)
    assert layout.total == ends[-1]
    assert [layout.top(row) for row in range(len(layout.lines))] == ends[:-1]
    assert [layout.end(row) for row in range(len(layout.lines))] == ends[1:]
    for visual in range(layout.total + 2):
        assert layout.at(visual) == bisect_right(ends, visual) - 1
    view.deleteLater()


@pytest.mark.parametrize(
    ("before", "after", "note"),
    [
        ("a\nb", "a\nb\n", "Before: no newline at the end"),
        ("a\nb\n", "a\nb", "After: no newline at the end"),
        ("a\nb\n", "x\nb\n", ""),
        ("a\nb", "x\nb", ""),
    ],
)
def test_a_last_line_without_a_newline_is_said(
    qtbot: QtBot, theme: Theme, before: str, after: str, note: str
) -> None:
    rows = text_rows(before, after, everything=False)
    assert rows.beside[-1].note == rows.unified[-1].note == note
    assert [line.note for line in (*rows.beside, *rows.unified)].count(note) >= 2
    view = text_view(qtbot, before, after, beside=True)
    assert view.accessibleDescription() == rows.lines.words
    assert ("newline" in rows.lines.words) == bool(note)
    QTest.keySequence(view, QKeySequence(QKeySequence.StandardKey.SelectAll))
    assert view.selected_text() == after.rstrip("\n")


def test_many_wrapped_rows_are_laid_out_when_the_size_rests(qtbot: QtBot, theme: Theme) -> None:
    text = "word " * 60 + "\n"
    view = text_view(qtbot, text * 5_000, text * 5_001, beside=False)
    layout = view.layout_of()
    assert layout.wrapped == 5_001
    for width in (800, 600, 400):
        view.resize(width, 300)
        assert view.layout_of() is layout
    qtbot.waitUntil(lambda: view.layout_of() is not layout)
    assert view.layout_of().sides[1].right == view.viewport().width()
    assert view.layout_of().total > layout.total


def test_of_a_line_that_nobody_reads_the_ends_of_what_is_alike_are_shown() -> None:
    """Twelve million characters, one of them wide, kept the window for half a minute."""
    alike, other = "a" * 60_000, "\N{GRINNING FACE}" * 60_000
    before = f"first\n{alike}one{other}\n{alike}"
    rows = text_rows(before, before.replace("one", "another"), everything=True)
    ends = "a" * 2_000
    told = "[\N{HORIZONTAL ELLIPSIS} 56,000 characters \N{HORIZONTAL ELLIPSIS}]"
    shown = [f"{ends}{told}{ends}", "\N{GRINNING FACE}" * 2_000 + told]
    for lines, word in ((rows.lines.before, "one"), (rows.lines.after, "another")):
        assert lines[0] == "first"
        assert lines[1].startswith(f"{shown[0]}{word}{shown[1]}")
        assert lines[2] == shown[0]
    assert rows.beside[1].changed and not rows.beside[2].changed
    assert rows.marks(rows.beside[1], after=True)


@given(st.text("ab", max_size=9), st.text("ab", max_size=9), st.data())
def test_what_is_alike_at_the_ends_is_left_out_on_both_sides(
    before: str, after: str, data: st.DataObject
) -> None:
    size = data.draw(st.integers(50_001, 70_000))
    alike = "x" * size
    rows = text_rows(f"{alike}{before}{alike}", f"{alike}{after}{alike}", everything=True)
    first, second = rows.lines.before[0], rows.lines.after[0]
    assert max(map(len, (first, second))) < 10_000
    assert (first == second) == (before == after)


def text_view(qtbot: QtBot, before: str, after: str, *, beside: bool) -> TextDiffView:
    view = TextDiffView()
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
