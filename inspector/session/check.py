"""Reads every record and version of a store and gathers what is odd."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from inspector.errors import StoreError, StoreErrorKind
from inspector.history.record import Problem, Record
from inspector.session.session import Session
from inspector.session.walking import archived, rows_and_gone
from inspector.store.renamed import is_same
from inspector.store.types import Cancel, Row


class Found(NamedTuple):
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
    problems: tuple[Found, ...]

    @property
    def errors(self) -> int:
        """How many of the problems are errors."""
        return sum(found.problem.severity == "error" for found in self.problems)

    @property
    def warnings(self) -> int:
        """How many of the problems are warnings."""
        return len(self.problems) - self.errors


class _Tally:
    def __init__(self) -> None:
        self.records = self.versions = self.decoded = 0
        self.problems: list[Found] = []

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
            self.problems.append(Found(record.kind, record.id, audit_id, problem))

    def bad_page(self, kind: str | None, error: StoreError) -> None:
        problem = Problem("error", "bad-page", "", None, str(error))
        self.problems.append(Found(kind, None, None, problem))


def check_store(
    session: Session,
    *,
    cancel: Cancel | None = None,
    progress: Callable[[str], None] | None = None,
) -> Checked:
    """Checks all of a store, by kind and id, the live record before its versions.

    Raises:
        StoreError: the file cannot be read at all.
    """
    tally = _Tally()
    reader = session.reader(cancel)
    kinds = session.store.kinds(cancel)
    for kind in kinds:
        # What was archived may lie under another name that the kind has had.
        has_history = any(one.versions for one in kinds if is_same(one.kind, kind.kind))
        for row, id_ in _rows(session, kind.kind, tally, cancel):
            if row is not None:
                tally.add(reader.record(row))
            if has_history:
                _versions(session, kind.kind, id_, row is None, tally, cancel)
            if progress is not None:
                done = tally.records + tally.versions
                progress(f"{done:,} checked, {len(tally.problems):,} problems")
    damage = session.store.damage
    if damage is not None and all(one.problem.code != "bad-page" for one in tally.problems):
        tally.bad_page(None, damage)
        tally.problems.insert(0, tally.problems.pop())
    return Checked(tally.records, tally.versions, tally.decoded, tuple(tally.problems))


def _rows(
    session: Session, kind: str, tally: _Tally, cancel: Cancel | None
) -> Iterator[tuple[Row | None, str]]:
    """The rows of a kind as far as the file can be read."""
    try:
        yield from rows_and_gone(session, kind, cancel)
    except StoreError as error:
        if error.kind is not StoreErrorKind.DAMAGED:
            raise
        tally.bad_page(kind, error)


def _versions(
    session: Session, kind: str, id_: str, orphaned: bool, tally: _Tally, cancel: Cancel | None
) -> None:
    place = len(tally.problems)
    before = tally.versions
    for record in archived(session, kind, id_, cancel):
        tally.add(record)
    count = tally.versions - before
    if orphaned and count:
        plural = "s" if count > 1 else ""
        message = f"There is no record of this id, but {count} version{plural} of it."
        problem = Problem("warning", "orphan-history", "", None, message)
        tally.problems.insert(place, Found(kind, id_, None, problem))
