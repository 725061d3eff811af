"""SQLite files that the program makes: the one place that writes one, and never a store.

Whoever asks has made the file, empty and for its owner alone, and gives it its name when it is
whole; so nothing here needs a journal, and no second file lies beside it meanwhile.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import apsw

from inspector.store.deadline import Deadline
from inspector.store.keys import quoted
from inspector.store.text import encode

_PRAGMAS: Final = ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE")
#: Pages copied between two looks at the cancel flag.
_STEP: Final = 256
#: Where in its header a file says that it has a WAL: the versions to write and to read it.
_VERSIONS: Final = 18
_NO_WAL: Final = b"\x01\x01"
_CANNOT_WRITE: Final = frozenset(
    (apsw.SQLITE_IOERR_WRITE, apsw.SQLITE_IOERR_FSYNC, apsw.SQLITE_IOERR_TRUNCATE)
)


def copy_pages(
    source: apsw.Connection, path: str, deadline: Deadline, progress: Callable[[int, int], None]
) -> None:
    """Copy what a connection sees in its transaction, page by page as it stands.

    Args:
        source: a connection with a transaction, so that all pages are of one state.
        path: a file that is there; what it holds is lost.
        deadline: ends the copying.
        progress: told after each step how many pages are copied, and of how many.

    Raises:
        OSError: the file cannot be written.
        apsw.Error: what SQLite says of the source.
    """
    os.truncate(path, 0)
    with _opened(path) as target, target.backup("main", source, "main") as backup:
        while not backup.done:
            if deadline():
                raise apsw.InterruptError("the copying is to end")
            with _written(path):
                backup.step(_STEP)
            progress(backup.page_count - backup.remaining, backup.page_count)
    with Path(path).open("r+b") as file:
        file.seek(_VERSIONS)
        # What the WAL held is in the file: it needs none, not even where nothing can be written.
        file.write(_NO_WAL)


class TableFile:
    """A SQLite file of tables that is being written, and that nobody else has open."""

    def __init__(self, connection: apsw.Connection, path: str) -> None:
        self._connection = connection
        self._path = path
        self._tables: set[str] = set()

    def table(self, name: str, columns: Sequence[tuple[str, str]], key: Sequence[str] = ()) -> None:
        """Adds a table, if it is not there yet.

        Args:
            name: its name.
            columns: names and declared types.
            key: columns of an index, which may hold the same more than once.
        """
        if name in self._tables:
            return
        declared = ", ".join(f"{quoted(column)} {kind}" for column, kind in columns)
        with _written(self._path):
            self._connection.execute(f"CREATE TABLE {quoted(name)} ({declared})")
            if key:
                on = ", ".join(map(quoted, key))
                index = quoted(f"{name}_by_key")
                self._connection.execute(f"CREATE INDEX {index} ON {quoted(name)} ({on})")
        self._tables.add(name)

    def add(self, name: str, values: Sequence[bytes | str | int | float | None]) -> None:
        """Adds a row; a text may have been made of any bytes."""
        places = ", ".join("CAST(? AS TEXT)" if isinstance(one, str) else "?" for one in values)
        bound = [encode(one) if isinstance(one, str) else one for one in values]
        with _written(self._path):
            self._connection.execute(f"INSERT INTO {quoted(name)} VALUES ({places})", bound)


@contextmanager
def tables_in(path: str) -> Iterator[TableFile]:
    """A file that is there and empty, to be filled with tables.

    Raises:
        OSError: it cannot be written.
    """
    with _opened(path) as connection:
        connection.execute("BEGIN")
        yield TableFile(connection, path)
        with _written(path):
            connection.execute("COMMIT")


@contextmanager
def _opened(path: str) -> Iterator[apsw.Connection]:
    with _written(path):
        connection = apsw.Connection(path, flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").fetchall()
        yield connection
        with _written(path):
            connection.close()
    finally:
        with suppress(apsw.Error):
            connection.close(True)


@contextmanager
def _written(path: str) -> Iterator[None]:
    """What SQLite says of the disk, as the system does.

    Raises:
        OSError: the file cannot be written.
    """
    try:
        yield
    except apsw.FullError as error:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path) from error
    except apsw.CantOpenError as error:
        raise OSError(errno.EACCES, os.strerror(errno.EACCES), path) from error
    except apsw.IOError as error:
        if getattr(error, "extendedresult", 0) not in _CANNOT_WRITE:
            raise
        raise OSError(errno.EIO, os.strerror(errno.EIO), path) from error
