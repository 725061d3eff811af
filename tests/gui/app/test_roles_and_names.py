"""Icons grow with the text, nothing looks dated, and all that is seen has a role and a name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QFontMetrics, QIcon
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QScrollBar,
    QStyle,
    QStyleOptionSlider,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from inspector.gui.activity.activity_model import length_cell, what_cell
from inspector.gui.app.status_bar import StatusPart
from inspector.gui.cells.cell_delegate import ELLIPSIS, Measure, place
from inspector.gui.dialogs import file_dialogs, message_boxes
from inspector.gui.dialogs.message_boxes import take_icons_off
from inspector.gui.fields.field_tree import shift
from inspector.gui.fields.fields_model import KEYS
from inspector.gui.kinds.kinds_model import EntryType
from inspector.gui.style.fonts import fonts_of, set_zoom
from inspector.gui.style.theme import Theme
from inspector.gui.support.shortcuts_dialog import rows_of
from inspector.gui.widgets.buttons import IconButton
from inspector.gui.widgets.labels import ElidedLabel
from inspector.gui.widgets.splitter import LineSplitter
from inspector.history.activity import ActivityItem as Step
from inspector.history.activity import Role, Shape
from tests.gui.histories import SKILL, STORE
from tests.gui.windows import Driver

EXECUTION = "agent_execution/aex-01m7y9fj502n189pmvwv9yqnvq"
DEEP = "workflow_execution/wex-01kg2zx9j9pqqnbyavyncqkgkg"


@pytest.fixture
def driver(qtbot: QtBot, theme: Theme) -> Iterator[Driver]:
    made = Driver(qtbot)
    made.window.resize(1440, 900)
    yield made
    made.window.close()


def zoom(percent: int) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    set_zoom(app, percent)
    app.processEvents()


# Large text


def test_icons_grow_with_the_text(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    window = driver.window
    icons: list[QToolButton] = [
        *window.findChildren(IconButton),
        window.status.lock,
        *window.records.filter.findChildren(QToolButton),
    ]
    before = [button.iconSize().width() for button in icons]
    zoom(200)
    assert all(
        button.iconSize().width() >= 1.6 * size for button, size in zip(icons, before, strict=True)
    )
    assert all(button.iconSize().width() < button.width() for button in icons)
    zoom(100)
    assert [button.iconSize().width() for button in icons] == before


@pytest.mark.parametrize("percent", [100, 125, 150, 175, 200])
def test_no_tab_is_clipped(driver: Driver, percent: int) -> None:
    driver.open(STORE, EXECUTION)
    zoom(percent)
    for width in (911, 1024, 1440):
        driver.window.resize(width, 512)
        QApplication.processEvents()
        bar = driver.window.record.tabs._bar
        rects = [bar.tabRect(at) for at in range(bar.count()) if bar.isTabVisible(at)]
        pane = driver.window.record
        left = bar.mapTo(driver.window, rects[0].topLeft()).x()
        right = bar.mapTo(driver.window, rects[-1].topRight()).x()
        assert left >= pane.mapTo(driver.window, pane.rect().topLeft()).x()
        assert right <= driver.window.width()
        metrics = QFontMetrics(bar._font(bar._beside, current=True))
        for at, rect in enumerate(rects):
            assert rect.width() >= metrics.horizontalAdvance(bar.tabText(at))


def test_what_a_step_is_called_is_cut_and_no_dots(driver: Driver) -> None:
    driver.open(None, "agent_execution/aex-01kffnbvcevt242fksfbadwye8")
    driver.press("activity")
    tree = driver.window.record.activity.tree
    driver.wait(lambda: tree.rows.top is not None)
    measure = Measure(fonts_of(driver.window.font()))
    stack, roles = [tree.rows.top], set[Role]()
    while stack:
        row = stack.pop()
        assert row is not None
        stack += row.below
        first = place(what_cell(row.item).runs, 120, measure).placed[0]
        assert first.text != ELLIPSIS, row.item.role
        roles.add(row.item.role)
    assert {Role.TOOL_CALL, Role.TOOL_ANSWER} <= roles


def test_the_numbers_of_a_difference_are_whole(driver: Driver) -> None:
    driver.open(STORE, SKILL)
    driver.press("history")
    pane = driver.window.record.history.difference
    driver.wait(lambda: pane.tree.current() is not None)
    model = pane.tree.rows
    row = next(row for row in model.root.changes() if row.lines is not None)
    runs = model.cell(row, "after").runs
    measure = Measure(fonts_of(driver.window.font()))
    counts = [run for run in runs if run.text.startswith(("+", "\N{MINUS SIGN}"))]
    room = measure.total(counts) + 4
    shown = [placed.text for placed in place(runs, room, measure).placed]
    assert shown == [run.text for run in counts]


# Looks


def test_dialogs_have_words_on_their_buttons_and_no_pictures(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    record = driver.window.record.record
    assert record is not None
    dialogs: list[QDialog] = [
        message_boxes.why(driver.window, record),
        file_dialogs.ask_export(
            driver.window, Path("/nowhere/x.json"), lambda _: None, secrets=False
        ),
        file_dialogs.ask_open(driver.window, "", lambda _: None),
    ]
    for dialog in dialogs:
        boxes = dialog.findChildren(QDialogButtonBox)
        assert boxes
        assert all(button.icon().isNull() for box in boxes for button in box.buttons())
        dialog.close()


def test_pictures_are_taken_off(qtbot: QtBot) -> None:
    dialog = QFileDialog()
    qtbot.addWidget(dialog)
    (box,) = dialog.findChildren(QDialogButtonBox)
    box.buttons()[0].setIcon(QIcon(driver_icon()))
    take_icons_off(dialog)
    assert box.buttons()[0].icon().isNull()


def driver_icon() -> QIcon:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app.style().standardIcon(QStyle.StandardPixmap.SP_DialogSaveButton)


def test_scroll_bars_have_no_arrows_and_a_handle_all_the_same(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    window = driver.window
    window.record.tree.expandAll()
    for view in (window.record.tree, window.kinds, window.records.table):
        bar: QScrollBar = view.verticalScrollBar()
        option = QStyleOptionSlider()
        bar.initStyleOption(option)
        control, part = QStyle.ComplexControl.CC_ScrollBar, QStyle.SubControl
        rects = {
            one: bar.style().subControlRect(control, option, one, bar)
            for one in (
                part.SC_ScrollBarAddLine,
                part.SC_ScrollBarSubLine,
                part.SC_ScrollBarSlider,
                part.SC_ScrollBarGroove,
            )
        }
        assert rects[part.SC_ScrollBarAddLine].isEmpty()
        assert rects[part.SC_ScrollBarSubLine].isEmpty()
        assert rects[part.SC_ScrollBarGroove] == option.rect
        assert rects[part.SC_ScrollBarSlider].height() >= 24
    bar = window.record.tree.verticalScrollBar()
    bar.setValue(bar.maximum())
    option = QStyleOptionSlider()
    bar.initStyleOption(option)
    slider = bar.style().subControlRect(
        QStyle.ComplexControl.CC_ScrollBar, option, QStyle.SubControl.SC_ScrollBarSlider, bar
    )
    assert slider.bottom() == option.rect.bottom()


# What was not explained


def test_no_key_is_listed_that_few_keyboards_have(driver: Driver) -> None:
    rows = rows_of(driver.window.menuBar())
    assert not [row.keys for row in rows if "F16" in row.keys or "F18" in row.keys]
    assert any("F12" in row.keys or "F9" in row.keys for row in rows)


def test_the_eye_says_its_key(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    buttons = driver.window.record.heading.findChildren(IconButton)
    (eye,) = [one for one in buttons if one.accessibleName() == "Show or hide secret"]
    assert eye.toolTip() == "Show or hide secret (Enter)"


def test_the_level_of_a_deep_row_is_explained_where_it_is_pointed_at(driver: Driver) -> None:
    driver.open(None, DEEP)
    tree = driver.window.record.tree
    stack, below = [tree.fields.item_of([])], None
    while stack and (below is None or below.depth <= 30):
        below = stack.pop()
        stack += tree.fields.rows_below(below)
    assert below is not None
    tree.reveal(below)
    assert shift(tree, below) > 0
    tip = tree.fields.index_of(below, KEYS.index("name")).data(Qt.ItemDataRole.ToolTipRole)
    assert f"Level {below.depth} of the record (L{below.depth})" in tip


def test_an_end_before_the_start_is_marked(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    driver.press("activity")
    tree = driver.window.record.activity.tree
    driver.wait(lambda: tree.rows.top is not None)
    assert tree.rows.top is not None
    step: Step = tree.rows.top.item
    assert isinstance(step.shape, Shape) and isinstance(step.role, Role)
    backwards = replace(step, start=2_000_000_000, end=0)
    cell = length_cell(backwards)
    assert cell.runs[0].icon == "warning"
    assert cell.text == "\N{MINUS SIGN}2 s"
    assert not any(run.icon for run in length_cell(replace(step, start=0, end=1)).runs)


# For those who hear it


def tree_of(widget: QWidget) -> Iterator[QAccessibleInterface]:
    """All that is accessible of a widget and what is in it, rows of views aside."""
    found = QAccessible.queryAccessibleInterface(widget)
    stack = [found] if found is not None else []
    while stack:
        one = stack.pop()
        yield one
        if isinstance(one.object(), QAbstractItemView):
            continue
        stack += [
            child
            for at in reversed(range(one.childCount()))
            if (child := one.child(at)) is not None
        ]


def seen(driver: Driver) -> list[QAccessibleInterface]:
    return [one for one in tree_of(driver.window) if one.object() and not one.state().invisible]


def test_words_are_texts_and_what_can_be_pressed_is_a_button(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    roles = {type(one.object()).__name__: one.role() for one in seen(driver)}
    assert roles["ElidedLabel"] == roles["PartsLabel"] == QAccessible.Role.StaticText
    assert roles["StatusWords"] == QAccessible.Role.StaticText
    assert roles["StatusPart"] == QAccessible.Role.Button
    heading = driver.window.record.heading
    for label in (heading.name, heading.id, heading.facts):
        assert isinstance(label, ElidedLabel)
        assert label.accessibleName()
    status = driver.window.status
    pressed = {status.lock, status.schema, status.secrets, status.times, status.mode}
    assert set(status.findChildren(StatusPart)) == pressed


def test_every_button_and_every_head_has_a_name(driver: Driver) -> None:
    driver.open(STORE, SKILL)
    for tab in ("fields", "history"):
        driver.press(tab)
        driver.wait(driver.window.tasks.is_idle)
        for button in driver.window.findChildren(QToolButton):
            if button.isVisible():
                assert button.accessibleName() or button.text(), button
    driver.window.records.filter.setText("x")
    assert [
        button.accessibleName()
        for button in driver.window.records.filter.findChildren(QToolButton)
        if button.isVisible()
    ] == ["Clear"]
    role = Qt.ItemDataRole.AccessibleTextRole
    for model in (
        driver.window.kinds.kinds,
        driver.window.records.records,
        driver.window.record.history.versions,
        driver.window.record.activity.tree.rows,
        driver.window.record.tree.fields,
    ):
        for section in range(model.columnCount()):
            assert model.headerData(section, Qt.Orientation.Horizontal, role)


def test_the_panes_are_read_and_entered_in_the_order_they_are_seen_in(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    window = driver.window
    order = [one.object() for one in seen(driver)]
    places = [order.index(one) for one in (window.kinds, window.records.table, window.record.tree)]
    assert places == sorted(places)
    chain: list[QWidget] = []
    here = window.kinds.nextInFocusChain()
    while here is not None and here is not window.kinds:
        if here.isVisible() and here.focusPolicy() & Qt.FocusPolicy.TabFocus:
            chain.append(here)
        here = here.nextInFocusChain()
    entered = [window.records.filter, window.records.table, window.record.tree, window.status.lock]
    places = [chain.index(one) for one in entered]
    assert places == sorted(places)


def test_what_divides_the_panes_has_a_name(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    names = []
    for split in driver.window.findChildren(LineSplitter):
        names.append(split.accessibleName())
        if split.count() > 1:
            assert split.handle(1).accessibleName() == f"Divider: {split.accessibleName()}"
    assert {"Kinds, records and record", "Fields and reader", "Versions and difference"} <= {*names}


def test_tabs_that_are_not_there_are_not_read_aloud(driver: Driver) -> None:
    def tabs() -> list[str]:
        found = (one for one in tree_of(driver.window) if one.role() is QAccessible.Role.PageTab)
        # Of a tab that was taken out Qt keeps what it gave before, which says that it is invalid.
        return [one.text(QAccessible.Text.Name) for one in found if one.isValid()]

    driver.open(STORE, EXECUTION)
    driver.wait(driver.window.tasks.is_idle)
    assert tabs() == ["Fields", "JSON", "Bytes", "History", "Activity"]
    driver.press("activity")
    driver.window.kinds.choose(EntryType.KIND, "agent")
    driver.wait(lambda: driver.at()[0] == "agent" and driver.window.tasks.is_idle())
    assert tabs() == ["Fields", "JSON", "Bytes", "History"]
    assert driver.window.record.tabs.current() == "fields"
    kind, id_ = EXECUTION.split("/")
    driver.window.store_controller.go(kind, id_)
    driver.reach(kind, id_)
    driver.wait(driver.window.tasks.is_idle)
    assert tabs() == ["Fields", "JSON", "Bytes", "History", "Activity"]
    assert driver.window.record.tabs.current() == "activity"
