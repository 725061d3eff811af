"""Reads every record and version of a store and gathers what is odd."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from inspector.errors import StoreError
from inspector.history.record import Problem, Record
from inspector.session.session import Session
from inspector.store.types import Cancel, Row


class Found(NamedTuple):
    """A problem and where it is; ``id`` is None where it concerns the whole kind."""

    kind: str
    id: str | None
    audit_id: int | None
    problem: Problem


class Checked(NamedTuple):
    """What a check found; ``decoded`` counts the records and versions without an error."""

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

    def add(self, record: Record, audit_id: int | None) -> None:
        tree = record.tree
        known = record.choice.generation is not None or record.json_store
        if tree is not None and not tree.malformed and known:
            self.decoded += 1
        for problem in record.problems:
            self.problems.append(Found(record.kind, record.id, audit_id, problem))


def check_store(
    session: Session,
    *,
    cancel: Cancel | None = None,
    progress: Callable[[str], None] | None = None,
) -> Checked:
    """Checks all of a store, by kind and id, the live record before its versions."""
    tally = _Tally()
    for kind in session.kinds(cancel):
        for row, id_ in _rows(session, kind.kind, tally, cancel):
            if row is not None:
                tally.records += 1
                tally.add(session.reader(cancel).record(row), None)
            if kind.versions:
                _versions(session, kind.kind, id_, row is None, tally, cancel)
            done = tally.records + tally.versions
            if progress is not None and done % 256 == 0:
                progress(f"{done:,} checked, {len(tally.problems):,} problems")
    return Checked(tally.records, tally.versions, tally.decoded, tuple(tally.problems))


def _rows(
    session: Session, kind: str, tally: _Tally, cancel: Cancel | None
) -> Iterator[tuple[Row | None, str]]:
    """The rows of a kind as far as the file can be read."""
    try:
        yield from session.rows_and_gone(kind, cancel)
    except StoreError as error:
        problem = Problem("error", "bad-page", "", None, str(error))
        tally.problems.append(Found(kind, None, None, problem))


def _versions(
    session: Session, kind: str, id_: str, orphaned: bool, tally: _Tally, cancel: Cancel | None
) -> None:
    found = session.history(kind, id_, cancel)
    if orphaned and found:
        count = f"{len(found)} version{'s' if len(found) > 1 else ''}"
        message = f"There is no record of this id, but {count} of it."
        problem = Problem("warning", "orphan-history", "", None, message)
        tally.problems.append(Found(kind, id_, None, problem))
    for version in found:
        tally.versions += 1
        tally.add(session.record(kind, id_, version, cancel), version.audit_id)
