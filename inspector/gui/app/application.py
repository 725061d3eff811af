"""The application: a window per file, its look, its settings, its end."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QObject,
    QSettings,
    QSocketNotifier,
    Signal,
)
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from inspector.gui.app.action_handlers import program_commands
from inspector.gui.app.changing_menus import RecentMenu
from inspector.gui.app.main_window import MainWindow
from inspector.gui.app.window_placement import STEP, place_beside
from inspector.gui.settings.preferences import Preferences
from inspector.gui.settings.settings import SettingsFile, default_path
from inspector.gui.style.icons import app_icon
from inspector.gui.style.text_format import full_path, real_path
from inspector.gui.support.crash_log import CrashLog, FaultLog
from inspector.gui.support.display_check import DisplayCheck
from inspector.gui.support.help_controller import HelpController
from inspector.gui.support.log_file import LogFile
from inspector.gui.support.log_file import default_path as log_path
from inspector.logs import listen
from inspector.signals import endings
from inspector.store.rows import Label, StoreFacts

if TYPE_CHECKING:
    from inspector.session.session import Session
    from inspector.session.store_moment import StoreMoment


_BASE: Final = 128


class Shutdown(QObject):
    """Ends the event loop on Ctrl-C, SIGTERM and SIGHUP.

    Python runs its handlers between two of its own instructions, of which an idle event loop has
    none: the number of the signal comes through a pipe that wakes it.
    """

    def __init__(self, close: Callable[[], None], parent: QObject) -> None:
        """Calls ``close`` in the event loop, and then ends it with the signal's code."""
        super().__init__(parent)
        self._close = close
        self._before: dict[int, object] = {}
        if sys.platform == "win32":
            return
        self._read, self._write = os.pipe()
        for end in (self._read, self._write):
            os.set_blocking(end, False)
        self._notifier = QSocketNotifier(self._read, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._told)
        signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        for one in (signal.SIGINT, *endings()):
            self._before[one] = signal.signal(one, _take)

    def leave(self) -> None:
        """Go back to how signals were handled before."""
        if sys.platform == "win32" or not self._before:
            return
        signal.set_wakeup_fd(-1)
        for one, handler in self._before.items():
            signal.signal(one, handler)  # type: ignore[arg-type]
        self._before.clear()
        self._notifier.setEnabled(False)
        for end in (self._read, self._write):
            os.close(end)

    def _told(self) -> None:
        number = os.read(self._read, 1)[0]
        self._close()
        QCoreApplication.exit(_BASE + number)


def _take(_number: int, _frame: FrameType | None) -> None:
    """The pipe has it already."""


ID: Final = "ai.stigmer.Inspector"  #: of the desktop file, and of our windows on Wayland
SWITCH: Final = 0.0005  #: seconds a thread keeps the interpreter while another wants it
_DEMO: Final = "demo store"


