"""Where an export goes: standard output, or a file that is replaced whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO, Final

from inspector.errors import UnwritableError, UsageError
from inspector.store.kept import why_kept

_BESIDE: Final = ("", "-wal", "-shm", "-journal")
_KEPT: Final = "What was there before is kept."


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of ``path`` when the block ends, and not before.

    Where ``path`` is a link, what it leads to is replaced; a pipe or device is written as it is.
    On any failure what was there stays as it was.

    Raises:
        UsageError: there cannot be such a file.
        UnwritableError: it cannot be written to the end.
    """
    if _is_special(path):
        with _opened(path) as special:
            yield special
        return
    target = Path(os.path.realpath(path))
    if target.exists() and not os.access(target, os.W_OK):
        raise UsageError(f"{path} may not be written.", "Name another file to write to.")
    # Named before it is there, so that nothing is left wherever an interrupt arrives.
    made = target.with_name(f".{target.name[:50]}.{token_hex(8)}")
    try:
        with _created(made, path) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        made.chmod(_mode(target))
        made.replace(target)
    except BaseException as error:
        with suppress(OSError):
            made.unlink()
        if isinstance(error, OSError):
            raise UnwritableError(_cannot(path, error), _KEPT) from error
        raise


def _is_special(path: Path) -> bool:
    """Whether something is there that is no plain file, such as ``/dev/stdout``."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    if stat.S_ISDIR(mode):
        raise UsageError(f"{path} is a directory.", "Name a file to write to.")
    return not stat.S_ISREG(mode)


def _created(made: Path, path: Path) -> BinaryIO:
    """A new file that only its owner may read, to become ``path``."""
    try:
        return open(made, "xb", opener=lambda name, flags: os.open(name, flags, 0o600))
    except OSError as error:
        raise UsageError(_cannot(path, error), "Name another file to write to.") from error


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("wb")
    except OSError as error:
        raise UsageError(_cannot(path, error), "Name another file to write to.") from error


def refuse_store(path: Path, store: Path) -> None:
    """Refuses to write over a store, any other SQLite file, or what SQLite keeps beside one.

    Raises:
        UsageError: the path is one of these files, or a link to one.
    """
    real = os.path.realpath(store)
    for suffix in _BESIDE:
        kept = real + suffix
        if os.path.realpath(path) == kept or _same(path, kept):
            raise UsageError(
                f"{path} is the store's own file {Path(kept).name}.",
                "Name another file to write to.",
            )
    why = why_kept(path)
    if why is not None:
        raise UsageError(f"{path} {why}.", "Name another file to write to.")


def _same(path: Path, kept: str) -> bool:
    try:
        return path.samefile(kept)
    except OSError:
        return False


def _mode(target: Path) -> int:
    """The mode the file had, or what a new file gets."""
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _cannot(path: Path, error: OSError) -> str:
    return f"{path} cannot be written: {error.strerror or error}."
