"""What was just done is said in the status line, and leaves it again."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.actions import Actions
from inspector.gui.app.status_bar import StatusBar
from inspector.store.rows import Form, Journal, Label, StoreFacts
from tests.gui.windows import Driver

_RGB = QImage.Format.Format_RGB32


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def test_a_note_leaves_after_a_while_and_a_new_one_has_all_of_it(parent: QWidget) -> None:
    status = StatusBar(Actions(parent), parent)
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
    status = StatusBar(actions, parent)
    actions["mark_base"].triggered.connect(lambda _: status.tell("Marked."))
    status.tell("Copied.")
    actions["next_change"].trigger()
    assert status.note.text() == ""
    actions["mark_base"].trigger()
    assert status.note.text() == "Marked."


def test_what_a_switch_says_stays(parent: QWidget) -> None:
    actions = Actions(parent)
    status = StatusBar(actions, parent)
    actions["since"].toggled.connect(lambda _: status.tell("No versions."))
    actions["since"].trigger()
    assert status.note.text() == "No versions."


@pytest.mark.parametrize(
    ("form", "journal", "asleep", "said"),
    [
        (Form.SQLITE, Journal.CLEAN, True, "Not in use"),
        (Form.JSON, Journal.CLEAN, False, "Not being read or written"),
        (Form.SQLITE, Journal.LIVE, True, "Daemon running, pid 7"),
        (Form.FOREIGN, Journal.LIVE, True, "In use by another program"),
        (Form.FOREIGN, Journal.CLEAN, True, "Not in use"),
        (Form.FOREIGN, Journal.CLEAN, False, "Not being read or written"),
        (Form.FOREIGN, Journal.UNKNOWN, True, "Unknown who has it open"),
    ],
)
def test_who_has_the_file_open_is_said_as_far_as_it_is_known(
    form: Form, journal: Journal, asleep: bool, said: str, parent: QWidget
) -> None:
    status = StatusBar(Actions(parent), parent)
    pid = 7 if journal is Journal.LIVE else None
    facts = StoreFacts(
        *("s.db", "/s.db", Label.PRODUCTION, form, None, journal, 4096, 0, pid), asleep=asleep
    )
    status.tell_store(facts, [])
    assert status.daemon.text() == said


def test_the_lines_between_parts_go_where_the_parts_go(driver: Driver) -> None:
    """One stayed where a note had stood, and one was missing beside it."""
    driver.window.resize(1154, 640)
    driver.open(None)
    status = driver.window.status
    for length in (0, 5, 60, 0, 55, 70, 0):
        status.tell("x" * length)
        QApplication.processEvents()
        QApplication.processEvents()
        at, size = status.mapTo(driver.window, QPoint(0, 0)), status.size()
        screen = driver.window.screen().grabWindow(
            *(driver.window.winId(), at.x(), at.y(), size.width(), size.height())
        )
        seen, anew = (one.toImage().convertToFormat(_RGB) for one in (screen, status.grab()))
        assert seen == anew, length
