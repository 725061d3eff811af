"""Blobs of files that are no store: covered per file, then fields, JSON and bytes, unwrapped."""

from __future__ import annotations

import gzip
import sqlite3
import zlib
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QPushButton, QTabBar
from pytestqt.qtbot import QtBot

from inspector.foreign.wrappers import MOST, Wrapper
from inspector.gui.fields.field_items import path_of
from inspector.gui.foreign.blob_pane import BlobPane
from inspector.gui.style.fonts import px
from inspector.gui.widgets.buttons import EDGE, plain
from inspector.session.session import Session
from tests.gui.windows import Driver

MESSAGE = b"\x08\x96\x01\x12\x05hello"  #: field 1 is 150, field 2 a text


@pytest.fixture
def driver(qtbot: QtBot) -> Iterator[Driver]:
    QGuiApplication.clipboard().clear()
    made = Driver(qtbot)
    made.window.resize(1440, 900)
    yield made
    made.window.close()


def foreign(driver: Driver, path: Path, *blobs: bytes, column: str = "body") -> None:
    """Open a file of another program with a blob in each row, at the blob of the first."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"CREATE TABLE jobs(id INTEGER PRIMARY KEY, {column} BLOB)")
        connection.executemany(f"INSERT INTO jobs({column}) VALUES (?)", [(b,) for b in blobs])
    driver.window.open(lambda: Session.open(path), str(path))
    driver.window.show()
    row = driver.window.record.row
    driver.wait(lambda: row.isVisible() and row.values.rowCount() == 2)
    row.table.selectRow(1)


def shown(driver: Driver) -> BlobPane:
    """Show the blobs of the file, and wait until the one the cursor is on was read."""
    QTest.keyClick(driver.window.record.row.table, Qt.Key.Key_Return)
    return read(driver)


def read(driver: Driver) -> BlobPane:
    row = driver.window.record.row
    driver.wait(lambda: row.message() is not None)
    pane = row.blob
    assert pane is not None
    driver.wait(lambda: pane.record is not None)
    return pane


def paths(pane: BlobPane) -> list[str]:
    fields = pane.message.views.tree.fields
    return [path_of(item) for item in fields.rows_below(fields.item(QModelIndex()))]


def facts(pane: BlobPane) -> str:
    return pane.message.facts.text()


def at(driver: Driver, row: int) -> None:
    driver.window.records.tables.table.selectRow(row)


def test_the_bytes_of_a_blob_are_copied_where_no_record_was_ever_shown(
    driver: Driver, tmp_path: Path
) -> None:
    foreign(driver, tmp_path / "f.db", MESSAGE)
    assert not driver.window.actions_["copy_hex"].isEnabled()
    pane = shown(driver)
    driver.press("bytes")
    driver.wait(lambda: pane.message.form() == "bytes")
    tree = pane.message.views.tree
    tree.setCurrentIndex(tree.fields.index(1, 0, QModelIndex()))
    driver.press("copy_hex")
    driver.wait(lambda: "68 65 6c 6c 6f" in QGuiApplication.clipboard().text())


def test_the_arrow_of_a_menu_stands_beside_the_words(driver: Driver, tmp_path: Path) -> None:
    foreign(driver, tmp_path / "f.db", MESSAGE)
    button = shown(driver).unwrap
    words = button.fontMetrics().horizontalAdvance(button.text())
    assert button.width() >= words + px(button, EDGE)
    # The words are drawn left of it: what lies there is of one colour but for the arrow.
    button.setText("")
    image = button.grab().toImage()
    right = [
        x
        for x in range(image.width())
        for y in range(image.height())
        if image.pixel(x, y) != image.pixel(0, 0)
    ]
    assert min(right) >= button.width() - px(button, EDGE) - 1


def test_a_blob_opens_as_fields_by_number_json_and_bytes(driver: Driver, tmp_path: Path) -> None:
    foreign(driver, tmp_path / "f.db", MESSAGE)
    assert driver.window.record.row.message() is None
    assert "hello" not in driver.window.record.row.text.text()
    pane = shown(driver)
    assert paths(pane) == ["<1>", "<2>"]
    assert pane.message.name.text() == "body"
    assert facts(pane) == "10 bytes, by number"
    driver.press("json")
    said = b64encode(b"hello").decode()
    driver.wait(lambda: said in pane.message.views.json.view.text())
    driver.press("bytes")
    assert pane.message.form() == "bytes"
    assert driver.window.record.tabs.current() == "fields"
    assert pane.message.views.bytes.view.data == MESSAGE


def test_one_show_is_for_all_blobs_of_the_file_and_covering_ends_it(
    driver: Driver, tmp_path: Path
) -> None:
    foreign(driver, tmp_path / "f.db", MESSAGE, b"\x08\x01")
    pane, row = shown(driver), driver.window.record.row
    at(driver, 1)
    driver.wait(lambda: pane.record is not None and pane.record.size == 2)
    driver.window.parts_now().record_copy.cover()
    assert row.message() is None
    assert pane.record is None
    assert pane.message.views.bytes.view.data == b""
    at(driver, 0)
    driver.wait(lambda: not driver.window.tasks.is_busy("row"))
    assert row.message() is None
    driver.press("uncover")
    read(driver)
    driver.press("uncover")
    assert row.message() is None


def test_a_shown_blob_is_hidden_by_a_button_beside_it(driver: Driver, tmp_path: Path) -> None:
    foreign(driver, tmp_path / "f.db", MESSAGE)
    row = driver.window.record.row
    (show,) = [one for one in row.findChildren(QPushButton) if one.isVisible()]
    assert show.text() == "Show"
    QTest.mouseClick(show, Qt.MouseButton.LeftButton)
    pane = read(driver)
    hides = [one for one in pane.findChildren(QPushButton) if one.text() == "Hide"]
    (hide,) = [one for one in hides if one.isVisible()]
    QTest.mouseClick(hide, Qt.MouseButton.LeftButton)
    assert row.message() is None
    assert show.isVisible()
    assert show.text() == "Show"


def test_words_of_tabs_and_controls_stay_whole_in_a_narrow_window(
    driver: Driver, tmp_path: Path
) -> None:
    foreign(driver, tmp_path / "f.db", MESSAGE)
    driver.window.resize(760, 560)
    pane = shown(driver)
    (tabs,) = pane.message.findChildren(QTabBar)
    buttons = [one for one in pane.message.findChildren(QAbstractButton) if one.isVisible()]
    words = {one.text(): one for one in buttons if one.text()}
    assert {"Hide", "Unwrap"} < words.keys()
    bounded = (tabs, words["Hide"], words["Unwrap"])

    def below() -> bool:
        place = words["Hide"].mapTo(pane.message, QPoint()).y()
        return place >= tabs.mapTo(pane.message, QPoint(0, tabs.height())).y()

    driver.wait(lambda: all(one.width() >= one.sizeHint().width() for one in bounded))
    assert below()
    driver.window.resize(1440, 900)
    driver.wait(lambda: not below())


def test_another_file_starts_covered(driver: Driver, tmp_path: Path) -> None:
    foreign(driver, tmp_path / "f.db", MESSAGE)
    shown(driver)
    row = driver.window.record.row
    foreign(driver, tmp_path / "g.db", b"\x08\x01", column="other")
    driver.wait(lambda: row.values.index(1, 0).data() == "other")
    driver.wait(lambda: not driver.window.tasks.is_busy("row"))
    assert row.message() is None


def test_a_column_of_secrets_stays_covered_beside_blobs(driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "f.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE t(body BLOB, client_secret BLOB)")
        connection.execute("INSERT INTO t VALUES (?, ?)", (MESSAGE, MESSAGE))
    driver.window.open(lambda: Session.open(path), str(path))
    driver.window.show()
    row = driver.window.record.row
    driver.wait(lambda: row.isVisible() and row.values.rowCount() == 2)
    row.table.selectRow(0)
    shown(driver)
    row.table.selectRow(1)
    assert row.message() is None
    assert row.text.text().startswith("Hidden secret.")
    QTest.keyClick(row.table, Qt.Key.Key_Return)
    read(driver)
    row.table.selectRow(0)
    read(driver)


@pytest.mark.parametrize(
    ("data", "wrapper"),
    [(gzip.compress(MESSAGE, mtime=0), Wrapper.GZIP), (zlib.compress(MESSAGE), Wrapper.ZLIB)],
)
def test_what_looks_wrapped_is_offered_and_taken_off_when_asked(
    driver: Driver, tmp_path: Path, data: bytes, wrapper: Wrapper
) -> None:
    foreign(driver, tmp_path / "f.db", data)
    pane = shown(driver)
    assert pane.steps == ()
    assert pane.notice.words == f"These bytes begin as {wrapper} does."
    _press(pane, f"Unwrap {wrapper}")
    driver.wait(lambda: pane.steps == (wrapper,))
    assert facts(pane) == f"10 bytes, by number, unwrapped: {wrapper}"
    assert paths(pane) == ["<1>", "<2>"]
    assert pane.notice.words == ""
    _choose(pane, "As stored")
    driver.wait(lambda: pane.steps == ())
    pane.message.choose("bytes")
    assert pane.message.views.bytes.view.data == data


def test_wrappers_that_nothing_tells_of_are_chosen_one_after_the_other(
    driver: Driver, tmp_path: Path
) -> None:
    foreign(driver, tmp_path / "f.db", b64encode(bytes([len(MESSAGE)]) + MESSAGE))
    pane = shown(driver)
    _choose(pane, "base64")
    driver.wait(lambda: len(pane.steps) == 1)
    _choose(pane, "length prefix")
    driver.wait(lambda: len(pane.steps) == 2)
    assert facts(pane) == "10 bytes, by number, unwrapped: base64, length prefix"
    assert paths(pane) == ["<1>", "<2>"]


def test_what_is_not_wrapped_so_says_why_and_stays(driver: Driver, tmp_path: Path) -> None:
    foreign(driver, tmp_path / "f.db", MESSAGE)
    pane = shown(driver)
    _choose(pane, "gzip")
    driver.wait(lambda: "cannot be read as gzip" in pane.notice.words)
    assert pane.steps == ()
    assert paths(pane) == ["<1>", "<2>"]


def test_a_bomb_is_refused_with_a_sentence(driver: Driver, tmp_path: Path) -> None:
    packer = zlib.compressobj(9)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range((MOST >> 20) + 1))
    foreign(driver, tmp_path / "f.db", bomb + packer.flush())
    pane = shown(driver)
    _choose(pane, "zlib")
    driver.wait(lambda: "larger than the 64 MiB" in pane.notice.words)
    assert pane.steps == ()


def test_bytes_that_are_no_message_say_so(driver: Driver, tmp_path: Path) -> None:
    foreign(driver, tmp_path / "f.db", b"\x89PNG\r\n\x1a\n" + b"\xff" * 20)
    pane = shown(driver)
    assert pane.notice.words.startswith("These bytes cannot be read as a protobuf message.")


def test_a_field_of_a_blob_is_copied(driver: Driver, tmp_path: Path) -> None:
    foreign(driver, tmp_path / "f.db", MESSAGE)
    pane = shown(driver)
    tree = pane.message.views.tree
    tree.go_to("<1>")
    tree.setFocus()
    driver.press("copy")
    assert QGuiApplication.clipboard().text() == b64encode(MESSAGE[1:3]).decode()


def _press(pane: BlobPane, words: str) -> None:
    next(b for b in pane.notice.findChildren(QPushButton) if b.text() == words).click()


def _choose(pane: BlobPane, words: str) -> None:
    next(a for a in pane.unwrap.menu().actions() if plain(a.text()) == words).trigger()
