"""Fixtures for the window: the application as it is run, and nothing left on the screen."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.gui import tasks
from inspector.gui.app.application import Application, DesktopApplication
from inspector.gui.follow.follow_controller import FollowController
from inspector.gui.style.fonts import system_body
from inspector.gui.style.theme import Theme
from tests.gui.histories import Opens
from tests.gui.windows import Driver

_PATIENCE_MS = 30_000
_NOT_OFFSCREEN = ("propagateSizeHints", "does not support raise()", "grabbing the keyboard")


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    """The application as it is run."""
    return DesktopApplication


@pytest.fixture
def qtbot(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> QtBot:
    """Qt's bot, who waits long for what is sure to come: a machine under load is no fault."""
    wait = qtbot.waitUntil

    def wait_until(callback: Callable[[], bool | None], *, timeout: int = _PATIENCE_MS) -> None:
        wait(callback, timeout=timeout)

    monkeypatch.setattr(qtbot, "waitUntil", wait_until)
    return qtbot


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """Our theme on the application, undone afterwards."""
    palette, font = qapp.palette(), qapp.font()
    qapp.setFont(system_body())
    theme = Theme(qapp)
    yield theme
    theme.deleteLater()
    qapp.setPalette(palette)
    qapp.setFont(font)


@pytest.fixture
def program(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Application]:
    """The whole program with settings and a home directory of its own, closed afterwards."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DB_PATH", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    (tmp_path / "home").mkdir()
    palette, font = qapp.palette(), qapp.font()
    made = Application(qapp, tmp_path / "settings.json")
    yield made
    for window in list(made.windows):
        window.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    made.preferences.theme.deleteLater()
    made.preferences.deleteLater()
    made.deleteLater()
    qapp.setPalette(palette)
    qapp.setFont(font)


@pytest.fixture
def driver(qtbot: QtBot) -> Iterator[Driver]:
    """A window, closed in the end; what a module needs besides, it has in one of its own."""
    made = Driver(qtbot)
    made.window.resize(1440, 900)
    yield made
    made.window.close()


@pytest.fixture
def opens(qtbot: QtBot, theme: Theme) -> Iterator[Opens]:
    """Opens the history of a record of a store in a window that is closed in the end."""
    driver = Driver(qtbot)

    def open_(path: Path, select: str) -> Driver:
        driver.window.resize(1440, 900)
        driver.open(path, select)
        driver.press("history")
        driver.wait(lambda: driver.window.record.history.versions.rowCount() > 0)
        return driver

    yield open_
    driver.window.close()


@pytest.fixture(autouse=True)
def looks_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """A store is looked at when a test says so, not when time has passed."""
    monkeypatch.setattr(FollowController, "automatic", False)
    monkeypatch.setattr(FollowController, "patience", math.inf)


@pytest.fixture(autouse=True)
def closing_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is closed has ended its threads, however busy the machine is."""
    monkeypatch.setattr(tasks, "_AT_CLOSE", 60.0)


@pytest.fixture(autouse=True)
def quiet_qt(qapp: QApplication) -> Iterator[None]:
    """Fail a test during which Qt warned, or that leaves a window behind."""
    said: list[str] = []

    def hear(kind: QtMsgType, _context: object, message: str) -> None:
        # What the platform of the tests cannot do is nothing of ours.
        if kind != QtMsgType.QtDebugMsg and not any(word in message for word in _NOT_OFFSCREEN):
            said.append(message)

    before = qInstallMessageHandler(hear)
    known = set(qapp.topLevelWidgets())
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QCoreApplication.processEvents()
    left = [w for w in qapp.topLevelWidgets() if w not in known and w.isVisible()]
    qInstallMessageHandler(before)
    for widget in left:
        widget.close()
    assert not said, f"Qt said: {said}"
    assert not left, f"windows left open: {left}"
