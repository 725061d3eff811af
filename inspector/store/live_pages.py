"""A store that is being written, page by page, without a lock: its newest committed state.

A page is in the log, or else in the database. As long as the log's generation stays and no
checkpoint goes beyond the last frame that counted when the reading began, none of the pages that
make up that state can change: what a checkpoint copies up to there is taken from the log here, and
the log is written only behind it. Both are looked at again when the reading is done; if either
moved, the reading does not count. So nobody waits for a reader, and a daemon that stops finds no
lock in its way.
"""

from __future__ import annotations

import os
import struct
from array import array
from typing import Final, NamedTuple

from inspector.store.files import Files, FileStat
from inspector.store.wal_index import COHERENT, WalIndex, published

HEADER_SIZE: Final = 32
FRAME_HEADER: Final = 24
_LARGEST_PAGE: Final = 65536
_FRAME: Final = struct.Struct(">2I8s")


class Moment(NamedTuple):
    """A committed state of a log: which one, and the state.

    Attributes:
        log: device and inode of the log.
        index: what was published of it.
    """

    log: tuple[int, int]
    index: WalIndex


class LivePages(NamedTuple):
    """Where the pages of one committed state lie.

    Attributes:
        path: the database's real path.
        moment: the state.
        frames: the newest frame of each page that is in the log.
        page_numbers: of each frame, the first at 0.
        shm: device and inode of the shared memory.
        page_size: in bytes; with an empty log whatever reads may be cut into.
        size: bytes of the whole database.
    """

    path: str
    moment: Moment
    frames: dict[int, int]
    page_numbers: array[int]
    shm: tuple[int, int]
    page_size: int
    size: int

    def offset(self, frame: int) -> int:
        """Where the page of a frame begins in the log."""
        return HEADER_SIZE + (frame - 1) * (FRAME_HEADER + self.page_size) + FRAME_HEADER

    def hold(self, files: Files) -> bool:
        """Whether what was read since is that state; ``files`` are those that lie there now.

        The process-wide lock must be held and no connection be open.
        """
        if _place(files.wal) != self.moment.log or _place(files.shm) != self.shm:
            return False
        now = published(self.path)
        index = self.moment.index
        return now is not None and now.salts == index.salts and now.attempted <= index.last_frame


class LiveLog:
    """The frames of the generation that is being written, kept from one reading to the next."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._log: tuple[int, int] = (0, 0)
        self._salts = b""
        self._page_numbers: array[int] = array("I")
        self._frames: dict[int, int] = {}

    def pages(self, files: Files) -> LivePages | None:
        """Where the pages of the newest state lie.

        The process-wide lock must be held and no connection be open.

        Returns:
            None where nobody has the store open, or it is written this very moment.
        """
        log, shm = _place(files.wal), _place(files.shm)
        if not COHERENT or log is None or shm is None:
            return None
        index = published(self._path)
        if index is None or not self._read_to(index, log):
            return None
        page_size, size = _LARGEST_PAGE, files.database.size
        if index.last_frame:
            page_size, size = index.page_size, index.pages * index.page_size
        return LivePages(
            *(self._path, Moment(log, index), self._frames, self._page_numbers, shm),
            *(page_size, size),
        )

    def _read_to(self, index: WalIndex, log: tuple[int, int]) -> bool:
        """Read the numbers of the pages up to a frame, those that are not known yet."""
        known = len(self._page_numbers)
        if (log, index.salts) != (self._log, self._salts) or index.last_frame < known:
            self._log, self._salts = log, index.salts
            self._page_numbers, self._frames, known = array("I"), {}, 0
        if index.last_frame == known:
            return True
        try:
            descriptor = os.open(f"{self._path}-wal", os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
        except OSError:
            return False
        try:
            step = FRAME_HEADER + index.page_size
            for at in range(known, index.last_frame):
                found = os.pread(descriptor, _FRAME.size, HEADER_SIZE + at * step)
                if len(found) < _FRAME.size:
                    return False
                number, _, salts = _FRAME.unpack(found)
                if salts != index.salts or not number:
                    return False
                self._page_numbers.append(number)
                self._frames[number] = at + 1
        except OSError:
            return False
        finally:
            os.close(descriptor)
        return True


def _place(one: FileStat | None) -> tuple[int, int] | None:
    return None if one is None else (one.device, one.inode)
