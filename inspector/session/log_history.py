"""Earlier states of records out of the write-ahead log: of one record, and of all.

The log has no times: the order of its commits is known, and when each row says that it was saved.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property
from heapq import merge
from typing import TYPE_CHECKING

from inspector.errors import CancelledError, InspectorError, NotFoundError
from inspector.history.record import Record
from inspector.history.versions import Logged, Version, completed
from inspector.invisible import named, typed
from inspector.named_tuple import NamedTuple
from inspector.store.commit_history import CommitFacts
from inspector.store.commits import LogState
from inspector.store.rows import Cancel, Row
from inspector.store.text import encode
from inspector.times import stored_time

if TYPE_CHECKING:
    from inspector.session.session import Session


class LoggedHistory(NamedTuple):
    """What the log still tells of a record.

    Attributes:
        versions: its states, newest first, each by the first commit that can be read in which it
            was so; of states that follow each other no two are the same.
        deleted: the commits from which on it was not there, newest first.
        refused: how many commits can no longer be read: states may be missing there.
        commits: how many there are.
    """

    versions: list[Version]
    deleted: tuple[int, ...]
    refused: int
    commits: int


def commits(
    session: Session,
    cancel: Cancel | None = None,
    progress: Callable[[int, int], None] | None = None,
    log: LogState | None = None,
) -> list[CommitFacts]:
    """The commits that the log holds, oldest first, with the records that each touched.

    Args:
        session: the newest state.
        cancel: ends it when set.
        progress: is told how many commits are done, and how many there are.
        log: what is asked; the log as it is now where None.

    Raises:
        StoreError: the files were changed meanwhile.
    """
    log = session.log_state(cancel) if log is None else log
    return list(session.store.commits(log, cancel, progress))


def logged_history(
    session: Session, kind: str, id_: str, cancel: Cancel | None = None
) -> LoggedHistory:
    """The states of a record that the log holds.

    Raises:
        StoreError: the files were changed meanwhile.
    """
    log = session.log_state(cancel)
    versions: list[Version] = []
    deleted: list[int] = []
    live = session.store.row(kind, id_, cancel)
    newest_live: Version | None = None
    for state in session.store.record_states(log, kind, id_, cancel):
        if state.row is None:
            if versions:
                deleted.append(state.number)
            continue
        version = _version(session, log, state.number, state.row, cancel)
        versions.append(version)
        if live is not None and live.data is not None and live.data == state.row.data:
            newest_live = version
    marked = [one._replace(live=one is newest_live) for one in versions]
    refused = sum(number > 0 for number in log.refusals)
    return LoggedHistory(marked[::-1], tuple(deleted[::-1]), refused, log.total)


def archived_contents(
    session: Session,
    archived: Sequence[Version],
    others: Sequence[Version],
    cancel: Cancel | None = None,
) -> frozenset[int]:
    """What tells blobs of archived versions from others, of those that others may be the same as.

    The same hash may stand for states that differ beyond what it is of, such as what a record has
    come to. An archived version that cannot be read is the same as none.
    """
    alike = {(one.version_hash, one.size) for one in others if one.version_hash}
    found = set()
    for one in archived:
        if (one.version_hash, one.size) in alike:
            try:
                found.add(hash(session.row(one.kind, one.id, one, cancel).data))
            except CancelledError:
                raise
            except InspectorError:
                continue
    return frozenset(found)


def merged_history(
    archived: Sequence[Version], found: LoggedHistory, contents: Collection[int]
) -> list[Version]:
    """Archived versions and the states that the log holds besides, newest first.

    A state that is the current one, or that was archived too, as ``contents`` tell, is not there
    twice. Each of the two keeps its order; they are put together by when the rows say that they
    were saved.
    """
    logged = [
        one
        for one in found.versions
        if not one.live and (one.logged is None or one.logged.content not in contents)
    ]
    return list(merge(logged, archived, key=lambda one: one.archived_at or "", reverse=True))


def refused_words(refused: int, commits: int, of: str = "commits") -> str:
    """That some commits are lost to a reader, without a full stop; ``of`` is what they are."""
    return f"{refused:,} of {commits:,} {of} can no longer be read; states may be missing"


def log_words(found: LoggedHistory) -> str:
    """What is to be said of the states of a record that are not there; empty for nothing."""
    words = []
    if found.refused:
        of = "commits of the write-ahead log"
        words.append(f"{refused_words(found.refused, found.commits, of)}.")
    if found.deleted:
        words.append(f"Deleted in commit {', '.join(map(str, found.deleted))}.")
    return " ".join(words)


def version_at(
    session: Session, kind: str, id_: str, number: int, cancel: Cancel | None = None
) -> Version:
    """A record as of a commit.

    Raises:
        NotFoundError: it was not there, there is no such commit, or it cannot be read any more.
    """
    log = session.log_state(cancel)
    row = session.store.at(number, log).row(kind, id_, cancel)
    if row is None:
        raise NotFoundError(f"There is no {named(kind)} {typed(id_)} as of commit {number}.")
    return _version(session, log, number, row, cancel)


def _version(
    session: Session, log: LogState, number: int, row: Row, cancel: Cancel | None
) -> Version:
    saved = stored_time(row.updated_at) or None
    place = Logged(number, log.total, log.log.raw_header, hash(row.data))
    found = Version(
        row.kind, row.id, None, None, row.kind, saved, None, None, row.size, False, logged=place
    )
    blob = session.reader(cancel).blob(row.data, row.kind, row.updated_at, row.problem)
    return completed(found, blob)


# Records as the write-ahead log still has them, beside those of the store, for who reads all.
#
# What is the same in the log as in the store is left out: a record that no commit touched.


class LogRecords:
    """What the log of a store holds of its records.

    Attributes:
        commits: how many there are.
        refused: how many of them cannot be read any more.
        begun_anew: whether the log was restarted while it was read; all is not there then.
    """

    def __init__(
        self,
        session: Session,
        cancel: Cancel | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Takes the log as it is.

        Raises:
            UsageError: the session is one of its states itself.
            StoreError: it cannot be read.
        """
        self._session = session
        self._cancel = cancel
        self._progress = progress
        self._log = session.log_state(cancel)
        self.commits = self._log.total
        self.refused = sum(number > 0 for number in self._log.refusals)
        self.begun_anew = False

    def of(self, kind: str, id_: str) -> Iterator[Record]:
        """The states of a record, newest first; none where all that was read is as it is now."""
        touched, is_all = self._touched
        if is_all and id_ not in touched.get(kind, ()):
            return
        session = self._session
        if session.log_state(self._cancel).log.raw_header != self._log.log.raw_header:
            self.begun_anew = True
            return
        try:
            versions = logged_history(session, kind, id_, self._cancel).versions
            if len(versions) == 1 and versions[0].live and versions[0].logged is not None:
                first = min(set(range(self.commits + 1)) - self._log.refusals.keys(), default=None)
                if versions[0].logged.commit == first:
                    return
            reader = session.reader(self._cancel)
            for version in versions:
                yield reader.record(session.row(kind, id_, version, self._cancel), version)
        except NotFoundError:
            self.begun_anew = True

    def kinds(self) -> list[str]:
        """The kinds that commits touched."""
        return sorted(self._touched[0], key=encode)

    def gone(self, kind: str) -> list[str]:
        """Ids of the kind that commits touched and the store does not have, in order."""
        store = self._session.store
        return [
            id_
            for id_ in sorted(self._touched[0].get(kind, ()), key=encode)
            if store.row(kind, id_, self._cancel) is None
            and not store.history.versions(kind, id_, self._cancel)
        ]

    @cached_property
    def _touched(self) -> tuple[dict[str, set[str]], bool]:
        """The ids that commits touched, by kind, and whether that is known of all commits."""
        found: dict[str, set[str]] = {}
        is_all = True
        for commit in commits(self._session, self._cancel, self._progress, self._log):
            is_all = is_all and commit.records is not None
            for one in commit.records or ():
                found.setdefault(one.kind, set()).add(one.id)
        return found, is_all
