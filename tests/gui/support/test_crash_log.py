"""Bugs and faults of the program: told once, without data, in a dialog and in the log."""

from __future__ import annotations

import faulthandler
import gc
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QListView, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from inspector.gui.app.application import Application
from inspector.gui.app.main_window import MainWindow
from inspector.gui.support import help_controller
from inspector.gui.support.crash_dialog import CrashDialog
from inspector.gui.support.crash_log import CrashLog, FaultLog, short_file, trace, without_paths
from inspector.gui.support.help_controller import sentence
from tests.places import ROOT

SECRET = "hunter2-the-secret"
_ROOT = QModelIndex()


def raised(number: int = 0) -> Exception:
    try:
        raise ValueError(f"{SECRET} {number}")
    except ValueError as error:
        return error


@pytest.fixture
def hooked(program: Application, monkeypatch: pytest.MonkeyPatch) -> Iterator[Application]:
    """The program as the hooks' owner, as it is run."""
    for owner, name in (
        (sys, "excepthook"),
        (threading, "excepthook"),
        (sys, "unraisablehook"),
    ):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    program.crashes.install()
    yield program
    program.crashes.uninstall()


def counts(log: CrashLog) -> list[int]:
    return [crash.count for crash in log.crashes()]


def button(window: MainWindow, words: str) -> QPushButton:
    buttons = window.notice.findChildren(QPushButton)
    return next(one for one in buttons if one.text() == words and one.isEnabled())


# The log of crashes


def test_repeats_are_folded(qapp: QApplication, capsys: pytest.CaptureFixture[str]) -> None:
    log, lines = CrashLog(), list[str]()
    log.log = lines.append
    for number in range(100):
        log.report(raised(number))
    assert counts(log) == [100]
    assert len(lines) == 3
    assert lines[0].startswith("ValueError\n  ")
    assert lines[1].endswith(", 10 times")
    assert capsys.readouterr().err.count("ValueError") == 1


def test_another_bug_is_told_too(qapp: QApplication) -> None:
    log = CrashLog()
    log.report(raised())
    log.report(KeyError("x"))
    assert [(crash.kind, crash.count) for crash in log.crashes()] == [
        *(("ValueError", 1), ("KeyError", 1))
    ]


def test_different_bugs_are_bounded(qapp: QApplication) -> None:
    log = CrashLog()
    for number in range(500):
        log.report(type(f"Error{number}", (Exception,), {})())
    assert len(log.crashes()) == 200


def test_no_message_is_told_anywhere(
    qapp: QApplication, capsys: pytest.CaptureFixture[str]
) -> None:
    log, lines = CrashLog(), list[str]()
    log.log = lines.append
    error = raised()
    error.add_note(SECRET)
    try:
        try:
            raise error
        except ValueError as inner:
            raise KeyError(SECRET) from inner
    except KeyError as outer:
        log.report(outer)
    written = capsys.readouterr()
    told = "\n".join([*lines, written.err, written.out, *(c.trace for c in log.crashes())])
    assert "KeyError" in told
    assert "ValueError" in told
    assert SECRET not in told


def test_files_are_named_within_their_packages() -> None:
    assert short_file(help_controller.__file__) == "inspector/gui/support/help_controller.py"
    assert short_file(threading.__file__).endswith("/threading.py")
    assert "/" not in short_file(threading.__file__).partition("/")[0]
    assert short_file("/home/zoe/x/site-packages/apsw/y.py") == "apsw/y.py"
    assert short_file("/home/zoe/secret-project/run.py") == "elsewhere"
    assert short_file("inspector/gui/app/application.py") == "inspector/gui/app/application.py"
    assert short_file("<frozen runpy>") == "<frozen runpy>"


def test_a_long_trace_is_told_by_its_ends() -> None:
    def deeper() -> None:
        deeper()

    with pytest.raises(RecursionError) as caught:
        deeper()
    text = trace(caught.value)
    assert len(text.splitlines()) == 32
    assert " more" in text


def test_a_report_that_fails_itself_is_no_crash(qapp: QApplication) -> None:
    log = CrashLog()

    def fail(_line: str) -> None:
        log.report(raised())
        raise OSError

    log.log = fail
    log.report(raised())
    log.report(raised())
    assert log.failures == 1
    assert counts(log) == [2]


# Where they come from


class Broken(QAbstractListModel):
    """Raises for every cell."""

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _ROOT) -> int:  # noqa: N802
        return 50

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> Any:
        raise ValueError(SECRET)


