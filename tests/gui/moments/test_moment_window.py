"""A whole store as of a commit of its log, in a window of its own: opened, marked, let go of."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from inspector.gui.app.application import Application
from inspector.gui.app.main_window import MainWindow
from inspector.gui.moments.commits_dialog import COMMIT_COLUMNS, CommitsDialog
from inspector.session.session import Session
from inspector.session.store_moment import StoreMoment
from tests.builders import layouts
from tests.builders.layouts import Rec
from tests.builders.writer import Writer
from tests.gui.followed import agent, killed_store, made_store, save

LONG = 20_000
KEYS = [column.key for column in COMMIT_COLUMNS]


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    return killed_store(tmp_path)


def shown(window: MainWindow, qtbot: QtBot) -> MainWindow:
    qtbot.waitUntil(
        lambda: (
            window.facts is not None and window.record.record is not None and window.tasks.is_idle()
        ),
        timeout=LONG,
    )
    return window


def text_of(window: MainWindow) -> object:
    """The instructions of the record on screen."""
    record = window.record.record
    assert record is not None
    assert record.tree is not None
    return record.tree.data


def dialog_of(window: MainWindow, qtbot: QtBot) -> CommitsDialog:
    window.actions_["commits"].trigger()
    (dialog,) = window.findChildren(CommitsDialog)
    qtbot.waitUntil(window.tasks.is_idle, timeout=LONG)
    return dialog


def rows(dialog: CommitsDialog) -> list[tuple[str, ...]]:
    model = dialog.commits
    return [
        tuple(str(model.index(row, at).data()) for at in (KEYS.index("number"), 2))
        for row in range(model.rowCount())
    ]


def test_a_state_is_chosen_in_the_list_of_commits(
    program: Application, qtbot: QtBot, killed: Path
) -> None:
    before = [one.read_bytes() for one in sorted(killed.parent.glob("stigmer.db*"))]
    window = shown(program.open_file(killed), qtbot)
    dialog = dialog_of(window, qtbot)
    assert rows(dialog) == [
        ("0", "before the first commit"),
        ("1", "Changed agent/agt-003"),
        ("2", "Changed agent/agt-003"),
        ("3", "Changed agent/agt-003"),
        ("4", "Deleted agent/agt-004"),
    ]
    assert dialog.words.text().startswith("4 commits, the oldest first.")
    dialog.table.selectRow(2)
    dialog.table.activated.emit(dialog.commits.index(2, 0))
    first, second = program.windows
    assert first is window
    shown(second, qtbot)
    assert "stigmer.db as of commit 2 of 4" in second.windowTitle()
    assert second.status.mode.text() == "Commit 2 of 4"
    assert not second.status.mode.isEnabled()
    assert second.banner.words.startswith(
        "This is the store as of commit 2 of 4 of its write-ahead log."
    )
    assert second.status.counts.text() == "30 records, 0 versions"
    assert first.status.counts.text() == "29 records, 0 versions"
    # It is not followed.
    parts = second.parts_now()
    assert not parts.follow.is_following
    assert not first.actions_["compare_newest"].isEnabled()
    assert not second.actions_["pause"].isEnabled()
    assert not second.actions_["mark_now"].isEnabled()
    second.store_controller.go("agent", "agt-003")
    qtbot.waitUntil(lambda: second.record.name == "agt-003", timeout=LONG)
    assert b"Two." in bytes(text_of(second))  # type: ignore[call-overload]
    second.actions_["copy_command"].trigger()
    assert program._app.clipboard().text().endswith("--commit 2")
    # From there back to the newest.
    (button,) = [b for b in second.banner.findChildren(QPushButton) if b.text().startswith("Open")]
    button.click()
    assert program.windows == [first, second]
    assert [one.read_bytes() for one in sorted(killed.parent.glob("stigmer.db*"))] == before


def test_a_state_in_a_history_opens_the_store_as_it_was_then(
    program: Application, qtbot: QtBot, killed: Path
) -> None:
    window = shown(program.open_file(killed, "agent/agt-003"), qtbot)
    window.actions_["history"].trigger()
    history = window.record.history
    qtbot.waitUntil(lambda: history.versions.rowCount() == 4, timeout=LONG)
    history.choose(0)
    assert not window.actions_["open_state"].isEnabled()
    history.choose(2)
    window.actions_["open_state"].trigger()
    second = shown(program.windows[1], qtbot)
    assert second.record.name == "agt-003"
    assert second.facts is not None
    assert second.facts.commit == 1
    assert b"One." in bytes(text_of(second))  # type: ignore[call-overload]
    # The same once more raises it.
    window.actions_["open_state"].trigger()
    assert len(program.windows) == 2


def test_a_checkpoint_makes_it_unreadable_and_that_is_said(
    program: Application, qtbot: QtBot, killed: Path
) -> None:
    window = shown(program.open_state(StoreMoment(str(killed), 2)), qtbot)
    with Writer(killed) as writer:
        writer.sql("PRAGMA wal_checkpoint(TRUNCATE)")
        window.parts_now().state_watch.look()
        qtbot.waitUntil(lambda: window.status.mode.text() == "Not readable", timeout=LONG)
        assert window.banner.words.startswith(
            "The write-ahead log was restarted; its commit 2 is gone."
        )
        assert "The data shown was read before." in window.banner.words
        # No record is said to be deleted that only cannot be read.
        window.records.table.go_to_row(7)
        empty = window.record.empty
        qtbot.waitUntil(empty.isVisible, timeout=LONG)
        assert empty.sentence.text() == "The write-ahead log was restarted; its commit 2 is gone."
        # Another commit with its number is another state.
        writer.sql(save("agt-000", "x"), save("agt-001", "y"), save("agt-002", "z"))
        window.reopen()
        qtbot.waitUntil(window.is_free, timeout=LONG)
        assert "its commit 2 is gone" in window.open_error_page.sentence.text()


def test_on_the_command_line_a_file_of_that_name_goes_first(
    program: Application, qtbot: QtBot, killed: Path
) -> None:
    named = f"{killed}@wal:3"
    window = shown(program.open_named(named, "agent/agt-003"), qtbot)
    assert window.facts is not None
    assert window.facts.commit == 3
    window.close()
    layouts.v2(Path(named), [Rec("agent", "own", agent("own", "own"))])
    other = shown(program.open_named(named), qtbot)
    assert other.facts is not None
    assert other.facts.commit is None
    assert other.record.name == "own"


def test_without_commits_the_list_says_so(
    program: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    window = shown(program.open_file(made_store(tmp_path)), qtbot)
    dialog = dialog_of(window, qtbot)
    assert dialog.words.text() == "There is no write-ahead log with commits beside this file."
    assert dialog.commits.rowCount() == 0
    assert not dialog.open_button.isEnabled()
    dialog.reject()


def test_a_closed_window_lets_go_of_its_state_and_leaves_nothing_in_the_settings(
    program: Application, qtbot: QtBot, killed: Path
) -> None:
    keeps = shown(program.open_file(killed), qtbot)
    window = shown(program.open_state(StoreMoment(str(killed), 2)), qtbot)
    session = window.store_controller.session()
    assert isinstance(session, Session)
    state = weakref.ref(session.store.moment)
    del session
    window.close()
    qtbot.waitUntil(lambda: program.windows == [keeps], timeout=LONG)
    del window
    assert not [file for file in program.settings.files if "@wal:" in file]

    def is_gone() -> bool:
        gc.collect()
        return state() is None

    qtbot.waitUntil(is_gone, timeout=LONG)
