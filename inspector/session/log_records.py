"""Records as the write-ahead log still has them, beside those of the store, for who reads all.

What is the same in the log as in the store is left out: a record that no commit touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from inspector.errors import NotFoundError
from inspector.history.record import Record
from inspector.session.log_history import commits, logged_history
from inspector.store.rows import Cancel
from inspector.store.text import encode

if TYPE_CHECKING:
    from inspector.session.session import Session


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
