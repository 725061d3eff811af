"""A writer that saves every commit apart, and the write-ahead logs it leaves."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.builders import layouts

SIDES = ("", "-wal", "-shm")
HEADER, FRAME = 32, 24
FUZZED_PAGE = 512
#: A committed state: the log's header, and the last frame of the commit.
Key = tuple[bytes, int]


def digest(image: bytes) -> str:
    return hashlib.sha256(image).hexdigest()


class SavingWriter:
    """Writes a store as a daemon would, and saves the whole database after every commit."""

    def __init__(self, path: Path, dice: random.Random, page_size: int = 1024) -> None:
        self.path = path
        self.dice = dice
        layouts.create(
            path, layouts.RESOURCES, layouts.SCHEMA_VERSION, layouts.AUDIT,
            version=2, page_size=page_size,
        )  # fmt: skip
        self.saved: dict[Key, str] = {}
        #: The records of each, by kind and id: a number that differs where they do.
        self.rows: dict[Key, dict[tuple[str, str], int]] = {}
        self.commits = 0
        self._holding: sqlite3.Connection | None = None
        self._open()

    def _open(self) -> None:
        self._connection = sqlite3.connect(self.path, isolation_level=None)
        self._connection.execute("PRAGMA wal_autocheckpoint=0")
        # Some systems build theirs to write pages once more that are let go.
        self._connection.execute("PRAGMA secure_delete=OFF")
        # The log is begun, and with it the shared memory, by the first one to read.
        self._connection.execute("SELECT count(*) FROM resources").fetchone()

    def close(self) -> None:
        self._let_go()
        self._connection.close()

    def commit(self, *statements: str | tuple[str, tuple[object, ...]]) -> None:
        """One transaction; it is saved if it wrote anything."""
        self._connection.execute("BEGIN")
        for one in statements:
            self._connection.execute(*((one,) if isinstance(one, str) else one))
        self._connection.execute("COMMIT")
        self._save()

    def vacuum(self) -> None:
        self._connection.execute("VACUUM")
        self._save()

    def _save(self) -> None:
        with (
            Path(f"{self.path}-shm").open("rb") as memory,
            Path(f"{self.path}-wal").open("rb") as log,
        ):
            key = (log.read(HEADER), struct.unpack_from("=I", memory.read(20), 16)[0])
        with closing(sqlite3.connect(self.path)) as reader:
            self.saved[key] = digest(reader.serialize())
            self.rows[key] = {
                (kind, id_): hash((data, at))
                for kind, id_, data, at in reader.execute("SELECT * FROM resources")
            }
        self.commits += 1

    def step(self) -> None:
        """Do something that a daemon, or those beside it, might do."""
        dice = self.dice
        chance = dice.random()
        if chance < 0.86:
            self.commit(*(self._change() for _ in range(dice.choice((1, 1, 1, 2, 6)))))
        elif chance < 0.96:
            self.checkpoint(dice.choice(("PASSIVE", "PASSIVE", "FULL", "RESTART", "TRUNCATE")))
        elif chance < 0.97:
            self._let_go()
            self.vacuum()
        elif chance < 0.99:
            self._hold()
        else:
            self.die()

    def _change(self) -> tuple[str, tuple[object, ...]]:
        dice = self.dice
        id_ = f"agt-{dice.randrange(40)}" * dice.choice((1, 1, 1, 90))
        chance = dice.random()
        data = dice.randbytes(dice.choice((3, 300, 2000, 9000)))
        if chance < 0.55:
            values = ("agent", id_, data, f"2026-01-25 20:{dice.randrange(10, 60)}:38")
            return "INSERT OR REPLACE INTO resources VALUES (?, ?, ?, ?)", values
        if chance < 0.65:
            return "DELETE FROM resources WHERE id = ?", (id_,)
        if chance < 0.75:
            # The same length: only the page that it ends in is written.
            sql = (
                "UPDATE resources SET data = CAST(substr(data, 1, length(data) - 1) || ? AS BLOB)"
                " WHERE id = ?"
            )
            return sql, (chr(dice.randrange(33, 126)), id_)
        if chance < 0.78:
            return "DELETE FROM resources WHERE id > ?", (id_,)
        if chance < 0.82:
            sql = "DELETE FROM resource_audit WHERE id < (SELECT max(id) FROM resource_audit) - ?"
            return sql, (20,)
        sql = "INSERT INTO resource_audit (kind, resource_id, data) VALUES (?, ?, ?)"
        return sql, ("agent", id_, data)

    def checkpoint(self, how: str) -> None:
        if how != "PASSIVE":
            self._let_go()
        self._connection.execute(f"PRAGMA wal_checkpoint({how})").fetchone()

    def _hold(self) -> None:
        """Read, so that checkpoints come only as far as what is seen."""
        self._let_go()
        self._holding = sqlite3.connect(self.path, isolation_level=None)
        self._holding.execute("BEGIN")
        self._holding.execute("SELECT count(*) FROM resources").fetchone()

    def _let_go(self) -> None:
        if self._holding is not None:
            self._holding.close()
            self._holding = None

    def die(self) -> None:
        """Be killed, and come back to what was left."""
        self._let_go()
        left = self.path.with_name("left.db")
        copy_store(self.path, left)
        self._connection.close()
        copy_store(left, self.path)
        self._open()


def copy_store(source: Path, target: Path, *, memory: bool = True) -> Path:
    """The files of a store as they lie there: what a killed writer leaves.

    Their times are in the past, as if nobody had written for a while.
    """
    for suffix in SIDES:
        beside = Path(f"{target}{suffix}")
        beside.unlink(missing_ok=True)
        if Path(f"{source}{suffix}").exists() and (memory or suffix != "-shm"):
            shutil.copyfile(f"{source}{suffix}", beside)
            os.utime(beside, (1e9, 1e9))
    return target


def summed(log: bytes, *, big_endian: bool) -> bytes:
    """A log with right checksums in one byte order, word by word as SQLite's own words say it."""
    order = ">" if big_endian else "<"
    page_size = struct.unpack_from(">I", log, 8)[0]

    def go_on(sums: tuple[int, int], data: bytes) -> tuple[int, int]:
        first, second = sums
        for one, other in struct.iter_unpack(f"{order}2I", data):
            first = (first + one + second) & 0xFFFFFFFF
            second = (second + other + first) & 0xFFFFFFFF
        return first, second

    head = struct.pack(">I", 0x377F0682 | big_endian) + log[4:24]
    sums = go_on((0, 0), head)
    parts = [head, struct.pack(">2I", *sums)]
    size = FRAME + page_size
    for at in range(HEADER, len(log) - size + 1, size):
        frame = log[at : at + size]
        sums = go_on(go_on(sums, frame[:8]), frame[FRAME:])
        parts += [frame[:16], struct.pack(">2I", *sums), frame[FRAME:]]
    return b"".join(parts)


