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
#: The system's ``struct flock`` where ``long`` has 64 bits: its format and its fields in order.
_FLOCK: Final = {
    "linux": ("@hhqqi4x", ("type", "whence", "start", "length", "pid")),
    "darwin": ("@qqihh", ("start", "length", "pid", "type", "whence")),
}


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
    layout = _FLOCK.get(sys.platform)
    if layout is None or not _WIDE:
        return None
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        return _ask(descriptor, *layout)
    except OSError:
        return None
    finally:
        os.close(descriptor)


def _ask(descriptor: int, form: str, fields: tuple[str, ...]) -> _Holder:
    """Ask who would be in the way of a write lock on the byte."""
    wanted = {
        "type": fcntl.F_WRLCK,
        "whence": os.SEEK_SET,
        "start": _LOCK_BYTE,
        "length": 1,
        "pid": 0,
    }
    question = struct.pack(form, *(wanted[field] for field in fields))
    answer = struct.unpack(form, fcntl.fcntl(descriptor, fcntl.F_GETLK, question))
    found = dict(zip(fields, answer, strict=True))
    held = found["type"] != fcntl.F_UNLCK
    return _Holder(held, found["pid"] if held and found["pid"] > 0 else None)
