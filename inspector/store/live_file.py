"""How SQLite reads a committed state of a store that is being written: as one file at rest."""

from __future__ import annotations

import os
import time
from typing import Any, Final

import apsw

from inspector.store.live_pages import LivePages
from inspector.store.vfs import BETWEEN_LOOKS, TEMPORARY
from inspector.store.watch import Watch

_BASE: Final = ""
_READ: Final = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0)


class _LiveFile:
    """Pages out of the database and its log. No lock is taken, and nothing can be written."""

    def __init__(self, pages: LivePages, watch: Watch | None) -> None:
        self._pages = pages
        self._watch = watch
        self._next = 0.0
        try:
            self._file = os.open(pages.path, _READ)
        except OSError as error:
            raise apsw.CantOpenError("the database is gone") from error
        try:
            self._log = os.open(f"{pages.path}-wal", _READ)
        except OSError as error:
            os.close(self._file)
            raise apsw.CantOpenError("the log is gone") from error

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        """Bytes of the file, fewer at its end."""
        now = time.monotonic()
        if now > self._next:
            self._next = now + BETWEEN_LOOKS
            if self._watch is not None and self._watch():
                raise apsw.InterruptError("the reading is to end")
        size = self._pages.page_size
        page, start = divmod(offset, size)
        if start + amount > size:
            # Whole pages are read one at a time, and the header from the first.
            rest = size - start
            return self.xRead(rest, offset) + self.xRead(amount - rest, offset + rest)
        if offset >= self._pages.size:
            return b""
        frame = self._pages.frames.get(page + 1)
        try:
            if frame is None:
                found = os.pread(self._file, amount, offset)
            else:
                found = os.pread(self._log, amount, self._pages.offset(frame) + start)
        except OSError as error:
            raise apsw.IOError("the disk reports an error") from error
        # Where a file was cut meanwhile, the answer does not count.
        return found.ljust(amount, b"\0")

    def xFileSize(self) -> int:  # noqa: N802
        """Its size in bytes."""
        return self._pages.size

    def xClose(self) -> None:  # noqa: N802
        """Closes what it is read from."""
        os.close(self._file)
        os.close(self._log)

    def xLock(self, level: int) -> None:  # noqa: N802
        """Nothing: what is read cannot change."""

    def xUnlock(self, level: int) -> None:  # noqa: N802
        """Nothing."""

    def xCheckReservedLock(self) -> bool:  # noqa: N802
        """Nobody writes this state."""
        return False

    def xFileControl(self, op: int, pointer: int) -> bool:  # noqa: N802
        """Nothing is known."""
        return False

    def xSectorSize(self) -> int:  # noqa: N802
        """As SQLite assumes it."""
        return 4096

    def xDeviceCharacteristics(self) -> int:  # noqa: N802
        """It cannot change."""
        return apsw.SQLITE_IOCAP_IMMUTABLE

    def xSync(self, flags: int) -> None:  # noqa: N802
        """Nothing."""

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        """Refused."""
        raise apsw.ReadOnlyError("nothing is written here")

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        """Refused."""
        raise apsw.ReadOnlyError("nothing is truncated here")


class _LiveVFS(apsw.VFS):
    """Knows one file, whatever it is called: the state that is set."""

    def __init__(self, name: str) -> None:
        self.name = name
        #: Set while the process-wide lock is held, for the file that is opened next.
        self.pages: LivePages | None = None
        self.watch: Watch | None = None
        super().__init__(name, _BASE)

    def xOpen(  # noqa: N802
        self, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> Any:
        if flags[0] & TEMPORARY:
            return apsw.VFSFile(_BASE, name, flags)
        if self.pages is None or not flags[0] & apsw.SQLITE_OPEN_MAIN_DB:
            raise apsw.CantOpenError("there is no such file here")
        flags[1] = apsw.SQLITE_OPEN_READONLY
        return _LiveFile(self.pages, self.watch)

    def xFullPathname(self, name: str) -> str:  # noqa: N802
        return name

    def xAccess(self, pathname: str, flags: int) -> bool:  # noqa: N802
        return False

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        raise apsw.ReadOnlyError("nothing is deleted here")


#: Used for stores that are being written; its state is set while the process-wide lock is held.
LIVE: Final = _LiveVFS("inspector-live")
