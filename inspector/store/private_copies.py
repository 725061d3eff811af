"""Copies of stores with an unfinished journal: private, one per state of the files, never left.

A copy is made only while the files hold still: they are looked at before and after. Its directory
holds a marker that is locked as long as this process lives, so that the next start can tell what a
process that died has left behind. The directory gets its name only once its marker is locked; one
without a marker is somebody else's, and left alone.
"""

from __future__ import annotations

import os
import stat
import sys
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from typing import TYPE_CHECKING, BinaryIO, Final

import apsw

from inspector.errors import CancelledError, StoreError, StoreErrorKind
from inspector.signals import uninterrupted
from inspector.store.connection import open_copy
from inspector.store.deadline import Deadline
from inspector.store.error_sentences import COPY_LIMIT, store_error
from inspector.store.files import Files, Moved, look
from inspector.store.temporary_places import made_in_one, no_room, place_names
from inspector.store.vfs import page_size

if TYPE_CHECKING:
    from pathlib import Path

if sys.platform != "win32":
    import fcntl

_PREFIX: Final = "stigmer-inspector-copy-"
_NEW_PREFIX: Final = "stigmer-inspector-new-"  #: until the marker is locked
_MARKER: Final = "in-use"
_PIECE: Final = 256 << 10  #: bytes copied between two looks at the cancel flag
#: What SQLite raises where the copy's own disk or directory is the trouble, not the file.
_NO_ROOM: Final = (apsw.FullError, apsw.CantOpenError, apsw.ReadOnlyError, apsw.PermissionsError)
_CANNOT_WRITE: Final = frozenset(
    (
        *(apsw.SQLITE_IOERR_WRITE, apsw.SQLITE_IOERR_FSYNC, apsw.SQLITE_IOERR_TRUNCATE),
        *(apsw.SQLITE_IOERR_SHMOPEN, apsw.SQLITE_IOERR_SHMSIZE, apsw.SQLITE_IOERR_SHMMAP),
        *(apsw.SQLITE_IOERR_DELETE, apsw.SQLITE_IOERR_DIR_FSYNC, apsw.SQLITE_IOERR_LOCK),
    )
)
_FULL: Final = "there is no room left on the disk of the temporary directory"
_CLOSED: Final = "the temporary directory cannot be written"


class _PrivateFolder:
    """A directory of ours for a copy, which is gone when it is closed, or nobody holds it.

    Attributes:
        file: where the copy is made in it.
    """

    def __init__(self, store: str) -> None:
        """Makes it; beside the store, given by its real path, nothing is made.

        Raises:
            StoreError: no place takes it.
        """
        self._remove: weakref.finalize[[Path, BinaryIO], _PrivateFolder] | None = None
        try:
            with uninterrupted():
                directory, marker = made_in_one(store, _new_directory)
                self._remove = weakref.finalize(self, _discard, directory, marker)
        except BaseException:
            self.close()
            raise
        self.file = directory / "copy.db"

    def close(self) -> None:
        """Remove it."""
        with uninterrupted():
            if self._remove is not None:
                self._remove()


