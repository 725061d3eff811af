"""What can stand in an expression is offered while it is typed, and taken by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from inspector.gui.kinds.kinds_model import EntryType
from tests.gui.records.test_filter_sort import Lists


def _type(lists: Lists, text: str) -> None:
    lists.press("filter_expression")
    lists.wait(lists.window.records.filter.hasFocus)
    QTest.keyClicks(lists.window.records.filter, text)


def _offered(lists: Lists) -> list[str]:
    """What is offered when nothing is worked on any more; nothing where that is not seen."""
    lists.wait(lists.window.tasks.is_idle)
    completer = lists.window.records.completer
    return completer.offered() if completer.is_open() else []


def test_fields_and_values_are_taken_by_keys(executions: Lists) -> None:
    field = executions.window.records.filter
    _type(executions, "r.stat")
    assert _offered(executions) == ["status"]
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert field.text() == "= r.status"
    assert field.hasFocus()
    QTest.keyClicks(field, ".ph")
    assert _offered(executions)[0] == "phase"
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == "= r.status.phase"
    assert field.hasFocus()
    QTest.keyClicks(field, " == ")
    wanted = _offered(executions)[2]
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert wanted == "EXECUTION_IN_PROGRESS"
    assert field.text() == f"= r.status.phase == {wanted}"
    assert _offered(executions) == []
    executions.wait(executions.quiet)
    assert not field.is_wrong


def test_escape_closes_what_is_offered_and_the_key_opens_it(executions: Lists) -> None:
    field = executions.window.records.filter
    _type(executions, "r.metadata.na")
    assert "name" in _offered(executions)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert _offered(executions) == []
    assert field.text() == "= r.metadata.na"
    QTest.keyClick(field, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert _offered(executions)[0] == "name"
    executions.window.records.table.setFocus()
    assert _offered(executions) == []


def test_what_is_taken_replaces_the_word_it_was_begun_with(executions: Lists) -> None:
    field = executions.window.records.filter
    _type(executions, "")
    field.insert("'\U0001f600' != r.metadata.na")
    field.setCursorPosition(field.text().index("data") + 1)
    executions.press("complete")
    assert _offered(executions) == ["metadata"]
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert field.text() == "= '\U0001f600' != r.metadata.na"
    assert _offered(executions) == []


@pytest.mark.parametrize("text", ["r.metadata.name == 'r.", "size > 10", "r.nothing."])
def test_nothing_is_offered_where_nothing_can_stand(executions: Lists, text: str) -> None:
    _type(executions, text)
    assert _offered(executions) == []


def test_words_and_several_kinds_have_none(executions: Lists) -> None:
    field = executions.window.records.filter
    executions.type_filter("r.")
    assert _offered(executions) == []
    field.clear()
    executions.choose_entry(EntryType.ALL)
    _type(executions, "r.")
    assert _offered(executions) == []
