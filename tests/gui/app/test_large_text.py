"""Text at twice its size in a small window: what is shown is whole, the rest gives way whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QPushButton,
    QScrollArea,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from inspector.gui.activity.activity_model import ACTIVITY_KEYS
from inspector.gui.app.application import Application
from inspector.gui.app.main_window import MainWindow
from inspector.gui.app.status_bar import StatusLine, StatusPart
from inspector.gui.app.window_layout import MINIMUM, shares
from inspector.gui.cells.columns import Column, shown
from inspector.gui.cells.table_view import TableView
from inspector.gui.cells.version_cells import KEYS, signed, version_columns
from inspector.gui.fields.fields_model import KEYS as FIELD_KEYS
from inspector.gui.history.versions_model import VersionsModel
from inspector.gui.record_tabs import TABS, RecordTabs
from inspector.gui.settings.preferences_dialog import PreferencesDialog
from inspector.gui.style.fonts import fonts_of, px
from inspector.gui.style.fusion_style import FlatTabBar
from inspector.gui.style.time_format import TimeStyle
from inspector.gui.text.value_header import ValueHeader
from inspector.gui.widgets.labels import PartsLabel

EXECUTION = "agent_execution/aex-01kffnbvcevt242fksfbadwye8"
EVENTFUL = "workflow_execution/wex_01m42p7y8hdyzk06z1n5adjv9a"


@pytest.fixture
def window(program: Application, qtbot: QtBot) -> Iterator[MainWindow]:
    """The smallest window that is checked, on a record with all five tabs."""
    program.preferences.prefer("zoom", 200)
    window = program.open_demo(EXECUTION)
    window.resize(1024, 640)
    qtbot.waitUntil(lambda: window.record.record is not None, timeout=20_000)
    qtbot.waitUntil(lambda: window.width() == 1024)
    yield window


def tabs(window: MainWindow) -> FlatTabBar:
    (bar,) = window.record.tabs.findChildren(FlatTabBar)
    return bar


def test_every_tab_is_whole_and_the_options_give_way(window: MainWindow, qtbot: QtBot) -> None:
    bar, strip = tabs(window), window.record.tabs
    qtbot.waitUntil(lambda: bar.isTabVisible(4))
    assert bar.count() == 5
    _are_whole(bar, strip)
    for index in range(5):
        width = bar.tabRect(index).width()
        assert width > bar.fontMetrics().horizontalAdvance(bar.tabText(index))
    assert not any(box.isVisible() for box in strip.findChildren(QCheckBox))
    assert window.actions_["unset"].isEnabled()


def _are_whole(bar: FlatTabBar, strip: RecordTabs) -> None:
    shown = [index for index in range(bar.count()) if bar.isTabVisible(index)]
    rects = [bar.tabRect(index) for index in shown]
    assert all(rect.left() >= 0 and rect.right() < bar.width() for rect in rects)
    assert all(before.right() < after.left() for before, after in pairwise(rects))
    assert bar.mapTo(strip, QPoint(bar.width(), 0)).x() <= strip.width()


def test_with_a_tab_of_events_all_six_are_whole(window: MainWindow, qtbot: QtBot) -> None:
    bar, strip = tabs(window), window.record.tabs
    kind, id_ = EVENTFUL.split("/")
    window.store_controller.go(kind, id_)
    qtbot.waitUntil(lambda: bar.isTabVisible(TABS.index("events")), timeout=20_000)
    for name in TABS:
        strip.choose(name)
        qtbot.waitUntil(lambda: bar.tabRect(0).left() == 0)
        _are_whole(bar, strip)


def test_the_options_are_there_where_there_is_room(
    window: MainWindow, program: Application, qtbot: QtBot
) -> None:
    program.preferences.prefer("zoom", 100)
    boxes = window.record.tabs.findChildren(QCheckBox)
    qtbot.waitUntil(lambda: all(box.isVisible() for box in boxes))


def test_no_part_of_the_status_line_is_cut(window: MainWindow, qtbot: QtBot) -> None:
    status = window.status
    qtbot.waitUntil(status.lock.isVisible)
    shown = [part for part in status.parts if part.isVisible()]
    assert {status.lock, status.times, status.mode} <= set(shown)
    assert len(shown) < len([part for part in status.parts if part.text()])
    assert all(part.width() >= part.sizeHint().width() for part in shown)
    assert "Layout 27" in status.toolTip()


def test_a_word_about_what_was_done_takes_the_place_of_facts(window: MainWindow) -> None:
    status = window.status
    status.tell("Copied.")
    assert status.note.isVisible()
    assert status.note.width() >= status.note.sizeHint().width() or status.schema.isHidden()


def test_parts_go_in_their_order_and_come_back(qapp: QApplication, qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.resize(2000, 40)
    line = StatusLine(holder)
    first = line.add(StatusPart("First"))
    second = line.add(StatusPart("Second", gives_way=2))
    third = line.add(StatusPart("Third", gives_way=1), right=True)
    for part in (first, second, third):
        part.say("quite some words")
    line.resize(2000, 30)
    holder.show()
    assert [part.isVisible() for part in (first, second, third)] == [True, True, True]
    one = first.sizeHint().width()
    line.resize(round(2.5 * one) + 40, 30)
    assert [part.isVisible() for part in (first, second, third)] == [True, False, True]
    assert line.toolTip() == "Second: quite some words"
    line.resize(round(0.5 * one), 30)
    assert [part.isVisible() for part in (first, second, third)] == [True, False, False]
    line.resize(2000, 30)
    assert [part.isVisible() for part in (first, second, third)] == [True, True, True]
    assert line.toolTip() == ""


@pytest.mark.parametrize("width", [900, 1024, 1280, 1440, 1920])
@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_the_widths_are_all_of_the_window(width: int, scale: float) -> None:
    found = shares(width, scale=scale)
    assert sum(found) == width
    assert all(size >= least for size, least in zip(found, MINIMUM, strict=True))


def shown_keys(columns: Sequence[Column], room: int) -> list[str]:
    widths = [column.width for column in columns]
    (least,) = (column.width for column in columns if column.stretch)
    on = shown(columns, widths, least, room)
    return [column.key for column, visible in zip(columns, on, strict=True) if visible]


@pytest.mark.parametrize(("style", "first"), [(TimeStyle.UTC, "age"), (TimeStyle.RELATIVE, "time")])
def test_what_changed_keeps_its_width_and_times_give_way(style: TimeStyle, first: str) -> None:
    columns = version_columns(style)
    other = "time" if first == "age" else "age"
    gone: list[str] = []
    for room in range(1000, 300, -1):
        now = shown_keys(columns, room)
        missing = [column.key for column in columns if column.key not in now]
        gone += [key for key in missing if key not in gone]
        fixed = sum(c.width for c in columns if c.key in now and not c.stretch)
        assert room - fixed >= 212 or now == ["rail", "version", "change"]
    assert gone == [first, "bytes", "tag", other]


def test_parts_of_a_line_go_whole(qtbot: QtBot) -> None:
    label = PartsLabel(Qt.TextElideMode.ElideRight)
    qtbot.addWidget(label)
    whole = "Viewing version f5bb01d8 (canary), not the current state, 2026-01-24 06:13:02"
    label.setText(whole)
    seen: list[str] = []
    for width in range(label.sizeHint().width(), 0, -1):
        label.resize(width, 30)
        if not seen or seen[-1] != label.shown():
            seen.append(label.shown())
    assert seen == [
        whole,
        "Viewing version f5bb01d8 (canary), not the current state",
        "Viewing version f5bb01d8 (canary)",
    ]
    assert label.text() == label.accessibleName() == whole


def test_a_change_of_megabytes_fits_its_column(qtbot: QtBot) -> None:
    table = TableView(version_columns(TimeStyle.UTC))
    qtbot.addWidget(table)
    table.setModel(VersionsModel(table))
    table.resize(1200, 300)
    table.show()
    width = table.columnWidth(KEYS.index("bytes"))
    assert width > table.fontMetrics().horizontalAdvance(signed(-98_765_432))


def test_every_path_follows_the_text_size(
    window: MainWindow, program: Application, qtbot: QtBot
) -> None:
    heads = window.findChildren(ValueHeader)
    assert len(heads) > 2
    for zoom in (200, 100):
        program.preferences.prefer("zoom", zoom)
        qtbot.waitUntil(
            lambda: (
                {head.path.font().pointSizeF() for head in heads}
                == {fonts_of(QApplication.font()).fixed.pointSizeF()}
            )
        )


def test_preferences_are_as_wide_as_their_text(
    window: MainWindow, program: Application, qtbot: QtBot
) -> None:
    window.actions_["preferences"].trigger()
    (dialog,) = window.findChildren(PreferencesDialog)
    large = dialog.width()
    program.preferences.prefer("zoom", 100)
    qtbot.waitUntil(lambda: dialog.width() < large)
    program.preferences.prefer("zoom", 200)
    qtbot.waitUntil(lambda: dialog.width() >= large)
    (area,) = dialog.findChildren(QScrollArea)
    body = area.widget()
    assert body is not None
    needed = body.minimumSizeHint().width()
    qtbot.waitUntil(lambda: area.viewport().width() >= body.width() >= needed)
    dialog.close()


def test_what_an_activity_is_gives_way_before_its_axis(window: MainWindow, qtbot: QtBot) -> None:
    tree = window.record.activity.tree
    window.resize(1440, 900)
    window.record.tabs.choose("activity")
    qtbot.waitUntil(lambda: tree.rows.rowCount() > 0 and tree.isVisible())
    widths = {key: tree.columnWidth(index) for index, key in enumerate(ACTIVITY_KEYS)}
    assert widths["axis"] >= px(tree, 120)
    assert 0 < widths["what"] < px(tree, 300)
    assert widths["state"] > 0
    assert sum(widths.values()) <= tree.viewport().width()


@pytest.mark.parametrize("percent", [100, 175, 200])
def test_no_head_of_the_activity_is_cut(
    window: MainWindow, program: Application, qtbot: QtBot, percent: int
) -> None:
    program.preferences.prefer("zoom", percent)
    tree = window.record.activity.tree
    window.resize(1440, 900)
    window.record.tabs.choose("activity")
    qtbot.waitUntil(lambda: tree.rows.rowCount() > 0 and tree.isVisible())
    metrics = tree.header().fontMetrics()
    for section, key in enumerate(ACTIVITY_KEYS):
        if key != "axis" and not tree.isColumnHidden(section):
            title = str(tree.model().headerData(section, Qt.Orientation.Horizontal))
            assert tree.columnWidth(section) >= metrics.horizontalAdvance(title) + px(tree, 16)


def test_since_is_there_when_it_was_asked_for(
    window: MainWindow, program: Application, qtbot: QtBot
) -> None:
    program.preferences.prefer("zoom", 100)
    window.resize(900, 560)
    window.record.tabs.choose("fields")
    tree, since = window.record.tree, FIELD_KEYS.index("since")
    qtbot.waitUntil(tree.isVisible)
    window.actions_["since"].setChecked(True)
    qtbot.waitUntil(lambda: tree.columnWidth(since) > 0)
    assert sum(tree.columnWidth(i) for i in range(5)) <= tree.viewport().width()


def test_the_head_of_a_difference_is_whole(
    window: MainWindow, program: Application, qtbot: QtBot
) -> None:
    # A record with versions: of none nothing differs.
    window.resize(1440, 900)
    window.store_controller.go("skill", "skl-01kfd8ctryxv2x73xmfrpfdn4j")
    window.record.tabs.choose("history")
    pane = window.record.history.difference
    qtbot.waitUntil(lambda: pane.isVisible() and bool(pane.after.words()))

    def whole() -> bool:
        parts = [pane.before, pane.after, pane.only]
        return all(part.width() >= part.sizeHint().width() for part in parts if part.isVisible())

    words = {button.text(): button for button in pane.findChildren(QToolButton)}
    qtbot.waitUntil(lambda: whole() and not words["Unified"].isVisible())
    program.preferences.prefer("zoom", 100)
    window.resize(1920, 900)
    qtbot.waitUntil(lambda: whole() and words["Unified"].isVisible())
    assert pane.only.isVisible()


def test_what_a_change_is_gives_way_to_the_values_of_a_difference(
    window: MainWindow, program: Application, qtbot: QtBot
) -> None:
    pane = window.record.history.difference
    window.store_controller.go("skill", "skl-01kfd8ctryxv2x73xmfrpfdn4j")
    window.record.tabs.choose("history")
    qtbot.waitUntil(lambda: pane.compared is not None, timeout=20_000)
    tree, header = pane.tree, pane.tree.header()
    assert header.sectionSize(0) == px(tree, 60)
    assert header.sectionSize(2) > header.sectionSize(0)
    index = tree.rows.index(0, 0)
    assert index.data(Qt.ItemDataRole.DisplayRole) == "Changed"
    assert str(index.data(Qt.ItemDataRole.AccessibleTextRole)).startswith("Changed")
    program.preferences.prefer("zoom", 100)
    window.resize(1440, 900)
    qtbot.waitUntil(lambda: header.sectionSize(0) == px(tree, 104))


def test_timeline_and_difference_have_a_row_each_in_the_smallest_window(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.resize(910, 512)
    window.store_controller.go("skill", "skl-01kfd8ctryxv2x73xmfrpfdn4j")
    window.record.tabs.choose("history")
    history = window.record.history
    tree = history.difference.tree
    qtbot.waitUntil(lambda: tree.isVisible() and window.tasks.is_idle(), timeout=20_000)
    assert window.height() == 512
    assert not history.axis.isVisible()
    for view in (history.table, tree):
        row = view.visualRect(view.currentIndex())
        assert view.viewport().rect().contains(row.topLeft())
        assert row.bottom() < view.viewport().height()
    window.resize(1440, 900)
    qtbot.waitUntil(history.axis.isVisible)


def test_the_buttons_of_the_start_page_are_whole(program: Application, qtbot: QtBot) -> None:
    program.preferences.prefer("zoom", 200)
    window = program.show_start()
    window.resize(910, 512)
    qtbot.waitUntil(lambda: window.width() == 910 and window.start.demo.isVisible())
    buttons = (window.start.open, window.start.demo)
    qtbot.waitUntil(lambda: all(one.width() >= one.sizeHint().width() for one in buttons))


def test_the_words_of_a_filter_are_whole_however_narrow_it_is(
    window: MainWindow,
) -> None:
    field = window.records.filter
    words = field.placeholderText()
    assert "Filter by name, ID, state or org".startswith(words)
    assert words in ("Filter", "Filter by name", "Filter by name, ID")
    margins = field.textMargins()
    room = field.width() - margins.left() - margins.right()
    assert field.fontMetrics().horizontalAdvance(words) <= room
    field.resize(2000, field.height())
    assert field.placeholderText() == "Filter by name, ID, state or org"


def test_an_older_version_is_named_whole_however_narrow_the_record(
    program: Application, qtbot: QtBot
) -> None:
    program.preferences.prefer("zoom", 200)
    window = program.open_demo("skill/skl-01kfd8ctryxv2x73xmfrpfdn4j")
    window.resize(1024, 640)
    qtbot.waitUntil(lambda: window.record.record is not None, timeout=20_000)
    qtbot.waitUntil(window.actions_["older"].isEnabled, timeout=20_000)
    window.actions_["older"].trigger()
    qtbot.waitUntil(lambda: bool(window.record.version_banner.words), timeout=20_000)
    qtbot.waitUntil(lambda: window.record.version_banner.width() > 100)
    strip = window.record.version_banner
    (label,) = strip.findChildren(PartsLabel)
    (way_back,) = strip.findChildren(QPushButton)
    metrics = label.fontMetrics()
    qtbot.waitUntil(lambda: metrics.horizontalAdvance(label.shown()) <= label.width())
    assert strip.words.startswith("Viewing version 5fe82a0c (beta), ")
    assert "5fe82a0c (beta)" in label.shown()
    assert way_back.accessibleName() == "Go to current version"
    assert way_back.text() == "Current"
