"""What has the room it needs: panes that stay, columns, names, the reader, marks in texts."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from inspector.gui.app.window_layout import MINIMUM
from inspector.gui.cells.cell_delegate import PADDING, Measure, place
from inspector.gui.cells.columns import shown
from inspector.gui.diff.text_diff_rows import text_rows
from inspector.gui.fields.field_cells import link_runs
from inspector.gui.fields.field_items import path_of
from inspector.gui.fields.fields_model import FIELD_COLUMNS, KEYS
from inspector.gui.kinds.kinds_model import EntryType
from inspector.gui.records.record_cells import KEYS as RECORD_KEYS
from inspector.gui.records.record_cells import cell_of
from inspector.gui.search.found_records import FoundRecord
from inspector.gui.style.fonts import fonts_of
from inspector.gui.style.text_runs import CELL_ROLE
from inspector.gui.style.theme import Theme
from inspector.gui.style.time_format import TimeStyle
from inspector.gui.widgets.buttons import IconButton
from inspector.session.record_links import links
from inspector.session.session import Session
from inspector.session.summaries import RecordHead
from tests.gui.histories import SKILL, STORE, Opens, pane
from tests.gui.windows import Driver
from tests.places import shared

EXECUTION = "agent_execution/aex-01m7y9fj502n189pmvwv9yqnvq"
ID = "agt-01m7y9fhjm9ryr05nweyrj87vx"


@pytest.fixture
def driver(qtbot: QtBot, theme: Theme) -> Iterator[Driver]:
    made = Driver(qtbot)
    made.window.resize(1440, 900)
    yield made
    made.window.close()


# Panes


@pytest.mark.parametrize("width", [1024, 1440, 1920])
def test_no_tab_moves_the_tabs(driver: Driver, width: int) -> None:
    driver.window.resize(width, 900)
    driver.open(STORE, EXECUTION)
    places = []
    for name in ("fields", "json", "bytes", "history", "activity", "fields"):
        driver.press(name)
        driver.wait(driver.window.tasks.is_idle)
        tabs = driver.window.record.tabs
        places.append(tabs.mapTo(driver.window, QPoint(0, 0)).x())
    assert len(set(places)) == 1


@pytest.mark.parametrize("width", [660, 1024])
def test_on_a_screen_too_narrow_for_them_no_pane_is_cut_off(driver: Driver, width: int) -> None:
    driver.open(STORE, EXECUTION)
    driver.window.setMinimumSize(600, 400)  # as where the screen has no more
    driver.window.resize(width, 480)
    driver.wait(lambda: driver.window.width() == width)
    record = driver.window.record
    driver.wait(lambda: record.mapTo(driver.window, record.rect().topRight()).x() < width)
    assert (record.width() >= MINIMUM[2]) is (width >= sum(MINIMUM))


def test_the_reader_leaves_most_of_a_low_window_to_the_fields(driver: Driver) -> None:
    driver.window.resize(1024, 480)
    driver.open(STORE, EXECUTION)
    split = driver.window.record.split
    driver.wait(lambda: split.sizes()[1] < 168)
    fields, reader = split.sizes()
    assert 56 <= reader <= 0.32 * (fields + reader)
    driver.window.resize(1024, 900)
    driver.wait(lambda: split.sizes()[1] >= 150)
    # What a person has set stays.
    split.setSizes([300, 250])
    before = split.sizes()[1]
    driver.window.resize(1024, 880)
    driver.wait(lambda: driver.window.height() == 880)
    assert split.sizes()[1] == before


# The reader of a message


def test_a_message_is_read_as_json_with_its_secrets_covered(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    driver.choose("spec.runtime_env")
    reader = driver.window.record.reader
    found = json.loads(reader.text())
    assert found["RUN_SECRET"]["value"] == "[covered]"
    assert found["MODE"]["value"] != "[covered]"
    driver.choose('spec.runtime_env["RUN_SECRET"].value')
    driver.press("uncover")
    driver.choose("spec.runtime_env")
    assert json.loads(reader.text())["RUN_SECRET"]["value"] != "[covered]"


def test_a_reader_of_no_field_says_what_to_do(driver: Driver) -> None:
    driver.open(STORE, SKILL)
    driver.window.kinds.choose(EntryType.KIND, "agent")
    driver.wait(driver.window.tasks.is_idle)
    reader = driver.window.record.reader
    buttons = [one for one in reader.findChildren(IconButton) if one.isVisible()]
    assert reader.facts() == "Select a field to see its value."
    assert buttons == []
    driver.choose("api_version")
    assert "string" in reader.facts()
    assert [one for one in reader.findChildren(IconButton) if one.isVisible()]


# Columns


def visible(room: int, *, since: bool = False) -> list[str]:
    columns = [c for c in FIELD_COLUMNS if since or c.key != "since"]
    full = [column.width for column in columns]
    narrow = [column.narrow or column.width for column in columns]
    on = shown(columns, narrow, 200, room, full)
    return [column.key for column, there in zip(columns, on, strict=True) if there]


def test_types_go_before_names_are_cut(driver: Driver) -> None:
    assert visible(600) == ["name", "value", "type", "number"]
    assert visible(540) == ["name", "value", "type"]
    assert visible(500) == ["name", "value"]
    driver.window.resize(1024, 700)
    driver.open(STORE, EXECUTION)
    tree = driver.window.record.tree
    driver.wait(lambda: tree.viewport().width() > 0)
    if tree.viewport().width() < 176 + 200 + 160:
        assert tree.isColumnHidden(KEYS.index("type"))
    assert tree.columnWidth(KEYS.index("name")) >= 176


def cut_names(driver: Driver) -> list[str]:
    """The names of open rows that are not whole, whatever else stands beside them."""
    tree = driver.window.record.tree
    measure = Measure(fonts_of(tree.font()))
    found, index = [], tree.model().index(0, 0)
    while index.isValid():
        name = index.data(CELL_ROLE).runs[0]
        room = tree.visualRect(index).width() - 2 - PADDING
        if place(index.data(CELL_ROLE).runs, room, measure).placed[0].text != name.text:
            found.append(name.text)
        index = tree.indexBelow(index)
    return found


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 640)])
def test_names_are_whole_and_types_give_way_to_them(
    driver: Driver, width: int, height: int
) -> None:
    driver.window.resize(width, height)
    driver.open(STORE, EXECUTION)
    tree = driver.window.record.tree
    driver.wait(lambda: not cut_names(driver))
    driver.choose("status.tool_calls[0].args")
    driver.wait(lambda: not cut_names(driver))
    assert tree.columnWidth(KEYS.index("value")) >= 200
    # A width that a person gave it stays.
    tree.header().resizeSection(KEYS.index("name"), 150)
    tree.expandAll()
    driver.wait(driver.window.tasks.is_idle)
    assert tree.columnWidth(KEYS.index("name")) == 150


@pytest.mark.parametrize("width", [910, 1024])
@pytest.mark.parametrize("kind", ["agent_execution", "workflow_execution", "run"])
def test_in_a_narrow_window_the_state_is_the_last_to_give_way(
    driver: Driver, width: int, kind: str
) -> None:
    driver.window.resize(width, 560)
    driver.open(None)
    driver.window.kinds.choose(EntryType.KIND, kind)
    driver.wait(driver.window.tasks.is_idle)
    table = driver.window.records.table
    section = RECORD_KEYS.index("state")
    driver.wait(lambda: bool(table.model().index(0, section).data(CELL_ROLE).text))
    assert not table.isColumnHidden(section)
    assert table.columnWidth(RECORD_KEYS.index("name")) >= 120


def test_a_ticked_column_is_one_that_is_seen(driver: Driver) -> None:
    driver.window.resize(1100, 800)
    driver.open(STORE, "environment/" + Session.open(STORE).records("environment").rows[0].id)
    table = driver.window.records.table
    section = RECORD_KEYS.index("bytes")
    driver.wait(lambda: table.isColumnHidden(section))
    menu = QMenu()

    def entry(title: str) -> QAction:
        table.columns_menu(menu)
        return next(one for one in menu.actions() if one.text().startswith(title))

    assert not entry("Bytes").isChecked()
    assert entry("Bytes").text() == "Bytes (no room)"
    entry("Bytes").trigger()
    assert not table.isColumnHidden(section)
    assert entry("Bytes").isChecked()
    entry("Bytes").trigger()
    assert table.isColumnHidden(section)
    assert entry("Bytes").text() == "Bytes"


# Names and ids


def test_a_record_that_cannot_be_read_keeps_its_id(theme: Theme, driver: Driver) -> None:
    why = "The bytes from 0 to 72 are no wire format, and more than that is to be said of them."
    head = RecordHead("agent", ID, None, None, None, None, None, 72, 0, why)
    cell = cell_of(head, "name", TimeStyle.UTC)
    assert cell.runs[0].text == ID
    measure = Measure(fonts_of(driver.window.font()))
    placed = place(cell.runs, measure.width(cell.runs[0]) + 100, measure).placed
    assert placed[0].text == ID
    assert placed[1].text.startswith("The")
    # Where nothing would be left of the reason the id has all of the room.
    (placed_alone,) = place(cell.runs, 200, measure).placed
    assert placed_alone.text.startswith("agt-01")


def test_a_link_that_leads_nowhere_says_so_in_little_room(driver: Driver) -> None:
    session = Session.demo()
    dangling = next(
        link
        for kind in session.kinds()
        for head in session.records(kind.kind).rows
        for link in links(session, session.record(kind.kind, head.id))
        if link.target is None
    )
    placed = place(link_runs(dangling), 190, Measure(fonts_of(driver.window.font()))).placed
    assert [run.text for run in placed][-1] == "not in this store"


# History


def test_without_versions_one_page_says_so(driver: Driver) -> None:
    driver.open(STORE, EXECUTION)
    driver.press("history")
    history = driver.window.record.history
    driver.wait(history.empty.isVisible)
    driver.wait(lambda: not history.difference.isVisible())
    session = Session.open(STORE)
    other = session.records("agent_execution").rows[1]
    driver.window.parts_now().compare.compare_with(
        FoundRecord("agent_execution", other.id, other.name)
    )
    driver.wait(history.difference.isVisible)
    # With nothing to choose from the difference has all of the room.
    driver.wait(lambda: history.difference.height() == history.height())
    assert not history.empty.isVisible()
    history.setFocus()
    assert history.difference.tree.hasFocus()
    driver.press("fields")
    driver.window.records.table.selectRow(1)
    driver.wait(lambda: driver.at()[1] == other.id)
    driver.press("history")
    driver.wait(history.empty.isVisible)
    assert not history.difference.isVisible()


def test_other_records_are_called_by_their_names_and_lie_side_by_side(opens: Opens) -> None:
    driver = opens(STORE, SKILL)
    own = driver.window.record.name
    other = next(h for h in Session.open(STORE).records("skill").rows if h.name != own)
    compare = driver.window.parts_now().compare
    compare.compare_with(FoundRecord("skill", other.id, other.name))
    driver.wait(lambda: pane(driver).after.words() == other.id)
    assert own in pane(driver).before.accessibleName()
    assert str(other.name) in pane(driver).after.accessibleName()
    assert str(other.name) in [words for words, _ in pane(driver).after._parts()]
    driver.wait(pane(driver).is_shown)
    assert pane(driver).width() >= 720
    assert pane(driver)._buttons[0].isVisible()


# JSON stores


def test_a_document_opens_what_a_message_opens(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    shutil.copyfile(shared("stigmer", "made", "json", "stigmer.db"), path)
    driver = Driver(qtbot).open(path)
    tree = driver.window.record.tree
    rows = tree.fields.rows_below(tree.fields.item(QModelIndex()))
    opened = {path_of(item) for item in rows if tree.isExpanded(tree.fields.index_of(item))}
    assert "spec" in opened
    driver.window.close()


# Marks within lines


def marked(before: str, after: str) -> list[str]:
    rows = text_rows(before, after, everything=True)
    line = next(line for line in rows.beside if line.changed)
    return [after[a:b] for a, b in rows.marks(line, after=True)]


def test_words_with_blanks_between_them_are_one_mark() -> None:
    before = "It takes the bill of lading of each of the parties, and keeps it in the vault."
    after = before.replace("bill of lading", "tariff and table")
    assert marked(before, after) == ["tariff and table"]


def test_a_rewritten_line_is_not_marked_word_by_word() -> None:
    before = "When two lines carry the same number, ask for a new list of the goods in the hold."
    after = "When the days ended on a Sunday, ask for an old note of the crew in the same hold."
    assert marked(before, after) == []
