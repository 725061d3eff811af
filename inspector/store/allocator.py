"""What the allocator of the C library does with large blocks of memory.

That of GNU gives the system back what it has mapped for one block alone, such as a blob of
megabytes and the copies that are made of it. But each such block that is freed raises the size from
which on it does so, up to 32 MB; what is smaller lies in heaps from then on, of which the holes
stay: twice what is in use, where blobs are read one after the other.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import Final

#: Bytes from which on a block is mapped alone.
_ALONE: Final = 1 << 20
_M_TRIM_THRESHOLD: Final = -1  #: as ``malloc.h`` has it
_M_MMAP_THRESHOLD: Final = -3  #: as above


def expect_blocks(size: int) -> None:
    """Has large blocks mapped each on its own, from the first time that so many bytes are met.

    Args:
        size: bytes of what is read, of which copies are made.
    """
    if size >= _ALONE:
        _map_large_blocks()


@cache
def _map_large_blocks() -> None:
    """Maps each block of :data:`_ALONE` bytes on its own, from now on and wherever it is asked for.

    Does nothing where the C library cannot be told so.
    """
    if sys.platform != "linux":
        return
    try:
        import ctypes  # noqa: PLC0415 - 3 ms, which only a large blob is worth

        library = ctypes.CDLL(None)
        library.mallopt(_M_MMAP_THRESHOLD, _ALONE)
        # Of what is free at its end a heap would keep 128 KB, as it does where nothing is learned
        # any more: each copy of half a megabyte would ask the system for its memory again.
        library.mallopt(_M_TRIM_THRESHOLD, 2 * _ALONE)
    except (ImportError, OSError, AttributeError):
        return
