"""Rows of a table are filtered and ordered, in what is decoded of them too."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from inspector.foreign.column_map import ColumnReading, ReadAs
from inspector.foreign.wrappers import Wrapper
from inspector.gui.fields.field_items import path_of
from inspector.gui.tables.table_model import TableModel
from inspector.session.session import Session
from inspector.store import reader
from inspector.store.rows import Cancel
from tests.foreign.schemas import FIELDS, descriptors, foreign
from tests.gui.windows import Driver


def opened(driver: Driver, path: Path) -> TableModel:
    driver.window.open(lambda: Session.open(path), str(path), remembered_by=str(path))
    driver.window.show()
    row = driver.window.record.row
    driver.wait(lambda: row.isVisible() and row.values.rowCount() > 0)
    return driver.window.records.tables.rows


def things(path: Path) -> Path:
    """Things with names, sizes and a secret."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE things (id INTEGER PRIMARY KEY, name, size, token TEXT)")
        rows = [("pear", 3), ("Apple", 10), ("fig", None), ("apple pie", 2)]
        connection.executemany(
            "INSERT INTO things (name, size, token) VALUES (?, ?, 'hush-apple')", rows
        )
    return path


def column(rows: TableModel, section: int) -> list[str]:
    return [str(rows.index(at, section).data()) for at in range(rows.rowCount())]


