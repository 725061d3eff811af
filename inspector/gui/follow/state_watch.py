"""Notices that an earlier state of a store can no longer be read, while it is on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from inspector.errors import InspectorError, StateGoneError, StoreError
from inspector.gui.follow.follow_controller import FollowController
from inspector.gui.tasks import Tasks

if TYPE_CHECKING:
    from inspector.session.session import Session
    from inspector.store.files import Signature

CHANNEL: Final = "state"
_INTERVAL: Final = 2_000  #: milliseconds between two looks at the times of the files


class StateWatch(QObject):
    """Looks at an earlier state whenever the files were written.

    That it is gone is a failure of its channel, which whoever tells failures tells.
    """

    def __init__(self, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._session: Session | None = None
        self._seen: Signature = ()
        self._next = QTimer(self, interval=_INTERVAL)
        self._next.timeout.connect(self._look_if_written)

    def begin(self, session: Session) -> None:
        """A store was opened; its newest state needs no watching."""
        self._next.stop()
        self._tasks.forget(CHANNEL)
        self._session = session if session.store.moment is not None else None
        if self._session is not None and FollowController.automatic:
            self._next.start()

    def look(self) -> None:
        """Look whether the state can still be read."""
        session = self._session
        if session is not None and not self._tasks.is_busy(CHANNEL):
            self._tasks.run(
                CHANNEL,
                lambda cancel, _: session.store.facts(cancel),
                lambda _: None,
                self._failed,
            )

    def _look_if_written(self) -> None:
        session = self._session
        try:
            now = session.store.signature() if session is not None else ()
        except StoreError:
            now = ()
        if now != self._seen or not now:
            self._seen = now
            self.look()

    def _failed(self, error: InspectorError) -> None:
        if isinstance(error, StateGoneError):
            self._next.stop()
