"""A copy of a store is of one moment, whole, alone, and leaves the store as it was."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from inspector.errors import CancelledError, StoreError, StoreErrorKind, UnwritableError, UsageError
from inspector.session.session import Session
from inspector.session.store_copy import save_copy, write_copy
from inspector.session.version_outline import versions_of
from inspector.store import sqlite_writer
from inspector.store.store import Store
from tests.builders import layouts
from tests.builders.layouts import Arc, Rec
from tests.builders.writer import Writer

IDS = [f"agt-{number:04}" for number in range(600)]
posix = pytest.mark.skipif(os.name != "posix", reason="rights and kill -9 are of POSIX")


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_writer, "_STEP", 16)


def _half(path: Path) -> Path:
    records = [Rec("agent", one, b"\x0a\x02old" * 200) for one in IDS[:300]]
    return layouts.v2(path, records, [Arc("agent", IDS[0])])


def _rows(ids: list[str]) -> str:
    rows = ", ".join(f"('agent', '{one}', x'0a0178', '2026-01-25 20:38:38')" for one in ids)
    return f"INSERT INTO resources VALUES {rows}"


def _ids(path: Path) -> list[str]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [id_ for (id_,) in connection.execute("SELECT id FROM resources ORDER BY id")]


def _picture(folder: Path) -> str:
    """What lies in a folder, by another process: to read a file here would drop SQLite's locks."""
    script = (
        "import hashlib, pathlib, sys\n"
        "for one in sorted(pathlib.Path(sys.argv[1]).iterdir()):\n"
        "    print(one.name, one.stat().st_mtime_ns, hashlib.sha256(one.read_bytes()).hexdigest())"
    )
    command = [sys.executable, "-c", script, os.fspath(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("killed", [False, True])
def test_it_has_what_is_in_the_wal_and_nothing_changes(killed: bool, tmp_path: Path) -> None:
    place = tmp_path / "store"
    place.mkdir()
    path = _half(place / "stigmer.db")
    with Writer(path) as writer:
        writer.sql("PRAGMA wal_autocheckpoint=0", _rows(IDS[300:]))
        if killed:
            writer.kill()
        before = _picture(place)
        out = tmp_path / "out" / "copy.sqlite"
        out.parent.mkdir()
        told: list[tuple[int, int]] = []
        with closing(Session.open(path)) as session:
            save_copy(session, out, progress=lambda *pages: told.append(pages))
            pieces: list[bytes] = []
            write_copy(session, pieces.append)
        assert _picture(place) == before
    assert [one.name for one in out.parent.iterdir()] == ["copy.sqlite"]
    assert b"".join(pieces) == out.read_bytes()
    assert told[-1][0] == told[-1][1] == out.stat().st_size // 4096
    assert _ids(out) == IDS
    with closing(Session.open(out)) as session:
        assert session.store.signature()[1:] == (None, None, None)
        assert [row.id for row in session.rows("agent")] == IDS
        assert len(versions_of(session, "agent", IDS[0])) == 1


@posix
def test_it_is_read_where_nothing_can_be_written(tmp_path: Path) -> None:
    """A file that says it has a WAL could not be opened there."""
    out = tmp_path / "out" / "copy.sqlite"
    out.parent.mkdir()
    with (
        Writer(_half(tmp_path / "stigmer.db")),
        closing(Session.open(tmp_path / "stigmer.db")) as s,
    ):
        save_copy(s, out)
    assert out.read_bytes()[18:20] == b"\x01\x01"
    assert _ids(out) == IDS[:300]
    assert [one.name for one in out.parent.iterdir()] == ["copy.sqlite"]


def test_it_is_of_one_moment_while_the_daemon_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_writer, "_STEP", 4)
    path = _half(tmp_path / "stigmer.db")
    out = tmp_path / "copy.sqlite"
    added = iter(IDS[300:])
    with Writer(path) as writer, closing(Session.open(path)) as session:

        def write(done: int, of: int) -> None:
            writer.sql(
                _rows([next(added)]),
                f"DELETE FROM resources WHERE id = '{IDS[done % 300]}'",
                "PRAGMA wal_checkpoint(PASSIVE)",
            )

        save_copy(session, out, progress=write)
        assert next(added) > IDS[310], "the writer wrote all the while"
    assert _ids(out) == IDS[:300]


def test_cancelling_keeps_what_was_there(tmp_path: Path) -> None:
    path = _half(tmp_path / "stigmer.db")
    out = tmp_path / "out" / "copy.sqlite"
    out.parent.mkdir()
    out.write_text("old")
    stop = threading.Event()
    with closing(Session.open(path)) as session:
        stop.set()
        with pytest.raises(CancelledError):
            save_copy(session, out, stop)
        stop.clear()
        with pytest.raises(CancelledError):
            save_copy(session, out, stop, lambda _done, _all: stop.set())
        assert [one.read_text() for one in out.parent.iterdir()] == ["old"]
        with pytest.raises(KeyboardInterrupt):
            save_copy(session, out, None, _interrupt)
        with pytest.raises(KeyboardInterrupt):
            write_copy(session, _fail, None, _interrupt)
        assert [one.read_text() for one in out.parent.iterdir()] == ["old"]
        save_copy(session, out)
    assert _ids(out) == IDS[:300]


def _interrupt(_done: int, _all: int) -> None:
    raise KeyboardInterrupt


def _fail(_data: bytes) -> None:
    pytest.fail("something was written")


@posix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
def test_no_more_people_can_read_it(mode: int, tmp_path: Path) -> None:
    path = _half(tmp_path / "stigmer.db")
    path.chmod(mode)
    mask = os.umask(0o022)
    try:
        with closing(Session.open(path)) as session:
            save_copy(session, tmp_path / "copy.sqlite")
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "copy.sqlite").stat().st_mode) == mode


