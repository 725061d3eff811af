"""The files of a store as they lie on the disk: what shows that reading left no trace."""

from __future__ import annotations

from inspector.named_tuple import NamedTuple
from inspector.store.files import look


class FileState(NamedTuple):
    """One file: its name's ending (empty for the database), bytes, and nanoseconds since 1970."""

    suffix: str
    size: int
    modified: int


def file_states(real_path: str) -> tuple[FileState, ...]:
    """The database and the files beside it that are there now; nothing is opened.

    Raises:
        StoreError: the database is not there any more, or cannot be read.
    """
    files = look(real_path)
    sides = (("", files.database), ("-wal", files.wal), ("-shm", files.shm))
    return tuple(
        FileState(suffix, one.size, one.modified)
        for suffix, one in (*sides, ("-journal", files.journal))
        if one is not None
    )
