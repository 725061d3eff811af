"""Fixtures for the window: the application as it is run, and nothing left on the screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from inspector.gui.fonts import system_body
from inspector.gui.theme import Theme


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


@pytest.fixture(autouse=True)
def quiet_qt(qapp: QApplication) -> Iterator[None]:
    """Fail a test during which Qt warned, or that leaves a window behind."""
    said: list[str] = []

    def hear(kind: QtMsgType, _context: object, message: str) -> None:
        # What the platform of the tests cannot do is nothing of ours.
        if kind != QtMsgType.QtDebugMsg and "propagateSizeHints" not in message:
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
