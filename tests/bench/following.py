"""Following beside a writer: ``python -m tests.bench.following [--short]``, ratios in one run.

What the writer feels (commits a second, the slowest hundredth, the size of its log), with and
without a follower, A B A B; what it costs to find changed rows among a million and among ten
thousand; what an hour costs in which nothing happens; and how many clean stops of a daemon are
spoiled by two readers back to back.
"""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

from inspector.session.follower import Follower
from inspector.session.session import Session
from inspector.store.following import Following
from inspector.store.store import Store
from tests.builders import layouts
from tests.builders.writer import Writer

_BLOB: Final = 300
_HOUR: Final = 3600
_WRITER: Final = """
import random, sqlite3, sys, time
path, seconds, rate = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
connection = sqlite3.connect(path, isolation_level=None, timeout=0)
connection.execute("PRAGMA journal_mode=WAL")
connection.execute("PRAGMA synchronous=NORMAL")
count = connection.execute("SELECT count(*) FROM resources").fetchone()[0]
times, started = [], time.perf_counter()
while (now := time.perf_counter()) < started + seconds:
    id_ = f"agt-{random.randrange(count):08}"
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(
        "INSERT OR REPLACE INTO resources VALUES ('agent', ?, randomblob(300), 'now')", (id_,))
    connection.execute("COMMIT")
    times.append(time.perf_counter() - now)
    if rate:
        time.sleep(max(0.0, started + len(times) / rate - time.perf_counter()))
times.sort()
import os
print(len(times) / seconds, times[len(times) // 2], times[len(times) * 99 // 100],
      os.path.getsize(path + "-wal"))
connection.close()
"""
_READER: Final = """
import sys
from inspector.store.store import Store
from inspector.errors import StoreError
store = Store(sys.argv[1])
print("reading", flush=True)
while True:
    try:
        store.rows("agent")
    except StoreError:
        pass
"""


class Felt(NamedTuple):
    """What a writer felt: commits a second, seconds of half and 99 of 100, bytes of its log."""

    commits: float
    half: float
    most: float
    log: float


