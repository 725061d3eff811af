"""Reads records in the worker and puts them into the record's pane."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from inspector.decode.record_summary import record_name
from inspector.errors import InspectorError, NotFoundError, StateGoneError
from inspector.gui.store_request import ReadRecord, RecordRequest, read
from inspector.gui.tasks import Report, Tasks
from inspector.history.migrations import Rewrite
from inspector.named_tuple import NamedTuple
from inspector.session.summaries import Record, RecordHead, Version

if TYPE_CHECKING:
    from inspector.gui.record.record_pane import RecordPane
    from inspector.session.record_links import Link
    from inspector.session.seen_changes import SeenChange
    from inspector.session.session import Session

_PAUSE: Final = 60  #: milliseconds a record is shown before its links are looked for


def _nothing() -> None:
    """What is done besides once a record is shown, where nothing is."""


class MissingRecord(NamedTuple):
    """A record that was deleted after it was listed, and how many versions of it are kept."""

    kind: str
    id: str
    kept: int


class _History(NamedTuple):
    """What is known of a record's earlier states without its log: archived ones, and seen ones.

    ``contents`` tell which of the seen ones are archived too.
    """

    archived: list[Version]
    seen: list[Version]
    contents: frozenset[int]
    rewritten: tuple[Rewrite, ...]

    def merged(self, versions: Sequence[Version] | None = None) -> list[Version]:
        """All of them, newest first; with ``versions`` in place of the archived ones."""
        others = self.archived if versions is None else list(versions)
        if not self.seen:
            return others
        from inspector.session.seen_records import with_seen  # noqa: PLC0415 - most were not seen

        return with_seen(others, self.seen, self.contents)


class RecordLoader(QObject):
    """What is read of single records of one store. ``shown`` tells a record that is on screen.

    Attributes:
        session: the store.
        head: the line of the list the cursor is on.
        asked: kind and id of the record that was asked for last, None where none is wanted.
        seen: gives the changes of a record that were seen while the store was followed.
    """

    shown = Signal(Record)

    def __init__(self, tasks: Tasks, pane: Callable[[], RecordPane], parent: QObject) -> None:
        """Takes what gives the record's pane, which is made only when it is needed."""
        super().__init__(parent)
        self._tasks, self._pane = tasks, pane
        self.session: Session | None = None
        self.head: RecordHead | None = None
        self.asked: tuple[str, str] | None = None
        self.seen: Callable[[str, str], Sequence[SeenChange]] = lambda _kind, _id: ()
        self._attended = False
        self._held: ReadRecord | None = None  #: a record that waits for its pane
        # Whoever goes through a list with the arrow keys needs no links of what flies by.
        self._links_later = QTimer(self, singleShot=True, interval=_PAUSE)
        self._links_later.timeout.connect(self._find_links)

    def begin(self, session: Session) -> None:
        """Another store is open."""
        self.session, self._held = session, None

    def attend(self) -> None:
        """The pane is there: read what it asks for, and show what was read before."""
        self._attended = True
        pane = self._pane()
        pane.version_wanted.connect(self._read_version)
        pane.history_wanted.connect(self._read_history)
        if self._held is not None:
            self._show(self._held)

    def is_shown(self) -> bool:
        """Whether the record that was asked for last is on screen."""
        is_read = self._attended and not self._tasks.is_busy("record")
        return is_read and self._pane().record is not None

    def let_go(self) -> None:
        """No record is wanted any more; one that is being read is not shown."""
        self._tasks.forget("record")
        self.asked = self._held = None

    def take_changes(self, changes: Sequence[SeenChange]) -> None:
        """The record on screen has changed: read it again, or say that it is gone."""
        pane = self._pane()
        record = pane.record
        if record is None or (record.kind, record.id) != self.asked:
            return
        from inspector.session.seen_changes import Happened  # noqa: PLC0415 - not before a store is followed

        written = any(one.happened is not Happened.ARCHIVED for one in changes)
        if changes[-1].happened is Happened.DELETED:
            pane.tell_deleted(changes[-1])
        elif record.version is None and written:
            self.read(RecordRequest(record.kind, record.id, None))
        if pane.knows_history():
            self._read_history()

    def read(self, target: RecordRequest, then: Callable[[], object] = _nothing) -> None:
        """Read a record, or a version of it; ``then`` is called when it is on screen."""

        def work(session: Session, cancel: Event) -> ReadRecord | MissingRecord:
            try:
                return read(session, target, cancel)
            except NotFoundError as error:
                if target.version is not None or isinstance(error, StateGoneError):
                    raise
                from inspector.session.version_outline import versions_of  # noqa: PLC0415 - seldom needed

                kept = len(versions_of(session, target.kind, target.id, cancel))
                return MissingRecord(target.kind, target.id, kept)

        self._run(target.kind, target.id, work, then)

    def read_newest(self, kind: str, id_: str) -> None:
        """Read the newest version of a record that may be gone."""

        def work(session: Session, cancel: Event) -> ReadRecord:
            from inspector.session.version_outline import versions_of  # noqa: PLC0415 - not before the first rows

            newest = next(iter(versions_of(session, kind, id_, cancel)), None)
            return read(session, RecordRequest(kind, id_, newest), cancel)

        self._run(kind, id_, work)

    def tell_error(self, error: InspectorError) -> None:
        """Say why there is no record."""
        self._pane().tell_error(error)

    def tell_versions(self) -> None:
        """The list knows how many versions the record has."""
        record, head = self._pane().record, self.head
        if record and head and (record.kind, record.id) == (head.kind, head.id):
            self._pane().tell_versions(head.versions)

    def _run(
        self,
        kind: str,
        id_: str,
        work: Callable[[Session, Event], ReadRecord | MissingRecord],
        then: Callable[[], object] = _nothing,
    ) -> None:
        session = self.session
        if session is None:
            return
        self.asked = (kind, id_)

        def done(answer: ReadRecord | MissingRecord) -> None:
            if isinstance(answer, MissingRecord):
                self._tell_missing(answer)
            else:
                self._show(answer)
                then()

        self._tasks.run("record", lambda cancel, _: work(session, cancel), done, self.tell_error)

    def _read_version(self, version: Version | None) -> None:
        record = self._pane().record
        if record is not None:
            self.read(RecordRequest(record.kind, record.id, version))

    def _read_history(self) -> None:
        pane, session = self._pane(), self.session
        record = pane.record
        if record is None or session is None:
            return
        kind, id_ = record.kind, record.id
        changes = self.seen(kind, id_)

        def work(cancel: Event, _report: Report) -> _History:
            from inspector.session.version_outline import (  # noqa: PLC0415 - not at start
                rewrites_of,
                versions_of,
            )

            versions = versions_of(session, kind, id_, cancel)
            seen: list[Version] = []
            contents: frozenset[int] = frozenset()
            if changes:
                from inspector.session.log_history import archived_contents  # noqa: PLC0415 - as above
                from inspector.session.seen_records import seen_versions  # noqa: PLC0415 - as above

                seen = seen_versions(session, changes, cancel)
                contents = archived_contents(session, versions, seen, cancel)
            return _History(versions, seen, contents, rewrites_of(session, kind, id_, cancel))

        def done(answer: _History) -> None:
            # What is listed already stays until it is known whether the log has more.
            listed = session.has_log() and pane.history.versions.has_logged()
            if not listed:
                pane.show_history(answer.merged(), answer.rewritten)
            self._read_log(session, record, answer, again=listed)

        self._tasks.run("history", work, done, pane.history.show_error)

    def _read_log(
        self,
        session: Session,
        record: Record,
        known: _History,
        *,
        again: bool,
    ) -> None:
        """Add the states that the write-ahead log still holds, which takes longer.

        ``again``: the versions are not shown yet.
        """
        pane = self._pane()

        def work(cancel: Event, _report: Report) -> tuple[list[Version], str]:
            from inspector.session.log_history import (  # noqa: PLC0415 - most have no daemon
                archived_contents,
                log_words,
                logged_history,
                merged_history,
            )

            found = logged_history(session, record.kind, record.id, cancel)
            contents = archived_contents(session, known.archived, found.versions, cancel)
            merged = merged_history(known.archived, found, contents)
            return known.merged(merged), log_words(found)

        def done(answer: tuple[list[Version], str]) -> None:
            versions, words = answer
            if pane.record is record and (again or words or len(versions) > len(known.merged())):
                pane.show_history(versions, known.rewritten, words)

        def failed(_error: InspectorError) -> None:
            if again and pane.record is record:
                pane.show_history(known.merged(), known.rewritten)

        if session.has_log():
            # What is archived is shown; that there is more is told only where it can be read.
            self._tasks.run("log history", work, done, failed, slow=True)

    def _tell_missing(self, one: MissingRecord) -> None:
        self._pane().tell_missing(one.id, one.kept, lambda: self.read_newest(one.kind, one.id))

    def _show(self, answer: ReadRecord) -> None:
        self._held = None if self._attended else answer
        if not self._attended:
            return
        record = answer.record
        name = record_name(record.tree) or record.id
        self._pane().show_record(record, name, gone=answer.gone)
        self.tell_versions()
        self.shown.emit(record)
        self._tasks.forget("links")
        self._links_later.start()

    def _find_links(self) -> None:
        """What the record names; a slug may take a look at all records of a kind."""
        session, record = self.session, self._pane().record
        if session is None or record is None:
            return

        def done(links: list[Link]) -> None:
            if self._pane().record is record:
                self._pane().show_links(links)

        def work(cancel: Event, _report: Report) -> list[Link]:
            from inspector.session.record_links import links  # noqa: PLC0415 - not before the first rows

            return links(session, record, cancel)

        self._tasks.run("links", work, done, lambda _: None, slow=True)
