"""The log of what went wrong, a small file that is made when there is something to write."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QMessageLogContext, QStandardPaths, QtMsgType, qInstallMessageHandler

if TYPE_CHECKING:
    from logging import Handler

NAME: Final = "stigmer-inspector"
_MESSAGES: Final = 200  #: different messages of Qt that are written
_HELD: Final = 20  #: messages about the platform that wait for something worse
_FACTS: Final = 100  #: lines on what was opened that wait for the same
_RECENT: Final = 20
_PLATFORM: Final = "qt.qpa."  #: categories, and what such messages begin with that have none
_UNABLE: Final = "This plugin does not support"
_TOLD: Final = (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)
_Hears = Callable[[QtMsgType, QMessageLogContext, str], Any]


def default_path() -> Path:
    """Where the log of this account is: the state directory, where a platform has one."""
    place = QStandardPaths.StandardLocation
    if sys.platform.startswith("linux"):
        return Path(QStandardPaths.writableLocation(place.GenericStateLocation)) / NAME / "log"
    return Path(QStandardPaths.writableLocation(place.AppLocalDataLocation)) / f"{NAME}.log"


class LogFile:
    """Takes lines from any thread, and what Qt says once :meth:`install` was called.

    What Qt says about the platform is no reason to leave a file behind, nor what was opened and how
    long it took: both are written before the next line that is one. A folder that cannot be written
    is no trouble.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handler: Handler | None = None
        self._held: deque[str] = deque(maxlen=_HELD)
        self._facts: deque[tuple[str, float]] = deque(maxlen=_FACTS)
        #: The last lines of what was opened and how long it took, for whoever helps.
        self.recent: deque[str] = deque(maxlen=_RECENT)
        self._said: set[str] = set()
        self._lock = RLock()
        self._before: _Hears | None = None

    def install(self) -> None:
        """Take what Qt says from now on."""
        self._before = qInstallMessageHandler(self._hear)

    def uninstall(self) -> None:
        """Let Qt's messages go where they went before, and close the file."""
        qInstallMessageHandler(self._before)
        if self._handler is not None:
            self._handler.close()

    def write(self, text: str) -> None:
        """Write a line, or several that belong together, after those that were held back."""
        with self._lock:
            # What takes long to import is not wanted as long as all is well.
            from inspector.gui.support.redacted_log import handler, record  # noqa: PLC0415

            if self._handler is None:
                self._handler = handler(self.path)
            facts = [record(*fact) for fact in self._facts]
            records = [*map(record, self._held), *facts, record(text)]
            self._held.clear()
            self._facts.clear()
        for each in records:
            self._handler.handle(each)

    def take(self, fact: str, when: float) -> None:
        """Take a line of :mod:`inspector.logs`, for its ``listen``."""
        with self._lock:
            self._facts.append((fact, when))
            self.recent.append(fact)

    def _hear(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        """Take what Qt says, and pass it on."""
        if kind in _TOLD and message not in self._said and len(self._said) < _MESSAGES:
            self._said.add(message)
            category = str(context.category or "")
            platform = category.startswith(_PLATFORM) or message.startswith(_UNABLE)
            if kind == QtMsgType.QtWarningMsg and platform:
                self._held.append(f"Qt: {message}")
            else:
                self.write(f"Qt: {message}")
        if self._before is not None:
            self._before(kind, context, message)
        elif sys.stderr is not None:
            sys.stderr.write(f"{message}{os.linesep}")
