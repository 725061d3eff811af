"""Private copies: one per state of the files, removed, limited, never confused with others'."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import apsw
import pytest

from inspector.errors import CancelledError, StoreError, StoreErrorKind
from inspector.exit_codes import Exit
from inspector.signals import stop_on_signals
from inspector.store import private_copies, temporary_places, vfs
from inspector.store.deadline import Deadline
from inspector.store.files import Moved, look
from inspector.store.store import Store
from tests.builders import layouts
from tests.builders.layouts import Rec
from tests.builders.writer import Writer
from tests.cancels import SetAfter
from tests.conftest import ROOT

fcntl = pytest.importorskip("fcntl")
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


def test_a_copy_that_is_cancelled_leaves_nothing(
    path: Path, empty_temp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private_copies, "_PIECE", 4096)
    store, asked = Store(path), 0
    pieces = sum(Path(f"{path}{side}").stat().st_size // 4096 for side in ("", "-wal"))
    while not _copies(empty_temp):
        # Later every time, until the store is copied as a whole.
        with suppress(CancelledError):
            store.kinds(SetAfter(asked))
        asked += 1
    assert asked > pieces > 5
    assert [row.id for row in store.rows("agent").rows] == ["a", "b"]
    store.close()
    assert _copies(empty_temp) == []


def test_too_large_a_store_is_not_copied(
    path: Path, empty_temp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private_copies, "COPY_LIMIT", 1000)
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

    monkeypatch.setattr(private_copies, "_copy_file", full)
    with pytest.raises(StoreError) as caught:
        Store(path).kinds()
    assert "could not be copied" in caught.value.message
    assert caught.value.kind is StoreErrorKind.NO_ROOM
    assert _copies(empty_temp) == []


@pytest.mark.parametrize(
    ("call", "journal"), [("xWrite", "WAL"), ("xWrite", "DELETE"), ("xSync", "DELETE")]
)
def test_no_room_for_the_replay_is_said(
    call: str, journal: str, tmp_path: Path, empty_temp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copy fits, and what SQLite writes while it finishes the journal does not."""
    path = _left(tmp_path / "left.db", journal)

    def full(*_: object) -> None:
        raise apsw.FullError("database or disk is full")

    monkeypatch.setattr(vfs._CopyFile, call, full)
    with pytest.raises(StoreError) as caught:
        Store(path).kinds()
    assert caught.value.kind is StoreErrorKind.NO_ROOM
    assert "there is no room left on the disk of the temporary directory" in str(caught.value)
    assert caught.value.exit_code is Exit.UNREADABLE
    assert _copies(empty_temp) == []


def _left(path: Path, journal: str) -> Path:
    """A store whose writer died, with its journal and no shared memory."""
    layouts.v2(path, [Rec("agent", f"{n:03}", bytes(3000)) for n in range(40)])
    with Writer(path, journal) as writer:
        writer.sql("PRAGMA cache_size=2", "BEGIN", "UPDATE resources SET data = randomblob(9000)")
        if journal == "WAL":
            writer.sql("COMMIT")
        writer.kill()
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    return path


def test_a_temporary_directory_that_cannot_be_written_is_said(
    path: Path, empty_temp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "mkdtemp", closed)
    with pytest.raises(StoreError) as caught:
        Store(path).kinds()
    assert caught.value.kind is StoreErrorKind.NO_ROOM
    assert caught.value.message.endswith("could not be copied to be read: permission denied.")
    assert "TMPDIR" in caught.value.hint


