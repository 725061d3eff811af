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
from collections.abc import Iterator
from typing import Final

from inspector.named_tuple import NamedTuple
from inspector.store.files import Files, FileStat
from inspector.store.wal_file import FRAME_HEADER, HEADER_SIZE, frame_offset
from inspector.store.wal_index import COHERENT, WalIndex, page_numbers, published

_MOST_FRAMES: Final = 1 << 32
#: How often the shared memory is read that is just being written, or says what holds no more.
_GLANCES: Final = 4
_LARGEST_PAGE: Final = 65536
_FRAME: Final = struct.Struct(">2I8s")


class LogMark(NamedTuple):
    """A committed state of a log: which one, and the state.

    Attributes:
        log: device and inode of the log.
        published: what was published of it.
    """

    log: tuple[int, int]
    published: WalIndex


class LiveFrames:
    """Where pages lie in one generation of a log; it grows as frames are committed.

    Attributes:
        page_numbers: of each frame, the first at 0.
    """

    def __init__(self, page_size: int) -> None:
        self._page_size = page_size
        self.page_numbers: array[int] = array("I")
        #: Of each frame the one before it of the same page, 0 where there is none.
        self._earlier: array[int] = array("I")
        self._newest: dict[int, int] = {}

    def add(self, pages: array[int]) -> None:
        """More frames."""
        newest = self._newest
        for frame, page in enumerate(pages, len(self.page_numbers) + 1):
            self._earlier.append(newest.get(page, 0))
            newest[page] = frame
        self.page_numbers += pages

    def frame_of(self, page: int, last: int) -> int | None:
        """The newest frame of a page up to a frame, None where it is not in the log there."""
        frame = self._newest.get(page, 0)
        while frame > last:
            frame = self._earlier[frame - 1]
        return frame or None

    def offset(self, frame: int) -> int:
        """Where the page of a frame begins in the file."""
        return frame_offset(frame, self._page_size) + FRAME_HEADER


class LivePages(NamedTuple):
    """Where the pages of one committed state lie.

    Attributes:
        path: the database's real path.
        mark: the state.
        log: its frames.
        shm: device and inode of the shared memory.
        page_size: in bytes; whatever reads may be cut into where nothing was written yet.
        size: bytes of the whole database.
    """

    path: str
    mark: LogMark
    log: LiveFrames
    shm: tuple[int, int]
    page_size: int
    size: int

    @property
    def last(self) -> int:
        """The last frame that counts."""
        return self.mark.published.last_frame

    def hold(self, files: Files) -> bool:
        """Whether what was read since is that state; ``files`` are those that lie there now.

        The process-wide lock must be held and no connection be open.
        """
        if _place(files.wal) != self.mark.log or _place(files.shm) != self.shm:
            return False
        now = published(self.path)
        index = self.mark.published
        return now is not None and now.salts == index.salts and now.attempted <= index.last_frame

    def generation_is_over(self) -> bool:
        """Whether the log was begun anew since, or nobody answers for it any more.

        The process-wide lock must be held and no connection be open.
        """
        now = published(self.path)
        return now is None or now.salts != self.mark.published.salts


class LiveLog:
    """The frames of the generation that is being written, kept from one reading to the next."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._generation: tuple[tuple[int, int], bytes, int] | None = None
        self._frames = LiveFrames(0)

    def pages(self, files: Files) -> LivePages | None:
        """Where the pages of the newest state lie.

        The process-wide lock must be held and no connection be open.

        Returns:
            None where nobody has the store open, or its log is begun anew all the time.
        """
        log, shm = _place(files.wal), _place(files.shm)
        if not COHERENT or log is None or shm is None:
            return None
        for _ in range(_GLANCES):
            # What is written at this very moment is there at the next.
            index = published(self._path)
            if index is not None and self._read_to(index, log):
                break
        else:
            return None
        page_size = index.page_size or _LARGEST_PAGE
        size = index.pages * page_size if index.last_frame else files.database.size
        return LivePages(self._path, LogMark(log, index), self._frames, shm, page_size, size)

    def _read_to(self, index: WalIndex, log: tuple[int, int]) -> bool:
        """Read the numbers of the pages up to a frame, those that are not known yet."""
        generation = log, index.salts, index.page_size
        known = len(self._frames.page_numbers)
        if generation != self._generation or index.last_frame < known:
            self._generation, self._frames, known = generation, LiveFrames(index.page_size), 0
        if index.last_frame == known:
            return True
        last = index.last_frame
        try:
            numbers = page_numbers(self._path, known + 1, last)
            newest = _page_of(self._path, index, last)
        except OSError:
            return False
        if len(numbers) < last - known or 0 in numbers or newest != numbers[-1]:
            return False
        self._frames.add(numbers)
        return True


def _page_of(path: str, index: WalIndex, frame: int) -> int | None:
    """The page of a frame by the log itself, None where it is of another generation.

    Raises:
        OSError: the log is gone or cannot be read.
    """
    descriptor = _opened(path)
    try:
        return next(_pages(descriptor, index, frame, frame), None)
    finally:
        os.close(descriptor)


def end_of_generation(path: str, index: WalIndex) -> list[int] | None:
    """The pages written behind a state in a generation that has been begun anew since.

    Returns:
        None where they may have been overwritten, or the log was cut.
    """
    last, step = index.last_frame, FRAME_HEADER + index.page_size
    try:
        descriptor = _opened(path)
    except OSError:
        return None
    try:
        found = list(_pages(descriptor, index, last + 1, _MOST_FRAMES))
        # It is cut only after the new generation was published, perhaps just now: what lies there
        # still was there all the while. A limit of its size is seldom a number of frames.
        whole = (os.fstat(descriptor).st_size - HEADER_SIZE) % step == 0
        return found if whole and any(_pages(descriptor, index, last, last)) else None
    except OSError:
        return None
    finally:
        os.close(descriptor)


def _opened(path: str) -> int:
    return os.open(f"{path}-wal", os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))


def _pages(descriptor: int, index: WalIndex, first: int, last: int) -> Iterator[int]:
    for frame in range(first, last + 1):
        found = os.pread(descriptor, _FRAME.size, frame_offset(frame, index.page_size))
        if len(found) < _FRAME.size:
            return
        number, _, salts = _FRAME.unpack(found)
        if salts != index.salts or not number:
            return
        yield number


def _place(one: FileStat | None) -> tuple[int, int] | None:
    return None if one is None else (one.device, one.inode)
