"""A search of every record of a large store beside ``grep`` of its file, all of it in memory.

Other processes take the processors away, and not evenly; so what is compared is the time that the
processors spent, of the system too, and the note tells the ratio of the clock.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final, NamedTuple

from inspector.session.session import Session
from inspector.session.store_search import SearchQuery, StoreSearch
from tests.bench.large_stores import PLANTED, large_store
from tests.bench.paired import Line, Work
from tests.builders.writer import Writer

_MANY: Final = 1_000_000
_FEW: Final = 100_000
_SHORT_ROUNDS: Final = 3
#: Case does not matter to the second; both find the same.
_GOALS: Final = {False: 0.8, True: 2.0}


class Spent(NamedTuple):
    """Seconds of the processors and of the clock."""

    cpu: float
    wall: float


def missing() -> str | None:
    """Why nothing is measured, None where something is."""
    return None if shutil.which("grep") else "grep is not installed: search was not measured."


def lines(rounds: int) -> Iterator[Line]:
    """Exactly, and ignoring case; nothing where there is no ``grep``."""
    if missing() is not None:
        return
    many = _FEW if rounds <= _SHORT_ROUNDS else _MANY
    path = large_store(many)
    expected = _grep(path)
    yield _beside_a_daemon(rounds)
    for ignore_case, goal in _GOALS.items():
        pairs = []
        for _ in range(min(rounds, 5) + 1):
            ours = spent(lambda: _search(path, ignore_case, expected))  # noqa: B023
            pairs.append((ours, spent(lambda: _grep(path))))
        del pairs[0]
        how = ", ignoring case" if ignore_case else ""
        yield compared(f"search of {many:,} records{how}", pairs, "grep -c -a -F", goal)


def _beside_a_daemon(rounds: int) -> Line:
    """Exactly, of a file whose log a daemon has open."""
    source = large_store(_FEW)
    expected = _grep(source)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(shutil.copyfile(source, Path(folder, "stigmer.db")))
        with Writer(path) as daemon:
            daemon.sql(
                "PRAGMA wal_autocheckpoint=0",
                "UPDATE resources SET updated_at = '' WHERE id LIKE '%00'",
            )
            pairs = []
            for _ in range(min(rounds, 5) + 1):
                ours = spent(lambda: _search(path, False, expected))
                pairs.append((ours, spent(lambda: _grep(source))))
            frames = path.with_name("stigmer.db-wal").stat().st_size >> 12
    name = f"search of {_FEW:,} records beside a daemon"
    return compared(
        name, pairs[1:], "grep -c -a -F", 0.8, f"; about {frames:,} pages are in the log"
    )


def compared(
    name: str, pairs: list[tuple[Spent, Spent]], beside: str, goal: float, note: str = ""
) -> Line:
    """A line of the time of the processors."""
    mine = 1000 * median(ours.cpu for ours, _ in pairs)
    other = 1000 * median(theirs.cpu for _, theirs in pairs)
    ratio = median(ours.cpu / theirs.cpu for ours, theirs in pairs)
    wall = median(ours.wall / theirs.wall for ours, theirs in pairs)
    said = f"time of the processors; of the clock {wall:.2f}{note}"
    return Line(name, beside, mine, other, ratio, len(pairs), goal, said)


def spent(work: Work) -> Spent:
    """What a piece of work takes, that of processes it waits for included."""
    before, started = processor_time(), perf_counter()
    work()
    return Spent(processor_time() - before, perf_counter() - started)


def processor_time() -> float:
    """Seconds of this process, and of those it has waited for."""
    own, others = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def _search(path: Path, ignore_case: bool, expected: int) -> None:
    text = PLANTED.swapcase() if ignore_case else PLANTED
    found = len(list(StoreSearch(Session.open(path), SearchQuery(text, ignore_case)).run()))
    if found != expected:
        raise AssertionError(f"{found} hits, {expected} expected")


def _grep(path: Path) -> int:
    command = ["grep", "-c", "-a", "-F", PLANTED, os.fspath(path)]
    return int(subprocess.run(command, capture_output=True, check=True).stdout)
