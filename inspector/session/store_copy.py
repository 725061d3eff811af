"""One consistent copy of a store, live or left behind by a daemon that was killed, as one file."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from inspector.errors import UnwritableError
from inspector.export.target import is_special, refuse_store, replacing, replacing_by_name
from inspector.store.copies import private_file
from inspector.store.rows import Cancel

if TYPE_CHECKING:
    from inspector.session.session import Session

Progress = Callable[[int, int], None]

_PIECE: Final = 1 << 20  #: bytes handed on at a time
_FOR_ALL: Final = 0o666


def _silent(_done: int, _all: int) -> None:
    """Tells nobody."""


def save_copy(
    session: Session, path: Path, cancel: Cancel | None = None, progress: Progress = _silent
) -> None:
    """Writes the store as it is now to a file, which is replaced whole or not at all.

    A new file may be read by no more people than the store.

    Args:
        session: the store.
        path: what to write; no SQLite file, nor what SQLite keeps beside one.
        cancel: ends it when set; what was there is kept.
        progress: told now and then how many pages are copied, and of how many.

    Raises:
        StoreError: the store cannot be read.
        UsageError: there cannot be such a file, or it is not to be replaced.
        UnwritableError: it cannot be written to the end.
        CancelledError: ``cancel`` was set.
    """
    store = Path(session.store.real_path)
    refuse_store(path, store)
    if is_special(path) or not _is_utf8(path):
        with replacing(path) as file:
            write_copy(session, file.write, cancel, progress)
        return
    with replacing_by_name(path, _rights(store)) as made:
        session.store.copy_to(made, cancel, progress)


def write_copy(
    session: Session,
    write: Callable[[bytes], object],
    cancel: Cancel | None = None,
    progress: Progress = _silent,
) -> None:
    """The same in pieces, such as to standard output; the first comes when all is copied.

    Raises:
        StoreError: the store cannot be read, or there is no room for the copy.
        CancelledError: ``cancel`` was set.
    """
    with private_file(session.store.real_path) as path:
        try:
            session.store.copy_to(path, cancel, progress)
        except OSError as error:
            raise UnwritableError(
                f"The temporary directory cannot be written: {error.strerror or error}.",
                "Make room there, or name another one with TMPDIR.",
            ) from error
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                write(piece)


def _rights(store: Path) -> int:
    try:
        return stat.S_IMODE(store.stat().st_mode) & _FOR_ALL
    except OSError:
        return 0o600


def _is_utf8(path: Path) -> bool:
    """Whether SQLite can be told the name, which it takes as UTF-8 only."""
    try:
        os.path.realpath(path).encode()
    except UnicodeEncodeError:
        return False
    return True
