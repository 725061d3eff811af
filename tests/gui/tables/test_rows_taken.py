"""Two rows of a table are compared, and rows are written to a file, blobs decoded."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from PySide6.QtCore import QItemSelection, QItemSelectionModel
from PySide6.QtWidgets import QFileDialog

from inspector.foreign.column_map import ColumnReading, ReadAs
from inspector.foreign.wrappers import Wrapper
from inspector.gui.dialogs.file_dialogs import ROWS_CHANNEL
from inspector.gui.tables.export_table_dialog import ExportTableDialog
from inspector.gui.tables.row_dialogs import RowComparisonDialog
from inspector.session.row_export import RowForm
from tests.foreign.schemas import descriptors, foreign
from tests.gui.tables.test_row_filter import opened, things
from tests.gui.windows import Driver


def read_as_message(driver: Driver, folder: Path) -> None:
    reading = ColumnReading(
        *("t", "data", ReadAs.MESSAGE, "own.FieldDescriptorProto"),
        unpack=(Wrapper.GZIP,),
        schema=str(descriptors(folder / "own.binpb")),
    )
    foreign_ = driver.window.parts_now().foreign
    foreign_.choose(reading)
    driver.wait(lambda: not foreign_.readings.is_loading())


def select(driver: Driver, *rows: int) -> None:
    table = driver.window.records.tables.table
    chosen = QItemSelection()
    for row in rows:
        at = table.model().index(row, 0)
        chosen.select(at, at)
    flags = QItemSelectionModel.SelectionFlag
    table.selectionModel().select(chosen, flags.ClearAndSelect | flags.Rows)


def compared(driver: Driver) -> list[str]:
    driver.press("compare_table_rows")
    dialog = driver.window.findChild(RowComparisonDialog)
    assert isinstance(dialog, RowComparisonDialog)
    driver.wait(lambda: dialog.pane.compared is not None)
    assert dialog.pane.compared is not None
    found = [
        f"{one.change} {one.path}{' hidden' if one.hidden else ''}"
        for one in dialog.pane.compared.difference.entries
    ]
    dialog.close()
    driver.wait(lambda: driver.window.findChild(RowComparisonDialog) is None)
    return found


def test_two_rows_are_compared_with_their_messages(driver: Driver, tmp_path: Path) -> None:
    opened(driver, foreign(tmp_path / "f.db"))
    assert not driver.window.actions_["compare_table_rows"].isEnabled()
    select(driver, 0, 1)
    assert compared(driver) == ["changed data.blob", "changed data.data hidden", "changed id"]
    read_as_message(driver, tmp_path)
    found = compared(driver)
    assert "changed data.name" in found
    assert "removed data.typeName hidden" in found


def test_a_covered_value_is_told_to_differ_and_not_shown(driver: Driver, tmp_path: Path) -> None:
    path = things(tmp_path / "f.db")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE things SET name = 'x', size = 1")
        connection.execute("UPDATE things SET token = 'other' WHERE id = 2")
    opened(driver, path)
    select(driver, 0, 1)
    assert compared(driver) == ["changed id", "changed token hidden"]
    select(driver, 0, 2)
    assert compared(driver) == ["changed id"]


def exported(driver: Driver, form: RowForm, columns: list[str], target: Path) -> bytes:
    driver.press("export_table")
    dialog = driver.window.findChild(ExportTableDialog)
    assert isinstance(dialog, ExportTableDialog)
    dialog.form.setCurrentIndex(dialog.form.findData(form))
    dialog.columns.choose(columns)
    dialog.export_button.click()
    driver.wait(lambda: driver.window.findChild(QFileDialog) is not None)
    question = driver.window.findChild(QFileDialog)
    assert isinstance(question, QFileDialog)
    question.fileSelected.emit(str(target))
    question.close()
    driver.wait(target.exists)
    driver.wait(lambda: not driver.window.tasks.is_busy(ROWS_CHANNEL))
    return target.read_bytes()


def test_the_rows_that_are_listed_are_exported_in_their_order(
    driver: Driver, tmp_path: Path
) -> None:
    rows = opened(driver, things(tmp_path / "f.db"))
    pane = driver.window.records.tables
    pane.filter.setText("apple")
    driver.wait(lambda: rows.rowCount() == 2)
    pane.sort_by(2)
    driver.wait(lambda: rows.rowCount() == 2 and rows.index(0, 2).data() == "2")
    said = exported(driver, RowForm.CSV, ["name", "size", "token"], tmp_path / "out.csv")
    assert said == b"name,size,token\r\napple pie,2,[covered]\r\nApple,10,[covered]\r\n"


def test_selected_rows_are_exported_decoded_and_covered(driver: Driver, tmp_path: Path) -> None:
    opened(driver, foreign(tmp_path / "f.db"))
    read_as_message(driver, tmp_path)
    select(driver, 1, 0, 3)
    said = exported(driver, RowForm.NDJSON, ["id", "data"], tmp_path / "out.ndjson")
    lines = [json.loads(line) for line in said.splitlines()]
    assert [line["values"]["id"] for line in lines] == [1, 2, 4]
    assert lines[0]["values"]["data"]["name"] == "file"
    assert lines[0]["values"]["data"]["typeName"] == "[covered]"
    assert b".google.protobuf" not in said
