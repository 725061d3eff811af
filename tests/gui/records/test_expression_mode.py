"""A filter that begins with ``=`` is a CEL expression over the records of one kind."""

from __future__ import annotations

from contextlib import suppress

import pytest
from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest

from inspector.errors import CancelledError
from inspector.gui.kinds.kinds_model import EntryType
from inspector.gui.records.filter_sort import ListQuery
from inspector.gui.widgets.banner import Tone
from inspector.session.expression_filter import ExpressionFilter
from inspector.session.scan import Scan
from inspector.session.session import Session
from inspector.session.summaries import RecordKey
from inspector.store.rows import Row
from tests.cancels import SetAfter
from tests.gui.records.test_filter_sort import KIND, STORE, Lists

FAILS = "r.status.messages[5].content != ''"  #: where there are fewer
COMPLETED = "r.status.phase == EXECUTION_COMPLETED"


def _rows() -> list[Row]:
    return list(Session.open(STORE).rows(KIND))


def _where(expression: str) -> list[str]:
    found = ExpressionFilter(Session.open(STORE), KIND, expression)
    return [row.id for row in found.rows()]


def _ids(lists: Lists) -> list[str]:
    listed = lists.keys()
    return [key.id for key in listed]


def _ask(lists: Lists, expression: str) -> None:
    """Type an expression after the action that begins one."""
    lists.press("filter_expression")
    field = lists.window.records.filter
    lists.wait(field.hasFocus)
    assert field.text() == "= "
    QTest.keyClicks(field, expression)
    lists.wait(lambda: not lists.window.records.sifting.busy)


def test_an_expression_lists_the_records_for_which_it_is_true(executions: Lists) -> None:
    wanted = _where(COMPLETED)
    assert 0 < len(wanted) < 16
    _ask(executions, COMPLETED)
    records = executions.window.records
    assert _ids(executions) == wanted
    assert records.count.text() == f"{len(wanted)} of 16"
    assert not records.filter.is_wrong
    assert records.refusal.isHidden()


def test_versions_are_counted_for_an_expression(executions: Lists) -> None:
    session = Session.open(STORE)
    rows = list(session.rows("skill"))
    counts = session.store.history.counts("skill", [row.id for row in rows])
    most = max(counts.values())
    wanted = [row.id for row in rows if counts.get(row.id, 0) == most]
    assert most > 0
    executions.choose_entry(EntryType.KIND, "skill")
    _ask(executions, f"versions == {most}")
    assert _ids(executions) == wanted


def test_what_is_said_of_an_expression_is_painted_whole(executions: Lists) -> None:
    """The ground of a note is not left half that of an error before it."""
    _ask(executions, "r.status.phse == 1")
    refusal = executions.window.records.refusal
    executions.wait(refusal.isVisible)
    painted: list[QRect] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
            if isinstance(event, QPaintEvent):
                painted.append(event.rect())
            return False

    watch = Watch(refusal)
    refusal.installEventFilter(watch)
    refusal.tell(Tone.NOTE, "Not complete yet: a value is expected.", announce=False)
    executions.wait(lambda: refusal.rect() in painted)


def test_an_expression_and_an_order_hold_together(executions: Lists) -> None:
    sizes = sorted(row.size for row in _rows())
    _ask(executions, f"size > {sizes[5]}")
    executions.sort("sort_size")
    wanted = sorted((row for row in _rows() if row.size > sizes[5]), key=lambda row: row.size)
    assert _ids(executions) == [row.id for row in wanted]


def test_the_key_begins_an_expression_and_words_come_back(executions: Lists) -> None:
    executions.type_filter("completed")
    field = executions.window.records.filter
    executions.window.records.table.setFocus()
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(executions.window, Qt.Key.Key_L, modifiers)
    executions.wait(field.hasFocus)
    assert field.text() == "= "
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == "completed"


def test_a_wrong_expression_is_said_with_its_column_and_the_rows_stay(executions: Lists) -> None:
    records = executions.window.records
    _ask(executions, COMPLETED)
    before = _ids(executions)
    records.filter.setText("= r.status.phse == 1")
    executions.wait(lambda: records.filter.is_wrong)
    assert records.refusal.isVisible()
    # The column is that of the field, its ``=`` counted.
    assert records.refusal.words.startswith(f"Column {'= r.status.phse'.index('phse') + 1}: ")
    assert records.filter.accessibleDescription() == records.refusal.words
    assert _ids(executions) == before
    assert records.count.text() == f"{len(before)} of 16"
    executions.sort("descending")
    executions.wait(lambda: _ids(executions) == before[::-1])
    assert records.filter.is_wrong
    records.filter.setText(f"= !({COMPLETED})")
    executions.wait(lambda: not records.filter.is_wrong)
    assert records.refusal.isHidden()
    assert set(_ids(executions)) == {row.id for row in _rows()} - set(before)


