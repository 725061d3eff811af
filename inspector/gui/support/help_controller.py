"""What the Help menu does, and the one report of what went wrong in the program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from inspector.gui.settings.settings import Settings
from inspector.gui.support.crash_log import Crash, CrashLog
from inspector.gui.widgets.banner import Tone
from inspector.gui.widgets.notification_stack import Notification, NotificationStack
from inspector.named_tuple import NamedTuple

if TYPE_CHECKING:
    from inspector.gui.support.diagnostics import WindowReport

_KEY: Final = "crash"
_RANK: Final = 9
_PAUSE: Final = 1000  #: milliseconds between two looks at the same report
_TITLE: Final = "Something went wrong in this program. The store was not touched."


class HelpedWindow(NamedTuple):
    """A window as help knows it.

    Attributes:
        widget: over which boxes are shown.
        notices: what is said of the program in it.
        tell: says a sentence in its status line.
        report: gives what diagnostics tell of it.
    """

    widget: QWidget
    notices: NotificationStack
    tell: Callable[[str], None]
    report: Callable[[], WindowReport]


class HelpController(QObject):
    """Copies diagnostic information, shows the about box and reports crashes.

    Args:
        settings: what is told of them.
        windows: gives the windows there are.
        crashes: what is reported.
    """

    def __init__(
        self, settings: Settings, windows: Callable[[], Sequence[HelpedWindow]], crashes: CrashLog
    ) -> None:
        super().__init__(crashes)
        self._settings, self._windows, self._crashes = settings, windows, crashes
        self.recent: Sequence[str] = ()  #: the last lines that were logged
        self._reported: set[str] = set()  #: places of crashes that were on screen
        self._again = False
        self._broken = False
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self._after_pause)
        crashes.changed.connect(self._news)

    def text(self) -> str:
        """The diagnostic information."""
        # Only whoever asks for it waits for it.
        from inspector.gui.support.diagnostics import report  # noqa: PLC0415

        windows = [each.report() for each in self._windows()]
        return report(self._settings, windows, self._crashes.crashes(), self.recent)

    def copy(self, window: HelpedWindow) -> None:
        """Put the diagnostic information on the clipboard."""
        QGuiApplication.clipboard().setText(self.text())
        window.tell("Diagnostic information copied. It names no record, file or user.")

    def show_about(self, window: HelpedWindow) -> None:
        """Show what this program is."""
        from inspector.gui.support.about_dialog import AboutDialog  # noqa: PLC0415 - seldom asked for

        widget = window.widget
        dialog = widget.findChild(AboutDialog) or AboutDialog(widget, lambda: self.copy(window))
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    # Crashes

    def _news(self) -> None:
        if self._pause.isActive():
            self._again = True
            return
        self._pause.start()
        if self._broken:
            return
        try:
            self._report()
        except Exception as error:
            # A report that fails is not tried again, or it would report itself for ever.
            self._broken = True
            self._crashes.report(error)

    def _after_pause(self) -> None:
        if self._again:
            self._again = False
            self._news()

    def _report(self) -> None:
        """Show the report where there is something new, else bring it up to date."""
        crashes = self._crashes.crashes()
        shown = next((each for each in self._windows() if _KEY in each.notices), None)
        new = {crash.place for crash in crashes} - self._reported
        if not crashes or (shown is None and not new):
            return
        window = shown or self._window()
        if window is None:
            return
        self._reported |= new
        actions = (
            ("Details", lambda: self._details(window)),
            ("Copy report", lambda: self.copy(window)),
        )
        quiet = shown is not None
        body = sentence(crashes)
        window.notices.tell(Notification(_KEY, _RANK, Tone.ERROR, _TITLE, body, actions, quiet))

    def _window(self) -> HelpedWindow | None:
        """The window in use, or one that is there."""
        active = QApplication.activeWindow()
        windows = self._windows()
        first = next(iter(windows), None)
        return next((each for each in windows if each.widget is active), first)

    def _details(self, window: HelpedWindow) -> None:
        from inspector.gui.support.crash_dialog import CrashDialog  # noqa: PLC0415 - seldom asked for

        widget = window.widget
        dialog = widget.findChild(CrashDialog) or CrashDialog(widget, lambda: self.copy(window))
        dialog.tell(self.text())
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()


def sentence(crashes: Sequence[Crash]) -> str:
    """What happened, where, how often, and what it means."""
    last = crashes[-1]
    times = f", {last.count:,} times" if last.count > 1 else ""
    where = f" in {last.place}" if last.place else ""
    others = len(crashes) - 1
    more = f" {others:,} other {'fault' if others == 1 else 'faults'} before it." if others else ""
    return f"{last.kind}{where}{times}.{more} What is on screen may not be complete."
