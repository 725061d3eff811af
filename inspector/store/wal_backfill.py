"""How far checkpoints have copied a log's frames back into the database, by its shared memory.

``-shm`` holds a copy of what SQLite knows of the log. Nothing of it is believed unless it names
the very frames that the log holds: it outlives kills, restores and reboots, and is never synced.
"""

from __future__ import annotations

import struct
import sys
from typing import Final, NamedTuple

from inspector.store.wal_checksum import Sums, added
from inspector.store.wal_file import WalFrames

#: Bytes at its beginning that are looked at.
SIZE: Final = 136
_COPY: Final = 48
_SUMMED: Final = 40
_VERSION: Final = 3007000
_NUMBERS: Final = struct.Struct("=IIIBBHII")
_BACKFILLED: Final = 96
_ATTEMPTED: Final = 128


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
    if len(memory) < SIZE or memory[:_COPY] != memory[_COPY : 2 * _COPY] or log.header is None:
        return UNKNOWN
    version, _, _, is_there, _, _, last, _ = _NUMBERS.unpack_from(memory)
    sums = added(Sums(), memory[:_SUMMED], big_endian=sys.byteorder == "big")
    if version != _VERSION or not is_there or sums != struct.unpack_from("=2I", memory, _SUMMED):
        return UNKNOWN
    if memory[32:40] != log.header.salts:
        # Not from whatever other salts: a checkpoint that ends a generation adds one to the first.
        return Backfill(begun_anew=not last and _follows(memory[32:40], log.header.salts))
    # Nor where the log has gone on: who writes with the store to himself leaves it as it was.
    newest = log.commits[-1].last_frame if log.commits else 0
    if last != newest or log.sums.get(last) != struct.unpack_from("=2I", memory, 24):
        return UNKNOWN
    (backfilled,) = struct.unpack_from("=I", memory, _BACKFILLED)
    (attempted,) = struct.unpack_from("=I", memory, _ATTEMPTED)
    # SQLite of before 2016 keeps no note of what it only attempts.
    return Backfill(attempted=attempted) if backfilled <= attempted <= last else UNKNOWN


def _follows(salts: bytes, before: bytes) -> bool:
    """Whether salts are those of the generation after another."""
    first, earlier = (int.from_bytes(one[:4], "big") for one in (salts, before))
    return first == (earlier + 1) & 0xFFFFFFFF