class DesktopApplication(QApplication):
    """Qt's application, which tells ``file_wanted`` with a file the desktop hands over.

    Not an event filter: that would have Python look at every event there is.
    """

    file_wanted = Signal(str)

    def event(self, event: QEvent) -> bool:
        """Take files; all else is Qt's."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self.file_wanted.emit(event.file())
            return True
        return super().event(event)


class Application(QObject):
    """All windows of the process. The same file twice raises its window."""

    def __init__(self, app: QApplication, settings_path: Path | None = None) -> None:
        super().__init__(app)
        self._app = app
        app.setApplicationName("stigmer-inspector")  # which names the folder of the settings
        self._file = SettingsFile(settings_path or default_path())
        # Qt's file dialog keeps a file of its own; it lies beside ours, not beside other programs'.
        folder = os.fspath(self._file.path.parent)
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, folder)
        self.settings = self._file.load()
        self.windows: list[MainWindow] = []
        self.crashes = CrashLog(self)
        self.help_controller = HelpController(
            self.settings, lambda: [window.helped for window in self.windows], self.crashes
        )
        # No display name: Qt would add it to the title of every dialog, with a dash of its own.
        app.setDesktopFileName(ID)
        app.setWindowIcon(app_icon())
        self.preferences = Preferences(app, self.settings, lambda: self.windows, self._keep)
        if isinstance(app, DesktopApplication):
            app.file_wanted.connect(self.open_file)

    # Opening

    def open_files(self, paths: Sequence[str | Path], origin: MainWindow | None = None) -> None:
        """Show stores, a window each; ``origin`` is used for the first where it shows none."""
        for path in paths:
            self.open_file(path, origin=origin)

    def open_file(
        self,
        path: str | Path | None,
        select: str | None = None,
        origin: MainWindow | None = None,
    ) -> MainWindow:
        """Show a store; without a path the one of this machine.

        Args:
            path: the file. One that is open already has its window raised.
            select: ``KIND/ID[@VERSION]``, the record to go to.
            origin: the window it was asked for in.
        """
        real = real_path(path) if path is not None else ""
        there = next((w for w in self.windows if real and w.window_state.file == real), None)
        if there is not None:
            if select or there.is_free():
                there.reopen(select)
            there.come_up()
            return there
        shown = full_path(path) if path is not None else ""
        return self._open(partial(_session, path), shown, real, select, origin)

    def open_named(self, name: str, select: str | None = None) -> MainWindow:
        """Show what the command line names: a file, or ``FILE@wal:17``; a file of that name first.

        Args:
            name: as it was typed.
            select: ``KIND/ID[@VERSION]``, the record to go to.
        """
        if "@" in name:  # else nothing is imported for it before the window is there
            from inspector.session.store_moment import parse_moment  # noqa: PLC0415

            moment = parse_moment(name)
            if moment.commit is not None:
                return self.open_state(moment, select)
        return self.open_file(name, select)

    def open_state(
        self, moment: StoreMoment, select: str | None = None, origin: MainWindow | None = None
    ) -> MainWindow:
        """Show a store as of a commit of its log, read-only like any other; it is not followed."""
        if moment.commit is None:
            return self.open_file(moment.path, select or None)
        real = real_path(moment.path)
        key = f"{real}@wal:{moment.commit} {(moment.generation or b'').hex()}".rstrip()
        there = next((w for w in self.windows if w.window_state.file == key), None)
        if there is not None:
            if select or there.is_free():
                there.reopen(select)
            there.come_up()
            return there
        return self._open(_state_session(moment), moment.name, key, select, origin, like=real)

    def open_demo(self, select: str | None = None, origin: MainWindow | None = None) -> MainWindow:
        """Show the built-in demo store."""
        return self._open(_demo_session, _DEMO, _DEMO, select, origin)

    def show_start(self, origin: MainWindow | None = None) -> MainWindow:
        """Show the start page in a window that shows no store."""
        window = self._free_window(origin) or self._new_window(origin)
        window.asked_for = ""
        window.show_start(self.settings.recent_files())
        window.show()
        window.come_up()
        return window

    def new_window(self, origin: MainWindow) -> MainWindow:
        """Another window on what a window shows."""
        if origin.is_free():
            return self.show_start()
        window = self._new_window(origin)
        self._settle(window, origin)
        return window

    def _settle(self, window: MainWindow, origin: MainWindow) -> None:
        """Let a new window begin where another one is, a little beside it."""
        origin.window_state.keep()
        window.asked_for = origin.asked_for
        window.copy_of(origin)
        window.move(origin.pos().x() + STEP, origin.pos().y() + STEP)
        self._uncover(window)
        window.show()

    def _uncover(self, window: MainWindow) -> None:
        """Put a window that is not on the screen yet beside those that lie where it would."""
        if window.isVisible() or window.isMaximized():
            return
        others = [other for other in self.windows if other is not window and other.isVisible()]
        place_beside(window, others)

    def _open(
        self,
        make: Callable[[], Session],
        shown: str,
        remembered_by: str,
        select: str | None,
        origin: MainWindow | None,
        *,
        like: str = "",
    ) -> MainWindow:
        window = self._free_window(origin) or self._new_window(origin)
        window.asked_for = "" if shown == _DEMO else shown
        window.open(make, shown, select, remembered_by=remembered_by, like=like)
        self._uncover(window)
        window.show()
        window.come_up()
        return window

    def _free_window(self, origin: MainWindow | None) -> MainWindow | None:
        """A window in which no store is open serves for the next."""
        free = [window for window in self.windows if window.is_free()]
        return origin if origin in free else next(iter(free), None)

    def _new_window(self, origin: MainWindow | None) -> MainWindow:
        window = MainWindow(self.settings)
        window.tasks.crashed.connect(self.crashes.report)
        window.closing.connect(self._closed)
        window.read.connect(lambda facts: self._note(window, facts))
        window.open_wanted.connect(lambda: self._ask(window))
        window.state_wanted.connect(
            lambda moment, select: self.open_state(moment, select or None, window)
        )
        window.demo_wanted.connect(lambda: self.open_demo(origin=window))
        window.paths_wanted.connect(lambda paths: self.open_files(paths, window))
        window.unwanted.connect(lambda path: self._forget(window, path))
        window.preferred.connect(self.preferences.tell)
        window.dispatcher.add_menus({"recent": self._recent_menu(window)})
        window.dispatcher.add_commands(
            program_commands(
                new_window=lambda: self.new_window(window),
                show_start=self.show_start,
                turn=partial(self._turn, window),
                show_preferences=lambda: self._show_preferences(window),
                appear=self.preferences.appear,
                copy_diagnostics=lambda: self.help_controller.copy(window.helped),
                show_about=lambda: self.help_controller.show_about(window.helped),
            )
        )
        beside = origin or next(iter(self.windows[-1:]), None)
        if beside is not None:
            window.move(beside.pos().x() + STEP, beside.pos().y() + STEP)
        self.preferences.serve(window)
        self.windows.append(window)
        self._tell_windows()
        return window

    def _show_preferences(self, window: MainWindow) -> None:
        # Only whoever asks for it waits for it.
        from inspector.gui.settings.preferences_dialog import PreferencesDialog  # noqa: PLC0415

        schema = window.parts_now().schema
        dialog = window.findChild(PreferencesDialog) or PreferencesDialog(
            window, self.preferences, schema, schema.brought, window.read
        )
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    # Files

    def _recent_menu(self, window: MainWindow) -> RecentMenu:
        return RecentMenu(
            window,
            window.tasks,
            lambda: [path for path, _ in self.settings.recent_files()],
            lambda path: self.open_file(path, origin=window),
            lambda: self._forget(window, None),
        )

    def _ask(self, window: MainWindow) -> None:
        from inspector.gui.dialogs import file_dialogs  # noqa: PLC0415 - not before it is asked for

        def take(paths: Sequence[Path]) -> None:
            self.settings.open_folder = os.fspath(paths[0].parent)
            self.open_files(paths, window)

        file_dialogs.ask_open(window, self.settings.open_folder, take)

    def _note(self, window: MainWindow, facts: StoreFacts) -> None:
        """A file was opened: it is a recent one from now on."""
        if facts.label is Label.DEMO:
            return
        self.settings.add_recent(full_path(facts.path), _now())
        # The first rows do not wait for the disk; then it is written, whatever happens to us.
        if window.is_complete:
            self._keep()
        else:
            window.completed.connect(self._keep)

    def _keep(self) -> None:
        """Write the settings in the worker of a window."""
        if not self.windows:
            return
        draft = self._file.draft(self.settings)
        self.windows[0].tasks.run(
            "settings", lambda _c, _r: self._file.write(draft), lambda _: None
        )

    def _forget(self, window: MainWindow, path: str | None) -> None:
        self.settings.forget_recent(path)
        if window.is_start():
            window.start.refresh(self.settings.recent_files())

    # Windows

    def _turn(self, window: MainWindow, by: int) -> None:
        self.windows[(self.windows.index(window) + by) % len(self.windows)].come_up()

    def _tell_windows(self) -> None:
        for window in self.windows:
            window.windows.set_windows(self.windows)

    def close_all(self) -> None:
        """Close every window."""
        for window in list(self.windows):
            window.close()

    def _closed(self, window: MainWindow) -> None:
        self.windows.remove(window)
        self._tell_windows()
        self._file.save(self.settings)


def _session(path: str | Path | None) -> Session:
    """Called in the worker, as what reads a store is imported while the window comes up."""
    from inspector.session.session import Session  # noqa: PLC0415

    return Session.open(path)


def _state_session(moment: StoreMoment) -> Callable[[], Session]:
    """Opens a state; whoever opens it again does not get another one of a log begun anew."""
    known = [moment]

    def make() -> Session:
        from inspector.schema.catalog import AUTO  # noqa: PLC0415
        from inspector.session.store_moment import open_moment  # noqa: PLC0415

        session = open_moment(known[0], AUTO)
        if session.store.moment is not None:
            known[0] = moment._replace(generation=session.store.moment.generation)
        return session

    return make


def _demo_session() -> Session:
    from inspector.session.session import Session  # noqa: PLC0415

    return Session.demo()


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def run(
    paths: Sequence[str],
    *,
    demo: bool = False,
    select: str | None = None,
    started: Callable[[Application], object] | None = None,
) -> int:
    """Show windows until the last is closed.

    Args:
        paths: stores to open, or ``FILE@wal:17``, a window each; none: the start page, or with
            ``select`` the store of this machine.
        demo: open the built-in demo store.
        select: ``KIND/ID[@VERSION]``, the record to go to in the first window.
        started: called once the first window is there.

    Returns:
        The exit code.

    Raises:
        NoDisplayError: there is no screen; where Qt would abort for want of one, the process ends.
    """
    # Decoding in the worker would else hold the GUI up for five milliseconds at a time.
    sys.setswitchinterval(SWITCH)
    with DisplayCheck():
        app = DesktopApplication(sys.argv[:1])
    inspector = Application(app)
    # Before a window is there: what a handler raises while Qt calls Python is lost.
    ending = Shutdown(inspector.close_all, app)
    log = LogFile(log_path())
    log.install()
    faults = FaultLog(log.path.parent, log.write)
    faults.start()
    listen(log.take)
    inspector.help_controller.recent = log.recent
    inspector.crashes.log = log.write
    inspector.crashes.install()
    for number, path in enumerate(paths):
        inspector.open_named(path, select if number == 0 else None)
    if demo:
        inspector.open_demo(select if not paths else None)
    elif not paths and select:
        inspector.open_file(None, select)
    elif not paths:
        inspector.show_start()
    if started is not None:
        started(inspector)
    code = app.exec()
    listen(None)
    faults.stop()
    ending.leave()
    log.uninstall()
    return code
