"""``snapshot``: a whole store on standard output or in a file, or nothing."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from inspector.cli.main import main
from tests.builders import layouts
from tests.cli.calls import call, failed
from tests.cli.test_process import PROGRAM, QUIET, posix


def test_to_a_file_and_to_standard_output_are_the_same_bytes(tmp_path: Path) -> None:
    out = tmp_path / "s.sqlite"
    answer = call("snapshot", "--demo", "-o", out)
    assert (answer.code, answer.out) == (0, b"")
    assert answer.notes == [
        f"note: A copy of the whole store is written to {out}; its secrets are in it."
    ]
    piped = call("snapshot", "--demo")
    assert piped.code == 0
    assert piped.out == out.read_bytes()
    assert call("snapshot", "--demo", "-o", "-").out == piped.out
    assert call("export", "--history", "--db", out).out == call("export", "--history", "--demo").out


def test_any_sqlite_file_is_copied(tmp_path: Path) -> None:
    path = layouts.create(tmp_path / "s.db", "CREATE TABLE t (a); INSERT INTO t VALUES (1);")
    assert call("snapshot", "--db", path, "-o", tmp_path / "out.db").code == 0
    assert call("tables", "--db", tmp_path / "out.db", "--json").json == [
        {"name": "t", "type": "table", "rows": 1}
    ]


def test_where_it_may_not_go(tmp_path: Path) -> None:
    path = layouts.v2(tmp_path / "s.db")
    (tmp_path / "x").write_text("x")
    (tmp_path / "x-wal").write_text("y")
    for out in (path, f"{path}-shm", tmp_path / "x", tmp_path / "no" / "where"):
        failed(call("snapshot", "--db", path, "-o", out), 2)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["s.db", "x", "x-wal"]
    failed(call("snapshot", "--db", tmp_path / "none"), 3)


def test_a_terminal_gets_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    out, err = Terminal(io.BytesIO()), io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    assert main(["snapshot", "--demo"]) == 2
    assert isinstance(out.buffer, io.BytesIO)
    assert out.buffer.getvalue() == b""


def test_a_damaged_file_is_not_called_whole(tmp_path: Path) -> None:
    path, out = tmp_path / "s.db", tmp_path / "copy.db"
    layouts.v2(path, [layouts.Rec("agent", f"a-{one}", bytes(3000)) for one in range(30)])
    path.write_bytes(path.read_bytes()[:40960])
    answer = call("snapshot", "--db", path, "-o", out)
    assert answer.code == 1
    assert answer.notes[1:] == [
        f"note: A copy of the file, damaged as it is, is written to {out}; its secrets are in it."
    ]


@posix
def test_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*PROGRAM, "snapshot", "--demo"],
        env={**os.environ, **QUIET, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    assert process.stdout is not None
    # It is longer than a pipe is, so that the program waits for who reads.
    assert process.stdout.read(1)
    assert list(tmp_path.iterdir())
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60)[1] == b"Stopped.\n"
    assert process.returncode == 130
    assert list(tmp_path.iterdir()) == []
