"""What happens between the panes: opening a store, choosing a kind, reading a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from inspector.decode.fields import text
from inspector.errors import InspectorError
from inspector.gui.empty_kinds import EmptyKind, emptied, empty_kind
from inspector.gui.models.kinds import Entry, EntryType, entries_of, entry_type
from inspector.gui.opening import Opened, Shown, Spot, Target, aim, read
from inspector.gui.source import PAGE, Source
from inspector.gui.tasks import Report, Tasks
from inspector.gui.views.kinds import KindsView
from inspector.gui.views.records_pane import RecordsPane
from inspector.schema.kinds import normal_kind
from inspector.session.lines import Key
from inspector.session.targets import Link
from inspector.session.trace import FileState
from inspector.session.types import KindSummary, RecordHead, Version
from inspector.store.types import Form, TableInfo

if TYPE_CHECKING:
    from inspector.gui.views.record_pane import RecordPane

_PAUSE: Final = 60  #: milliseconds a record is shown before its links are looked for

__all__ = ["Desk", "Opened", "Spot"]

_NO_RECORDS: Final = (
    "No records in this store.",
    "The daemon has not written one yet, or all are gone.",
)


class Desk(QObject):
    """Drives the three panes of a window with one store.

    ``opened`` tells facts and kinds; ``refused`` why the store cannot be opened; ``shown`` a record
    that is on screen, or None.
    """

    opened = Signal(object)
    refused = Signal(object)
    shown = Signal(object)

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
        self._sources: list[Source] = []
        self._source: Source | None = None
        self._summaries: list[KindSummary] = []
        self._target: Target | None = None
        self._attended = False
        self._held: Shown | None = None  #: a record that waits for its pane
        self._head: RecordHead | None = None
        self._asked = ("", "")  #: kind and id of the record that was asked for last
        self._gone_asked = False
        self._awaited: Spot | None = None  #: where the window was and cannot go back to yet
        self._aimed: Target | None = None  #: the record that was on screen there
        self._gone: dict[str, tuple[int, bool]] = {}
        self._tables: Sequence[TableInfo] = ()
        # Whoever goes through a list with the arrow keys needs no links of what flies by.
        self._links_later = QTimer(self, singleShot=True, interval=_PAUSE)
        self._links_later.timeout.connect(self._find_links)
        kinds.chosen.connect(self._choose_kind)
        records.chosen.connect(self._choose_record)
        records.listed.connect(self._listed)

    def attend(self, record: RecordPane) -> None:
        """Read what the record's pane asks for, and show what was read before it was there."""
        self._attended = True
        record.version_wanted.connect(self._read_version)
        record.history_wanted.connect(self._read_history)
        if self._held is not None:
            self._show(self._held)

    @property
    def _record(self) -> RecordPane:
        return self._pane()

    # Opening

    def open(
        self, make: Callable[[], Source], select: str | None = None, spot: Spot | None = None
    ) -> None:
        """Open a store in the worker and show its first kind, or the record asked for.

        Args:
            make: opens it; called in the worker.
            select: ``KIND/ID[@VERSION]``.
            spot: where the window was in this file, for when nothing is asked for.
        """

        def work(cancel: Event, _report: Report) -> Opened:
            source = make()
            older, self._sources = self._sources, [source]
            for one in older:
                one.close()
            files = source.file_states()
            facts, kinds = source.facts(cancel), source.kinds(cancel)
            target, problem = aim(source, select, spot, cancel)
            back = spot if not select else None
            tables = source.tables(cancel) if not kinds else ()
            return Opened(
                *(source, facts, kinds, target, problem, back),
                damage=source.damage,
                files=files,
                asked=select or "",
                tables=tables,
            )

        self._tasks.run("open", work, self._open_done, self.refused.emit)

    def read_again(self) -> None:
        """Look at the store anew and stay where the cursor is."""
        source = self._source
        if source is None:
            return

        def work(cancel: Event, _report: Report) -> Opened:
            facts, kinds = source.facts(cancel), source.kinds(cancel)
            return Opened(source, facts, kinds, damage=source.damage)

        head = self._head
        if head is not None:
            self._target = Target(head.kind, head.id, None)
        self._asked = ("", "")
        # What went wrong is told above the panes, which keep what was read before.
        self._tasks.run("open", work, self._open_again, lambda _: None)

    def read_with(self, schema: str, by_kind: Mapping[str, str]) -> None:
        """Read everything anew with another schema, and single kinds with others."""
        if self._source is not None:
            self._source.read_with(schema, by_kind)
            self.read_again()

    def go(self, kind: str, id_: str, version: Version | None = None) -> None:
        """Show a record wherever it is: its kind, its row in the list, and the record itself."""
        target = self._target = Target(kind, id_, version)
        entry = self._kinds.entry()
        if entry is None or entry.type is not EntryType.ALL:
            if (entry is None or entry.kind != kind) and self._choose_target():
                return
            if entry is not None and entry.type is not EntryType.KIND and self._choose_target():
                return
        self._read(target)
        self._records.go_to(Key(kind, id_))

    def go_gone(self, kind: str, id_: str) -> None:
        """Show the newest version of a record that is gone."""
        self._target = None
        self._read_newest(kind, id_)

    def source(self) -> Source | None:
        """The store that is open."""
        return self._source

    def file_states(self, done: Callable[[tuple[FileState, ...]], None]) -> None:
        """Look at the files on the disk; ``done`` is called with what lies there."""
        source = self._source
        if source is not None:
            self._tasks.run("files", lambda _c, _r: source.file_states(), done, lambda _: None)

    def close(self) -> None:
        """End the worker, then let go of the stores; nothing is delivered afterwards."""
        self._tasks.close()
        for source in self._sources:
            source.close()
        self._sources.clear()

    def _open_done(self, answer: Opened) -> None:
        self._source, self._summaries = answer.source, answer.kinds
        self._gone_asked = False
        self._target = self._aimed = answer.target
        self._gone, self._tables = {}, answer.tables
        self._kinds.forget()
        self._list_entries()
        self.opened.emit(answer)
        spot = answer.spot
        missing = empty_kind(answer.asked) if answer.problem is not None else None
        if answer.problem is not None:
            self._record.tell_error(answer.problem)
        if missing is not None and not self._has(missing):
            self._records.tell_empty(*missing.words)
            self._listed()
        elif spot is not None and self._kinds.choose(entry_type(spot.entry), spot.kind):
            pass
        elif not self._choose_target():
            self._choose_first(answer)
        self._awaited = spot

    def _choose_first(self, answer: Opened) -> None:
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
            words = (answer.damage.message, "No kind of it can be read.")
        if self._target is not None:
            self._read(self._target)
        elif answer.damage is not None:
            self._record.tell_error(answer.damage)
        elif answer.problem is None:
            self._record.tell_empty("This store holds no records.")
        self._records.tell_empty(*words)
        self._listed()

    def _has(self, missing: EmptyKind) -> bool:
        kinds = self._summaries
        return any(normal_kind(kind.kind) == missing.kind for kind in kinds if kind.records)

    def _list_entries(self) -> None:
        self._kinds.set_entries(entries_of(self._summaries, self._gone, self._tables))

    def _open_again(self, answer: Opened) -> None:
        self._summaries = answer.kinds
        self._gone_asked = False
        self.opened.emit(answer)
        self._list_entries()
        entry = self._kinds.entry()
        if entry is None:
            return
        if entry.type is EntryType.KIND and all(one.kind != entry.kind for one in self._live()):
            entry = replace(entry, count=0)
        self._choose_kind(entry)

    def _live(self) -> list[KindSummary]:
        return [kind for kind in self._summaries if kind.records]

    def _choose_target(self) -> bool:
        """Go to the kind of the record that is to be shown; False where it is not listed."""
        target = self._target
        return target is not None and self._kinds.choose(EntryType.KIND, target.kind)

    # Choosing

    def _choose_kind(self, entry: Entry) -> None:
        if self._source is None:
            return
        if entry.type is EntryType.TABLE:
            self._pane()  # where the rows are shown one by one
            self._records.show_table(self._source, entry)
            self._listed()
            return
        target = self._target
        if target is not None and entry.type is not EntryType.ALL and target.kind != entry.kind:
            target = None
        if entry.type is EntryType.KIND and entry.count == 0:
            self._records.tell_empty(*emptied(entry.title))
            return
        wanted = Key(target.kind, target.id) if target is not None else None
        kinds = [kind.kind for kind in self._live()]
        self._records.show_entry(self._source, entry, wanted, kinds)
        if target is not None:
            self._read(target)

    def _choose_record(self, head: RecordHead) -> None:
        self._head, self._target = head, None
        if self._asked == (head.kind, head.id):
            if not self._tasks.is_busy("record") and self._record.record is not None:
                self._tell_versions()
            return
        entry = self._kinds.entry()
        if entry is not None and entry.type is EntryType.GONE:
            self._read_newest(head.kind, head.id)
        else:
            self._read(Target(head.kind, head.id, None))

    def _listed(self) -> None:
        """The first rows are there: count what is gone, which nobody waits for."""
        source = self._source
        if self._gone_asked or source is None:
            return
        self._gone_asked = True
        versioned = [kind.kind for kind in self._summaries if kind.versions]

        def work(cancel: Event, _report: Report) -> dict[str, tuple[int, bool]]:
            found: dict[str, tuple[int, bool]] = {}
            for kind in versioned:
                page = source.gone(kind, None, PAGE, cancel)
                if page.rows:
                    found[kind] = (len(page.rows), page.more)
            return found

        def count_tables(cancel: Event, _report: Report) -> Sequence[TableInfo]:
            return source.tables(cancel)

        if versioned:
            self._tasks.run("gone", work, self._gone_counted, lambda _: None)
        self._tasks.run("tables", count_tables, self._tables_counted, lambda _: None, slow=True)

    def _gone_counted(self, gone: dict[str, tuple[int, bool]]) -> None:
        self._gone = gone
        self._list_entries()
        self._go_back_to_gone()

    def _go_back_to_gone(self) -> None:
        """What is gone is listed only now; the window was there unless the cursor has moved on."""
        spot, self._awaited = self._awaited, None
        if spot is None or entry_type(spot.entry) is not EntryType.GONE:
            return
        if self._asked == (spot.record_kind, spot.record) and self._aimed is not None:
            self._target = self._aimed
            self._kinds.choose(EntryType.GONE, spot.kind)

    def _tables_counted(self, tables: Sequence[TableInfo]) -> None:
        self._tables = tables
        self._list_entries()

    # Reading

    def _read(self, target: Target) -> None:
        source = self._source
        if source is None:
            return
        self._asked = (target.kind, target.id)

        self._tasks.run(
            "record",
            lambda cancel, _: read(source, target, cancel),
            self._show,
            self._tell_error,
        )

    def _read_newest(self, kind: str, id_: str) -> None:
        source = self._source
        if source is None:
            return
        self._asked = (kind, id_)

        def work(cancel: Event, _report: Report) -> Shown:
            versions = source.history(kind, id_, cancel)
            newest = versions[0] if versions else None
            return read(source, Target(kind, id_, newest), cancel)

        self._tasks.run("record", work, self._show, self._tell_error)

    def _tell_error(self, error: InspectorError) -> None:
        self._record.tell_error(error)

    def _read_version(self, version: Version | None) -> None:
        record = self._record.record
        if record is not None:
            self._read(Target(record.kind, record.id, version))

    def _read_history(self) -> None:
        record, source = self._record.record, self._source
        if record is None or source is None:
            return
        kind, id_ = record.kind, record.id
        self._tasks.run(
            "history",
            lambda cancel, _: source.history(kind, id_, cancel),
            self._record.show_history,
            self._record.history.show_error,
        )

    def _show(self, answer: Shown) -> None:
        self._held = None if self._attended else answer
        if not self._attended:
            return
        record = answer.record
        root = record.tree.root if record.tree is not None else None
        name = text(root, "metadata", "name") if root is not None else None
        self._record.show_record(record, name or record.id, gone=answer.gone)
        self._tell_versions()
        self.shown.emit(record)
        self._tasks.forget("links")
        self._links_later.start()

    def _find_links(self) -> None:
        """What the record names; a slug may take a look at all records of a kind."""
        source, record = self._source, self._record.record
        if source is None or record is None:
            return

        def done(links: list[Link]) -> None:
            if self._record.record is record:
                self._record.show_links(links)

        def work(cancel: Event, _report: Report) -> list[Link]:
            return source.links(record, cancel)

        self._tasks.run("links", work, done, lambda _: None, slow=True)

    def _tell_versions(self) -> None:
        """The list knows how many versions the record has."""
        record, head = self._record.record, self._head
        if record and head and (record.kind, record.id) == (head.kind, head.id):
            self._record.tell_versions(head.versions)
