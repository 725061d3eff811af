"""Reading while a daemon does its worst: no answer is wrong, older than a commit, or going back.

Counted in reads. In the long form of the tests (``STIGMER_INSPECTOR_FUZZ=full``) there are 10,000,
or as many as ``STIGMER_INSPECTOR_READS`` says.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from inspector.store.store import Store
from tests.builders import layouts
from tests.builders.layouts import Rec

FULL = os.environ.get("STIGMER_INSPECTOR_FUZZ") == "full"
READS = int(os.environ.get("STIGMER_INSPECTOR_READS", "10000" if FULL else "150"))
ROWS = 12
HERE = Path(__file__).parent
_NODE = 22  #: the first with a SQLite of its own


def _node() -> str | None:
    """A Node that has SQLite."""
    found = shutil.which("node")
    if found is None:
        return None
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"v(\d+)", said.stdout)
    return found if version and int(version[1]) >= _NODE else None


WRITERS: dict[str, Sequence[str] | None] = {
    "python": (sys.executable, str(HERE / "torture_writer.py")),
    "node": (node, "--no-warnings", str(HERE / "torture_writer.mjs"))
    if (node := _node())
    else None,
}


class Daemon:
    """A writer that is started, told how many commits to make, and killed."""

    def __init__(self, command: Sequence[str], path: Path, first: int, seed: int) -> None:
        self._process = subprocess.Popen(
            [*command, str(path), str(first), str(seed)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.acknowledged = first

    def begin(self, commits: int) -> None:
        """Ask for commits; they go on while the store is read."""
        self._say(str(commits))

    def await_commit(self) -> bool:
        """Wait for the next commit; False where there are no more of those asked for."""
        assert self._process.stdout
        line = self._process.stdout.readline().strip()
        if line.isdigit():
            self.acknowledged = int(line)
        assert line, "the writer is gone"
        return line.isdigit()

    @contextmanager
    def held(self) -> Iterator[int]:
        """The time in which it is stopped (SIGSTOP) in whatever it is doing; its process."""
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield self._process.pid
        finally:
            self._process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """Let it make the commits it was asked for, and stop cleanly."""
        self._say("stop")
        assert self._process.stdout
        # Not to the end: a Node lives on until nobody can tell it anything any more.
        while (line := self._process.stdout.readline().strip()) != "stopped":
            assert line, "the writer is gone"
            if line.isdigit():
                self.acknowledged = int(line)
        self._close()

    def kill(self) -> None:
        """Kill it in the midst of things; what it acknowledged stands."""
        self._process.kill()
        assert self._process.stdout
        for line in self._process.stdout.read().split():
            if line.isdigit():
                self.acknowledged = int(line)
        self._close()

    def _say(self, words: str) -> None:
        assert self._process.stdin
        print(words, file=self._process.stdin, flush=True)

    def _close(self) -> None:
        assert self._process.stdin
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        assert self._process.stdout
        self._process.stdout.close()
        self._process.wait(30)


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of POSIX")
@pytest.mark.parametrize("writer", WRITERS)
def test_no_answer_is_wrong_or_old(writer: str, tmp_path: Path) -> None:
    command = WRITERS[writer]
    if command is None:
        pytest.skip(f"no Node from {_NODE} on, whose SQLite would be the second writer")
    chance = random.Random(writer)
    records = [Rec("agent", f"{n:02}", b"0" * (10 + 700 * n)) for n in range(ROWS)]
    path = layouts.v2(tmp_path / "s.db", records)
    store = Store(path)
    following = store.following()
    following.look()
    told = dict.fromkeys((f"{n:02}".encode() for n in range(ROWS)), 0)
    reads = newest = 0
    daemon = Daemon(command, path, 0, 0)
    while reads < READS:
        daemon.begin(40)
        while daemon.await_commit() and reads < READS:
            acknowledged = daemon.acknowledged
            number = _number(store)
            assert number >= max(acknowledged, newest), "older than a commit, or going back"
            seen = following.look()
            assert seen.caught_up
            for change in seen.rows:
                assert change.known and change.after is not None
                value = int(change.after.data[:10])
                assert value > told[change.id], "a change that is none, or going back"
                told[change.id] = value
            assert min(told.values()) >= number, "a commit that was read is not told"
            newest = max(number, *told.values())
            reads += 2
            if chance.randrange(10) == 0:
                _read_while_held(daemon, store, newest)
                reads += 1
        match chance.randrange(4):
            case 0:
                daemon.kill()
                if chance.randrange(2):
                    path.with_name("s.db-shm").unlink(missing_ok=True)
                assert _number(store) >= daemon.acknowledged
                reads += 1
            case 1:
                daemon.begin(1)
                daemon.stop()
                assert [one.name for one in tmp_path.iterdir()] == [path.name]
                assert _number(store) == daemon.acknowledged
                reads += 1
            case _:
                continue
        first = _number(store)
        daemon = Daemon(command, path, first, reads)
    daemon.kill()
    store.close()


def _read_while_held(daemon: Daemon, store: Store, newest: int) -> None:
    """Whatever it was doing, reads go on, and it is named."""
    with daemon.held() as pid:
        assert _number(store) >= newest
        assert store.facts().daemon_pid == pid


def _number(store: Store) -> int:
    """The number that all rows have in one state; another one is the trace of a torn read."""
    rows = store.rows("agent").rows
    numbers = {int((row.data or b"")[:10]) for row in rows}
    assert (len(rows), len(numbers)) == (ROWS, 1)
    return numbers.pop()
