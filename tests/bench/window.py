"""The window: its start beside a bare Qt window's and DB Browser's, records, memory."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from typing import Any

from tests.bench.large_stores import large_store
from tests.bench.memory import SHAPES
from tests.bench.paired import Line, paired
from tests.builders import layouts
from tests.builders.demo import wire
from tests.builders.layouts import Rec
from tests.places import REAL, ROOT

_STORE = REAL / "v2-clean" / "stigmer.db"
_MANY = 100_000
_SHORT_ROUNDS = 3
_GROWN = 10  #: times as many records
_LONG_RECORDS = 12
_LONG = 845_000  #: bytes of such a record
_LONG_FIELDS = 102_000
_AT_ONCE = 150.0  #: milliseconds
_SMALL_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def lines(rounds: int) -> Iterator[Line]:
    """Start, selection and memory, offscreen; DB Browser under Xvfb where it is installed."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        many = _many_records(scratch / "many.db")
        memory: dict[str, float] = {}
        for name, path in (("v2-clean", _STORE), (f"{_MANY:,} records", many)):
            starts = [_start(scratch, path) for _ in range(rounds)]
            memory[name] = median(start["memory"] for start in starts) / 1024
            yield _start_line(name, scratch, path, rounds)
            yield _selection_line(name, starts)
        small, large = memory.values()
        name = f"memory with {_MANY:,} records, MiB"
        yield Line(name, "with 93", large, small, large / small, rounds, None, "at the first rows")
        yield from _growth_lines(scratch, rounds)
        yield _long_line(scratch, rounds)
        yield from _browser_lines(scratch, many, rounds)


def missing() -> str:
    """A sentence where DB Browser cannot be measured, else empty."""
    absent = [name for name in ("Xvfb", "xdotool", "sqlitebrowser") if not shutil.which(name)]
    return f"Not measured beside DB Browser: {', '.join(absent)} not installed." if absent else ""


