"""A schema of one's own in the window: chosen, read in the worker, read again with the store."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QProgressDialog

from inspector.errors import CancelledError, InspectorError
from inspector.gui.dialogs import file_dialogs, message_boxes
from inspector.gui.store_request import Unread, read_with_own
from inspector.gui.style.text_format import count, visible
from inspector.gui.tasks import Report
from inspector.gui.widgets.banner import Tone
from inspector.gui.widgets.notification_stack import Notification
from inspector.schema.catalog import bring, own_problems, own_schemas, schema_name

if TYPE_CHECKING:
    from inspector.gui.app.main_window import MainWindow
    from inspector.session.session import Session

_CHANNEL: Final = "schema"
_PROBLEMS: Final = "own schema"
_PATIENCE: Final = 400  #: milliseconds until it is shown that a schema is being read
_NAMED: Final = 3  #: things that are named


class SchemaController(QObject):
    """Brings schemas of one's own to a window; ``brought`` tells that one is there."""

    brought = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.desk.renewal = self._renewal
        window.settled.connect(lambda _: self._settled())

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
        store = window.store_path()
        stores = (store,) if store is not None else ()

        def work(cancel: Event, report: Report) -> str:
            return bring(path, cancel, report, stores)

        name = visible(schema_name(path))
        told = QProgressDialog(f"Reading {name}\N{HORIZONTAL ELLIPSIS}", "Cancel", 0, 0, window)
        told.setMinimumDuration(_PATIENCE)
        told.setAutoReset(False)
        told.canceled.connect(lambda: window.tasks.cancel(_CHANNEL))

        def progress(done: int, total: int) -> None:
            told.setMaximum(total)
            told.setValue(done)

        def end() -> None:
            told.reset()
            told.deleteLater()

        def done(schema: str) -> None:
            end()
            window.schemas.take(schema, kind)
            self._tell_problems(schema)
            self.brought.emit()

        def failed(error: InspectorError) -> None:
            end()
            self.brought.emit()
            if not isinstance(error, CancelledError):
                message_boxes.failed(window, error)

        window.tasks.run(_CHANNEL, work, done, failed, progress)

    def _settled(self) -> None:
        if not self._window.keeper.now.has_own():
            self._window.alerts.drop(_PROBLEMS)
        self._tell_unread(self._window.unread)

    def _tell_unread(self, unread: Unread) -> None:
        """Say which schemas that were chosen cannot be read, or that all can."""
        window = self._window
        if not unread:
            window.alerts.drop(_CHANNEL)
            return
        name, error = next(iter(unread.items()))
        instead = "It is used as it was read before."
        if name not in own_schemas():
            instead = "What was to be read with it is read automatically."
        body = f"{error} {instead}"
        actions = (("Try again", window.read_again), ("Use automatic", window.schemas.reset))
        title = f"The schema {visible(schema_name(name))} cannot be read."
        window.alerts.tell(Notification(_CHANNEL, 6, Tone.WARNING, title, visible(body), actions))

    def _tell_problems(self, schema: str) -> None:
        problems = own_problems(schema)
        if problems:
            title = f"{visible(schema_name(schema))} was read, but {_things(len(problems))}"
            body = " ".join(map(visible, problems[:_NAMED]))
            more = len(problems) - _NAMED
            body += f" {more:,} more." if more > 0 else ""
            self._window.alerts.tell(Notification(_PROBLEMS, 3, Tone.NOTE, title, body))

    def _renewal(self) -> _Renewal | None:
        """What reads the schemas in use again, None where none is one's own."""
        now = self._window.keeper.now
        if now.has_own():
            return _Renewal(self._window, now.schema, dict(now.schemas))
        self._window.unread = {}
        return None


class _Renewal:
    """Reads a store with the schemas that were chosen, as they lie there now."""

    def __init__(self, window: MainWindow, schema: str, by_kind: Mapping[str, str]) -> None:
        self._window, self._schema, self._by_kind = window, schema, by_kind

    def __call__(self, source: Session, cancel: Event) -> None:
        """Called in the worker."""
        self._window.unread = read_with_own(source, self._schema, self._by_kind, cancel)


def _things(number: int) -> str:
    return f"{count(number, 'thing')} in it {'is' if number == 1 else 'are'} not shown by name."
