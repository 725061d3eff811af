"""Filters without an expression, and expressions that are offered, in the filter's menu."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from inspector.gui.kinds.kinds_model import EntryType
from inspector.gui.records.filter_menu import FilterMenu
from inspector.gui.settings.settings import Settings
from inspector.session.expression_filter import ExpressionFilter
from inspector.session.facet_counts import count_facets
from inspector.session.facet_filter import FacetChoice
from inspector.session.scan import Scan
from inspector.session.session import Session
from tests.gui.records.test_filter_sort import KIND, STORE, Lists


def _menu(lists: Lists) -> FilterMenu:
    """The menu, as it is when all is counted."""
    menu = lists.window.parts_now().filter_menu
    menu.aboutToShow.emit()
    lists.wait(lists.window.tasks.is_idle)
    return menu


def _entries(menu: QMenu) -> dict[str, QAction]:
    return {action.text().partition("\t")[0].replace("&", ""): action for action in menu.actions()}


def _below(menu: FilterMenu, name: str) -> dict[str, QAction]:
    below = _entries(menu)[name].menu()
    assert isinstance(below, QMenu)
    return _entries(below)


def _pick(lists: Lists, name: str, value: str) -> None:
    _below(_menu(lists), name)[value].trigger()
    lists.wait(lambda: not lists.window.records.sifting.busy)


def _ids(lists: Lists) -> list[str]:
    listed = lists.keys()
    return [key.id for key in listed]


def _wanted(choice: FacetChoice, text: str = "") -> list[str]:
    return [key.id for key in Scan(Session.open(STORE), [KIND], facets=choice, text=text).run()]


def test_values_have_counts_and_list_as_many(executions: Lists) -> None:
    counted = count_facets(Session.open(STORE), [KIND])
    completed = counted.states["EXECUTION_COMPLETED"]
    states = _below(_menu(executions), "State")
    assert states["Completed"].text() == f"Completed\t{completed}"
    states["Completed"].trigger()
    executions.wait(lambda: not executions.window.records.sifting.busy)
    assert _ids(executions) == _wanted(FacetChoice(states=frozenset(("EXECUTION_COMPLETED",))))
    assert len(_ids(executions)) == completed
    assert executions.window.records.count.text() == f"{completed} of 16"
    assert [chip.text() for chip in executions.window.records.chips.chips] == ["Completed"]


def test_counts_are_those_of_what_the_other_filters_leave(executions: Lists) -> None:
    _pick(executions, "State", "Completed")
    executions.window.records.filter.setText("= size > 6000")
    executions.wait(executions.quiet)
    menu = _menu(executions)
    wanted = count_facets(
        Session.open(STORE),
        [KIND],
        choice=FacetChoice(states=frozenset(("EXECUTION_COMPLETED",))),
        expression="size > 6000",
    )
    assert 0 < wanted.states["EXECUTION_COMPLETED"] == len(_ids(executions)) < 16
    states = _below(menu, "State")
    assert states["Completed"].text() == f"Completed\t{wanted.states['EXECUTION_COMPLETED']}"
    assert states["Completed"].isChecked()
    assert sum(wanted.orgs.values()) == len(_ids(executions))
    assert {one.text().rpartition("\t")[2] for one in _below(menu, "Organization").values()} == {
        str(count) for count in wanted.orgs.values()
    }


def test_facets_words_and_expression_hold_together_and_go_one_by_one(executions: Lists) -> None:
    records = executions.window.records
    _pick(executions, "State", "Completed")
    _pick(executions, "State", "Pending")
    both = frozenset(("EXECUTION_COMPLETED", "EXECUTION_PENDING"))
    word = _wanted(FacetChoice(states=both))[0]
    executions.type_filter(word)
    assert _ids(executions) == [word]
    records.filter.setText("= size > 1000")
    executions.wait(executions.quiet)
    large = [row.id for row in ExpressionFilter(Session.open(STORE), KIND, "size > 1000").rows()]
    held = set(_wanted(FacetChoice(states=both)))
    assert _ids(executions) == [one for one in large if one in held]
    records.chips.chips[0].click()
    executions.wait(lambda: not records.sifting.busy)
    assert _ids(executions) == large
    assert records.chips.isHidden()
    assert records.filter.text() == "= size > 1000"


def test_what_is_not_there_is_said_and_taken_back_at_once(executions: Lists) -> None:
    records = executions.window.records
    _entries(_menu(executions))["Has error"].trigger()
    executions.wait(lambda: not records.sifting.busy)
    wanted = _wanted(FacetChoice(failed=True))
    if wanted:
        assert _ids(executions) == wanted
    executions.type_filter("no such record")
    executions.wait(records.empty.isVisible)
    clear = records.empty.findChild(QPushButton)
    assert clear is not None
    clear.click()
    executions.wait(lambda: len(_ids(executions)) == 16)
    assert records.facets == FacetChoice()


def test_the_icon_of_the_filter_opens_the_menu_and_its_text_does_not(executions: Lists) -> None:
    field = executions.window.records.filter
    menu = executions.window.parts_now().filter_menu
    place = QPoint(field.textMargins().left() + 20, field.height() // 2)
    QTest.mouseClick(field, Qt.MouseButton.LeftButton, pos=place)
    assert not menu.isVisible()
    QTest.mouseClick(field, Qt.MouseButton.LeftButton, pos=QPoint(8, field.height() // 2))
    executions.wait(menu.isVisible)
    menu.close()


def test_a_kind_is_chosen_among_all(executions: Lists) -> None:
    executions.choose_entry(EntryType.ALL)
    _pick(executions, "Kind", "Agent Execution")
    listed = executions.keys()
    assert {key.kind for key in listed} == {KIND}
    executions.choose_entry(EntryType.KIND, "agent")
    assert executions.window.records.chips.isHidden()
    executions.choose_entry(EntryType.ALL)
    assert [one.text() for one in executions.window.records.chips.chips] == ["Agent Execution"]


def test_states_of_several_kinds_that_are_called_the_same_are_told_apart(qtbot: QtBot) -> None:
    """There were two entries "Failed" in the list of all records, each of some of them."""
    lists = Lists(qtbot)
    lists.open(None)
    lists.choose_entry(EntryType.ALL)
    counted = count_facets(Session.demo(), [one.kind for one in Session.demo().kinds()])
    states = _below(_menu(lists), "State")
    shown = {one.text() for one in states.values()}
    for state in ("EXECUTION_FAILED", "RUN_FAILED"):
        assert f"Failed ({state})\t{counted.states[state]}" in shown
    assert f"In progress\t{counted.states['EXECUTION_IN_PROGRESS']}" in shown
    for state in ("EXECUTION_FAILED", "RUN_FAILED"):
        _pick(lists, "State", f"Failed ({state})")
    (chip,) = lists.window.records.chips.chips
    assert chip.accessibleName() == "Remove filter Failed (EXECUTION_FAILED), Failed (RUN_FAILED)"
    failed = counted.states["EXECUTION_FAILED"] + counted.states["RUN_FAILED"]
    assert len(_ids(lists)) == failed
    lists.window.close()


def test_the_menu_of_the_filter_begins_an_expression(executions: Lists) -> None:
    menu = _menu(executions)
    (entry,) = (one for one in menu.actions() if one.objectName() == "filter_expression")
    entry.trigger()
    assert executions.window.records.filter.text() == "= "
    executions.wait(executions.window.records.filter.hasFocus)


def test_examples_are_right_and_list_something_else(executions: Lists) -> None:
    found = _below(_menu(executions), "Examples")
    assert "State is EXECUTION_FAILED" in found
    for words, action in list(found.items()):
        assert ExpressionFilter(Session.open(STORE), KIND, action.toolTip()), words
    found["State is not EXECUTION_FAILED"].trigger()
    executions.wait(executions.quiet)
    records = executions.window.records
    assert records.filter.text() == "= r.status.phase != EXECUTION_FAILED"
    assert not records.filter.is_wrong


def test_expressions_are_kept_by_name_and_deleted(executions: Lists) -> None:
    window = executions.window
    window.records.ask_expression("size > 1000")
    executions.wait(executions.quiet)
    QTest.keyClick(window.records.filter, Qt.Key.Key_Return)
    _entries(_menu(executions))["Save expression\N{HORIZONTAL ELLIPSIS}"].trigger()
    dialog = window.findChild(QInputDialog)
    assert dialog is not None
    dialog.setTextValue("Large ones")
    dialog.accept()
    assert window.settings.filters == [["Large ones", KIND, "size > 1000"]]
    window.records.filter.clear()
    assert "size > 1000" in _below(_menu(executions), "Recent")
    _below(_menu(executions), "Saved")["Large ones"].trigger()
    assert window.records.filter.text() == "= size > 1000"
    _below(_menu(executions), "Delete expression")["Large ones"].trigger()
    assert window.settings.filters == []
    _below(_menu(executions), "Delete expression")["All recent ones"].trigger()
    assert _below(_menu(executions), "Recent") == {}


@pytest.fixture
def settings() -> Settings:
    return Settings()


@contextmanager
def _opened(bot: QtBot, settings: Settings, path: Path) -> Iterator[Lists]:
    made = Lists(bot, settings)
    made.window.open(lambda: Session.open(path), str(path), remembered_by=str(path.resolve()))
    made.window.show()
    try:
        yield made
    finally:
        made.window.close()


def test_what_a_list_is_filtered_by_is_kept_for_the_file(qtbot: QtBot, settings: Settings) -> None:
    with _opened(qtbot, settings, STORE) as first:
        first.choose_entry(EntryType.KIND, KIND)
        _pick(first, "State", "Completed")
        first.window.records.ask_expression("size > 1")
        QTest.keyClick(first.window.records.filter, Qt.Key.Key_Return)
        first.wait(first.quiet)
    wanted = _wanted(FacetChoice(states=frozenset(("EXECUTION_COMPLETED",))))
    settings = Settings.of(settings.differences())
    assert settings.ignored == []
    with _opened(qtbot, settings, STORE) as again:
        again.choose_entry(EntryType.KIND, KIND)
        again.wait(lambda: _ids(again) == wanted)
        assert "size > 1" in _below(_menu(again), "Recent")
