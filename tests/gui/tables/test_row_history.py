"""Where a map says so, a row has a name, a time, and a history of what changed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from inspector.gui.kinds.kinds_model import EntryType
from inspector.gui.tables.row_dialogs import RowHistoryDialog
from tests.foreign.schemas import FIELDS, descriptors
from tests.gui.tables.test_row_filter import opened
from tests.gui.windows import Driver

MAP = """version = 1
[schema]
descriptor_sets = ["own.binpb"]
[[column]]
at = "past.body"
message = "own.FieldDescriptorProto"
[[records]]
table = "now"
key = "id"
name = "title"
time = "at"
history = { table = "past", key = "of", order = "n" }
"""


def made(folder: Path) -> Path:
    path = folder / "f.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE now (id TEXT PRIMARY KEY, title, at)")
        connection.execute("INSERT INTO now VALUES ('a', 'Alpha', '2026-01-01'), ('1', NULL, NULL)")
        connection.execute("CREATE TABLE past (of, n, body BLOB, PRIMARY KEY (of, n))")
        rows = [("a", 10, FIELDS[1]), ("a", 9, FIELDS[0]), (1, 1, FIELDS[2]), ("b", 1, FIELDS[3])]
        connection.executemany("INSERT INTO past VALUES (?, ?, ?)", rows)
    descriptors(folder / "own.binpb")
    (folder / "f.inspect.toml").write_text(MAP)
    return path


def test_what_names_a_record_stands_first_and_its_states_have_times(
    driver: Driver, tmp_path: Path
) -> None:
    path = tmp_path / "f.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE things (size, at, id PRIMARY KEY, title)")
        connection.execute("INSERT INTO things VALUES (1, '2026-01-02', 7, 'Alpha')")
        connection.execute("CREATE TABLE past (of, n, at, size)")
        rows = [(7, 1, "2026-01-01", 3), (7, 2, "2026-01-02", 1)]
        connection.executemany("INSERT INTO past VALUES (?, ?, ?, ?)", rows)
    mapped = tmp_path / "f.inspect.toml"
    mapped.write_text(
        'version = 1\n[[records]]\ntable = "things"\nkey = "id"\nname = "title"\ntime = "at"\n'
        'history = { table = "past", key = "of", order = "n" }\n'
    )
    opened(driver, path)
    window = driver.window
    pane = window.records.tables
    header = pane.table.horizontalHeader()

    def order() -> list[str]:
        names = [column.name for column in pane.rows.columns]
        return [names[header.logicalIndex(at)] for at in range(len(names))]

    def choose(table: str) -> None:
        driver.wait(lambda: window.kinds.choose(EntryType.TABLE, table))
        driver.wait(lambda: pane.rows.table == table and bool(pane.rows.columns))

    driver.wait(lambda: pane.rows.table == "past")
    assert order() == ["of", "n", "at", "size"]
    window.parts_now().foreign.use_map(str(mapped))
    driver.wait(lambda: window.record.row.readings.mapped is not None)
    choose("things")
    driver.wait(lambda: window.record.row.name.text() == "Alpha")
    assert order() == ["title", "id", "at", "size"]
    dialog = history(driver)
    states = [
        [dialog.states.index(at, section).data() for section in range(2)]
        for at in range(dialog.states.rowCount())
    ]
    assert states == [["2", "2026-01-02"], ["1", "2026-01-01"]]
    assert not dialog.table.isColumnHidden(1)
    dialog.close()
    choose("past")
    assert order() == ["of", "n", "at", "size"]
    choose("things")
    driver.wait(lambda: order() == ["title", "id", "at", "size"])
    driver.press("leave_map")
    driver.wait(lambda: order() == ["size", "at", "id", "title"])


def history(driver: Driver) -> RowHistoryDialog:
    driver.press("row_history")
    dialog = driver.window.findChild(RowHistoryDialog)
    assert isinstance(dialog, RowHistoryDialog)
    driver.wait(lambda: not driver.window.tasks.is_busy("row history states"))
    return dialog


def test_a_row_has_a_name_and_its_former_states(driver: Driver, tmp_path: Path) -> None:
    opened(driver, made(tmp_path))
    row = driver.window.record.row
    assert row.name.text() == "Row 1"
    assert not driver.window.actions_["row_history"].isEnabled()
    driver.window.parts_now().foreign.use_map(str(tmp_path / "f.inspect.toml"))
    driver.wait(lambda: row.name.text() == "Alpha")
    assert row.kind.text() == "now, row 1, 2026-01-01"
    kinds = driver.window.kinds.kinds
    listed = [str(kinds.index(at, 0).data()) for at in range(kinds.rowCount())]
    assert listed == ["Records (by the map)", "now", "Tables", "past"]
    entry = driver.window.kinds.entry()
    assert entry is not None
    assert entry.kind == "now"
    assert driver.window.records.tables.rows.rowCount() == 2
    dialog = history(driver)
    assert [dialog.states.index(at, 0).data() for at in range(dialog.states.rowCount())] == [
        "10",
        "9",
    ]
    # No state has a time: there is no column of times, whatever the size.
    dialog.resize(dialog.width() + 60, dialog.height())
    assert dialog.table.isColumnHidden(1)
    driver.wait(lambda: dialog.pane.compared is not None)
    compared = dialog.pane.compared
    assert compared is not None
    found = [entry.path for entry in compared.difference.entries]
    assert "body.name" in found
    assert "n" in found
    hidden = [entry.path for entry in compared.difference.entries if entry.hidden]
    assert hidden == ["body.typeName"]
    dialog.table.selectRow(1)
    driver.wait(lambda: dialog.pane.name.text() == "First state that is kept")
    driver.wait(lambda: dialog.pane.compared is not compared)
    # What it was, none of it told to have changed, and what is covered still covered.
    tree = dialog.pane.tree
    assert tree.isVisible()
    assert [tree.isColumnHidden(at) for at in range(4)] == [True, False, True, False]
    assert not list(tree.rows.root.changes())
    lines = {row.name: row for row in tree.rows.root.below}
    assert {"n", "body"} <= lines.keys()
    below = {row.name: row for row in lines["body"].below}
    assert "name" in below
    shown = [tree.rows.index_of(below["typeName"]).siblingAtColumn(at).data() for at in range(4)]
    assert any("Hidden" in str(one) for one in shown)
    tree.go_to(lines["n"])
    driver.wait(lambda: dialog.pane._text_head.path.text() == "n")
    dialog.close()


def test_states_with_times_stand_on_an_axis(driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "f.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE things (id PRIMARY KEY, at)")
        connection.execute("INSERT INTO things VALUES (7, '2026-01-04')")
        connection.execute("CREATE TABLE past (of, n, at)")
        rows = [(7, number, f"2026-01-0{number}") for number in range(1, 5)]
        connection.executemany("INSERT INTO past VALUES (?, ?, ?)", [*rows, (7, 5, None)])
    (tmp_path / "f.inspect.toml").write_text(
        'version = 1\n[[records]]\ntable = "things"\nkey = "id"\ntime = "at"\n'
        'history = { table = "past", key = "of", order = "n" }\n'
    )
    opened(driver, path)
    driver.window.parts_now().foreign.use_map(str(tmp_path / "f.inspect.toml"))
    driver.wait(lambda: driver.window.kinds.choose(EntryType.TABLE, "things"))
    driver.wait(lambda: driver.window.record.row.name.text() == "7")
    dialog = history(driver)
    dialog.resize(900, 560)
    assert dialog.axis.isVisible()
    assert "4" in dialog.axis.accessibleDescription()
    dialog.table.selectRow(1)
    QTest.keyClick(dialog.axis, Qt.Key.Key_Left)
    assert dialog.table.currentIndex().row() == 2
    driver.wait(lambda: dialog.pane.compared is not None)
    dialog.grab()
    dialog.close()


def test_a_number_is_not_the_key_that_is_a_text(driver: Driver, tmp_path: Path) -> None:
    opened(driver, made(tmp_path))
    driver.window.parts_now().foreign.use_map(str(tmp_path / "f.inspect.toml"))
    driver.wait(lambda: driver.window.record.row.name.text() == "Alpha")
    driver.window.records.tables.table.selectRow(1)
    driver.wait(lambda: driver.window.record.row.name.text() == "1")
    dialog = history(driver)
    assert dialog.states.rowCount() == 0
    assert dialog.pane.empty.sentence.text() == "No states of this row are kept."
    dialog.close()
