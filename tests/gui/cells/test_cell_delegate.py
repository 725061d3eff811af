"""What gives way in a cell, and the delegate on real views: grounds, bar, tooltip, columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QFont, QImage, QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.gui.cells.cell_delegate import ELLIPSIS, Measure, place
from inspector.gui.cells.columns import Column, head, shown
from inspector.gui.cells.table_view import TableView
from inspector.gui.style.fonts import fonts_of, px, system_body, unit
from inspector.gui.style.text_format import tooltip
from inspector.gui.style.text_runs import (
    CELL_ROLE,
    DIM,
    FIXED,
    FOUND,
    TAG,
    TEXT,
    Cell,
    Elide,
    Run,
    Style,
    number,
    text,
)
from inspector.gui.style.theme import LIGHT, Theme

NAME = Run("exec backup report 8", TEXT, Elide.ElideRight)
IDENT = Run("aex-01m7y9fj502n189pmvwv9yqnvq", FIXED, Elide.ElideMiddle)
PATH = Run("status.messages[12].tool_calls[0].args", FIXED, Elide.ElideLeft)
TIME = Run("2026-11-21 05:32:48", TEXT)
ZONE = Run("UTC", DIM, optional=True, gap=4)
COUNT = Run("14,548")


@pytest.fixture
def measure(qapp: QApplication) -> Measure:
    return Measure(fonts_of(system_body()))


def texts(runs: list[Run], width: int, measure: Measure) -> list[str]:
    return [placed.text for placed in place(runs, width, measure).placed]


def test_with_room_everything_is_there_in_full(measure: Measure) -> None:
    runs = [NAME, IDENT, ZONE]
    placing = place(runs, 1000, measure)
    assert [p.text for p in placing.placed] == [run.text for run in runs]
    assert not placing.cut
    first, second, _ = placing.placed
    assert second.x == first.x + first.width + measure.gap(IDENT)


def test_the_optional_part_goes_whole_before_anything_is_cut(measure: Measure) -> None:
    width = measure.total([TIME, ZONE]) - 1
    placing = place([TIME, ZONE], width, measure)
    assert [p.text for p in placing.placed] == [TIME.text]
    assert placing.cut


def test_of_optional_parts_that_belong_together_none_stays_alone(measure: Measure) -> None:
    """Half of ``+1 ~3`` would be no half of the truth, but another one."""
    pair = [Run(text, DIM, optional=True, group="counts") for text in ("+1", "~3")]
    runs = [NAME, *pair, COUNT]
    assert texts(runs, measure.total(runs), measure) == [NAME.text, "+1", "~3", COUNT.text]
    assert texts(runs, measure.total(runs) - 1, measure) == [NAME.text, COUNT.text]


@pytest.mark.parametrize(
    ("run", "starts", "ends"),
    [(NAME, "exec", ELLIPSIS), (IDENT, "aex-", "qnvq"), (PATH, ELLIPSIS, "args")],
    ids=["text at its end", "id in the middle", "path at its start"],
)
def test_text_is_cut_where_it_says_least(
    measure: Measure, run: Run, starts: str, ends: str
) -> None:
    (text,) = texts([run], measure.width(run) * 2 // 3, measure)
    assert text.startswith(starts)
    assert text.endswith(ends)
    assert ELLIPSIS in text


def test_a_number_is_whole_or_not_there(measure: Measure) -> None:
    full = measure.width(COUNT)
    assert texts([COUNT], full, measure) == ["14,548"]
    assert texts([COUNT], full - 1, measure) == [ELLIPSIS]


def test_what_would_be_an_ellipsis_alone_makes_room(measure: Measure) -> None:
    reason = Run("The file is damaged where this row lies.", TEXT, Elide.ElideRight)
    width = measure.width(IDENT)
    placing = place([IDENT, reason], width, measure)
    assert [p.text for p in placing.placed] == [IDENT.text]
    assert placing.cut
    ident, some = texts([IDENT, reason], width + measure.width(reason) // 2, measure)
    assert ident == IDENT.text
    assert some.startswith("The file")


def test_the_name_is_cut_for_the_state_beside_it(measure: Measure) -> None:
    state = Run("Completed", icon="ok")
    width = measure.total([NAME, state]) - 20
    name, word = texts([NAME, state], width, measure)
    assert name.endswith(ELLIPSIS)
    assert word == "Completed"


def test_a_word_at_the_right_stands_at_the_right_edge(measure: Measure) -> None:
    word = Run("Changed", right=True)
    placed = place([NAME, word], 400, measure).placed[1]
    assert placed.x + placed.width == 400


def test_numbers_end_at_the_right_edge(measure: Measure) -> None:
    (placed,) = place([COUNT], 200, measure, right=True).placed
    assert placed.x + placed.width == 200


def test_a_megabyte_in_a_cell_is_not_measured(measure: Measure) -> None:
    (text,) = texts([Run("x" * 2**20, TEXT, Elide.ElideRight)], 300, measure)
    assert len(text) < 1000


RUNS = st.lists(
    st.builds(
        Run,
        st.text("abc 1", max_size=30),
        st.sampled_from([TEXT, DIM, FIXED, TAG]),
        elide=st.sampled_from([Elide.ElideNone, Elide.ElideRight, Elide.ElideMiddle]),
        optional=st.booleans(),
        icon=st.sampled_from(["", "ok"]),
        right=st.booleans(),
        gap=st.integers(0, 8),
    ),
    max_size=5,
)


@given(runs=RUNS, width=st.integers(0, 500))
def test_runs_never_overlap_and_keep_their_order(runs: list[Run], width: int) -> None:
    measure = Measure(fonts_of(system_body()))
    edge = 0
    for placed in place(runs, width, measure).placed:
        assert placed.x >= edge
        edge = placed.x + placed.width


def test_sizes_follow_the_font_that_is_asked_for(qapp: QApplication) -> None:
    body = system_body()
    larger = QFont(body)
    larger.setPointSizeF(body.pointSizeF() * 3)
    before = unit(body)
    assert unit(larger) > before
    assert fonts_of(larger).small.pointSizeF() > fonts_of(body).body.pointSizeF()
    assert unit(body) == before
    small, large = Measure(fonts_of(body)), Measure(fonts_of(larger))
    run = Run("the same words")
    assert large.width(run) > small.width(run)
    assert (small.px(100), small.row_height) != (large.px(100), large.row_height)


def test_a_style_is_added_to_its_own_font_alone(measure: Measure) -> None:
    struck = measure.font(Run("x", Style(strike=True)))
    assert struck.strikeOut()
    assert not measure.font(Run("x")).strikeOut()
    assert not measure.font(Run("x", Style(italic=True))).strikeOut()


COLUMNS = (
    Column("name", "Name", 140, stretch=True),
    Column("state", "State", 114),
    Column("id", "Id", 116, drop=2),
    Column("bytes", "Bytes", 64, right=True, drop=1),
    Column("org", "Organisation", 100, drop=3, off=True),
)
INK = "\N{FULL BLOCK}" * 4
ROWS = (
    (text(INK), text("Completed"), text("aex-1"), number(1234), text("local")),
    (
        Cell((Run("found", FOUND),)),
        text("Failed"),
        text("aex-2"),
        number(5),
        text("local"),
    ),
    (Cell((Run("tinted"),), tint="tint_added"), text(""), text(""), number(None), text("")),
)


def model() -> QStandardItemModel:
    items = QStandardItemModel(len(ROWS), len(COLUMNS))
    for row, cells in enumerate(ROWS):
        for column, cell in enumerate(cells):
            items.setData(items.index(row, column), cell, CELL_ROLE)
    for section in range(len(COLUMNS)):
        told = head(COLUMNS, section, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole)
        items.setHeaderData(section, Qt.Orientation.Horizontal, told)
    return items


@pytest.fixture
def view(qtbot: QtBot, theme: Theme) -> TableView:
    theme.prefer(Qt.ColorScheme.Light)
    table = TableView(COLUMNS)
    qtbot.addWidget(table)
    items = model()
    items.setParent(table)
    table.setModel(items)
    table.resize(700, 200)
    table.show()
    qtbot.waitExposed(table)
    return table


def colors(view: TableView, row: int, column: int) -> set[str]:
    rect = view.visualRect(view.model().index(row, column))
    image: QImage = view.viewport().grab(rect).toImage()
    return {
        image.pixelColor(x, y).name().upper()
        for x in range(image.width())
        for y in range(image.height())
    }


def test_the_row_of_the_focused_pane_has_the_full_selection(view: TableView, qtbot: QtBot) -> None:
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    view.selectRow(0)
    for column in range(4):
        assert LIGHT.selection in colors(view, 0, column)
    assert LIGHT.selected_text in colors(view, 0, 0)


def test_a_pane_without_focus_keeps_its_row_in_grey_with_the_bar(view: TableView) -> None:
    view.clearFocus()
    view.selectRow(0)
    first, second = colors(view, 0, 0), colors(view, 0, 1)
    assert {LIGHT.unfocused, LIGHT.link, LIGHT.text} <= first
    assert LIGHT.unfocused in second
    assert LIGHT.link not in second
    assert LIGHT.selection not in first


def test_found_text_and_tinted_rows_have_their_grounds(view: TableView) -> None:
    assert {LIGHT.found, LIGHT.text} <= colors(view, 1, 0)
    assert LIGHT.tint_added in colors(view, 2, 0)


def test_the_whole_row_is_tinted_under_the_pointer(view: TableView, qtbot: QtBot) -> None:
    QTest.mouseMove(view.viewport(), view.visualRect(view.model().index(1, 1)).center())
    assert LIGHT.hover in colors(view, 1, 3)


@pytest.mark.parametrize(
    ("width", "keys"),
    [
        (700, {"name", "state", "id", "bytes"}),
        (430, {"name", "state", "id"}),
        (300, {"name", "state"}),
        (50, {"name", "state"}),
    ],
)
def test_columns_give_way_in_their_order(view: TableView, width: int, keys: set[str]) -> None:
    view.resize(px(view, width), 200)
    there = {c.key for i, c in enumerate(COLUMNS) if not view.isColumnHidden(i)}
    assert there == keys


def test_columns_come_back(view: TableView) -> None:
    view.resize(300, 200)
    view.resize(700, 200)
    assert not view.isColumnHidden(2)


def test_a_column_that_is_off_is_never_shown() -> None:
    assert shown(COLUMNS, [0, 100, 100, 60, 100], 140, 5000) == [True, True, True, True, False]


def test_a_tooltip_shows_data_not_markup() -> None:
    assert "&lt;b&gt;" in tooltip("<b>bold</b>")


def test_the_sort_arrow_and_the_title_are_painted(view: TableView) -> None:
    header = view.horizontalHeader()
    before = header.grab().toImage()
    header.setSortIndicatorShown(True)
    header.setSortIndicator(0, Qt.SortOrder.AscendingOrder)
    after = header.grab().toImage()
    assert before != after
    assert QColor(LIGHT.bars) == after.pixelColor(QPoint(3, 3))


def test_a_column_that_shrank_is_wide_again_where_there_is_room(qtbot: QtBot, theme: Theme) -> None:
    columns = (
        Column("type", "Type", 160, narrow=80),
        Column("task", "Task", 120, drop=1),
        Column("what", "What", 140, stretch=True),
    )
    table = TableView(columns)
    qtbot.addWidget(table)
    table.setModel(QStandardItemModel(1, 3))
    table.resize(380, 200)
    table.show()
    wide = px(table, 160)
    table.columns.switch("task", on=False)
    assert table.columnWidth(0) == wide
    # The same columns anew, of which one is switched off again.
    table.columns.set_columns(columns)
    assert table.columnWidth(0) < wide
    table.columns.switch("task", on=False)
    assert table.columnWidth(0) == wide
