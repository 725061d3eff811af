"""The tables of a file: listed, browsed, one row beside them, secrets covered."""

from __future__ import annotations

import sqlite3
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from inspector.gui.models.kinds import EntryType
from inspector.gui.models.table_rows import TableRowsModel
from inspector.gui.tasks import Tasks
from inspector.session.session import Session
from tests.builders import layouts
from tests.builders.layouts import Rec
from inspector.store.types import PAGE
from tests.gui.fakes import FakeSource
from tests.gui.windows import Driver

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal
SECRET = "demo-secret"


@pytest.fixture
def driver(qtbot: QtBot) -> Iterator[Driver]:
    QGuiApplication.clipboard().clear()
    made = Driver(qtbot)
    made.window.resize(1440, 900)
    yield made
    made.window.close()


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    worker = Tasks()
    yield worker
    worker.close()


def browse(driver: Driver, table: str) -> TableRowsModel:
    """Choose a table and wait for its rows."""
    driver.wait(lambda: driver.window.kinds.choose(EntryType.TABLE, table))
    rows = driver.window.records.tables.rows
    driver.wait(lambda: rows.table == table and not driver.window.tasks.is_busy("table"))
    return rows


def line(driver: Driver, column: str) -> int:
    """Put the cursor on a column of the row at the right."""
    values = driver.window.record.row.values
    row = next(r for r in range(values.rowCount()) if values.index(r, 0).data() == column)
    driver.window.record.row.table.selectRow(row)
    return row


def test_every_table_of_the_file_is_listed_with_its_rows(driver: Driver) -> None:
    driver.open(None)
    kinds = driver.window.kinds.kinds
    driver.wait(lambda: kinds.find(EntryType.TABLE, "resources") >= 0)
    driver.wait(lambda: not driver.window.tasks.is_busy("tables"))
    for table in Session.demo().tables():
        entry = kinds.entry(kinds.find(EntryType.TABLE, table.name))
        assert entry is not None
        assert entry.count == table.rows


def test_rows_are_shown_as_they_are_stored(driver: Driver) -> None:
    driver.open(None)
    for table in Session.demo().tables():
        if table.rows is None:
            continue
        rows = browse(driver, table.name)
        page = Session.demo().table_rows(table.name)
        assert rows.rowCount() == table.rows
        assert rows.columns == page.columns
        if table.rows:
            found = rows.row_at(table.rows - 1)
            assert found is not None
            assert found.cells == page.rows[-1]


def test_the_row_stands_beside_its_table(driver: Driver) -> None:
    driver.open(None)
    browse(driver, "resource_audit")
    row = driver.window.record.row
    driver.wait(row.isVisible)
    assert row.name.text() == "Row 1"
    line(driver, "kind")
    assert row.text.text() == "skill"
    driver.window.records.tables.table.selectRow(4)
    assert row.name.text() == "Row 5"
    row.table.setFocus()
    driver.press("copy")
    assert QGuiApplication.clipboard().text() == "skill"
    driver.window.kinds.choose(EntryType.KIND, "skill")
    driver.wait(lambda: not row.isVisible() and driver.at()[0] == "skill")


def test_secrets_of_a_table_are_covered_and_shown_one_by_one(driver: Driver) -> None:
    driver.open(None)
    rows = browse(driver, "pending_oauth_state")
    row = driver.window.record.row
    driver.wait(row.isVisible)
    column = [one.name for one in rows.columns].index("client_secret")
    assert rows.index(0, column).data() == "Covered"
    at = line(driver, "client_secret")
    assert SECRET not in row.text.text()
    table = driver.window.records.tables.table
    table.setFocus()
    driver.press("copy")
    assert "[covered]" in QGuiApplication.clipboard().text()
    assert SECRET not in QGuiApplication.clipboard().text()
    QTest.keyClick(row.table, Qt.Key.Key_Return)
    driver.wait(lambda: SECRET in row.text.text())
    assert rows.index(0, column).data() == "Covered"
    assert row.values.index(line(driver, "code_verifier"), 1).data() == "Covered"
    line(driver, "client_secret")
    driver.press("uncover")
    assert row.values.index(at, 1).data() == "Covered"
    assert SECRET not in row.text.text()
    driver.press("uncover")
    driver.wait(lambda: SECRET in row.text.text())
    driver.window.taking.cover()
    assert row.values.index(at, 1).data() == "Covered"
    assert SECRET not in row.text.text()


def test_sealed_values_of_a_table_say_so(driver: Driver, tmp_path: Path) -> None:
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", "a")])
    sealed = "enc:v1:" + b64encode(bytes(44)).decode()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE pending_oauth_state (note, client_secret)")
        connection.execute("INSERT INTO pending_oauth_state VALUES (?, ?)", (sealed, sealed))
        connection.commit()
    driver.open(path)
    rows = browse(driver, "pending_oauth_state")
    row = driver.window.record.row
    driver.wait(row.isVisible)
    words = "Sealed (enc:v1, 44 bytes)"
    assert [rows.index(0, column).data() for column in range(2)] == [f"{words} {sealed}", words]
    role = Qt.ItemDataRole.AccessibleTextRole
    assert rows.index(0, 1).data(role) == f"client_secret {words}"
    line(driver, "client_secret")
    assert row.text.text().startswith("Sealed: the daemon encrypted it")
    QTest.keyClick(row.table, Qt.Key.Key_Return)
    driver.wait(lambda: row.text.text() == sealed)
    assert row.values.index(1, 1).data() == f"{words} {sealed}"


