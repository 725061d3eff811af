"""Where an export goes: standard output, or a file that is replaced whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from inspector.errors import UnwritableError, UsageError
from inspector.store.protected_files import why_kept

_BESIDE: Final = ("", "-wal", "-shm", "-journal")
_KEPT: Final = "The previous file is unchanged."


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of ``path`` when the block ends, and not before.

    Where ``path`` is a link, what it leads to is replaced; a pipe or device is written as it is.
    On any failure what was there stays as it was.

    Raises:
        UsageError: there cannot be such a file.
        UnwritableError: it cannot be written to the end.
    """
    if is_special(path):
        with _opened(path) as special:
            yield special
        return
    with replacing_by_name(path) as made, made.open("wb") as file:
        yield file
        file.flush()


@contextmanager
def replacing_by_name(path: Path, most: int = 0o777) -> Iterator[Path]:
    """An empty file, to be written by its name, that takes the place of ``path`` at the end.

    It lies in the same folder. Like :func:`replacing`, for what opens a file by its name itself.

    Args:
        path: what is replaced; no pipe or device.
        most: the rights that a new file gets at most.

    Raises:
        UsageError: there cannot be such a file.
        UnwritableError: it cannot be written to the end.
    """
    target = Path(os.path.realpath(path))
    if target.exists() and not os.access(target, os.W_OK):
        raise UsageError(f"{path} may not be written.", "Name another file to write to.")
    # Named before it is there, so that nothing is left wherever an interrupt arrives.
    made = target.with_name(f".{target.name[:50]}.{os.urandom(8).hex()}")
    try:
        _create(made, path)
        yield made
        with made.open("r+b") as file:
            os.fsync(file.fileno())
        made.chmod(_mode(target, most))
        made.replace(target)
    except BaseException as error:
        with suppress(OSError):
            made.unlink()
        if isinstance(error, OSError):
            raise UnwritableError(_cannot(path, error), _KEPT) from error
        raise


def is_special(path: Path) -> bool:
    """Whether something is there that is no plain file, such as ``/dev/stdout``."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    if stat.S_ISDIR(mode):
        raise UsageError(f"{path} is a directory.", "Name a file to write to.")
    return not stat.S_ISREG(mode)


def _create(made: Path, path: Path) -> None:
    """A new file that only its owner may read, to become ``path``."""
    try:
        os.close(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
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


def _mode(target: Path, most: int) -> int:
    """The mode the file had, or what a new file gets."""
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask & most


def _cannot(path: Path, error: OSError) -> str:
    return f"{path} cannot be written: {error.strerror or error}."
