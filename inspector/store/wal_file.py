"""The write-ahead log as a file: its header, its frames as far as their checksums hold, commits.

A frame counts as SQLite counts it when it recovers a log: it bears the header's salts, names a
page, and its checksum goes on from that of the frame before. What lies behind the last commit was
never committed; what bears other salts is of an older generation, whose beginning is overwritten.
"""

from __future__ import annotations

import struct
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from itertools import pairwise
from operator import mul
from typing import BinaryIO, Final

from inspector.compiled_part import PAGE_READS, compiled_part
from inspector.errors import CancelledError
from inspector.named_tuple import NamedTuple
from inspector.store.rows import Cancel

# The checksum of a write-ahead log: two running sums over words of 32 bits, as SQLite makes them.
#
# For words a and b: ``s1 += a + s2``, then ``s2 += b + s1``, modulo 2**32. This is linear in the
# words, and its weights are Fibonacci numbers; so a page is cut into stretches that are summed side
# by side in one long integer, which is several times as fast as word by word.

_MASK: Final = 0xFFFFFFFF
#: Pairs of words that are summed before the sums are cut to 32 bits; more would not fit 64.
_STRETCH: Final = 16


class Sums(NamedTuple):
    """The two sums so far."""

    first: int = 0
    second: int = 0


def swapped(data: bytes) -> bytes:
    """Words of 32 bits in the other byte order."""
    words = array("I", data)
    words.byteswap()
    return words.tobytes()


def added(before: Sums, data: bytes, *, big_endian: bool) -> Sums:
    """The sums after more data.

    Args:
        before: the sums up to the data.
        data: whole pairs of words.
        big_endian: the order of the bytes in a word.
    """
    part = compiled_part(PAGE_READS)
    if part is not None:
        return Sums(*part.added(*before, data, big_endian))
    if big_endian:
        data = swapped(data)
    head = len(data) % (8 * _STRETCH)
    first, second = before
    for one, other in struct.iter_unpack("<2I", data[:head]):
        first = (first + one + second) & _MASK
        second = (second + other + first) & _MASK
    if head == len(data):
        return Sums(first, second)
    return _stretches(Sums(first, second), memoryview(data)[head:])


def _stretches(before: Sums, data: memoryview) -> Sums:
    """The same of data that is whole stretches of little-endian words."""
    lanes = len(data) // (8 * _STRETCH)
    low = _low_halves(lanes)
    pairs = data.cast("Q")
    first = second = 0
    for step in range(_STRETCH):
        words = int.from_bytes(pairs[step::_STRETCH].tobytes(), "little")
        first += second + (words & low)
        second += first + (words >> 32 & low)
    firsts, seconds = (
        struct.unpack(f"<{lanes}Q", one.to_bytes(8 * lanes, "little")) for one in (first, second)
    )
    own, cross, last = _weights(lanes)
    return Sums(
        (_dot(own, (before.first, *firsts)) + _dot(cross, (before.second, *seconds))) & _MASK,
        (_dot(cross, (before.first, *firsts)) + _dot(last, (before.second, *seconds))) & _MASK,
    )


def _dot(weights: Sequence[int], values: Sequence[int]) -> int:
    return sum(map(mul, weights, values))


@cache
def _low_halves(lanes: int) -> int:
    return int.from_bytes(b"\xff\xff\xff\xff\0\0\0\0" * lanes, "little")


@cache
def _weights(lanes: int) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """What the sums before the first stretch, and those of each stretch, count for in the end.

    A pair of words takes two steps along the Fibonacci numbers.
    """
    steps = 2 * _STRETCH
    numbers = [1, 0]  # those numbered -1 and 0
    while len(numbers) < steps * lanes + 3:
        numbers.append((numbers[-1] + numbers[-2]) & _MASK)
    ends = range(steps * lanes, -1, -steps)
    own, cross, last = ([numbers[end + shift] for end in ends] for shift in range(3))
    return tuple(own), tuple(cross), tuple(last)


HEADER_SIZE: Final = 32
FRAME_HEADER: Final = 24
_MAGIC: Final = 0x377F0682  #: little-endian checksums; with the last bit set, big-endian ones
_VERSION: Final = 3007000
_HEADER: Final = struct.Struct(">8I")
_FRAME: Final = struct.Struct(">6I")
_PAGE_SIZES: Final = frozenset(1 << power for power in range(9, 17))
#: Bytes that are read at a time.
_PIECE: Final = 1 << 20


class WalHeader(NamedTuple):
    """The header of a log whose checksum holds.

    Attributes:
        page_size: in bytes.
        salts: eight bytes that mark the frames of its generation.
        big_endian: the byte order of the checksums.
        sums: those the first frame goes on from.
    """

    page_size: int
    salts: bytes
    big_endian: bool
    sums: Sums


class Commit(NamedTuple):
    """The end of a transaction: its last frame, counted from 1, and the database's pages then."""

    last_frame: int
    pages: int


