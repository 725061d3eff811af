"""How SQLite reaches the disk: file layers that keep it from touching what is not ours.

The one for stores opens read-only whatever is asked for, and refuses to create, write, truncate
or delete; it takes no lock above SHARED. The one for our own copies lets SQLite write and delete
in the copy's directory and nowhere else: a journal can name any file in the world as the one to
be deleted at the end of its replay. The one for earlier states of a store shows a single file that
is put together, page by page, from the database and its write-ahead log, and knows no other.
"""

from __future__ import annotations

import os
import sys
import time
from array import array
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, Self

import apsw

from inspector.compiled_part import PAGE_READS, compiled_part
from inspector.store.deadline import Deadline

if TYPE_CHECKING:
    from inspector.store.commits import Prefix
    from inspector.store.live_pages import LivePages

_TEMPORARY: Final = (
    apsw.SQLITE_OPEN_TEMP_DB
    | apsw.SQLITE_OPEN_TEMP_JOURNAL
    | apsw.SQLITE_OPEN_TRANSIENT_DB
    | apsw.SQLITE_OPEN_SUBJOURNAL
)
_WRITING: Final = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
_BASE: Final = ""
#: Bytes of the smallest page; what is shorter is a look at the head of the file.
_PAGE_LEAST: Final = 512
_PAGE_MOST: Final = 65_536  #: bytes, in the head of the file written as 1
_MAGIC: Final = b"SQLite format 3\0"
_PAGE_SIZE_AT: Final = len(_MAGIC)  #: offset in the head of the file
#: Seconds between two questions whether to end; a page that takes longer is followed by one.
_BETWEEN_LOOKS: Final = 0.005


def _read_only(flags: list[int]) -> list[int]:
    flags[0] = (flags[0] & ~_WRITING) | apsw.SQLITE_OPEN_READONLY
    return flags


def file_place(connection: apsw.Connection) -> int:
    """The address of the open file as SQLite knows it, 0 where it tells none."""
    place = array("Q", [0])  # as large as a pointer, which is what is put there
    control = apsw.SQLITE_FCNTL_FILE_POINTER
    told = connection.file_control("main", control, place.buffer_info()[0])
    return place[0] if told else 0


def _disk_error() -> apsw.IOError:
    """What SQLite's own file layer says of a page that the system cannot read."""
    error = apsw.IOError("the disk reports an error")
    error.extendedresult = apsw.SQLITE_IOERR_READ  # type: ignore[attr-defined] # apsw reads it
    return error


def _refuse_cut(data: bytes, amount: int, offset: int) -> None:
    """Refuse a page that the file does not hold as a whole: SQLite takes the rest for zeros.

    It asks for one beyond the file's end where its log says that there are more, and that does not
    have it.

    Raises:
        apsw.CorruptError: it is one.
    """
    # Of what is no database at all SQLite has its own to say.
    if len(data) < amount >= _PAGE_LEAST and (offset or data.startswith(_MAGIC)):
        raise apsw.CorruptError("the file ends before this page does")


def page_size(size: int, read: Callable[[int, int], bytes]) -> int | None:
    """The bytes of a page by the head of a database, None where that says nothing of the kind.

    Args:
        size: bytes of the file.
        read: gives so many of them from an offset on.
    """
    if size < _PAGE_LEAST:
        return None
    told = int.from_bytes(read(2, _PAGE_SIZE_AT), "big")
    page = _PAGE_MOST if told == 1 else told
    return page if _PAGE_LEAST <= page <= size and not page & (page - 1) else None


def _whole_pages(size: int, read: Callable[[int, int], bytes]) -> int:
    """How much of a file are whole pages."""
    page = page_size(size, read)
    return size - size % page if page is not None else size


class _ReadOnlyFile(apsw.VFSFile):
    def xLock(self, level: int) -> None:  # noqa: N802
        if level > apsw.SQLITE_LOCK_SHARED:
            raise apsw.BusyError("only shared locks are taken here")
        super().xLock(level)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        raise apsw.ReadOnlyError("nothing is written here")

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        raise apsw.ReadOnlyError("nothing is truncated here")


