"""What the shared memory says of the write-ahead log: which of its frames count, and since when.

SQLite publishes a commit by writing the header of ``-shm`` twice, the second copy first, when all
of its frames lie in the log; and says there how far a checkpoint may have come before it writes
any of it. So whoever reads the header before and after can tell whether anything moved between.
"""

from __future__ import annotations

import os
import struct
import sys
from array import array
from typing import Final

from inspector.named_tuple import NamedTuple
from inspector.store.lock_holders import is_connected
from inspector.store.wal_file import Sums, WalFrames, added

#: Bytes at the beginning of the shared memory that are looked at.
SIZE: Final = 136
_COPY: Final = 48
_SUMMED: Final = 40
_VERSION: Final = 3007000
_HEADER: Final = struct.Struct("=IIIBBHII")
_FRAME_SUMS: Final = 24
_SALTS: Final = slice(32, 40)
_SUMS: Final = struct.Struct("=2I")
#: The memory is in blocks; each begins with the pages of its frames, the first with the header.
_BLOCK: Final = 32768
_FRAMES: Final = 4096
_BEFORE: Final = SIZE // 4
_BACKFILLED: Final = 96
_ATTEMPTED: Final = 128
#: Where what others map is seen by whoever reads it, and open files can be deleted.
COHERENT: Final = sys.platform.startswith(("linux", "darwin"))


class WalIndex(NamedTuple):
    """A state of the log that was committed.

    Attributes:
        salts: eight bytes that mark the frames of its generation.
        last_frame: the last frame that counts, 0 where none does.
        sums: the checksum of that frame.
        page_size: in bytes.
        pages: of the database as of that frame.
        commits: a number that goes on with each transaction.
        backfilled: the last frame that a checkpoint has copied into the database.
        attempted: the last frame that it may have copied.
    """

    salts: bytes
    last_frame: int
    sums: Sums
    page_size: int
    pages: int
    commits: int
    backfilled: int
    attempted: int


def parse(memory: bytes) -> WalIndex | None:
    """What a shared memory says, None where it is being written, or is none."""
    if len(memory) < SIZE or memory[:_COPY] != memory[_COPY : 2 * _COPY]:
        return None
    version, _, commits, is_there, _, size, last, pages = _HEADER.unpack_from(memory)
    own = added(Sums(), memory[:_SUMMED], big_endian=sys.byteorder == "big")
    if version != _VERSION or not is_there or own != _SUMS.unpack_from(memory, _SUMMED):
        return None
    sums = Sums(*_SUMS.unpack_from(memory, _FRAME_SUMS))
    (backfilled,) = struct.unpack_from("=I", memory, _BACKFILLED)
    (attempted,) = struct.unpack_from("=I", memory, _ATTEMPTED)
    page_size = (size & 0xFE00) + ((size & 1) << 16)
    return WalIndex(memory[_SALTS], last, sums, page_size, pages, commits, backfilled, attempted)


def published(path: str) -> WalIndex | None:
    """What the daemon that has the store open last published.

    The process-wide lock must be held and no connection be open: to look, ``-shm`` is opened and
    closed, which drops SQLite's own locks on it in this process.

    Args:
        path: the database's real path.

    Returns:
        None where nobody is connected, so that nobody answers for it; and where it cannot be read.
    """
    try:
        descriptor = os.open(f"{path}-shm", os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    except OSError:
        return None
    try:
        if not is_connected(descriptor):
            return None
        return parse(os.pread(descriptor, SIZE, 0))
    except OSError:
        return None
    finally:
        os.close(descriptor)


def page_numbers(path: str, first: int, last: int) -> array[int]:
    """The pages of some frames, counted from 1, one after the other; fewer where memory ends.

    They are right if a state with the last of them was published before, its generation is the same
    afterwards, and none is 0: who begins anew publishes that first, and who recovers a log makes
    the same memory again out of zeros. The process-wide lock must be held, no connection be open.

    Raises:
        OSError: it cannot be read.
    """
    found = array("I")
    # As if the header were frames too.
    start, end = first - 1 + _BEFORE, last + _BEFORE
    descriptor = os.open(f"{path}-shm", os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    try:
        while start < end:
            block, place = divmod(start, _FRAMES)
            count = min(end - start, _FRAMES - place)
            read = os.pread(descriptor, 4 * count, block * _BLOCK + 4 * place)
            if len(read) < 4 * count:
                break
            found.frombytes(read)
            start += count
    finally:
        os.close(descriptor)
    return found


def follows(salts: bytes, before: bytes) -> bool:
    """Whether salts are those of the generation after another: a checkpoint adds one to them."""
    first, earlier = (int.from_bytes(one[:4], "big") for one in (salts, before))
    return first == (earlier + 1) & 0xFFFFFFFF


# How far checkpoints have copied a log's frames back into the database, by its shared memory.
#
# ``-shm`` holds a copy of what SQLite knows of the log. Nothing of it is believed unless it names
# the very frames that the log holds: it outlives kills, restores and reboots, and is never synced.


class Backfill(NamedTuple):
    """What the shared memory says of a log.

    Attributes:
        begun_anew: the log as it lies in the file is an older generation; the next frame will
            overwrite it.
        attempted: the last frame that a checkpoint may have copied, None where it is not known.
    """

    begun_anew: bool = False
    attempted: int | None = None


UNKNOWN: Final = Backfill()


def backfill(memory: bytes, log: WalFrames) -> Backfill:
    """What a shared memory, read before the log was, says of it."""
    index = parse(memory)
    if index is None or log.header is None:
        return UNKNOWN
    if index.salts != log.header.salts:
        # Not from whatever other salts: only the generation that comes next begins the log anew.
        return Backfill(not index.last_frame and follows(index.salts, log.header.salts))
    # Nor where the log has gone on: who writes with the store to himself leaves it as it was.
    newest = log.commits[-1].last_frame if log.commits else 0
    if index.last_frame != newest or log.sums.get(newest) != index.sums:
        return UNKNOWN
    # SQLite of before 2016 keeps no note of what it only attempts.
    if not index.backfilled <= index.attempted <= index.last_frame:
        return UNKNOWN
    return Backfill(attempted=index.attempted)
