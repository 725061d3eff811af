"""Windows can be told apart, and each fits the screen with its status line."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.gui.app import window_layout
from inspector.gui.app.application import Application
from inspector.gui.app.main_window import MainWindow
from inspector.gui.app.window_layout import WindowLayout
from inspector.gui.style.fonts import set_zoom
from inspector.gui.support.shortcuts_dialog import ShortcutsDialog
from tests.places import REAL, ROOT

STORE = REAL / "v2-clean" / "stigmer.db"
LONG = 20_000
#: Logical pixels of small screens: 1024x600, 1366x768 at 150 %, 1920x1080 at 200 %.
SMALL = ((1024, 600), (911, 512), (960, 540))
TITLE_BAR = 28


def read(window: MainWindow, qtbot: QtBot) -> MainWindow:
    qtbot.waitUntil(lambda: window.facts is not None, timeout=LONG)
    qtbot.waitUntil(window.tasks.is_idle, timeout=LONG)
    return window


def copies(folder: Path) -> list[Path]:
    """Two stores of one name in two folders."""
    made = []
    for name in ("today", "yesterday"):
        (folder / name).mkdir()
        made.append(folder / name / "stigmer.db")
        shutil.copyfile(STORE, made[-1])
    return made


def test_a_window_has_no_part_that_the_garbage_collector_would_end(
    program: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    """It may come while Qt is in the middle of something: a part goes with its window, or never."""
    others = set(QApplication.topLevelWidgets())
    window = read(program.open_file(copies(tmp_path)[0]), qtbot)
    parts = window.parts_now()
    qtbot.waitUntil(lambda: parts.follow.is_following and window.tasks.is_idle(), timeout=LONG)
    found = [one for one in QApplication.topLevelWidgets() if one not in others]
    assert window in found
    assert [one for one in found if one.parent() is None and one is not window] == []


def test_two_files_of_one_name_are_told_apart_by_their_folders(
    program: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    windows = [read(program.open_file(path), qtbot) for path in copies(tmp_path)]
    titles = [window.windowTitle() for window in windows]
    assert titles[0] != titles[1]
    assert titles[0].endswith("today - Stigmer Inspector")
    assert titles[1].endswith("yesterday - Stigmer Inspector")


def test_a_folder_of_the_home_directory_is_short_in_the_title(
    program: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    home = tmp_path / "home" / ".stigmer"
    home.mkdir()
    shutil.copyfile(STORE, home / "stigmer.db")
    window = read(program.open_file(home / "stigmer.db"), qtbot)
    assert window.windowTitle().endswith(" - ~/.stigmer - Stigmer Inspector")


def test_no_window_lies_exactly_over_another_one(
    program: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    # Each was closed where the other was, as after two starts with one file each.
    paths = copies(tmp_path)
    for path in paths:
        window = read(program.open_file(path), qtbot)
        window.move(10, 10)
        window.close()
        qtbot.waitUntil(lambda: not program.windows, timeout=LONG)
    places = [read(program.open_file(path), qtbot).pos() for path in paths]
    assert places[0] != places[1]
    assert (places[0] - places[1]).manhattanLength() >= 32


def test_a_window_beside_another_one_stays_above_the_lower_edge(
    program: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    room = QGuiApplication.primaryScreen().availableGeometry()
    first = read(program.open_file(copies(tmp_path)[0]), qtbot)
    first.move(0, room.height() - first.height())
    second = read(program.open_file(tmp_path / "yesterday" / "stigmer.db"), qtbot)
    assert second.geometry().bottom() <= room.bottom()
    assert second.pos() != first.pos()


def test_a_window_beside_another_one_stays_within_the_right_edge(
    program: Application, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The screen of the tests is narrower than the smallest window.
    monkeypatch.setattr(window_layout, "_LEAST", (400, 300))
    room = QGuiApplication.primaryScreen().availableGeometry()
    paths = copies(tmp_path)
    first = read(program.open_file(paths[0]), qtbot)
    first.setGeometry(room)
    first.window_state.keep()
    second = read(program.open_file(paths[1]), qtbot)
    assert second.pos().x() > first.pos().x()
    assert second.geometry().right() <= room.right()
    assert second.geometry().bottom() <= room.bottom()


def test_titles_of_dialogs_are_only_their_own(program: Application, qtbot: QtBot) -> None:
    window = read(program.open_demo(), qtbot)
    # With a display name Qt adds it to each title, behind a dash of its own.
    assert QGuiApplication.applicationDisplayName() == QApplication.applicationName()
    dialog = ShortcutsDialog(window.menuBar())
    qtbot.addWidget(dialog)
    assert "Stigmer" not in dialog.windowTitle()


# The screen


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> tuple[int, int]:
    """A screen of a size, less what the title bar takes."""
    width, height = request.param
    monkeypatch.setattr(WindowLayout, "_room", staticmethod(lambda: (width, height - TITLE_BAR)))
    return (width, height - TITLE_BAR)


@pytest.mark.parametrize("small", SMALL, indirect=True)
def test_a_new_window_fits_a_small_screen(
    program: Application, qtbot: QtBot, small: tuple[int, int]
) -> None:
    window = read(program.open_demo(), qtbot)
    assert window.width() <= small[0]
    assert window.height() <= small[1]
    least = window.minimumSize()
    assert least.width() <= small[0]
    assert least.height() <= small[1]


@pytest.mark.parametrize("zoom", [100, 200])
@pytest.mark.parametrize("tab", ["fields", "json", "bytes", "history", "activity"])
def test_the_status_line_is_never_below_the_edge(
    program: Application, qtbot: QtBot, zoom: int, tab: str
) -> None:
    window = read(program.open_demo("agent_execution/aex-01kffnbvcevt242fksfbadwye8"), qtbot)
    set_zoom(QApplication.instance(), zoom)  # type: ignore[arg-type]
    window.actions_[tab].trigger()
    for width, height in SMALL:
        window.resize(width, height - TITLE_BAR)
        qtbot.waitUntil(window.tasks.is_idle, timeout=LONG)
        QApplication.processEvents()
        assert (window.width(), window.height()) == (width, height - TITLE_BAR)
        status = window.status
        corner = status.mapTo(window, status.rect().bottomRight())
        assert window.rect().contains(corner)
        assert status.parts[0].isVisible()


# Damage


def test_another_window_opens_beside_a_damaged_store(
    program: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    data = bytearray((ROOT / "resources" / "demo" / "stigmer.sqlite").read_bytes())
    for page in (65, 98):
        data[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path = tmp_path / "damaged.sqlite"
    path.write_bytes(data)
    damaged = read(program.open_file(path), qtbot)
    # What is said of it was said in steps, each with buttons in place of those before.
    qtbot.waitUntil(lambda: "Damaged too" in damaged.records.banner.words, timeout=LONG)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    other = read(program.open_demo(), qtbot)
    assert program.windows == [damaged, other]
    menus = damaged.actions_.menus.values()
    assert [menu.menuAction().isVisible() for menu in menus] == [True] * len(menus)


_SIGNALLED = """
import os, signal, sys
from PySide6.QtCore import QObject, Signal
from inspector.gui.app.application import run

class Asking(QObject):
    asked = Signal()

def started(_application):
    asking = Asking()
    asking.asked.connect(lambda: os.kill(os.getpid(), signal.SIGINT))
    asking.asked.emit()

sys.exit(run([], started=started))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
def test_a_signal_that_arrives_while_windows_are_made_ends_the_program(tmp_path: Path) -> None:
    """What its handler raised within a call by Qt was lost, and the program went on."""
    ended = subprocess.run(
        [sys.executable, "-c", _SIGNALLED],
        cwd=ROOT,
        env={**os.environ, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        # A background job ignores Ctrl-C, and so would what it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        timeout=60,
        check=False,
    )
    assert ended.returncode == 130, ended.stderr.decode(errors="replace")
