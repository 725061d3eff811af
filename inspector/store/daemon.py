"""Whether a daemon has the store open, asked without disturbing it.

SQLite keeps a lock on byte 128 of ``-shm`` for as long as anyone is connected; the system tells
who holds it. To ask, the file must be opened and closed, which drops SQLite's own locks in this
process: only to be called while no connection is open.
"""

from __future__ import annotations

import os
import struct
import sys
from typing import Final, NamedTuple

from inspector.store.files import Files
from inspector.store.types import Journal

if sys.platform != "win32":
    import fcntl

_LOCK_BYTE: Final = 128
_WIDE: Final = struct.calcsize("l") == 8


class Daemon(NamedTuple):
    """The state of the journal, and the process that has the store open, if it is known."""

    journal: Journal
    pid: int | None


class _Holder(NamedTuple):
    held: bool
    pid: int | None


def inspect(path: str, files: Files) -> Daemon:
    """Who is at the store. The process-wide lock must be held and no connection be open."""
    if files.journal and files.journal.size > 0:
        return Daemon(Journal.ROLLBACK, None)
    if files.shm:
        holder = _holder(path + "-shm")
        if holder is None:
            return Daemon(Journal.UNKNOWN, None)
        if holder.held:
            return Daemon(Journal.LIVE, holder.pid)
    left = files.wal is not None and files.wal.size > 0
    return Daemon(Journal.LEFT if left else Journal.CLEAN, None)


def _holder(path: str) -> _Holder | None:
    """Who holds the lock, or None where that cannot be asked."""
    if not _WIDE or not sys.platform.startswith(("linux", "darwin")):
        return None
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        answer = fcntl.fcntl(descriptor, fcntl.F_GETLK, _question())
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return _answer(answer)


if sys.platform == "darwin":
    # struct flock: off_t start, off_t length, pid_t pid, short type, short whence
    def _question() -> bytes:
        return struct.pack("@qqihh", _LOCK_BYTE, 1, 0, fcntl.F_WRLCK, os.SEEK_SET)

    def _answer(flock: bytes) -> _Holder:
        _, _, pid, kind, _ = struct.unpack("@qqihh", flock)
        return _Holder(kind != fcntl.F_UNLCK, pid if pid > 0 else None)

elif sys.platform != "win32":
    # struct flock: short type, short whence, off_t start, off_t length, pid_t pid, padding
    def _question() -> bytes:
        return struct.pack("@hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, _LOCK_BYTE, 1, 0)

    def _answer(flock: bytes) -> _Holder:
        kind, _, _, _, pid = struct.unpack("@hhqqi4x", flock)
        return _Holder(kind != fcntl.F_UNLCK, pid if kind != fcntl.F_UNLCK and pid > 0 else None)

else:

    def _question() -> bytes:
        raise NotImplementedError

    def _answer(flock: bytes) -> _Holder:
        raise NotImplementedError
