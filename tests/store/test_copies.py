"""Private copies: one per state of the files, removed, limited, never confused with others'."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from inspector.errors import CancelledError, StoreError, StoreErrorKind
from inspector.store import copies
from inspector.store.store import Store
from tests.builders import layouts
from tests.builders.layouts import Rec
from tests.builders.writer import Writer
from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of POSIX")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with a WAL and no shared memory, as a copy without its ``-shm`` has."""
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", "a")])
    with Writer(path) as writer:
        writer.sql("INSERT INTO resources VALUES ('agent', 'b', x'01', '')")
        writer.kill()
    Path(f"{path}-shm").unlink()
    return path


def _copies(temp: Path) -> list[str]:
    return sorted(one.name for one in temp.iterdir())


def test_one_copy_serves_all_reads_of_a_state(path: Path, empty_temp: Path) -> None:
    os.utime(path, ns=(0, 0))
    os.utime(f"{path}-wal", ns=(0, 0))
    store = Store(path)
    assert [row.id for row in store.rows("agent").rows] == ["a", "b"]
    (first,) = _copies(empty_temp)
    assert (empty_temp / first).stat().st_mode & 0o777 == 0o700
    store.kinds()
    assert _copies(empty_temp) == [first]

    os.utime(f"{path}-wal", ns=(0, 5))
    store.kinds()
    (second,) = _copies(empty_temp)
    assert second != first
    store.close()
    assert _copies(empty_temp) == []


def test_a_copy_goes_with_the_store_that_made_it(path: Path, empty_temp: Path) -> None:
    store = Store(path)
    store.kinds()
    assert len(_copies(empty_temp)) == 1
    del store
    gc.collect()
    assert _copies(empty_temp) == []


class _After:
    """Set after being asked so many times."""

    def __init__(self, asked: int) -> None:
        self.left = asked

    def is_set(self) -> bool:
        self.left -= 1
        return self.left < 0


def test_a_copy_that_is_cancelled_leaves_nothing(
    path: Path, empty_temp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "_PIECE", 4096)
    store, asked = Store(path), 0
    pieces = sum(Path(f"{path}{side}").stat().st_size // 4096 for side in ("", "-wal"))
    while not _copies(empty_temp):
        # Later every time, until the store is copied as a whole.
        with suppress(CancelledError):
            store.kinds(_After(asked))
        asked += 1
    assert asked > pieces > 5
    assert [row.id for row in store.rows("agent").rows] == ["a", "b"]
    store.close()
    assert _copies(empty_temp) == []


def test_too_large_a_store_is_not_copied(
    path: Path, empty_temp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "COPY_LIMIT", 1000)
    with pytest.raises(StoreError) as caught:
        Store(path).kinds()
    assert caught.value.kind is StoreErrorKind.TOO_LARGE_TO_COPY
    assert caught.value.hint
    assert _copies(empty_temp) == []


def test_no_room_for_a_copy_is_said(
    path: Path, empty_temp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(copies, "_copy_file", full)
    with pytest.raises(StoreError) as caught:
        Store(path).kinds()
    assert "could not be copied" in caught.value.message
    assert _copies(empty_temp) == []


def test_what_a_dead_process_left_is_removed_and_a_living_ones_is_not(
    path: Path, empty_temp: Path
) -> None:
    script = (
        "import os, sys\n"
        "from inspector.store.store import Store\n"
        "store = Store(sys.argv[1])\n"
        "store.kinds()\n"
        "print('ready', flush=True)\n"
        "sys.stdin.readline()\n"
        "os._exit(0)\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script, os.fspath(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(empty_temp)},
    )
    with child:
        assert child.stdout
        assert child.stdout.readline() == b"ready\n"
        (left,) = _copies(empty_temp)
        (empty_temp / "somebody-elses").mkdir()
        copies.sweep()
        assert _copies(empty_temp) == ["somebody-elses", left]
        child.communicate(b"\n")
    copies.sweep()
    assert _copies(empty_temp) == ["somebody-elses"]


def test_a_normal_end_of_the_process_leaves_nothing(path: Path, empty_temp: Path) -> None:
    script = (
        "import sys\n"
        "from inspector.store.store import Store\n"
        "store = Store(sys.argv[1])\n"
        "assert store.kinds()\n"
    )
    subprocess.run(
        [sys.executable, "-c", script, os.fspath(path)],
        check=True,
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(empty_temp)},
    )
    assert _copies(empty_temp) == []
