"""Finding in the fields marks every hit in the tree and in the reader, and goes through all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from inspector.gui.fields.field_items import path_of
from inspector.gui.style.theme import Theme, tokens_of
from tests.builders.layouts import Rec
from tests.cli.made import v2
from tests.gui.builders import data
from tests.gui.windows import Driver

LINES = [f"line {number}" for number in range(200)]
#: Two hits, the second far below the first and out of sight.
TEXT = "\n".join([LINES[0] + " Needle", *LINES[1:], "and the needle again"])


@pytest.fixture
def driver(qtbot: QtBot, theme: Theme, tmp_path: Path) -> Iterator[Driver]:
    metadata = data(1, "the needle") + data(2, "plain")
    spec = data(1, TEXT) + data(3, "no hit")
    path = v2(tmp_path, Rec("agent", "agt-1", data(3, metadata) + data(4, spec)))
    made = Driver(qtbot)
    made.window.resize(1440, 900)
    made.open(path, "agent/agt-1")
    yield made
    made.window.close()


def find(driver: Driver, needle: str, words: str) -> None:
    driver.window.record.tree.setFocus()
    driver.press("find")
    bar = driver.window.record.fields_area.bar
    QTest.keyClicks(bar.field, needle)
    driver.wait(lambda: bar.words.text() == words)


def path(driver: Driver) -> str:
    item = driver.window.record.tree.current()
    return path_of(item) if item is not None else ""


def colours(image: QImage) -> set[str]:
    return {
        image.pixelColor(x, y).name().upper()
        for x in range(0, image.width(), 2)
        for y in range(0, image.height(), 2)
    }


def test_every_hit_counts_and_each_is_gone_to(driver: Driver) -> None:
    bar, reader = driver.window.record.fields_area.bar, driver.window.record.reader
    find(driver, "needle", "1 of 3")
    assert bar.note.text() == "in 2 fields"
    assert path(driver) == "metadata.name"
    driver.press("find_next")
    assert (path(driver), bar.words.text()) == ("spec.description", "2 of 3")
    driver.wait(lambda: reader.body.marks.current == 0)
    driver.press("find_next")
    assert (path(driver), bar.words.text()) == ("spec.description", "3 of 3")
    driver.wait(lambda: reader.body.marks.current == 1)
    driver.press("find_next")
    assert (path(driver), bar.words.text()) == ("metadata.name", "1 of 3")
    driver.press("find_last")
    driver.wait(lambda: reader.body.marks.current == 1)


def test_the_reader_shows_the_hit_and_not_its_top(driver: Driver) -> None:
    find(driver, "needle again", "1 of 1")
    reader = driver.window.record.reader
    driver.wait(lambda: reader.body.marked_texts() == ["needle again"])
    edit = reader.body.currentWidget()
    assert isinstance(edit, QPlainTextEdit)
    assert edit.verticalScrollBar().value() > 100


def test_the_tree_marks_what_was_found_and_only_there(driver: Driver) -> None:
    tree = driver.window.record.tree
    tokens = tokens_of(tree.palette())
    found = QColor(tokens.found).name().upper()
    assert found not in colours(tree.viewport().grab().toImage())
    find(driver, "needle", "1 of 3")
    driver.wait(lambda: found in colours(tree.viewport().grab().toImage()))
    marked = {
        (field, column): tree.fields.mark(tree.fields.index_of(driver.item(field), column))
        for field in ("metadata.name", "metadata.slug", "spec.description", "metadata")
        for column in (0, 1)
    }
    shown = {key for key, mark in marked.items() if mark is not None and mark.search("a needle")}
    assert shown == {
        *(("metadata.name", 0), ("metadata.name", 1)),
        *(("spec.description", 0), ("spec.description", 1)),
    }


def test_nothing_stays_marked_when_the_bar_is_closed(driver: Driver) -> None:
    find(driver, "needle", "1 of 3")
    driver.press("find_next")
    reader, tree = driver.window.record.reader, driver.window.record.tree
    driver.wait(lambda: len(reader.body.marks.hits.starts) == 2)
    QTest.keyClick(driver.window.record.fields_area.bar.field, Qt.Key.Key_Escape)
    driver.wait(lambda: not reader.body.marks.hits.starts)
    assert tree.fields.look.found is None


def test_the_readers_own_bar_comes_before_and_gives_back(driver: Driver) -> None:
    find(driver, "needle", "1 of 3")
    driver.press("find_next")
    reader = driver.window.record.reader
    reader.focus()
    driver.press("find")
    QTest.keyClicks(reader.bar.field, "line 7")
    driver.wait(lambda: reader.bar.words.text() == "1 of 11")
    QTest.keyClick(reader.bar.field, Qt.Key.Key_Escape)
    driver.wait(lambda: len(reader.body.marks.hits.starts) == 2)


def test_what_is_covered_is_not_marked(driver: Driver) -> None:
    tree = driver.window.record.tree
    find(driver, "description", "1 of 1")
    item = driver.item("spec.description")
    assert tree.fields.mark(tree.fields.index_of(item, 0)) is not None
    assert item.node is not None
    tree.fields.look.covered = frozenset((id(item.node),))
    assert tree.fields.mark(tree.fields.index_of(item, 1)) is None