def _environment(scratch: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return {
        **kept,
        "QT_QPA_PLATFORM": "offscreen",
        "SETTINGS": str(scratch / "settings.json"),
        "STARTED": str(time.monotonic()),
    }


def _start(scratch: Path, path: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.first_rows", str(path)]
    environment = _environment(scratch)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _start_line(name: str, scratch: Path, path: Path, rounds: int) -> Line:
    times: list[tuple[float, float]] = []
    spent: list[float] = []
    for _ in range(rounds):
        ours = _start(scratch, path)
        before, began = getrusage(RUSAGE_CHILDREN), time.monotonic()
        command = [sys.executable, "-m", "tests.bench.bare_qt"]
        subprocess.run(command, cwd=ROOT, env=_environment(scratch), check=True)
        times.append((ours["firstRows"], 1000 * (time.monotonic() - began)))
        after = getrusage(RUSAGE_CHILDREN)
        processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        spent.append(ours["processor"] / (1000 * processor))
    mine, other = (median(column) for column in zip(*times, strict=True))
    ratio = median(a / b for a, b in times)
    what = f"{name}: process start to first rows"
    note = f"of the processors {median(spent):.2f}"
    return Line(what, "a bare Qt window's first paint", mine, other, ratio, rounds, 1.7, note)


def _selection_line(name: str, starts: list[dict[str, Any]]) -> Line:
    times = sorted(each for start in starts for each in start["selections"])
    middle, late = median(times), times[int(len(times) * 0.95)]
    what = f"{name}: row chosen to tree painted, 95th percentile"
    return Line(what, "its median", late, middle, late / middle, len(starts), None, "")


def _growth_lines(scratch: Path, rounds: int) -> Iterator[Line]:
    """What is on screen first, beside a tenth of the records."""
    many = _MANY // _GROWN if rounds <= _SHORT_ROUNDS else _MANY * _GROWN
    stores = large_store(many), large_store(many // _GROWN)
    pairs = [[_start(scratch, store) for store in stores] for _ in range(rounds + 1)][1:]
    for what, name in (("firstPaint", "first paint"), ("firstRows", "first rows")):
        larger, smaller = ([start[what] for start in column] for column in zip(*pairs, strict=True))
        ratio = median(one / other for one, other in zip(larger, smaller, strict=True))
        spent = median(one["processor"] / other["processor"] for one, other in pairs)
        yield Line(
            *(f"{many:,} records: process start to {name}", f"{many // _GROWN:,}"),
            *(median(larger), median(smaller), ratio, rounds, 1.05),
            f"of the processors until the first rows {spent:.2f}",
        )


def _long_line(scratch: Path, rounds: int) -> Line:
    """Records of what an agent said all day."""
    data = wire.text(1, "v1") + wire.text(2, "AgentExecution") + SHAPES["talk"](_LONG)
    records = [Rec("agent_execution", f"aex-{at:02}", data) for at in range(_LONG_RECORDS)]
    store = layouts.v2(scratch / "long.db", records)
    starts = [_start(scratch, store) for _ in range(min(rounds, _SHORT_ROUNDS))]
    times = sorted(each for start in starts for each in start["selections"])
    return Line(
        *(f"a message of {_LONG_FIELDS:,} fields chosen to painted", f"{_AT_ONCE:.0f} ms"),
        *(median(times), _AT_ONCE, median(times) / _AT_ONCE, len(starts), 1.0),
        f"{len(times)} of them; longest {times[-1]:.0f} ms",
    )


def _many_records(path: Path) -> Path:
    """A store of many records, copied from the small one under other ids."""
    source = sqlite3.connect(f"{_STORE.as_uri()}?immutable=1", uri=True)
    rows = source.execute("SELECT kind, data, updated_at FROM resources").fetchall()
    schema = [sql for (sql,) in source.execute("SELECT sql FROM sqlite_master") if sql]
    source.close()
    made = sqlite3.connect(path)
    made.execute("PRAGMA journal_mode=OFF")
    for sql in schema:
        if "sqlite_sequence" not in sql:
            made.execute(sql)
    made.execute("INSERT INTO schema_version(version) VALUES (2)")

    def copies() -> Iterator[tuple[str, str, bytes, str]]:
        for number in range(_MANY):
            kind, data, updated = rows[number % len(rows)]
            yield kind, f"xyz-{_ulid(number)}", data, updated

    made.executemany("INSERT INTO resources VALUES (?, ?, ?, ?)", copies())
    made.commit()
    made.close()
    return path


def _ulid(number: int) -> str:
    digits = (number * 2_654_435_761) % (1 << 60)
    return "01m7y9fh" + "".join(
        _SMALL_ALPHABET[digits >> 5 * place & 31] for place in range(11, -1, -1)
    ).rjust(18, "0")


def _browser_lines(scratch: Path, store: Path, rounds: int) -> Iterator[Line]:
    if missing():
        return
    copy = shutil.copyfile(store, scratch / "theirs.db")
    ours = [sys.executable, "-m", "inspector", str(store)]
    theirs = ["sqlitebrowser", "-R", "-t", "resources", str(copy)]
    with display(scratch) as environment:
        yield paired(
            f"{_MANY:,} records: process start to a visible window",
            lambda: until_visible(ours, store.name, environment),
            "DB Browser for SQLite",
            lambda: until_visible(theirs, copy.name, environment),
            rounds=rounds,
            goal=0.85,
            note="a window with the file's name in its title, not yet its rows",
        )


@contextmanager
def display(scratch: Path) -> Iterator[dict[str, str]]:
    """A screen of its own; gives the variables for the programs on it, with ``scratch`` as home."""
    read, write = os.pipe()
    # Without -noreset it starts anew whenever no program is left, and refuses those that come then.
    server = subprocess.Popen(
        ["Xvfb", "-noreset", "-displayfd", str(write), "-screen", "0", "1440x900x24"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as number:
            screen = f":{number.readline().strip()}"
        variables = {"DISPLAY": screen, "QT_QPA_PLATFORM": "xcb", "HOME": str(scratch)}
        yield {**_environment(scratch), **variables}
    finally:
        server.terminate()
        server.wait()


def until_visible(command: list[str], title: str, environment: dict[str, str]) -> None:
    """Start a program, wait for its window with ``title``, and end it."""
    program = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    # With --sync xdotool looks twice a second only.
    search = ["xdotool", "search", "--onlyvisible", "--name", title]
    deadline = time.monotonic() + 60
    while subprocess.run(search, env=environment, capture_output=True, check=False).returncode:
        if time.monotonic() > deadline:
            raise SystemExit(f"{command[0]} showed no window for a minute")
        time.sleep(0.005)
    program.terminate()
    program.wait()