def interrupted(path: Path, dice: random.Random) -> None:
    """Copy some pages of the log into the database, as a checkpoint that is killed does."""
    log = Path(f"{path}-wal").read_bytes()
    if len(log) < HEADER:
        return
    page_size = struct.unpack_from(">I", log, 8)[0]
    newest: dict[int, bytes] = {}
    committed: dict[int, bytes] = {}
    for at in range(HEADER, len(log) - FRAME - page_size + 1, FRAME + page_size):
        page, commit = struct.unpack_from(">2I", log, at)
        if log[at + 8 : at + 16] != log[16:24]:
            break
        newest[page] = log[at + FRAME : at + FRAME + page_size]
        if commit:
            committed = dict(newest)
            if dice.random() < 0.02:
                break
    with path.open("r+b") as file:
        for page in sorted(committed)[: dice.randrange(len(committed) + 1)]:
            file.seek((page - 1) * page_size)
            file.write(committed[page])
    os.utime(path, (1e9, 1e9))


def flipped(log: bytearray, dice: random.Random) -> None:
    for _ in range(dice.choice((1, 1, 5))):
        log[dice.randrange(len(log))] ^= 1 << dice.randrange(8)


def cut(log: bytearray, dice: random.Random) -> None:
    del log[dice.randrange(len(log)) :]


def swapped_frames(log: bytearray, dice: random.Random) -> None:
    size = FRAME + FUZZED_PAGE
    count = (len(log) - HEADER) // size
    one, other = (HEADER + dice.randrange(count) * size for _ in range(2))
    log[one : one + size], log[other : other + size] = (
        log[other : other + size], log[one : one + size],
    )  # fmt: skip


def header_field(log: bytearray, dice: random.Random) -> None:
    at = dice.randrange(8) * 4
    log[at : at + 4] = struct.pack(">I", dice.choice((0, 1, 512, 65536, 1 << 31, 0xFFFFFFFF)))


MUTATIONS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    flipped,
    cut,
    swapped_frames,
    header_field,
)