class CopyCache:
    """The newest copy of one store.

    Attributes:
        gaps: what of it was not in the store's file, nor in the journal or log that was replayed,
            from one offset up to another: there are zeros that nobody stored.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self.gaps: Sequence[tuple[int, int]] = ()
        self._made_of: Files | None = None
        self._folder: _PrivateFolder | None = None

    def path_for(self, files: Files, deadline: Deadline) -> Path:
        """A copy of the store in this state, its journal replayed.

        Raises:
            CancelledError: the answer is no longer wanted.
            Moved: the files changed meanwhile.
            StoreError: too large, or no room.
            apsw.Error: what SQLite says of the copy.
        """
        if self._folder is None or self._made_of != files:
            self.close()
            self._make(files, deadline)
        assert self._folder is not None
        return self._folder.file

    def close(self) -> None:
        """Remove the copy."""
        folder, self._folder, self._made_of = self._folder, None, None
        if folder is not None:
            folder.close()

    def _make(self, files: Files, deadline: Deadline) -> None:
        if files.total > COPY_LIMIT:
            raise store_error(StoreErrorKind.TOO_LARGE_TO_COPY)
        try:
            self._folder = _PrivateFolder(self._path)
            self._copy(files, self._folder.file, deadline)
            self.gaps = _replay(self._folder.file, deadline)
        except BaseException:
            self.close()
            raise
        self._made_of = files if files.settled else None

    def _copy(self, files: Files, copy: Path, deadline: Deadline) -> None:
        try:
            _copy_file(self._path, copy, deadline)
            for suffix, one in (("-wal", files.wal), ("-journal", files.journal)):
                if one:
                    _copy_file(self._path + suffix, copy.with_name(copy.name + suffix), deadline)
        except FileNotFoundError as error:
            raise Moved from error
        except OSError as error:
            raise no_room(error) from error
        if look(self._path) != files:
            raise Moved


@contextmanager
def private_file(store: str) -> Iterator[Path]:
    """An empty file that is gone afterwards, in a place like that of a copy.

    Args:
        store: real path of the store, beside which nothing is made.

    Raises:
        StoreError: no place takes it.
    """
    try:
        folder = _PrivateFolder(store)
    except StoreError as error:
        raise store_error(
            StoreErrorKind.NO_ROOM,
            "There is no temporary directory that can be written.",
            "Name one with TMPDIR.",
        ) from error
    try:
        _create(folder.file).close()
        yield folder.file
    finally:
        folder.close()


def sweep() -> None:
    """Remove the copies that processes of this user have left when they died."""
    for place in place_names():
        with suppress(OSError):
            # ``glob`` takes longer, and this is done at every start.
            with os.scandir(place) as entries:
                copies = [one.path for one in entries if one.name.startswith(_PREFIX)]
            for directory in map(_path, copies):
                if _is_ours(directory) and not _is_held(directory / _MARKER):
                    _remove(directory)


@cache
def sweep_once() -> None:
    """The same, of a process the first time it opens a store."""
    sweep()


def _path(name: str) -> Path:
    """A path, for which a module is needed that takes long; most starts find no copy."""
    from pathlib import Path  # noqa: PLC0415 - as it says

    return Path(name)


def _copy_file(source: str, target: Path, deadline: Deadline) -> None:
    with _path(source).open("rb") as old, _create(target) as new:
        while True:
            if deadline.cancelled:
                raise CancelledError("Cancelled.")
            piece = old.read(_PIECE)
            if not piece:
                return
            new.write(piece)


def _create(path: Path) -> BinaryIO:
    """A new file that only its owner may read."""
    return open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600))


def _new_directory(place: Path) -> tuple[Path, BinaryIO]:
    """A new directory for a copy, and its marker, which is locked as long as it is open.

    Raises:
        OSError: there cannot be one here.
    """
    import tempfile  # noqa: PLC0415 - copies are seldom made

    # On Windows a file that is open is locked, and its directory cannot be renamed.
    renamed = sys.platform != "win32"
    made = tempfile.mkdtemp(prefix=_NEW_PREFIX if renamed else _PREFIX, dir=place)
    directory = _path(made).resolve()
    try:
        marker = _create(directory / _MARKER)
        try:
            if sys.platform != "win32":
                fcntl.flock(marker, fcntl.LOCK_EX | fcntl.LOCK_NB)
                directory = directory.rename(directory.with_name(f"{_PREFIX}{token_hex(8)}"))
        except BaseException:
            marker.close()
            raise
    except BaseException:
        _remove(directory)
        raise
    return directory, marker


def token_hex(size: int) -> str:
    """Random bytes as hexadecimal; the module with this name takes a library of ciphers along."""
    return os.urandom(size).hex()


def _discard(directory: Path, marker: BinaryIO) -> None:
    marker.close()
    _remove(directory)


def _remove(directory: Path) -> None:
    import shutil  # noqa: PLC0415 - copies are seldom made

    shutil.rmtree(directory, ignore_errors=True)


def _replay(path: Path, deadline: Deadline) -> Sequence[tuple[int, int]]:
    """Let SQLite finish the journal; its close leaves one complete file. Gives its gaps.

    Raises:
        StoreError: there is no room for it.
    """
    before, replayed = path.stat().st_size, set[int]()
    connection = open_copy(path, deadline, replayed)
    try:
        connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()
        connection.close()
    except apsw.Error as error:
        written = getattr(error, "extendedresult", 0) in _CANNOT_WRITE
        if written or isinstance(error, _NO_ROOM):
            raise no_room(None, _said(error)) from error
        raise
    finally:
        with suppress(apsw.Error):
            connection.close(True)
    left = path.with_name(f"{path.name}-wal")
    if left.exists() and left.stat().st_size > 0:
        # Its close says nothing of what it could not write.
        raise no_room(None, _FULL)
    return _gaps(path, before, replayed)


def _gaps(path: Path, before: int, replayed: set[int]) -> Sequence[tuple[int, int]]:
    """What of a copy is neither of the store's file nor of what was replayed.

    Args:
        path: the copy, replayed.
        before: bytes of the store's file.
        replayed: offsets of the pages that were.
    """
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)

        def read(amount: int, offset: int) -> bytes:
            file.seek(offset)
            return file.read(amount)

        page = page_size(size, read)
    gaps: list[tuple[int, int]] = []
    if page is None:
        return gaps
    for at in range(before - before % page, size, page):
        if at in replayed:
            continue
        start = gaps.pop()[0] if gaps and gaps[-1][1] == at else at
        gaps.append((start, at + page))
    return gaps


def _said(error: apsw.Error) -> str:
    return _FULL if isinstance(error, apsw.FullError) else _CLOSED


def _is_ours(directory: Path) -> bool:
    try:
        found = directory.lstat()
    except OSError:
        return False
    owner = os.getuid() if sys.platform != "win32" else found.st_uid
    return stat.S_ISDIR(found.st_mode) and found.st_uid == owner


def _is_held(marker: Path) -> bool:
    """Whether a directory is not to be removed: its marker is locked, or there is none."""
    try:
        if sys.platform == "win32":
            marker.unlink()
        else:
            with marker.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    return False