def store(folder: Path, rows: int) -> Path:
    """A store of so many records of 300 bytes."""
    path = folder / f"{rows}.db"
    layouts.v2(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        connection.executemany(
            f"INSERT INTO resources VALUES ('agent', ?, randomblob({_BLOB}), 'now')",
            ((f"agt-{n:08}",) for n in range(rows)),
        )
        connection.execute("COMMIT")
    return path


def felt(path: Path, seconds: float, rate: float, *, followed: bool) -> Felt:
    """What a writer feels at so many commits a second, 0 for as many as it can."""
    over = threading.Event()
    thread = threading.Thread(target=_follow, args=(path, over))
    if followed:
        thread.start()
    arguments = [sys.executable, "-c", _WRITER, str(path), str(seconds), str(rate)]
    said = subprocess.run(arguments, capture_output=True, text=True, check=True).stdout.split()
    over.set()
    if followed:
        thread.join()
    return Felt(*map(float, said))


def _follow(path: Path, over: threading.Event) -> None:
    follower = Follower(Session.open(path), patience=0.05)
    while not over.wait(follower.interval):
        follower.look()


def compared(path: Path, seconds: float, rate: float, rounds: int) -> str:
    """With and without a follower, A B A B: the medians of the rounds' own ratios."""
    pairs = []
    for _ in range(rounds):
        with_us = felt(path, seconds, rate, followed=True)
        without = felt(path, seconds, rate, followed=False)
        pairs.append((with_us, without))
    ratios = [
        median(ours[at] / theirs[at] for ours, theirs in pairs) for at in range(len(Felt._fields))
    ]
    commits, half, most, log = ratios
    return f"commits {commits:.3f}, p50 {half:.3f}, p99 {most:.3f}, log {log:.3f}"


def found(path: Path, changed: int, rounds: int, spread: bool) -> float:
    """Seconds of CPU to find so many changed rows."""
    following = Store(path).following()
    total = int(path.stem)
    times = []
    with Writer(path) as writer:
        writer.sql("PRAGMA wal_autocheckpoint=0", "UPDATE resources SET data = x'01' WHERE id = ''")
        writer.sql("UPDATE resources SET data = randomblob(300) WHERE id = 'agt-00000000'")
        following.look()
        sweeps = following.sweeps
        for number in range(rounds):
            chance = random.Random(number)
            first = chance.randrange(total - changed)
            ids = range(first, first + changed)
            if spread:
                ids = range(number, total, total // changed)[:changed]
            writer.sql("BEGIN")
            for one in ids:
                writer.sql(
                    "UPDATE resources SET data = randomblob(300)"
                    f" WHERE kind = 'agent' AND id = 'agt-{one:08}'"
                )
            writer.sql("COMMIT")
            times.append(_cpu(following, len(ids)))
        assert following.sweeps == sweeps, "all rows were gone through"
        writer.stop()
    return median(times)


def _cpu(following: Following, changed: int) -> float:
    started = time.process_time()
    rows = following.look().rows
    assert len(rows) == changed
    return time.process_time() - started


def idle(path: Path, looks: int) -> float:
    """Seconds of CPU in an hour in which nothing happens, beside a daemon that is there."""
    follower = Follower(Session.open(path))
    with Writer(path) as writer:
        writer.sql("UPDATE resources SET data = randomblob(300) WHERE id = 'agt-00000000'")
        follower.look()
        started = time.process_time()
        for _ in range(looks):
            follower.look()
        spent = time.process_time() - started
        writer.stop()
    return spent / looks * _HOUR / follower.interval


def spoiled(path: Path, stops: int) -> int:
    """Of so many clean stops of a daemon, those that left a log beside two readers."""
    command = [sys.executable, "-c", _READER, str(path)]
    readers = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
    for reader in readers:
        assert reader.stdout
        reader.stdout.readline()
    left = 0
    for number in range(stops):
        with Writer(path) as writer:
            writer.sql(
                f"UPDATE resources SET data = x'{number % 256:02x}' WHERE id < 'agt-00000009'"
            )
            writer.stop()
        left += path.with_name(f"{path.name}-wal").exists()
    for reader in readers:
        reader.kill()
        reader.wait()
        assert reader.stdout
        reader.stdout.close()
    return left


def main() -> int:
    """Measures and prints; the exit code says nothing about the numbers."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.following", description=__doc__)
    parser.add_argument("--short", action="store_true", help="few rounds, for a look")
    short = parser.parse_args().short
    folder = Path(tempfile.mkdtemp())
    try:
        _measure(folder, short)
    finally:
        shutil.rmtree(folder)
    return 0


def _measure(folder: Path, short: bool) -> None:
    small, large = store(folder, 10_000), store(folder, 100_000 if short else 1_000_000)
    rounds = 2 if short else 6
    for rate in (200, 0):
        words = f"at {rate} commits a second" if rate else "flat out"
        _say(f"{words}: {compared(small, 2 if short else 5, rate, rounds)}")
    for changed in (1, 100, 2000):
        for spread in (False, True):
            ours, theirs = (
                found(path, changed, 3 if short else 5, spread) for path in (large, small)
            )
            _say(
                f"{changed} changed rows {'spread' if spread else 'side by side'}: among"
                f" {large.stem} {1000 * ours:.1f} ms, among {small.stem} {1000 * theirs:.1f} ms,"
                f" ratio {ours / theirs:.2f}"
            )
    _say(f"an idle hour: {idle(small, 400 if short else 4000):.2f} s of CPU")
    stops = 20 if short else 100
    _say(f"clean stops spoiled by two readers back to back: {spoiled(small, stops)} of {stops}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    _say(f"most memory: {memory} MB")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
