"""A state of a store that a person can name: a file as it is now, or as of a commit of its log."""

from __future__ import annotations

import os
import re
from typing import Final

from inspector.errors import NotFoundError, StoreError
from inspector.named_tuple import NamedTuple
from inspector.session.session import Session
from inspector.store.commits import commit_gone

_SIGN: Final = "@wal:"
_AS_OF: Final = re.compile(rf"(.+){_SIGN}([0-9]{{1,18}})", re.DOTALL)


class StoreMoment(NamedTuple):
    """A state of a store.

    Attributes:
        path: the file.
        commit: of its write-ahead log, counted from 1; None for its newest state.
        generation: the header of the log that it is a commit of; None for that which is found.
    """

    path: str
    commit: int | None = None
    generation: bytes | None = None

    @property
    def name(self) -> str:
        """How it is written: ``FILE``, or ``FILE@wal:17``."""
        return self.path if self.commit is None else f"{self.path}{_SIGN}{self.commit}"


def parse_moment(text: str) -> StoreMoment:
    """The state that ``FILE`` or ``FILE@wal:17`` names; one that is called so is meant."""
    named = _AS_OF.fullmatch(text)
    if named is None or os.path.lexists(text):
        return StoreMoment(text)
    return StoreMoment(named[1], int(named[2]))


def open_moment(moment: StoreMoment, schema: str) -> Session:
    """The store as it is or was then.

    Raises:
        StoreError: it cannot be opened, and names itself.
        NotFoundError: its log has no such commit, or it cannot be read any more.
    """
    try:
        session = Session.open(moment.path, schema=schema)
        if moment.commit is None:
            return session
        log = session.log_state()
        if moment.generation not in (None, log.log.raw_header):
            raise commit_gone(moment.commit)
        return session.reading(session.store.at(moment.commit, log))
    except StoreError as error:
        raise error.named(moment.path) from error
    except NotFoundError as error:
        raise type(error)(f"{moment.path}: {error.message}", error.hint) from error