@pytest.mark.parametrize(
    "begun",
    [
        "r.stat",
        "r.status.ph",
        "r.status.phase",
        "r.status.phase == EXECUTION_F",
        "r.metadata.name.cont",
        "siz",
        "upd",
    ],
)
def test_a_name_that_is_being_typed_is_not_called_wrong(executions: Lists, begun: str) -> None:
    records = executions.window.records
    _ask(executions, begun)
    executions.wait(executions.window.tasks.is_idle)
    records.completer.close()
    executions.wait(records.refusal.isVisible)
    assert records.refusal.words.startswith("Not complete yet: ")
    assert not records.filter.is_wrong
    # Nothing begins so, or something stands behind it: then it is wrong.
    records.filter.setText(f"= {begun}zz")
    executions.wait(lambda: records.filter.is_wrong)
    records.filter.setText(f"= {begun} && true")
    executions.wait(lambda: not executions.window.records.sifting.busy)
    executions.wait(lambda: records.refusal.words.startswith("Column "))
    assert records.filter.is_wrong


def test_an_expression_that_only_ends_too_early_is_not_called_wrong(executions: Lists) -> None:
    records = executions.window.records
    _ask(executions, "r.status.")
    executions.wait(records.completer.is_open)
    # What is offered lies over these words, and says the same.
    executions.wait(executions.window.tasks.is_idle)
    assert records.refusal.isHidden()
    QTest.keyClick(records.filter, Qt.Key.Key_Escape)
    assert records.refusal.isVisible()
    assert records.refusal.words == "Not complete yet: a field name is expected."
    assert not records.filter.is_wrong
    assert len(_ids(executions)) == 16


def test_an_enum_compared_with_a_text_names_its_values(executions: Lists) -> None:
    records = executions.window.records
    _ask(executions, "r.status.phase == 'failed'")
    executions.wait(lambda: records.filter.is_wrong)
    words = records.refusal.words
    assert words.startswith("Column 21: a text is not an enum value")
    assert "did you mean 'EXECUTION_FAILED'?" in words
    assert "EXECUTION_PENDING, EXECUTION_IN_PROGRESS" in words


def test_a_wrong_expression_that_was_left_lists_all_when_its_kind_is_back(
    executions: Lists,
) -> None:
    records = executions.window.records
    _ask(executions, "nothing")
    executions.wait(lambda: records.filter.is_wrong)
    executions.choose_entry(EntryType.KIND, "agent")
    assert not records.filter.is_wrong
    assert records.filter.text() == ""
    assert records.refusal.isHidden()
    executions.choose_entry(EntryType.KIND, KIND)
    executions.wait(lambda: records.filter.is_wrong)
    assert records.filter.text() == "= nothing"
    executions.wait(lambda: _ids(executions) == [row.id for row in _rows()])
    QTest.keyClick(records.filter, Qt.Key.Key_Escape)
    assert not records.filter.is_wrong
    assert records.refusal.isHidden()


def test_on_what_an_expression_fails_is_counted_beside_the_list(executions: Lists) -> None:
    records = executions.window.records
    found = ExpressionFilter(Session.open(STORE), KIND, FAILS)
    wanted = [row.id for row in found.rows()]
    failed = found.failed.total()
    assert failed
    _ask(executions, FAILS)
    assert records.count.text() == f"{len(wanted)} of 16, {failed} failed"
    assert records.count.toolTip() == found.note


def test_several_kinds_have_no_expression_which_is_said(executions: Lists) -> None:
    records = executions.window.records
    executions.choose_entry(EntryType.ALL)
    total = records.records.order.total
    _ask(executions, "size > 0")
    executions.wait(lambda: records.filter.is_wrong)
    assert records.refusal.words == (
        "An expression applies to the records of one kind. Choose a kind at the left."
    )
    assert records.records.order.total == total


def test_blanks_in_a_text_of_an_expression_are_kept() -> None:
    wish = ListQuery().filtered(" = id == 'a  b'")
    assert wish.expression == "   id == 'a  b'"
    assert wish.typed == "=  id == 'a  b'"
    assert ListQuery().filtered(wish.typed) == wish
    assert not wish.by_keyset
    assert ListQuery(text="word").filtered("= ") == ListQuery()


def test_a_scan_that_was_stopped_goes_on_and_counts_no_failure_twice() -> None:
    session = Session.open(STORE)
    whole = ExpressionFilter(session, KIND, FAILS)
    wanted = {RecordKey(KIND, row.id) for row in whole.rows()}
    assert whole.failed.total()
    for looks in range(8):
        scan = Scan(session, [KIND], expression=FAILS, column="name")
        with suppress(CancelledError):
            scan.run(SetAfter(looks))
        assert set(scan.run()) == wanted
        assert (scan.looked, scan.failures, scan.note) == (
            whole.looked,
            whole.failed.total(),
            whole.note,
        )


@pytest.mark.parametrize("typed", [f"= {FAILS}", "= r.nothing == 1"])
def test_the_list_that_follows_its_store_asks_the_same_expression(
    executions: Lists, typed: str
) -> None:
    records = executions.window.records
    _ask(executions, FAILS)
    count, before = records.count.text(), _ids(executions)
    records.filter.setText(typed)
    executions.wait(lambda: records.filter.is_wrong == ("nothing" in typed))
    assert records.count.text() == count
    executions.wait(executions.quiet)
    relisted: list[object] = []
    records.sifting.relisted.connect(relisted.append)
    assert records.list_again(Session.open(STORE), [KIND])
    executions.wait(lambda: bool(relisted))
    assert _ids(executions) == before
    assert records.count.text() == count
    assert "failed" in count
    assert records.filter.is_wrong == ("nothing" in typed)
