"""A schema of one's own in the window: chosen, read in the worker, read again with the store."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QProgressDialog, QWidget

from inspector.errors import CancelledError, InspectorError
from inspector.gui.app.store_controller import StoreController
from inspector.gui.app.window_state import WindowState
from inspector.gui.dialogs import file_dialogs, message_boxes
from inspector.gui.settings.file_memory import FileSchemaState
from inspector.gui.store_request import Unread, read_with_own
from inspector.gui.style.text_format import count, visible
from inspector.gui.tasks import Report, Tasks
from inspector.gui.widgets.banner import Tone
from inspector.gui.widgets.notification_stack import Notification, NotificationStack
from inspector.schema.catalog import (
    AUTO,
    bring,
    is_own,
    own_problems,
    own_schemas,
    release_name,
    schema_name,
)
from inspector.schema.kind_names import normal_kind

if TYPE_CHECKING:
    from inspector.session.session import Session

_CHANNEL: Final = "schema"
_PROBLEMS: Final = "own schema"
_PATIENCE: Final = 400  #: milliseconds until it is shown that a schema is being read
_NAMED: Final = 3  #: things that are named


class SchemaController(QObject):
    """What the file of a window is read with; ``brought`` tells of one's own that it is there.

    Args:
        window: where it is asked for.
        store_controller: reads the store.
        window_state: remembers what was chosen.
        notifications: say what cannot be read.
        tasks: what reads schemas.
        read_again: reads the store anew.
    """

    brought = Signal()

    def __init__(
        self,
        window: QWidget,
        store_controller: StoreController,
        window_state: WindowState,
        notifications: NotificationStack,
        tasks: Tasks,
        read_again: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._window, self._window_state = window, window_state
        self._store_controller = store_controller
        self._notifications, self._tasks = notifications, tasks
        self._read_again = read_again
        store_controller.renewal = self._renewal

    def choose(self, name: str, kind: str | None = None) -> None:
        """Read with another schema.

        Args:
            name: ``auto`` or a schema; empty to read a kind as the file. One's own is read first.
            kind: only this kind, or all of the file where None.
        """
        if is_own(name):
            self.bring(name, kind)
        else:
            self._take(name, kind)

    def _take(self, name: str, kind: str | None = None) -> None:
        """The same with a schema that is known to be there."""
        now = self._window_state.now
        name = release_name(name) or name
        if kind is None:
            now.schema = name
        elif name:
            now.schemas[normal_kind(kind)] = name
        else:
            now.schemas.pop(normal_kind(kind), None)
        self._store_controller.read_with(now.schema, now.schemas)

    def reset(self) -> None:
        """Read the file and all of its kinds with what fits each record."""
        self._window_state.now.schemas.clear()
        self._take(AUTO)

    def state(self) -> FileSchemaState:
        """What is chosen for the file that is open."""
        return FileSchemaState(
            self._store_controller.facts, self._window_state.now, self._window_state.file
        )

    def ask(self, kind: str | None, *, folder: bool) -> None:
        """Ask for a schema, and read the file with it.

        Args:
            kind: only this kind, or all of the file where None.
            folder: whether it lies in a folder or is one file.
        """
        before = own_schemas()
        begin = Path(before[-1]).parent if before else Path.home()
        take = partial(self.bring, kind=kind)
        file_dialogs.ask_schema(
            self._window, begin, lambda path: take(os.fspath(path)), folder=folder
        )

    def bring(self, path: str, kind: str | None = None) -> None:
        """Read a schema in the worker, and then the file, or a kind of it, with it."""
        window = self._window
        store = self._store_controller.store_path()
        stores = (store,) if store is not None else ()

        def work(cancel: Event, report: Report) -> str:
            return bring(path, cancel, report, stores)

        name = visible(schema_name(path))
        told = QProgressDialog(f"Reading {name}\N{HORIZONTAL ELLIPSIS}", "Cancel", 0, 0, window)
        told.setMinimumDuration(_PATIENCE)
        told.setAutoReset(False)
        told.canceled.connect(lambda: self._tasks.cancel(_CHANNEL))

        def progress(done: int, total: int) -> None:
            told.setMaximum(total)
            told.setValue(done)

        def end() -> None:
            told.reset()
            told.deleteLater()

        def done(schema: str) -> None:
            end()
            self._take(schema, kind)
            self._tell_problems(schema)
            self.brought.emit()

        def failed(error: InspectorError) -> None:
            end()
            self.brought.emit()
            if not isinstance(error, CancelledError):
                message_boxes.failed(window, error)

        self._tasks.run(_CHANNEL, work, done, failed, progress)

    def opened(self) -> None:
        """A store was opened: say which schemas could not be read for it."""
        if not self._window_state.now.has_own():
            self._notifications.drop(_PROBLEMS)
        self._tell_unread(self._store_controller.unread)

    def _tell_unread(self, unread: Unread) -> None:
        """Say which schemas that were chosen cannot be read, or that all can."""
        if not unread:
            self._notifications.drop(_CHANNEL)
            return
        name, error = next(iter(unread.items()))
        instead = "The copy that was read before stays in use."
        if name not in own_schemas():
            instead = "Schemas are detected per record instead."
        body = f"{error} {instead}"
        actions = (("Try again", self._read_again), ("Detect per record", self.reset))
        title = f"The schema {visible(schema_name(name))} cannot be read."
        told = Notification(_CHANNEL, 6, Tone.WARNING, title, visible(body), actions)
        self._notifications.tell(told)

    def _tell_problems(self, schema: str) -> None:
        problems = own_problems(schema)
        if problems:
            title = f"{visible(schema_name(schema))} was read, but {_things(len(problems))}"
            body = " ".join(map(visible, problems[:_NAMED]))
            more = len(problems) - _NAMED
            body += f" {more:,} more." if more > 0 else ""
            self._notifications.tell(Notification(_PROBLEMS, 3, Tone.NOTE, title, body))

    def _renewal(self) -> _Renewal | None:
        """What reads the schemas in use again, None where none is one's own."""
        now = self._window_state.now
        if now.has_own():
            return _Renewal(self._store_controller, now.schema, dict(now.schemas))
        self._store_controller.unread = {}
        return None


class _Renewal:
    """Reads a store with the schemas that were chosen, as they lie there now."""

    def __init__(
        self, store_controller: StoreController, schema: str, by_kind: Mapping[str, str]
    ) -> None:
        self._store_controller, self._schema, self._by_kind = store_controller, schema, by_kind

    def __call__(self, session: Session, cancel: Event) -> None:
        """Called in the worker."""
        self._store_controller.unread = read_with_own(session, self._schema, self._by_kind, cancel)


def _things(number: int) -> str:
    return f"{count(number, 'thing')} in it {'is' if number == 1 else 'are'} not shown by name."
