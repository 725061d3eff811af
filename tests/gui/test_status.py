"""What was just done is said in the status line, and leaves it again."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.actions import Actions
from inspector.gui.status import Status


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def test_a_note_leaves_after_a_while_and_a_new_one_has_all_of_it(parent: QWidget) -> None:
    status = Status(Actions(parent), parent)
    leaves = status.note_leaves
    status.tell("Copied.")
    assert (leaves.isActive(), leaves.isSingleShot(), leaves.interval()) == (True, True, 8000)
    first = leaves.id()
    status.tell("Written.")
    assert status.note.text() == "Written."
    assert leaves.id() != first
    leaves.timeout.emit()
    assert status.note.text() == ""
    assert not leaves.isActive()


def test_a_note_leaves_with_the_next_action_which_may_say_its_own(parent: QWidget) -> None:
    actions = Actions(parent)
    status = Status(actions, parent)
    actions["mark_base"].triggered.connect(lambda _: status.tell("Marked."))
    status.tell("Copied.")
    actions["next_change"].trigger()
    assert status.note.text() == ""
    actions["mark_base"].trigger()
    assert status.note.text() == "Marked."


def test_what_a_switch_says_stays(parent: QWidget) -> None:
    actions = Actions(parent)
    status = Status(actions, parent)
    actions["since"].toggled.connect(lambda _: status.tell("No versions."))
    actions["since"].trigger()
    assert status.note.text() == "No versions."
