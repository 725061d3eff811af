"""How far checkpoints have copied a log's frames back into the database, by its shared memory.

``-shm`` holds a copy of what SQLite knows of the log. Nothing of it is believed unless it names
the very frames that the log holds: it outlives kills, restores and reboots, and is never synced.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from inspector.store.wal_file import WalFrames
from inspector.store.wal_index import follows, parse


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
