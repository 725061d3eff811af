"""What happens between the panes: opening a store, choosing a kind, reading a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from inspector.errors import InspectorError
from inspector.gui.kinds.kind_counts import KindCounts
from inspector.gui.kinds.kinds_model import (
    CHECK,
    WITHOUT_RECORDS,
    EmptyKind,
    EntryType,
    KindEntry,
    emptied,
    empty_kind,
    entries_of,
    entry_type,
)
from inspector.gui.kinds.kinds_view import KindsView
from inspector.gui.record.record_loader import RecordLoader
from inspector.gui.records.records_pane import RecordsPane
from inspector.gui.store_request import OpenedStore, RecordRequest, Unread, WindowPlace, aim
from inspector.gui.tasks import Report, Tasks
from inspector.schema.catalog import is_own
from inspector.schema.kind_names import normal_kind
from inspector.session.file_states import FileState, file_states
from inspector.session.summaries import Record, RecordHead, RecordKey, Version
from inspector.store.rows import Form, StoreFacts

if TYPE_CHECKING:
    from inspector.gui.record.record_pane import RecordPane
    from inspector.session.seen_changes import SeenChange
    from inspector.session.session import Session

__all__ = ["OpenedStore", "StoreController", "WindowPlace"]

_NO_RECORDS: Final = (
    "No records in this store.",
    "The daemon has not written any yet, or all were deleted.",
)


def _is_listed(change: SeenChange, entry: KindEntry) -> bool:
    """Whether a record belongs into the list of an entry."""
    if entry.type is EntryType.ALL:
        return True
    return entry.type in (EntryType.KIND, EntryType.GONE) and entry.kind == change.kind


class StoreController(QObject):
    """Drives the three panes of a window with one store.

    ``opened`` tells facts and kinds; ``changes_wanted`` that the changes seen are to be listed,
    ``search_wanted`` and ``check_wanted`` the same of what was found;
    ``refused`` why the store cannot be opened; ``shown`` a record that is on screen.

    Attributes:
        facts: what the file is that is open; None while none is.
        unread: schemas that were chosen for it and could not be read.
        renewal: gives what the store is read with again, where that may have changed besides.
    """

    opened = Signal(OpenedStore)
    changes_wanted = Signal()
    search_wanted = Signal()
    check_wanted = Signal()
    refused = Signal(InspectorError)
    shown = Signal(Record)

    def __init__(
        self,
        tasks: Tasks,
        kinds: KindsView,
        records: RecordsPane,
        record: Callable[[], RecordPane],
    ) -> None:
        """Takes the panes; ``record`` gives the one that is made only when it is needed."""
        super().__init__(records)
        self._tasks = tasks
        self._kinds, self._records, self._pane = kinds, records, record
        self._sessions: list[Session] = []
        self._session: Session | None = None
        self._seen: int | None = None  #: changes that were seen
        self._hits: int | None = None  #: what was found in all records
        self._findings: KindEntry | None = None  #: what a check found
        self._mapped: tuple[str, ...] = ()  #: tables whose rows are records, as a map says
        self._target: RecordRequest | None = None
        self._awaited: WindowPlace | None = None  #: where the window was and cannot go back to yet
        self._aimed: RecordRequest | None = None  #: the record that was on screen there
        self._loader = RecordLoader(tasks, record, self)
        self._loader.shown.connect(self.shown)
        self.facts: StoreFacts | None = None
        self.unread: Unread = {}
        self.renewal: Callable[[], Callable[[Session, Event], None] | None] = lambda: None
        self.kind_counts = KindCounts(tasks, self)
        self.kind_counts.changed.connect(self._list_entries)
        self.kind_counts.counted.connect(self._counted)
        self.kind_counts.gone_known.connect(self._go_back_to_gone)
        kinds.chosen.connect(self._choose_kind)
        records.chosen.connect(self._choose_record)
        records.listed.connect(self.kind_counts.look)

    def attend(self) -> None:
        """The record's pane is there."""
        self._loader.attend()

    # Opening

    def open(
        self,
        make: Callable[[], Session],
        select: str | None = None,
        spot: WindowPlace | None = None,
    ) -> None:
        """Open a store in the worker and show its first kind, or the record asked for.

        Args:
            make: opens it; called in the worker.
            select: ``KIND/ID[@VERSION]``.
            spot: where the window was in this file, for when nothing is asked for.
        """
        self.facts = None

        def work(cancel: Event, _report: Report) -> OpenedStore:
            session = make()
            older, self._sessions = self._sessions, [session]
            for one in older:
                one.close()
            files = file_states(session.store.real_path)
            facts, kinds = session.facts(cancel), session.kinds_at_once(cancel)
            target, problem = aim(session, select, spot, cancel)
            back = spot if not select else None
            tables = session.store.table_names(cancel) if not kinds else ()
            return OpenedStore(
                *(session, facts, kinds, target, problem, back),
                damage=session.damage,
                files=files,
                asked=select or "",
                tables=tables,
            )

        self._tasks.run("open", work, self._open_done, self._refuse)

    def read_again(self) -> None:
        """Look at the store anew and stay where the cursor is."""
        session = self._session
        if session is None:
            return

        renew = self.renewal()

        def work(cancel: Event, _report: Report) -> OpenedStore:
            if renew is not None:
                renew(session, cancel)
            facts, kinds = session.facts(cancel), session.kinds_at_once(cancel)
            return OpenedStore(session, facts, kinds, damage=session.damage)

        self._stay()
        # What went wrong is told above the panes, which keep what was read before.
        self._tasks.run("open", work, self._open_again, lambda _: None)

    def _stay(self) -> None:
        """What is listed next is listed around the record the cursor is on."""
        head = self._loader.head
        if head is not None:
            self._target = RecordRequest(head.kind, head.id, None)
        self._loader.asked = None

    def take_changes(self, changes: Sequence[SeenChange], *, again: bool) -> bool:
        """Bring what was seen to change onto the screen; nothing moves under the cursor.

        Args:
            changes: what was seen.
            again: whether rows are to be listed anew already.

        Returns:
            Whether they are to be: see :meth:`list_again`.
        """
        self.kind_counts.take(changes)
        asked = self._loader.asked
        mine = [one for one in changes if (one.kind, one.id) == asked]
        if mine:
            self._loader.take_changes(mine)
        entry = self._kinds.entry()
        from inspector.session.seen_changes import Happened  # noqa: PLC0415 - not before a store is followed

        makes_other_rows = (Happened.CREATED, Happened.DELETED)
        others = [one for one in changes if one.happened in makes_other_rows]
        again = again or (entry is not None and any(_is_listed(one, entry) for one in others))
        if not again:
            # Else a page that is read has other rows than its places.
            self._records.read_again({RecordKey(one.kind, one.id) for one in changes})
        return again

    def tell_seen(self, number: int | None) -> None:
        """Say how many changes were seen; None where the store is not followed."""
        self._seen = number
        self._list_entries()

    def tell_found(self, number: int | None) -> None:
        """Say how much was found in all records; None where nothing was sought."""
        self._hits = number
        self._list_entries()

    def tell_checked(self, number: int | None, *, ended_early: bool = False) -> None:
        """Say how many findings a check has; None while it is under way, or has ended early."""
        entry = KindEntry(EntryType.CHECK, CHECK, count=number, uncounted=ended_early)
        self._findings = entry
        self._list_entries()

    def tell_mapped(self, tables: tuple[str, ...]) -> None:
        """Say which tables have rows that are records, as a map of the file says."""
        if tables != self._mapped:
            self._mapped = tables
            self._list_entries()

    def forget_check(self) -> None:
        """Nothing was checked in the store that is open."""
        if self._findings is not None:
            self._findings = None
            self._list_entries()

    def list_checked(self) -> None:
        """List what a check found."""
        if self._findings is None:
            self.tell_checked(None)
        self._kinds.choose(EntryType.CHECK, "")

    def list_found(self) -> None:
        """List what was found."""
        if self._hits is None:
            self.tell_found(0)
        self._kinds.choose(EntryType.SEARCH, "")

    def show(self, wanted: RecordRequest, then: Callable[[], object]) -> None:
        """Show a record beside the list that is shown; ``then`` is called when it is there."""
        self._target = None
        self._loader.read(wanted, then)

    def list_again(self) -> bool:
        """List what was written since, where the list is; False where that cannot be done yet."""
        session, entry = self._session, self._kinds.entry()
        if session is None or entry is None or entry.type in WITHOUT_RECORDS:
            return True
        if self._records.entry is None:
            # Nothing was listed, for there was nothing.
            self._choose_kind(entry)
            return True
        return self._records.list_again(session, [kind.kind for kind in self.kind_counts.live()])

    def read_with(self, schema: str, by_kind: Mapping[str, str]) -> None:
        """Read everything anew with another schema, and single kinds with others."""
        if self._session is not None:
            # One's own are files, which the worker reads.
            if not any(map(is_own, (schema, *by_kind.values()))):
                self._session.read_with(schema, by_kind)
            self.read_again()

    def read_seen(self, seen: Callable[[str, str], Sequence[SeenChange]]) -> None:
        """Take what gives the changes of a record that were seen; its history has them too."""
        self._loader.seen = seen

    def go(self, kind: str, id_: str, version: Version | None = None) -> None:
        """Show a record wherever it is: its kind, its row in the list, and the record itself."""
        target = self._target = RecordRequest(kind, id_, version)
        entry = self._kinds.entry()
        if entry is None or entry.type is not EntryType.ALL:
            if (entry is None or entry.kind != kind) and self._choose_target():
                return
            if entry is not None and entry.type is not EntryType.KIND and self._choose_target():
                return
        self._loader.read(target)
        self._records.go_to(RecordKey(kind, id_))

    def go_gone(self, kind: str, id_: str) -> None:
        """Show the newest version of a record that is gone."""
        self._target = None
        self._loader.read_newest(kind, id_)

    def session(self) -> Session | None:
        """The store that is open."""
        return self._session

    def store_path(self) -> Path | None:
        """The real path of the store that is open."""
        return Path(self.facts.real_path) if self.facts is not None else None

    def file_states(self, done: Callable[[tuple[FileState, ...]], None]) -> None:
        """Look at the files on the disk; ``done`` is called with what lies there."""
        session = self._session
        if session is not None:
            self._tasks.run(
                "files", lambda _c, _r: file_states(session.store.real_path), done, lambda _: None
            )

    def close(self) -> None:
        """End the worker, then let go of the stores; nothing is delivered afterwards."""
        sessions = tuple(self._sessions)
        self._sessions.clear()

        def let_go() -> None:
            for session in sessions:
                session.close()

        self._tasks.close(let_go)

    def _open_done(self, answer: OpenedStore) -> None:
        self._session = answer.session
        self._loader.begin(answer.session)
        self.kind_counts.begin(answer.session, answer.kinds)
        self.kind_counts.clear(answer.tables)
        self._target = self._aimed = answer.target
        self._kinds.forget()
        self._list_entries()
        self.facts = answer.facts
        self.opened.emit(answer)
        spot = answer.spot
        missing = empty_kind(answer.asked) if answer.problem is not None else None
        if answer.problem is not None:
            self._loader.tell_error(answer.problem)
        if missing is not None and not self._has(missing):
            self._records.tell_empty(*missing.words)
            self.kind_counts.look()
        elif spot is not None and self._kinds.choose(entry_type(spot.entry), spot.kind):
            pass
        elif not self._choose_target():
            self._choose_first(answer)
        self._awaited = spot

    def _refuse(self, error: InspectorError) -> None:
        self.facts = None
        self.refused.emit(error)

    def _choose_first(self, answer: OpenedStore) -> None:
        """The first kind, or the first table of a file that is no store."""
        row = self._kinds.kinds.first()
        entry = self._kinds.kinds.entry(row)
        foreign = answer.facts.form is Form.FOREIGN
        if entry is not None and (foreign or entry.type is not EntryType.TABLE):
            self._kinds.choose_row(row)
            return
        words = _NO_RECORDS
        if answer.damage is not None:
            # No kinds may mean that they could not be read, not that there are none.
            words = (answer.damage.message, "None of its kinds can be read.")
        if self._target is not None:
            self._loader.read(self._target)
        elif answer.damage is not None:
            self._loader.tell_error(answer.damage)
        elif answer.problem is None:
            self._pane().tell_empty("This store holds no records.")
        self._records.tell_empty(*words)
        self.kind_counts.look()

    def _has(self, missing: EmptyKind) -> bool:
        return any(normal_kind(kind.kind) == missing.kind for kind in self.kind_counts.live())

    def _list_entries(self) -> None:
        kind_counts = self.kind_counts
        entries = entries_of(
            *(kind_counts.kinds, kind_counts.gone, kind_counts.tables),
            *(self._seen, self._hits, self._findings),
            mapped=self._mapped,
        )
        self._kinds.set_entries(entries)
        entry = self._kinds.entry()
        if entry is not None and entry.type is EntryType.TABLE:
            self._records.tell_table(entry)

    def _counted(self) -> None:
        """Now it is known which kinds have versions: their list is shown with them."""
        entry = self._kinds.entry()
        if entry is not None and entry.type is EntryType.KIND and entry.versions:
            self._stay()
            self._choose_kind(entry)

    def _open_again(self, answer: OpenedStore) -> None:
        self.kind_counts.begin(answer.session, answer.kinds)
        self.facts = answer.facts
        self.opened.emit(answer)
        self._list_entries()
        entry = self._kinds.entry()
        if entry is None:
            return
        if entry.type is EntryType.KIND and all(
            one.kind != entry.kind for one in self.kind_counts.live()
        ):
            entry = entry._replace(count=0)
        self._choose_kind(entry)

    def _choose_target(self) -> bool:
        """Go to the kind of the record that is to be shown; False where it is not listed."""
        target = self._target
        return target is not None and self._kinds.choose(EntryType.KIND, target.kind)

    # Choosing

    def _choose_kind(self, entry: KindEntry) -> None:
        if self._session is None:
            return
        if entry.type is EntryType.CHANGES:
            self._loader.let_go()
            self.changes_wanted.emit()
            return
        if entry.type is EntryType.SEARCH:
            self.search_wanted.emit()
            return
        if entry.type is EntryType.CHECK:
            self.check_wanted.emit()
            return
        if entry.type is EntryType.TABLE:
            self._pane()  # where the rows are shown one by one
            # Whoever comes back to a record finds a row in its place: it is read again.
            self._loader.let_go()
            self._records.show_table(self._session, entry)
            self.kind_counts.look()
            return
        target = self._target
        if target is not None and entry.type is not EntryType.ALL and target.kind != entry.kind:
            target = None
        if entry.type is EntryType.KIND and entry.count == 0:
            self._records.tell_empty(*emptied(entry.title))
            return
        wanted = RecordKey(target.kind, target.id) if target is not None else None
        kinds = [kind.kind for kind in self.kind_counts.live()]
        self._records.show_entry(self._session, entry, wanted, kinds)
        if target is not None:
            self._loader.read(target)

    def _choose_record(self, head: RecordHead) -> None:
        self._loader.head, self._target = head, None
        if self._loader.asked == (head.kind, head.id):
            if self._loader.is_shown():
                self._loader.tell_versions()
            return
        entry = self._kinds.entry()
        if entry is not None and entry.type is EntryType.GONE:
            self._loader.read_newest(head.kind, head.id)
        else:
            self._loader.read(RecordRequest(head.kind, head.id, None))

    def _go_back_to_gone(self) -> None:
        """What is gone is listed only now; the window was there unless the cursor has moved on."""
        spot, self._awaited = self._awaited, None
        if spot is None or entry_type(spot.entry) is not EntryType.GONE:
            return
        if self._loader.asked == (spot.record_kind, spot.record) and self._aimed is not None:
            self._target = self._aimed
            self._kinds.choose(EntryType.GONE, spot.kind)
