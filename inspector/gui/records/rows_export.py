"""Takes the chosen rows of a list along: a file for each, or a bundle of them for a bug report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from inspector.errors import NotFoundError, StateGoneError, StoreError
from inspector.export.replaced_file import refuse_store, replacing
from inspector.export.stream import Stream
from inspector.gui.actions import Actions
from inspector.gui.dialogs.file_dialogs import (
    Doing,
    ExportDialogs,
    StoreSaving,
    row_saving,
    so_far,
)
from inspector.gui.dialogs.file_names import file_stem
from inspector.gui.kinds.kinds_model import WITHOUT_RECORDS, EntryType, KindEntry
from inspector.gui.kinds.kinds_view import KindsView
from inspector.gui.records.list_columns_dialog import ListColumnsDialog
from inspector.gui.records.records_pane import RecordsPane
from inspector.gui.records.row_order import heads_of
from inspector.gui.style.text_format import count
from inspector.gui.tasks import Tasks, until_cancelled
from inspector.gui.text import record_json
from inspector.gui.widgets.notification_stack import NotificationStack
from inspector.session.bundle import BundleRequest, save_bundle
from inspector.session.row_export import csv_line
from inspector.session.summaries import KindSummary, RecordHead

if TYPE_CHECKING:
    from inspector.session.session import Session


_EVERY = 16  #: records between two words about how far it is
_LIST: Final = ".csv"
#: What each column of a list holds.
_COLUMNS: Final[dict[str, Callable[[RecordHead], str | None]]] = {
    "kind": lambda head: head.kind,
    "id": lambda head: head.id,
    "name": lambda head: head.name,
    "state": lambda head: head.state,
    "error": lambda head: head.error,
    "organization": lambda head: head.org,
    "updated": lambda head: head.updated_at,
    "bytes": lambda head: str(head.size),
    "versions": lambda head: str(head.versions),
}

_SELECTED: Final = ("export_rows", "bundle")  #: what is done with the records that are selected


class RowsExport(QObject):
    """Writes the chosen records to a file, secrets covered; the banner tells how far.

    Args:
        kinds: the kinds at the left.
        records: the list in the middle.
        actions: of the window.
        session: gives the store that is open.
        live: gives all kinds with records.
        tasks: what writes.
        alerts: say how far it is.
        tell: says a sentence in the status line.
        dialogs: ask where it is written to.
    """

    def __init__(
        self,
        kinds: KindsView,
        records: RecordsPane,
        actions: Actions,
        session: Callable[[], Session | None],
        live: Callable[[], Sequence[KindSummary]],
        tasks: Tasks,
        alerts: NotificationStack,
        tell: Callable[[str], None],
        dialogs: ExportDialogs,
    ) -> None:
        super().__init__(records)
        self._kinds, self._records, self._actions = kinds, records, actions
        self._session, self._live = session, live
        self._tell, self._dialogs = tell, dialogs
        self._saving = row_saving(tasks, alerts, dialogs, tell)
        self._listed = False  #: whether records are listed
        actions.enable((*_SELECTED, "export_kind"), on=False)
        kinds.chosen.connect(self._chosen)
        records.table.number_selected.connect(self._offer_rows)

    def enable(self) -> None:
        """A store is open."""
        self._chosen(self._kinds.entry())

    def _chosen(self, entry: KindEntry | None) -> None:
        """The records of a kind, or all there are, can be written; tables and what is gone not."""
        on = entry is not None and entry.type in (EntryType.KIND, EntryType.ALL)
        self._actions.enable(("export_kind",), on=on)
        self._listed = entry is not None and entry.type not in WITHOUT_RECORDS
        self._offer_rows()

    def _offer_rows(self) -> None:
        """Records that are selected can be written, or bundled, while their list is shown."""
        selected = self._records.table.selectionModel().hasSelection()
        self._actions.enable(_SELECTED, on=self._listed and selected)

    def ask_kind(self) -> None:
        """Ask for a file for all records of the kind chosen at the left, however many."""
        session, store, entry = self._session(), self._dialogs.store(), self._kinds.entry()
        if store is None or session is None or entry is None:
            return
        whole = entry.type is EntryType.ALL
        kinds = [one.kind for one in self._live()] if whole else [entry.kind]
        name = file_stem(store.stem, "all" if whole else entry.kind)

        def write(path: Path) -> None:
            lost: list[StoreError] = []
            heads = partial(_all_of, session, kinds, lost)
            self._run(session, heads, entry.count or 0, path, store, lost)

        title = "Export all records" if whole else f"Export all records of {entry.title}"
        self._dialogs.ask_rows(title, f"{name}-{_day()}.ndjson", write)

    def ask(self) -> None:
        """Ask for a file: of ``.json``, of ``.csv``, of anything else a record a line."""
        session, store = self._session(), self._dialogs.store()
        rows = self._records.table.selected_rows()
        if store is None or session is None or not rows:
            self._tell("Nothing selected")
            return
        total = sum(map(len, rows))
        # Now: while the dialog is there the list may be another.
        heads = partial(heads_of, self._records.records.shown(), rows)

        def write(path: Path) -> None:
            self._run(session, heads, total, path, store)

        name = f"{store.stem}-{total}-records-{_day()}.ndjson"
        self._dialogs.ask_rows("Export selected records", name, write)

    def _run(
        self,
        session: Session,
        heads: Callable[[Event], Iterable[RecordHead]],
        total: int,
        path: Path,
        store: Path,
        lost: Sequence[StoreError] = (),
    ) -> None:
        if path.suffix.lower() == _LIST:

            def write_list(columns: Sequence[str]) -> None:
                self._save(partial(export_list, columns), heads, total, path, store, lost)

            ListColumnsDialog(self._records.window(), path.name, tuple(_COLUMNS), write_list).open()
            return
        self._save(partial(export_rows, session), heads, total, path, store, lost)

    def _save(
        self,
        export: Callable[[Iterable[RecordHead], Path, Path, Event], str],
        heads: Callable[[Event], Iterable[RecordHead]],
        total: int,
        path: Path,
        store: Path,
        lost: Sequence[StoreError],
    ) -> None:
        def write(cancel: Event, doing: Doing) -> str:
            def told(some: Iterable[RecordHead]) -> Iterable[RecordHead]:
                for number, head in enumerate(some):
                    if number % _EVERY == 0:
                        doing(so_far(number, total))
                    yield head

            sentence = export(told(heads(cancel)), path, store, cancel)
            return " ".join((sentence, *(error.message for error in lost[:1])))

        self._saving.run(write)


def _day() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d")


def _all_of(
    session: Session, kinds: Sequence[str], lost: list[StoreError], cancel: Event
) -> Iterator[RecordHead]:
    """Every live record of some kinds that can be read, page by page.

    What ends a kind early is added to ``lost``.
    """
    for kind in kinds:
        after: str | None = None
        while True:
            page = session.records(kind, after, cancel=cancel)
            yield from page.rows
            lost += [page.damage] if page.damage is not None else []
            if page.damage is not None or not page.more or not page.rows:
                break
            after = page.rows[-1].id


def export_rows(
    session: Session, heads: Iterable[RecordHead], path: Path, store: Path, cancel: Event
) -> str:
    """Write records to a file that is replaced whole or not at all, secrets covered.

    Returns:
        A sentence about what was written.

    Raises:
        UsageError, UnwritableError: the file cannot be written, or belongs to the store.
        NotFoundError: none of them is there any more.
        CancelledError: it was stopped.
    """
    refuse_store(path, store)
    written = gone = 0
    with replacing(path) as file:
        stream = Stream(file.write, array=path.suffix.lower() == ".json")
        covered = lossy = 0
        for head in until_cancelled(heads, cancel):
            before = stream.replaced
            try:
                record = session.record(head.kind, head.id, None, cancel)
            except NotFoundError as error:
                if isinstance(error, StateGoneError):
                    raise
                gone += 1
                continue
            added = stream.add(record)
            covered, written = covered + added.covered, written + 1
            lossy += bool(added.notes) or stream.replaced > before
        if gone and not written:
            raise NotFoundError("None of these records is in the store any more.")
        stream.close()
    words = f"{count(written, 'record')} exported to {path}."
    if gone:
        words += f" {count(gone, 'record is', 'records are')} no longer in the store."
    return words + record_json.exported_as_covered(covered) + record_json.said_of_losses(lossy)


def export_list(
    columns: Sequence[str],
    heads: Iterable[RecordHead],
    path: Path,
    store: Path,
    cancel: Event,
) -> str:
    """Write some columns of a list of records as CSV, its file replaced whole or not at all.

    Times are as the store has them, in UTC; of an error it is the first line.

    Returns:
        A sentence about what was written.

    Raises:
        UsageError, UnwritableError: the file cannot be written, or belongs to the store.
        CancelledError: it was stopped.
    """
    refuse_store(path, store)
    written = 0
    with replacing(path) as file:
        file.write(csv_line(columns))
        for head in until_cancelled(heads, cancel):
            file.write(csv_line([_COLUMNS[one](head) for one in columns]))
            written += 1
    return f"The list of {count(written, 'record')} exported to {path}."


BUNDLE_CHANNEL: Final = "bundle"


class BundleAction(QObject):
    """Writes the chosen records to a store of their own; the banner says what is being done.

    Args:
        records: the list in the middle.
        session: gives the store that is open.
        tasks: what writes.
        alerts: say how far it is.
        dialogs: ask where it is written to.
        tell: says what was done.
    """

    def __init__(
        self,
        records: RecordsPane,
        session: Callable[[], Session | None],
        tasks: Tasks,
        alerts: NotificationStack,
        dialogs: ExportDialogs,
        tell: Callable[[str], None],
    ) -> None:
        super().__init__(records)
        self._records, self._session = records, session
        self._dialogs, self._tell = dialogs, tell
        self._saving = StoreSaving(BUNDLE_CHANNEL, tasks, alerts, dialogs, tell)

    def ask(self) -> None:
        """Ask for a file for the records that are selected in the list."""
        session, store = self._session(), self._dialogs.store()
        rows = self._records.table.selected_rows()
        if session is None or store is None or not rows:
            self._tell("Nothing selected")
            return
        heads = partial(heads_of, self._records.records.shown(), rows)

        def write(path: Path) -> None:
            self._save(session, heads, path)

        total = sum(map(len, rows))
        title = f"Save a bundle of {count(total, 'record')}"
        self._dialogs.ask_new_store(title, f"{store.stem}-bundle-{_day()}.sqlite", write)

    def _save(
        self, session: Session, heads: Callable[[Event], Iterable[RecordHead]], path: Path
    ) -> None:
        def write(cancel: Event, doing: Doing) -> str:
            doing("reading the records")
            keys = [(head.kind, head.id) for head in heads(cancel)]
            found = save_bundle(session, BundleRequest(keys, cancel=cancel, progress=doing), path)
            said = f"Bundle of {found.counts} written to {path}; all secrets are replaced."
            damage = session.store.damage
            notes = [_sentence(note) for note in found.notes]
            return " ".join((said, *notes, *(() if damage is None else (str(damage),))))

        self._saving.run(write)


def _sentence(note: str) -> str:
    return note if note.endswith(".") else f"{note}."