class WalFrames:
    """The committed frames of a log. Only numbers are kept, about eight bytes for a frame.

    Attributes:
        header: None where the log has none that holds, and so no frame.
        raw_header: its bytes as they lie in the file.
        page_numbers: of each frame.
        contents: a CRC of each frame's page; two that differ are of different pages.
        commits: in order.
        older: whether frames of an older generation follow.
        sums: those of each commit's last frame, by the frame's number.
    """

    def __init__(self, header: WalHeader | None, raw_header: bytes) -> None:
        self.header = header
        self.raw_header = raw_header
        self.page_numbers: array[int] = array("I")
        self.contents: array[int] = array("I")
        self.commits: list[Commit] = []
        self.older = False
        self.sums: dict[int, Sums] = {}

    def offset(self, frame: int) -> int:
        """Where the page of a frame begins in the file."""
        assert self.header is not None
        return frame_offset(frame, self.header.page_size) + FRAME_HEADER

    def frames_of(self, number: int) -> range:
        """The frames of a commit, which are counted from 1."""
        before = self.commits[number - 2].last_frame if number > 1 else 0
        return range(before + 1, self.commits[number - 1].last_frame + 1)

    def pages_of(self, number: int) -> set[int]:
        """The pages that a commit wrote."""
        frames = self.frames_of(number)
        return set(self.page_numbers[frames.start - 1 : frames.stop - 1])

    def frame_of(self, page: int, last: int) -> int | None:
        """The newest frame of a page up to a frame, None where there is none."""
        frames = self._by_page.get(page, ())
        at = bisect_right(frames, last)
        return frames[at - 1] if at else None

    @cached_property
    def _by_page(self) -> dict[int, list[int]]:
        """The frames of each page, in order."""
        found: dict[int, list[int]] = {}
        for frame, page in enumerate(self.page_numbers, 1):
            found.setdefault(page, []).append(frame)
        return found


def frame_offset(frame: int, page_size: int) -> int:
    """Where a frame, counted from 1, begins in the file of a log."""
    return HEADER_SIZE + (frame - 1) * (FRAME_HEADER + page_size)


def read_header(raw: bytes) -> WalHeader | None:
    """The header of a log, None where it does not hold."""
    if len(raw) < HEADER_SIZE:
        return None
    magic, version, page_size, _, _, _, *sums = _HEADER.unpack_from(raw)
    if magic & ~1 != _MAGIC or version != _VERSION or page_size not in _PAGE_SIZES:
        return None
    found = added(Sums(), raw[:24], big_endian=bool(magic & 1))
    if found != tuple(sums):
        return None
    return WalHeader(page_size, raw[16:24], bool(magic & 1), found)


def is_no_log(path: str) -> bool:
    """Whether a file that could be a log's header and frames is neither to SQLite.

    A header that does not hold is none, and one alone, as a log that was cut short has it, SQLite
    does not even look at. It then reads the database alone, and whoever writes next begins the log
    anew.

    Raises:
        OSError: it is gone, or cannot be read.
    """
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - quicker
        raw = file.read(HEADER_SIZE + 1)
    return len(raw) == HEADER_SIZE or (len(raw) > HEADER_SIZE and read_header(raw) is None)


def read_frames(file: BinaryIO, cancel: Cancel | None = None) -> WalFrames:
    """The committed frames of a log.

    Raises:
        OSError: it cannot be read.
        CancelledError: ``cancel`` was set.
    """
    file.seek(0)
    raw = file.read(HEADER_SIZE)
    found = WalFrames(read_header(raw), raw)
    if found.header is None:
        return found
    sums = found.header.sums
    for frame, page in _raw_frames(file, found.header.page_size, cancel):
        number, pages, _, _, *own = _FRAME.unpack(frame)
        if frame[8:16] != found.header.salts:
            found.older = True
            break
        big_endian = found.header.big_endian
        sums = added(added(sums, frame[:8], big_endian=big_endian), page, big_endian=big_endian)
        if not number or sums != tuple(own):
            break
        found.page_numbers.append(number)
        found.contents.append(zlib.crc32(page))
        if pages:
            last = len(found.page_numbers)
            found.commits.append(Commit(last, pages))
            found.sums[last] = sums
    committed = found.commits[-1].last_frame if found.commits else 0
    del found.page_numbers[committed:], found.contents[committed:]
    return found


def _raw_frames(
    file: BinaryIO, page_size: int, cancel: Cancel | None
) -> Iterator[tuple[bytes, bytes]]:
    """The header and the page of each whole frame that lies there, whatever it is."""
    size = FRAME_HEADER + page_size
    several = max(1, _PIECE // size) * size
    while True:
        if cancel is not None and cancel.is_set():
            raise CancelledError("Cancelled.")
        piece = file.read(several)
        starts = range(0, len(piece) + 1, size)
        for start, end in pairwise(starts):
            yield piece[start : start + FRAME_HEADER], piece[start + FRAME_HEADER : end]
        if len(piece) < several:
            return
