"""The look at the window that the installers' check takes."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from inspector.gui.app.application import Application
from inspector.gui.app.smoke import Smoke
from inspector.gui.kinds.kinds_model import EntryType
from inspector.session.session import Session


def test_it_sees_the_kinds_and_closes_the_window(program: Application, qtbot: QtBot) -> None:
    program.open_demo()
    smoke = Smoke(program)
    qtbot.waitUntil(lambda: not program.windows)
    assert smoke.failure == ""
    session = Session.demo()
    records = {kind.kind: kind.records for kind in session.kinds() if kind.records}
    session.close()
    assert {entry.kind: entry.count for entry in smoke.kinds} == records
    assert {entry.type for entry in smoke.kinds} == {EntryType.KIND}


def test_a_store_that_is_refused_is_a_failure(
    program: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    program.open_file(tmp_path / "none.sqlite")
    smoke = Smoke(program)
    qtbot.waitUntil(lambda: not program.windows)
    assert smoke.failure.startswith("This file does not exist.")
    assert smoke.kinds == []


def test_a_window_that_is_closed_by_hand_is_a_failure(program: Application, qtbot: QtBot) -> None:
    window = program.open_demo()
    smoke = Smoke(program)
    with qtbot.waitSignal(window.closing):
        window.close()
    assert smoke.failure
