"""Exporting the chosen rows of a list: as many as there are, one after the other, in the worker."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths

from inspector.errors import CancelledError, InspectorError
from inspector.export.stream import Stream
from inspector.export.target import refuse_store, replacing
from inspector.gui.dialogs import files, notes
from inspector.gui.models.orders import heads_of
from inspector.gui.source import Source
from inspector.gui.tasks import Report
from inspector.gui.words import count
from inspector.session.types import RecordHead

if TYPE_CHECKING:
    from inspector.gui.main_window import MainWindow

_EVERY = 16  #: records between two words about how far it is


class RowExport(QObject):
    """Writes the chosen records to a file, secrets covered; the status line tells how far."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        action = window.actions_["export_rows"]
        action.triggered.connect(lambda _=False: self.ask())
        action.setEnabled(False)
        window.settled.connect(lambda _: action.setEnabled(True))

    def ask(self) -> None:
        """Ask for a file: ``.json`` becomes an array, anything else a record a line."""
        window, store = self._window, self._window.store_path()
        source, rows = window.desk.source(), window.records.table.selected_rows()
        if store is None or source is None or not rows:
            window.status.tell("No rows are chosen.")
            return
        place = QStandardPaths.StandardLocation.DocumentsLocation
        folder = window.settings.export_folder or QStandardPaths.writableLocation(place)
        day = datetime.now(UTC).strftime("%Y-%m-%d")
        proposed = Path(folder) / f"{store.stem}-{sum(map(len, rows))}-records-{day}.ndjson"

        def write(path: Path) -> None:
            window.settings.export_folder = os.fspath(path.parent)
            self._write(source, rows, path, store)

        files.ask_export_rows(window, proposed, write)

    def _write(self, source: Source, rows: list[range], path: Path, store: Path) -> None:
        window, order = self._window, self._window.records.records.order
        total = sum(map(len, rows))

        def work(cancel: Event, report: Report) -> str:
            def told(heads: Iterable[RecordHead]) -> Iterable[RecordHead]:
                for number, head in enumerate(heads):
                    if number % _EVERY == 0:
                        report(number, total)
                    yield head

            return export_rows(source, told(heads_of(order, rows, cancel)), path, store, cancel)

        window.status.tell(f"Writing {count(total, 'record')}.")
        window.tasks.run("export", work, window.status.tell, self._fail, self._far, slow=True)

    def _far(self, done: int, total: int) -> None:
        self._window.status.tell(f"Written {done:,} of {total:,}.")

    def _fail(self, error: InspectorError) -> None:
        if isinstance(error, CancelledError):
            self._window.status.tell("Stopped; the file is as it was.")
        else:
            notes.failed(self._window, error)


def export_rows(
    source: Source, heads: Iterable[RecordHead], path: Path, store: Path, cancel: Event
) -> str:
    """Write records to a file that is replaced whole or not at all, secrets covered.

    Returns:
        A sentence about what was written.

    Raises:
        UsageError, UnwritableError: the file cannot be written, or belongs to the store.
        CancelledError: it was stopped.
    """
    refuse_store(path, store)
    written = 0
    with replacing(path) as file:
        stream = Stream(file.write, array=path.suffix.lower() == ".json")
        covered = 0
        for head in heads:
            if cancel.is_set():
                raise CancelledError("Stopped.")
            covered += stream.add(source.record(head.kind, head.id, None, cancel)).covered
            written += 1
        stream.close()
    secrets = f", {count(covered, 'secret')} covered" if covered else ""
    return f"{count(written, 'record')} written to {path}{secrets}."
