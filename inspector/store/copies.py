"""Copies of stores with an unfinished journal: private, one per state of the files, never left.

A copy is made only while the files hold still: they are looked at before and after. Its directory
is held by a lock as long as this process lives, so that the next start can tell what a process
that died has left behind.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
import weakref
from pathlib import Path
from typing import IO, Final

from inspector.errors import CancelledError, StoreErrorKind
from inspector.store.connection import open_copy
from inspector.store.files import Files, look
from inspector.store.sentences import COPY_LIMIT, store_error
from inspector.store.types import Cancel

if sys.platform != "win32":
    import fcntl

_PREFIX: Final = "stigmer-inspector-copy-"
_HOLD: Final = "in-use"
_PIECE: Final = 4 << 20  #: bytes copied between two looks at the cancel flag


class Moved(Exception):  # noqa: N818 - a reason to try again, no error
    """The files changed while they were being read."""


class CopyCache:
    """The newest copy of one store."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._made_of: Files | None = None
        self._directory: Path | None = None
        self._remove: weakref.finalize[[Path, IO[bytes]], CopyCache] | None = None

    def path_for(self, files: Files, cancel: Cancel | None = None) -> Path:
        """A copy of the store in this state, its journal replayed.

        Raises:
            CancelledError: ``cancel`` was set meanwhile.
            Moved: the files changed meanwhile.
            StoreError: too large, or no room.
            apsw.Error: what SQLite says of the copy.
        """
        if self._directory is None or self._made_of != files:
            self.close()
            self._make(files, cancel)
        assert self._directory is not None
        return self._directory / "copy.db"

    def close(self) -> None:
        """Remove the copy."""
        if self._remove is not None:
            self._remove()
        self._remove = self._directory = self._made_of = None

    def _make(self, files: Files, cancel: Cancel | None) -> None:
        if files.total > COPY_LIMIT:
            raise store_error(StoreErrorKind.TOO_LARGE_TO_COPY)
        directory, hold = _new_directory()
        self._remove = weakref.finalize(self, _discard, directory, hold)
        try:
            self._copy(files, directory, cancel)
            _replay(directory / "copy.db")
        except BaseException:
            self.close()
            raise
        self._directory, self._made_of = directory, files if files.settled else None

    def _copy(self, files: Files, directory: Path, cancel: Cancel | None) -> None:
        try:
            _copy_file(self._path, directory / "copy.db", cancel)
            for suffix, one in (("-wal", files.wal), ("-journal", files.journal)):
                if one:
                    _copy_file(self._path + suffix, directory / f"copy.db{suffix}", cancel)
        except FileNotFoundError as error:
            raise Moved from error
        except OSError as error:
            raise store_error(
                StoreErrorKind.TOO_LARGE_TO_COPY,
                "The file has an unfinished journal and could not be copied to be read.",
                "Make room in the temporary directory, or start and stop the daemon once.",
            ) from error
        if look(self._path) != files:
            raise Moved


def sweep() -> None:
    """Remove the copies that processes of this user have left when they died."""
    for directory in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        if _is_ours(directory) and not _is_held(directory / _HOLD):
            shutil.rmtree(directory, ignore_errors=True)


def _copy_file(source: str, target: Path, cancel: Cancel | None) -> None:
    with Path(source).open("rb") as old, target.open("wb") as new:
        while True:
            if cancel is not None and cancel.is_set():
                raise CancelledError("Cancelled.")
            piece = old.read(_PIECE)
            if not piece:
                return
            new.write(piece)


def _new_directory() -> tuple[Path, IO[bytes]]:
    directory = Path(tempfile.mkdtemp(prefix=_PREFIX)).resolve()
    hold = (directory / _HOLD).open("wb")
    if sys.platform != "win32":
        fcntl.flock(hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return directory, hold


def _discard(directory: Path, hold: IO[bytes]) -> None:
    hold.close()
    shutil.rmtree(directory, ignore_errors=True)


def _replay(path: Path) -> None:
    """Let SQLite finish the journal; its close leaves one complete file."""
    connection = open_copy(path)
    try:
        connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()
    finally:
        connection.close()


def _is_ours(directory: Path) -> bool:
    try:
        found = directory.lstat()
    except OSError:
        return False
    owner = os.getuid() if sys.platform != "win32" else found.st_uid
    return stat.S_ISDIR(found.st_mode) and found.st_uid == owner


def _is_held(hold: Path) -> bool:
    if sys.platform == "win32":
        try:
            hold.unlink()
        except FileNotFoundError:
            return False
        except OSError:
            return True
        return False
    try:
        with hold.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False
