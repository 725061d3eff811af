"""Exporting the chosen rows of a list: as many as there are, one after the other, in the worker."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths

from inspector.errors import CancelledError, InspectorError, StoreError
from inspector.export.stream import Stream
from inspector.export.target import refuse_store, replacing
from inspector.gui.dialogs import file_dialogs, message_boxes
from inspector.gui.kinds.kinds_model import EntryType, KindEntry
from inspector.gui.records.row_order import heads_of
from inspector.gui.style.text_format import count
from inspector.gui.tasks import Report
from inspector.gui.text import record_json
from inspector.session.summaries import RecordHead

if TYPE_CHECKING:
    from inspector.gui.app.main_window import MainWindow
    from inspector.session.session import Session

_EVERY = 16  #: records between two words about how far it is


class RowsExport(QObject):
    """Writes the chosen records to a file, secrets covered; the status line tells how far."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        action = window.actions_["export_rows"]
        action.triggered.connect(lambda _=False: self.ask())
        action.setEnabled(False)
        window.settled.connect(lambda _: action.setEnabled(True))
        self._kind_action = window.actions_["export_kind"]
        self._kind_action.triggered.connect(lambda _=False: self.ask_kind())
        self._kind_action.setEnabled(False)
        window.kinds.chosen.connect(self._chosen)
        window.settled.connect(lambda _: self._chosen(window.kinds.entry()))

    def _chosen(self, entry: KindEntry | None) -> None:
        """The records of a kind, or all there are, can be written; tables and what is gone not."""
        on = entry is not None and entry.type in (EntryType.KIND, EntryType.ALL)
        self._kind_action.setEnabled(on)

    def ask_kind(self) -> None:
        """Ask for a file for all records of the kind chosen at the left, however many."""
        window, store, entry = self._window, self._window.store_path(), self._window.kinds.entry()
        source = window.desk.source()
        if store is None or source is None or entry is None:
            return
        whole = entry.type is EntryType.ALL
        kinds = [one.kind for one in window.desk.tallies.live()] if whole else [entry.kind]
        name = record_json.file_stem(store.stem, "all" if whole else entry.kind)

        def write(path: Path) -> None:
            window.settings.export_folder = os.fspath(path.parent)
            lost: list[StoreError] = []
            heads = partial(_all_of, source, kinds, lost)
            self._run(source, heads, entry.count or 0, path, store, lost)

        file_dialogs.ask_export_rows(window, self._folder() / f"{name}-{_day()}.ndjson", write)

    def ask(self) -> None:
        """Ask for a file: ``.json`` becomes an array, anything else a record a line."""
        window, store = self._window, self._window.store_path()
        source, rows = window.desk.source(), window.records.table.selected_rows()
        if store is None or source is None or not rows:
            window.status.tell("Nothing selected")
            return
        total = sum(map(len, rows))

        def write(path: Path) -> None:
            window.settings.export_folder = os.fspath(path.parent)
            heads = partial(heads_of, window.records.records.order, rows)
            self._run(source, heads, total, path, store)

        name = f"{store.stem}-{total}-records-{_day()}.ndjson"
        file_dialogs.ask_export_rows(window, self._folder() / name, write)

    def _folder(self) -> Path:
        place = QStandardPaths.StandardLocation.DocumentsLocation
        return Path(self._window.settings.export_folder or QStandardPaths.writableLocation(place))

    def _run(
        self,
        source: Session,
        heads: Callable[[Event], Iterable[RecordHead]],
        total: int,
        path: Path,
        store: Path,
        lost: Sequence[StoreError] = (),
    ) -> None:
        window = self._window

        def work(cancel: Event, report: Report) -> str:
            def told(some: Iterable[RecordHead]) -> Iterable[RecordHead]:
                for number, head in enumerate(some):
                    if number % _EVERY == 0:
                        report(number, total)
                    yield head

            sentence = export_rows(source, told(heads(cancel)), path, store, cancel)
            return " ".join((sentence, *(error.message for error in lost[:1])))

        window.status.tell(f"Writing {count(total, 'record') if total else 'records'}")
        window.tasks.run("export", work, window.status.tell, self._fail, self._far, slow=True)

    def _far(self, done: int, total: int) -> None:
        self._window.status.tell(f"{done:,} of {total:,} written" if total else f"{done:,} written")

    def _fail(self, error: InspectorError) -> None:
        if isinstance(error, CancelledError):
            self._window.status.tell("Stopped; the file is as it was.")
        else:
            message_boxes.failed(self._window, error)


def _day() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d")


def _all_of(
    source: Session, kinds: Sequence[str], lost: list[StoreError], cancel: Event
) -> Iterator[RecordHead]:
    """Every live record of some kinds that can be read, page by page.

    What ends a kind early is added to ``lost``.
    """
    for kind in kinds:
        after: str | None = None
        while True:
            page = source.records(kind, after, cancel=cancel)
            yield from page.rows
            lost += [page.damage] if page.damage is not None else []
            if page.damage is not None or not page.more or not page.rows:
                break
            after = page.rows[-1].id


def export_rows(
    source: Session, heads: Iterable[RecordHead], path: Path, store: Path, cancel: Event
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
    words = f"{count(written, 'record')} exported to {path}."
    return words + record_json.exported_as_covered(covered)