def test_the_next_place_is_taken_where_one_cannot_be_written(
    path: Path, tmp_path: Path, empty_temp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, asked = tempfile.mkdtemp, []

    def first_is_closed(*, prefix: str, dir: Path) -> str:
        asked.append(dir)
        if len(asked) == 1:
            raise PermissionError(13, "Permission denied")
        return real(prefix=prefix, dir=dir)

    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.setenv("TMPDIR", str(other))
    monkeypatch.setattr(tempfile, "mkdtemp", first_is_closed)
    store = Store(path)
    assert [row.id for row in store.rows("agent").rows] == ["a", "b"]
    assert asked == [empty_temp, other]
    assert len(_copies(other)) == 1
    store.close()
    assert _copies(other) == []


@pytest.mark.parametrize("named", ["", ".", "none/such", None])
def test_no_copy_is_made_beside_the_store_or_in_the_current_folder(
    named: str | None, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python's own search for a temporary directory ends in the current folder."""
    monkeypatch.chdir(path.parent)
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(temporary_places, "_USUAL", (str(path.parent), "/no/such/place"))
    for variable in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(variable, str(path.parent) if named is None else named)
    before = sorted(path.parent.iterdir())
    with pytest.raises(StoreError) as caught:
        Store(path).kinds()
    assert caught.value.kind is StoreErrorKind.NO_ROOM
    assert "there is no temporary directory that can be written" in caught.value.message
    assert sorted(path.parent.iterdir()) == before
    assert tempfile.tempdir is None


def test_only_the_owner_may_read_what_is_in_a_copy(path: Path, empty_temp: Path) -> None:
    before = os.umask(0)
    try:
        store = Store(path)
        store.kinds()
    finally:
        os.umask(before)
    (one,) = empty_temp.iterdir()
    modes = {file.name: file.stat().st_mode & 0o777 for file in one.iterdir()}
    assert modes == {"copy.db": 0o600, "in-use": 0o600}
    store.close()


def test_other_starts_leave_a_copy_alone_at_every_moment_of_its_making(
    path: Path, empty_temp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What several processes do that start at once: each sweeps while others begin."""
    seen: list[str] = []

    def then_look(owner: object, name: str) -> None:
        real = getattr(owner, name)

        def answer(*args: object, **named: object) -> object:
            result = real(*args, **named)
            private_copies.sweep()
            for one in empty_temp.glob("stigmer-inspector-copy-*"):
                assert (one / "in-use").exists()
                assert private_copies._is_held(one / "in-use")
            seen.append(name)
            return result

        monkeypatch.setattr(owner, name, answer)

    then_look(tempfile, "mkdtemp")
    then_look(private_copies, "_create")
    then_look(private_copies, "_new_directory")
    then_look(private_copies, "_copy_file")
    store = Store(path)
    assert [row.id for row in store.rows("agent").rows] == ["a", "b"]
    assert seen[:3] == ["mkdtemp", "_create", "_new_directory"]
    assert seen.count("_copy_file") == 2
    store.close()


def test_a_directory_without_a_marker_is_somebody_elses(empty_temp: Path) -> None:
    strange = empty_temp / "stigmer-inspector-copy-strange"
    strange.mkdir()
    (strange / "copy.db").touch()
    private_copies.sweep()
    assert (strange / "copy.db").exists()
    shutil.rmtree(strange)


def test_a_copy_counts_only_if_the_files_held_still(
    path: Path, empty_temp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = private_copies._copy_file

    def written_meanwhile(source: str, target: Path, deadline: Deadline) -> None:
        real(source, target, deadline)
        os.utime(f"{path}-wal", ns=(0, 5))

    monkeypatch.setattr(private_copies, "_copy_file", written_meanwhile)
    cache = private_copies.CopyCache(str(path))
    with pytest.raises(Moved):
        cache.path_for(look(str(path)), Deadline(None, 60))
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
        private_copies.sweep()
        assert _copies(empty_temp) == ["somebody-elses", left]
        child.communicate(b"\n")
    private_copies.sweep()
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


@pytest.fixture
def stopped_by_signals() -> Iterator[None]:
    """Signals as the program handles them."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    # Under nohup one of them is off, and what starts the tests may have others off.
    for number in numbers:
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    stop_on_signals()
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


_MOMENTS = {
    "directory made": (tempfile, "mkdtemp"),
    "marker made": (private_copies, "_create"),
    "marker locked": (fcntl, "flock"),
    "directory named": (Path, "rename"),
    "directory handed on": (private_copies, "made_in_one"),
    "removal registered": (weakref, "finalize"),
    "file copied": (private_copies, "_copy_file"),
    "journal replayed": (private_copies, "_replay"),
}


def _signal_at(moment: str, number: signal.Signals, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Sends a signal when a moment comes for the first time; the list tells that it came."""
    owner, name = _MOMENTS[moment]
    real = getattr(owner, name)
    sent: list[int] = []

    def then_a_signal(*args: object, **named: object) -> object:
        result = real(*args, **named)
        if not sent:
            sent.append(number)
            signal.raise_signal(number)
        return result

    monkeypatch.setattr(owner, name, then_a_signal)
    return sent


@pytest.mark.parametrize("moment", ["directory made", "marker made", "directory handed on"])
@pytest.mark.usefixtures("stopped_by_signals")
def test_a_signal_while_a_private_file_is_made_leaves_none(
    moment: str, path: Path, empty_temp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = _signal_at(moment, signal.SIGTERM, monkeypatch)
    with pytest.raises(KeyboardInterrupt), private_copies.private_file(str(path)):
        pass
    assert sent
    assert list(empty_temp.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
@pytest.mark.parametrize("moment", _MOMENTS)
@pytest.mark.usefixtures("stopped_by_signals")
def test_a_signal_at_any_moment_leaves_no_copy(
    moment: str,
    number: signal.Signals,
    path: Path,
    empty_temp: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent = _signal_at(moment, number, monkeypatch)
    store = Store(path)
    with pytest.raises(KeyboardInterrupt) as caught:
        store.kinds()
    assert getattr(caught.value, "code", 130) == 128 + number
    assert sent == [number]
    assert _copies(empty_temp) == []
    # The next question is answered, and the next signal ends it.
    assert [row.id for row in store.rows("agent").rows] == ["a", "b"]
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(number)
    store.close()
    assert _copies(empty_temp) == []


@pytest.mark.usefixtures("stopped_by_signals")
def test_a_signal_while_a_copy_is_removed_waits_until_it_is(
    path: Path, empty_temp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = shutil.rmtree

    def with_a_signal(*args: Any, **named: Any) -> None:
        signal.raise_signal(signal.SIGTERM)
        real(*args, **named)

    store = Store(path)
    store.kinds()
    monkeypatch.setattr(shutil, "rmtree", with_a_signal)
    with pytest.raises(KeyboardInterrupt):
        store.close()
    assert _copies(empty_temp) == []


STAY_OPEN = """
import signal, sys, time
from inspector.signals import stop_on_signals
from inspector.store.store import Store
signal.signal(signal.SIGINT, signal.default_int_handler)
stop_on_signals()
store = Store(sys.argv[1])
try:
    store.kinds()
    # Not signal.pause: it waits on where a signal came just before it began to.
    while True:
        time.sleep(0.05)
except KeyboardInterrupt as stopped:
    sys.exit(getattr(stopped, "code", 130))
"""


def _window(path: Path) -> list[str]:
    return ["-m", "inspector", os.fspath(path)]


def _script(path: Path) -> list[str]:
    return ["-c", STAY_OPEN, os.fspath(path)]


@pytest.mark.parametrize("start", [_script, _window], ids=["script", "window"])
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
)
def test_no_signal_leaves_a_copy(
    start: Callable[[Path], list[str]],
    number: signal.Signals,
    code: int,
    path: Path,
    tmp_path: Path,
    empty_temp: Path,
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    said = tmp_path / "stderr"
    with (
        said.open("wb") as stderr,
        subprocess.Popen(
            [sys.executable, *start(path)],
            cwd=ROOT,
            env={
                **os.environ,
                "TMPDIR": str(empty_temp),
                "HOME": str(home),
                "XDG_CONFIG_HOME": str(home),
                "QT_QPA_PLATFORM": "offscreen",
            },
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            # A background job ignores Ctrl-C, one of nohup SIGHUP, and so would what it starts.
            preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),  # noqa: PLW1509
        ) as child,
    ):
        try:
            while not _copies(empty_temp):
                assert child.poll() is None
            child.send_signal(number)
            assert child.wait(60) == code
        except subprocess.TimeoutExpired:
            child.kill()  # what it said is told; waiting for it would be for ever
            pytest.fail(f"goes on after {number.name}: {said.read_text(errors='replace')}")
    assert _copies(empty_temp) == []
