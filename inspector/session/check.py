"""Reads every record and version of a store and gathers what is odd."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from inspector.errors import StoreError, StoreErrorKind
from inspector.history.record import Problem, Record, number_of
from inspector.history.stored_events import StoredEvent
from inspector.session.event_pages import EventOwners, event_owners, every_event
from inspector.session.session import Session
from inspector.session.walking import archived, rows_and_gone
from inspector.store.event_log import EventsOf
from inspector.store.renamed import is_same
from inspector.store.rows import Cancel, Row
from inspector.store.text import encode


class CheckFinding(NamedTuple):
    """A problem and where it is; kind or id is None where it concerns the file or a whole kind."""

    kind: str | None
    id: str | None
    audit_id: int | None
    problem: Problem


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

    def _count(self, severity: str) -> int:
        problems = (found.problem for found in self.problems)
        return number_of(problem for problem in problems if problem.severity == severity)


class _CheckTally:
    def __init__(self, progress: Callable[[str], None] | None) -> None:
        self._progress = progress
        self.records = self.versions = self.decoded = self.events = 0
        self.problems: list[CheckFinding] = []
        self.damaged = set[str]()

    def add(self, record: Record) -> None:
        tree = record.tree
        known = record.choice.schema is not None or record.json_store
        if tree is not None and not tree.malformed and known:
            self.decoded += 1
        version = record.version
        self.records += version is None
        self.versions += version is not None
        for problem in record.problems:
            audit_id = version.audit_id if version is not None else None
            if version is not None and version.legacy_key is not None:
                # It has no number to be told by.
                problem = problem._replace(message=f"{version.name}: {problem.message}")
            self.problems.append(CheckFinding(record.kind, record.id, audit_id, problem))

    def add_event(self, kind: str, id_: str, event: StoredEvent) -> None:
        self.events += 1
        told = [Problem("warning", "event-mismatch", "", None, one) for one in event.mismatches]
        for problem in (*event.record.problems, *told):
            # The row and its number are no part of the answer.
            problem = problem._replace(message=f"Event {event.name}: {problem.message}")
            self.problems.append(CheckFinding(kind, id_, None, problem))

    def bad_page(self, kind: str | None, error: StoreError, id_: str | None = None) -> None:
        problem = Problem("error", "bad-page", "", None, str(error))
        self.problems.append(CheckFinding(kind, id_, None, problem))

    def orphan(self, place: int, kind: str, id_: str, code: str, what: str) -> None:
        """Says before what was found since a place that there is no record it belongs to."""
        message = f"There is no record of this id, but {what} of it."
        problem = Problem("warning", code, "", None, message)
        self.problems.insert(place, CheckFinding(kind, id_, None, problem))

    def tell(self) -> None:
        if self._progress is not None:
            done = self.records + self.versions + self.events
            self._progress(f"{done:,} checked, {len(self.problems):,} problems")


def check_store(
    session: Session,
    *,
    cancel: Cancel | None = None,
    progress: Callable[[str], None] | None = None,
) -> Checked:
    """Checks all of a store, by kind and id, the live record before its versions and its events.

    Raises:
        StoreError: the file cannot be read at all.
    """
    tally = _CheckTally(progress)
    reader = session.reader(cancel)
    kinds = {kind.kind: kind.versions for kind in session.store.kinds(cancel)}
    owners = event_owners(session, list(kinds), cancel)
    for kind in sorted(kinds.keys() | owners.keys(), key=encode):
        # What was archived may lie under another name that the kind has had.
        has_history = any(count for one, count in kinds.items() if is_same(one, kind))
        events = _Events(session, kind, owners, tally, cancel)
        for row, id_ in _rows(session, kind, tally, cancel):
            events.before(id_)
            if row is not None:
                tally.add(reader.record(row))
            if has_history:
                _versions(session, kind, id_, row is None, tally, cancel)
            events.of(id_, orphaned=row is None)
            tally.tell()
        events.rest()
    damage = session.store.damage
    if damage is not None and all(one.problem.code != "bad-page" for one in tally.problems):
        tally.bad_page(None, damage)
        tally.problems.insert(0, tally.problems.pop())
    problems = tuple(tally.problems)
    return Checked(tally.records, tally.versions, tally.decoded, problems, tally.events)


def _rows(
    session: Session, kind: str, tally: _CheckTally, cancel: Cancel | None
) -> Iterator[tuple[Row | None, str]]:
    """The rows of a kind as far as the file can be read."""
    try:
        yield from rows_and_gone(session, kind, cancel)
    except StoreError as error:
        if error.kind is not StoreErrorKind.DAMAGED:
            raise
        tally.bad_page(kind, error)
        tally.damaged.add(kind)


def _versions(
    session: Session, kind: str, id_: str, orphaned: bool, tally: _CheckTally, cancel: Cancel | None
) -> None:
    place = len(tally.problems)
    before = tally.versions
    for record in archived(session, kind, id_, cancel):
        tally.add(record)
    count = tally.versions - before
    if orphaned and count:
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
        cancel: Cancel | None,
    ) -> None:
        self._session = session
        self._kind = kind
        self._own = owners.get(kind)
        self._tally = tally
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
            yield from self._session.store.event_owners(self._own.table, self._cancel)
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
            for event in every_event(self._session, EventsOf(own.table, id_), self._cancel):
                tally.add_event(self._kind, id_, event)
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
