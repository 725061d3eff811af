"""What stands above the panes: the file is not what it was, not a store, newer than we are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final, Protocol

from PySide6.QtCore import QObject, SignalInstance

from inspector.errors import (
    InspectorError,
    NotFoundError,
    StateGoneError,
    StoreError,
    StoreErrorKind,
)
from inspector.gui.store_request import OpenedStore
from inspector.gui.style.text_format import visible
from inspector.gui.switched_connection import SwitchedConnection
from inspector.gui.widgets.banner import Action, Banner, Tone
from inspector.gui.widgets.notification_stack import Notification, NotificationStack
from inspector.store.rows import Form

_GONE: Final = frozenset(
    {
        *(StoreErrorKind.MISSING, StoreErrorKind.NO_PERMISSION, StoreErrorKind.BAD_PATH),
        *(StoreErrorKind.DIRECTORY, StoreErrorKind.BADGER, StoreErrorKind.NOT_REGULAR),
        *(StoreErrorKind.EMPTY, StoreErrorKind.NOT_A_DATABASE, StoreErrorKind.REPLACED),
    }
)
_AGAIN: Final = frozenset(
    {
        *(StoreErrorKind.BUSY, StoreErrorKind.TIMEOUT, StoreErrorKind.TOO_LARGE_TO_COPY),
        *(StoreErrorKind.NO_ROOM, StoreErrorKind.NO_MEMORY),
    }
)
#: Work that cannot be done unless the file can be read.
_READING: Final = frozenset(
    (
        *("anchors", "count", "gone", "history", "record", "referrers", "row", "rows"),
        *("table", "table-rows", "tables"),
    )
)
#: The key of what is said of a file that is no store.
FOREIGN: Final = "form"
LOST: Final = "lost"  #: the key of what is said of a file that cannot be read now
NO_FILE: Final = "The file no longer exists."
_LOST: Final = {
    StoreErrorKind.MISSING: NO_FILE,
    StoreErrorKind.NO_PERMISSION: "The file can no longer be read.",
}


class EarlierState(Protocol):
    """What can be done where an earlier state of a store is open."""

    def open_newest(self) -> None:
        """Open the newest one."""

    def compare_newest(self) -> None:
        """Compare both."""


class StoreAlerts(NotificationStack):
    """What is said of the store a window shows.

    Args:
        banner: where it is said.
        parent: ends it.
        answered: tells the channel of work in the worker that was done.
        reopen: opens the file anew.
        read_again: reads the store that is open anew.
        states: what is done where an earlier state of a store is open.
        now: the time it is.
    """

    def __init__(
        self,
        banner: Banner,
        parent: QObject,
        answered: SignalInstance,
        reopen: Callable[[], None],
        read_again: Callable[[], None],
        states: EarlierState,
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        super().__init__(banner, parent)
        self._reopen, self._read_again = reopen, read_again
        self._newest: Action = ("Open newest state", states.open_newest)
        self._compare: Action = ("Compare with newest state", states.compare_newest)
        self._now = now
        self._answered = SwitchedConnection(answered)  #: while it is to be read again

    # What is said

    def opened(self, answer: OpenedStore) -> None:
        """Say what is to be known of a store that was opened, or of the record asked for."""
        self.drop(LOST)
        for alert in _about(answer):
            self.tell(alert)
        if answer.problem is not None:
            self.tell(_not_shown(answer.asked, answer.problem))
        if answer.facts.as_of:
            title = f"This is the store {answer.facts.as_of} of its write-ahead log."
            if not answer.facts.commit:
                title = f"This is the store {answer.facts.as_of} in its write-ahead log."
            body = "It is not followed, and what was committed later is not shown."
            self.tell(
                Notification("state", 5, Tone.NOTE, title, body, (self._compare, self._newest))
            )
        for number, note in enumerate(answer.session.file_notes):
            self.tell(Notification(f"note {number}", 2, Tone.NOTE, visible(note)))

    def failed(self, _channel: str, error: InspectorError) -> None:
        """Say what went wrong with a file that was open."""
        seen = f"{self._now():%H:%M:%S}"
        if isinstance(error, StateGoneError):
            self.tell_lost(error.message, seen, (self._newest,))
        if not isinstance(error, StoreError):
            return
        reopen = ("Reopen", self._reopen)
        if error.kind is StoreErrorKind.REPLACED:
            title = f"The file was replaced. Noticed at {seen}."
            body = "The data shown was read before and may not be in the new file."
            self.tell(Notification(LOST, 9, Tone.WARNING, title, body, (reopen,)))
        elif error.kind in _GONE:
            title = _LOST.get(error.kind, f"The file changed: {error.message}")
            self.tell_lost(title, seen, (reopen,))
        elif error.kind in _AGAIN:
            action = ("Refresh", self._read_again)
            self.tell(Notification(LOST, 8, Tone.WARNING, error.message, error.hint, (action,)))

    def tell_lost(self, title: str, seen: str, actions: tuple[Action, ...] = ()) -> None:
        """Say that the file cannot be read now, and when that was noticed."""
        body = f"The data shown was read before. Noticed at {seen}."
        self.tell(Notification(LOST, 9, Tone.WARNING, title, body, actions))

    def tell(self, alert: Notification) -> None:
        """Show an alert; one of a file that cannot be read goes as soon as it is read again."""
        super().tell(alert)
        if alert.key == LOST:
            self._answered.switch(self._read, on=True)

    def _read(self, channel: str) -> None:
        if channel in _READING:
            self._answered.switch(self._read, on=False)
            self.drop(LOST)


def _not_shown(asked: str, problem: InspectorError) -> Notification:
    """Why the record asked for is not on screen; hints may be for the command line."""
    if isinstance(problem, NotFoundError):
        title = f"{visible(asked)} is not in this store."
        return Notification("select", 7, Tone.WARNING, title, visible(problem.message))
    return Notification("select", 7, Tone.WARNING, visible(problem.message), visible(problem.hint))


def foreign_file(map_name: str = "", *, chosen: bool = False) -> Notification:
    """That a file is none of Stigmer's, and what its blobs are read as.

    Args:
        map_name: of the map in use; empty where there is none.
        chosen: whether a reading was chosen for a column.
    """
    how = "blobs are read by number"
    if map_name:
        how = f"they are read as {visible(map_name)} says"
    elif chosen:
        how += ", but for the columns you chose"
    body = f"Its tables can be browsed; {how}."
    return Notification(FOREIGN, 4, Tone.NOTE, "This is not a Stigmer store.", body)


def _about(answer: OpenedStore) -> list[Notification]:
    facts = answer.facts
    if facts.form is Form.FOREIGN:
        return [foreign_file()]
    if facts.newer:
        body = "Known tables are decoded; the others can be browsed."
        return [Notification("form", 4, Tone.NOTE, facts.newer, body)]
    return []