class _TimedFile(apsw.VFSFile):
    """A file whose reading ends when it is to: on a slow disk SQLite itself asks too seldom."""

    _deadline: Deadline | None = None
    _next = 0.0

    def until(self, deadline: Deadline | None) -> Self:
        """This file, whose reading ``deadline`` may end."""
        self._deadline = deadline
        return self

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        if time.monotonic() > self._next:
            self.look()
        return self._stored(amount, offset)

    def _stored(self, amount: int, offset: int) -> bytes:
        return super().xRead(amount, offset)

    def look(self) -> None:
        """End the reading, if it is to end."""
        self._next = time.monotonic() + _BETWEEN_LOOKS
        if self._deadline is not None and self._deadline():
            raise apsw.InterruptError("the reading is to end")


class _TimedReadOnlyFile(_TimedFile, _ReadOnlyFile):
    """A file of a store, of which a page that takes long holds nobody up.

    Python's lock is held while SQLite's own file layer reads, so that on a slow disk all other
    threads would stand still, the window's too. This reads by a descriptor of its own, which
    Python lets others run beside. What is put in the file's place between the two openings is
    found afterwards, as any other replacement is.
    """

    _descriptor = -1
    #: Where there are zeros that nobody stored, from one offset up to another.
    _gaps: Sequence[tuple[int, int]] = ()

    def __init__(self, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        asked = flags[0]  # the layer below may answer with others
        super().__init__(_BASE, name, _read_only(flags))
        self._is_database = bool(asked & apsw.SQLITE_OPEN_MAIN_DB)
        plain = name.filename() if isinstance(name, apsw.URIFilename) else name
        if plain is not None and sys.platform != "win32":
            try:
                self._descriptor = os.open(plain, os.O_RDONLY)
            except OSError as error:
                super().xClose()
                raise apsw.CantOpenError("the file is gone") from error

    def _stored(self, amount: int, offset: int) -> bytes:
        if self._descriptor < 0 or sys.platform == "win32":
            return self._whole(super()._stored(amount, offset), amount, offset)
        try:
            data = os.pread(self._descriptor, amount, offset)
            while len(data) < amount and (
                more := os.pread(self._descriptor, amount - len(data), offset + len(data))
            ):
                data += more
        except OSError as error:
            raise _disk_error() from error
        return self._whole(data, amount, offset)

    def _whole(self, data: bytes, amount: int, offset: int) -> bytes:
        """What was read, unless a page is not there as a whole: see :func:`_refuse_cut`."""
        if self._is_database:
            _refuse_cut(data, amount, offset)
        for start, end in self._gaps:
            if start < offset + amount and offset < end:
                raise apsw.CorruptError("this page is not there")
        return data

    def without(self, gaps: Sequence[tuple[int, int]]) -> Self:
        """This file, of which some parts are to be taken as not there."""
        self._gaps = gaps
        return self

    def xFileSize(self) -> int:  # noqa: N802
        """Its size in bytes, of a database that of its whole pages.

        SQLite counts a page of which a part is there, and so sees nothing wrong with a file that
        was cut off within its last one.
        """
        size = super().xFileSize()
        return _whole_pages(size, self._stored) if self._is_database else size

    def read_quickly(self, connection: apsw.Connection) -> None:
        """Let SQLite read the pages of its connection by itself, where the compiled part is there.

        It goes on calling :meth:`xRead` now and then, which asks whether to end.
        """
        part = compiled_part(PAGE_READS)
        place = file_place(connection)
        if part is not None and place and self._descriptor >= 0 and not self._gaps:
            part.read_quickly(place, self._descriptor, _BETWEEN_LOOKS)

    def xClose(self) -> None:  # noqa: N802
        super().xClose()
        # Not before: to close any descriptor of a file gives up all locks on it.
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


class _CopyFile(_TimedFile):
    """A file of a copy, and of the copied database which pages were written to it."""

    #: Takes their offsets; None of any other file.
    _written: set[int] | None = None
    _has_journal = False

    def noting(self, written: set[int], *, has_journal: bool) -> Self:
        """This file, a database, whose writes are noted."""
        self._written, self._has_journal = written, has_journal
        return self

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        if time.monotonic() > self._next:
            self.look()
        if self._written is not None and not self._lengthens(data, offset):
            self._written.add(offset)
        super().xWrite(data, offset)

    def _lengthens(self, data: bytes, offset: int) -> bool:
        """Whether this makes the file as long as it was, before a journal is played back."""
        return self._has_journal and not any(data) and offset >= super().xFileSize()


class _ReadOnlyVFS(apsw.VFS):
    def __init__(self, name: str) -> None:
        self.name = name
        #: Ends the reading of the files that are opened next; set while the process-wide lock is
        #: held.
        self.deadline: Deadline | None = None
        #: Parts of the database that is opened next that are not there; set as the deadline is.
        self.gaps: Sequence[tuple[int, int]] = ()
        #: The database that was opened last, until it is taken from here.
        self.opened: _TimedReadOnlyFile | None = None
        super().__init__(name, _BASE)
        _leave_owners_and_modes_alone(self)

    def xOpen(  # noqa: N802
        self, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> apsw.VFSFile:
        if flags[0] & _TEMPORARY:
            return apsw.VFSFile(_BASE, name, flags)
        file = _TimedReadOnlyFile(name, flags).until(self.deadline)
        if flags[0] & apsw.SQLITE_OPEN_MAIN_DB:
            self.opened = file.without(self.gaps)
        return file

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        raise apsw.ReadOnlyError("nothing is deleted here")


class _PrivateVFS(apsw.VFS):
    def __init__(self, name: str) -> None:
        self.name = name
        self.root: str | None = None
        self.deadline: Deadline | None = None
        #: Takes the offsets of the pages that are written to the database.
        self.written: set[int] = set()
        self.has_journal = False  #: whether one lies beside it
        super().__init__(name, _BASE)

    def _inside(self, name: str) -> bool:
        return self.root is not None and os.path.dirname(name) == self.root

    def xOpen(  # noqa: N802
        self, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> apsw.VFSFile:
        plain = name.filename() if isinstance(name, apsw.URIFilename) else name
        if plain is None or self._inside(plain):
            is_database = bool(flags[0] & apsw.SQLITE_OPEN_MAIN_DB)
            file = _CopyFile(_BASE, name, flags).until(self.deadline)
            if is_database:
                file.noting(self.written, has_journal=self.has_journal)
            return file
        return _ReadOnlyFile(_BASE, name, _read_only(flags))

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        # What lies outside stays, and the replay goes on: all that it had to do is done.
        if self._inside(filename):
            super().xDelete(filename, syncdir)


class _PrefixFile:
    """A store as of a commit, as if it were one file that nobody writes."""

    def __init__(
        self, prefix: Prefix | LivePages, deadline: Deadline | None, pages: set[int] | None
    ) -> None:
        from inspector.store.commits import PrefixPages  # noqa: PLC0415 - most stores are one file

        self._prefix = prefix
        self._deadline = deadline
        self._pages = pages
        self._next = 0.0
        try:
            self._stored = PrefixPages(prefix)
        except OSError as error:
            raise apsw.CantOpenError("the files are gone") from error

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        """Bytes of the file, fewer at its end."""
        now = time.monotonic()
        if now > self._next:
            self._next = now + _BETWEEN_LOOKS
            if self._deadline is not None and self._deadline():
                raise apsw.InterruptError("the reading is to end")
        size = self._prefix.page_size
        page, start = divmod(offset, size)
        try:
            if start + amount <= size and offset + amount <= (self._prefix.size or 0):
                # As nearly always: a page, or a part of one.
                return self._part(page + 1, start, amount)
            end = min(offset + amount, self.xFileSize())
            parts = []
            while offset < end:
                page, start = divmod(offset, size)
                length = min(size - start, end - offset)
                parts.append(self._part(page + 1, start, length))
                offset += length
        except OSError as error:
            raise _disk_error() from error
        return b"".join(parts)

    def read_quickly(self, connection: apsw.Connection) -> None:
        """As of a plain file; not where somebody wants to know which pages are read."""
        part = compiled_part(PAGE_READS)
        place = file_place(connection)
        if part is None or not place or self._pages is not None or sys.platform == "win32":
            return
        prefix, (file, log) = self._prefix, self._stored.descriptors
        over = log, prefix.page_size, self.xFileSize(), prefix.log.page_numbers, prefix.last
        part.read_quickly(place, file, _BETWEEN_LOOKS, over)

    def _part(self, page: int, start: int, length: int) -> bytes:
        if self._pages is not None:
            self._pages.add(page)
        found = self._stored.read(page, start, length, self._prefix.last)
        _refuse_cut(found, length, (page - 1) * self._prefix.page_size + start)
        return found.ljust(length, b"\0")

    def xFileSize(self) -> int:  # noqa: N802
        """Its size in bytes, of a database that has no log yet that of its whole pages."""
        size = self._prefix.size
        if size is not None and self._prefix.last:
            return size
        return _whole_pages(self._stored.base_size, self._head)

    def _head(self, length: int, offset: int) -> bytes:
        try:
            return self._stored.read(1, offset, length, 0)
        except OSError as error:
            raise _disk_error() from error

    def xClose(self) -> None:  # noqa: N802
        """Closes what it is put together from."""
        self._stored.close()

    def xLock(self, level: int) -> None:  # noqa: N802
        """Nothing: nobody can change it."""

    def xUnlock(self, level: int) -> None:  # noqa: N802
        """Nothing."""

    def xCheckReservedLock(self) -> bool:  # noqa: N802
        """Nobody writes."""
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


class _PrefixVFS(apsw.VFS):
    """Knows one file, whatever it is called: the store as of the commit that is set."""

    def __init__(self, name: str) -> None:
        self.name = name
        #: Set while the process-wide lock is held, for the file that is opened next.
        self.prefix: Prefix | LivePages | None = None
        self.deadline: Deadline | None = None
        #: Takes the pages that are read.
        self.pages: set[int] | None = None
        #: The database that was opened last, until it is taken from here.
        self.opened: _PrefixFile | None = None
        super().__init__(name, _BASE)

    def xOpen(  # noqa: N802
        self, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> Any:
        if flags[0] & _TEMPORARY:
            return apsw.VFSFile(_BASE, name, flags)
        if self.prefix is None or not flags[0] & apsw.SQLITE_OPEN_MAIN_DB:
            raise apsw.CantOpenError("there is no such file here")
        flags[1] = apsw.SQLITE_OPEN_READONLY
        self.opened = _PrefixFile(self.prefix, self.deadline, self.pages)
        return self.opened

    def xFullPathname(self, name: str) -> str:  # noqa: N802
        return name

    def xAccess(self, pathname: str, flags: int) -> bool:  # noqa: N802
        return False

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        raise apsw.ReadOnlyError("nothing is deleted here")


def _leave_owners_and_modes_alone(layer: apsw.VFS) -> None:
    """Keep SQLite from giving ``-wal`` and ``-shm`` the owner and the mode of the database.

    It does the first for root, and the second for whoever may: it takes an empty one for a file
    that it has just made, even where it opens it to read. It asks the system by a table of calls,
    of which each can be replaced. What stands in here is of the same table, changes nothing and is
    no Python: a signal would be raised in that, and lost on its way out. What SQLite makes among
    our own files is then as the mask of the account has it, which takes away and never gives.
    """
    harmless = layer.xGetSystemCall("geteuid")
    for name in ("fchown", "fchmod"):
        if harmless and layer.xGetSystemCall(name):
            layer.xSetSystemCall(name, harmless)


#: Used for every store.
READ_ONLY: Final = _ReadOnlyVFS("inspector-read-only")
#: Used for copies; ``root`` is the copy's directory, set while the process-wide lock is held.
PRIVATE: Final = _PrivateVFS("inspector-private")
#: Used for earlier states of a store.
AS_OF: Final = _PrefixVFS("inspector-as-of")
