"""Columns of files that are no store, read as a person chose."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inspector.foreign.column_map import ColumnReading, ReadAs
from inspector.foreign.wrappers import Wrapper
from inspector.gui.fields.field_items import path_of
from inspector.gui.foreign.blob_pane import BlobPane
from inspector.gui.foreign.read_as_dialog import ReadAsDialog
from inspector.gui.settings.file_memory import FileMemory
from inspector.gui.settings.settings import Settings
from inspector.session.session import Session
from tests.foreign.schemas import FIELDS, descriptors, foreign
from tests.gui.windows import Driver

MESSAGE = "own.FieldDescriptorProto"
MESSAGES = 35


def opened(driver: Driver, path: Path, column: str = "data") -> None:
    """Open a file and put the cursor on a column of its first row."""
    driver.window.open(lambda: Session.open(path), str(path), remembered_by=str(path))
    driver.window.show()
    row = driver.window.record.row
    driver.wait(lambda: row.isVisible() and row.values.rowCount() > 0)
    names = [row.values.index(at, 0).data() for at in range(row.values.rowCount())]
    row.table.selectRow(names.index(column))


def asked(driver: Driver) -> ReadAsDialog:
    """Ask what the column is read as, and wait for what was tried."""
    driver.press("read_as")
    dialog = driver.window.findChild(ReadAsDialog)
    assert isinstance(dialog, ReadAsDialog)
    return tried(driver, dialog)


def tried(driver: Driver, dialog: ReadAsDialog) -> ReadAsDialog:
    driver.wait(lambda: not driver.window.tasks.is_busy("read as fit"))
    return dialog


def rows(dialog: ReadAsDialog) -> list[str]:
    model = dialog.proposals
    return [
        f"{model.index(row, 0).data()} {model.index(row, 1).data()}".strip()
        for row in range(model.rowCount())
    ]


def shown(driver: Driver) -> BlobPane:
    row = driver.window.record.row
    driver.wait(lambda: row.message() is not None and not row.readings.is_loading())
    pane = row.blob
    assert pane is not None
    driver.wait(lambda: pane.record is not None)
    return pane


def paths(pane: BlobPane) -> list[str]:
    fields = pane.message.views.tree.fields
    return [path_of(item) for item in fields.rows_below(fields.item(QModelIndex()))]


def test_what_fits_is_proposed_and_nothing_is_chosen(driver: Driver, tmp_path: Path) -> None:
    opened(driver, foreign(tmp_path / "f.db"))
    dialog = asked(driver)
    assert rows(dialog)[0].startswith("bytes, fields by number fits ")
    words = (
        f"{len(FIELDS) + 1} rows looked at. {len(FIELDS)} begin as gzip does: unwrap them first."
    )
    assert dialog.facts.text() == words
    dialog.use_schema(str(descriptors(tmp_path / "own.binpb")))
    dialog.take_off(Wrapper.GZIP)
    tried(driver, dialog)
    total = len(FIELDS)
    assert rows(dialog)[0] == f"{MESSAGE} fits {total} of {total}"
    assert dialog.facts.text() == f"{total} rows looked at. {MESSAGES} messages tried."
    assert driver.window.record.row.readings.chosen == ()
    dialog.filter.setText("options")
    assert all("Options" in one for one in rows(dialog))
    dialog.reject()


def choose(driver: Driver, schema: Path) -> None:
    dialog = asked(driver)
    dialog.use_schema(str(schema))
    dialog.take_off(Wrapper.GZIP)
    tried(driver, dialog)
    dialog.table.selectRow(0)
    QTest.keyClick(dialog.table, Qt.Key.Key_Return)


def test_a_column_is_read_as_the_chosen_message_under_its_names(
    driver: Driver, tmp_path: Path
) -> None:
    opened(driver, foreign(tmp_path / "f.db"))
    choose(driver, descriptors(tmp_path / "own.binpb"))
    pane = shown(driver)
    assert paths(pane)[:2] == ["name", "number"]
    size = len(FIELDS[0])
    assert pane.message.facts.text() == f"{size} bytes"
    assert pane.reading_line.isVisible()
    assert pane.reading_line.text() == f"Read as {MESSAGE} from own.binpb, unwrapped: gzip"
    heads = driver.window.records.tables.rows
    assert heads.headerData(2, Qt.Orientation.Horizontal) == "data as FieldDescriptorProto"
    driver.press("json")
    driver.wait(lambda: '"number": 1' in pane.message.views.json.view.text())
    table = driver.window.records.tables.table
    table.selectRow(1)
    driver.wait(lambda: pane.record is not None and pane.record.size == len(FIELDS[1]))


def test_what_its_fields_say_is_a_secret_stays_covered(driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "f.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, data BLOB)")
        blob = next(one for one in FIELDS if b".google.protobuf" in one)
        connection.execute("INSERT INTO t (data) VALUES (?)", (blob,))
    opened(driver, path)
    reading = ColumnReading(
        *("t", "data", ReadAs.MESSAGE, MESSAGE), schema=str(descriptors(tmp_path / "own.binpb"))
    )
    driver.window.parts_now().foreign.choose(reading)
    pane = shown(driver)
    fields = pane.message.views.tree.fields
    at = paths(pane).index("type_name")
    value = fields.index(at, 1)
    assert ".google" not in str(value.data())
    driver.press("secrets")
    driver.wait(lambda: ".google" in str(fields.index(at, 1).data()))
    driver.press("secrets")
    assert ".google" not in str(fields.index(at, 1).data())


def test_the_choice_is_kept_for_the_file_and_can_be_removed(
    driver: Driver, tmp_path: Path, qtbot: QtBot
) -> None:
    path, settings = foreign(tmp_path / "f.db"), driver.window.settings
    opened(driver, path)
    choose(driver, descriptors(tmp_path / "own.binpb"))
    shown(driver)
    stored = json.loads(json.dumps(settings.differences()))
    again = Driver(qtbot, Settings.of(stored))
    again.window.resize(1440, 900)
    opened(again, path)
    assert paths(shown(again))[:2] == ["name", "number"]
    dialog = asked(again)
    assert dialog.unpack == (Wrapper.GZIP,)
    assert dialog.table.current_row() == 0
    dialog.remove_button.click()
    driver.wait(lambda: again.window.record.row.message() is None)
    assert again.window.settings.remembered(str(path)).columns_read == []
    again.window.close()


def test_a_schema_that_is_gone_is_said_and_the_column_read_by_number(
    driver: Driver, tmp_path: Path, qtbot: QtBot
) -> None:
    path, schema = foreign(tmp_path / "f.db"), descriptors(tmp_path / "own.binpb")
    opened(driver, path)
    choose(driver, schema)
    shown(driver)
    schema.unlink()
    again = Driver(qtbot, driver.window.settings)
    again.window.resize(1440, 900)
    opened(again, path)
    banner = again.window.banner
    driver.wait(lambda: banner.words.startswith("The schema own.binpb cannot be read."))
    pane = shown(again)
    driver.wait(lambda: pane.notice.words.startswith(f"This is not read as {MESSAGE}:"))
    again.window.close()


def test_text_and_json_are_read_as_such(driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "f.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, data BLOB)")
        connection.execute("INSERT INTO t (data) VALUES (?)", (b'{"a": {"b": [1, 2]}}',))
    opened(driver, path)
    dialog = asked(driver)
    assert rows(dialog)[1:3] == ["text fits 1 of 1", "JSON fits 1 of 1"]
    dialog.table.selectRow(2)
    dialog.choose()
    pane = shown(driver)
    assert paths(pane) == ["a"]
    dialog = asked(driver)
    dialog.table.selectRow(1)
    dialog.choose()
    driver.wait(lambda: pane.is_text() and pane.text.text() == '{"a": {"b": [1, 2]}}')


@pytest.mark.parametrize(
    "broken",
    [
        1,
        [["t", "c", "message", "", "", []]],
        [["t", "c", "text", "m", "", []]],
        [["t", "c", "nonsense", "", "", []]],
        [["t", "c", "raw", "", "", ["nonsense"]]],
        [["t", "c", "raw", "", "", ["gzip"] * 9]],
        [["t", "c", "raw", "", ""]],
        [["t", "c", "raw", "", 5, []]],
    ],
)
def test_a_choice_that_was_broken_in_the_settings_is_left_out(broken: Any) -> None:
    made, names = FileMemory.of({"columns_read": broken, "tab": "json"})
    assert names == ["columns_read"]
    assert (made.columns_read, made.tab) == ([], "json")


def test_a_field_of_a_blob_has_a_menu_and_a_path_to_copy(driver: Driver, tmp_path: Path) -> None:
    opened(driver, foreign(tmp_path / "f.db"))
    choose(driver, descriptors(tmp_path / "own.binpb"))
    pane = shown(driver)
    tree = pane.message.views.tree
    offered = [action.objectName() for action in tree.actions() if not action.isSeparator()]
    assert offered == ["uncover", "open_below", "copy", "copy_path", "read_as"]
    assert tree.contextMenuPolicy() == Qt.ContextMenuPolicy.ActionsContextMenu
    tree.go_to("type_name")
    tree.setFocus()
    driver.press("copy_path")
    assert QGuiApplication.clipboard().text() == "type_name"
    driver.press("uncover")
    value = tree.fields.index(paths(pane).index("type_name"), 1)
    assert str(value.data()).startswith(".google")
    driver.press("uncover")
    assert str(value.data()).startswith("Hidden")
