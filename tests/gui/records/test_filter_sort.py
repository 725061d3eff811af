"""Seeing what is there and finding a record: all kinds, filter, order, letters, several rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QLabel, QMenu
from pytestqt.qtbot import QtBot

from inspector.gui.kinds.kinds_model import EntryType
from inspector.gui.records.record_cells import KEYS
from inspector.gui.records.row_order import heads_of
from inspector.session.scan import COLUMNS, Scan
from inspector.session.session import Session
from inspector.session.summaries import RecordKey
from tests.builders import layouts
from tests.builders.layouts import Arc, Rec
from tests.gui import numbered
from tests.gui.numbered import id_of
from tests.gui.slow import Gate, slow_session
from tests.gui.windows import Driver
from tests.places import REAL

STORE = REAL / "v2-clean" / "stigmer.db"
KIND = "agent_execution"


class Lists(Driver):
    """A driver that knows its way about the lists."""

    def choose_entry(self, type_: EntryType, kind: str = "") -> None:
        """Choose an entry at the left and wait for its rows."""
        self.wait(lambda: self.window.kinds.choose(type_, kind))
        self.wait(self.quiet)

    def quiet(self) -> bool:
        """Whether nothing is read or looked for."""
        tasks = self.window.tasks
        channels = ("rows", "anchors", "sift", "seek", "letters", "record", "table", "copy")
        return not any(map(tasks.is_busy, channels)) and self.window.records.table.isVisible()

    def keys(self) -> list[RecordKey]:
        """What is listed, every row read."""
        model = self.window.records.records
        heads = heads_of(model.order, [range(model.order.total)], Event())
        return [RecordKey(head.kind, head.id) for head in heads]

    def type_filter(self, text: str) -> None:
        """Type into the filter as a person does."""
        self.press("find")
        field = self.window.records.filter
        self.wait(field.hasFocus)
        QTest.keyClicks(field, text)
        self.wait(lambda: not self.window.records.sifting.busy)

    def sort(self, action: str) -> None:
        """Sort by an action and wait for the order."""
        self.press(action)
        self.wait(self.quiet)

    def current_id(self) -> str:
        head = self.window.records.current()
        return head.id if head is not None else ""


@pytest.fixture
def lists(qtbot: QtBot) -> Iterator[Lists]:
    QGuiApplication.clipboard().clear()
    made = Lists(qtbot)
    made.window.resize(1440, 900)
    yield made
    made.window.close()


@pytest.fixture
def executions(lists: Lists) -> Lists:
    lists.open(STORE)
    lists.window.activateWindow()
    lists.choose_entry(EntryType.KIND, KIND)
    return lists


def _session_keys(
    column: str = "id", *, descending: bool = False, text: str = ""
) -> list[RecordKey]:
    return Scan(Session.open(STORE), [KIND], column=column, descending=descending, text=text).run()


# All records


@pytest.mark.parametrize("store", [STORE, None])
def test_all_lists_every_record_of_every_kind_by_its_key(lists: Lists, store: object) -> None:
    lists.open(STORE if store else None)
    session = Session.open(STORE) if store else Session.demo()
    kinds = [kind.kind for kind in session.kinds() if kind.records]
    lists.choose_entry(EntryType.ALL)
    assert lists.keys() == Scan(session, kinds).run()
    model, table = lists.window.records.records, lists.window.records.table
    assert model.rowCount() == sum(kind.records for kind in session.kinds())
    head = model.head_at(1)
    assert head is not None
    assert model.index(1, KEYS.index("key")).data() == f"{head.kind}/{head.id}"
    assert model.index(1, KEYS.index("bytes")).data() == f"{head.size:,}"
    assert not table.isColumnHidden(KEYS.index("key"))
    assert table.isColumnHidden(KEYS.index("id"))


def test_going_to_a_record_while_all_are_listed_stays_among_all(lists: Lists) -> None:
    lists.open(STORE)
    lists.choose_entry(EntryType.ALL)
    wanted = lists.keys()[-3]
    lists.window.store_controller.go(*wanted)
    lists.reach(*wanted)
    lists.wait(lambda: lists.current_id() == wanted.id)
    entry = lists.window.kinds.entry()
    assert entry is not None
    assert entry.type is EntryType.ALL


def test_the_lists_keep_the_rules_of_models(lists: Lists) -> None:
    lists.open(STORE)
    model = lists.window.records.records
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    lists.choose_entry(EntryType.ALL)
    lists.type_filter("skill")
    lists.sort("sort_name")
    lists.sort("descending")
    lists.window.records.filter.clear()
    lists.choose_entry(EntryType.KIND, KIND)
    lists.sort("sort_updated")
    lists.sort("sort_id")
    tester.deleteLater()


# Filter


def test_the_filter_lists_what_matches_and_says_how_many(executions: Lists) -> None:
    executions.type_filter("exec completed")
    wanted = _session_keys(text="exec completed")
    assert executions.keys() == wanted
    assert executions.window.records.count.text() == f"{len(wanted)} of 16"
    assert executions.window.records.count.isVisible()


def test_escape_clears_the_filter_then_goes_back_to_the_list(executions: Lists) -> None:
    records = executions.window.records
    records.table.selectRow(8)
    executions.wait(executions.quiet)
    kept = executions.current_id()
    executions.type_filter("completed")
    executions.wait(lambda: executions.current_id() == kept)
    QTest.keyClick(records.filter, Qt.Key.Key_Escape)
    assert records.filter.text() == ""
    executions.wait(lambda: records.records.order.total == 16)
    executions.wait(lambda: executions.current_id() == kept)
    QTest.keyClick(records.filter, Qt.Key.Key_Escape)
    executions.wait(records.table.hasFocus)
    assert not records.count.isVisible()
    assert executions.at()[1] == kept


def test_what_no_record_matches_is_said_and_cleared(executions: Lists) -> None:
    records = executions.window.records
    executions.type_filter("no such record")
    executions.wait(records.empty.isVisible)
    assert records.empty.sentence.text() == "No records match."
    assert records.count.text() == "0 of 16"
    executions.window.records._clear()
    executions.wait(lambda: records.table.isVisible() and records.records.order.total == 16)


def test_a_filter_is_kept_by_kind_while_the_window_is_open(executions: Lists) -> None:
    executions.type_filter("completed")
    number = executions.window.records.records.order.total
    executions.choose_entry(EntryType.KIND, "agent")
    assert executions.window.records.filter.text() == ""
    assert executions.window.records.records.order.total == 10
    executions.choose_entry(EntryType.KIND, KIND)
    assert executions.window.records.filter.text() == "completed"
    assert executions.window.records.records.order.total == number


def test_typing_on_never_waits_and_the_newest_wins(lists: Lists, tmp_path: Path) -> None:
    gate = Gate()
    session = slow_session(numbered.live(tmp_path / "s.db", 5000), gate)
    lists.window.open(lambda: session, "store")
    lists.window.show()
    lists.wait(lambda: lists.window.record.record is not None and lists.quiet())
    gate.shut("rows")
    field = lists.window.records.filter
    for number in range(40):
        field.setText(f"thing {4900 + number}")
    assert gate.held.wait(10)
    assert lists.window.records.records.order.total == 5000
    gate.open()
    lists.wait(lambda: lists.window.records.count.text() == "1 of 5,000")
    assert lists.keys() == [RecordKey(numbered.KIND, id_of(4939))]


def test_a_long_filter_is_told_stopped_and_gone_on_with(lists: Lists, tmp_path: Path) -> None:
    gate = Gate()
    session = slow_session(numbered.live(tmp_path / "s.db", 3000), gate)
    lists.window.open(lambda: session, "store")
    lists.window.show()
    lists.wait(lambda: lists.window.record.record is not None and lists.quiet())
    footer, model = lists.window.records.footer, lists.window.records.records
    gate.shut("rows")
    lists.window.records.filter.setText("thing")
    lists.wait(footer.isVisible)
    footer.cancelled.emit()
    lists.wait(footer.is_stopped)
    assert model.order.total == 3000
    gate.open()
    footer.continued.emit()
    lists.wait(lambda: not footer.isVisible())
    lists.wait(lambda: lists.window.records.count.text() == "3,000 of 3,000")


# Order


@pytest.mark.parametrize("column", COLUMNS)
def test_the_list_is_sorted_by_every_column_both_ways(executions: Lists, column: str) -> None:
    table = executions.window.records.table
    table.selectRow(5)
    executions.wait(executions.quiet)
    kept = executions.current_id()
    executions.sort(f"sort_{column}")
    assert executions.keys() == _session_keys(column)
    executions.sort("descending")
    assert executions.keys() == _session_keys(column, descending=True)
    executions.wait(lambda: executions.current_id() == kept)
    header = table.horizontalHeader()
    assert header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
    shown = {"size": "bytes"}.get(column, column)
    assert header.sortIndicatorSection() == KEYS.index(shown)


def test_a_press_on_a_head_sorts_and_a_second_turns_it_round(executions: Lists) -> None:
    header = executions.window.records.table.horizontalHeader()
    name = KEYS.index("name")
    place = QPoint(header.sectionViewportPosition(name) + 20, header.height() // 2)
    for descending in (False, True):
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
        executions.wait(executions.quiet)
        assert executions.keys() == _session_keys("name", descending=descending)
        action = "descending" if descending else "ascending"
        assert executions.window.actions_[action].isChecked()
    assert executions.window.actions_["sort_name"].isChecked()


def test_all_records_are_turned_round_as_a_whole(lists: Lists) -> None:
    lists.open(STORE)
    lists.choose_entry(EntryType.ALL)
    before = lists.keys()
    lists.sort("descending")
    assert lists.keys() == before[::-1]
    lists.sort("ascending")
    assert lists.keys() == before


def test_a_filter_and_an_order_hold_together(executions: Lists) -> None:
    executions.sort("sort_size")
    executions.type_filter("completed")
    assert executions.keys() == _session_keys("size", text="completed")


# Keys


def test_home_and_end_go_to_the_first_and_the_last_row(executions: Lists) -> None:
    table = executions.window.records.table
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_End)
    assert table.current_row() == 15
    QTest.keyClick(table, Qt.Key.Key_Home)
    assert table.current_row() == 0


def test_letters_go_to_the_first_name_or_id_that_begins_so(executions: Lists) -> None:
    table = executions.window.records.table
    table.setFocus()
    QTest.keyClicks(table, "exec write")
    executions.wait(lambda: _name(executions).startswith("exec write"))
    wanted = executions.keys()[-1].id
    table.keyboardSearch("")
    table._typed = ""
    table._clock.invalidate()
    table.keyboardSearch(wanted)
    executions.wait(lambda: executions.current_id() == wanted)


def _name(lists: Lists) -> str:
    head = lists.window.records.current()
    return head.name or "" if head is not None else ""


def test_letters_find_an_id_far_away_without_reading_what_lies_between(
    lists: Lists, tmp_path: Path
) -> None:
    gate, path = Gate(), numbered.live(tmp_path / "s.db", 500_000)
    lists.window.open(lambda: slow_session(path, gate), "store")
    lists.window.show()
    lists.wait(lambda: lists.window.record.record is not None and lists.quiet())
    before = len(gate.pages)
    lists.window.records.table.keyboardSearch(id_of(432_100))
    lists.wait(lambda: lists.current_id() == id_of(432_100))
    assert len(gate.pages) - before <= 4
    path.unlink()


def test_several_rows_are_copied_as_tab_separated_text(executions: Lists) -> None:
    table = executions.window.records.table
    table.setFocus()
    table.selectRow(2)
    for _ in range(2):
        QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    flags = QItemSelectionModel.SelectionFlag
    table.selectionModel().select(table.records.index(9, 0), flags.Select | flags.Rows)
    keys = executions.keys()
    assert executions.window.records.selected() == [*keys[2:5], keys[9]]
    assert table.selected_rows() == [range(2, 5), range(9, 10)]
    executions.press("copy")
    executions.wait(lambda: QGuiApplication.clipboard().text() != "")
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t")[:3] == ["kind", "id", "name"]
    assert [tuple(line.split("\t")[:2]) for line in lines[1:]] == [*keys[2:5], keys[9]]
    QTest.keyClick(table, Qt.Key.Key_Escape)
    assert len(executions.window.records.selected()) == 1


# Columns


def test_columns_are_shown_hidden_and_remembered(executions: Lists) -> None:
    # So wide that there is room for all of them.
    executions.window.resize(1920, 900)
    table = executions.window.records.table
    executions.wait(lambda: not table.isColumnHidden(KEYS.index("bytes")))
    org, state = KEYS.index("org"), KEYS.index("state")
    assert table.isColumnHidden(org)
    menu = table.columns_menu(QMenu(table))
    actions = {action.text(): action for action in menu.actions()}
    assert "Key" not in actions
    actions["Organization"].trigger()
    for name in ("State", "Updated", "Bytes"):
        actions[name].trigger()
    assert not table.isColumnHidden(org)
    assert table.isColumnHidden(state)
    executions.choose_entry(EntryType.KIND, "agent")
    assert table.isColumnHidden(org)
    executions.choose_entry(EntryType.KIND, KIND)
    assert not table.isColumnHidden(org)
    assert table.isColumnHidden(state)
    actions["&Reset columns"].trigger()
    assert table.isColumnHidden(org)
    assert not table.isColumnHidden(state)


def test_an_id_tells_when_it_was_made(executions: Lists) -> None:
    index = executions.window.records.records.index(0, KEYS.index("id"))
    tip = str(index.data(Qt.ItemDataRole.ToolTipRole))
    assert tip.startswith(executions.keys()[0].id)
    assert "Created 2026-" in tip
    assert "UTC" in tip
    assert "local" in tip


# The kinds


def test_enter_takes_the_kind_that_is_called_what_was_typed(lists: Lists) -> None:
    lists.window.open(Session.demo, "demo", None)
    lists.window.show()
    kinds = lists.window.kinds
    lists.wait(lambda: kinds.kinds.find(EntryType.KIND, "run") >= 0)

    def taken(*keys: Qt.Key) -> str:
        kinds.setFocus()
        QTest.keyClicks(kinds, "run")
        for key in (*keys, Qt.Key.Key_Return):
            QTest.keyClick(kinds, key)
        lists.wait(lists.quiet)
        entry = kinds.entry()
        assert entry is not None
        return entry.title

    # "Eval Run" holds it too, and stands before it.
    assert taken() == "Run"
    kinds.choose(EntryType.KIND, "eval_run")
    assert taken() == "Run"
    # A row that was gone to is meant.
    kinds.choose(EntryType.KIND, "eval_run")
    assert taken(Qt.Key.Key_Down, Qt.Key.Key_Down) == "Runner"


def test_the_way_out_is_said_however_much_was_typed_into_the_kinds(executions: Lists) -> None:
    kinds = executions.window.kinds
    kinds.setFocus()
    QTest.keyClicks(kinds, "/some/where/a/path/that/was/meant/for/a/file.db")
    strip = kinds.findChild(QLabel)
    assert isinstance(strip, QLabel)
    assert strip.text().endswith("\N{RIGHT DOUBLE QUOTATION MARK}: none. Esc shows all.")
    room = strip.contentsRect().width()
    assert strip.fontMetrics().horizontalAdvance(strip.text()) <= room
    QTest.keyClick(kinds, Qt.Key.Key_Escape)
    assert kinds.kinds.rowCount() > 1


def test_letters_narrow_the_kinds_and_escape_ends_it(executions: Lists) -> None:
    kinds = executions.window.kinds
    executions.wait(lambda: kinds.kinds.find(EntryType.TABLE, "resources") >= 0)
    whole = kinds.kinds.rowCount()
    kinds.setFocus()
    QTest.keyClicks(kinds, "work")
    titles = [kinds.kinds.index(row, 0).data() for row in range(kinds.kinds.rowCount())]
    assert titles == ["Agentic", "Workflow", "Workflow Execution", "Workflow Instance"]
    QTest.keyClick(kinds, Qt.Key.Key_Return)
    executions.wait(executions.quiet)
    entry = kinds.entry()
    assert entry is not None
    assert entry.kind == "workflow"
    assert kinds.kinds.rowCount() == whole
    QTest.keyClicks(kinds, "zzz")
    assert kinds.kinds.rowCount() == 0
    QTest.keyClick(kinds, Qt.Key.Key_Escape)
    assert kinds.kinds.rowCount() == whole
    assert kinds.entry() == entry


def test_a_kind_the_store_has_none_of_is_said_when_it_is_asked_for(lists: Lists) -> None:
    lists.window.open(lambda: Session.open(STORE), "store", "mcp_server/none")
    lists.window.show()
    empty = lists.window.records.empty
    lists.wait(lambda: empty.sentence.text() == "No MCP servers in this store.")
    assert "has not written one yet" in empty.reason.text()
    assert lists.window.kinds.kinds.find(EntryType.KIND, "mcp_server") == -1


def test_the_column_of_versions_is_there_where_a_record_that_is_listed_has_one(
    driver: Driver, tmp_path: Path
) -> None:
    """A kind may have versions of deleted records alone."""
    path = layouts.v2(
        tmp_path / "s.db",
        [Rec("agent", "a"), Rec("agent", "b"), Rec("skill", "s"), Rec("skill", "t")],
        [Arc("agent", "gone"), Arc("skill", "t")],
    )
    driver.open(path, "agent/a")
    table, at = driver.window.records.table, KEYS.index("versions")
    driver.window.resize(1400, 800)
    driver.wait(driver.window.tasks.is_idle)
    assert table.model().rowCount() == 2
    assert table.isColumnHidden(at)
    driver.wait(lambda: driver.window.kinds.choose(EntryType.KIND, "skill"))
    driver.wait(lambda: not table.isColumnHidden(at))
