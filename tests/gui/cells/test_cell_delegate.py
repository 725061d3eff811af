"""The delegate on real views: grounds, bar, tooltip, columns that give way."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage, QStandardItemModel
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inspector.gui.cells.columns import Column, head, shown
from inspector.gui.cells.table_view import TableView
from inspector.gui.style.fonts import px
from inspector.gui.style.text_format import tooltip
from inspector.gui.style.text_runs import CELL_ROLE, FOUND, Cell, Run, number, text
from inspector.gui.style.theme import LIGHT, Theme

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
