"""The log: made when there is something to write, bounded, and without names."""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from PySide6.QtCore import QLoggingCategory, qCWarning, qDebug, qInstallMessageHandler, qWarning
from PySide6.QtWidgets import QApplication

from inspector import logs
from inspector.gui.support import log_file, redacted_log
from inspector.gui.support.log_file import LogFile
from inspector.gui.support.redacted_log import Redaction

Names = Callable[[str, str], None]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A user with a name and a home of their own."""
    home = tmp_path / "zoe.quux"
    home.mkdir()
    for name in ("USER", "LOGNAME", "USERNAME"):
        monkeypatch.setenv(name, "zoe.quux")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setattr("platform.node", lambda: "quuxbox.lan")
    return home


@pytest.fixture
def log(qapp: QApplication, tmp_path: Path) -> Iterator[LogFile]:
    # Qt's own handler is none that can be called; the one of the tests would fail them.
    before = qInstallMessageHandler(None)
    made = LogFile(tmp_path / "state" / "inspector" / "log")
    made.install()
    yield made
    made.uninstall()
    qInstallMessageHandler(before)


def test_nothing_is_made_without_a_line(log: LogFile) -> None:
    qDebug("not worth a word")
    log.uninstall()
    assert not log.path.parent.exists()


def test_what_qt_says_is_written_once(log: LogFile, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(100):
        qWarning("QThing: what a thing")
    text = log.path.read_text()
    assert text.count("QThing: what a thing") == 1
    assert text.endswith("Z Qt: QThing: what a thing\n")
    assert "what a thing" in capsys.readouterr().err


def test_what_it_says_of_the_platform_waits_for_something_worse(log: LogFile) -> None:
    qpa = QLoggingCategory("qt.qpa.theme")  # type: ignore[arg-type] # PySide takes a str
    qCWarning(qpa, "no theme here")  # type: ignore[arg-type]
    assert not log.path.exists()
    log.write("ValueError")
    lines = log.path.read_text().splitlines()
    assert [line.partition(" ")[2] for line in lines] == ["Qt: no theme here", "ValueError"]


def test_no_name_of_user_computer_or_folder_is_written(names: Path, log: LogFile) -> None:
    log.write(f"cannot read {names}/x, zoe.quux at QuuxBox.lan, /home/alma/y, C:\\Users\\bob\\z")
    text = log.path.read_text()
    assert "cannot read ~/x, user at computer, ~/y, ~\\z" in text


def test_it_never_grows_beyond_its_limit(log: LogFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redacted_log, "LIMIT", 2000)
    for number in range(200):
        log.write(f"line {number:04} " + "x" * 80)
    folder = log.path.parent
    assert sorted(each.name for each in folder.iterdir()) == ["log", "log.1"]
    assert all(each.stat().st_size <= 2000 for each in folder.iterdir())
    assert "line 0199" in log.path.read_text()


@pytest.mark.skipif(sys.platform == "win32", reason="the mode of a file says nothing there")
def test_only_its_owner_may_read_it(log: LogFile) -> None:
    log.write("line")
    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(log.path.parent.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_written_is_no_trouble(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    log = LogFile(tmp_path / "file" / "log")
    log.write("line")
    log.write("another")
    assert capsys.readouterr().err == ""


def test_threads_may_write(log: LogFile) -> None:
    threads = [Thread(target=log.write, args=(f"line {n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(log.path.read_text().splitlines()) == 8


def test_what_was_opened_waits_for_something_worse_and_keeps_its_time(log: LogFile) -> None:
    logs.listen(log.take)
    try:
        for number in range(150):
            logs.Logger("inspector.test").info("opened %s", number)
        assert not log.path.exists()
        log.write("ValueError")
    finally:
        logs.listen(None)
    lines = [line.partition("Z ")[2] for line in log.path.read_text().splitlines()]
    assert lines == [*(f"opened {number}" for number in range(50, 150)), "ValueError"]
    assert list(log.recent) == [f"opened {number}" for number in range(130, 150)]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="another folder elsewhere")
def test_its_place_is_the_state_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert log_file.default_path() == tmp_path / "stigmer-inspector" / "log"


def test_a_scrubbed_text_keeps_words_that_only_hold_a_name(
    names: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USER", "in")
    assert Redaction()("in inspector, In") == "user inspector, user"