def test_a_model_that_raises_is_counted_and_the_window_stays(
    hooked: Application, qtbot: QtBot
) -> None:
    window = hooked.show_start()
    view = QListView()
    qtbot.addWidget(view)
    view.setModel(Broken(view))
    # As the event loop would: what is raised within a call of ours comes back out of it.
    QTimer.singleShot(0, view.show)
    qtbot.waitUntil(lambda: sum(counts(hooked.crashes)) >= 100)
    qtbot.waitUntil(lambda: bool(window.notice.words))
    assert len(hooked.crashes.crashes()) == 1
    assert window.notice.words.startswith("Something went wrong in this program.")
    assert SECRET not in window.notice.words
    view.hide()
    assert window.isVisible()


def test_a_slot_that_raises_hundreds_of_times_is_one_crash(
    hooked: Application, qtbot: QtBot
) -> None:
    window = hooked.show_start()
    timer = QTimer(window, interval=0)

    def fail() -> None:
        if timer.property("left") == 0:
            timer.stop()
        timer.setProperty("left", int(timer.property("left")) - 1)
        raise KeyError(SECRET)

    timer.setProperty("left", 300)
    timer.timeout.connect(fail)
    timer.start()
    qtbot.waitUntil(lambda: not timer.isActive())
    assert counts(hooked.crashes) == [301]
    qtbot.waitUntil(lambda: bool(window.notice.words))
    assert "KeyError" in window.notice.words


def test_workers_threads_and_destructors_are_heard(hooked: Application, qtbot: QtBot) -> None:
    window = hooked.show_start()

    def fail(*_: object) -> None:
        raise ValueError(SECRET)

    for number in range(200):
        window.tasks.run(f"channel {number}", fail, lambda _: None)
    qtbot.waitUntil(lambda: sum(counts(hooked.crashes)) == 200)
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()

    class Dying:
        def __del__(self) -> None:
            raise TypeError(SECRET)

    Dying()
    gc.collect()
    kinds = [(crash.kind, crash.count) for crash in hooked.crashes.crashes()]
    assert ("TypeError", 1) in kinds
    assert ("ValueError", 201) in kinds
    qtbot.waitUntil(lambda: bool(window.notice.words))


def test_ctrl_c_and_the_end_of_a_thread_are_no_crashes(
    hooked: Application, capsys: pytest.CaptureFixture[str]
) -> None:
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    thread = threading.Thread(target=sys.exit)
    thread.start()
    thread.join()
    assert hooked.crashes.crashes() == []


