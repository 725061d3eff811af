"""Earlier states of records out of the write-ahead log, as versions beside those of the archive.

The log has no times: the order of its commits is known, and when each row says that it was saved.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from inspector.errors import NotFoundError, UsageError
from inspector.history.selector import logged_number
from inspector.history.versions import Logged, Version, completed
from inspector.schema.kind_names import normal_kind
from inspector.session.lookup import only
from inspector.store.commit_history import CommitFacts
from inspector.store.commits import LogState, commit_gone
from inspector.store.rows import Cancel, Row
from inspector.times import stored_time

if TYPE_CHECKING:
    from inspector.session.session import Session


class LoggedHistory(NamedTuple):
    """What the log still tells of a record.

    Attributes:
        versions: its states, newest first, each by the first commit that can be read in which it
            was so; of states that follow each other no two are the same.
        deleted: the commits from which on it was not there, newest first.
        refused: how many commits cannot be read any more: states may be missing there.
        commits: how many there are.
    """

    versions: list[Version]
    deleted: tuple[int, ...]
    refused: int
    commits: int


def log_of(session: Session, cancel: Cancel | None = None) -> LogState:
    """The write-ahead log of a session's file.

    Raises:
        UsageError: the session is one of those states itself.
    """
    if session.store.moment is not None:
        raise UsageError(
            "This is already the store as of a commit.", "Open its newest state for the others."
        )
    return session.store.log_state(cancel)


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
    log = log_of(session, cancel) if log is None else log
    return list(session.store.commits(log, cancel, progress))


def logged_history(
    session: Session, kind: str, id_: str, cancel: Cancel | None = None
) -> LoggedHistory:
    """The states of a record that the log holds.

    Raises:
        StoreError: the files were changed meanwhile.
    """
    log = log_of(session, cancel)
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


def version_at(
    session: Session, kind: str, id_: str, number: int, cancel: Cancel | None = None
) -> Version:
    """A record as of a commit.

    Raises:
        NotFoundError: it was not there, there is no such commit, or it cannot be read any more.
    """
    log = log_of(session, cancel)
    row = session.store.at(number, log).row(kind, id_, cancel)
    if row is None:
        raise NotFoundError(f"There is no {kind} {id_!r} as of commit {number}.")
    return _version(session, log, number, row, cancel)


def logged_row(session: Session, version: Version, cancel: Cancel | None = None) -> Row:
    """The row of a version out of the log.

    Raises:
        NotFoundError: the log was begun anew, or the commit cannot be read any more.
    """
    assert version.logged is not None
    log = log_of(session, cancel)
    number = version.logged.commit
    if log.log.raw_header != version.logged.generation:
        raise commit_gone(number)
    row = session.store.at(number, log).row(version.kind, version.id, cancel)
    assert row is not None, "what was committed does not change"
    return row


def resolve_logged(
    session: Session,
    kind: str | None,
    text: str,
    selector: str | None = None,
    cancel: Cancel | None = None,
) -> tuple[str, str]:
    """Kind and id of the record that a text names now, or else did while the log was written.

    Args:
        session: the newest state.
        kind: None for any.
        text: an id, or a slug.
        selector: the name of a version; a commit's in which the record is looked for.
        cancel: ends it when set.

    Raises:
        NotFoundError, UsageError: no record has that name, or several have.
    """
    try:
        return session.resolve(kind, text, cancel)
    except NotFoundError:
        number = logged_number(selector) if selector is not None else None
        if number is not None:
            return session.at(number, cancel).resolve(kind, text, cancel)
        if selector is not None:
            raise
        found = {
            (one.kind, one.id)
            for commit in commits(session, cancel)
            for one in commit.records or ()
            if one.id == text and (kind is None or normal_kind(one.kind) == normal_kind(kind))
        }
        if not found:
            raise
        return only(text, "record", sorted(found))


def _version(
    session: Session, log: LogState, number: int, row: Row, cancel: Cancel | None
) -> Version:
    saved = stored_time(row.updated_at) or None
    place = Logged(number, log.total, log.log.raw_header)
    found = Version(
        row.kind, row.id, None, None, row.kind, saved, None, None, row.size, False, logged=place
    )
    blob = session.reader(cancel).blob(row.data, row.kind, row.updated_at, row.problem)
    return completed(found, blob)
