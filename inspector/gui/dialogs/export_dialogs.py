"""Asks where something is exported to; writes a store there, told by a banner how far it is."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Final, Protocol

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QWidget

from inspector.errors import CancelledError, InspectorError
from inspector.gui.dialogs import file_dialogs, message_boxes
from inspector.gui.tasks import Report, Tasks
from inspector.gui.widgets.banner import Notification, NotificationStack, Tone


class ExportFolder(Protocol):
    """What remembers the folder of the last export; empty where there was none."""

    export_folder: str


class ExportDialogs:
    """Asks in a window for files, none of which may be the store's own.

    Args:
        parent: the window.
        memory: the settings.
        store: gives the real path of the store that is open.
    """

    def __init__(
        self, parent: QWidget, memory: ExportFolder, store: Callable[[], Path | None]
    ) -> None:
        self._parent, self._memory, self.store = parent, memory, store

    def ask(self, name: str, write: Callable[[Path], None], *, secrets: bool = False) -> None:
        """Ask for a file of JSON; ``write`` is called with the answer, if there is one."""
        proposed = self._folder() / name
        file_dialogs.ask_export(self._parent, proposed, self._keeping(write), secrets=secrets)

    def ask_rows(self, title: str, name: str, write: Callable[[Path], None]) -> None:
        """Ask for a file of several records."""
        proposed = self._folder() / name
        file_dialogs.ask_export_rows(self._parent, title, proposed, self._keeping(write))

    def ask_new_store(self, title: str, name: str, write: Callable[[Path], None]) -> None:
        """Ask for a file for a store, whole or in part."""
        proposed = self._folder() / name
        file_dialogs.ask_new_store(self._parent, title, proposed, self._keeping(write))

    def ask_map(self, name: str, write: Callable[[Path], None]) -> None:
        """Ask for a file of a map, beginning where exports go and not beside the store."""
        proposed = self._folder() / name
        file_dialogs.ask_save_map(self._parent, proposed, self._keeping(write))

    def fail(self, error: InspectorError) -> None:
        """Say why nothing was written."""
        message_boxes.failed(self._parent, error)

    def _folder(self) -> Path:
        place = QStandardPaths.StandardLocation.DocumentsLocation
        return Path(self._memory.export_folder or QStandardPaths.writableLocation(place))

    def _keeping(self, write: Callable[[Path], None]) -> Callable[[Path], None]:
        def kept(path: Path) -> None:
            self._memory.export_folder = os.fspath(path.parent)
            write(path)

        return kept


_RANK: Final = 4

#: Says in a few words what is being done.
Doing = Callable[[str], None]


class StoreSaving:
    """The saving of one kind of store.

    Args:
        channel: the channel it is written in, which is a noun too: ``snapshot``.
        tasks: what writes.
        alerts: say how far it is.
        dialogs: say why nothing was written.
        tell: says what was done.
    """

    def __init__(
        self,
        channel: str,
        tasks: Tasks,
        alerts: NotificationStack,
        dialogs: ExportDialogs,
        tell: Callable[[str], None],
    ) -> None:
        self._channel = channel
        self._tasks, self._alerts, self._dialogs, self._tell = tasks, alerts, dialogs, tell

    def run(self, write: Callable[[Event, Doing], str]) -> None:
        """Write; what is given back is the sentence on what was done."""
        doing = ""

        def work(cancel: Event, report: Report) -> str:
            def told(words: str) -> None:
                nonlocal doing
                doing = words
                report(0, 0)

            return write(cancel, told)

        def done(sentence: str) -> None:
            self._alerts.drop(self._channel)
            self._tell(sentence)

        def fail(error: InspectorError) -> None:
            self._alerts.drop(self._channel)
            if isinstance(error, CancelledError):
                self._tell(f"{self._channel.capitalize()} cancelled; nothing was written.")
            else:
                self._dialogs.fail(error)

        self._say(doing)
        self._tasks.run(self._channel, work, done, fail, lambda *_: self._say(doing), slow=True)

    def _say(self, doing: str) -> None:
        what = f"Saving a {self._channel}"
        words = f"{what}: {doing}." if doing else f"{what}\N{HORIZONTAL ELLIPSIS}"
        cancel = ("Cancel", lambda: self._tasks.cancel(self._channel))
        again = self._channel in self._alerts
        self._alerts.tell(
            Notification(self._channel, _RANK, Tone.NOTE, words, "", (cancel,), quiet=again)
        )