def test_what_goes_wrong_when_the_program_ends_is_told_all_the_same(
    qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing was, once Qt's part of the log was gone: it was lost without a word."""
    crashes, written = CrashLog(), list[str]()
    crashes.log = written.append
    shiboken6.delete(crashes)
    crashes.report(raised())
    assert capsys.readouterr().err.startswith("ValueError")
    assert [line.partition("\n")[0] for line in written] == ["ValueError"]


# The report


def reported(program: Application, qtbot: QtBot) -> MainWindow:
    window = program.show_start()
    program.crashes.report(raised())
    qtbot.waitUntil(lambda: bool(window.notice.words))
    return window


def test_the_report_says_what_happened_and_can_be_copied(
    program: Application, qtbot: QtBot
) -> None:
    window = reported(program, qtbot)
    assert not [one for one in QApplication.topLevelWidgets() if isinstance(one, CrashDialog)]
    button(window, "Copy report").click()
    text = QGuiApplication.clipboard().text()
    assert "ValueError" in text
    assert "Stigmer Inspector" in text
    assert SECRET not in text
    button(window, "Details").click()
    button(window, "Details").click()
    (dialog,) = window.findChildren(CrashDialog)
    assert not dialog.isModal()
    assert dialog.text.toPlainText() == text
    dialog.close()


def test_a_closed_report_comes_back_for_another_bug_only(
    program: Application, qtbot: QtBot
) -> None:
    window = reported(program, qtbot)
    close = window.notice.findChild(QToolButton)
    assert isinstance(close, QToolButton)
    close.click()
    assert window.notice.words == ""
    news = program.help_controller._news
    for _ in range(50):
        program.crashes.report(raised())
    program.help_controller._pause.stop()
    news()
    assert window.notice.words == ""
    program.crashes.report(KeyError("x"))
    program.help_controller._pause.stop()
    news()
    assert "KeyError" in window.notice.words
    assert "1 other fault before it" in window.notice.words


def test_repeats_are_shown_in_the_report_that_is_there(program: Application, qtbot: QtBot) -> None:
    window = reported(program, qtbot)
    for _ in range(1233):
        program.crashes.report(raised())
    program.help_controller._after_pause()
    program.help_controller._pause.stop()
    program.help_controller._news()
    assert "1,234 times" in window.notice.words


def test_a_report_that_cannot_be_shown_is_not_tried_again(
    program: Application, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = program.show_start()
    tried: list[int] = []

    def fail(_crashes: object) -> str:
        tried.append(1)
        raise TypeError(SECRET)

    monkeypatch.setattr(help_controller, "sentence", fail)
    program.crashes.report(raised())
    qtbot.waitUntil(lambda: len(program.crashes.crashes()) == 2)
    for _ in range(5):
        program.help_controller._pause.stop()
        program.help_controller._news()
    assert tried == [1]
    assert window.notice.words == ""


def test_without_a_window_nothing_is_shown(program: Application, qtbot: QtBot) -> None:
    with qtbot.waitSignal(program.crashes.changed):
        program.crashes.report(raised())
    assert counts(program.crashes) == [1]


def test_the_sentence_counts() -> None:
    log = CrashLog()
    for _ in range(3):
        log.report(raised())
    words = sentence(log.crashes())
    assert words.startswith("ValueError in elsewhere")
    assert ", 3 times." in words


FAULT = """
import ctypes, sys
from pathlib import Path
from inspector.gui.support.crash_log import FaultLog

def where_it_was(hunter2_secret):
    ctypes.string_at(0)

FaultLog(Path(sys.argv[1]), print).start()
where_it_was("hunter2-secret")
"""


def fault(folder: Path, script: Path) -> None:
    script.parent.mkdir(parents=True)
    script.write_text(FAULT)
    ended = subprocess.run(
        [sys.executable, str(script), str(folder)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert ended.returncode != 0
    assert ended.stdout == b""


@pytest.fixture
def no_handler() -> None:
    """The handler of the tests is out of the way."""
    faulthandler.disable()


@pytest.mark.usefixtures("no_handler")
def test_where_it_was_is_told_at_the_next_start(tmp_path: Path) -> None:
    fault(tmp_path / "state", tmp_path / "zoe.quux" / "script.py")
    said: list[str] = []
    file = FaultLog(tmp_path / "state", said.append)
    file.start()
    try:
        [text] = said
        assert text.startswith("In an earlier run: Fatal Python error: Segmentation fault")
        assert 'File "script.py", line' in text
        assert "in where_it_was" in text
        for word in ("zoe", str(tmp_path), "hunter2-secret"):
            assert word not in text
        assert len(list((tmp_path / "state").iterdir())) == 1
    finally:
        file.stop()
    assert not (tmp_path / "state").exists()


@pytest.mark.usefixtures("no_handler")
def test_it_leaves_others_alone(tmp_path: Path) -> None:
    living, gone = tmp_path / f"fault-{os.getppid()}", tmp_path / "fault-999999999"
    living.touch()
    gone.touch()
    (tmp_path / "log").write_text("line")
    file = FaultLog(tmp_path, pytest.fail)
    file.start()
    assert faulthandler.is_enabled()
    assert living.exists()
    assert not gone.exists()
    file.stop()
    assert not faulthandler.is_enabled()
    assert {path.name for path in tmp_path.iterdir()} == {living.name, "log"}


def test_who_has_a_handler_already_keeps_it(tmp_path: Path) -> None:
    faulthandler.enable()
    file = FaultLog(tmp_path / "state", pytest.fail)
    file.start()
    file.stop()
    assert faulthandler.is_enabled()
    assert not (tmp_path / "state").exists()


@pytest.mark.usefixtures("no_handler")
def test_a_folder_that_cannot_be_made_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    file = FaultLog(tmp_path / "file" / "state", pytest.fail)
    file.start()
    file.stop()


def test_of_our_own_files_the_place_in_the_package_is_told() -> None:
    lines = (
        '  File "/home/zoe/inspector/secret/inspector/gui/app/application.py", line 3 in run\n'
        '  File "C:\\Users\\zoe\\lib\\json.py", line 4 in load\n'
    )
    assert without_paths(lines) == (
        '  File "inspector/gui/app/application.py", line 3 in run\n  File "json.py", line 4 in load'
    )