def test_the_window_waits_for_no_turn_at_the_disk(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While rows are read of a slow disk, it stood still when a row was shown or letters typed."""
    take = reader._Turns.take

    def never(turns: reader._Turns, cancel: Cancel | None) -> None:
        assert threading.current_thread() is not threading.main_thread()
        take(turns, cancel)

    monkeypatch.setattr(reader._Turns, "take", never)
    rows = opened(driver, things(tmp_path / "f.db"))
    driver.press("find")
    QTest.keyClicks(driver.window.records.tables.filter, "APPLE")
    driver.wait(lambda: column(rows, 1) == ["Apple", "apple pie"])
    driver.window.records.tables.table.selectRow(1)
    driver.wait(lambda: driver.window.record.row.name.text() == "Row 2")
    driver.wait(driver.window.tasks.is_idle)


def test_rows_are_filtered_by_what_is_typed(driver: Driver, tmp_path: Path) -> None:
    rows = opened(driver, things(tmp_path / "f.db"))
    pane = driver.window.records.tables
    driver.press("find")
    assert pane.filter.hasFocus()
    QTest.keyClicks(pane.filter, "APPLE")
    driver.wait(lambda: column(rows, 1) == ["Apple", "apple pie"])
    assert pane.facts.text() == "2 of 4 rows"
    assert driver.window.record.row.name.text() == "Row 1"
    QTest.keyClicks(pane.filter, " crumble")
    driver.wait(pane.empty.isVisible)
    assert pane.empty.sentence.text() == "No rows contain this text."
    assert pane.empty.reason.text() == "4 rows searched. Covered values were not searched."
    pane.filter.clear()
    driver.wait(lambda: rows.rowCount() == 4 and pane.table.isVisible())
    assert pane.facts.text() == "4 rows"


def test_a_secret_is_found_while_it_is_shown_only(driver: Driver, tmp_path: Path) -> None:
    rows = opened(driver, things(tmp_path / "f.db"))
    pane = driver.window.records.tables
    pane.filter.setText("hush")
    driver.wait(pane.empty.isVisible)
    driver.press("secrets")
    driver.wait(lambda: column(rows, 3) == ["hush-apple"] * 4)
    assert pane.facts.toolTip() == "4 rows searched."
    driver.press("secrets")
    driver.wait(pane.empty.isVisible)


def test_rows_are_ordered_by_the_head_of_a_column_and_back(driver: Driver, tmp_path: Path) -> None:
    rows = opened(driver, things(tmp_path / "f.db"))
    header = driver.window.records.tables.table.horizontalHeader()
    header.sectionClicked.emit(2)
    driver.wait(lambda: column(rows, 2) == ["NULL", "2", "3", "10"])
    assert header.sortIndicatorSection() == 2
    header.sectionClicked.emit(2)
    driver.wait(lambda: column(rows, 2) == ["10", "3", "2", "NULL"])
    assert header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
    driver.window.record.row.table.selectRow(1)
    driver.press("sort_column")
    driver.wait(lambda: column(rows, 1) == ["Apple", "apple pie", "fig", "pear"])
    driver.press("descending")
    driver.wait(lambda: column(rows, 1) == ["pear", "fig", "apple pie", "Apple"])
    header.sectionClicked.emit(1)
    driver.wait(lambda: column(rows, 0) == ["1", "2", "3", "4"])
    assert header.sortIndicatorSection() == -1


def test_the_row_beside_an_ordered_list_is_the_one_of_the_cursor(
    driver: Driver, tmp_path: Path
) -> None:
    rows = opened(driver, things(tmp_path / "f.db"))
    pane, row = driver.window.records.tables, driver.window.record.row
    pane.sort_by(1)
    driver.wait(lambda: column(rows, 1)[:1] == ["Apple"])
    pane.table.selectRow(1)
    driver.wait(lambda: row.values.index(1, 1).data() == "apple pie")
    row.table.selectRow(3)
    assert "hush" not in row.text.text()
    driver.press("uncover")
    driver.wait(lambda: row.text.text() == "hush-apple")


def test_reading_again_keeps_what_is_filtered(driver: Driver, tmp_path: Path) -> None:
    path = things(tmp_path / "f.db")
    rows = opened(driver, path)
    pane = driver.window.records.tables
    pane.filter.setText("apple")
    driver.wait(lambda: rows.rowCount() == 2)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO things (name) VALUES ('apple juice')")
    driver.press("again")
    driver.wait(lambda: column(rows, 1) == ["Apple", "apple pie", "apple juice"])
    assert pane.filter.text() == "apple"


def test_what_is_decoded_is_looked_into(driver: Driver, tmp_path: Path) -> None:
    rows = opened(driver, foreign(tmp_path / "f.db"))
    pane = driver.window.records.tables
    pane.filter.setText("reserved_range")
    driver.wait(pane.empty.isVisible)
    reading = ColumnReading(
        *("t", "data", ReadAs.MESSAGE, "own.FieldDescriptorProto"),
        unpack=(Wrapper.GZIP,),
        schema=str(descriptors(tmp_path / "own.binpb")),
    )
    driver.window.parts_now().foreign.choose(reading)
    driver.wait(lambda: rows.rowCount() > 0 and pane.table.isVisible())
    assert pane.facts.text().endswith(" of 144 rows")
    assert "1 value could not be decoded." in pane.facts.toolTip()


def test_what_was_sought_is_gone_to_and_marked_in_the_row(driver: Driver, tmp_path: Path) -> None:
    rows = opened(driver, foreign(tmp_path / "f.db"))
    pane, row = driver.window.records.tables, driver.window.record.row
    reading = ColumnReading(
        *("t", "data", ReadAs.MESSAGE, "own.FieldDescriptorProto"),
        unpack=(Wrapper.GZIP,),
        schema=str(descriptors(tmp_path / "own.binpb")),
    )
    driver.window.parts_now().foreign.choose(reading)
    driver.press("find")
    QTest.keyClicks(pane.filter, "RESERVED")
    held = sum(b"reserved" in field for field in FIELDS)
    driver.wait(lambda: rows.rowCount() == held)

    def at() -> str:
        """Where the cursor is in the fields."""
        item = row.blob.message.views.tree.current() if row.blob is not None else None
        return path_of(item) if item is not None else ""

    driver.wait(lambda: at() == "name")
    assert row.table.current_row() == 2
    assert pane.filter.hasFocus()
    driver.press("find_next")
    driver.wait(lambda: at() == "json_name")
    pane.table.selectRow(1)
    driver.wait(lambda: at() == "name")
    pane.filter.clear()
    driver.wait(lambda: rows.rowCount() == 144)
    before = at()
    driver.press("find_next")
    assert at() == before


# Cells by what they are


def test_numbers_are_shown_as_times_when_asked_and_so_remembered(
    driver: Driver, tmp_path: Path
) -> None:
    path = tmp_path / "f.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, at)")
        connection.executemany(
            "INSERT INTO t (at) VALUES (?)", [(1769373518,), ("never",), (None,)]
        )
    rows = opened(driver, path)
    row = driver.window.record.row
    row.table.selectRow(1)
    assert column(rows, 1) == ["1769373518", "never", "NULL"]
    menu = driver.window.parts_now().table_actions.times_menu
    menu.aboutToShow.emit()
    next(one for one in menu.actions() if one.text() == "seconds since 1970").trigger()
    assert column(rows, 1) == ["2026-01-25 20:38:38 UTC 1769373518", "never", "NULL"]
    assert row.values.index(1, 1).data() == "2026-01-25 20:38:38 UTC 1769373518"
    driver.press("copy")
    assert driver.window.settings.remembered(str(path)).times == [["t", "at", "unix-s"]]
    menu.aboutToShow.emit()
    next(one for one in menu.actions() if one.text() == "As stored").trigger()
    assert column(rows, 1) == ["1769373518", "never", "NULL"]


def test_what_may_be_a_uuid_is_guessed_at_once_it_is_shown(driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "f.db"
    data = bytes.fromhex("017f22e279b07cc398c4dc0c0c07398f")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, ref BLOB)")
        connection.executemany("INSERT INTO t (ref) VALUES (?)", [(data,), (bytes(16),)])
    rows = opened(driver, path)
    assert column(rows, 1) == ["16 bytes", "16 bytes"]
    driver.press("secrets")
    said = "16 bytes UUID 017f22e2-79b0-7cc3-98c4-dc0c0c07398f?"
    driver.wait(lambda: column(rows, 1) == [said, "16 bytes"])
