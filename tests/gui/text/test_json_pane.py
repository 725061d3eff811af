"""The JSON follows what is shown in the fields, and its parts can be folded away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.settings.settings import Settings
from inspector.gui.style.theme import Theme
from inspector.gui.text import json_pane, record_json
from inspector.gui.text.json_view import JsonEdit
from inspector.gui.text.record_json import json_of
from inspector.gui.text.text_layout import PIECE, FoldingLines, Lines
from tests.builders import layouts
from tests.builders.layouts import Rec
from tests.gui.histories import STORE
from tests.gui.windows import Driver

EXECUTION = "agent_execution/aex-01m7y9fj502n189pmvwv9yqnvq"
SECRET = 'spec.runtime_env["RUN_SECRET"].value'
DOCUMENTS = st.recursive(
    st.one_of(st.integers(), st.text("a{[", max_size=5), st.none()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab"), inner, max_size=4),
    max_leaves=20,
)


@pytest.fixture
def driver(qtbot: QtBot, theme: Theme) -> Iterator[Driver]:
    made = Driver(qtbot)
    made.window.resize(1440, 900)
    made.open(STORE, EXECUTION)
    yield made
    made.window.close()


def text(driver: Driver) -> str:
    return driver.window.record.json.view.text()


def secret_in(driver: Driver) -> object:
    found = json.loads(text(driver)) if text(driver) else {}
    env = found.get("spec", {}).get("runtimeEnv", {})
    return env.get("RUN_SECRET", {}).get("value")


# What is shown


def test_a_secret_shown_in_the_fields_is_shown_in_the_json(driver: Driver) -> None:
    driver.choose(SECRET)
    driver.press("uncover")
    driver.press("json")
    driver.wait(lambda: secret_in(driver) not in (None, "[covered]"))


def test_the_eye_works_on_the_json_too_and_nothing_jumps(driver: Driver) -> None:
    driver.choose(SECRET)
    driver.press("json")
    view = driver.window.record.json.view
    driver.wait(lambda: secret_in(driver) == "[covered]")
    driver.press("uncover")
    driver.wait(lambda: secret_in(driver) not in (None, "[covered]"))
    driver.wait(lambda: view.marks.place is not None)
    driver.press("uncover")
    driver.wait(lambda: secret_in(driver) == "[covered]")


def test_of_very_long_json_the_first_part_is_shown_and_said_to_be(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (record_json, json_pane):
        monkeypatch.setattr(module, "MOST", 25)
    pane = driver.window.record.json
    driver.press("json")
    driver.wait(lambda: bool(text(driver)))
    assert "The first 25 parts of the JSON are shown." in pane.banner.words
    shown = driver.window.record.record
    assert shown is not None
    whole = json_of(shown, reveal=False)
    assert whole.text.startswith(text(driver))
    assert len(text(driver)) < len(whole.text)
    assert pane.bar.note.text() == f"{whole.covered} secrets covered"
    monkeypatch.undo()
    pane.set_record(shown, reveal=False)
    driver.wait(lambda: text(driver) == whole.text)
    assert not pane.banner.words


def test_an_export_stays_covered_all_the_same(driver: Driver) -> None:
    driver.choose(SECRET)
    driver.press("uncover")
    record = driver.window.record.record
    assert record is not None
    env = json.loads(json_of(record, reveal=False).text)["spec"]["runtimeEnv"]
    assert env["RUN_SECRET"]["value"] == "[covered]"


def test_lines_are_wrapped_to_begin_with() -> None:
    assert Settings().wrap_json


# Folds


def folded(value: Any, lines: list[int]) -> FoldingLines:
    made = FoldingLines(json.dumps(value, indent=2))
    for line in lines:
        made.fold(line, on=True)
    return made


def shown(lines: FoldingLines, *, pieces: bool = False) -> list[str]:
    spans = (lines.span(at, pieces=pieces) for at in range(lines.count(pieces=pieces)))
    return [lines.text[first:last] for first, last in spans]


def test_a_folded_part_is_its_first_line() -> None:
    lines = folded({"a": {"b": [1, 2], "c": 3}, "d": {}, "e": [4]}, [1])
    assert shown(lines) == ["{", '  "a": {', '  "d": {},', '  "e": [', "    4", "  ]", "}"]
    assert lines.closing(1) == "},"
    lines.fold(1, on=False)
    assert shown(lines) == lines.text.split("\n")


@given(DOCUMENTS, st.data())
def test_lines_and_offsets_go_with_each_other(value: Any, data: st.DataObject) -> None:
    whole = json.dumps(value, indent=2)
    made = FoldingLines(whole)
    can = [line for line in range(whole.count("\n") + 1) if made.can_fold(line)]
    for line in data.draw(st.lists(st.sampled_from(can), max_size=4)) if can else ():
        made.fold(line, on=not made.is_folded(line))
    plain = Lines(whole)
    left = [
        plain.at(made.span(at, pieces=False)[0], pieces=False)
        for at in range(made.count(pieces=False))
    ]
    assert left == sorted(set(left))
    hidden = {
        inner
        for line in can
        if made.is_folded(line)
        for inner in range(line + 1, made._ends[line] + 1)
    }
    assert left == [line for line in range(plain.count(pieces=False)) if line not in hidden]
    for offset in range(len(whole)):
        line = plain.at(offset, pieces=False)
        seen = made.at(offset, pieces=False)
        assert left[seen] == max(one for one in left if one <= line)
        if made.show(offset):
            break


def test_long_lines_are_folded_as_pieces_too() -> None:
    value = {"a": {"long": "x" * (2 * PIECE)}, "b": "y" * (PIECE + 10)}
    lines = folded(value, [1])
    assert shown(lines, pieces=True)[:2] == ["{", '  "a": {']
    assert shown(lines, pieces=True)[2].startswith('  "b": "yyy')
    assert lines.count(pieces=True) == 5


def row_at(edit: JsonEdit, line: int) -> int:
    """The middle of the row of a line in the viewport."""
    block = edit.document().findBlockByNumber(line)
    return edit.cursorRect(QTextCursor(block)).center().y()


def seen(edit: JsonEdit) -> list[str]:
    """The lines that are not folded away, as Qt has them."""
    block, found = edit.document().begin(), []
    while block.isValid():
        if block.isVisible():
            found.append(block.text())
        block = block.next()
    return found


def test_parts_are_folded_by_mouse_and_by_keys(driver: Driver) -> None:
    driver.press("json")
    view = driver.window.record.json.view
    driver.wait(lambda: bool(text(driver)))
    lines = view.lines
    whole = lines.count(pieces=False)
    (margin,) = (
        child for child in view.edit.findChildren(QWidget) if child.accessibleName() == "Folds"
    )
    number = next(at for at in range(whole) if '"spec": {' in shown(lines)[at])
    for where in (number, number):
        before = lines.count(pieces=False)
        QTest.mouseClick(margin, Qt.MouseButton.LeftButton, pos=QPoint(4, row_at(view.edit, where)))
        assert lines.count(pieces=False) != before
    assert lines.count(pieces=False) == whole
    driver.press("fold_all")
    assert 2 < lines.count(pieces=False) < 12
    assert view.text() == lines.text
    assert seen(view.edit) == shown(lines)
    driver.press("unfold_all")
    assert lines.count(pieces=False) == whole
    driver.choose("spec.runtime_env")
    driver.wait(lambda: view.marks.place is not None)
    driver.press("fold")
    assert lines.count(pieces=False) < whole


def test_what_is_found_or_chosen_is_shown_again(driver: Driver) -> None:
    driver.press("json")
    view = driver.window.record.json.view
    driver.wait(lambda: bool(text(driver)))
    driver.press("fold_all")
    lines = view.lines
    view.setFocus()
    driver.press("find")
    QTest.keyClicks(driver.window.record.json.bar.field, "RUN_SECRET")
    driver.wait(lambda: any("RUN_SECRET" in line for line in shown(lines)))
    assert not any('"taskQueue"' in line for line in shown(lines))


def test_it_says_what_json_leaves_out_and_so_does_a_copy(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    unknown = b"\x0a\x01x\xfa\x3e\x01y"
    path = layouts.v2(tmp_path / "s.db", [Rec("skill", "odd", unknown), Rec("skill", "usual")])
    driver = Driver(qtbot).open(path, "skill/odd")
    pane = driver.window.record.json
    driver.press("json")
    driver.wait(lambda: bool(text(driver)))
    assert "1 unknown field (<1007>)" in pane.banner.words
    driver.press("copy_json")
    driver.wait(lambda: "Left out: 1 unknown field" in driver.window.status.note.text())
    driver.window.records.table.go_to_row(1)
    driver.reach("skill", "usual")
    driver.wait(lambda: "apiVersion" in text(driver))
    driver.wait(lambda: not pane.banner.words)
    driver.window.close()
