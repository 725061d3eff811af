"""One consistent copy of a store, live or left behind by a daemon that was killed, as one file."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from inspector.session.file_output import WriteFile, save_file, stream_file
from inspector.store.rows import Cancel

if TYPE_CHECKING:
    from inspector.session.session import Session

Progress = Callable[[int, int], None]

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
    store = session.store.real_path
    save_file(store, path, _copier(session, cancel, progress), _rights(Path(store)))


def write_copy(
    session: Session,
    write: Callable[[bytes], object],
    cancel: Cancel | None = None,
    progress: Progress = _silent,
) -> None:
    """Writes the store as it is now in pieces, such as to standard output.

    The first comes when all is copied.

    Raises:
        StoreError: the store cannot be read, or there is no room for the copy.
        CancelledError: ``cancel`` was set.
    """
    stream_file(session.store.real_path, write, _copier(session, cancel, progress))


def _copier(session: Session, cancel: Cancel | None, progress: Progress) -> WriteFile:
    return lambda made: session.store.copy_to(made, cancel, progress)


def _rights(store: Path) -> int:
    try:
        return stat.S_IMODE(store.stat().st_mode) & _FOR_ALL
    except OSError:
        return 0o600
