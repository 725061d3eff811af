"""Nothing is changed, and every row is seen: 7 states of the files by 6 identities.

By the store, by every command, and by the window.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from inspector.cli.names import COMMANDS
from tests.builders import layouts
from tests.builders.layouts import Arc, Rec
from tests.builders.writer import Writer
from tests.conftest import ROOT

OWNER, OTHER = 64_001, 64_002
#: The system's own, since other users cannot reach into the folders of pytest.
OPEN_TO_ALL = tempfile.gettempdir()
IDS = [f"agt-{number:03}" for number in range(40)]

FOLDER_MODES = {"writable": 0o755, "shared": 0o777, "locked": 0o555, "mixed": 0o755}
FILE_MODES = {"writable": 0o644, "shared": 0o644, "locked": 0o444, "mixed": 0o644}


class Identity(NamedTuple):
    """Who reads: a user, and how the folder's owner has set it."""

    user: int
    folder: str


IDENTITIES = {
    "owner": Identity(OWNER, "writable"),
    "owner of locked files": Identity(OWNER, "locked"),
    "other user, shared folder": Identity(OTHER, "shared"),
    "other user, locked folder": Identity(OTHER, "locked"),
    "root": Identity(0, "writable"),
    "root, files of several owners": Identity(0, "mixed"),
}


def _records(ids: list[str]) -> str:
    rows = ", ".join(f"('agent', '{one}', x'0a0178', '2026-01-25 20:38:38')" for one in ids)
    return f"INSERT OR REPLACE INTO resources VALUES {rows}"


def _half(path: Path) -> Path:
    return layouts.v2(path, [Rec("agent", one) for one in IDS[:20]], [Arc("agent", IDS[0])] * 3)


def _live(path: Path, stack: ExitStack) -> Writer:
    """A writer with its rows in the WAL."""
    writer = stack.enter_context(Writer(_half(path)))
    writer.sql("PRAGMA wal_autocheckpoint=0", _records(IDS[20:]))
    return writer


def _clean(path: Path, stack: ExitStack) -> None:
    _live(path, stack).stop()


def _killed(path: Path, stack: ExitStack) -> None:
    _live(path, stack).kill()


def _wal_alone(path: Path, stack: ExitStack) -> None:
    _killed(path, stack)
    path.with_name(path.name + "-shm").unlink()


def _shm_alone(path: Path, stack: ExitStack) -> None:
    _live(path, stack).stop()
    path.with_name(path.name + "-shm").write_bytes(bytes(32768))


def _empty_wal(path: Path, stack: ExitStack) -> None:
    _live(path, stack).stop()
    path.with_name(path.name + "-wal").touch()


def _rollback(path: Path, stack: ExitStack) -> None:
    """A writer that died while it was changing the file, with the old pages in its journal."""
    _live(path, stack).stop()
    writer = stack.enter_context(Writer(path, "DELETE"))
    writer.sql("PRAGMA cache_size=2", "BEGIN", "UPDATE resources SET data = randomblob(9000)")
    writer.kill()


STATES: dict[str, tuple[Callable[[Path, ExitStack], Writer | None], str]] = {
    "live": (_live, "live"),
    "clean": (_clean, "clean"),
    "killed": (_killed, "left"),
    "wal alone": (_wal_alone, "left"),
    "shm alone": (_shm_alone, "clean"),
    "empty wal": (_empty_wal, "clean"),
    "rollback journal": (_rollback, "rollback"),
}


#: What each command that reads a store ends with here; what is sought stands in no record.
CODES = dict.fromkeys(COMMANDS, 0) | {"search": 1}
del CODES["decode"]


class Child:
    """A reader process under one identity."""

    def __init__(self, user: int, temp: Path, home: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.store.reader_child", str(user)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={
                **os.environ,
                "TMPDIR": str(temp),
                "HOME": str(home),
                "XDG_CONFIG_HOME": str(home),
                "QT_QPA_PLATFORM": "offscreen",
            },
        )
        self.temp = temp

    def say(self, text: str) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        print(text, file=self._process.stdin, flush=True)
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def hush(self) -> None:
        assert self._process.stdin
        print(file=self._process.stdin, flush=True)

    def close(self) -> None:
        with self._process:
            assert self._process.stdin
            self._process.stdin.close()


@pytest.fixture(scope="module")
def children() -> Iterator[Callable[[int], Child]]:
    """Reader processes, one for each user."""
    open_to_all = Path(tempfile.mkdtemp(dir=OPEN_TO_ALL))
    open_to_all.chmod(0o755)
    running: dict[int, Child] = {}

    def child(user: int) -> Child:
        if user not in running:
            temp, home = (open_to_all / f"{name}-{user}" for name in ("temp", "home"))
            for place in (temp, home):
                place.mkdir()
                os.chown(place, user, user)
            running[user] = Child(user, temp, home)
        return running[user]

    yield child
    for one in running.values():
        one.close()
    shutil.rmtree(open_to_all)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that other users can reach, which pytest's own are not."""
    place = Path(tempfile.mkdtemp(dir=OPEN_TO_ALL))
    place.chmod(0o755)
    inner = place / "store"
    inner.mkdir()
    yield inner
    inner.chmod(0o755)
    shutil.rmtree(place)


