"""Writes a store to a file in the worker, while a banner says how far it is."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Final

from inspector.errors import CancelledError, InspectorError
from inspector.gui.dialogs.export_dialogs import ExportDialogs
from inspector.gui.tasks import Report, Tasks
from inspector.gui.widgets.banner import Tone
from inspector.gui.widgets.notification_stack import Notification, NotificationStack

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
