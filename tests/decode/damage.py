"""Blobs that something happened to."""

from __future__ import annotations

import sqlite3
from functools import cache
from random import Random
from typing import NamedTuple

from tests.builders.demo import odd
from tests.builders.demo.store import content
from tests.places import REAL
from tests.releases import kind_info

_RELEASES = {"v0": "2026-01-25", "v2-migrated": "2026-01-25", "v2-clean": "2026-01-26"}

#: Records that protobuf refuses for their depth.
_DEEP = frozenset((odd.DEEP.id, odd.DEEPER.id))


class Blob(NamedTuple):
    """A stored blob, and the message type it was written with."""

    release: str
    full_name: str
    kind: str
    data: bytes


@cache
def real_blobs(store: str) -> tuple[Blob, ...]:
    """Every blob of a store that a daemon wrote: records, then versions."""
    connection = sqlite3.connect(f"{(REAL / store / 'stigmer.db').as_uri()}?immutable=1", uri=True)
    try:
        rows = connection.execute("SELECT kind, data FROM resources ORDER BY kind, id").fetchall()
        if store != "v0":
            rows += connection.execute("SELECT kind, data FROM resource_audit ORDER BY id")
    finally:
        connection.close()
    return tuple(_blob(_RELEASES[store], kind, data) for kind, data in rows)


@cache
def demo_blobs() -> tuple[Blob, ...]:
    """Every record of the demo store that one release wrote, but for the deepest ones."""
    return tuple(
        _blob(one.release, one.kind, one.data)
        for one in content().records
        if one.release and kind_info(one.release, one.kind) and one.id not in _DEEP
    )


def _blob(release: str, kind: str, data: bytes) -> Blob:
    info = kind_info(release, kind)
    assert info is not None
    assert info.message is not None
    return Blob(release, info.message.full_name, kind, data)


def mutated(data: bytes, random: Random, other: bytes = b"") -> bytes:
    """A blob with one to four small damages; ``other`` is where foreign bytes come from."""
    made = bytearray(data)
    for _ in range(random.randint(1, 4)):
        place = random.randrange(len(made) + 1)
        what = random.randrange(7)
        if what == 0:
            made[place : place + 1] = random.randbytes(1)
        elif what == 1 and place < len(made):
            made[place] ^= 1 << random.randrange(8)
        elif what == 2:
            del made[place : place + random.randint(1, 16)]
        elif what == 3:
            made[place:place] = random.randbytes(random.randint(1, 8))
        elif what == 4:
            made[place : place + 1] = random.choice((b"\xff", b"\x80", b"\x00", b"\x7f", b"\x0b"))
        elif what == 5:
            start = random.randrange(len(other) + 1)
            made[place:place] = other[start : start + random.randint(1, 40)]
        else:
            del made[place:]
    return bytes(made)
