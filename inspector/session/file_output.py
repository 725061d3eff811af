"""Files that SQLite writes by their names, and where they go: a file, a pipe, standard output."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from inspector.errors import UnwritableError
from inspector.export.replaced_file import is_special, refuse_store, replacing, replacing_by_name
from inspector.store.private_copies import private_file

#: Writes to a file that is there and empty.
WriteFile = Callable[[Path], object]

_PIECE: Final = 1 << 20  #: bytes handed on at a time


def save_file(store: str, path: Path, make: WriteFile, most: int = 0o666) -> None:
    """Lets ``make`` write a file, which is replaced whole or not at all.

    Args:
        store: real path of the store that it comes from.
        path: what to write; no SQLite file, nor what SQLite keeps beside one.
        make: writes it.
        most: the rights that a new file gets at most.

    Raises:
        UsageError: there cannot be such a file, or it is not to be replaced.
        UnwritableError: it cannot be written to the end.
    """
    refuse_store(path, Path(store))
    if is_special(path) or not _is_utf8(path):
        with replacing(path) as file:
            stream_file(store, file.write, make)
        return
    with replacing_by_name(path, most) as made:
        make(made)


def stream_file(store: str, write: Callable[[bytes], object], make: WriteFile) -> None:
    """Hands on in pieces what ``make`` writes; the first comes when all is there.

    Raises:
        StoreError: there is no temporary directory for it.
        UnwritableError: that cannot be written.
    """
    with private_file(store) as path:
        try:
            make(path)
        except OSError as error:
            raise UnwritableError(
                f"The temporary directory cannot be written: {error.strerror or error}.",
                "Make room there, or name another one with TMPDIR.",
            ) from error
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                write(piece)


def _is_utf8(path: Path) -> bool:
    """Whether SQLite can be told the name, which it takes as UTF-8 only."""
    try:
        os.path.realpath(path).encode()
    except UnicodeEncodeError:
        return False
    return True
