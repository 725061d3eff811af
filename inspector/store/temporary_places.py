"""Where private files may lie for a while: never beside a store, and never in the current folder.

Python's own search for such a place ends in the current folder, and tries each one by writing a
file to it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final, TypeVar

from inspector.errors import StoreErrorKind
from inspector.store.error_sentences import store_error

if TYPE_CHECKING:
    from pathlib import Path
    from tempfile import SpooledTemporaryFile

T = TypeVar("T")

_VARIABLES: Final = ("TMPDIR", "TEMP", "TMP")
_USUAL: Final = ("/tmp", "/var/tmp", "/usr/tmp")
_FEW: Final = 1 << 20  #: bytes for which no file is made ready
_IN_MEMORY: Final = 64 << 20  #: bytes
_PIECE: Final = 1 << 16  #: bytes that are handed on at a time
_USUAL_ON_WINDOWS: Final = (
    r"~\AppData\Local\Temp",
    r"%SYSTEMROOT%\Temp",
    r"c:\temp",
    r"c:\tmp",
    r"\temp",
    r"\tmp",
)


def place_names() -> list[str]:
    """The temporary directories of this machine that exist, the one that is asked for first.

    Several may be one, spelled in other ways.
    """
    named = [_chosen(), *map(os.environ.get, _VARIABLES)]
    if sys.platform == "win32":
        usual = [os.path.expandvars(os.path.expanduser(one)) for one in _USUAL_ON_WINDOWS]  # noqa: PTH111
    else:
        usual = list(_USUAL)
    # An empty or a relative name would be one in the current folder.
    found = dict.fromkeys(os.fsdecode(one) for one in (*named, *usual) if one)
    return [one for one in found if os.path.isabs(one) and os.path.isdir(one)]  # noqa: PTH112, PTH117


def places() -> list[Path]:
    """The same, each once."""
    from pathlib import Path  # noqa: PLC0415 - it takes long, and copies are seldom made

    return list(dict.fromkeys(map(Path, place_names())))


def usual_place() -> Path | None:
    """Where this user's programs put what is not to last, None where there is no such place."""
    from pathlib import Path  # noqa: PLC0415 - as above

    chosen = _chosen()
    return Path(chosen) if chosen is not None else next(iter(places()), None)


def _chosen() -> str | None:
    """What ``tempfile`` was told, which takes long to import, where somebody did and told it."""
    module = sys.modules.get("tempfile")
    place = module.tempdir if module is not None else None
    return os.fsdecode(place) if place is not None else None


def beside_no_store(store: str) -> Iterator[Path]:
    """Those of them that are not the folder of a store, given by its real path."""
    from pathlib import Path  # noqa: PLC0415 - as above

    folder = Path(store).parent
    for place in places():
        try:
            beside = place.samefile(folder)
        except OSError:
            continue
        if not beside:
            yield place


def made_in_one(store: str, make: Callable[[Path], T]) -> T:
    """What ``make`` makes in the first place that takes it.

    Args:
        store: real path of the store, beside which nothing is made.
        make: makes it in a directory; an OSError says that it cannot.

    Raises:
        StoreError: no place takes it.
    """
    failed: OSError | None = None
    for place in beside_no_store(store):
        try:
            return make(place)
        except OSError as error:
            failed = failed or error
    raise no_room(failed) from failed


class Spool:
    """Data that waits: a little in memory, more in a file that never lies beside a store.

    Where there is no place for such a file, all of it stays in memory.
    """

    def __init__(self, store: str) -> None:
        """Begins empty; ``store`` is the real path of the store."""
        self._store = store
        self._few: list[bytes] = []
        self._size = 0
        self._file: SpooledTemporaryFile[bytes] | None = None

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, data: bytes) -> None:
        """Data as it is."""
        if self._file is not None:
            self._file.write(data)
            return
        self._few.append(data)
        self._size += len(data)
        if self._size > _FEW:
            self._file = self._made()
            self._file.writelines(self._few)
            self._few.clear()

    def hand_on(self, write: Callable[[bytes], object]) -> None:
        """Give all of it to somebody, piece by piece; there is nothing then."""
        for data in self._few:
            write(data)
        self._few.clear()
        self._size = 0
        file, self._file = self._file, None
        if file is not None:
            with file:
                file.seek(0)
                while data := file.read(_PIECE):
                    write(data)

    def _made(self) -> SpooledTemporaryFile[bytes]:
        # Only here: it takes archives and random numbers along, and two megabytes.
        from tempfile import SpooledTemporaryFile  # noqa: PLC0415

        place = next(beside_no_store(self._store), None)
        if place is None:
            return SpooledTemporaryFile(0)
        return SpooledTemporaryFile(_IN_MEMORY, dir=str(place))


def no_room(error: OSError | None, why: str = "") -> Exception:
    """The error of a file that cannot be copied.

    Args:
        error: what the system said, None where there was no directory to be tried.
        why: the reason in words, where the system gave none.
    """
    why = why or (error.strerror if error is not None and error.strerror else "")
    message = "The file has an unfinished journal and could not be copied to be read"
    if error is None and not why:
        why = "there is no temporary directory that can be written"
    return store_error(
        StoreErrorKind.NO_ROOM,
        f"{message}: {why[:1].lower()}{why[1:]}." if why else f"{message}.",
        "Make room in the temporary directory, or name another one with TMPDIR.",
    )
