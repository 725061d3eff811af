"""What the field tree says of releases: fields that are gone, and values in doubt."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QApplication

from inspector.gui.cells.cell_delegate import Measure, place
from inspector.gui.fields.fields_model import KEYS, FieldsModel
from inspector.gui.style.fonts import fonts_of
from inspector.gui.style.text_runs import CELL_ROLE
from inspector.session.summaries import Record
from inspector.store.rows import Row
from tests.builders.demo.core import encode
from tests.decode.readings import reader
from tests.releases import JANUARY_26, NEWEST

NAME = KEYS.index("name")
EXECUTION = "ai.stigmer.agentic.agentexecution.v1.AgentExecution"
AGENT = "ai.stigmer.agentic.agent.v1.Agent"


def record(name: str, kind: str, message: str, value: Any, *, layout: int | None) -> Record:
    data = encode(name, message, value)
    return reader(layout).record(Row(kind, "x", data, len(data), None))


@pytest.fixture
def model(qapp: QApplication) -> FieldsModel:
    return FieldsModel()


def at(model: FieldsModel, *names: str) -> QModelIndex:
    index = QModelIndex()
    for name in names:
        index = next(
            model.index(row, 0, index)
            for row in range(model.rowCount(index))
            if str(model.index(row, 0, index).data()).startswith(name)
        )
    return index.siblingAtColumn(NAME)


def said(index: QModelIndex) -> tuple[str, str]:
    """The text of a cell, and of its tooltip."""
    return str(index.data()), str(index.data(Qt.ItemDataRole.ToolTipRole) or "")


def test_a_field_that_a_migration_kept_is_named_and_marked(model: FieldsModel) -> None:
    value = {"metadata": {"name": "x"}, "status": {"messages": [{"content": "hello"}]}}
    model.show(record("3.41.0", "run", EXECUTION, value, layout=26))
    text, tip = said(at(model, "status", "messages"))
    assert text == "messages old field"
    assert tip == "Not known to the newest release; last in 3.41.0."
    spoken = at(model, "status", "messages").data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Not known to the newest release" in spoken
    assert said(at(model, "metadata", "name")) == ("name", "")


def test_the_name_of_an_old_field_is_not_cut_for_its_mark(model: FieldsModel) -> None:
    value = {"metadata": {"name": "x"}, "status": {"messages": [{"content": "hello"}]}}
    model.show(record("3.41.0", "run", EXECUTION, value, layout=26))
    name, mark, words = at(model, "status", "messages").data(CELL_ROLE).runs
    measure = Measure(fonts_of(QApplication.font()))
    enough = measure.total((name, mark))
    placed = place((name, mark, words), enough, measure).placed
    assert [(piece.text, piece.run.icon) for piece in placed] == [("messages", ""), ("", "clock")]
    whole = place((name, mark, words), measure.total((name, mark, words)), measure)
    assert [piece.text for piece in whole.placed] == ["messages", "", "old field"]


def test_a_value_in_doubt_says_what_else_it_may_mean(model: FieldsModel) -> None:
    value = {"metadata": {"name": "x", "ownerScope": "organization"}}
    model.show(record(JANUARY_26, "agent", AGENT, value, layout=None))
    text, tip = said(at(model, "metadata", "visibility"))
    assert text == "visibility in doubt"
    assert 'owner_scope: "organization"' in tip
    assert "2026-01-25..2026-01-26" in tip
    assert said(at(model, "metadata", "name")) == ("name", "")


def test_nothing_is_in_doubt_where_the_layout_tells(model: FieldsModel) -> None:
    value = {"metadata": {"name": "x", "ownerScope": "organization"}}
    model.show(record(JANUARY_26, "agent", AGENT, value, layout=2))
    text, tip = said(at(model, "metadata", "owner_scope"))
    assert text == "owner_scope old field"
    assert tip == f"Not known to the newest release; last in {JANUARY_26}."


@pytest.mark.parametrize(
    ("name", "layout", "has", "has_not"),
    [
        (JANUARY_26, 2, "sub_agents", "hooks"),
        (NEWEST, 27, "subagents", "sub_agents"),
    ],
)
def test_unset_fields_are_those_of_the_release(
    model: FieldsModel, name: str, layout: int, has: str, has_not: str
) -> None:
    made = record(name, "agent", AGENT, {"spec": {"description": "d"}}, layout=layout)
    model.show(made)
    model.set_unset(True)
    spec = at(model, "spec")
    names = [str(model.index(row, 0, spec).data()) for row in range(model.rowCount(spec))]
    assert made.choice.merged is not None
    own = made.choice.merged.strict(made.choice.release).message(made.choice.merged.keys[AGENT])
    wanted = own.fields[4].message
    assert wanted is not None
    assert sorted(names) == sorted(field.name for field in wanted.fields.values())
    assert has in names
    assert has_not not in names