@posix
def test_a_name_that_is_no_utf_8(tmp_path: Path) -> None:
    out = tmp_path / os.fsdecode(b"copy-\xff.sqlite")
    with closing(Session.open(_half(tmp_path / "stigmer.db"))) as session:
        save_copy(session, out)
        pieces: list[bytes] = []
        write_copy(session, pieces.append)
    assert hashlib.sha256(out.read_bytes()).digest() == hashlib.sha256(b"".join(pieces)).digest()


def test_it_never_takes_the_place_of_a_database(tmp_path: Path) -> None:
    path = _half(tmp_path / "stigmer.db")
    other = _half(tmp_path / "other.db")
    beside = tmp_path / "plain"
    beside.write_text("x")
    (tmp_path / "plain-wal").write_text("y")
    before = _picture(tmp_path)
    with closing(Session.open(path)) as session:
        for out in (path, Path(f"{path}-wal"), other, Path(f"{other}-journal"), beside, tmp_path):
            with pytest.raises(UsageError):
                save_copy(session, out)
    assert _picture(tmp_path) == before


@pytest.mark.parametrize("error", ["FullError", "CantOpenError"])
def test_a_disk_without_room_is_said(
    error: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import apsw

    def full(_path: str, **_options: object) -> apsw.Connection:
        raise getattr(apsw, error)("no")

    path = _half(tmp_path / "stigmer.db")
    out = tmp_path / "out"
    out.mkdir()
    with closing(Session.open(path)) as session:
        session.kinds()
        connect = apsw.Connection

        def opened(name: str, **options: object) -> apsw.Connection:
            make: Callable[..., apsw.Connection] = full if os.fspath(out) in name else connect
            return make(name, **options)

        monkeypatch.setattr(apsw, "Connection", opened)
        with pytest.raises(UnwritableError, match="cannot be written: "):
            save_copy(session, out / "copy.sqlite")
    assert list(out.iterdir()) == []


def test_a_damaged_file_is_copied_as_it_is(tmp_path: Path) -> None:
    path = _half(tmp_path / "stigmer.db")
    content = bytearray(path.read_bytes())
    content[3 * 4096 : 4 * 4096] = b"\xff" * 4096
    path.write_bytes(content)
    with closing(Session.open(path)) as session:
        save_copy(session, tmp_path / "copy.sqlite")
    # SQLite counts the copy as a change in the header.
    assert (tmp_path / "copy.sqlite").read_bytes()[100:] == bytes(content[100:])


def test_what_is_no_database_is_said(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    path.write_bytes(b"no database at all" * 100)
    (tmp_path / "out").touch()
    with pytest.raises(StoreError) as caught:
        Store(path).copy_to(tmp_path / "out")
    assert caught.value.kind is StoreErrorKind.NOT_A_DATABASE
