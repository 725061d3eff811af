"""What lies on the disk: the database file and the files SQLite keeps beside it, by ``stat`` alone.

Nothing here opens a file. Opening and closing the database, or its ``-shm``, would drop the locks
that SQLite holds on it in this process (POSIX).
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias

from inspector.errors import StoreError, StoreErrorKind
from inspector.named_tuple import NamedTuple
from inspector.store.error_sentences import store_error

if TYPE_CHECKING:
    from pathlib import Path

#: Devices, inodes, sizes and modification times of the files; equal means nothing was written.
Signature: TypeAlias = tuple[tuple[int, int, int, int] | None, ...]

#: What SQLite keeps beside a database: its name's endings.
SIDES: Final = ("-wal", "-shm", "-journal")
_BADGER_FILES = ("MANIFEST", "KEYREGISTRY", "DISCARD")
_HEADER_SIZE = 100
#: A file that was written less than this many nanoseconds ago may be written again unseen.
COARSE_CLOCK: Final = 20_000_000


#: What stands in a URI as it is.
_PLAIN: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~/")


class ReadMode(StrEnum):
    """How a file in its present state is to be read."""

    LIVE = "live"  #: through the WAL and the shared memory, without writing either
    IMMUTABLE = "immutable"  #: nothing beside it; checked afterwards that nothing moved
    ORPHAN_SHM = "orphan-shm"  #: shared memory alone: someone is about to come or has just gone
    COPY = "copy"  #: a journal to be replayed, which is done in a copy of ours
    LEFT = "left"  #: page by page out of the database and its log, which nobody has open
    AS_OF = "as-of"  #: page by page out of the database and its log, as of an earlier commit


class Moved(Exception):  # noqa: N818 - a reason to try again, no error
    """The files changed while they were being read."""


class FileStat(NamedTuple):
    """One file. Size in bytes, times in nanoseconds."""

    device: int
    inode: int
    size: int
    modified: int
    changed: int


class Files(NamedTuple):
    """The four files at one moment; those that do not exist are None."""

    database: FileStat
    wal: FileStat | None
    shm: FileStat | None
    journal: FileStat | None
    shm_readable: bool = True
    #: Names that the database has; another one than that which was opened may have a WAL.
    links: int = 1

    @property
    def identity(self) -> tuple[int, int]:
        """Device and inode: another pair is another file under the same name."""
        return self.database.device, self.database.inode

    @property
    def signature(self) -> Signature:
        """What to compare to see a change.

        The change time is left out: SQLite moves it on the WAL when root reads, and a reader must
        not wake itself.
        """
        return tuple(
            None if one is None else (one.device, one.inode, one.size, one.modified)
            for one in (self.database, self.wal, self.shm, self.journal)
        )

    @property
    def source(self) -> ReadMode:
        """How these files are to be read."""
        if self.journal and self.journal.size > 0:
            return ReadMode.COPY
        if self.wal and self.shm:
            return ReadMode.LIVE if self.shm_readable else ReadMode.COPY
        if self.wal and self.wal.size > 0:
            return ReadMode.COPY
        return ReadMode.ORPHAN_SHM if self.shm else ReadMode.IMMUTABLE

    @property
    def settled(self) -> bool:
        """Whether the clock has gone on since the last change, so that a next one is seen.

        Older systems stamp files only every few milliseconds.
        """
        changes = [one.modified for one in (self.database, self.wal, self.journal) if one]
        return time.time_ns() - max(changes) > COARSE_CLOCK

    @property
    def total(self) -> int:
        """Bytes that a copy takes."""
        return sum(one.size for one in (self.database, self.wal, self.journal) if one)


def look(path: str) -> Files:
    """The files as they are now.

    Args:
        path: the database's real path.

    Raises:
        StoreError: the database, or a file beside it, is not there or not to be read.
    """
    try:
        found = os.stat(path)  # noqa: PTH116 - a bare string keeps this cheap; it runs often
    except FileNotFoundError as error:
        raise store_error(StoreErrorKind.MISSING) from error
    except PermissionError as error:
        raise store_error(StoreErrorKind.NO_PERMISSION) from error
    except (OSError, ValueError) as error:
        raise _bad_path(error) from error
    _check_database(path, found)
    wal, shm, journal = (_beside(path + suffix) for suffix in SIDES)
    readable = not shm or os.access(path + "-shm", os.R_OK)
    files = Files(_facts(found), wal, shm, journal, readable, found.st_nlink)
    _check_size(files)
    for one, suffix in ((wal, "-wal"), (journal, "-journal")):
        if one and not os.access(path + suffix, os.R_OK):
            raise store_error(StoreErrorKind.NO_PERMISSION, f"No permission to read its {suffix}.")
    return files


def resolve(path: str | Path) -> str:
    """The path without symbolic links.

    Raises:
        StoreError: the links lead nowhere.
    """
    try:
        return os.path.realpath(path, strict=True)
    except FileNotFoundError as error:
        raise store_error(StoreErrorKind.MISSING) from error
    except PermissionError as error:
        raise store_error(StoreErrorKind.NO_PERMISSION) from error
    except (OSError, ValueError) as error:
        raise _bad_path(error) from error


def _bad_path(error: OSError | ValueError) -> StoreError:
    """The error of a path that no file can have, or that leads nowhere."""
    if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
        return store_error(
            StoreErrorKind.BAD_PATH, "This file name is too long.", "Check the name."
        )
    return store_error(StoreErrorKind.BAD_PATH)


def file_uri(path: str) -> str:
    """The URI of a file by its absolute path, as :meth:`pathlib.Path.as_uri` has it."""
    if sys.platform == "win32":
        from pathlib import Path  # noqa: PLC0415 - as below

        return Path(path).as_uri()
    plain = (chr(one) if chr(one) in _PLAIN else f"%{one:02X}" for one in os.fsencode(path))
    return f"file://{''.join(plain)}"


def is_badger(path: str | Path) -> bool:
    """Whether a directory holds a BadgerDB."""
    from pathlib import Path  # noqa: PLC0415 - it takes long, and most look at files

    place = Path(path)
    try:
        if any((place / name).is_file() for name in _BADGER_FILES):
            return True
        return any(place.glob("*.vlog")) or any(place.glob("*.sst"))
    except OSError:
        return False


def _check_database(path: str, found: os.stat_result) -> None:
    if stat.S_ISDIR(found.st_mode):
        kind = StoreErrorKind.BADGER if is_badger(path) else StoreErrorKind.DIRECTORY
        raise store_error(kind)
    if not stat.S_ISREG(found.st_mode):
        raise store_error(StoreErrorKind.NOT_REGULAR)
    if not os.access(path, os.R_OK):
        raise store_error(StoreErrorKind.NO_PERMISSION)


def _check_size(files: Files) -> None:
    if files.wal and files.wal.size > 0:
        return
    if files.database.size == 0:
        raise store_error(StoreErrorKind.EMPTY)
    if files.database.size < _HEADER_SIZE:
        raise store_error(StoreErrorKind.NOT_A_DATABASE)


def _beside(path: str) -> FileStat | None:
    try:
        found = os.stat(path)  # noqa: PTH116
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _sidecar_error(path) from error
    if not stat.S_ISREG(found.st_mode):
        # A pipe under such a name would hold SQLite up for ever.
        raise _sidecar_error(path)
    return _facts(found)


def _sidecar_error(path: str) -> StoreError:
    suffix = path[path.rindex("-") :]
    return store_error(StoreErrorKind.NOT_REGULAR, f"Its {suffix} is not a regular file.")


def _facts(found: os.stat_result) -> FileStat:
    return FileStat(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