def _picture(folder: Path) -> dict[str, tuple[str | int, ...]]:
    """A folder and every file in it: hash, size, modification time, owner, mode.

    Taken in another process than the one that reads.
    """
    found: dict[str, tuple[str | int, ...]] = {}
    for path in (folder, *sorted(folder.iterdir())):
        facts = path.stat()
        content = hashlib.sha256(path.read_bytes()).hexdigest() if path != folder else ""
        found[path.name] = (
            *(content, facts.st_size, facts.st_mtime_ns),
            *(facts.st_uid, facts.st_gid, facts.st_mode),
        )
    return found


def _hand_over(folder: Path, owner: int, how: str) -> None:
    for number, path in enumerate(sorted(folder.iterdir())):
        its = owner + 10 * number if how == "mixed" else owner
        os.chown(path, its, its)
        path.chmod(FILE_MODES[how])
    os.chown(folder, owner, owner)
    folder.chmod(FOLDER_MODES[how])


@pytest.mark.skipif(sys.platform == "win32", reason="identities and kill -9 are of POSIX")
@pytest.mark.parametrize("identity", IDENTITIES)
@pytest.mark.parametrize("state", STATES)
def test_reading_changes_nothing_and_misses_nothing(
    state: str, identity: str, folder: Path, children: Callable[[int], Child]
) -> None:
    user, mode = IDENTITIES[identity]
    if os.getuid() != 0:
        if user != OWNER:
            pytest.skip("other identities need root")
        user = os.getuid()
    prepare, journal = STATES[state]
    with ExitStack() as stack:
        writer = prepare(folder / "stigmer.db", stack)
        _hand_over(folder, OWNER if os.getuid() == 0 else user, mode)
        child = children(user)
        before = _picture(folder)

        assert child.say(json.dumps(str(folder / "stigmer.db"))) == {"at": "inside"}
        assert _picture(folder) == before
        found = child.say("")
        assert _picture(folder) == before
        closed = child.say("")
        assert _picture(folder) == before
        codes = child.say("")
        assert _picture(folder) == before
        window = child.say("")
        assert _picture(folder) == before
        child.hush()

        assert found == {
            "at": "idle",
            "inside": len(IDS),
            "rows": IDS,
            "raw": IDS,
            "versions": 3,
            "journal": journal,
            "daemon": writer.pid if writer else None,
        }
        assert closed == {"at": "closed"}
        # One commit lies in the log where there is one, and nothing of it was checkpointed.
        as_of = IDS if state in {"live", "killed", "wal alone"} else 4
        assert codes == {"at": "commands", "codes": CODES, "as_of": as_of}
        assert window == {"at": "window", "rows": len(IDS)}
        assert list(child.temp.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="modes are of POSIX")
@pytest.mark.parametrize("length", [0, 32768])
def test_an_empty_log_keeps_its_mode(
    length: int, folder: Path, children: Callable[[int], Child]
) -> None:
    """SQLite gives the mode of the database to an empty file beside it, which it only reads."""
    path = folder / "stigmer.db"
    with ExitStack() as stack:
        _empty_wal(path, stack)
    path.with_name(path.name + "-shm").write_bytes(bytes(length))
    user = OWNER if os.getuid() == 0 else os.getuid()
    _hand_over(folder, user, "writable")
    path.chmod(0o600)
    before = _picture(folder)
    child = children(user)
    assert child.say(json.dumps(str(path))) == {"at": "inside"}
    while child.say("")["at"] != "window":
        assert _picture(folder) == before
    assert _picture(folder) == before
    child.hush()


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are of POSIX")
@pytest.mark.parametrize("suffix", ["", "-wal"])
def test_what_may_not_be_read_is_said(
    suffix: str, folder: Path, children: Callable[[int], Child]
) -> None:
    if os.getuid() != 0:
        pytest.skip("another identity needs root")
    with ExitStack() as stack:
        _live(folder / "stigmer.db", stack)
        (folder / f"stigmer.db{suffix}").chmod(0o600)
        child = children(OTHER)
        answer = child.say(json.dumps(str(folder / "stigmer.db")))
        child.hush()
    assert answer["at"] == "failed"
    assert answer["error"].startswith("No permission to read")


def test_a_daemon_stops_cleanly_beside_an_open_store(folder: Path) -> None:
    """An idle reader holds nothing that would keep the daemon from clearing up."""
    from inspector.store.store import Store

    with ExitStack() as stack:
        writer = _live(folder / "stigmer.db", stack)
        store = Store(folder / "stigmer.db")
        assert len(store.rows("agent").rows) == len(IDS)
        writer.stop()
        assert [path.name for path in folder.iterdir()] == ["stigmer.db"]
        assert len(store.rows("agent").rows) == len(IDS)
        store.close()