def test_all_secrets_of_the_window_are_shown_and_covered_in_tables_too(driver: Driver) -> None:
    driver.open(None)
    rows = browse(driver, "pending_oauth_state")
    column = [one.name for one in rows.columns].index("client_secret")
    driver.press("secrets")
    driver.wait(lambda: rows.rowCount() > 0 and SECRET in str(rows.index(0, column).data()))
    driver.press("secrets")
    driver.wait(lambda: rows.rowCount() > 0 and rows.index(0, column).data() == "Covered")


def test_a_virtual_table_says_why_it_is_not_read(driver: Driver) -> None:
    driver.open(None)
    browse(driver, "search_index")
    empty = driver.window.records.tables.empty
    driver.wait(empty.isVisible)
    assert "virtual table" in empty.sentence.text()
    assert not driver.window.record.row.isVisible()


def test_a_foreign_file_opens_on_its_tables(driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "foreign.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE notes(id INTEGER PRIMARY KEY, text)")
        connection.execute("INSERT INTO notes(text) VALUES ('one'), (NULL), ('two lines\nlong')")
    driver.window.open(lambda: Session.open(path), str(path))
    driver.window.show()
    rows = driver.window.records.tables.rows
    driver.wait(lambda: rows.rowCount() == 3)
    assert [rows.index(row, 1).data() for row in range(3)] == ["one", "NULL", "two lines ↵ long"]
    driver.wait(driver.window.record.row.isVisible)


def test_a_long_table_is_read_in_sight_only(qtbot: QtBot, tasks: Tasks) -> None:
    source = FakeSource(100_000)
    rows = TableRowsModel(tasks)
    with qtbot.waitSignal(rows.ready):
        rows.show(source, "resources", 100_000)
    assert rows.rowCount() == 100_000

    def reads(row: int) -> bool:
        rows.index(row, 0).data()
        return rows.row_at(row) is not None

    for row in (99_999, 50_000, 0):
        qtbot.waitUntil(partial(reads, row))
        found = rows.row_at(row)
        assert found is not None
        assert found.cells[0].text == f"thing-{row:08}"


@pytest.mark.parametrize("total", [0, 1, PAGE, PAGE + 1, 2000])
def test_a_table_keeps_the_rules_of_models(qtbot: QtBot, tasks: Tasks, total: int) -> None:
    rows = TableRowsModel(tasks)
    QAbstractItemModelTester(rows, FATAL, rows)
    with qtbot.waitSignal(rows.ready):
        rows.show(FakeSource(total), "resources", total)
    assert rows.rowCount() == total
    with qtbot.waitSignal(rows.ready):
        rows.show(FakeSource(5), "resources", None)
    assert rows.rowCount() == 5


def test_a_row_keeps_the_rules_of_models(driver: Driver) -> None:
    driver.open(None)
    values = driver.window.record.row.values
    tester = QAbstractItemModelTester(values, FATAL)
    for table in ("schema_version", "resource_audit"):
        browse(driver, table)
        driver.wait(lambda: values.rowCount() > 0)
    tester.deleteLater()


# A damaged table


@pytest.mark.parametrize("rows", [38, 700])
def test_a_table_that_breaks_off_says_how_many_rows_of_all_can_be_read(
    driver: Driver, tmp_path: Path, rows: int
) -> None:
    path = tmp_path / "damaged.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE things (a TEXT)")
        connection.executemany("INSERT INTO things VALUES (?)", [("x" * 900,)] * rows)
        connection.commit()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    data = bytearray(path.read_bytes())
    for page in range(len(data) // size // 2, len(data) // size):
        data[page * size : page * size + 200] = b"\xff" * 200
    path.write_bytes(data)
    driver.window.open(lambda: Session.open(path), str(path))
    driver.window.show()
    driver.wait(lambda: driver.window.facts is not None)
    pane = driver.window.records.tables
    driver.wait(lambda: not driver.window.tasks.is_busy("table"))
    table = pane.table
    driver.wait(lambda: pane.rows.rowCount() > 0)
    table.scrollToBottom()

    def told() -> bool:
        table.scrollToBottom()
        return pane.facts.text().endswith(" readable")

    driver.wait(told)
    assert pane.facts.text().startswith(f"{pane.rows.rowCount():,} ")
    assert 0 < pane.rows.rowCount() < rows
    assert "damaged" in pane.facts.toolTip()


def test_of_what_is_counted_the_rest_is_told_too(qtbot: QtBot, tasks: Tasks) -> None:
    from inspector.gui.models.kinds import Entry
    from inspector.gui.views.table_pane import TablePane

    source = FakeSource(20)
    pane = TablePane(tasks)
    qtbot.addWidget(pane)
    pane.show_table(source, Entry(EntryType.TABLE, "things", "things", 38))
    qtbot.waitUntil(lambda: pane.rows.rowCount() > 0)
    pane.rows.problem = "The file is damaged."
    pane.rows._shrink(20)
    pane._tell_facts()
    assert pane.facts.text() == "20 of 38 rows readable"
