"""The application: a window per file, its look, its settings, its end."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from inspector.gui import settings as stored
from inspector.gui.crash import CrashLog
from inspector.gui.dialogs import files
from inspector.gui.fonts import set_zoom
from inspector.gui.icons import app_icon
from inspector.gui.main_window import NAME, MainWindow
from inspector.gui.source import Source
from inspector.gui.theme import Theme
from inspector.session.session import Session

_SWITCH: Final = 0.0005  #: seconds a thread keeps the interpreter while another wants it
_SCHEMES: Final = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
_DEMO: Final = "demo store"


class Application(QObject):
    """All windows of the process. The same file twice raises its window."""

    def __init__(self, app: QApplication, settings_path: Path | None = None) -> None:
        super().__init__(app)
        self._app = app
        self._path = settings_path or stored.default_path()
        self.settings = stored.load(self._path)
        self.windows: list[MainWindow] = []
        self.crashes = CrashLog(self)
        app.setApplicationName("stigmer-inspector")
        app.setApplicationDisplayName(NAME)
        app.setDesktopFileName("stigmer-inspector")
        app.setWindowIcon(app_icon())
        set_zoom(app, self.settings.zoom)
        self.theme = Theme(app)
        scheme = _SCHEMES.get(self.settings.appearance)
        if scheme is not None:
            self.theme.prefer(scheme)
        app.installEventFilter(self)

    def open_file(self, path: Path | None, select: str | None = None) -> MainWindow:
        """Show a store; without a path the one of this machine."""
        there = self._window_of(path) if path is not None else None
        if there is not None:
            there.raise_()
            there.activateWindow()
            return there
        shown = os.fspath(path) if path is not None else ""
        return self._open(lambda: Session.open(path), shown, select)

    def open_demo(self, select: str | None = None) -> MainWindow:
        """Show the built-in demo store."""
        return self._open(Session.demo, _DEMO, select)

    def _open(self, make: Callable[[], Source], shown: str, select: str | None) -> MainWindow:
        window = self._empty_window() or self._new_window()
        window.asked_for = shown
        window.open(make, shown, select)
        window.show()
        return window

    def _new_window(self) -> MainWindow:
        window = MainWindow(self.settings)
        window.tasks.crashed.connect(self.crashes.report)
        window.closing.connect(self._closed)
        window.open_wanted.connect(lambda: self._ask(window))
        window.demo_wanted.connect(self.open_demo)
        if self.windows:
            window.move(self.windows[-1].pos().x() + 32, self.windows[-1].pos().y() + 32)
        self.windows.append(window)
        return window

    def _empty_window(self) -> MainWindow | None:
        """A window in which no store could be opened serves for the next."""
        return next((window for window in self.windows if window.is_refused()), None)

    def _window_of(self, path: Path) -> MainWindow | None:
        real = os.path.realpath(path)
        return next((w for w in self.windows if os.path.realpath(w.asked_for) == real), None)

    def _ask(self, window: MainWindow) -> None:
        def take(path: Path) -> None:
            self.settings.open_folder = os.fspath(path.parent)
            self.open_file(path)

        files.ask_open(window, self.settings.open_folder or os.fspath(Path.home()), take)

    def _closed(self, window: MainWindow) -> None:
        self.windows.remove(window)
        stored.save(self.settings, self._path)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Open the files the desktop hands over."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self.open_file(Path(event.file()))
            return True
        return super().eventFilter(watched, event)


def run(paths: Sequence[str], *, demo: bool = False, select: str | None = None) -> int:
    """Show windows until the last is closed.

    Args:
        paths: stores to open, a window each; none: the store of this machine.
        demo: open the built-in demo store.
        select: ``KIND/ID[@VERSION]``, the record to go to in the first window.

    Returns:
        The exit code.
    """
    # Decoding in the worker would else hold the GUI up for five milliseconds at a time.
    sys.setswitchinterval(_SWITCH)
    app = QApplication(sys.argv[:1])
    inspector = Application(app)
    inspector.crashes.install()
    for number, path in enumerate(paths):
        inspector.open_file(Path(path), select if number == 0 else None)
    if demo:
        inspector.open_demo(select if not paths else None)
    elif not paths:
        inspector.open_file(None, select)
    return app.exec()
