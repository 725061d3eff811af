"""Reads every record and version of a store and gathers what is odd."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Final, TypeVar

from inspector.decode.record_summary import record_name
from inspector.errors import StoreError, StoreErrorKind
from inspector.history.record import Problem, Record, number_of
from inspector.history.stored_events import StoredEvent
from inspector.named_tuple import NamedTuple
from inspector.plurals import counted
from inspector.schema.clues import Clue
from inspector.session.event_pages import EventOwners, decoded, event_owners, every_event
from inspector.session.neighbours import BYTES, Neighbours, Sample, neighbours
from inspector.session.reading import archived_row
from inspector.session.session import Session
from inspector.session.walking import blob_pages, live_and_gone
from inspector.store.event_log import EventsOf
from inspector.store.renamed import is_same
from inspector.store.rows import Cancel, Page, Row
from inspector.store.text import encode

T = TypeVar("T")


class CheckFinding(NamedTuple):
    """A problem and where it is; kind or id is None where it concerns the file or a whole kind.

    ``name`` is what the record is called; empty where it has no name, or it was not read.
    """

    kind: str | None
    id: str | None
    audit_id: int | None
    problem: Problem
    name: str = ""

    @property
    def words(self) -> tuple[str, str, str, str, str, str]:
        """Level, code, record, version, path and sentence, each as people read it."""
        return (
            self.problem.severity,
            self.problem.code,
            f"{self.kind}/{self.id}" if self.id is not None else self.kind or "",
            f"audit:{self.audit_id}" if self.audit_id is not None else "",
            self.problem.path,
            self.problem.message,
        )


class Checked(NamedTuple):
    """What a check found; ``decoded`` counts the records and versions that a schema reads."""

    records: int
    versions: int
    decoded: int
    problems: tuple[CheckFinding, ...]
    events: int = 0

    @property
    def errors(self) -> int:
        """How many errors there are, those that are listed as one with others counted each."""
        return self._count("error")

    @property
    def warnings(self) -> int:
        """How many warnings there are, counted in the same way."""
        return self._count("warning")

    @property
    def damaged(self) -> bool:
        """Whether the file is damaged, so that there may be more that was not read."""
        return any(found.problem.code == "bad-page" for found in self.problems)

    @property
    def sentence(self) -> str:
        """What was read, how much of it is odd, and what was not read."""
        read = [counted(self.records, "record"), counted(self.versions, "version")]
        read += [counted(self.events, "event")] if self.events else []
        undecoded = self.records + self.versions - self.decoded
        return (
            f"{', '.join(read[:-1])} and {read[-1]} checked"
            f"{f', {undecoded:,} of them not decoded' if undecoded else ''}:"
            f" {counted(self.errors, 'error')}, {counted(self.warnings, 'warning')}."
            f"{' What lies behind damage was not checked.' if self.damaged else ''}"
        )

    def document(self) -> dict[str, object]:
        """All of it as JSON has it."""
        return {
            "records": self.records,
            "versions": self.versions,
            "decoded": self.decoded,
            "errors": self.errors,
            "warnings": self.warnings,
            "problems": [
                {
                    "severity": one.problem.severity,
                    "code": one.problem.code,
                    "kind": one.kind,
                    "id": one.id,
                    "auditId": one.audit_id,
                    "path": one.problem.path,
                    "message": one.problem.message,
                }
                for one in self.problems
            ],
        }

    def _count(self, severity: str) -> int:
        problems = (found.problem for found in self.problems)
        return number_of(problem for problem in problems if problem.severity == severity)


class _LiveRow(NamedTuple):
    """A live row as a page gave it.

    Attributes:
        row: what is stored; None where there is nothing to tell of it and nothing is asked of it.
        usual: whether it is known already that there is nothing to tell of it.
    """

    row: Row | None
    usual: bool


_USUAL: Final = _LiveRow(None, True)


class _CheckTally:
    def __init__(self, progress: Callable[[int, int], None] | None) -> None:
        self._progress = progress
        self.records = self.versions = self.decoded = self.events = 0
        self.problems: list[CheckFinding | _Later] = []
        self.damaged = set[str]()
        self.with_versions = set[str]()  #: ids of the kind that is checked

    def add(self, record: Record, again: Callable[[], Record] | None = None) -> None:
        """Counts a record and what is odd about it, which is told later where it is read again."""
        tree = record.tree
        known = record.choice.schema is not None or record.json_store
        if tree is not None and not tree.malformed and known:
            self.decoded += 1
        version = record.version
        self.records += version is None
        self.versions += version is not None
        if again is not None:
            self.problems.append(lambda: _of_record(again()))
        else:
            self.problems += _of_record(record)

    def add_usual(self, *, archived: bool) -> None:
        """Counts a record of which there is nothing to tell."""
        self.decoded += 1
        self.records += not archived
        self.versions += archived

    def add_event(
        self, kind: str, id_: str, event: StoredEvent, again: Callable[[], StoredEvent] | None
    ) -> None:
        """Counts an event and what is odd about it, told later where it is read ``again``."""
        self.events += 1
        if again is not None:
            self.problems.append(lambda: _of_event(kind, id_, again()))
        else:
            self.problems += _of_event(kind, id_, event)

    def settled(self) -> list[CheckFinding]:
        """All that was found, in order, what was put off too."""
        found: list[CheckFinding] = []
        for one in self.problems:
            found += (one,) if isinstance(one, CheckFinding) else one()
        if self.damaged:
            # What lies behind the damage was looked for after all else of its kind.
            found.sort(key=_order)
        return found

    def bad_page(self, kind: str | None, error: StoreError, id_: str | None = None) -> None:
        self.problems.append(_bad_page(kind, error, id_))

    def orphan(self, place: int, kind: str, id_: str, code: str, what: str) -> None:
        """Says before what was found since a place that there is no record it belongs to."""
        message = f"There is no record with this ID, but {what} of it."
        problem = Problem("warning", code, "", None, message)
        self.problems.insert(place, CheckFinding(kind, id_, None, problem))

    def tell(self) -> None:
        if self._progress is not None:
            done = self.records + self.versions + self.events
            self._progress(done, len(self.problems))


def _order(found: CheckFinding) -> tuple[bytes, bool, bytes]:
    """By kind and id, what is said of a whole kind behind its records."""
    return encode(found.kind or ""), found.id is None, encode(found.id or "")


#: What is told of something that is read once more when all else was read.
_Later = Callable[[], Iterable[CheckFinding]]


def _bad_page(kind: str | None, error: StoreError, id_: str | None = None) -> CheckFinding:
    return CheckFinding(kind, id_, None, Problem("error", "bad-page", "", None, str(error)))


def _of_record(record: Record) -> Iterator[CheckFinding]:
    version = record.version
    name = (record_name(record.tree) or "") if record.problems else ""
    for problem in record.problems:
        audit_id = version.audit_id if version is not None else None
        if version is not None and version.legacy_key is not None:
            # It has no number to be told by.
            problem = problem._replace(message=f"{version.name}: {problem.message}")
        yield CheckFinding(record.kind, record.id, audit_id, problem, name)


def _of_event(kind: str, id_: str, event: StoredEvent) -> Iterator[CheckFinding]:
    told = [Problem("warning", "event-mismatch", "", None, one) for one in event.mismatches]
    for problem in (*event.record.problems, *told):
        # The row and its number are no part of the answer.
        problem = problem._replace(message=f"Event {event.name}: {problem.message}")
        yield CheckFinding(kind, id_, None, problem)


class _Surroundings(Neighbours):
    """What the rows of a store say of each other, known when all of them were read.

    The rows that bear on others are among those that are checked, so they are not read for that
    alone; what asks for them before is read again in the end.
    """

    def __init__(self, session: Session, cancel: Cancel | None) -> None:
        reader = session.reader(cancel)
        super().__init__(reader.merged, ())
        waits = session.reads_with_all_releases
        self.reader = reader.with_neighbours(lambda _: self) if waits else reader
        self._sample = Sample(reader.merged)
        self._session, self._cancel = session, cancel
        self._known: Neighbours | None = None
        self._held = 0
        self._asked = self._waits = False
        self._unread: list[Row] = []  #: those of the sample that were not decoded; they are bounded

    def clues(self, written: str | None) -> tuple[Clue, ...]:
        if self._known is not None:
            return self._known.clues(written)
        self._asked = True
        return ()

    def record(self, live: _LiveRow) -> tuple[Record, Callable[[], Record] | None] | None:
        """A row that is checked, and what reads it again where it cannot be told yet.

        None where a schema reads it and there is nothing to tell.
        """
        row = live.row
        if row is None:
            return None
        wanted = self._sample.wants(row)
        if live.usual or self.reader.is_usual(row):
            # What it says of others is hardly ever asked.
            if wanted:
                self._unread.append(row)
            return None
        record = self.reader.record(row)
        if wanted:
            self._sample.add(row, record.choice)
        return record, self.again(lambda: self.reader.record(row), row.size)

    def is_done_with(self, kind: str) -> bool:
        """Whether no row of a kind is looked at any more for what it says of others."""
        return self._sample.is_done_with(kind)

    def again(self, read: Callable[[], T], size: int) -> Callable[[], T] | None:
        """What reads something again, if it asked for other rows since the last call."""
        if not self._asked:
            return None
        self._asked, self._waits = False, True
        self._held += size
        if self._held > BYTES:
            self._look()
        return read

    def _look(self) -> None:
        """Gives up to wait: too much would have to be kept until the end."""
        reader = self._session.reader(self._cancel)
        self._known = neighbours(self._session.store, reader.merged, reader.plainly)

    def complete(self) -> None:
        """All rows were read."""
        if self._known is None and self._waits:
            for row in self._unread:
                if row.data is not None:
                    choice = self.reader.choice(row)
                    if choice is None:
                        choice = self.reader.plainly(row.data, row.kind, row.updated_at).choice
                    self._sample.add(row, choice)
            self._known = Neighbours(self.reader.merged, self._sample.dated)


def check_store(
    session: Session,
    *,
    cancel: Cancel | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Checked:
    """Checks all of a store, by kind and id, the live record before its versions and its events.

    Args:
        session: the store.
        cancel: ends it early.
        progress: called with how many were checked and how many problems there are so far.

    Raises:
        CancelledError: ``cancel`` was set.
        StoreError: the file cannot be read at all.
    """
    tally = _CheckTally(progress)
    around = _Surroundings(session, cancel)
    kinds = {kind.kind: kind.versions for kind in session.store.kinds(cancel)}
    # A count of a damaged file may be too small, and none is no reason not to look.
    suspect = session.store.damage is not None
    owners = event_owners(session, list(kinds), cancel)
    for kind in sorted(kinds.keys() | owners.keys(), key=encode):
        # What was archived may lie under another name that the kind has had.
        counts = (count for one, count in kinds.items() if is_same(one, kind))
        has_history = suspect or any(counts)
        tally.with_versions.clear()
        events = _Events(session, kind, owners, tally, around, cancel)
        for row, id_, last in _rows(session, kind, tally, around, cancel):
            events.before(id_)
            if row is not None:
                checked = around.record(row)
                if checked is None:
                    tally.add_usual(archived=False)
                else:
                    tally.add(*checked)
            if last and has_history:
                _versions(session, kind, id_, row is None, tally, around, cancel)
            if last:
                events.of(id_, orphaned=row is None)
            tally.tell()
        events.rest()
    around.complete()
    problems = tally.settled()
    problems[:0] = _contradictions(session, cancel)
    damage = session.store.damage
    told = {one.problem.message for one in problems if one.problem.code == "bad-page"}
    if damage is not None and not any(damage.message in message for message in told):
        problems.insert(0, _bad_page(None, damage))
    return Checked(tally.records, tally.versions, tally.decoded, tuple(problems), tally.events)


def _contradictions(session: Session, cancel: Cancel | None) -> list[CheckFinding]:
    """That an index has other rows than its table, which no row that is read would show."""
    try:
        unlike = session.store.unlike_indexes(cancel)
    except StoreError:
        return []  # what is wrong was met on the way, and not to know this is no error
    return [
        CheckFinding(
            None,
            None,
            None,
            Problem(
                *("error", "bad-page", "", None),
                f"The file is damaged: index {one.name} has"
                f" {counted(one.entries, 'entry', 'entries')}, but table"
                f" {one.table} has {counted(one.rows, 'row')}. Rows may be missing.",
            ),
        )
        for one in unlike
    ]


def _live(
    session: Session, kind: str, around: _Surroundings, cancel: Cancel | None
) -> Iterator[tuple[str, _LiveRow]]:
    """Ids and rows of a kind, with what a page tells of many at once.

    Raises:
        StoreError: the file is damaged; what could be read has been given.
    """
    alone = False  #: whether nothing is asked any more of what they say of others
    for page in blob_pages(session, kind, cancel):
        if isinstance(page, Page):
            yield from ((row.id, _LiveRow(row, False)) for row in page.rows)
            if page.damage is not None:
                raise page.damage
            continue
        usual = around.reader.usual_of_page(kind, page)
        for at, id_ in enumerate(page.ids):
            if usual[at]:
                alone = alone or around.is_done_with(kind)
                if alone:
                    yield id_, _USUAL
                    continue
            row = page.row(kind, at) or session.store.row(kind, id_, cancel)
            if row is not None:
                yield id_, _LiveRow(row, usual[at])


def _rows(
    session: Session,
    kind: str,
    tally: _CheckTally,
    around: _Surroundings,
    cancel: Cancel | None,
) -> Iterator[tuple[_LiveRow | None, str, bool]]:
    """The rows of a kind as far as the file can be read, and whether each is the last of its id.

    Behind the damage come the ids whose versions can be read all the same: those of live records
    among them have no row here.
    """
    try:
        yield from live_and_gone(session, kind, _live(session, kind, around, cancel), cancel)
        return
    except StoreError as error:
        if error.kind is not StoreErrorKind.DAMAGED:
            raise
        tally.bad_page(kind, error)
        tally.damaged.add(kind)
    for id_ in session.store.history.readable_ids(kind, cancel):
        if id_ not in tally.with_versions:
            yield None, id_, True


def _versions(
    session: Session,
    kind: str,
    id_: str,
    orphaned: bool,
    tally: _CheckTally,
    around: _Surroundings,
    cancel: Cancel | None,
) -> None:
    place = len(tally.problems)
    before = tally.versions
    for found in session.store.history.rows_of(kind, id_, cancel):
        row, version = archived_row(found)
        if around.reader.is_usual(row, version):
            tally.add_usual(archived=True)
            continue
        record = around.reader.record(row, version)
        tally.add(record, around.again(partial(around.reader.record, row, version), record.size))
    count = tally.versions - before
    if count:
        tally.with_versions.add(id_)
    # Where the file is damaged the record may be there all the same.
    if orphaned and count and kind not in tally.damaged:
        what = f"{count} version{'s' if count > 1 else ''}"
        tally.orphan(place, kind, id_, "orphan-history", what)


class _Events:
    """Checks the events of the records of a kind, which come by the bytes of their ids."""

    def __init__(
        self,
        session: Session,
        kind: str,
        owners: Mapping[str, EventOwners],
        tally: _CheckTally,
        around: _Surroundings,
        cancel: Cancel | None,
    ) -> None:
        self._session = session
        self._kind = kind
        self._own = owners.get(kind)
        self._tally = tally
        self._around = around
        self._cancel = cancel
        self._ids = self._given()
        self._next = next(self._ids, None)

    def before(self, id_: str) -> None:
        """Events of records that are not there, whose ids come before one that is."""
        while self._next is not None and encode(self._next) < encode(id_):
            self._check(self._next, orphaned=True)

    def of(self, id_: str, *, orphaned: bool) -> None:
        """Events of a record, which may be left with nothing but versions."""
        if self._next == id_:
            self._check(id_, orphaned=orphaned)

    def rest(self) -> None:
        """Events of records that are not there, behind the last one that is."""
        while self._next is not None:
            self._check(self._next, orphaned=True)

    def _given(self) -> Iterator[str]:
        if self._own is None:
            return
        try:
            yield from self._session.store.events.owners(self._own.table, self._cancel)
        except StoreError as error:
            if error.kind is not StoreErrorKind.DAMAGED:
                raise
            self._tally.bad_page(self._kind, error)

    def _check(self, id_: str, *, orphaned: bool) -> None:
        tally, own = self._tally, self._own
        self._next = next(self._ids, None)
        if own is None or (orphaned and own.lives_elsewhere(self._session, id_, self._cancel)):
            return
        place, before = len(tally.problems), tally.events
        try:
            of, reader = EventsOf(own.table, id_), self._around.reader
            for event in every_event(self._session, of, self._cancel, reader):
                again = self._around.again(partial(decoded, reader, event.row), event.record.size)
                tally.add_event(self._kind, id_, event, again)
                tally.tell()
        except StoreError as error:
            if error.kind is not StoreErrorKind.DAMAGED:
                raise
            tally.bad_page(self._kind, error, id_)
        count = tally.events - before
        # Where the file is damaged the record may be there all the same.
        if orphaned and count and self._kind not in tally.damaged:
            what = f"{count} event{'s' if count > 1 else ''}"
            tally.orphan(place, self._kind, id_, "orphan-events", what)
