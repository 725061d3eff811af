"""A stand-in for the daemon: one SQLite writer in a process of its own, driven over its pipes.

Run as a script by :class:`Writer`; it uses nothing but the standard library.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from types import TracebackType


class Writer:
    """The other end of a writer process. SQL is executed as given; ``kill`` is ``kill -9``."""

    def __init__(self, path: Path, journal_mode: str = "WAL") -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, os.fspath(path), journal_mode],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()

    @property
    def pid(self) -> int:
        return self._process.pid

    def sql(self, *statements: str) -> None:
        """Execute statements, each in a transaction of its own unless one is open."""
        for statement in statements:
            assert self._process.stdin
            print(json.dumps(statement), file=self._process.stdin, flush=True)
            self._answer()

    def stop(self) -> None:
        """Close the store as a daemon that is asked to stop."""
        assert self._process.stdin
        self._process.stdin.close()
        assert self._process.wait(30) == 0
        self._close_pipe()

    def kill(self) -> None:
        """Die in the midst of things."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(30)
        assert self._process.stdin
        self._process.stdin.close()
        self._close_pipe()

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._process.returncode is None:
            self.kill()

    def _answer(self) -> None:
        assert self._process.stdout
        answer = self._process.stdout.readline().strip()
        assert answer == "done", answer or "the writer is gone"

    def _close_pipe(self) -> None:
        assert self._process.stdout
        self._process.stdout.close()


def _main(path: str, journal_mode: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA journal_mode={journal_mode}")
    connection.execute("PRAGMA synchronous=NORMAL")
    print("done", flush=True)
    for line in sys.stdin:
        connection.execute(json.loads(line))
        print("done", flush=True)
    connection.close()


if __name__ == "__main__":
    _main(*sys.argv[1:3])
