"""How SQLite reaches the disk: two file layers that keep it from touching what is not ours.

The one for stores opens read-only whatever is asked for, and refuses to create, write, truncate
or delete; it takes no lock above SHARED. The one for our own copies lets SQLite write and delete
in the copy's directory and nowhere else: a journal can name any file in the world as the one to
be deleted at the end of its replay.
"""

from __future__ import annotations

import os
from typing import Final

import apsw

_TEMPORARY: Final = (
    apsw.SQLITE_OPEN_TEMP_DB
    | apsw.SQLITE_OPEN_TEMP_JOURNAL
    | apsw.SQLITE_OPEN_TRANSIENT_DB
    | apsw.SQLITE_OPEN_SUBJOURNAL
)
_WRITING: Final = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
_BASE: Final = ""


def _read_only(flags: list[int]) -> list[int]:
    flags[0] = (flags[0] & ~_WRITING) | apsw.SQLITE_OPEN_READONLY
    return flags


class _ReadOnlyFile(apsw.VFSFile):
    def xLock(self, level: int) -> None:  # noqa: N802
        if level > apsw.SQLITE_LOCK_SHARED:
            raise apsw.BusyError("only shared locks are taken here")
        super().xLock(level)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        raise apsw.ReadOnlyError("nothing is written here")

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        raise apsw.ReadOnlyError("nothing is truncated here")


class _ReadOnlyVFS(apsw.VFS):
    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name, _BASE)

    def xOpen(  # noqa: N802
        self, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> apsw.VFSFile:
        if flags[0] & _TEMPORARY:
            return apsw.VFSFile(_BASE, name, flags)
        return _ReadOnlyFile(_BASE, name, _read_only(flags))

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        raise apsw.ReadOnlyError("nothing is deleted here")


class _PrivateVFS(apsw.VFS):
    def __init__(self, name: str) -> None:
        self.name = name
        self.root: str | None = None
        super().__init__(name, _BASE)

    def _inside(self, name: str) -> bool:
        return self.root is not None and os.path.dirname(name) == self.root

    def xOpen(  # noqa: N802
        self, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> apsw.VFSFile:
        plain = name.filename() if isinstance(name, apsw.URIFilename) else name
        if plain is None or self._inside(plain):
            return apsw.VFSFile(_BASE, name, flags)
        return _ReadOnlyFile(_BASE, name, _read_only(flags))

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        # What lies outside stays, and the replay goes on: all that it had to do is done.
        if self._inside(filename):
            super().xDelete(filename, syncdir)


#: Used for every store.
READ_ONLY: Final = _ReadOnlyVFS("inspector-read-only")
#: Used for copies; ``root`` is the copy's directory, set while the process-wide lock is held.
PRIVATE: Final = _PrivateVFS("inspector-private")
