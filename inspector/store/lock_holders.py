"""Whether somebody has the file open, asked of the system without disturbing them.

SQLite holds locks on bytes of the database's files: on the database while it reads or writes, with
a WAL as long as it is connected; on ``-shm`` as long as anyone is connected to a WAL. The system
tells who holds one. To ask, the file must be opened and closed, which drops SQLite's own locks in
this process: only to be called while no connection is open.
"""

from __future__ import annotations

import os
import struct
import sys
from typing import Final

from inspector.named_tuple import NamedTuple
from inspector.store.files import Files
from inspector.store.rows import Journal

if sys.platform != "win32":
    import fcntl

#: The byte of ``-shm`` that every connection locks.
_CONNECTED: Final = (128, 1)
#: The bytes of the database: who is about to write, who writes, and who reads.
_READING: Final = (0x40000000, 512)
#: Those of them that one who writes holds alone.
_WRITING: Final = (0x40000002, 510)
_WIDE: Final = struct.calcsize("l") == 8
#: The system's ``struct flock`` where ``long`` has 64 bits: its format and its fields in order.
_FLOCK: Final = {
    "linux": ("@hhqqi4x", ("type", "whence", "start", "length", "pid")),
    "darwin": ("@qqihh", ("start", "length", "pid", "type", "whence")),
}
_WRITE_VERSION: Final = 18  #: where in the header it says whether there is a WAL
_WITH_WAL: Final = 2
_HEADER_SIZE: Final = 100
_CHANGES: Final = slice(24, 32)
_VALID_FOR: Final = slice(92, 96)


class Daemon(NamedTuple):
    """The state of the journal, and the process that has the store open, if it is known.

    ``sure`` says that who has it open is seen as long as it is: without a WAL who neither reads nor
    writes just now holds no lock, and a lock is that of a moment.
    """

    journal: Journal
    pid: int | None
    sure: bool = True


class _Holder(NamedTuple):
    held: bool
    pid: int | None


class _Asked(NamedTuple):
    """Who holds a lock, None where that cannot be asked; and whether the header names a WAL."""

    holder: _Holder | None
    with_wal: bool | None = None


def inspect(path: str, files: Files) -> Daemon:
    """Who is at the store. The process-wide lock must be held and no connection be open."""
    database = _asked(path, _READING)
    if files.journal and files.journal.size > 0:
        holder = database.holder
        pid = holder.pid if holder and holder.held else None
        return Daemon(Journal.ROLLBACK, pid, sure=bool(database.with_wal))
    asked = [database.holder]
    if files.shm:
        asked.insert(0, _asked(path + "-shm", _CONNECTED).holder)
    for holder in asked:
        if holder is not None and holder.held:
            return Daemon(Journal.LIVE, holder.pid, sure=bool(database.with_wal))
    left = files.wal is not None and files.wal.size > 0
    if None in asked and (files.shm or left or not database.with_wal):
        return Daemon(Journal.UNKNOWN, None)
    return Daemon(Journal.LEFT if left else Journal.CLEAN, None, sure=bool(database.with_wal))


def is_written(path: str) -> bool:
    """Whether another process has the database itself to write, so that none may read it.

    The process-wide lock must be held and no connection be open.
    """
    holder = _asked(path, _WRITING, for_writing=False).holder
    return holder is not None and holder.held


def change_counter(path: str) -> bytes:
    """The numbers in the database's header that go on with its writing, none where it has none.

    The process-wide lock must be held and no connection be open.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    except OSError:
        return b""
    try:
        header = os.read(descriptor, _HEADER_SIZE)
        return header[_CHANGES] + header[_VALID_FOR]
    except OSError:
        return b""
    finally:
        os.close(descriptor)


def is_connected(descriptor: int) -> bool:
    """Whether another process has the store open through its shared memory, which is open here."""
    layout = _FLOCK.get(sys.platform) if _WIDE else None
    return layout is not None and _ask(descriptor, _CONNECTED, *layout).held


def _asked(path: str, stretch: tuple[int, int], *, for_writing: bool = True) -> _Asked:
    """Ask who holds a lock on a stretch of a file: its first byte, and how many."""
    layout = _FLOCK.get(sys.platform) if _WIDE else None
    if layout is None and stretch != _READING:
        return _Asked(None)
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    except OSError:
        return _Asked(None)
    try:
        header = os.read(descriptor, _WRITE_VERSION + 1)
        with_wal = len(header) > _WRITE_VERSION and header[_WRITE_VERSION] == _WITH_WAL
        if layout is None:
            return _Asked(None, with_wal)
        return _Asked(_ask(descriptor, stretch, *layout, for_writing=for_writing), with_wal)
    except OSError:
        return _Asked(None)
    finally:
        os.close(descriptor)


def _ask(
    descriptor: int,
    stretch: tuple[int, int],
    form: str,
    fields: tuple[str, ...],
    *,
    for_writing: bool = True,
) -> _Holder:
    """Ask who would be in the way of a lock to write, or to read."""
    wanted = {
        "type": fcntl.F_WRLCK if for_writing else fcntl.F_RDLCK,
        "whence": os.SEEK_SET,
        "start": stretch[0],
        "length": stretch[1],
        "pid": 0,
    }
    question = struct.pack(form, *(wanted[field] for field in fields))
    answer = struct.unpack(form, fcntl.fcntl(descriptor, fcntl.F_GETLK, question))
    found = dict(zip(fields, answer, strict=True))
    held = found["type"] != fcntl.F_UNLCK
    return _Holder(held, found["pid"] if held and found["pid"] > 0 else None)
